package matching

import (
	"context"
	"slices"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Limits of groups.
const (
	membersMax = 500
	titleMax   = 200 // characters
	reasonMax  = 1000
	reasonMin  = 5
)

// Group is several petitions about one matter. Each stays a petition of its
// own, with its receipt, its clock and its voter; one answer may close all.
//
// vi: nhóm kiến nghị cùng nội dung
type Group struct {
	ID        string  `db:"id"`
	CouncilID string  `db:"council_id"`
	LeadID    string  `db:"lead_id"` // the petition that stands for the others
	Title     string  `db:"title"`   // as somebody typed it; empty: that of the lead petition, which may be sealed one day and is therefore not copied
	ByPerson  string  `db:"by_person"`
	ByName    string  `db:"by_name"`
	At        db.Time `db:"at"`
}

// Member is a petition's place in a group. Who took it out, when and why stays
// written.
//
// vi: kiến nghị trong nhóm
type Member struct {
	GroupID    string  `db:"group_id"`
	PetitionID string  `db:"petition_id"`
	AddedBy    string  `db:"added_by"`
	AddedName  string  `db:"added_name"`
	AddedAt    db.Time `db:"added_at"`
	RemovedBy  string  `db:"removed_by"`
	RemovedAt  db.Time `db:"removed_at"` // none while it is in the group
	Reason     string  `db:"reason"`
}

// Grouping is what a clerk asks for: the lead petition and those that say the same.
//
// vi: -
type Grouping struct {
	LeadID string
	Others []string
	Title  string // of the group; the lead petition's when empty
}

// MayGroup is the right to group and ungroup petitions.
var MayGroup = groupRight()

// Group puts petitions into the lead petition's group, or makes the group. It
// changes nothing of the petitions themselves.
func (d *Desk) Group(ctx context.Context, who org.Actor, in Grouping) (id string, err error) {
	in.Title = text.Line(in.Title)
	ids := distinct(append([]string{in.LeadID}, in.Others...))
	switch {
	case in.LeadID == "" || len(ids) < 2:
		return "", fault.New(fault.Invalid, "matching.none_chosen").At("id")
	case len(ids) > membersMax:
		return "", fault.New(fault.TooLarge, "matching.too_many", "max", membersMax).At("id")
	case utf8.RuneCountInString(in.Title) > titleMax:
		return "", fault.New(fault.Invalid, "matching.title_long", "max", titleMax).At("title")
	}
	now := d.Clock.Now()
	fresh := db.NewID(now)
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		all, err := d.reachable(ctx, tx, who, ids)
		if err != nil {
			return err
		}
		lead := all[slices.IndexFunc(all, func(c cases.Case) bool { return c.ID == in.LeadID })]
		memberships, err := membershipsOf(ctx, tx, ids)
		if err != nil {
			return err
		}
		g := Group{ID: fresh, CouncilID: lead.CouncilID, LeadID: lead.ID, Title: in.Title, ByPerson: who.PersonID, ByName: who.Name, At: db.At(now)}
		joining, joined, err := toAdd(ids, in.LeadID, memberships, all)
		if err != nil {
			return err
		}
		if id = joined; id == "" {
			id = g.ID
			err = insertGroup(ctx, tx, g)
		} else {
			err = d.roomIn(ctx, tx, id, len(joining))
		}
		if err != nil {
			return err
		}
		if err := insertMembers(ctx, tx, Member{GroupID: id, AddedBy: who.PersonID, AddedName: who.Name, AddedAt: db.At(now)}, joining); err != nil {
			if db.Unique(err) {
				return fault.New(fault.Conflict, "matching.grouped_meanwhile").Because(err)
			}
			return err
		}
		_, err = d.Audit.Append(ctx, tx, audit.Entry{CouncilID: g.CouncilID, Subject: lead.ID, Ref: lead.Code, Verb: "petitions.group", At: now, Who: who,
			Details: map[string]any{"group": id, "members": joining}})
		return err
	})
	return id, err
}

// roomIn refuses a group that would become too large to close with one answer.
func (d *Desk) roomIn(ctx context.Context, tx *db.Tx, groupID string, more int) error {
	have, err := currentMembers(ctx, tx, groupID)
	if err == nil && len(have)+more > membersMax {
		err = fault.New(fault.TooLarge, "matching.too_many", "max", membersMax).At("id")
	}
	return err
}

// toAdd tells which petitions are not in the lead's group yet. One that is in
// another group is refused: it would get two answers.
func toAdd(ids []string, leadID string, memberships []Member, all []cases.Case) (joining []string, joined string, err error) {
	in := map[string]string{}
	for _, m := range memberships {
		in[m.PetitionID] = m.GroupID
	}
	joined = in[leadID]
	for _, id := range ids {
		switch group := in[id]; {
		case group == "":
			joining = append(joining, id)
		case group != joined:
			c := all[slices.IndexFunc(all, func(c cases.Case) bool { return c.ID == id })]
			return nil, "", fault.New(fault.Refused, "matching.in_other_group", "code", c.Code).At("id")
		}
	}
	if len(joining) == 0 {
		return nil, "", fault.New(fault.Invalid, "matching.already_grouped").At("id")
	}
	return joining, joined, nil
}

// reachable loads petitions for a person of the office that owns them. What
// they may not see is not there; a sealed one cannot be grouped at all.
func (d *Desk) reachable(ctx context.Context, tx *db.Tx, who org.Actor, ids []string) ([]cases.Case, error) {
	all, err := casesOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		i := slices.IndexFunc(all, func(c cases.Case) bool { return c.ID == id })
		if i < 0 || !owns(who, all[i]) {
			return nil, fault.New(fault.Missing, "cases.no_such_case")
		}
		if all[i].Sealed {
			return nil, fault.New(fault.Refused, "matching.sealed", "code", all[i].Code).At("id")
		}
	}
	return all, nil
}

// owns reports whether a person works in the office that the petition is with.
func owns(who org.Actor, c cases.Case) bool {
	return MayGroup.Allows(who) && c.CanSee(who) && slices.Contains(c.Stands(who), cases.Owner)
}

// Ungroup takes one petition out of its group, with a reason. A group of one
// ends; when the lead goes, the member that came first leads.
func (d *Desk) Ungroup(ctx context.Context, who org.Actor, groupID, petitionID, reason string) error {
	reason = text.Clean(reason)
	switch n := utf8.RuneCountInString(reason); {
	case n < reasonMin:
		return fault.New(fault.Invalid, "matching.reason_short", "min", reasonMin).At("reason")
	case n > reasonMax:
		return fault.New(fault.Invalid, "matching.reason_long", "max", reasonMax).At("reason")
	}
	now := d.Clock.Now()
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		g, err := d.groupFor(ctx, tx, who, groupID)
		if err != nil {
			return err
		}
		c, err := cases.Load(ctx, tx, petitionID)
		if err != nil {
			return err
		}
		members, err := currentMembers(ctx, tx, groupID)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(members, func(m Member) bool { return m.PetitionID == petitionID }) {
			return fault.New(fault.Conflict, "matching.not_in_group")
		}
		out, lead, err := leaving(ctx, tx, memberIDs(members), petitionID, g.LeadID)
		if err != nil {
			return err
		}
		if lead != g.LeadID {
			if err := setLead(ctx, tx, groupID, lead); err != nil {
				return err
			}
		}
		if err := removeMembers(ctx, tx, groupID, out, who.PersonID, db.At(now), reason); err != nil {
			return err
		}
		_, err = d.Audit.Append(ctx, tx, audit.Entry{CouncilID: g.CouncilID, Subject: c.ID, Ref: c.Code, Verb: "petitions.ungroup", At: now, Who: who, Sealed: c.Sealed,
			Details: map[string]any{"group": groupID, "members": out, "reason": reason}})
		return err
	})
}

// leaving tells who goes when one petition is taken out, and who leads then. A
// sealed member neither keeps a group together nor leads it.
func leaving(ctx context.Context, tx *db.Tx, members []string, petitionID, leadID string) (out []string, lead string, err error) {
	all, err := casesOf(ctx, tx, members)
	if err != nil {
		return nil, "", err
	}
	sealed := map[string]bool{}
	for _, c := range all {
		sealed[c.ID] = c.Sealed
	}
	rest := slices.DeleteFunc(slices.Clone(members), func(id string) bool { return id == petitionID || sealed[id] })
	switch {
	case len(rest) < 2:
		return append([]string{petitionID}, slices.DeleteFunc(members, func(id string) bool { return id == petitionID })...), leadID, nil
	case slices.Contains(rest, leadID):
		return []string{petitionID}, leadID, nil
	}
	return []string{petitionID}, rest[0], nil
}

// groupFor loads a group for a person of its council's office.
func (d *Desk) groupFor(ctx context.Context, tx *db.Tx, who org.Actor, id string) (Group, error) {
	g, err := groupOf(ctx, tx, id)
	if fault.Is(err, "db.no_row") || err == nil && (who.CouncilID != g.CouncilID || !MayGroup.Allows(who) || who.BodyKind != org.Office) {
		return Group{}, fault.New(fault.Missing, "matching.no_such_group")
	}
	return g, err
}

// Sheet is a group as its page shows it.
//
// vi: -
type Sheet struct {
	Group
	Members []MemberLine
	Past    []MemberLine // taken out, with the reason
	States  int          // in how many different states the members are
	Over    bool         // nobody is left in it
}

// MemberLine is a member with the case it is.
//
// vi: -
type MemberLine struct {
	Member
	Case cases.Case
	Lead bool
}

// GroupSheet loads a group with its members. Members that have been sealed since
// are left out.
func (d *Desk) GroupSheet(ctx context.Context, who org.Actor, id string) (s Sheet, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		s = Sheet{}
		if s.Group, err = d.groupFor(ctx, tx, who, id); err != nil {
			return err
		}
		members, err := everyMember(ctx, tx, id)
		if err != nil {
			return err
		}
		all, err := casesOf(ctx, tx, memberIDs(members))
		if err != nil {
			return err
		}
		states := map[cases.State]bool{}
		for _, m := range members {
			i := slices.IndexFunc(all, func(c cases.Case) bool { return c.ID == m.PetitionID })
			if i < 0 || all[i].Sealed || !all[i].CanSee(who) {
				continue
			}
			line := MemberLine{Member: m, Case: all[i]}
			if !m.RemovedAt.IsZero() {
				s.Past = append(s.Past, line)
				continue
			}
			states[all[i].State] = true
			s.Members = append(s.Members, line)
		}
		s.States, s.Over = len(states), len(s.Members) == 0
		s.led()
		return nil
	})
	return s, err
}

// led marks who leads among those that show, and takes their title for a group
// that nobody gave one.
func (s *Sheet) led() {
	if len(s.Members) == 0 {
		return
	}
	at := max(slices.IndexFunc(s.Members, func(m MemberLine) bool { return m.PetitionID == s.LeadID }), 0)
	s.Members[at].Lead = true
	if s.Title == "" {
		s.Title = s.Members[at].Case.Title
	}
}

func distinct(ids []string) []string {
	var all []string
	met := make(map[string]bool, len(ids))
	for _, id := range ids {
		if id != "" && !met[id] {
			met[id] = true
			all = append(all, id)
		}
	}
	return all
}

func memberIDs(all []Member) []string {
	ids := make([]string, len(all))
	for i, m := range all {
		ids[i] = m.PetitionID
	}
	return distinct(ids)
}

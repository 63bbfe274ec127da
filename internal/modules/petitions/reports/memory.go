package reports

import (
	"context"
	"slices"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Memory is what is remembered of a petition, as far as the asker may see it:
// what it repeats, what repeats it, and what was answered each time.
//
// vi: lịch sử kiến nghị qua các kỳ
type Memory struct {
	PetitionID string
	Chain      []Remembered // oldest first; of one petition when it stands alone
	Hidden     int          // how many more the chain has that the asker may not see
	Repeated   int          // how often it was said again: later petitions, and rounds begun anew
	Since      time.Time    // when it was said first
	Linked     bool         // it is linked to an earlier one
}

// Remembered is one petition of a chain.
//
// vi: lần kiến nghị
type Remembered struct {
	ID, Code, Title string // no title of what is not public
	OpenedAt        time.Time
	Rounds          int
	Here            bool // the petition that was asked about
	Open            bool // the asker may open its case; else everybody's page of it
	Answers         []Replied
}

// Replied is one answer of a chain.
//
// vi: lần trả lời
type Replied struct {
	Round    int
	At       time.Time
	Body     string
	Document string
	Outcome  Outcome
	Late     bool
	Promised clock.Date
}

// MemoryOf tells what is remembered of a petition. Who may see the petition
// itself is for the caller to ask. Of the others in its chain only those are
// told that this person may see or everybody may; their answers, only to who
// has a side in them. What is sealed is not even counted.
func (d *Desk) MemoryOf(ctx context.Context, tx *db.Tx, who org.Actor, petitionID string) (Memory, error) {
	m := Memory{PetitionID: petitionID}
	root, err := rootOf(ctx, tx, petitionID)
	if err != nil {
		return m, err
	}
	chain, err := chainFrom(ctx, tx, root)
	if err != nil {
		return m, err
	}
	var told []string
	for _, c := range chain {
		if c.tells(who) {
			told = append(told, c.ID)
		}
	}
	acts, err := actsOf(ctx, tx, told, d.Clock.Now())
	if err != nil {
		return m, err
	}
	replies, err := repliesOf(ctx, tx, told)
	if err != nil {
		return m, err
	}
	acted, replied := parted(acts, func(a *Act) string { return a.CaseID }), parted(replies, func(r *reply) string { return r.PetitionID })
	for _, c := range chain {
		if !c.shows(who) {
			m.Hidden++
			continue
		}
		one := Remembered{ID: c.ID, Code: c.Code, OpenedAt: c.OpenedAt.Time, Rounds: max(c.Round, 1), Here: c.ID == petitionID, Open: c.CanSee(who)}
		if c.Public {
			one.Title = c.Title
		}
		if one.Answers, err = remember(acted[c.ID], replied[c.ID]); err != nil {
			return m, err
		}
		if one.Here {
			m.Linked = c.EarlierID != ""
		}
		if len(m.Chain) == 0 {
			m.Since = one.OpenedAt
		}
		m.Repeated += one.Rounds
		m.Chain = append(m.Chain, one)
	}
	m.Repeated = max(m.Repeated-1, 0)
	return m, nil
}

// shows reports whether a person may know of a petition in a chain.
func (c chained) shows(who org.Actor) bool { return c.Public || c.CanSee(who) }

// tells reports whether they may read what was answered to it.
func (c chained) tells(who org.Actor) bool {
	return c.Public || c.CanSee(who) && len(c.Stands(who)) > 0
}

// remember folds one petition of a chain into its answers.
func remember(acts []Act, replies []reply) (all []Replied, err error) {
	var s Standing
	for i := range acts {
		a := &acts[i]
		if err := s.take(a, nil); err != nil {
			return nil, err
		}
		if a.Verb != "answer" {
			continue
		}
		one := Replied{Round: a.Round, At: a.At.Time, Body: a.BodyName, Document: a.Document, Outcome: s.Outcome, Late: a.Late}
		for _, p := range replies {
			if p.Round == a.Round && p.Promised.After(one.Promised) {
				one.Promised = p.Promised
			}
		}
		all = append(all, one)
	}
	return all, nil
}

// Link notes that a petition repeats an earlier one of the same council. It is
// refused when that would lead round in a circle.
func (d *Desk) Link(ctx context.Context, who org.Actor, id, earlierCode string) error {
	now := d.Clock.Now()
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		c, err := own(ctx, tx, who, id)
		if err != nil {
			return err
		}
		e, err := cases.ByCode(ctx, tx, strings.ToUpper(text.Line(earlierCode)))
		if err == nil && (e.CouncilID != c.CouncilID || e.Procedure != c.Procedure || e.Sealed || !e.CanSee(who)) {
			err = fault.New(fault.Missing, "cases.no_such_case")
		}
		if fault.Is(err, "cases.no_such_case") {
			return fault.New(fault.Invalid, "reports.no_such_earlier", "code", text.Line(earlierCode)).At("earlier")
		}
		if err != nil {
			return err
		}
		if err := d.mayLink(ctx, tx, c, e); err != nil {
			return err
		}
		if err := insertLink(ctx, tx, Link{PetitionID: c.ID, EarlierID: e.ID, ByID: who.PersonID, ByName: who.Name, At: db.At(now)}); err != nil {
			return err
		}
		_, err = d.Audit.Append(ctx, tx, audit.Entry{CouncilID: c.CouncilID, Subject: c.ID, Ref: c.Code, Verb: "petitions.link", At: now, Who: who, Details: map[string]any{"earlier": e.Code}})
		return err
	})
}

// mayLink guards that a link leads back in time and not in a circle.
func (d *Desk) mayLink(ctx context.Context, tx *db.Tx, c, e *cases.Case) error {
	if e.ID == c.ID {
		return fault.New(fault.Invalid, "reports.links_itself").At("earlier")
	}
	_, err := linkOf(ctx, tx, c.ID)
	if err == nil {
		return fault.New(fault.Refused, "reports.linked_already").At("earlier")
	}
	if !fault.Is(err, "db.no_row") {
		return err
	}
	round, err := leadsTo(ctx, tx, e.ID, c.ID)
	if err != nil {
		return err
	}
	if round {
		return fault.New(fault.Invalid, "reports.link_circle", "code", e.Code).At("earlier")
	}
	if e.OpenedAt.After(c.OpenedAt.Time) {
		return fault.New(fault.Invalid, "reports.link_later", "code", e.Code).At("earlier")
	}
	return nil
}

// Unlink takes a link back that was made by mistake.
func (d *Desk) Unlink(ctx context.Context, who org.Actor, id string) error {
	now := d.Clock.Now()
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		c, err := own(ctx, tx, who, id)
		if err != nil {
			return err
		}
		l, err := linkOf(ctx, tx, id)
		if fault.Is(err, "db.no_row") {
			return fault.New(fault.Conflict, "reports.not_linked")
		}
		if err != nil {
			return err
		}
		if err := removeLink(ctx, tx, id); err != nil {
			return err
		}
		_, err = d.Audit.Append(ctx, tx, audit.Entry{CouncilID: c.CouncilID, Subject: c.ID, Ref: c.Code, Verb: "petitions.unlink", At: now, Who: who, Details: map[string]any{"earlier_id": l.EarlierID}})
		return err
	})
}

// own loads a petition for somebody of the office that keeps it.
func own(ctx context.Context, tx *db.Tx, who org.Actor, id string) (*cases.Case, error) {
	c, err := seen(ctx, tx, who, id)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(c.Stands(who), cases.Owner) || c.Sealed {
		return nil, fault.New(fault.Forbidden, "cases.not_yours_to_do")
	}
	return c, nil
}

// seen loads a petition for who may see it.
func seen(ctx context.Context, tx *db.Tx, who org.Actor, id string) (*cases.Case, error) {
	c, err := cases.Load(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if !c.CanSee(who) || c.Procedure != "petition" {
		return nil, fault.New(fault.Missing, "cases.no_such_case")
	}
	return c, nil
}

// Remember is MemoryOf for a person, with the petition's code.
func (d *Desk) Remember(ctx context.Context, who org.Actor, id string) (m Memory, code string, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := seen(ctx, tx, who, id)
		if err != nil {
			return err
		}
		code = c.Code
		m, err = d.MemoryOf(ctx, tx, who, id)
		return err
	})
	return m, code, err
}

package sealed

import (
	"context"
	"regexp"
	"slices"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// bookForm keeps names out of the number of a stub.
var bookForm = regexp.MustCompile(`^\d{1,6}([/.-][0-9A-ZĐ]{1,8}){0,3}$`)

// Standing is a line of a council's list: who is named when a compartment is made.
//
// vi: danh sách thường trực được biết
type Standing struct {
	ID        string     `db:"id"`
	CouncilID string     `db:"council_id"`
	PersonID  string     `db:"person_id"`
	Name      string     `db:"name"`
	Keeper    bool       `db:"keeper"`
	Starts    clock.Date `db:"starts"`
	Until     clock.Date `db:"until"` // last day; the zero date has no end
}

// ChangeKind is what a change is about.
//
// vi: loại thay đổi
type ChangeKind string

// The kinds.
const (
	AddPerson ChangeKind = "add"
	EndPerson ChangeKind = "end"
	MovePlace ChangeKind = "place"
)

// ChangeState is how far a change has come.
//
// vi: trạng thái thay đổi
type ChangeState string

// The states.
const (
	Proposed  ChangeState = "proposed"
	Confirmed ChangeState = "confirmed"
	Declined  ChangeState = "declined"
)

// Change is a change of the list or of the place, which takes two people.
//
// vi: đề nghị thay đổi
type Change struct {
	ID         string            `db:"id"`
	CouncilID  string            `db:"council_id"`
	Kind       ChangeKind        `db:"kind"`
	EntryID    string            `db:"entry_id"` // the line that ends
	PersonID   string            `db:"person_id"`
	Name       string            `db:"name"`
	Keeper     bool              `db:"keeper"`
	Place      Place             `db:"place"`
	Starts     clock.Date        `db:"starts"`
	Until      clock.Date        `db:"until"`
	Reason     string            `db:"reason"`
	State      ChangeState       `db:"state"`
	ProposedBy string            `db:"proposed_by"`
	Proposer   string            `db:"proposer"`
	Side       string            `db:"side"`
	Chain      db.JSON[[]string] `db:"chain"` // all in whose power the proposer acted
	ProposedAt db.Time           `db:"proposed_at"`
	DecidedBy  string            `db:"decided_by"`
	Decider    string            `db:"decider"`
	DecidedAt  db.Time           `db:"decided_at"`
	Mark       string            `db:"mark"`
}

// The sides of which each change needs both.
const (
	leading  = "leading"
	guarding = "guarding"
)

// side is the side on which a person may speak for their council; empty: none.
func side(who org.Actor) string {
	switch {
	case !who.SignedIn() || who.System:
		return ""
	case who.Has(org.Standing) || who.Has(org.Chair):
		return leading
	case who.Has(org.Security):
		return guarding
	}
	return ""
}

// chain is everybody in whose power an actor acts, themself first.
func chain(who org.Actor) []string {
	all := []string{who.PersonID}
	for _, p := range who.Via {
		all = append(all, p.PersonID)
	}
	return all
}

// shared reports whether an actor shares a power with those in a chain.
func shared(who org.Actor, chained []string) bool {
	return slices.ContainsFunc(chain(who), func(p string) bool { return slices.Contains(chained, p) })
}

const (
	reasonLetters = 10
	reasonMax     = 500
)

func checkReason(reason string) *fault.Fault {
	if n := utf8.RuneCountInString(reason); n < reasonLetters || n > reasonMax {
		return fault.New(fault.Invalid, "sealed.bad_reason", "min", reasonLetters, "max", reasonMax).At("reason")
	}
	return nil
}

// check judges what was typed of a change.
func (c *Change) check(today clock.Date) error {
	var faults []*fault.Fault
	c.Reason = text.Line(c.Reason)
	if f := checkReason(c.Reason); f != nil {
		faults = append(faults, f)
	}
	switch {
	case c.Kind == EndPerson:
		c.Starts, c.Until = clock.Date{}, today.AddDays(-1)
	case c.Starts.IsZero():
		c.Starts = today
	}
	if c.Kind != EndPerson && c.Starts.Before(today) {
		faults = append(faults, fault.New(fault.Invalid, "sealed.starts_past").At("starts"))
	}
	switch {
	case c.Kind == MovePlace && !slices.Contains(Places(), c.Place):
		faults = append(faults, fault.New(fault.Invalid, "sealed.bad_place").At("place"))
	case c.Kind == AddPerson && c.Keeper && !c.Until.IsZero():
		faults = append(faults, fault.New(fault.Invalid, "vault.keeper_until").At("until"))
	case c.Kind == AddPerson && !c.Until.IsZero() && c.Until.Before(c.Starts):
		faults = append(faults, fault.New(fault.Invalid, "sealed.until_before").At("until"))
	}
	return fault.Join(faults...)
}

// Propose asks for a change of the list or of the place. Nothing changes until
// somebody of the other side confirms it.
func (d *Desk) Propose(ctx context.Context, who org.Actor, c Change) (id string, err error) {
	now := d.Clock.Now()
	if side(who) == "" {
		return "", missing()
	}
	if err := c.check(clock.DateOf(now)); err != nil {
		return "", err
	}
	fresh := db.NewID(now)
	c.CouncilID, c.State, c.ProposedBy, c.Proposer, c.Side = who.CouncilID, Proposed, who.PersonID, who.Name, side(who)
	c.Chain, c.ProposedAt = db.JSON[[]string]{V: chain(who)}, db.At(now)
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		if id, err = markedChange(ctx, tx, who.CouncilID, c.Mark); err != nil || id != "" {
			return err
		}
		c.ID, id = fresh, fresh
		if err := d.name(ctx, tx, &c, clock.DateOf(now)); err != nil {
			return err
		}
		if err := insertChange(ctx, tx, c); err != nil {
			return err
		}
		if err := d.tellSides(ctx, tx, who, "sealed.told_proposed", clock.DateOf(now)); err != nil {
			return err
		}
		return d.record(ctx, tx, who, c.CouncilID, "sealing/"+c.CouncilID, "sealed.propose", now, c.details())
	})
	return id, err
}

func (c Change) details() map[string]any {
	return map[string]any{"change": c.ID, "kind": c.Kind, "person": c.PersonID, "keeper": c.Keeper, "place": c.Place, "starts": c.Starts.String(), "until": c.Until.String(), "reason": c.Reason}
}

// name fills in whom a change is about.
func (d *Desk) name(ctx context.Context, tx *db.Tx, c *Change, today clock.Date) error {
	switch c.Kind {
	case EndPerson:
		s, err := standingByID(ctx, tx, c.EntryID)
		if err != nil {
			return err
		}
		if s.CouncilID != c.CouncilID || !s.Until.IsZero() && s.Until.Before(today) {
			return missing()
		}
		c.PersonID, c.Name, c.Keeper = s.PersonID, s.Name, s.Keeper
	case AddPerson:
		all, err := candidates(ctx, tx, c.CouncilID, today)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(p Candidate) bool { return p.PersonID == c.PersonID })
		if i < 0 {
			return fault.New(fault.Invalid, "sealed.no_candidate").At("person")
		}
		c.Name = all[i].Name
		there, err := comingOf(ctx, tx, c.CouncilID, today)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(there, func(s Standing) bool {
			return s.PersonID == c.PersonID && (s.Until.IsZero() || !s.Until.Before(c.Starts))
		}) {
			return fault.New(fault.Conflict, "sealed.on_list", "name", c.Name).At("person")
		}
	case MovePlace:
		c.PersonID, c.Name, c.Keeper, c.Until = "", "", false, clock.Date{}
	default:
		return fault.New(fault.Invalid, "sealed.bad_place").At("place")
	}
	return nil
}

// Candidate is a person who may be put on a list.
//
// vi: -
type Candidate struct{ PersonID, Name, Title, Body string }

// candidates are the people of a council's office and standing committee. Who
// watches over the reading or can grant it in an emergency is none of those who read.
func candidates(ctx context.Context, tx *db.Tx, councilID string, today clock.Date) ([]Candidate, error) {
	posts, err := org.DirectoryOf(ctx, tx, councilID, today)
	if err != nil {
		return nil, err
	}
	apart := map[string]bool{}
	for _, p := range posts {
		if slices.ContainsFunc(p.Roles.V, func(r org.Role) bool { return r == org.Security || r == org.Admin || r == org.Auditor }) {
			apart[p.PersonID] = true
		}
	}
	var all []Candidate
	for _, p := range posts {
		ours := p.BodyKind == org.Office || p.BodyKind == org.StandingCommittee
		if ours && !apart[p.PersonID] && !slices.ContainsFunc(all, func(c Candidate) bool { return c.PersonID == p.PersonID }) {
			all = append(all, Candidate{PersonID: p.PersonID, Name: p.Name, Title: p.Title, Body: p.BodyName})
		}
	}
	return all, nil
}

// Decide confirms or declines a change. Confirming takes somebody of the other
// side; only where a council has no security officer, somebody else who leads it.
func (d *Desk) Decide(ctx context.Context, who org.Actor, id string, yes bool) error {
	now := d.Clock.Now()
	if side(who) == "" {
		return missing()
	}
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		c, err := changeOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if c.CouncilID != who.CouncilID {
			return missing()
		}
		if c.State != Proposed {
			return fault.New(fault.Refused, "sealed.decided")
		}
		c.State, c.DecidedBy, c.Decider, c.DecidedAt = Declined, who.PersonID, who.Name, db.At(now)
		verb := "sealed.decline"
		if yes {
			if err := d.second(ctx, tx, who, c, clock.DateOf(now)); err != nil {
				return err
			}
			if err := c.carryOut(ctx, tx, clock.DateOf(now)); err != nil {
				return err
			}
			c.State, verb = Confirmed, "sealed.confirm"
		}
		if err := decideChange(ctx, tx, c); err != nil {
			return err
		}
		return d.record(ctx, tx, who, c.CouncilID, "sealing/"+c.CouncilID, verb, now, c.details())
	})
}

// second judges whether a person may be the second one of a change.
func (d *Desk) second(ctx context.Context, tx *db.Tx, who org.Actor, c Change, today clock.Date) error {
	if shared(who, c.Chain.V) {
		return fault.New(fault.Refused, "sealed.same_person")
	}
	if slices.Contains(chain(who), c.PersonID) && c.Kind == AddPerson {
		return fault.New(fault.Refused, "sealed.own_name")
	}
	if side(who) != c.Side {
		return nil
	}
	if c.Side == guarding {
		return fault.New(fault.Refused, "sealed.other_side")
	}
	posts, err := org.DirectoryOf(ctx, tx, c.CouncilID, today)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(posts, func(p org.Directory) bool { return slices.Contains(p.Roles.V, org.Security) }) {
		return fault.New(fault.Refused, "sealed.other_side")
	}
	return nil
}

// carryOut makes a confirmed change. One that waited begins on the day of its confirmation.
func (c *Change) carryOut(ctx context.Context, tx *db.Tx, today clock.Date) error {
	if c.Kind != EndPerson && c.Starts.Before(today) {
		c.Starts = today
	}
	switch c.Kind {
	case AddPerson:
		return insertStanding(ctx, tx, Standing{ID: c.ID, CouncilID: c.CouncilID, PersonID: c.PersonID, Name: c.Name, Keeper: c.Keeper, Starts: c.Starts, Until: c.Until})
	case EndPerson:
		return endStanding(ctx, tx, c.EntryID, today.AddDays(-1))
	}
	return insertPlace(ctx, tx, *c)
}

// SetPlace writes where a council's denunciations live without asking anybody:
// for setting up the demonstration and for tests.
func SetPlace(ctx context.Context, tx *db.Tx, councilID string, p Place, starts clock.Date) error {
	return insertPlace(ctx, tx, Change{ID: "0", CouncilID: councilID, Place: p, Starts: starts})
}

// SetStanding writes a line of a council's list without asking anybody: for
// setting up the demonstration and for tests.
func SetStanding(ctx context.Context, tx *db.Tx, s Standing) error { return insertStanding(ctx, tx, s) }

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

// Memory is what is remembered of a petition: what it repeats, what repeats
// it, and what was answered each time.
//
// vi: lịch sử kiến nghị qua các kỳ
type Memory struct {
	PetitionID string
	Chain      []Remembered // oldest first; of one petition when it stands alone
	Repeated   int          // how often it was said again: later petitions, and rounds begun anew
	Since      time.Time    // when it was said first
	Earlier    string       // id of the petition that this one is linked to; empty when none
}

// Remembered is one petition of a chain.
//
// vi: lần kiến nghị
type Remembered struct {
	ID, Code, Title string // no title of what is not public
	OpenedAt        time.Time
	State           cases.State
	Rounds          int
	Here            bool // the petition that was asked about
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

// MemoryOf tells what is remembered of a petition. Who may see the petition is
// for the caller to ask; what is sealed is not in the chain.
func (d *Desk) MemoryOf(ctx context.Context, tx *db.Tx, petitionID string) (Memory, error) {
	m := Memory{PetitionID: petitionID}
	root, err := rootOf(ctx, tx, petitionID)
	if err != nil {
		return m, err
	}
	chain, err := chainFrom(ctx, tx, root)
	if err != nil {
		return m, err
	}
	ids := make([]string, len(chain))
	for i, c := range chain {
		ids[i] = c.ID
	}
	acts, err := actsOf(ctx, tx, ids, d.Clock.Now())
	if err != nil {
		return m, err
	}
	replies, err := repliesOf(ctx, tx, ids)
	if err != nil {
		return m, err
	}
	acted, replied := parted(acts, func(a Act) string { return a.CaseID }), parted(replies, func(r reply) string { return r.PetitionID })
	for i, c := range chain {
		one, err := remember(c, acted[c.ID], replied[c.ID])
		if err != nil {
			return m, err
		}
		if one.Here = c.ID == petitionID; one.Here {
			m.Earlier = c.EarlierID
		}
		if i == 0 {
			m.Since = one.OpenedAt
		}
		m.Repeated += one.Rounds
		m.Chain = append(m.Chain, one)
	}
	m.Repeated = max(m.Repeated-1, 0)
	return m, nil
}

// remember folds one petition of a chain into its answers.
func remember(c chained, acts []Act, replies []reply) (Remembered, error) {
	r := Remembered{ID: c.ID, Code: c.Code, OpenedAt: c.OpenedAt.Time}
	if c.Public {
		r.Title = c.Title
	}
	var s Standing
	for _, a := range acts {
		if err := s.take(a, nil); err != nil {
			return r, err
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
		r.Answers = append(r.Answers, one)
	}
	r.State, r.Rounds = s.State, max(s.Round, 1)
	return r, nil
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
		m, err = d.MemoryOf(ctx, tx, id)
		return err
	})
	return m, code, err
}

// Promises is the page of open promises.
//
// vi: sổ theo dõi lời hứa
type Promises struct {
	Today  clock.Date
	BodyID string
	ByBody []Kept
	Open   []Promise
	Next   Promise // place of the next page; none at the end
}

// promiseRows is one page of open promises.
const promiseRows = 50

// Promises lists open promises of the person's council, or of the petitions
// that a committee examines.
func (d *Desk) Promises(ctx context.Context, who org.Actor, bodyID string, after Promise) (p Promises, err error) {
	p.Today, p.BodyID = clock.Today(d.Clock), bodyID
	examiner := ""
	if ofCommittee(who) {
		examiner = who.BodyID
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if p.ByBody, err = promisesByBody(ctx, tx, who.CouncilID, examiner, p.Today); err != nil {
			return err
		}
		p.Open, err = openPromises(ctx, tx, who.CouncilID, examiner, bodyID, after, promiseRows+1)
		return err
	})
	if p.Next = (Promise{}); len(p.Open) > promiseRows {
		p.Open = p.Open[:promiseRows]
		p.Next = p.Open[promiseRows-1]
	}
	return p, err
}

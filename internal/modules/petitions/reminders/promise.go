package reminders

import (
	"context"
	"slices"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Source is where a promise was given.
//
// vi: nơi cam kết
type Source string

// The sources.
const (
	FromAnswer Source = "answer" // in an answer that was not yet the end of it
	FromLetter Source = "letter" // in reply to a reminder
)

// PromiseState is what became of a promise.
//
// vi: tình trạng cam kết
type PromiseState string

// The states of a promise.
const (
	Open     PromiseState = "open"
	Moved    PromiseState = "moved"  // open, on a date that is not the first
	Passed   PromiseState = "broken" // the date passed, and nothing came
	Kept     PromiseState = "kept"
	Replaced PromiseState = "replaced" // a later answer took its place and was not "done"
)

// Promise is a date that a body committed itself to.
//
// vi: cam kết được theo dõi
type Promise struct {
	ID         string       `db:"id"`
	PetitionID string       `db:"petition_id"`
	CouncilID  string       `db:"council_id"`
	BodyID     string       `db:"body_id"`
	Source     Source       `db:"source"`
	Origin     string       `db:"origin"` // the round of the answer, or the letter's id
	Number     int          `db:"number"` // of the point; 0 for the whole petition
	Promised   clock.Date   `db:"promised"`
	Due        clock.Date   `db:"due"`
	State      PromiseState `db:"state"`
	Moves      int          `db:"moves"`
	MadeOn     clock.Date   `db:"made_on"`
	BrokenOn   clock.Date   `db:"broken_on"` // the first day after a date that passed; stays when it is kept later
	EndedOn    clock.Date   `db:"ended_on"`
	Asked      string       `db:"asked"` // "move", "done", or empty
	AskedDue   clock.Date   `db:"asked_due"`
	AskedOn    clock.Date   `db:"asked_on"`
	NextAlarm  clock.Date   `db:"next_alarm"`
	Revision   int64        `db:"revision"`
}

// What a body may ask of the office.
const (
	askMove = "move"
	askDone = "done"
)

// Act is one thing that happened to a promise.
//
// vi: diễn biến cam kết
type Act struct {
	ID         string     `db:"id"`
	Verb       string     `db:"verb"`
	At         db.Time    `db:"at"`
	PersonName string     `db:"person_name"`
	PostTitle  string     `db:"post_title"`
	BodyName   string     `db:"body_name"`
	OnBehalf   string     `db:"on_behalf"`
	Note       string     `db:"note"`
	Document   string     `db:"document"`
	FromDue    clock.Date `db:"from_due"`
	ToDue      clock.Date `db:"to_due"`
}

// nextAlarm is when a promise speaks next: some days before its date, and the
// day after it. A promise made shortly before its date is not announced.
func (l ladder) nextAlarm(due, today clock.Date) clock.Date {
	if warn := due.AddDays(-l.WarnDays); warn.After(today) {
		return warn
	}
	return due.AddDays(1)
}

// begin keeps a new promise with its first act.
func (d *Desk) begin(ctx context.Context, tx *db.Tx, who org.Actor, p Promise, a Act) error {
	added, err := insertPromise(ctx, tx, p)
	if err != nil {
		return err
	}
	if !added {
		return fault.New(fault.Conflict, "reminders.promised_already")
	}
	a.Verb, a.ToDue = "promise", p.Due
	return d.add(ctx, tx, who, p, a)
}

// add writes one act of a promise.
func (d *Desk) add(ctx context.Context, tx *db.Tx, who org.Actor, p Promise, a Act) error {
	now := d.Clock.Now()
	a.ID, a.At, a.PersonName, a.PostTitle, a.BodyName, a.OnBehalf = db.NewID(now), db.At(now), who.Name, who.PostTitle, who.BodyName, who.OnBehalf()
	return insertAct(ctx, tx, p.ID, a)
}

// Moving asks for another date, or says that the thing is done.
//
// vi: đề nghị về cam kết
type Moving struct {
	Due      clock.Date // of askMove
	Note     string
	Document string
	Revision int64
}

// noteMin is the least a reason may say, in characters.
const noteMin = 10

func (m *Moving) tidy(needsDocument bool) []*fault.Fault {
	m.Note, m.Document = text.Clean(m.Note), text.Line(m.Document)
	faults := written(m.Document, m.Note)
	if utf8.RuneCountInString(m.Note) < noteMin {
		faults = append(faults, fault.New(fault.Invalid, "reminders.note_short", "min", noteMin).At("note"))
	}
	if needsDocument && m.Document == "" {
		faults = append(faults, fault.New(fault.Invalid, "reminders.document_missing").At("document"))
	}
	return faults
}

// Progress reports how far a body has come. It moves nothing.
func (d *Desk) Progress(ctx context.Context, who org.Actor, id string, m Moving) error {
	if err := fault.Join(m.tidy(false)...); err != nil {
		return err
	}
	return d.change(ctx, who, id, m.Revision, "report_progress", func(p *Promise, c *cases.Case) (Act, error) {
		if !p.heldBy(who, c) {
			return Act{}, notYours()
		}
		return Act{Verb: "progress", Note: m.Note, Document: m.Document}, nil
	})
}

// AskMove asks the office for another date, with a reason and a document. The
// date stays until the office has accepted.
func (d *Desk) AskMove(ctx context.Context, who org.Actor, id string, m Moving) error {
	today := clock.Today(d.Clock)
	most := d.rules.ladderOn(today).PromiseDaysMax
	faults := m.tidy(true)
	if m.Due.IsZero() || m.Due.Before(today) || m.Due.Sub(today) > most {
		faults = append(faults, fault.New(fault.Invalid, "reminders.day_wrong", "from", today.VN(), "until", today.AddDays(most).VN()).At("due"))
	}
	if err := fault.Join(faults...); err != nil {
		return err
	}
	return d.ask(ctx, who, id, askMove, today, m)
}

// ReportDone says that what was promised is done, on a document. It counts once
// the office has accepted, from the day it was said.
func (d *Desk) ReportDone(ctx context.Context, who org.Actor, id string, m Moving) error {
	if err := fault.Join(m.tidy(true)...); err != nil {
		return err
	}
	m.Due = clock.Date{}
	return d.ask(ctx, who, id, askDone, clock.Today(d.Clock), m)
}

func (d *Desk) ask(ctx context.Context, who org.Actor, id, what string, today clock.Date, m Moving) error {
	return d.change(ctx, who, id, m.Revision, "ask_"+what, func(p *Promise, c *cases.Case) (Act, error) {
		switch {
		case who.BodyID != p.BodyID || !ofBody(who, org.BodyClerk, org.BodyHead):
			return Act{}, notYours()
		case p.Asked != "":
			return Act{}, fault.New(fault.Conflict, "reminders.asked_already")
		case what == askMove && !m.Due.After(p.Due):
			return Act{}, fault.New(fault.Invalid, "reminders.not_later", "due", p.Due.VN()).At("due")
		}
		p.Asked, p.AskedDue, p.AskedOn = what, m.Due, today
		return Act{Verb: "ask_" + what, Note: m.Note, Document: m.Document, FromDue: p.Due, ToDue: m.Due}, nil
	})
}

// Decide accepts or refuses what a body asks. A refusal says why.
func (d *Desk) Decide(ctx context.Context, who org.Actor, id string, accept bool, note string, revision int64) error {
	note = text.Clean(note)
	today := clock.Today(d.Clock)
	if !accept && utf8.RuneCountInString(note) < noteMin {
		return fault.New(fault.Invalid, "reminders.note_short", "min", noteMin).At("note")
	}
	if err := fault.Join(written("", note)...); err != nil {
		return err
	}
	verb := "refuse"
	if accept {
		verb = "accept"
	}
	return d.change(ctx, who, id, revision, verb, func(p *Promise, c *cases.Case) (Act, error) {
		switch {
		case !slices.Contains(c.Stands(who), cases.Owner) || !ofOffice(who, org.Head):
			return Act{}, notYours()
		case p.Asked == "":
			return Act{}, fault.New(fault.Conflict, "reminders.nothing_asked")
		}
		a := Act{Verb: verb + "_" + p.Asked, Note: note, FromDue: p.Due, ToDue: p.AskedDue}
		switch {
		case accept && p.Asked == askMove:
			p.moveTo(p.AskedDue, today, d.rules.ladderOn(today))
		case accept:
			p.keep(p.AskedOn)
		}
		p.Asked, p.AskedDue, p.AskedOn = "", clock.Date{}, clock.Date{}
		return a, nil
	})
}

// moveTo gives a promise another date. That an earlier one was broken stays known.
func (p *Promise) moveTo(due, today clock.Date, rule ladder) {
	p.Due, p.State, p.Moves, p.NextAlarm = due, Moved, p.Moves+1, rule.nextAlarm(due, today)
}

// keep ends a promise as kept. One that came after its date was broken all the same.
func (p *Promise) keep(on clock.Date) {
	if p.BrokenOn.IsZero() && on.After(p.Due) {
		p.BrokenOn = p.Due.AddDays(1)
	}
	p.State, p.EndedOn, p.NextAlarm = Kept, on, clock.Date{}
}

func notYours() error { return fault.New(fault.Forbidden, "cases.not_yours_to_do") }

// heldBy reports whether a person may speak for the promise's body.
func (p *Promise) heldBy(who org.Actor, c *cases.Case) bool {
	if who.BodyID != p.BodyID {
		return false
	}
	return ofBody(who, org.BodyClerk, org.BodyHead) || ofBody(who, org.Handler) && c.AssigneePostID != "" && c.AssigneePostID == who.PostID
}

// seenBy reports whether a person may know of a promise: those with a side in
// the petition, and the body that gave it.
func (p *Promise) seenBy(who org.Actor, c *cases.Case) bool {
	if c.Sealed || c.State == "split" {
		return false
	}
	return p.heldBy(who, c) || c.CanSee(who) && len(c.Stands(who)) > 0
}

func noPromise() error { return fault.New(fault.Missing, "reminders.no_promise") }

// change loads a promise for a person, lets the rule work on it, and saves it
// with its act, its entry in the log and its notice.
func (d *Desk) change(ctx context.Context, who org.Actor, id string, revision int64, verb string, rule func(p *Promise, c *cases.Case) (Act, error)) error {
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		p, c, err := d.promise(ctx, tx, who, id)
		if err != nil {
			return err
		}
		switch {
		case revision != 0 && revision != p.Revision:
			return fault.New(fault.Conflict, "reminders.changed")
		case !p.EndedOn.IsZero():
			return fault.New(fault.Conflict, "reminders.promise_ended")
		}
		a, err := rule(&p, c)
		if err != nil {
			return err
		}
		if err := updatePromise(ctx, tx, &p); err != nil {
			return err
		}
		if err := d.add(ctx, tx, who, p, a); err != nil {
			return err
		}
		if err := d.logPromise(ctx, tx, who, p, c, a); err != nil {
			return err
		}
		return d.tellPromise(ctx, tx, who, p, c, a.Verb)
	})
}

func (d *Desk) logPromise(ctx context.Context, tx *db.Tx, who org.Actor, p Promise, c *cases.Case, a Act) error {
	_, err := d.Audit.Append(ctx, tx, audit.Entry{CouncilID: p.CouncilID, Subject: p.PetitionID, Ref: c.Code, Verb: "petitions.promise_" + a.Verb, At: d.Clock.Now(), Who: who, Sealed: c.Sealed,
		Details: map[string]any{"promise": p.ID, "point": p.Number, "from": a.FromDue.String(), "to": a.ToDue.String(), "note": a.Note, "document": a.Document}})
	return err
}

// promise loads a promise with its petition for who may know of it.
func (d *Desk) promise(ctx context.Context, tx *db.Tx, who org.Actor, id string) (Promise, *cases.Case, error) {
	p, err := promiseOf(ctx, tx, id)
	if err != nil {
		return p, nil, err
	}
	c, err := cases.Load(ctx, tx, p.PetitionID)
	if err != nil {
		return p, nil, err
	}
	if !p.seenBy(who, c) {
		return p, nil, noPromise()
	}
	return p, c, nil
}

// tellPromise tells the other side of an act.
func (d *Desk) tellPromise(ctx context.Context, tx *db.Tx, who org.Actor, p Promise, c *cases.Case, verb string) error {
	notice := notify.Notice{Key: "reminders.promise_notice_" + verb, Args: []any{"code", c.Code, "due", p.Due.VN()}, Link: promisePath + p.ID, CaseID: c.ID, CouncilID: p.CouncilID}
	body := notify.Recipients{Body: p.BodyID, Roles: []org.Role{org.BodyClerk, org.BodyHead}, Except: who.PersonID}
	office := notify.Recipients{Body: c.OwnerBodyID, Roles: []org.Role{org.Clerk, org.Head}, Except: who.PersonID}
	switch verb {
	case "progress":
		office.Roles = []org.Role{org.Clerk}
		return d.Notify.Tell(ctx, tx, office, notice)
	case "ask_move", "ask_done":
		notice.Mail = true
		return d.Notify.Tell(ctx, tx, office, notice)
	case "break":
		notice.Mail = true
		if err := d.Notify.Tell(ctx, tx, office, notice); err != nil {
			return err
		}
	}
	return d.Notify.Tell(ctx, tx, body, notice)
}

// PromiseView is a promise with its petition and all that happened to it.
//
// vi: -
type PromiseView struct {
	Promise
	Today                   clock.Date
	Code, Title, Body       string
	Acts                    []Act // oldest first
	Speaks, Asks, MayDecide bool
}

// Promise shows one promise to who may know of it.
func (d *Desk) Promise(ctx context.Context, who org.Actor, id string) (v PromiseView, err error) {
	v.Today = clock.Today(d.Clock)
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		p, c, err := d.promise(ctx, tx, who, id)
		if err != nil {
			return err
		}
		v.Promise, v.Code, v.Title = p, c.Code, c.Title
		running := p.EndedOn.IsZero()
		v.Speaks = running && p.heldBy(who, c)
		v.Asks = running && p.Asked == "" && who.BodyID == p.BodyID && ofBody(who, org.BodyClerk, org.BodyHead)
		v.MayDecide = running && p.Asked != "" && slices.Contains(c.Stands(who), cases.Owner) && ofOffice(who, org.Head)
		body, err := org.BodiesNamed(ctx, tx, []string{p.BodyID})
		if err != nil {
			return err
		}
		v.Body = body[p.BodyID].Name
		v.Acts, err = actsOf(ctx, tx, id)
		return err
	})
	return v, err
}

// Promises lists promises: of an answering body its own, of an officer those in
// their hands, of a committee those of the petitions it examines, to the office
// and the Standing Committee all of the council, or those of one body.
func (d *Desk) Promises(ctx context.Context, who org.Actor, kind, bodyID, day, id string) (all []Listed, err error) {
	q, err := reachOf(who)
	if err != nil {
		return nil, err
	}
	q.kind, q.onlyBodyID, q.day, q.id, q.limit = kind, bodyID, day, id, pageRows+1
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = listed(ctx, tx, q)
		return err
	})
	return all, err
}

// OpenBy compares the bodies by the promises they have still to keep, for whoever
// reads those of all bodies.
func (d *Desk) OpenBy(ctx context.Context, who org.Actor) (all []OpenBy, err error) {
	q, err := reachOf(who)
	if err != nil || q.bodyID != "" {
		return nil, err
	}
	return d.open.Get(ctx, live.Acts(q.councilID), q.councilID+"|"+q.examinerID, func(ctx context.Context) (all []OpenBy, err error) {
		err = d.DB.Read(ctx, func(tx *db.Tx) error {
			all, err = openBy(ctx, tx, q.councilID, q.examinerID)
			return err
		})
		return all, err
	})
}

// reachOf says whose promises a person reads.
func reachOf(who org.Actor) (q listQuery, err error) {
	switch {
	case ofBody(who, org.BodyClerk, org.BodyHead):
		q.bodyID = who.BodyID
	case ofBody(who, org.Handler):
		q.bodyID, q.assigneeID = who.BodyID, who.PostID
	case ofOffice(who, org.Clerk, org.Head), ofStanding(who):
		q.councilID = who.CouncilID
	case who.BodyKind == org.Committee && who.Has(org.CommitteeMember):
		q.councilID, q.examinerID = who.CouncilID, who.BodyID
	default:
		return q, fault.New(fault.Missing, "web.fault_missing")
	}
	return q, nil
}

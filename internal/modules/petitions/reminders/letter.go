package reminders

import (
	"context"
	"slices"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// State is where a letter stands.
//
// vi: trạng thái văn bản đôn đốc
type State string

// The states of a letter.
const (
	Draft   State = "draft"
	Signed  State = "signed"
	Dropped State = "dropped"
)

// Letter presses one body for answers to some petitions.
//
// vi: văn bản đôn đốc
type Letter struct {
	ID           string            `db:"id"`
	CouncilID    string            `db:"council_id"`
	OfficeID     string            `db:"office_id"`
	BodyID       string            `db:"body_id"`    // that owes the answers
	ToBodyID     string            `db:"to_body_id"` // the addressee: the body, or the People's Committee over it
	Rung         int               `db:"rung"`
	Why          string            `db:"why"`       // the reason of its rung, as shown when it was drawn up
	Words        string            `db:"words"`     // what the office adds
	AnswerBy     clock.Date        `db:"answer_by"` // none when the letter sets no date
	State        State             `db:"state"`
	Hands        db.JSON[[]string] `db:"hands"` // persons who wrote it, the signer last
	DrawnName    string            `db:"drawn_name"`
	DrawnAt      db.Time           `db:"drawn_at"`
	Signer       string            `db:"signer"`
	SignerPost   string            `db:"signer_title"`
	OnBehalf     string            `db:"on_behalf"`
	FromBodyID   string            `db:"from_body_id"`
	SignedOn     clock.Date        `db:"signed_on"`
	SignedAt     db.Time           `db:"signed_at"`
	Number       int               `db:"number"`
	Symbol       string            `db:"symbol"`
	PaperID      string            `db:"paper_id"` // empty until it is drawn
	LeftOut      db.JSON[[]string] `db:"left_out"` // codes that needed no letter any more when it was signed
	ReceivedName string            `db:"received_name"`
	ReceivedAt   db.Time           `db:"received_at"`
	SettledOn    clock.Date        `db:"settled_on"` // the body owed nothing any more
	Revision     int64             `db:"revision"`
}

// Kind says why a petition belongs into a letter.
//
// vi: lý do đôn đốc
type Kind string

// The kinds of matters.
const (
	Overdue Kind = "overdue"
	Broken  Kind = "broken" // promised for a day that has passed
	Soon    Kind = "soon"
)

// Matter is a petition that a body owes something for.
//
// vi: kiến nghị cần đôn đốc
type Matter struct {
	PetitionID string     `db:"id"`
	Code       string     `db:"code"`
	Title      string     `db:"title"`
	Ward       string     `db:"ward"`
	Due        clock.Date `db:"due"` // of the answer, or the day promised
	Kind       Kind       `db:"kind"`
	Transfer   string     `db:"transfer"` // symbol of the transfer letter
	Earlier    string     `db:"earlier"`  // symbol of the last letter that named it
	LateDays   int        `db:"late_days"`
}

// lettersMatters is how many petitions one letter may name.
const lettersMatters = 200

// wordsMax bounds what the office adds to a letter, in characters.
const wordsMax = 2_000

// answerDaysMax is how far ahead a letter may set its date.
const answerDaysMax = 90

// Drawing is what a clerk chooses for a letter.
//
// vi: dự thảo văn bản đôn đốc
type Drawing struct {
	BodyID   string
	Rung     int
	IDs      []string // of petitions
	Words    string
	AnswerBy clock.Date
	Revision int64 // of the draft that is changed
}

func (w *Drawing) tidy(today clock.Date) error {
	w.Words = text.Clean(w.Words)
	slices.Sort(w.IDs)
	w.IDs = slices.Compact(w.IDs)
	var faults []*fault.Fault
	switch n := len(w.IDs); {
	case n == 0:
		faults = append(faults, fault.New(fault.Invalid, "reminders.none_chosen").At("id"))
	case n > lettersMatters:
		faults = append(faults, fault.New(fault.Invalid, "reminders.many_chosen", "max", lettersMatters, "have", n).At("id"))
	}
	if n := utf8.RuneCountInString(w.Words); n > wordsMax {
		faults = append(faults, fault.New(fault.Invalid, "reminders.words_long", "max", wordsMax, "have", n).At("words"))
	}
	if !w.AnswerBy.IsZero() && (w.AnswerBy.Before(today) || w.AnswerBy.Sub(today) > answerDaysMax) {
		faults = append(faults, fault.New(fault.Invalid, "reminders.answer_by_wrong", "from", today.VN(), "until", today.AddDays(answerDaysMax).VN()).At("answer_by"))
	}
	return fault.Join(faults...)
}

// ofOffice reports whether a person writes for a council's office.
func ofOffice(who org.Actor, roles ...org.Role) bool {
	return who.SignedIn() && who.BodyKind == org.Office && slices.ContainsFunc(roles, who.Has)
}

func ofStanding(who org.Actor) bool {
	return who.SignedIn() && who.BodyKind == org.StandingCommittee && (who.Has(org.Standing) || who.Has(org.Chair))
}

func ofBody(who org.Actor, roles ...org.Role) bool {
	return who.SignedIn() && who.BodyKind.Answers() && slices.ContainsFunc(roles, who.Has)
}

// DrawUp makes a draft to one body. There is one draft at a time to a body: when
// there is one, it is given with again, and nothing of it changes.
func (d *Desk) DrawUp(ctx context.Context, who org.Actor, w Drawing) (id string, again bool, err error) {
	now := d.Clock.Now()
	today, fresh := clock.DateOf(now), db.NewID(now)
	if !ofOffice(who, org.Clerk) {
		return "", false, fault.New(fault.Forbidden, "cases.not_yours_to_do")
	}
	if err := w.tidy(today); err != nil {
		return "", false, err
	}
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		id, again = fresh, false
		l := Letter{ID: fresh, CouncilID: who.CouncilID, OfficeID: who.BodyID, BodyID: w.BodyID, State: Draft, DrawnName: who.Name, DrawnAt: db.At(now), Revision: 1}
		lines, err := d.fill(ctx, tx, who, &l, w, today)
		if err != nil {
			return err
		}
		added, err := insertLetter(ctx, tx, l)
		if err != nil {
			return err
		}
		if !added {
			again = true
			id, err = draftTo(ctx, tx, who.BodyID, w.BodyID)
			return err
		}
		if err := replaceLines(ctx, tx, l.ID, lines); err != nil {
			return err
		}
		return d.note(ctx, tx, who, l, "petitions.draw_reminder", lines)
	})
	return id, again, err
}

// fill puts what was chosen into a letter, after asking the rules.
func (d *Desk) fill(ctx context.Context, tx *db.Tx, who org.Actor, l *Letter, w Drawing, today clock.Date) ([]Matter, error) {
	lines, err := d.owing(ctx, tx, owed{councilID: l.CouncilID, bodyID: l.BodyID, ids: w.IDs, today: today})
	if err != nil {
		return nil, err
	}
	if len(lines) != len(w.IDs) {
		return nil, fault.New(fault.Invalid, "reminders.not_owing", "n", len(w.IDs)-len(lines)).At("id")
	}
	p, err := d.proposal(ctx, tx, l.CouncilID, l.OfficeID, l.BodyID, today)
	if err != nil {
		return nil, err
	}
	if !p.allows(w.Rung) {
		return nil, fault.New(fault.Invalid, "reminders.rung_wrong", "least", p.Least, "most", max(p.Rung, p.Least)).At("rung")
	}
	l.Rung, l.Why, l.Words, l.AnswerBy = w.Rung, d.whyKept(p), w.Words, w.AnswerBy
	if !slices.Contains(l.Hands.V, who.PersonID) {
		l.Hands.V = append(l.Hands.V, who.PersonID)
	}
	l.ToBodyID, err = d.addressee(ctx, tx, *l, today)
	return lines, err
}

// addressee is whom a letter of a rung goes to. Where no People's Committee
// stands over the body, the body itself is written to.
func (d *Desk) addressee(ctx context.Context, tx *db.Tx, l Letter, today clock.Date) (string, error) {
	body, err := org.BodyOf(ctx, tx, l.BodyID)
	if err != nil {
		return "", err
	}
	if d.rules.ladderOn(today).Rungs[l.Rung-1].To != toUBND || body.Kind == org.PeoplesCommittee {
		return body.ID, nil
	}
	over, err := org.BodiesOf(ctx, tx, l.CouncilID, org.PeoplesCommittee)
	if err != nil {
		return "", err
	}
	for _, b := range over {
		if b.Open(today) {
			return b.ID, nil
		}
	}
	return body.ID, nil
}

// proposal asks the ladder about one body.
func (d *Desk) proposal(ctx context.Context, tx *db.Tx, councilID, officeID, bodyID string, today clock.Date) (Proposal, error) {
	letters, err := unsettled(ctx, tx, officeID, bodyID)
	if err != nil {
		return Proposal{}, err
	}
	oldest, err := oldestOwed(ctx, tx, councilID, bodyID, today)
	if err != nil {
		return Proposal{}, err
	}
	return d.rules.ladderOn(today).propose(letters, lateBy(oldest, today), today), nil
}

// lateBy is how many days a date has passed; 0 for none and for one to come.
func lateBy(due, today clock.Date) int {
	if due.IsZero() {
		return 0
	}
	return max(today.Sub(due), 0)
}

// Change writes a draft anew.
func (d *Desk) Change(ctx context.Context, who org.Actor, id string, w Drawing) error {
	today := clock.Today(d.Clock)
	if err := w.tidy(today); err != nil {
		return err
	}
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		l, err := d.draft(ctx, tx, who, id, org.Clerk)
		if err != nil {
			return err
		}
		if w.Revision != 0 && w.Revision != l.Revision {
			return fault.New(fault.Conflict, "reminders.changed")
		}
		lines, err := d.fill(ctx, tx, who, &l, w, today)
		if err != nil {
			return err
		}
		if err := updateLetter(ctx, tx, &l); err != nil {
			return err
		}
		if err := replaceLines(ctx, tx, l.ID, lines); err != nil {
			return err
		}
		return d.note(ctx, tx, who, l, "petitions.change_reminder", lines)
	})
}

// Drop puts a draft away.
func (d *Desk) Drop(ctx context.Context, who org.Actor, id string) error {
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		l, err := d.draft(ctx, tx, who, id, org.Clerk, org.Head)
		if err != nil {
			return err
		}
		l.State = Dropped
		if err := updateLetter(ctx, tx, &l); err != nil {
			return err
		}
		return d.note(ctx, tx, who, l, "petitions.drop_reminder", nil)
	})
}

// draft loads a draft of the person's own office.
func (d *Desk) draft(ctx context.Context, tx *db.Tx, who org.Actor, id string, roles ...org.Role) (Letter, error) {
	l, err := letterOf(ctx, tx, id)
	if err != nil {
		return l, err
	}
	switch {
	case !l.seenBy(who):
		return l, noLetter()
	case !ofOffice(who, roles...):
		return l, fault.New(fault.Forbidden, "cases.not_yours_to_do")
	case l.State == Signed:
		return l, fault.New(fault.Conflict, "reminders.signed_already", "symbol", l.Symbol)
	case l.State != Draft:
		return l, fault.New(fault.Conflict, "reminders.dropped_already")
	}
	return l, nil
}

func noLetter() error { return fault.New(fault.Missing, "reminders.no_letter") }

// seenBy reports whether a person may know of the letter: the office and the
// Standing Committee of the council, and, once it is signed, the head and the
// contact of the body that owes and of the one it is addressed to.
func (l Letter) seenBy(who org.Actor) bool {
	switch {
	case who.CouncilID == l.CouncilID && (ofOffice(who, org.Clerk, org.Head) || ofStanding(who)):
		return true
	case l.State == Signed && ofBody(who, org.BodyClerk, org.BodyHead):
		return who.BodyID == l.BodyID || who.BodyID == l.ToBodyID
	}
	return false
}

func (d *Desk) note(ctx context.Context, tx *db.Tx, who org.Actor, l Letter, verb string, lines []Matter) error {
	codes := make([]string, len(lines))
	for i, m := range lines {
		codes[i] = m.Code
	}
	_, err := d.Audit.Append(ctx, tx, audit.Entry{CouncilID: l.CouncilID, Subject: l.ID, Ref: l.Symbol, Verb: verb, At: d.Clock.Now(), Who: who,
		Details: map[string]any{"body": l.BodyID, "rung": l.Rung, "petitions": codes, "left_out": l.LeftOut.V}})
	return err
}

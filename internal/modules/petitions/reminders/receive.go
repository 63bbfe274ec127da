package reminders

import (
	"context"
	"slices"
	"strconv"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// received loads a signed letter for the body that it concerns.
func received(ctx context.Context, tx *db.Tx, who org.Actor, id string) (Letter, error) {
	l, err := letterOf(ctx, tx, id)
	if err != nil {
		return l, err
	}
	switch {
	case !l.seenBy(who):
		return l, noLetter()
	case l.State != Signed || !ofBody(who, org.BodyClerk, org.BodyHead):
		return l, fault.New(fault.Forbidden, "cases.not_yours_to_do")
	}
	return l, nil
}

// Confirm says that a body has the letter. Saying it again changes nothing.
func (d *Desk) Confirm(ctx context.Context, who org.Actor, id string) error {
	now := d.Clock.Now()
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		l, err := received(ctx, tx, who, id)
		if err != nil || !l.ReceivedAt.IsZero() {
			return err
		}
		l.ReceivedName, l.ReceivedAt = who.Name, db.At(now)
		if err := updateLetter(ctx, tx, &l); err != nil {
			return err
		}
		return d.note(ctx, tx, who, l, "petitions.receive_reminder", nil)
	})
}

// Commitment is a body's reply to a letter: the day by which each petition will
// be answered.
//
// vi: cam kết ngày trả lời
type Commitment struct {
	Days     map[string]clock.Date // by petition
	Document string                // number and symbol of the body's own letter
	Note     string
}

// dayField is the field of a form with the day of a petition.
func dayField(petitionID string) string { return "day_" + petitionID }

func (c *Commitment) tidy(today clock.Date, daysMax int) error {
	c.Document, c.Note = text.Line(c.Document), text.Clean(c.Note)
	var faults []*fault.Fault
	if len(c.Days) == 0 {
		faults = append(faults, fault.New(fault.Invalid, "reminders.no_day").At("days"))
	}
	faults = append(faults, written(c.Document, c.Note)...)
	for id, day := range c.Days {
		if day.Before(today) || day.Sub(today) > daysMax {
			faults = append(faults, fault.New(fault.Invalid, "reminders.day_wrong", "from", today.VN(), "until", today.AddDays(daysMax).VN()).At(dayField(id)))
		}
	}
	return fault.Join(faults...)
}

// documentMax bounds the number and symbol of a letter, in characters.
const documentMax = 200

func written(document, note string) (faults []*fault.Fault) {
	if n := utf8.RuneCountInString(document); n > documentMax {
		faults = append(faults, fault.New(fault.Invalid, "reminders.document_long", "max", documentMax, "have", n).At("document"))
	}
	if n := utf8.RuneCountInString(note); n > wordsMax {
		faults = append(faults, fault.New(fault.Invalid, "reminders.words_long", "max", wordsMax, "have", n).At("note"))
	}
	return faults
}

// Commit keeps the days that a body names in reply to a letter. Each is a
// promise that is followed until the petition is answered.
func (d *Desk) Commit(ctx context.Context, who org.Actor, id string, c Commitment) error {
	now := d.Clock.Now()
	today := clock.DateOf(now)
	rule := d.rules.ladderOn(today)
	if err := c.tidy(today, rule.PromiseDaysMax); err != nil {
		return err
	}
	ids := make(map[string]string, len(c.Days))
	for petition := range c.Days {
		ids[petition] = db.NewID(now)
	}
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		l, err := received(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if l.BodyID != who.BodyID {
			return fault.New(fault.Forbidden, "cases.not_yours_to_do")
		}
		lines, err := linesOf(ctx, tx, id)
		if err != nil {
			return err
		}
		var kept []Matter
		for _, n := range lines {
			day, named := c.Days[n.PetitionID]
			if !named || n.Sealed || n.HolderID != l.BodyID || !slices.Contains([]string{"forwarded", "accepted"}, n.State) {
				continue
			}
			p := Promise{ID: ids[n.PetitionID], PetitionID: n.PetitionID, CouncilID: l.CouncilID, BodyID: l.BodyID, Source: FromLetter, Origin: l.ID, Promised: day, Due: day, State: Open, MadeOn: today, Revision: 1}
			p.NextAlarm = rule.nextAlarm(day, today)
			if err := d.begin(ctx, tx, who, p, Act{Document: c.Document, Note: c.Note}); err != nil {
				return err
			}
			kept = append(kept, Matter{Code: n.Code + " " + day.String()})
		}
		if len(kept) != len(c.Days) {
			return fault.New(fault.Refused, "reminders.not_waiting", "n", strconv.Itoa(len(c.Days)-len(kept)))
		}
		if err := d.note(ctx, tx, who, l, "petitions.answer_reminder", kept); err != nil {
			return err
		}
		return d.Notify.Tell(ctx, tx, notify.Recipients{Body: l.OfficeID, Roles: []org.Role{org.Clerk, org.Head}},
			notify.Notice{Key: "reminders.notice_committed", Args: []any{"symbol", l.Symbol, "body", who.BodyName, "n", len(kept)}, Link: letterPath + l.ID, CouncilID: l.CouncilID})
	})
}

// Received lists the letters to the person's body, the newest first.
func (d *Desk) Received(ctx context.Context, who org.Actor, after place) (all []Letter, next string, err error) {
	if !ofBody(who, org.BodyClerk, org.BodyHead) {
		return nil, "", fault.New(fault.Missing, "web.fault_missing")
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = lettersTo(ctx, tx, who.BodyID, after, pageRows+1)
		return err
	})
	all, next = paged(all)
	return all, next, err
}

// Letters lists a council's letters in a state, the newest first.
func (d *Desk) Letters(ctx context.Context, who org.Actor, state State, after place) (all []Letter, next string, err error) {
	if !ofOffice(who, org.Clerk, org.Head) && !ofStanding(who) {
		return nil, "", fault.New(fault.Missing, "web.fault_missing")
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		offices, err := officesOf(ctx, tx, who.CouncilID)
		if err != nil {
			return err
		}
		all, err = lettersFrom(ctx, tx, who.CouncilID, offices, state, after, pageRows+1)
		return err
	})
	all, next = paged(all)
	return all, next, err
}

// pageRows is how many rows one page of a list has.
const pageRows = 50

func paged(all []Letter) ([]Letter, string) {
	if len(all) <= pageRows {
		return all, ""
	}
	all = all[:pageRows]
	last := all[pageRows-1]
	return all, strconv.FormatInt(last.SignedAt.UnixMicro(), 10) + "." + last.ID
}

// names of the bodies of some letters.
func (d *Desk) names(ctx context.Context, letters []Letter) (map[string]string, error) {
	ids := make([]string, len(letters))
	for i, l := range letters {
		ids[i] = l.BodyID
	}
	names := map[string]string{}
	err := d.DB.Read(ctx, func(tx *db.Tx) error {
		bodies, err := org.BodiesNamed(ctx, tx, ids)
		for id, b := range bodies {
			names[id] = b.Name
		}
		return err
	})
	return names, err
}

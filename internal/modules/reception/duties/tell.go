package duties

import (
	"context"
	"fmt"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
)

// title names a record to people and says nothing of the letter.
func (r Record) title() string { return fmt.Sprintf("%d/%d", r.Number, r.Year) }

// Answered begins the duty to tell the citizen, in the transaction in which the
// office enters what the competent body answered about these letters. Of sealed
// letters nothing begins: who may tell a denouncer is settled by their law.
func (d *Desk) Answered(ctx context.Context, tx *db.Tx, letterIDs []string, on clock.Date) error {
	return d.each(ctx, tx, letterIDs, func(r Record) error {
		r.AnsweredOn = on
		r.settle()
		if err := update(ctx, tx, r); err != nil {
			return err
		}
		key := "duties.notice_answered"
		if !r.Asked {
			key = "duties.notice_answered_unasked"
		}
		due := clock.Date{}
		if r.Waits == waitsTell {
			all, err := Duties(d.Calendar.Rules(), d.Calendar.Current(), r)
			if err != nil {
				return err
			}
			for _, y := range all {
				due = y.Deadline.Due
			}
		}
		return d.tellDeputy(ctx, tx, r, key, due)
	})
}

// Moved tells deputies that letters they handed on stand elsewhere now.
func (d *Desk) Moved(ctx context.Context, tx *db.Tx, letterIDs ...string) error {
	return d.each(ctx, tx, letterIDs, func(r Record) error { return d.tellDeputy(ctx, tx, r, "duties.notice_moved", clock.Date{}) })
}

// each goes through the records of letters that are not sealed.
func (d *Desk) each(ctx context.Context, tx *db.Tx, letterIDs []string, do func(r Record) error) error {
	all, err := handedOn(ctx, tx, letterIDs)
	if err != nil || len(all) == 0 {
		return err
	}
	now, err := d.Standings(ctx, tx, letterIDs)
	if err != nil {
		return err
	}
	for _, r := range all {
		if now[r.LetterID].Sealed {
			continue
		}
		if err := do(r); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) tellDeputy(ctx context.Context, tx *db.Tx, r Record, key string, due clock.Date) error {
	return d.Notify.Tell(ctx, tx, notify.Recipients{People: []string{r.PersonID}}, notify.Notice{Key: key, Args: []any{"number", r.title(), "deputy", r.Name, "due", due.VN()}, Link: home + "/" + r.ID,
		CouncilID: r.CouncilID})
}

const (
	morningKind = "reception.duties_morning"
	morningMost = 500
)

// The ladder of reminders: before the day, after it, and when it is long over.
const (
	warnDays = 2
	headDays = 5
)

// The rungs of the ladder that have been climbed.
const (
	rungWarned = 1 + iota // the deputy
	rungLate              // the deputy and the clerks of the office
	rungHead              // the head of the office too
)

// rungOf is how far the reminders of a duty have to have gone by a day.
func rungOf(due, today clock.Date) int {
	switch late := today.Sub(due); {
	case late >= headDays:
		return rungHead
	case late >= 1:
		return rungLate
	case late >= -warnDays:
		return rungWarned
	}
	return 0
}

// morning reminds deputies of what falls due, and the office of what is late.
func (d *Desk) morning(ctx context.Context, _ jobs.Work) error {
	today, after := d.today(), ""
	for {
		var last string
		err := d.DB.Tx(ctx, func(tx *db.Tx) error {
			all, err := waitingOf(ctx, tx, after, morningMost)
			if err != nil {
				return err
			}
			last = ""
			if len(all) == morningMost {
				last = all[morningMost-1].ID
			}
			var ids []string
			for _, r := range all {
				if r.LetterID != "" {
					ids = append(ids, r.LetterID)
				}
			}
			now, err := d.Standings(ctx, tx, ids)
			if err != nil {
				return err
			}
			for _, r := range all {
				if err := d.remind(ctx, tx, r, now[r.LetterID].Sealed, today); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || last == "" {
			return err
		}
		after = last
	}
}

func (d *Desk) remind(ctx context.Context, tx *db.Tx, r Record, sealed bool, today clock.Date) error {
	if sealed { // it was found to be a denunciation since
		r.Waits, r.Rung = "", 0
		return update(ctx, tx, r)
	}
	all, err := Duties(d.Calendar.Rules(), d.Calendar.Current(), r)
	if err != nil {
		return err
	}
	for _, y := range all {
		rung := rungOf(y.Deadline.Due, today)
		if y.Name != r.Waits || rung <= r.Rung {
			continue
		}
		r.Rung = rung
		if err := update(ctx, tx, r); err != nil {
			return err
		}
		key := "duties.notice_" + r.Waits + "_soon"
		if rung >= rungLate {
			key = "duties.notice_" + r.Waits + "_late"
		}
		if err := d.tellDeputy(ctx, tx, r, key, y.Deadline.Due); err != nil {
			return err
		}
		if rung >= rungLate {
			return d.tellOffice(ctx, tx, r, rung, y.Deadline.Due)
		}
	}
	return nil
}

func (d *Desk) tellOffice(ctx context.Context, tx *db.Tx, r Record, rung int, due clock.Date) error {
	offices, err := org.BodiesOf(ctx, tx, r.CouncilID, org.Office)
	if err != nil {
		return err
	}
	roles := []org.Role{org.Clerk}
	if rung >= rungHead {
		roles = append(roles, org.Head)
	}
	for _, b := range offices {
		err := d.Notify.Tell(ctx, tx, notify.Recipients{Body: b.ID, Roles: roles}, notify.Notice{Key: "duties.notice_office_" + r.Waits, Args: []any{"number", r.title(), "deputy", r.Name, "due", due.VN()},
			Link: home + "/" + r.ID, CouncilID: r.CouncilID})
		if err != nil {
			return err
		}
	}
	return nil
}

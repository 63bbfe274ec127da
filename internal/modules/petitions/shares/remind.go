package shares

import (
	"context"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
)

// remindBefore is how many working days before the date a body is reminded; the
// other reminder comes on the first working day after it.
const remindBefore = 3

// remindAtOnce bounds one transaction, so that a morning with thousands does not
// hold the database.
const remindAtOnce = 50

// nextAlarm is the next day on which a body is to be reminded; none when both
// days have gone.
func (d *Desk) nextAlarm(due, today clock.Date) clock.Date {
	cal := d.Cases.Calendar.Current()
	before := due
	for n := remindBefore; n > 0; {
		before = before.AddDays(-1)
		if works, _ := cal.IsWorking(before); works {
			n--
		}
	}
	for _, on := range []clock.Date{before, cal.NextWorking(due)} {
		if on.After(today) {
			return on
		}
	}
	return clock.Date{}
}

// remind reminds the bodies whose date is near or over, and tells the lead what
// is late. Running it twice reminds once.
func (d *Desk) remind(ctx context.Context, _ jobs.Work) error {
	for {
		now := d.Clock.Now()
		seen := 0
		err := d.DB.Tx(ctx, func(tx *db.Tx) error {
			due, err := alarming(ctx, tx, clock.DateOf(now), remindAtOnce)
			if err != nil {
				return err
			}
			seen = len(due)
			for _, s := range due {
				if err := d.remindOne(ctx, tx, s, db.At(now)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || seen < remindAtOnce {
			return err
		}
	}
}

func (d *Desk) remindOne(ctx context.Context, tx *db.Tx, s Share, at db.Time) error {
	c, err := cases.Load(ctx, tx, s.PetitionID)
	if err != nil {
		return err
	}
	today := clock.DateOf(at.Time)
	if s.NextAlarm = (clock.Date{}); s.Open && s.fits(c) {
		s.NextAlarm = d.nextAlarm(s.Due, today)
	}
	// The page that a person has open stays good: a reminder is no change of the part.
	if err := setAlarm(ctx, tx, s); err != nil || !s.Open || !s.fits(c) {
		return err
	}
	key := "shares.notice_due"
	if s.Due.Before(today) {
		key = lateNotice
		if err := d.tellLead(ctx, tx, s, c, org.Actor{}, "shares.notice_lead_late"); err != nil {
			return err
		}
	}
	if err := d.tellBody(ctx, tx, s, c, org.Actor{}, key); err != nil {
		return err
	}
	_, err = d.Audit.Append(ctx, tx, audit.Entry{CouncilID: c.CouncilID, Subject: c.ID, Ref: c.Code, Verb: "petitions.remind_share", At: at.Time, Who: org.System(c.CouncilID),
		Details: map[string]any{"share": s.ID, "due": s.Due.String()}})
	return err
}

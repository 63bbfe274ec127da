package schedule

import (
	"context"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
)

// tellBooked sends word to those who booked: by e-mail at once, else the clerk
// is shown whom to telephone. Who gave no contact reads it by the code.
func (d *Desk) tellBooked(ctx context.Context, tx *db.Tx, day Day, news string, now time.Time) (told int, err error) {
	all, err := bookingsOf(ctx, tx, day.ID)
	if err != nil {
		return 0, err
	}
	for _, b := range all {
		if b.State != Booked {
			continue
		}
		b.News, b.ToldAt, b.ToldBy = news, db.Time{}, ""
		if news == newsCancelled {
			b.Seat, b.State = 0, Dropped
		}
		switch {
		case b.ByMail():
			b.ToldAt, b.ToldBy = db.At(now), "mail"
			if err := d.Notify.Mail(ctx, tx, letterTo(b, day, news)); err != nil {
				return told, err
			}
		case b.Contact == "":
			b.ToldAt, b.ToldBy = db.At(now), "page"
		}
		if err := updateBooking(ctx, tx, b); err != nil {
			return told, err
		}
		told++
	}
	return told, nil
}

func letterTo(b Booking, day Day, news string) notify.Letter {
	l := notify.Letter{CouncilID: b.CouncilID, To: b.Contact, Lang: b.Lang, Link: publicHome + "/dat-cho"}
	if news == newsCancelled {
		l.Subject = notify.Sentence{Key: "schedule.mail_cancelled", Args: []any{"day", day.Date.VN()}}
		l.Body = notify.Sentence{Key: "schedule.mail_cancelled_text", Args: []any{"day", day.Date.VN(), "starts", day.Starts, "reason", day.ChangeNote}}
		return l
	}
	l.Subject = notify.Sentence{Key: "schedule.mail_changed", Args: []any{"day", day.Date.VN()}}
	l.Body = notify.Sentence{Key: "schedule.mail_changed_text", Args: []any{"day", day.Date.VN(), "slot", b.Slot, "starts", day.Starts, "ends", day.Ends, "place", day.Place, "reason", day.ChangeNote}}
	return l
}

// Told notes that the clerk has told somebody by telephone what is new.
func (d *Desk) Told(ctx context.Context, who org.Actor, bookingID string) (dayID string, err error) {
	now := d.Clock.Now()
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		b, err := bookingOf(ctx, tx, bookingID)
		if err != nil {
			return err
		}
		day, err := dayOf(ctx, tx, b.DayID)
		if err != nil {
			return err
		}
		if !day.seenBy(who) || !mayChange.Allows(who) {
			return noBooking()
		}
		dayID = day.ID
		if b.News == "" || !b.ToldAt.IsZero() {
			return nil
		}
		b.ToldAt, b.ToldBy = db.At(now), who.PersonID
		if err := updateBooking(ctx, tx, b); err != nil {
			return err
		}
		return d.note(ctx, tx, who, day, "reception.tell_booked", now, map[string]any{"booking": b.ID, "news": b.News})
	})
	return dayID, err
}

// Mark notes what became of a booking on the day, in the caller's transaction
// and under the caller's entry in the log: arrived, or not come.
func (d *Desk) Mark(ctx context.Context, tx *db.Tx, bookingID string, state BookingState) error {
	b, err := bookingOf(ctx, tx, bookingID)
	if err != nil || b.State == state {
		return err
	}
	if b.Seat == 0 {
		return fault.New(fault.Refused, "schedule.booking_over")
	}
	b.State = state
	return updateBooking(ctx, tx, b)
}

// Forget blanks what a booking tells of a person, in the caller's transaction:
// the visit turned out to be a denunciation.
func (d *Desk) Forget(ctx context.Context, tx *db.Tx, bookingID string) error {
	b, err := bookingOf(ctx, tx, bookingID)
	if err != nil {
		return err
	}
	b.Unnamed, b.Name, b.Contact, b.Subject, b.News = true, "", "", "", ""
	return updateBooking(ctx, tx, b)
}

const (
	morningKind  = "reception.schedule_morning"
	morningAhead = 21 // days that the morning looks ahead
	morningMost  = 500
)

// morning tells each office what its schedule wants today: drafts that must be
// published, connections that must be tested, people who must be told.
func (d *Desk) morning(ctx context.Context, _ jobs.Work) error {
	today := d.today()
	for {
		more := false
		err := d.DB.Tx(ctx, func(tx *db.Tx) error {
			days, err := comingDays(ctx, tx, today, today.AddDays(morningAhead), today, morningMost)
			if err != nil {
				return err
			}
			more = len(days) == morningMost
			for _, day := range days {
				if err := setAlarmed(ctx, tx, day.ID, today); err != nil {
					return err
				}
				if err := d.alarm(ctx, tx, day, today); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || !more {
			return err
		}
	}
}

// alarm tells the office what one day wants today.
func (d *Desk) alarm(ctx context.Context, tx *db.Tx, day Day, today clock.Date) error {
	test, _, err := d.before(testRule, day.Date)
	if err != nil {
		return err
	}
	key, roles := "", []org.Role{org.Clerk}
	switch {
	case day.State == Draft && !today.Before(day.PublishBy):
		key, roles = "schedule.notice_publish", []org.Role{org.Clerk, org.Head}
	case day.State == Published && day.Online && day.TestedOn.IsZero() && !today.Before(test.Due):
		key = "schedule.notice_test"
	}
	if key == "" {
		return nil
	}
	offices, err := org.BodiesOf(ctx, tx, day.CouncilID, org.Office)
	if err != nil {
		return err
	}
	for _, b := range offices {
		err := d.Notify.Tell(ctx, tx, notify.Recipients{Body: b.ID, Roles: roles}, notify.Notice{Key: key, Args: []any{"day", day.Date.VN(), "host", day.HostName, "latest", day.PublishBy.VN()},
			Link: home + "/" + day.ID, CouncilID: day.CouncilID})
		if err != nil {
			return err
		}
	}
	return nil
}

package counter

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Arrival is somebody at the door: with a booking or without.
//
// vi: -
type Arrival struct {
	DayID     string // empty: regular reception
	BookingID string // empty: walk-in, or a code is given
	Code      string // of a booking, as the citizen reads it out
	People    int
	Priority  bool
	Once      string
}

// lateMost is how late somebody may come and keep the booked time.
const lateMost = 15 * time.Minute

// Arrive gives the next number of a queue, today. The same form sent twice, or
// a booking shown twice, gives one number.
func (d *Desk) Arrive(ctx context.Context, who org.Actor, a Arrival) (id string, err error) {
	if !mayServe.Allows(who) {
		return "", fault.New(fault.Forbidden, "counter.not_yours")
	}
	if a.People == 0 {
		a.People = 1
	}
	if a.People < 1 || a.People > groupMax {
		return "", fault.New(fault.Invalid, "counter.people_bad", "max", groupMax).At("people")
	}
	now := d.Clock.Now()
	fresh := db.NewID(now)
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		id = ""
		q, v, err := d.queue(ctx, tx, who, a.DayID, clock.DateOf(now))
		if err != nil {
			return err
		}
		booking := a.BookingID
		if a.Code != "" {
			if booking, err = d.coded(ctx, tx, a.DayID, a.Code); err != nil {
				return err
			}
		}
		if id, err = visitMarked(ctx, tx, who.CouncilID, a.Once, booking); err != nil || id != "" {
			return err
		}
		id = fresh
		v.ID, v.State, v.Priority, v.ArrivedAt, v.People, v.Mark, v.Revision = fresh, Waiting, a.Priority, db.At(now), a.People, a.Once, 1
		if booking != "" {
			if err := d.booked(ctx, tx, &v, booking, now); err != nil {
				return err
			}
		}
		if v.Number, err = take(ctx, tx, q.name(), 1); err != nil {
			return err
		}
		if err := insertVisit(ctx, tx, v); err != nil {
			return err
		}
		return d.note(ctx, tx, who, v, "reception.arrive", now, map[string]any{"number": v.Number, "booked": v.BookingID != "", "people": v.People})
	})
	return id, err
}

// queue is the line of people of a reception today that a person may serve, and
// a visit in it with what it takes from the reception.
func (d *Desk) queue(ctx context.Context, tx *db.Tx, who org.Actor, dayID string, today clock.Date) (q queue, v Visit, err error) {
	q = queue{councilID: who.CouncilID, dayID: dayID, on: today}
	v = Visit{CouncilID: who.CouncilID, On: today, DayID: dayID, Kind: "regular"}
	if dayID == "" {
		if !mayRecord.Allows(who) {
			return q, v, fault.New(fault.Missing, "counter.no_day")
		}
		return q, v, nil
	}
	days, err := d.Plan.On(ctx, tx, who.CouncilID, today)
	if err != nil {
		return q, v, err
	}
	i := slices.IndexFunc(days, func(one Day) bool { return one.ID == dayID })
	if i < 0 {
		return q, v, fault.New(fault.Missing, "counter.no_day")
	}
	day := days[i]
	v.HostPostID, v.HostName, v.HostTitle, v.Leader, v.Delegated, v.Kind, v.Online = day.HostPostID, day.HostName, day.HostTitle, day.Leader, day.Delegated, day.Kind, day.Online
	if !v.reaches(who) {
		return q, v, fault.New(fault.Missing, "counter.no_day")
	}
	return q, v, nil
}

// coded finds a booking of a reception by its code, however it is typed.
func (d *Desk) coded(ctx context.Context, tx *db.Tx, dayID, typed string) (bookingID string, err error) {
	plain := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, strings.ToUpper(text.Line(s)))
	}
	all, err := d.Plan.Bookings(ctx, tx, dayID)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(all, func(b Booking) bool { return plain(b.Code) == plain(typed) })
	if i < 0 {
		return "", fault.New(fault.Invalid, "counter.code_unknown").At("code")
	}
	return all[i].ID, nil
}

// booked takes over a booking: its people and its time, unless that has passed.
func (d *Desk) booked(ctx context.Context, tx *db.Tx, v *Visit, bookingID string, now time.Time) error {
	all, err := d.Plan.Bookings(ctx, tx, v.DayID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(b Booking) bool { return b.ID == bookingID })
	if i < 0 {
		return fault.New(fault.Invalid, "counter.no_booking").At("booking")
	}
	b := all[i]
	v.BookingID, v.People = b.ID, max(b.People, v.People)
	if slot := slotOn(v.On, b.Slot); !now.After(slot.Add(lateMost)) {
		v.SlotAt = db.At(slot)
	}
	return d.Plan.Came(ctx, tx, b.ID, true)
}

// slotOn is the moment of "08:30" on a day.
func slotOn(on clock.Date, slot string) time.Time {
	h, m, _ := strings.Cut(slot, ":")
	hours, errH := strconv.Atoi(h)
	mins, errM := strconv.Atoi(m)
	if errH != nil || errM != nil {
		return on.Time()
	}
	return on.Time().Add(time.Duration(hours)*time.Hour + time.Duration(mins)*time.Minute)
}

// CallNext calls whose turn it is and gives the visit. Two clerks who call at
// once call two people.
func (d *Desk) CallNext(ctx context.Context, who org.Actor, dayID, desk string) (id string, err error) {
	desk = text.Line(desk)
	if len([]rune(desk)) > lineMax {
		return "", fault.New(fault.Invalid, "counter.too_long", "max", lineMax, "have", len([]rune(desk))).At("desk")
	}
	if !mayServe.Allows(who) {
		return "", fault.New(fault.Forbidden, "counter.not_yours")
	}
	now := d.Clock.Now()
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		q, _, err := d.queue(ctx, tx, who, dayID, clock.DateOf(now))
		if err != nil {
			return err
		}
		v, err := nextInLine(ctx, tx, q, now)
		if err != nil {
			return err
		}
		id = v.ID
		v.State, v.CalledAt, v.CalledBy, v.CalledName, v.DeskName = Called, db.At(now), who.PersonID, who.Name, desk
		if err := updateVisit(ctx, tx, v); err != nil {
			return err
		}
		return d.note(ctx, tx, who, v, "reception.call", now, map[string]any{"number": v.Number, "desk": desk})
	})
	return id, err
}

// Missed notes that a called number did not come.
func (d *Desk) Missed(ctx context.Context, who org.Actor, id string) error {
	now := d.Clock.Now()
	return d.act(ctx, who, id, now, deed{verb: "reception.no_show", needs: mayServe, from: []State{Called, Waiting}, done: func(v Visit) bool { return v.State == NoShow }, do: func(tx *db.Tx, v *Visit) (map[string]any, error) {
		v.State = NoShow
		if v.BookingID == "" {
			return nil, nil
		}
		return nil, d.Plan.Came(ctx, tx, v.BookingID, false)
	}})
}

// Back puts somebody who had missed their call, or was called too soon, in the
// queue again: at its end, with the same number.
func (d *Desk) Back(ctx context.Context, who org.Actor, id string) error {
	now := d.Clock.Now()
	return d.act(ctx, who, id, now, deed{verb: "reception.queue_again", needs: mayServe, from: []State{NoShow, Called, Gone}, done: func(v Visit) bool { return v.State == Waiting }, do: func(tx *db.Tx, v *Visit) (map[string]any, error) {
		if v.On != clock.DateOf(now) {
			return nil, fault.New(fault.Refused, "counter.day_over")
		}
		v.State, v.ArrivedAt, v.SlotAt, v.CalledAt, v.CalledBy, v.CalledName = Waiting, db.At(now), db.Time{}, db.Time{}, "", ""
		if v.BookingID == "" {
			return nil, nil
		}
		return nil, d.Plan.Came(ctx, tx, v.BookingID, true)
	}})
}

// Leave notes that somebody went away before their turn.
func (d *Desk) Leave(ctx context.Context, who org.Actor, id string) error {
	return d.act(ctx, who, id, d.Clock.Now(), deed{verb: "reception.leave", needs: mayServe, from: []State{Waiting}, done: func(v Visit) bool { return v.State == Gone }, do: func(_ *db.Tx, v *Visit) (map[string]any, error) {
		v.State = Gone
		return nil, nil
	}})
}

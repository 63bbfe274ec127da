package schedule

import (
	"context"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// Turn is one page of a list of days.
//
// vi: -
type Turn struct {
	Days []Day
	Next string // key of the next page; empty at the end
}

// key is a day's place in a list.
func key(d Day) string { return d.Date.String() + "." + d.ID }

// placeOf reads a list's place; nonsense is the beginning given.
func placeOf(k string, otherwise place) place {
	day, id, _ := strings.Cut(k, ".")
	on, err := clock.ParseDate(day)
	if err != nil || id == "" {
		return otherwise
	}
	return place{on, id}
}

func turn(days []Day, err error) (Turn, error) {
	t := Turn{Days: days}
	if len(days) > pageMost {
		t.Days = days[:pageMost]
		t.Next = key(t.Days[pageMost-1])
	}
	return t, err
}

// List gives one page of the days of a person's council: the coming ones of a
// state, or with past all that were.
func (d *Desk) List(ctx context.Context, who org.Actor, state State, past bool, after string) (t Turn, err error) {
	if !mayRead.Allows(who) {
		return t, fault.New(fault.Forbidden, "schedule.not_yours")
	}
	today := d.today()
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if past {
			t, err = turn(daysBefore(ctx, tx, who.CouncilID, placeOf(after, place{today, ""}), pageMost+1))
		} else {
			t, err = turn(daysIn(ctx, tx, who.CouncilID, state, placeOf(after, place{today, ""}), pageMost+1))
		}
		return err
	})
	t.Days = slices.DeleteFunc(t.Days, func(day Day) bool { return !day.seenBy(who) })
	return t, err
}

// Sheet is one day as an official sees it.
//
// vi: -
type Sheet struct {
	Day
	Bookings         []Booking
	Today, Latest    clock.Date
	Late             bool // a draft that cannot be published in time any more
	Rule             calendar.Rule
	Provisional      bool // a day between may still become a day off
	Steps            []calendar.Step
	NoticeBy, TestBy clock.Date // online only
	MayChange        bool
	MayPublish       bool
	SeesNames        bool // of those who booked
	Begun            bool
}

// Sheet gives a day to a person. Who booked is for the office, and for those who
// receive on that day.
func (d *Desk) Sheet(ctx context.Context, who org.Actor, id string) (s Sheet, err error) {
	now := d.Clock.Now()
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if s.Day, err = dayOf(ctx, tx, id); err != nil {
			return err
		}
		if !s.seenBy(who) {
			return noDay()
		}
		if s.SeesNames = mayChange.Allows(who) || s.HostPostID == who.PostID; s.SeesNames {
			s.Bookings, err = bookingsOf(ctx, tx, id)
		}
		return err
	})
	if err != nil {
		return s, err
	}
	s.Today, s.Begun = clock.DateOf(now), !s.Begins().After(now)
	due, rule, err := d.before(publishRule, s.Date)
	if err != nil {
		return s, err
	}
	s.Latest, s.Rule, s.Provisional, s.Steps = due.Due, rule, due.Provisional, due.Explain()
	if s.Online {
		notice, _, err := d.before(noticeRule, s.Date)
		if err != nil {
			return s, err
		}
		test, _, err := d.before(testRule, s.Date)
		if err != nil {
			return s, err
		}
		s.NoticeBy, s.TestBy = notice.Due, test.Due
	}
	s.Late = s.State == Draft && s.Today.After(s.Latest)
	s.MayChange = mayChange.Allows(who) && s.State != Cancelled && !s.Begun
	s.MayPublish = mayPublish.Allows(who) && !s.Begun
	return s, nil
}

// Warnings name what an online reception still lacks, or what of it cannot be
// kept any more (NĐ 154/2026, Điều 20 khoản 4, Điều 23, 24).
func (s Sheet) Warnings() []string {
	if !s.Online || s.State == Cancelled {
		return nil
	}
	all := []string{"online_denouncer", "online_connect"}
	published := clock.DateOf(s.PublishedAt.Time)
	if s.State == Draft && s.Today.After(s.NoticeBy) || s.State == Published && published.After(s.NoticeBy) {
		all = append(all, "online_notice_late")
	}
	if s.TestedOn.IsZero() && !s.Today.Before(s.TestBy) {
		all = append(all, "online_untested")
	} else if !s.TestedOn.IsZero() && s.TestedOn.After(s.TestBy) {
		all = append(all, "online_tested_late")
	}
	if s.Begun && s.Recording == "" {
		all = append(all, "online_unrecorded")
	}
	return all
}

// Choices are what a form about a day offers.
//
// vi: -
type Choices struct {
	Hosts []org.Directory
}

// Choices lists who may receive on a day of the person's council.
func (d *Desk) Choices(ctx context.Context, who org.Actor, on clock.Date) (c Choices, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		c.Hosts, err = hosts(ctx, tx, who.CouncilID, on)
		return err
	})
	return c, err
}

// Hours gives the usual hours of the person's council.
func (d *Desk) Hours(ctx context.Context, who org.Actor) (h Hours, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		h, err = hoursOf(ctx, tx, who.CouncilID)
		return err
	})
	return h, err
}

// Board is the public page of one council.
//
// vi: lịch tiếp công dân công khai
type Board struct {
	Turn
	Council  org.Council
	Councils []org.Council
	Hours    Hours
}

// Board gives one page of a council's published receptions to anybody, the
// cancelled ones among them; without a code those of the first council.
func (d *Desk) Board(ctx context.Context, councilCode, after string) (b Board, err error) {
	today := d.today()
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if b.Councils, err = org.Councils(ctx, tx); err != nil {
			return err
		}
		i := slices.IndexFunc(b.Councils, func(c org.Council) bool { return c.Code == councilCode })
		switch {
		case i >= 0:
			b.Council = b.Councils[i]
		case councilCode == "" && len(b.Councils) > 0:
			b.Council = b.Councils[0]
		default:
			return fault.New(fault.Missing, "schedule.no_council")
		}
		if b.Hours, err = hoursOf(ctx, tx, b.Council.ID); err != nil {
			return err
		}
		b.Turn, err = turn(daysIn(ctx, tx, b.Council.ID, Published, placeOf(after, place{today, ""}), pageMost+1))
		if err != nil || after != "" {
			return err
		}
		gone, err := daysIn(ctx, tx, b.Council.ID, Cancelled, place{today, ""}, pageMost)
		for _, day := range gone {
			if !day.PublishedAt.IsZero() {
				b.Days = append(b.Days, day)
			}
		}
		slices.SortStableFunc(b.Days, func(x, y Day) int { return strings.Compare(key(x), key(y)) })
		return err
	})
	return b, err
}

// Slot is a time of a day with how many places are left.
//
// vi: khung giờ
type Slot struct {
	At   string
	Left int
	Open bool
}

// Public is one published day as anybody sees it.
//
// vi: -
type Public struct {
	Day
	Council org.Council
	Slots   []Slot
}

// Public gives a published day to anybody.
func (d *Desk) Public(ctx context.Context, id string) (p Public, err error) {
	now := d.Clock.Now()
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if p.Day, err = publicDay(ctx, tx, id); err != nil {
			return err
		}
		if p.Council, err = org.CouncilOf(ctx, tx, p.CouncilID); err != nil {
			return err
		}
		taken, err := slotsTaken(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, at := range p.Day.Slots() {
			s := Slot{At: at, Left: p.SlotSeats, Open: p.open(at, now)}
			if i := slices.IndexFunc(taken, func(t takenIn) bool { return t.Slot == at }); i >= 0 {
				s.Left -= taken[i].Taken
			}
			s.Open = s.Open && s.Left > 0
			p.Slots = append(p.Slots, s)
		}
		return nil
	})
	return p, err
}

// On lists the published receptions of a council on one day.
func (d *Desk) On(ctx context.Context, tx *db.Tx, councilID string, on clock.Date) ([]Day, error) {
	return daysOn(ctx, tx, councilID, on)
}

// Of gives one day, whoever asks.
func (d *Desk) Of(ctx context.Context, tx *db.Tx, id string) (Day, error) { return dayOf(ctx, tx, id) }

// Bookings lists those of a day that stand, by time.
func (d *Desk) Bookings(ctx context.Context, tx *db.Tx, dayID string) ([]Booking, error) {
	all, err := bookingsOf(ctx, tx, dayID)
	return slices.DeleteFunc(all, func(b Booking) bool { return b.Seat == 0 }), err
}

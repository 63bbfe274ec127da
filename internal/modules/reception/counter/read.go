package counter

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
)

// Hall is the desk screen of one reception: who is called, who waits, and who
// booked and has not come yet.
//
// vi: màn hình quầy tiếp công dân
type Hall struct {
	Days     []Day // today's that the person may serve
	Day      Day   // the one looked at; empty ID: regular reception
	Regular  bool  // the person may serve regular reception too
	Line     []Visit
	Expected []Booking
	Today    clock.Date
}

// Hall shows a reception of today to who serves it.
func (d *Desk) Hall(ctx context.Context, who org.Actor, dayID string) (h Hall, err error) {
	if !mayServe.Allows(who) {
		return h, fault.New(fault.Forbidden, "counter.not_yours")
	}
	now := d.Clock.Now()
	h.Today, h.Regular = clock.DateOf(now), mayRecord.Allows(who)
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		days, err := d.Plan.On(ctx, tx, who.CouncilID, h.Today)
		if err != nil {
			return err
		}
		h.Days = slices.DeleteFunc(days, func(one Day) bool {
			return !Visit{CouncilID: one.CouncilID, HostPostID: one.HostPostID}.reaches(who)
		})
		i := slices.IndexFunc(h.Days, func(one Day) bool { return one.ID == dayID })
		switch {
		case i >= 0:
			h.Day = h.Days[i]
		case dayID != "":
			return fault.New(fault.Missing, "counter.no_day")
		case !h.Regular && len(h.Days) > 0:
			h.Day = h.Days[0]
		case !h.Regular:
			return nil
		}
		if h.Line, err = inLine(ctx, tx, queue{who.CouncilID, h.Day.ID, h.Today}, now); err != nil || h.Day.ID == "" {
			return err
		}
		booked, err := d.Plan.Bookings(ctx, tx, h.Day.ID)
		h.Expected = slices.DeleteFunc(booked, func(b Booking) bool { return b.Came || b.Missed })
		return err
	})
	return h, err
}

// Record is one visit with all that was written down.
//
// vi: hồ sơ lượt tiếp
type Record struct {
	Visit
	Present  []Person
	Lines    []Line
	Receipts []Receipt
	Earlier  []Past
	Notice   calendar.Rule   // by which the notice of a refusal is due
	Steps    []calendar.Step // how that day came about
	Today    clock.Date
	Serves   bool
	Records  bool
	Reveals  bool
	CanSeal  bool
	CanHand  bool
}

// Past is an earlier visit of the same person.
//
// vi: lần tiếp trước
type Past struct {
	VisitID string     `db:"visit_id"`
	On      clock.Date `db:"on_day"`
}

// Record gives a visit to a person. Of a sealed one only its date is here.
func (d *Desk) Record(ctx context.Context, who org.Actor, id string) (r Record, err error) {
	r.Today = d.today()
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if r.Visit, err = d.visit(ctx, tx, who, id); err != nil || r.Sealed {
			return err
		}
		if r.Present, err = peopleOf(ctx, tx, id); err != nil {
			return err
		}
		if r.Lines, err = linesOf(ctx, tx, id); err != nil {
			return err
		}
		if r.Receipts, err = receiptsOf(ctx, tx, id); err != nil {
			return err
		}
		var digests []string
		for _, p := range r.Present {
			if p.PaperDigest != "" {
				digests = append(digests, p.PaperDigest)
			}
		}
		r.Earlier, err = visitsBefore(ctx, tx, r.Visit, digests)
		return err
	})
	if err != nil {
		return r, err
	}
	r.Serves, r.Records, r.Reveals = mayServe.Allows(who), mayRecord.Allows(who), mayReveal.Allows(who)
	r.CanSeal, r.CanHand = d.Seal != nil && !r.Online, d.Letter != nil && r.Records
	if !r.NoticeDue.IsZero() {
		var due calendar.Deadline
		due, r.Notice, err = d.due(noticeRule, r.RefusedOn)
		r.Steps = due.Explain()
	}
	return r, err
}

// Owed is what the office still owes citizens.
//
// vi: việc còn phải làm sau buổi tiếp
type Owed struct {
	Kind    string // "notice", "conclusion", "telling"
	VisitID string
	On, Due clock.Date
	About   string
}

// owedMost bounds each kind of the list.
const owedMost = 200

// Owed lists notices of refusal, notices of conclusion and results that citizens
// wait for, the most urgent first.
func (d *Desk) Owed(ctx context.Context, who org.Actor) (all []Owed, err error) {
	if !mayLog.Allows(who) {
		return nil, fault.New(fault.Forbidden, "counter.not_yours")
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all = nil
		for _, one := range []struct {
			kind string
			list func(context.Context, *db.Tx, string, int) ([]debt, error)
		}{{"notice", noticesOwed}, {"conclusion", conclusionsOwed}, {"telling", tellingsOwed}} {
			some, err := one.list(ctx, tx, who.CouncilID, owedMost)
			if err != nil {
				return err
			}
			for _, s := range some {
				all = append(all, Owed{one.kind, s.VisitID, s.On, s.Due, s.About})
			}
		}
		return nil
	})
	return all, err
}

const morningKind = "reception.counter_morning"

// morning tells each office how many notices and results are due by tomorrow's
// next working day.
func (d *Desk) morning(ctx context.Context, _ jobs.Work) error {
	until := d.Calendar.Current().NextWorking(d.today())
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		councils, err := org.Councils(ctx, tx)
		if err != nil {
			return err
		}
		for _, c := range councils {
			notices, err := noticesDue(ctx, tx, c.ID, until)
			if err != nil {
				return err
			}
			tellings, err := tellingsDue(ctx, tx, c.ID, until)
			if err != nil {
				return err
			}
			if notices+tellings == 0 {
				continue
			}
			offices, err := org.BodiesOf(ctx, tx, c.ID, org.Office)
			if err != nil {
				return err
			}
			for _, b := range offices {
				err := d.Notify.Tell(ctx, tx, notify.Recipients{Body: b.ID, Roles: []org.Role{org.Clerk, org.Head}},
					notify.Notice{Key: "counter.notice_due", Args: []any{"notices", notices, "tellings", tellings, "until", until.VN()}, Link: owedPath, CouncilID: c.ID})
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Matter gives one content with its visit.
func (d *Desk) Matter(ctx context.Context, who org.Actor, lineID string) (l Line, r Record, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		l, err = lineOf(ctx, tx, lineID)
		return err
	})
	if err != nil {
		return l, r, err
	}
	if r, err = d.Record(ctx, who, l.VisitID); fault.Is(err, "counter.no_visit") || err == nil && r.Sealed {
		err = fault.New(fault.Missing, "counter.no_line")
	}
	return l, r, err
}

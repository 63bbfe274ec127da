package calendar

import (
	"slices"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
)

// Unit is what a time limit is counted in.
type Unit string

// The units. None is for duties that the law names without a number.
const (
	Days        Unit = "day"         // ngày: every day of the calendar
	WorkingDays Unit = "working-day" // ngày làm việc
	Months      Unit = "month"       // tháng, to the same day of a later month
	None        Unit = "none"
)

// countMax bounds a time limit: ten years of days.
const countMax = 3660

// Run is one clock: a time limit that began with an event, and all that
// happened to it since. It is stored with the case; counting it again with the
// same Calendar gives the same Deadline.
//
// vi: thời hạn
type Run struct {
	Start      clock.Date  `json:"start"` // day of the event; not counted (BLDS 2015, Điều 147 khoản 2)
	Count      int         `json:"count"`
	Unit       Unit        `json:"unit"`
	Pauses     []Pause     `json:"pauses,omitempty"`
	Extensions []Extension `json:"extensions,omitempty"`
	Event      string      `json:"event,omitempty"` // text key of the event; empty for a free calculation
	Rule       string      `json:"rule,omitempty"`  // key of the rule; empty for a free calculation
	Basis      string      `json:"basis,omitempty"` // its article; empty while the rule is not confirmed
	Backward   bool        `json:"backward,omitempty"`
}

// Pause is a time during which the clock stands still. The day of the pause
// counts as paused, the day of resumption does not.
//
// vi: tạm dừng, tạm đình chỉ
type Pause struct {
	From     clock.Date `json:"from"`
	Until    clock.Date `json:"until"` // day of resumption; none while still paused
	Reason   string     `json:"reason,omitempty"`
	Document string     `json:"document,omitempty"`
}

// Extension lengthens the clock by a document. It is counted on from the raw
// due date, so that 60 days extended by 30 are 90 days.
//
// vi: gia hạn
type Extension struct {
	Count    int        `json:"count"`
	Unit     Unit       `json:"unit"`
	Document string     `json:"document,omitempty"`
	Basis    string     `json:"basis,omitempty"`
	On       clock.Date `json:"on"`
}

// Deadline is a Run counted out.
//
// vi: hạn, ngày hết hạn
type Deadline struct {
	Run
	Raw         clock.Date `json:"raw"`         // the last counted day; none while paused
	Due         clock.Date `json:"due"`         // Raw, or the next working day; ends at 24:00
	Running     bool       `json:"running"`     // false while a pause is open
	PausedDays  int        `json:"paused_days"` // by how many days (working days) pauses moved Raw
	Skipped     []Skip     `json:"skipped"`     // every day left out, in order
	Provisional bool       `json:"provisional"` // depends on a day nobody has confirmed
}

// Count counts r out by BLDS 2015, Điều 145–148: the day of the event is not
// counted; a month without that day ends on its last; the limit ends at 24:00 of
// the last day, and when that is a rest day, at the end of the next working day.
func (c *Calendar) Count(r Run) (Deadline, error) {
	if r.Backward {
		return c.countBack(r)
	}
	start, pauses, err := c.accept(r)
	if err != nil {
		return Deadline{}, err
	}
	k := count{c: c, at: start, pauses: pauses}
	d := Deadline{Run: r, Running: true}
	terms := append([]Extension{{Count: r.Count, Unit: r.Unit}}, r.Extensions...)
	for _, term := range terms {
		if err := k.add(term.Count, term.Unit); err != nil {
			return Deadline{}, err
		}
	}
	raw := k.at
	if !k.stopped {
		if err := k.roll(); err != nil {
			return Deadline{}, err
		}
	}
	d.PausedDays, d.Skipped, d.Provisional = k.paused, k.skipped, k.doubt
	if k.stopped {
		d.Running = false
		return d, nil
	}
	d.Raw, d.Due = c.date(raw), c.date(k.at)
	return d, nil
}

// span is a pause in day numbers: from up to, but without, until.
type span struct {
	from, until int
	open        bool
	pause       Pause
}

// accept refuses a Run that cannot be counted.
func (c *Calendar) accept(r Run) (start int, pauses []span, err error) {
	start, ok := c.index(r.Start)
	if !ok {
		return 0, nil, outOfRange().At("from")
	}
	if err := acceptTerm(r.Count, r.Unit); err != nil {
		return 0, nil, err
	}
	for _, x := range r.Extensions {
		if err := acceptTerm(x.Count, x.Unit); err != nil {
			return 0, nil, err
		}
	}
	for _, p := range r.Pauses {
		s := span{open: p.Until.IsZero(), pause: p}
		var okFrom, okUntil bool
		s.from, okFrom = c.index(p.From)
		if s.until, okUntil = c.index(p.Until); s.open {
			s.until, okUntil = len(c.off), true
		}
		if !okFrom || !okUntil {
			return 0, nil, outOfRange().At("pause")
		}
		if s.until < s.from {
			return 0, nil, fault.New(fault.Invalid, "calendar.pause_reversed",
				"from", p.From.VN(), "until", p.Until.VN()).At("pause")
		}
		pauses = append(pauses, s)
	}
	slices.SortStableFunc(pauses, func(a, b span) int {
		if a.from != b.from {
			return a.from - b.from
		}
		return a.until - b.until
	})
	for i := 1; i < len(pauses); i++ {
		if a, b := pauses[i-1], pauses[i]; b.from < a.until {
			return 0, nil, fault.New(fault.Invalid, "calendar.pause_overlap",
				"first", a.pause.From.VN(), "second", b.pause.From.VN()).At("pause")
		}
	}
	return start, pauses, nil
}

func acceptTerm(n int, u Unit) error {
	switch u {
	case Days, WorkingDays, Months:
	case None:
		return fault.New(fault.Invalid, "calendar.no_limit").At("unit")
	default:
		return fault.New(fault.Invalid, "calendar.unknown_unit").At("unit")
	}
	if n < 1 || n > countMax {
		return fault.New(fault.Invalid, "calendar.bad_count", "max", countMax).At("count")
	}
	return nil
}

// count is a clock being counted: where it stands, and what it left out.
type count struct {
	c       *Calendar
	at      int // last day dealt with
	pauses  []span
	paused  int
	stopped bool // an open pause was reached
	skipped []Skip
	doubt   bool
}

// add counts n more units on from where the clock stands.
func (k *count) add(n int, u Unit) error {
	if k.stopped {
		return nil
	}
	if u == Months {
		end, ok := k.c.index(addMonths(k.c.date(k.at), n))
		if !ok {
			return outOfRange()
		}
		n = end - k.at
	}
	for {
		end, err := k.plain(n, u)
		if err != nil {
			return err
		}
		for len(k.pauses) > 0 && k.pauses[0].until <= k.at+1 {
			k.pauses = k.pauses[1:] // over before anything was counted
		}
		if len(k.pauses) == 0 || k.pauses[0].from > end {
			k.skipTo(end, u)
			return nil
		}
		p := k.pauses[0]
		if last := max(p.from-1, k.at); last > k.at {
			n -= k.units(last, u)
			k.skipTo(last, u)
		}
		if p.open {
			k.stopped = true
			return nil
		}
		k.paused += k.units(p.until-1, u)
		k.standStill(p, u)
	}
}

// plain is the day on which n units are over if nothing pauses the clock.
func (k *count) plain(n int, u Unit) (int, error) {
	if u == WorkingDays {
		i := int(k.c.worked[k.at+1]) + n - 1
		if i >= len(k.c.working) {
			return 0, outOfRange()
		}
		return int(k.c.working[i]), nil
	}
	if k.at+n >= len(k.c.off) {
		return 0, outOfRange()
	}
	return k.at + n, nil
}

// units counts the days, or working days, after the clock up to and with last.
func (k *count) units(last int, u Unit) int {
	if u == WorkingDays {
		return int(k.c.worked[last+1] - k.c.worked[k.at+1])
	}
	return last - k.at
}

// skipTo moves the clock to end, leaving out the rest days if working days are
// counted.
func (k *count) skipTo(end int, u Unit) {
	if u == WorkingDays {
		k.rests(k.at+1, end+1)
	}
	k.at = end
}

// rests leaves out the days not worked of [from, until).
func (k *count) rests(from, until int) {
	c := k.c
	k.skipped = append(k.skipped, c.rests[from-int(c.worked[from]):until-int(c.worked[until])]...)
	k.doubt = k.doubt || c.doubted[until] > c.doubted[from]
}

// standStill leaves out the days of p that the clock has not passed. For a
// clock of working days a rest day stays what it is: it would not have counted.
func (k *count) standStill(p span, u Unit) {
	for i := k.at + 1; i < p.until; i++ {
		if u == WorkingDays && k.c.off[i] {
			k.rests(i, i+1)
			continue
		}
		k.skipped = append(k.skipped, p.skip(k.c.date(i)))
		if u == WorkingDays {
			k.doubt = k.doubt || k.c.doubted[i+1] > k.c.doubted[i]
		}
	}
	k.at = p.until - 1
	k.pauses = k.pauses[1:]
}

func (p span) skip(d clock.Date) Skip {
	return Skip{Date: d, Reason: "calendar.reason_paused", Name: p.pause.Reason, Source: p.pause.Document}
}

// roll moves the clock from its raw due date to a working day on which it is not
// paused: somebody may pause it on the very Monday to which it was rolled.
func (k *count) roll() error {
	c := k.c
	for i := k.at; i < len(c.off); i++ {
		for len(k.pauses) > 0 && k.pauses[0].until <= i {
			k.pauses = k.pauses[1:]
		}
		standing := i > k.at && len(k.pauses) > 0 && k.pauses[0].from <= i
		switch {
		case standing && k.pauses[0].open:
			k.stopped = true
			return nil
		case c.off[i]:
			k.rests(i, i+1)
		case standing:
			k.skipped = append(k.skipped, k.pauses[0].skip(c.date(i)))
		default:
			k.doubt = k.doubt || c.doubted[i+1] > c.doubted[i]
			k.at = i
			return nil
		}
	}
	return outOfRange()
}

// addMonths is the same day n months later, or that month's last day (BLDS 2015,
// Điều 148 khoản 3).
func addMonths(d clock.Date, n int) clock.Date {
	months := d.Year*12 + int(d.Month) - 1 + n
	year, month := months/12, time.Month(months%12+1)
	next := clock.Date{Year: (months + 1) / 12, Month: time.Month((months+1)%12 + 1), Day: 1}
	last := dateOfJulian(julian(next) - 1).Day
	return clock.Date{Year: year, Month: month, Day: min(d.Day, last)}
}

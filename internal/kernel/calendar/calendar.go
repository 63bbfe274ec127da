// Package calendar knows which days the offices work and counts the time limits
// of the law (BLDS 2015, Điều 145–148).
//
// In the field: ngày làm việc, ngày nghỉ lễ, nghỉ bù, hoán đổi ngày làm việc,
// âm lịch, thời hạn and its explanation. It owns the dated facts (days/*.toml),
// the dated rules (rules/*.toml) and the table of days that an administrator
// enters. It does not know cases: whoever runs a clock hands in a Run and keeps
// the Deadline. It decides no legal question: what is not confirmed is marked so
// and prints no article.
package calendar

import (
	"embed"
	"slices"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
)

// Files holds the sentences, the table, the days and the rules.
//
//go:embed text migrations days rules
var Files embed.FS

// The years the calendar covers. The lunar feasts are computed for all of them.
const (
	FirstYear = 2000
	LastYear  = 2100
)

// Settings are the open questions of counting that an office decides for itself.
type Settings struct {
	// IgnoreWorkingSaturdays counts a Saturday worked in exchange for a day off
	// as a rest day all the same. The law is silent; by default it is a working day.
	IgnoreWorkingSaturdays bool
}

// Calendar is an immutable picture of all days from FirstYear to LastYear. It is
// safe to use from many goroutines, and never changes: an administrator's entry
// makes a new one.
type Calendar struct {
	settings Settings
	first    int         // Julian day of the first day
	off      []bool      // by day: not worked
	worked   []int32     // by day: working days before it; one more than days
	working  []int32     // the working days in order
	rests    []Skip      // the days not worked, in order
	doubted  []int32     // by day: unconfirmed days before it; one more than days
	marked   []Day       // every day that is more than a plain weekday or weekend, in order
	byDay    map[int]Day // marked by day
}

// Load makes the calendar from the days we ship and the extra days, which were
// entered by an administrator and override ours.
func Load(extra ...Day) (*Calendar, error) { return LoadWith(Settings{}, extra...) }

// LoadWith is Load with settings.
func LoadWith(s Settings, extra ...Day) (*Calendar, error) {
	src, err := readDays(Files)
	if err != nil {
		return nil, err
	}
	return build(s, src, extra)
}

func build(s Settings, src source, extra []Day) (*Calendar, error) {
	marked, err := src.layout(extra)
	if err != nil {
		return nil, err
	}
	c := &Calendar{
		settings: s, first: julian(clock.Date{Year: FirstYear, Month: time.January, Day: 1}),
		marked: marked, byDay: make(map[int]Day, len(marked)),
	}
	last := julian(clock.Date{Year: LastYear, Month: time.December, Day: 31})
	n := last - c.first + 1
	c.off, c.worked, c.doubted = make([]bool, n), make([]int32, n+1), make([]int32, n+1)
	for _, d := range marked {
		c.byDay[julian(d.Date)-c.first] = d
	}
	for i := range n {
		jd := c.first + i
		skip, off := Skip{}, false
		day, ok := c.byDay[i]
		if rest, is := src.weekly(jd); is {
			skip, off = rest.skip(dateOfJulian(jd)), true
		}
		if ok {
			skip, off = day.decide(s, skip, off)
		}
		c.worked[i+1], c.doubted[i+1] = c.worked[i], c.doubted[i]
		if ok && !day.Confirmed {
			c.doubted[i+1]++
		}
		c.off[i] = off
		if off {
			c.rests = append(c.rests, skip)
			continue
		}
		c.worked[i+1]++
		c.working = append(c.working, int32(i))
	}
	return c, nil
}

// Skip is a day that does not count, and why.
type Skip struct {
	Date   clock.Date `json:"date"`
	Reason string     `json:"reason"` // text key, e.g. "calendar.reason_holiday"
	Name   string     `json:"name"`
	NameEn string     `json:"name_en,omitempty"`
	Source string     `json:"source,omitempty"`
}

// IsWorking tells whether the offices work on d; if not, the Skip says why.
// Outside the covered years only Saturday and Sunday are known.
func (c *Calendar) IsWorking(d clock.Date) (bool, Skip) {
	i, ok := c.index(d)
	if !ok {
		wd := weekdayOf(julian(d))
		if wd == time.Saturday || wd == time.Sunday {
			return false, Skip{Date: d, Reason: "calendar.reason_weekly"}
		}
		return true, Skip{}
	}
	if c.off[i] {
		return false, c.rests[i-int(c.worked[i])]
	}
	return true, Skip{}
}

// Roll is d itself when it is worked, else the next working day: where a time
// limit ends whose last day is a rest day (BLDS 2015, Điều 148 khoản 5).
func (c *Calendar) Roll(d clock.Date) clock.Date {
	for {
		if ok, _ := c.IsWorking(d); ok {
			return d
		}
		d = dateOfJulian(julian(d) + 1)
	}
}

// NextWorking is the first working day after d.
func (c *Calendar) NextWorking(d clock.Date) clock.Date {
	return c.Roll(dateOfJulian(julian(d) + 1))
}

// WorkingDays counts the working days after from, up to and with until.
func (c *Calendar) WorkingDays(from, until clock.Date) (int, error) {
	i, okFrom := c.index(from)
	j, okUntil := c.index(until)
	if !okFrom || !okUntil {
		return 0, outOfRange()
	}
	return int(c.worked[j+1] - c.worked[i+1]), nil
}

// LunarOf is the lunar date of d.
func (c *Calendar) LunarOf(d clock.Date) Lunar { return LunarOf(d) }

// Holidays lists the feasts, the days off in lieu, the exchanged days and the
// doubtful days of a year in order.
func (c *Calendar) Holidays(year int) []Day {
	from, _ := slices.BinarySearchFunc(c.marked, year, func(d Day, y int) int { return d.Date.Year - y })
	to, _ := slices.BinarySearchFunc(c.marked, year+1, func(d Day, y int) int { return d.Date.Year - y })
	return slices.Clone(c.marked[from:to])
}

// Provisional lists the days from from to until, both included, that nobody has
// confirmed: a deadline that depends on one of them may still move.
func (c *Calendar) Provisional(from, until clock.Date) []Day {
	var found []Day
	for _, d := range c.marked {
		if jd := julian(d.Date); !d.Confirmed && jd >= julian(from) && jd <= julian(until) {
			found = append(found, d)
		}
	}
	return found
}

// Warning says that a year's days off are not officially known yet.
type Warning struct {
	Year   int
	Feasts []Feast
	Days   []Day
	Sentence
}

// Missing warns about this year and the next: each year the Prime Minister
// decides the days off of Tết and National Day (BLLĐ 2019, Điều 112 khoản 3), and
// until somebody enters them the calendar only guesses.
func (c *Calendar) Missing(today clock.Date) []Warning {
	var all []Warning
	for _, year := range []int{today.Year, today.Year + 1} {
		w := Warning{Year: year}
		for _, d := range c.Holidays(year) {
			if d.Confirmed {
				continue
			}
			w.Days = append(w.Days, d)
			if d.Feast != "" && !slices.Contains(w.Feasts, d.Feast) {
				w.Feasts = append(w.Feasts, d.Feast)
			}
		}
		if len(w.Days) == 0 {
			continue
		}
		w.Sentence = Sentence{Key: "calendar.missing_layout", Args: []any{
			"year", year, "days", len(w.Days), "first", w.Days[0].Date.VN(), "last", w.Days[len(w.Days)-1].Date.VN(),
		}}
		all = append(all, w)
	}
	return all
}

// index is d's place in the tables; false when d is no date or not covered.
func (c *Calendar) index(d clock.Date) (int, bool) {
	if d.Year < FirstYear || d.Year > LastYear {
		return 0, false
	}
	jd := julian(d)
	return jd - c.first, dateOfJulian(jd) == d
}

func (c *Calendar) date(i int) clock.Date { return dateOfJulian(c.first + i) }

func outOfRange() *fault.Fault {
	return fault.New(fault.Invalid, "calendar.out_of_range", "first", FirstYear, "last", LastYear)
}

package calendar

import (
	"errors"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

// Kind says what makes a day different from its weekday.
type Kind string

// The kinds of marked days.
const (
	Holiday      Kind = "holiday"      // ngày nghỉ lễ, tết
	Compensation Kind = "compensation" // ngày nghỉ bù (BLLĐ 2019, Điều 111 khoản 3)
	SwapOff      Kind = "swap-off"     // ngày nghỉ được hoán đổi
	SwapWork     Kind = "swap-work"    // ngày làm bù, worked for a SwapOff
	Doubtful     Kind = "doubtful"     // worked as far as anybody knows, may yet become a day off
)

// Feast groups the days of one holiday in one year. Days that name a feast
// replace what a lower source says of that feast in that year: the year's table
// replaces the general rule, and an administrator's entry replaces the table.
type Feast string

// The feasts of the law. Tết and National Day are laid out anew each year.
const (
	NewYear     Feast = "new_year"     // Tết Dương lịch
	Tet         Feast = "tet"          // Tết Nguyên đán
	HungKings   Feast = "hung_kings"   // Giỗ Tổ Hùng Vương
	Reunion     Feast = "reunion"      // Ngày Chiến thắng 30/4
	LabourDay   Feast = "labour_day"   // Ngày Quốc tế lao động 01/5
	NationalDay Feast = "national_day" // Quốc khánh
	CultureDay  Feast = "culture_day"  // Ngày Văn hóa Việt Nam 24/11
)

// Day is a dated fact about one day.
type Day struct {
	ID        string     `db:"id"` // of an entered day; empty for the days we ship
	Date      clock.Date `db:"day"`
	Kind      Kind       `db:"kind"`
	Feast     Feast      `db:"feast"`
	Name      string     `db:"name"` // in Vietnamese
	NameEn    string     `db:"name_en"`
	Source    string     `db:"source"` // the paper that says so
	Mark      string     // how sure our research was: V seen, K known, U unsure, computed, law; empty when entered
	Confirmed bool       `db:"confirmed"`  // false: "tạm tính"
	For       clock.Date `db:"stands_for"` // the feast this day stands in for, or the other day of an exchange
	From      clock.Date `db:"in_force"`   // since when the source is in force
	Computed  bool       // written nowhere: follows from the rule of compensation
}

// check refuses a day that cannot be what it says.
func (d Day) check() *fault.Fault {
	bad := func(key, field, why string) *fault.Fault {
		return fault.New(fault.Invalid, key, "date", d.Date.VN(), "first", FirstYear, "last", LastYear).
			At(field).Because(errors.New(why))
	}
	rest := d.Date.Weekday() == time.Saturday || d.Date.Weekday() == time.Sunday
	switch {
	case d.Date.Year < FirstYear || d.Date.Year > LastYear || dateOfJulian(julian(d.Date)) != d.Date:
		return bad("calendar.out_of_range", "date", "the date is missing, wrong or outside the covered years")
	case d.Kind != Holiday && d.Kind != Compensation && d.Kind != SwapOff && d.Kind != SwapWork && d.Kind != Doubtful:
		return bad("calendar.unknown_kind", "kind", "unknown kind "+string(d.Kind))
	case !d.Feast.known():
		return bad("calendar.unknown_feast", "feast", "unknown feast "+string(d.Feast))
	case d.Name == "":
		return bad("calendar.name_missing", "name", "the day has no name")
	case d.Source == "":
		return bad("calendar.source_missing", "source", "the day has no source")
	case d.Kind == SwapWork && !rest:
		return bad("calendar.swap_work_weekday", "date", "a day worked in exchange must be a Saturday or Sunday")
	case (d.Kind == SwapOff || d.Kind == Compensation) && rest:
		return bad("calendar.off_on_rest_day", "date", "a Saturday or Sunday is off anyway")
	case d.Kind == Compensation && (d.For.IsZero() || !d.For.Before(d.Date)):
		return bad("calendar.compensation_for", "for", "a compensation day must name the earlier holiday it stands for")
	case !d.From.IsZero() && d.From.After(d.Date):
		return bad("calendar.from_after_date", "from", "the source is not yet in force on that day")
	case d.Kind == Doubtful && d.Confirmed:
		return bad("calendar.doubtful_confirmed", "confirmed", "a doubtful day cannot be confirmed")
	}
	return nil
}

func (f Feast) known() bool {
	switch f {
	case "", NewYear, Tet, HungKings, Reunion, LabourDay, NationalDay, CultureDay:
		return true
	}
	return false
}

func (d Day) isOff() bool { return d.Kind == Holiday || d.Kind == Compensation || d.Kind == SwapOff }

// decide turns the marked day into worked or not, given what its weekday says.
func (d Day) decide(s Settings, weekly Skip, off bool) (Skip, bool) {
	switch {
	case d.isOff():
		return d.skip(), true
	case d.Kind == SwapWork && s.IgnoreWorkingSaturdays:
		skip := d.skip()
		skip.Reason = "calendar.reason_saturday_ignored"
		return skip, true
	case d.Kind == SwapWork:
		return Skip{}, false
	}
	return weekly, off
}

func (d Day) skip() Skip {
	return Skip{Date: d.Date, Reason: d.Kind.reason(), Name: d.Name, NameEn: d.NameEn, Source: d.Source}
}

// reason is the text key that says what kind of day it is.
func (k Kind) reason() string {
	switch k {
	case Holiday:
		return "calendar.reason_holiday"
	case Compensation:
		return "calendar.reason_compensation"
	case SwapOff:
		return "calendar.reason_swap_off"
	case SwapWork:
		return "calendar.reason_swap_work"
	}
	return "calendar.reason_doubtful"
}

// Words names the kind.
func (k Kind) Words() Sentence { return Sentence{Key: k.reason()} }

// rest is a weekly rest day as dated law.
type rest struct {
	weekday     time.Weekday
	from, until int // Julian days; until 0 = still in force
	name        string
	nameEn      string
	source      string
}

func (r rest) skip(d clock.Date) Skip {
	return Skip{Date: d, Reason: "calendar.reason_weekly", Name: r.name, NameEn: r.nameEn, Source: r.source}
}

// lieu is the rule of compensation as dated law.
type lieu struct {
	from, until int    // Julian days; until 0 = still in force
	name        string // with the feast's {name}
	nameEn      string
	source      string
	mark        string
}

// day is the day off at that the rule gives for a feast on a rest day.
func (l lieu) day(feast Day, at clock.Date) Day {
	return Day{
		Date: at, Kind: Compensation, Feast: feast.Feast,
		Name: text.Fill(l.name, "name", feast.Name), NameEn: text.Fill(l.nameEn, "name", feast.NameEn),
		Source: l.source, Mark: l.mark, Confirmed: feast.Confirmed, For: feast.Date, Computed: true,
	}
}

// yearly is a feast that the law fixes for every year, by solar or lunar date.
type yearly struct {
	Day
	month, day  int
	lunar       bool
	shift       int // days after that date; -1 is the eve
	from, until clock.Date
}

// in is the feast's day in a year; false when the law did not know it then.
func (y yearly) in(year int) (Day, bool) {
	d := clock.Date{Year: year, Month: time.Month(y.month), Day: y.day}
	if y.lunar {
		found, ok := Lunar{Day: y.day, Month: y.month, Year: year}.Solar()
		if !ok {
			return Day{}, false
		}
		d = found
	}
	day := y.Day
	day.Date = dateOfJulian(julian(d) + y.shift)
	if day.Date.Before(y.from) || (!y.until.IsZero() && day.Date.After(y.until)) {
		return Day{}, false
	}
	return day, true
}

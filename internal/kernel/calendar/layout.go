package calendar

import (
	"fmt"
	"slices"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
)

// source is what the files say: the weekly rest days, the feasts of every year,
// and the tables of single years.
type source struct {
	weeklyRests []rest
	feasts      []yearly
	inLieu      []lieu
	days        []Day
}

// weekly tells whether a Julian day is a weekly rest day.
func (s source) weekly(jd int) (rest, bool) {
	for _, r := range s.weeklyRests {
		if weekdayOf(jd) == r.weekday && jd >= r.from && (r.until == 0 || jd <= r.until) {
			return r, true
		}
	}
	return rest{}, false
}

type feastYear struct {
	feast Feast
	year  int
}

// whole tells whether a layer that lays out the feast has the day of the feast
// itself, so that nobody replaces all of Tết by entering one more day off.
func (fy feastYear) whole(layer []Day) bool {
	return slices.ContainsFunc(layer, func(d Day) bool {
		if d.Feast != fy.feast || d.Date.Year != fy.year || d.Kind != Holiday {
			return false
		}
		switch fy.feast {
		case Tet:
			l := LunarOf(d.Date)
			return l.Day == 1 && l.Month == 1
		case NationalDay:
			return d.Date.Month == time.September && d.Date.Day == 2
		}
		return true
	})
}

// layout is every marked day in order: the feasts of each year, replaced by the
// year's table where there is one, replaced by the entered days; and the days
// off in lieu that follow from all of it.
func (s source) layout(extra []Day) ([]Day, error) {
	days := map[int]Day{}
	for year := FirstYear; year <= LastYear; year++ {
		for _, f := range s.feasts {
			d, ok := f.in(year)
			if !ok {
				continue
			}
			// Two feasts may meet on one day (Giỗ Tổ on 30/4): one day off, named after the first.
			if _, taken := days[julian(d.Date)]; !taken {
				days[julian(d.Date)] = d
			}
		}
	}
	for _, layer := range [][]Day{s.days, extra} {
		if err := override(days, layer); err != nil {
			return nil, err
		}
	}
	s.compensate(days)
	all := make([]Day, 0, len(days))
	for _, d := range days {
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b Day) int { return julian(a.Date) - julian(b.Date) })
	return all, nil
}

// override puts a higher source's days over the lower ones.
func override(days map[int]Day, layer []Day) error {
	laid := map[feastYear]bool{}
	seen := map[int]bool{}
	standsFor := map[clock.Date]bool{}
	for _, d := range layer {
		if f := d.check(); f != nil {
			return f
		}
		jd := julian(d.Date)
		if seen[jd] {
			return fault.New(fault.Conflict, "calendar.day_twice", "date", d.Date.VN()).At("date")
		}
		seen[jd] = true
		if d.Feast != "" {
			laid[feastYear{d.Feast, d.Date.Year}] = true
		}
		if d.Kind == Compensation {
			standsFor[d.For] = true
		}
	}
	for fy := range laid {
		if !fy.whole(layer) {
			return fault.New(fault.Invalid, "calendar.layout_incomplete", "year", fy.year).At("feast").
				Because(fmt.Errorf("the days of %s %d lack the feast itself", fy.feast, fy.year))
		}
	}
	for jd, d := range days {
		if laid[feastYear{d.Feast, d.Date.Year}] || (d.Kind == Compensation && standsFor[d.For]) {
			delete(days, jd)
		}
	}
	for _, d := range layer {
		days[julian(d.Date)] = d
	}
	return nil
}

// lieuDaysMax bounds the search for a day off in lieu, so that no data can make
// it endless.
const lieuDaysMax = 60

// compensate adds the day off in lieu of each feast that falls on a weekly rest
// day (BLLĐ 2019, Điều 111 khoản 3): the next working day. A year's table that
// already names one for that feast is left as it is.
func (s source) compensate(days map[int]Day) {
	named := map[int]bool{}
	var feasts []int
	for jd, d := range days {
		if d.Kind == Compensation {
			named[julian(d.For)] = true
		}
		if _, rest := s.weekly(jd); rest && d.Kind == Holiday {
			feasts = append(feasts, jd)
		}
	}
	slices.Sort(feasts)
	for _, jd := range feasts {
		if named[jd] {
			continue
		}
		at := jd + 1
		for at <= jd+lieuDaysMax && !s.free(days, at) {
			at++
		}
		if rule, ok := s.lieu(jd); ok {
			days[at] = rule.day(days[jd], dateOfJulian(at))
		}
	}
}

func (s source) lieu(jd int) (lieu, bool) {
	for _, l := range s.inLieu {
		if jd >= l.from && (l.until == 0 || jd <= l.until) {
			return l, true
		}
	}
	return lieu{}, false
}

// free tells whether a Julian day is an ordinary working day so far. A doubtful
// day is; a Saturday worked in exchange is nobody's day off in lieu.
func (s source) free(days map[int]Day, jd int) bool {
	if _, rest := s.weekly(jd); rest {
		return false
	}
	d, ok := days[jd]
	return !ok || d.Kind == Doubtful
}

package calendar

import (
	"slices"
	"testing"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
)

func load(t testing.TB, extra ...Day) *Calendar {
	t.Helper()
	c, err := Load(extra...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// vector is a time limit worked out by hand from the law and the table of days
// off, never by this code.
type vector struct {
	start string
	count int
	unit  Unit
	raw   string // empty: the same as due
	due   string
}

func (v vector) check(t *testing.T, c *Calendar) {
	t.Helper()
	d, err := c.Count(Run{Start: day(t, v.start), Count: v.count, Unit: v.unit})
	if err != nil {
		t.Errorf("%d %s from %s: %v", v.count, v.unit, v.start, err)
		return
	}
	if v.raw == "" {
		v.raw = v.due
	}
	if d.Due.String() != v.due || d.Raw.String() != v.raw {
		t.Errorf("%d %s from %s: raw %v due %v, want raw %s due %s", v.count, v.unit, v.start, d.Raw, d.Due, v.raw, v.due)
	}
}

// The vectors of the notes on the law, §4.2.
func TestVectorsOfTheNotes(t *testing.T) {
	c := load(t)
	for _, v := range []vector{
		{"2026-11-16", 10, WorkingDays, "", "2026-12-01"},
		{"2026-11-20", 7, WorkingDays, "", "2026-12-02"},
		{"2026-11-23", 3, WorkingDays, "", "2026-11-27"},
		{"2026-04-24", 5, WorkingDays, "", "2026-05-06"},
		{"2026-01-20", 30, Days, "2026-02-19", "2026-02-23"},
		{"2026-03-31", 30, Days, "2026-04-30", "2026-05-04"},
		{"2026-07-10", 45, Days, "", "2026-08-24"},
		{"2026-11-02", 15, Days, "", "2026-11-17"},
	} {
		v.check(t, c)
	}
}

func TestVectorsInDays(t *testing.T) {
	c := load(t)
	for _, v := range []vector{
		{"2026-11-02", 10, Days, "", "2026-11-12"},
		{"2026-11-09", 5, Days, "2026-11-14", "2026-11-16"},  // Saturday
		{"2026-11-09", 6, Days, "2026-11-15", "2026-11-16"},  // Sunday
		{"2026-11-16", 8, Days, "2026-11-24", "2026-11-25"},  // Ngày Văn hóa
		{"2025-11-16", 8, Days, "", "2025-11-24"},            // not yet a day off in 2025
		{"2026-11-16", 60, Days, "", "2027-01-15"},           // over the new year
		{"2026-07-01", 60, Days, "2026-08-30", "2026-09-03"}, // Sunday, exchanged Monday, two days of Quốc khánh
		{"2025-12-31", 1, Days, "2026-01-01", "2026-01-05"},  // new year, exchanged Friday, weekend
		{"2025-12-31", 10, Days, "", "2026-01-10"},           // a Saturday that is worked
		{"2026-04-06", 20, Days, "2026-04-26", "2026-04-28"}, // Giỗ Tổ on a Sunday, Monday in lieu
		{"2027-02-01", 3, Days, "2027-02-04", "2027-02-12"},  // Tết 2027 as it is guessed
		{"2027-02-01", 30, Days, "", "2027-03-03"},           // Tết in the middle does not matter
		{"2025-01-15", 10, Days, "2025-01-25", "2025-02-03"}, // Tết 2025
		{"2027-04-01", 30, Days, "2027-05-01", "2027-05-04"}, // 1 May on a Saturday, Monday in lieu
		{"2026-08-12", 10, Days, "", "2026-08-22"},           // a Saturday that is worked
		{"2026-08-11", 20, Days, "2026-08-31", "2026-09-03"}, // the day it was worked for
	} {
		v.check(t, c)
	}
}

func TestVectorsInWorkingDays(t *testing.T) {
	c := load(t)
	for _, v := range []vector{
		{"2026-11-13", 1, WorkingDays, "", "2026-11-16"},
		{"2026-11-14", 1, WorkingDays, "", "2026-11-16"}, // event on a Saturday
		{"2026-11-16", 5, WorkingDays, "", "2026-11-23"},
		{"2026-11-16", 15, WorkingDays, "", "2026-12-08"},
		{"2025-08-29", 3, WorkingDays, "", "2025-09-05"},
		{"2025-04-25", 1, WorkingDays, "", "2025-04-26"}, // a Saturday that is worked
		{"2025-04-25", 5, WorkingDays, "", "2025-05-06"},
		{"2025-01-23", 2, WorkingDays, "", "2025-02-03"},
		{"2026-02-12", 7, WorkingDays, "", "2026-03-02"},
		{"2026-08-21", 7, WorkingDays, "", "2026-09-03"},
		{"2026-12-23", 10, WorkingDays, "", "2027-01-07"},
		{"2027-04-28", 5, WorkingDays, "", "2027-05-07"},
		{"2027-04-15", 2, WorkingDays, "", "2027-04-20"},
		{"2027-08-31", 3, WorkingDays, "", "2027-09-07"},
		{"2025-12-31", 5, WorkingDays, "", "2026-01-09"},
		{"2025-12-31", 6, WorkingDays, "", "2026-01-10"},
		{"2026-04-24", 3, WorkingDays, "", "2026-05-04"},
		{"2022-04-29", 1, WorkingDays, "", "2022-05-04"}, // 30/4 and 1/5 at a weekend: Monday and Tuesday in lieu
		{"2022-04-08", 1, WorkingDays, "", "2022-04-12"}, // Giỗ Tổ on a Sunday
		{"2023-04-28", 1, WorkingDays, "", "2023-05-04"}, // three feasts in a row, two of them at a weekend
		{"2022-12-30", 1, WorkingDays, "", "2023-01-03"}, // new year on a Sunday
	} {
		v.check(t, c)
	}
}

func TestVectorsInMonths(t *testing.T) {
	c := load(t)
	for _, v := range []vector{
		{"2026-03-10", 1, Months, "", "2026-04-10"},
		{"2026-01-31", 1, Months, "2026-02-28", "2026-03-02"}, // no 31 February: its last day
		{"2028-01-31", 1, Months, "", "2028-02-29"},
		{"2025-11-30", 3, Months, "2026-02-28", "2026-03-02"},
		{"2026-05-24", 6, Months, "2026-11-24", "2026-11-25"},
		{"2024-02-29", 12, Months, "", "2025-02-28"},
		{"2026-01-17", 1, Months, "2026-02-17", "2026-02-23"},
		{"2026-12-15", 1, Months, "", "2027-01-15"},
	} {
		v.check(t, c)
	}
}

func TestWorkingSaturdaysIgnored(t *testing.T) {
	c, err := LoadWith(Settings{IgnoreWorkingSaturdays: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []vector{
		{"2025-12-31", 10, Days, "2026-01-10", "2026-01-12"},
		{"2025-04-25", 1, WorkingDays, "", "2025-04-28"},
		{"2026-08-21", 7, WorkingDays, "", "2026-09-04"},
	} {
		v.check(t, c)
	}
	if ok, skip := c.IsWorking(day(t, "2026-01-10")); ok || skip.Reason != "calendar.reason_saturday_ignored" {
		t.Errorf("10/01/2026: %v %+v", ok, skip)
	}
}

func pause(t testing.TB, from, until string) Pause {
	p := Pause{From: day(t, from), Reason: "chờ tài liệu", Document: "12/QĐ"}
	if until != "" {
		p.Until = day(t, until)
	}
	return p
}

func TestPauses(t *testing.T) {
	c := load(t)
	for _, v := range []struct {
		name     string
		start    string
		count    int
		unit     Unit
		pauses   []Pause
		raw, due string // empty: not running
		paused   int
	}{
		{"ten days inside", "2026-07-01", 30, Days, []Pause{pause(t, "2026-07-10", "2026-07-20")}, "2026-08-10", "2026-08-10", 10},
		{"working days: 18, 19, 20, 23 November", "2026-11-16", 10, WorkingDays, []Pause{pause(t, "2026-11-18", "2026-11-25")}, "2026-12-07", "2026-12-07", 4},
		{"resumed the same day", "2026-07-01", 30, Days, []Pause{pause(t, "2026-07-10", "2026-07-10")}, "2026-07-31", "2026-07-31", 0},
		{"on the last day", "2026-11-02", 3, Days, []Pause{pause(t, "2026-11-05", "2026-11-09")}, "2026-11-09", "2026-11-09", 4},
		{"after the deadline", "2026-11-02", 3, Days, []Pause{pause(t, "2026-11-06", "2026-11-10")}, "2026-11-05", "2026-11-05", 0},
		{"on the Monday it rolled to", "2026-11-09", 5, Days, []Pause{pause(t, "2026-11-16", "2026-11-18")}, "2026-11-14", "2026-11-18", 0},
		{"still open", "2026-07-01", 30, Days, []Pause{pause(t, "2026-07-10", "")}, "", "", 0},
		{"opened after the deadline", "2026-11-02", 3, Days, []Pause{pause(t, "2026-11-06", "")}, "2026-11-05", "2026-11-05", 0},
		{"opened on the Monday it rolled to", "2026-11-09", 5, Days, []Pause{pause(t, "2026-11-16", "")}, "", "", 0},
		{"two, told in the wrong order", "2026-11-16", 60, Days, []Pause{pause(t, "2026-12-10", "2026-12-15"), pause(t, "2026-11-20", "2026-11-30")}, "2027-01-30", "2027-02-01", 15},
		{"one after the other without a day between", "2026-07-01", 30, Days, []Pause{pause(t, "2026-07-10", "2026-07-15"), pause(t, "2026-07-15", "2026-07-20")}, "2026-08-10", "2026-08-10", 10},
		{"since before the start", "2026-11-02", 10, Days, []Pause{pause(t, "2026-10-30", "2026-11-04")}, "2026-11-13", "2026-11-13", 1},
		{"over before the start", "2026-11-02", 10, Days, []Pause{pause(t, "2026-10-20", "2026-11-02")}, "2026-11-12", "2026-11-12", 0},
		{"second open", "2026-07-01", 30, Days, []Pause{pause(t, "2026-07-10", "2026-07-12"), pause(t, "2026-07-20", "")}, "", "", 2},
		{"months", "2026-03-10", 1, Months, []Pause{pause(t, "2026-03-16", "2026-03-20")}, "2026-04-14", "2026-04-14", 4},
	} {
		d, err := c.Count(Run{Start: day(t, v.start), Count: v.count, Unit: v.unit, Pauses: v.pauses})
		if err != nil {
			t.Errorf("%s: %v", v.name, err)
			continue
		}
		if d.Raw.String() != v.raw || d.Due.String() != v.due || d.PausedDays != v.paused || d.Running != (v.due != "") {
			t.Errorf("%s: raw %v due %v paused %d running %v", v.name, d.Raw, d.Due, d.PausedDays, d.Running)
		}
	}
}

func TestExtensions(t *testing.T) {
	c := load(t)
	for _, v := range []struct {
		start      string
		count      int
		unit       Unit
		extensions []Extension
		raw, due   string
	}{
		{"2026-11-16", 60, Days, []Extension{{Count: 30, Unit: Days}}, "2027-02-14", "2027-02-15"},
		{"2026-11-16", 5, WorkingDays, []Extension{{Count: 3, Unit: WorkingDays}}, "2026-11-27", "2026-11-27"},
		{"2026-11-16", 10, WorkingDays, []Extension{{Count: 5, Unit: Days}}, "2026-12-06", "2026-12-07"},
		{"2026-11-16", 5, WorkingDays, []Extension{{Count: 1, Unit: Months}}, "2026-12-23", "2026-12-23"},
		{"2026-11-16", 10, Days, []Extension{{Count: 10, Unit: Days}, {Count: 10, Unit: Days}}, "2026-12-16", "2026-12-16"},
	} {
		d, err := c.Count(Run{Start: day(t, v.start), Count: v.count, Unit: v.unit, Extensions: v.extensions})
		if err != nil {
			t.Fatal(err)
		}
		if d.Raw.String() != v.raw || d.Due.String() != v.due {
			t.Errorf("%+v: raw %v due %v, want %s %s", v.extensions, d.Raw, d.Due, v.raw, v.due)
		}
	}
}

func TestCountRefuses(t *testing.T) {
	c := load(t)
	start := day(t, "2026-11-16")
	for _, v := range []struct {
		key string
		run Run
	}{
		{"calendar.out_of_range", Run{Count: 5, Unit: Days}},
		{"calendar.out_of_range", Run{Start: clock.Date{Year: 2026, Month: 2, Day: 30}, Count: 5, Unit: Days}},
		{"calendar.out_of_range", Run{Start: day(t, "1999-12-31"), Count: 5, Unit: Days}},
		{"calendar.out_of_range", Run{Start: day(t, "2100-12-30"), Count: 5, Unit: Days}},
		{"calendar.out_of_range", Run{Start: day(t, "2100-12-30"), Count: 5, Unit: WorkingDays}},
		{"calendar.out_of_range", Run{Start: day(t, "2100-12-30"), Count: 5, Unit: Months}},
		{"calendar.out_of_range", Run{Start: day(t, "2100-12-24"), Count: 1, Unit: Days, Pauses: []Pause{pause(t, "2100-12-25", "2101-01-01")}}},
		{"calendar.bad_count", Run{Start: start, Unit: Days}},
		{"calendar.bad_count", Run{Start: start, Count: -1, Unit: Days}},
		{"calendar.bad_count", Run{Start: start, Count: 100000, Unit: Days}},
		{"calendar.bad_count", Run{Start: start, Count: 1, Unit: Days, Extensions: []Extension{{Unit: Days}}}},
		{"calendar.unknown_unit", Run{Start: start, Count: 1}},
		{"calendar.unknown_unit", Run{Start: start, Count: 1, Unit: "fortnight"}},
		{"calendar.no_limit", Run{Start: start, Unit: None}},
		{"calendar.counts_backward", Run{Start: start, Count: 3, Unit: WorkingDays, Backward: true, Pauses: []Pause{pause(t, "2026-11-17", "2026-11-18")}}},
		{"calendar.pause_reversed", Run{Start: start, Count: 5, Unit: Days, Pauses: []Pause{pause(t, "2026-11-18", "2026-11-17")}}},
		{"calendar.pause_overlap", Run{Start: start, Count: 5, Unit: Days, Pauses: []Pause{pause(t, "2026-11-17", "2026-11-20"), pause(t, "2026-11-19", "2026-11-21")}}},
		{"calendar.pause_overlap", Run{Start: start, Count: 5, Unit: Days, Pauses: []Pause{pause(t, "2026-11-17", ""), pause(t, "2026-11-19", "2026-11-21")}}},
		{"calendar.pause_overlap", Run{Start: start, Count: 5, Unit: Days, Pauses: []Pause{pause(t, "2026-11-17", ""), pause(t, "2026-11-19", "")}}},
	} {
		if _, err := c.Count(v.run); !fault.Is(err, v.key) {
			t.Errorf("%+v: %v, want %s", v.run, err, v.key)
		}
	}
}

func TestSkippedAreNamed(t *testing.T) {
	c := load(t)
	d, err := c.Count(Run{Start: day(t, "2026-08-21"), Count: 7, Unit: WorkingDays})
	if err != nil {
		t.Fatal(err)
	}
	want := []Skip{
		{Date: day(t, "2026-08-23"), Reason: "calendar.reason_weekly"},
		{Date: day(t, "2026-08-29"), Reason: "calendar.reason_weekly"},
		{Date: day(t, "2026-08-30"), Reason: "calendar.reason_weekly"},
		{Date: day(t, "2026-08-31"), Reason: "calendar.reason_swap_off"},
		{Date: day(t, "2026-09-01"), Reason: "calendar.reason_holiday"},
		{Date: day(t, "2026-09-02"), Reason: "calendar.reason_holiday"},
	}
	if !slices.EqualFunc(d.Skipped, want, func(a, b Skip) bool {
		return a.Date == b.Date && a.Reason == b.Reason && a.Name != "" && a.Source != ""
	}) {
		t.Errorf("skipped %+v", d.Skipped)
	}
}

// A paused rest day of a working-day clock stays a rest day; paused working days
// are listed as paused, and are as many as PausedDays.
func TestPausedDaysAreListed(t *testing.T) {
	c := load(t)
	d, err := c.Count(Run{Start: day(t, "2026-11-16"), Count: 10, Unit: WorkingDays, Pauses: []Pause{pause(t, "2026-11-18", "2026-11-25")}})
	if err != nil {
		t.Fatal(err)
	}
	var paused []string
	for _, s := range d.Skipped {
		if s.Reason == "calendar.reason_paused" {
			paused = append(paused, s.Date.String())
			if s.Name != "chờ tài liệu" || s.Source != "12/QĐ" {
				t.Errorf("paused day %+v", s)
			}
		}
	}
	if want := []string{"2026-11-18", "2026-11-19", "2026-11-20", "2026-11-23"}; !slices.Equal(paused, want) {
		t.Errorf("paused %v, want %v", paused, want)
	}
}

func TestProvisional(t *testing.T) {
	c := load(t)
	for _, v := range []struct {
		start string
		count int
		unit  Unit
		want  bool
	}{
		{"2027-02-01", 5, WorkingDays, true}, // over the guessed Tết
		{"2027-02-01", 3, Days, true},        // ends in it
		{"2027-02-01", 30, Days, false},      // only passes it
		{"2027-08-31", 1, Days, true},        // 1/9/2027 may become a day off
		{"2026-11-16", 10, WorkingDays, false},
		{"2026-08-21", 7, WorkingDays, false},
		{"2027-04-28", 5, WorkingDays, false},
	} {
		d, err := c.Count(Run{Start: day(t, v.start), Count: v.count, Unit: v.unit})
		if err != nil {
			t.Fatal(err)
		}
		if d.Provisional != v.want {
			t.Errorf("%d %s from %s: provisional %v", v.count, v.unit, v.start, d.Provisional)
		}
	}
}

// A Deadline must not share its list with the calendar or with another Deadline.
func TestSkippedIsOurOwn(t *testing.T) {
	c := load(t)
	run := Run{Start: day(t, "2026-11-20"), Count: 1, Unit: WorkingDays}
	a, err := c.Count(run)
	if err != nil {
		t.Fatal(err)
	}
	a.Skipped[0].Name = "spoilt"
	b, err := c.Count(run)
	if err != nil {
		t.Fatal(err)
	}
	if b.Skipped[0].Name == "spoilt" {
		t.Error("changing one deadline changed the calendar")
	}
}

// A notice before a meeting is counted back, and never gives less than its days.
func TestCountBack(t *testing.T) {
	c := load(t)
	for _, v := range []struct {
		event, raw, due string
		count           int
		unit            Unit
	}{
		{"2026-12-10", "2026-12-05", "2026-12-04", 5, Days}, // a Saturday: the Friday before
		{"2026-12-11", "2026-12-06", "2026-12-04", 5, Days},
		{"2026-12-04", "2026-11-29", "2026-11-27", 5, Days},
		{"2026-11-27", "2026-11-20", "2026-11-20", 4, WorkingDays}, // 24/11 is a holiday
	} {
		d, err := c.Count(Run{Start: day(t, v.event), Count: v.count, Unit: v.unit, Backward: true})
		if err != nil || d.Raw != day(t, v.raw) || d.Due != day(t, v.due) || !d.Running {
			t.Errorf("%d %s before %s: %s, %s, want %s, %s; %v", v.count, v.unit, v.event, d.Raw, d.Due, v.raw, v.due, err)
		}
		steps := d.Explain()
		if len(steps) < 4 || steps[0].Key != "calendar.step_start_back" {
			t.Errorf("explained as %+v", steps)
		}
	}
}

package calendar

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

// Every weekday off and every weekend day worked, 2025–2027, as the notes on the
// law have them (§4.1).
func TestTableOfTheYears(t *testing.T) {
	c := load(t)
	off := map[int][]string{
		2025: {"01-01", "01-27", "01-28", "01-29", "01-30", "01-31", "04-07", "04-30", "05-01", "05-02", "09-01", "09-02"},
		2026: {"01-01", "01-02", "02-16", "02-17", "02-18", "02-19", "02-20", "04-27", "04-30", "05-01", "08-31", "09-01", "09-02", "11-24"},
		2027: {"01-01", "02-04", "02-05", "02-08", "02-09", "02-10", "02-11", "04-16", "04-30", "05-03", "09-02", "09-03", "11-24"},
	}
	worked := map[int][]string{2025: {"04-26"}, 2026: {"01-10", "08-22"}, 2027: nil}
	for year := 2025; year <= 2027; year++ {
		var gotOff, gotWorked []string
		for d := (clock.Date{Year: year, Month: 1, Day: 1}); d.Year == year; d = d.AddDays(1) {
			weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
			ok, skip := c.IsWorking(d)
			if ok == (skip.Reason != "") {
				t.Errorf("%v: worked %v, but %+v", d, ok, skip)
			}
			switch {
			case !ok && !weekend:
				gotOff = append(gotOff, d.String()[5:])
			case ok && weekend:
				gotWorked = append(gotWorked, d.String()[5:])
			}
		}
		if !slices.Equal(gotOff, off[year]) {
			t.Errorf("%d off %v, want %v", year, gotOff, off[year])
		}
		if !slices.Equal(gotWorked, worked[year]) {
			t.Errorf("%d worked %v, want %v", year, gotWorked, worked[year])
		}
	}
}

func TestNamesOfDays(t *testing.T) {
	c := load(t)
	for _, v := range []struct{ date, reason, name string }{
		{"2026-11-24", "calendar.reason_holiday", "Ngày Văn hóa Việt Nam"},
		{"2026-04-26", "calendar.reason_holiday", "Giỗ Tổ Hùng Vương"}, // a Sunday, but named
		{"2026-04-27", "calendar.reason_compensation", "Nghỉ bù Giỗ Tổ Hùng Vương"},
		{"2026-01-02", "calendar.reason_swap_off", "Nghỉ hoán đổi, làm bù ngày 10/01/2026"},
		{"2026-11-22", "calendar.reason_weekly", "Chủ nhật, ngày nghỉ hằng tuần"},
		{"2033-01-03", "calendar.reason_compensation", "Nghỉ bù Tết Dương lịch"}, // 1/1/2033 is a Saturday
	} {
		if ok, skip := c.IsWorking(day(t, v.date)); ok || skip.Reason != v.reason || skip.Name != v.name || skip.Source == "" {
			t.Errorf("%s: %v %+v", v.date, ok, skip)
		}
	}
	if ok, _ := c.IsWorking(day(t, "2026-11-23")); !ok {
		t.Error("23/11/2026 is off, but nobody decided so")
	}
}

func TestNextWorking(t *testing.T) {
	c := load(t)
	for from, want := range map[string]string{
		"2026-11-16": "2026-11-17", "2026-11-20": "2026-11-23", "2026-11-23": "2026-11-25",
		"2026-02-13": "2026-02-23", "2026-08-28": "2026-09-03", "2026-08-21": "2026-08-22",
	} {
		if got := c.NextWorking(day(t, from)); got.String() != want {
			t.Errorf("after %s: %v, want %s", from, got, want)
		}
	}
	if got := c.Roll(day(t, "2026-11-20")); got.String() != "2026-11-20" {
		t.Errorf("a working day rolled to %v", got)
	}
	if ok, _ := c.IsWorking(day(t, "1990-01-06")); ok {
		t.Error("a Saturday before the calendar is worked")
	}
}

func TestMissing(t *testing.T) {
	c := load(t)
	got := c.Missing(day(t, "2026-11-16"))
	if len(got) != 1 || got[0].Year != 2027 || !slices.Equal(got[0].Feasts, []Feast{Tet, NationalDay}) {
		t.Errorf("missing %+v", got)
	}
	if got := c.Missing(day(t, "2025-06-01")); len(got) != 0 {
		t.Errorf("2025 and 2026 are entered, but %+v", got)
	}
	whole := load(t, decision2027(t)...)
	if got := whole.Missing(day(t, "2026-11-16")); len(got) != 0 {
		t.Errorf("after the decision still %+v", got)
	}
	if got := c.Provisional(day(t, "2027-02-01"), day(t, "2027-02-28")); len(got) != 8 {
		t.Errorf("%d provisional days in February 2027, want 8", len(got))
	}
}

// decision2027 is a made-up decision on 2027: Tết from 5 to 9 February, the days
// in lieu left to the rule, National Day with 1 September.
func decision2027(t testing.TB) []Day {
	var days []Day
	for _, s := range []string{"2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-02-09"} {
		days = append(days, Day{Date: day(t, s), Kind: Holiday, Feast: Tet, Name: "Tết Đinh Mùi", Source: "Thông báo thử", Confirmed: true})
	}
	for _, s := range []string{"2027-09-01", "2027-09-02"} {
		days = append(days, Day{Date: day(t, s), Kind: Holiday, Feast: NationalDay, Name: "Quốc khánh", Source: "Thông báo thử", Confirmed: true})
	}
	return days
}

// What is entered replaces the guess of that feast wholly, and the days in lieu
// follow: 6 and 7 February are a weekend, so 10 and 11 February are off.
func TestEnteredReplacesTheGuess(t *testing.T) {
	c := load(t, decision2027(t)...)
	for s, want := range map[string]bool{
		"2027-02-04": true, "2027-02-05": false, "2027-02-08": false, "2027-02-09": false, "2027-02-10": false,
		"2027-02-11": false, "2027-02-12": true, "2027-09-01": false, "2027-09-02": false, "2027-09-03": true,
		"2027-05-03": false,
	} {
		if ok, _ := c.IsWorking(day(t, s)); ok != want {
			t.Errorf("%s worked: %v, want %v", s, ok, want)
		}
	}
	for _, d := range c.Holidays(2027) {
		if !d.Confirmed {
			t.Errorf("%v is still provisional", d.Date)
		}
	}
}

func TestEnteredBesideTheRest(t *testing.T) {
	c := load(t,
		Day{Date: day(t, "2026-11-23"), Kind: SwapOff, For: day(t, "2026-11-28"), Name: "Nghỉ hoán đổi", Source: "Thông báo thử", Confirmed: true},
		Day{Date: day(t, "2026-11-28"), Kind: SwapWork, For: day(t, "2026-11-23"), Name: "Làm bù", Source: "Thông báo thử", Confirmed: true},
		Day{Date: day(t, "2027-05-04"), Kind: Compensation, For: day(t, "2027-05-01"), Name: "Nghỉ bù", Source: "Thông báo thử", Confirmed: true},
	)
	for s, want := range map[string]bool{
		"2026-11-23": false, "2026-11-24": false, "2026-11-28": true, "2027-05-03": true, "2027-05-04": false,
	} {
		if ok, _ := c.IsWorking(day(t, s)); ok != want {
			t.Errorf("%s worked: %v, want %v", s, ok, want)
		}
	}
}

func TestDaysRefused(t *testing.T) {
	good := Day{Date: day(t, "2027-03-01"), Kind: Holiday, Name: "Nghỉ", Source: "Thông báo", Confirmed: true}
	with := func(change func(d *Day)) Day { d := good; change(&d); return d }
	for _, v := range []struct {
		key  string
		days []Day
	}{
		{"calendar.out_of_range", []Day{with(func(d *Day) { d.Date = clock.Date{} })}},
		{"calendar.out_of_range", []Day{with(func(d *Day) { d.Date.Year = 2200 })}},
		{"calendar.unknown_kind", []Day{with(func(d *Day) { d.Kind = "party" })}},
		{"calendar.unknown_feast", []Day{with(func(d *Day) { d.Feast = "party" })}},
		{"calendar.name_missing", []Day{with(func(d *Day) { d.Name = "" })}},
		{"calendar.source_missing", []Day{with(func(d *Day) { d.Source = "" })}},
		{"calendar.swap_work_weekday", []Day{with(func(d *Day) { d.Kind = SwapWork })}},
		{"calendar.off_on_rest_day", []Day{with(func(d *Day) { d.Kind = SwapOff; d.Date = day(t, "2027-03-06") })}},
		{"calendar.compensation_for", []Day{with(func(d *Day) { d.Kind = Compensation })}},
		{"calendar.compensation_for", []Day{with(func(d *Day) { d.Kind = Compensation; d.For = day(t, "2027-03-07") })}},
		{"calendar.from_after_date", []Day{with(func(d *Day) { d.From = day(t, "2027-03-02") })}},
		{"calendar.doubtful_confirmed", []Day{with(func(d *Day) { d.Kind = Doubtful })}},
		{"calendar.day_twice", []Day{good, good}},
		{"calendar.layout_incomplete", []Day{with(func(d *Day) { d.Feast = Tet; d.Date = day(t, "2027-02-12") })}},
		{"calendar.layout_incomplete", []Day{with(func(d *Day) { d.Feast = NationalDay; d.Date = day(t, "2027-09-01") })}},
	} {
		if _, err := Load(v.days...); !fault.Is(err, v.key) {
			t.Errorf("%v, want %s", err, v.key)
		}
	}
}

// The law gives each feast on a rest day one day off in lieu.
func TestEachFeastAtTheWeekendIsMadeUpFor(t *testing.T) {
	c := load(t)
	rapid.Check(t, func(t *rapid.T) {
		year := rapid.IntRange(2021, LastYear).Draw(t, "year")
		lieu := map[clock.Date]int{}
		for _, d := range c.Holidays(year) {
			if d.Kind == Compensation {
				lieu[d.For]++
			}
		}
		for _, d := range c.Holidays(year) {
			weekend := d.Date.Weekday() == time.Saturday || d.Date.Weekday() == time.Sunday
			if want := d.Kind == Holiday && weekend; (lieu[d.Date] == 1) != want || lieu[d.Date] > 1 {
				t.Fatalf("%v %s %s: %d days in lieu", d.Date, d.Kind, d.Name, lieu[d.Date])
			}
		}
	})
}

func TestSentencesOfThisPackage(t *testing.T) {
	words, err := text.Load(Files)
	if err != nil {
		t.Fatal(err)
	}
	c := load(t)
	for d := day(t, "2025-01-01"); d.Year < 2028; d = d.AddDays(1) {
		if ok, skip := c.IsWorking(d); !ok && !words.Has(skip.Reason) {
			t.Errorf("no sentence for %q", skip.Reason)
		}
		if key := weekdayKey(d); !words.Has(key) {
			t.Errorf("no sentence for %q", key)
		}
	}
	for _, k := range []Kind{Holiday, Compensation, SwapOff, SwapWork, Doubtful} {
		if !words.Has(k.reason()) {
			t.Errorf("no sentence for %q", k.reason())
		}
	}
}

// The whole calendar is recounted after each entered day: 100,000 open clocks
// must not keep anybody waiting.
func BenchmarkRecount100k(b *testing.B) {
	c := load(b)
	starts := make([]clock.Date, 400)
	for i := range starts {
		starts[i] = clock.NewDate(2026, 1, 1+i)
	}
	for b.Loop() {
		for i := range 100_000 {
			r := Run{Start: starts[i%len(starts)], Count: 10 + i%50, Unit: Days}
			if i%2 == 0 {
				r.Unit = WorkingDays
			}
			if i%5 == 0 {
				r.Pauses = []Pause{{From: r.Start.AddDays(3), Until: r.Start.AddDays(9)}}
			}
			if _, err := c.Count(r); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load(b)
	}
}

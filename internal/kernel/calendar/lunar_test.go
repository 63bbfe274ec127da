package calendar

import (
	"testing"

	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
)

func day(t testing.TB, s string) clock.Date {
	t.Helper()
	d, err := clock.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Dates of Tết as they were kept in Viet Nam; 1985, 2007 and 2030 differ from
// the Chinese calendar.
func TestTet(t *testing.T) {
	for year, want := range map[int]string{
		1985: "1985-01-21", 2000: "2000-02-05", 2007: "2007-02-17", 2010: "2010-02-14", 2015: "2015-02-19",
		2020: "2020-01-25", 2021: "2021-02-12", 2022: "2022-02-01", 2023: "2023-01-22", 2024: "2024-02-10",
		2025: "2025-01-29", 2026: "2026-02-17", 2027: "2027-02-06", 2028: "2028-01-26", 2029: "2029-02-13",
		2030: "2030-02-02",
	} {
		got, ok := Lunar{Day: 1, Month: 1, Year: year}.Solar()
		if !ok || got.String() != want {
			t.Errorf("Tết %d: %v, want %s", year, got, want)
		}
		if l := LunarOf(day(t, want)); l != (Lunar{Day: 1, Month: 1, Year: year}) {
			t.Errorf("%s is %+v, want 1/1/%d", want, l, year)
		}
	}
}

func TestLunarDates(t *testing.T) {
	for _, c := range []struct {
		solar string
		want  Lunar
	}{
		{"2026-11-22", Lunar{14, 10, 2026, false}},
		{"2025-04-07", Lunar{10, 3, 2025, false}}, // Giỗ Tổ
		{"2026-04-26", Lunar{10, 3, 2026, false}},
		{"2027-04-16", Lunar{10, 3, 2027, false}},
		{"2027-02-05", Lunar{29, 12, 2026, false}}, // tháng Chạp thiếu: giao thừa là 29
		{"2024-02-09", Lunar{30, 12, 2023, false}},
		{"2023-03-22", Lunar{1, 2, 2023, true}}, // nhuận tháng 2
		{"2025-07-25", Lunar{1, 6, 2025, true}}, // nhuận tháng 6
		{"2020-05-23", Lunar{1, 4, 2020, true}}, // nhuận tháng 4
		{"2024-09-17", Lunar{15, 8, 2024, false}},
		{"2025-10-06", Lunar{15, 8, 2025, false}},
	} {
		if got := LunarOf(day(t, c.solar)); got != c.want {
			t.Errorf("%s is %+v, want %+v", c.solar, got, c.want)
		}
	}
}

// The leap months of two decades; a year not listed has none.
func TestLeapMonths(t *testing.T) {
	leap := map[int]int{
		2004: 2, 2006: 7, 2009: 5, 2012: 4, 2014: 9, 2017: 6, 2020: 4, 2023: 2, 2025: 6, 2028: 5, 2031: 3, 2033: 11,
	}
	for year := 2003; year <= 2033; year++ {
		for month := 1; month <= 12; month++ {
			_, ok := Lunar{Day: 1, Month: month, Year: year, Leap: true}.Solar()
			if want := leap[year] == month; ok != want {
				t.Errorf("leap month %d of %d: %v, want %v", month, year, ok, want)
			}
		}
	}
}

func TestNoSuchLunarDay(t *testing.T) {
	for _, l := range []Lunar{{30, 12, 2026, false}, {0, 1, 2026, false}, {1, 13, 2026, false}, {31, 1, 2026, false}} {
		if got, ok := l.Solar(); ok {
			t.Errorf("%+v is %v, want none", l, got)
		}
	}
}

func TestLunarRoundTrip(t *testing.T) {
	from, to := julian(clock.Date{Year: 1900, Month: 1, Day: 1}), julian(clock.Date{Year: 2150, Month: 12, Day: 31})
	rapid.Check(t, func(t *rapid.T) {
		d := dateOfJulian(rapid.IntRange(from, to).Draw(t, "day"))
		l := LunarOf(d)
		back, ok := l.Solar()
		if !ok || back != d {
			t.Fatalf("%v is %+v, which is %v", d, l, back)
		}
		next := LunarOf(d.AddDays(1))
		if next.Day != l.Day+1 && (next.Day != 1 || l.Day < 29) {
			t.Fatalf("%v is %+v but the next day %+v", d, l, next)
		}
	})
}

func TestJulian(t *testing.T) {
	if got := julian(clock.Date{Year: 2000, Month: 1, Day: 1}); got != 2451545 {
		t.Errorf("1/1/2000 is Julian day %d, want 2451545", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		d := clock.NewDate(2000, 1, rapid.IntRange(-40000, 40000).Draw(t, "day"))
		if back := dateOfJulian(julian(d)); back != d {
			t.Fatalf("%v came back as %v", d, back)
		}
		if weekdayOf(julian(d)) != d.Weekday() {
			t.Fatalf("%v is no %v", d, weekdayOf(julian(d)))
		}
	})
}

func TestLunarWords(t *testing.T) {
	words, err := text.Load(Files)
	if err != nil {
		t.Fatal(err)
	}
	for solar, want := range map[string]string{
		"2026-11-22": "14 tháng Mười năm Bính Ngọ",
		"2027-02-06": "1 tháng Giêng năm Đinh Mùi",
		"2025-07-25": "1 tháng Sáu nhuận năm Ất Tỵ",
		"2025-01-28": "29 tháng Chạp năm Giáp Thìn",
		"2020-01-25": "1 tháng Giêng năm Canh Tý",
	} {
		if got := LunarOf(day(t, solar)).Words().Say(words, text.Vi); got != want {
			t.Errorf("%s: %q, want %q", solar, got, want)
		}
	}
}

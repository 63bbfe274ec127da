package figures

import (
	"time"

	"example.vn/hdnd/internal/kernel/clock"
)

// Preset is a period that reports are usual for.
//
// vi: kỳ báo cáo thường dùng
type Preset struct {
	Key    string // "month", "quarter", "half", "nine", "year"; its words are figures.preset_<key>
	Number int    // of the month or quarter; 0 where there is but one
	Year   int
	Period Period
}

// Presets lists the usual periods around a day: months for the standing
// committee; quarters, half-year, nine months and year for the statistics.
func Presets(today clock.Date) []Preset {
	month := func(n int) clock.Date { return clock.NewDate(today.Year, today.Month+time.Month(n), 1) }
	quarter := func(n int) clock.Date {
		return clock.NewDate(today.Year, time.Month((int(today.Month)-1)/3*3+1+3*n), 1)
	}
	of := func(key string, from, after clock.Date) Preset {
		p := Preset{Key: key, Year: from.Year, Period: Period{from, after.AddDays(-1)}}
		switch key {
		case "month":
			p.Number = int(from.Month)
		case "quarter":
			p.Number = (int(from.Month)-1)/3 + 1
		}
		return p
	}
	year := func(month time.Month) clock.Date { return clock.NewDate(today.Year, month, 1) }
	return []Preset{
		of("month", month(0), month(1)), of("month", month(-1), month(0)),
		of("quarter", quarter(0), quarter(1)), of("quarter", quarter(-1), quarter(0)),
		of("half", year(1), year(7)), of("nine", year(1), year(10)), of("year", year(1), year(13)),
	}
}

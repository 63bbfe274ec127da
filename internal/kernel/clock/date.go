package clock

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Date is a day of the solar calendar (BLDS 2015, Điều 145). The zero Date
// means "no date".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// NewDate makes a date; out-of-range days roll over as in time.Date.
func NewDate(year int, month time.Month, day int) Date {
	return DateOf(time.Date(year, month, day, 12, 0, 0, 0, Hanoi))
}

// DateOf is the date in Hanoi at the moment t.
func DateOf(t time.Time) Date {
	y, m, d := t.In(Hanoi).Date()
	return Date{y, m, d}
}

// ParseDate reads yyyy-mm-dd or dd/mm/yyyy.
func ParseDate(s string) (Date, error) {
	for _, layout := range []string{"2006-01-02", "02/01/2006", "2/1/2006"} {
		if t, err := time.ParseInLocation(layout, s, Hanoi); err == nil {
			return DateOf(t), nil
		}
	}
	return Date{}, fmt.Errorf("clock: %q is no date (want dd/mm/yyyy or yyyy-mm-dd)", s)
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Time is midnight in Hanoi at the start of d.
func (d Date) Time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, Hanoi) }

// End is the moment at which d is over: 24:00 (BLDS 2015, Điều 148 khoản 6).
func (d Date) End() time.Time { return d.AddDays(1).Time() }

// Weekday is d's day of the week.
func (d Date) Weekday() time.Weekday { return d.Time().Weekday() }

// AddDays is the date n days later.
func (d Date) AddDays(n int) Date { return NewDate(d.Year, d.Month, d.Day+n) }

// Sub is the number of days from e to d.
func (d Date) Sub(e Date) int {
	return int(d.Time().Sub(e.Time()) / (24 * time.Hour))
}

// Compare orders dates.
func (d Date) Compare(e Date) int { return d.Time().Compare(e.Time()) }

// Before reports whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After reports whether d is later than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// String is yyyy-mm-dd, as stored; empty for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// VN is dd/mm/yyyy, as people read it; empty for no date.
func (d Date) VN() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d/%02d/%04d", d.Day, int(d.Month), d.Year)
}

// MarshalText implements encoding.TextMarshaler as yyyy-mm-dd.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	got, err := ParseDate(string(b))
	if err != nil {
		return err
	}
	*d = got
	return nil
}

// Value stores the date as text; no date is the empty text, so that columns
// need no NULL and order the same on both databases.
func (d Date) Value() (driver.Value, error) { return d.String(), nil }

// Scan reads what Value stored.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	}
	return fmt.Errorf("clock: cannot read a date from %T", src)
}

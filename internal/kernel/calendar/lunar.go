package calendar

import (
	"math"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
)

// Lunar is a day of the Vietnamese lunar calendar.
type Lunar struct {
	Day, Month, Year int
	Leap             bool // tháng nhuận
}

// The lunar calendar follows Hồ Ngọc Đức's published algorithm: true new moons
// and solar terms after Meeus, read in UTC+7. It holds for 1800–2199; Viet Nam
// has used UTC+7 for its calendar since 1968, which is why Tết 1985, 2007 and
// 2030 differ from the Chinese New Year.
const (
	newMoon1900  = 2415021.076998695 // new moon of 1 January 1900, Julian days
	synodicMonth = 29.530588853
	hanoiOffset  = 7.0 / 24
)

// LunarOf is the lunar date of d.
func LunarOf(d clock.Date) Lunar {
	day := julian(d)
	k := int(math.Floor((float64(day) - newMoon1900) / synodicMonth))
	monthStart := newMoonDay(k + 1)
	if monthStart > day {
		monthStart = newMoonDay(k)
	}
	year := d.Year + 1
	a11, b11 := month11(d.Year), month11(d.Year+1)
	if a11 >= monthStart {
		year = d.Year
		a11, b11 = month11(d.Year-1), a11
	}
	diff := (monthStart - a11) / 29
	l := Lunar{Day: day - monthStart + 1, Month: diff + 11, Year: year}
	if b11-a11 > 365 {
		if leap := leapOffset(a11); diff >= leap {
			l.Month--
			l.Leap = diff == leap
		}
	}
	if l.Month > 12 {
		l.Month -= 12
	}
	if l.Month >= 11 && diff < 4 {
		l.Year--
	}
	return l
}

// Solar is the solar date of l; false when that lunar day does not exist.
func (l Lunar) Solar() (clock.Date, bool) {
	if l.Month < 1 || l.Month > 12 || l.Day < 1 || l.Day > 30 {
		return clock.Date{}, false
	}
	first := l.Year
	if l.Month < 11 {
		first--
	}
	a11, b11 := month11(first), month11(first+1)
	off := (l.Month + 1) % 12
	if b11-a11 > 365 {
		leap := leapOffset(a11)
		// The leap month bears the number of the month before it.
		if l.Leap && l.Month != (leap+9)%12+1 {
			return clock.Date{}, false
		}
		if l.Leap || off >= leap {
			off++
		}
	} else if l.Leap {
		return clock.Date{}, false
	}
	k := int(math.Floor(0.5 + (float64(a11)-newMoon1900)/synodicMonth))
	day := newMoonDay(k+off) + l.Day - 1
	if l.Day == 30 && day == newMoonDay(k+off+1) {
		return clock.Date{}, false
	}
	return dateOfJulian(day), true
}

// Words is l as people say it, e.g. "14 tháng Mười năm Bính Ngọ".
func (l Lunar) Words() Sentence {
	key := "calendar.lunar_date"
	if l.Leap {
		key = "calendar.lunar_date_leap"
	}
	return Sentence{Key: key, Args: []any{
		"day", l.Day, "month", Word(lunarMonthKey(l.Month)),
		"stem", Word(stemKey(l.Year)), "branch", Word(branchKey(l.Year)),
	}}
}

// month11 is the Julian day on which the lunar month holding the winter
// solstice of the solar year begins.
func month11(year int) int {
	off := julian(clock.Date{Year: year, Month: time.December, Day: 31}) - 2415021
	k := int(math.Floor(float64(off) / synodicMonth))
	day := newMoonDay(k)
	if sunSector(day) >= 9 {
		day = newMoonDay(k - 1)
	}
	return day
}

// leapOffset is how many months after the eleventh the leap month comes: the
// first month without a major solar term.
func leapOffset(a11 int) int {
	k := int(math.Floor(0.5 + (float64(a11)-newMoon1900)/synodicMonth))
	last := sunSector(newMoonDay(k + 1))
	for i := 2; i < 15; i++ {
		arc := sunSector(newMoonDay(k + i))
		if arc == last {
			return i - 1
		}
		last = arc
	}
	return 13
}

// newMoonDay is the Julian day, in Hanoi, of the k-th new moon after 1/1/1900.
func newMoonDay(k int) int {
	return int(math.Floor(newMoon(float64(k)) + 0.5 + hanoiOffset))
}

// newMoon is the moment of the k-th new moon (Meeus, Astronomical Algorithms).
func newMoon(k float64) float64 {
	const dr = math.Pi / 180
	t := k / 1236.85
	t2, t3 := t*t, t*t*t
	mean := 2415020.75933 + 29.53058868*k + 0.0001178*t2 - 0.000000155*t3 +
		0.00033*math.Sin((166.56+132.87*t-0.009173*t2)*dr)
	m := (359.2242 + 29.10535608*k - 0.0000333*t2 - 0.00000347*t3) * dr
	mpr := (306.0253 + 385.81691806*k + 0.0107306*t2 + 0.00001236*t3) * dr
	f := (21.2964 + 390.67050646*k - 0.0016528*t2 - 0.00000239*t3) * dr
	c := (0.1734-0.000393*t)*math.Sin(m) + 0.0021*math.Sin(2*m) -
		0.4068*math.Sin(mpr) + 0.0161*math.Sin(2*mpr) - 0.0004*math.Sin(3*mpr) +
		0.0104*math.Sin(2*f) - 0.0051*math.Sin(m+mpr) - 0.0074*math.Sin(m-mpr) +
		0.0004*math.Sin(2*f+m) - 0.0004*math.Sin(2*f-m) - 0.0006*math.Sin(2*f+mpr) +
		0.0010*math.Sin(2*f-mpr) + 0.0005*math.Sin(2*mpr+m)
	dt := -0.000278 + 0.000265*t + 0.000262*t2
	if t < -11 {
		dt = 0.001 + 0.000839*t + 0.0002261*t2 - 0.00000845*t3 - 0.000000081*t*t3
	}
	return mean + c - dt
}

// sunSector is which twelfth of the ecliptic the sun is in when the day begins
// in Hanoi; 9 begins at the winter solstice.
func sunSector(day int) int {
	const dr = math.Pi / 180
	t := (float64(day) - 0.5 - hanoiOffset - 2451545) / 36525
	t2 := t * t
	m := (357.52910 + 35999.05030*t - 0.0001559*t2 - 0.00000048*t*t2) * dr
	l0 := 280.46645 + 36000.76983*t + 0.0003032*t2
	dl := (1.914600-0.004817*t-0.000014*t2)*math.Sin(m) +
		(0.019993-0.000101*t)*math.Sin(2*m) + 0.000290*math.Sin(3*m)
	lon := (l0 + dl) * dr
	lon -= 2 * math.Pi * math.Floor(lon/(2*math.Pi))
	return int(math.Floor(lon / math.Pi * 6))
}

// julian is the Julian day number of d in the Gregorian calendar.
func julian(d clock.Date) int {
	a := (14 - int(d.Month)) / 12
	y, m := d.Year+4800-a, int(d.Month)+12*a-3
	return d.Day + (153*m+2)/5 + 365*y + y/4 - y/100 + y/400 - 32045
}

// dateOfJulian is the date of a Julian day number.
func dateOfJulian(jd int) clock.Date {
	a := jd + 32044
	b := (4*a + 3) / 146097
	c := a - 146097*b/4
	d := (4*c + 3) / 1461
	e := c - 1461*d/4
	m := (5*e + 2) / 153
	return clock.Date{
		Year: 100*b + d - 4800 + m/10, Month: time.Month(m + 3 - 12*(m/10)), Day: e - (153*m+2)/5 + 1,
	}
}

// weekdayOf is the day of the week of a Julian day number.
func weekdayOf(jd int) time.Weekday { return time.Weekday((jd + 1) % 7) }

package intake

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
)

// errorValues are what Excel shows where a formula failed.
var errorValues = []string{"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"}

func isErrorValue(cell string) bool {
	return strings.HasPrefix(cell, "#") && slices.Contains(errorValues, strings.ToUpper(cell))
}

var (
	dayFirst  = regexp.MustCompile(`^(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})(?:\D.*)?$`)
	yearStart = regexp.MustCompile(`^(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?:\D.*)?$`)
	inWords   = regexp.MustCompile(`^(?:.*\s)?(\d{1,2}) thang (\d{1,2}) nam (\d{4})`)
)

// dayOf reads a date as offices write it: 05/11/2026, 5-11-26, 2026-11-05,
// "ngày 5 tháng 11 năm 2026", or the number that Excel keeps for a date.
func dayOf(cell string, from1904 bool) (clock.Date, bool) {
	cell = text.Line(cell)
	if m := dayFirst.FindStringSubmatch(cell); m != nil {
		return day(m[3], m[2], m[1])
	}
	if m := yearStart.FindStringSubmatch(cell); m != nil {
		return day(m[1], m[2], m[3])
	}
	if m := inWords.FindStringSubmatch(text.Fold(cell)); m != nil {
		return day(m[3], m[2], m[1])
	}
	n, err := strconv.ParseFloat(cell, 64)
	// Excel counts from 30/12/1899, or from 1/1/1904 on old Macs; the numbers
	// taken are those of 1970 to 2099, so that a bare year is no date.
	const first, last = 25_569, 73_050
	if err != nil || math.IsNaN(n) {
		return clock.Date{}, false
	}
	start, days := clock.NewDate(1899, time.December, 30), math.Floor(n)
	if from1904 {
		start, days = clock.NewDate(1904, time.January, 1), days+1462
	}
	if days < first || days > last {
		return clock.Date{}, false
	}
	if from1904 {
		days -= 1462
	}
	return start.AddDays(int(days)), true
}

func day(year, month, dayOfMonth string) (clock.Date, bool) {
	if len(year) == 2 {
		year = "20" + year
	}
	y, err1 := strconv.Atoi(year)
	m, err2 := strconv.Atoi(month)
	d, err3 := strconv.Atoi(dayOfMonth)
	if err1 != nil || err2 != nil || err3 != nil || m < 1 || m > 12 || d < 1 || d > 31 {
		return clock.Date{}, false
	}
	made := clock.NewDate(y, time.Month(m), d)
	return made, made.Day == d // 31/02 would roll over into March
}

// phoneOf gives a telephone number back the zero that Excel takes from it when
// the cell holds a number.
func phoneOf(cell string) string {
	cell = text.Line(cell)
	n, err := strconv.ParseFloat(cell, 64)
	if err != nil || strings.HasPrefix(cell, "0") || n < 1e8 || n >= 1e15 || n != math.Trunc(n) {
		return cell
	}
	cell = strconv.FormatInt(int64(n), 10)
	if len(cell) == 9 || len(cell) == 10 && cell[0] == '2' { // mobile numbers; those of towns begin with 02
		cell = "0" + cell
	}
	return cell
}

// channelOf guesses the channel from the workbook's own word for it.
func channelOf(origin string) Channel {
	folded := " " + strings.Join(strings.Fields(text.Fold(origin)), " ") + " "
	for _, w := range []struct {
		words string
		to    Channel
	}{{"tiep xuc", Meeting}, {"txct", Meeting}, {"hoi nghi", Meeting}, {"mttq", Front}, {"mat tran", Front}, {"dien thoai", Phone}, {"duong day nong", Phone},
		{"hotline", Phone}, {"buu", Letter}, {" don ", Letter}, {" thu ", Letter}, {"van ban", Letter}, {"truc tiep", Letter}} {
		if strings.Contains(folded, w.words) {
			return w.to
		}
	}
	return ""
}

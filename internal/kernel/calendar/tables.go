package calendar

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"example.vn/hdnd/internal/kernel/clock"
)

// lines tells on which line each [[table]] of a file begins.
type lines map[string][]int

// decode reads TOML strictly: an unknown field is an error, and every table
// stands under its own [[header]], so that every later complaint can name a line.
func decode(file string, b []byte, into any) (lines, error) {
	s := string(b)
	if i := strings.Index(s, `"""`); i >= 0 {
		return nil, complain(file, 1+strings.Count(s[:i], "\n"), "values over several lines are not allowed")
	}
	if i := strings.Index(s, "'''"); i >= 0 {
		return nil, complain(file, 1+strings.Count(s[:i], "\n"), "values over several lines are not allowed")
	}
	md, err := toml.Decode(s, into)
	if err != nil {
		var bad toml.ParseError
		if errors.As(err, &bad) {
			return nil, complain(file, bad.Position.Line, "%s", bad.Message)
		}
		return nil, complain(file, 1, "%v", err)
	}
	if unknown := md.Undecoded(); len(unknown) > 0 {
		name := unknown[0][len(unknown[0])-1]
		return nil, complain(file, lineOf(s, name), "unknown field %q", unknown[0].String())
	}
	for _, key := range md.Keys() { // the decoder would take "Count" for "count"
		if name := key[len(key)-1]; name != strings.ToLower(name) {
			return nil, complain(file, lineOf(s, name), "unknown field %q", key.String())
		}
	}
	at := lines{}
	for i, line := range strings.Split(s, "\n") {
		if head, ok := header(line); ok {
			at[head] = append(at[head], i+1)
		}
	}
	return at, nil
}

// complain is an error for whoever edits the file.
func complain(file string, line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", file, line, fmt.Errorf(format, args...))
}

// header is the name in a line of the form [[name]].
func header(line string) (string, bool) {
	line, _, _ = strings.Cut(line, "#")
	inner, ok := strings.CutPrefix(strings.TrimSpace(line), "[[")
	if !ok {
		return "", false
	}
	inner, ok = strings.CutSuffix(inner, "]]")
	return strings.TrimSpace(inner), ok
}

// lineOf is the first line that assigns or opens name.
func lineOf(s, name string) int {
	for i, line := range strings.Split(s, "\n") {
		key, _, _ := strings.Cut(line, "=")
		head, _ := header(line)
		if head == name || strings.Trim(strings.TrimSpace(key), `"'[]`) == name {
			return i + 1
		}
	}
	return 1
}

// match makes sure that n rows of a table stand under n headers.
func (l lines) match(file, table string, n int) error {
	if len(l[table]) != n {
		return complain(file, 1, "write every row under its own [[%s]]", table)
	}
	return nil
}

type daysFile struct {
	Day          []dayRow    `toml:"day"`
	Yearly       []yearlyRow `toml:"yearly"`
	Weekly       []weeklyRow `toml:"weekly"`
	Compensation []lieuRow   `toml:"compensation"`
}

type dayRow struct {
	Date      clock.Date `toml:"date"`
	Kind      Kind       `toml:"kind"`
	Feast     Feast      `toml:"feast"`
	Vi        string     `toml:"vi"`
	En        string     `toml:"en"`
	Source    string     `toml:"source"`
	Mark      string     `toml:"mark"`
	Confirmed *bool      `toml:"confirmed"`
	For       clock.Date `toml:"for"`
	From      clock.Date `toml:"from"`
}

type yearlyRow struct {
	Solar     string     `toml:"solar"` // month-day
	Lunar     string     `toml:"lunar"` // month-day
	Shift     int        `toml:"shift"`
	Kind      Kind       `toml:"kind"`
	Feast     Feast      `toml:"feast"`
	Vi        string     `toml:"vi"`
	En        string     `toml:"en"`
	Source    string     `toml:"source"`
	Mark      string     `toml:"mark"`
	Confirmed *bool      `toml:"confirmed"`
	From      clock.Date `toml:"from"`
	Until     clock.Date `toml:"until"`
}

type weeklyRow struct {
	Weekday string     `toml:"weekday"`
	Vi      string     `toml:"vi"`
	En      string     `toml:"en"`
	Source  string     `toml:"source"`
	Mark    string     `toml:"mark"`
	From    clock.Date `toml:"from"`
	Until   clock.Date `toml:"until"`
}

type lieuRow struct {
	Vi     string     `toml:"vi"`
	En     string     `toml:"en"`
	Source string     `toml:"source"`
	Mark   string     `toml:"mark"`
	From   clock.Date `toml:"from"`
	Until  clock.Date `toml:"until"`
}

// readDays reads every file of days/.
func readDays(files fs.FS) (source, error) {
	names, err := fs.Glob(files, "days/*.toml")
	if err != nil {
		return source{}, err
	}
	var src source
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return source{}, err
		}
		if err := src.read(name, b); err != nil {
			return source{}, err
		}
	}
	return src, nil
}

func (s *source) read(file string, b []byte) error {
	var f daysFile
	at, err := decode(file, b, &f)
	if err != nil {
		return err
	}
	for table, n := range map[string]int{
		"day": len(f.Day), "yearly": len(f.Yearly), "weekly": len(f.Weekly), "compensation": len(f.Compensation),
	} {
		if err := at.match(file, table, n); err != nil {
			return err
		}
	}
	for i, row := range f.Day {
		d, err := row.day()
		if err != nil {
			return complain(file, at["day"][i], "%w", err)
		}
		s.days = append(s.days, d)
	}
	for i, row := range f.Yearly {
		y, err := row.yearly()
		if err != nil {
			return complain(file, at["yearly"][i], "%w", err)
		}
		s.feasts = append(s.feasts, y)
	}
	for i, row := range f.Weekly {
		r, err := row.rest()
		if err != nil {
			return complain(file, at["weekly"][i], "%w", err)
		}
		s.weeklyRests = append(s.weeklyRests, r)
	}
	for i, row := range f.Compensation {
		if row.Vi == "" || row.En == "" || row.Source == "" || row.From.IsZero() {
			return complain(file, at["compensation"][i], "vi, en, source and from are needed")
		}
		s.inLieu = append(s.inLieu, lieu{
			from: julian(row.From), until: julianOrZero(row.Until),
			name: row.Vi, nameEn: row.En, source: row.Source, mark: row.Mark,
		})
	}
	return nil
}

func (r dayRow) day() (Day, error) {
	if r.Confirmed == nil || r.En == "" || r.From.IsZero() || !knownMark(r.Mark) {
		return Day{}, errors.New("confirmed, en, from and a known mark are needed")
	}
	d := Day{
		Date: r.Date, Kind: r.Kind, Feast: r.Feast, Name: r.Vi, NameEn: r.En, Source: r.Source,
		Mark: r.Mark, Confirmed: *r.Confirmed, For: r.For, From: r.From,
	}
	if f := d.check(); f != nil {
		return Day{}, f
	}
	return d, nil
}

func (r yearlyRow) yearly() (yearly, error) {
	if r.Confirmed == nil || r.Vi == "" || r.En == "" || r.Source == "" || r.From.IsZero() || !knownMark(r.Mark) {
		return yearly{}, errors.New("vi, en, source, from, confirmed and a known mark are needed")
	}
	if (r.Solar == "") == (r.Lunar == "") {
		return yearly{}, errors.New("either solar or lunar is needed")
	}
	if (r.Kind != Holiday && r.Kind != Doubtful) || r.Feast == "" || !r.Feast.known() {
		return yearly{}, errors.New("a yearly day is a holiday or doubtful, of a known feast")
	}
	if r.Shift < -7 || r.Shift > 7 {
		return yearly{}, errors.New("shift is at most a week")
	}
	if !r.Until.IsZero() && r.Until.Before(r.From) {
		return yearly{}, errors.New("until is before from")
	}
	y := yearly{lunar: r.Lunar != "", shift: r.Shift, from: r.From, until: r.Until, Day: Day{
		Kind: r.Kind, Feast: r.Feast, Name: r.Vi, NameEn: r.En, Source: r.Source, Mark: r.Mark,
		Confirmed: *r.Confirmed, From: r.From,
	}}
	var err error
	y.month, y.day, err = monthDay(r.Solar+r.Lunar, y.lunar)
	return y, err
}

// monthDay reads mm-dd; 29 February is no yearly day, nor is a lunar day 30.
func monthDay(s string, lunar bool) (month, day int, err error) {
	m, d, ok := strings.Cut(s, "-")
	if !ok || len(m) != 2 || len(d) != 2 {
		return 0, 0, fmt.Errorf("%q is no month-day", s)
	}
	month, errMonth := strconv.Atoi(m)
	day, errDay := strconv.Atoi(d)
	if errMonth != nil || errDay != nil {
		return 0, 0, fmt.Errorf("%q is no month-day", s)
	}
	if lunar {
		if month < 1 || month > 12 || day < 1 || day > 29 {
			return 0, 0, fmt.Errorf("%q is not a day of every lunar year", s)
		}
		return month, day, nil
	}
	plain := clock.Date{Year: 2001, Month: time.Month(month), Day: day}
	if month < 1 || month > 12 || dateOfJulian(julian(plain)) != plain {
		return 0, 0, fmt.Errorf("%q is not a day of every year", s)
	}
	return month, day, nil
}

func (r weeklyRow) rest() (rest, error) {
	if r.Vi == "" || r.En == "" || r.Source == "" || r.From.IsZero() {
		return rest{}, errors.New("vi, en, source and from are needed")
	}
	for wd := time.Sunday; wd <= time.Saturday; wd++ {
		if strings.EqualFold(wd.String(), r.Weekday) {
			return rest{
				weekday: wd, from: julian(r.From), until: julianOrZero(r.Until),
				name: r.Vi, nameEn: r.En, source: r.Source,
			}, nil
		}
	}
	return rest{}, fmt.Errorf("%q is no weekday", r.Weekday)
}

func julianOrZero(d clock.Date) int {
	if d.IsZero() {
		return 0
	}
	return julian(d)
}

// knownMark accepts the marks of the research notes: seen, seen in a mirror,
// known, unsure, computed, or plain law.
func knownMark(m string) bool {
	switch m {
	case "V", "V-m", "K", "U", "computed", "law":
		return true
	}
	return false
}

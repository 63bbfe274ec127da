package calendar

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"example.vn/hdnd/internal/kernel/clock"
)

// row is one [[table]] of a file with the line on which it begins. Rows are
// decoded one by one, because only so the decoder knows the line of a mistake.
type row struct {
	file, table, body string
	line              int
}

// readRows cuts a TOML file into its rows. Every row stands under its own
// [[header]], so that every later complaint can name a line.
func readRows(file string, b []byte, tables ...string) ([]row, error) {
	s := string(b)
	for _, quote := range []string{`"""`, "'''"} {
		if i := strings.Index(s, quote); i >= 0 {
			return nil, complain(file, 1+strings.Count(s[:i], "\n"), "values over several lines are not allowed")
		}
	}
	var whole map[string]any
	if _, err := toml.Decode(s, &whole); err != nil {
		return nil, located(file, 0, err)
	}
	for _, name := range slices.Sorted(maps.Keys(whole)) {
		if !slices.Contains(tables, name) {
			return nil, complain(file, lineOf(s, name), "unknown table or field %q", name)
		}
	}
	var all []row
	for i, line := range strings.Split(s, "\n") {
		if table, ok := header(line); ok {
			all = append(all, row{file: file, table: table, line: i + 1})
		} else if len(all) > 0 {
			all[len(all)-1].body += line + "\n"
		}
	}
	found := map[string]int{}
	for _, r := range all {
		found[r.table]++
	}
	for table, rows := range whole {
		if rows, ok := rows.([]map[string]any); !ok || len(rows) != found[table] {
			return nil, complain(file, lineOf(s, table), "write every row under its own [[%s]]", table)
		}
	}
	return all, nil
}

// decode reads the row strictly: an unknown field is an error.
func (r row) decode(into any) error {
	md, err := toml.Decode(r.body, into)
	if err != nil {
		return located(r.file, r.line, err)
	}
	unknown := md.Undecoded()
	for _, key := range md.Keys() { // the decoder would take "Count" for "count"
		if key.String() != strings.ToLower(key.String()) {
			unknown = append(unknown, key)
		}
	}
	if len(unknown) > 0 {
		return complain(r.file, r.line+lineOf(r.body, unknown[0][0]), "unknown field %q", unknown[0].String())
	}
	return nil
}

// wrong is an error about the whole row.
func (r row) wrong(err error) error { return complain(r.file, r.line, "%w", err) }

// complain is an error for whoever edits the file.
func complain(file string, line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", file, line, fmt.Errorf(format, args...))
}

// located turns the decoder's error into ours; before is how many lines of the
// file stand before what was decoded.
func located(file string, before int, err error) error {
	var bad toml.ParseError
	if errors.As(err, &bad) {
		return complain(file, before+max(bad.Position.Line, 1), "%s", bad.Message)
	}
	line, message := 1, strings.TrimPrefix(err.Error(), "toml: ")
	if rest, ok := strings.CutPrefix(message, "line "); ok {
		number, _, _ := strings.Cut(rest, " ")
		if n, aerr := strconv.Atoi(number); aerr == nil {
			line = n
		}
		if _, reason, ok := strings.Cut(rest, "): "); ok {
			message = reason
		}
	}
	return complain(file, before+line, "%s", message)
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
		first, _, _ := strings.Cut(strings.Trim(strings.TrimSpace(key), `"'[]`), ".")
		if first == name {
			return i + 1
		}
	}
	return 1
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
	rows, err := readRows(file, b, "day", "yearly", "weekly", "compensation")
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := s.add(r); err != nil {
			return err
		}
	}
	return nil
}

func (s *source) add(r row) error {
	switch r.table {
	case "day":
		return addRow(r, &s.days, dayRow.day)
	case "yearly":
		return addRow(r, &s.feasts, yearlyRow.yearly)
	case "weekly":
		return addRow(r, &s.weeklyRests, weeklyRow.rest)
	}
	return addRow(r, &s.inLieu, lieuRow.lieu)
}

// addRow reads a row, makes a fact of it and adds it to the others.
func addRow[R, F any](r row, facts *[]F, fact func(R) (F, error)) error {
	var written R
	if err := r.decode(&written); err != nil {
		return err
	}
	f, err := fact(written)
	if err != nil {
		return r.wrong(err)
	}
	*facts = append(*facts, f)
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

func (r lieuRow) lieu() (lieu, error) {
	if r.Vi == "" || r.En == "" || r.Source == "" || r.From.IsZero() {
		return lieu{}, errors.New("vi, en, source and from are needed")
	}
	return lieu{
		from: julian(r.From), until: julianOrZero(r.Until), name: r.Vi, nameEn: r.En, source: r.Source, mark: r.Mark,
	}, nil
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

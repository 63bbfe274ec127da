package figures

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/text"
)

// paper is a made report with its form, to be written as a file. Files are in
// Vietnamese, whatever the reader's language: they are the form of a circular.
type paper struct {
	Report
	Of  *Form
	say func(key string, args ...any) string
}

// momentForm is how a moment is written.
const momentForm = "02/01/2006 15:04:05"

func (v paper) breach(b Breach) string {
	refs := strings.Join(b.Refs, ", ")
	if more := b.Count - int64(len(b.Refs)); more > 0 {
		refs += v.say("figures.and_more", "n", more)
	}
	return v.say("figures.breach", "identity", b.Identity, "council", b.Council, "left", b.Left, "right", b.Right, "refs", refs)
}

// workbook writes the form as it is printed: a line for each council, columns
// under their headings, figures as numbers.
func (v paper) workbook(w io.Writer) error {
	b := documents.NewWorkbook(strings.ReplaceAll(v.Of.Name, "/", "-"))
	b.Set(1, 1, v.Of.Name+": "+v.Of.Title)
	b.Set(1, 2, v.Period.V.From.VN()+" – "+v.Period.V.Until.VN())
	b.Set(1, 3, v.Of.Basis)
	first, depth := 5, v.Of.depth()
	b.Set(1, first, v.say("figures.council"))
	b.Merge(1, first, 1, first+depth-1)
	b.Set(1, first+depth, v.say("figures.column"))
	headings(b, v.Of, first, depth)
	at := first + depth + 1
	for _, row := range v.Table.V.Rows {
		writeRow(b, at, row.Name, row.Values)
		at++
	}
	if len(v.Table.V.Rows) > 1 {
		writeRow(b, at, v.say("figures.total"), v.Table.V.Total)
		at++
	}
	b.Dress(1, first, len(v.Of.Columns)+1, first+depth, true)
	b.Dress(1, first+depth+1, len(v.Of.Columns)+1, max(at-1, first+depth+1), false)
	for i, breach := range v.Table.V.Breaches {
		b.Set(1, at+1+i, v.breach(breach))
	}
	b.Wide(1, 1, 34)
	return b.Write(w)
}

// depth is how many lines the headings of a form take.
func (f *Form) depth() int {
	deepest := 1
	for _, c := range f.Columns {
		deepest = max(deepest, len(c.Under)+1)
	}
	return deepest
}

func writeRow(b *documents.Workbook, y int, name string, values []int64) {
	b.Set(1, y, name)
	for i, v := range values {
		b.Number(i+2, y, v)
	}
}

// headings writes the columns' headings, those they share over all of them, and
// under each its number.
func headings(b *documents.Workbook, f *Form, first, depth int) {
	for i, c := range f.Columns {
		level := append(append([]string{}, c.Under...), c.Name)
		for k, words := range level {
			if k < len(c.Under) && i > 0 && shares(f.Columns[i-1].Under, c.Under, k) {
				continue
			}
			b.Set(i+2, first+k, words)
			last := i
			for k < len(c.Under) && last+1 < len(f.Columns) && shares(c.Under, f.Columns[last+1].Under, k) {
				last++
			}
			bottom := first + k
			if k == len(level)-1 {
				bottom = first + depth - 1
			}
			b.Merge(i+2, first+k, last+2, bottom)
		}
		b.Set(i+2, first+depth, fmt.Sprint(c.N))
	}
}

// shares reports whether two columns stand under the same heading at a level.
func shares(a, b []string, level int) bool {
	if len(a) <= level || len(b) <= level {
		return false
	}
	for k := range level + 1 {
		if a[k] != b[k] {
			return false
		}
	}
	return true
}

// line is one column of the form, written down the page: its number, words and
// figures.
type line struct {
	n      int
	words  string
	values []int64
}

// lines turns the form on its side: 29 columns are not read across a screen.
func (v paper) lines() []line {
	all := make([]line, len(v.Of.Columns))
	for i, c := range v.Of.Columns {
		all[i] = line{n: c.N, words: c.words()}
		if len(v.Table.V.Rows) > 1 {
			all[i].values = append(all[i].values, v.Table.V.Total[i])
		}
		for _, row := range v.Table.V.Rows {
			all[i].values = append(all[i].values, row.Values[i])
		}
	}
	return all
}

// words writes a column with the headings above it.
func (c Column) words() string {
	return strings.Join(append(append([]string{}, c.Under...), c.Name), " – ")
}

// councilsAcross is how many councils one printed table takes side by side.
const councilsAcross = 4

// print draws the form down the page, a few councils at a time: 29 columns are
// not read across a sheet of A4.
func (v paper) print(w io.Writer, fonts documents.Fonts) error {
	l := documents.Letter{Head: documents.Head{Issuer: v.Table.V.Rows[0].Name, Date: clock.DateOf(v.MadeAt.Time)}, Kind: v.say("figures.print_kind", "form", v.Of.Name),
		Subject: v.Of.Title + " (" + v.Period.V.From.VN() + " – " + v.Period.V.Until.VN() + ")", Created: v.MadeAt.Time}
	lines, heads := v.lines(), []string{}
	if len(v.Table.V.Rows) > 1 {
		heads = append(heads, v.say("figures.total"))
	}
	for _, row := range v.Table.V.Rows {
		heads = append(heads, row.Name)
	}
	for from := 0; from < len(heads); from += councilsAcross {
		to := min(from+councilsAcross, len(heads))
		t := documents.Table{Columns: []documents.Column{{Title: v.say("figures.column"), Share: 0.7, Right: true}, {Title: v.say("figures.words"), Share: 6}}}
		for _, h := range heads[from:to] {
			t.Columns = append(t.Columns, documents.Column{Title: h, Share: 1.6, Right: true})
		}
		for _, line := range lines {
			row := []string{fmt.Sprint(line.n), line.words}
			for _, n := range line.values[from:to] {
				row = append(row, text.Number(text.Vi, n))
			}
			t.Rows = append(t.Rows, row)
		}
		l.Body = append(l.Body, t)
	}
	for _, b := range v.Table.V.Breaches {
		l.Body = append(l.Body, documents.Paragraph{Text: v.breach(b)})
	}
	l.Body = append(l.Body, documents.Paragraph{Text: v.say("figures.print_foot", "basis", v.Of.Basis, "moment", v.Moment.In(clock.Hanoi).Format(momentForm), "hash", v.Hash)})
	return documents.WriteLetter(w, fonts, l)
}

// exportFormat names the layout of export; a change of its meaning is a new number.
const exportFormat = "hdnd.reception.figures/1"

// export writes the figures for other programs, such as the national database
// of reception and letters: counts only, nothing about a person.
func (v paper) export(w io.Writer) error {
	type column struct {
		N     int      `json:"n"`
		Under []string `json:"under,omitempty"`
		Name  string   `json:"name"`
	}
	out := struct {
		Format  string   `json:"format"`
		Form    string   `json:"form"`
		Version string   `json:"version"`
		Basis   string   `json:"basis"`
		Period  Period   `json:"period"`
		Moment  string   `json:"moment"`
		Hash    string   `json:"hash"`
		Columns []column `json:"columns"`
		Table
	}{Format: exportFormat, Form: v.Of.Name, Version: v.Of.Version, Basis: v.Of.Basis, Period: v.Period.V, Moment: v.Moment.In(clock.Hanoi).Format("2006-01-02T15:04:05Z07:00"),
		Hash: v.Hash, Table: v.Table.V}
	for _, c := range v.Of.Columns {
		out.Columns = append(out.Columns, column{c.N, c.Under, c.Name})
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(out)
}

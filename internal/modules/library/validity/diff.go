package validity

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mark says what became of a run of words.
//
// vi: -
type Mark string

// The marks.
const (
	Same Mark = "same"
	Out  Mark = "out"
	In   Mark = "in"
)

// Span is a run of words that stayed, went or came.
//
// vi: đoạn khác nhau
type Span struct {
	Mark Mark
	Text string
}

// changesMax bounds the search for the shortest list of changes: its cost is the
// square of this. Texts that differ more are compared line by line first.
const changesMax = 1200

// Differences compares two texts by syllable: what stands in both, what went, what
// came. Put together, the spans without In are a, those without Out are b.
func Differences(a, b string) []Span {
	x, y := tokens(a), tokens(b)
	spans, ok := differ(x, y)
	if !ok {
		lines, fits := differ(lines(a), lines(b))
		if !fits {
			lines = replaced(a, b)
		}
		spans = inLines(lines)
	}
	return tidy(spans)
}

// inLines compares words within the lines that changed.
func inLines(lines []Span) (all []Span) {
	for i := 0; i < len(lines); i++ {
		if lines[i].Mark == Out && i+1 < len(lines) && lines[i+1].Mark == In {
			if spans, ok := differ(tokens(lines[i].Text), tokens(lines[i+1].Text)); ok {
				all = append(all, spans...)
				i++
				continue
			}
		}
		all = append(all, lines[i])
	}
	return all
}

func replaced(a, b string) []Span {
	var all []Span
	if a != "" {
		all = append(all, Span{Out, a})
	}
	if b != "" {
		all = append(all, Span{In, b})
	}
	return all
}

// tokens cuts a text into syllables, runs of spaces and single signs.
func tokens(s string) []string {
	var all []string
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if class := runeClass(r); class != 0 {
			for n < len(s) {
				next, size := utf8.DecodeRuneInString(s[n:])
				if runeClass(next) != class && !inNumber(s, n) {
					break
				}
				n += size
			}
		}
		all = append(all, s[:n])
		s = s[n:]
	}
	return all
}

// inNumber reports whether a sign stands between two figures: 5.000, 1,5, 8/2020.
func inNumber(s string, at int) bool {
	figure := func(i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }
	return strings.IndexByte(".,/", s[at]) >= 0 && figure(at-1) && figure(at+1)
}

func runeClass(r rune) int {
	switch {
	case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
		return 1
	case unicode.IsSpace(r):
		return 2
	}
	return 0
}

func lines(s string) []string { return strings.SplitAfter(s, "\n") }

// differ finds the shortest list of changes by Myers' greedy search; false when
// it would be longer than changesMax.
func differ(x, y []string) ([]Span, bool) {
	head := 0
	for head < len(x) && head < len(y) && x[head] == y[head] {
		head++
	}
	tail := 0
	for tail < len(x)-head && tail < len(y)-head && x[len(x)-1-tail] == y[len(y)-1-tail] {
		tail++
	}
	path, ok := search(numbered(x[head:len(x)-tail], y[head:len(y)-tail]))
	if !ok {
		return nil, false
	}
	all := []Span{{Same, strings.Join(x[:head], "")}}
	i, j := head, head
	for _, m := range path {
		switch m {
		case Same:
			all = append(all, Span{m, x[i]})
			i, j = i+1, j+1
		case Out:
			all = append(all, Span{m, x[i]})
			i++
		case In:
			all = append(all, Span{m, y[j]})
			j++
		}
	}
	return append(all, Span{Same, strings.Join(x[len(x)-tail:], "")}), true
}

// numbered gives equal words equal numbers: numbers compare fast.
func numbered(x, y []string) (a, b []int32) {
	known := make(map[string]int32, len(x))
	number := func(words []string) []int32 {
		all := make([]int32, len(words))
		for i, w := range words {
			n, ok := known[w]
			if !ok {
				n = int32(len(known))
				known[w] = n
			}
			all[i] = n
		}
		return all
	}
	return number(x), number(y)
}

// search walks the edit graph; rows[d] holds how far each diagonal came with d
// changes.
func search(x, y []int32) ([]Mark, bool) {
	most := min(len(x)+len(y), changesMax)
	reach := make([]int32, 2*most+3)
	mid := most + 1
	var rows [][]int32
	for d := 0; d <= most; d++ {
		for k := -d; k <= d; k += 2 {
			var i int32
			if k == -d || k != d && reach[mid+k-1] < reach[mid+k+1] {
				i = reach[mid+k+1]
			} else {
				i = reach[mid+k-1] + 1
			}
			j := i - int32(k)
			for int(i) < len(x) && int(j) < len(y) && i >= 0 && j >= 0 && x[i] == y[j] {
				i, j = i+1, j+1
			}
			reach[mid+k] = i
			if int(i) >= len(x) && int(j) >= len(y) {
				return walkBack(rows, len(x), len(y)), true
			}
		}
		rows = append(rows, slices.Clone(reach[mid-d:mid+d+1]))
	}
	return nil, false
}

func walkBack(rows [][]int32, i, j int) []Mark {
	path := make([]Mark, 0, i+j)
	for d := len(rows); d > 0; d-- {
		row := rows[d-1] // diagonals -(d-1)…d-1
		at := func(k int) int {
			if k < -(d-1) || k > d-1 {
				return -1
			}
			return int(row[k+d-1])
		}
		k := i - j
		before := k - 1
		if k == -d || k != d && at(k-1) < at(k+1) {
			before = k + 1
		}
		i0 := at(before)
		j0 := i0 - before
		edit, start := In, i0
		if before == k-1 {
			edit, start = Out, i0+1
		}
		for ; i > start; i-- {
			path = append(path, Same)
		}
		path = append(path, edit)
		i, j = i0, j0
	}
	for ; i > 0; i-- {
		path = append(path, Same)
	}
	slices.Reverse(path)
	return path
}

// tidy joins runs of one mark; a space between two changes goes with them, so
// that a reader sees a phrase and not every syllable by itself.
func tidy(spans []Span) []Span {
	var all []Span
	var out, in strings.Builder
	flush := func() {
		if out.Len() > 0 {
			all = append(all, Span{Out, out.String()})
		}
		if in.Len() > 0 {
			all = append(all, Span{In, in.String()})
		}
		out.Reset()
		in.Reset()
	}
	for i, s := range spans {
		switch {
		case s.Text == "":
		case s.Mark == Out:
			out.WriteString(s.Text)
		case s.Mark == In:
			in.WriteString(s.Text)
		case out.Len()+in.Len() > 0 && strings.TrimSpace(s.Text) == "" && !strings.Contains(s.Text, "\n") && i+1 < len(spans) && spans[i+1].Mark != Same && spans[i+1].Text != "":
			out.WriteString(s.Text)
			in.WriteString(s.Text)
		default:
			flush()
			if n := len(all); n > 0 && all[n-1].Mark == Same {
				all[n-1].Text += s.Text
			} else {
				all = append(all, s)
			}
		}
	}
	flush()
	return all
}

package validity

import (
	"cmp"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/text"
)

// Fate says what became of an article between two texts.
//
// vi: -
type Fate string

// The fates.
const (
	Kept     Fate = "kept"
	Reworded Fate = "reworded"
	Moved    Fate = "moved" // under another number, its words may differ too
	NewOne   Fate = "new"
	Dropped  Fate = "dropped"
)

// Row is one article in both texts.
//
// vi: dòng so sánh theo điều
type Row struct {
	Fate               Fate
	A, B               string // anchors; empty on the side that lacks it
	HeadingA, HeadingB string
	Spans              []Span
	Kept, Outs, Ins    int // syllables
	SourceA, SourceB   *Reason
}

// Comparison sets two texts side by side, by article.
//
// vi: bảng so sánh văn bản
type Comparison struct {
	Rows                               []Row
	Same, Changed, Shifted, Came, Went int
}

// Differs reports whether the texts differ at all.
func (c Comparison) Differs() bool { return c.Changed+c.Shifted+c.Came+c.Went > 0 }

// unit is what is compared: an article with all below it, an annex, or a heading
// of a chapter.
type unit struct {
	anchor, heading, words string
	source                 *Reason
	shingles               map[uint64]struct{}
}

// unitsMax bounds the search for moved articles, whose cost is the product of
// what is left unmatched on both sides.
const unitsMax = 600

// Compare sets two texts side by side. Articles of one number and like words
// belong together; what is left is paired by likeness, so that a renumbered
// article is compared with itself.
func Compare(a, b []Piece) Comparison {
	x, y := units(a), units(b)
	pairs := match(x, y)
	var c Comparison
	used := make([]bool, len(x))
	for _, i := range pairs {
		if i >= 0 {
			used[i] = true
		}
	}
	next := 0
	gone := func(until int) { // what went stands where it stood
		for ; next < until; next++ {
			if !used[next] {
				c.add(row(&x[next], nil))
			}
		}
	}
	for j := range y {
		if i := pairs[j]; i >= 0 {
			if i >= next {
				gone(i)
				next = max(next, i+1)
			}
			c.add(row(&x[i], &y[j]))
			continue
		}
		c.add(row(nil, &y[j]))
	}
	gone(len(x))
	return c
}

func (c *Comparison) add(r Row) {
	switch r.Fate {
	case Kept:
		c.Same++
	case Reworded:
		c.Changed++
	case Moved:
		c.Shifted++
	case NewOne:
		c.Came++
	case Dropped:
		c.Went++
	}
	c.Rows = append(c.Rows, r)
}

func row(a, b *unit) Row {
	var r Row
	switch {
	case b == nil:
		r = Row{Fate: Dropped, A: a.anchor, HeadingA: a.heading, SourceA: a.source, Spans: replaced(a.words, "")}
	case a == nil:
		r = Row{Fate: NewOne, B: b.anchor, HeadingB: b.heading, SourceB: b.source, Spans: replaced("", b.words)}
	default:
		r = Row{Fate: Reworded, A: a.anchor, B: b.anchor, HeadingA: a.heading, HeadingB: b.heading, SourceA: a.source, SourceB: b.source, Spans: Differences(a.words, b.words)}
		if a.anchor != b.anchor {
			r.Fate = Moved
		} else if a.words == b.words {
			r.Fate = Kept
		}
	}
	for _, s := range r.Spans {
		n := len(strings.Fields(s.Text))
		switch s.Mark {
		case Same:
			r.Kept += n
		case Out:
			r.Outs += n
		case In:
			r.Ins += n
		}
	}
	return r
}

// units puts the pieces of an article together.
func units(pieces []Piece) []unit {
	var all []unit
	place := map[string]int{}
	for _, p := range pieces {
		if p.State == Gone {
			continue
		}
		key := Article(p.Anchor)
		if key == "" {
			key = p.Anchor
		}
		i, known := place[key]
		if !known {
			i = len(all)
			place[key] = i
			all = append(all, unit{anchor: key, heading: p.Heading})
		}
		u := &all[i]
		if u.source == nil {
			u.source = p.Source
		}
		for _, words := range []string{p.Heading, p.Text} {
			if words == "" {
				continue
			}
			if u.words != "" {
				u.words += "\n"
			}
			u.words += words
		}
	}
	for i := range all {
		all[i].shingles = shingles(all[i].words)
	}
	return all
}

// shingles are the pairs of neighbouring syllables, folded.
func shingles(words string) map[uint64]struct{} {
	all := map[uint64]struct{}{}
	var before uint64
	for w := range strings.FieldsFuncSeq(text.Fold(words), func(r rune) bool { return runeClass(r) != 1 }) {
		h := uint64(14695981039346656037) // FNV-1a
		for i := range len(w) {
			h = (h ^ uint64(w[i])) * 1099511628211
		}
		all[before*31+h] = struct{}{}
		before = h
	}
	return all
}

// alike is the Dice likeness of two articles, 0…1.
func alike(a, b *unit) float64 {
	if a.words == b.words {
		return 1
	}
	small, large := a.shingles, b.shingles
	if len(small) > len(large) {
		small, large = large, small
	}
	if len(small)+len(large) == 0 {
		return 0
	}
	both := 0
	for s := range small {
		if _, ok := large[s]; ok {
			both++
		}
	}
	return 2 * float64(both) / float64(len(small)+len(large))
}

const (
	surelySame = 0.6 // of one number: certainly the same article
	likely     = 0.5 // of other numbers: probably moved
)

// match gives for each unit of b the one of a that it is; -1 when new.
func match(a, b []unit) []int {
	pairs := make([]int, len(b))
	byAnchor := make(map[string]int, len(a))
	for i := range a {
		byAnchor[a[i].anchor] = i
	}
	free := make([]bool, len(a))
	for i := range free {
		free[i] = true
	}
	for j := range b {
		pairs[j] = -1
		if i, ok := byAnchor[b[j].anchor]; ok && alike(&a[i], &b[j]) >= surelySame {
			pairs[j], free[i] = i, false
		}
	}
	moved(a, b, pairs, free)
	for j := range b {
		if i, ok := byAnchor[b[j].anchor]; ok && pairs[j] < 0 && free[i] {
			pairs[j], free[i] = i, false
		}
	}
	return pairs
}

// moved pairs what is left by likeness, the likest first.
func moved(a, b []unit, pairs []int, free []bool) {
	var left, right []int
	for i := range a {
		if free[i] && Article(a[i].anchor) != "" && len(left) < unitsMax {
			left = append(left, i)
		}
	}
	for j := range b {
		if pairs[j] < 0 && Article(b[j].anchor) != "" && len(right) < unitsMax {
			right = append(right, j)
		}
	}
	type pair struct {
		i, j int
		like float64
	}
	var all []pair
	for _, i := range left {
		for _, j := range right {
			if like := alike(&a[i], &b[j]); like >= likely {
				all = append(all, pair{i, j, like})
			}
		}
	}
	slices.SortStableFunc(all, func(p, q pair) int {
		return cmp.Or(cmp.Compare(q.like, p.like), cmp.Compare(abs(p.i-p.j), abs(q.i-q.j)), cmp.Compare(p.i, q.i), cmp.Compare(p.j, q.j))
	})
	for _, p := range all {
		if free[p.i] && pairs[p.j] < 0 {
			pairs[p.j], free[p.i] = p.i, false
		}
	}
}

func abs(n int) int { return max(n, -n) }

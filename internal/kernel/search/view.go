package search

import (
	"sort"
	"time"
)

// slot is a segment in use, with the documents of it that are gone or were
// replaced. It never changes; a later view has another slot.
type slot struct {
	seg   *segment
	dead  bitset // nil: none
	gone  int
	since time.Time // when the first of them died
}

func (s *slot) alive() int { return s.seg.docs - s.gone }

// view is what a search sees: it does not change while the search lasts.
type view struct {
	slots  []*slot
	docs   int
	lenSum uint64
	rare   *rarities
}

func newView(slots []*slot) *view {
	v := &view{slots: slots, rare: &rarities{}}
	for _, s := range slots {
		v.docs += s.alive()
		v.lenSum += s.seg.lenSum
	}
	return v
}

func (v *view) averageLength() float32 {
	n := 0
	for _, s := range v.slots {
		n += s.seg.docs
	}
	if n == 0 || v.lenSum == 0 {
		return 1
	}
	return float32(v.lenSum) / float32(n)
}

func (v *view) hold() {
	for _, s := range v.slots {
		s.seg.hold()
	}
}

func (v *view) release() {
	for _, s := range v.slots {
		s.seg.release()
	}
}

// line looks a term up in every slot.
func (v *view) line(term string) line {
	l := make(line, len(v.slots))
	for i, s := range v.slots {
		l[i], _ = s.seg.dict.find(term) // absent: an entry without documents
	}
	return l
}

// beginMax is how many terms with a beginning are looked at in one slot.
const beginMax = 2_000

// expand finds the commonest terms that begin so.
func (v *view) expand(prefix string) []line {
	df := make(map[string]int)
	for _, s := range v.slots {
		n := 0
		s.seg.dict.begin(prefix, func(term []byte, e entry) bool {
			df[string(term)] += e.df
			n++
			return n < beginMax
		})
	}
	terms := make([]string, 0, len(df))
	for t := range df {
		terms = append(terms, t)
	}
	sort.Slice(terms, func(i, j int) bool {
		// The word as it stands comes first: it may be finished after all.
		if a, b := terms[i] == prefix, terms[j] == prefix; a != b {
			return a
		}
		if df[terms[i]] != df[terms[j]] {
			return df[terms[i]] > df[terms[j]]
		}
		return terms[i] < terms[j]
	})
	var lines []line
	for _, t := range terms[:min(len(terms), expandMax)] {
		lines = append(lines, v.line(t))
	}
	return lines
}

// pass gives, for each slot, the documents that are alive and pass the filter;
// nil if none can.
func (v *view) pass(f Filter) []bitset {
	if len(f.All) == 0 && !f.Everything {
		return nil
	}
	sets := make([]bitset, len(v.slots))
	var c cursor
	for i, s := range v.slots {
		set := newBitset(s.seg.docs)
		set.fill(s.seg.docs)
		if s.dead != nil {
			set.without(s.dead)
		}
		for name, values := range f.All {
			any := newBitset(s.seg.docs)
			for _, val := range values {
				if e, ok := s.seg.dict.find(facetTerm(name, val)); ok {
					s.seg.gather(any, &c, e)
				}
			}
			set.and(any)
		}
		sets[i] = set
	}
	return sets
}

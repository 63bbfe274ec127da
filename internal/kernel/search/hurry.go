package search

import (
	"math/bits"
	"sort"
)

// A long question has many common words, whose lists would be read from end to
// end although they decide nothing. A plan that hurries wants only the best n:
// once it has n, a document that could not reach the worst of them any more is
// given up, and lists that alone could not make a document reach it only add
// to documents that rarer words brought in (Turtle and Flood 1995, max score).
// It does not know how many documents match.
const hurryWindow = 1 << 13

// hurried makes the plan want the best only.
func (pl *plan) hurried() {
	sort.SliceStable(pl.needs, func(i, j int) bool {
		a, b := &pl.needs[i], &pl.needs[j]
		return a.must && !b.must || a.must == b.must && a.score > b.score
	})
	pl.bounds = make([]float32, len(pl.needs)+1)
	for i := len(pl.needs) - 1; i >= 0; i-- {
		pl.bounds[i] = pl.bounds[i+1] + pl.needs[i].score*(bm25K+1)
	}
	pl.floor = 0
}

// hurry sets how many needs lead in the next window.
func (m *matcher) hurry() {
	if m.bounds == nil || m.musts > 0 {
		return
	}
	m.leads = len(m.needs)
	worst, full := m.top.worst()
	for full && m.leads > 1 && m.bounds[m.leads-1] < worst {
		m.leads--
	}
}

// giveUp drops the window's documents that the needs from i on cannot save.
func (m *matcher) giveUp(i int) {
	worst, full := m.top.worst()
	if m.bounds == nil || !full {
		return
	}
	s, short := &m.sc.sums, worst-m.bounds[i]
	for w, word := range s.cand {
		for ; word != 0; word &= word - 1 {
			bit := bits.TrailingZeros64(word)
			if at := w<<6 + bit; s.score[at] < short {
				s.score[at], s.weight[at], s.musts[at] = 0, 0, 0
				s.cand[w] &^= 1 << bit
				s.n--
			}
		}
	}
}

// worst is the score that a document must beat, once there are n.
func (b *best) worst() (score float32, full bool) {
	if len(b.list) < b.n || b.n == 0 {
		return 0, false
	}
	return float32(b.list[0].score), true
}

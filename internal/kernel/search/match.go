package search

import (
	"context"
	"math/bits"
	"sort"
	"sync"
)

// window is how many documents are scored at a time: few enough that the sums
// stay in the processor's cache, and that memory does not grow with the index.
const window = 1 << 15

// sums are a window's running totals.
type sums struct {
	score  [window]float32
	weight [window]float32
	musts  [window]uint8
	cand   [window / 64]uint64
	once   [window / 64]uint64 // of a need with several terms: counted already
	n      int
}

// scratch is what one search borrows.
type scratch struct {
	sums    sums
	cursors []cursor
	lex     *lexer
}

var pool = sync.Pool{New: func() any { return &scratch{lex: newLexer()} }}

// found is a document that matches.
type found struct {
	score  float64
	micros int64
	slot   int
	doc    uint32
}

func (a found) before(b found) bool {
	if a.score != b.score {
		return a.score > b.score
	}
	if a.micros != b.micros {
		return a.micros > b.micros
	}
	if a.slot != b.slot {
		return a.slot > b.slot
	}
	return a.doc > b.doc
}

// best keeps the first n by order, as a heap whose root is the worst of them.
type best struct {
	list []found
	n    int
}

func (b *best) offer(f found) {
	switch {
	case b.n == 0:
	case len(b.list) < b.n:
		b.list = append(b.list, f)
		for i := len(b.list) - 1; i > 0; {
			up := (i - 1) / 2
			if !b.list[up].before(b.list[i]) {
				return
			}
			b.list[i], b.list[up] = b.list[up], b.list[i]
			i = up
		}
	case f.before(b.list[0]):
		b.list[0] = f
		b.sink()
	}
}

// sink puts the root in its place.
func (b *best) sink() {
	for i := 0; ; {
		worst := i
		for _, down := range [2]int{2*i + 1, 2*i + 2} {
			if down < len(b.list) && b.list[worst].before(b.list[down]) {
				worst = down
			}
		}
		if worst == i {
			return
		}
		b.list[i], b.list[worst] = b.list[worst], b.list[i]
		i = worst
	}
}

// sorted gives them best first.
func (b *best) sorted() []found {
	sort.Slice(b.list, func(i, j int) bool { return b.list[i].before(b.list[j]) })
	return b.list
}

// run finds the matches of a plan: how many, and the best n.
func (pl *plan) run(ctx context.Context, sc *scratch, order Order, n int) ([]found, int, error) {
	top := &best{n: n}
	total := 0
	for i := range pl.view.slots {
		m := &matcher{plan: pl, sc: sc, slot: i, seg: pl.view.slots[i].seg, order: order, top: top, slope: bm25K * bm25B / pl.avg}
		if !m.open() {
			continue
		}
		step := window
		if pl.bounds != nil {
			step = hurryWindow
		}
		for base := 0; base < m.seg.docs; base += step {
			if err := ctx.Err(); err != nil {
				return nil, 0, err
			}
			m.hurry()
			total += m.window(uint32(base), uint32(min(base+step, m.seg.docs)))
		}
	}
	return top.sorted(), total, nil
}

// matcher runs a plan over one slot.
type matcher struct {
	*plan
	sc    *scratch
	slot  int
	seg   *segment
	order Order
	top   *best
	slope float32  // what one more word in a document adds to its norm
	of    [][2]int // cursors of each need
}

// open sets the cursors; false if the slot cannot hold a match.
func (m *matcher) open() bool {
	used := 0
	m.of = m.of[:0]
	for i := range m.needs {
		from := used
		for _, l := range m.needs[i].lines {
			if l[m.slot].df == 0 {
				continue
			}
			if used == len(m.sc.cursors) {
				m.sc.cursors = append(m.sc.cursors, cursor{})
			}
			m.seg.list(&m.sc.cursors[used], l[m.slot])
			used++
		}
		if from == used && m.needs[i].must {
			return false
		}
		m.of = append(m.of, [2]int{from, used})
	}
	return used > 0
}

// window scores the documents base…end-1 and reports how many match.
func (m *matcher) window(base, end uint32) int {
	s := &m.sc.sums
	s.n = 0
	for i := range m.needs {
		if i >= m.leads {
			if m.giveUp(i); s.n == 0 {
				break
			}
		}
		n := &m.needs[i]
		cs := m.sc.cursors[m.of[i][0]:m.of[i][1]]
		if len(cs) > 1 {
			clear(s.once[:])
		}
		for c := range cs {
			m.scan(n, &cs[c], base, end, i < m.leads, len(cs) > 1)
			if cs[c].bad {
				m.seg.damaged.Store(true)
			}
		}
	}
	return m.collect(base)
}

// scan adds one term's postings to the sums. A leading term brings documents
// in; the others only add to those that are in, leaping if these are few.
func (m *matcher) scan(n *need, c *cursor, base, end uint32, leads, several bool) {
	s := &m.sc.sums
	c.seek(base)
	if !leads && s.n*blockLen/2 < n.df/(m.view.docs/window+1) {
		for w, word := range s.cand {
			for ; word != 0; word &= word - 1 {
				doc := base + uint32(w<<6+bits.TrailingZeros64(word))
				if c.seek(doc); !c.ok() {
					return
				}
				if c.doc() == doc {
					m.count(n, c, doc-base, several)
				}
			}
		}
		return
	}
	pass := m.pass[m.slot]
	for c.ok() && c.doc() < end {
		at := c.doc() - base
		if s.cand[at>>6]&(1<<(at&63)) != 0 {
			m.count(n, c, at, several)
		} else if leads && pass.has(c.doc()) {
			s.cand[at>>6] |= 1 << (at & 63)
			s.n++
			m.count(n, c, at, several)
		}
		c.next()
	}
}

func (m *matcher) count(n *need, c *cursor, at uint32, several bool) {
	s := &m.sc.sums
	u := c.use()
	tf := float32(u >> 8)
	norm := bm25K*(1-bm25B) + m.slope*float32(m.seg.length(c.doc()))
	gain := n.score * tf * (bm25K + 1) / (tf + norm)
	if n.accented && u&(1<<n.accent) == 0 {
		if u&(1<<bare) != 0 {
			gain *= noAccent
		} else {
			gain *= otherAccent
		}
	}
	s.score[at] += gain
	if several {
		if s.once[at>>6]&(1<<(at&63)) != 0 {
			return
		}
		s.once[at>>6] |= 1 << (at & 63)
	}
	if n.must {
		s.musts[at]++
	} else if !n.pair {
		s.weight[at] += n.weight
	}
}

// collect takes the matches out of the sums and clears them.
func (m *matcher) collect(base uint32) (matched int) {
	s := &m.sc.sums
	for w, word := range s.cand {
		for ; word != 0; word &= word - 1 {
			at := uint32(w<<6 + bits.TrailingZeros64(word))
			if s.musts[at] == m.musts && s.weight[at] >= m.floor*0.999 && m.hasPhrases(base+at) {
				matched++
				f := found{score: float64(s.score[at]), micros: m.seg.micros(base + at), slot: m.slot, doc: base + at}
				if m.order == ByTime {
					f.score = 0
				}
				m.top.offer(f)
			}
			s.score[at], s.weight[at], s.musts[at] = 0, 0, 0
		}
		s.cand[w] = 0
	}
	return matched
}

// hasPhrases looks for quoted runs in the text itself; that their neighbours
// occur was seen already.
func (m *matcher) hasPhrases(doc uint32) bool {
	if len(m.phrases) == 0 {
		return true
	}
	d := m.seg.doc(doc)
	for _, p := range m.phrases {
		if !m.hasPhrase(d, p) {
			return false
		}
	}
	return true
}

func (m *matcher) hasPhrase(d Doc, phrase []string) bool {
	for _, f := range d.Fields {
		var run []string
		for _, t := range m.sc.lex.tokens(f.Text) {
			if !t.aside {
				run = append(run, t.key)
			}
		}
	next:
		for i := 0; i+len(phrase) <= len(run); i++ {
			for j, k := range phrase {
				if run[i+j] != k {
					continue next
				}
			}
			return true
		}
	}
	return false
}

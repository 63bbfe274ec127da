package search

import (
	"math"
	"sort"
)

// Ranking. BM25 with the common constants; a pair of neighbours counts a
// little less than a word, since its words have been counted already. Where the
// query has accents, the same letters with other accents are another word and
// count otherAccent; without any they may well be the word, typed in a hurry.
const (
	bm25K       = 1.2
	bm25B       = 0.75
	pairShare   = 0.85
	otherAccent = 0.3
	noAccent    = 0.8
	// A query of up to strictMax words finds what has all of them. A longer
	// one, or one that finds nothing, takes what has this share of its weight,
	// in which rare words weigh more.
	strictMax  = 4
	looseShare = 0.25
	// rareMax is up to how many visible documents a word is weighed by those
	// the reader may see alone. Otherwise whether a word occurs in documents
	// hidden from the reader would show in what the query finds.
	rareMax = 64
)

// line is a term in one slot after the other.
type line []entry

// need is one word of the query made ready: the terms that satisfy it, or a
// pair of neighbours, which only scores unless it is a must.
type need struct {
	lines    []line
	df       int // documents, hidden ones included unless rare
	weight   float32
	score    float32 // weight × share
	must     bool
	pair     bool
	accented bool
	accent   uint8
}

// plan is a query made ready for one view and one reader.
type plan struct {
	view    *view
	pass    []bitset // per slot: documents that are alive and pass the filter
	needs   []need   // rarest first
	phrases [][]string
	floor   float32 // weight a document must reach
	musts   uint8
	leads   int // the needs, from the first, of which a match has at least one
	avg     float32
	cur     cursor
	bounds  []float32 // of a plan that hurries: what the needs from here on can still add
}

// newPlan looks the query's terms up. It is nil if nothing can match.
func newPlan(v *view, pass []bitset, p parsed, strict bool) *plan {
	pl := &plan{view: v, pass: pass, phrases: p.phrases, avg: v.averageLength()}
	for _, w := range p.words {
		for _, n := range pl.resolve(w) {
			if n.df == 0 {
				if n.must || strict {
					return nil
				}
				continue
			}
			n.must = n.must || strict
			pl.needs = append(pl.needs, n)
		}
	}
	if len(pl.needs) == 0 {
		return nil
	}
	for _, w := range p.pairs {
		n := need{lines: []line{v.line(w.term)}, pair: true, must: w.must, accented: w.accented, accent: w.accent}
		if pl.weigh(&n); n.df == 0 {
			if n.must {
				return nil
			}
			continue
		}
		n.score *= pairShare
		pl.needs = append(pl.needs, n)
	}
	pl.order()
	return pl
}

// resolve finds the terms of one word of the query.
func (pl *plan) resolve(w wanted) []need {
	n := need{must: w.must, accented: w.accented, accent: w.accent}
	switch {
	case w.code:
		n.lines = []line{pl.view.line(string(termCode) + w.key)}
		if w.unfinished {
			n.lines = pl.view.expand(string(termCode) + w.key)
		}
		if pl.weigh(&n); n.df > 0 {
			return []need{n}
		}
		return pl.parts(w)
	case w.unfinished:
		n.lines = pl.view.expand(string(termWord) + w.key)
	default:
		n.lines = []line{pl.view.line(string(termWord) + w.key)}
	}
	pl.weigh(&n)
	return []need{n}
}

// parts are the words of a number that no document bears, such as 1656/NQ for
// 1656/NQ-UBTVQH15. If one of them is unknown too the number is, and stands
// for nothing: its other words, such as the year, would find everything.
func (pl *plan) parts(w wanted) []need {
	var parts []need
	for _, key := range w.parts {
		part := need{lines: []line{pl.view.line(string(termWord) + key)}, must: w.must}
		if pl.weigh(&part); part.df == 0 {
			return []need{{must: w.must}}
		}
		parts = append(parts, part)
	}
	return parts
}

// weigh sets df and weight from the documents the reader may see if they are few.
func (pl *plan) weigh(n *need) {
	total := 0
	for _, l := range n.lines {
		for _, e := range l {
			total += e.df
		}
	}
	n.df = min(total, pl.view.docs)
	if seen := pl.visible(n.lines); seen < rareMax {
		n.df = seen
	}
	all, df := float64(pl.view.docs), float64(n.df)
	n.weight = float32(math.Log(1 + (all-df+0.5)/(df+0.5)))
	n.score = n.weight
}

// visible counts the documents of the lines that pass, up to rareMax.
func (pl *plan) visible(lines []line) (n int) {
	for _, l := range lines {
		for i, e := range l {
			if e.df == 0 {
				continue
			}
			seg := pl.view.slots[i].seg
			for seg.list(&pl.cur, e); pl.cur.ok(); pl.cur.next() {
				if pl.pass[i].has(pl.cur.doc()) {
					if n++; n >= rareMax {
						return n
					}
				}
			}
		}
	}
	return n
}

// order sorts the needs and finds how many of them lead: every match has one
// of the leading needs, so the others' lists need not be read from end to end.
func (pl *plan) order() {
	sort.SliceStable(pl.needs, func(i, j int) bool { return pl.needs[i].leadsBefore(&pl.needs[j]) })
	var total float32
	for i := range pl.needs {
		if n := &pl.needs[i]; n.must {
			pl.musts++
		} else if !n.pair {
			total += n.weight
		}
	}
	if pl.musts > 0 {
		pl.leads = 1 // the rarest of the musts
		pl.floor = 0
		if total > 0 && pl.looseWords() > strictMax {
			pl.floor = total * looseShare
		}
		return
	}
	pl.floor = total * looseShare
	rest := total
	for pl.leads < len(pl.needs) && rest >= pl.floor*0.999 {
		n := &pl.needs[pl.leads]
		if n.pair {
			break
		}
		rest -= n.weight
		pl.leads++
	}
}

func (pl *plan) looseWords() (n int) {
	for i := range pl.needs {
		if !pl.needs[i].must && !pl.needs[i].pair {
			n++
		}
	}
	return n
}

// leadsBefore puts musts first, words before pairs, rare before common.
func (n *need) leadsBefore(o *need) bool {
	if n.must != o.must {
		return n.must
	}
	if n.pair != o.pair && !n.must {
		return o.pair
	}
	return n.df < o.df
}

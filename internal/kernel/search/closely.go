package search

import (
	"context"
	"math"
	"slices"
	"sort"
)

// A question is looked up twice. The first look (BM25) knows how often words
// occur and finds candidates among all documents; the second reads the best of
// them word by word, as a person would: are the words near each other, is the
// heading what was asked, what is the document about that this is a part of,
// do its other parts answer as well. What each of these is worth was learned
// from citizens' questions (weights.go, docs/search.md).

// Names by which the second look knows the fields of a Doc, and the facet that
// the parts of one document share.
const (
	FieldTitle   = "title"
	FieldContext = "context" // what the whole is about, of which this is a part; see Field
	FacetGroup   = "group"
)

const (
	closelyMost  = 100  // candidates that are read again
	closelyWords = 60   // distinct words of a question
	closelyBody  = 2000 // words of one candidate that are read
	nearSpan     = 5    // words that far apart are near each other
	nearAsked    = 3    // and in the question this far
	windowSpan   = 50   // about a sentence of a law
	stranger     = -1   // a word the question has not
	gap          = -2   // between two fields
	named        = -3   // "là", where the question has it not
)

// features are what the second look sees of a candidate, each about 0 to 1.
type features [featureCount]float64

const (
	fRelative   = iota // the first look's score, of the best candidate's
	fTitleAsked        // how much of the heading the question asks for
	fTitlePairs        // the same in neighbours
	fPairs             // neighbours of the question that heading and text have
	fWhole             // words of the question that only the whole's subject has
	fWholePairs        // and neighbours
	fWindow            // the most that stands within a sentence
	fNear              // neighbours in the question that are near each other in the text
	fLength            // of the text, as a logarithm
	fGroup             // the best first score among parts of the same document
	fGroupSum          // and all of theirs, as a logarithm
	fDefines           // a definition of what the question asks
	featureCount
)

// closely is a question made ready for the second look.
type closely struct {
	lex     *lexer
	weights *weights
	sees    *plan // what the reader may see
	numbers numbers
	rare    []float64
	asks    []bool // words that only ask
	keys    []string
	line    []int8  // the question, as numbers
	pairs   square  // neighbours
	near    square  // words near each other, in either order
	all     float64 // of rare
	told    float64 // of rare, without the words that ask

	// what is borrowed while one candidate is read
	body, title, context []int8
	known                map[string][]int8 // what documents are about
	count                []int
	seen                 []uint8
	runs, runsBefore     []float64
}

// newClosely reads a question of a reader who sees pass. It is nil if there is
// nothing to look for.
func newClosely(v *view, pass []bitset, lex *lexer, question string) *closely {
	v.rare.about(v.docs)
	c := &closely{lex: lex, sees: &plan{view: v, pass: pass}, weights: &weights{view: v, seen: make(map[uint64]rarity, 2048)},
		known: make(map[string][]int8)}
	var words []word
	for _, t := range lex.tokens(question) {
		if !t.code && !t.aside {
			words = append(words, t.word)
		}
	}
	asking := askingWords(words)
	for i, w := range words {
		c.line = append(c.line, c.number(w, asking[i]))
	}
	if len(c.rare) == 0 || c.all == 0 {
		return nil
	}
	c.neighbours(words)
	n := len(c.rare)
	c.count, c.seen = make([]int, n), make([]uint8, n)
	c.runs, c.runsBefore = make([]float64, len(c.line)+1), make([]float64, len(c.line)+1)
	return c
}

// number gives a word of the question its number.
func (c *closely) number(w word, asks bool) int8 {
	if n := c.numbers.of(w.id); n != stranger {
		return n
	}
	if len(c.rare) == closelyWords {
		return stranger
	}
	n := int8(len(c.rare))
	c.numbers.add(w.id, n)
	rare := c.idf(c.asked(w.id, w.key, ""))
	c.rare, c.asks, c.keys = append(c.rare, rare), append(c.asks, asks), append(c.keys, w.key)
	c.all += rare
	if !asks {
		c.told += rare
	}
	return n
}

// asked is how many documents have a word of the question, or two neighbours;
// of few, only those that the reader may see, as in the first look.
func (c *closely) asked(id uint64, a, b string) int {
	df := c.weights.of(id, a, b).df
	if df >= 4*rareMax {
		return df
	}
	term := string(termWord) + a
	if b != "" {
		term = pairTerm(a, b)
	}
	if seen := c.sees.visible([]line{c.sees.view.line(term)}); seen < rareMax {
		return seen
	}
	return df
}

// idf is how rare a term is, as the first look weighs it.
func (c *closely) idf(df int) float64 {
	n, d := float64(c.weights.view.docs), float64(df)
	return math.Log(1 + (max(n-d, 0)+0.5)/(d+0.5))
}

// numbers gives the words of a question their numbers. It is asked for every
// word of a hundred texts, most of which are strangers.
type numbers struct {
	ids [256]uint64
	nos [256]int8 // number+1; 0 is free
}

func (n *numbers) of(id uint64) int8 {
	for i := uint8(id); ; i++ {
		if n.nos[i] == 0 {
			return stranger
		}
		if n.ids[i] == id {
			return n.nos[i] - 1
		}
	}
}

func (n *numbers) add(id uint64, no int8) {
	i := uint8(id)
	for n.nos[i] != 0 {
		i++
	}
	n.ids[i], n.nos[i] = id, no+1
}

// square holds what is known of two words of a question.
type square struct {
	side int
	of   []int16 // number of the two, from 1
	rare []float64
	seen []uint8
	all  float64
}

func newSquare(side int) square { return square{side: side, of: make([]int16, side*side)} }

// number is that of two words, from 0; -1 if they are nothing to the question.
func (s *square) number(a, b int8) int { return int(s.of[int(a)*s.side+int(b)]) - 1 }

func (s *square) add(a, b int8, rare float64) {
	s.rare, s.seen, s.all = append(s.rare, rare), append(s.seen, 0), s.all+rare
	s.of[int(a)*s.side+int(b)] = int16(len(s.rare))
}

// neighbours notes which words of the question stand side by side and near
// each other.
func (c *closely) neighbours(words []word) {
	c.pairs, c.near = newSquare(len(c.rare)), newSquare(len(c.rare))
	for i, a := range c.line {
		for j := i + 1; a >= 0 && j < len(c.line) && j <= i+nearAsked; j++ {
			b := c.line[j]
			if b < 0 || a == b {
				continue
			}
			if j == i+1 && c.pairs.number(a, b) < 0 {
				c.pairs.add(a, b, c.idf(c.asked(pairID(words[i].id, words[j].id), words[i].key, words[j].key)))
			}
			if x, y := min(a, b), max(a, b); !c.asks[a] && !c.asks[b] && c.near.number(x, y) < 0 {
				c.near.add(x, y, min(c.rare[a], c.rare[b]))
			}
		}
	}
}

// read turns a text into the numbers of the question's words.
func (c *closely) read(to []int8, s string, most int) []int8 {
	for _, t := range c.lex.tokens(s) {
		if t.code || t.aside {
			continue
		}
		n := c.numbers.of(t.id)
		if n == stranger && t.key == "la" {
			n = named
		}
		if to = append(to, n); len(to) == most {
			break
		}
	}
	return to
}

// whole reads what a document is about, once for all its parts.
func (c *closely) whole(s string) []int8 {
	line, ok := c.known[s]
	if !ok {
		line = c.read(nil, s, closelyBody)
		c.known[s] = line
	}
	return line
}

// candidates finds the best n for the second look. A short query has its words
// in all of them if it can; of a long one nobody counts the matches, so that
// the total is that of the candidates.
func (v *view) candidates(ctx context.Context, sc *scratch, p parsed, pass []bitset, n int) ([]found, int, error) {
	if len(p.words) <= strictMax {
		return v.match(ctx, sc, p, pass, ByRelevance, n)
	}
	pl := newPlan(v, pass, p, false)
	if pl == nil {
		return nil, 0, nil
	}
	pl.hurried()
	list, _, err := pl.run(ctx, sc, ByRelevance, n)
	return list, len(list), err
}

// candidate is a document of the first look.
type candidate struct {
	*found
	doc   Doc
	group string
	seen  features
	total float64
}

// rank puts candidates in the second look's order.
func (c *closely) rank(v *view, list []found) []candidate {
	all := c.see(v, list)
	sort.SliceStable(all, func(i, j int) bool { return all[i].total > all[j].total })
	sorted := make([]found, len(all))
	for i, a := range all {
		sorted[i] = *a.found
		sorted[i].score = a.total
	}
	copy(list, sorted)
	return all
}

// see reads the candidates, and what parts of one document say of each other.
func (c *closely) see(v *view, list []found) []candidate {
	all := make([]candidate, len(list))
	type sum struct{ best, all float64 }
	groups := make(map[string]sum)
	top := 1e-9
	for i := range list {
		f := &list[i]
		all[i] = candidate{found: f, doc: v.slots[f.slot].seg.doc(f.doc)}
		if g := all[i].doc.Facets[FacetGroup]; len(g) > 0 {
			all[i].group = g[0]
		}
		g := groups[all[i].group]
		groups[all[i].group] = sum{max(g.best, f.score), g.all + f.score}
		top = max(top, f.score)
	}
	most := c.all + c.pairs.all
	for i := range all {
		a := &all[i]
		c.look(&a.seen, a.doc)
		a.seen[fRelative] = a.score / top
		if g := groups[a.group]; a.group != "" {
			a.seen[fGroup], a.seen[fGroupSum] = g.best/most, math.Log1p(g.all/most)
		}
		for n, x := range a.seen {
			a.total += weightOf[n] * x
		}
	}
	return all
}

// look reads one candidate.
func (c *closely) look(f *features, d Doc) {
	c.body, c.title, c.context = c.body[:0], c.title[:0], nil
	clear(c.seen)
	clear(c.pairs.seen)
	defines := false
	for _, fd := range d.Fields {
		switch fd.Name {
		case FieldTitle:
			c.titles(f, fd.Text)
			defines = isDefinitions(fd.Text)
		case FieldContext:
			c.context = c.whole(fd.Text)
		default:
			c.body = append(c.read(c.body, fd.Text, closelyBody), gap)
		}
	}
	own := slices.Concat(c.title, []int8{gap}, c.body)
	words, pairs := c.covered(own, ownBit)
	c.covered(c.context, wholeBit)
	all, allPairs := c.union(ownBit | wholeBit)
	f[fPairs], f[fWhole], f[fWholePairs] = pairs, all-words, allPairs-pairs
	f[fWindow] = c.window(own)
	f[fNear] = c.nearness(own)
	f[fLength] = math.Log1p(float64(len(c.body)))
	if defines {
		f[fDefines] = 1 + c.defined(c.body)/max(c.told, 1e-9)
	}
}

package search

import (
	"cmp"
	"context"
	"math"
	"math/bits"
	"slices"
	"sort"
	"sync"
)

// Likeness is the cosine of two texts' words and neighbours, weighed by how
// rare they are. It does not mind the order of the parts, dropped words, or
// accents. (Measured on questions with noise: the best of the methods tried;
// search-and-ai.md §5.)
const (
	similarUnits = 24   // the most distinctive words that candidates must share
	similarFloor = 0.12 // share of their weight a candidate must have
	similarLeast = 0.15 // likeness below which a document is not shown
	// similarRead bounds the postings that are read to find candidates, and
	// similarWords is how many words are asked for whatever that costs. Two texts
	// that speak of the same thing share rare words; among a million documents the
	// common ones cost everything and tell nothing.
	similarRead  = 200_000
	similarWords = 3
	// similarSpare is how many candidates are weighed for each that is wanted.
	similarSpare = 1.5
	// unknownShare is what a term that no document has weighs, of what it would in
	// one document. Mistyped words and neighbours that a dropped word made are such
	// terms: at their full weight a text with errors is like nothing.
	unknownShare = 0.25
)

// vector is a text as weighed terms, words and neighbours, by their ids.
type vector struct {
	terms map[uint64]float64
	norm  float64
}

// pairID is the id of two neighbours, in their order.
func pairID(a, b uint64) uint64 {
	const odd = 0x9e3779b97f4a7c15 // spreads the bits, as in splitmix64
	return (bits.RotateLeft64(a, 23) ^ b) * odd
}

// weights looks the rarity of terms up once.
type weights struct {
	view *view
	seen map[uint64]rarity
}

// rarity is how many documents have a term, and what it weighs therefore.
type rarity struct {
	df     int
	weight float64
}

// of gives the rarity of a term with its id; a and b are its words, b empty for
// a word alone.
func (w *weights) of(id uint64, a, b string) rarity {
	if r, ok := w.seen[id]; ok {
		return r
	}
	df, ok := w.view.rare.known(id)
	if !ok {
		term := string(termWord) + a
		if b != "" {
			term = pairTerm(a, b)
		}
		if df = w.documents(term); df > 0 {
			w.view.rare.keep(id, df)
		}
	}
	r := rarity{df, math.Log(1 + float64(w.view.docs+1)/float64(max(df, 1)))}
	if df == 0 {
		r.weight *= unknownShare
	}
	w.seen[id] = r
	return r
}

// rarities remember how rare words are from one text to the next: to look up
// the hundred words of each of a hundred texts costs more than to find the
// texts. In a large index one more document changes nothing worth knowing; in a
// small one nothing is remembered.
type rarities struct {
	mu   sync.Mutex
	docs int            // when the memory began
	of   map[uint64]int // documents with the term
}

const (
	raritiesFrom = 10_000  // documents
	raritiesMost = 300_000 // terms
)

// about gives the memory for an index of so many documents, empty when it has
// grown or shrunk by a hundredth since.
func (r *rarities) about(docs int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.of == nil || docs < raritiesFrom || max(docs-r.docs, r.docs-docs) > r.docs/100 || len(r.of) > raritiesMost {
		r.docs, r.of = docs, map[uint64]int{}
	}
}

func (r *rarities) known(id uint64) (int, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.of[id]
	return v, ok
}

func (r *rarities) keep(id uint64, df int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.docs >= raritiesFrom {
		r.of[id] = df
	}
}

// documents is how many have a term.
func (w *weights) documents(term string) int {
	df := 0
	for _, e := range w.view.line(term) {
		df += e.df
	}
	return df
}

// wanted weighs the text that others are held against.
func (w *weights) wanted(lex *lexer, s string) vector {
	return w.vector(lex, map[uint64]float64{}, []string{s}, func(pair uint64, a, b word) {
		w.of(pair, a.key, b.key)
	})
}

// other weighs a text that is held against the wanted one; it writes into terms.
// Neighbours that the wanted text has not count in the length of this one only,
// where the rarer of the two words is near enough: to look up a hundred pairs of
// each of a hundred texts costs more than to find the texts.
func (w *weights) other(lex *lexer, terms map[uint64]float64, texts []string) vector {
	clear(terms)
	return w.vector(lex, terms, texts, func(pair uint64, a, b word) {
		if _, known := w.seen[pair]; !known {
			w.seen[pair] = rarity{weight: max(w.seen[a.id].weight, w.seen[b.id].weight)}
		}
	})
}

// vector weighs texts into terms; learn makes the weight of two neighbours known.
func (w *weights) vector(lex *lexer, terms map[uint64]float64, texts []string, learn func(pair uint64, a, b word)) vector {
	v := vector{terms: terms}
	for _, s := range texts {
		var before word
		for _, t := range lex.tokens(s) {
			if t.aside {
				continue
			}
			terms[t.id]++
			w.of(t.id, t.key, "")
			if before.key != "" {
				pair := pairID(before.id, t.id)
				terms[pair]++
				learn(pair, before, t.word)
			}
			before = t.word
		}
	}
	for id, n := range terms {
		x := w.seen[id].weight
		if n > 1 {
			x *= 1 + math.Log(n)
		}
		terms[id] = x
		v.norm += x * x
	}
	v.norm = math.Sqrt(v.norm)
	return v
}

func (v vector) likeness(o vector) float64 {
	if v.norm == 0 || o.norm == 0 {
		return 0
	}
	dot := 0.0
	for term, x := range v.terms {
		dot += x * o.terms[term]
	}
	return dot / (v.norm * o.norm)
}

// similar finds the n documents most like a text.
func (v *view) similar(ctx context.Context, sc *scratch, s string, f Filter, n int) ([]Hit, error) {
	pass := v.pass(f)
	if pass == nil {
		return nil, nil
	}
	s = shorten(s)
	w := &weights{view: v, seen: make(map[uint64]rarity, 4096)}
	v.rare.about(v.docs)
	wanted := w.wanted(sc.lex, s)
	p := v.distinctive(parse(sc.lex, s, false), w)
	p.phrases = nil
	pl := newPlan(v, pass, p, false)
	if pl == nil {
		return nil, nil
	}
	pl.loosen(similarFloor)
	list, _, err := pl.run(ctx, sc, ByRelevance, max(20, int(similarSpare*float64(n))))
	if err != nil {
		return nil, err
	}
	type close struct {
		of   Doc
		like float64
	}
	var all []close
	var texts []string
	terms := map[uint64]float64{}
	for _, c := range list {
		d := v.slots[c.slot].seg.doc(c.doc)
		texts = texts[:0]
		for _, f := range d.Fields {
			texts = append(texts, f.Text)
		}
		if like := wanted.likeness(w.other(sc.lex, terms, texts)); like >= similarLeast {
			all = append(all, close{d, like})
		}
	}
	slices.SortStableFunc(all, func(a, b close) int { return cmp.Compare(b.like, a.like) })
	m := newMarker(sc.lex, p)
	var hits []Hit
	for _, c := range all[:min(n, len(all))] {
		hits = append(hits, m.show(c.of, c.like))
	}
	return hits, nil
}

// distinctive keeps a text's rarest words that the index has, and turns
// quotation marks into nothing.
func (v *view) distinctive(p parsed, w *weights) parsed {
	out := parsed{pairs: p.pairs}
	for i := range out.pairs {
		out.pairs[i].must = false
	}
	for _, x := range p.words {
		x.must = false
		if x.code || w.of(x.id, x.key, "").df > 0 {
			out.words = append(out.words, x)
		}
	}
	sort.SliceStable(out.words, func(i, j int) bool {
		return w.of(out.words[i].id, out.words[i].key, "").weight > w.of(out.words[j].id, out.words[j].key, "").weight
	})
	out.words = out.words[:min(similarUnits, len(out.words))]
	read := 0
	for i, x := range out.words {
		if read += w.of(x.id, x.key, "").df; read > similarRead && i >= similarWords {
			out.words = out.words[:i]
			break
		}
	}
	out.pairs = slices.DeleteFunc(slices.Clone(out.pairs), func(n neighbours) bool {
		if read <= 2*similarRead {
			read += w.documents(n.term)
		}
		return read > 2*similarRead
	})
	return out
}

// loosen lets documents match that share less of the query than a search asks for.
func (pl *plan) loosen(share float32) {
	pl.floor *= share / looseShare
	var rest float32
	for i := range pl.needs {
		if !pl.needs[i].pair {
			rest += pl.needs[i].weight
		}
	}
	for pl.leads = 0; pl.leads < len(pl.needs) && rest >= pl.floor*0.999 && !pl.needs[pl.leads].pair; pl.leads++ {
		rest -= pl.needs[pl.leads].weight
	}
}

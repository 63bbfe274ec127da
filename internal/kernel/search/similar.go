package search

import (
	"context"
	"math"
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
	similarRead  = 400_000
	similarWords = 3
)

// vector is a text as weighed terms.
type vector struct {
	terms map[string]float64
	norm  float64
}

// weights looks the rarity of terms up once.
type weights struct {
	view *view
	seen map[string]float64
}

func (w *weights) of(term string) float64 {
	if v, ok := w.seen[term]; ok {
		return v
	}
	if v, ok := w.view.rare.known(term); ok {
		w.seen[term] = v
		return v
	}
	df := w.documents(term)
	// A word that no other document has says as much as one in one document.
	v := math.Log(1 + float64(w.view.docs+1)/float64(max(df, 1)))
	w.seen[term] = v
	w.view.rare.keep(term, v)
	return v
}

// rarities remember how rare words are from one text to the next: to look up
// the hundred words of each of a hundred texts costs more than to find the
// texts. In a large index one more document changes nothing worth knowing; in a
// small one nothing is remembered.
type rarities struct {
	mu   sync.Mutex
	docs int // when the memory began
	of   map[string]float64
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
		r.docs, r.of = docs, map[string]float64{}
	}
}

func (r *rarities) known(term string) (float64, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.of[term]
	return v, ok
}

func (r *rarities) keep(term string, v float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.docs >= raritiesFrom {
		r.of[term] = v
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

func (w *weights) vector(lex *lexer, texts ...string) vector {
	v := vector{terms: make(map[string]float64)}
	for _, s := range texts {
		before := ""
		for _, t := range lex.tokens(s) {
			if t.aside {
				continue
			}
			v.terms[string(termWord)+t.key]++
			if before != "" {
				v.terms[pairTerm(before, t.key)]++
			}
			before = t.key
		}
	}
	for term, n := range v.terms {
		x := (1 + math.Log(n)) * w.of(term)
		v.terms[term] = x
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
	w := &weights{view: v, seen: make(map[string]float64)}
	v.rare.about(v.docs)
	wantedVector := w.vector(sc.lex, s)
	p := v.distinctive(parse(sc.lex, s, false), w)
	p.phrases = nil
	pl := newPlan(v, pass, p, false)
	if pl == nil {
		return nil, nil
	}
	pl.loosen(similarFloor)
	list, _, err := pl.run(ctx, sc, ByRelevance, max(20, 2*n))
	if err != nil {
		return nil, err
	}
	m := newMarker(sc.lex, p)
	var hits []Hit
	for _, c := range list {
		d := v.slots[c.slot].seg.doc(c.doc)
		var texts []string
		for _, f := range d.Fields {
			texts = append(texts, f.Text)
		}
		if like := wantedVector.likeness(w.vector(sc.lex, texts...)); like >= similarLeast {
			hits = append(hits, m.show(d, like))
		}
	}
	sort.SliceStable(hits, func(i, j int) bool { return hits[i].Score > hits[j].Score })
	return hits[:min(n, len(hits))], nil
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
		out.words = append(out.words, x)
	}
	sort.SliceStable(out.words, func(i, j int) bool {
		return w.of(string(termWord)+out.words[i].key) > w.of(string(termWord)+out.words[j].key)
	})
	out.words = out.words[:min(similarUnits, len(out.words))]
	read := 0
	for i, x := range out.words {
		if read += w.documents(string(termWord) + x.key); read > similarRead && i >= similarWords {
			out.words = out.words[:i]
			break
		}
	}
	out.pairs = slices.DeleteFunc(slices.Clone(out.pairs), func(n neighbours) bool {
		read += w.documents(n.term)
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

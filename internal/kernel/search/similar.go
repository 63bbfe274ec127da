package search

import (
	"context"
	"math"
	"sort"
)

// Likeness is the cosine of two texts' words and neighbours, weighed by how
// rare they are. It does not mind the order of the parts, dropped words, or
// accents. (Measured on questions with noise: the best of the methods tried;
// search-and-ai.md §5.)
const (
	similarUnits = 24   // the most distinctive words that candidates must share
	similarFloor = 0.12 // share of their weight a candidate must have
	similarLeast = 0.15 // likeness below which a document is not shown
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
	df := 0
	for _, e := range w.view.line(term) {
		df += e.df
	}
	// A word that no other document has says as much as one in one document.
	v := math.Log(1 + float64(w.view.docs+1)/float64(max(df, 1)))
	w.seen[term] = v
	return v
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

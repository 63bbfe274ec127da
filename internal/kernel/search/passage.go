package search

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// passageLen is about how many bytes of a long field are shown.
const passageLen = 360

// marker finds a query's words in stored text.
type marker struct {
	lex    *lexer
	words  map[string]marked
	prefix string
}

type marked struct {
	word
	worth float32
}

func newMarker(lex *lexer, p parsed) *marker {
	m := &marker{lex: lex, words: make(map[string]marked)}
	for _, w := range p.words {
		if w.code {
			m.words[w.key] = marked{word: word{key: w.key}, worth: 3}
			for _, part := range w.parts {
				if _, ok := m.words[part]; !ok {
					m.words[part] = marked{word: word{key: part}, worth: 0.2}
				}
			}
			continue
		}
		m.words[w.key] = marked{word: w.word, worth: 1}
		if w.unfinished {
			m.prefix = w.key
		}
	}
	return m
}

// hit is a marked place in a field.
type hit struct {
	Mark
	key   string
	exact bool
	worth float32
}

// hits finds the words in s. Where the query's own spelling occurs in the
// text, other words that look alike without accents are left unmarked.
func (m *marker) hits(s string) []hit {
	var hs []hit
	spelled := make(map[string]bool)
	for _, t := range m.lex.tokens(s) {
		w, ok := m.words[t.key]
		if !ok && m.prefix != "" && !t.aside && strings.HasPrefix(t.key, m.prefix) {
			w, ok = m.words[m.prefix], true
		}
		if !ok {
			continue
		}
		h := hit{Mark: Mark{t.start, t.end}, key: t.key, exact: !w.accented || w.exact == t.exact, worth: w.worth}
		spelled[t.key] = spelled[t.key] || w.accented && h.exact
		hs = append(hs, h)
	}
	kept := hs[:0]
	for _, h := range hs {
		if h.exact || !spelled[h.key] {
			kept = append(kept, h)
		}
	}
	// A code comes after its parts; over them it must come first.
	sort.SliceStable(kept, func(i, j int) bool {
		return kept[i].From < kept[j].From || kept[i].From == kept[j].From && kept[i].To > kept[j].To
	})
	return kept
}

// passage chooses what to show of a field.
func (m *marker) passage(f Field) Passage {
	p := Passage{Field: f.Name, Text: f.Text}
	hs := m.hits(f.Text)
	from, to := 0, len(f.Text)
	if to > passageLen*3/2 {
		from, to = bestStretch(hs, to)
		from, to = wholeWords(f.Text, from, to)
		p.Text, p.Cut = f.Text[from:to], true
	}
	for _, h := range hs {
		if h.From < from || h.To > to {
			continue
		}
		mark := Mark{h.From - from, h.To - from}
		if n := len(p.Marks); n > 0 && mark.From <= p.Marks[n-1].To {
			p.Marks[n-1].To = max(p.Marks[n-1].To, mark.To) // a code lies over its parts
			continue
		}
		p.Marks = append(p.Marks, mark)
	}
	return p
}

// bestStretch finds the stretch of passageLen with the most different words.
func bestStretch(hs []hit, size int) (from, to int) {
	best, at := float32(-1), 0
	for i := range hs {
		seen := make(map[string]bool)
		var worth float32
		for _, h := range hs[i:min(i+40, len(hs))] {
			if h.To > hs[i].From+passageLen*3/4 {
				break
			}
			if !seen[h.key] {
				seen[h.key] = true
				worth += h.worth
			} else {
				worth += h.worth / 10
			}
		}
		if worth > best {
			best, at = worth, hs[i].From
		}
		if i > 2000 {
			break // far enough into a long text
		}
	}
	from = max(at-passageLen/6, 0)
	return from, min(from+passageLen, size)
}

// wholeWords moves both ends to spaces, or at least to whole letters.
func wholeWords(s string, from, to int) (int, int) {
	const reach = 32
	for n := 0; from > 0 && n < reach && !unicode.IsSpace(rune(s[from-1])); n++ {
		from--
	}
	for from > 0 && !utf8.RuneStart(s[from]) {
		from--
	}
	for n := 0; to < len(s) && n < reach && !unicode.IsSpace(rune(s[to])); n++ {
		to++
	}
	for to < len(s) && !utf8.RuneStart(s[to]) {
		to++
	}
	return from, to
}

// show makes a hit of a document.
func (m *marker) show(d Doc, score float64) Hit {
	h := Hit{Kind: d.Kind, ID: d.ID, At: d.At, Facets: d.Facets, Score: score}
	for _, f := range d.Fields {
		if f.Text != "" {
			h.Passages = append(h.Passages, m.passage(f))
		}
	}
	return h
}

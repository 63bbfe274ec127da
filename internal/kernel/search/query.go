package search

import (
	"strings"
	"unicode/utf8"
)

// wanted is one word of a query.
type wanted struct {
	word
	code       bool
	unfinished bool     // the last word while typing
	must       bool     // stands in quotation marks
	parts      []string // of a code: its words, for when nothing bears the code
}

// neighbours are two words of a query that stand side by side.
type neighbours struct {
	term     string
	accented bool
	accent   uint8
	must     bool
}

// parsed is a query as it was understood. There is no wrong query: what makes
// no sense is a query for its words.
type parsed struct {
	words   []wanted
	pairs   []neighbours
	phrases [][]string // quoted runs of three words or more
}

// parse reads a query. Words between quotation marks must stand side by side;
// a mark without its partner is ignored.
func parse(lex *lexer, s string, typing bool) parsed {
	s = shorten(s)
	var p parsed
	at := 0
	for at < len(s) {
		open, size := nextQuote(s[at:])
		if open < 0 {
			break
		}
		n, closing := nextQuote(s[at+open+size:])
		if n < 0 {
			break
		}
		p.take(lex, s[at:at+open], false, false)
		p.take(lex, s[at+open+size:at+open+size+n], true, false)
		at += open + size + n + closing
	}
	p.take(lex, s[at:], false, typing)
	return p
}

// shorten cuts a query at queryMax, at a whole letter.
func shorten(s string) string {
	if len(s) <= queryMax {
		return s
	}
	n := queryMax
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func nextQuote(s string) (at, size int) {
	at = strings.IndexAny(s, "\"“”„«»")
	if at >= 0 {
		_, size = utf8.DecodeRuneInString(s[at:])
	}
	return at, size
}

// take adds a piece of the query.
func (p *parsed) take(lex *lexer, s string, quoted, typing bool) {
	tokens := lex.tokens(s)
	var run []string
	var before *token
	for i := range tokens {
		t := &tokens[i]
		last := typing && t.end == len(s)
		if t.code {
			p.code(tokens, t, quoted, last)
			continue
		}
		if t.aside {
			continue // the long form stands for it
		}
		p.add(wanted{word: t.word, must: quoted, unfinished: last && t.end-t.start > 1})
		if before != nil {
			p.pair(before, t, quoted)
		}
		before = t
		run = append(run, t.key)
	}
	if quoted && len(run) > 2 {
		p.phrases = append(p.phrases, run)
	}
}

// code replaces the words of a number by the number itself; the words come
// back if nothing bears it. Of the several keys of one number the first, the
// whole, decides.
func (p *parsed) code(tokens []token, t *token, quoted, last bool) {
	if len(p.words) > 0 {
		if w := &p.words[len(p.words)-1]; w.code && w.exact == spanOf(t) {
			return
		}
	}
	if quoted { // the parts in their order say it already
		return
	}
	w := wanted{word: word{key: t.key, exact: spanOf(t), id: t.id}, code: true, unfinished: last}
	for i := range tokens {
		if o := &tokens[i]; o.start >= t.start && o.end <= t.end && !o.code && !o.aside {
			w.parts = append(w.parts, o.key)
		}
	}
	kept := p.words[:0]
	for _, o := range p.words {
		if !contains(w.parts, o.key) || o.must || o.code {
			kept = append(kept, o)
		}
	}
	p.words = kept
	p.add(w)
}

// spanOf tells the numbers of one query apart.
func spanOf(t *token) string { return string(rune(t.start)) + string(rune(t.end)) }

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// add keeps each word once; a word in quotation marks and out of them is a must.
func (p *parsed) add(w wanted) {
	for i := range p.words {
		if o := &p.words[i]; o.key == w.key && o.code == w.code {
			o.must = o.must || w.must
			if w.accented && !o.accented {
				o.word = w.word
			}
			return
		}
	}
	if len(p.words) < unitsMax {
		p.words = append(p.words, w)
	}
}

func (p *parsed) pair(a, b *token, must bool) {
	// Beside a word without accents nobody knows whether they were left out.
	n := neighbours{term: pairTerm(a.key, b.key), accented: a.accented && b.accented, accent: pairAccent(a.accent, b.accent), must: must}
	for i := range p.pairs {
		if p.pairs[i].term == n.term {
			p.pairs[i].must = p.pairs[i].must || must
			return
		}
	}
	if len(p.pairs) < unitsMax {
		p.pairs = append(p.pairs, n)
	}
}

package reading

import (
	"sort"
)

// maxFinds bounds the citations, repairs and relations of one paper.
const maxFinds = 20_000

// reader is one reading of one text.
type reader struct {
	*sheet
	paper  Paper
	known  Register
	syms   []symbol
	notice map[string]note
	told   map[Repair]bool
	zone   int // lines before it are the head of the paper
	first  int // first line of the paper itself
	kindAt int // line of the kind, -1
	after  int // line where the structure ends: signatures, nơi nhận
}

// Read reads what a paper says of itself. known may be nil: then nothing is
// checked against what the library already holds.
func Read(text string, known Register) Paper {
	s, cut := lay(text)
	r := &reader{sheet: s, known: known, told: map[Repair]bool{}, kindAt: -1}
	r.paper.Text, r.paper.Pages, r.paper.Cut = s.text, s.pages, cut
	r.findSymbols()
	r.notices()
	r.head()
	r.structure()
	r.signatures()
	r.bases()
	r.effects()
	r.relations()
	sort.SliceStable(r.paper.Repairs, func(i, j int) bool { return r.paper.Repairs[i].At.Start < r.paper.Repairs[j].At.Start })
	return r.paper
}

// repair tells a repair, once.
func (r *reader) repair(p Repair) {
	if p.Read != p.Meant && !r.told[p] && len(r.told) < maxFinds {
		r.told[p] = true
		r.paper.Repairs = append(r.paper.Repairs, p)
	}
}

// symbolsIn are the symbols that begin in flow[from:to].
func (r *reader) symbolsIn(from, to int) []symbol {
	i := sort.Search(len(r.syms), func(i int) bool { return r.syms[i].fs >= from })
	j := i
	for j < len(r.syms) && r.syms[j].fs < to {
		j++
	}
	return r.syms[i:j]
}

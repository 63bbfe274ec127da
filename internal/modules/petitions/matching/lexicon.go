package matching

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

//go:embed lexicon
var lexiconFiles embed.FS

// Weights of the classes of words in the lexicon.
const (
	sureWeight   = 6.0
	strongWeight = 3.0
	usualWeight  = 1.5
	weakWeight   = 0.6
)

// Factors on a word's weight, by how and where it stands.
const (
	exactFactor   = 1.25 // typed with just these accents
	bareFactor    = 0.2  // one syllable without accents may be any of six words: "cho", chó, chợ
	strayFactor   = 0.3  // one syllable of several has other accents: a typing error
	requestFactor = 1.3  // in what is asked for: "đề nghị …"
	reasonFactor  = 0.6  // in the cause or purpose: "do …", "để …"
	placeFactor   = 0.5  // names a place near by: "cạnh trường học"
)

// wordList is a class of words in the lexicon's file.
type wordList struct {
	City    float64  `toml:"city"` // how often which level is competent, as shares
	Ward    float64  `toml:"ward"`
	Central float64  `toml:"central"`
	Bodies  []string `toml:"bodies"` // the city's bodies that usually answer, the likeliest first
	Sure    []string `toml:"sure"`
	Strong  []string `toml:"strong"`
	Usual   []string `toml:"usual"`
	Weak    []string `toml:"weak"`
	Phrases []string `toml:"phrases"` // of the lists of words that mean nothing
}

type lexiconFile struct {
	Field     map[string]wordList `toml:"field"`
	None      wordList            `toml:"none"`
	Authority map[string]wordList `toml:"authority"`
	Split     map[string]wordList `toml:"split"`
}

// lexicon finds the phrases of a set of classes in a text.
type lexicon struct {
	root    *node
	classes []string // in order
}

type node struct {
	next map[string]*node
	ends []ending
}

// ending is a phrase that ends at a node, for one class; class "" means nothing.
type ending struct {
	class  string
	weight float64
	shown  []string // its syllables with accents
}

// lexicons are the phrases of all questions that are asked of a text.
type lexicons struct {
	fields, authorities, splits *lexicon
	lists                       map[string]wordList // of the fields
}

// readLexicons reads the embedded words. A flaw of the file stops the start-up.
func readLexicons() (*lexicons, error) {
	const name = "lexicon/fields.toml"
	b, err := lexiconFiles.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var f lexiconFile
	m, err := toml.Decode(string(b), &f)
	if err != nil {
		return nil, fmt.Errorf("matching: %s: %w", name, err)
	}
	if odd := m.Undecoded(); len(odd) > 0 {
		return nil, fmt.Errorf("matching: %s: unknown key %s", name, odd[0])
	}
	return &lexicons{
		fields:      newLexicon(f.Field, f.None.Phrases),
		authorities: newLexicon(f.Authority, nil),
		splits:      newLexicon(f.Split, f.Split["none"].Phrases),
		lists:       f.Field,
	}, nil
}

func newLexicon(lists map[string]wordList, none []string) *lexicon {
	l := &lexicon{root: &node{}}
	for _, class := range slices.Sorted(maps.Keys(lists)) {
		if class == "none" {
			continue
		}
		l.classes = append(l.classes, class)
		w := lists[class]
		for _, part := range []struct {
			phrases []string
			weight  float64
		}{{w.Sure, sureWeight}, {w.Strong, strongWeight}, {w.Usual, usualWeight}, {w.Weak, weakWeight}} {
			for _, p := range part.phrases {
				l.add(p, class, part.weight)
			}
		}
	}
	for _, p := range none {
		l.add(p, "", 0)
	}
	return l
}

func (l *lexicon) add(phrase, class string, weight float64) {
	at := l.root
	var shown []string
	for _, w := range readWords(phrase) {
		if at.next == nil {
			at.next = map[string]*node{}
		}
		if at.next[w.key] == nil {
			at.next[w.key] = &node{}
		}
		at = at.next[w.key]
		shown = append(shown, w.shown)
	}
	at.ends = append(at.ends, ending{class, weight, shown})
}

// finding is a phrase of the lexicon found in a text.
type finding struct {
	class  string
	words  string // as the text has them
	weight float64
	at     int
}

// find reads a text from left to right and takes the longest phrase at each
// place; a phrase that means nothing hides the shorter ones in it.
func (l *lexicon) find(all []word) []finding {
	bare := barely(all)
	zones := zonesOf(all)
	var found []finding
	for i := 0; i < len(all); {
		at, length, best := l.root, 0, []ending(nil)
		var factors []float64
		for j := i; j < len(all) && j < i+8; j++ {
			if at = at.next[all[j].key]; at == nil {
				break
			}
			var fits []ending
			var by []float64
			for _, e := range at.ends {
				if f := accents(all[i:j+1], e.shown, bare); f > 0 {
					fits, by = append(fits, e), append(by, f)
				}
			}
			if len(fits) > 0 {
				length, best, factors = j+1-i, fits, by
			}
		}
		for n, e := range best {
			if e.class != "" {
				found = append(found, finding{class: e.class, words: spoken(all[i : i+length]), weight: e.weight * factors[n] * zones[i], at: i})
			}
		}
		i += max(length, 1)
	}
	return found
}

// spoken is a stretch of words for the reader.
func spoken(all []word) string {
	shown := make([]string, len(all))
	for i, w := range all {
		shown[i] = w.shown
	}
	return strings.Join(shown, " ")
}

// barely reports whether a text was typed without accents, by and large.
func barely(all []word) bool {
	marked := 0
	for _, w := range all {
		if w.accented() {
			marked++
		}
	}
	return marked*4 < len(all)
}

// accents says how well words fit a phrase whose folded form they share: more
// with the same accents, nothing if they mean another word.
func accents(have []word, want []string, bare bool) float64 {
	other, same := 0, 0
	for i, w := range have {
		switch {
		case w.shown == want[i]:
			same++
		case !w.accented() && (bare || len(want) > 1):
		default:
			other++
		}
	}
	switch {
	case other == 0 && same == len(want):
		return exactFactor
	case other == 0 && len(want) == 1 && want[0] != have[0].shown:
		return bareFactor
	case other == 0:
		return 1
	case other == 1 && len(want) > 1:
		return strayFactor
	}
	return 0
}

// zonesOf gives each word the factor of the part of the text it stands in.
func zonesOf(all []word) []float64 {
	zones := make([]float64, len(all))
	zone := 1.0
	for i, w := range all {
		if w.first {
			zone = 1
		}
		next := ""
		if i+1 < len(all) {
			next = all[i+1].key
		}
		switch w.key + " " + next {
		case "de nghi", "kien nghi", "kinh mong", "mong muon", "yeu cau":
			zone = requestFactor
		}
		switch w.shown {
		case "xin":
			zone = requestFactor
		case "do", "vì", "để", "vi", "khiến":
			zone = reasonFactor
		}
		zones[i] = zone
		if i > 0 && (beside(all[i-1]) || i > 1 && beside(all[i-2])) {
			zones[i] = min(zones[i], 1) * placeFactor
		}
	}
	return zones
}

// beside reports whether a word says that a place follows, near to what is meant.
func beside(w word) bool {
	switch w.shown {
	case "cạnh", "gần", "quanh", "sát", "trước", "phía", "diện":
		return true
	}
	return false
}

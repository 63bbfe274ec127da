package matching

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Candidate is a petition that may speak of the same thing.
//
// vi: -
type Candidate struct {
	ID   string
	Text string
	Unit string // code of the ward or commune
	At   time.Time
}

// Alike is a candidate with how much it says the same, and why.
//
// vi: -
type Alike struct {
	Candidate
	Score   float64 // 0 to 1
	Reasons []Reason
}

// Reason says why two texts are held for alike, or not. Kind is the last part
// of a text key: words, place_named, place_other, unit, unit_other, days.
//
// vi: -
type Reason struct {
	Kind  string
	Value string
	Good  bool // speaks for it
}

// Thresholds, chosen on the noisy set of testdata (see testdata/README.md):
// from SameLeast on two texts are taken for the same matter, from ShownLeast on
// a candidate is worth a look.
const (
	SameLeast  = 0.50
	ShownLeast = 0.30
)

// Shares of the parts of a score.
const (
	cosineShare   = 0.40 // words and neighbours, in any order
	containShare  = 0.30 // the shorter text stands in the longer
	lettersShare  = 0.30 // letters in threes, which typing errors hurt little
	namedGain     = 0.12 // the same streets, numbers, schools
	namedLoss     = 0.34 // others
	unitGain      = 0.05
	unitLoss      = 0.06
	longAgoLoss   = 0.04
	longAgo       = 2 * 365 * 24 * time.Hour
	comparedRunes = 4000 // of a text; what stands behind does not decide
)

// Rank orders candidates by how much they say what one text says, the likest
// first. It reads only what it is given.
func Rank(one Candidate, candidates []Candidate) []Alike {
	gists := make([]*gist, len(candidates)+1)
	m, ok := memories.Get().(*memory)
	if !ok {
		m = newMemory()
	}
	defer m.done()
	gists[0] = newGist(m, one)
	seen := map[uint64]int{}
	for i, c := range candidates {
		gists[i+1] = newGist(m, c)
	}
	for _, g := range gists {
		for term := range g.terms {
			seen[term]++
		}
	}
	for _, g := range gists {
		g.weigh(seen, len(gists))
	}
	all := make([]Alike, len(candidates))
	for i, c := range candidates {
		all[i] = gists[0].compare(gists[i+1])
		all[i].Candidate = c
	}
	slices.SortStableFunc(all, func(a, b Alike) int { return compare(b.Score, a.Score) })
	return all
}

// gist is a text made ready to be compared.
type gist struct {
	of      Candidate
	words   []word
	said    string             // the folded words, spaced on both sides
	terms   map[uint64]float64 // words by id, neighbours by both
	norm    float64
	total   float64
	letters map[uint32]float64
	length  float64
	named   []named
	kinds   map[string][]int // places of words such as "đường" in words
}

// named is a place or number that a text names: đường Lê Thuyết, ngõ 13, tòa N02.
type named struct {
	kind, value string // folded
	shown       string
}

// placeKinds are the words that names of places follow, folded.
var placeKinds = map[string]bool{
	"duong": true, "pho": true, "ngo": true, "ngach": true, "hem": true, "to": true, "thon": true, "xom": true, "khu": true, "truong": true, "cho": true, "cau": true,
	"lo": true, "tinh": true, "toa": true, "so": true, "phuong": true, "xa": true, "ho": true, "song": true, "dinh": true, "chua": true, "phoc": true, "km": true, "lop": true, "hoc": true, "dan": true,
}

func newGist(m *memory, c Candidate) *gist {
	c.Text = firstRunes(c.Text, comparedRunes)
	g := &gist{of: c, words: m.read(c.Text), kinds: map[string][]int{}}
	g.terms, g.letters = make(map[uint64]float64, 2*len(g.words)), make(map[uint32]float64, 4*len(g.words))
	keys := keysOf(g.words)
	g.said = " " + strings.Join(keys, " ") + " "
	var plain strings.Builder
	for i, w := range g.words {
		v := wordWeight(w)
		g.terms[w.id] = max(g.terms[w.id], v)
		if i > 0 && !w.first {
			both := neighbours(g.words[i-1], w)
			g.terms[both] = max(g.terms[both], (v+wordWeight(g.words[i-1]))/2)
		}
		if !w.common {
			plain.WriteString(w.key)
			plain.WriteByte(' ')
		}
		if w.place {
			g.kinds[w.key] = append(g.kinds[w.key], i)
			if n, ok := namedAt(g.words, i); ok && !slices.Contains(g.named, n) {
				g.named = append(g.named, n)
			}
		}
	}
	s := plain.String()
	for i := 0; i+3 <= len(s); i++ {
		g.letters[uint32(s[i])<<16|uint32(s[i+1])<<8|uint32(s[i+2])]++
	}
	for k, n := range g.letters {
		v := 1 + math.Log(n)
		g.letters[k] = v
		g.length += v * v
	}
	g.length = math.Sqrt(g.length)
	return g
}

// firstRunes is the beginning of a text, of at most so many characters.
func firstRunes(s string, most int) string {
	if len(s) <= most {
		return s
	}
	n := 0
	for i := range s {
		if n == most {
			return s[:i]
		}
		n++
	}
	return s
}

// neighbours is the key of two words side by side.
func neighbours(a, b word) uint64 { return a.id<<32 | b.id }

// wordWeight: numbers and names tell two petitions apart, set phrases do not.
func wordWeight(w word) float64 {
	switch {
	case w.common:
		return 0.12
	case w.digit:
		return 1.8
	case w.proper:
		return 1.4
	}
	return 1
}

// namedAt reads the name behind a word such as "đường": a number, or a run of
// words with capitals.
func namedAt(all []word, i int) (named, bool) {
	var value, shown []string
	for j := i + 1; j < len(all) && j <= i+4 && !all[j].first; j++ {
		if !all[j].proper && !all[j].digit {
			break
		}
		value, shown = append(value, all[j].key), append(shown, all[j].shown)
		if all[j].digit {
			break
		}
	}
	if len(value) == 0 {
		return named{}, false
	}
	return named{all[i].key, strings.Join(value, " "), all[i].shown + " " + strings.Join(shown, " ")}, true
}

// weigh makes rare terms count more than those that all candidates share.
func (g *gist) weigh(seen map[uint64]int, texts int) {
	for term, v := range g.terms {
		v *= math.Log(1 + (float64(texts)+12)/(float64(seen[term])+1))
		g.terms[term] = v
		g.norm += v * v
		g.total += v
	}
	g.norm = math.Sqrt(g.norm)
}

// compare scores how much two texts say the same.
func (g *gist) compare(o *gist) Alike {
	var a Alike
	if g.norm == 0 || o.norm == 0 {
		return a
	}
	dot, shared, letters := 0.0, 0.0, 0.0
	small, large := g, o
	if len(o.terms) < len(g.terms) {
		small, large = o, g
	}
	for term, v := range small.terms {
		if w := large.terms[term]; w > 0 {
			dot += v * w
			shared += min(v, w)
		}
	}
	for k, v := range g.letters {
		letters += v * o.letters[k]
	}
	score := cosineShare*dot/(g.norm*o.norm) + containShare*min(1, shared/min(g.total, o.total))
	if g.length > 0 && o.length > 0 {
		score += lettersShare * letters / (g.length * o.length)
	}
	gain, names := g.sameNames(o)
	score += gain
	var reasons []Reason
	if g.of.Unit != "" && o.of.Unit != "" {
		if g.of.Unit == o.of.Unit {
			score += unitGain
			reasons = append(reasons, Reason{"unit", "", true})
		} else {
			score -= unitLoss
			reasons = append(reasons, Reason{"unit_other", "", false})
		}
	}
	if !g.of.At.IsZero() && !o.of.At.IsZero() {
		apart := g.of.At.Sub(o.of.At).Abs()
		if apart > longAgo {
			score -= longAgoLoss
		}
		reasons = append(reasons, Reason{"days", strconv.Itoa(int(apart.Hours() / 24)), apart <= longAgo})
	}
	a.Score = round(min(max(score, 0), 1))
	if a.Score >= ShownLeast { // nobody asks why of the others
		if words := g.sharedWords(o); words != "" {
			a.Reasons = append(a.Reasons, Reason{"words", words, true})
		}
		a.Reasons = append(append(a.Reasons, names...), reasons...)
	}
	return a
}

// sameNames compares the places and numbers that both name. Another number of
// the same kind speaks against it: ngõ 13 is not ngõ 15.
func (g *gist) sameNames(o *gist) (float64, []Reason) {
	var same, other []string
	count := func(a, b *gist) {
		for _, n := range a.named {
			switch {
			case slices.Contains(same, n.shown):
			case strings.Contains(b.said, " "+n.value+" ") && (len(n.value) > 2 || strings.Contains(b.said, " "+n.kind+" "+n.value+" ")), b.nearly(n):
				same = append(same, n.shown)
			case len(b.kinds[n.kind]) > 0 && b.names(n.kind):
				other = append(other, n.shown)
			}
		}
	}
	count(g, o)
	count(o, g)
	var reasons []Reason
	gain := 0.0
	if len(same)+len(other) > 0 {
		agree := float64(len(same)) / float64(len(same)+len(other))
		gain = namedGain*agree*min(1, float64(len(same))/2) - namedLoss*(1-agree)
	}
	if len(same) > 0 {
		reasons = append(reasons, Reason{"place_named", strings.Join(same[:min(3, len(same))], ", "), true})
	}
	if len(other) > 0 {
		reasons = append(reasons, Reason{"place_other", strings.Join(other[:min(3, len(other))], ", "), false})
	}
	return gain, reasons
}

// names reports whether a text gives a name of this kind; without capitals it
// may, when the word is there at all.
func (g *gist) names(kind string) bool {
	if !slices.ContainsFunc(g.words, func(w word) bool { return w.proper }) {
		return len(g.kinds[kind]) > 0
	}
	return slices.ContainsFunc(g.named, func(n named) bool { return n.kind == kind })
}

// nearly finds a name with a typing error behind a word of its kind.
func (g *gist) nearly(n named) bool {
	if len(n.value) < 5 || hasDigit(n.value) {
		return false
	}
	length := strings.Count(n.value, " ") + 1
	for _, i := range g.kinds[n.kind] {
		if i+1+length > len(g.words) {
			continue
		}
		if distance(n.value, strings.Join(keysOf(g.words[i+1:i+1+length]), " ")) <= 2 {
			return true
		}
	}
	return false
}

// distance is how many letters must be changed, added or left out.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			here := row[j]
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(row[j]+1, row[j-1]+1, before+cost)
			before = here
		}
	}
	return row[len(b)]
}

// sharedWords are the neighbouring words that weigh most and stand in both.
func (g *gist) sharedWords(o *gist) string {
	type pair struct {
		shown  string
		weight float64
	}
	var all []pair
	seen := map[uint64]bool{}
	for i := 0; i+1 < len(g.words); i++ {
		key := neighbours(g.words[i], g.words[i+1])
		if o.terms[key] == 0 || seen[key] || g.words[i+1].first || g.words[i].common || g.words[i+1].common {
			continue
		}
		seen[key] = true
		all = append(all, pair{g.words[i].shown + " " + g.words[i+1].shown, g.terms[key]})
	}
	slices.SortStableFunc(all, func(a, b pair) int { return compare(b.weight, a.weight) })
	shown := make([]string, 0, 4)
	for _, p := range all[:min(4, len(all))] {
		shown = append(shown, p.shown)
	}
	return strings.Join(shown, ", ")
}

// boilerplate are the words that nearly every petition and reply has, folded;
// they say nothing of its matter.
var boilerplate = setOf(`cu tri de nghi kien phan anh va cac cua la co cho duoc de trong thi ma nay do khi da dang se voi tai o ve theo nhu nhung mot so
	rat bi vi nen con cung chi tu den ra vao lai len xuong nguoi dan chung toi hien som quan tam kinh mong xin thanh xem xet giai quyet chinh quyen co quan
	chuc nang dia phuong ban nganh cap uy nhan hoi dong noi dung van tra loi qua nhieu nam nay lam phai neu hay thuong xuyen khong chua`)

func setOf(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}

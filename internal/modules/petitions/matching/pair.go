package matching

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
)

// pairUp finds for each point of each petition the passage that fits best.
func pairUp(waiting []Asked, passages []Passage) []Pair {
	var pairs []Pair
	read := readPassages(passages)
	for _, a := range waiting {
		points := a.Points
		if len(points) == 0 {
			points = []Point{{Number: 1, Text: a.Text}}
		}
		whole := read.scores(a, a.Text)
		for _, pt := range points {
			p := Pair{Asked: a, Point: pt, Passage: -1}
			own := whole
			if len(points) > 1 || pt.Text != a.Text {
				own = read.scores(a, pt.Text)
			}
			for i := range passages {
				const pointShare = 0.6 // the point decides, the whole petition helps
				if s := round(pointShare*own[i] + (1-pointShare)*whole[i]); s > p.Score {
					p.Passage, p.Score = i, s
				}
			}
			pairs = append(pairs, p)
		}
	}
	return pairs
}

// readPassages makes the passages ready to be compared with every petition.
type readyPassages struct {
	passages []Passage
	asks     []*gist // nil where the letter does not repeat the petition
	replies  []*gist
	seen     map[uint64]int
	memory   *memory
}

func readPassages(passages []Passage) readyPassages {
	r := readyPassages{passages: passages, seen: map[uint64]int{}, memory: newMemory(), asks: make([]*gist, len(passages)), replies: make([]*gist, len(passages))}
	for i, p := range passages {
		if p.Ask != "" {
			r.asks[i] = newGist(r.memory, Candidate{Text: p.Ask})
		}
		r.replies[i] = newGist(r.memory, Candidate{Text: p.Reply})
		for term := range r.replies[i].terms {
			r.seen[term]++
		}
		if r.asks[i] != nil {
			for term := range r.asks[i].terms {
				if r.replies[i].terms[term] == 0 {
					r.seen[term]++
				}
			}
		}
	}
	for i := range passages {
		r.replies[i].weigh(r.seen, len(passages))
		if r.asks[i] != nil {
			r.asks[i].weigh(r.seen, len(passages))
		}
	}
	return r
}

// scores says how well each passage fits a text. The petition as the letter
// repeats it says most; a reply need only take up its words. A code decides.
func (r readyPassages) scores(a Asked, words string) []float64 {
	g := newGist(r.memory, Candidate{Text: words})
	g.weigh(r.seen, len(r.passages))
	all := make([]float64, len(r.passages))
	for i, p := range r.passages {
		if a.Code != "" && slices.ContainsFunc(p.Codes, func(c string) bool { return plainCode(c) == plainCode(a.Code) }) {
			all[i] = 0.99
			continue
		}
		reply := g.takenUp(r.replies[i])
		if r.asks[i] == nil {
			all[i] = reply
			continue
		}
		const askShare = 0.85
		all[i] = askShare*max(g.compare(r.asks[i]).Score, g.takenUp(r.asks[i])) + (1-askShare)*reply
	}
	return all
}

// takenUp is how much of a text's own words another one takes up, with a
// malus when it names other places.
func (g *gist) takenUp(o *gist) float64 {
	if g.total == 0 {
		return 0
	}
	shared := 0.0
	for term, v := range g.terms {
		if w := o.terms[term]; w > 0 {
			shared += v
		}
	}
	gain, _ := g.sameNames(o)
	return min(max(math.Sqrt(shared/g.total)*0.85+gain/2, 0), 1)
}

func plainCode(s string) string {
	return strings.NewReplacer("-", "", " ", "").Replace(strings.ToUpper(s))
}

// cue is a set of phrases, folded, that let an outcome seem likely.
type cue struct {
	outcome string
	phrases []string
}

// outcomeCues are asked in this order: what is not done yet hides that a part is.
var outcomeCues = []cue{
	{"no_means", []string{"chua bo tri duoc", "chua can doi duoc", "chua co kinh phi", "kinh phi con han che", "chua co nguon von", "chua bo tri von", "kho khan ve nguon von", "chua du nguon luc"}},
	{"not_possible", []string{"khong co co so", "khong the giai quyet", "khong thuc hien duoc", "chua co co so phap ly", "khong thuoc doi tuong"}},
	{"passed", []string{"khong thuoc tham quyen", "chuyen kien nghi den", "da chuyen den", "de nghi cu tri lien he", "thuoc tham quyen cua"}},
	{"duplicate", []string{"trung voi kien nghi", "da duoc tra loi tai", "da tra loi tai van ban", "noi dung nay da duoc tra loi"}},
	{"outstanding", []string{"ton dong qua nhieu", "keo dai nhieu nam chua"}},
	{"partly", []string{"da giai quyet mot phan", "mot phan", "con lai se", "phan con lai", "truoc mat da"}},
	{"underway", []string{"dang trien khai", "dang thi cong", "dang lap", "du kien hoan thanh", "se hoan thanh", "se thi cong", "se to chuc", "dang lua chon", "du kien khoi cong", "dang tham dinh", "dang hoan thien", "se duoc thuc hien", "du kien", "se trien khai", "se lap", "dua vao ke hoach", "dang thuc hien"}},
	{"done", []string{"da hoan thanh", "da giai quyet", "da khac phuc", "da sua chua xong", "da thay", "da lap dat", "da xu ly", "da chi tra", "da to chuc", "da nao vet", "hoan thanh ngay", "da cap", "da ban giao", "da thi cong xong", "da xong"}},
	{"explained", []string{"theo quy dinh", "xin thong tin", "xin giai trinh", "can cu"}},
}

// outcomeOf reads what a passage seems to say became of the matter, and a date
// it promises. A person looks at both.
func (d *Desk) outcomeOf(reply string, today clock.Date) (string, clock.Date) {
	folded := " " + strings.Join(strings.Fields(text.Fold(reply)), " ") + " "
	promised := promiseIn(folded, today)
	for _, c := range outcomeCues {
		if slices.Contains(d.Outcomes, c.outcome) && slices.ContainsFunc(c.phrases, func(p string) bool { return strings.Contains(folded, p) }) {
			return c.outcome, promised
		}
	}
	return "", promised
}

var (
	dayWords     = regexp.MustCompile(`\b(\d{1,2})[/.-](\d{1,2})[/.-](20\d{2})\b`)
	quarterWords = regexp.MustCompile(`\bquy (iv|iii|ii|i|[1-4])(?:/| nam |/nam | )\s*(20\d{2})\b`)
	monthWords   = regexp.MustCompile(`\bthang (\d{1,2})(?:/| nam |/nam | )\s*(20\d{2})\b`)
	yearWords    = regexp.MustCompile(`\b(?:trong|het|cuoi|truoc het|den het) nam (20\d{2})\b`)
)

// promiseIn finds the first coming date of a text: a day, else the end of a
// month, quarter or year.
func promiseIn(folded string, today clock.Date) clock.Date {
	first := clock.Date{}
	take := func(d clock.Date) {
		if d.After(today) && (first.IsZero() || d.Before(first)) {
			first = d
		}
	}
	for _, m := range dayWords.FindAllStringSubmatch(folded, 50) {
		day, month, year := toNumber(m[1]), toNumber(m[2]), toNumber(m[3])
		if d := clock.NewDate(year, time.Month(month), day); month >= 1 && month <= 12 && day >= 1 && d.Day == day {
			take(d)
		}
	}
	for _, m := range monthWords.FindAllStringSubmatch(folded, 50) {
		if month := toNumber(m[1]); month >= 1 && month <= 12 {
			take(endOfMonth(toNumber(m[2]), month))
		}
	}
	for _, m := range quarterWords.FindAllStringSubmatch(folded, 50) {
		quarter := slices.Index([]string{"i", "ii", "iii", "iv"}, m[1]) + 1
		if n, err := strconv.Atoi(m[1]); err == nil {
			quarter = n
		}
		take(endOfMonth(toNumber(m[2]), 3*quarter))
	}
	if first.IsZero() {
		for _, m := range yearWords.FindAllStringSubmatch(folded, 50) {
			take(clock.NewDate(toNumber(m[1]), time.December, 31))
		}
	}
	return first
}

func endOfMonth(year, month int) clock.Date { return clock.NewDate(year, time.Month(month)+1, 0) }

package matching

import (
	"math"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/org"
)

// Why is a word that decided, with what it weighed.
//
// vi: -
type Why struct {
	Words  string  `json:"words"`
	Weight float64 `json:"weight"`
}

// Guess is one answer to a question about a text, with its share of all.
//
// vi: -
type Guess struct {
	Code  string  `json:"code"` // of a field, a level, or what it is really
	Score float64 `json:"score"`
	Why   []Why   `json:"why,omitempty"`
}

// BodyGuess is a body that may be competent.
//
// vi: -
type BodyGuess struct {
	Kind  org.BodyKind `json:"kind"`
	Name  string       `json:"name"`
	Score float64      `json:"score"`
}

// Suggestion is what a text looks like; a person decides.
//
// vi: gợi ý cho người phân loại
type Suggestion struct {
	Fields      []Guess
	Authorities []Guess
	Bodies      []BodyGuess
	// Split tells that the text looks like a complaint or a denunciation and
	// may not be a petition at all; empty when it does not.
	Split []Guess
}

// The codes of authority; petitions has the same.
const (
	central = "central"
	city    = "city"
	ward    = "ward"
)

// cityCommittee is the one People's Committee that fields name.
const cityCommittee = "Ủy ban nhân dân thành phố"

const (
	readWordsMax = 2000 // of a text; what stands behind does not decide
	guessesMax   = 5    // answers given to each question
	whyMax       = 6    // words given as reasons
	// heat makes shares of points: the larger, the nearer to each other.
	heat = 1.6
	// SureLeast is the share from which a guess is worth being filled in
	// beforehand; below it the three likeliest are shown.
	SureLeast = 0.5
	// splitLeast is the score from which a text is said to look like a complaint
	// or a denunciation.
	splitLeast = 0.5
)

// reader suggests. It is the lexicon and, if there is one, what a council taught.
type reader struct {
	words   *lexicons
	learned *learned
}

// suggest reads a text.
func (r reader) suggest(s string) Suggestion {
	all := readWords(s)
	all = all[:min(len(all), readWordsMax)]
	var out Suggestion
	fieldPoints, why := points(r.words.fields.find(all))
	r.learned.add(all, fieldPoints, why)
	fields := shares(r.words.fields.classes, fieldPoints, why)
	out.Authorities = r.authorities(all, fields)
	out.Bodies = r.bodies(all, fields, out.Authorities)
	out.Split = r.split(all)
	out.Fields = fields[:min(guessesMax, len(fields))]
	return out
}

// points adds up findings by class; a phrase that is repeated counts less each time.
func points(found []finding) (map[string]float64, map[string][]Why) {
	total, why := map[string]float64{}, map[string][]Why{}
	times := map[string]int{}
	for _, f := range found {
		key := f.class + " " + f.words
		weight := f.weight / float64(int(1)<<min(times[key], 6))
		times[key]++
		total[f.class] += weight
		if i := slices.IndexFunc(why[f.class], func(w Why) bool { return w.Words == f.words }); i >= 0 {
			why[f.class][i].Weight += weight
		} else {
			why[f.class] = append(why[f.class], Why{f.words, weight})
		}
	}
	return total, why
}

// shares turns points into shares of one, the greatest first. With no points at
// all every answer has the same small share.
func shares(classes []string, total map[string]float64, why map[string][]Why) []Guess {
	sum := 0.0
	all := make([]Guess, len(classes))
	for i, c := range classes {
		all[i] = Guess{Code: c, Score: math.Exp(total[c] / heat), Why: topWhy(why[c])}
		sum += all[i].Score
	}
	for i := range all {
		all[i].Score = round(all[i].Score / sum)
	}
	slices.SortStableFunc(all, func(a, b Guess) int { return compare(b.Score, a.Score) })
	return all
}

func topWhy(all []Why) []Why {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b Why) int { return compare(b.Weight, a.Weight) })
	all = all[:min(whyMax, len(all))]
	for i := range all {
		all[i].Weight = round(all[i].Weight)
	}
	return all
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func round(v float64) float64 { return math.Round(v*1000) / 1000 }

// authorities weighs the words of a level with how often the likely fields
// belong to it.
func (r reader) authorities(all []word, fields []Guess) []Guess {
	total, why := points(r.words.authorities.find(all))
	for _, level := range []string{central, city, ward} {
		prior := 0.0
		for _, f := range fields {
			prior += f.Score * r.words.lists[f.Code].share(level)
		}
		const leaning = 1.5 // what the field says, in points
		total[level] += leaning * math.Log(max(prior, 0.02))
	}
	return shares([]string{central, city, ward}, total, why)
}

// share is how often a field belongs to a level.
func (w wordList) share(level string) float64 {
	sum := w.City + w.Ward + w.Central
	if sum == 0 {
		return 1.0 / 3
	}
	switch level {
	case central:
		return w.Central / sum
	case city:
		return w.City / sum
	}
	return w.Ward / sum
}

// bodies: the level says the kind, the field the name; a body named in the text
// comes first.
func (r reader) bodies(all []word, fields, levels []Guess) []BodyGuess {
	var found []BodyGuess
	add := func(kind org.BodyKind, name string, score float64) {
		if i := slices.IndexFunc(found, func(b BodyGuess) bool { return b.Kind == kind && b.Name == name }); i >= 0 {
			found[i].Score += score
			return
		}
		found = append(found, BodyGuess{kind, name, score})
	}
	said := " " + strings.Join(keysOf(all), " ") + " "
	for _, l := range levels {
		switch l.Code {
		case central:
			add(org.Delegation, "Đoàn đại biểu Quốc hội", l.Score)
		case ward:
			add(org.PeoplesCommittee, "Ủy ban nhân dân phường, xã", l.Score)
		default:
			for _, f := range fields {
				names := r.words.lists[f.Code].Bodies
				for n, name := range names {
					score := l.Score * f.Score * math.Pow(0.4, float64(n))
					if strings.Contains(said, " "+strings.Join(keysOf(readWords(name)), " ")+" ") {
						score += l.Score
					}
					add(org.Agency, name, score)
				}
			}
		}
	}
	sum := 0.0
	for _, b := range found {
		sum += b.Score
	}
	for i := range found {
		found[i].Score = round(found[i].Score / sum)
		if found[i].Name == cityCommittee {
			found[i].Kind = org.PeoplesCommittee
		}
	}
	slices.SortStableFunc(found, func(a, b BodyGuess) int { return compare(b.Score, a.Score) })
	return found[:min(guessesMax, len(found))]
}

// split looks for complaints and denunciations. Weak words alone say nothing.
func (r reader) split(all []word) []Guess {
	found := r.words.splits.find(all)
	total, why := points(found)
	var out []Guess
	for _, c := range r.words.splits.classes {
		const half, steep = 3.4, 1.1 // one strong word is just enough
		score := 1 / (1 + math.Exp(-(total[c]-half)/steep))
		if score >= splitLeast {
			out = append(out, Guess{Code: c, Score: round(score), Why: topWhy(why[c])})
		}
	}
	slices.SortStableFunc(out, func(a, b Guess) int { return compare(b.Score, a.Score) })
	return out
}

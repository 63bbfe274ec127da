package matching

import (
	"context"
	"maps"
	"math"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
)

// Limits of learning.
const (
	learnMost   = 20_000 // petitions of a council, the newest first
	learnPiece  = 500
	learnSeen   = 3     // petitions that must have a word; rarer ones may be names
	learnWords  = 4_000 // words kept of each field
	learnTrust  = 60.0  // petitions after which what was learned counts half
	learnClip   = 1.2   // points that one word can bring
	learnSmooth = 0.5
)

// learned is what the classified petitions of one council teach: in how many
// petitions of each field a word or pair of words stood.
type learned struct {
	petitions  map[string]int            // by field
	words      map[string]map[string]int // by field, by word
	all        int
	vocabulary int
}

// lesson is learned's row of one field.
type lesson struct {
	CouncilID string                  `db:"council_id"`
	Field     string                  `db:"field"`
	Petitions int                     `db:"petitions"`
	Words     db.JSON[map[string]int] `db:"words"`
	LearnedAt db.Time                 `db:"learned_at"`
}

// learnedFrom makes the model of a council's rows; nil when there are none.
func learnedFrom(rows []lesson) *learned {
	if len(rows) == 0 {
		return nil
	}
	l := &learned{petitions: map[string]int{}, words: map[string]map[string]int{}}
	seen := map[string]bool{}
	for _, r := range rows {
		l.petitions[r.Field], l.words[r.Field] = r.Petitions, r.Words.V
		l.all += r.Petitions
		for w := range r.Words.V {
			seen[w] = true
		}
	}
	l.vocabulary = len(seen)
	return l
}

// features are the words and neighbours of a text that naive Bayes counts, each
// once: how often a petition repeats itself says nothing of its field.
func features(all []word) map[string]string {
	f := make(map[string]string, 2*len(all))
	for i, w := range all {
		if hasDigit(w.key) || len(w.key) < 2 || boilerplate[w.key] {
			continue
		}
		f[w.key] = w.shown
		if i+1 < len(all) && !all[i+1].first && !hasDigit(all[i+1].key) && !boilerplate[all[i+1].key] {
			f[w.key+" "+all[i+1].key] = w.shown + " " + all[i+1].shown
		}
	}
	return f
}

// add brings what was learned into the points of the fields (multinomial naive
// Bayes, as log-odds against the other fields, so that it adds to the
// lexicon's points), and its words into the reasons.
func (l *learned) add(all []word, total map[string]float64, why map[string][]Why) {
	if l == nil || l.all == 0 {
		return
	}
	trust := float64(l.all) / (float64(l.all) + learnTrust)
	sums, everywhere := l.sums()
	f := features(all)
	keys := slices.Sorted(maps.Keys(f))
	scale := trust / math.Sqrt(1+float64(len(keys))/20) // long texts repeat their evidence
	for field := range l.words {
		total[field] += trust * 0.5 * math.Log((float64(l.petitions[field])+1)/(float64(l.all)/float64(len(l.words))+1))
	}
	smooth := learnSmooth * float64(l.vocabulary)
	for _, key := range keys {
		m := 0.0
		for _, words := range l.words {
			m += float64(words[key])
		}
		if m == 0 {
			continue
		}
		for field, words := range l.words {
			n := float64(words[key])
			own := (n + learnSmooth) / (sums[field] + smooth)
			rest := (m - n + learnSmooth) / (everywhere - sums[field] + smooth)
			points := scale * min(max(math.Log(own/rest), -learnClip), learnClip)
			total[field] += points
			if points > 0.2 {
				noteWhy(why, field, f[key], points)
			}
		}
	}
}

func noteWhy(why map[string][]Why, field, words string, points float64) {
	if i := slices.IndexFunc(why[field], func(w Why) bool { return w.Words == words }); i >= 0 {
		why[field][i].Weight += points
		return
	}
	why[field] = append(why[field], Why{words, points})
}

func (l *learned) sums() (byField map[string]float64, everywhere float64) {
	byField = map[string]float64{}
	for field, words := range l.words {
		for _, n := range words {
			byField[field] += float64(n)
		}
		everywhere += byField[field]
	}
	return byField, everywhere
}

// counts are lessons in the making.
type counts struct {
	petitions map[string]int
	words     map[string]map[string]int
	seen      map[string]int
}

func newCounts() *counts {
	return &counts{petitions: map[string]int{}, words: map[string]map[string]int{}, seen: map[string]int{}}
}

func (c *counts) take(field, text string) {
	c.petitions[field]++
	if c.words[field] == nil {
		c.words[field] = map[string]int{}
	}
	for key := range features(readWords(text)) {
		c.words[field][key]++
		c.seen[key]++
	}
}

// lessons keeps the common words: what stood in one or two petitions only may
// be a person's name, and teaches nothing.
func (c *counts) lessons(councilID string, at db.Time) []lesson {
	var all []lesson
	for _, field := range slices.Sorted(maps.Keys(c.petitions)) {
		kept := map[string]int{}
		keys := slices.Collect(maps.Keys(c.words[field]))
		slices.SortFunc(keys, func(a, b string) int {
			if d := c.words[field][b] - c.words[field][a]; d != 0 {
				return d
			}
			return strings.Compare(a, b)
		})
		for _, key := range keys {
			if c.seen[key] >= learnSeen && len(kept) < learnWords {
				kept[key] = c.words[field][key]
			}
		}
		all = append(all, lesson{councilID, field, c.petitions[field], db.JSON[map[string]int]{V: kept}, at})
	}
	return all
}

// LearnKind is the job that learns each night.
const LearnKind = "petitions.learn"

// Learn counts anew the words of the petitions that each council classified. It
// starts from nothing each time, so that what a sealed, split off or erased
// petition taught is forgotten by the next morning. Until then it only weighs:
// the words that are given as reasons are those of the text being read, never
// those it was learned from, so nothing of such a petition can be seen.
func (d *Desk) Learn(ctx context.Context, _ jobs.Work) error {
	var councils []org.Council
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		councils, err = org.Councils(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	for _, c := range councils {
		if err := d.learnCouncil(ctx, c.ID); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) learnCouncil(ctx context.Context, councilID string) error {
	c := newCounts()
	for n, last := 0, (place{}); n < learnMost; n += learnPiece {
		var rows []classified
		var texts map[string]string
		err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
			if rows, err = classifiedBefore(ctx, tx, councilID, d.Procedure, last, learnPiece); err != nil || len(rows) == 0 {
				return err
			}
			texts, err = d.Texts(ctx, tx, idsOf(rows))
			return err
		})
		if err != nil {
			return err
		}
		for _, r := range rows {
			if d.known(r.Field) && texts[r.ID] != "" {
				c.take(r.Field, texts[r.ID])
			}
		}
		if len(rows) < learnPiece {
			break
		}
		last = place{rows[len(rows)-1].OpenedAt, rows[len(rows)-1].ID}
	}
	at := db.At(d.Clock.Now())
	defer d.models.Delete(councilID)
	return d.DB.Tx(ctx, func(tx *db.Tx) error { return replaceLessons(ctx, tx, councilID, c.lessons(councilID, at)) })
}

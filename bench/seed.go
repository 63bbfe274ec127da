package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/petitions"
)

// seeder makes petitions as years of work leave them: nearly all closed, the
// open ones mostly new, every ward, field and agency with its share. It writes
// rows and no log, so it stands beside the verbs and is used for sizes that
// they would take an hour to reach.
type seeder struct {
	h      *house
	now    time.Time
	cal    *calendar.Calendar
	rules  *calendar.Rules
	counts map[string]counted // by rule and day
	serial uint64             // of codes
	open   float64            // share of open cases; usual when 0
	full   bool               // every petition with its whole history and the rows of the parts
	told   []string           // ids of cases with their whole history
	codes  []string           // codes of some public ones
	fresh  []string           // ids of some that wait for their classification
	linked []string           // ids of some that repeat an earlier one
	past   past               // what later petitions refer to
}

// counted is a clock that was counted out.
type counted struct {
	rule        calendar.Rule
	run         string
	raw, due    clock.Date
	provisional bool
}

func newSeeder(h *house) (*seeder, error) {
	cal, err := calendar.Load()
	if err != nil {
		return nil, err
	}
	rules, err := calendar.LoadRules()
	return &seeder{h: h, now: time.Now(), cal: cal, rules: rules, counts: map[string]counted{}}, err
}

// years is how far back the petitions reach.
const years = 2

// stage is one of the steps that the procedure of a petition takes.
type stage struct {
	verb, state, waits string
	clock              string // the deadline that begins with it
	share              int    // of open cases that stand here, in percent
}

// stages are the main line of the procedure. A clock ends with the next stage.
var stages = [...]stage{
	{"receive", "received", "owner", "classify", 22},
	{"classify", "classified", "owner", "forward", 10},
	{"forward", "forwarded", "holder", "accept", 13},
	{"accept", "accepted", "holder", "reply", 38},
	{"answer", "answered", "examiner", "judge", 10},
	{"judge", "judged", "standing", "close", 7},
	{"close", "closed", "nobody", "", 0},
}

// answered is the place of the answer among the stages.
const answered = 4

// outcomes are what became of petitions, the usual ones first.
var outcomes = [...]string{"done", "explained", "underway", "partly", "passed", "no_means", "not_possible"}

// taken is when a petition took a stage, between its receipt and its last act.
func (d *draft) taken(n int) time.Time {
	if d.reached <= 0 {
		return d.moved
	}
	return d.opened.Add(d.moved.Sub(d.opened) * time.Duration(n) / time.Duration(d.reached))
}

// bodyOf says which agencies answer a branch of fields, by the first letters
// of their codes; most questions go to a few of them.
func (s *seeder) bodyOf(r *rand.Rand, field string) org.Body {
	n := len(s.h.answering)
	home := 0
	for _, c := range field {
		home = (home*31 + int(c)) % n
	}
	if r.IntN(100) < 85 {
		return s.h.answering[home]
	}
	return s.h.answering[r.IntN(n)]
}

func (s *seeder) committeeOf(field string) string {
	branch, _, _ := strings.Cut(field, ".")
	for _, c := range s.h.committees {
		for _, f := range c.Fields.V {
			if f == branch {
				return c.ID
			}
		}
	}
	return ""
}

// skewed picks the first ones more often: some wards have ten times the people
// of others.
func skewed(r *rand.Rand, n int) int {
	f := r.Float64()
	return int(f * f * float64(n))
}

// code is a public reference that no other petition has: a walk through all
// numbers of eight letters in steps that share no factor with their count.
func (s *seeder) code(at time.Time) string {
	const letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
	const count, step = 656_100_000_000, 412_348_271_593 // 30^8
	s.serial++
	n := s.serial % count * (step % count) % count
	var b [8]byte
	for i := range b {
		b[i] = letters[n%30]
		n /= 30
	}
	return fmt.Sprintf("KN%02d-%s-%s", at.Year()%100, b[:4], b[4:])
}

// count counts a clock of a rule from a day, once for all that begin there.
func (s *seeder) count(name string, on clock.Date) (counted, error) {
	key := name + " " + on.String()
	if c, ok := s.counts[key]; ok {
		return c, nil
	}
	rule, err := s.rules.At("petitions."+name, on)
	if err != nil {
		return counted{}, err
	}
	run := rule.Run(on, "petitions.event."+name)
	d, err := s.cal.Count(run)
	if err != nil {
		return counted{}, err
	}
	text, err := json.Marshal(run)
	if err != nil {
		return counted{}, err
	}
	c := counted{rule: rule, run: string(text), raw: d.Raw, due: d.Due, provisional: d.Provisional}
	s.counts[key] = c
	return c, nil
}

// draft is a petition on its way into the tables.
type draft struct {
	r           *rand.Rand
	id, code    string
	opened      time.Time
	reached     int // the last stage that was taken; -1: refused, -2: split off
	moved       time.Time
	field, unit string
	body        org.Body // the answering body, once it was forwarded
	late        bool     // its answer came, or is, late
	outcome     string   // of its answer
	words       string
	title       string
	public      bool
	whole       bool // with its whole history, not only the ends
	due         clock.Date
}

// petition makes the i-th of n petitions, in the order of time.
func (s *seeder) petition(r *rand.Rand, i, n int) *draft {
	span := years * 365 * 24 * time.Hour
	slot := span / time.Duration(n)
	at := s.now.Add(-span + slot*time.Duration(i) + time.Duration(r.Int64N(int64(slot)))).Add(-time.Minute)
	ward := s.h.wards[skewed(r, len(s.h.wards))]
	d := &draft{r: r, id: db.NewID(at), code: s.code(at), opened: at, unit: ward.Code, reached: len(stages) - 1,
		words: petitionText(r, ward.FullName), whole: s.full || i%10 == 0, public: r.IntN(100) < 70, late: r.IntN(8) == 0}
	d.title = string([]rune(d.words)[:min(100, len([]rune(d.words)))]) + "…"
	s.fate(d, float64(n-i)/float64(n))
	d.moved = at.Add(time.Duration(1+r.IntN(40)) * 24 * time.Hour)
	if d.moved.After(s.now) {
		d.moved = s.now.Add(-time.Duration(r.IntN(3600)) * time.Second)
	}
	if d.moved.Before(at) {
		d.moved = at
	}
	all := petitions.Fields()
	if d.reached >= 1 {
		d.field = all[skewed(r, len(all))]
	}
	if d.reached >= 2 {
		d.body = s.bodyOf(r, d.field)
	}
	if d.reached >= answered {
		d.outcome = outcomes[skewed(r, len(outcomes))]
	}
	d.public = d.public && d.reached >= 1
	return d
}

// fate says how far a petition has come. Of the newest 4 % more than half are
// open, of the rest a few stragglers: 3 % in all.
func (s *seeder) fate(d *draft, age float64) {
	open := 0.006
	if age < 0.04 {
		open = 0.6
	}
	if s.open > 0 {
		open = s.open
	}
	if d.r.Float64() >= open {
		switch n := d.r.IntN(100); {
		case n < 5:
			d.reached = -1
		case n < 7:
			d.reached = -2
		}
		return
	}
	pick := d.r.IntN(100)
	for n, st := range stages {
		if pick -= st.share; pick < 0 {
			d.reached = n
			return
		}
	}
}

// begun is the day on which the running clock of an open case began; one in
// seven has run out.
func (s *seeder) begun(d *draft, days int) clock.Date {
	return clock.DateOf(s.now).AddDays(-d.r.IntN(days*7/6 + 2))
}

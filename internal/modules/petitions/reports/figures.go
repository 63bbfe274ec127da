package reports

import (
	"time"

	"example.vn/hdnd/internal/kernel/clock"
)

// Figures are the counts of a report.
//
// vi: số liệu báo cáo
type Figures struct {
	Received  int64             `json:"received"` // of all that were handed in
	Refused   int64             `json:"refused"`
	All       Tally             `json:"all"` // of those taken in
	ByBranch  map[string]*Tally `json:"by_branch,omitempty"`
	ByField   map[string]*Tally `json:"by_field,omitempty"`
	ByBody    map[string]*Tally `json:"by_body,omitempty"`
	ByWard    map[string]*Tally `json:"by_ward,omitempty"`
	ByOutcome map[string]int64  `json:"by_outcome,omitempty"`
	ByQuality map[string]int64  `json:"by_quality,omitempty"`
	ByLevel   map[string]int64  `json:"by_authority,omitempty"`
	ByNewness map[string]int64  `json:"by_newness,omitempty"`
	ByAge     [6]int64          `json:"by_age"` // what is not settled, by AgeEnds
}

// Tally is how much of something was answered, in time, and settled.
//
// vi: -
type Tally struct {
	Count    int64 `json:"count"`
	Answered int64 `json:"answered"`
	OnTime   int64 `json:"on_time"`
	Late     int64 `json:"late"`    // answered late
	Overdue  int64 `json:"overdue"` // not answered, and the date is over
	Settled  int64 `json:"settled"`
}

// AgeEnds are the days since handing in at which an unsettled petition grows older.
var AgeEnds = [...]int{30, 60, 90, 180, 365}

func newFigures() *Figures {
	return &Figures{ByBranch: map[string]*Tally{}, ByField: map[string]*Tally{}, ByBody: map[string]*Tally{}, ByWard: map[string]*Tally{},
		ByOutcome: map[string]int64{}, ByQuality: map[string]int64{}, ByLevel: map[string]int64{}, ByNewness: map[string]int64{}}
}

// add counts a petition as it stood at a moment.
func (f *Figures) add(s Standing, at time.Time) {
	f.Received++
	if !s.Taken() {
		f.Refused++
		return
	}
	overdue := s.Overdue(at)
	f.All.add(s, overdue)
	tallyOf(f.ByBranch, s.Branch()).add(s, overdue)
	tallyOf(f.ByField, s.Field).add(s, overdue)
	tallyOf(f.ByBody, s.BodyID).add(s, overdue)
	tallyOf(f.ByWard, s.Ward).add(s, overdue)
	f.ByLevel[s.Authority]++
	f.ByNewness[s.Newness]++
	if s.Answered() {
		f.ByOutcome[string(s.Outcome)]++
		if s.Quality != "" {
			f.ByQuality[s.Quality]++
		}
	}
	if !s.Settled() {
		f.ByAge[ageOf(clock.DateOf(at).Sub(clock.DateOf(s.OpenedAt)))]++
	}
}

func tallyOf(m map[string]*Tally, key string) *Tally {
	t := m[key]
	if t == nil {
		t = &Tally{}
		m[key] = t
	}
	return t
}

func (t *Tally) add(s Standing, overdue bool) {
	t.Count++
	switch {
	case s.Answered() && s.Late:
		t.Answered++
		t.Late++
	case s.Answered():
		t.Answered++
		t.OnTime++
	case overdue:
		t.Overdue++
	}
	if s.Settled() {
		t.Settled++
	}
}

func ageOf(days int) int {
	for i, end := range AgeEnds {
		if days <= end {
			return i
		}
	}
	return len(AgeEnds)
}

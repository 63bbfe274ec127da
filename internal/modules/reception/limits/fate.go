package limits

import (
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
)

// Outcome is what a version does to a running clock.
//
// vi: -
type Outcome string

// The outcomes.
const (
	Moves   Outcome = "moves"   // another due date
	Cites   Outcome = "cites"   // the same due date, on another text
	Early   Outcome = "early"   // stays: its event was before the day of the version
	Begun   Outcome = "begun"   // stays: it began by the version before, and keeps it
	Outside Outcome = "outside" // stays: its event was before the day that the article names
	Newer   Outcome = "newer"   // stays: it runs by a version that began later
	Same    Outcome = "same"    // runs by this version already
)

// Outcomes lists the outcomes in the order of pages.
func Outcomes() []Outcome { return []Outcome{Moves, Cites, Early, Begun, Outside, Newer, Same} }

// Changes reports whether the clock is written anew.
func (o Outcome) Changes() bool { return o == Moves || o == Cites }

// Fate is what becomes of one running clock.
//
// vi: -
type Fate struct {
	Outcome Outcome
	Was     clock.Date
	Due     clock.Date // afterwards; none while the clock is paused
	Late    bool       // it was in time and is overdue at once
}

// fate tells what the version does to a clock. Preview and job ask it alike.
func (v Version) fate(cal *calendar.Calendar, d cases.Deadline, today clock.Date) (Fate, error) {
	f := Fate{Was: d.Due, Due: d.Due, Outcome: Begun}
	start := d.Run.V.Start
	switch {
	case d.RuleFrom.After(v.From):
		f.Outcome = Newer
	case v.runs(d):
		f.Outcome = Same
	case v.Reach != Running && start.Before(v.From):
		f.Outcome = Early
	case v.Reach == Running && start.Before(v.ReachSince):
		f.Outcome = Outside
	case v.Reach == Running:
		return v.counted(cal, d, today)
	}
	return f, nil
}

// runs reports whether a clock runs by this very version.
func (v Version) runs(d cases.Deadline) bool {
	r := v.Rule()
	return d.RuleFrom == v.From && d.Run.V.Count == v.Count && d.Run.V.Unit == v.Unit && d.Basis == r.Basis() && d.Confirmed == v.Confirmed
}

// counted is a clock that follows the version, with its date counted anew.
func (v Version) counted(cal *calendar.Calendar, d cases.Deadline, today clock.Date) (Fate, error) {
	law := v.Rule()
	law.Backward = d.Run.V.Backward
	fresh, err := d.Counted(cal, law)
	if err != nil {
		return Fate{}, err
	}
	f := Fate{Outcome: Cites, Was: d.Due, Due: fresh.Due}
	if fresh.Due != d.Due || fresh.Due.IsZero() && (v.Count != d.Run.V.Count || v.Unit != d.Run.V.Unit) {
		f.Outcome = Moves
	}
	f.Late = !d.Window && !d.Due.Before(today) && !f.Due.IsZero() && f.Due.Before(today)
	return f, nil
}

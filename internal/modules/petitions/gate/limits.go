package gate

import (
	_ "embed" // limits.toml
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"example.vn/hdnd/internal/kernel/clock"
)

//go:embed limits.toml
var limitsText string

// Scope is what hand-ins have in common.
//
// vi: -
type Scope string

// The scopes.
const (
	ByAddress Scope = "address"
	ByNetwork Scope = "network"
	ByEmail   Scope = "email"
	ByPhone   Scope = "phone"
	ByCouncil Scope = "council"
	ByText    Scope = "text"  // trends and batches only
	ByUnit    Scope = "ward"  // trends only
	ByField   Scope = "field" // trends only
)

// Window is from how many hand-ins on the gate does what; 0 is never.
//
// vi: -
type Window struct {
	Ask  int `toml:"ask"`
	Hold int `toml:"hold"`
	Stop int `toml:"stop"`
}

// grade says what n earlier hand-ins mean.
func (w Window) grade(n int) Grade {
	switch {
	case w.Stop > 0 && n >= w.Stop:
		return Flood
	case w.Hold > 0 && n >= w.Hold:
		return Held
	case w.Ask > 0 && n >= w.Ask:
		return Asked
	}
	return Normal
}

// most is beyond what nobody needs to count.
func (w Window) most() int { return max(w.Ask, w.Hold, w.Stop) }

// Pair is the limits of a scope over the short and the long window.
//
// vi: -
type Pair struct {
	Burst Window `toml:"burst"`
	Day   Window `toml:"day"`
}

// Work is what a proof takes: Bits leading zero bits, or waiting.
//
// vi: -
type Work struct {
	Bits int           `toml:"bits"`
	Wait time.Duration `toml:"wait"`
}

// TrendLimits is when a trend is told.
//
// vi: -
type TrendLimits struct {
	Weeks      int           `toml:"weeks"`
	WeeksLeast int           `toml:"weeks_least"`
	YoungTimes int           `toml:"young_times"`
	Spread     float64       `toml:"spread"`
	Hour       map[Scope]int `toml:"hour"`
	Day        map[Scope]int `toml:"day"`
}

// Limits is one edition of limits.toml.
//
// vi: -
type Limits struct {
	From           clock.Date    `toml:"from"`
	Source         string        `toml:"source"`
	BurstWindow    time.Duration `toml:"burst_window"`
	DayWindow      time.Duration `toml:"day_window"`
	CouncilFresh   time.Duration `toml:"council_fresh"`
	DrawnLeast     time.Duration `toml:"drawn_least"`
	DrawnMost      time.Duration `toml:"drawn_most"`
	Skew           time.Duration `toml:"skew"`
	ChallengeLasts time.Duration `toml:"challenge_lasts"`
	MarksKept      time.Duration `toml:"marks_kept"`
	TracesKept     time.Duration `toml:"traces_kept"`
	UndoWithin     time.Duration `toml:"undo_within"`
	Address4       Pair          `toml:"address4"`
	Address6       Pair          `toml:"address6"`
	Network4       Pair          `toml:"network4"`
	Network6       Pair          `toml:"network6"`
	Email          Pair          `toml:"email"`
	Phone          Pair          `toml:"phone"`
	Council        Pair          `toml:"council"`
	Work           []Work        `toml:"work"`
	Keys           KeyTries      `toml:"keys"`
	Trend          TrendLimits   `toml:"trend"`
}

func readLimits(s string) ([]Limits, error) {
	var file struct {
		Edition []Limits `toml:"edition"`
	}
	md, err := toml.Decode(s, &file)
	if err != nil {
		return nil, fmt.Errorf("gate: limits.toml: %w", err)
	}
	if left := md.Undecoded(); len(left) > 0 {
		return nil, fmt.Errorf("gate: limits.toml: unknown %v", left)
	}
	if len(file.Edition) == 0 {
		return nil, errors.New("gate: limits.toml: no edition")
	}
	for i, e := range file.Edition {
		if i > 0 && !e.From.After(file.Edition[i-1].From) {
			return nil, fmt.Errorf("gate: limits.toml: the edition of %s is not later than the one before it", e.From)
		}
		if wrong := e.wrong(); len(wrong) > 0 {
			return nil, fmt.Errorf("gate: limits.toml: edition of %s: %s", e.From, strings.Join(wrong, ", "))
		}
	}
	return file.Edition, nil
}

// wrong names what cannot be meant.
func (l Limits) wrong() (all []string) {
	bad := func(is bool, what string) {
		if is {
			all = append(all, what)
		}
	}
	for name, d := range map[string]time.Duration{"burst_window": l.BurstWindow, "day_window": l.DayWindow, "council_fresh": l.CouncilFresh, "drawn_least": l.DrawnLeast, "drawn_most": l.DrawnMost,
		"skew": l.Skew, "challenge_lasts": l.ChallengeLasts, "marks_kept": l.MarksKept, "traces_kept": l.TracesKept, "undo_within": l.UndoWithin} {
		bad(d <= 0, name)
	}
	bad(l.From.IsZero(), "from")
	bad(l.Source == "", "source")
	bad(l.BurstWindow >= l.DayWindow, "burst_window is not below day_window")
	bad(l.DayWindow > l.MarksKept || l.MarksKept > l.TracesKept, "marks_kept")
	for name, p := range map[string]Pair{"address4": l.Address4, "address6": l.Address6, "network4": l.Network4, "network6": l.Network6, "email": l.Email, "phone": l.Phone, "council": l.Council} {
		for _, w := range []Window{p.Burst, p.Day} {
			bad(w.Ask <= 0 || w.Hold != 0 && w.Hold <= w.Ask || w.Stop != 0 && w.Stop <= w.Hold, name+": ask < hold < stop")
		}
	}
	bad(l.Email.Burst.Stop+l.Email.Day.Stop+l.Phone.Burst.Stop+l.Phone.Day.Stop != 0, "a contact cannot be stopped: anybody may write another's")
	bad(l.Council.Burst.Hold+l.Council.Day.Hold+l.Council.Burst.Stop+l.Council.Day.Stop != 0, "a council cannot be held back or stopped")
	bad(len(l.Work) != 2, "two works are needed")
	for _, w := range l.Work {
		bad(w.Bits < 1 || w.Bits > bitsMost || w.Wait < time.Second || w.Wait > waitMost, "work")
	}
	all = append(all, l.Keys.wrong()...)
	t := l.Trend
	bad(t.Weeks < 1 || t.WeeksLeast < 1 || t.WeeksLeast > t.Weeks || t.YoungTimes < 1 || t.Spread <= 0, "trend")
	bad(time.Duration(t.Weeks)*7*24*time.Hour+l.DayWindow > l.TracesKept, "trend: traces are not kept for so many weeks")
	for _, s := range trendScopes {
		bad(t.Hour[s] <= 0 || t.Day[s] <= 0, "trend: "+string(s))
	}
	slices.Sort(all)
	return all
}

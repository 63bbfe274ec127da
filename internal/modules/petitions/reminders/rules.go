package reminders

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"example.vn/hdnd/internal/kernel/clock"

	"github.com/BurntSushi/toml"
)

//go:embed rules
var ruleFiles embed.FS

// RungMost is the highest rung of the ladder.
const RungMost = 3

// Whom a letter goes to, and whom copies go to.
const (
	toBody     = "body"
	toBodyHead = "body_head"
	toUBND     = "peoples_committee"
	toStanding = "standing"
	toOffice   = "office"
)

// The sides that sign.
const (
	byHead     = "head"
	byStanding = "standing"
)

// step is what one rung of the ladder asks for.
type step struct {
	Rung      int      `toml:"rung"`
	AfterDays int      `toml:"after_days"`      // days late of the oldest petition; of the first rung alone
	NextAfter int      `toml:"next_after_days"` // days from the first letter of this rung to the next rung
	Signer    string   `toml:"signer"`
	To        string   `toml:"to"`
	Copies    []string `toml:"copies"`
}

// ladder is the rules of reminders that hold from a day on.
type ladder struct {
	From           clock.Date `toml:"from"`
	Confirmed      bool       `toml:"confirmed"`
	Source         string     `toml:"source"`
	SourceEn       string     `toml:"source_en"`
	SoonDays       int        `toml:"soon_days"`
	WarnDays       int        `toml:"warn_days"`
	PromiseDaysMax int        `toml:"promise_days_max"`
	Rungs          []step     `toml:"rung"`
}

// formula is how bodies are compared from a day on.
type formula struct {
	From        clock.Date `toml:"from"`
	Confirmed   bool       `toml:"confirmed"`
	Source      string     `toml:"source"`
	SourceEn    string     `toml:"source_en"`
	InTime      int64      `toml:"in_time"`
	FullPercent int64      `toml:"full_percent"`
	PartPercent int64      `toml:"part_percent"`
	PartShare   int64      `toml:"part_share"`
	Promises    int64      `toml:"promises"`
	Ratings     int64      `toml:"ratings"`
	Letters     int64      `toml:"letters"`
	PerLetter   []int64    `toml:"per_letter"`
}

type rules struct {
	Ladders []ladder  `toml:"ladder"`
	Scores  []formula `toml:"score"`
}

// readRules reads rules/reminders.toml. An unknown key or an impossible value is
// an error.
func readRules(files fs.FS) (*rules, error) {
	const name = "rules/reminders.toml"
	b, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	var r rules
	m, err := toml.Decode(string(b), &r)
	if err != nil {
		return nil, fmt.Errorf("reminders: %s: %w", name, err)
	}
	if odd := m.Undecoded(); len(odd) > 0 {
		return nil, fmt.Errorf("reminders: %s: unknown key %s", name, odd[0])
	}
	slices.SortFunc(r.Ladders, func(a, b ladder) int { return a.From.Compare(b.From) })
	slices.SortFunc(r.Scores, func(a, b formula) int { return a.From.Compare(b.From) })
	if len(r.Ladders) == 0 || len(r.Scores) == 0 {
		return nil, fmt.Errorf("reminders: %s: needs a ladder and a score", name)
	}
	for _, l := range r.Ladders {
		if err := l.check(); err != nil {
			return nil, fmt.Errorf("reminders: %s: ladder from %s: %w", name, l.From, err)
		}
	}
	for _, f := range r.Scores {
		if err := f.check(); err != nil {
			return nil, fmt.Errorf("reminders: %s: score from %s: %w", name, f.From, err)
		}
	}
	return &r, nil
}

func (l ladder) check() error {
	switch {
	case l.From.IsZero():
		return errors.New("from is needed")
	case l.Source == "":
		return errors.New("source is needed")
	case l.SoonDays < 0 || l.WarnDays < 1 || l.PromiseDaysMax < 1:
		return errors.New("soon_days, warn_days and promise_days_max are needed")
	case len(l.Rungs) != RungMost:
		return fmt.Errorf("%d rungs, and not %d", len(l.Rungs), RungMost)
	}
	for i, s := range l.Rungs {
		switch {
		case s.Rung != i+1:
			return fmt.Errorf("rung %d stands in place %d", s.Rung, i+1)
		case s.Rung == 1 && s.AfterDays < 1, s.Rung > 1 && s.AfterDays != 0:
			return fmt.Errorf("rung %d: after_days is for the first rung, and needed there", s.Rung)
		case s.NextAfter < 0 || s.NextAfter == 0 && s.Rung < RungMost:
			return fmt.Errorf("rung %d: next_after_days is needed", s.Rung)
		case s.Signer != byHead && s.Signer != byStanding:
			return fmt.Errorf("rung %d: signer %q is unknown", s.Rung, s.Signer)
		case s.To != toBody && s.To != toBodyHead && s.To != toUBND:
			return fmt.Errorf("rung %d: to %q is unknown", s.Rung, s.To)
		}
		for _, c := range s.Copies {
			if c != toStanding && c != toBody && c != toOffice {
				return fmt.Errorf("rung %d: copies %q is unknown", s.Rung, c)
			}
		}
	}
	return nil
}

func (f formula) check() error {
	switch {
	case f.From.IsZero():
		return errors.New("from is needed")
	case f.Source == "":
		return errors.New("source is needed")
	case f.InTime < 0 || f.Promises < 0 || f.Ratings < 0 || f.Letters < 0 || f.InTime+f.Promises+f.Ratings+f.Letters != 100:
		return errors.New("the weights do not add up to 100")
	case f.PartPercent < 0 || f.PartPercent > f.FullPercent || f.FullPercent > 100 || f.PartShare < 0 || f.PartShare > 100:
		return errors.New("full_percent, part_percent and part_share are percentages, the second not above the first")
	case len(f.PerLetter) != RungMost || slices.Min(f.PerLetter) < 0:
		return fmt.Errorf("per_letter needs %d numbers", RungMost)
	}
	return nil
}

// ladderOn gives the ladder in force on a day, the first one before it began.
func (r *rules) ladderOn(day clock.Date) ladder {
	at := r.Ladders[0]
	for _, l := range r.Ladders {
		if !l.From.After(day) {
			at = l
		}
	}
	return at
}

func (r *rules) scoreOn(day clock.Date) formula {
	at := r.Scores[0]
	for _, f := range r.Scores {
		if !f.From.After(day) {
			at = f
		}
	}
	return at
}

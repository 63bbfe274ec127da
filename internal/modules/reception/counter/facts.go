package counter

import (
	"context"
	"strconv"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

// Fact is one visit as far as reports count it: never a name.
//
// vi: -
type Fact struct {
	ID        string     `db:"id"`
	On        clock.Date `db:"on_day"`
	DayID     string     `db:"day_id"`
	Leader    bool       `db:"leader"`
	Delegated bool       `db:"delegated"`
	People    int        `db:"people"`
	First     int        `db:"firsts"`  // matters brought for the first time
	Again     int        `db:"again"`   // matters brought before
	Unclear   int        `db:"unclear"` // it was not noted which
	LogNo     int        `db:"log_no"`
	Sealed    bool       `db:"sealed"` // a denunciation was told: it is counted, and told of nowhere
}

// By is who received: "regular", "leader" or "delegated".
func (f Fact) By() string {
	switch {
	case f.Delegated:
		return "delegated"
	case f.Leader:
		return "leader"
	}
	return "regular"
}

// Group reports whether it was a delegation of several people (đoàn đông người).
func (f Fact) Group() bool { return f.People >= groupLeast }

// Ref is what the clerk finds the visit by.
func (f Fact) Ref() string { return strconv.Itoa(f.LogNo) + "/" + strconv.Itoa(f.On.Year) }

// Question is what reports ask: visits of one council within a period, both days
// included, as they stood at a moment.
//
// vi: -
type Question struct {
	CouncilID   string
	From, Until clock.Date
	Moment      time.Time
	After       string // the id of the last row read; empty at first
	Limit       int
}

// Facts gives visits that are over, at most Limit, in the order of their ids.
func (d *Desk) Facts(ctx context.Context, tx *db.Tx, q Question) ([]Fact, error) {
	return facts(ctx, tx, q)
}

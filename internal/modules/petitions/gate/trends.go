package gate

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
)

const (
	trendsKind  = "petitions.watch_trends"
	trendsEvery = 10 // minutes
	alertsKept  = 365 * 24 * time.Hour
	week        = 7 * 24 * time.Hour
	// madScale makes the median absolute deviation comparable with a standard
	// deviation (of normally distributed counts).
	madScale = 1.4826
	clusters = 200 // most marks of one kind that one look reports
)

// trendScopes are what trends are looked for by.
var trendScopes = [...]Scope{ByCouncil, ByUnit, ByField, ByNetwork, ByText}

// Span is the time that a trend is counted over.
//
// vi: -
type Span string

// The spans.
const (
	Hour Span = "hour"
	Day  Span = "day"
)

func (s Span) long() time.Duration {
	if s == Day {
		return 24 * time.Hour
	}
	return time.Hour
}

// AlertState is whether somebody has looked at an alert.
//
// vi: -
type AlertState string

// The states of an alert.
const (
	Fresh  AlertState = "new"
	Seen   AlertState = "seen"
	Closed AlertState = "closed"
)

// Alert is more hand-ins than usual of one kind.
//
// vi: cảnh báo tăng bất thường
type Alert struct {
	ID        string     `db:"id"`
	CouncilID string     `db:"council_id"`
	Scope     Scope      `db:"scope"`
	Mark      string     `db:"mark"` // unit, field, or hash of a network or text
	Span      Span       `db:"span"`
	N         int64      `db:"n"`
	Usual     int64      `db:"usual"` // the median of past weeks
	FirstAt   db.Time    `db:"first_at"`
	LastAt    db.Time    `db:"last_at"`
	State     AlertState `db:"state"`
	SeenBy    string     `db:"seen_by"`
	SeenAt    db.Time    `db:"seen_at"`
	ClosedAt  db.Time    `db:"closed_at"`
}

// stream is what a count is of.
type stream struct {
	council string
	scope   Scope
	mark    string
}

// tally counts streams in one window.
type tally map[stream]int64

// unusual reports whether n stands out of its past weeks, and what is usual.
// Single wild weeks move neither the median nor its deviation.
func (t TrendLimits) unusual(s Scope, span Span, n int64, past []int64) (is bool, usual int64) {
	least := int64(t.Hour[s])
	if span == Day {
		least = int64(t.Day[s])
	}
	switch {
	case s == ByNetwork || s == ByText:
		return n >= least, 0
	case len(past) < t.WeeksLeast:
		return n >= least*int64(t.YoungTimes), 0
	}
	mid := median(past)
	off := make([]int64, len(past))
	for i, p := range past {
		off[i] = max(p-mid, mid-p)
	}
	spread := max(madScale*float64(median(off)), 1)
	return n >= least && float64(n) > float64(mid)+t.Spread*spread, mid
}

func median(all []int64) int64 {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return int64(math.Round(float64(sorted[half-1]+sorted[half]) / 2))
}

// watch compares the last hour and the last day with the same of past weeks.
func (d *Desk) watch(ctx context.Context, _ jobs.Work) error {
	now := d.Clock.Now()
	l := d.limits(now)
	for _, span := range [...]Span{Hour, Day} {
		found, err := d.look(ctx, l.Trend, span, now)
		if err != nil {
			return err
		}
		for _, a := range found {
			if err := d.raise(ctx, a, now); err != nil {
				return err
			}
		}
	}
	// What has not been seen again for as long as its span is over.
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		for _, span := range [...]Span{Hour, Day} {
			if err := closeOld(ctx, tx, span, db.At(now.Add(-span.long())), db.At(now)); err != nil {
				return err
			}
		}
		return nil
	})
}

// look finds what stands out in a span that ends now.
func (d *Desk) look(ctx context.Context, t TrendLimits, span Span, now time.Time) (found []Alert, err error) {
	var last tally
	past := make([]tally, 0, t.Weeks)
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		past = past[:0]
		if last, err = tallied(ctx, tx, now.Add(-span.long()), now); err != nil {
			return err
		}
		if err := tallyMarks(ctx, tx, last, now.Add(-span.long()), now); err != nil {
			return err
		}
		first, err := firstTrace(ctx, tx)
		if err != nil || first.IsZero() {
			return err
		}
		// A query for each week, of which there are a handful.
		for w := 1; w <= t.Weeks; w++ {
			until := now.Add(-time.Duration(w) * week)
			if until.Add(-span.long()).Before(first.Time) {
				break
			}
			one, err := tallied(ctx, tx, until.Add(-span.long()), until)
			if err != nil {
				return err
			}
			past = append(past, one)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for s, n := range last {
		before := make([]int64, len(past))
		for i, p := range past {
			before[i] = p[s]
		}
		if is, usual := t.unusual(s.scope, span, n, before); is {
			found = append(found, Alert{CouncilID: s.council, Scope: s.scope, Mark: s.mark, Span: span, N: n, Usual: usual})
		}
	}
	slices.SortFunc(found, func(a, b Alert) int {
		return cmp.Or(cmp.Compare(a.CouncilID, b.CouncilID), cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.Mark, b.Mark))
	})
	return found, nil
}

// raise tells the office of a trend, once: while an alert of it is open it is
// only brought up to date.
func (d *Desk) raise(ctx context.Context, a Alert, now time.Time) error {
	a.ID, a.FirstAt, a.LastAt, a.State = db.NewID(now), db.At(now), db.At(now), Fresh
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		first, err := saveAlert(ctx, tx, a)
		if err != nil || !first {
			return err
		}
		office, err := d.Office(ctx, tx, a.CouncilID)
		if err != nil {
			return err
		}
		if err := d.Notify.Tell(ctx, tx, notify.Recipients{Body: office, Roles: []org.Role{org.Clerk, org.Head}}, notify.Notice{Key: "gate.notice_trend_" + string(a.Scope),
			Args: []any{"n", a.N, "usual", a.Usual}, Link: gatePath, CouncilID: a.CouncilID}); err != nil {
			return err
		}
		_, err = d.Audit.Append(ctx, tx, audit.Entry{CouncilID: a.CouncilID, Subject: a.ID, Ref: a.ID, Verb: "petitions.raise_alert", At: now, Who: org.System(a.CouncilID),
			Details: map[string]any{"scope": a.Scope, "span": a.Span, "n": a.N, "usual": a.Usual}})
		return err
	})
}

// See notes that somebody looks into an alert.
func (d *Desk) See(ctx context.Context, who org.Actor, id string) error {
	return d.turnAlert(ctx, who, id, Seen, "petitions.see_alert")
}

// Close ends an alert. Should the trend ebb and come again, there will be another.
func (d *Desk) Close(ctx context.Context, who org.Actor, id string) error {
	return d.turnAlert(ctx, who, id, Closed, "petitions.close_alert")
}

func (d *Desk) turnAlert(ctx context.Context, who org.Actor, id string, to AlertState, verb string) error {
	if err := allowed(mayRead, who); err != nil {
		return err
	}
	now := d.Clock.Now()
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		a, err := alertOf(ctx, tx, id)
		if fault.Is(err, "db.no_row") || err == nil && a.CouncilID != who.CouncilID {
			return fault.New(fault.Missing, "gate.no_alert")
		}
		if err != nil || a.State == to || a.State == Closed {
			return err // it is so already
		}
		if err := turnAlert(ctx, tx, id, a.State, to, who.Name, db.At(now)); err != nil {
			return err
		}
		_, err = d.Audit.Append(ctx, tx, audit.Entry{CouncilID: a.CouncilID, Subject: a.ID, Ref: a.ID, Verb: verb, At: now, Who: who})
		return err
	})
}

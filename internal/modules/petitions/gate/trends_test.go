package gate

import (
	"context"
	"fmt"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

// alert makes an alert of the ward's council office.
func (w *world) alert(t testing.TB) {
	t.Helper()
	w.tx(t, func(tx *db.Tx) error {
		now := db.At(w.clock.Now())
		_, err := saveAlert(context.Background(), tx, Alert{ID: db.NewID(now.Time), CouncilID: "hn", Scope: ByUnit, Mark: "00004", Span: Hour, N: 40, Usual: 3, FirstAt: now, LastAt: now, State: Fresh})
		return err
	})
}

func (w *world) traced(t testing.TB, at time.Time, n int) {
	t.Helper()
	w.tx(t, func(tx *db.Tx) error {
		for i := range n {
			tr := trace{id: db.NewID(at), councilID: "hn", unitCode: "00004", kind: Petition, at: db.At(at.Add(-time.Duration(i) * time.Second)), network: fmt.Sprint(at.Unix(), i), text: fmt.Sprint(at.Unix(), i)}
			if err := insertTrace(context.Background(), tx, tr.id, tr); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestUnusual(t *testing.T) {
	t.Parallel()
	l := TrendLimits{Weeks: 8, WeeksLeast: 3, YoungTimes: 3, Spread: 5, Hour: map[Scope]int{ByCouncil: 30, ByNetwork: 20}, Day: map[Scope]int{ByCouncil: 100}}
	for name, c := range map[string]struct {
		scope Scope
		span  Span
		n     int64
		past  []int64
		want  bool
	}{
		"few":              {ByCouncil, Hour, 29, []int64{0, 0, 0}, false},
		"risen":            {ByCouncil, Hour, 60, []int64{10, 12, 9, 11}, true},
		"always so":        {ByCouncil, Hour, 60, []int64{55, 61, 58, 60}, false},
		"wild past":        {ByCouncil, Hour, 60, []int64{10, 80, 20, 60}, false},
		"one wild week":    {ByCouncil, Hour, 60, []int64{10, 900, 11, 9, 10}, true},
		"young":            {ByCouncil, Hour, 60, []int64{1}, false},
		"young, a lot":     {ByCouncil, Hour, 90, nil, true},
		"network":          {ByNetwork, Hour, 20, nil, true},
		"network, few":     {ByNetwork, Hour, 19, nil, false},
		"day":              {ByCouncil, Day, 120, []int64{20, 22, 25}, true},
		"day, below":       {ByCouncil, Day, 99, []int64{20, 22, 25}, false},
		"no spread at all": {ByCouncil, Hour, 34, []int64{30, 30, 30}, false},
	} {
		if got, _ := l.unusual(c.scope, c.span, c.n, c.past); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestAlerts: told once while it lasts, again when it comes again; every week's
// market day is no news.
func TestAlerts(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx, now := context.Background(), w.clock.Now()
		watch := func() int {
			t.Helper()
			if err := w.watch(ctx, w.work()); err != nil {
				t.Fatal(err)
			}
			return w.count(t, `SELECT COUNT(*) FROM notify_messages WHERE council_id = 'hn'`)
		}
		if n := watch(); n != 0 {
			t.Errorf("%d notices of nothing", n)
		}
		w.traced(t, now.Add(-9*week), 1)
		for i := 1; i <= 8; i++ {
			w.traced(t, now.Add(-time.Duration(i)*week), 40+i%3)
		}
		w.traced(t, now, 42)
		if n := watch(); n != 0 {
			t.Errorf("%d notices of a usual hour", n)
		}
		w.traced(t, now, 60)
		first := watch()
		if alerts := w.count(t, `SELECT COUNT(*) FROM petitions_alerts WHERE state = 'new'`); alerts == 0 || first != alerts*3 {
			t.Errorf("%d alerts, %d notices to three people", alerts, first)
		}
		for range 3 {
			w.clock.Advance(10 * time.Minute)
			if n := watch(); n != first {
				t.Errorf("told again: %d", n)
			}
		}
		id := w.one(t, `SELECT id FROM petitions_alerts WHERE scope = 'council' AND span = 'hour'`)
		wants(t, w.See(ctx, ward, id), fault.Missing)
		wants(t, w.See(ctx, auditor, id), fault.Forbidden)
		for range 2 {
			if err := w.See(ctx, head, id); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(ctx, head, id); err != nil {
			t.Fatal(err)
		}
		if n := watch(); n != first {
			t.Errorf("a trend that was closed is told again while it goes on: %d", n)
		}
		w.clock.Advance(26 * time.Hour)
		watch()
		if n := w.count(t, `SELECT COUNT(*) FROM petitions_alerts WHERE state <> 'closed' AND span = 'hour'`); n != 0 {
			t.Errorf("%d are still open a day later", n)
		}
		w.traced(t, w.clock.Now(), 200)
		if n := watch(); n <= first {
			t.Error("the next wave is not told")
		}
	})
}

// TestChart fills hours without hand-ins in, over midnight in Hanoi.
func TestChart(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.clock.Set(time.Date(2026, 11, 17, 0, 30, 0, 0, clock.Hanoi))
		w.traced(t, w.clock.Now(), 3)
		w.traced(t, w.clock.Now().Add(-time.Hour), 2)
		p := ask(t, w.house(t), "clerk", gatePath, nil)
		if p.status != 200 {
			t.Fatal(p.status, p.body)
		}
		page := overviewPage{Now: w.clock.Now(), Hours: []hourCount{{w.clock.Now().Unix() / 3600, 3}}}
		c := page.chart(context.Background())
		if n := len(c.Columns); n != chartHours || c.Columns[n-1].Value != 3 || c.Columns[n-1].Label != "17/11" {
			t.Errorf("%d columns, the last %+v", n, c.Columns[n-1])
		}
	})
}

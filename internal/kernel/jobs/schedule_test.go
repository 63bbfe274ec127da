package jobs_test

import (
	"context"
	"fmt"
	"io/fs"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/testkit"
)

func schema(statement string) fs.FS {
	file := &fstest.MapFile{Data: []byte("-- +goose Up\n" + statement + "\n")}
	return fstest.MapFS{"migrations/sqlite/00001_test.sql": file, "migrations/postgres/00001_test.sql": file}
}

// TestYear lets a year pass hour by hour with two nodes: a daily job fires
// 365 times, one of every six hours four times a day.
func TestYear(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		c := clock.At(time.Date(2026, 1, 1, 0, 30, 0, 0, clock.Hanoi))
		daily, often := 0, 0
		var last time.Time
		var nodes []*jobs.Queue
		for range 2 {
			q := quiet(d, c)
			q.Handle("test.daily", func(_ context.Context, w jobs.Work) error {
				daily++
				if at := w.RunAt; at.Hour() != 2 || at.Minute() != 30 || !at.After(last) {
					t.Errorf("fired for %v after %v", at, last)
				}
				last = w.RunAt.Time
				return nil
			})
			q.Handle("test.often", func(context.Context, jobs.Work) error { often++; return nil })
			q.Every("test.daily", "reminders", jobs.Daily(2, 30))
			q.Every("test.often", "", jobs.Minutes(360))
			drain(t, q)
			nodes = append(nodes, q)
		}
		for i := range 365 * 4 {
			c.Advance(6 * time.Hour)
			drain(t, nodes[i%2])
		}
		if daily != 365 || often != 365*4 {
			t.Errorf("fired %d and %d times, want 365 and %d", daily, often, 365*4)
		}
		// Only the last month's finished rows are kept.
		if rows := list(t, d, nodes[0], jobs.Filter{Limit: 200}); len(rows) > 30*6+12 {
			t.Errorf("%d rows kept", len(rows))
		}
	}, jobs.Migrations)
}

func TestCatchUpOnce(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		c := testkit.Clock(t)
		fired := 0
		node := func(at jobs.Schedule) *jobs.Queue {
			q := quiet(d, c)
			q.Handle("test.daily", func(context.Context, jobs.Work) error { fired++; return nil })
			q.Every("test.daily", "", at)
			return q
		}
		drain(t, node(jobs.Daily(7, 0)))
		if fired != 0 {
			t.Error("fired when first entered, before its round")
		}
		c.Advance(10 * 24 * time.Hour) // ten days down
		q := node(jobs.Daily(7, 0))
		drain(t, q)
		drain(t, q)
		if fired != 1 {
			t.Errorf("fired %d times after downtime, want 1", fired)
		}
		// A changed schedule starts at its next round.
		q = node(jobs.Daily(9, 0))
		drain(t, q)
		if fired != 1 {
			t.Error("fired when its time was changed")
		}
		c.Advance(time.Hour)
		if drain(t, q); fired != 2 {
			t.Errorf("fired %d times, want 2", fired)
		}
	}, jobs.Migrations)
}

// TestRunFires proves that a running node fires by itself, once though two run.
func TestRunFires(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		c := testkit.Clock(t)
		var fired atomic.Int64
		var stops []func()
		var qs []*jobs.Queue
		for range 2 {
			q := quiet(d, c)
			q.Handle("test.daily", func(context.Context, jobs.Work) error { fired.Add(1); return nil })
			q.Every("test.daily", "", jobs.Daily(9, 0))
			drain(t, q) // enters the schedule before the clock moves
			stops, qs = append(stops, running(q)), append(qs, q)
		}
		c.Advance(2 * time.Hour)
		qs[0].Wake()
		qs[1].Wake()
		eventually(t, "fires", func() bool { return fired.Load() > 0 })
		time.Sleep(100 * time.Millisecond)
		for _, stop := range stops {
			stop()
		}
		if fired.Load() != 1 {
			t.Errorf("fired %d times", fired.Load())
		}
	}, jobs.Migrations)
}

// TestDrainOrder proves the order that the demonstration's past relies on: by
// time, then in the order of queueing, jobs queued by jobs included.
func TestDrainOrder(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		c := testkit.Clock(t)
		q := quiet(d, c)
		var order []string
		q.Handle("test.job", func(ctx context.Context, w jobs.Work) error {
			var name string
			if err := w.Read(&name); err != nil {
				return err
			}
			order = append(order, name)
			if name == "b" {
				enqueue(t, d, q, jobs.Job{Kind: "test.job", Args: "from b"})
			}
			return nil
		})
		q.Every("test.job", "round", jobs.Daily(9, 0))
		drain(t, q)
		at := func(hour int, name string) jobs.Job {
			return jobs.Job{Kind: "test.job", Args: name, RunAt: time.Date(2026, 11, 16, hour, 0, 0, 0, clock.Hanoi)}
		}
		enqueue(t, d, q, at(11, "c"), at(8, "a"), at(10, "b"), at(11, "d"), at(13, "not yet"))
		c.Advance(4 * time.Hour)
		drain(t, q)
		if got := fmt.Sprint(order); got != "[a round b c d from b]" {
			t.Errorf("order %s", got)
		}
	}, jobs.Migrations)
}

func TestSchedulesProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.UnixMicro(rapid.Int64Range(0, 4e15).Draw(t, "now")).In(clock.Hanoi)
		h, m := rapid.IntRange(0, 23).Draw(t, "hour"), rapid.IntRange(0, 59).Draw(t, "minute")
		n := rapid.SampledFrom([]int{1, 5, 15, 60, 360, 1440}).Draw(t, "n")
		daily := jobs.Daily(h, m).Next(now)
		if !daily.After(now) || daily.Sub(now) > 24*time.Hour || daily.Hour() != h || daily.Minute() != m {
			t.Fatalf("daily %02d:%02d after %v = %v", h, m, now, daily)
		}
		every := jobs.Minutes(n).Next(now)
		if !every.After(now) || every.Sub(now) > time.Duration(n)*time.Minute {
			t.Fatalf("every %d min after %v = %v", n, now, every)
		}
		attempt, chance := rapid.IntRange(0, 100).Draw(t, "attempt"), rapid.Float64Range(0, 0.999).Draw(t, "chance")
		pause := jobs.Pause(attempt, chance)
		if pause < 2500*time.Millisecond || pause > time.Hour || jobs.Pause(attempt+1, chance) < pause {
			t.Fatalf("pause %v before %v", pause, jobs.Pause(attempt+1, chance))
		}
	})
}

// TestClaimProperties queues, moves the clock, fails and drains at random:
// each job ends done exactly once, never before its time.
func TestClaimProperties(t *testing.T) {
	d := testkit.OpenSQLite(t, jobs.Migrations)
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		c := clock.At(time.Date(2026, 11, 16, 8, 0, 0, 0, clock.Hanoi).AddDate(0, 0, 2*round))
		kind := fmt.Sprintf("test.round%d", round)
		q := quiet(d, c)
		type plan struct {
			N, Fails int
			At       time.Time
		}
		done, tries := map[int]int{}, map[int]int{}
		q.Handle(kind, func(_ context.Context, w jobs.Work) error {
			var p plan
			if err := w.Read(&p); err != nil {
				return err
			}
			if c.Now().Before(p.At) {
				rt.Errorf("job %d ran early", p.N)
			}
			if tries[p.N]++; tries[p.N] <= p.Fails {
				return fmt.Errorf("planned failure")
			}
			done[p.N]++
			return nil
		})
		n := rapid.IntRange(1, 6).Draw(rt, "jobs")
		for i := range n {
			p := plan{i, rapid.IntRange(0, 3).Draw(rt, "fails"), c.Now().Add(time.Duration(rapid.IntRange(-60, 600).Draw(rt, "after")) * time.Second)}
			enqueue(t, d, q, jobs.Job{Kind: kind, RunAt: p.At, Args: p})
		}
		for range 40 {
			if _, err := q.Drain(t.Context()); err != nil && err.Error() == "" {
				rt.Fatal(err)
			}
			c.Advance(time.Minute)
		}
		for i := range n {
			if done[i] != 1 {
				rt.Errorf("job %d done %d times after %d tries", i, done[i], tries[i])
			}
		}
	})
}

package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/testkit"
)

// marks is a table for jobs to work on; a job that ran twice leaves two rows.
var marks = db.Migrations{Name: "marks", Files: schema(`CREATE TABLE marks (name TEXT NOT NULL, worker TEXT NOT NULL);`)}

func mark(ctx context.Context, tx *db.Tx, name, worker string) error {
	_, err := tx.Exec(ctx, `INSERT INTO marks (name, worker) VALUES ($1, $2)`, name, worker)
	return err
}

func marked(t testing.TB, d *db.DB) map[string]int {
	t.Helper()
	found := map[string]int{}
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		names, err := db.All[string](t.Context(), tx, `SELECT name FROM marks`)
		for _, n := range names {
			found[n]++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func quiet(d *db.DB, c clock.Clock) *jobs.Queue {
	q := jobs.New(d, c)
	q.Log = slog.New(slog.DiscardHandler)
	return q
}

func enqueue(t testing.TB, d *db.DB, q *jobs.Queue, all ...jobs.Job) {
	t.Helper()
	err := d.Tx(t.Context(), func(tx *db.Tx) error {
		for _, j := range all {
			if err := q.Enqueue(t.Context(), tx, j); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func list(t testing.TB, d *db.DB, q *jobs.Queue, f jobs.Filter) []jobs.Row {
	t.Helper()
	var rows []jobs.Row
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		rows, err = q.List(t.Context(), tx, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func drain(t testing.TB, q *jobs.Queue) int {
	t.Helper()
	n, err := q.Drain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// running starts a queue and gives the function that stops it and waits.
func running(q *jobs.Queue) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); q.Run(ctx) }()
	return func() { cancel(); <-done }
}

func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for range 600 {
		if ok() {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatalf("never happened: %s", what)
}

// TestOnceEach has two nodes of eight workers on one database work through
// jobs that both could take.
func TestOnceEach(t *testing.T) {
	const n = 300
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		c := testkit.Clock(t)
		var stops []func()
		var first *jobs.Queue
		var outside sync.Map
		for _, name := range []string{"a", "b"} {
			q := quiet(d, c)
			q.HandleTx("test.mark", func(ctx context.Context, tx *db.Tx, w jobs.Work) error {
				var args string
				if err := w.Read(&args); err != nil {
					return err
				}
				return mark(ctx, tx, args, name)
			})
			q.Handle("test.outside", func(ctx context.Context, w jobs.Work) error {
				if _, twice := outside.LoadOrStore(w.ID, name); twice {
					t.Errorf("%s ran twice", w.ID)
				}
				return nil
			})
			if first == nil {
				first = q
			}
			stops = append(stops, running(q))
		}
		for i := range n {
			enqueue(t, d, first, jobs.Job{Kind: "test.mark", Args: fmt.Sprint(i)}, jobs.Job{Kind: "test.outside"})
		}
		eventually(t, "all done", func() bool { return len(list(t, d, first, jobs.Filter{State: jobs.Queued})) == 0 })
		for _, stop := range stops {
			stop()
		}
		found := marked(t, d)
		for i := range n {
			if found[fmt.Sprint(i)] != 1 {
				t.Errorf("job %d ran %d times", i, found[fmt.Sprint(i)])
			}
		}
	}, jobs.Migrations, marks)
}

func TestRollbackLeavesNoJob(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		q := quiet(d, testkit.Clock(t))
		q.Handle("test.never", func(context.Context, jobs.Work) error { t.Error("ran"); return nil })
		no := errors.New("the act is refused")
		err := d.Tx(t.Context(), func(tx *db.Tx) error {
			if err := q.Enqueue(t.Context(), tx, jobs.Job{Kind: "test.never"}); err != nil {
				return err
			}
			return no
		})
		if !errors.Is(err, no) {
			t.Fatal(err)
		}
		if n := drain(t, q); n != 0 || len(list(t, d, q, jobs.Filter{})) != 0 {
			t.Errorf("%d jobs ran", n)
		}
	}, jobs.Migrations)
}

func TestKeyKeepsOne(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		c := testkit.Clock(t)
		q := quiet(d, c)
		ran := 0
		var during func()
		q.Handle("test.keyed", func(context.Context, jobs.Work) error {
			ran++
			if during != nil {
				during()
			}
			return nil
		})
		later := jobs.Job{Kind: "test.keyed", Key: "k", RunAt: c.Now().Add(time.Hour)}
		enqueue(t, d, q, later, later, jobs.Job{Kind: "test.keyed", Key: "other", RunAt: later.RunAt})
		if n := len(list(t, d, q, jobs.Filter{})); n != 2 {
			t.Fatalf("%d rows, want 2", n)
		}
		// The same key for an earlier time brings the job forward.
		enqueue(t, d, q, jobs.Job{Kind: "test.keyed", Key: "k"})
		if n := drain(t, q); n != 1 {
			t.Fatalf("%d ran, want the one brought forward", n)
		}
		// Queued again while it runs: it runs once more, since the run under
		// way may have looked before the change.
		during = func() { during = nil; enqueue(t, d, q, later) }
		enqueue(t, d, q, jobs.Job{Kind: "test.keyed", Key: "k"})
		if n := drain(t, q); n != 1 {
			t.Fatalf("%d ran", n)
		}
		c.Advance(time.Hour)
		if n := drain(t, q); n != 2 || ran != 4 {
			t.Errorf("%d ran of %d in all, want 2 of 4", n, ran)
		}
	}, jobs.Migrations)
}

func TestFailures(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		c := testkit.Clock(t)
		q := quiet(d, c)
		fails := func(context.Context, jobs.Work) error { return errors.New("no answer " + strings.Repeat("đ", 2000)) }
		q.Handle("test.fails", fails)
		q.Handle("test.panics", func(context.Context, jobs.Work) error { panic("planted") })
		q.Handle("test.hopeless", func(context.Context, jobs.Work) error {
			return fmt.Errorf("wrapped: %w", jobs.Final(errors.New("no such address")))
		})
		q.HandleTx("test.halfway", func(ctx context.Context, tx *db.Tx, _ jobs.Work) error {
			if err := mark(ctx, tx, "halfway", ""); err != nil {
				return err
			}
			return errors.New("then it broke")
		})
		enqueue(t, d, q, jobs.Job{Kind: "test.fails", AttemptsMax: 3}, jobs.Job{Kind: "test.panics", AttemptsMax: 2},
			jobs.Job{Kind: "test.hopeless"}, jobs.Job{Kind: "test.halfway", AttemptsMax: 1})
		attempts := 0
		for range 5 {
			n, err := q.Drain(t.Context())
			if attempts += n; n > 0 && err == nil {
				t.Error("failures were not told")
			}
			c.Advance(time.Minute)
		}
		if attempts != 3+2+1+1 {
			t.Errorf("%d attempts, want 7", attempts)
		}
		rows := list(t, d, q, jobs.Filter{State: jobs.Dead})
		if len(rows) != 4 {
			t.Fatalf("%d dead, want 4", len(rows))
		}
		for _, r := range rows {
			if r.LastError == "" || len([]rune(r.LastError)) > 501 || r.FinishedAt.IsZero() {
				t.Errorf("%s: error of %d runes, finished %v", r.Kind, len([]rune(r.LastError)), r.FinishedAt)
			}
		}
		if n := marked(t, d)["halfway"]; n != 0 {
			t.Error("a failed job left half its work")
		}
	}, jobs.Migrations, marks)
}

// TestKilledNode closes a node's database in the middle of its work: another
// node takes the job when the lease is over, and not before.
func TestKilledNode(t *testing.T) {
	for name, address := range map[string]func(testing.TB, ...db.Migrations) string{"sqlite": testkit.SQLiteAddress, "postgres": testkit.PostgresAddress} {
		t.Run(name, func(t *testing.T) {
			at := address(t, jobs.Migrations, marks)
			open := func() *db.DB {
				d, err := db.Open(t.Context(), at)
				if err != nil {
					t.Fatal(err)
				}
				return d
			}
			c := testkit.Clock(t)
			doomed, alive := open(), open()
			defer alive.Close()
			begun := make(chan struct{})
			a := quiet(doomed, c)
			a.Grace = 100 * time.Millisecond
			a.Handle("test.outside", func(ctx context.Context, _ jobs.Work) error {
				close(begun)
				<-ctx.Done() // dies with its node
				return ctx.Err()
			})
			ctx, cancel := context.WithCancel(context.Background())
			gone := make(chan struct{})
			go func() { defer close(gone); a.Run(ctx) }()
			enqueue(t, doomed, a, jobs.Job{Kind: "test.outside"})
			<-begun
			doomed.Close()

			b := quiet(alive, c)
			b.Handle("test.outside", func(ctx context.Context, w jobs.Work) error {
				if w.Attempt != 2 {
					t.Errorf("attempt %d, want 2", w.Attempt)
				}
				return alive.Tx(ctx, func(tx *db.Tx) error { return mark(ctx, tx, w.Kind, "b") })
			})
			if n := drain(t, b); n != 0 {
				t.Error("taken before the lease was over")
			}
			c.Advance(2 * time.Minute)
			if n := drain(t, b); n != 1 || marked(t, alive)["test.outside"] != 1 {
				t.Errorf("%d ran after the lease", n)
			}
			cancel()
			<-gone // after the grace, whose leases nobody can return any more
		})
	}
}

// TestPoison has a job whose node is lost at each attempt: it ends dead
// instead of taking down one node after the other.
func TestPoison(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		c := testkit.Clock(t)
		q := quiet(d, c)
		q.Handle("test.poison", func(context.Context, jobs.Work) error { t.Error("ran again"); return nil })
		enqueue(t, d, q, jobs.Job{Kind: "test.poison", AttemptsMax: 2})
		err := d.Tx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE jobs_jobs SET attempt = 2, lease_owner = 'lost', lease_until = $1`, db.At(c.Now().Add(time.Minute)))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		c.Advance(2 * time.Minute)
		if n, err := q.Drain(t.Context()); n != 1 || err == nil {
			t.Errorf("%d, %v", n, err)
		}
		if rows := list(t, d, q, jobs.Filter{State: jobs.Dead}); len(rows) != 1 {
			t.Errorf("%d dead", len(rows))
		}
	}, jobs.Migrations)
}

func TestAdministration(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx, c := t.Context(), testkit.Clock(t)
		q := quiet(d, c)
		ran := 0
		var act func(id string)
		q.Handle("test.job", func(_ context.Context, w jobs.Work) error {
			if ran++; act != nil {
				act(w.ID)
			}
			return nil
		})
		do := func(verb func(context.Context, *db.Tx, string) error, id string) error {
			return d.Tx(ctx, func(tx *db.Tx) error { return verb(ctx, tx, id) })
		}
		later := c.Now().Add(time.Hour)
		enqueue(t, d, q, jobs.Job{Kind: "test.job", Key: "k", RunAt: later, CouncilID: "hn"}, jobs.Job{Kind: "newer.kind", RunAt: later})
		rows := list(t, d, q, jobs.Filter{CouncilID: "hn"})
		if len(rows) != 1 || rows[0].Orphan || rows[0].Running {
			t.Fatalf("rows %+v", rows)
		}
		if other := list(t, d, q, jobs.Filter{Kind: "newer.kind", State: jobs.Queued, Limit: 5}); len(other) != 1 || !other[0].Orphan {
			t.Errorf("other %+v", other)
		}
		id := rows[0].ID
		if err := do(q.Retry, id); !fault.Is(err, "jobs.not_stopped") {
			t.Errorf("retry of a waiting job: %v", err)
		}
		if err := do(q.Cancel, id); err != nil {
			t.Fatal(err)
		}
		if err := do(q.Cancel, id); !fault.Is(err, "jobs.not_waiting") {
			t.Errorf("cancelled twice: %v", err)
		}
		if err := do(q.Cancel, "none"); fault.KindOf(err) != fault.Missing {
			t.Errorf("cancel of nothing: %v", err)
		}
		c.Advance(2 * time.Hour)
		if n := drain(t, q); n != 0 {
			t.Error("a cancelled job ran")
		}
		// With a twin waiting, the cancelled one need not come back.
		enqueue(t, d, q, jobs.Job{Kind: "test.job", Key: "k", RunAt: c.Now().Add(time.Hour)})
		if err := do(q.Retry, id); !fault.Is(err, "jobs.already_waiting") {
			t.Errorf("retry beside a twin: %v", err)
		}
		if err := d.Tx(ctx, func(tx *db.Tx) error { return q.Withdraw(ctx, tx, "test.job", "k") }); err != nil {
			t.Fatal(err)
		}
		if err := do(q.Retry, id); err != nil {
			t.Fatal(err)
		}
		act = func(id string) {
			if err := do(q.Cancel, id); !fault.Is(err, "jobs.running") {
				t.Errorf("cancel of a running job: %v", err)
			}
		}
		if n := drain(t, q); n != 1 || ran != 1 {
			t.Errorf("%d ran after retry", n)
		}
		err := d.Read(ctx, func(tx *db.Tx) error {
			counts, err := q.Counts(ctx, tx)
			if counts[jobs.Done] != 1 || counts[jobs.Queued] != 1 || counts[jobs.Cancelled] != 0 {
				t.Errorf("counts %v", counts)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}, jobs.Migrations)
}

// TestPages walks through a long list by key.
func TestPages(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		q := quiet(d, testkit.Clock(t))
		var all []jobs.Job
		for range 25 {
			all = append(all, jobs.Job{Kind: "test.job"})
		}
		enqueue(t, d, q, all...)
		seen, before := map[string]bool{}, int64(0)
		for {
			rows := list(t, d, q, jobs.Filter{Limit: 10, Before: before})
			if len(rows) == 0 {
				break
			}
			for _, r := range rows {
				seen[r.ID] = true
			}
			before = rows[len(rows)-1].Ticket
		}
		if len(seen) != 25 {
			t.Errorf("saw %d of 25", len(seen))
		}
	}, jobs.Migrations)
}

func TestCleanStop(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		c := testkit.Clock(t)
		q := quiet(d, c)
		q.Workers = 1
		begun, end := make(chan struct{}), make(chan struct{})
		var once sync.Once
		q.Handle("test.slow", func(context.Context, jobs.Work) error {
			once.Do(func() { close(begun) })
			<-end
			return nil
		})
		stop := running(q)
		enqueue(t, d, q, jobs.Job{Kind: "test.slow"}, jobs.Job{Kind: "test.slow"}, jobs.Job{Kind: "test.slow"})
		<-begun
		stopped := make(chan struct{})
		go func() { stop(); close(stopped) }()
		eventually(t, "unbegun jobs go back", func() bool {
			waiting := 0
			for _, r := range list(t, d, q, jobs.Filter{State: jobs.Queued}) {
				if !r.Running && r.Attempt == 0 {
					waiting++
				}
			}
			return waiting == 2
		})
		close(end)
		<-stopped
		if rows := list(t, d, q, jobs.Filter{State: jobs.Done}); len(rows) != 1 {
			t.Errorf("%d done, want the one that was running", len(rows))
		}
	}, jobs.Migrations)
}

func TestNoLeak(t *testing.T) {
	d := testkit.OpenSQLite(t, jobs.Migrations)
	before := goleak.IgnoreCurrent()
	q := quiet(d, clock.System{})
	done := make(chan struct{})
	q.Handle("test.job", func(context.Context, jobs.Work) error { close(done); return nil })
	stop := running(q)
	enqueue(t, d, q, jobs.Job{Kind: "test.job"})
	<-done
	stop()
	goleak.VerifyNone(t, before)
}

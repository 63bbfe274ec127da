package audit_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/testkit"
)

// node is another process on the same database and key, with a clock of its own.
func (b *bench) node(t testing.TB, ahead time.Duration) *bench {
	c := testkit.Clock(t)
	c.Set(b.clock.Now().Add(ahead))
	return &bench{Log: audit.New(b.db, c, b.key), db: b.db, clock: c, key: b.key}
}

// TestLateCommits proves that an entry whose transaction began first and ended
// last gets its place all the same.
func TestLateCommits(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		late := b.node(t, -time.Hour) // its ids are smaller than all of b's
		b.acts(t, 3)
		b.sequence(t)
		before := late.append(t, late.entry("late"))[0]
		if n := b.sequence(t); n != 1 {
			t.Errorf("placed %d, want the late one", n)
		}
		if r := b.mustProve(t, before); r.Index != 3 {
			t.Errorf("the late one stands at %d", r.Index)
		}
		if d.Dialect() == db.Postgres { // on SQLite writes do not overlap
			var slow audit.Leaf
			e := b.entry("slow")
			started, finish := make(chan struct{}), make(chan struct{})
			var once sync.Once
			var wg sync.WaitGroup
			wg.Go(func() {
				if err := d.Tx(t.Context(), func(tx *db.Tx) (err error) {
					slow, err = b.Append(t.Context(), tx, e)
					once.Do(func() { close(started) })
					<-finish
					return err
				}); err != nil {
					t.Error(err)
				}
			})
			<-started
			fast := b.acts(t, 1)[0]
			if n := b.sequence(t); n != 1 {
				t.Errorf("placed %d while one was open", n)
			}
			close(finish)
			wg.Wait()
			b.sequence(t)
			b.mustProve(t, fast)
			b.mustProve(t, slow)
		}
		b.whole(t)
	}, audit.Migrations)
}

// TestRacingNodes lets three nodes, two of which always believe that the lease
// is theirs, sequence as fast as they can while others append.
func TestRacingNodes(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		nodes := []*bench{b, b.node(t, time.Hour), b.node(t, 2*time.Hour)}
		var stop atomic.Bool
		var placed atomic.Int64
		var work, acts sync.WaitGroup
		for _, n := range nodes {
			work.Go(func() {
				for !stop.Load() {
					k, err := n.Sequence(t.Context())
					if err != nil {
						t.Error(err)
						return
					}
					placed.Add(int64(k))
				}
			})
		}
		var mu sync.Mutex
		var leaves []audit.Leaf
		for w := range 4 {
			acts.Go(func() {
				for i := range 25 {
					leaf := nodes[w%3].append(t, b.entry(fmt.Sprint(w, "-", i)))[0]
					mu.Lock()
					leaves = append(leaves, leaf)
					mu.Unlock()
				}
			})
		}
		acts.Wait()
		for deadline := time.Now().Add(20 * time.Second); placed.Load() < 100 && time.Now().Before(deadline) && !t.Failed(); {
			time.Sleep(time.Millisecond)
		}
		stop.Store(true)
		work.Wait()
		if n := placed.Load(); n != 100 {
			t.Errorf("placed %d, want 100", n)
		}
		if r := b.whole(t); r.Size != 100 {
			t.Errorf("size %d", r.Size)
		}
		for _, leaf := range leaves {
			b.mustProve(t, leaf)
		}
	}, audit.Migrations)
}

// TestLease proves that one node works at a time, that a node that went silent
// is replaced, and that a clock put back does not hold the log up.
func TestLease(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		a := newBench(t, d)
		b := a.node(t, 0)
		expect := func(what string, by *bench, want int) {
			t.Helper()
			if n := by.sequence(t); n != want {
				t.Errorf("%s: placed %d, want %d", what, n, want)
			}
		}
		a.acts(t, 1)
		expect("a takes the lease", a, 1)
		a.acts(t, 1)
		b.clock.Set(a.clock.Now())
		expect("b leaves it to a", b, 0)
		expect("a goes on", a, 1)
		a.acts(t, 1)
		b.clock.Set(a.clock.Now().Add(time.Minute))
		expect("a is silent, b takes over", b, 1)
		a.acts(t, 1)
		a.clock.Set(a.clock.Now().Add(-24 * time.Hour))
		expect("the lease ends after any that the clock of a could give", a, 1)
		a.acts(t, 1)
		expect("time runs backwards", a, 1)
		a.whole(t)
	}, audit.Migrations)
}

// TestBrokenRound makes a round fail at each of its steps: nothing of it
// stays, and the next round does the same work.
func TestBrokenRound(t *testing.T) {
	for _, step := range []struct{ table, event string }{
		{"audit_lease", "UPDATE"}, {"audit_entries", "UPDATE"}, {"audit_hashes", "INSERT"}, {"audit_checkpoints", "INSERT"},
	} {
		t.Run(step.table, func(t *testing.T) {
			testkit.EachDB(t, func(t *testing.T, d *db.DB) {
				b := newBench(t, d)
				b.acts(t, 5)
				b.sequence(t)
				was, err := b.Checkpoint(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				b.acts(t, 6)
				if d.Dialect() == db.Postgres {
					b.exec(t, `CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''planted''; END'`)
					b.exec(t, `CREATE TRIGGER planted BEFORE `+step.event+` ON `+step.table+` FOR EACH ROW EXECUTE FUNCTION planted()`)
				} else {
					b.exec(t, `CREATE TRIGGER planted BEFORE `+step.event+` ON `+step.table+` BEGIN SELECT RAISE(ABORT, 'planted'); END`)
				}
				if n, err := b.Sequence(t.Context()); err == nil || n != 0 {
					t.Errorf("placed %d, %v", n, err)
				}
				if now, err := b.Checkpoint(t.Context()); err != nil || now != was {
					t.Errorf("the checkpoint moved: %v\n%s", err, now)
				}
				if r := b.whole(t); r.Size != 5 || r.Waiting != 6 {
					t.Errorf("report %+v", r)
				}
				if d.Dialect() == db.Postgres {
					b.exec(t, `DROP TRIGGER planted ON `+step.table)
				} else {
					b.exec(t, `DROP TRIGGER planted`)
				}
				if n := b.sequence(t); n != 6 {
					t.Errorf("placed %d, want 6", n)
				}
				if err := b.Extends(t.Context(), was); err != nil {
					t.Error(err)
				}
				b.whole(t)
			}, audit.Migrations)
		})
	}
}

// TestOrderWithinAct proves that entries of one transaction, at one moment,
// keep their order in the log.
func TestOrderWithinAct(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		e := b.entry("1")
		var all []audit.Entry
		for i := range 300 {
			e.Details = map[string]any{"i": i}
			all = append(all, e)
		}
		leaves := b.append(t, all...)
		b.sequence(t)
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			for i, leaf := range leaves {
				r, err := b.Entry(t.Context(), tx, leaf.ID)
				if err != nil || r.Position != int64(i) {
					return fmt.Errorf("entry %d at %d: %w", i, r.Position, err)
				}
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
		b.whole(t)
	}, audit.Migrations)
}

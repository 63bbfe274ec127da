package gate

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

const grounds = "Cùng một nguồn, gửi bằng máy trong mười phút"

func (w *world) one(t testing.TB, q string, args ...any) (s string) {
	t.Helper()
	err := w.db.Read(context.Background(), func(tx *db.Tx) (err error) {
		s, err = db.One[string](context.Background(), tx, q, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// held makes a petition that is held back.
func (w *world) held(t testing.TB) string {
	t.Helper()
	a := w.voter("198.51.100.66")
	a.Filled, a.Drawn = true, w.Draw()
	id, v, _ := w.send(t, a)
	if v.Grade != Held {
		t.Fatalf("%+v", v)
	}
	return id
}

// flooded enters n petitions of one address.
func (w *world) flooded(t testing.TB, n int) (p Picked, ids []string) {
	t.Helper()
	for i := range n {
		a := w.voter("192.0.2.44")
		id, err := w.enter(context.Background(), a, w.judge(t, Attempt{Kind: Request, Address: a.Address, CouncilID: "hn", UnitCode: "00004", Text: fmt.Sprint("như nhau ", i%2)}))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
		w.clock.Advance(time.Second)
	}
	now := w.clock.Now()
	mark := w.one(t, `SELECT address_mark FROM petitions_traces WHERE petition_id = $1`, ids[0])
	return Picked{By: ByAddress, Mark: mark, From: now.Add(-time.Hour), Until: now}, ids
}

func (w *world) drawnUp(t testing.TB, n int) string {
	t.Helper()
	p, _ := w.flooded(t, n)
	id, err := w.DrawUp(context.Background(), clerk, p, "flooded", grounds, "")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (w *world) states(t testing.TB, id string) map[ItemState]int64 {
	t.Helper()
	v, err := w.View(context.Background(), clerk, id, "", "")
	if err != nil {
		t.Fatal(err)
	}
	return v.Counts
}

// TestBatch draws a batch up, leaves out what was touched, carries it out and
// brings everything back.
func TestBatch(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p, ids := w.flooded(t, 12)
		w.tx(t, func(tx *db.Tx) error {
			if err := tx.ExecOne(ctx, `UPDATE cases_cases SET state = 'forwarded' WHERE id = $1`, ids[0]); err != nil {
				return err
			}
			for n := range 2 {
				if _, err := tx.Exec(ctx, `INSERT INTO cases_acts (id, case_id, number, verb, at, from_state, to_state, round, person_id, person_name, post_title, body_id, body_name, on_behalf, note, fields, document, papers, late, public, leaf_id)
					VALUES ($1, $2, $3, 'note', 0, '', '', 1, '', '', '', '', '', '', '', '{}', '', '[]', FALSE, FALSE, '')`, fmt.Sprint("act", n), ids[1], n+1); err != nil {
					return err
				}
			}
			return nil
		})
		p.Leave = []string{ids[2]}
		take, leave, err := w.Preview(ctx, clerk, p)
		if err != nil || len(take) != 9 || len(leave) != 3 {
			t.Fatalf("%d and %d, %v", len(take), len(leave), err)
		}
		for id, why := range map[string]string{ids[0]: "gate.excluded_moved", ids[1]: "gate.excluded_touched", ids[2]: "gate.excluded_by_hand"} {
			if i := slices.IndexFunc(leave, func(it Item) bool { return it.ID == id }); i < 0 || leave[i].Why != why {
				t.Errorf("%s is not left out by %s", id, why)
			}
		}
		id, err := w.DrawUp(ctx, clerk, p, "flooded", grounds, "form-1")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.DrawUp(ctx, clerk, p, "flooded", grounds, "form-2"); !fault.Is(err, "gate.nothing_taken") {
			t.Errorf("the same petitions in two batches: %v", err)
		}
		// While the batch waits, somebody takes one up.
		w.tx(t, func(tx *db.Tx) error {
			return tx.ExecOne(ctx, `UPDATE cases_cases SET state = 'classified' WHERE id = $1`, ids[3])
		})
		if err := w.Decide(ctx, head, id); err != nil {
			t.Fatal(err)
		}
		wants(t, w.Cancel(ctx, clerk, id), fault.Forbidden)
		w.drain(t)
		if s := w.states(t, id); s[ItemDone] != 8 || s[ItemKept] != 1 || s[ItemExcluded] != 3 {
			t.Errorf("states %v", s)
		}
		today := clock.Today(w.clock)
		w.counts(t, today, map[string]int64{"flooded": 8})
		if n := w.count(t, `SELECT COUNT(*) FROM petitions_held WHERE state = 'held' AND petition_id IN (SELECT petition_id FROM petitions_invalidated WHERE state = 'done')`); n != 0 {
			t.Errorf("%d are both held and invalidated", n)
		}
		wants(t, w.Undo(ctx, head, id), fault.Conflict)
		if err := w.AskUndo(ctx, head, id, "Nhầm: đây là buổi tiếp xúc cử tri"); err != nil {
			t.Fatal(err)
		}
		wants(t, w.Undo(ctx, head, id), fault.Refused) // who asked does not decide
		if err := w.Undo(ctx, second, id); err != nil {
			t.Fatal(err)
		}
		w.drain(t)
		if s := w.states(t, id); s[ItemRestored] != 8 || s[ItemDone] != 0 {
			t.Errorf("after the undo %v", s)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM cases_cases WHERE state = 'received'`); n != 10 {
			t.Errorf("%d petitions stand", n)
		}
		w.counts(t, today, map[string]int64{})
	})
}

func (w *world) counts(t testing.TB, today clock.Date, want map[string]int64) {
	t.Helper()
	for _, council := range []string{"hn", "", "bd"} {
		var got []Count
		err := w.db.Read(context.Background(), func(tx *db.Tx) (err error) {
			got, err = Counts(context.Background(), tx, council, today, today)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if council == "bd" && len(got) != 0 || council != "bd" && len(got) != len(want) {
			t.Errorf("counts of %q: %v", council, got)
		}
		for _, c := range got {
			if want[c.Reason] != c.N {
				t.Errorf("%s: %d", c.Reason, c.N)
			}
		}
	}
}

// TestFourEyes: nobody decides what they drew up, also not for somebody else.
func TestFourEyes(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p, _ := w.flooded(t, 4)
		id, err := w.DrawUp(ctx, head, p, "flooded", grounds, "")
		if err != nil {
			t.Fatal(err)
		}
		wants(t, w.Decide(ctx, head, id), fault.Refused)
		wants(t, w.Decide(ctx, clerk, id), fault.Forbidden)
		wants(t, w.Decide(ctx, agency, id), fault.Forbidden)
		wants(t, w.Decide(ctx, ward, id), fault.Missing)
		standIn := second
		standIn.Via = []org.Proxy{{PersonID: head.PersonID}}
		wants(t, w.Decide(ctx, standIn, id), fault.Refused)
		// Two heads at once, one of them with a double click: carried out once.
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				if err := w.Decide(ctx, second, id); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		wants(t, w.Drop(ctx, clerk, id), fault.Conflict)
		w.drain(t)
		if n := w.count(t, `SELECT COUNT(*) FROM audit_entries WHERE subject = $1`, id); n != 2 {
			t.Errorf("%d entries in the log, want the drawing up and one decision", n)
		}
		w.clock.Advance(31 * 24 * time.Hour)
		if err := w.AskUndo(ctx, clerk, id, "Xin khôi phục lại toàn bộ"); !fault.Is(err, "gate.undo_late") {
			t.Errorf("after 31 days: %v", err)
		}
	})
}

// TestCancel stops a batch in the middle; what was done can be undone.
func TestCancel(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		id := w.drawnUp(t, 60)
		if err := w.Decide(ctx, head, id); err != nil {
			t.Fatal(err)
		}
		n := 0
		w.refusing = func(string) {
			if n++; n == 25 {
				if err := w.Cancel(ctx, second, id); err != nil {
					t.Error(err)
				}
			}
		}
		w.drain(t)
		if s := w.states(t, id); s[ItemDone] < 25 || s[ItemDone] > 25+chunkRows || s[ItemPicked] != 60-s[ItemDone] {
			t.Errorf("states %v", s)
		}
		if err := w.AskUndo(ctx, clerk, id, "Dừng vì nhầm nhóm kiến nghị"); err != nil {
			t.Fatal(err)
		}
		if err := w.Undo(ctx, head, id); err != nil {
			t.Fatal(err)
		}
		w.drain(t)
		if n := w.count(t, `SELECT COUNT(*) FROM cases_cases WHERE state = 'received'`); n != 60 {
			t.Errorf("%d petitions stand", n)
		}
	})
}

// TestHeld: released once, with the index told; invalidated by a head alone;
// another council's is not found.
func TestHeld(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.easy()
		ctx := context.Background()
		a, b := w.held(t), w.held(t)
		if all, _, err := w.Hold(ctx, clerk, ""); err != nil || len(all) != 2 {
			t.Errorf("%d held, %v", len(all), err)
		}
		wants(t, w.Release(ctx, ward, a), fault.Missing)
		wants(t, w.Release(ctx, agency, a), fault.Forbidden)
		wants(t, w.Release(ctx, clerk, "nothing"), fault.Missing)
		for range 2 {
			if err := w.Release(ctx, clerk, a); err != nil {
				t.Fatal(err)
			}
		}
		if len(w.released) != 1 || w.released[0] != a {
			t.Errorf("released %v", w.released)
		}
		wants(t, w.Invalidate(ctx, head, a, "machine_sent", grounds), fault.Conflict)
		wants(t, w.Invalidate(ctx, clerk, b, "machine_sent", grounds), fault.Forbidden)
		wants(t, w.Invalidate(ctx, ward, b, "machine_sent", grounds), fault.Missing)
		wants(t, w.Invalidate(ctx, head, b, "withdrawn", grounds), fault.Invalid)
		for range 2 {
			if err := w.Invalidate(ctx, head, b, "machine_sent", grounds); err != nil {
				t.Fatal(err)
			}
		}
		if n := w.count(t, `SELECT COUNT(*) FROM petitions_invalidations`); n != 1 {
			t.Errorf("%d batches of one", n)
		}
		wants(t, w.Release(ctx, clerk, b), fault.Conflict)
		err := w.db.Read(ctx, func(tx *db.Tx) error {
			v, ok, err := InvalidationOf(ctx, tx, b)
			if !ok || v.Reason != "machine_sent" {
				t.Errorf("%+v %v", v, ok)
			}
			held, herr := HeldAmong(ctx, tx, []string{a, b})
			if len(held) != 0 {
				t.Errorf("held %v", held)
			}
			if herr != nil {
				return herr
			}
			_, ok, nerr := InvalidationOf(ctx, tx, a)
			if ok {
				t.Error("a released petition has a reason")
			}
			if nerr != nil {
				return nerr
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		id := w.one(t, `SELECT id FROM petitions_invalidations`)
		if err := w.AskUndo(ctx, head, id, "Cử tri đã giải thích rõ"); err != nil {
			t.Fatal(err)
		}
		if err := w.Undo(ctx, second, id); err != nil {
			t.Fatal(err)
		}
		w.drain(t)
		if len(w.released) != 2 {
			t.Errorf("the index was not told: %v", w.released)
		}
	})
}

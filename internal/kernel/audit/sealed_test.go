package audit_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/testkit"
)

// sealed appends n sealed entries.
func (b *bench) sealed(t testing.TB, n int) (leaves []audit.Leaf) {
	t.Helper()
	for i := range n {
		e := b.entry(fmt.Sprint("tc-", i))
		e.Sealed, e.Verb = true, "denunciations.receive"
		leaves = append(leaves, b.append(t, e)...)
	}
	return leaves
}

func (b *bench) anchor(t testing.TB) {
	t.Helper()
	if err := b.Anchor(t.Context(), b.clock.Now()); err != nil {
		t.Fatal(err)
	}
	b.sequence(t)
}

// TestChain plants faults in the chain of sealed entries. Six stand in it, an
// anchor was laid after four and after six; the one in question is number 3.
func TestChain(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.anchor(t) // of an empty chain
		b.acts(t, 2)
		leaves := b.sealed(t, 4)
		b.sequence(t)
		b.anchor(t)
		leaves = append(leaves, b.sealed(t, 2)...)
		b.sequence(t)
		b.anchor(t)
		if r := b.whole(t); r.Sealed != 6 || r.Size != 5 || r.Waiting != 0 {
			t.Fatalf("%+v", r)
		}
		b.exec(t, `CREATE TABLE safe_entries AS SELECT `+allColumns+` FROM audit_entries`)
		b.exec(t, `CREATE TABLE safe_hashes AS SELECT idx, hash FROM audit_hashes`)
		b.exec(t, `CREATE TABLE safe_checkpoints AS SELECT size, root, text, at, mac FROM audit_checkpoints`)
		for _, p := range []planted{
			column("details", `'{}'`).gives("content_altered audit_entries ROW"),
			column("verb", `'denunciations.close'`).gives("entry_altered audit_entries ROW verb"),
			column("chain", `BYTES(00)`).gives("link_altered audit_entries ROW", "link_altered audit_entries 3 chain", "link_altered"),
			{name: "taken out", do: []string{`DELETE FROM audit_entries WHERE id = $1`}, want: []string{"link_missing audit_entries 3…3 link"}},
			{name: "taken out and the rest moved up", do: []string{`DELETE FROM audit_entries WHERE id = $1`, `UPDATE audit_entries SET link = link - 1 WHERE link = 4`, `UPDATE audit_entries SET link = link - 1 WHERE link = 5`},
				want: []string{"link_altered", "link_altered", "link_altered audit_entries 3 chain", "link_missing audit_entries 5…5 link"}},
			{name: "end cut off", do: []string{`DELETE FROM audit_entries WHERE link >= 4`}, want: []string{"link_missing audit_entries 4…5 link"}},
			{name: "all gone", do: []string{`DELETE FROM audit_entries WHERE link >= 0`}, want: []string{"link_missing audit_entries 0…"}},
			{name: "two change places", do: []string{`UPDATE audit_entries SET link = 99 WHERE id = $1`, `UPDATE audit_entries SET link = 3 WHERE link = 2`, `UPDATE audit_entries SET link = 2 WHERE link = 99`},
				want: []string{"link_altered", "link_altered", "link_altered", "link_altered"}},
		} {
			t.Run(p.name, func(t *testing.T) {
				for _, q := range p.do {
					var args []any
					if strings.Contains(q, "$1") {
						args = append(args, leaves[3].ID)
					}
					b.exec(t, bytesIn(d, q), args...)
				}
				var got []string
				for _, f := range b.verify(t).Findings {
					got = append(got, fmt.Sprintf("%s %s %s %s", f.Kind, f.Table, f.Row, f.Field))
				}
				for _, w := range p.want {
					w = strings.ReplaceAll(w, "ROW", leaves[3].ID)
					if !slices.ContainsFunc(got, func(g string) bool { return strings.HasPrefix(g, w) }) {
						t.Errorf("want %q in %q", w, got)
					}
				}
				if len(got) != len(p.want) {
					t.Errorf("%d findings, want %d: %q", len(got), len(p.want), got)
				}
				b.restore(t)
			})
		}
		b.whole(t)
	}, audit.Migrations)
}

// The public sees one leaf a day of all that is sealed, whatever happened: the
// same number of leaves, of the same length, with nothing or much sealed.
func TestSealedLeavesNoTrace(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		var lengths []int
		for _, n := range []int{0, 7, 0, 1} {
			b.sealed(t, n)
			b.sequence(t)
			b.clock.Advance(24 * time.Hour)
			b.anchor(t)
			public, err := b.Leaves(t.Context(), 0, 100)
			if err != nil {
				t.Fatal(err)
			}
			lengths = append(lengths, len(public[len(public)-1].Leaf.JSON))
			if len(public) != len(lengths) {
				t.Errorf("%d leaves after %d days", len(public), len(lengths))
			}
			for _, p := range public {
				if strings.Contains(p.Leaf.JSON, "denunciations") || strings.Contains(p.Leaf.JSON, "tc-") {
					t.Errorf("a public leaf tells: %s", p.Leaf.JSON)
				}
			}
		}
		if slices.Min(lengths) != slices.Max(lengths) {
			t.Errorf("lengths tell: %v", lengths)
		}
		b.whole(t)
	}, audit.Migrations)
}

// Several nodes link at once: the chain has each entry once and no fork.
func TestRacingLinks(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		nodes := []*bench{b, b.node(t, time.Hour), b.node(t, 2*time.Hour)}
		var work sync.WaitGroup
		for _, n := range nodes {
			work.Go(func() {
				for range 20 {
					e := n.entry("tc")
					e.Sealed = true
					n.append(t, e)
					if _, err := n.Sequence(t.Context()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		work.Wait()
		for range 5 {
			b.sequence(t)
		}
		if r := b.whole(t); r.Sealed != 60 || r.Size != 0 {
			t.Errorf("%d linked, %d in the tree", r.Sealed, r.Size)
		}
	}, audit.Migrations)
}

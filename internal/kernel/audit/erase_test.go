package audit_test

import (
	"slices"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/testkit"
)

func (b *bench) erase(t *testing.T, subject string) (audit.Leaf, error) {
	t.Helper()
	b.clock.Advance(1)
	at := b.clock.Now()
	var leaf audit.Leaf
	err := b.db.Tx(t.Context(), func(tx *db.Tx) (err error) {
		leaf, err = b.Erase(t.Context(), tx, audit.Erasure{Who: clerk, Subject: subject, Reason: "Đơn số 12", At: at})
		return err
	})
	return leaf, err
}

// TestErase proves that a person's text goes, that every proof given out still
// holds, and that the log still verifies and says what was erased.
func TestErase(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		leaves := b.append(t, b.entry("a"), b.entry("b"), b.entry("a"))
		b.sequence(t)
		leaves = append(leaves, b.append(t, b.entry("a"))...) // still waiting when it is erased
		if _, err := b.erase(t, "a"); err != nil {
			t.Fatal(err)
		}
		if r := b.whole(t); r.Erased != 3 || r.Waiting != 2 {
			t.Errorf("report %+v", r)
		}
		b.sequence(t)
		b.whole(t)
		for _, leaf := range leaves {
			b.mustProve(t, leaf)
		}
		_, err := b.Opening(t.Context(), leaves[0].ID)
		refuses(t, "audit.erased", err)
		if _, err := b.Opening(t.Context(), leaves[1].ID); err != nil {
			t.Errorf("another subject was erased too: %v", err)
		}
		_, err = b.erase(t, "a")
		refuses(t, "audit.nothing_to_erase", err)
		_, err = b.erase(t, "nobody")
		refuses(t, "audit.nothing_to_erase", err)
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			all, _, err := b.Entries(t.Context(), tx, audit.Filter{Subject: "a"}, audit.Page{})
			if len(all) != 4 || all[0].Verb != audit.EraseVerb || all[0].Details["reason"] != "Đơn số 12" || all[0].Ref != "KN-2026-a" ||
				!all[1].Erased || all[1].Details != nil || all[1].Address != "" || all[1].Who.Name != "Nguyễn Thị Lan" {
				t.Errorf("entries %+v", all)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		// New acts on the case go on, and can be erased in their turn.
		b.append(t, b.entry("a"))
		if _, err := b.erase(t, "a"); err != nil {
			t.Fatal(err)
		}
		b.sequence(t)
		if r := b.whole(t); r.Erased != 4 {
			t.Errorf("report %+v", r)
		}
	}, audit.Migrations)
}

// TestErasedIsGuarded proves that what an erasure leaves can be changed as
// little as the rest, nor can the record of the erasure.
func TestErasedIsGuarded(t *testing.T) {
	for _, p := range []planted{
		{name: "person", do: []string{`UPDATE audit_entries SET person_id = 'x' WHERE id = $1`}, want: []string{"content_altered"}},
		{name: "actor", do: []string{`UPDATE audit_entries SET actor = '{}' WHERE id = $1`}, want: []string{"content_altered"}},
		{name: "verb", do: []string{`UPDATE audit_entries SET verb = 'petitions.close' WHERE id = $1`}, want: []string{"entry_altered"}},
		{name: "leaf", do: []string{`UPDATE audit_entries SET leaf = leaf || ' ' WHERE id = $1`}, want: []string{"entry_altered"}},
		{name: "text written in", do: []string{`UPDATE audit_entries SET details = '{}' WHERE id = $1`}, want: []string{"content_altered"}},
		{name: "record deleted", do: []string{`DELETE FROM audit_erasures WHERE entry_id = $1`}, want: []string{"erased_unasked", "erasure_altered"}},
		{name: "records deleted", do: []string{`DELETE FROM audit_erasures WHERE entry_id <> $1`, `DELETE FROM audit_erasures WHERE entry_id = $1`},
			want: []string{"erased_unasked", "erased_unasked"}},
		{name: "reason", do: []string{`UPDATE audit_erasures SET reason = 'x'`}, want: []string{"erasure_altered"}},
		{name: "one reason", do: []string{`UPDATE audit_erasures SET reason = 'x' WHERE entry_id = $1`}, want: []string{"erasure_altered"}},
		{name: "kept", do: []string{`UPDATE audit_erasures SET kept = BYTES(00) WHERE entry_id = $1`}, want: []string{"content_altered", "erasure_altered"}},
		{name: "act named wrongly", do: []string{`UPDATE audit_erasures SET erasure_id = $1 WHERE subject <> $1`}, want: []string{"erasure_altered"}},
		{name: "act unknown", do: []string{`UPDATE audit_erasures SET erasure_id = 'x'`}, want: []string{"erasure_altered"}},
		{name: "one more blanked under an old act", do: []string{
			`INSERT INTO audit_erasures (entry_id, erasure_id, subject, at, reason, kept) SELECT e.id, a.erasure_id, a.subject, a.at, a.reason, a.kept FROM audit_entries e, audit_erasures a WHERE e.subject = 'b' AND a.entry_id = $1`,
			`UPDATE audit_entries SET salt = BYTES(), details = '', address = '' WHERE subject = 'b'`},
			want: []string{"content_altered", "erasure_altered"}},
	} {
		t.Run(p.name, func(t *testing.T) {
			testkit.EachDB(t, func(t *testing.T, d *db.DB) {
				b := newBench(t, d)
				leaves := b.append(t, b.entry("a"), b.entry("a"), b.entry("b"))
				if _, err := b.erase(t, "a"); err != nil {
					t.Fatal(err)
				}
				b.sequence(t)
				for _, q := range p.do {
					var args []any
					if strings.Contains(q, "$1") {
						args = append(args, leaves[0].ID)
					}
					b.exec(t, bytesIn(d, q), args...)
				}
				var got []string
				for _, f := range b.verify(t).Findings {
					if !slices.Contains(got, string(f.Kind)) || f.Kind == audit.ErasedUnasked {
						got = append(got, string(f.Kind))
					}
				}
				if !slices.Equal(got, p.want) {
					t.Errorf("findings %q, want %q", got, p.want)
				}
			}, audit.Migrations)
		})
	}
}

// TestErasureNeedsReason refuses an erasure that nobody asked for in writing.
func TestErasureNeedsReason(t *testing.T) {
	b := newBench(t, testkit.OpenSQLite(t, audit.Migrations))
	b.append(t, b.entry("a"))
	refuses(t, "audit.no_reason", b.db.Tx(t.Context(), func(tx *db.Tx) error {
		_, err := b.Erase(t.Context(), tx, audit.Erasure{Subject: "a", At: b.clock.Now()})
		return err
	}))
}

package audit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/testkit"
)

// planted is one act of tampering and what Verify must say of it: each finding
// as "kind table row field", where ROW stands for the row that was touched.
type planted struct {
	name string
	do   []string // statements; $1 is the id of entry 3
	want []string
}

const hidden = "id, council_id, subject, person_id, post_id, body_id, actor, address, details, sealed, salt"

func column(name, value string) planted {
	return planted{name: name, do: []string{`UPDATE audit_entries SET ` + name + ` = ` + value + ` WHERE id = $1`}}
}

func (p planted) gives(want ...string) planted { p.want = want; return p }

// tampering lists the planted faults. Twelve entries lie under three
// checkpoints of sizes 4, 8 and 12; the entry in question stands at place 3.
func tampering() []planted {
	leaf := `'{"at":"2026-11-16T08:00:04.000000+07:00","commit":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","event":"petitions.receive","papers":[],"ref":"x","v":1}'`
	zeros := func(n int) string { return "BYTES(" + strings.Repeat("00", n) + ")" }
	concealed := []string{"content_altered audit_entries ROW " + hidden}
	altered := func(field string) []string { return []string{"entry_altered audit_entries ROW " + field} }
	return []planted{
		column("council_id", `'hue'`).gives(concealed...),
		column("subject", `'4'`).gives(concealed...),
		column("ref", `'KN-2026-9'`).gives(altered("ref")...),
		column("verb", `'petitions.close'`).gives(altered("verb")...),
		column("at", `at + 1`).gives(altered("at")...),
		column("person_id", `'p-ba'`).gives(concealed...),
		column("post_id", `'post-9'`).gives(concealed...),
		column("body_id", `'body-9'`).gives(concealed...),
		column("actor", `'{"name":"Lê Văn Ba"}'`).gives(concealed...),
		column("actor", `'not JSON'`).gives(concealed...),
		column("address", `'10.0.0.8'`).gives(concealed...),
		column("papers", `'[]'`).gives(altered("papers")...),
		column("details", `'{"n":3,"state":"closed","text":"x"}'`).gives(concealed...),
		column("details", `' ' || details`).gives(concealed...),
		column("sealed", `NOT sealed`).gives(concealed...),
		column("salt", zeros(16)).gives(concealed...),
		column("leaf", leaf).gives(altered("leaf")...),
		column("leaf", `' ' || leaf`).gives(altered("leaf")...),
		column("hash", zeros(32)).gives(altered("hash")...),
		column("hash", zeros(5)).gives(altered("hash")...),
		column("mac", zeros(32)).gives("entry_forged audit_entries ROW mac"),
		column("id", `'00000000000000000000000000'`).gives("content_altered audit_entries 00000000000000000000000000 " + hidden),
		column("position", `-1`).gives("entry_missing audit_entries 3 "),
		column("position", `12`).gives("entry_beyond audit_entries ROW position", "entry_missing audit_entries 3 "),
		{name: "salt and text blanked", do: []string{`UPDATE audit_entries SET salt = ` + zeros(0) + `, details = '', address = '' WHERE id = $1`},
			want: []string{"erased_unasked audit_entries ROW salt"}},
		{name: "deleted", do: []string{`DELETE FROM audit_entries WHERE id = $1`}, want: []string{"entry_missing audit_entries 3 "}},
		{name: "deleted with its hash", do: []string{`DELETE FROM audit_entries WHERE id = $1`, `DELETE FROM audit_hashes WHERE idx = 4`},
			want: []string{"entry_missing audit_entries 3 ", "hash_missing audit_hashes 4 "}},
		{name: "put in", do: []string{strings.NewReplacer("$NEW", "'zz'").Replace(copyRow), `UPDATE audit_entries SET position = 12 WHERE id = 'zz'`},
			want: []string{"entry_beyond audit_entries zz position"}},
		{name: "put in to be sequenced", do: []string{strings.NewReplacer("$NEW", "'zz'").Replace(copyRow)},
			want: []string{"content_altered audit_entries zz " + hidden}},
		{name: "two change places", do: []string{
			`UPDATE audit_entries SET position = -7 WHERE id = $1`, `UPDATE audit_entries SET position = 3 WHERE position = 6`, `UPDATE audit_entries SET position = 6 WHERE position = -7`},
			want: []string{"entry_moved audit_entries ROW position", "entry_moved audit_entries 3<-6 position"}},
		{name: "leaf hash edited", do: []string{`UPDATE audit_hashes SET hash = ` + zeros(32) + ` WHERE idx = 4`}, want: []string{"hash_altered audit_hashes 4 "}},
		{name: "inner hash edited", do: []string{`UPDATE audit_hashes SET hash = ` + zeros(32) + ` WHERE idx = 6`}, want: []string{"hash_altered audit_hashes 6 "}},
		{name: "hash cut short", do: []string{`UPDATE audit_hashes SET hash = ` + zeros(3) + ` WHERE idx = 4`}, want: []string{"hash_altered audit_hashes 4 "}},
		{name: "hash deleted", do: []string{`DELETE FROM audit_hashes WHERE idx = 6`}, want: []string{"hash_missing audit_hashes 6 "}},
		{name: "hash put in", do: []string{`INSERT INTO audit_hashes (idx, hash) VALUES (999, ` + zeros(32) + `)`}, want: []string{"hash_beyond audit_hashes 22 "}},
		{name: "checkpoint root", do: []string{`UPDATE audit_checkpoints SET root = ` + zeros(32) + ` WHERE size = 8`}, want: []string{"checkpoint_altered audit_checkpoints 8 root"}},
		{name: "checkpoint size", do: []string{`UPDATE audit_checkpoints SET size = 7 WHERE size = 8`}, want: []string{"checkpoint_altered audit_checkpoints 7 size"}},
		{name: "checkpoint text", do: []string{`UPDATE audit_checkpoints SET text = replace(text, '8', '9') WHERE size = 8`}, want: []string{"checkpoint_altered audit_checkpoints 8 text"}},
		{name: "checkpoint time", do: []string{`UPDATE audit_checkpoints SET at = at - 1000000 WHERE size = 8`}, want: []string{"checkpoint_altered audit_checkpoints 8 at, mac"}},
		{name: "newest checkpoint's size far off", do: []string{`UPDATE audit_checkpoints SET size = 900000000000 WHERE size = 12`},
			want: []string{"checkpoint_altered audit_checkpoints 900000000000 size"}},
		{name: "newest checkpoint deleted", do: []string{`DELETE FROM audit_checkpoints WHERE size = 12`},
			want: []string{"entry_beyond", "hash_beyond audit_hashes 15 "}},
		{name: "all checkpoints deleted", do: []string{`DELETE FROM audit_checkpoints`}, want: []string{"entry_beyond", "hash_beyond audit_hashes 0 "}},
	}
}

const copyRow = `INSERT INTO audit_entries (id, council_id, subject, ref, verb, at, person_id, post_id, body_id, actor, address, papers, details, sealed, salt, leaf, hash, mac, position, link, chain)
	SELECT $NEW, council_id, subject, ref, verb, at, person_id, post_id, body_id, actor, address, papers, details, sealed, salt, leaf, hash, mac, -1, -1, chain FROM audit_entries WHERE id = $1`

// bytesIn writes BYTES(hex) as the database at hand wants it.
func bytesIn(d *db.DB, q string) string {
	for {
		before, rest, ok := strings.Cut(q, "BYTES(")
		if !ok {
			return q
		}
		hex, after, _ := strings.Cut(rest, ")")
		if d.Dialect() == db.Postgres {
			q = before + `'\x` + hex + `'::bytea` + after
		} else {
			q = before + "x'" + hex + "'" + after
		}
	}
}

func TestTampering(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		var leaves []audit.Leaf
		for range 3 {
			leaves = append(leaves, b.acts(t, 4)...)
			b.sequence(t)
		}
		b.whole(t)
		b.exec(t, `CREATE TABLE safe_entries AS SELECT `+allColumns+` FROM audit_entries`)
		b.exec(t, `CREATE TABLE safe_hashes AS SELECT idx, hash FROM audit_hashes`)
		b.exec(t, `CREATE TABLE safe_checkpoints AS SELECT size, root, text, at, mac FROM audit_checkpoints`)
		for _, p := range tampering() {
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
				for i, w := range p.want {
					w = strings.ReplaceAll(strings.ReplaceAll(w, "ROW", leaves[3].ID), "3<-6", leaves[6].ID)
					if !slices.ContainsFunc(got, func(g string) bool { return strings.HasPrefix(g, w) }) {
						t.Errorf("want %d %q in %q", i, w, got)
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

const allColumns = `id, council_id, subject, ref, verb, at, person_id, post_id, body_id, actor, address, papers, details, sealed, salt, leaf, hash, mac, position, link, chain`

func (b *bench) restore(t *testing.T) {
	t.Helper()
	for table, columns := range map[string]string{"entries": allColumns, "hashes": "idx, hash", "checkpoints": "size, root, text, at, mac"} {
		b.exec(t, `DELETE FROM audit_`+table)
		b.exec(t, `INSERT INTO audit_`+table+` (`+columns+`) SELECT `+columns+` FROM safe_`+table)
	}
}

// TestForgedEntry plants an entry that is right in every way but for the key
// that its forger does not have: it gets into the tree, and Verify names it.
func TestForgedEntry(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		b, forger := newBench(t, d), newBench(t, d)
		b.acts(t, 3)
		forger.clock.Advance(time.Hour)
		forged := forger.append(t, forger.entry("9"))[0]
		b.sequence(t)
		r := b.verify(t)
		if len(r.Findings) != 1 || r.Findings[0].Kind != audit.EntryForged || r.Findings[0].Row != forged.ID {
			t.Errorf("findings %+v", r.Findings)
		}
	}, audit.Migrations)
}

// TestNeverSignsOverAlteredTree proves that the sequencer stops rather than
// sign a tree that somebody changed, or one of another key.
func TestNeverSignsOverAlteredTree(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		b, other := newBench(t, d), newBench(t, d)
		b.acts(t, 4)
		b.sequence(t)
		b.acts(t, 1)
		stands := func(name string, by *bench, wantStop bool) {
			t.Helper()
			n, err := by.Sequence(t.Context())
			if stopped := err != nil && n == 0; stopped != wantStop {
				t.Errorf("%s: placed %d, %v", name, n, err)
			}
		}
		b.exec(t, `CREATE TABLE safe_hashes AS SELECT idx, hash FROM audit_hashes`)
		b.exec(t, bytesIn(d, `UPDATE audit_hashes SET hash = BYTES(`+strings.Repeat("00", 32)+`) WHERE idx = 6`))
		stands("edited hash", b, true)
		b.exec(t, `DELETE FROM audit_hashes WHERE idx = 6`)
		stands("missing hash", b, true)
		b.exec(t, `INSERT INTO audit_hashes (idx, hash) SELECT idx, hash FROM safe_hashes WHERE idx = 6`)
		b.exec(t, `UPDATE audit_entries SET position = 4 WHERE position = 0`)
		stands("planted place", b, true)
		b.exec(t, `UPDATE audit_entries SET position = 0 WHERE position = 4`)
		other.clock.Advance(time.Hour)
		stands("other key", other, true)
		stands("mended", b, false)
		b.whole(t)
	}, audit.Migrations)
}

// TestCutOffEnd proves that whoever kept a checkpoint finds a log that was put
// back to an earlier state, though it looks whole from inside.
func TestCutOffEnd(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.acts(t, 4)
		b.sequence(t)
		early, err := b.Checkpoint(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		b.acts(t, 4)
		b.sequence(t)
		late, err := b.Checkpoint(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Extends(t.Context(), early); err != nil {
			t.Error(err)
		}
		b.exec(t, `DELETE FROM audit_entries WHERE position >= 4`)
		b.exec(t, `DELETE FROM audit_hashes WHERE idx >= 7`)
		b.exec(t, `DELETE FROM audit_checkpoints WHERE size > 4`)
		b.whole(t)
		refuses(t, "audit.cut_off", b.Extends(t.Context(), late))
		b.acts(t, 6)
		b.sequence(t)
		b.whole(t)
		refuses(t, "audit.other_history", b.Extends(t.Context(), late))
		if err := b.Extends(t.Context(), early); err != nil {
			t.Error(err)
		}
		refuses(t, "audit.not_our_checkpoint", b.Extends(t.Context(), newBench(t, d).Promise(audit.Leaf{})))
	}, audit.Migrations)
}

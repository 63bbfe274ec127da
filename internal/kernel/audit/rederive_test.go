package audit_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/fstest"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/testkit"
)

const casesSchema = `-- +goose Up
CREATE TABLE cases (id TEXT PRIMARY KEY, state TEXT NOT NULL, n BIGINT NOT NULL);
`

var cases = db.Migrations{Name: "cases", Files: fstest.MapFS{
	"migrations/sqlite/00001_cases.sql":   {Data: []byte(casesSchema)},
	"migrations/postgres/00001_cases.sql": {Data: []byte(casesSchema)},
}}

type caseRow struct {
	ID    string `db:"id"`
	State string `db:"state"`
	N     int64  `db:"n"`
}

var casesSource = audit.Rederive{
	Name: "cases",
	Each: func(ctx context.Context, tx *db.Tx, after string, n int) ([]audit.Check, error) {
		rows, err := db.All[caseRow](ctx, tx, `SELECT id, state, n FROM cases WHERE id > $1 ORDER BY id LIMIT $2`, after, min(n, 3))
		var out []audit.Check
		for _, r := range rows {
			out = append(out, audit.Check{Key: r.ID, Subject: r.ID, Facts: map[string]any{"state": r.State, "n": r.N}})
		}
		return out, err
	},
	Opens: "petitions.receive",
	Known: func(ctx context.Context, tx *db.Tx, ids []string) ([]string, error) {
		return db.All[string](ctx, tx, `SELECT id FROM cases WHERE id `+tx.In("$1"), db.List(ids))
	},
}

// TestTablesAgainstLog proves that a row of a module that was changed, put in
// or taken out beside its verbs is found and named.
func TestTablesAgainstLog(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		for i := range 8 {
			id := fmt.Sprint("c", i)
			b.exec(t, `INSERT INTO cases (id, state, n) VALUES ($1, 'forwarded', 9007199254740993)`, id)
			e := b.entry(id)
			e.Details["n"] = int64(9007199254740993)
			later := b.entry(id)
			later.Verb, later.Details = "petitions.forward", map[string]any{"state": "forwarded"}
			b.append(t, e, later)
			if i == 4 {
				b.sequence(t)
			}
		}
		if r := b.verify(t, casesSource); !r.OK() || r.Rows["cases"] != 8 {
			t.Fatalf("report %+v", r)
		}
		for _, c := range []struct{ do, undo, want string }{
			{`UPDATE cases SET state = 'closed' WHERE id = 'c2'`, `UPDATE cases SET state = 'forwarded'`, `row_differs cases c2 state "forwarded" "closed"`},
			{`UPDATE cases SET n = n + 1 WHERE id = 'c7'`, `UPDATE cases SET n = 9007199254740993`, `row_differs cases c7 n 9007199254740993 9007199254740994`},
			{`INSERT INTO cases (id, state, n) VALUES ('d', 'x', 1)`, `DELETE FROM cases WHERE id = 'd'`, `row_unrecorded cases d   `},
			{`DELETE FROM cases WHERE id = 'c3'`, `INSERT INTO cases (id, state, n) VALUES ('c3', 'forwarded', 9007199254740993)`, `row_missing cases c3   `},
			{`DELETE FROM cases WHERE id = 'c6'`, `INSERT INTO cases (id, state, n) VALUES ('c6', 'forwarded', 9007199254740993)`, `row_missing cases c6   `},
		} {
			b.exec(t, c.do)
			var got []string
			for _, f := range b.verify(t, casesSource).Findings {
				got = append(got, fmt.Sprint(f.Kind, " ", f.Table, " ", f.Row, " ", f.Field, " ", f.Want, " ", f.Have))
			}
			if !slices.Equal(got, []string{c.want}) {
				t.Errorf("%s: %q, want %q", c.do, got, c.want)
			}
			b.exec(t, c.undo)
		}
		if _, err := b.erase(t, "c1"); err != nil {
			t.Fatal(err)
		}
		b.exec(t, `UPDATE cases SET state = '' WHERE id = 'c1'`)
		if r := b.verify(t, casesSource); !r.OK() {
			t.Errorf("after an erasure: %+v", r.Findings)
		}
	}, audit.Migrations, cases)
}

// TestSourceThatStands stops a source that gives the same page for ever.
func TestSourceThatStands(t *testing.T) {
	b := newBench(t, testkit.OpenSQLite(t, audit.Migrations))
	_, err := b.Verify(t.Context(), audit.Rederive{Name: "x", Each: func(context.Context, *db.Tx, string, int) ([]audit.Check, error) {
		return []audit.Check{{Key: "same", Subject: "s"}}, nil
	}})
	if err == nil {
		t.Error("went on for ever")
	}
}

package db_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/fstest"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/testkit"
)

const family = `-- +goose Up
CREATE TABLE parents (id TEXT PRIMARY KEY, tags TEXT NOT NULL);
CREATE TABLE children (id TEXT PRIMARY KEY, parent TEXT NOT NULL REFERENCES parents (id), number BIGINT NOT NULL, flag BOOLEAN NOT NULL);
`

var families = db.Migrations{Name: "families", Files: fstest.MapFS{
	"migrations/sqlite/00001_families.sql":   {Data: []byte(family)},
	"migrations/postgres/00001_families.sql": {Data: []byte(family)},
}}

func people(t *testing.T, d *db.DB) (parents, children []string) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		if parents, err = db.All[string](t.Context(), tx, `SELECT id || tags FROM parents ORDER BY id`); err == nil {
			children, err = db.All[string](t.Context(), tx, `SELECT id || parent || CAST(number AS TEXT) FROM children ORDER BY number`)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return parents, children
}

// TestGather: rows that refer to each other are written whatever their number,
// as they were when they were handed over, and are there for whoever reads.
func TestGather(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx, all := t.Context(), 0
		for _, n := range []int{0, 1, 7, 8, 9, 33, 64, 107} {
			err := d.Tx(ctx, func(tx *db.Tx) error {
				return tx.Gather(ctx, func() error {
					for i := range n {
						id, tags := fmt.Sprintf("%03d.%03d", n, i), []string{"đất"}
						if err := tx.Insert(ctx, `parents`, `id, tags`, id, db.JSON[[]string]{V: tags}); err != nil {
							return err
						}
						tags[0] = "later"
						if err := tx.Insert(ctx, `children`, `id, parent, number, flag`, id, id, n*1000+i, true); err != nil {
							return err
						}
						if i != n/2 {
							continue
						}
						if seen, err := db.One[int](ctx, tx, `SELECT count(*) FROM children WHERE flag`); err != nil || seen != all+i+1 {
							return fmt.Errorf("%d rows are seen after %d: %w", seen, all+i+1, err)
						}
					}
					return nil
				})
			})
			if err != nil {
				t.Fatal(err)
			}
			all += n
		}
		parents, children := people(t, d)
		if len(parents) != all || len(children) != all || parents[0] != `001.000["đất"]` || children[0] != "001.000001.0001000" {
			t.Errorf("%d parents, %d children of %d: %.3q %.3q", len(parents), len(children), all, parents, children)
		}
	}, families)
}

var errMind = errors.New("changed its mind")

// TestGatherFails: a row that is refused fails all, also when the statement that
// wrote it was another's and its failure was not heeded; and after a failure of
// the function itself nothing is written.
func TestGatherFails(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		add := func(tx *db.Tx, id string) error { return tx.Insert(ctx, `parents`, `id, tags`, id, "") }
		for name, fn := range map[string]func(tx *db.Tx) error{
			"twice": func(tx *db.Tx) error { return errors.Join(add(tx, "a"), add(tx, "b"), add(tx, "a")) },
			"unheeded": func(tx *db.Tx) error {
				if err := errors.Join(add(tx, "a"), add(tx, "a")); err != nil {
					return err
				}
				if _, err := db.One[int](ctx, tx, `SELECT count(*) FROM parents`); err == nil {
					return errors.New("a refused row was not told of")
				}
				return nil
			},
			"no parent": func(tx *db.Tx) error {
				return tx.Insert(ctx, `children`, `id, parent, number, flag`, "c", "nobody", 1, false)
			},
		} {
			if err := d.Tx(ctx, func(tx *db.Tx) error { return tx.Gather(ctx, func() error { return fn(tx) }) }); err == nil {
				t.Errorf("%s: kept", name)
			}
		}
		err := d.Tx(ctx, func(tx *db.Tx) error {
			err := tx.Gather(ctx, func() error { return errors.Join(add(tx, "a"), errMind) })
			if !errors.Is(err, errMind) {
				return fmt.Errorf("%w instead of its own failure", err)
			}
			return add(tx, "z") // the rows above are forgotten, this one is written at once
		})
		if err != nil {
			t.Fatal(err)
		}
		if parents, children := people(t, d); !slices.Equal(parents, []string{"z"}) || len(children) != 0 {
			t.Errorf("%q %q", parents, children)
		}
	}, families)
}

// TestInsertNew: what is there already stays as it is, and only what is new is named.
func TestInsertNew(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		var written [2][]string
		err := d.Tx(ctx, func(tx *db.Tx) (err error) {
			for i, rows := range [][][]any{{{"a", "1"}, {"b", "1"}}, {{"b", "2"}, {"c", "2"}, {"c", "3"}}} {
				if written[i], err = tx.InsertNew(ctx, `parents`, `id, tags`, `id`, rows); err != nil {
					return err
				}
			}
			return errors.Join(tx.InsertAbsent(ctx, `parents`, `id, tags`, "a", "4"), tx.InsertAbsent(ctx, `parents`, `id, tags`, "d", "4"), tx.InsertAll(ctx, `parents`, `id, tags`, nil))
		})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(written[0], []string{"a", "b"}) || !slices.Equal(written[1], []string{"c"}) {
			t.Errorf("%q were new", written)
		}
		if parents, _ := people(t, d); !slices.Equal(parents, []string{"a1", "b1", "c2", "d4"}) {
			t.Errorf("%q", parents)
		}
	}, families)
}

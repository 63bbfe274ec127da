package gate

import (
	"context"
	"slices"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/testkit"
)

// The statistics ask of every petition they count whether it is held, and what
// was let go since: both by an index.
func TestHeldIsAskedByIndex(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		var at db.Time
		err := d.Read(ctx, func(tx *db.Tx) error {
			if d.Dialect() == db.Postgres {
				if _, err := tx.Exec(ctx, `SET LOCAL enable_seqscan = off`); err != nil {
					return err
				}
			}
			for index, q := range map[string]struct {
				text string
				args []any
			}{"petitions_held_let": {letQuery, []any{at, "", 10}}, "petitions_held_pkey|autoindex_petitions_held|petitions_held_waiting": {heldQuery(tx), []any{db.List([]string{"a", "b"})}}} {
				steps, err := explain(ctx, tx, q.text, q.args...)
				if err != nil {
					return err
				}
				if !slices.ContainsFunc(strings.Split(index, "|"), func(name string) bool { return strings.Contains(steps, name) }) {
					t.Errorf("%s is not asked:\n%s", index, steps)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}, schemas()...)
}

// explain tells how the database would answer.
func explain(ctx context.Context, tx *db.Tx, q string, args ...any) (string, error) {
	if tx.Dialect() == db.Postgres {
		steps, err := db.All[string](ctx, tx, `EXPLAIN `+q, args...)
		return strings.Join(steps, "\n"), err
	}
	steps, err := db.All[struct {
		ID     int    `db:"id"`
		Parent int    `db:"parent"`
		Unused int    `db:"notused"`
		Detail string `db:"detail"`
	}](ctx, tx, `EXPLAIN QUERY PLAN `+q, args...)
	var all []string
	for _, s := range steps {
		all = append(all, s.Detail)
	}
	return strings.Join(all, "\n"), err
}

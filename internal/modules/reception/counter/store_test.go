package counter

import (
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/testkit"
)

// TestPlans holds the log and the reports to their indexes: neither reads a
// whole table nor sorts.
func TestPlans(t *testing.T) {
	t.Parallel()
	base := testkit.OpenSQLite(t, Migrations)
	type step struct {
		ID     int    `db:"id"`
		Parent int    `db:"parent"`
		Unused int    `db:"notused"`
		Detail string `db:"detail"`
	}
	on := clock.NewDate(2026, 11, 16)
	for _, q := range []struct {
		index, statement string
		args             []any
	}{
		{"reception_lines_log", logQuery, []any{"hn", on, on, 0, 51}},
		{"reception_visits_council", factsQuery, []any{"hn", "", on, on, db.At(on.Time()), on, 1000}},
		{"reception_lines_place", `SELECT ` + lineColumns + ` FROM reception_lines WHERE visit_id = $1 ORDER BY position LIMIT $2`, []any{"v", linesMost}},
		{"reception_visitors_place", `SELECT ` + personColumns + ` FROM reception_visitors WHERE visit_id = $1 ORDER BY position LIMIT $2`, []any{"v", peopleMost}},
	} {
		var all []string
		err := base.Read(t.Context(), func(tx *db.Tx) error {
			all = nil
			steps, err := db.All[step](t.Context(), tx, "EXPLAIN QUERY PLAN "+q.statement, q.args...)
			for _, s := range steps {
				all = append(all, s.Detail)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		plan := strings.Join(all, "; ")
		if strings.Contains(plan, "SCAN") && !strings.Contains(plan, "SCALAR") || strings.Contains(plan, "TEMP B-TREE") || !strings.Contains(plan, q.index) {
			t.Errorf("%s: %s", q.index, plan)
		}
	}
}

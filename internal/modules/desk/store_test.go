package desk

import (
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/testkit"
)

// TestPlans holds what is due on the first page to the index of each side: all
// open cases would be sorted for eight lines otherwise.
func TestPlans(t *testing.T) {
	t.Parallel()
	base := testkit.OpenSQLite(t, cases.Migrations)
	for column, index := range map[string]string{"council_id": "cases_due", "examiner_body_id": "cases_examiner_due", "holder_body_id": "cases_holder_due", "assignee_post_id": "cases_assignee_due"} {
		var plan []string
		err := base.Read(t.Context(), func(tx *db.Tx) error {
			plan = nil
			steps, err := db.All[struct {
				ID     int    `db:"id"`
				Parent int    `db:"parent"`
				Unused int    `db:"notused"`
				Detail string `db:"detail"`
			}](t.Context(), tx, "EXPLAIN QUERY PLAN "+dueQuery(column), "x", "letter", clock.NewDate(2026, 11, 16), false, dueMax)
			for _, s := range steps {
				plan = append(plan, s.Detail)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(plan) != 1 || !strings.Contains(plan[0], "INDEX "+index+" ") {
			t.Errorf("%s: wanted one search of %s, got %q", column, index, plan)
		}
	}
}

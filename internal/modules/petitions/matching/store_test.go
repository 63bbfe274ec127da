package matching

import (
	"context"
	"os"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/testkit"
)

// TestPlans holds every statement that lists run to an index: none reads a table.
func TestPlans(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	base := testkit.OpenSQLite(t, cases.Migrations, db.Migrations{Name: "petitions", Files: os.DirFS("..")}, Migrations)
	plan := func(name string, wants []string, run func(tx *db.Tx, explain string) ([]string, error)) {
		t.Helper()
		err := base.Read(ctx, func(tx *db.Tx) error {
			steps, err := run(tx, "EXPLAIN QUERY PLAN ")
			all := strings.Join(steps, "; ")
			for _, want := range wants {
				if !strings.Contains(all, want) {
					t.Errorf("%s: wanted %s, got %s", name, want, all)
				}
			}
			for _, s := range steps {
				if strings.HasPrefix(s, "SCAN") && !strings.Contains(s, "json_each") {
					t.Errorf("%s reads all rows: %s", name, all)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	explain := func(tx *db.Tx, q string, args ...any) (all []string, err error) {
		steps, err := db.All[struct {
			ID     int    `db:"id"`
			Parent int    `db:"parent"`
			Unused int    `db:"notused"`
			Detail string `db:"detail"`
		}](ctx, tx, q, args...)
		for _, s := range steps {
			all = append(all, s.Detail)
		}
		return all, err
	}
	ids := db.List([]string{"a", "b"})
	plan("fellows", []string{"petitions_group_members_now"}, func(tx *db.Tx, e string) ([]string, error) { return explain(tx, e+fellowsQuery, "a", 10) })
	plan("memberships", []string{"petitions_group_members_now"}, func(tx *db.Tx, e string) ([]string, error) { return explain(tx, e+membershipsQuery(tx), ids, 10) })
	plan("members", []string{"petitions_group_members"}, func(tx *db.Tx, e string) ([]string, error) { return explain(tx, e+membersQuery, "g", 10) })
	plan("classified", []string{"INDEX cases_new "}, func(tx *db.Tx, e string) ([]string, error) {
		return explain(tx, e+classifiedQuery+classifiedOn, "c", "petition", 10, "x", 500)
	})
	plan("first classified", []string{"INDEX cases_new "}, func(tx *db.Tx, e string) ([]string, error) {
		return explain(tx, e+classifiedQuery+classifiedFirst, "c", "petition", 500)
	})
	plan("letters", []string{"petitions_replies_body"}, func(tx *db.Tx, e string) ([]string, error) { return explain(tx, e+lettersQuery, "b", "") })
}

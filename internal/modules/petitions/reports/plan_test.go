package reports

import (
	"context"
	"os"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/testkit"
)

// TestPlans holds the long readings to indexes that give their rows in order.
func TestPlans(t *testing.T) {
	d := testkit.OpenSQLite(t, org.Migrations, cases.Migrations, db.Migrations{Name: "petitions", Files: os.DirFS("..")}, Migrations)
	for name, row := range map[string]struct {
		statement, index string
		args             []any
	}{
		"petitions of a period": {candidatesQuery, "cases_new", []any{"hn", 0, 1, 0, "", 9}},
		"split off since":       {sealedSinceQuery, "cases_ended", []any{"hn", 0, 1, 0}},
	} {
		var plan []string
		err := d.Read(context.Background(), func(tx *db.Tx) error {
			steps, err := db.All[struct {
				ID     int    `db:"id"`
				Parent int    `db:"parent"`
				Unused int    `db:"notused"`
				Detail string `db:"detail"`
			}](context.Background(), tx, "EXPLAIN QUERY PLAN "+row.statement, row.args...)
			for _, s := range steps {
				plan = append(plan, s.Detail)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		all := strings.Join(plan, "\n")
		if !strings.Contains(plan[0], "INDEX "+row.index+" ") || strings.Contains(all, "TEMP B-TREE") || strings.Contains(all, "SCAN") {
			t.Errorf("%s:\n%s", name, all)
		}
	}
}

// Each part of a long reading begins where the one before ended. SQLite's plan is
// the same either way, so it is the argument that is looked at.
func TestReadingGoesOn(t *testing.T) {
	s := span{from: begin, until: begin.AddDate(1, 0, 0)}
	if !s.start().Equal(begin) {
		t.Errorf("the first part begins at %v", s.start())
	}
	s.after = candidate{ID: "k", OpenedAt: db.At(begin.AddDate(0, 3, 0))}
	if !s.start().Equal(s.after.OpenedAt.Time) {
		t.Errorf("the next part begins at %v", s.start())
	}
}

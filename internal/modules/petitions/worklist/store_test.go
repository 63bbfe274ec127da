package worklist

import (
	"context"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/testkit"
)

// TestPlans holds every list to an index that gives its rows in order: a plan
// that sorts, or reads a table, is seen here and not at a million cases.
func TestPlans(t *testing.T) {
	ctx := context.Background()
	base := testkit.OpenSQLite(t, cases.Migrations)
	council, body := Reach{CouncilID: "c"}, Reach{HolderID: "b"}
	with := func(r Reach, change func(r *Reach)) Reach { change(&r); return r }
	for _, row := range []struct {
		name  string
		reach Reach
		index string
	}{
		{"newest of a council", council, "cases_new"},
		{"a state that goes on", with(council, func(r *Reach) { r.States, r.Open = []cases.State{"received"}, true }), "cases_open"},
		{"that and a field", with(council, func(r *Reach) { r.States, r.Open, r.Field = []cases.State{"judged"}, true, "urban.roads" }), "cases_open"},
		{"that and a ward", with(council, func(r *Reach) { r.States, r.Open, r.Unit = []cases.State{"judged"}, true, "00004" }), "cases_open"},
		{"an ended state", with(council, func(r *Reach) { r.States, r.Ended = []cases.State{"closed"}, true }), "cases_ended"},
		{"that and a field", with(council, func(r *Reach) { r.States, r.Ended, r.Field = []cases.State{"refused"}, true, "urban.roads" }), "cases_ended_field"},
		{"that and a ward", with(council, func(r *Reach) { r.States, r.Ended, r.Unit = []cases.State{"refused"}, true, "00004" }), "cases_unit"},
		{"a ward", with(council, func(r *Reach) { r.Unit = "00004" }), "cases_unit"},
		{"a constituency", with(council, func(r *Reach) { r.Units = []string{"00004", "00008"} }), "cases_unit"},
		{"a field", with(council, func(r *Reach) { r.Field = "urban.roads" }), "cases_field"},
		{"by date", with(council, func(r *Reach) { r.ByDue = true }), "cases_due"},
		{"late", with(council, func(r *Reach) { r.ByDue, r.DueUntil = true, today }), "cases_due"},
		{"a body's", body, "cases_holder"},
		{"a body's, one state", with(body, func(r *Reach) { r.States, r.Open = []cases.State{"accepted"}, true }), "cases_holder_open"},
		{"a body's by date", with(body, func(r *Reach) { r.ByDue = true }), "cases_holder_due"},
		{"a committee's", Reach{ExaminerID: "b"}, "cases_examiner"},
		{"a committee's to judge", Reach{ExaminerID: "b", States: []cases.State{"answered"}, Open: true}, "cases_examiner_open"},
		{"an officer's", Reach{AssigneeID: "p"}, "cases_assignee"},
		{"an officer's by date", Reach{AssigneeID: "p", ByDue: true}, "cases_assignee_due"},
		{"the public's", Reach{Public: true}, "cases_public"},
		{"the public's of a ward", Reach{Public: true, Unit: "00004"}, "cases_public_unit"},
		{"the public's of a field", Reach{Public: true, Field: "urban.roads"}, "cases_public_field"},
	} {
		for _, sealed := range []bool{false, true} {
			for _, after := range []place{{}, {At: 1, Due: today, ID: "x"}} {
				r := row.reach
				r.Sealed, r.After, r.Limit = sealed, after, 51
				for _, part := range r.parts() {
					q := &sql{}
					statement := `SELECT ` + rowColumns + ` FROM cases_cases WHERE ` + q.where(part) + q.beyond(part) + part.order() + ` LIMIT 51`
					holds(ctx, t, base, row.name, row.index, statement, q.args)
				}
			}
		}
	}
	q := &sql{}
	statement := standingsIn(q, "c", today)
	holds(ctx, t, base, "overview", "cases_duties", statement, q.args)
}

// today is any day.
var today = clock.NewDate(2026, 11, 16)

// holds fails unless the plan searches the one index and sorts nothing.
func holds(ctx context.Context, t *testing.T, d *db.DB, name, index, statement string, args []any) {
	t.Helper()
	var plan []string
	err := d.Read(ctx, func(tx *db.Tx) error {
		steps, err := db.All[struct {
			ID     int    `db:"id"`
			Parent int    `db:"parent"`
			Unused int    `db:"notused"`
			Detail string `db:"detail"`
		}](ctx, tx, "EXPLAIN QUERY PLAN "+statement, args...)
		for _, s := range steps {
			plan = append(plan, s.Detail)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(plan) != 1 || !strings.Contains(plan[0], "INDEX "+index+" ") {
		t.Errorf("%s: wanted one search of %s, got %q\n%s", name, index, plan, statement)
	}
}

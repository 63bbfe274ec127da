package reception

import (
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/modules/reception/sendings"
	"example.vn/hdnd/internal/testkit"
)

// TestPlans holds the lists and the reports of letters to their indexes: a plan
// that sorts, or reads a whole table, is seen here and not at a million letters.
func TestPlans(t *testing.T) {
	t.Parallel()
	base := testkit.OpenSQLite(t, cases.Migrations, Migrations)
	today := clock.NewDate(2026, 11, 16)
	key := RegisterKey{At: 1, ID: "x"}
	type wanted struct {
		index, statement string
		args             []any
	}
	var all []wanted
	for _, row := range []struct {
		index string
		f     Filter
	}{
		{"cases_new", Filter{}},
		{"cases_open", Filter{State: "received"}},
		{"cases_open", Filter{State: "following", Kind: Complaint}},
		{"cases_ended", Filter{State: "closed"}},
		{"cases_ended_field", Filter{State: "refused", Kind: Proposal}},
		{"cases_field", Filter{Kind: Denunciation}},
		{"cases_due", Filter{Late: true, Today: today}},
	} {
		for _, sealed := range []bool{false, true} {
			for _, after := range []RowKey{{}, {At: 1, Due: today, ID: "x"}} {
				row.f.After = after
				statement, args := rowsQuery(row.f, "hn", sealed, pageRows+1)
				all = append(all, wanted{row.index, statement, args})
			}
		}
	}
	all = append(all, wanted{"cases_open", waitingQuery, []any{"hn", "received", true, waitingMost}},
		wanted{"reception_letters_council", lettersForQuery, []any{"hn", "", db.At(today.Time()), today, 1000}})
	for _, after := range []RegisterKey{{}, key} {
		statement, args := sendings.RegisterQuery("hn", after.At, after.ID, 51)
		all = append(all, wanted{"reception_sendings_register", statement, args})
		statement, args = mattersQuery("hn", Complaint, after, 51)
		all = append(all, wanted{"cases_new", statement, args})
	}
	for _, q := range all {
		plan := strings.TrimSuffix(planOf(t, base, q.statement, q.args), "; SCAN waiting") // the rows that were counted
		if strings.Contains(plan, "TEMP B-TREE") || strings.Contains(plan, "SCAN ") || !strings.Contains(plan, "INDEX "+q.index+" ") {
			t.Errorf("wanted a search of %s that sorts nothing, got %s\n%s", q.index, plan, q.statement)
		}
	}
}

func planOf(t *testing.T, d *db.DB, statement string, args []any) string {
	t.Helper()
	var plan []string
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		plan = nil
		steps, err := db.All[struct {
			ID     int    `db:"id"`
			Parent int    `db:"parent"`
			Unused int    `db:"notused"`
			Detail string `db:"detail"`
		}](t.Context(), tx, "EXPLAIN QUERY PLAN "+statement, args...)
		for _, s := range steps {
			plan = append(plan, s.Detail)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(plan, "; ")
}

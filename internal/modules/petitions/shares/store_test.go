package shares

import (
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/testkit"
)

// TestPlans holds the lists, the counters and the morning's reading to their
// indexes: none reads a table, none sorts.
func TestPlans(t *testing.T) {
	t.Parallel()
	base := testkit.OpenSQLite(t, org.Migrations, cases.Migrations, Migrations)
	type step struct {
		ID     int    `db:"id"`
		Parent int    `db:"parent"`
		Unused int    `db:"notused"`
		Detail string `db:"detail"`
	}
	held := func(name, index, statement string, args ...any) {
		t.Helper()
		var all []string
		err := base.Read(t.Context(), func(tx *db.Tx) error {
			all = nil
			steps, err := db.All[step](t.Context(), tx, "EXPLAIN QUERY PLAN "+statement, args...)
			for _, s := range steps {
				all = append(all, s.Detail)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		plan := strings.Join(all, "; ")
		for _, s := range all {
			if strings.HasPrefix(s, "SCAN") && !strings.Contains(s, "json_each") && !strings.Contains(s, "few") || strings.Contains(s, "TEMP B-TREE") {
				t.Errorf("%s: %s", name, plan)
			}
		}
		if !strings.Contains(plan, index+" ") {
			t.Errorf("%s does not use %s: %s", name, index, plan)
		}
	}
	day := clock.NewDate(2026, 11, 25)
	after := Share{ID: "a", Due: day}.place()
	for name, c := range map[string]struct {
		index string
		reach reach
	}{
		"waiting":       {"petitions_shares_open", reach{bodyID: "b", open: true, after: after, until: day, limit: 51}},
		"late":          {"petitions_shares_open", reach{bodyID: "b", open: true, before: day, limit: 51}},
		"answered":      {"petitions_shares_body", reach{bodyID: "b", states: []State{Answered, Declined}, after: after, limit: 51}},
		"all":           {"petitions_shares_body", reach{bodyID: "b", limit: 51}},
		"officer":       {"petitions_shares_officer_open", reach{bodyID: "b", postID: "p", open: true, limit: 51}},
		"officer's all": {"petitions_shares_officer", reach{bodyID: "b", postID: "p", limit: 51}},
	} {
		err := base.Read(t.Context(), func(tx *db.Tx) error {
			statement, args := c.reach.list(tx)
			held(name, c.index, statement, args...)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for index, r := range map[string]reach{"petitions_shares_open": {bodyID: "b"}, "petitions_shares_officer_open": {bodyID: "b", postID: "p"}} {
		statement, args := r.count()
		held("count", index, statement, args...)
	}
	held("alarms", "petitions_shares_alarm", alarmingQuery, day, 50)
	held("undecided", "petitions_disputes_council", disputesQuery(Undecided), "c", Undecided, "a", 51)
	held("decided", "petitions_disputes_council", disputesQuery(Decided), "c", Decided, "", 51)
}

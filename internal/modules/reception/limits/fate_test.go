package limits

import (
	"context"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/testkit"
)

// Nothing reaches back but by an article, and nothing that a later version rules.
func TestFate(t *testing.T) {
	cal, err := calendar.Load()
	if err != nil {
		t.Fatal(err)
	}
	first := clock.NewDate(2026, 5, 1)
	day := rapid.Custom(func(t *rapid.T) clock.Date { return first.AddDays(rapid.IntRange(0, 120).Draw(t, "day")) })
	rapid.Check(t, func(t *rapid.T) {
		v := Version{Key: "complaints.accept_first", Count: rapid.IntRange(1, 60).Draw(t, "count"), Unit: rapid.SampledFrom([]calendar.Unit{calendar.Days, calendar.WorkingDays}).Draw(t, "unit"),
			From: day.Draw(t, "from"), Reach: rapid.SampledFrom([]Reach{Coming, Running}).Draw(t, "reach")}
		if v.Reach == Running && rapid.Bool().Draw(t, "limited") {
			v.ReachSince = day.Draw(t, "since")
		}
		rule := calendar.Rule{Key: v.Key, Count: rapid.IntRange(1, 60).Draw(t, "was"), Unit: calendar.Days, From: day.Draw(t, "ruled")}
		d := cases.Deadline{RuleKey: rule.Key, RuleFrom: rule.From, Status: cases.Running}
		d.Run.V = rule.Run(day.Draw(t, "start"), "")
		counted, err := cal.Count(d.Run.V)
		if err != nil {
			t.Fatal(err)
		}
		d.Due = counted.Due
		today := day.Draw(t, "today")
		f, err := v.fate(cal, d, today)
		if err != nil {
			t.Fatal(err)
		}
		start := d.Run.V.Start
		follows := v.Reach == Running && !rule.From.After(v.From) && (v.ReachSince.IsZero() || !start.Before(v.ReachSince))
		if f.Outcome.Changes() && !follows || !f.Outcome.Changes() && f.Outcome != Same && follows {
			t.Fatalf("%s for %+v under %+v", f.Outcome, d.Run.V, v)
		}
		want := d.Due
		if follows {
			run := d.Run.V
			run.Count, run.Unit = v.Count, v.Unit
			if counted, err = cal.Count(run); err != nil {
				t.Fatal(err)
			}
			want = counted.Due
		}
		if f.Due != want || f.Was != d.Due || (f.Outcome == Moves) != (want != d.Due) {
			t.Fatalf("%s: %s to %s, not %s", f.Outcome, f.Was, f.Due, want)
		}
		if f.Late != (want != d.Due && !d.Due.Before(today) && want.Before(today)) {
			t.Fatalf("late %t: %s to %s on %s", f.Late, d.Due, want, today)
		}
		if (f.Outcome == Early) != (v.Reach == Coming && !rule.From.After(v.From) && !v.runs(d) && start.Before(v.From)) {
			t.Fatalf("%s for an event on %s and a version from %s", f.Outcome, start, v.From)
		}
	})
}

// TestPlans holds what a million cases are asked to an index.
func TestPlans(t *testing.T) {
	base := testkit.OpenSQLite(t, cases.Migrations, Migrations)
	for name, q := range map[string]struct {
		index, query string
		args         []any
	}{
		"running clocks of a rule": {"cases_deadlines_rule", clocksQuery, []any{"complaints.accept_first", "x", 500}},
		"what was changed":         {"sqlite_autoindex_reception_limit_changes_1", changesQuery, []any{"v", "x", 500}},
		"whom to tell":             {"reception_limit_changes_told", touchedQuery, []any{"v", 1}},
	} {
		var plan []string
		err := base.Read(context.Background(), func(tx *db.Tx) error {
			steps, err := db.All[struct {
				ID     int    `db:"id"`
				Parent int    `db:"parent"`
				Unused int    `db:"notused"`
				Detail string `db:"detail"`
			}](context.Background(), tx, "EXPLAIN QUERY PLAN "+q.query, q.args...)
			for _, s := range steps {
				plan = append(plan, s.Detail)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(plan) == 0 || !strings.Contains(plan[0], "SEARCH") || !strings.Contains(plan[0], "INDEX "+q.index) {
			t.Errorf("%s: %q", name, plan)
		}
		if name != "whom to tell" && len(plan) != 1 { // that one groups what one search found
			t.Errorf("%s sorts: %q", name, plan)
		}
	}
}

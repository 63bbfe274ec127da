package settings

import (
	"os"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/testkit"
)

// TestOnPetitions reads samples off the tables that petitions have.
func TestOnPetitions(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		w.hand(t, petition{id: "p1", state: "accepted"}, petition{id: "p2", state: "split", sealed: true}, petition{id: "p3", state: "received"})
		w.tx(t, func(tx *db.Tx) error {
			for _, q := range []string{
				`UPDATE cases_cases SET field = 'urban.roads', unit_code = '00004', due = '2027-01-04', opened_at = 5 WHERE id = 'p1'`,
				`UPDATE petitions_petitions SET body_id = 'sxd', authority = 'city', text = 'Đường hỏng' WHERE id = 'p1'`,
				`INSERT INTO petitions_sources (petition_id, council_id, channel, meeting_id, batch_id, line, raised_on, session, origin, address, deputy, field, body, note, person_id, at)
					VALUES ('p1', 'hn', 'phone', '', '', 0, '', '', '', '', '', '', '', '', '', 1)`,
				`INSERT INTO cases_deadlines (id, case_id, name, round, rule_key, rule_from, basis, confirmed, run, raw, due, planned, provisional, status, is_window, met_on, rung, next_alarm)
					VALUES ('d1', 'p1', 'reply', 1, 'petitions.reply', '2000-01-01', '', false, '{"start":"2026-11-02","count":60,"unit":"day"}', '2027-01-01', '2027-01-04', '', false, 'running', false, '', 0, ''),
					('d2', 'p1', 'classify', 1, 'petitions.classify', '2000-01-01', '', false, '{"start":"2026-11-02","count":3,"unit":"working-day"}', '', '', '', false, 'met', false, '', 0, '')`} {
				if _, err := tx.Exec(ctx, q); err != nil {
					return err
				}
			}
			return nil
		})
		err := w.db.Read(ctx, func(tx *db.Tx) error {
			all, err := NewestPetitions(ctx, tx, "hn", 10)
			if err != nil || len(all) != 2 || all[0].ID != "p1" || all[1].Channel != Portal {
				t.Fatalf("%v %+v", err, all)
			}
			s := all[0]
			if s.WardName != "Phường Ba Đình" || s.BodyName != "Sở Xây dựng" || s.Channel != "phone" || s.Field != "urban.roads" || len(s.Clocks) != 1 ||
				s.Clocks[0] != (Clock{"petitions.reply", clock.NewDate(2026, 11, 2), clock.NewDate(2027, 1, 4)}) {
				t.Errorf("%+v", s)
			}
			none, err := NewestPetitions(ctx, tx, "nh", 10)
			if err != nil || len(none) != 0 {
				t.Errorf("%v %v", err, none)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestErasingInBatches: more than a batch, an entry for each, and a case that
// was opened again keeps its voter.
func TestErasingInBatches(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		var all []petition
		for i := range batchMost + 3 {
			all = append(all, petition{id: "b" + itoa(int64(1000+i)), state: "closed", closed: clock.NewDate(2024, 1, 1)})
		}
		w.hand(t, all...)
		w.enact(t, lan, hoa, today, RetentionChange{Keep: VoterContact, Months: 12, Basis: "Luật 91/2025/QH15"})
		w.tx(t, func(tx *db.Tx) error {
			return tx.ExecOne(ctx, `UPDATE cases_cases SET open = true, state = 'accepted', closed_at = 0 WHERE id = 'b1001'`)
		})
		if err := w.erase(ctx, jobs.Work{}); err != nil {
			t.Fatal(err)
		}
		if n := count(t, w, `SELECT COUNT(*) FROM petitions_petitions WHERE phone <> ''`); n != 1 {
			t.Errorf("%d left", n)
		}
		if n := count(t, w, `SELECT COUNT(*) FROM audit_entries WHERE verb = 'settings.erase'`); n != 2 {
			t.Errorf("%d entries of two batches", n)
		}
		w.tx(t, func(tx *db.Tx) error {
			n, err := EraseContacts(ctx, tx, []string{"b1001"})
			if n != 0 {
				t.Error("a case opened again lost its voter")
			}
			return err
		})
	})
}

// TestPlans holds the statements that run over petitions to their indexes.
func TestPlans(t *testing.T) {
	t.Parallel()
	base := testkit.OpenSQLite(t, org.Migrations, cases.Migrations, db.Migrations{Name: "petitions", Files: os.DirFS("..")}, db.Migrations{Name: "intake", Files: os.DirFS("../intake")}, Migrations)
	for name, q := range map[string]struct {
		sql, index string
		args       []any
	}{
		"newest":  {newestQuery, "INDEX cases_new ", []any{"hn", 300}},
		"expired": {expiredQuery, "INDEX petitions_contacts ", []any{"", "closed", 1, 200}},
	} {
		err := base.Read(ctx, func(tx *db.Tx) error {
			steps, err := db.All[struct {
				ID     int    `db:"id"`
				Parent int    `db:"parent"`
				Unused int    `db:"notused"`
				Detail string `db:"detail"`
			}](ctx, tx, "EXPLAIN QUERY PLAN "+q.sql, q.args...)
			var all []string
			for _, s := range steps {
				all = append(all, s.Detail)
			}
			plan := strings.Join(all, "; ")
			if !strings.Contains(plan, q.index) || strings.Contains(plan, "TEMP B-TREE") {
				t.Errorf("%s: %s", name, plan)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

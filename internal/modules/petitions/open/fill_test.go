package open_test

import (
	"fmt"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

// fill writes n closed public petitions of the last four years straight into
// the tables, ten at each moment.
func (h *house) fill(t testing.TB, n int) {
	t.Helper()
	fields := []string{"urban.roads", "urban.drainage", "urban.lighting", "economy.land", "culture.health", "culture.education", "legal.staff"}
	bodies := []string{"hn-sxd", "hn-sgd", "bd-ub", "nh-ub"}
	states := []string{"closed", "closed", "closed", "answered", "accepted", "refused"}
	now := h.Clock.Now()
	const batch = 2000
	for from := 0; from < n; from += batch {
		check(t, h.App.DB.Tx(ctx, func(tx *db.Tx) error {
			for i := from; i < min(from+batch, n); i++ {
				minutes := 4 * 365 * 24 * 60 / max(n/10, 1)
				if n < 10_000 {
					minutes = 1
				}
				at := now.Add(-time.Duration(i/10*minutes) * time.Minute)
				id := fmt.Sprintf("%026d", i)
				state := states[i%len(states)]
				// The due date stays empty: these are not overdue.
				if _, err := tx.Exec(ctx, `INSERT INTO cases_cases (id, council_id, procedure, procedure_version, code, title, state, waits, open, round, opened_at, changed_at, closed_at,
					owner_body_id, holder_body_id, examiner_body_id, assignee_post_id, field, unit_code, public, sealed, due, revision)
					VALUES ($1, 'hn', 'petition', 1, $2, 'Việc chung', $3, 'nobody', FALSE, 1, $4, $4, $4, 'hn-vp', $5, '', '', $6, $7, TRUE, FALSE, '', 1)`,
					id, fmt.Sprintf("KN26-%04d-%04d", i/10000, i%10000), state, db.At(at), bodies[i%len(bodies)], fields[i%len(fields)], fmt.Sprintf("%05d", 4+4*(i%126))); err != nil {
					return err
				}
				if _, err := tx.Exec(ctx, `INSERT INTO petitions_petitions (id, council_id, text, public_text, voter_name, email, phone, lang, access_key, consent_at, authority, newness, body_id, split_kind, asked_days, asked_document, created_at)
					VALUES ($1, 'hn', 'Lời của cử tri', 'Đề nghị sửa đường', '', '', '', 'vi', $1, 0, 'city', 'new', $2, '', 0, '', $3)`, id, bodies[i%len(bodies)], db.At(at)); err != nil {
					return err
				}
				if _, err := tx.Exec(ctx, `INSERT INTO cases_acts (id, case_id, number, verb, at, from_state, to_state, round, person_id, person_name, post_title, body_id, body_name, on_behalf, note, fields, document, papers, late, public, leaf_id)
					VALUES ($1, $1, 1, 'answer', $2, 'accepted', $3, 1, '', '', '', $4, '', '', '', '{}', '', '[]', $5, TRUE, '')`, id, db.At(at), state, bodies[i%len(bodies)], i%9 == 0); err != nil {
					return err
				}
				if _, err := tx.Exec(ctx, `INSERT INTO petitions_answers (petition_id, round, number, reply, outcome, promised) VALUES ($1, 1, 1, 'Đã sửa xong đường theo kiến nghị.', 'done', '')`, id); err != nil {
					return err
				}
				due := clock.DateOf(at).AddDays(20)
				if _, err := tx.Exec(ctx, `INSERT INTO cases_deadlines (id, case_id, name, round, rule_key, rule_from, basis, confirmed, run, raw, due, planned, provisional, status, is_window, met_on, rung, next_alarm)
					VALUES ($1, $1, 'reply', 1, 'petitions.reply', '', '', FALSE, '{}', $2, $2, '', FALSE, 'met', FALSE, '', 0, '')`, id, due); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}

package open

import (
	"context"
	"maps"
	"slices"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

// position is how far the statistics are counted.
type position struct {
	Build    int64   `db:"build"` // the one that is shown; 0 before the first
	Seen     db.Time `db:"seen"`  // when the last counting began to read
	Until    db.Time `db:"until"`
	Revision int64   `db:"revision"`
}

const positionSelect = `SELECT build, seen, until, revision FROM petitions_counting WHERE name = 'public'`

// beginPosition reads the position, and makes it the first time.
func beginPosition(ctx context.Context, tx *db.Tx) (position, error) {
	_, err := tx.Exec(ctx, `INSERT INTO petitions_counting (name, build, seen, until, revision) VALUES ('public', 0, 0, 0, 0) ON CONFLICT (name) DO NOTHING`)
	if err != nil {
		return position{}, err
	}
	return db.One[position](ctx, tx, positionSelect)
}

// readPosition is the position for a page; the zero one before the first counting.
func readPosition(ctx context.Context, tx *db.Tx) (position, error) {
	at, err := db.One[position](ctx, tx, positionSelect)
	if fault.Is(err, "db.no_row") {
		return position{}, nil
	}
	return at, err
}

// claim fails when somebody else counted meanwhile.
func claim(ctx context.Context, tx *db.Tx, revision int64) error {
	return tx.ExecOne(ctx, `UPDATE petitions_counting SET revision = revision + 1 WHERE name = 'public' AND revision = $1`, revision)
}

func savePosition(ctx context.Context, tx *db.Tx, build int64, at db.Time) error {
	return tx.ExecOne(ctx, `UPDATE petitions_counting SET build = $1, seen = $2, until = $2 WHERE name = 'public'`, build, at)
}

type actRow struct {
	ID     string `db:"id"`
	CaseID string `db:"case_id"`
}

func actsAfter(ctx context.Context, tx *db.Tx, after string, n int) ([]actRow, error) {
	return db.All[actRow](ctx, tx, `SELECT id, case_id FROM cases_acts WHERE id > $1 ORDER BY id LIMIT $2`, after, n)
}

func petitionsAfter(ctx context.Context, tx *db.Tx, after string, n int) ([]string, error) {
	return db.All[string](ctx, tx, `SELECT id FROM petitions_petitions WHERE id > $1 ORDER BY id LIMIT $2`, after, n)
}

type outcomeRow struct {
	PetitionID string `db:"petition_id"`
	Round      int    `db:"round"`
	Outcome    string `db:"outcome"`
}

type answerRow struct {
	CaseID string  `db:"case_id"`
	BodyID string  `db:"body_id"`
	Late   bool    `db:"late"`
	At     db.Time `db:"at"`
}

type reasonRow struct {
	PetitionID string `db:"petition_id"`
	Reason     string `db:"reason"`
}

// factsOf reads what is counted of some petitions; one that is not there has none.
func factsOf(ctx context.Context, tx *db.Tx, ids []string) (map[string]facts, error) {
	list, all := db.List(ids), map[string]facts{}
	rows, err := db.All[cases.Case](ctx, tx, `SELECT id, council_id, state, round, opened_at, holder_body_id, field, unit_code, sealed FROM cases_cases
		WHERE procedure = 'petition' AND id `+tx.In("$1"), list)
	if err != nil {
		return nil, err
	}
	for _, c := range rows {
		all[c.ID] = facts{Case: c}
	}
	change := func(id string, set func(f *facts)) {
		if f, ok := all[id]; ok {
			set(&f)
			all[id] = f
		}
	}
	outcomes, err := db.All[outcomeRow](ctx, tx, `SELECT petition_id, round, outcome FROM petitions_answers WHERE petition_id `+tx.In("$1")+` ORDER BY petition_id, round, number`, list)
	if err != nil {
		return nil, err
	}
	for _, o := range outcomes {
		change(o.PetitionID, func(f *facts) { f.Outcomes = append(f.Outcomes, o) })
	}
	answers, err := answerActs(ctx, tx, list)
	if err != nil {
		return nil, err
	}
	for _, a := range answers {
		change(a.CaseID, func(f *facts) { f.Answers = append(f.Answers, a) })
	}
	reasons, err := db.All[reasonRow](ctx, tx, `SELECT petition_id, reason FROM petitions_refusals WHERE petition_id `+tx.In("$1")+` ORDER BY petition_id, round`, list)
	if err != nil {
		return nil, err
	}
	for _, r := range reasons {
		change(r.PetitionID, func(f *facts) { f.Reason = r.Reason })
	}
	return all, nil
}

// answerActs are the answers that bodies gave, oldest first.
func answerActs(ctx context.Context, tx *db.Tx, list string) ([]answerRow, error) {
	return db.All[answerRow](ctx, tx, `SELECT case_id, body_id, late, at FROM cases_acts WHERE case_id `+tx.In("$1")+` AND verb = 'answer' ORDER BY case_id, number`, list)
}

type countedRow struct {
	ID    string           `db:"petition_id"`
	Parts db.JSON[counted] `db:"parts"`
}

func countedBefore(ctx context.Context, tx *db.Tx, build int64, ids []string) (map[string]counted, error) {
	rows, err := db.All[countedRow](ctx, tx, `SELECT petition_id, parts FROM petitions_counted WHERE build = $1 AND petition_id `+tx.In("$2"), build, db.List(ids))
	all := map[string]counted{}
	for _, r := range rows {
		all[r.ID] = r.Parts.V
	}
	return all, err
}

// saveCounted keeps what petitions add; of one that adds nothing, nothing is kept.
func saveCounted(ctx context.Context, tx *db.Tx, build int64, now map[string]counted) error {
	for _, id := range slices.Sorted(maps.Keys(now)) {
		var err error
		if p := now[id]; len(p.N) == 0 {
			_, err = tx.Exec(ctx, `DELETE FROM petitions_counted WHERE build = $1 AND petition_id = $2`, build, id)
		} else {
			_, err = tx.Exec(ctx, `INSERT INTO petitions_counted (build, petition_id, parts) VALUES ($1, $2, $3)
				ON CONFLICT (build, petition_id) DO UPDATE SET parts = excluded.parts`, build, id, db.JSON[counted]{V: p})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func saveChanges(ctx context.Context, tx *db.Tx, build int64, all []change) error {
	for _, c := range all {
		_, err := tx.Exec(ctx, `INSERT INTO petitions_counts (build, council_id, period, about, value, n) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (build, council_id, period, about, value) DO UPDATE SET n = petitions_counts.n + excluded.n`, build, c.CouncilID, c.Period, c.About, c.Value, c.N)
		if err != nil {
			return err
		}
	}
	return nil
}

type overdueRow struct {
	CouncilID string `db:"council_id"`
	BodyID    string `db:"holder_body_id"`
	N         int64  `db:"n"`
}

// overdue counts the answers that should have been given before a day. It
// reads the index cases_duties alone.
func overdue(ctx context.Context, tx *db.Tx, today clock.Date) ([]overdueRow, error) {
	return db.All[overdueRow](ctx, tx, `SELECT council_id, holder_body_id, COUNT(*) AS n FROM cases_cases
		WHERE procedure = 'petition' AND open AND due <> '' AND NOT sealed AND due < $1 AND state IN ('forwarded', 'accepted') AND holder_body_id <> ''
		GROUP BY council_id, holder_body_id ORDER BY council_id, holder_body_id LIMIT 20000`, today)
}

func dropOverdue(ctx context.Context, tx *db.Tx, build int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM petitions_counts WHERE build = $1 AND period = 'now'`, build)
	return err
}

// dropBuild deletes a part of a build and says whether more is there.
func dropBuild(ctx context.Context, tx *db.Tx, build int64) (more bool, err error) {
	const slice = 5000
	n, err := tx.Exec(ctx, `DELETE FROM petitions_counted WHERE build = $1 AND petition_id IN
		(SELECT petition_id FROM petitions_counted WHERE build = $1 ORDER BY petition_id LIMIT $2)`, build, slice)
	if err != nil || n == slice {
		return n == slice, err
	}
	_, err = tx.Exec(ctx, `DELETE FROM petitions_counts WHERE build = $1`, build)
	return false, err
}

// sumRow is one part of the statistics.
type sumRow struct {
	About string `db:"about"`
	Value string `db:"value"`
	N     int64  `db:"n"`
}

// partsOf reads the counters of one period; of all councils when councilID is empty.
func partsOf(ctx context.Context, tx *db.Tx, build int64, councilID, period string) ([]sumRow, error) {
	return db.All[sumRow](ctx, tx, `SELECT about, value, n FROM petitions_counts
		WHERE build = $1 AND council_id = $2 AND period = $3 AND n <> 0 ORDER BY about, value LIMIT 20000`, build, councilID, period)
}

// monthsOf lists the months of all years in which something was received.
func monthsOf(ctx context.Context, tx *db.Tx, build int64, councilID string) ([]string, error) {
	return db.All[string](ctx, tx, `SELECT value FROM petitions_counts
		WHERE build = $1 AND council_id = $2 AND period = 'all' AND about = 'month' AND n > 0 ORDER BY value DESC LIMIT 1200`, build, councilID)
}

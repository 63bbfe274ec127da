package limits

import (
	"context"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

const (
	versionColumns = `id, mark, council_id, rule_key, days, unit, article, source, note, confirmed, from_day, reach, reach_article, reach_since, base, state,
		drawn_by, drawn_name, drawn_chain, drawn_at, trial, tried_at, decided_by, decided_name, on_behalf, decided_at, why, round, place, changed, counted, revision`
	deadlineColumns = `id, case_id, name, round, rule_key, rule_from, basis, confirmed, run, raw, due, planned, provisional, status, is_window, met_on, rung, next_alarm`
	caseColumns     = `id, council_id, procedure, procedure_version, code, title, state, waits, open, round, opened_at, changed_at, closed_at,
		owner_body_id, holder_body_id, examiner_body_id, assignee_post_id, field, unit_code, public, sealed, due, revision`

	versionsMost = 500 // of one rule, or waiting at once
)

func insertVersion(ctx context.Context, tx *db.Tx, v Version) error {
	return tx.Insert(ctx, `reception_limits`, versionColumns, v.ID, v.Mark, v.CouncilID, v.Key, v.Count, string(v.Unit), v.Article, v.Source, v.Note, v.Confirmed, v.From, v.Reach, v.ReachArticle,
		v.ReachSince, v.Base, v.State, v.DrawnBy, v.DrawnName, v.DrawnChain, v.DrawnAt, v.Trial, v.TriedAt, v.DecidedBy, v.DecidedName, v.OnBehalf, v.DecidedAt, v.Why, v.Round, v.Place,
		v.Changed, v.Counted, 1)
}

// updateVersion saves what verbs change of a version, when nobody was faster.
func updateVersion(ctx context.Context, tx *db.Tx, v Version) error {
	return tx.ExecOne(ctx, `UPDATE reception_limits SET state = $3, trial = $4, tried_at = $5, decided_by = $6, decided_name = $7, on_behalf = $8, decided_at = $9, why = $10, round = $11,
		revision = revision + 1 WHERE id = $1 AND revision = $2`,
		v.ID, v.Revision, v.State, v.Trial, v.TriedAt, v.DecidedBy, v.DecidedName, v.OnBehalf, v.DecidedAt, v.Why, v.Round)
}

// saveRound notes how far the counting has come; verbs do not touch these columns.
func saveRound(ctx context.Context, tx *db.Tx, v Version) error {
	return tx.ExecOne(ctx, `UPDATE reception_limits SET round = $2, place = $3, changed = $4, counted = $5 WHERE id = $1`, v.ID, v.Round, v.Place, v.Changed, v.Counted)
}

func versionOf(ctx context.Context, tx *db.Tx, id string) (Version, error) {
	v, err := db.One[Version](ctx, tx, `SELECT `+versionColumns+` FROM reception_limits WHERE id = $1`, id)
	if fault.Is(err, "db.no_row") {
		return v, noVersion()
	}
	return v, err
}

// markedVersion finds the version that the same form entered before.
func markedVersion(ctx context.Context, tx *db.Tx, mark string) (v Version, err error) {
	all, err := db.All[Version](ctx, tx, `SELECT `+versionColumns+` FROM reception_limits WHERE mark = $1`, mark)
	if err == nil && len(all) > 0 {
		v = all[0]
	}
	return v, err
}

// versionsFor lists the versions that were drawn up for a rule, the newest first.
func versionsFor(ctx context.Context, tx *db.Tx, key string) ([]Version, error) {
	return db.All[Version](ctx, tx, `SELECT `+versionColumns+` FROM reception_limits WHERE rule_key = $1 ORDER BY id DESC LIMIT $2`, key, versionsMost)
}

// versionsOn lists those of a rule for one day.
func versionsOn(ctx context.Context, tx *db.Tx, key string, from clock.Date) ([]Version, error) {
	return db.All[Version](ctx, tx, `SELECT `+versionColumns+` FROM reception_limits WHERE rule_key = $1 AND from_day = $2 ORDER BY id DESC LIMIT $3`, key, from, versionsMost)
}

// versionsIn lists the versions in a state, the newest first.
func versionsIn(ctx context.Context, tx *db.Tx, state State) ([]Version, error) {
	return db.All[Version](ctx, tx, `SELECT `+versionColumns+` FROM reception_limits WHERE state = $1 ORDER BY id DESC LIMIT $2`, state, versionsMost)
}

const clocksQuery = `SELECT ` + deadlineColumns + ` FROM cases_deadlines WHERE rule_key = $1 AND status IN ('running', 'paused') AND id > $2 ORDER BY id LIMIT $3`

// clocksOf lists the clocks of a rule that go on, from after one of them.
func clocksOf(ctx context.Context, tx *db.Tx, key, after string, limit int) ([]cases.Deadline, error) {
	return db.All[cases.Deadline](ctx, tx, clocksQuery, key, after, limit)
}

// casesOf loads the cases of clocks, by id; whoever asks checks who may see them.
func casesOf(ctx context.Context, tx *db.Tx, ids []string) (map[string]cases.Case, error) {
	all, err := db.All[cases.Case](ctx, tx, `SELECT `+caseColumns+` FROM cases_cases WHERE id `+tx.In("$1"), db.List(ids))
	byID := make(map[string]cases.Case, len(all))
	for _, c := range all {
		byID[c.ID] = c
	}
	return byID, err
}

// change is a clock that was counted again.
type change struct {
	LimitID    string     `db:"limit_id"`
	DeadlineID string     `db:"deadline_id"`
	Round      int64      `db:"round"`
	CaseID     string     `db:"case_id"`
	BodyID     string     `db:"body_id"` // whose office has the case
	CouncilID  string     `db:"council_id"`
	Sealed     bool       `db:"sealed"`
	Was        clock.Date `db:"was"`
	Due        clock.Date `db:"due"`
	At         db.Time    `db:"at"`
}

const changeColumns = `limit_id, deadline_id, round, case_id, body_id, council_id, sealed, was, due, at`

// insertChange notes a change; of a clock counted twice the last one stands.
func insertChange(ctx context.Context, tx *db.Tx, c change) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_limit_changes (`+changeColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (limit_id, deadline_id) DO UPDATE SET round = $3, due = $9, at = $10`,
		c.LimitID, c.DeadlineID, c.Round, c.CaseID, c.BodyID, c.CouncilID, c.Sealed, c.Was, c.Due, c.At)
	return err
}

const changesQuery = `SELECT ` + changeColumns + ` FROM reception_limit_changes WHERE limit_id = $1 AND deadline_id > $2 ORDER BY deadline_id LIMIT $3`

func changesOf(ctx context.Context, tx *db.Tx, limitID, after string, limit int) ([]change, error) {
	return db.All[change](ctx, tx, changesQuery, limitID, after, limit)
}

// touched says how many cases of an office one round counted again.
type touched struct {
	BodyID    string `db:"body_id"`
	CouncilID string `db:"council_id"`
	Open      int64  `db:"open_n"`
	Sealed    int64  `db:"sealed_n"`
}

const touchedQuery = `SELECT body_id, council_id, SUM(CASE WHEN sealed THEN 0 ELSE 1 END) AS open_n, SUM(CASE WHEN sealed THEN 1 ELSE 0 END) AS sealed_n
	FROM reception_limit_changes WHERE limit_id = $1 AND round = $2 GROUP BY body_id, council_id ORDER BY body_id`

func touchedBy(ctx context.Context, tx *db.Tx, limitID string, round int64) ([]touched, error) {
	return db.All[touched](ctx, tx, touchedQuery, limitID, round)
}

package desk

import (
	"context"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

// caseColumns are what the first page shows of a case, and what decides who
// may see it.
const caseColumns = `id, council_id, procedure, code, title, state, open, owner_body_id, holder_body_id, examiner_body_id, assignee_post_id, public, sealed, due`

// dueCases reads open cases of one side that end by a day, the nearest first.
// Each side has an index of its own (kernel/cases/migrations); a partial index
// is used only by a statement that repeats its condition.
func dueCases(ctx context.Context, tx *db.Tx, column, id string, until clock.Date, limit int) ([]cases.Case, error) {
	return db.All[cases.Case](ctx, tx, `SELECT `+caseColumns+` FROM cases_cases
		WHERE `+column+` = $1 AND `+column+` <> '' AND open AND due <> '' AND due <= $2 ORDER BY due, id LIMIT $3`, id, until, limit)
}

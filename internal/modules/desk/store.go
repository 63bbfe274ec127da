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

// dueCases reads open cases of one side and one procedure that end by a day, the
// nearest first. Each side has an index of its own, which names the procedure
// before the day (kernel/cases/migrations); a partial index is used only by a
// statement that repeats its condition.
func dueCases(ctx context.Context, tx *db.Tx, column, id, procedure string, until clock.Date, sealed bool, limit int) ([]cases.Case, error) {
	return db.All[cases.Case](ctx, tx, dueQuery(column), id, procedure, until, sealed, limit)
}

func dueQuery(column string) string {
	return `SELECT ` + caseColumns + ` FROM cases_cases
		WHERE ` + column + ` = $1 AND procedure = $2 AND ` + column + ` <> '' AND open AND due <> '' AND due <= $3 AND (NOT sealed OR $4) ORDER BY due, id LIMIT $5`
}

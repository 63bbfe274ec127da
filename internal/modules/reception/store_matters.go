package reception

import (
	"context"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

const matterColumns = `id, council_id, letter_id, kind, source, instance, remote, accepted_on, complexity, criteria, complexity_document, dialogue_on, created_at`

func insertMatter(ctx context.Context, tx *db.Tx, m Matter) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_matters (`+matterColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		m.ID, m.CouncilID, m.LetterID, m.Kind, m.Source, m.Instance, m.Remote, m.AcceptedOn, m.Complexity, m.Criteria, m.ComplexityDocument, m.DialogueOn, m.CreatedAt)
	return err
}

func updateMatter(ctx context.Context, tx *db.Tx, m Matter) error {
	return tx.ExecOne(ctx, `UPDATE reception_matters SET complexity = $2, criteria = $3, complexity_document = $4, dialogue_on = $5 WHERE id = $1`,
		m.ID, m.Complexity, m.Criteria, m.ComplexityDocument, m.DialogueOn)
}

func matterOf(ctx context.Context, tx *db.Tx, id string) (Matter, error) {
	m, err := db.One[Matter](ctx, tx, `SELECT `+matterColumns+` FROM reception_matters WHERE id = $1`, id)
	if fault.Is(err, "db.no_row") {
		return m, fault.New(fault.Missing, "cases.no_such_case")
	}
	return m, err
}

// matterRows is a page of the matters that the council settles itself.
func matterRows(ctx context.Context, tx *db.Tx, councilID string, kind Kind, after RegisterKey, limit int) ([]MatterRow, error) {
	statement, args := mattersQuery(councilID, kind, after, limit)
	return db.All[MatterRow](ctx, tx, statement, args...)
}

func mattersQuery(councilID string, kind Kind, after RegisterKey, limit int) (string, []any) {
	const from, order = `SELECT c.id, c.code, c.title, c.state, c.due, c.sealed, c.opened_at, m.kind, m.instance, m.accepted_on, m.letter_id
		FROM cases_cases c JOIN reception_matters m ON m.id = c.id WHERE c.council_id = $1 AND c.procedure = $2`, ` ORDER BY c.opened_at DESC, c.id DESC LIMIT $3`
	if after.ID == "" {
		return from + order, []any{councilID, kind, limit}
	}
	return from + ` AND (c.opened_at, c.id) < ($4, $5)` + order, []any{councilID, kind, limit, after.At, after.ID}
}

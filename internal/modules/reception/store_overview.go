package reception

import (
	"context"

	"example.vn/hdnd/internal/kernel/db"
)

const overviewQuery = `SELECT c.id, c.council_id, c.code, c.title, c.state, c.open, c.sealed, c.due, c.unit_code, l.kind, l.received_on, l.summary, l.sender_line, l.sender_count, l.body_id, l.result
	FROM cases_cases c JOIN reception_letters l ON l.id = c.id WHERE `

func overviewRows(ctx context.Context, tx *db.Tx, ids []string) ([]overview, error) {
	return db.All[overview](ctx, tx, overviewQuery+`c.id IN `+tx.In("$1"), db.List(ids))
}

// forwardings lists the forwardings of letters, of each the newest last.
func forwardings(ctx context.Context, tx *db.Tx, ids []string) ([]Sending, error) {
	return db.All[Sending](ctx, tx, `SELECT `+sendingColumns+` FROM reception_sendings WHERE letter_id IN `+tx.In("$1")+` AND kind = $2 ORDER BY letter_id, ordinal`, db.List(ids), PaperForward)
}

package figures

import (
	"context"

	"example.vn/hdnd/internal/kernel/db"
)

const columns = `id, council_id, form, period, councils, moment, status, counted, hash, made_by, made_name, made_at, checked_at, checked_hash, total, done`

func insertReport(ctx context.Context, tx *db.Tx, r Report) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_figures (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		r.ID, r.CouncilID, r.Form, r.Period, r.Councils, r.Moment, r.Status, r.Table, r.Hash, r.MadeBy, r.MadeName, r.MadeAt, r.CheckedAt, r.CheckedHash, r.Total, r.Done)
	return err
}

func reportOf(ctx context.Context, tx *db.Tx, id string) (Report, error) {
	return db.One[Report](ctx, tx, `SELECT `+columns+` FROM reception_figures WHERE id = $1`, id)
}

// reportsOf lists a council's reports, newest first, from after one of them.
func reportsOf(ctx context.Context, tx *db.Tx, councilID, before string, n int) ([]Report, error) {
	return db.All[Report](ctx, tx, `SELECT `+columns+` FROM reception_figures WHERE council_id = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3`, councilID, before, n)
}

// finish keeps what a report was counted to. One that is there already stays.
func finish(ctx context.Context, tx *db.Tx, r Report) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE reception_figures SET status = $1, counted = $2, hash = $3, done = total WHERE id = $4 AND status = $5`, Made, r.Table, r.Hash, r.ID, Waiting)
	return n == 1, err
}

func keepCheck(ctx context.Context, tx *db.Tx, r Report) error {
	return tx.ExecOne(ctx, `UPDATE reception_figures SET checked_at = $1, checked_hash = $2, done = total WHERE id = $3`, r.CheckedAt, r.CheckedHash, r.ID)
}

// noteProgress notes how far the job of a report has come.
func noteProgress(ctx context.Context, tx *db.Tx, id string, total, done int) error {
	_, err := tx.Exec(ctx, `UPDATE reception_figures SET total = $2, done = $3 WHERE id = $1`, id, total, done)
	return err
}

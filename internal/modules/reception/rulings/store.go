package rulings

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

const columns = `id, matter_id, ordinal, council_id, kind, from_body_id, number, symbol, at, on_day, due, reason, signer, signer_title, on_behalf, words, paper_id, draft_id`

func insert(ctx context.Context, tx *db.Tx, r Ruling) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_rulings (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		r.ID, r.MatterID, r.Ordinal, r.CouncilID, r.Kind, r.FromBodyID, r.Number, r.Symbol, r.At, r.On, r.Due, r.Reason, r.Signer, r.SignerTitle, r.OnBehalf, r.Words, r.PaperID, r.DraftID)
	return err
}

func setDue(ctx context.Context, tx *db.Tx, id string, due clock.Date) error {
	return tx.ExecOne(ctx, `UPDATE reception_rulings SET due = $2 WHERE id = $1`, id, due)
}

// setPapers ties a ruling to its files once they are drawn.
func setPapers(ctx context.Context, tx *db.Tx, id, paperID, draftID string) error {
	return tx.ExecOne(ctx, `UPDATE reception_rulings SET paper_id = $2, draft_id = $3 WHERE id = $1 AND paper_id = ''`, id, paperID, draftID)
}

func rulingOf(ctx context.Context, tx *db.Tx, id string) (Ruling, error) {
	return db.One[Ruling](ctx, tx, `SELECT `+columns+` FROM reception_rulings WHERE id = $1`, id)
}

func rulingsOf(ctx context.Context, tx *db.Tx, matterID string) ([]Ruling, error) {
	return db.All[Ruling](ctx, tx, `SELECT `+columns+` FROM reception_rulings WHERE matter_id = $1 ORDER BY ordinal LIMIT 200`, matterID)
}

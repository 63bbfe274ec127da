package letters

import (
	"context"

	"example.vn/hdnd/internal/kernel/db"
)

const columns = `id, petition_id, round, to_body_id, from_body_id, number, symbol, signer, signer_title, on_behalf, due, at, paper_id`

func insert(ctx context.Context, tx *db.Tx, f Forwarding) error {
	_, err := tx.Exec(ctx, `INSERT INTO petitions_forwardings (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		f.ID, f.PetitionID, f.Round, f.ToBodyID, f.FromBodyID, f.Number, f.Symbol, f.Signer, f.SignerPost, f.OnBehalf, f.Due, f.At, f.PaperID)
	return err
}

func setPaper(ctx context.Context, tx *db.Tx, id, paperID string) error {
	return tx.ExecOne(ctx, `UPDATE petitions_forwardings SET paper_id = $2 WHERE id = $1 AND paper_id = ''`, id, paperID)
}

func one(ctx context.Context, tx *db.Tx, id string) (Forwarding, error) {
	return db.One[Forwarding](ctx, tx, `SELECT `+columns+` FROM petitions_forwardings WHERE id = $1`, id)
}

// Of lists the sendings of a petition, oldest first.
func Of(ctx context.Context, tx *db.Tx, petitionID string) ([]Forwarding, error) {
	return db.All[Forwarding](ctx, tx, `SELECT `+columns+` FROM petitions_forwardings WHERE petition_id = $1 ORDER BY id LIMIT 100`, petitionID)
}

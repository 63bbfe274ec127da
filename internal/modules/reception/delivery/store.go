package delivery

import (
	"context"

	"example.vn/hdnd/internal/kernel/db"
)

const columns = `sending_id, ordinal, letter_id, kind, ref, title, pages`

func insert(ctx context.Context, tx *db.Tx, e Enclosure) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_enclosures (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)`, e.SendingID, e.Ordinal, e.LetterID, e.Kind, e.Ref, e.Title, e.Pages)
	return err
}

func ofLetter(ctx context.Context, tx *db.Tx, letterID string) ([]Enclosure, error) {
	return db.All[Enclosure](ctx, tx, `SELECT `+columns+` FROM reception_enclosures WHERE letter_id = $1 ORDER BY sending_id, ordinal LIMIT $2`, letterID, 4*most)
}

func drop(ctx context.Context, tx *db.Tx, letterID string) error {
	_, err := tx.Exec(ctx, `DELETE FROM reception_enclosures WHERE letter_id = $1`, letterID)
	return err
}

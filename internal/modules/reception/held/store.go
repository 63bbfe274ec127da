package held

import (
	"context"

	"example.vn/hdnd/internal/kernel/db"
)

// row is one scan that is held.
type row struct {
	LetterID  string `db:"letter_id"`
	Number    int    `db:"number"`
	CouncilID string `db:"council_id"`
	About     []byte `db:"about"`
	Refused   bool   `db:"refused"`
}

const rowsMost = 20

func insertHeld(ctx context.Context, tx *db.Tx, r row) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_held (letter_id, number, council_id, about, refused) VALUES ($1, $2, $3, $4, $5)`, r.LetterID, r.Number, r.CouncilID, r.About, r.Refused)
	return err
}

func heldOf(ctx context.Context, tx *db.Tx, letterID string) ([]row, error) {
	return db.All[row](ctx, tx, `SELECT letter_id, number, council_id, about, refused FROM reception_held WHERE letter_id = $1 ORDER BY number LIMIT $2`, letterID, rowsMost)
}

func markRefused(ctx context.Context, tx *db.Tx, letterID string, number int) error {
	return tx.ExecOne(ctx, `UPDATE reception_held SET refused = $3 WHERE letter_id = $1 AND number = $2`, letterID, number, true)
}

func dropHeld(ctx context.Context, tx *db.Tx, letterID string, number int) error {
	if _, err := tx.Exec(ctx, `DELETE FROM reception_held_pieces WHERE letter_id = $1 AND number = $2`, letterID, number); err != nil {
		return err
	}
	return tx.ExecOne(ctx, `DELETE FROM reception_held WHERE letter_id = $1 AND number = $2`, letterID, number)
}

func insertPiece(ctx context.Context, tx *db.Tx, letterID string, number, index int, box []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_held_pieces (letter_id, number, idx, box) VALUES ($1, $2, $3, $4)`, letterID, number, index, box)
	return err
}

func piecesOf(ctx context.Context, tx *db.Tx, letterID string, number int) ([][]byte, error) {
	return db.All[[]byte](ctx, tx, `SELECT box FROM reception_held_pieces WHERE letter_id = $1 AND number = $2 ORDER BY idx LIMIT 100`, letterID, number)
}

package petitions

import (
	"context"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

func insertRefusal(ctx context.Context, tx *db.Tx, c *cases.Case, reason RefusalReason, on clock.Date) error {
	_, err := tx.Exec(ctx, `INSERT INTO petitions_refusals (petition_id, round, council_id, reason, day) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (petition_id, round) DO UPDATE SET reason = excluded.reason, day = excluded.day`, c.ID, c.Round, c.CouncilID, reason, on)
	return err
}

// dropRefusal takes back that a petition was refused in this round.
func dropRefusal(ctx context.Context, tx *db.Tx, c *cases.Case) error {
	_, err := tx.Exec(ctx, `DELETE FROM petitions_refusals WHERE petition_id = $1 AND round = $2`, c.ID, c.Round)
	return err
}

// Tally is how often something happened.
//
// vi: số lượng theo loại
type Tally struct {
	Key string `db:"reason"`
	N   int64  `db:"n"`
}

// refusalsSince counts refusals by their reason, for everybody to see.
func refusalsSince(ctx context.Context, tx *db.Tx, day clock.Date) ([]Tally, error) {
	return db.All[Tally](ctx, tx, `SELECT reason, COUNT(*) AS n FROM petitions_refusals WHERE day >= $1 GROUP BY reason ORDER BY n DESC, reason LIMIT 50`, day)
}

func saveDraft(ctx context.Context, tx *db.Tx, d fileDraft, at db.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO petitions_drafts (token, files, at) VALUES ($1, $2, $3)`, d.Token, d.Files, at)
	return err
}

func draftOf(ctx context.Context, tx *db.Tx, token string, since db.Time) (fileDraft, error) {
	return db.One[fileDraft](ctx, tx, `SELECT token, files FROM petitions_drafts WHERE token = $1 AND at >= $2`, token, since)
}

func dropDrafts(ctx context.Context, tx *db.Tx, before db.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM petitions_drafts WHERE at < $1`, before)
	return err
}

func dropContact(ctx context.Context, tx *db.Tx, id string) error {
	return tx.ExecOne(ctx, `UPDATE petitions_petitions SET email = '', phone = '' WHERE id = $1`, id)
}

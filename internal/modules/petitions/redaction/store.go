package redaction

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

func keep(ctx context.Context, tx *db.Tx, id, councilID string, reason Reason, on clock.Date) error {
	_, err := tx.Exec(ctx, `INSERT INTO petitions_withheld (petition_id, council_id, reason, day) VALUES ($1, $2, $3, $4)
		ON CONFLICT (petition_id) DO UPDATE SET reason = excluded.reason, day = excluded.day`, id, councilID, string(reason), on)
	return err
}

func forget(ctx context.Context, tx *db.Tx, id string) error {
	_, err := tx.Exec(ctx, `DELETE FROM petitions_withheld WHERE petition_id = $1`, id)
	return err
}

// Of gives why a petition is not published; empty when it is, or was never
// decided.
func Of(ctx context.Context, tx *db.Tx, id string) (Reason, error) {
	all, err := db.All[Reason](ctx, tx, `SELECT reason FROM petitions_withheld WHERE petition_id = $1`, id)
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0], nil
}

func counts(ctx context.Context, tx *db.Tx, councilID string, from, until clock.Date) ([]Count, error) {
	return db.All[Count](ctx, tx, `SELECT reason, count(*) AS n FROM petitions_withheld
		WHERE ($1 = '' OR council_id = $1) AND day >= $2 AND day <= $3 GROUP BY reason ORDER BY n DESC, reason`, councilID, from, until)
}

package demo

import (
	"context"

	"example.vn/hdnd/internal/kernel/db"
)

func markedCouncils(ctx context.Context, tx *db.Tx) (bool, error) {
	n, err := db.One[int64](ctx, tx, `SELECT count(*) FROM org_councils WHERE demonstration`)
	return n > 0, err
}

func noCouncils(ctx context.Context, tx *db.Tx) (bool, error) {
	n, err := db.One[int64](ctx, tx, `SELECT count(*) FROM org_councils`)
	return n == 0, err
}

func markCouncils(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE org_councils SET demonstration = $1, version = version + 1`, true)
	return err
}

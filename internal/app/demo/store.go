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

// unreadPeople lists who has notices to read.
func unreadPeople(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.All[string](ctx, tx, `SELECT DISTINCT person_id FROM notify_messages WHERE read_at = 0 ORDER BY person_id`)
}

// unreadBefore is a person's newest unread notice but for the newest few; empty
// when there are no more.
func unreadBefore(ctx context.Context, tx *db.Tx, personID string, few int) (string, error) {
	all, err := db.All[string](ctx, tx, `SELECT id FROM notify_messages WHERE person_id = $1 AND read_at = 0 ORDER BY id DESC LIMIT 1 OFFSET $2`, personID, few)
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0], nil
}

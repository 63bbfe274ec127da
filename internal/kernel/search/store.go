package search

import (
	"context"
	"embed"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/db"
)

// Files holds the schema and the sentences.
//
//go:embed text migrations
var Files embed.FS

// change is a row of search_changes.
type change struct {
	Seq  int64   `db:"seq"`
	Kind string  `db:"kind"`
	ID   string  `db:"id"`
	At   db.Time `db:"at"`
}

func insertChange(ctx context.Context, tx *db.Tx, kind, id string, at time.Time) error {
	return tx.Insert(ctx, `search_changes`, `kind, id, at`, kind, id, db.At(at))
}

func changesAfter(ctx context.Context, tx *db.Tx, seq int64, n int) ([]change, error) {
	return db.All[change](ctx, tx, `SELECT seq, kind, id, at FROM search_changes WHERE seq > $1 ORDER BY seq LIMIT $2`, seq, n)
}

// lateMax is how many numbers one query looks for.
const lateMax = 32

var lateChanges = `SELECT seq, kind, id, at FROM search_changes WHERE seq IN ($1, $2, $3, $4, $5, $6, $7, $8, ` +
	`$9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)`

// changesAt looks for up to lateMax numbers that were missing.
func changesAt(ctx context.Context, tx *db.Tx, seqs []int64) ([]change, error) {
	args := make([]any, lateMax)
	for i := range args {
		args[i] = seqs[min(i, len(seqs)-1)]
	}
	return db.All[change](ctx, tx, lateChanges, args...)
}

// lastChange is the newest row up to seq, none if there is none.
func lastChange(ctx context.Context, tx *db.Tx, seq int64) (change, error) {
	rows, err := db.All[change](ctx, tx, `SELECT seq, kind, id, at FROM search_changes WHERE seq <= $1 ORDER BY seq DESC LIMIT 1`, seq)
	if err != nil || len(rows) == 0 {
		return change{}, err
	}
	return rows[0], nil
}

func lastSeqBefore(ctx context.Context, tx *db.Tx, at time.Time) (int64, error) {
	return db.One[int64](ctx, tx, `SELECT COALESCE(MAX(seq), 0) FROM search_changes WHERE at < $1`, db.At(at))
}

func mark(ctx context.Context, tx *db.Tx, name string) (int64, error) {
	return db.One[int64](ctx, tx, `SELECT value FROM search_marks WHERE name = $1`, name)
}

// snapshotEdge is PostgreSQL's word on which transactions are still open: all
// before Oldest have ended, none at or after Next has begun.
type snapshotEdge struct {
	Oldest int64 `db:"oldest"`
	Next   int64 `db:"next"`
}

// edge is where this transaction's view ends. SQLite has one writer, which
// numbers and commits in the same order, so nothing there is ever late.
func edge(ctx context.Context, tx *db.Tx) (snapshotEdge, error) {
	if tx.Dialect() == db.SQLite {
		return snapshotEdge{}, nil
	}
	return db.One[snapshotEdge](ctx, tx, strings.TrimSpace(`
		SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT) AS oldest,
		       CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS TEXT) AS BIGINT) AS next`))
}

// prune deletes up to n changes before seq that are older than at.
func prune(ctx context.Context, tx *db.Tx, seq int64, at time.Time, n int) (int64, error) {
	to, err := db.One[int64](ctx, tx, `SELECT COALESCE(MAX(seq), 0) FROM (SELECT seq FROM search_changes WHERE seq < $1 AND at < $2 ORDER BY seq LIMIT $3) AS old`, seq, db.At(at), n)
	if err != nil || to == 0 {
		return 0, err
	}
	gone, err := tx.Exec(ctx, `DELETE FROM search_changes WHERE seq <= $1`, to)
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `UPDATE search_marks SET value = $1 WHERE name = 'pruned_to' AND value < $1`, to)
	return gone, err
}

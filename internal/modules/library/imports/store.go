package imports

import (
	"context"

	"example.vn/hdnd/internal/kernel/db"
)

const (
	batchColumns = `id, council_id, body_id, name, source, state, actor, mark, created_at, ended_at`
	itemColumns  = `id, batch_id, council_id, number, name, hash, size_bytes, kind, media_type, pages, pages_done, state, document_id, problem, notes, confidence, attempts, lease, lease_until, begun_at, ended_at`
)

func insertBatch(ctx context.Context, tx *db.Tx, b Batch) error {
	_, err := tx.Exec(ctx, `INSERT INTO library_batches (`+batchColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		b.ID, b.CouncilID, b.BodyID, b.Name, b.Source, b.State, b.Actor, b.Mark, b.CreatedAt, b.EndedAt)
	return err
}

func batchOf(ctx context.Context, tx *db.Tx, id string) (Batch, error) {
	return db.One[Batch](ctx, tx, `SELECT `+batchColumns+` FROM library_batches WHERE id = $1`, id)
}

func batchesMarked(ctx context.Context, tx *db.Tx, councilID, mark string) ([]Batch, error) {
	return db.All[Batch](ctx, tx, `SELECT `+batchColumns+` FROM library_batches WHERE council_id = $1 AND mark = $2 AND mark <> '' LIMIT 1`, councilID, mark)
}

// batchesOf lists a council's batches after one, the newest first.
func batchesOf(ctx context.Context, tx *db.Tx, councilID, after string, limit int) ([]Batch, error) {
	if after == "" {
		return db.All[Batch](ctx, tx, `SELECT `+batchColumns+` FROM library_batches WHERE council_id = $1 ORDER BY id DESC LIMIT $2`, councilID, limit)
	}
	return db.All[Batch](ctx, tx, `SELECT `+batchColumns+` FROM library_batches WHERE council_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`, councilID, after, limit)
}

// turnBatch moves a batch on from the state it was read in.
func turnBatch(ctx context.Context, tx *db.Tx, b Batch, from State) error {
	return tx.ExecOne(ctx, `UPDATE library_batches SET state = $2, actor = $3, ended_at = $4 WHERE id = $1 AND state = $5`, b.ID, b.State, b.Actor, b.EndedAt, from)
}

func insertItem(ctx context.Context, tx *db.Tx, i Item) error {
	_, err := tx.Exec(ctx, `INSERT INTO library_items (`+itemColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
		i.ID, i.BatchID, i.CouncilID, i.Number, i.Name, i.Hash, i.Size, i.Kind, i.MediaType, i.Pages, i.PagesDone, i.State, i.DocumentID, i.Problem, i.Notes, i.Confidence, i.Attempts, i.Lease, i.LeaseUntil, i.BegunAt, i.EndedAt)
	return err
}

func countNamed(ctx context.Context, tx *db.Tx, batchID, name string) (int64, error) {
	return db.One[int64](ctx, tx, `SELECT COUNT(*) FROM library_items WHERE batch_id = $1 AND name = $2`, batchID, name)
}

func lastNumber(ctx context.Context, tx *db.Tx, batchID string) (int64, error) {
	return db.One[int64](ctx, tx, `SELECT COALESCE(MAX(number), 0) FROM library_items WHERE batch_id = $1`, batchID)
}

// nextItem is the file to be read next: one that was begun and left comes first.
// One that another holds is passed by.
func nextItem(ctx context.Context, tx *db.Tx, batchID string, now db.Time) ([]Item, error) {
	begun, err := db.All[Item](ctx, tx, `SELECT `+itemColumns+` FROM library_items WHERE batch_id = $1 AND state = 'reading' AND lease_until < $2 ORDER BY number LIMIT 1`, batchID, now)
	if err != nil || len(begun) > 0 {
		return begun, err
	}
	return db.All[Item](ctx, tx, `SELECT `+itemColumns+` FROM library_items WHERE batch_id = $1 AND state = 'waiting' ORDER BY number LIMIT 1`, batchID)
}

func countReading(ctx context.Context, tx *db.Tx, batchID string) (int64, error) {
	return db.One[int64](ctx, tx, `SELECT COUNT(*) FROM library_items WHERE batch_id = $1 AND state = 'reading'`, batchID)
}

func claimItem(ctx context.Context, tx *db.Tx, i Item) error {
	return tx.ExecOne(ctx, `UPDATE library_items SET state = $2, lease = $3, lease_until = $4, attempts = $5, begun_at = $6 WHERE id = $1 AND state IN ('waiting', 'reading')`,
		i.ID, i.State, i.Lease, i.LeaseUntil, i.Attempts, i.BegunAt)
}

// renewItem keeps an item with who reads it.
func renewItem(ctx context.Context, tx *db.Tx, id, lease string, until db.Time) error {
	return tx.ExecOne(ctx, `UPDATE library_items SET lease_until = $3 WHERE id = $1 AND lease = $2 AND state = 'reading'`, id, lease, until)
}

// releaseItem gives back what was claimed and not finished; nothing is wrong with it.
func releaseItem(ctx context.Context, tx *db.Tx, id, lease string) error {
	_, err := tx.Exec(ctx, `UPDATE library_items SET lease = '', lease_until = 0, attempts = CASE WHEN attempts > 0 THEN attempts - 1 ELSE 0 END WHERE id = $1 AND lease = $2 AND state = 'reading'`, id, lease)
	return err
}

// holdItem fails when the item is no longer this turn's.
func holdItem(ctx context.Context, tx *db.Tx, id, lease string) error {
	return tx.ExecOne(ctx, `UPDATE library_items SET lease = $2 WHERE id = $1 AND lease = $2 AND state = 'reading'`, id, lease)
}

// advanceItem notes pages that were kept; the file has shown that it can be read.
func advanceItem(ctx context.Context, tx *db.Tx, i Item, lease string) error {
	return tx.ExecOne(ctx, `UPDATE library_items SET pages = $3, pages_done = $4, attempts = 0 WHERE id = $1 AND lease = $2 AND state = 'reading'`, i.ID, lease, i.Pages, i.PagesDone)
}

func endItem(ctx context.Context, tx *db.Tx, i Item, lease string) error {
	return tx.ExecOne(ctx, `UPDATE library_items SET state = $3, document_id = $4, problem = $5, notes = $6, confidence = $7, pages = $8, pages_done = $9, hash = $10, ended_at = $11, lease = '', lease_until = 0
		WHERE id = $1 AND lease = $2 AND state = 'reading'`, i.ID, lease, i.State, i.DocumentID, i.Problem, i.Notes, i.Confidence, i.Pages, i.PagesDone, i.Hash, i.EndedAt)
}

func openItems(ctx context.Context, tx *db.Tx, batchID string) ([]string, error) {
	return db.All[string](ctx, tx, `SELECT id FROM library_items WHERE batch_id = $1 AND state IN ('waiting', 'reading') ORDER BY number LIMIT 100000`, batchID)
}

func dropItems(ctx context.Context, tx *db.Tx, batchID string, now db.Time) error {
	if _, err := tx.Exec(ctx, `DELETE FROM library_item_pages WHERE item_id IN (SELECT id FROM library_items WHERE batch_id = $1 AND state IN ('waiting', 'reading'))`, batchID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE library_items SET state = 'dropped', lease = '', ended_at = $2 WHERE batch_id = $1 AND state IN ('waiting', 'reading')`, batchID, now)
	return err
}

// againItems has failed files wait anew: all of a batch, or one.
func againItems(ctx context.Context, tx *db.Tx, batchID, itemID string) (int64, error) {
	return tx.Exec(ctx, `UPDATE library_items SET state = 'waiting', problem = '{}', attempts = 0, lease = '', lease_until = 0, pages_done = 0, ended_at = 0
		WHERE batch_id = $1 AND state = 'failed' AND hash <> '' AND ($2 = '' OR id = $2)`, batchID, itemID)
}

func countAgain(ctx context.Context, tx *db.Tx, batchID string) (int64, error) {
	return db.One[int64](ctx, tx, `SELECT COUNT(*) FROM library_items WHERE batch_id = $1 AND state = 'failed' AND hash <> ''`, batchID)
}

func countItems(ctx context.Context, tx *db.Tx, batchID string) (map[ItemState]int64, error) {
	type count struct {
		State ItemState `db:"state"`
		N     int64     `db:"n"`
	}
	rows, err := db.All[count](ctx, tx, `SELECT state, COUNT(*) AS n FROM library_items WHERE batch_id = $1 GROUP BY state LIMIT 20`, batchID)
	all := make(map[ItemState]int64, len(rows))
	for _, r := range rows {
		all[r.State] = r.N
	}
	return all, err
}

// itemsOf lists the files of a batch after one, of a state or of all.
func itemsOf(ctx context.Context, tx *db.Tx, batchID string, state ItemState, after int64, limit int) ([]Item, error) {
	if state == "" {
		return db.All[Item](ctx, tx, `SELECT `+itemColumns+` FROM library_items WHERE batch_id = $1 AND number > $2 ORDER BY number LIMIT $3`, batchID, after, limit)
	}
	return db.All[Item](ctx, tx, `SELECT `+itemColumns+` FROM library_items WHERE batch_id = $1 AND state = $2 AND number > $3 ORDER BY number LIMIT $4`, batchID, state, after, limit)
}

func insertPages(ctx context.Context, tx *db.Tx, itemID string, pages []Page) error {
	for _, p := range pages {
		if _, err := tx.Exec(ctx, `INSERT INTO library_item_pages (item_id, number, page) VALUES ($1, $2, $3)
			ON CONFLICT (item_id, number) DO UPDATE SET page = excluded.page`, itemID, p.Number, db.JSON[Page]{V: p}); err != nil {
			return err
		}
	}
	return nil
}

// pagesOf reads all pages of one file: a document is made of all of them.
func pagesOf(ctx context.Context, tx *db.Tx, itemID string) ([]Page, error) {
	rows, err := db.All[db.JSON[Page]](ctx, tx, `SELECT page FROM library_item_pages WHERE item_id = $1 ORDER BY number LIMIT 100000`, itemID)
	all := make([]Page, len(rows))
	for i, r := range rows {
		all[i] = r.V
	}
	return all, err
}

func dropPages(ctx context.Context, tx *db.Tx, itemID string) error {
	_, err := tx.Exec(ctx, `DELETE FROM library_item_pages WHERE item_id = $1`, itemID)
	return err
}

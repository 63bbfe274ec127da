package scans

import (
	"context"

	"example.vn/hdnd/internal/kernel/db"
)

const scanColumns = `file_id, number, council_id, added_by, adder, added_at, mark`

func insertScan(ctx context.Context, tx *db.Tx, s Scan) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_scans (`+scanColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)`, s.FileID, s.Number, s.CouncilID, s.AddedBy, s.Adder, s.AddedAt, s.Mark)
	return err
}

// addedTo lists the scans that were added to a compartment.
func addedTo(ctx context.Context, tx *db.Tx, fileID string) ([]Scan, error) {
	return db.All[Scan](ctx, tx, `SELECT `+scanColumns+` FROM reception_scans WHERE file_id = $1 ORDER BY number LIMIT $2`, fileID, scansMost)
}

// areasRow is where somebody hides something in a scan.
type areasRow struct {
	Areas db.JSON[[]PageArea] `db:"areas"`
}

func savedAreas(ctx context.Context, tx *db.Tx, fileID string, scan int64, personID string) ([]areasRow, error) {
	return db.All[areasRow](ctx, tx, `SELECT areas FROM reception_scan_areas WHERE file_id = $1 AND scan = $2 AND person_id = $3`, fileID, scan, personID)
}

func latestAreas(ctx context.Context, tx *db.Tx, fileID string, scan int64) ([]areasRow, error) {
	return db.All[areasRow](ctx, tx, `SELECT areas FROM reception_scan_copies WHERE file_id = $1 AND scan = $2 ORDER BY number DESC LIMIT 1`, fileID, scan)
}

func saveAreas(ctx context.Context, tx *db.Tx, fileID string, scan int64, personID, councilID string, areas db.JSON[[]PageArea], at db.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_scan_areas (file_id, scan, person_id, council_id, areas, saved_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (file_id, scan, person_id) DO UPDATE SET areas = $5, saved_at = $6`, fileID, scan, personID, councilID, areas, at)
	return err
}

const copyColumns = `file_id, number, council_id, scan, pages, areas, state, made_by, maker, made_at, decided_by, decider, decided_at, mark`

func insertCopy(ctx context.Context, tx *db.Tx, c Copy) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_scan_copies (`+copyColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		c.FileID, c.Number, c.CouncilID, c.Scan, c.Pages, c.Areas, c.State, c.MadeBy, c.Maker, c.MadeAt, c.DecidedBy, c.Decider, c.DecidedAt, c.Mark)
	return err
}

// decideCopy saves what became of a copy that still stood as it was loaded.
func decideCopy(ctx context.Context, tx *db.Tx, c Copy, was CopyState) error {
	return tx.ExecOne(ctx, `UPDATE reception_scan_copies SET state = $4, decided_by = $5, decider = $6, decided_at = $7 WHERE file_id = $1 AND number = $2 AND state = $3`,
		c.FileID, c.Number, was, c.State, c.DecidedBy, c.Decider, c.DecidedAt)
}

// copiesOf lists the copies of a denunciation's scans, the newest first.
func copiesOf(ctx context.Context, tx *db.Tx, fileID string) ([]Copy, error) {
	return db.All[Copy](ctx, tx, `SELECT `+copyColumns+` FROM reception_scan_copies WHERE file_id = $1 ORDER BY number DESC LIMIT $2`, fileID, copiesMost)
}

func copyOf(ctx context.Context, tx *db.Tx, fileID string, number int64) (Copy, error) {
	return db.One[Copy](ctx, tx, `SELECT `+copyColumns+` FROM reception_scan_copies WHERE file_id = $1 AND number = $2`, fileID, number)
}

func insertPiece(ctx context.Context, tx *db.Tx, c Copy, index int, piece []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_scan_pieces (file_id, number, idx, piece) VALUES ($1, $2, $3, $4)`, c.FileID, c.Number, index, piece)
	return err
}

func dropPieces(ctx context.Context, tx *db.Tx, c Copy) error {
	_, err := tx.Exec(ctx, `DELETE FROM reception_scan_pieces WHERE file_id = $1 AND number = $2`, c.FileID, c.Number)
	return err
}

func piecesOf(ctx context.Context, tx *db.Tx, c Copy) ([][]byte, error) {
	return db.All[[]byte](ctx, tx, `SELECT piece FROM reception_scan_pieces WHERE file_id = $1 AND number = $2 ORDER BY idx LIMIT $3`, c.FileID, c.Number, piecesMost)
}

package gate

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

const batchColumns = `id, council_id, body_id, reason, note, picked, state, drawn_by, drawn_at, decided_by, decided_at, ended_at, undo_note, undo_asked_by, undo_asked_at, undo_by, undo_at`

// petitionsOfMark lists the petitions that left a mark within a time.
func petitionsOfMark(ctx context.Context, tx *db.Tx, councilID string, p Picked, limit int) ([]string, error) {
	return db.All[string](ctx, tx, `SELECT petition_id FROM petitions_traces WHERE `+column(p.By)+` = $1 AND `+column(p.By)+` <> '' AND at >= $2 AND at <= $3
		AND council_id = $4 AND kind IN ('petition', 'request') ORDER BY at DESC LIMIT $5`, p.Mark, db.At(p.From), db.At(p.Until), councilID, limit)
}

// candidates reads petitions of one council as they stand now. Sealed ones are
// nobody's to see here.
func candidates(ctx context.Context, tx *db.Tx, councilID string, ids []string) ([]candidate, error) {
	return db.All[candidate](ctx, tx, `SELECT c.id, c.code, c.title, c.state, c.sealed, c.opened_at,
			(SELECT COUNT(*) FROM cases_acts a WHERE a.case_id = c.id AND a.verb NOT IN ('remind', 'escalate')) AS acts,
			(SELECT COUNT(*) FROM petitions_invalidated i JOIN petitions_invalidations b ON b.id = i.batch_id
				WHERE i.petition_id = c.id AND i.state IN ('picked', 'done') AND b.state NOT IN ('dropped', 'undone')) AS elsewhere
		FROM cases_cases c WHERE c.council_id = $1 AND c.procedure = 'petition' AND NOT c.sealed AND c.id `+tx.In("$2")+` ORDER BY c.opened_at DESC, c.id DESC`, councilID, db.List(ids))
}

func insertBatch(ctx context.Context, tx *db.Tx, b Batch) error {
	_, err := tx.Exec(ctx, `INSERT INTO petitions_invalidations (`+batchColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		b.ID, b.CouncilID, b.BodyID, b.Reason, b.Note, b.Picked, b.State, b.DrawnBy, b.DrawnAt, b.DecidedBy, b.DecidedAt, b.EndedAt, b.UndoNote, b.UndoAskedBy, b.UndoAskedAt, b.UndoBy, b.UndoAt)
	return err
}

// keepForm gives the batch that the same form drew up before, else this one.
func keepForm(ctx context.Context, tx *db.Tx, once, batchID string, at db.Time) (string, error) {
	if _, err := tx.Exec(ctx, `INSERT INTO petitions_proofs (mark, batch_id, at) VALUES ($1, $2, $3) ON CONFLICT (mark) DO NOTHING`, "form:"+once, batchID, at); err != nil {
		return "", err
	}
	return batchOfForm(ctx, tx, once)
}

// batchOfForm is the batch that a form drew up; empty when it drew up none.
func batchOfForm(ctx context.Context, tx *db.Tx, once string) (string, error) {
	id, err := db.One[string](ctx, tx, `SELECT batch_id FROM petitions_proofs WHERE mark = $1`, "form:"+once)
	if fault.Is(err, "db.no_row") {
		return "", nil
	}
	return id, err
}

func insertItems(ctx context.Context, tx *db.Tx, batchID string, items []Item, at db.Time) error {
	for _, it := range items {
		if _, err := tx.Exec(ctx, `INSERT INTO petitions_invalidated (batch_id, petition_id, state, why, at) VALUES ($1, $2, $3, $4, $5)`, batchID, it.ID, it.State, it.Why, at); err != nil {
			return err
		}
	}
	return nil
}

func batchOf(ctx context.Context, tx *db.Tx, id string) (Batch, error) {
	return db.One[Batch](ctx, tx, `SELECT `+batchColumns+` FROM petitions_invalidations WHERE id = $1`, id)
}

// batchesOf lists a council's batches, the newest first.
func batchesOf(ctx context.Context, tx *db.Tx, councilID, before string, limit int) ([]Batch, error) {
	return db.All[Batch](ctx, tx, `SELECT `+batchColumns+` FROM petitions_invalidations WHERE council_id = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3`, councilID, before, limit)
}

// turnBatch moves a batch on from the state it was read in.
func turnBatch(ctx context.Context, tx *db.Tx, b Batch, from BatchState) error {
	return tx.ExecOne(ctx, `UPDATE petitions_invalidations SET state = $2, decided_by = $3, decided_at = $4, ended_at = $5, undo_note = $6, undo_asked_by = $7, undo_asked_at = $8, undo_by = $9, undo_at = $10
		WHERE id = $1 AND state = $11`, b.ID, b.State, b.DecidedBy, b.DecidedAt, b.EndedAt, b.UndoNote, b.UndoAskedBy, b.UndoAskedAt, b.UndoBy, b.UndoAt, from)
}

func itemsLeft(ctx context.Context, tx *db.Tx, batchID string, state ItemState, limit int) ([]string, error) {
	return db.All[string](ctx, tx, `SELECT petition_id FROM petitions_invalidated WHERE batch_id = $1 AND state = $2 ORDER BY petition_id LIMIT $3`, batchID, state, limit)
}

func turnItem(ctx context.Context, tx *db.Tx, batchID, petitionID string, from, to ItemState, why string, at db.Time) error {
	return tx.ExecOne(ctx, `UPDATE petitions_invalidated SET state = $4, why = $5, at = $6 WHERE batch_id = $1 AND petition_id = $2 AND state = $3`, batchID, petitionID, from, to, why, at)
}

// letAgain ends the hold of a petition that was invalidated and came back.
func letAgain(ctx context.Context, tx *db.Tx, petitionID string, at db.Time, by string) (was bool, err error) {
	n, err := tx.Exec(ctx, `UPDATE petitions_held SET state = 'released', ended_at = $2, ended_by = $3 WHERE petition_id = $1 AND state = 'invalidated'`, petitionID, at, by)
	return n == 1, err
}

// itemsOf lists petitions of a batch after one; of one state or of all.
func itemsOf(ctx context.Context, tx *db.Tx, batchID string, state ItemState, after string, limit int) ([]Item, error) {
	return db.All[Item](ctx, tx, `SELECT i.petition_id, c.code, c.title, i.state, i.why, i.at FROM petitions_invalidated i JOIN cases_cases c ON c.id = i.petition_id
		WHERE i.batch_id = $1 AND ($2 = '' OR i.state = $2) AND i.petition_id > $3 AND NOT c.sealed ORDER BY i.petition_id LIMIT $4`, batchID, state, after, limit)
}

func countItems(ctx context.Context, tx *db.Tx, batchID string) (map[ItemState]int64, error) {
	type row struct {
		State ItemState `db:"state"`
		N     int64     `db:"n"`
	}
	rows, err := db.All[row](ctx, tx, `SELECT state, COUNT(*) AS n FROM petitions_invalidated WHERE batch_id = $1 GROUP BY state`, batchID)
	all := make(map[ItemState]int64, len(rows))
	for _, r := range rows {
		all[r.State] = r.N
	}
	return all, err
}

// Invalidation is why a petition was taken out as abuse, for the voter's page.
//
// vi: quyết định loại bỏ
type Invalidation struct {
	Reason string  `db:"reason"`
	At     db.Time `db:"at"`
}

// InvalidationOf tells why a petition was invalidated; ok is false when it was
// not, or was brought back.
func InvalidationOf(ctx context.Context, tx *db.Tx, petitionID string) (v Invalidation, ok bool, err error) {
	found, err := db.All[Invalidation](ctx, tx, `SELECT b.reason, i.at FROM petitions_invalidated i JOIN petitions_invalidations b ON b.id = i.batch_id
		WHERE i.petition_id = $1 AND i.state = 'done' ORDER BY i.at DESC LIMIT 1`, petitionID)
	if err != nil || len(found) == 0 {
		return v, false, err
	}
	return found[0], true, nil
}

// Count is how many petitions were invalidated for one reason.
//
// vi: -
type Count struct {
	Reason string `db:"reason"`
	N      int64  `db:"n"`
}

// Counts counts what was invalidated, and not brought back, by reason, for
// everybody to see; of one council or of all.
func Counts(ctx context.Context, tx *db.Tx, councilID string, from, until clock.Date) ([]Count, error) {
	return db.All[Count](ctx, tx, `SELECT b.reason, COUNT(*) AS n FROM petitions_invalidated i JOIN petitions_invalidations b ON b.id = i.batch_id
		WHERE i.state = 'done' AND i.at >= $2 AND i.at < $3 AND ($1 = '' OR b.council_id = $1) GROUP BY b.reason ORDER BY n DESC, b.reason LIMIT 20`,
		councilID, db.At(from.Time()), db.At(until.End()))
}

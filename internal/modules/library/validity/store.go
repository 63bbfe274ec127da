package validity

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

const relationColumns = `id, council_id, from_document, from_anchor, kind, to_document, to_symbol, to_key, to_anchor, effective_on, ends_on, op, new_text, after_anchor, place, quote,
	source, confidence, state, confirmed_by, confirmed_name, changed_at, mark, revision`

// graphColumns leaves out the long texts, which no status needs.
const graphColumns = `id, council_id, from_document, from_anchor, kind, to_document, to_symbol, to_key, to_anchor, effective_on, ends_on, op, quote, state`

const (
	relationsMax = 2000 // of one document, on its page
	chunk        = 200  // documents worked out in one transaction
)

func insertRelation(ctx context.Context, tx *db.Tx, r Relation) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO library_relations (`+relationColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24) ON CONFLICT DO NOTHING`,
		r.ID, r.CouncilID, r.From, r.FromAnchor, r.Kind, r.To, r.ToSymbol, r.ToKey, r.ToAnchor, r.EffectiveOn, r.EndsOn, r.Op, r.NewText, r.After, r.Place, r.Quote,
		r.Source, r.Confidence, r.State, r.ConfirmedBy, r.ConfirmedName, r.ChangedAt, r.Mark, r.Revision)
	return n == 1, err
}

// updateRelation saves a relation that nobody else changed since it was loaded.
func updateRelation(ctx context.Context, tx *db.Tx, r Relation) error {
	return tx.ExecOne(ctx, `UPDATE library_relations SET to_document = $3, effective_on = $4, ends_on = $5, op = $6, new_text = $7, after_anchor = $8, state = $9, confirmed_by = $10, confirmed_name = $11,
			changed_at = $12, source = $13, confidence = $14, revision = revision + 1
		WHERE id = $1 AND revision = $2`,
		r.ID, r.Revision, r.To, r.EffectiveOn, r.EndsOn, r.Op, r.NewText, r.After, r.State, r.ConfirmedBy, r.ConfirmedName, r.ChangedAt, r.Source, r.Confidence)
}

func deleteRelation(ctx context.Context, tx *db.Tx, r Relation) error {
	return tx.ExecOne(ctx, `DELETE FROM library_relations WHERE id = $1 AND revision = $2`, r.ID, r.Revision)
}

func relationOf(ctx context.Context, tx *db.Tx, id string) (Relation, error) {
	r, err := db.One[Relation](ctx, tx, `SELECT `+relationColumns+` FROM library_relations WHERE id = $1`, id)
	if fault.Is(err, "db.no_row") {
		return r, noRelation()
	}
	return r, err
}

func markedRelation(ctx context.Context, tx *db.Tx, from, mark string) (Relation, error) {
	return db.One[Relation](ctx, tx, `SELECT `+relationColumns+` FROM library_relations WHERE from_document = $1 AND mark = $2`, from, mark)
}

// relationsFrom and relationsTo are all of a document that nobody refused.
func relationsFrom(ctx context.Context, tx *db.Tx, id string) ([]Relation, error) {
	return db.All[Relation](ctx, tx, `SELECT `+relationColumns+` FROM library_relations WHERE from_document = $1 AND state <> 'refused' ORDER BY kind, id LIMIT $2`, id, relationsMax)
}

func relationsTo(ctx context.Context, tx *db.Tx, id string) ([]Relation, error) {
	return db.All[Relation](ctx, tx, `SELECT `+relationColumns+` FROM library_relations WHERE to_document = $1 AND to_document <> '' AND state <> 'refused' ORDER BY kind, id LIMIT $2`, id, relationsMax)
}

// worded are the relations by which others changed the text of a document.
func worded(ctx context.Context, tx *db.Tx, ids []string) ([]Relation, error) {
	return db.All[Relation](ctx, tx, `SELECT `+relationColumns+` FROM library_relations WHERE id `+tx.In("$1"), db.List(ids))
}

// acting are the confirmed relations by which others act on these documents.
func acting(ctx context.Context, tx *db.Tx, ids []string) ([]Relation, error) {
	return db.All[Relation](ctx, tx, `SELECT `+graphColumns+` FROM library_relations WHERE to_document `+tx.In("$1")+` AND to_document <> '' AND state = 'confirmed'
		AND kind IN ('amends', 'replaces', 'repeals', 'annuls', 'suspends', 'halts', 'corrects')`, db.List(ids))
}

// guiding are the confirmed relations by which these documents guide others.
func guiding(ctx context.Context, tx *db.Tx, ids []string) ([]Relation, error) {
	return db.All[Relation](ctx, tx, `SELECT `+graphColumns+` FROM library_relations WHERE from_document `+tx.In("$1")+` AND kind = 'guides' AND state = 'confirmed' AND to_document <> ''`, db.List(ids))
}

// doing are the relations of these documents that nobody refused.
func doing(ctx context.Context, tx *db.Tx, ids []string) ([]Relation, error) {
	return db.All[Relation](ctx, tx, `SELECT `+graphColumns+` FROM library_relations WHERE from_document `+tx.In("$1")+` AND state <> 'refused'`, db.List(ids))
}

// actedOn are the documents on which these act.
func actedOn(ctx context.Context, tx *db.Tx, ids []string) ([]string, error) {
	return db.All[string](ctx, tx, `SELECT DISTINCT to_document FROM library_relations WHERE from_document `+tx.In("$1")+` AND to_document <> '' AND state = 'confirmed'
		AND kind IN ('amends', 'replaces', 'repeals', 'annuls', 'suspends', 'halts', 'corrects')`, db.List(ids))
}

// guidedBy are the documents that guide these.
func guidedBy(ctx context.Context, tx *db.Tx, ids []string) ([]string, error) {
	return db.All[string](ctx, tx, `SELECT DISTINCT from_document FROM library_relations WHERE to_document `+tx.In("$1")+` AND to_document <> '' AND kind = 'guides' AND state = 'confirmed'`, db.List(ids))
}

// citing lists the documents that name one, in order, from behind one.
func citing(ctx context.Context, tx *db.Tx, id, after string, limit int) ([]string, error) {
	return db.All[string](ctx, tx, `SELECT DISTINCT from_document FROM library_relations WHERE to_document = $1 AND to_document <> '' AND from_document > $2 AND state <> 'refused' ORDER BY from_document LIMIT $3`, id, after, limit)
}

// openTo lists the relations that wait for a document of this number.
func openTo(ctx context.Context, tx *db.Tx, councilID, key string, limit int) ([]Relation, error) {
	return db.All[Relation](ctx, tx, `SELECT `+relationColumns+` FROM library_relations WHERE council_id = $1 AND to_key = $2 AND to_document = '' ORDER BY id LIMIT $3`, councilID, key, limit)
}

func link(ctx context.Context, tx *db.Tx, relationID, documentID string) error {
	return tx.ExecOne(ctx, `UPDATE library_relations SET to_document = $2, revision = revision + 1 WHERE id = $1`, relationID, documentID)
}

// unlink lets the relations to a document wait again.
func unlink(ctx context.Context, tx *db.Tx, documentID string) error {
	_, err := tx.Exec(ctx, `UPDATE library_relations SET to_document = '', revision = revision + 1 WHERE to_document = $1 AND to_document <> ''`, documentID)
	return err
}

func deleteOf(ctx context.Context, tx *db.Tx, documentID string) error {
	for _, q := range []string{`DELETE FROM library_relations WHERE from_document = $1`, `DELETE FROM library_status WHERE document_id = $1`,
		`DELETE FROM library_lapsing WHERE document_id = $1`, `DELETE FROM library_warnings WHERE document_id = $1`} {
		if _, err := tx.Exec(ctx, q, documentID); err != nil {
			return err
		}
	}
	return nil
}

// around are the confirmed relations of these documents, both ways: what a
// drawing shows.
func around(ctx context.Context, tx *db.Tx, ids []string, limit int) ([]Relation, error) {
	from, err := db.All[Relation](ctx, tx, `SELECT `+graphColumns+` FROM library_relations WHERE from_document `+tx.In("$1")+` AND to_document <> '' AND state = 'confirmed' ORDER BY id LIMIT $2`, db.List(ids), limit)
	if err != nil {
		return nil, err
	}
	to, err := db.All[Relation](ctx, tx, `SELECT `+graphColumns+` FROM library_relations WHERE to_document `+tx.In("$1")+` AND to_document <> '' AND state = 'confirmed' ORDER BY id LIMIT $2`, db.List(ids), limit)
	return append(from, to...), err
}

// Standing is what holds of a document as it was last worked out.
//
// vi: tình trạng hiệu lực đang lưu
type Standing struct {
	Document  string            `db:"document_id"`
	CouncilID string            `db:"council_id"`
	Status    Status            `db:"status"`
	Part      bool              `db:"part"`
	Doubtful  bool              `db:"doubtful"`
	Since     clock.Date        `db:"since"`
	NextOn    clock.Date        `db:"next_on"` // when it changes by date alone
	Reasons   db.JSON[[]Reason] `db:"reasons"`
}

const standingColumns = `document_id, council_id, status, part, doubtful, since, next_on, reasons`

// Standings are the kept statuses of documents, by id.
func Standings(ctx context.Context, tx *db.Tx, ids []string) (map[string]Standing, error) {
	all, err := db.All[Standing](ctx, tx, `SELECT `+standingColumns+` FROM library_status WHERE document_id `+tx.In("$1"), db.List(ids))
	byID := make(map[string]Standing, len(all))
	for _, s := range all {
		byID[s.Document] = s
	}
	return byID, err
}

// dueStandings are the documents whose status changes by date until a day.
func dueStandings(ctx context.Context, tx *db.Tx, until clock.Date, limit int) ([]string, error) {
	return db.All[string](ctx, tx, `SELECT document_id FROM library_status WHERE next_on <> '' AND next_on <= $1 ORDER BY next_on, document_id LIMIT $2`, until, limit)
}

func saveStandings(ctx context.Context, tx *db.Tx, all []Standing) error {
	if len(all) == 0 {
		return nil
	}
	ids := make([]string, len(all))
	for i, s := range all {
		ids[i] = s.Document
	}
	if _, err := tx.Exec(ctx, `DELETE FROM library_status WHERE document_id `+tx.In("$1"), db.List(ids)); err != nil {
		return err
	}
	return tx.Gather(ctx, func() error {
		for _, s := range all {
			if err := tx.Insert(ctx, "library_status", standingColumns, s.Document, s.CouncilID, s.Status, s.Part, s.Doubtful, s.Since, s.NextOn, s.Reasons); err != nil {
				return err
			}
		}
		return nil
	})
}

package library

import (
	"context"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

const documentColumns = `id, council_id, body_id, state, access, kind, symbol, symbol_key, slug, subject, issuer, unit, level, normative, field, term, session, place, signer, signer_title,
	issued_on, effective_on, expires_on, read_how, confidence, file_hash, file_name, media_type, pages, paper_id, created_at, published_at, changed_at, revision`

func insertDocument(ctx context.Context, tx *db.Tx, d Document) error {
	_, err := tx.Exec(ctx, `INSERT INTO library_documents (`+documentColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)`,
		d.ID, d.CouncilID, d.BodyID, d.State, d.Access, d.Kind, d.Symbol, d.SymbolKey, d.Slug, d.Subject, d.Issuer, d.Unit, d.Level, d.Normative, d.Field, d.Term, d.Session, d.Place, d.Signer, d.SignerTitle,
		d.IssuedOn, d.EffectiveOn, d.ExpiresOn, d.ReadHow, d.Confidence, d.FileHash, d.FileName, d.MediaType, d.Pages, d.PaperID, d.CreatedAt, d.PublishedAt, d.ChangedAt, d.Revision)
	return err
}

// updateDocument saves a document that nobody else changed since it was loaded.
func updateDocument(ctx context.Context, tx *db.Tx, d Document) error {
	return tx.ExecOne(ctx, `UPDATE library_documents SET state = $3, access = $4, kind = $5, symbol = $6, symbol_key = $7, slug = $8, subject = $9, issuer = $10, unit = $11, level = $12, normative = $13,
			field = $14, term = $15, session = $16, place = $17, signer = $18, signer_title = $19, issued_on = $20, effective_on = $21, expires_on = $22, read_how = $23, confidence = $24,
			published_at = $25, changed_at = $26, revision = revision + 1 WHERE id = $1 AND revision = $2`,
		d.ID, d.Revision, d.State, d.Access, d.Kind, d.Symbol, d.SymbolKey, d.Slug, d.Subject, d.Issuer, d.Unit, d.Level, d.Normative,
		d.Field, d.Term, d.Session, d.Place, d.Signer, d.SignerTitle, d.IssuedOn, d.EffectiveOn, d.ExpiresOn, d.ReadHow, d.Confidence, d.PublishedAt, d.ChangedAt)
}

func documentOf(ctx context.Context, tx *db.Tx, id string) (Document, error) {
	d, err := db.One[Document](ctx, tx, `SELECT `+documentColumns+` FROM library_documents WHERE id = $1`, id)
	if fault.Is(err, "db.no_row") {
		return d, noDocument()
	}
	return d, err
}

func documentsOf(ctx context.Context, tx *db.Tx, ids []string) ([]Document, error) {
	return db.All[Document](ctx, tx, `SELECT `+documentColumns+` FROM library_documents WHERE id `+tx.In("$1")+` ORDER BY id`, db.List(ids))
}

// bySlug finds what stands at a permanent address.
func bySlug(ctx context.Context, tx *db.Tx, slug string) (Document, error) {
	d, err := db.One[Document](ctx, tx, `SELECT `+documentColumns+` FROM library_documents WHERE slug = $1 AND slug <> ''`, slug)
	if fault.Is(err, "db.no_row") {
		return d, noDocument()
	}
	return d, err
}

// byFile finds the documents that were made of exactly these bytes.
func byFile(ctx context.Context, tx *db.Tx, councilID, hash string) ([]string, error) {
	return db.All[string](ctx, tx, `SELECT id FROM library_documents WHERE council_id = $1 AND file_hash = $2 ORDER BY id LIMIT 1`, councilID, hash)
}

type keyed struct {
	Key string `db:"symbol_key"`
	ID  string `db:"id"`
}

// byKeys finds the documents that bear numbers: a council's own, and those of
// all that everybody may read.
func byKeys(ctx context.Context, tx *db.Tx, councilID string, keys []string) ([]keyed, error) {
	return db.All[keyed](ctx, tx, `SELECT symbol_key, id FROM library_documents WHERE symbol_key `+tx.In("$1")+` AND symbol_key <> '' AND state <> 'withdrawn'
			AND (council_id = $2 OR (state = 'published' AND access = 'public')) ORDER BY CASE WHEN council_id = $2 THEN 0 ELSE 1 END, id LIMIT $3`, db.List(keys), councilID, keysMost)
}

const keysMost = 5000

// idsAfter lists the ids of all documents in order.
func idsAfter(ctx context.Context, tx *db.Tx, after string, limit int) ([]string, error) {
	return db.All[string](ctx, tx, `SELECT id FROM library_documents WHERE id > $1 ORDER BY id LIMIT $2`, after, limit)
}

// slugsLike lists the addresses that are taken of those that begin so.
func slugsLike(ctx context.Context, tx *db.Tx, slug string) ([]string, error) {
	return db.All[string](ctx, tx, `SELECT slug FROM library_documents WHERE slug >= $1 AND slug < $2 AND slug <> '' ORDER BY slug LIMIT 1000`, slug, slug+"\x7f")
}

// written is a document's text, and what the machine read of it.
type written struct {
	DocumentID string           `db:"document_id"`
	Body       string           `db:"body"`
	Reading    db.JSON[Reading] `db:"reading"`
}

func insertText(ctx context.Context, tx *db.Tx, w written) error {
	_, err := tx.Exec(ctx, `INSERT INTO library_texts (document_id, body, reading) VALUES ($1, $2, $3)`, w.DocumentID, w.Body, w.Reading)
	return err
}

func updateText(ctx context.Context, tx *db.Tx, w written) error {
	return tx.ExecOne(ctx, `UPDATE library_texts SET body = $2, reading = $3 WHERE document_id = $1`, w.DocumentID, w.Body, w.Reading)
}

func textOf(ctx context.Context, tx *db.Tx, id string) (written, error) {
	return db.One[written](ctx, tx, `SELECT document_id, body, reading FROM library_texts WHERE document_id = $1`, id)
}

func textsOf(ctx context.Context, tx *db.Tx, ids []string) ([]written, error) {
	return db.All[written](ctx, tx, `SELECT document_id, body, reading FROM library_texts WHERE document_id `+tx.In("$1"), db.List(ids))
}

const provisionColumns = `document_id, seq, parent, anchor, level, number, heading, from_byte, body_byte, to_byte`

// replaceProvisions writes a document's provisions anew.
func replaceProvisions(ctx context.Context, tx *db.Tx, id string, all []Provision) error {
	if _, err := tx.Exec(ctx, `DELETE FROM library_provisions WHERE document_id = $1`, id); err != nil {
		return err
	}
	for _, p := range all {
		if _, err := tx.Exec(ctx, `INSERT INTO library_provisions (`+provisionColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			id, p.Seq, p.Parent, p.Anchor, p.Level, p.Number, p.Heading, p.From, p.Body, p.To); err != nil {
			return err
		}
	}
	return nil
}

func provisionsOf(ctx context.Context, tx *db.Tx, ids []string) ([]Provision, error) {
	return db.All[Provision](ctx, tx, `SELECT `+provisionColumns+` FROM library_provisions WHERE document_id `+tx.In("$1")+` ORDER BY document_id, seq`, db.List(ids))
}

// anchored gives the anchors of documents, without what is below articles.
func anchorsOf(ctx context.Context, tx *db.Tx, ids []string) ([]Provision, error) {
	return db.All[Provision](ctx, tx, `SELECT `+provisionColumns+` FROM library_provisions WHERE document_id `+tx.In("$1")+` AND level <> 'clause' AND level <> 'point' ORDER BY document_id, seq`, db.List(ids))
}

// Listing is what a list asks for.
//
// vi: bộ lọc văn bản
type Listing struct {
	CouncilID string
	State     State
	Kind      string
	Year      int    // of issue; 0: any
	Before    string // id, of pages after the first
}

// issued are the first and the last day of the year that is asked for.
func (l Listing) issued() (from, to clock.Date) {
	if l.Year == 0 {
		return from, clock.NewDate(9999, time.December, 31)
	}
	return clock.NewDate(l.Year, time.January, 1), clock.NewDate(l.Year, time.December, 31)
}

// kept lists a council's documents for its keepers, the newest first.
func kept(ctx context.Context, tx *db.Tx, l Listing, limit int) ([]Document, error) {
	from, to := l.issued()
	return db.All[Document](ctx, tx, `SELECT `+documentColumns+` FROM library_documents WHERE council_id = $1 AND ($2 = '' OR state = $2) AND ($3 = '' OR kind = $3) AND ($4 = '' OR id < $4)
			AND issued_on >= $5 AND issued_on <= $6 ORDER BY id DESC LIMIT $7`, l.CouncilID, l.State, l.Kind, l.Before, from, to, limit)
}

// publishedBefore lists what everybody may read, the newest publication first.
func publishedBefore(ctx context.Context, tx *db.Tx, l Listing, at db.Time, id string, limit int) ([]Document, error) {
	from, to := l.issued()
	if at.IsZero() {
		at = db.At(time.Date(9999, time.January, 1, 0, 0, 0, 0, time.UTC))
	}
	return db.All[Document](ctx, tx, `SELECT `+documentColumns+` FROM library_documents WHERE state = 'published' AND access = 'public' AND published_at <= $1 AND (published_at < $1 OR id < $2)
			AND ($3 = '' OR kind = $3) AND issued_on >= $4 AND issued_on <= $5 ORDER BY published_at DESC, id DESC LIMIT $6`, at, id, l.Kind, from, to, limit)
}

// nextToCheck finds the oldest documents that a person has not looked at yet, behind one.
func nextToCheck(ctx context.Context, tx *db.Tx, councilID, after string, limit int) ([]Document, error) {
	return db.All[Document](ctx, tx, `SELECT `+documentColumns+` FROM library_documents WHERE council_id = $1 AND state = 'read' AND id > $2 ORDER BY id LIMIT $3`, councilID, after, limit)
}

// waiting counts the documents that a person has still to look at, up to a hundred.
func waiting(ctx context.Context, tx *db.Tx, councilID string) (int, error) {
	ids, err := db.All[string](ctx, tx, `SELECT id FROM library_documents WHERE council_id = $1 AND state = 'read' ORDER BY id LIMIT 100`, councilID)
	return len(ids), err
}

// articlesOf gives the articles of documents.
func articlesOf(ctx context.Context, tx *db.Tx, ids []string) ([]Provision, error) {
	return db.All[Provision](ctx, tx, `SELECT `+provisionColumns+` FROM library_provisions WHERE document_id `+tx.In("$1")+` AND level = 'article' ORDER BY document_id, seq`, db.List(ids))
}

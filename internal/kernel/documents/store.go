package documents

import (
	"context"
	"time"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

const paperColumns = `id, council_id, body_id, subject_kind, subject_id, first_id, version, latest, kind, number,
	symbol, level, title, file_name, media_type, size_bytes, hash, pages, unread, public, created_by, created_at`

func insertPaper(ctx context.Context, tx *db.Tx, p Paper) error {
	_, err := tx.Exec(ctx, `INSERT INTO documents_papers (`+paperColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`,
		p.ID, p.CouncilID, p.BodyID, p.SubjectKind, p.SubjectID, p.FirstID, p.Version, p.Latest, p.Kind, p.Number,
		p.Symbol, p.Level, p.Title, p.Name, p.MediaType, p.Size, p.Hash, p.Pages, p.Unread, p.Public, p.CreatedBy, p.CreatedAt)
	return err
}

func findPaper(ctx context.Context, tx *db.Tx, id string) (Paper, error) {
	p, err := db.One[Paper](ctx, tx, `SELECT `+paperColumns+` FROM documents_papers WHERE id = $1`, id)
	return p, noPaper(err)
}

func paperByHash(ctx context.Context, tx *db.Tx, hash string) (Paper, error) {
	p, err := db.One[Paper](ctx, tx, `SELECT `+paperColumns+` FROM documents_papers WHERE hash = $1 ORDER BY id LIMIT 1`, hash)
	return p, noPaper(err)
}

func noPaper(err error) error {
	if fault.Is(err, "db.no_row") {
		return fault.New(fault.Missing, "documents.no_paper").Because(err)
	}
	return err
}

func listPapers(ctx context.Context, tx *db.Tx, s Subject) ([]Paper, error) {
	return db.All[Paper](ctx, tx, `SELECT `+paperColumns+` FROM documents_papers
		WHERE subject_kind = $1 AND subject_id = $2 AND latest ORDER BY first_id`, s.Kind, s.ID)
}

func listVersions(ctx context.Context, tx *db.Tx, id string) ([]Paper, error) {
	return db.All[Paper](ctx, tx, `SELECT `+paperColumns+` FROM documents_papers
		WHERE first_id = (SELECT first_id FROM documents_papers WHERE id = $1) ORDER BY version DESC`, id)
}

// retire takes the place of latest from a version; it fails if another did so before.
func retire(ctx context.Context, tx *db.Tx, id string) error {
	return tx.ExecOne(ctx, `UPDATE documents_papers SET latest = FALSE WHERE id = $1 AND latest`, id)
}

func markSeen(ctx context.Context, tx *db.Tx, id string) error {
	return tx.ExecOne(ctx, `UPDATE documents_papers SET unread = FALSE WHERE id = $1`, id)
}

func setPublic(ctx context.Context, tx *db.Tx, id string, public bool) error {
	return tx.ExecOne(ctx, `UPDATE documents_papers SET public = $1 WHERE id = $2`, public, id)
}

// nextNumber counts up in one statement, which locks the series until the
// caller's transaction ends.
func nextNumber(ctx context.Context, tx *db.Tx, s Series) (int, error) {
	return db.One[int](ctx, tx, `INSERT INTO documents_series (body_id, kind, year, last) VALUES ($1, $2, $3, 1)
		ON CONFLICT (body_id, kind, year) DO UPDATE SET last = documents_series.last + 1 RETURNING documents_series.last`,
		s.BodyID, s.Kind, s.Year)
}

type patternRow struct {
	Pattern string `db:"pattern"`
	Body    string `db:"body_short"`
}

func findPattern(ctx context.Context, tx *db.Tx, bodyID, kind string) (patternRow, error) {
	rows, err := db.All[patternRow](ctx, tx, `SELECT pattern, body_short FROM documents_patterns
		WHERE body_id = $1 AND kind IN ($2, '') ORDER BY kind DESC`, bodyID, kind)
	if err != nil || len(rows) == 0 {
		return patternRow{}, err
	}
	return rows[0], nil
}

func savePattern(ctx context.Context, tx *db.Tx, s Series) error {
	_, err := tx.Exec(ctx, `INSERT INTO documents_patterns (body_id, kind, pattern, body_short) VALUES ($1, $2, $3, $4)
		ON CONFLICT (body_id, kind) DO UPDATE SET pattern = excluded.pattern, body_short = excluded.body_short`,
		s.BodyID, s.Kind, s.pattern(), s.Body)
	return err
}

func saveText(ctx context.Context, tx *db.Tx, hash, content string, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO documents_text (hash, content, extracted_at) VALUES ($1, $2, $3)
		ON CONFLICT (hash) DO UPDATE SET content = excluded.content, extracted_at = excluded.extracted_at`,
		hash, content, db.At(now))
	return err
}

func findText(ctx context.Context, tx *db.Tx, hash string) (string, bool, error) {
	rows, err := db.All[string](ctx, tx, `SELECT content FROM documents_text WHERE hash = $1`, hash)
	if err != nil || len(rows) == 0 {
		return "", false, err
	}
	return rows[0], true, nil
}

func savePreview(ctx context.Context, tx *db.Tx, hash string, page int, b Blob, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO documents_previews (hash, page, preview_hash, preview_size, drawn_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (hash, page) DO UPDATE SET preview_hash = excluded.preview_hash,
			preview_size = excluded.preview_size, drawn_at = excluded.drawn_at`,
		hash, page, b.Hash, b.Size, db.At(now))
	return err
}

func findPreview(ctx context.Context, tx *db.Tx, hash string, page int) ([]Blob, error) {
	type row struct {
		Hash string `db:"preview_hash"`
		Size int64  `db:"preview_size"`
	}
	rows, err := db.All[row](ctx, tx, `SELECT preview_hash, preview_size FROM documents_previews
		WHERE hash = $1 AND page = $2`, hash, page)
	all := make([]Blob, len(rows))
	for i, r := range rows {
		all[i] = Blob{Hash: r.Hash, Size: r.Size}
	}
	return all, err
}

// isNamed reports whether any row still speaks of a blob.
func isNamed(ctx context.Context, tx *db.Tx, hash string) (bool, error) {
	n, err := db.One[int](ctx, tx, `SELECT (SELECT COUNT(*) FROM documents_papers WHERE hash = $1)
		+ (SELECT COUNT(*) FROM documents_previews WHERE preview_hash = $1)`, hash)
	return n > 0, err
}

func dropPapers(ctx context.Context, tx *db.Tx, s Subject) ([]string, error) {
	hashes, err := db.All[string](ctx, tx, `SELECT DISTINCT hash FROM documents_papers WHERE subject_kind = $1 AND subject_id = $2`, s.Kind, s.ID)
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, `DELETE FROM documents_papers WHERE subject_kind = $1 AND subject_id = $2`, s.Kind, s.ID)
	return hashes, err
}

func hasPaper(ctx context.Context, tx *db.Tx, hash string) (bool, error) {
	n, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM documents_papers WHERE hash = $1`, hash)
	return n > 0, err
}

// dropReadings takes out what was read from a file, and names the pictures of
// its pages.
func dropReadings(ctx context.Context, tx *db.Tx, hash string) ([]string, error) {
	pictures, err := db.All[string](ctx, tx, `SELECT DISTINCT preview_hash FROM documents_previews WHERE hash = $1 AND preview_hash <> hash`, hash)
	if err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM documents_previews WHERE hash = $1`, hash); err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, `DELETE FROM documents_text WHERE hash = $1`, hash)
	return pictures, err
}

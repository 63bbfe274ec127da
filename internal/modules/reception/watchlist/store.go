package watchlist

import (
	"context"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

const listColumns = `id, council_id, title, theme, basis, document, period_from, period_until, state, conclusion, conclusion_document, conclusion_on, closed_name, made_by, made_name, created_at, last_number, mark, revision`

func insertList(ctx context.Context, tx *db.Tx, l List) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_watchlists (`+listColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		l.ID, l.CouncilID, l.Title, l.Theme, l.Basis, l.Document, l.From, l.Until, l.State, l.Conclusion, l.ConclusionDocument, l.ConclusionOn, l.ClosedName, l.MadeBy, l.MadeName, l.CreatedAt, l.LastNumber, l.Mark, l.Revision)
	return err
}

// updateList saves a list that nobody else changed since it was loaded.
func updateList(ctx context.Context, tx *db.Tx, l List) error {
	return tx.ExecOne(ctx, `UPDATE reception_watchlists SET title = $3, theme = $4, basis = $5, document = $6, period_from = $7, period_until = $8, state = $9, conclusion = $10, conclusion_document = $11,
			conclusion_on = $12, closed_name = $13, last_number = $14, revision = revision + 1 WHERE id = $1 AND revision = $2`,
		l.ID, l.Revision, l.Title, l.Theme, l.Basis, l.Document, l.From, l.Until, l.State, l.Conclusion, l.ConclusionDocument, l.ConclusionOn, l.ClosedName, l.LastNumber)
}

func listOf(ctx context.Context, tx *db.Tx, id string) (List, error) {
	l, err := db.One[List](ctx, tx, `SELECT `+listColumns+` FROM reception_watchlists WHERE id = $1`, id)
	if fault.Is(err, "db.no_row") {
		return l, noList()
	}
	return l, err
}

// marked finds the list that the same form made before.
func marked(ctx context.Context, tx *db.Tx, councilID, mark string) ([]string, error) {
	return db.All[string](ctx, tx, `SELECT id FROM reception_watchlists WHERE council_id = $1 AND mark = $2 AND mark <> '' LIMIT 1`, councilID, mark)
}

// listsOf reads one page of a council's lists, the newest first, before an id.
func listsOf(ctx context.Context, tx *db.Tx, councilID, before string, limit int) ([]List, error) {
	return db.All[List](ctx, tx, `SELECT `+listColumns+` FROM reception_watchlists WHERE council_id = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3`, councilID, before, limit)
}

// openLists are those that letters may be put on.
func openLists(ctx context.Context, tx *db.Tx, councilID string, limit int) ([]List, error) {
	return db.All[List](ctx, tx, `SELECT `+listColumns+` FROM reception_watchlists WHERE council_id = $1 AND state = 'open' ORDER BY id DESC LIMIT $2`, councilID, limit)
}

type counted struct {
	ListID string `db:"list_id"`
	N      int64  `db:"n"`
}

// sizes counts the letters of lists.
func sizes(ctx context.Context, tx *db.Tx, ids []string) (map[string]int64, error) {
	all, err := db.All[counted](ctx, tx, `SELECT list_id, count(*) AS n FROM reception_watched WHERE list_id `+tx.In("$1")+` GROUP BY list_id`, db.List(ids))
	of := map[string]int64{}
	for _, c := range all {
		of[c.ListID] = c.N
	}
	return of, err
}

const entryColumns = `list_id, letter_id, number, note, asked, asked_on, answer, answer_document, answered_on, finding, conclusion, added_name, added_at, revision`

// insertEntry puts a letter on a list; one that is there already stays as it is.
func insertEntry(ctx context.Context, tx *db.Tx, e Entry) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO reception_watched (`+entryColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (list_id, letter_id) DO NOTHING`,
		e.ListID, e.LetterID, e.Number, e.Note, e.Asked, e.AskedOn, e.Answer, e.AnswerDocument, e.AnsweredOn, e.Finding, e.Conclusion, e.AddedName, e.AddedAt, e.Revision)
	return n == 1, err
}

func updateEntry(ctx context.Context, tx *db.Tx, e Entry) error {
	return tx.ExecOne(ctx, `UPDATE reception_watched SET note = $4, asked = $5, asked_on = $6, answer = $7, answer_document = $8, answered_on = $9, finding = $10, conclusion = $11, revision = revision + 1
		WHERE list_id = $1 AND letter_id = $2 AND revision = $3`, e.ListID, e.LetterID, e.Revision, e.Note, e.Asked, e.AskedOn, e.Answer, e.AnswerDocument, e.AnsweredOn, e.Finding, e.Conclusion)
}

func entryOf(ctx context.Context, tx *db.Tx, listID, letterID string) (Entry, error) {
	e, err := db.One[Entry](ctx, tx, `SELECT `+entryColumns+` FROM reception_watched WHERE list_id = $1 AND letter_id = $2`, listID, letterID)
	if fault.Is(err, "db.no_row") {
		return e, noEntry()
	}
	return e, err
}

func entriesOf(ctx context.Context, tx *db.Tx, listID string) ([]Entry, error) {
	return db.All[Entry](ctx, tx, `SELECT `+entryColumns+` FROM reception_watched WHERE list_id = $1 ORDER BY number LIMIT $2`, listID, lettersMax)
}

func dropEntry(ctx context.Context, tx *db.Tx, listID, letterID string) error {
	return tx.ExecOne(ctx, `DELETE FROM reception_watched WHERE list_id = $1 AND letter_id = $2`, listID, letterID)
}

// Drop takes a letter off every list with what was written about it, in the
// transaction in which it is sealed.
func Drop(ctx context.Context, tx *db.Tx, letterID string) error {
	_, err := tx.Exec(ctx, `DELETE FROM reception_watched WHERE letter_id = $1`, letterID)
	return err
}

// listing names the lists that a letter is on.
func listing(ctx context.Context, tx *db.Tx, letterID string) ([]string, error) {
	return db.All[string](ctx, tx, `SELECT list_id FROM reception_watched WHERE letter_id = $1 ORDER BY list_id LIMIT 100`, letterID)
}

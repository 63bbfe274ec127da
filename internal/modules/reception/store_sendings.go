package reception

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

const sendingColumns = `id, letter_id, ordinal, council_id, kind, from_body_id, to_body_id, number, symbol, at, due, signer, signer_title, on_behalf, words, paper_id, draft_id,
	answer_number, answer_on, tell_due, satisfied, urged, ended`

func insertSending(ctx context.Context, tx *db.Tx, s Sending) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_sendings (`+sendingColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`,
		s.ID, s.LetterID, s.Ordinal, s.CouncilID, s.Kind, s.FromBodyID, s.ToBodyID, s.Number, s.Symbol, s.At, s.Due, s.Signer, s.SignerTitle, s.OnBehalf, s.Words, s.PaperID, s.DraftID,
		s.AnswerNumber, s.AnswerOn, s.TellDue, s.Satisfied, s.Urged, s.Ended)
	return err
}

func updateSending(ctx context.Context, tx *db.Tx, s Sending) error {
	return tx.ExecOne(ctx, `UPDATE reception_sendings SET answer_number = $2, answer_on = $3, satisfied = $4, urged = $5, ended = $6, due = $7, tell_due = $8 WHERE id = $1`,
		s.ID, s.AnswerNumber, s.AnswerOn, s.Satisfied, s.Urged, s.Ended, s.Due, s.TellDue)
}

// setPapers ties a sending to its papers once they are drawn.
func setPapers(ctx context.Context, tx *db.Tx, id, paperID, draftID string) error {
	return tx.ExecOne(ctx, `UPDATE reception_sendings SET paper_id = $2, draft_id = $3 WHERE id = $1 AND paper_id = ''`, id, paperID, draftID)
}

func sendingOf(ctx context.Context, tx *db.Tx, id string) (Sending, error) {
	return db.One[Sending](ctx, tx, `SELECT `+sendingColumns+` FROM reception_sendings WHERE id = $1`, id)
}

// sendingsOf lists what went out for a letter, oldest first.
func sendingsOf(ctx context.Context, tx *db.Tx, letterID string) ([]Sending, error) {
	return db.All[Sending](ctx, tx, `SELECT `+sendingColumns+` FROM reception_sendings WHERE letter_id = $1 ORDER BY ordinal LIMIT 200`, letterID)
}

// registerRows is a page of the register of forwarded letters.
func registerRows(ctx context.Context, tx *db.Tx, councilID string, after RegisterKey, limit int) ([]Sending, error) {
	statement, args := registerQuery(councilID, after, limit)
	return db.All[Sending](ctx, tx, statement, args...)
}

func registerQuery(councilID string, after RegisterKey, limit int) (string, []any) {
	const from, order = `SELECT ` + sendingColumns + ` FROM reception_sendings WHERE council_id = $1 AND kind = $2`, ` ORDER BY at DESC, id DESC LIMIT $3`
	if after.ID == "" {
		return from + order, []any{councilID, PaperForward, limit}
	}
	return from + ` AND (at, id) < ($4, $5)` + order, []any{councilID, PaperForward, limit, after.At, after.ID}
}

// forwardedRow is a forwarding as its body sees it.
type forwardedRow struct {
	ID         string     `db:"id"`
	LetterID   string     `db:"letter_id"`
	CouncilID  string     `db:"council_id"`
	FromBodyID string     `db:"from_body_id"`
	ToBodyID   string     `db:"to_body_id"`
	Symbol     string     `db:"symbol"`
	At         db.Time    `db:"at"`
	Due        clock.Date `db:"due"`
	AnswerOn   clock.Date `db:"answer_on"`
	PaperID    string     `db:"paper_id"`
	Sealed     bool       `db:"sealed"`
}

func forwardedRows(ctx context.Context, tx *db.Tx, where string, args ...any) ([]forwardedRow, error) {
	return db.All[forwardedRow](ctx, tx, `SELECT s.id, s.letter_id, s.council_id, s.from_body_id, s.to_body_id, s.symbol, s.at, s.due, s.answer_on, s.paper_id, c.sealed
		FROM reception_sendings s JOIN cases_cases c ON c.id = s.letter_id WHERE s.kind = 'forward' AND `+where, args...)
}

// forwardedPage is a page of what a body received, the newest first.
func forwardedPage(ctx context.Context, tx *db.Tx, bodyID string, sealed bool, before string, limit int) ([]forwardedRow, error) {
	where := `s.to_body_id = $1 AND s.paper_id <> '' AND ($2 = '' OR s.id < $2)`
	if !sealed {
		where += ` AND NOT c.sealed`
	}
	return forwardedRows(ctx, tx, where+` ORDER BY s.id DESC LIMIT $3`, bodyID, before, limit)
}

const matterColumns = `id, council_id, letter_id, kind, source, instance, remote, accepted_on, complexity, criteria, complexity_document, dialogue_on, created_at`

func insertMatter(ctx context.Context, tx *db.Tx, m Matter) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_matters (`+matterColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		m.ID, m.CouncilID, m.LetterID, m.Kind, m.Source, m.Instance, m.Remote, m.AcceptedOn, m.Complexity, m.Criteria, m.ComplexityDocument, m.DialogueOn, m.CreatedAt)
	return err
}

func updateMatter(ctx context.Context, tx *db.Tx, m Matter) error {
	return tx.ExecOne(ctx, `UPDATE reception_matters SET complexity = $2, criteria = $3, complexity_document = $4, dialogue_on = $5 WHERE id = $1`,
		m.ID, m.Complexity, m.Criteria, m.ComplexityDocument, m.DialogueOn)
}

func matterOf(ctx context.Context, tx *db.Tx, id string) (Matter, error) {
	m, err := db.One[Matter](ctx, tx, `SELECT `+matterColumns+` FROM reception_matters WHERE id = $1`, id)
	if fault.Is(err, "db.no_row") {
		return m, fault.New(fault.Missing, "cases.no_such_case")
	}
	return m, err
}

// matterRows is a page of the matters that the council settles itself.
func matterRows(ctx context.Context, tx *db.Tx, councilID string, kind Kind, after RegisterKey, limit int) ([]MatterRow, error) {
	statement, args := mattersQuery(councilID, kind, after, limit)
	return db.All[MatterRow](ctx, tx, statement, args...)
}

func mattersQuery(councilID string, kind Kind, after RegisterKey, limit int) (string, []any) {
	const from, order = `SELECT c.id, c.code, c.title, c.state, c.due, c.sealed, c.opened_at, m.kind, m.instance, m.accepted_on, m.letter_id
		FROM cases_cases c JOIN reception_matters m ON m.id = c.id WHERE c.council_id = $1 AND c.procedure = $2`, ` ORDER BY c.opened_at DESC, c.id DESC LIMIT $3`
	if after.ID == "" {
		return from + order, []any{councilID, kind, limit}
	}
	return from + ` AND (c.opened_at, c.id) < ($4, $5)` + order, []any{councilID, kind, limit, after.At, after.ID}
}

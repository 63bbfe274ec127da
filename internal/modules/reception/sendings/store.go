package sendings

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

// forward is the kind of a forwarding.
const forward = "forward"

const columns = `id, letter_id, ordinal, council_id, kind, from_body_id, to_body_id, number, symbol, at, due, signer, signer_title, on_behalf, words, paper_id, draft_id,
	answer_number, answer_on, tell_due, satisfied, urged, ended`

// Insert notes a paper that goes out.
func Insert(ctx context.Context, tx *db.Tx, s Sending) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_sendings (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`,
		s.ID, s.LetterID, s.Ordinal, s.CouncilID, s.Kind, s.FromBodyID, s.ToBodyID, s.Number, s.Symbol, s.At, s.Due, s.Signer, s.SignerTitle, s.OnBehalf, s.Words, s.PaperID, s.DraftID,
		s.AnswerNumber, s.AnswerOn, s.TellDue, s.Satisfied, s.Urged, s.Ended)
	return err
}

// Update saves what came back for it.
func Update(ctx context.Context, tx *db.Tx, s Sending) error {
	return tx.ExecOne(ctx, `UPDATE reception_sendings SET answer_number = $2, answer_on = $3, satisfied = $4, urged = $5, ended = $6, due = $7, tell_due = $8 WHERE id = $1`,
		s.ID, s.AnswerNumber, s.AnswerOn, s.Satisfied, s.Urged, s.Ended, s.Due, s.TellDue)
}

// SetPapers ties a sending to its papers once they are drawn.
func SetPapers(ctx context.Context, tx *db.Tx, id, paperID, draftID string) error {
	return tx.ExecOne(ctx, `UPDATE reception_sendings SET paper_id = $2, draft_id = $3 WHERE id = $1 AND paper_id = ''`, id, paperID, draftID)
}

// One finds a sending.
func One(ctx context.Context, tx *db.Tx, id string) (Sending, error) {
	return db.One[Sending](ctx, tx, `SELECT `+columns+` FROM reception_sendings WHERE id = $1`, id)
}

// Of lists what went out for a letter, oldest first.
func Of(ctx context.Context, tx *db.Tx, letterID string) ([]Sending, error) {
	return db.All[Sending](ctx, tx, `SELECT `+columns+` FROM reception_sendings WHERE letter_id = $1 ORDER BY ordinal LIMIT 200`, letterID)
}

// Register is a page of the register of forwarded letters.
func Register(ctx context.Context, tx *db.Tx, councilID string, at int64, afterID string, limit int) ([]Sending, error) {
	statement, args := RegisterQuery(councilID, at, afterID, limit)
	return db.All[Sending](ctx, tx, statement, args...)
}

// RegisterQuery is the statement of Register, for whoever holds it to a plan.
func RegisterQuery(councilID string, at int64, afterID string, limit int) (string, []any) {
	const from, order = `SELECT ` + columns + ` FROM reception_sendings WHERE council_id = $1 AND kind = $2`, ` ORDER BY at DESC, id DESC LIMIT $3`
	if afterID == "" {
		return from + order, []any{councilID, forward, limit}
	}
	return from + ` AND (at, id) < ($4, $5)` + order, []any{councilID, forward, limit, at, afterID}
}

// Forwarded is a forwarding as its body sees it.
//
// vi: -
type Forwarded struct {
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

func forwarded(ctx context.Context, tx *db.Tx, where string, args ...any) ([]Forwarded, error) {
	return db.All[Forwarded](ctx, tx, `SELECT s.id, s.letter_id, s.council_id, s.from_body_id, s.to_body_id, s.symbol, s.at, s.due, s.answer_on, s.paper_id, c.sealed
		FROM reception_sendings s JOIN cases_cases c ON c.id = s.letter_id WHERE s.kind = 'forward' AND `+where, args...)
}

// ForwardedOne finds a forwarding as its body sees it; none: there is none.
func ForwardedOne(ctx context.Context, tx *db.Tx, id string) ([]Forwarded, error) {
	return forwarded(ctx, tx, "s.id = $1", id)
}

// ForwardedPage is a page of what a body received, the newest first.
func ForwardedPage(ctx context.Context, tx *db.Tx, bodyID string, sealed bool, before string, limit int) ([]Forwarded, error) {
	where := `s.to_body_id = $1 AND s.paper_id <> '' AND ($2 = '' OR s.id < $2)`
	if !sealed {
		where += ` AND NOT c.sealed`
	}
	return forwarded(ctx, tx, where+` ORDER BY s.id DESC LIMIT $3`, bodyID, before, limit)
}

// Forwardings lists the Forwardings of letters, of each the newest last.
func Forwardings(ctx context.Context, tx *db.Tx, ids []string) ([]Sending, error) {
	return db.All[Sending](ctx, tx, `SELECT `+columns+` FROM reception_sendings WHERE letter_id `+tx.In("$1")+` AND kind = $2 ORDER BY letter_id, ordinal`, db.List(ids), forward)
}

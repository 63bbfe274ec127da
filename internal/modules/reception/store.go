package reception

import (
	"context"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

const letterColumns = `id, council_id, year, number, kind, source, from_body, received_on, written_on, access_key, respondent, summary, content, sender_line, sender_count,
	anonymous, evidence, originals, instance, remote, many_places, authority, body_id, result, reason, proposal, conditions, parent_id, joined_to, matter_id, urged, satisfied, created_by, created_at`

func insertLetter(ctx context.Context, tx *db.Tx, l Letter) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_letters (`+letterColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
			$21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)`,
		l.ID, l.CouncilID, l.Year, l.Number, l.Kind, l.Source, l.FromBody, l.ReceivedOn, l.WrittenOn, l.Key, l.Respondent, l.Summary, l.Content, l.SenderLine, l.SenderCount,
		l.Anonymous, l.Evidence, l.Originals, l.Instance, l.Remote, l.ManyPlaces, l.Authority, l.BodyID, l.Result, l.Reason, l.Proposal, l.Conditions, l.ParentID, l.JoinedTo,
		l.MatterID, l.Urged, l.Satisfied, l.CreatedBy, l.CreatedAt)
	return err
}

// updateLetter saves what verbs change. Its case is saved in the same
// transaction under its revision, which guards this row too.
func updateLetter(ctx context.Context, tx *db.Tx, l Letter) error {
	return tx.ExecOne(ctx, `UPDATE reception_letters SET kind = $2, from_body = $3, respondent = $4, summary = $5, content = $6, sender_line = $7, sender_count = $8, anonymous = $9,
			evidence = $10, originals = $11, instance = $12, remote = $13, many_places = $14, authority = $15, body_id = $16, result = $17, reason = $18, proposal = $19,
			conditions = $20, joined_to = $21, matter_id = $22, urged = $23, satisfied = $24, parent_id = $25
		WHERE id = $1`,
		l.ID, l.Kind, l.FromBody, l.Respondent, l.Summary, l.Content, l.SenderLine, l.SenderCount, l.Anonymous, l.Evidence, l.Originals, l.Instance, l.Remote, l.ManyPlaces,
		l.Authority, l.BodyID, l.Result, l.Reason, l.Proposal, l.Conditions, l.JoinedTo, l.MatterID, l.Urged, l.Satisfied, l.ParentID)
}

func letterOf(ctx context.Context, tx *db.Tx, id string) (Letter, error) {
	l, err := db.One[Letter](ctx, tx, `SELECT `+letterColumns+` FROM reception_letters WHERE id = $1`, id)
	if fault.Is(err, "db.no_row") {
		return l, fault.New(fault.Missing, "cases.no_such_case")
	}
	return l, err
}

func saveKey(ctx context.Context, tx *db.Tx, id, digest string) error {
	return tx.ExecOne(ctx, `UPDATE reception_letters SET access_key = $1 WHERE id = $2`, digest, id)
}

// partsOf lists the letters that one was split into.
func partsOf(ctx context.Context, tx *db.Tx, id string) ([]Letter, error) {
	return db.All[Letter](ctx, tx, `SELECT `+letterColumns+` FROM reception_letters WHERE parent_id = $1 AND parent_id <> '' ORDER BY id LIMIT 100`, id)
}

// joinedTo lists the letters that were added to one.
func joinedTo(ctx context.Context, tx *db.Tx, id string) ([]Letter, error) {
	return db.All[Letter](ctx, tx, `SELECT `+letterColumns+` FROM reception_letters WHERE joined_to = $1 AND joined_to <> '' ORDER BY id LIMIT 100`, id)
}

// nextNumber gives the next number of a council's book of a year, without gaps.
func nextNumber(ctx context.Context, tx *db.Tx, councilID string, year int) (int, error) {
	return db.One[int](ctx, tx, `INSERT INTO reception_numbers (council_id, year, last) VALUES ($1, $2, 1)
		ON CONFLICT (council_id, year) DO UPDATE SET last = reception_numbers.last + 1 RETURNING last`, councilID, year)
}

// keepOnce notes a form's mark; the letter it entered before when it was sent already.
func keepOnce(ctx context.Context, tx *db.Tx, mark, letterID string, at db.Time) (before string, err error) {
	if mark == "" {
		return "", nil
	}
	n, err := tx.Exec(ctx, `INSERT INTO reception_once (mark, letter_id, at) VALUES ($1, $2, $3) ON CONFLICT (mark) DO NOTHING`, mark, letterID, at)
	if err != nil || n == 1 {
		return "", err
	}
	return db.One[string](ctx, tx, `SELECT letter_id FROM reception_once WHERE mark = $1`, mark)
}

const senderColumns = `letter_id, number, name, address, contact, paper, represents, withdrawn_on`

func insertSender(ctx context.Context, tx *db.Tx, s Sender) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_senders (`+senderColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		s.LetterID, s.Number, s.Name, s.Address, s.Contact, s.Paper, s.Represents, s.WithdrawnOn)
	return err
}

func sendersOf(ctx context.Context, tx *db.Tx, letterID string) ([]Sender, error) {
	return db.All[Sender](ctx, tx, `SELECT `+senderColumns+` FROM reception_senders WHERE letter_id = $1 ORDER BY number LIMIT $2`, letterID, sendersMax)
}

func dropSenders(ctx context.Context, tx *db.Tx, letterID string) error {
	_, err := tx.Exec(ctx, `DELETE FROM reception_senders WHERE letter_id = $1`, letterID)
	return err
}

func withdrawSender(ctx context.Context, tx *db.Tx, letterID string, number int, on clock.Date) error {
	return tx.ExecOne(ctx, `UPDATE reception_senders SET withdrawn_on = $3 WHERE letter_id = $1 AND number = $2 AND withdrawn_on = ''`, letterID, number, on)
}

func insertMark(ctx context.Context, tx *db.Tx, letterID, councilID, kind, mark string) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_marks (letter_id, council_id, kind, mark) VALUES ($1, $2, $3, $4) ON CONFLICT (letter_id, kind, mark) DO NOTHING`, letterID, councilID, kind, mark)
	return err
}

func dropMarks(ctx context.Context, tx *db.Tx, letterID string) error {
	_, err := tx.Exec(ctx, `DELETE FROM reception_marks WHERE letter_id = $1`, letterID)
	return err
}

type sharedMark struct {
	LetterID string `db:"letter_id"`
	Kind     string `db:"kind"`
}

// sharing lists letters of a council that bear one of a letter's marks of a
// kind, the newest first.
func sharing(ctx context.Context, tx *db.Tx, letterID, kind string) ([]sharedMark, error) {
	return db.All[sharedMark](ctx, tx, `SELECT o.letter_id, o.kind FROM reception_marks m JOIN reception_marks o ON o.council_id = m.council_id AND o.kind = m.kind AND o.mark = m.mark
		WHERE m.letter_id = $1 AND m.kind = $2 AND o.letter_id <> $1 ORDER BY o.letter_id DESC LIMIT 100`, letterID, kind)
}

func lettersNamed(ctx context.Context, tx *db.Tx, ids []string) ([]Letter, error) {
	return db.All[Letter](ctx, tx, `SELECT `+letterColumns+` FROM reception_letters WHERE id `+tx.In("$1"), db.List(ids))
}

// rows reads one page of the book.
func rows(ctx context.Context, tx *db.Tx, f Filter, councilID string, sealed bool, limit int) ([]Row, error) {
	statement, args := rowsQuery(f, councilID, sealed, limit)
	return db.All[Row](ctx, tx, statement, args...)
}

// rowsQuery asks for one page of the book. The conditions follow the indexes of
// kernel/cases: of a council and procedure by time, by field (a letter's kind),
// and by state among those that go on or ended.
func rowsQuery(f Filter, councilID string, sealed bool, limit int) (string, []any) {
	where, args := []string{"c.council_id = $1", "c.procedure = 'letter'"}, []any{councilID}
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	if f.State != "" {
		where = append(where, "c.state = "+arg(f.State))
		if final(f.State) {
			where = append(where, "NOT c.open")
		} else {
			where = append(where, "c.open")
		}
	}
	if f.Kind != "" {
		where = append(where, "c.field = "+arg(f.Kind))
	}
	if !sealed {
		where = append(where, "NOT c.sealed")
	}
	order := "c.opened_at DESC, c.id DESC"
	if f.Late {
		where = append(where, "c.open AND c.due <> '' AND c.due < "+arg(f.Today))
		order = "c.due, c.id"
		if f.After.ID != "" {
			where = append(where, "(c.due, c.id) > ("+arg(f.After.Due)+", "+arg(f.After.ID)+")")
		}
	} else if f.After.ID != "" {
		where = append(where, "(c.opened_at, c.id) < ("+arg(f.After.At)+", "+arg(f.After.ID)+")")
	}
	statement := `SELECT c.id, c.code, c.title, c.state, c.due, c.sealed, c.opened_at, l.kind, l.source, l.received_on, l.sender_line, l.sender_count, l.summary
		FROM cases_cases c JOIN reception_letters l ON l.id = c.id WHERE ` + strings.Join(where, " AND ") + ` ORDER BY ` + order + ` LIMIT ` + arg(limit)
	return statement, args
}

// waitingMost is where the number beside the menu stops: "99+".
const waitingMost = 100

const waitingQuery = `SELECT count(*) FROM (SELECT 1 FROM cases_cases WHERE council_id = $1 AND procedure = 'letter' AND open AND state = $2 AND (NOT sealed OR $3) LIMIT $4) AS waiting`

// waiting counts the letters in a state that go on, to waitingMost.
func waiting(ctx context.Context, tx *db.Tx, councilID string, state string, sealed bool) (int, error) {
	return db.One[int](ctx, tx, waitingQuery, councilID, state, sealed, waitingMost)
}

// lettersBriefly are letters as lists name them: without what they say at length.
func lettersBriefly(ctx context.Context, tx *db.Tx, ids []string) ([]Letter, error) {
	return db.All[Letter](ctx, tx, `SELECT id, kind, year, number, summary, sender_line, sender_count FROM reception_letters WHERE id `+tx.In("$1"), db.List(ids))
}

func insertNote(ctx context.Context, tx *db.Tx, caseID string, number int, words string) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_notes (case_id, number, words) VALUES ($1, $2, $3)`, caseID, number, words)
	return err
}

type noteRow struct {
	Number int    `db:"number"`
	Words  string `db:"words"`
}

// notesOf are what was written with the acts of a case, by their numbers.
func notesOf(ctx context.Context, tx *db.Tx, caseID string) (map[int]string, error) {
	all, err := db.All[noteRow](ctx, tx, `SELECT number, words FROM reception_notes WHERE case_id = $1 ORDER BY number LIMIT 1000`, caseID)
	notes := make(map[int]string, len(all))
	for _, n := range all {
		notes[n.Number] = n.Words
	}
	return notes, err
}

// dropWords takes out what was written about a letter: notes, and the words of
// papers that went out.
func dropWords(ctx context.Context, tx *db.Tx, letterID string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM reception_notes WHERE case_id = $1`, letterID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE reception_sendings SET words = '', paper_id = '', draft_id = '' WHERE letter_id = $1`, letterID)
	return err
}

package reminders

import (
	"context"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

const letterColumns = `id, council_id, office_id, body_id, to_body_id, rung, why, words, answer_by, state, hands, drawn_name, drawn_at, signer, signer_title, on_behalf, from_body_id,
	signed_on, signed_at, number, symbol, paper_id, left_out, received_name, received_at, settled_on, revision`

// insertLetter adds a draft unless there is one to the body already.
func insertLetter(ctx context.Context, tx *db.Tx, l Letter) (added bool, err error) {
	n, err := tx.Exec(ctx, `INSERT INTO petitions_reminders (`+letterColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27) ON CONFLICT DO NOTHING`,
		l.ID, l.CouncilID, l.OfficeID, l.BodyID, l.ToBodyID, l.Rung, l.Why, l.Words, l.AnswerBy, l.State, l.Hands, l.DrawnName, l.DrawnAt, l.Signer, l.SignerPost, l.OnBehalf, l.FromBodyID,
		l.SignedOn, l.SignedAt, l.Number, l.Symbol, l.PaperID, l.LeftOut, l.ReceivedName, l.ReceivedAt, l.SettledOn, l.Revision)
	return n == 1, err
}

// updateLetter saves a letter that nobody changed meanwhile.
func updateLetter(ctx context.Context, tx *db.Tx, l *Letter) error {
	err := tx.ExecOne(ctx, `UPDATE petitions_reminders SET to_body_id = $3, rung = $4, why = $5, words = $6, answer_by = $7, state = $8, hands = $9, signer = $10, signer_title = $11, on_behalf = $12,
		from_body_id = $13, signed_on = $14, signed_at = $15, number = $16, symbol = $17, paper_id = $18, left_out = $19, received_name = $20, received_at = $21, revision = revision + 1
		WHERE id = $1 AND revision = $2`,
		l.ID, l.Revision, l.ToBodyID, l.Rung, l.Why, l.Words, l.AnswerBy, l.State, l.Hands, l.Signer, l.SignerPost, l.OnBehalf,
		l.FromBodyID, l.SignedOn, l.SignedAt, l.Number, l.Symbol, l.PaperID, l.LeftOut, l.ReceivedName, l.ReceivedAt)
	if err == nil {
		l.Revision++
	}
	return err
}

func letterOf(ctx context.Context, tx *db.Tx, id string) (Letter, error) {
	l, err := db.One[Letter](ctx, tx, `SELECT `+letterColumns+` FROM petitions_reminders WHERE id = $1`, id)
	if fault.Is(err, "db.no_row") {
		return l, noLetter()
	}
	return l, err
}

func draftTo(ctx context.Context, tx *db.Tx, officeID, bodyID string) (string, error) {
	return db.One[string](ctx, tx, `SELECT id FROM petitions_reminders WHERE office_id = $1 AND body_id = $2 AND state = 'draft'`, officeID, bodyID)
}

// draftsOf reads of the drafts of some offices what says who may sign them.
func draftsOf(ctx context.Context, tx *db.Tx, officeIDs []string) ([]Letter, error) {
	return db.All[Letter](ctx, tx, `SELECT id, council_id, rung, state, hands FROM petitions_reminders WHERE office_id `+tx.In("$1")+` AND state = 'draft' LIMIT 5000`, db.List(officeIDs))
}

// line is a petition of a letter, as it was when the letter was written.
type line struct {
	PetitionID string     `db:"petition_id"`
	Due        clock.Date `db:"due"`
	LateDays   int        `db:"late_days"`
	Transfer   string     `db:"transfer"`
	Earlier    string     `db:"earlier"`
	Printed    bool       `db:"printed"`
	Code       string     `db:"code"`
	Title      string     `db:"title"`
	Ward       string     `db:"ward"`
	State      string     `db:"state"`
	HolderID   string     `db:"holder_body_id"`
	Sealed     bool       `db:"sealed"`
}

// linesOf lists the petitions of a letter, the latest first, sealed ones too:
// whoever shows them leaves those out.
func linesOf(ctx context.Context, tx *db.Tx, letterID string) ([]line, error) {
	return db.All[line](ctx, tx, `SELECT r.petition_id, r.due, r.late_days, r.transfer, r.earlier, r.printed, c.code, c.title, COALESCE(u.full_name, c.unit_code) AS ward, c.state, c.holder_body_id, c.sealed
		FROM petitions_reminder_lines r JOIN cases_cases c ON c.id = r.petition_id LEFT JOIN org_units u ON u.code = c.unit_code AND u.valid_to = ''
		WHERE r.reminder_id = $1 ORDER BY r.due, c.code LIMIT $2`, letterID, lettersMatters)
}

func replaceLines(ctx context.Context, tx *db.Tx, letterID string, lines []Matter) error {
	if _, err := tx.Exec(ctx, `DELETE FROM petitions_reminder_lines WHERE reminder_id = $1`, letterID); err != nil {
		return err
	}
	for _, m := range lines {
		if _, err := tx.Exec(ctx, `INSERT INTO petitions_reminder_lines (reminder_id, petition_id, due, late_days, transfer, earlier, printed) VALUES ($1, $2, $3, $4, $5, $6, FALSE)`,
			letterID, m.PetitionID, m.Due, m.LateDays, m.Transfer, m.Earlier); err != nil {
			return err
		}
	}
	return nil
}

// markPrinted keeps which petitions the drawn letter names.
func markPrinted(ctx context.Context, tx *db.Tx, letterID string, ids []string) error {
	_, err := tx.Exec(ctx, `UPDATE petitions_reminder_lines SET printed = (petition_id `+tx.In("$2")+`) WHERE reminder_id = $1`, letterID, db.List(ids))
	return err
}

// owed asks what a body owes to a council: all of it, or of some petitions.
type owed struct {
	councilID, bodyID string
	ids               []string
	today, soon       clock.Date
	limit             int
}

const (
	owedAnswers = ` FROM cases_cases c WHERE c.council_id = $1 AND c.procedure = 'petition' AND c.state IN ('forwarded', 'accepted') AND c.holder_body_id = $2 AND c.open AND c.due <> '' AND NOT c.sealed`
	owedDates   = ` FROM petitions_promises p JOIN cases_cases c ON c.id = p.petition_id WHERE p.council_id = $1 AND p.body_id = $2 AND p.state = 'broken' AND NOT c.sealed`
	wardOf      = `COALESCE((SELECT MAX(u.full_name) FROM org_units u WHERE u.code = o.unit_code AND u.valid_to = ''), o.unit_code) AS ward`
)

// owedMatters lists what a body owes: overdue and soon due answers, and dates
// that it promised and did not keep. A petition may be in both.
func owedMatters(ctx context.Context, tx *db.Tx, o owed) ([]Matter, error) {
	some, args := "", []any{o.councilID, o.bodyID, o.soon, o.today, o.limit}
	if o.ids != nil {
		some = ` AND c.id ` + tx.In("$6")
		args = append(args, db.List(o.ids))
	}
	// Each part stops at the limit by its own index; only then is a ward looked up.
	return db.All[Matter](ctx, tx, `SELECT id, code, title, `+wardOf+`, due, kind, '' AS transfer, '' AS earlier, 0 AS late_days FROM (
			SELECT id, code, title, unit_code, due, kind FROM (
				SELECT id, code, title, unit_code, due, kind FROM (SELECT c.id, c.code, c.title, c.unit_code, c.due, CASE WHEN c.due < $4 THEN 'overdue' ELSE 'soon' END AS kind`+owedAnswers+` AND c.due <= $3`+some+`
					ORDER BY c.due, c.id LIMIT $5) AS answers
				UNION ALL SELECT id, code, title, unit_code, due, kind FROM (SELECT c.id, c.code, c.title, c.unit_code, p.due, 'broken' AS kind`+owedDates+some+`
					ORDER BY p.due, p.petition_id LIMIT $5) AS dates) AS all_owed
			ORDER BY CASE WHEN kind = 'soon' THEN 1 ELSE 0 END, due, id LIMIT $5) AS o
		ORDER BY CASE WHEN kind = 'soon' THEN 1 ELSE 0 END, due, id`, args...)
}

// oldestOwed is the first date that a body has missed; none when it owes nothing.
func oldestOwed(ctx context.Context, tx *db.Tx, councilID, bodyID string, today clock.Date) (clock.Date, error) {
	return db.One[clock.Date](ctx, tx, `SELECT COALESCE(MIN(due), '') FROM (SELECT MIN(c.due) AS due`+owedAnswers+` AND c.due < $3 UNION ALL SELECT MIN(p.due) AS due`+owedDates+`) AS o`,
		councilID, bodyID, today)
}

// lastNamed gives, by petition, the symbol of the last signed letter that named it.
func lastNamed(ctx context.Context, tx *db.Tx, ids []string) (map[string]string, error) {
	type row struct {
		PetitionID string `db:"petition_id"`
		Symbol     string `db:"symbol"`
	}
	rows, err := db.All[row](ctx, tx, `SELECT n.petition_id, r.symbol FROM petitions_reminder_lines n JOIN petitions_reminders r ON r.id = n.reminder_id
		WHERE n.petition_id `+tx.In("$1")+` AND r.state = 'signed' ORDER BY r.signed_at, r.id LIMIT 20000`, db.List(ids))
	all := map[string]string{}
	for _, r := range rows {
		all[r.PetitionID] = r.Symbol
	}
	return all, err
}

// unsettled lists the letters to a body since it last owed nothing.
func unsettled(ctx context.Context, tx *db.Tx, officeID, bodyID string) ([]sent, error) {
	type row struct {
		Rung   int        `db:"rung"`
		On     clock.Date `db:"signed_on"`
		Symbol string     `db:"symbol"`
	}
	rows, err := db.All[row](ctx, tx, `SELECT rung, signed_on, symbol FROM petitions_reminders
		WHERE office_id = $1 AND body_id = $2 AND state = 'signed' AND settled_on = '' ORDER BY signed_at LIMIT 500`, officeID, bodyID)
	all := make([]sent, len(rows))
	for i, r := range rows {
		all[i] = sent(r)
	}
	return all, err
}

// ladderRow is a body that an office has letters open with.
type ladderRow struct {
	OfficeID  string `db:"office_id"`
	CouncilID string `db:"council_id"`
	BodyID    string `db:"body_id"`
}

func openLadders(ctx context.Context, tx *db.Tx) ([]ladderRow, error) {
	return db.All[ladderRow](ctx, tx, `SELECT DISTINCT office_id, council_id, body_id FROM petitions_reminders WHERE state = 'signed' AND settled_on = '' ORDER BY office_id, body_id LIMIT 50000`)
}

func settle(ctx context.Context, tx *db.Tx, r ladderRow, today clock.Date) (int64, error) {
	return tx.Exec(ctx, `UPDATE petitions_reminders SET settled_on = $3 WHERE office_id = $1 AND body_id = $2 AND state = 'signed' AND settled_on = ''`, r.OfficeID, r.BodyID, today)
}

// place is a letter's key in a list, the newest first.
type place struct {
	At int64
	ID string
}

// lettersTo lists the signed letters that a body answers for or is addressed
// by, the newest first.
func lettersTo(ctx context.Context, tx *db.Tx, bodyID string, after place, limit int) ([]Letter, error) {
	part := func(column string) string {
		return `SELECT ` + letterColumns + ` FROM (SELECT ` + letterColumns + ` FROM petitions_reminders WHERE ` + column + ` = $1 AND state = 'signed' AND (signed_at, id) < ($2, $3)
			ORDER BY signed_at DESC, id DESC LIMIT $4) AS by_` + column
	}
	return db.All[Letter](ctx, tx, part("body_id")+` UNION `+part("to_body_id")+` ORDER BY signed_at DESC, id DESC LIMIT $4`, bodyID, after.At, after.ID, limit)
}

// lettersFrom lists an office's letters in a state, the newest first.
func lettersFrom(ctx context.Context, tx *db.Tx, councilID string, officeIDs []string, state State, after place, limit int) ([]Letter, error) {
	return db.All[Letter](ctx, tx, `SELECT `+letterColumns+` FROM petitions_reminders WHERE office_id `+tx.In("$2")+` AND council_id = $1 AND state = $3 AND (signed_at, id) < ($4, $5)
		ORDER BY signed_at DESC, id DESC LIMIT $6`, councilID, db.List(officeIDs), state, after.At, after.ID, limit)
}

// Named is a letter that names a petition.
//
// vi: văn bản đã đôn đốc kiến nghị
type Named struct {
	LetterID string     `db:"id"`
	Symbol   string     `db:"symbol"`
	Rung     int        `db:"rung"`
	SignedOn clock.Date `db:"signed_on"`
	Signer   string     `db:"signer"`
	Body     string     `db:"body"`
	LateDays int        `db:"late_days"`
	OfficeID string     `db:"office_id"`
	BodyID   string     `db:"body_id"`
	ToBodyID string     `db:"to_body_id"`
	URL      string     `db:"url"` // empty for who may not open the letter
}

func namedIn(ctx context.Context, tx *db.Tx, petitionID string) ([]Named, error) {
	return db.All[Named](ctx, tx, `SELECT r.id, r.symbol, r.rung, r.signed_on, r.signer, COALESCE(b.name, '') AS body, n.late_days, r.office_id, r.body_id, r.to_body_id, '' AS url
		FROM petitions_reminder_lines n JOIN petitions_reminders r ON r.id = n.reminder_id LEFT JOIN org_bodies b ON b.id = r.body_id
		WHERE n.petition_id = $1 AND r.state = 'signed' ORDER BY r.signed_at DESC, r.id DESC LIMIT 100`, petitionID)
}

// standing is how much one body owes a council.
type standing struct {
	BodyID  string     `db:"body_id"`
	Overdue int64      `db:"overdue"`
	Soon    int64      `db:"soon"`
	Oldest  clock.Date `db:"oldest"`
}

// standings counts what is overdue and soon due by body. It reads the index
// cases_duties alone.
func standings(ctx context.Context, tx *db.Tx, councilID string, today, soon clock.Date) ([]standing, error) {
	return db.All[standing](ctx, tx, standingsQuery, councilID, today, soon)
}

const standingsQuery = `SELECT holder_body_id AS body_id, COUNT(CASE WHEN due < $2 THEN 1 END) AS overdue, COUNT(CASE WHEN due >= $2 THEN 1 END) AS soon, MIN(due) AS oldest
	FROM cases_cases WHERE council_id = $1 AND procedure = 'petition' AND open AND due <> '' AND NOT sealed AND state IN ('forwarded', 'accepted') AND holder_body_id <> '' AND due <= $3
	GROUP BY holder_body_id ORDER BY holder_body_id LIMIT 5000`

type brokenRow struct {
	BodyID string     `db:"body_id"`
	N      int64      `db:"n"`
	Oldest clock.Date `db:"oldest"`
}

// brokenBy counts by body the dates that were promised and not kept.
func brokenBy(ctx context.Context, tx *db.Tx, councilID string) ([]brokenRow, error) {
	return db.All[brokenRow](ctx, tx, `SELECT p.body_id, COUNT(*) AS n, MIN(p.due) AS oldest FROM petitions_promises p JOIN cases_cases c ON c.id = p.petition_id
		WHERE p.council_id = $1 AND p.state = 'broken' AND NOT c.sealed GROUP BY p.body_id ORDER BY p.body_id LIMIT 5000`, councilID)
}

// openLetters lists the letters of a council's office that count for the ladder,
// and its drafts.
func openLetters(ctx context.Context, tx *db.Tx, officeIDs []string) ([]Letter, error) {
	return db.All[Letter](ctx, tx, `SELECT `+letterColumns+` FROM petitions_reminders WHERE office_id `+tx.In("$1")+` AND (state = 'draft' OR state = 'signed' AND settled_on = '')
		ORDER BY signed_at, id LIMIT 5000`, db.List(officeIDs))
}

// beginning is before every letter.
func beginning() place { return place{At: 1 << 62, ID: strings.Repeat("z", 26)} }

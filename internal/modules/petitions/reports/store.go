package reports

import (
	"context"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

// candidate is a case that may be in a report. What it was is told by its acts;
// who may see it is asked of today.
type candidate struct {
	ID         string  `db:"id"`
	Code       string  `db:"code"`
	OpenedAt   db.Time `db:"opened_at"`
	ExaminerID string  `db:"examiner_body_id"`
	Public     bool    `db:"public"`
	Sealed     bool    `db:"sealed"`
}

// span is a part of a council's petitions, by the time they were handed in.
type span struct {
	councilID   string
	from, until time.Time // from inclusive, until not
	after       candidate
}

const candidatesQuery = `SELECT id, code, opened_at, examiner_body_id, public, sealed FROM cases_cases
	WHERE council_id = $1 AND procedure = 'petition' AND opened_at >= $2 AND opened_at < $3 AND (opened_at, id) > ($4, $5)
	ORDER BY opened_at, id LIMIT $6`

// candidatesIn reads on from span.after, in the order of the index cases_new.
func candidatesIn(ctx context.Context, tx *db.Tx, s span, n int) ([]candidate, error) {
	return db.All[candidate](ctx, tx, candidatesQuery, s.councilID, db.At(s.start()), db.At(s.until), s.after.OpenedAt, s.after.ID, n)
}

// start is where reading goes on. It says the place of after a second time:
// SQLite takes the beginning from the plain comparison alone, and would walk the
// index from the first petition to every part of a million.
func (s span) start() time.Time {
	if s.after.OpenedAt.After(s.from) {
		return s.after.OpenedAt.Time
	}
	return s.from
}

// countIn counts no further than most.
func countIn(ctx context.Context, tx *db.Tx, s span, most int) (int, error) {
	return db.One[int](ctx, tx, `SELECT COUNT(*) FROM (SELECT id FROM cases_cases
		WHERE council_id = $1 AND procedure = 'petition' AND opened_at >= $2 AND opened_at < $3 ORDER BY opened_at LIMIT $4) AS capped`,
		s.councilID, db.At(s.from), db.At(s.until), most)
}

const sealedSinceQuery = `SELECT COUNT(*) FROM cases_cases WHERE council_id = $1 AND procedure = 'petition' AND state = 'split' AND NOT open AND sealed
	AND opened_at >= $2 AND opened_at < $3 AND changed_at >= $4`

// sealedSince counts petitions that were split off since a moment, of those that
// a file could list.
func sealedSince(ctx context.Context, tx *db.Tx, s span, since time.Time) (int64, error) {
	return db.One[int64](ctx, tx, sealedSinceQuery, s.councilID, db.At(s.from), db.At(s.until), db.At(since))
}

// actsMost bounds what is read at once: no case has had a hundred acts.
const actsMost = 100 * batchRows

// actsOf reads the acts up to a moment, in order. Those that move nothing a
// report speaks of are left out: over a million petitions they are a third. Of
// the others it takes what take reads of them: only an answer names a body.
func actsOf(ctx context.Context, tx *db.Tx, ids []string, at time.Time) ([]Act, error) {
	return db.All[Act](ctx, tx, `SELECT case_id, number, verb, at, to_state, round, late,
		CASE WHEN verb = 'answer' THEN body_id ELSE '' END AS body_id, CASE WHEN verb = 'answer' THEN body_name ELSE '' END AS body_name,
		CASE WHEN verb = 'answer' THEN document ELSE '' END AS document,
		CASE WHEN verb IN ('receive', 'classify', 'refuse', 'extend', 'answer', 'judge') THEN fields ELSE '' END AS fields
		FROM cases_acts WHERE case_id `+tx.In("$1")+` AND at <= $2
			AND verb NOT IN ('assign', 'ask_extension', 'refuse_extension', 'remind', 'escalate', 'succeed') ORDER BY case_id, number LIMIT $3`, db.List(ids), db.At(at), actsMost)
}

func termsOf(ctx context.Context, tx *db.Tx, ids []string) ([]Term, error) {
	return db.All[Term](ctx, tx, `SELECT petition_id, at, due FROM petitions_forwardings WHERE petition_id `+tx.In("$1")+` ORDER BY petition_id, at LIMIT $2`, db.List(ids), actsMost)
}

// words is a petition's public text.
type words struct {
	ID   string `db:"id"`
	Text string `db:"public_text"`
}

func wordsOf(ctx context.Context, tx *db.Tx, ids []string) ([]words, error) {
	return db.All[words](ctx, tx, `SELECT id, public_text FROM petitions_petitions WHERE id `+tx.In("$1"), db.List(ids))
}

// reply is what a body wrote to one point.
type reply struct {
	PetitionID string     `db:"petition_id"`
	Round      int        `db:"round"`
	Number     int        `db:"number"`
	Text       string     `db:"reply"`
	Outcome    Outcome    `db:"outcome"`
	Promised   clock.Date `db:"promised"`
}

func repliesOf(ctx context.Context, tx *db.Tx, ids []string) ([]reply, error) {
	return db.All[reply](ctx, tx, `SELECT petition_id, round, number, reply, outcome, promised FROM petitions_answers
		WHERE petition_id `+tx.In("$1")+` ORDER BY petition_id, round, number LIMIT $2`, db.List(ids), actsMost)
}

const reportColumns = `id, council_id, committee_id, kind, query, moment, status, done, total, hash, rows_count, figures, made_by, made_name, made_at, checked_at, checked_hash, withheld, paper_id`

func insertReport(ctx context.Context, tx *db.Tx, r Report) error {
	_, err := tx.Exec(ctx, `INSERT INTO petitions_reports (`+reportColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		r.ID, r.CouncilID, r.CommitteeID, r.Kind, r.Query, r.Moment, r.Status, r.Done, r.Total, r.Hash, r.Rows, r.Figures, r.MadeBy, r.MadeName, r.MadeAt,
		r.CheckedAt, r.CheckedHash, r.Withheld, r.PaperID)
	return err
}

func reportOf(ctx context.Context, tx *db.Tx, id string) (Report, error) {
	return db.One[Report](ctx, tx, `SELECT `+reportColumns+` FROM petitions_reports WHERE id = $1`, id)
}

// reportsOf lists the reports of a council, or of one committee of it, the
// newest first; ids grow with time.
func reportsOf(ctx context.Context, tx *db.Tx, councilID, committeeID, before string, n int) ([]Report, error) {
	if committeeID != "" {
		return db.All[Report](ctx, tx, `SELECT `+reportColumns+` FROM petitions_reports
			WHERE committee_id = $1 AND committee_id <> '' AND council_id = $2 AND ($3 = '' OR id < $3) ORDER BY id DESC LIMIT $4`, committeeID, councilID, before, n)
	}
	return db.All[Report](ctx, tx, `SELECT `+reportColumns+` FROM petitions_reports WHERE council_id = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3`, councilID, before, n)
}

// finishReport saves the numbers and the workbook of a large report, unless
// another run has put its own workbook there meanwhile.
func finishReport(ctx context.Context, tx *db.Tx, r Report, paperBefore string) error {
	return tx.ExecOne(ctx, `UPDATE petitions_reports SET status = $2, done = $3, hash = $4, rows_count = $5, figures = $6, paper_id = $7, withheld = $8 WHERE id = $1 AND paper_id = $9`,
		r.ID, r.Status, r.Done, r.Hash, r.Rows, r.Figures, r.PaperID, r.Withheld, paperBefore)
}

func noteProgress(ctx context.Context, tx *db.Tx, id string, done int) error {
	_, err := tx.Exec(ctx, `UPDATE petitions_reports SET done = $2 WHERE id = $1`, id, done)
	return err
}

func noteCheck(ctx context.Context, tx *db.Tx, r Report) error {
	return tx.ExecOne(ctx, `UPDATE petitions_reports SET checked_at = $2, checked_hash = $3, withheld = $4 WHERE id = $1`, r.ID, r.CheckedAt, r.CheckedHash, r.Withheld)
}

package counter

import (
	"context"
	"strconv"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

const lineColumns = `id, visit_id, council_id, on_day, position, year, log_no, class, times, sealed, summary, earlier, request, people, settled_by, outcome, to_body, symbol, follow, note, tell_due, told_on, case_id, revision`

// linesMost bounds the contents of one visit.
const linesMost = 20

func insertLine(ctx context.Context, tx *db.Tx, l Line) error {
	return once(tx.Exec(ctx, `INSERT INTO reception_lines (`+lineColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24) ON CONFLICT DO NOTHING`,
		l.ID, l.VisitID, l.CouncilID, l.On, l.Position, l.Year, l.No, l.Class, l.Times, l.Sealed, l.Summary, l.Earlier, l.Request, l.People, l.SettledBy, l.Outcome, l.ToBody, l.Symbol, l.Follow, l.Note, l.TellDue, l.ToldOn, l.CaseID, l.Revision))
}

func updateLine(ctx context.Context, tx *db.Tx, l Line) error {
	return tx.ExecOne(ctx, `UPDATE reception_lines SET year = $3, log_no = $4, class = $5, summary = $6, earlier = $7, request = $8, people = $9, settled_by = $10, outcome = $11, to_body = $12, symbol = $13, follow = $14,
			note = $15, tell_due = $16, told_on = $17, case_id = $18, times = $19, revision = revision + 1
		WHERE id = $1 AND revision = $2`,
		l.ID, l.Revision, l.Year, l.No, l.Class, l.Summary, l.Earlier, l.Request, l.People, l.SettledBy, l.Outcome, l.ToBody, l.Symbol, l.Follow, l.Note, l.TellDue, l.ToldOn, l.CaseID, l.Times)
}

func deleteLine(ctx context.Context, tx *db.Tx, visitID, id string) error {
	_, err := tx.Exec(ctx, `DELETE FROM reception_lines WHERE visit_id = $1 AND id = $2 AND log_no = 0`, visitID, id)
	return err
}

func lineOf(ctx context.Context, tx *db.Tx, id string) (Line, error) {
	l, err := db.One[Line](ctx, tx, `SELECT `+lineColumns+` FROM reception_lines WHERE id = $1`, id)
	if fault.Is(err, "db.no_row") {
		return l, fault.New(fault.Missing, "counter.no_line")
	}
	return l, err
}

func linesOf(ctx context.Context, tx *db.Tx, visitID string) ([]Line, error) {
	return db.All[Line](ctx, tx, `SELECT `+lineColumns+` FROM reception_lines WHERE visit_id = $1 ORDER BY position LIMIT $2`, visitID, linesMost)
}

// logName is the row of numbers of a council's log in a year.
func logName(councilID string, year int) string { return "log/" + councilID + "/" + strconv.Itoa(year) }

// place is where the log goes on: after that day and line.
type place struct {
	day clock.Date
	no  int
}

const logQuery = `SELECT ` + lineColumns + ` FROM reception_lines WHERE council_id = $1 AND log_no > 0 AND on_day <= $2 AND (on_day, log_no) > ($3, $4) ORDER BY on_day, log_no LIMIT $5`

// logLines reads the log of a council from a place on, up to a day.
func logLines(ctx context.Context, tx *db.Tx, councilID string, from place, until clock.Date, limit int) ([]Line, error) {
	return db.All[Line](ctx, tx, logQuery, councilID, until, from.day, from.no, limit)
}

// debt is something that the office still owes a citizen.
type debt struct {
	VisitID string     `db:"visit_id"`
	LineID  string     `db:"line_id"`
	On      clock.Date `db:"on_day"`
	Due     clock.Date `db:"due"`
	About   string     `db:"about"`
}

func noticesOwed(ctx context.Context, tx *db.Tx, councilID string, limit int) ([]debt, error) {
	return db.All[debt](ctx, tx, `SELECT id AS visit_id, '' AS line_id, on_day, notice_due AS due, ground AS about FROM reception_visits WHERE council_id = $1 AND notice_due <> '' AND notice_on = '' ORDER BY notice_due, id LIMIT $2`, councilID, limit)
}

func conclusionsOwed(ctx context.Context, tx *db.Tx, councilID string, limit int) ([]debt, error) {
	return db.All[debt](ctx, tx, `SELECT id AS visit_id, '' AS line_id, on_day, '' AS due, host_name AS about FROM reception_visits WHERE council_id = $1 AND leader AND state = 'done' AND NOT sealed AND conclusion_on = '' ORDER BY on_day, id LIMIT $2`, councilID, limit)
}

func tellingsOwed(ctx context.Context, tx *db.Tx, councilID string, limit int) ([]debt, error) {
	return db.All[debt](ctx, tx, `SELECT visit_id, id AS line_id, on_day, tell_due AS due, summary AS about FROM reception_lines WHERE council_id = $1 AND tell_due <> '' AND told_on = '' ORDER BY tell_due, id LIMIT $2`, councilID, limit)
}

// noticesDue counts the notices of refusal that are due by a day.
func noticesDue(ctx context.Context, tx *db.Tx, councilID string, until clock.Date) (int, error) {
	return db.One[int](ctx, tx, `SELECT COUNT(*) FROM reception_visits WHERE council_id = $1 AND notice_due <> '' AND notice_on = '' AND notice_due <= $2`, councilID, until)
}

func tellingsDue(ctx context.Context, tx *db.Tx, councilID string, until clock.Date) (int, error) {
	return db.One[int](ctx, tx, `SELECT COUNT(*) FROM reception_lines WHERE council_id = $1 AND tell_due <> '' AND told_on = '' AND tell_due <= $2`, councilID, until)
}

// Facts of visits that are over, as they stood at a moment, in the order of their
// ids. A sealed one counts from the end of its day: its moment is kept nowhere.
const factsQuery = `SELECT v.id, v.on_day, v.day_id, v.leader, v.delegated, v.people, v.sealed,
		(SELECT COUNT(*) FROM reception_lines l WHERE l.visit_id = v.id AND l.times = 'first') AS firsts, (SELECT COUNT(*) FROM reception_lines l WHERE l.visit_id = v.id AND l.times = 'again') AS again,
		(SELECT COUNT(*) FROM reception_lines l WHERE l.visit_id = v.id AND l.times = '') AS unclear, (SELECT COALESCE(MIN(l.log_no), 0) FROM reception_lines l WHERE l.visit_id = v.id) AS log_no
	FROM reception_visits v WHERE v.council_id = $1 AND v.id > $2 AND v.on_day >= $3 AND v.on_day <= $4 AND v.state = 'done' AND (NOT v.sealed AND v.ended_at <= $5 OR v.sealed AND v.on_day < $6) ORDER BY v.id LIMIT $7`

// Many is about how many visits Facts goes through.
func Many(ctx context.Context, tx *db.Tx, q Question) (int, error) {
	return db.One[int](ctx, tx, `SELECT COUNT(*) FROM reception_visits WHERE council_id = $1 AND on_day >= $2 AND on_day <= $3`, q.CouncilID, q.From, q.Until)
}

func facts(ctx context.Context, tx *db.Tx, q Question) ([]Fact, error) {
	return db.All[Fact](ctx, tx, factsQuery, q.CouncilID, q.After, q.From, q.Until, db.At(q.Moment), clock.DateOf(q.Moment), q.Limit)
}

package intake

import (
	"context"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// deputiesOf lists everybody who is or was a deputy of a council.
func deputiesOf(ctx context.Context, tx *db.Tx, councilID string) ([]Deputy, error) {
	return db.All[Deputy](ctx, tx, `SELECT e.id AS person_id, e.name, MAX(b.name) AS body_name FROM org_posts p JOIN org_people e ON e.id = p.person_id JOIN org_bodies b ON b.id = p.body_id
		WHERE b.council_id = $1 AND p.roles LIKE '%"deputy"%' GROUP BY e.id, e.name, e.sort_key ORDER BY e.sort_key, e.name, e.id LIMIT 2000`, councilID)
}

func termsOf(ctx context.Context, tx *db.Tx, councilID string) ([]org.Term, error) {
	return db.All[org.Term](ctx, tx, `SELECT id, council_id, number, name, starts, ends FROM org_terms WHERE council_id = $1 ORDER BY starts DESC, id LIMIT 50`, councilID)
}

type tieRow struct {
	Key      string `db:"name_key"`
	PersonID string `db:"person_id"`
}

func tiesOf(ctx context.Context, tx *db.Tx, councilID string) (map[string]string, error) {
	rows, err := db.All[tieRow](ctx, tx, `SELECT name_key, person_id FROM petitions_deputy_ties WHERE council_id = $1 ORDER BY name_key LIMIT 10000`, councilID)
	all := make(map[string]string, len(rows))
	for _, r := range rows {
		all[r.Key] = r.PersonID
	}
	return all, err
}

func saveTie(ctx context.Context, tx *db.Tx, councilID, key, personID, by string, at db.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO petitions_deputy_ties (council_id, name_key, person_id, tied_by, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (council_id, name_key) DO UPDATE SET person_id = excluded.person_id, tied_by = excluded.tied_by, at = excluded.at`, councilID, key, personID, by, at)
	return err
}

// noteBrought keeps who brought a petition. It is shown when it has been counted.
func noteBrought(ctx context.Context, tx *db.Tx, s Source, by []Bringer) error {
	for _, b := range by {
		err := tx.InsertAbsent(ctx, `petitions_brought`, `petition_id, name_key, council_id, written, session, session_key, term_id, shown, forwarded, open, answered, outcome, promised`,
			s.PetitionID, b.Key, s.CouncilID, b.Written, s.Session, sessionKey(s.Session), "", false, false, true, "", "", "")
		if err != nil {
			return err
		}
	}
	return nil
}

// nameCount is a counter: of one name, term and session.
type nameCount struct {
	Key        string           `db:"name_key"`
	TermID     string           `db:"term_id"`
	SessionKey string           `db:"session_key"`
	Session    string           `db:"session"`
	Written    string           `db:"written"`
	Figures    db.JSON[Figures] `db:"figures"`
}

func countsOf(ctx context.Context, tx *db.Tx, councilID string, keys []string) ([]nameCount, error) {
	return db.All[nameCount](ctx, tx, `SELECT name_key, term_id, session_key, session, written, figures FROM petitions_deputy_counts
		WHERE council_id = $1 AND name_key `+tx.In("$2")+` ORDER BY name_key, term_id, session_key LIMIT 50000`, councilID, db.List(keys))
}

// unknownNames lists names that are not among the known ones, after one.
func unknownNames(ctx context.Context, tx *db.Tx, councilID string, known []string, after string, limit int) ([]UnknownName, error) {
	return db.All[UnknownName](ctx, tx, `SELECT name_key, MIN(written) AS written, CAST(SUM(brought) AS BIGINT) AS n FROM petitions_deputy_counts
		WHERE council_id = $1 AND name_key > $2 AND name_key NOT LIKE '@%' AND name_key `+tx.NotIn("$3")+` GROUP BY name_key ORDER BY name_key LIMIT $4`, councilID, after, db.List(known), limit)
}

// broughtIDs lists petitions of several names, the newest first. Each name is
// read by itself in the order of its index, and the heads are merged.
func broughtIDs(ctx context.Context, tx *db.Tx, councilID string, keys []string, p Period, before string, limit int) ([]string, error) {
	args := []any{councilID}
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	rest := ` AND shown`
	if p.Session != "" {
		rest += ` AND session_key = ` + arg(p.Session)
	}
	if p.TermID != "" {
		rest += ` AND term_id = ` + arg(p.TermID)
	}
	if before != "" {
		rest += ` AND petition_id < ` + arg(before)
	}
	end := ` ORDER BY petition_id DESC LIMIT ` + arg(limit)
	parts := make([]string, len(keys))
	for i, key := range keys {
		parts[i] = `SELECT petition_id FROM (SELECT petition_id FROM petitions_brought WHERE council_id = $1 AND name_key = ` + arg(key) + rest + end + `) AS part` + strconv.Itoa(i)
	}
	return db.All[string](ctx, tx, `SELECT DISTINCT petition_id FROM (`+strings.Join(parts, " UNION ALL ")+`) AS found`+end, args...)
}

// broughtByID reads petitions as they stand now; sealed ones are not there.
func broughtByID(ctx context.Context, tx *db.Tx, councilID string, ids []string) ([]Brought, error) {
	return db.All[Brought](ctx, tx, `SELECT c.id, c.council_id, c.code, c.title, c.state, c.open, c.opened_at, c.owner_body_id, c.holder_body_id, c.examiner_body_id, c.assignee_post_id, c.unit_code,
			c.public, c.sealed, c.due, b.session, b.outcome, b.promised
		FROM cases_cases c JOIN petitions_brought b ON b.petition_id = c.id
		WHERE c.id `+tx.In("$1")+` AND c.council_id = $2 AND NOT c.sealed AND c.state <> 'split' ORDER BY c.id DESC LIMIT 20000`, db.List(ids), councilID)
}

// counting is how far the figures of deputies are counted.
type counting struct {
	Seen     db.Time    `db:"seen"`
	Day      clock.Date `db:"day"`
	Revision int64      `db:"revision"`
}

func countingPosition(ctx context.Context, tx *db.Tx) (counting, error) {
	at, err := db.One[counting](ctx, tx, `SELECT seen, day, revision FROM petitions_deputy_counting WHERE name = 'deputies'`)
	if fault.Is(err, "db.no_row") {
		return counting{}, nil
	}
	return at, err
}

func beginCounting(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `INSERT INTO petitions_deputy_counting (name, seen, day, revision) VALUES ('deputies', 0, '', 0) ON CONFLICT (name) DO NOTHING`)
	return err
}

// claimCounting fails when somebody else counted meanwhile.
func claimCounting(ctx context.Context, tx *db.Tx, at counting) error {
	return tx.ExecOne(ctx, `UPDATE petitions_deputy_counting SET revision = revision + 1 WHERE name = 'deputies' AND revision = $1`, at.Revision)
}

func finishCounting(ctx context.Context, tx *db.Tx, at counting) error {
	return tx.ExecOne(ctx, `UPDATE petitions_deputy_counting SET seen = $1, day = $2 WHERE name = 'deputies'`, at.Seen, at.Day)
}

// namedSources lists sources that name a deputy of whom nothing is kept yet,
// after a petition.
func namedSources(ctx context.Context, tx *db.Tx, after string, limit int) ([]Source, error) {
	return db.All[Source](ctx, tx, `SELECT `+sourceColumns+` FROM petitions_sources s
		WHERE deputy <> '' AND petition_id > $1 AND NOT EXISTS (SELECT 1 FROM petitions_brought b WHERE b.petition_id = s.petition_id) ORDER BY petition_id LIMIT $2`, after, limit)
}

type actedRow struct {
	ID     string `db:"id"`
	CaseID string `db:"case_id"`
}

func actedAfter(ctx context.Context, tx *db.Tx, after string, limit int) ([]actedRow, error) {
	return db.All[actedRow](ctx, tx, `SELECT id, case_id FROM cases_acts WHERE id > $1 ORDER BY id LIMIT $2`, after, limit)
}

// broughtFacts is what is counted of one petition.
type broughtFacts struct {
	ID        string     `db:"petition_id"`
	Key       string     `db:"name_key"`
	CouncilID string     `db:"council_id"`
	TermID    string     `db:"term_id"`
	Shown     bool       `db:"shown"`
	Forwarded bool       `db:"forwarded"`
	Open      bool       `db:"open"`
	Answered  string     `db:"answered"` // "in_time", "late" or not yet
	Outcome   string     `db:"outcome"`
	Promised  clock.Date `db:"promised"`
}

func factsBefore(ctx context.Context, tx *db.Tx, ids []string) ([]broughtFacts, error) {
	return db.All[broughtFacts](ctx, tx, `SELECT petition_id, name_key, council_id, term_id, shown, forwarded, open, answered, outcome, promised FROM petitions_brought
		WHERE petition_id `+tx.In("$1")+` ORDER BY petition_id, name_key LIMIT 50000`, db.List(ids))
}

func saveFacts(ctx context.Context, tx *db.Tx, f broughtFacts) error {
	_, err := tx.Exec(ctx, `UPDATE petitions_brought SET term_id = $3, shown = $4, forwarded = $5, open = $6, answered = $7, outcome = $8, promised = $9 WHERE petition_id = $1 AND name_key = $2`,
		f.ID, f.Key, f.TermID, f.Shown, f.Forwarded, f.Open, f.Answered, f.Outcome, f.Promised)
	return err
}

// countedName is a name of a council.
type countedName struct {
	CouncilID string `db:"council_id"`
	Key       string `db:"name_key"`
}

func promisedNames(ctx context.Context, tx *db.Tx) ([]countedName, error) {
	return db.All[countedName](ctx, tx, `SELECT DISTINCT council_id, name_key FROM petitions_brought WHERE promised <> '' ORDER BY council_id, name_key LIMIT 50000`)
}

type summed struct {
	TermID     string `db:"term_id"`
	SessionKey string `db:"session_key"`
	Session    string `db:"session"`
	Written    string `db:"written"`
	Outcome    string `db:"outcome"`
	N          int64  `db:"n"`
	Forwarded  int64  `db:"forwarded"`
	Open       int64  `db:"open"`
	InTime     int64  `db:"in_time"`
	Late       int64  `db:"late"`
	Promises   int64  `db:"promises"`
	Passed     int64  `db:"passed"`
}

// sumsOf adds up what is shown of one name.
func sumsOf(ctx context.Context, tx *db.Tx, n countedName, today clock.Date) ([]summed, error) {
	return db.All[summed](ctx, tx, `SELECT term_id, session_key, MIN(session) AS session, MIN(written) AS written, outcome, COUNT(*) AS n, COUNT(CASE WHEN forwarded THEN 1 END) AS forwarded,
			COUNT(CASE WHEN open THEN 1 END) AS open, COUNT(CASE WHEN answered = 'in_time' THEN 1 END) AS in_time, COUNT(CASE WHEN answered = 'late' THEN 1 END) AS late,
			COUNT(CASE WHEN promised <> '' THEN 1 END) AS promises, COUNT(CASE WHEN promised <> '' AND promised < $3 THEN 1 END) AS passed
		FROM petitions_brought WHERE council_id = $1 AND name_key = $2 AND shown GROUP BY term_id, session_key, outcome ORDER BY term_id, session_key, outcome LIMIT 20000`, n.CouncilID, n.Key, today)
}

func replaceCounts(ctx context.Context, tx *db.Tx, n countedName, counts []nameCount) error {
	if _, err := tx.Exec(ctx, `DELETE FROM petitions_deputy_counts WHERE council_id = $1 AND name_key = $2`, n.CouncilID, n.Key); err != nil {
		return err
	}
	for _, c := range counts {
		_, err := tx.Exec(ctx, `INSERT INTO petitions_deputy_counts (council_id, name_key, term_id, session_key, session, written, figures, brought) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			n.CouncilID, n.Key, c.TermID, c.SessionKey, c.Session, c.Written, c.Figures, c.Figures.V.Brought)
		if err != nil {
			return err
		}
	}
	return nil
}

type standRow struct {
	ID        string  `db:"id"`
	CouncilID string  `db:"council_id"`
	State     string  `db:"state"`
	Open      bool    `db:"open"`
	Round     int     `db:"round"`
	Sealed    bool    `db:"sealed"`
	OpenedAt  db.Time `db:"opened_at"`
}

func standsOf(ctx context.Context, tx *db.Tx, ids []string) ([]standRow, error) {
	return db.All[standRow](ctx, tx, `SELECT id, council_id, state, open, round, sealed, opened_at FROM cases_cases WHERE id `+tx.In("$1"), db.List(ids))
}

type weighedAct struct {
	CaseID string                     `db:"case_id"`
	Verb   string                     `db:"verb"`
	Round  int                        `db:"round"`
	Late   bool                       `db:"late"`
	Fields db.JSON[map[string]string] `db:"fields"`
}

func weighedActs(ctx context.Context, tx *db.Tx, ids []string) ([]weighedAct, error) {
	return db.All[weighedAct](ctx, tx, `SELECT case_id, verb, round, late, fields FROM cases_acts WHERE case_id `+tx.In("$1")+` AND verb IN ('forward', 'answer', 'refuse')
		ORDER BY case_id, number`, db.List(ids))
}

type promisedRow struct {
	ID       string     `db:"petition_id"`
	Round    int        `db:"round"`
	Promised clock.Date `db:"promised"`
}

func promisesIn(ctx context.Context, tx *db.Tx, ids []string) ([]promisedRow, error) {
	return db.All[promisedRow](ctx, tx, `SELECT petition_id, round, promised FROM petitions_answers WHERE petition_id `+tx.In("$1")+` AND promised <> '' AND outcome IN ('partly', 'underway')
		ORDER BY petition_id, promised`, db.List(ids))
}

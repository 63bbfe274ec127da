package reports

import (
	"context"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

// chainMax bounds how far a chain of repetitions is followed, and how many are shown.
const (
	chainDeep = 60
	chainMax  = 200
)

// rootOf is the first petition of the chain that a petition belongs to.
func rootOf(ctx context.Context, tx *db.Tx, id string) (string, error) {
	return db.One[string](ctx, tx, `WITH RECURSIVE up (id, depth) AS (
			SELECT CAST($1 AS TEXT), 0 UNION SELECT k.earlier_id, up.depth + 1 FROM petitions_links k JOIN up ON k.petition_id = up.id WHERE up.depth < $2)
		SELECT id FROM up ORDER BY depth DESC LIMIT 1`, id, chainDeep)
}

// leadsTo reports whether a petition repeats, over however many steps, another.
func leadsTo(ctx context.Context, tx *db.Tx, from, to string) (bool, error) {
	n, err := db.One[int](ctx, tx, `WITH RECURSIVE up (id, depth) AS (
			SELECT CAST($1 AS TEXT), 0 UNION SELECT k.earlier_id, up.depth + 1 FROM petitions_links k JOIN up ON k.petition_id = up.id WHERE up.depth < $3)
		SELECT COUNT(*) FROM up WHERE id = $2`, from, to, chainDeep)
	return n > 0, err
}

// chained is a case of a chain, as far as it says who may see it.
type chained struct {
	cases.Case
	EarlierID string `db:"earlier_id"`
}

// chainFrom lists all that repeat a petition, itself among them, oldest first;
// never a sealed one, whenever it was sealed.
func chainFrom(ctx context.Context, tx *db.Tx, root string) ([]chained, error) {
	return db.All[chained](ctx, tx, `WITH RECURSIVE down (id, depth) AS (
			SELECT CAST($1 AS TEXT), 0 UNION SELECT k.petition_id, down.depth + 1 FROM petitions_links k JOIN down ON k.earlier_id = down.id WHERE down.depth < $2)
		SELECT c.id, c.council_id, c.code, c.title, c.round, c.opened_at, c.owner_body_id, c.holder_body_id, c.examiner_body_id, c.assignee_post_id, c.public, c.sealed,
			COALESCE(k.earlier_id, '') AS earlier_id
		FROM cases_cases c LEFT JOIN petitions_links k ON k.petition_id = c.id
		WHERE c.id IN (SELECT id FROM down) AND NOT c.sealed ORDER BY c.opened_at, c.id LIMIT $3`, root, chainDeep, chainMax)
}

// Link says that a petition repeats an earlier one.
//
// vi: liên kết kiến nghị nhắc lại
type Link struct {
	PetitionID string  `db:"petition_id"`
	EarlierID  string  `db:"earlier_id"`
	ByID       string  `db:"by_id"`
	ByName     string  `db:"by_name"`
	At         db.Time `db:"at"`
}

func insertLink(ctx context.Context, tx *db.Tx, l Link) error {
	_, err := tx.Exec(ctx, `INSERT INTO petitions_links (petition_id, earlier_id, by_id, by_name, at) VALUES ($1, $2, $3, $4, $5)`, l.PetitionID, l.EarlierID, l.ByID, l.ByName, l.At)
	return err
}

func linkOf(ctx context.Context, tx *db.Tx, id string) (Link, error) {
	return db.One[Link](ctx, tx, `SELECT petition_id, earlier_id, by_id, by_name, at FROM petitions_links WHERE petition_id = $1`, id)
}

func removeLink(ctx context.Context, tx *db.Tx, id string) error {
	return tx.ExecOne(ctx, `DELETE FROM petitions_links WHERE petition_id = $1`, id)
}

// kept and renewed tell what became of a promise: a later answer to the same
// point, or to a petition that repeats it, says that it is done; or a later
// answer took its place. What was split off since keeps nobody's promise.
const (
	promiseKept = `(EXISTS (SELECT 1 FROM petitions_answers l WHERE l.petition_id = a.petition_id AND l.number = a.number AND l.round > a.round AND l.outcome = 'done')
		OR EXISTS (SELECT 1 FROM petitions_links k JOIN petitions_answers l ON l.petition_id = k.petition_id JOIN cases_cases kc ON kc.id = k.petition_id
			WHERE k.earlier_id = a.petition_id AND l.outcome = 'done' AND NOT kc.sealed))`
	promiseRenewed = `EXISTS (SELECT 1 FROM petitions_answers l WHERE l.petition_id = a.petition_id AND l.number = a.number AND l.round > a.round)`
	promises       = ` FROM petitions_answers a JOIN petitions_petitions p ON p.id = a.petition_id JOIN cases_cases c ON c.id = a.petition_id
		WHERE a.promised <> '' AND a.outcome IN ('underway', 'partly') AND c.council_id = $1 AND NOT c.sealed AND ($2 = '' OR c.examiner_body_id = $2)`
)

// Promise is a date that a body committed itself to.
//
// vi: lời hứa, cam kết
type Promise struct {
	PetitionID string     `db:"petition_id"`
	Round      int        `db:"round"`
	Number     int        `db:"number"`
	Outcome    Outcome    `db:"outcome"`
	Promised   clock.Date `db:"promised"`
	Code       string     `db:"code"`
	Title      string     `db:"title"`
	Public     bool       `db:"public"`
	BodyID     string     `db:"body_id"`
	Body       string     `db:"body"`
}

// openPromises lists promises that are neither kept nor renewed, the nearest
// date first, on from the one after.
func openPromises(ctx context.Context, tx *db.Tx, c circle, bodyID string, after Promise, n int) ([]Promise, error) {
	return db.All[Promise](ctx, tx, openPromisesQuery, c.councilID, c.committeeID, bodyID, after.Promised, after.PetitionID, after.Round, after.Number, n)
}

const openPromisesQuery = `SELECT a.petition_id, a.round, a.number, a.outcome, a.promised, c.code, c.title, c.public, p.body_id, COALESCE(b.name, '') AS body
		FROM petitions_answers a JOIN petitions_petitions p ON p.id = a.petition_id JOIN cases_cases c ON c.id = a.petition_id LEFT JOIN org_bodies b ON b.id = p.body_id
		WHERE a.promised <> '' AND a.outcome IN ('underway', 'partly') AND c.council_id = $1 AND NOT c.sealed AND ($2 = '' OR c.examiner_body_id = $2)
			AND ($3 = '' OR p.body_id = $3) AND (a.promised, a.petition_id, a.round, a.number) > ($4, $5, $6, $7)
			AND NOT ` + promiseKept + ` AND NOT ` + promiseRenewed + ` ORDER BY a.promised, a.petition_id, a.round, a.number LIMIT $8`

// Kept is how a body keeps its promises.
//
// vi: việc thực hiện lời hứa
type Kept struct {
	BodyID  string `db:"body_id"`
	Body    string `db:"body"`
	Due     int64  `db:"due"`     // open, and the date is to come
	Overdue int64  `db:"overdue"` // open, and the date is over
	Kept    int64  `db:"kept"`
	Renewed int64  `db:"renewed"` // another answer took its place, and was not "done"
}

func promisesByBody(ctx context.Context, tx *db.Tx, c circle, today clock.Date) ([]Kept, error) {
	return db.All[Kept](ctx, tx, `SELECT s.body_id, COALESCE(b.name, '') AS body,
			COUNT(CASE WHEN s.kept = 0 AND s.renewed = 0 AND s.promised >= $3 THEN 1 END) AS due,
			COUNT(CASE WHEN s.kept = 0 AND s.renewed = 0 AND s.promised < $3 THEN 1 END) AS overdue,
			COUNT(CASE WHEN s.kept = 1 THEN 1 END) AS kept, COUNT(CASE WHEN s.kept = 0 AND s.renewed = 1 THEN 1 END) AS renewed
		FROM (SELECT p.body_id, a.promised, CASE WHEN `+promiseKept+` THEN 1 ELSE 0 END AS kept, CASE WHEN `+promiseRenewed+` THEN 1 ELSE 0 END AS renewed`+promises+`) AS s
		LEFT JOIN org_bodies b ON b.id = s.body_id GROUP BY s.body_id, b.name ORDER BY overdue DESC, due DESC, s.body_id LIMIT 2000`, c.councilID, c.committeeID, today)
}

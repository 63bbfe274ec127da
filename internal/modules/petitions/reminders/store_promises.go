package reminders

import (
	"context"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

const promiseColumns = `id, petition_id, council_id, body_id, source, origin, number, promised, due, state, moves, made_on, broken_on, ended_on, asked, asked_due, asked_on, next_alarm, revision`

func insertPromise(ctx context.Context, tx *db.Tx, p Promise) (added bool, err error) {
	n, err := tx.Exec(ctx, `INSERT INTO petitions_promises (`+promiseColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) ON CONFLICT (petition_id, source, origin, number) DO NOTHING`,
		p.ID, p.PetitionID, p.CouncilID, p.BodyID, p.Source, p.Origin, p.Number, p.Promised, p.Due, p.State, p.Moves, p.MadeOn, p.BrokenOn, p.EndedOn, p.Asked, p.AskedDue, p.AskedOn, p.NextAlarm, p.Revision)
	return n == 1, err
}

// updatePromise saves a promise that nobody changed meanwhile.
func updatePromise(ctx context.Context, tx *db.Tx, p *Promise) error {
	err := tx.ExecOne(ctx, `UPDATE petitions_promises SET promised = $3, due = $4, state = $5, moves = $6, broken_on = $7, ended_on = $8, asked = $9, asked_due = $10, asked_on = $11, next_alarm = $12, revision = revision + 1
		WHERE id = $1 AND revision = $2`, p.ID, p.Revision, p.Promised, p.Due, p.State, p.Moves, p.BrokenOn, p.EndedOn, p.Asked, p.AskedDue, p.AskedOn, p.NextAlarm)
	if err == nil {
		p.Revision++
	}
	return err
}

func promiseOf(ctx context.Context, tx *db.Tx, id string) (Promise, error) {
	p, err := db.One[Promise](ctx, tx, `SELECT `+promiseColumns+` FROM petitions_promises WHERE id = $1`, id)
	if fault.Is(err, "db.no_row") {
		return p, noPromise()
	}
	return p, err
}

// promisesOf lists the promises of some petitions.
func promisesOf(ctx context.Context, tx *db.Tx, ids []string) (map[string][]Promise, error) {
	rows, err := db.All[Promise](ctx, tx, `SELECT `+promiseColumns+` FROM petitions_promises WHERE petition_id `+tx.In("$1")+` ORDER BY petition_id, id`, db.List(ids))
	all := map[string][]Promise{}
	for _, p := range rows {
		all[p.PetitionID] = append(all[p.PetitionID], p)
	}
	return all, err
}

// promisedTo lists the dates that a body named in reply to a letter.
func promisedTo(ctx context.Context, tx *db.Tx, letterID string) ([]Promise, error) {
	return db.All[Promise](ctx, tx, `SELECT `+promiseColumns+` FROM petitions_promises
		WHERE petition_id IN (SELECT petition_id FROM petitions_reminder_lines WHERE reminder_id = $1) AND source = 'letter' AND origin = $1 ORDER BY id LIMIT $2`, letterID, lettersMatters)
}

func insertAct(ctx context.Context, tx *db.Tx, promiseID string, a Act) error {
	_, err := tx.Exec(ctx, `INSERT INTO petitions_promise_acts (id, promise_id, verb, at, person_name, post_title, body_name, on_behalf, note, document, from_due, to_due)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, a.ID, promiseID, a.Verb, a.At, a.PersonName, a.PostTitle, a.BodyName, a.OnBehalf, a.Note, a.Document, a.FromDue, a.ToDue)
	return err
}

func actsOf(ctx context.Context, tx *db.Tx, promiseID string) ([]Act, error) {
	return db.All[Act](ctx, tx, `SELECT id, verb, at, person_name, post_title, body_name, on_behalf, note, document, from_due, to_due FROM petitions_promise_acts
		WHERE promise_id = $1 ORDER BY at, id LIMIT 500`, promiseID)
}

func dueAlarms(ctx context.Context, tx *db.Tx, today clock.Date, limit int) ([]Promise, error) {
	return db.All[Promise](ctx, tx, `SELECT `+promiseColumns+` FROM petitions_promises WHERE next_alarm <> '' AND next_alarm <= $1 ORDER BY next_alarm, id LIMIT $2`, today, limit)
}

// actRow is an act of a case that is followed here.
type actRow struct {
	CaseID     string  `db:"case_id"`
	Number     int     `db:"number"`
	Verb       string  `db:"verb"`
	Round      int     `db:"round"`
	At         db.Time `db:"at"`
	BodyID     string  `db:"body_id"`
	BodyName   string  `db:"body_name"`
	PersonName string  `db:"person_name"`
	PostTitle  string  `db:"post_title"`
	Document   string  `db:"document"`
	Late       bool    `db:"late"`
}

// actor is who did an act, as far as a promise's history names them.
func (a actRow) actor() org.Actor {
	return org.Actor{Name: a.PersonName, PostTitle: a.PostTitle, BodyID: a.BodyID, BodyName: a.BodyName}
}

func followedCases(ctx context.Context, tx *db.Tx, ids []string) ([]cases.Case, error) {
	return db.All[cases.Case](ctx, tx, `SELECT id, council_id, state, sealed FROM cases_cases WHERE procedure = 'petition' AND id `+tx.In("$1")+` ORDER BY id`, db.List(ids))
}

func followedActs(ctx context.Context, tx *db.Tx, ids []string) (map[string][]actRow, error) {
	rows, err := db.All[actRow](ctx, tx, `SELECT case_id, number, verb, round, at, body_id, body_name, person_name, post_title, document, late FROM cases_acts
		WHERE case_id `+tx.In("$1")+` AND verb IN ('forward', 'return', 'refuse', 'answer') ORDER BY case_id, number`, db.List(ids))
	all := map[string][]actRow{}
	for _, a := range rows {
		all[a.CaseID] = append(all[a.CaseID], a)
	}
	return all, err
}

type seenAct struct {
	ID     string `db:"id"`
	CaseID string `db:"case_id"`
	Verb   string `db:"verb"`
}

func actsAfter(ctx context.Context, tx *db.Tx, after string, n int) ([]seenAct, error) {
	return db.All[seenAct](ctx, tx, `SELECT id, case_id, verb FROM cases_acts WHERE id > $1 ORDER BY id LIMIT $2`, after, n)
}

func seen(ctx context.Context, tx *db.Tx) (string, error) {
	at, err := db.One[string](ctx, tx, `SELECT seen FROM petitions_following WHERE name = 'acts'`)
	if fault.Is(err, "db.no_row") {
		return "", nil
	}
	return at, err
}

func saveSeen(ctx context.Context, tx *db.Tx, at string) error {
	_, err := tx.Exec(ctx, `INSERT INTO petitions_following (name, seen) VALUES ('acts', $1) ON CONFLICT (name) DO UPDATE SET seen = excluded.seen`, at)
	return err
}

func saveHandled(ctx context.Context, tx *db.Tx, all []handled) error {
	for _, h := range all {
		if _, err := tx.Exec(ctx, `INSERT INTO petitions_handled (petition_id, number, council_id, body_id, asked_on, status, days) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (petition_id, number) DO UPDATE SET body_id = excluded.body_id, status = excluded.status, days = excluded.days`,
			h.PetitionID, h.Number, h.CouncilID, h.BodyID, h.AskedOn, h.Status, h.Days); err != nil {
			return err
		}
	}
	return nil
}

// forget takes a petition out of figures and promises. A letter's lines stay:
// who shows them leaves sealed ones out, and draws the letter anew.
func forget(ctx context.Context, tx *db.Tx, petitionID string) error {
	for _, q := range []string{
		`DELETE FROM petitions_handled WHERE petition_id = $1`,
		`DELETE FROM petitions_promise_acts WHERE promise_id IN (SELECT id FROM petitions_promises WHERE petition_id = $1)`,
		`DELETE FROM petitions_promises WHERE petition_id = $1`,
	} {
		if _, err := tx.Exec(ctx, q, petitionID); err != nil {
			return err
		}
	}
	return nil
}

// Listed is a promise in a list, with its petition.
//
// vi: -
type Listed struct {
	ID         string       `db:"id"`
	PetitionID string       `db:"petition_id"`
	Code       string       `db:"code"`
	Title      string       `db:"title"`
	Number     int          `db:"number"`
	Source     Source       `db:"source"`
	Due        clock.Date   `db:"due"`
	State      PromiseState `db:"state"`
	Moves      int          `db:"moves"`
	Asked      string       `db:"asked"`
	EndedOn    clock.Date   `db:"ended_on"`
	Body       string       `db:"body"`
}

const listedColumns = `p.id, p.petition_id, c.code, c.title, p.number, p.source, p.due, p.state, p.moves, p.asked, p.ended_on, COALESCE(b.name, '') AS body
	FROM petitions_promises p JOIN cases_cases c ON c.id = p.petition_id LEFT JOIN org_bodies b ON b.id = p.body_id`

// listQuery asks for a page of promises.
type listQuery struct {
	bodyID, councilID string
	examinerID        string // only of petitions that this committee examines
	assigneeID        string // only of petitions in the hands of this officer
	onlyBodyID        string // of a council's promises, those of one body
	kind              string
	day               string // place after which the page begins
	id                string
	limit             int
}

// OpenBy counts the promises a body has still to keep.
//
// vi: cam kết chưa xong của một cơ quan
type OpenBy struct {
	BodyID  string `db:"body_id"`
	Body    string `db:"body"`
	Running int64  `db:"running"` // the date is to come
	Broken  int64  `db:"broken"`  // the date has passed
}

// openBy counts the promises still to be kept by body, whoever broke most first;
// of a committee those of the petitions it examines. A petition that was sealed
// has no rows here (see forget).
func openBy(ctx context.Context, tx *db.Tx, councilID, examinerID string) ([]OpenBy, error) {
	return db.All[OpenBy](ctx, tx, openByQuery, councilID, examinerID)
}

const openByQuery = `SELECT p.body_id, COALESCE(b.name, '') AS body, COUNT(CASE WHEN p.state <> 'broken' THEN 1 END) AS running, COUNT(CASE WHEN p.state = 'broken' THEN 1 END) AS broken
	FROM petitions_promises p LEFT JOIN org_bodies b ON b.id = p.body_id
	WHERE p.council_id = $1 AND p.ended_on = '' AND ($2 = '' OR EXISTS (SELECT 1 FROM cases_cases c WHERE c.id = p.petition_id AND c.examiner_body_id = $2))
	GROUP BY p.body_id, b.name ORDER BY broken DESC, running DESC, p.body_id LIMIT 500`

// The lists of promises.
const (
	listRunning = "running"
	listEnded   = "ended"
	listAsked   = "asked"
)

// listed reads one page of promises in the order of its index.
func listed(ctx context.Context, tx *db.Tx, q listQuery) ([]Listed, error) {
	whose, args := `p.council_id = $1`, []any{q.councilID, q.examinerID, q.assigneeID, q.day, q.id, q.limit, q.onlyBodyID}
	if q.bodyID != "" {
		whose, args[0] = `p.body_id = $1`, q.bodyID
	}
	whose += ` AND ($2 = '' OR c.examiner_body_id = $2) AND ($3 = '' OR c.assignee_post_id = $3) AND ($7 = '' OR p.body_id = $7) AND NOT c.sealed AND `
	switch q.kind {
	case listEnded:
		return db.All[Listed](ctx, tx, `SELECT `+listedColumns+` WHERE `+whose+`p.ended_on <> '' AND ($4 = '' OR (p.ended_on, p.id) < ($4, $5)) ORDER BY p.ended_on DESC, p.id DESC LIMIT $6`, args...)
	case listAsked:
		return db.All[Listed](ctx, tx, `SELECT `+listedColumns+` WHERE `+whose+`p.asked <> '' AND (p.asked_on, p.id) > ($4, $5) ORDER BY p.asked_on, p.id LIMIT $6`, args...)
	}
	return db.All[Listed](ctx, tx, `SELECT `+listedColumns+` WHERE `+whose+`p.ended_on = '' AND (p.due, p.id) > ($4, $5) ORDER BY p.due, p.id LIMIT $6`, args...)
}

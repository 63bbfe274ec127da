package shares

import (
	"context"
	"strconv"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

const columns = `id, petition_id, round, council_id, lead_id, body_id, question, due, state, open, assignee_post_id, document, reason, note, back_note, end_note, papers, mark,
	asked_at, asked_by, asked_name, asked_post_id, asked_body_id, replied_at, replied_by, replied_name, replied_title, ended_at, next_alarm, revision`

// sharesMost bounds the requests about one petition that are read at once.
const sharesMost = 200

// insertPart writes a request with its points. A body that was asked meanwhile
// is not asked twice: the index of open requests refuses it.
func insertPart(ctx context.Context, tx *db.Tx, p Part) error {
	n, err := tx.Exec(ctx, `INSERT INTO petitions_shares (`+columns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30)
		ON CONFLICT (petition_id, body_id) WHERE open DO NOTHING`,
		p.ID, p.PetitionID, p.Round, p.CouncilID, p.LeadID, p.BodyID, p.Question, p.Due, p.State, p.Open, p.AssigneeID, p.Document, p.Reason, p.Note, p.BackNote, p.EndNote, p.Papers, p.Mark,
		p.AskedAt, p.AskedBy, p.AskedName, p.AskedPostID, p.AskedBodyID, p.RepliedAt, p.RepliedBy, p.RepliedName, p.RepliedPost, p.EndedAt, p.NextAlarm, p.Revision)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Invalid, "shares.body_asked", "body", p.Body).At("body")
	}
	for _, a := range p.Points {
		if _, err := tx.Exec(ctx, `INSERT INTO petitions_share_points (share_id, number, asked, reply, promised) VALUES ($1, $2, $3, $4, $5)`, p.ID, a.Number, a.Asked, a.Reply, a.Promised); err != nil {
			return err
		}
	}
	return nil
}

// updateShare saves a request that nobody else changed since it was loaded.
func updateShare(ctx context.Context, tx *db.Tx, s Share) error {
	return tx.ExecOne(ctx, `UPDATE petitions_shares SET lead_id = $3, body_id = $4, due = $5, state = $6, open = $7, assignee_post_id = $8, document = $9, reason = $10, note = $11, back_note = $12,
			end_note = $13, papers = $14, asked_by = $15, asked_name = $16, asked_post_id = $17, asked_body_id = $18, replied_at = $19, replied_by = $20, replied_name = $21, replied_title = $22,
			ended_at = $23, next_alarm = $24, revision = revision + 1
		WHERE id = $1 AND revision = $2`,
		s.ID, s.Revision, s.LeadID, s.BodyID, s.Due, s.State, s.Open, s.AssigneeID, s.Document, s.Reason, s.Note, s.BackNote, s.EndNote, s.Papers,
		s.AskedBy, s.AskedName, s.AskedPostID, s.AskedBodyID, s.RepliedAt, s.RepliedBy, s.RepliedName, s.RepliedPost, s.EndedAt, s.NextAlarm)
}

func setAlarm(ctx context.Context, tx *db.Tx, s Share) error {
	return tx.ExecOne(ctx, `UPDATE petitions_shares SET next_alarm = $3 WHERE id = $1 AND revision = $2`, s.ID, s.Revision, s.NextAlarm)
}

func saveReply(ctx context.Context, tx *db.Tx, a Asking) error {
	return tx.ExecOne(ctx, `UPDATE petitions_share_points SET reply = $3, promised = $4 WHERE share_id = $1 AND number = $2`, a.ShareID, a.Number, a.Reply, a.Promised)
}

func shareOf(ctx context.Context, tx *db.Tx, id string) (Share, error) {
	return db.One[Share](ctx, tx, `SELECT `+columns+` FROM petitions_shares WHERE id = $1`, id)
}

func sharesOf(ctx context.Context, tx *db.Tx, petitionID string, round int) ([]Share, error) {
	return db.All[Share](ctx, tx, `SELECT `+columns+` FROM petitions_shares WHERE petition_id = $1 AND ($2 = 0 OR round = $2) ORDER BY id LIMIT $3`, petitionID, round, sharesMost)
}

func openShares(ctx context.Context, tx *db.Tx, petitionID string) ([]Share, error) {
	return db.All[Share](ctx, tx, `SELECT `+columns+` FROM petitions_shares WHERE petition_id = $1 AND open ORDER BY id LIMIT $2`, petitionID, sharesMost)
}

// openBodies lists the bodies whose answer about a petition is awaited.
func openBodies(ctx context.Context, tx *db.Tx, petitionID string) ([]string, error) {
	return db.All[string](ctx, tx, `SELECT body_id FROM petitions_shares WHERE petition_id = $1 AND open LIMIT $2`, petitionID, sharesMost)
}

// openElsewhere reports whether the body of a request has another open one about
// the same petition.
func openElsewhere(ctx context.Context, tx *db.Tx, s Share) (bool, error) {
	all, err := db.All[string](ctx, tx, `SELECT id FROM petitions_shares WHERE petition_id = $1 AND body_id = $2 AND open AND id <> $3 LIMIT 1`, s.PetitionID, s.BodyID, s.ID)
	return len(all) > 0, err
}

// sharesOfBody lists the open requests that a body was asked or has asked.
func sharesOfBody(ctx context.Context, tx *db.Tx, bodyID string) ([]Share, error) {
	asked, err := db.All[Share](ctx, tx, `SELECT `+columns+` FROM petitions_shares WHERE body_id = $1 AND open ORDER BY id`, bodyID)
	if err != nil {
		return nil, err
	}
	made, err := db.All[Share](ctx, tx, `SELECT `+columns+` FROM petitions_shares WHERE lead_id = $1 AND body_id <> $1 AND open ORDER BY id`, bodyID)
	return append(asked, made...), err
}

// markedShares finds what the same form asked before.
func markedShares(ctx context.Context, tx *db.Tx, petitionID, mark string) ([]string, error) {
	if mark == "" {
		return nil, nil
	}
	return db.All[string](ctx, tx, `SELECT id FROM petitions_shares WHERE petition_id = $1 AND mark = $2 ORDER BY id LIMIT $3`, petitionID, mark, sharesMost)
}

func declinedShares(ctx context.Context, tx *db.Tx, petitionID string, round int) ([]Share, error) {
	return db.All[Share](ctx, tx, `SELECT `+columns+` FROM petitions_shares WHERE petition_id = $1 AND round = $2 AND state = $3 AND reason = $4 ORDER BY id LIMIT $5`,
		petitionID, round, Declined, NotCompetent, sharesMost)
}

const alarmingQuery = `SELECT ` + columns + ` FROM petitions_shares WHERE next_alarm <> '' AND next_alarm <= $1 ORDER BY next_alarm, id LIMIT $2`

func alarming(ctx context.Context, tx *db.Tx, today clock.Date, n int) ([]Share, error) {
	return db.All[Share](ctx, tx, alarmingQuery, today, n)
}

// complete adds to parts their points and the names of their bodies.
func complete(ctx context.Context, tx *db.Tx, parts []Part) error {
	if len(parts) == 0 {
		return nil
	}
	ids, bodies := make([]string, len(parts)), make([]string, 0, 2*len(parts))
	for i, p := range parts {
		ids[i] = p.ID
		bodies = append(bodies, p.BodyID, p.LeadID)
	}
	points, err := db.All[Asking](ctx, tx, `SELECT share_id, number, asked, reply, promised FROM petitions_share_points WHERE share_id `+tx.In("$1")+` ORDER BY share_id, number`, db.List(ids))
	if err != nil {
		return err
	}
	named, err := org.BodiesNamed(ctx, tx, bodies)
	if err != nil {
		return err
	}
	for i := range parts {
		p := &parts[i]
		p.Body, p.Lead, p.sortKey = named[p.BodyID].Name, named[p.LeadID].Name, named[p.BodyID].SortKey
		for _, a := range points {
			if a.ShareID == p.ID {
				p.Points = append(p.Points, a)
			}
		}
	}
	return nil
}

// reach is whose list is read, and what of it.
type reach struct {
	bodyID, postID string // one of them
	open           bool   // by date, the nearest first; else the newest first
	states         []State
	until, before  clock.Date // due: up to; and before, for those that are late
	after          string     // the key of the last row read
	limit          int
}

// row is a line of a body's list.
type row struct {
	Share
	Code string `db:"code"`
	Lead string `db:"lead"`
}

// listed reads one page of a body's or officer's requests. What was sealed is
// not in it.
func listed(ctx context.Context, tx *db.Tx, r reach) ([]row, error) {
	statement, args := r.list(tx)
	return db.All[row](ctx, tx, statement, args...)
}

func (r reach) list(tx *db.Tx) (statement string, args []any) {
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	where := r.scope(arg) + ` AND NOT c.sealed`
	order := ` ORDER BY s.id DESC`
	if r.open {
		where, order = where+` AND s.open`, ` ORDER BY s.due, s.id`
	} else if len(r.states) > 0 {
		states := make([]string, len(r.states))
		for i, st := range r.states {
			states[i] = string(st)
		}
		where += ` AND s.state ` + tx.In(arg(db.List(states)))
	}
	if !r.until.IsZero() {
		where += ` AND s.due <= ` + arg(r.until)
	}
	if !r.before.IsZero() {
		where += ` AND s.open AND s.due < ` + arg(r.before)
	}
	if due, id, ok := placeOf(r.after); ok && r.open {
		where += ` AND (s.due, s.id) > (` + arg(due) + `, ` + arg(id) + `)`
	} else if ok {
		where += ` AND s.id < ` + arg(id)
	}
	return `SELECT s.id, s.petition_id, s.round, s.council_id, s.lead_id, s.body_id, s.question, s.due, s.state, s.open, s.assignee_post_id, s.document, s.reason,
			s.asked_at, s.replied_at, s.ended_at, s.revision, c.code, b.name AS lead
		FROM petitions_shares s JOIN cases_cases c ON c.id = s.petition_id JOIN org_bodies b ON b.id = s.lead_id WHERE ` + where + order + ` LIMIT ` + arg(r.limit), args
}

func (r reach) scope(arg func(any) string) string {
	if r.postID != "" {
		return `s.assignee_post_id = ` + arg(r.postID) + ` AND s.assignee_post_id <> '' AND s.body_id = ` + arg(r.bodyID)
	}
	return `s.body_id = ` + arg(r.bodyID)
}

// countMost is as far as the menu counts.
const countMost = 100

// countOpen counts what waits for a body or an officer.
func countOpen(ctx context.Context, tx *db.Tx, r reach) (int, error) {
	statement, args := r.count()
	return db.One[int](ctx, tx, statement, args...)
}

func (r reach) count() (statement string, args []any) {
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	where := r.scope(arg)
	return `SELECT COUNT(*) FROM (SELECT s.id FROM petitions_shares s JOIN cases_cases c ON c.id = s.petition_id WHERE ` + where + ` AND s.open AND NOT c.sealed ORDER BY s.due LIMIT ` + arg(countMost) + `) AS few`, args
}

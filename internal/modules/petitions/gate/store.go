package gate

import (
	"context"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

func insertTrace(ctx context.Context, tx *db.Tx, petitionID string, t trace) error {
	_, err := tx.Exec(ctx, `INSERT INTO petitions_traces (id, petition_id, council_id, unit_code, kind, at, address_mark, network_mark, email_mark, phone_mark, text_mark)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, t.id, petitionID, t.councilID, t.unitCode, t.kind, t.at, t.address, t.network, t.email, t.phone, t.text)
	return err
}

// useProof notes a proof. It asks nothing first: who reads clashes with who writes.
func useProof(ctx context.Context, tx *db.Tx, mark string, at db.Time) (first bool, err error) {
	n, err := tx.Exec(ctx, `INSERT INTO petitions_proofs (mark, batch_id, at) VALUES ($1, '', $2) ON CONFLICT (mark) DO NOTHING`, mark, at)
	return n == 1, err
}

// column is where the marks of a scope stand.
func column(s Scope) string {
	switch s {
	case ByAddress:
		return "address_mark"
	case ByNetwork:
		return "network_mark"
	case ByEmail:
		return "email_mark"
	case ByPhone:
		return "phone_mark"
	case ByText:
		return "text_mark"
	}
	return ""
}

// countMarks counts the hand-ins of each mark, no further than its limits go.
func countMarks(ctx context.Context, tx *db.Tx, scopes []limited, burst, day db.Time) ([]counted, error) {
	if len(scopes) == 0 {
		return nil, nil
	}
	args := []any{burst, day}
	var parts []string
	for _, s := range scopes {
		args = append(args, s.mark, s.Day.most())
		mark, most := "$"+strconv.Itoa(len(args)-1), "$"+strconv.Itoa(len(args))
		parts = append(parts, `SELECT '`+string(s.scope)+`' AS scope, COUNT(CASE WHEN x.at > $1 THEN 1 END) AS burst, COUNT(*) AS day FROM (SELECT at FROM petitions_traces WHERE `+
			column(s.scope)+` = `+mark+` AND `+column(s.scope)+` <> '' AND at > $2 ORDER BY at DESC LIMIT `+most+`) x`)
	}
	return db.All[counted](ctx, tx, strings.Join(parts, " UNION ALL "), args...)
}

// councilCounts counts a council's hand-ins; only one node in some seconds asks.
func councilCounts(ctx context.Context, tx *db.Tx, councilID string, burst, day db.Time, most int) (counted, error) {
	return db.One[counted](ctx, tx, `SELECT 'council' AS scope, COUNT(CASE WHEN x.at > $1 THEN 1 END) AS burst, COUNT(*) AS day
		FROM (SELECT at FROM petitions_traces WHERE at > $2 AND council_id = $3 ORDER BY at DESC LIMIT $4) x`, burst, day, councilID, most)
}

// nthNewest is when the n-th newest hand-in of a mark was; zero when there are fewer.
func nthNewest(ctx context.Context, tx *db.Tx, s limited, n int) (db.Time, error) {
	at, err := db.One[db.Time](ctx, tx, `SELECT at FROM petitions_traces WHERE `+column(s.scope)+` = $1 AND `+column(s.scope)+` <> '' ORDER BY at DESC LIMIT 1 OFFSET $2`, s.mark, n-1)
	if fault.Is(err, "db.no_row") {
		return db.Time{}, nil
	}
	return at, err
}

// purgeMost bounds one purging transaction.
const purgeMost = 2000

// eraseMarks takes the hashes out of old traces.
func eraseMarks(ctx context.Context, tx *db.Tx, before db.Time) (int64, error) {
	return tx.Exec(ctx, `UPDATE petitions_traces SET address_mark = '', network_mark = '', email_mark = '', phone_mark = '', text_mark = '' WHERE id IN (
		SELECT id FROM petitions_traces WHERE at < $1 AND (address_mark <> '' OR email_mark <> '' OR phone_mark <> '' OR text_mark <> '') ORDER BY at LIMIT $2)`, before, purgeMost)
}

func dropTraces(ctx context.Context, tx *db.Tx, before db.Time) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM petitions_traces WHERE id IN (SELECT id FROM petitions_traces WHERE at < $1 ORDER BY at LIMIT $2)`, before, purgeMost)
}

func dropProofs(ctx context.Context, tx *db.Tx, before db.Time) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM petitions_proofs WHERE mark IN (SELECT mark FROM petitions_proofs WHERE at < $1 LIMIT $2)`, before, purgeMost)
}

func insertHeld(ctx context.Context, tx *db.Tx, petitionID string, t trace) error {
	_, err := tx.Exec(ctx, `INSERT INTO petitions_held (petition_id, council_id, unit_code, why, state, at, ended_at, ended_by) VALUES ($1, $2, $3, $4, $5, $6, 0, '')`,
		petitionID, t.councilID, t.unitCode, t.why, Waiting, t.at)
	return err
}

const waitingColumns = `h.petition_id, h.council_id, h.unit_code, h.why, h.state, h.at, c.code, c.title, c.state AS case_state, c.revision`

func heldOf(ctx context.Context, tx *db.Tx, petitionID string) (HeldPetition, error) {
	return db.One[HeldPetition](ctx, tx, `SELECT `+waitingColumns+` FROM petitions_held h JOIN cases_cases c ON c.id = h.petition_id WHERE h.petition_id = $1`, petitionID)
}

// heldIn reads some held petitions of one council, in the order of their ids.
func heldIn(ctx context.Context, tx *db.Tx, councilID string, ids []string) ([]HeldPetition, error) {
	return db.All[HeldPetition](ctx, tx, `SELECT `+waitingColumns+` FROM petitions_held h JOIN cases_cases c ON c.id = h.petition_id
		WHERE h.council_id = $1 AND h.petition_id `+tx.In("$2")+` ORDER BY h.petition_id`, councilID, db.List(ids))
}

// waitingOf lists what is held, the oldest first.
func waitingOf(ctx context.Context, tx *db.Tx, councilID string, after place, limit int) ([]HeldPetition, error) {
	return db.All[HeldPetition](ctx, tx, `SELECT `+waitingColumns+` FROM petitions_held h JOIN cases_cases c ON c.id = h.petition_id
		WHERE h.council_id = $1 AND h.state = 'held' AND (h.at, h.petition_id) > ($2, $3) ORDER BY h.at, h.petition_id LIMIT $4`, councilID, after.at, after.id, limit)
}

func countWaiting(ctx context.Context, tx *db.Tx, councilID string) (int64, error) {
	return db.One[int64](ctx, tx, `SELECT COUNT(*) FROM petitions_held WHERE council_id = $1 AND state = 'held'`, councilID)
}

// endHold takes a petition out of the held ones.
func endHold(ctx context.Context, tx *db.Tx, petitionID string, state HoldState, at db.Time, by string) error {
	return tx.ExecOne(ctx, `UPDATE petitions_held SET state = $2, ended_at = $3, ended_by = $4 WHERE petition_id = $1 AND state = 'held'`, petitionID, state, at, by)
}

// endHoldIfAny does so for a petition that may not be held.
func endHoldIfAny(ctx context.Context, tx *db.Tx, petitionID string, state HoldState, at db.Time, by string) error {
	_, err := tx.Exec(ctx, `UPDATE petitions_held SET state = $2, ended_at = $3, ended_by = $4 WHERE petition_id = $1 AND state = 'held'`, petitionID, state, at, by)
	return err
}

func heldQuery(tx *db.Tx) string {
	return `SELECT petition_id FROM petitions_held WHERE state = 'held' AND petition_id ` + tx.In("$1")
}

// HeldAmong says which of some petitions are held back.
func HeldAmong(ctx context.Context, tx *db.Tx, ids []string) (map[string]bool, error) {
	found, err := db.All[string](ctx, tx, heldQuery(tx), db.List(ids))
	all := make(map[string]bool, len(found))
	for _, id := range found {
		all[id] = true
	}
	return all, err
}

const letQuery = `SELECT petition_id, ended_at FROM petitions_held WHERE state = 'released' AND (ended_at, petition_id) > ($1, $2) ORDER BY ended_at, petition_id LIMIT $3`

// LetSince lists petitions that were let go at a time or later, those after an
// id at that very time, the earliest first, with the time of the last.
func LetSince(ctx context.Context, tx *db.Tx, since db.Time, after string, n int) (ids []string, last db.Time, err error) {
	type row struct {
		ID string  `db:"petition_id"`
		At db.Time `db:"ended_at"`
	}
	rows, err := db.All[row](ctx, tx, letQuery, since, after, n)
	last = since
	for _, r := range rows {
		ids, last = append(ids, r.ID), r.At
	}
	return ids, last, err
}

// tracedMarks is what limits need of a trace.
type tracedMarks struct {
	ID      string  `db:"id"`
	At      db.Time `db:"at"`
	Council string  `db:"council_id"`
	Address string  `db:"address_mark"`
	Network string  `db:"network_mark"`
	Email   string  `db:"email_mark"`
	Phone   string  `db:"phone_mark"`
}

func marksSince(ctx context.Context, tx *db.Tx, since db.Time, limit int) ([]tracedMarks, error) {
	return db.All[tracedMarks](ctx, tx, `SELECT id, at, council_id, address_mark, network_mark, email_mark, phone_mark FROM petitions_traces WHERE at >= $1 ORDER BY at LIMIT $2`, since, limit)
}

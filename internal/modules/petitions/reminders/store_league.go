package reminders

import (
	"context"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

// leagueScope is whose figures are counted: all bodies of a council, or one
// body's with every council that asks it.
type leagueScope struct {
	councilID, bodyID  string
	from, until, today clock.Date
}

func (s leagueScope) key() string {
	return strings.Join([]string{s.councilID, s.bodyID, s.from.String(), s.until.String(), s.today.String()}, "|")
}

// whose is the condition of a scope on a table; its arguments are $1 to $3.
func (s leagueScope) whose(alias, day string) (string, []any) {
	id, column := s.councilID, "council_id"
	if s.bodyID != "" {
		id, column = s.bodyID, "body_id"
	}
	return alias + "." + column + " = $1 AND " + alias + "." + day + " >= $2 AND " + alias + "." + day + " <= $3", []any{id, s.from, s.until}
}

type handledRow struct {
	CouncilID string `db:"council_id"`
	BodyID    string `db:"body_id"`
	Status    string `db:"status"`
	N         int64  `db:"n"`
	Days      int64  `db:"days"`
}

// countHandled reads one index alone. What was split off has no row in it.
func countHandled(ctx context.Context, tx *db.Tx, s leagueScope) ([]handledRow, error) {
	where, args := s.whose("h", "asked_on")
	return db.All[handledRow](ctx, tx, `SELECT h.council_id, h.body_id, h.status, COUNT(*) AS n, SUM(h.days) AS days FROM petitions_handled h WHERE `+where+`
		GROUP BY h.council_id, h.body_id, h.status ORDER BY h.council_id, h.body_id, h.status LIMIT 20000`, args...)
}

type countRow struct {
	CouncilID string `db:"council_id"`
	BodyID    string `db:"body_id"`
	N         int64  `db:"n"`
	More      int64  `db:"more"`
}

// countRest adds the overdue answers, the promises and the letters.
func countRest(ctx context.Context, tx *db.Tx, s leagueScope, at func(council, body string) *Standing) error {
	where, args := s.whose("h", "asked_on")
	rows, err := db.All[countRow](ctx, tx, `SELECT h.council_id, h.body_id, COUNT(*) AS n, 0 AS more FROM petitions_handled h JOIN cases_cases c ON c.id = h.petition_id
		WHERE `+where+` AND h.status = 'waiting' AND c.open AND c.due <> '' AND c.due < $4 AND c.state IN ('forwarded', 'accepted') AND NOT c.sealed
		GROUP BY h.council_id, h.body_id ORDER BY h.council_id, h.body_id LIMIT 5000`, append(args, s.today)...)
	if err != nil {
		return err
	}
	for _, r := range rows {
		at(r.CouncilID, r.BodyID).Overdue = r.N
	}
	where, args = s.whose("p", "made_on")
	rows, err = db.All[countRow](ctx, tx, `SELECT p.council_id, p.body_id, COUNT(CASE WHEN p.state = 'kept' AND p.broken_on = '' THEN 1 END) AS n, COUNT(CASE WHEN p.broken_on <> '' THEN 1 END) AS more
		FROM petitions_promises p WHERE `+where+` GROUP BY p.council_id, p.body_id ORDER BY p.council_id, p.body_id LIMIT 5000`, args...)
	if err != nil {
		return err
	}
	for _, r := range rows {
		line := at(r.CouncilID, r.BodyID)
		line.Kept, line.Broken = r.N, r.More
	}
	where, args = s.whose("r", "signed_on")
	rows, err = db.All[countRow](ctx, tx, `SELECT r.council_id, r.body_id, r.rung AS more, COUNT(*) AS n FROM petitions_reminders r WHERE `+where+` AND r.state = 'signed'
		GROUP BY r.council_id, r.body_id, r.rung ORDER BY r.council_id, r.body_id, r.rung LIMIT 15000`, args...)
	for _, r := range rows {
		if r.More >= 1 && r.More <= RungMost {
			at(r.CouncilID, r.BodyID).Letters[r.More-1] = r.N
		}
	}
	return err
}

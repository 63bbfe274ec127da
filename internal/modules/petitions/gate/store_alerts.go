package gate

import (
	"context"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

// tallied counts the hand-ins of a window by council, ward and field.
func tallied(ctx context.Context, tx *db.Tx, from, until time.Time) (tally, error) {
	type row struct {
		Council string `db:"council_id"`
		Unit    string `db:"unit_code"`
		Field   string `db:"field"`
		N       int64  `db:"n"`
	}
	rows, err := db.All[row](ctx, tx, `SELECT t.council_id, t.unit_code, COALESCE(c.field, '') AS field, COUNT(*) AS n FROM petitions_traces t LEFT JOIN cases_cases c ON c.id = t.petition_id
		WHERE t.at > $1 AND t.at <= $2 AND t.kind IN ('petition', 'request') GROUP BY t.council_id, t.unit_code, c.field`, db.At(from), db.At(until))
	all := tally{}
	for _, r := range rows {
		all[stream{r.Council, ByCouncil, ""}] += r.N
		if r.Unit != "" {
			all[stream{r.Council, ByUnit, r.Unit}] += r.N
		}
		if r.Field != "" {
			all[stream{r.Council, ByField, r.Field}] += r.N
		}
	}
	return all, err
}

// tallyMarks adds the largest networks and texts of a window.
func tallyMarks(ctx context.Context, tx *db.Tx, all tally, from, until time.Time) error {
	type row struct {
		Council string `db:"council_id"`
		Mark    string `db:"mark"`
		N       int64  `db:"n"`
	}
	for _, s := range [...]Scope{ByNetwork, ByText} {
		rows, err := db.All[row](ctx, tx, `SELECT council_id, `+column(s)+` AS mark, COUNT(*) AS n FROM petitions_traces
			WHERE at > $1 AND at <= $2 AND `+column(s)+` <> '' AND kind IN ('petition', 'request') GROUP BY council_id, `+column(s)+` ORDER BY n DESC LIMIT $3`, db.At(from), db.At(until), clusters)
		if err != nil {
			return err
		}
		for _, r := range rows {
			all[stream{r.Council, s, r.Mark}] = r.N
		}
	}
	return nil
}

// firstTrace is since when traces are kept; zero when there are none.
func firstTrace(ctx context.Context, tx *db.Tx) (db.Time, error) {
	at, err := db.One[db.Time](ctx, tx, `SELECT at FROM petitions_traces ORDER BY at LIMIT 1`)
	if fault.Is(err, "db.no_row") {
		return db.Time{}, nil
	}
	return at, err
}

const alertColumns = `id, council_id, scope, mark, span, n, usual, first_at, last_at, state, seen_by, seen_at, closed_at`

// saveAlert opens an alert, or brings the one of the same trend up to date: an
// open one, or one that was closed while the trend still went on.
func saveAlert(ctx context.Context, tx *db.Tx, a Alert) (first bool, err error) {
	n, err := tx.Exec(ctx, `UPDATE petitions_alerts SET n = CASE WHEN n < $5 THEN $5 ELSE n END, last_at = $6 WHERE council_id = $1 AND scope = $2 AND mark = $3 AND span = $4 AND (state <> 'closed' OR last_at >= $7)`,
		a.CouncilID, a.Scope, a.Mark, a.Span, a.N, a.LastAt, db.At(a.LastAt.Add(-a.Span.long())))
	if err != nil || n > 0 {
		return false, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO petitions_alerts (`+alertColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		a.ID, a.CouncilID, a.Scope, a.Mark, a.Span, a.N, a.Usual, a.FirstAt, a.LastAt, a.State, a.SeenBy, a.SeenAt, a.ClosedAt)
	return err == nil, err
}

func alertOf(ctx context.Context, tx *db.Tx, id string) (Alert, error) {
	return db.One[Alert](ctx, tx, `SELECT `+alertColumns+` FROM petitions_alerts WHERE id = $1`, id)
}

// alertsOf lists a council's alerts, the newest first.
func alertsOf(ctx context.Context, tx *db.Tx, councilID string, limit int) ([]Alert, error) {
	return db.All[Alert](ctx, tx, `SELECT `+alertColumns+` FROM petitions_alerts WHERE council_id = $1 ORDER BY id DESC LIMIT $2`, councilID, limit)
}

func turnAlert(ctx context.Context, tx *db.Tx, id string, from, to AlertState, by string, at db.Time) error {
	return tx.ExecOne(ctx, `UPDATE petitions_alerts SET state = $3, seen_by = CASE WHEN $3 = 'seen' THEN $4 ELSE seen_by END, seen_at = CASE WHEN $3 = 'seen' THEN $5 ELSE seen_at END,
		closed_at = CASE WHEN $3 = 'closed' THEN $5 ELSE closed_at END WHERE id = $1 AND state = $2`, id, from, to, by, at)
}

func closeOld(ctx context.Context, tx *db.Tx, span Span, before, now db.Time) error {
	_, err := tx.Exec(ctx, `UPDATE petitions_alerts SET state = 'closed', closed_at = $3 WHERE span = $1 AND last_at < $2 AND state <> 'closed'`, span, before, now)
	return err
}

func dropAlerts(ctx context.Context, tx *db.Tx, before db.Time) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM petitions_alerts WHERE id IN (SELECT id FROM petitions_alerts WHERE state = 'closed' AND closed_at < $1 LIMIT $2)`, before, purgeMost)
}

// group is what one mark has handed in.
type group struct {
	Mark  string  `db:"mark"`
	N     int64   `db:"n"`
	First db.Time `db:"first"`
	Last  db.Time `db:"last"`
}

// groupsOf lists the largest groups of a scope in a time.
func groupsOf(ctx context.Context, tx *db.Tx, councilID string, by Scope, from, until time.Time, limit int) ([]group, error) {
	return db.All[group](ctx, tx, `SELECT `+column(by)+` AS mark, COUNT(*) AS n, MIN(at) AS first, MAX(at) AS last FROM petitions_traces
		WHERE at >= $2 AND at <= $3 AND council_id = $1 AND `+column(by)+` <> '' AND kind IN ('petition', 'request')
		GROUP BY `+column(by)+` HAVING COUNT(*) > 1 ORDER BY n DESC, mark LIMIT $4`, councilID, db.At(from), db.At(until), limit)
}

// momentsOf lists when a council's hand-ins of a time were.
func momentsOf(ctx context.Context, tx *db.Tx, councilID string, from, until time.Time) ([]hourCount, error) {
	const hour = int64(time.Hour / time.Microsecond)
	return db.All[hourCount](ctx, tx, `SELECT at / $4 AS slot, COUNT(*) AS n FROM petitions_traces WHERE at >= $2 AND at <= $3 AND council_id = $1 GROUP BY at / $4 ORDER BY slot LIMIT 1000`,
		councilID, db.At(from), db.At(until), hour)
}

// hourCount is how many hand-ins an hour had; slot counts hours since 1970.
type hourCount struct {
	Slot int64 `db:"slot"`
	N    int64 `db:"n"`
}

// unitNames gives the present names of units.
func unitNames(ctx context.Context, tx *db.Tx, codes []string) (map[string]string, error) {
	type row struct {
		Code string `db:"code"`
		Name string `db:"full_name"`
	}
	rows, err := db.All[row](ctx, tx, `SELECT code, full_name FROM org_units WHERE code `+tx.In("$1")+` ORDER BY valid_from`, db.List(codes))
	all := make(map[string]string, len(rows))
	for _, r := range rows {
		all[r.Code] = r.Name
	}
	return all, err
}

// sharingOf says what a petition has in common with others of its council.
func sharingOf(ctx context.Context, tx *db.Tx, councilID, petitionID string, since db.Time) ([]sharing, error) {
	var parts []string
	for _, s := range [...]Scope{ByNetwork, ByAddress, ByEmail, ByPhone} {
		parts = append(parts, `SELECT '`+string(s)+`' AS scope, m.`+column(s)+` AS mark, COUNT(*) AS n FROM petitions_traces m JOIN petitions_traces o ON o.`+column(s)+` = m.`+column(s)+
			` AND o.`+column(s)+` <> '' AND o.at >= $3 AND o.council_id = $1 AND o.kind IN ('petition', 'request')
			WHERE m.id = $2 GROUP BY m.`+column(s))
	}
	return db.All[sharing](ctx, tx, strings.Join(parts, " UNION ALL "), councilID, petitionID, since)
}

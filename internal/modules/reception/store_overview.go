package reception

import (
	"context"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/modules/reception/watchlist"
)

const overviewQuery = `SELECT c.id, c.council_id, c.code, c.title, c.state, c.open, c.sealed, c.due, c.unit_code, l.kind, l.received_on, l.summary, l.sender_line, l.sender_count, l.body_id, l.result
	FROM cases_cases c JOIN reception_letters l ON l.id = c.id WHERE `

func overviewRows(ctx context.Context, tx *db.Tx, ids []string) ([]overview, error) {
	return db.All[overview](ctx, tx, overviewQuery+`c.id `+tx.In("$1"), db.List(ids))
}

// ordinaryRows reads letters of a council that are not sealed, the newest first,
// before an id.
func ordinaryRows(ctx context.Context, tx *db.Tx, councilID string, f watchlist.Filter, today clock.Date, before string, limit int) ([]overview, error) {
	where, args := []string{"l.council_id = $1", "c.council_id = $1", "NOT c.sealed"}, []any{councilID}
	add := func(condition string, v any) {
		args = append(args, v)
		where = append(where, strings.ReplaceAll(condition, "?", "$"+strconv.Itoa(len(args))))
	}
	for _, one := range []struct{ condition, value string }{{"l.id < ?", before}, {"l.kind = ?", f.Kind}, {"l.body_id = ?", f.Body}, {"c.unit_code = ?", f.Unit}, {"l.result = ?", f.Result},
		{"l.received_on >= ?", f.From.String()}, {"l.received_on <= ?", f.Until.String()}} {
		if one.value != "" {
			add(one.condition, one.value)
		}
	}
	if f.Late {
		add("c.open AND c.due <> '' AND c.due < ?", today)
	}
	args = append(args, limit)
	return db.All[overview](ctx, tx, overviewQuery+strings.Join(where, " AND ")+` ORDER BY l.id DESC LIMIT $`+strconv.Itoa(len(args)), args...)
}

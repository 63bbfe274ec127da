package intake

import (
	"context"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/db"
)

// TestPlans holds the lists to their indexes: none may sort or read a table.
func TestPlans(t *testing.T) {
	d := testOpen(t)
	for name, c := range map[string]struct {
		index, statement string
		args             []any
	}{
		"meetings": {"petitions_meetings_held", `SELECT ` + meetingColumns + ` FROM petitions_meetings WHERE council_id = $1 AND (held_on, id) < ($2, $3) ORDER BY held_on DESC, id DESC LIMIT 31`, []any{"c", "2026-11-01", "x"}},
		"batches":  {"petitions_batches_new", `SELECT ` + batchColumns + ` FROM petitions_batches WHERE council_id = $1 ORDER BY created_at DESC, id DESC LIMIT 31`, []any{"c"}},
		"rows":     {"petitions_batch_rows_state", `SELECT ` + rowColumns + ` FROM petitions_batch_rows WHERE batch_id = $1 AND state = $2 AND number > $3 ORDER BY number LIMIT 100`, []any{"b", "ready", 1}},
		"raised":   {"petitions_sources_meeting", `SELECT petition_id FROM petitions_sources WHERE meeting_id = $1 AND meeting_id <> '' ORDER BY petition_id DESC LIMIT 51`, []any{"m"}},
		"brought":  {"petitions_brought_name", `SELECT petition_id FROM petitions_brought WHERE council_id = $1 AND name_key = $2 AND shown AND petition_id < $3 ORDER BY petition_id DESC LIMIT 51`, []any{"c", "k", "p"}},
		"of a session": {"petitions_brought_session", `SELECT petition_id FROM petitions_brought WHERE council_id = $1 AND name_key = $2 AND shown AND session_key = $3 AND petition_id < $4 ORDER BY petition_id DESC LIMIT 51`,
			[]any{"c", "k", "s", "p"}},
		"promised": {"petitions_brought_promised", `SELECT DISTINCT council_id, name_key FROM petitions_brought WHERE promised <> '' ORDER BY council_id, name_key LIMIT 50000`, nil},
		"marks":    {"petitions_batch_rows_mark", `SELECT mark FROM petitions_batch_rows WHERE council_id = $1 AND petition_id <> '' AND mark IN (SELECT value FROM json_each($2))`, []any{"c", "[]"}},
	} {
		var plan []string
		err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
			plan, err = planOf(t.Context(), tx, c.statement, c.args)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		all := strings.Join(plan, "; ")
		if !strings.Contains(all+" ", "INDEX "+c.index+" ") || strings.Contains(all, "TEMP B-TREE FOR ORDER") {
			t.Errorf("%s: %s", name, all)
		}
	}
}

func planOf(ctx context.Context, tx *db.Tx, statement string, args []any) ([]string, error) {
	type step struct {
		ID     int    `db:"id"`
		Parent int    `db:"parent"`
		Unused int    `db:"notused"`
		Detail string `db:"detail"`
	}
	steps, err := db.All[step](ctx, tx, "EXPLAIN QUERY PLAN "+statement, args...)
	var all []string
	for _, s := range steps {
		all = append(all, s.Detail)
	}
	return all, err
}

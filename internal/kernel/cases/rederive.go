package cases

import (
	"context"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
)

// Rederive lets the log be compared with the cases: every case must stand in
// the state and round that its newest act recorded.
func (e *Engine) Rederive() audit.Rederive {
	return audit.Rederive{
		Name: "cases_cases",
		Each: func(ctx context.Context, tx *db.Tx, after string, n int) ([]audit.Check, error) {
			type row struct {
				ID    string `db:"id"`
				State string `db:"state"`
				Round int    `db:"round"`
			}
			rows, err := db.All[row](ctx, tx, `SELECT id, state, round FROM cases_cases WHERE id > $1 ORDER BY id LIMIT $2`, after, n)
			if err != nil {
				return nil, err
			}
			checks := make([]audit.Check, len(rows))
			for i, r := range rows {
				checks[i] = audit.Check{Key: r.ID, Subject: r.ID, Facts: map[string]any{"state": r.State, "round": r.Round}}
			}
			return checks, nil
		},
	}
}

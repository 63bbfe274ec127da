package petitions

import (
	"context"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
)

// rederive lets the log be compared with the voters' words: each must be the
// text whose hash the log committed to on the day it was handed in, and none
// may have gone.
func rederive() audit.Rederive {
	return audit.Rederive{
		Name:  "petitions_petitions",
		Opens: "petitions.receive",
		Each: func(ctx context.Context, tx *db.Tx, after string, n int) ([]audit.Check, error) {
			rows, err := textsAfter(ctx, tx, after, n)
			if err != nil {
				return nil, err
			}
			checks := make([]audit.Check, len(rows))
			for i, r := range rows {
				checks[i] = audit.Check{Key: r.ID, Subject: r.ID, Facts: map[string]any{"text_sha256": textHash(r.Text)}}
			}
			return checks, nil
		},
		Known: knownPetitions,
	}
}

package petitions

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/modules/petitions/ratings"
	"example.vn/hdnd/internal/modules/petitions/reminders"
)

// rated is what voters said of each body's answers.
func rated(ctx context.Context, tx *db.Tx, councilID string, from, until clock.Date) ([]reminders.Rated, error) {
	found, err := ratings.Compared(ctx, tx, councilID, from, until)
	all := make([]reminders.Rated, len(found))
	for i, c := range found {
		all[i] = reminders.Rated{BodyID: c.BodyID, Count: c.Count, Score: c.Score}
	}
	return all, err
}

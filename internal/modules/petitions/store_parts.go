package petitions

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/modules/petitions/letters"
	"example.vn/hdnd/internal/modules/petitions/ratings"
	"example.vn/hdnd/internal/modules/petitions/reminders"
)

// stories tells the reminders when some petitions went to whom and what was
// answered.
func stories(ctx context.Context, tx *db.Tx, ids []string) (map[string]reminders.Story, error) {
	type answer struct {
		PetitionID string `db:"petition_id"`
		Answer
	}
	all := map[string]reminders.Story{}
	sent, err := db.All[letters.Forwarding](ctx, tx, `SELECT petition_id, to_body_id, symbol, at FROM petitions_forwardings WHERE petition_id IN `+tx.In("$1")+` ORDER BY id`, db.List(ids))
	if err != nil {
		return nil, err
	}
	for _, f := range sent {
		story := all[f.PetitionID]
		story.Sent = append(story.Sent, reminders.Sending{ToBodyID: f.ToBodyID, Symbol: f.Symbol, At: f.At})
		all[f.PetitionID] = story
	}
	given, err := db.All[answer](ctx, tx, `SELECT petition_id, round, number, outcome, promised FROM petitions_answers WHERE petition_id IN `+tx.In("$1")+` ORDER BY round, number`, db.List(ids))
	for _, a := range given {
		g := reminders.Given{Round: a.Round, Number: a.Number, Done: a.Outcome == Done}
		if !a.settled() {
			g.Promised = a.Promised
		}
		story := all[a.PetitionID]
		story.Answers = append(story.Answers, g)
		all[a.PetitionID] = story
	}
	return all, err
}

// rated is what voters said of each body's answers.
func rated(ctx context.Context, tx *db.Tx, councilID string, from, until clock.Date) ([]reminders.Rated, error) {
	found, err := ratings.Compared(ctx, tx, councilID, from, until)
	all := make([]reminders.Rated, len(found))
	for i, c := range found {
		all[i] = reminders.Rated{BodyID: c.BodyID, Count: c.Count, Score: c.Score}
	}
	return all, err
}

package reminders

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

// stories reads, of some petitions, the sendings to bodies and the answers, each
// oldest first. It asks nothing about rights.
func stories(ctx context.Context, tx *db.Tx, ids []string) (map[string]Story, error) {
	type sending struct {
		PetitionID string  `db:"petition_id"`
		ToBodyID   string  `db:"to_body_id"`
		Symbol     string  `db:"symbol"`
		At         db.Time `db:"at"`
	}
	type answer struct {
		PetitionID string     `db:"petition_id"`
		Round      int        `db:"round"`
		Number     int        `db:"number"`
		Outcome    string     `db:"outcome"`
		Promised   clock.Date `db:"promised"`
	}
	all := map[string]Story{}
	sent, err := db.All[sending](ctx, tx, `SELECT petition_id, to_body_id, symbol, at FROM petitions_forwardings WHERE petition_id `+tx.In("$1")+` ORDER BY id`, db.List(ids))
	if err != nil {
		return nil, err
	}
	for _, s := range sent {
		story := all[s.PetitionID]
		story.Sent = append(story.Sent, Sending{ToBodyID: s.ToBodyID, Symbol: s.Symbol, At: s.At})
		all[s.PetitionID] = story
	}
	given, err := db.All[answer](ctx, tx, `SELECT petition_id, round, number, outcome, promised FROM petitions_answers WHERE petition_id `+tx.In("$1")+` ORDER BY round, number`, db.List(ids))
	for _, a := range given {
		story := all[a.PetitionID]
		g := Given{Round: a.Round, Number: a.Number, Done: a.Outcome == "done"}
		if a.Outcome == "underway" || a.Outcome == "partly" {
			g.Promised = a.Promised
		}
		story.Answers = append(story.Answers, g)
		all[a.PetitionID] = story
	}
	return all, err
}

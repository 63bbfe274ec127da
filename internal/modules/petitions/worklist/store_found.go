package worklist

import (
	"context"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
)

// Found is one petition as the search index reads it.
//
// vi: -
type Found struct {
	cases.Case
	Text       string `db:"text"`
	PublicText string `db:"public_text"`
}

const foundSelect = `SELECT c.id, c.council_id, c.code, c.title, c.state, c.opened_at, c.owner_body_id, c.holder_body_id, c.examiner_body_id, c.assignee_post_id, c.field, c.unit_code, c.public, c.sealed,

	p.text, p.public_text FROM cases_cases c JOIN petitions_petitions p ON p.id = c.id WHERE NOT c.sealed AND `

// FoundByID reads petitions for the index; sealed ones are not there.
func FoundByID(ctx context.Context, tx *db.Tx, ids []string) ([]Found, error) {
	return db.All[Found](ctx, tx, foundSelect+`c.id `+tx.In("$1")+` ORDER BY c.id`, db.List(ids))
}

func foundAfter(ctx context.Context, tx *db.Tx, after string, n int) ([]Found, error) {
	return db.All[Found](ctx, tx, foundSelect+`c.id > $1 ORDER BY c.id LIMIT $2`, after, n)
}

type said struct {
	PetitionID string `db:"petition_id"`
	Reply      string `db:"reply"`
}

// repliesOf reads the answers of several petitions at once.
func repliesOf(ctx context.Context, tx *db.Tx, ids []string) (map[string]string, error) {
	rows, err := db.All[said](ctx, tx, `SELECT petition_id, reply FROM petitions_answers WHERE petition_id `+tx.In("$1")+` ORDER BY petition_id, round, number`, db.List(ids))
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, r := range rows {
		all[r.PetitionID] += r.Reply + "\n"
	}
	return all, nil
}

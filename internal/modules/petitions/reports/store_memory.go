package reports

import (
	"context"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
)

// chainMax bounds how far a chain of repetitions is followed, and how many are shown.
const (
	chainDeep = 60
	chainMax  = 200
)

// rootOf is the first petition of the chain that a petition belongs to.
func rootOf(ctx context.Context, tx *db.Tx, id string) (string, error) {
	return db.One[string](ctx, tx, `WITH RECURSIVE up (id, depth) AS (
			SELECT CAST($1 AS TEXT), 0 UNION SELECT k.earlier_id, up.depth + 1 FROM petitions_links k JOIN up ON k.petition_id = up.id WHERE up.depth < $2)
		SELECT id FROM up ORDER BY depth DESC LIMIT 1`, id, chainDeep)
}

// leadsTo reports whether a petition repeats, over however many steps, another.
func leadsTo(ctx context.Context, tx *db.Tx, from, to string) (bool, error) {
	n, err := db.One[int](ctx, tx, `WITH RECURSIVE up (id, depth) AS (
			SELECT CAST($1 AS TEXT), 0 UNION SELECT k.earlier_id, up.depth + 1 FROM petitions_links k JOIN up ON k.petition_id = up.id WHERE up.depth < $3)
		SELECT COUNT(*) FROM up WHERE id = $2`, from, to, chainDeep)
	return n > 0, err
}

// chained is a case of a chain, as far as it says who may see it.
type chained struct {
	cases.Case
	EarlierID string `db:"earlier_id"`
}

// chainFrom lists all that repeat a petition, itself among them, oldest first;
// never a sealed one, whenever it was sealed.
func chainFrom(ctx context.Context, tx *db.Tx, root string) ([]chained, error) {
	return db.All[chained](ctx, tx, `WITH RECURSIVE down (id, depth) AS (
			SELECT CAST($1 AS TEXT), 0 UNION SELECT k.petition_id, down.depth + 1 FROM petitions_links k JOIN down ON k.earlier_id = down.id WHERE down.depth < $2)
		SELECT c.id, c.council_id, c.code, c.title, c.round, c.opened_at, c.owner_body_id, c.holder_body_id, c.examiner_body_id, c.assignee_post_id, c.public, c.sealed,
			COALESCE(k.earlier_id, '') AS earlier_id
		FROM cases_cases c LEFT JOIN petitions_links k ON k.petition_id = c.id
		WHERE c.id IN (SELECT id FROM down) AND NOT c.sealed ORDER BY c.opened_at, c.id LIMIT $3`, root, chainDeep, chainMax)
}

// Link says that a petition repeats an earlier one.
//
// vi: liên kết kiến nghị nhắc lại
type Link struct {
	PetitionID string  `db:"petition_id"`
	EarlierID  string  `db:"earlier_id"`
	ByID       string  `db:"by_id"`
	ByName     string  `db:"by_name"`
	At         db.Time `db:"at"`
}

func insertLink(ctx context.Context, tx *db.Tx, l Link) error {
	_, err := tx.Exec(ctx, `INSERT INTO petitions_links (petition_id, earlier_id, by_id, by_name, at) VALUES ($1, $2, $3, $4, $5)`, l.PetitionID, l.EarlierID, l.ByID, l.ByName, l.At)
	return err
}

func linkOf(ctx context.Context, tx *db.Tx, id string) (Link, error) {
	return db.One[Link](ctx, tx, `SELECT petition_id, earlier_id, by_id, by_name, at FROM petitions_links WHERE petition_id = $1`, id)
}

func removeLink(ctx context.Context, tx *db.Tx, id string) error {
	return tx.ExecOne(ctx, `DELETE FROM petitions_links WHERE petition_id = $1`, id)
}

package validity

import (
	"context"

	"example.vn/hdnd/internal/kernel/db"
)

// Relations are all relations of a document, both ways, that nobody refused.
func (d *Desk) Relations(ctx context.Context, tx *db.Tx, id string) ([]Relation, error) {
	from, err := relationsFrom(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	to, err := relationsTo(ctx, tx, id)
	return append(from, to...), err
}

// WarningsOf are the warnings of a document, the gravest first.
func (d *Desk) WarningsOf(ctx context.Context, tx *db.Tx, id string) ([]Warning, error) {
	return warningsOf(ctx, tx, id)
}

// LapsingIn lists the texts of former districts that still hold in a commune, the
// first to lapse first, from behind one.
func (d *Desk) LapsingIn(ctx context.Context, tx *db.Tx, commune string, after Lapsing, limit int) ([]Lapsing, error) {
	return lapsingIn(ctx, tx, commune, after, limit)
}

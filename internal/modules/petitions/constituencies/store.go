package constituencies

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

const columns = `id, council_id, number, units, basis, from_day, until_day, entered_by`

func insert(ctx context.Context, tx *db.Tx, c Constituency) error {
	_, err := tx.Exec(ctx, `INSERT INTO petitions_constituencies (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, '', $7)`,
		c.ID, c.CouncilID, c.Number, c.Units, c.Basis, c.From, c.By)
	return err
}

// endAll ends what holds on the day from. What would have begun on that day or
// later never came to hold: the newer decision replaces it.
func endAll(ctx context.Context, tx *db.Tx, councilID string, from clock.Date) error {
	if _, err := tx.Exec(ctx, `DELETE FROM petitions_constituencies WHERE council_id = $1 AND from_day >= $2`, councilID, from); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE petitions_constituencies SET until_day = $2 WHERE council_id = $1 AND (until_day = '' OR until_day > $2)`, councilID, from)
	return err
}

// On lists a council's constituencies on a day, by number.
func On(ctx context.Context, tx *db.Tx, councilID string, on clock.Date) ([]Constituency, error) {
	return db.All[Constituency](ctx, tx, `SELECT `+columns+` FROM petitions_constituencies
		WHERE council_id = $1 AND from_day <= $2 AND (until_day = '' OR until_day > $2) ORDER BY number LIMIT 200`, councilID, on)
}

// after lists what is to hold later, by day and number.
func after(ctx context.Context, tx *db.Tx, councilID string, on clock.Date) ([]Constituency, error) {
	return db.All[Constituency](ctx, tx, `SELECT `+columns+` FROM petitions_constituencies WHERE council_id = $1 AND from_day > $2 ORDER BY from_day, number LIMIT 200`, councilID, on)
}

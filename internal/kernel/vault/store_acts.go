package vault

import (
	"context"

	"example.vn/hdnd/internal/kernel/db"
)

// reveal is a row of vault_reveals: somebody was shown something, or not.
type reveal struct {
	ID          string            `db:"id"`
	CouncilID   string            `db:"council_id"`
	Compartment string            `db:"compartment_id"`
	PersonID    string            `db:"person_id"`
	Name        string            `db:"name"`
	Title       string            `db:"title"`
	Behalf      string            `db:"behalf"`
	GlassID     string            `db:"glass_id"`
	Items       db.JSON[[]string] `db:"items"`
	Reason      string            `db:"reason"`
	Outcome     string            `db:"outcome"`
	Why         string            `db:"why"`
	At          db.Time           `db:"at"`
}

const revealColumns = `id, council_id, compartment_id, person_id, name, title, behalf, glass_id, items, reason, outcome, why, at`

func insertReveal(ctx context.Context, tx *db.Tx, r reveal) error {
	_, err := tx.Exec(ctx, `INSERT INTO vault_reveals (`+revealColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		r.ID, r.CouncilID, r.Compartment, r.PersonID, r.Name, r.Title, r.Behalf, r.GlassID, r.Items, r.Reason, r.Outcome, r.Why, r.At)
	return err
}

func revealByID(ctx context.Context, tx *db.Tx, id string) (reveal, error) {
	return db.One[reveal](ctx, tx, `SELECT `+revealColumns+` FROM vault_reveals WHERE id = $1`, id)
}

// beyondAll is greater than every id; pages go from new to old.
const beyondAll = "~"

func revealsOfCouncil(ctx context.Context, tx *db.Tx, councilID, before string, n int) ([]reveal, error) {
	return db.All[reveal](ctx, tx, `SELECT `+revealColumns+` FROM vault_reveals WHERE council_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`, councilID, before, n)
}

func revealsOf(ctx context.Context, tx *db.Tx, compartmentID, before string, n int) ([]reveal, error) {
	return db.All[reveal](ctx, tx, `SELECT `+revealColumns+` FROM vault_reveals WHERE compartment_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`, compartmentID, before, n)
}

// glass is a row of vault_glass: asked, granted until, ended.
type glass struct {
	ID          string            `db:"id"`
	CouncilID   string            `db:"council_id"`
	Compartment string            `db:"compartment_id"`
	PersonID    string            `db:"person_id"`
	Name        string            `db:"name"`
	Chain       db.JSON[[]string] `db:"chain"`
	Reason      string            `db:"reason"`
	AskedAt     db.Time           `db:"asked_at"`
	GrantedBy   string            `db:"granted_by"`
	Granter     string            `db:"granter"`
	GrantedAt   db.Time           `db:"granted_at"`
	Until       db.Time           `db:"until"`
	EndedAt     db.Time           `db:"ended_at"`
	EndedBy     string            `db:"ended_by"`
	Code        string            `db:"code"` // see glass.seal
	Version     int64             `db:"version"`
}

const glassColumns = `id, council_id, compartment_id, person_id, name, chain, reason, asked_at, granted_by, granter, granted_at, until, ended_at, ended_by, code, version`

func insertGlass(ctx context.Context, tx *db.Tx, g glass) error {
	_, err := tx.Exec(ctx, `INSERT INTO vault_glass (`+glassColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		g.ID, g.CouncilID, g.Compartment, g.PersonID, g.Name, g.Chain, g.Reason, g.AskedAt, g.GrantedBy, g.Granter, g.GrantedAt, g.Until, g.EndedAt, g.EndedBy, g.Code, g.Version)
	return err
}

func glassByID(ctx context.Context, tx *db.Tx, id string) (glass, error) {
	if !idForm.MatchString(id) {
		return glass{}, missing()
	}
	return db.One[glass](ctx, tx, `SELECT `+glassColumns+` FROM vault_glass WHERE id = $1`, id)
}

// latestGlass is what a person last asked for a compartment and nobody ended;
// none is the zero glass. Nobody can ask again before theirs is over, so of
// several the last is the one that may be open.
func latestGlass(ctx context.Context, tx *db.Tx, compartmentID, personID string) (glass, error) {
	all, err := db.All[glass](ctx, tx, `SELECT `+glassColumns+` FROM vault_glass WHERE compartment_id = $1 AND person_id = $2 AND ended_at = 0 ORDER BY id DESC LIMIT 1`, compartmentID, personID)
	if err != nil || len(all) == 0 {
		return glass{}, err
	}
	return all[0], nil
}

func glassesOf(ctx context.Context, tx *db.Tx, councilID, before string, n int) ([]glass, error) {
	return db.All[glass](ctx, tx, `SELECT `+glassColumns+` FROM vault_glass WHERE council_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`, councilID, before, n)
}

func grantGlass(ctx context.Context, tx *db.Tx, g glass) error {
	return tx.ExecOne(ctx, `UPDATE vault_glass SET granted_by = $1, granter = $2, granted_at = $3, until = $4, code = $5, version = version + 1
		WHERE id = $6 AND version = $7`, g.GrantedBy, g.Granter, g.GrantedAt, g.Until, g.Code, g.ID, g.Version)
}

func endGlass(ctx context.Context, tx *db.Tx, g glass, by string, at db.Time) error {
	return tx.ExecOne(ctx, `UPDATE vault_glass SET ended_at = $1, ended_by = $2, code = '', version = version + 1 WHERE id = $3 AND version = $4`, at, by, g.ID, g.Version)
}

package vault

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

// compartment is a row of vault_compartments. Once destroyed it has no key and
// is what is left to say that it was there.
type compartment struct {
	ID          string  `db:"id"`
	CouncilID   string  `db:"council_id"`
	Subject     string  `db:"subject"`
	KeyID       string  `db:"key_id"`
	Wrapped     []byte  `db:"wrapped"`
	MadeAt      db.Time `db:"made_at"`
	DestroyedAt db.Time `db:"destroyed_at"`
	Document    string  `db:"document"`
	Version     int64   `db:"version"`
}

const compartmentColumns = `id, council_id, subject, key_id, wrapped, made_at, destroyed_at, document, version`

func insertCompartment(ctx context.Context, tx *db.Tx, c compartment) error {
	_, err := tx.Exec(ctx, `INSERT INTO vault_compartments (`+compartmentColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		c.ID, c.CouncilID, c.Subject, c.KeyID, c.Wrapped, c.MadeAt, c.DestroyedAt, c.Document, c.Version)
	return err
}

// compartmentOf loads a compartment. Text that can be no id is not asked for:
// one of the databases would break off the transaction over it.
func compartmentOf(ctx context.Context, tx *db.Tx, id string) (compartment, error) {
	if !idForm.MatchString(id) {
		return compartment{}, missing()
	}
	return db.One[compartment](ctx, tx, `SELECT `+compartmentColumns+` FROM vault_compartments WHERE id = $1`, id)
}

func compartmentsOf(ctx context.Context, tx *db.Tx, subject string) ([]string, error) {
	return db.All[string](ctx, tx, `SELECT id FROM vault_compartments WHERE subject = $1 AND destroyed_at = 0 ORDER BY id LIMIT $2`, subject, listMax)
}

// touch moves the compartment's version on, so that two who change its list at
// once do not both go by the list as it was.
func touch(ctx context.Context, tx *db.Tx, c compartment) error {
	return tx.ExecOne(ctx, `UPDATE vault_compartments SET version = version + 1 WHERE id = $1 AND version = $2`, c.ID, c.Version)
}

func rewrap(ctx context.Context, tx *db.Tx, c compartment, keyID string, wrapped []byte) error {
	return tx.ExecOne(ctx, `UPDATE vault_compartments SET key_id = $1, wrapped = $2, version = version + 1 WHERE id = $3 AND version = $4`, keyID, wrapped, c.ID, c.Version)
}

func tombstone(ctx context.Context, tx *db.Tx, c compartment, at db.Time, document string) error {
	return tx.ExecOne(ctx, `UPDATE vault_compartments SET key_id = '', wrapped = $1, destroyed_at = $2, document = $3, version = version + 1
		WHERE id = $4 AND version = $5`, []byte{}, at, document, c.ID, c.Version)
}

func empty(ctx context.Context, tx *db.Tx, compartmentID string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM vault_chunks WHERE item_id IN (SELECT id FROM vault_items WHERE compartment_id = $1)`, compartmentID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM vault_items WHERE compartment_id = $1`, compartmentID)
	return err
}

// foreign lists compartments that another master than keyID has sealed.
func foreign(ctx context.Context, tx *db.Tx, keyID string, n int) ([]compartment, error) {
	return db.All[compartment](ctx, tx, `SELECT `+compartmentColumns+` FROM vault_compartments
		WHERE (key_id > '' AND key_id < $1 OR key_id > $1) ORDER BY key_id, id LIMIT $2`, keyID, n)
}

// keyCount says how many compartments a master has sealed.
type keyCount struct {
	KeyID string `db:"key_id"`
	Count int64  `db:"n"`
}

func keysInUse(ctx context.Context, tx *db.Tx) ([]keyCount, error) {
	return db.All[keyCount](ctx, tx, `SELECT key_id, count(*) AS n FROM vault_compartments WHERE key_id <> '' GROUP BY key_id ORDER BY key_id`)
}

type item struct {
	ID     string `db:"id"`
	Name   string `db:"name"`
	Chunks int64  `db:"chunks"`
}

func insertItem(ctx context.Context, tx *db.Tx, compartmentID string, i item) error {
	_, err := tx.Exec(ctx, `INSERT INTO vault_items (id, compartment_id, name, chunks) VALUES ($1, $2, $3, $4)`, i.ID, compartmentID, i.Name, i.Chunks)
	return err
}

func itemsOf(ctx context.Context, tx *db.Tx, compartmentID string) ([]item, error) {
	return db.All[item](ctx, tx, `SELECT id, name, chunks FROM vault_items WHERE compartment_id = $1 ORDER BY name LIMIT $2`, compartmentID, itemsMax)
}

func insertChunk(ctx context.Context, tx *db.Tx, itemID string, index int, box []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO vault_chunks (item_id, idx, box) VALUES ($1, $2, $3)`, itemID, index, box)
	return err
}

func chunksOf(ctx context.Context, tx *db.Tx, itemID string) ([][]byte, error) {
	return db.All[[]byte](ctx, tx, `SELECT box FROM vault_chunks WHERE item_id = $1 ORDER BY idx LIMIT $2`, itemID, chunksMax+1)
}

// smallest reads the items whose one box has the smallest size: the fields.
func smallest(ctx context.Context, tx *db.Tx, compartmentID string) ([]item, error) {
	return db.All[item](ctx, tx, `SELECT i.id, i.name, i.chunks FROM vault_items i JOIN vault_chunks k ON k.item_id = i.id
		WHERE i.compartment_id = $1 AND i.chunks = 1 AND length(k.box) <= $2 ORDER BY i.name LIMIT $3`, compartmentID, boxOverhead+padSmallest, itemsMax)
}

// grant is a row of vault_readers.
type grant struct {
	ID         string     `db:"id"`
	PersonID   string     `db:"person_id"`
	Name       string     `db:"name"`
	Keeper     bool       `db:"keeper"`
	Until      clock.Date `db:"until"`
	Reason     string     `db:"reason"`
	AdmittedAt db.Time    `db:"admitted_at"`
	AdmittedBy string     `db:"admitted_by"`
	EndedAt    db.Time    `db:"ended_at"`
	EndedBy    string     `db:"ended_by"`
	EndReason  string     `db:"end_reason"`
	Code       string     `db:"code"` // see grant.seal
}

const grantColumns = `id, person_id, name, keeper, until, reason, admitted_at, admitted_by, ended_at, ended_by, end_reason, code`

func insertGrant(ctx context.Context, tx *db.Tx, compartmentID string, g grant) error {
	_, err := tx.Exec(ctx, `INSERT INTO vault_readers (compartment_id, `+grantColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		compartmentID, g.ID, g.PersonID, g.Name, g.Keeper, g.Until, g.Reason, g.AdmittedAt, g.AdmittedBy, g.EndedAt, g.EndedBy, g.EndReason, g.Code)
	return err
}

func endGrant(ctx context.Context, tx *db.Tx, id string, at db.Time, by, reason string) error {
	return tx.ExecOne(ctx, `UPDATE vault_readers SET ended_at = $1, ended_by = $2, end_reason = $3, code = '' WHERE id = $4 AND ended_at = 0`, at, by, reason, id)
}

// grantsOf lists the grants of a compartment that nobody has ended.
func grantsOf(ctx context.Context, tx *db.Tx, compartmentID string) ([]grant, error) {
	return db.All[grant](ctx, tx, `SELECT `+grantColumns+` FROM vault_readers WHERE compartment_id = $1 AND ended_at = 0 ORDER BY id LIMIT $2`, compartmentID, readersMax)
}

func allGrantsOf(ctx context.Context, tx *db.Tx, compartmentID string) ([]grant, error) {
	return db.All[grant](ctx, tx, `SELECT `+grantColumns+` FROM vault_readers WHERE compartment_id = $1 ORDER BY id LIMIT $2`, compartmentID, listMax)
}

// namedFor lists the compartments on whose list a person is.
func namedFor(ctx context.Context, tx *db.Tx, personID, councilID, today, after string, n int) ([]string, error) {
	return db.All[string](ctx, tx, `SELECT r.compartment_id FROM vault_readers r JOIN vault_compartments c ON c.id = r.compartment_id
		WHERE r.person_id = $1 AND r.ended_at = 0 AND (r.until = '' OR r.until >= $3) AND c.council_id = $2 AND r.compartment_id > $4
		ORDER BY r.compartment_id LIMIT $5`, personID, councilID, today, after, n)
}

package sealed

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

const (
	pageMost    = 50  // lines of one page of a list
	keepersMost = 100 // people on one council's list
)

const fileColumns = `id, council_id, day, place, book, mark`

func insertFile(ctx context.Context, tx *db.Tx, f File) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_sealed (`+fileColumns+`) VALUES ($1, $2, $3, $4, $5, $6)`, f.ID, f.CouncilID, f.Day, f.Place, f.Book, f.Mark)
	return err
}

func fileOf(ctx context.Context, tx *db.Tx, id string) (File, error) {
	return db.One[File](ctx, tx, `SELECT `+fileColumns+` FROM reception_sealed WHERE id = $1`, id)
}

// filesOf lists a council's files, the newest first; after is where the page before ended.
func filesOf(ctx context.Context, tx *db.Tx, councilID string, after place) ([]File, error) {
	if after.id == "" {
		return db.All[File](ctx, tx, `SELECT `+fileColumns+` FROM reception_sealed WHERE council_id = $1 ORDER BY day DESC, id DESC LIMIT $2`, councilID, pageMost+1)
	}
	return db.All[File](ctx, tx, `SELECT `+fileColumns+` FROM reception_sealed WHERE council_id = $1 AND (day, id) < ($2, $3) ORDER BY day DESC, id DESC LIMIT $4`,
		councilID, after.day, after.id, pageMost+1)
}

// place is where a list goes on.
type place struct {
	day clock.Date
	id  string
}

// markedFile finds the stub that the same form noted before.
func markedFile(ctx context.Context, tx *db.Tx, councilID, mark string) (string, error) {
	return first(db.All[string](ctx, tx, `SELECT id FROM reception_sealed WHERE council_id = $1 AND mark = $2 AND mark <> '' LIMIT 1`, councilID, mark))
}

// first is the only row there may be, or nothing.
func first[T any](all []T, err error) (v T, _ error) {
	if err == nil && len(all) > 0 {
		v = all[0]
	}
	return v, err
}

// decidedOn is the place that a council has decided on; empty: it has decided nothing.
func decidedOn(ctx context.Context, tx *db.Tx, councilID string, on clock.Date) (Place, error) {
	return first(db.All[Place](ctx, tx, `SELECT place FROM reception_places WHERE council_id = $1 AND starts <= $2 ORDER BY starts DESC, id DESC LIMIT 1`, councilID, on))
}

func insertPlace(ctx context.Context, tx *db.Tx, c Change) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_places (council_id, starts, id, place) VALUES ($1, $2, $3, $4)`, c.CouncilID, c.Starts, c.ID, c.Place)
	return err
}

const standingColumns = `id, council_id, person_id, name, keeper, starts, until`

// standingOf lists who is named from the beginning on a day.
func standingOf(ctx context.Context, tx *db.Tx, councilID string, on clock.Date) ([]Standing, error) {
	return db.All[Standing](ctx, tx, `SELECT `+standingColumns+` FROM reception_keepers WHERE council_id = $1 AND starts <= $2 AND (until = '' OR until >= $2) ORDER BY keeper DESC, id LIMIT $3`,
		councilID, on, keepersMost)
}

// comingOf lists those that are named on a day or later.
func comingOf(ctx context.Context, tx *db.Tx, councilID string, on clock.Date) ([]Standing, error) {
	return db.All[Standing](ctx, tx, `SELECT `+standingColumns+` FROM reception_keepers WHERE council_id = $1 AND (until = '' OR until >= $2) ORDER BY keeper DESC, id LIMIT $3`, councilID, on, keepersMost)
}

func standingByID(ctx context.Context, tx *db.Tx, id string) (Standing, error) {
	return db.One[Standing](ctx, tx, `SELECT `+standingColumns+` FROM reception_keepers WHERE id = $1`, id)
}

func insertStanding(ctx context.Context, tx *db.Tx, s Standing) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_keepers (`+standingColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)`, s.ID, s.CouncilID, s.PersonID, s.Name, s.Keeper, s.Starts, s.Until)
	return err
}

func endStanding(ctx context.Context, tx *db.Tx, id string, until clock.Date) error {
	return tx.ExecOne(ctx, `UPDATE reception_keepers SET until = $2 WHERE id = $1`, id, until)
}

const changeColumns = `id, council_id, kind, entry_id, person_id, name, keeper, place, starts, until, reason, state, proposed_by, proposer, side, chain, proposed_at, decided_by, decider, decided_at, mark`

func insertChange(ctx context.Context, tx *db.Tx, c Change) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_changes (`+changeColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
		c.ID, c.CouncilID, c.Kind, c.EntryID, c.PersonID, c.Name, c.Keeper, c.Place, c.Starts, c.Until, c.Reason, c.State, c.ProposedBy, c.Proposer, c.Side, c.Chain, c.ProposedAt,
		c.DecidedBy, c.Decider, c.DecidedAt, c.Mark)
	return err
}

func decideChange(ctx context.Context, tx *db.Tx, c Change) error {
	return tx.ExecOne(ctx, `UPDATE reception_changes SET state = $2, decided_by = $3, decider = $4, decided_at = $5 WHERE id = $1 AND state = 'proposed'`, c.ID, c.State, c.DecidedBy, c.Decider, c.DecidedAt)
}

func changeOf(ctx context.Context, tx *db.Tx, id string) (Change, error) {
	return db.One[Change](ctx, tx, `SELECT `+changeColumns+` FROM reception_changes WHERE id = $1`, id)
}

func markedChange(ctx context.Context, tx *db.Tx, councilID, mark string) (string, error) {
	return first(db.All[string](ctx, tx, `SELECT id FROM reception_changes WHERE council_id = $1 AND mark = $2 AND mark <> '' LIMIT 1`, councilID, mark))
}

// changesOf lists a council's changes, the newest first.
func changesOf(ctx context.Context, tx *db.Tx, councilID, before string) ([]Change, error) {
	return db.All[Change](ctx, tx, `SELECT `+changeColumns+` FROM reception_changes WHERE council_id = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3`, councilID, before, pageMost+1)
}

// waitingOf lists the changes that wait for a second person.
func waitingOf(ctx context.Context, tx *db.Tx, councilID string) ([]Change, error) {
	return db.All[Change](ctx, tx, `SELECT `+changeColumns+` FROM reception_changes WHERE council_id = $1 AND state = 'proposed' ORDER BY id LIMIT $2`, councilID, pageMost)
}

const copyColumns = `file_id, number, council_id, words, state, made_by, maker, chain, made_at, decided_by, decider, decided_at`

func insertCopy(ctx context.Context, tx *db.Tx, c Copy) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_copies (`+copyColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		c.FileID, c.Number, c.CouncilID, c.Words, c.State, c.MadeBy, c.Maker, c.Chain, c.MadeAt, c.DecidedBy, c.Decider, c.DecidedAt)
	return err
}

// decideCopy saves what became of a copy that still stood as it was loaded.
func decideCopy(ctx context.Context, tx *db.Tx, c Copy, was CopyState) error {
	return tx.ExecOne(ctx, `UPDATE reception_copies SET words = $4, state = $5, decided_by = $6, decider = $7, decided_at = $8 WHERE file_id = $1 AND number = $2 AND state = $3`,
		c.FileID, c.Number, was, c.Words, c.State, c.DecidedBy, c.Decider, c.DecidedAt)
}

// replaceCopies takes the words of earlier copies away: one stands at a time.
func replaceCopies(ctx context.Context, tx *db.Tx, fileID string, except int64) error {
	_, err := tx.Exec(ctx, `UPDATE reception_copies SET state = 'replaced', words = '' WHERE file_id = $1 AND number <> $2 AND state = 'confirmed'`, fileID, except)
	return err
}

func copiesOf(ctx context.Context, tx *db.Tx, fileID string) ([]Copy, error) {
	return db.All[Copy](ctx, tx, `SELECT `+copyColumns+` FROM reception_copies WHERE file_id = $1 ORDER BY number DESC LIMIT $2`, fileID, pageMost)
}

func copyOf(ctx context.Context, tx *db.Tx, fileID string, number int64) (Copy, error) {
	return db.One[Copy](ctx, tx, `SELECT `+copyColumns+` FROM reception_copies WHERE file_id = $1 AND number = $2`, fileID, number)
}

func standingCopy(ctx context.Context, tx *db.Tx, fileID string) (string, error) {
	return first(db.All[string](ctx, tx, `SELECT words FROM reception_copies WHERE file_id = $1 AND state = 'confirmed' ORDER BY number DESC LIMIT 1`, fileID))
}

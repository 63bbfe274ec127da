package duties

import (
	"context"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

const columns = `id, council_id, person_id, name, title, year, number, received_on, way, asked, state, letter_id, done_on, guided, answered_on, told_on, told, waits, rung, mark, created_at, revision, entered_by, entered_name`

func insert(ctx context.Context, tx *db.Tx, r Record) error {
	_, err := tx.Exec(ctx, `INSERT INTO reception_duties (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`,
		r.ID, r.CouncilID, r.PersonID, r.Name, r.Title, r.Year, r.Number, r.ReceivedOn, r.Way, r.Asked, r.State, r.LetterID, r.DoneOn, r.Guided, r.AnsweredOn, r.ToldOn, r.Told, r.Waits, r.Rung, r.Mark,
		r.CreatedAt, r.Revision, r.EnteredBy, r.EnteredName)
	return err
}

// update saves a record that nobody else changed since it was loaded.
func update(ctx context.Context, tx *db.Tx, r Record) error {
	return tx.ExecOne(ctx, `UPDATE reception_duties SET asked = $3, state = $4, letter_id = $5, done_on = $6, guided = $7, answered_on = $8, told_on = $9, told = $10, waits = $11, rung = $12, revision = revision + 1
		WHERE id = $1 AND revision = $2`, r.ID, r.Revision, r.Asked, r.State, r.LetterID, r.DoneOn, r.Guided, r.AnsweredOn, r.ToldOn, r.Told, r.Waits, r.Rung)
}

func recordOf(ctx context.Context, tx *db.Tx, id string) (Record, error) {
	r, err := db.One[Record](ctx, tx, `SELECT `+columns+` FROM reception_duties WHERE id = $1`, id)
	if fault.Is(err, "db.no_row") {
		return r, noRecord()
	}
	return r, err
}

// marked finds the record that the same form made before.
func marked(ctx context.Context, tx *db.Tx, personID, mark string) ([]Record, error) {
	return db.All[Record](ctx, tx, `SELECT `+columns+` FROM reception_duties WHERE person_id = $1 AND mark = $2 AND mark <> '' LIMIT 1`, personID, mark)
}

// nextNumber is the next of a deputy's own of a year.
func nextNumber(ctx context.Context, tx *db.Tx, r Record) (int, error) {
	n, err := db.One[int](ctx, tx, `SELECT COALESCE(MAX(number), 0) FROM reception_duties WHERE person_id = $1 AND council_id = $2 AND year = $3`, r.PersonID, r.CouncilID, r.Year)
	return n + 1, err
}

// handedOn lists the records that letters came from.
func handedOn(ctx context.Context, tx *db.Tx, letterIDs []string) ([]Record, error) {
	return db.All[Record](ctx, tx, `SELECT `+columns+` FROM reception_duties WHERE letter_id <> '' AND letter_id `+tx.In("$1")+` ORDER BY id`, db.List(letterIDs))
}

// pageOf reads one page: of a person, or of a council when personID is empty; the
// newest first, before an id.
func pageOf(ctx context.Context, tx *db.Tx, councilID, personID string, waiting bool, before string, limit int) ([]Record, error) {
	where, args := "council_id = $1 AND ($2 = '' OR id < $2)", []any{councilID, before, limit}
	if personID != "" {
		where += " AND person_id = $4"
		args = append(args, personID)
	}
	if waiting {
		where += " AND waits <> ''"
	}
	return db.All[Record](ctx, tx, `SELECT `+columns+` FROM reception_duties WHERE `+where+` ORDER BY id DESC LIMIT $3`, args...)
}

func countWaiting(ctx context.Context, tx *db.Tx, councilID, personID string) (int64, error) {
	return db.One[int64](ctx, tx, `SELECT count(*) FROM reception_duties WHERE council_id = $1 AND person_id = $2 AND waits <> ''`, councilID, personID)
}

// waitingOf lists the records of all councils that wait, after an id.
func waitingOf(ctx context.Context, tx *db.Tx, after string, limit int) ([]Record, error) {
	return db.All[Record](ctx, tx, `SELECT `+columns+` FROM reception_duties WHERE waits <> '' AND id > $1 ORDER BY id LIMIT $2`, after, limit)
}

package intake

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/db"
)

const (
	batchColumns = `id, council_id, body_id, file_name, file_sum, sheet, header_row, days_1904, columns, defaults, state, actor, reason, created_at, started_at, ended_at, check_run, checked`
	rowColumns   = `number, cells, state, mark, cells_mark, content, problems, petition_id, code`
)

func insertBatch(ctx context.Context, tx *db.Tx, b Batch) error {
	_, err := tx.Exec(ctx, `INSERT INTO petitions_batches (`+batchColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		b.ID, b.CouncilID, b.BodyID, b.FileName, b.FileSum, b.Sheet, b.HeaderRow, b.Days1904, b.Columns, b.Defaults, b.State, b.Actor, b.Reason, b.CreatedAt, b.StartedAt, b.EndedAt, b.CheckRun, b.Checked)
	return err
}

func batchOf(ctx context.Context, tx *db.Tx, id string) (Batch, error) {
	return db.One[Batch](ctx, tx, `SELECT `+batchColumns+` FROM petitions_batches WHERE id = $1`, id)
}

// batchesOf lists a council's batches after one, the newest first.
func batchesOf(ctx context.Context, tx *db.Tx, councilID, after string, limit int) ([]Batch, error) {
	if after == "" {
		return db.All[Batch](ctx, tx, `SELECT `+batchColumns+` FROM petitions_batches WHERE council_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2`, councilID, limit)
	}
	return db.All[Batch](ctx, tx, `SELECT `+batchColumns+` FROM petitions_batches
		WHERE council_id = $1 AND (created_at, id) < ((SELECT created_at FROM petitions_batches WHERE id = $2), $2) ORDER BY created_at DESC, id DESC LIMIT $3`, councilID, after, limit)
}

// beginCheck keeps how the columns are mapped and begins a dry run, as long as
// nothing is taken in and nobody else has begun one since b was read.
func beginCheck(ctx context.Context, tx *db.Tx, b Batch) error {
	return tx.ExecOne(ctx, `UPDATE petitions_batches SET header_row = $2, columns = $3, defaults = $4, state = 'checking', check_run = check_run + 1, checked = 0
		WHERE id = $1 AND check_run = $5 AND state IN ('read', 'checking', 'checked')`, b.ID, b.HeaderRow, b.Columns, b.Defaults, b.CheckRun)
}

// advanceCheck notes how far a dry run has come, as long as it is the batch's own.
func advanceCheck(ctx context.Context, tx *db.Tx, b Batch, state BatchState, row int64) error {
	return tx.ExecOne(ctx, `UPDATE petitions_batches SET state = $3, checked = $4 WHERE id = $1 AND check_run = $2 AND state = 'checking'`, b.ID, b.CheckRun, state, row)
}

// lastRow is the number of a workbook's last row.
func lastRow(ctx context.Context, tx *db.Tx, batchID string) (int64, error) {
	return db.One[int64](ctx, tx, `SELECT COALESCE(MAX(number), 0) FROM petitions_batch_rows WHERE batch_id = $1`, batchID)
}

// turnBatch moves a batch on from the state it was read in.
func turnBatch(ctx context.Context, tx *db.Tx, b Batch, from BatchState) error {
	return tx.ExecOne(ctx, `UPDATE petitions_batches SET state = $2, actor = $3, reason = $4, started_at = $5, ended_at = $6, emptied = FALSE WHERE id = $1 AND state = $7`,
		b.ID, b.State, b.Actor, b.Reason, b.StartedAt, b.EndedAt, from)
}

// tableRows is how many rows one statement carries: enough that the statement
// is not the cost, few enough for the parameters of both databases.
const tableRows = 64

// inTables hands rows to a statement of tableRows rows, then one by one what
// is left, so that there are two texts of each statement and no more.
func inTables[T any](rows []T, do func([]T) error) error {
	for part := range slices.Chunk(rows, tableRows) {
		if len(part) == tableRows {
			if err := do(part); err != nil {
				return err
			}
			continue
		}
		for i := range part {
			if err := do(part[i : i+1]); err != nil {
				return err
			}
		}
	}
	return nil
}

// valuesList writes the rows of a VALUES list with columns parameters each, numbered
// from first.
func valuesList(rows, columns, first int) string {
	var b strings.Builder
	for r := range rows {
		if r > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('(')
		for c := range columns {
			if c > 0 {
				b.WriteString(", ")
			}
			b.WriteString("$" + strconv.Itoa(first+r*columns+c))
		}
		b.WriteByte(')')
	}
	return b.String()
}

func insertRows(ctx context.Context, tx *db.Tx, b Batch, rows []sheetRow) error {
	all := make([][]any, len(rows))
	for i, r := range rows {
		all[i] = []any{b.ID, r.Number, b.CouncilID, db.JSON[[]string]{V: r.Cells}, RowRead, "", "{}", "[]", "", ""}
	}
	return tx.InsertAll(ctx, `petitions_batch_rows`, `batch_id, number, council_id, cells, state, mark, content, problems, petition_id, code`, all)
}

// rowsAfter reads rows in their order.
func rowsAfter(ctx context.Context, tx *db.Tx, batchID string, after int64, limit int) ([]Row, error) {
	return db.All[Row](ctx, tx, `SELECT `+rowColumns+` FROM petitions_batch_rows WHERE batch_id = $1 AND number > $2 ORDER BY number LIMIT $3`, batchID, after, limit)
}

func rowsOfState(ctx context.Context, tx *db.Tx, batchID string, state RowState, after int64, limit int) ([]Row, error) {
	return db.All[Row](ctx, tx, `SELECT `+rowColumns+` FROM petitions_batch_rows WHERE batch_id = $1 AND state = $2 AND number > $3 ORDER BY number LIMIT $4`, batchID, state, after, limit)
}

// saveChecked keeps what the dry run found of rows in their order. Values stand
// as text in the list: it has no column types of its own. The first and the last
// number are said because PostgreSQL, which knows nothing yet of a fresh batch,
// otherwise reads the whole of it for each statement.
func saveChecked(ctx context.Context, tx *db.Tx, batchID string, rows []Row) error {
	return inTables(rows, func(part []Row) error {
		args := append(make([]any, 0, 3+7*len(part)), batchID, part[0].Number, part[len(part)-1].Number)
		for _, r := range part {
			say, err := json.Marshal(r.Content.V)
			if err != nil {
				return err
			}
			problems, err := json.Marshal(r.Problems.V)
			if err != nil {
				return err
			}
			args = append(args, strconv.FormatInt(r.Number, 10), string(r.State), r.Mark, string(say), string(problems), r.Code, r.CellsMark)
		}
		_, err := tx.Exec(ctx, `UPDATE petitions_batch_rows SET state = v.column2, mark = v.column3, content = v.column4, problems = v.column5, code = v.column6, cells_mark = v.column7
			FROM (VALUES `+valuesList(len(part), 7, 4)+`) AS v WHERE batch_id = $1 AND number = CAST(v.column1 AS BIGINT) AND number BETWEEN $2 AND $3`, args...)
		return err
	})
}

// saveOutcomes keeps what became of rows, in the same manner.
func saveOutcomes(ctx context.Context, tx *db.Tx, batchID string, done []outcome) error {
	slices.SortFunc(done, func(a, b outcome) int { return cmp.Compare(a.number, b.number) })
	return inTables(done, func(part []outcome) error {
		args := append(make([]any, 0, 3+5*len(part)), batchID, part[0].number, part[len(part)-1].number)
		for _, o := range part {
			problems := []Problem{}
			if o.problem != nil {
				problems = append(problems, *o.problem)
			}
			said, err := json.Marshal(problems)
			if err != nil {
				return err
			}
			args = append(args, strconv.FormatInt(o.number, 10), string(o.state), o.petition, o.code, string(said))
		}
		_, err := tx.Exec(ctx, `UPDATE petitions_batch_rows SET state = v.column2, petition_id = v.column3, code = v.column4, problems = v.column5
			FROM (VALUES `+valuesList(len(part), 5, 4)+`) AS v WHERE batch_id = $1 AND number = CAST(v.column1 AS BIGINT) AND number BETWEEN $2 AND $3`, args...)
		return err
	})
}

// keptAgain gives petitions that stayed at an earlier undoing another look.
func keptAgain(ctx context.Context, tx *db.Tx, batchID string) error {
	_, err := tx.Exec(ctx, `UPDATE petitions_batch_rows SET state = 'taken' WHERE batch_id = $1 AND state = 'kept'`, batchID)
	return err
}

func countRows(ctx context.Context, tx *db.Tx, batchID string) (map[RowState]int64, error) {
	type count struct {
		State RowState `db:"state"`
		N     int64    `db:"n"`
	}
	rows, err := db.All[count](ctx, tx, `SELECT state, COUNT(*) AS n FROM petitions_batch_rows WHERE batch_id = $1 GROUP BY state LIMIT 100`, batchID)
	if err != nil {
		return nil, err
	}
	all := make(map[RowState]int64, len(rows))
	for _, r := range rows {
		all[r.State] = r.N
	}
	return all, nil
}

// marked is a row that became a petition.
type marked struct {
	Mark  string   `db:"mark"`
	State RowState `db:"state"`
	Code  string   `db:"code"`
}

// takenBy looks among a council's rows that became petitions, by the mark in a column.
func takenBy(ctx context.Context, tx *db.Tx, b Batch, column string, marks []string) (map[string]earlierRow, error) {
	rows, err := db.All[marked](ctx, tx, `SELECT `+column+` AS mark, state, code FROM petitions_batch_rows
		WHERE council_id = $1 AND petition_id <> '' AND `+column+` <> '' AND `+column+` `+tx.In("$2")+` LIMIT 100000`, b.CouncilID, db.List(marks))
	return foundBefore(rows), err
}

// takenAt looks among the rows of the same sheet of the same file, in other batches.
func takenAt(ctx context.Context, tx *db.Tx, b Batch, first, last int64) (map[string]earlierRow, error) {
	rows, err := db.All[marked](ctx, tx, `SELECT CAST(r.number AS TEXT) AS mark, r.state, r.code FROM petitions_batches b JOIN petitions_batch_rows r ON r.batch_id = b.id
		WHERE b.council_id = $1 AND b.file_sum = $2 AND b.sheet = $3 AND b.id <> $4 AND r.petition_id <> '' AND r.number BETWEEN $5 AND $6 LIMIT 100000`,
		b.CouncilID, b.FileSum, b.Sheet, b.ID, first, last)
	return foundBefore(rows), err
}

// dropBatch removes a batch that was looked at and not imported.
func dropBatch(ctx context.Context, tx *db.Tx, id string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM petitions_batch_rows WHERE batch_id = $1 AND petition_id = ''`, id); err != nil {
		return err
	}
	return tx.ExecOne(ctx, `DELETE FROM petitions_batches WHERE id = $1 AND `+notBegun, id)
}

// notBegun are the batches of which nothing was taken in.
const notBegun = `state IN ('reading', 'read', 'checking', 'checked')`

func dropAbandoned(ctx context.Context, tx *db.Tx, before db.Time) error {
	const old = `SELECT id FROM petitions_batches WHERE ` + notBegun + ` AND created_at < $1`
	if _, err := tx.Exec(ctx, `DELETE FROM petitions_batch_rows WHERE batch_id IN (`+old+`)`, before); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM petitions_batches WHERE `+notBegun+` AND created_at < $1`, before)
	return err
}

// emptyCells empties the rows of batches that stopped long ago, each batch once.
// What is still to be taken in stays.
func emptyCells(ctx context.Context, tx *db.Tx, before db.Time) error {
	const old = `state IN ('done', 'cancelled', 'undone') AND created_at < $1 AND NOT emptied`
	_, err := tx.Exec(ctx, `UPDATE petitions_batch_rows SET cells = '[]', content = '{}', problems = '[]'
		WHERE state <> 'ready' AND batch_id IN (SELECT id FROM petitions_batches WHERE `+old+`)`, before)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE petitions_batches SET emptied = TRUE WHERE `+old, before)
	return err
}

package db

import (
	"context"
	"database/sql/driver"
	"strconv"
	"strings"
)

// Gather runs fn, in which rows handed to Insert wait for each other and go by
// few statements: a statement is a way to the server and back, which costs more
// than the row. It is for many rows that all go the same way through the tables:
// each table is written when all before it are, in the order in which they were
// first named. Whatever else fn runs or reads finds all rows handed over before.
// A row that the database refuses fails the whole, at the end of fn at the latest.
func (tx *Tx) Gather(ctx context.Context, fn func() error) error {
	if tx.gathered != nil {
		return fn()
	}
	tx.gathered = &gathered{rows: map[insertion][][]any{}}
	defer func() { tx.gathered = nil }()
	if err := fn(); err != nil {
		return err
	}
	return tx.settle(ctx)
}

// Insert writes a row, inside Gather together with others. columns are names
// with commas; the values stand in their order.
func (tx *Tx) Insert(ctx context.Context, table, columns string, values ...any) error {
	return tx.insert(ctx, insertion{table, columns, ""}, values)
}

// InsertAbsent is Insert for a row that may be there already and then stays as it is.
func (tx *Tx) InsertAbsent(ctx context.Context, table, columns string, values ...any) error {
	return tx.insert(ctx, insertion{table, columns, " ON CONFLICT DO NOTHING"}, values)
}

func (tx *Tx) insert(ctx context.Context, into insertion, values []any) error {
	if tx.gathered == nil {
		return tx.write(ctx, into, [][]any{values})
	}
	return tx.gathered.add(into, values)
}

// InsertAll writes many rows.
func (tx *Tx) InsertAll(ctx context.Context, table, columns string, rows [][]any) error {
	return tx.write(ctx, insertion{table, columns, ""}, rows)
}

func (tx *Tx) write(ctx context.Context, into insertion, rows [][]any) error {
	return into.pieces(rows, tx.marks(), func(q string, args []any) error {
		_, err := tx.Exec(ctx, q, args...)
		return err
	})
}

// InsertNew writes the rows that are not there yet by the value of the column
// key, and gives the keys of those.
func (tx *Tx) InsertNew(ctx context.Context, table, columns, key string, rows [][]any) (written []string, err error) {
	into := insertion{table, columns, " ON CONFLICT (" + key + ") DO NOTHING RETURNING " + key}
	err = into.pieces(rows, tx.marks(), func(q string, args []any) error {
		keys, err := All[string](ctx, tx, q, args...)
		written = append(written, keys...)
		return err
	})
	return written, err
}

// insertion says into which columns of which table rows go, and how the statement ends.
type insertion struct{ table, columns, end string }

// pieces makes statements of few sizes, so that there are few texts to prepare,
// and none with more parameters than both databases take.
func (i insertion) pieces(rows [][]any, mark func(int) string, run func(q string, args []any) error) error {
	for len(rows) > 0 {
		n := 1
		for _, size := range []int{64, 32, 8} {
			if size <= len(rows) {
				n = size
				break
			}
		}
		var q strings.Builder
		q.WriteString(`INSERT INTO ` + i.table + ` (` + i.columns + `) VALUES `)
		args := make([]any, 0, n*len(rows[0]))
		for r, row := range rows[:n] {
			for c := range row {
				q.WriteString(before(r, c))
				q.WriteString(mark(len(args) + c + 1))
			}
			q.WriteByte(')')
			args = append(args, row...)
		}
		q.WriteString(i.end)
		if err := run(q.String(), args); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// before is what stands before a parameter in a list of rows.
func before(row, column int) string {
	switch {
	case column > 0:
		return ", "
	case row > 0:
		return ", ("
	}
	return "("
}

// marks gives how parameters are written that follow each other. SQLite looks
// for one with a number among all that were there before it.
func (tx *Tx) marks() func(number int) string {
	if tx.dialect == SQLite {
		return func(int) string { return "?" }
	}
	return func(number int) string { return "$" + strconv.Itoa(number) }
}

// gathered are rows that wait.
type gathered struct {
	order  []insertion
	rows   map[insertion][][]any
	failed error // some were refused: none is forgotten
}

// add keeps a row as it is now: it is written later.
func (g *gathered) add(into insertion, values []any) error {
	row := make([]any, len(values))
	for i, v := range values {
		if valuer, ok := v.(driver.Valuer); ok {
			var err error
			if v, err = valuer.Value(); err != nil {
				return err
			}
		}
		row[i] = v
	}
	if len(g.rows[into]) == 0 {
		g.order = append(g.order, into)
	}
	g.rows[into] = append(g.rows[into], row)
	return g.failed
}

func (g *gathered) failure() error {
	if g == nil {
		return nil
	}
	return g.failed
}

// settle writes the rows that wait.
func (tx *Tx) settle(ctx context.Context) error {
	g := tx.gathered
	if g == nil || g.failed != nil {
		return g.failure()
	}
	order, rows := g.order, g.rows
	g.order, g.rows = nil, map[insertion][][]any{} // the statements below wait for nothing
	for _, into := range order {
		if g.failed = tx.write(ctx, into, rows[into]); g.failed != nil {
			return g.failed
		}
	}
	return nil
}

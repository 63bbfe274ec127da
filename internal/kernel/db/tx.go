package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"example.vn/hdnd/internal/kernel/fault"
)

// Tx is one transaction. It is valid only inside the function it was given to.
type Tx struct {
	q       queryer
	dialect Dialect
	after   []func()
	// gathered are rows on their way in, inside Gather.
	gathered *gathered
	// steady makes statements outlive their caller's context: a statement
	// interrupted half-way would undo the whole batch of the SQLite writer.
	steady bool
	erase  bool // see Erase
}

type queryer interface {
	ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error)
}

// retriesMax bounds how often a clashing write is repeated on PostgreSQL. From
// the calmAfter-th time on it is repeated while no other write of this program
// runs, so that under load everybody comes through; then only another node's
// write can be in its way.
const (
	retriesMax = 12
	calmAfter  = 4
)

// Tx runs fn in a write transaction and commits it. fn may run twice: no input
// or output, no clock, no messages inside; wake-ups go through AfterCommit.
func (d *DB) Tx(ctx context.Context, fn func(tx *Tx) error) error {
	if d.writer != nil {
		return d.writer.do(ctx, fn)
	}
	for try := 1; ; try++ {
		err := d.beside(try, func() error { return d.once(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable}, fn) })
		if err == nil || !clashed(err) || try == retriesMax {
			return classify(err)
		}
		pause := time.Duration(1+rand.IntN(4<<min(try, 6))) * time.Millisecond
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// beside runs a try beside the others, or alone when it has clashed often.
func (d *DB) beside(try int, run func() error) error {
	if try >= calmAfter {
		d.calm.Lock()
		defer d.calm.Unlock()
	} else {
		d.calm.RLock()
		defer d.calm.RUnlock()
	}
	return run()
}

// Read runs fn on a consistent view of the database; writes in it fail.
func (d *DB) Read(ctx context.Context, fn func(tx *Tx) error) error {
	if d.readers != nil {
		return classify(d.readers.do(ctx, fn))
	}
	return classify(d.once(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}, fn))
}

// once runs fn in one transaction on PostgreSQL.
func (d *DB) once(ctx context.Context, opt *sql.TxOptions, fn func(tx *Tx) error) (err error) {
	st, err := d.write.BeginTx(ctx, opt)
	if err != nil {
		return err
	}
	tx := &Tx{q: st, dialect: Postgres}
	done := false
	defer func() {
		if done {
			return
		}
		// A failed rollback changes nothing: the connection is thrown away
		// and the server drops the transaction with it.
		if rerr := st.Rollback(); rerr != nil && !errors.Is(rerr, sql.ErrTxDone) && err == nil {
			err = rerr
		}
	}()
	if err = fn(tx); err != nil {
		return err
	}
	done = true
	if err = st.Commit(); err != nil {
		return err
	}
	tx.committed()
	return nil
}

func (tx *Tx) committed() {
	for _, fn := range tx.after {
		fn()
	}
}

// AfterCommit calls fn once the transaction is durable. It is for wake-ups
// that may be lost in a crash; what must not be lost is a job.
func (tx *Tx) AfterCommit(fn func()) { tx.after = append(tx.after, fn) }

// Dialect names the database.
func (tx *Tx) Dialect() Dialect { return tx.dialect }

func (tx *Tx) ctx(ctx context.Context) context.Context {
	if tx.steady {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

// Exec runs a statement and tells how many rows it changed.
func (tx *Tx) Exec(ctx context.Context, q string, args ...any) (int64, error) {
	if err := tx.settle(ctx); err != nil {
		return 0, err
	}
	if tx.dialect == Postgres {
		q, args = limited(q, args)
	}
	r, err := tx.q.ExecContext(tx.ctx(ctx), q, args...)
	if err != nil {
		return 0, fmt.Errorf("%w\nin: %s", err, q)
	}
	return r.RowsAffected()
}

// ExecOne runs a statement that must change exactly one row: an update guarded
// by id and version. No row means somebody else was faster.
func (tx *Tx) ExecOne(ctx context.Context, q string, args ...any) error {
	n, err := tx.Exec(ctx, q, args...)
	if err != nil {
		return err
	}
	if n != 1 {
		return fault.New(fault.Conflict, "db.stale")
	}
	return nil
}

// query runs a query. Its rows are closed before the next statement.
func (tx *Tx) query(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	if err := tx.settle(ctx); err != nil {
		return nil, err
	}
	if tx.dialect == Postgres {
		q, args = limited(q, args)
	}
	rows, err := tx.q.QueryContext(tx.ctx(ctx), q, args...)
	if err != nil {
		return nil, fmt.Errorf("%w\nin: %s", err, q)
	}
	return rows, nil
}

package db

import (
	"context"
	"database/sql"
	"errors"
)

// preparedMax bounds the statements a connection keeps. The program has fewer;
// what comes beyond is prepared each time.
const preparedMax = 384

// prepared is a connection to SQLite that keeps the statements it has parsed:
// parsing was a tenth of a page and a fifth of an intake. PostgreSQL's driver
// does so by itself. One goroutine at a time uses it, and reads one result to
// its end before it asks the next (All).
type prepared struct {
	conn  *sql.Conn
	ready map[string]*sql.Stmt
}

func newPrepared(conn *sql.Conn) *prepared { return &prepared{conn, map[string]*sql.Stmt{}} }

func (p *prepared) statement(ctx context.Context, q string) (*sql.Stmt, error) {
	if st := p.ready[q]; st != nil || len(p.ready) >= preparedMax {
		return st, nil
	}
	st, err := p.conn.PrepareContext(ctx, q)
	if err == nil {
		p.ready[q] = st
	}
	return st, err
}

// ExecContext implements queryer.
func (p *prepared) ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error) {
	st, err := p.statement(ctx, q)
	switch {
	case err != nil:
		return nil, err
	case st == nil:
		return p.conn.ExecContext(ctx, q, args...)
	}
	return st.ExecContext(ctx, args...)
}

// QueryContext implements queryer.
func (p *prepared) QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	st, err := p.statement(ctx, q)
	switch {
	case err != nil:
		return nil, err
	case st == nil:
		return p.conn.QueryContext(ctx, q, args...)
	}
	return st.QueryContext(ctx, args...)
}

// close gives the connection back. A statement that is left open would keep the
// files, and the lock on them, past the end of the database.
func (p *prepared) close() error {
	var errs []error
	for _, st := range p.ready {
		errs = append(errs, st.Close())
	}
	return errors.Join(append(errs, p.conn.Close())...)
}

// readers are SQLite's reading connections, opened as they are needed.
type readers struct {
	pool *sql.DB
	idle chan *prepared // nil: a place whose connection is not open
}

func newReaders(pool *sql.DB, n int) *readers {
	r := &readers{pool, make(chan *prepared, n)}
	for range n {
		r.idle <- nil
	}
	return r
}

// do runs fn in a transaction that sees one state of the database.
func (r *readers) do(ctx context.Context, fn func(*Tx) error) (err error) {
	var c *prepared
	select {
	case c = <-r.idle:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { r.idle <- c }()
	if c == nil {
		conn, err := r.pool.Conn(ctx)
		if err != nil {
			return err
		}
		c = newPrepared(conn)
	}
	if _, err := c.ExecContext(context.WithoutCancel(ctx), "BEGIN"); err != nil {
		return err
	}
	tx := &Tx{q: c, dialect: SQLite}
	defer func() {
		// The end of a transaction that only read keeps or undoes nothing. A
		// connection on which even this fails is of no more use.
		if _, rerr := c.ExecContext(context.WithoutCancel(ctx), "ROLLBACK"); rerr != nil {
			_ = c.close() // it is given up; a further failure says nothing more
			c = nil
			return
		}
		if err == nil {
			tx.committed()
		}
	}()
	return fn(tx)
}

// close waits for the reads under way and closes the connections.
func (r *readers) close() (err error) {
	for range cap(r.idle) {
		if c := <-r.idle; c != nil {
			err = errors.Join(err, c.close())
		}
	}
	return err
}

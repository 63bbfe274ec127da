package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// pieceRows is how many petitions are laid out before they are written.
const pieceRows = 5_000

// fill adds n petitions to a database that nobody else has open.
func (s *seeder) fill(ctx context.Context, at site, n int) error {
	write := fillSQLite
	if at.name != "sqlite" {
		write = fillPostgres
	}
	r := rand.New(rand.NewPCG(uint64(n), s.serial))
	next := 0
	return write(ctx, at, func() (rows, error) {
		w := rows{}
		for ; next < n && len(w[&casesTable]) < pieceRows; next++ {
			if err := s.write(w, s.petition(r, next, n)); err != nil {
				return nil, err
			}
		}
		return w, nil
	})
}

// fillSQLite writes without the log and without waiting for the disk: a crash
// here costs the measurement, nothing else. Indexes are made after the rows.
func fillSQLite(ctx context.Context, at site, piece func() (rows, error)) (err error) {
	path := strings.TrimPrefix(at.address, "sqlite:")
	pool, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)&_pragma=cache_size(-600000)&_pragma=temp_store(MEMORY)&_pragma=locking_mode(EXCLUSIVE)")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	pool.SetMaxOpenConns(1)
	made, err := indexes(ctx, pool, `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (`+quoted()+`)`)
	if err != nil {
		return err
	}
	// What the migrations told the planner goes with the indexes; it is put back.
	if _, err := pool.ExecContext(ctx, "CREATE TEMP TABLE told AS SELECT tbl, idx, stat FROM sqlite_stat1"); err != nil {
		return err
	}
	if err := made.drop(ctx, pool); err != nil {
		return err
	}
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	w := &liteWriter{tx: tx, ready: map[string]*sql.Stmt{}}
	for {
		some, err := piece()
		if err != nil {
			return errors.Join(err, tx.Rollback())
		}
		if len(some) == 0 {
			break
		}
		for _, t := range tables() {
			if err := w.write(ctx, t, some[t]); err != nil {
				return errors.Join(err, tx.Rollback())
			}
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	if err := made.create(ctx, pool); err != nil {
		return err
	}
	_, err = pool.ExecContext(ctx, "DELETE FROM sqlite_stat1; INSERT INTO sqlite_stat1 (tbl, idx, stat) SELECT tbl, idx, stat FROM told; DROP TABLE told")
	return err
}

// liteWriter writes many rows by one statement, prepared once.
type liteWriter struct {
	tx    *sql.Tx
	ready map[string]*sql.Stmt
}

// liteRows is how many rows one statement takes.
const liteRows = 40

func (w *liteWriter) write(ctx context.Context, t *table, all [][]any) error {
	for len(all) > 0 {
		n := min(liteRows, len(all))
		if n < liteRows {
			n = 1
		}
		args := make([]any, 0, n*len(t.columns))
		for _, row := range all[:n] {
			args = append(args, row...)
		}
		st, err := w.statement(ctx, t, n)
		if err != nil {
			return err
		}
		if _, err := st.ExecContext(ctx, args...); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
		all = all[n:]
	}
	return nil
}

func (w *liteWriter) statement(ctx context.Context, t *table, n int) (*sql.Stmt, error) {
	key := fmt.Sprint(t.name, n)
	if st := w.ready[key]; st != nil {
		return st, nil
	}
	marks := "(" + strings.Repeat("?, ", len(t.columns)-1) + "?)"
	st, err := w.tx.PrepareContext(ctx, "INSERT INTO "+t.name+" ("+strings.Join(t.columns, ", ")+") VALUES "+strings.Repeat(marks+", ", n-1)+marks)
	w.ready[key] = st
	return st, err
}

func fillPostgres(ctx context.Context, at site, piece func() (rows, error)) (err error) {
	pool, err := sql.Open("pgx", at.address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	pool.SetMaxOpenConns(1)
	for _, setting := range []string{"SET synchronous_commit = off", "SET session_replication_role = replica", "SET maintenance_work_mem = '512MB'"} {
		if _, err := pool.ExecContext(ctx, setting); err != nil {
			return err
		}
	}
	made, err := indexes(ctx, pool, `SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename IN (`+quoted()+`)
		AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)`)
	if err != nil {
		return err
	}
	if err := made.drop(ctx, pool); err != nil {
		return err
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	err = conn.Raw(func(driver any) error {
		pg, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("the driver's connection is a %T", driver)
		}
		return copyAll(ctx, pg.Conn(), piece)
	})
	if err := errors.Join(err, conn.Close()); err != nil {
		return err
	}
	if err := made.create(ctx, pool); err != nil {
		return err
	}
	// The server would do so by itself within a minute.
	_, err = pool.ExecContext(ctx, "VACUUM (ANALYZE) "+strings.ReplaceAll(strings.ReplaceAll(quoted(), "'", ""), ",", ", "))
	return err
}

func copyAll(ctx context.Context, pg *pgx.Conn, piece func() (rows, error)) error {
	for {
		some, err := piece()
		if err != nil || len(some) == 0 {
			return err
		}
		for _, t := range tables() {
			if _, err := pg.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromRows(some[t])); err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
		}
	}
}

// quoted lists the tables for a statement.
func quoted() string {
	names := []string{}
	for _, t := range tables() {
		names = append(names, "'"+t.name+"'")
	}
	return strings.Join(names, ",")
}

// made are indexes, each with the statement that makes it.
type made [][2]string

func indexes(ctx context.Context, pool *sql.DB, query string) (all made, err error) {
	found, err := pool.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, found.Close()) }()
	for found.Next() {
		var one [2]string
		if err := found.Scan(&one[0], &one[1]); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, found.Err()
}

func (m made) drop(ctx context.Context, pool *sql.DB) error {
	for _, one := range m {
		if _, err := pool.ExecContext(ctx, "DROP INDEX "+one[0]); err != nil {
			return err
		}
	}
	return nil
}

func (m made) create(ctx context.Context, pool *sql.DB) error {
	for _, one := range m {
		if _, err := pool.ExecContext(ctx, one[1]); err != nil {
			return err
		}
	}
	return nil
}

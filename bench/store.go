package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
)

// serverVariable names the PostgreSQL server; scripts/with-postgres.sh sets it.
const serverVariable = "HDND_TEST_POSTGRES"

// store is a kind of database that is measured.
type store struct {
	name   string
	server string // of PostgreSQL
}

// check refuses a server that does not keep what it acknowledges: its figures
// would be no figures.
func (s store) check(ctx context.Context) (err error) {
	if s.name == "sqlite" {
		return nil
	}
	if s.server == "" {
		return fmt.Errorf("%s is not set; make bench starts a server", serverVariable)
	}
	pool, err := sql.Open("pgx", s.server)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	for _, name := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		var on string
		if err := pool.QueryRowContext(ctx, "SELECT current_setting($1)", name).Scan(&on); err != nil {
			return err
		}
		if on != "on" {
			return fmt.Errorf("the server runs with %s=%s, so nothing on it is durable; unset %s and run make bench, which starts one with HDND_PG_FSYNC=on", name, on, serverVariable)
		}
	}
	return nil
}

// site is one installation of the product: its folder and its database.
type site struct {
	store
	data     string
	database string // what the program is told; empty: SQLite in data
	address  string // for kernel/db
}

// site makes an empty installation.
func (b *bench) site(ctx context.Context, s store, name string) (site, error) {
	at := site{store: s, data: filepath.Join(b.place, s.name+"-"+name)}
	if err := os.MkdirAll(at.data, 0o700); err != nil {
		return at, err
	}
	if s.name == "sqlite" {
		at.address = "sqlite:" + filepath.Join(at.data, "hdnd.db")
		return at, nil
	}
	database := fmt.Sprintf("hdnd_bench_%d_%s", os.Getpid(), name)
	if err := s.admin(ctx, "CREATE DATABASE "+database); err != nil {
		return at, err
	}
	u, err := url.Parse(s.server)
	if err != nil {
		return at, err
	}
	u.Path = "/" + database
	at.database, at.address = u.String(), u.String()
	return at, nil
}

func (s store) admin(ctx context.Context, statement string) (err error) {
	pool, err := sql.Open("pgx", s.server)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	_, err = pool.ExecContext(ctx, statement)
	return err
}

// remove throws the installation away.
func (b *bench) remove(ctx context.Context, at site) error {
	if b.keep {
		return nil
	}
	err := os.RemoveAll(at.data)
	if at.name == "sqlite" {
		return err
	}
	u, perr := url.Parse(at.database)
	if perr != nil {
		return errors.Join(err, perr)
	}
	return errors.Join(err, at.admin(context.WithoutCancel(ctx), "DROP DATABASE "+u.Path[1:]+" WITH (FORCE)"))
}

// megabytes is the size of the database on disk.
func (at site) megabytes() float64 {
	info, err := os.Stat(filepath.Join(at.data, "hdnd.db"))
	if err != nil {
		return 0 // PostgreSQL keeps its files to itself
	}
	return float64(info.Size()) / 1e6
}

package db

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"
)

// Migrations are the forward-only schema steps of one package.
type Migrations struct {
	Name  string // the package; its version is kept in table goose_<Name>
	Files fs.FS  // holds migrations/sqlite and migrations/postgres
}

// Migrate brings the schema up to date, set by set in the order given.
func (d *DB) Migrate(ctx context.Context, sets ...Migrations) error {
	for _, set := range sets {
		if err := d.migrate(ctx, set); err != nil {
			return fmt.Errorf("db: migrate %s: %w", set.Name, err)
		}
	}
	return nil
}

func (d *DB) migrate(ctx context.Context, set Migrations) error {
	dir, err := fs.Sub(set.Files, "migrations/"+string(d.dialect))
	if err != nil {
		return err
	}
	store, err := database.NewStore(d.gooseDialect(), "goose_"+set.Name)
	if err != nil {
		return err
	}
	opts := []goose.ProviderOption{goose.WithStore(store), goose.WithDisableGlobalRegistry(true)}
	pool := d.write
	if d.dialect == SQLite {
		// The writer holds the pool's one connection, so the schema steps
		// get a connection of their own.
		if pool, err = sql.Open("sqlite", d.address); err != nil {
			return err
		}
		defer pool.Close()
	} else {
		// Several nodes may start at once; one migrates, the others wait.
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		opts = append(opts, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider("", pool, dir, opts...)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

func (d *DB) gooseDialect() database.Dialect {
	if d.dialect == Postgres {
		return database.DialectPostgres
	}
	return database.DialectSQLite3
}

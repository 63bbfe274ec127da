// Package db opens the database and runs transactions on it.
//
// One SQL text serves SQLite (the embedded default) and PostgreSQL. On SQLite
// every write goes through one goroutine that commits many callers' work
// together (group commit, synchronous=FULL), while reads run beside it; on
// PostgreSQL writes are serializable and repeated when they clash. Callers see
// neither: they hand over a function that may run twice.
//
// The package owns no tables but goose's version tables. What differs between
// the two databases stays here, in jobs and in search.
package db

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	_ "modernc.org/sqlite"             // driver "sqlite"
)

// Files holds the sentences of this package.
//
//go:embed text
var Files embed.FS

// Dialect names the database at hand.
type Dialect string

// The databases.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// connectionsMax bounds the pool of one process on PostgreSQL; measured best
// near 16 on two cores, and a server's default limit is 100.
const connectionsMax = 16

// DB is an open database.
type DB struct {
	dialect Dialect
	write   *sql.DB
	read    *sql.DB
	writer  *writer      // SQLite only
	readers *readers     // SQLite only
	calm    sync.RWMutex // PostgreSQL only: see beside
	address string       // SQLite only: how schema steps open their own connection
}

// Open opens "sqlite:PATH" (made when missing) or "postgres://…".
func Open(ctx context.Context, address string) (*DB, error) {
	var d *DB
	var err error
	switch {
	case strings.HasPrefix(address, "sqlite:"):
		d, err = openSQLite(strings.TrimPrefix(address, "sqlite:"))
	case strings.HasPrefix(address, "postgres://"), strings.HasPrefix(address, "postgresql://"):
		d, err = openPostgres(address)
	default:
		return nil, fmt.Errorf("db: %q is neither sqlite:PATH nor postgres://…", redact(address))
	}
	if err != nil {
		return nil, fmt.Errorf("db: open %s: %w", redact(address), err)
	}
	if err := d.read.PingContext(ctx); err != nil {
		return nil, fmt.Errorf("db: open %s: %w", redact(address), joinClose(err, d))
	}
	return d, nil
}

// secureDelete overwrites what is deleted, on pages that become free too: what was
// typed before a visit turned out to be a denunciation must not lie there. FAST
// would leave the free pages as they were.
const secureDelete = "ON"

func openSQLite(path string) (*DB, error) {
	q := url.Values{}
	for _, p := range []string{"journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(10000)", "foreign_keys(1)",
		"cache_size(-16000)", "journal_size_limit(67108864)", "temp_store(MEMORY)", "secure_delete(" + secureDelete + ")"} {
		q.Add("_pragma", p)
	}
	address := "file:" + escape(path) + "?" + q.Encode()
	write, err := sql.Open("sqlite", address)
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1)
	w, err := newWriter(write)
	if err != nil {
		return nil, err
	}
	q.Del("_pragma")
	// query_only and not mode=ro: a connection opened read-only on a fresh log
	// keeps a lock that makes every later checkpoint wait out its time.
	for _, p := range []string{"query_only(1)", "busy_timeout(10000)", "cache_size(-16000)", "temp_store(MEMORY)", "mmap_size(268435456)"} {
		q.Add("_pragma", p)
	}
	read, err := sql.Open("sqlite", "file:"+escape(path)+"?"+q.Encode())
	if err != nil {
		return nil, err
	}
	n := max(4, 2*runtime.NumCPU())
	read.SetMaxOpenConns(n + 1) // one more to ask whether the database answers
	return &DB{dialect: SQLite, write: write, read: read, writer: w, readers: newReaders(read, n), address: address}, nil
}

func openPostgres(address string) (*DB, error) {
	pool, err := sql.Open("pgx", address)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(connectionsMax)
	pool.SetMaxIdleConns(connectionsMax)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return &DB{dialect: Postgres, write: pool, read: pool}, nil
}

// escape keeps a path's own ? and # from being read as the query of the address.
func escape(path string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}

// redact hides a password in a database address.
func redact(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Redacted()
	}
	return "(address)"
}

func joinClose(err error, d *DB) error {
	if cerr := d.Close(); cerr != nil {
		return fmt.Errorf("%w (and closing: %v)", err, cerr)
	}
	return err
}

// Dialect names the database.
func (d *DB) Dialect() Dialect { return d.dialect }

// Close waits for writes under way and closes all connections. On SQLite the
// writing connection goes last, so that it folds the log into the file.
func (d *DB) Close() error {
	var err error
	if d.readers != nil {
		err = errors.Join(d.readers.close(), d.read.Close())
	}
	if d.writer != nil {
		d.writer.stop()
	}
	if werr := d.write.Close(); err == nil {
		err = werr
	}
	return err
}

// Ping asks whether the database answers.
func (d *DB) Ping(ctx context.Context) error { return classify(d.read.PingContext(ctx)) }

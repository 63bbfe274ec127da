// Package testkit is what tests stand on: both databases, a clock that can be
// moved, fakes for where the world begins. Only tests import it.
package testkit

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

// PostgresVariable names the environment variable with the address of a
// PostgreSQL server on which tests may create databases.
const PostgresVariable = "HDND_TEST_POSTGRES"

// Clock gives a clock that stands at Monday 16/11/2026, 08:00 in Hanoi.
func Clock(t testing.TB) *clock.Movable {
	t.Helper()
	return clock.At(time.Date(2026, 11, 16, 8, 0, 0, 0, clock.Hanoi))
}

// EachDB runs fn twice, on SQLite and on PostgreSQL, each on a database of its
// own with the given schemas. Without PostgreSQL the test fails: a database
// that is not tested is not supported.
func EachDB(t *testing.T, fn func(t *testing.T, d *db.DB), sets ...db.Migrations) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, OpenSQLite(t, sets...))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, OpenPostgres(t, sets...))
	})
}

// EachDatabase is EachDB for tests that open the database themselves: fn gets
// the address of a migrated one.
func EachDatabase(t *testing.T, fn func(t *testing.T, address string), sets ...db.Migrations) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, SQLiteAddress(t, sets...))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, PostgresAddress(t, sets...))
	})
}

// image is a migrated database that tests copy; made once for each list of schemas.
type image struct {
	once sync.Once
	name string
	err  error
}

var (
	images  sync.Map // dialect + schemas → *image
	counter atomic.Int64
)

func imageOf(dialect db.Dialect, sets []db.Migrations) (*image, string) {
	names := make([]string, len(sets))
	for i, s := range sets {
		names[i] = s.Name
	}
	sum := sha256.Sum256([]byte(strings.Join(names, " ")))
	key := hex.EncodeToString(sum[:6])
	got, _ := images.LoadOrStore(string(dialect)+" "+key, &image{})
	return got.(*image), key
}

// OpenSQLite opens a fresh migrated SQLite file in a temporary folder.
func OpenSQLite(t testing.TB, sets ...db.Migrations) *db.DB {
	t.Helper()
	return open(t, SQLiteAddress(t, sets...))
}

// SQLiteAddress makes a fresh migrated SQLite file and gives its address.
func SQLiteAddress(t testing.TB, sets ...db.Migrations) string {
	t.Helper()
	img, key := imageOf(db.SQLite, sets)
	img.once.Do(func() {
		img.name = filepath.Join(os.TempDir(), fmt.Sprintf("hdnd-image-%d-%s.db", os.Getpid(), key))
		img.err = migrate("sqlite:"+img.name, sets)
	})
	if img.err != nil {
		t.Fatal(img.err)
	}
	b, err := os.ReadFile(img.name)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "hdnd.db")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

// OpenPostgres opens a fresh migrated PostgreSQL database.
func OpenPostgres(t testing.TB, sets ...db.Migrations) *db.DB {
	t.Helper()
	return open(t, PostgresAddress(t, sets...))
}

// PostgresAddress makes a fresh migrated database and gives its address; the
// database is dropped when the test ends.
func PostgresAddress(t testing.TB, sets ...db.Migrations) string {
	t.Helper()
	server := os.Getenv(PostgresVariable)
	if server == "" {
		t.Fatalf("%s is not set: run `make test`, which starts a PostgreSQL server for the tests", PostgresVariable)
	}
	img, key := imageOf(db.Postgres, sets)
	img.once.Do(func() {
		img.name = fmt.Sprintf("hdnd_image_%d_%s", os.Getpid(), key)
		if img.err = admin(server, "CREATE DATABASE "+img.name); img.err == nil {
			img.err = migrate(address(server, img.name), sets)
		}
	})
	if img.err != nil {
		t.Fatal(img.err)
	}
	name := fmt.Sprintf("hdnd_test_%d_%d", os.Getpid(), counter.Add(1))
	if err := admin(server, "CREATE DATABASE "+name+" TEMPLATE "+img.name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := admin(server, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return address(server, name)
}

func address(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + name
	return u.String()
}

// adminMu: PostgreSQL copies a template only while nobody else does.
var adminMu sync.Mutex

func admin(server, statement string) error {
	adminMu.Lock()
	defer adminMu.Unlock()
	pool, err := sql.Open("pgx", server)
	if err != nil {
		return err
	}
	defer pool.Close()
	var last error
	for range 50 {
		if _, last = pool.Exec(statement); last == nil || !strings.Contains(last.Error(), "55006") {
			return last
		}
		time.Sleep(50 * time.Millisecond)
	}
	return last
}

func migrate(at string, sets []db.Migrations) error {
	ctx := context.Background()
	d, err := db.Open(ctx, at)
	if err != nil {
		return err
	}
	if err := d.Migrate(ctx, sets...); err != nil {
		return err
	}
	return d.Close()
}

func open(t testing.TB, at string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

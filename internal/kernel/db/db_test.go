package db_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/testkit"
)

const schema = `-- +goose Up
CREATE TABLE notes (id TEXT PRIMARY KEY, body TEXT NOT NULL, version BIGINT NOT NULL, at BIGINT NOT NULL, day TEXT NOT NULL, flag BOOLEAN NOT NULL, tags TEXT NOT NULL);
`

var notes = db.Migrations{Name: "notes", Files: fstest.MapFS{
	"migrations/sqlite/00001_notes.sql":   {Data: []byte(schema)},
	"migrations/postgres/00001_notes.sql": {Data: []byte(schema)},
}}

type note struct {
	ID      string            `db:"id"`
	Body    string            `db:"body"`
	Version int64             `db:"version"`
	At      db.Time           `db:"at"`
	Day     clock.Date        `db:"day"`
	Flag    bool              `db:"flag"`
	Tags    db.JSON[[]string] `db:"tags"`
}

func insert(ctx context.Context, tx *db.Tx, id, body string) error {
	_, err := tx.Exec(ctx, `INSERT INTO notes (id, body, version, at, day, flag, tags) VALUES ($1, $2, 1, $3, $4, $5, $6)`,
		id, body, db.At(time.Date(2026, 11, 16, 8, 0, 0, 123000, clock.Hanoi)), clock.NewDate(2026, 11, 16), true, db.JSON[[]string]{V: []string{"đất", "đai"}})
	return err
}

func count(t *testing.T, d *db.DB) int64 {
	t.Helper()
	var n int64
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One[int64](t.Context(), tx, `SELECT count(*) FROM notes`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestRoundTrip(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		if err := d.Tx(ctx, func(tx *db.Tx) error { return insert(ctx, tx, "a", "Đường hỏng") }); err != nil {
			t.Fatal(err)
		}
		err := d.Read(ctx, func(tx *db.Tx) error {
			got, err := db.All[note](ctx, tx, `SELECT id, body, version, at, day, flag, tags FROM notes WHERE id `+tx.In("$1"), db.List([]string{"a", "b"}))
			if err != nil {
				return err
			}
			if len(got) != 1 || got[0].Body != "Đường hỏng" || !got[0].Flag || got[0].Day.VN() != "16/11/2026" || got[0].Tags.V[1] != "đai" {
				t.Errorf("got %+v", got)
			}
			if want := time.Date(2026, 11, 16, 8, 0, 0, 123000, clock.Hanoi); !got[0].At.Equal(want) {
				t.Errorf("at = %v, want %v", got[0].At, want)
			}
			_, err = db.One[note](ctx, tx, `SELECT id, body FROM notes WHERE id = $1`, "gone")
			if !fault.Is(err, "db.no_row") {
				t.Errorf("no row: %v", err)
			}
			_, err = db.All[note](ctx, tx, `SELECT id, body, 1 AS other FROM notes`)
			if err == nil || !strings.Contains(err.Error(), "other") {
				t.Errorf("unmapped column: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}, notes)
}

func TestReadOnly(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		err := d.Read(t.Context(), func(tx *db.Tx) error { return insert(t.Context(), tx, "a", "x") })
		if err == nil {
			t.Error("a read transaction wrote")
		}
	}, notes)
}

// TestBatchKeepsOthers proves that one caller's failure or panic undoes only
// that caller's work, though all share one commit.
func TestBatchKeepsOthers(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		refused := errors.New("refused")
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				defer func() {
					if p := recover(); (p != nil) != (i%10 == 7) {
						t.Errorf("%d: panic %v", i, p)
					}
				}()
				err := d.Tx(ctx, func(tx *db.Tx) error {
					if err := insert(ctx, tx, fmt.Sprint(i), "x"); err != nil {
						return err
					}
					switch i % 10 {
					case 3:
						return refused
					case 7:
						panic("planted")
					}
					return nil
				})
				if (i%10 == 3) != errors.Is(err, refused) {
					t.Errorf("%d: %v", i, err)
				}
			}()
		}
		wg.Wait()
		if n := count(t, d); n != 160 {
			t.Errorf("%d rows, want 160", n)
		}
	}, notes)
}

func TestAfterCommit(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx, woken := t.Context(), 0
		run := func(fail error) error {
			return d.Tx(ctx, func(tx *db.Tx) error {
				tx.AfterCommit(func() { woken++ })
				return fail
			})
		}
		if err := run(nil); err != nil || woken != 1 {
			t.Errorf("woken %d, %v", woken, err)
		}
		if err := run(errors.New("no")); err == nil || woken != 1 {
			t.Errorf("after rollback woken %d, %v", woken, err)
		}
	}, notes)
}

func TestOptimisticLock(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		change := func(version int) error {
			return d.Tx(ctx, func(tx *db.Tx) error {
				return tx.ExecOne(ctx, `UPDATE notes SET body = 'y', version = version + 1 WHERE id = $1 AND version = $2`, "a", version)
			})
		}
		if err := d.Tx(ctx, func(tx *db.Tx) error { return insert(ctx, tx, "a", "x") }); err != nil {
			t.Fatal(err)
		}
		if err := change(1); err != nil {
			t.Fatal(err)
		}
		if err := change(1); fault.KindOf(err) != fault.Conflict {
			t.Errorf("second change: %v", err)
		}
	}, notes)
}

func TestUnique(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		add := func() error { return d.Tx(ctx, func(tx *db.Tx) error { return insert(ctx, tx, "a", "x") }) }
		if err := add(); err != nil {
			t.Fatal(err)
		}
		if err := add(); !db.Unique(err) {
			t.Errorf("twice: %v", err)
		}
	}, notes)
}

// TestLostUpdate has many callers add one to a number they have read: with
// serializable transactions no addition is lost.
func TestLostUpdate(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		if err := d.Tx(ctx, func(tx *db.Tx) error { return insert(ctx, tx, "a", "x") }); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 5 {
					err := d.Tx(ctx, func(tx *db.Tx) error {
						v, err := db.One[int64](ctx, tx, `SELECT version FROM notes WHERE id = 'a'`)
						if err != nil {
							return err
						}
						_, err = tx.Exec(ctx, `UPDATE notes SET version = $1 WHERE id = 'a'`, v+1)
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		err := d.Read(ctx, func(tx *db.Tx) error {
			v, err := db.One[int64](ctx, tx, `SELECT version FROM notes WHERE id = 'a'`)
			if v != 41 {
				t.Errorf("version %d, want 41", v)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}, notes)
}

// TestCancelledCaller proves that a caller who goes away in the middle does
// not undo the others of the batch.
func TestCancelledCaller(t *testing.T) {
	d := testkit.OpenSQLite(t, notes)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = d.Tx(ctx, func(tx *db.Tx) error { // its outcome may be either; the others' may not
			cancel()
			return insert(ctx, tx, "gone", "x")
		})
	})
	for i := range 20 {
		wg.Go(func() {
			if err := d.Tx(t.Context(), func(tx *db.Tx) error { return insert(t.Context(), tx, fmt.Sprint(i), "x") }); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := count(t, d); n < 20 {
		t.Errorf("%d rows, want at least 20", n)
	}
}

func TestClosed(t *testing.T) {
	d, err := db.Open(t.Context(), testkit.SQLiteAddress(t, notes))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	err = d.Tx(t.Context(), func(*db.Tx) error { return nil })
	if fault.KindOf(err) != fault.Unavailable {
		t.Errorf("closed: %v", err)
	}
}

func TestNewID(t *testing.T) {
	early, late := db.NewID(time.Unix(1000, 0)), db.NewID(time.Unix(2000, 0))
	if len(early) != 26 || early >= late || db.NewID(time.Unix(1000, 0)) == early {
		t.Errorf("ids %s %s", early, late)
	}
}

func TestOpenRefuses(t *testing.T) {
	if _, err := db.Open(t.Context(), "mysql://user:secret@host/x"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("error = %v", err)
	}
}

// TestClosedIsClosed looks at the files the program holds after Close: a forgotten
// statement would keep the database locked for whoever opens it next.
func TestClosedIsClosed(t *testing.T) {
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "closed.db")
	d, err := db.Open(ctx, "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(
		d.Tx(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, "CREATE TABLE t (a TEXT)"); return err }),
		d.Read(ctx, func(tx *db.Tx) error { _, err := db.All[string](ctx, tx, "SELECT a FROM t"); return err }),
		d.Close())
	if err != nil {
		t.Fatal(err)
	}
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range open {
		if name, err := os.Readlink("/proc/self/fd/" + file.Name()); err == nil && strings.HasPrefix(name, path) {
			t.Errorf("%s is still open", name)
		}
	}
}

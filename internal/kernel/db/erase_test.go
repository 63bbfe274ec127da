package db_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/db"
)

// lies counts what is planted in all files of a database.
func lies(t *testing.T, path string) (n int) {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		n += bytes.Count(b, []byte("Kỳ Quặc Viễn"))
	}
	return n
}

// What is emptied and deleted leaves the files at once when its transaction asks
// for it, from free pages, pages of long contents and the log; and when a reader
// needs the log, as soon as it can.
func TestErase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "erase.db")
	d, err := db.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(d.Migrate(t.Context(), notes))
	ctx := t.Context()
	fill := func() {
		for i := range 300 {
			must(d.Tx(ctx, func(tx *db.Tx) error {
				return insert(ctx, tx, fmt.Sprintf("%03d", i), strings.Repeat("Kỳ Quặc Viễn, ", 1+i*i%700))
			}))
		}
	}
	empty := func(erase bool) {
		must(d.Tx(ctx, func(tx *db.Tx) error {
			if erase {
				tx.Erase()
			}
			for i := range 300 {
				q := `UPDATE notes SET body = '' WHERE id = $1`
				if i%3 > 0 {
					q = `DELETE FROM notes WHERE id = $1`
				}
				if _, err := tx.Exec(ctx, q, fmt.Sprintf("%03d", i)); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	fill()
	empty(false)
	if lies(t, path) == 0 {
		t.Fatal("the log holds nothing before it is cut: the test looks in the wrong place")
	}
	must(d.Tx(ctx, func(tx *db.Tx) error { tx.Erase(); return insert(ctx, tx, "cut", "") }))
	if n := lies(t, path); n > 0 {
		t.Errorf("%d pieces lie in the files after the log was cut", n)
	}
	must(d.Tx(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, `DELETE FROM notes`); return err }))
	fill()
	reading, read := make(chan struct{}), make(chan error)
	go func() {
		read <- d.Read(context.WithoutCancel(ctx), func(tx *db.Tx) error {
			if _, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM notes`); err != nil {
				return err
			}
			close(reading)
			time.Sleep(300 * time.Millisecond)
			return nil
		})
	}()
	<-reading
	empty(true)
	must(<-read)
	for try := 0; lies(t, path) > 0; try++ {
		if try == 50 {
			t.Fatal("the log is not cut after its reader has gone")
		}
		time.Sleep(100 * time.Millisecond)
	}
	must(d.Close())
	if n := lies(t, path); n > 0 {
		t.Errorf("%d pieces lie in the file after closing", n)
	}
}

package search_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/search"
	"example.vn/hdnd/internal/testkit"
)

var sets = []db.Migrations{{Name: "search", Files: search.Files}}

// notes is a small module with something to find.
type notes struct{}

type note struct {
	ID   string `db:"id"`
	Text string `db:"text"`
}

func (notes) Kind() string { return "note" }

func (notes) Load(ctx context.Context, tx *db.Tx, ids []string) ([]search.Doc, error) {
	rows, err := db.All[note](ctx, tx, "SELECT id, text FROM notes WHERE id "+tx.In("$1"), db.List(ids))
	return docs(rows), err
}

func (notes) All(ctx context.Context, tx *db.Tx, after string, n int) ([]search.Doc, error) {
	rows, err := db.All[note](ctx, tx, "SELECT id, text FROM notes WHERE id > $1 ORDER BY id LIMIT $2", after, n)
	return docs(rows), err
}

func docs(rows []note) (out []search.Doc) {
	for _, r := range rows {
		out = append(out, search.Doc{ID: r.ID, Fields: []search.Field{{Name: "text", Text: r.Text}}, Facets: map[string][]string{"public": {"1"}}})
	}
	return out
}

// desk is a node: a database, a folder and an index.
type desk struct {
	t   testing.TB
	d   *db.DB
	c   *clock.Movable
	dir string
	ix  *search.Index
}

func newDesk(t testing.TB, d *db.DB) *desk {
	t.Helper()
	k := &desk{t: t, d: d, c: testkit.Clock(t), dir: filepath.Join(t.TempDir(), "index")}
	k.must(d.Tx(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), "CREATE TABLE notes (id TEXT PRIMARY KEY, text TEXT NOT NULL)")
		return err
	}))
	k.open()
	return k
}

func (k *desk) open() {
	k.t.Helper()
	ix, err := search.Open(k.dir, k.d, k.c)
	k.must(err)
	ix.Serve(notes{})
	k.ix = ix
	k.t.Cleanup(func() { k.must(ix.Close()) })
}

// reopenAt starts another node on a copy of a folder, as after a crash.
func (k *desk) reopenAt(dir string) *desk {
	other := *k
	other.dir = dir
	other.open()
	return &other
}

func (k *desk) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

func (k *desk) put(id, text string) {
	k.t.Helper()
	ctx := context.Background()
	k.must(k.d.Tx(ctx, func(tx *db.Tx) error { return put(ctx, tx, k.ix, id, text) }))
}

func put(ctx context.Context, tx *db.Tx, ix *search.Index, id, text string) error {
	if _, err := tx.Exec(ctx, "DELETE FROM notes WHERE id = $1", id); err != nil {
		return err
	}
	if text != "" {
		if _, err := tx.Exec(ctx, "INSERT INTO notes (id, text) VALUES ($1, $2)", id, text); err != nil {
			return err
		}
	}
	return ix.Changed(ctx, tx, "note", id)
}

func (k *desk) catchUp() {
	k.t.Helper()
	k.must(k.ix.CatchUp(context.Background()))
}

// finds checks which notes a word finds, in order of their ids.
func (k *desk) finds(word string, want ...string) {
	k.t.Helper()
	if got := k.found(word); !slices.Equal(got, want) {
		k.t.Errorf("%q finds %q, want %q", word, got, want)
	}
}

func (k *desk) found(word string) (got []string) {
	k.t.Helper()
	res, err := k.ix.Search(context.Background(), search.Query{Text: word, Filter: search.Filter{All: map[string][]string{"kind": {"note"}}}, Limit: 200})
	k.must(err)
	for _, h := range res.Hits {
		got = append(got, h.ID)
	}
	slices.Sort(got)
	if len(got) != res.Total && res.Total <= 200 {
		k.t.Errorf("%q: %d hits of %d", word, len(got), res.Total)
	}
	return got
}

func eachDesk(t *testing.T, fn func(t *testing.T, k *desk)) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) { fn(t, newDesk(t, d)) }, sets...)
}

func TestSavedChangedRemoved(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		k.catchUp()
		k.put("1", "đường ngập")
		k.put("2", "đèn đường")
		k.catchUp()
		k.finds("duong", "1", "2")
		k.put("1", "cống tắc")
		k.put("2", "")
		k.catchUp()
		k.finds("đường")
		k.finds("cong", "1")
		if k.ix.Docs() != 1 {
			t.Errorf("%d documents", k.ix.Docs())
		}
	})
}

func TestRolledBackIsNotFound(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		k.catchUp()
		refused := errors.New("refused")
		err := k.d.Tx(t.Context(), func(tx *db.Tx) error {
			if err := put(t.Context(), tx, k.ix, "1", "đường"); err != nil {
				return err
			}
			return refused
		})
		if !errors.Is(err, refused) {
			t.Fatal(err)
		}
		k.put("2", "đường")
		k.catchUp()
		k.finds("đường", "2")
		for range 60 { // the unused number is given up, not waited for for ever
			k.catchUp()
		}
		if k.ix.Late() != 0 {
			t.Errorf("%d numbers are still waited for", k.ix.Late())
		}
	})
}

// TestLateCommit: a change whose number is lower but which commits later is
// read all the same, also by a node that restarted in between.
func TestLateCommit(t *testing.T) {
	d := testkit.OpenPostgres(t, sets...)
	k := newDesk(t, d)
	k.catchUp()
	drawn, release, done := make(chan bool), make(chan bool), make(chan error, 1)
	go func() {
		done <- d.Tx(context.Background(), func(tx *db.Tx) error {
			if err := put(context.Background(), tx, k.ix, "slow", "đường chậm"); err != nil {
				return err
			}
			drawn <- true
			<-release
			return nil
		})
	}()
	<-drawn
	k.put("quick", "đường nhanh")
	for range 100 {
		k.catchUp()
	}
	k.finds("đường", "quick")
	k.ix.Save(t)
	again := k.reopenAt(copyDir(t, k.dir))
	again.catchUp()
	again.finds("đường", "quick")
	close(release)
	k.must(<-done)
	k.catchUp()
	k.finds("đường", "quick", "slow")
	again.catchUp()
	again.finds("đường", "quick", "slow")
	if n := k.ix.Late(); n != 0 {
		t.Errorf("%d numbers are still waited for", n)
	}
}

func TestFoundWithinASecond(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		other := k.reopenAt(filepath.Join(t.TempDir(), "other")) // a second node on the same database
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan bool, 2)
		for _, ix := range []*search.Index{k.ix, other.ix} {
			go func() { ix.Run(ctx); ended <- true }()
		}
		defer func() { stop(); <-ended; <-ended }()
		wait(t, func() bool { return k.ix.CaughtUp() && other.ix.CaughtUp() }, 10*time.Second)
		k.put("1", "đường ngập")
		wait(t, func() bool { return len(k.found("ngập")) == 1 && len(other.found("ngập")) == 1 }, time.Second)
		k.put("1", "")
		wait(t, func() bool { return len(k.found("ngập")) == 0 && len(other.found("ngập")) == 0 }, time.Second)
	})
}

func wait(t *testing.T, ok func() bool, most time.Duration) {
	t.Helper()
	const step = 5 * time.Millisecond
	for range most / step {
		if ok() {
			return
		}
		time.Sleep(step)
	}
	t.Fatalf("not within %v", most)
}

func TestRestartReadsOn(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		for i := range 30 {
			k.put(fmt.Sprint(i), "đường")
			k.catchUp()
		}
		k.ix.Save(t)
		k.put("30", "đường")
		k.put("0", "")
		k.must(k.ix.Close())
		k.open()
		if k.ix.WantsRebuild() || k.ix.Docs() != 30 {
			t.Fatalf("after the restart %d documents, rebuild %v", k.ix.Docs(), k.ix.WantsRebuild())
		}
		k.catchUp()
		if got := k.found("đường"); len(got) != 30 || slices.Contains(got, "0") {
			t.Errorf("found %q", got)
		}
	})
}

// TestCrashAtEveryStep copies the folder after each step of writing, as a
// power cut would leave it, and starts a node on each copy.
func TestCrashAtEveryStep(t *testing.T) {
	d := testkit.OpenSQLite(t, sets...)
	k := newDesk(t, d)
	var copies []string
	first := -1 // the first copy that has a manifest
	k.ix.OnStep(func(what string) {
		if what == "renamed manifest" && first < 0 {
			first = len(copies)
		}
		copies = append(copies, copyDir(t, k.dir))
	})
	for i := range 24 {
		k.put(fmt.Sprint(i), "đường số "+strings.Repeat("a", i))
		k.put(fmt.Sprint(i/2), "đường")
		k.catchUp()
		k.ix.Save(t)
		k.ix.Tend(context.Background())
	}
	if len(copies) < 100 {
		t.Fatalf("only %d steps seen", len(copies))
	}
	want := k.found("đường")
	for i := 0; i < len(copies); i += 1 + len(copies)/60 {
		again := k.reopenAt(copies[i])
		if again.ix.WantsRebuild() != (i < first) {
			t.Errorf("copy %d: a crash cost the whole index", i)
		}
		again.catchUp()
		again.finds("đường", want...)
	}
}

func copyDir(t testing.TB, from string) string {
	to := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Error(err)
	}
	return to
}

// TestDamageIsRepaired cuts, empties, flips and removes each file in turn.
func TestDamageIsRepaired(t *testing.T) {
	k := newDesk(t, testkit.OpenSQLite(t, sets...))
	for i := range 40 {
		k.put(fmt.Sprint(i), fmt.Sprintf("đường số %d", i))
		if i%10 == 9 {
			k.catchUp()
			k.ix.Save(t)
		}
	}
	k.put("3", "")
	k.catchUp()
	k.ix.Save(t)
	want := k.found("đường")
	files, err := os.ReadDir(k.dir)
	k.must(err)
	for _, f := range files {
		if f.Name() == "lock" {
			continue
		}
		for what, harm := range map[string]func([]byte) []byte{
			"cut":     func(b []byte) []byte { return b[:len(b)*2/3] },
			"emptied": func([]byte) []byte { return nil },
			"removed": nil,
			"flipped": func(b []byte) []byte { b[len(b)/2] ^= 0x40; return b },
			"grown":   func(b []byte) []byte { return append(b, "rest"...) },
		} {
			dir := copyDir(t, k.dir)
			name := filepath.Join(dir, f.Name())
			if harm == nil {
				k.must(os.Remove(name))
			} else {
				b, err := os.ReadFile(name)
				k.must(err)
				k.must(os.WriteFile(name, harm(b), 0o600))
			}
			again := k.reopenAt(dir)
			again.found("đường") // whatever it finds, it answers
			again.ix.Verify()
			if !again.ix.WantsRebuild() {
				t.Errorf("%s %s was not noticed", f.Name(), what)
			}
			again.catchUp()
			again.finds("đường", want...)
		}
	}
}

// TestFileCutUnderTheMapping: reading a page that is gone faults; the search
// refuses, and the index heals itself.
func TestFileCutUnderTheMapping(t *testing.T) {
	k := newDesk(t, testkit.OpenSQLite(t, sets...))
	for i := range 300 {
		k.put(fmt.Sprintf("%03d", i), strings.Repeat("đường ", 20)+fmt.Sprint(i))
	}
	k.catchUp()
	k.ix.Save(t)
	k.must(k.ix.Close())
	k.open()
	files, err := filepath.Glob(filepath.Join(k.dir, "*.segment"))
	k.must(err)
	for _, f := range files {
		k.must(os.Truncate(f, 4096))
	}
	if _, err := k.ix.Search(t.Context(), search.Query{Text: "đường", Filter: search.Filter{Everything: true}}); err == nil {
		t.Error("a search of a file that is gone succeeded")
	}
	wait(t, func() bool { return k.ix.WantsRebuild() }, time.Second)
	k.catchUp()
	if n := len(k.found("đường")); n != 200 {
		t.Errorf("after healing %d on the page", n)
	}
}

// TestOtherDatabase: an index of another past is not believed.
func TestOtherDatabase(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		for i := range 5 {
			k.put(fmt.Sprint(i), "đường")
		}
		k.catchUp()
		k.ix.Save(t)
		// The database goes back to before notes 3 and 4, as after a restore, and goes on otherwise.
		k.must(k.d.Tx(t.Context(), func(tx *db.Tx) error {
			for _, q := range []string{"DELETE FROM notes WHERE id >= '3'", "DELETE FROM search_changes WHERE seq > 3"} {
				if _, err := tx.Exec(t.Context(), q); err != nil {
					return err
				}
			}
			return nil
		}))
		k.must(k.ix.Close())
		k.open()
		k.finds("đường", "0", "1", "2", "3", "4")
		k.catchUp()
		k.finds("đường", "0", "1", "2")
	})
}

// TestAwayTooLong: a node that missed changes since pruned builds anew.
func TestAwayTooLong(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		k.put("1", "đường")
		k.catchUp()
		k.ix.Save(t)
		away := copyDir(t, k.dir)
		for i := 2; i < 6; i++ {
			k.put(fmt.Sprint(i), "đường")
		}
		k.catchUp()
		k.c.Advance(30 * 24 * time.Hour)
		k.put("6", "đường")
		k.catchUp()
		k.must(k.ix.Prune(t.Context()))
		again := k.reopenAt(away)
		again.catchUp()
		again.finds("đường", "1", "2", "3", "4", "5", "6")
		k.must(k.ix.Close())
		k.open()
		k.catchUp()
		k.finds("đường", "1", "2", "3", "4", "5", "6")
	})
}

// TestErasedTextLeavesTheFiles: a day after a text was changed, no file of the
// index holds the old one.
func TestErasedTextLeavesTheFiles(t *testing.T) {
	k := newDesk(t, testkit.OpenSQLite(t, sets...))
	k.put("1", "số điện thoại 0912345678")
	k.put("2", "đường")
	k.catchUp()
	k.ix.Save(t)
	k.put("1", "đã xoá")
	k.catchUp()
	k.ix.Save(t)
	k.c.Advance(25 * time.Hour)
	for range 3 { // one file at a time
		k.ix.Tend(t.Context())
	}
	files, err := filepath.Glob(filepath.Join(k.dir, "*"))
	k.must(err)
	for _, f := range files {
		b, err := os.ReadFile(f)
		k.must(err)
		if strings.Contains(string(b), "912345678") {
			t.Errorf("%s still holds it", filepath.Base(f))
		}
	}
	k.finds("xoá", "1")
	k.finds("đường", "2")
}

func TestFolderInUse(t *testing.T) {
	k := newDesk(t, testkit.OpenSQLite(t, sets...))
	if ix, err := search.Open(k.dir, k.d, k.c); err == nil {
		k.must(ix.Close())
		t.Error("two indexes have one folder")
	}
}

func TestRebuildWhileInUse(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		for i := range 50 {
			k.put(fmt.Sprint(i), "đường")
		}
		k.catchUp()
		done := make(chan error, 1)
		go func() { done <- k.ix.Rebuild(context.Background()) }()
		for i := 50; i < 80; i++ {
			k.put(fmt.Sprint(i), "đường")
			k.catchUp()
			if n := len(k.found("đường")); n < 50 {
				t.Fatalf("only %d found during the rebuild", n)
			}
		}
		k.must(<-done)
		k.catchUp()
		if n := len(k.found("đường")); n != 80 {
			t.Errorf("%d found after it", n)
		}
	})
}

func TestManySmallBatchesStayFewSegments(t *testing.T) {
	k := newDesk(t, testkit.OpenSQLite(t, sets...))
	for i := range 150 {
		k.put(fmt.Sprint(i), "đường")
		k.catchUp()
		if i%5 == 4 {
			k.ix.Save(t)
			k.ix.Tend(t.Context())
		}
	}
	all, files := k.ix.Segments()
	if all > 20 {
		t.Errorf("%d segments, %d in files", all, files)
	}
	if n := len(k.found("đường")); n != 150 {
		t.Errorf("%d found", n)
	}
	names, err := filepath.Glob(filepath.Join(k.dir, "*.segment"))
	k.must(err)
	if len(names) != files {
		t.Errorf("%d files for %d segments: %q", len(names), files, names)
	}
}

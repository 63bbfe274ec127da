package imports_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/library/imports"
	"example.vn/hdnd/internal/testkit"
)

func plain(name, subject string) file { return file{name, []byte(pageOf(subject))} }

// pagesText is a text of many pages.
func pagesText(n int) []byte {
	all := make([]string, n)
	for i := range all {
		all[i] = pageOf("việc thứ " + strings.Repeat("một ", i%7+1))
	}
	return []byte(strings.Join(all, "\f"))
}

func packed(t testing.TB, files ...file) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range files {
		p, err := z.Create(f.name)
		must(t, err)
		_, err = p.Write(f.content)
		must(t, err)
	}
	must(t, z.Close())
	return out.Bytes()
}

// TestMany brings in good and bad files, and the same again: every file says what
// became of it, no bytes are a document twice.
func TestMany(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		one, two := plain("một.txt", "ngân sách"), plain("hai.txt", "quy hoạch")
		b := w.begin(t, "Lan", one, two, file{"một.txt", one.content}, file{"rỗng.txt", nil}, file{"lạ.bin", []byte{1, 2, 3, 0, 0, 1}},
			file{"mật.txt", []byte("MẬT\n\n" + pageOf("một việc kín"))}, file{"hỏng.pdf", []byte("%PDF-1.4\nkhông phải\n%%EOF\n")})
		w.work(t)
		all := w.states(t, b.ID)
		for name, want := range map[string]imports.ItemState{"một.txt": imports.Taken, "hai.txt": imports.Taken, "một (2).txt": imports.Known, "rỗng.txt": imports.Failed,
			"lạ.bin": imports.Failed, "mật.txt": imports.Failed, "hỏng.pdf": imports.Failed} {
			if all[name].State != want {
				t.Errorf("%s is %s, want %s: %+v", name, all[name].State, want, all[name].Problem.V)
			}
		}
		if all["một (2).txt"].DocumentID != all["một.txt"].DocumentID {
			t.Errorf("the same file is another document: %+v", all["một (2).txt"])
		}
		if i := all["mật.txt"]; !hasProblem(i, "documents.secret_level") || i.Problem.V.Rule == "" || i.Hash != "" {
			t.Errorf("a secret paper: %+v", i)
		}
		if v := w.look(t, b.ID, ""); v.Batch.State != imports.Done || v.Dealt() != v.Total() {
			t.Errorf("the batch is %s, %d of %d", v.Batch.State, v.Dealt(), v.Total())
		}
		again := w.begin(t, "Hùng", one, two)
		w.work(t)
		for name, i := range w.states(t, again.ID) {
			if i.State != imports.Known || i.DocumentID != all[name].DocumentID {
				t.Errorf("%s a second time: %+v", name, i)
			}
		}
		if n := w.count(t, `SELECT COUNT(*) FROM shelf`); n != 2 {
			t.Errorf("%d documents, want 2", n)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM library_item_pages`); n != 0 {
			t.Errorf("%d pages are left behind", n)
		}
		// The council of a ward has its own copy.
		ward := w.begin(t, "Tâm", one)
		w.work(t)
		v, err := w.Look(ctx, w.as("Tâm"), ward.ID, "", 0)
		must(t, err)
		if v.Items[0].State != imports.Taken {
			t.Errorf("the ward's: %+v", v.Items[0])
		}
	})
}

// TestFolderOfFiles unpacks a ZIP into items of its own.
func TestFolderOfFiles(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		inner := packed(t, plain("trong.txt", "bên trong"))
		b := w.begin(t, "Lan", file{"kỳ họp.zip", packed(t, plain("2025/nq 1.txt", "một"), plain("2025/nq 2.txt", "hai"), plain("../../etc/passwd", "ba"), file{"trong.zip", inner}, file{"Thumbs.db", []byte("x")})})
		w.work(t)
		all := w.states(t, b.ID)
		for name, want := range map[string]imports.ItemState{"kỳ họp.zip": imports.Unpacked, "kỳ họp.zip/2025/nq 1.txt": imports.Taken, "kỳ họp.zip/2025/nq 2.txt": imports.Taken,
			"kỳ họp.zip/../../etc/passwd": imports.Failed, "kỳ họp.zip/trong.zip": imports.Failed} {
			if all[name].State != want {
				t.Errorf("%s is %q, want %s: %+v", name, all[name].State, want, all[name].Problem.V)
			}
		}
		if len(all) != 5 {
			t.Errorf("%d items: %v", len(all), all)
		}
		if !hasProblem(all["kỳ họp.zip/trong.zip"], "extract.nested") {
			t.Errorf("nested: %+v", all["kỳ họp.zip/trong.zip"])
		}
	})
}

// TestGoesOn pauses in the middle of a long file, kills the program in the middle
// twice, and finds every page read once and one document.
func TestGoesOn(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		const pages = 60
		b := w.begin(t, "Lan", file{"dài.txt", pagesText(pages)}, plain("sau.txt", "việc sau"))
		w.onPage = func(name string, page int) error {
			if page == 20 {
				return w.Pause(ctx, w.as("Lan"), b.ID)
			}
			return nil
		}
		w.work(t)
		v := w.look(t, b.ID, imports.BeingRead)
		if v.Batch.State != imports.Paused || len(v.Items) != 1 || v.Items[0].PagesDone < 20 || v.Items[0].PagesDone >= pages {
			t.Fatalf("paused: %s %+v", v.Batch.State, v.Items)
		}
		kept := v.Items[0].PagesDone
		must(t, w.Resume(ctx, w.as("Lan"), b.ID))
		must(t, w.Resume(ctx, w.as("Lan"), b.ID)) // a second press
		// The loss of the database stands in for that of the program.
		w.onPage = func(name string, page int) error {
			if page == 45 {
				return errGone
			}
			return nil
		}
		w.work(t)
		if v = w.look(t, b.ID, imports.BeingRead); len(v.Items) != 1 || v.Items[0].PagesDone <= kept {
			t.Fatalf("killed: %+v", v.Items)
		}
		w.onPage = nil
		w.restart()
		w.later(t, 2*time.Hour)
		all := w.states(t, b.ID)
		if all["dài.txt"].State != imports.Taken || all["sau.txt"].State != imports.Taken {
			t.Fatalf("in the end: %+v", all)
		}
		if n := w.count(t, `SELECT pages FROM shelf WHERE id = $1`, all["dài.txt"].DocumentID); n != pages {
			t.Errorf("the document has %d pages", n)
		}
		if n := w.read["dài.txt"]; n > pages+2*8+2 {
			t.Errorf("%d pages were read for a file of %d", n, pages)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM shelf`); n != 2 {
			t.Errorf("%d documents", n)
		}
	})
}

// TestTwoWorkers has two programs work on one batch at once, as when a lease is lost
// to another while its holder still lives.
func TestTwoWorkers(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		var files []file
		for i := range 12 {
			files = append(files, plain(strings.Repeat("a", i+1)+".txt", strings.Repeat("việc ", i+1)))
		}
		b := w.begin(t, "Lan", files...)
		handle := w.Jobs()[0].Handle
		var all sync.WaitGroup
		for n := range 2 {
			all.Go(func() {
				if err := handle(ctx, jobs.Work{ID: fmt.Sprint("w", n), JSON: `{"batch":"` + b.ID + `"}`, Attempt: 1, AttemptsMax: 12}); err != nil && fault.KindOf(err) == fault.Internal {
					t.Error(err)
				}
			})
		}
		all.Wait()
		w.later(t, time.Hour)
		if v := w.look(t, b.ID, ""); v.Counts[imports.Taken] != 12 {
			t.Errorf("counts: %v", v.Counts)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM shelf`); n != 12 {
			t.Errorf("%d documents of 12 files", n)
		}
	})
}

// TestRetry reads again what failed, after the reason is gone; a reader that breaks
// down does not stop the others.
func TestRetry(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.onPage = func(name string, _ int) error {
			if name == "vỡ.txt" {
				panic("reader")
			}
			return nil
		}
		b := w.begin(t, "Lan", plain("vỡ.txt", "vỡ"), plain("tốt.txt", "tốt"))
		w.work(t)
		all := w.states(t, b.ID)
		if !hasProblem(all["vỡ.txt"], "imports.reader_broke") || all["tốt.txt"].State != imports.Taken {
			t.Fatalf("after the first reading: %+v", all)
		}
		w.onPage = nil
		w.accept = fault.New(fault.Refused, "library.no")
		must(t, w.Retry(ctx, w.as("Lan"), b.ID, ""))
		w.work(t)
		if i := w.states(t, b.ID)["vỡ.txt"]; !hasProblem(i, "library.no") {
			t.Errorf("refused by the library: %+v", i)
		}
		w.accept = nil
		must(t, w.Retry(ctx, w.as("Lan"), b.ID, all["vỡ.txt"].ID))
		w.work(t)
		if i := w.states(t, b.ID)["vỡ.txt"]; i.State != imports.Taken || i.Problem.V.Key != "" {
			t.Errorf("read again: %+v", i)
		}
		testkit.Refused(t, w.Retry(ctx, w.as("Lan"), b.ID, ""), "imports.nothing_again")
	})
}

// TestCancel lets go of what waits, bytes and all, and keeps what is a document.
func TestCancel(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		b := w.begin(t, "Lan", plain("một.txt", "một"), plain("hai.txt", "hai"), plain("ba.txt", "ba"))
		w.onPage = func(name string, _ int) error {
			if name == "hai.txt" {
				return w.Cancel(ctx, w.as("Hùng"), b.ID)
			}
			return nil
		}
		w.work(t)
		all := w.states(t, b.ID)
		if all["một.txt"].State != imports.Taken || all["hai.txt"].State != imports.Dropped || all["ba.txt"].State != imports.Dropped {
			t.Errorf("cancelled: %+v", all)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM documents_papers WHERE subject_kind = 'library_item'`); n != 0 {
			t.Errorf("%d papers of let-go files are left", n)
		}
		testkit.Refused(t, w.Resume(ctx, w.as("Lan"), b.ID), "imports.wrong_state")
		testkit.Refused(t, w.Retry(ctx, w.as("Lan"), b.ID, ""), "imports.wrong_state")
	})
}

// TestOnce sends one form twice, also at the same time.
func TestOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		u := imports.Upload{Once: "dấu", Files: uploads([]file{plain("một.txt", "một")})}
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				if _, err := w.Begin(text.With(ctx, w.words, text.Vi), w.as("Lan"), u); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := w.count(t, `SELECT COUNT(*) FROM library_batches`); n != 1 {
			t.Errorf("%d batches of one form", n)
		}
	})
}

// TestWatched takes in what lies in the folder and is quiet, and moves it away.
func TestWatched(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		put := func(name string, age time.Duration) {
			path := filepath.Join(w.folder, name)
			must(t, os.MkdirAll(filepath.Dir(path), 0o700))
			must(t, os.WriteFile(path, []byte(pageOf(name)), 0o600))
			must(t, os.Chtimes(path, time.Time{}, w.clock.Now().Add(-age)))
		}
		put("2025/a.txt", time.Hour)
		put("b.txt", time.Hour)
		put("mới.txt", time.Second)
		put(".ẩn.txt", time.Hour)
		must(t, os.Symlink("/etc/hostname", filepath.Join(w.folder, "link.txt")))
		n, err := w.Watch(text.With(ctx, w.words, text.Vi), w.Folders[0])
		must(t, err)
		if n != 2 {
			t.Errorf("%d files were taken", n)
		}
		w.work(t)
		if n := w.count(t, `SELECT COUNT(*) FROM shelf`); n != 2 {
			t.Errorf("%d documents", n)
		}
		if _, err := os.Stat(filepath.Join(w.folder, "b.txt")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("it still lies there: %v", err)
		}
		if n, err := w.Watch(text.With(ctx, w.words, text.Vi), w.Folders[0]); err != nil || n != 0 {
			t.Errorf("a second look: %d %v", n, err)
		}
	})
}

// TestRights: another council's batch is not there, and others than the office may
// not import.
func TestRights(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		b := w.begin(t, "Lan", plain("một.txt", "một"))
		for _, act := range []func(context.Context, string) error{
			func(c context.Context, id string) error { return w.Pause(c, w.as("Tâm"), id) },
			func(c context.Context, id string) error { return w.Cancel(c, w.as("Tâm"), id) },
			func(c context.Context, id string) error { return w.Retry(c, w.as("Tâm"), id, "") },
			func(c context.Context, id string) error { _, err := w.Look(c, w.as("Tâm"), id, "", 0); return err },
		} {
			testkit.Refused(t, act(ctx, b.ID), "imports.no_batch")
		}
		_, err := w.Begin(ctx, w.as("Minh"), imports.Upload{Files: uploads([]file{plain("x.txt", "x")})})
		testkit.Refused(t, err, "imports.not_yours")
		if n := w.count(t, `SELECT COUNT(*) FROM audit_entries WHERE verb = 'library.begin_import'`); n != 1 {
			t.Errorf("%d entries in the log", n)
		}
		must(t, w.Pause(ctx, w.as("Lan"), b.ID))
		must(t, w.Pause(ctx, w.as("Lan"), b.ID))
		if n := w.count(t, `SELECT COUNT(*) FROM audit_entries WHERE verb = 'library.pause_import'`); n != 1 {
			t.Errorf("%d entries for one pause pressed twice", n)
		}

	})
}

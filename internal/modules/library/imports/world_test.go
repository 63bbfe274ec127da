package imports_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/modules/library/extract"
	"example.vn/hdnd/internal/modules/library/imports"
	"example.vn/hdnd/internal/testkit"
)

var ctx = context.Background()

// shelf stands in for the library: documents by their bytes.
var shelf = db.Migrations{Name: "shelf", Files: shelfFiles(`CREATE TABLE shelf (id TEXT PRIMARY KEY, council_id TEXT NOT NULL, hash TEXT NOT NULL, words TEXT NOT NULL, pages BIGINT NOT NULL);`)}

func shelfFiles(sql string) fstest.MapFS {
	file := &fstest.MapFile{Data: []byte("-- +goose Up\n" + sql + "\n")}
	return fstest.MapFS{"migrations/sqlite/00001_shelf.sql": file, "migrations/postgres/00001_shelf.sql": file}
}

type world struct {
	*imports.Desk
	db     *db.DB
	clock  *clock.Movable
	queue  *jobs.Queue
	words  *text.Catalogue
	folder string
	papers *documents.Registry

	mu     sync.Mutex
	read   map[string]int // how often pages of each file were read
	onPage func(name string, page int) error
	accept error
}

func (w *world) as(name string) org.Actor {
	a := org.Actor{PersonID: name, Name: name, PostID: "post-" + name, BodyID: "vp", BodyKind: org.Office, CouncilID: "hn", Level: org.City, Roles: []org.Role{org.Clerk}}
	switch name {
	case "Hùng":
		a.Roles = []org.Role{org.Head}
	case "Tâm":
		a.CouncilID, a.BodyID, a.Level = "bd", "bd-vp", org.Commune
	case "Minh":
		a.Roles = []org.Role{org.Deputy}
	case "":
		return org.Actor{}
	}
	return a
}

func eachWorld(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) { fn(t, newWorld(t, d)) }, org.Migrations, audit.Migrations, jobs.Migrations, db.Migrations{Name: "documents", Files: documents.Files}, imports.Migrations, shelf)
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	w := &world{db: d, clock: testkit.Clock(t), read: map[string]int{}, folder: t.TempDir()}
	key, err := audit.NewKey("test.hdnd.vn/log")
	must(t, err)
	w.words, err = text.Load(imports.Files, extract.Files, web.Files, org.Files, db.Files, documents.Files)
	must(t, err)
	blobs, err := documents.OpenFolder(t.TempDir(), w.clock.Now())
	must(t, err)
	w.papers = documents.New(documents.Deps{DB: d, Blobs: blobs, Clock: w.clock, Tools: documents.FindTools(), Scratch: t.TempDir()})
	w.restart()
	must(t, d.Tx(ctx, func(tx *db.Tx) error {
		return errors.Join(org.AddCouncil(ctx, tx, org.Council{ID: "hn", Code: "HN", Name: "HĐND thành phố Hà Nội", Level: org.City}),
			org.AddCouncil(ctx, tx, org.Council{ID: "bd", Code: "BD", Name: "HĐND phường Ba Đình", Level: org.Commune, ParentID: "hn"}))
	}))
	w.Audit = audit.New(d, w.clock, key)
	return w
}

// restart is what a new start of the program does: a new queue, a new desk, the old
// database.
func (w *world) restart() {
	var log *audit.Log
	if w.Desk != nil {
		log = w.Audit
	}
	w.queue = jobs.New(w.db, w.clock)
	w.queue.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	r := extract.New(extract.Deps{Tools: w.papers.Tools, Scratch: w.papers.Scratch})
	w.Desk = imports.New(imports.Deps{DB: w.db, Clock: w.clock, Audit: log, Queue: w.queue, Documents: w.papers, Folders: []imports.Folder{{Path: w.folder, CouncilID: "hn", BodyID: "vp"}},
		Kind: func(path, name string) (string, string, error) {
			k, err := extract.KindOf(path, name)
			return string(k), k.Media(), err
		},
		Read: func(ctx context.Context, path, name string, from int, each func(imports.Page) error, counted func(int) error) (imports.Reading, error) {
			res, err := r.Read(ctx, path, name, extract.Request{From: from, Each: func(p extract.Page) error {
				w.mu.Lock()
				w.read[name]++
				on := w.onPage
				w.mu.Unlock()
				if on != nil {
					if err := on(name, p.Number); err != nil {
						return err
					}
				}
				return each(imports.Page{Number: p.Number, Text: p.Text, How: string(p.How), Confidence: p.Confidence})
			}, Counted: counted})
			return imports.Reading{PageCount: res.PageCount, Notes: notes(res.Warnings)}, err
		},
		Unpack: unpack, Accept: w.take, Known: w.known, Address: func(id string) string { return "/library/" + id }, Accepted: extract.Accepted()})
	for _, j := range w.Jobs() {
		w.queue.Handle(j.Kind, j.Handle)
	}
}

func notes(all []extract.Warning) (out []imports.Note) {
	for _, n := range all {
		out = append(out, imports.Note{Key: n.Key, Args: n.Args, Page: n.Page})
	}
	return out
}

func unpack(_ context.Context, path, name string, each func(imports.Member) error) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	all, err := extract.Members(f, info.Size(), name, extract.FolderLimits{})
	if err != nil {
		return err
	}
	for _, m := range all {
		if err := each(imports.Member{Name: m.Name, Size: m.Size, Wrong: m.Wrong, Open: m.Open}); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) take(ctx context.Context, tx *db.Tx, who org.Actor, i imports.Item, content imports.Text) (string, error) {
	if w.accept != nil {
		return "", w.accept
	}
	var words []string
	for _, p := range content.Pages {
		words = append(words, p.Text)
	}
	id := "doc-" + i.ID
	if _, err := w.papers.Attach(ctx, tx, i.Draft(), documents.For{CouncilID: i.CouncilID, BodyID: who.BodyID, Subject: documents.Subject{Kind: "document", ID: id}, Kind: "source", By: who.PersonID, At: w.clock.Now()}); err != nil {
		return "", err
	}
	_, err := tx.Exec(ctx, `INSERT INTO shelf (id, council_id, hash, words, pages) VALUES ($1, $2, $3, $4, $5)`, id, i.CouncilID, i.Hash, strings.Join(words, "\f"), len(content.Pages))
	return id, err
}

func (w *world) known(ctx context.Context, tx *db.Tx, councilID, sha string) (string, bool, error) {
	ids, err := db.All[string](ctx, tx, `SELECT id FROM shelf WHERE council_id = $1 AND hash = $2 LIMIT 1`, councilID, sha)
	if err != nil || len(ids) == 0 {
		return "", false, err
	}
	return ids[0], true, nil
}

type file struct {
	name    string
	content []byte
}

func (w *world) begin(t testing.TB, who string, files ...file) imports.Batch {
	t.Helper()
	b, err := w.Begin(text.With(ctx, w.words, text.Vi), w.as(who), imports.Upload{Files: uploads(files)})
	must(t, err)
	return b
}

func uploads(files []file) (all []documents.Upload) {
	for _, f := range files {
		all = append(all, documents.Upload{Name: f.name, Size: int64(len(f.content)), Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(f.content)), nil }})
	}
	return all
}

// work lets the jobs run that are due.
func (w *world) work(t testing.TB) {
	t.Helper()
	if _, err := w.queue.Drain(text.With(ctx, w.words, text.Vi)); err != nil {
		t.Logf("jobs: %v", err)
	}
}

// later lets time pass, so that a failed job is due again, and works.
func (w *world) later(t testing.TB, by time.Duration) {
	t.Helper()
	w.clock.Advance(by)
	w.work(t)
}

func (w *world) look(t testing.TB, id string, state imports.ItemState) imports.View {
	t.Helper()
	v, err := w.Look(ctx, w.as("Lan"), id, state, 0)
	must(t, err)
	return v
}

// states are the files of a batch by name.
func (w *world) states(t testing.TB, id string) map[string]imports.Item {
	t.Helper()
	all := map[string]imports.Item{}
	for _, i := range w.look(t, id, "").Items {
		all[i.Name] = i
	}
	return all
}

func (w *world) count(t testing.TB, query string, args ...any) (n int64) {
	t.Helper()
	must(t, w.db.Read(ctx, func(tx *db.Tx) (err error) {
		n, err = db.One[int64](ctx, tx, query, args...)
		return err
	}))
	return n
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) house(t testing.TB) *testkit.Pages {
	t.Helper()
	return testkit.Serve(t, web.Options{Catalogue: w.words, Clock: w.clock, Routes: w.Routes(), Menu: w.Menu()}, w.as)
}

// pageOf is a resolution's page in our own words, long enough to be judged.
func pageOf(subject string) string {
	return "NGHỊ QUYẾT\nVề " + subject + "\n\nĐiều 1. Thông qua nội dung tờ trình của Ủy ban nhân dân về " + subject +
		".\n1. Việc thực hiện phải đúng quy định, công khai và tiết kiệm.\n2. Các cơ quan có trách nhiệm báo cáo kết quả trước ngày cuối cùng của quý.\n\nĐiều 2. Nghị quyết này có hiệu lực từ ngày được thông qua.\n"
}

func hasProblem(i imports.Item, key string) bool { return i.Problem.V.Key == key }

var errGone = fault.New(fault.Unavailable, "db.away")

package library_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/search"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/modules/library"
	"example.vn/hdnd/internal/modules/library/imports"
	"example.vn/hdnd/internal/testkit"
)

var ctx = context.Background()

// world is a city's library and a ward's.
type world struct {
	*library.Service
	db    *db.DB
	clock *clock.Movable
	queue *jobs.Queue
	words *text.Catalogue
	index *search.Index
	log   *audit.Log
	page  *testkit.Pages
}

func as(name string) org.Actor {
	a := org.Actor{PersonID: name, Name: name, PostID: "post-" + name, BodyID: "vp", BodyKind: org.Office, CouncilID: "hn", Level: org.City}
	switch name {
	case "":
		return org.Actor{}
	case "Lan":
		a.Roles = []org.Role{org.Clerk}
	case "Hùng":
		a.Roles = []org.Role{org.Head}
	case "Minh":
		a.Roles, a.BodyID = []org.Role{org.Deputy}, "to-1"
	case "Ngân": // a clerk of a committee
		a.Roles, a.BodyID = []org.Role{org.Clerk}, "bpc"
	case "Tâm":
		a.Roles, a.CouncilID, a.BodyID, a.Level = []org.Role{org.Clerk, org.Head}, "bd", "bd-vp", org.Commune
	}
	return a
}

func eachWorld(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	sets := append([]db.Migrations{org.Migrations, audit.Migrations, jobs.Migrations, {Name: "documents", Files: documents.Files}, {Name: "search", Files: search.Files}, {Name: "library", Files: library.Files}}, library.Parts()...)
	testkit.EachDB(t, func(t *testing.T, d *db.DB) { fn(t, newWorld(t, d)) }, sets...)
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	w := &world{db: d, clock: testkit.Clock(t)}
	key, err := audit.NewKey("test.hdnd.vn/log")
	must(t, err)
	w.log = audit.New(d, w.clock, key)
	files := append(library.Sentences(), library.Files, web.Files, org.Files, db.Files, documents.Files, search.Files, jobs.Files)
	for _, p := range library.Parts() {
		files = append(files, p.Files)
	}
	w.words, err = text.Load(files...)
	must(t, err)
	blobs, err := documents.OpenFolder(t.TempDir(), w.clock.Now())
	must(t, err)
	papers := documents.New(documents.Deps{DB: d, Blobs: blobs, Clock: w.clock, Tools: documents.FindTools(), Scratch: t.TempDir()})
	w.index, err = search.Open(t.TempDir(), d, w.clock)
	must(t, err)
	t.Cleanup(func() { must(t, w.index.Close()) })
	w.queue = jobs.New(d, w.clock)
	w.queue.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	w.Service, err = library.New(library.Deps{DB: d, Clock: w.clock, Audit: w.log, Jobs: w.queue, Documents: papers, Search: w.index, Text: w.words, Address: "https://hdnd.example.vn"})
	must(t, err)
	m := w.Module()
	w.index.Serve(m.Search...)
	must(t, w.index.Rebuild(ctx))
	for _, j := range m.Jobs {
		w.queue.Handle(j.Kind, j.Handle)
	}
	w.page = testkit.Serve(t, web.Options{Catalogue: w.words, Clock: w.clock, Routes: m.Routes}, as)
	must(t, d.Tx(ctx, func(tx *db.Tx) error {
		return errors.Join(org.AddCouncil(ctx, tx, org.Council{ID: "hn", Code: "HN", Name: "HĐND thành phố Hà Nội", Level: org.City}),
			org.AddCouncil(ctx, tx, org.Council{ID: "bd", Code: "BD", Name: "HĐND phường Ba Đình", Level: org.Commune, ParentID: "hn"}))
	}))
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// resolution is a paper in the layout of NĐ 30/2020, written for the tests.
func resolution(symbol, subject, articles string) string {
	return "HỘI ĐỒNG NHÂN DÂN          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nTHÀNH PHỐ HÀ NỘI               Độc lập - Tự do - Hạnh phúc\n\nSố: " + symbol +
		"                Hà Nội, ngày 10 tháng 7 năm 2026\n\nNGHỊ QUYẾT\n" + subject + "\n\nHỘI ĐỒNG NHÂN DÂN THÀNH PHỐ HÀ NỘI\n\nCăn cứ Luật Tổ chức chính quyền địa phương số 72/2025/QH15;\n\nQUYẾT NGHỊ:\n\n" + articles +
		"\nNơi nhận:\n- Lưu: VT.\n                    CHỦ TỊCH\n\n\n                    Nguyễn Văn Mẫu\n"
}

const marketArticles = `Điều 1. Phạm vi điều chỉnh
Nghị quyết này quy định mức thu phí sử dụng điểm bán hàng tại chợ dân sinh.
Điều 2. Mức thu
1. Quầy, sạp có mái che: 8.000 đồng một ngày.
2. Chỗ ngồi bán ngoài trời: 4.000 đồng một ngày.
Điều 3. Hiệu lực thi hành
Nghị quyết này có hiệu lực thi hành kể từ ngày 01 tháng 8 năm 2026.
`

// take brings a file in and has it read, and gives the document's id.
func (w *world) take(t testing.TB, person, name, content string) string {
	t.Helper()
	b, err := w.Imports().Begin(ctx, as(person), imports.Upload{Files: []documents.Upload{{Name: name, Size: int64(len(content)), Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }}}})
	must(t, err)
	w.settle(t)
	for _, state := range []imports.ItemState{imports.Taken, imports.Known} {
		v, err := w.Imports().Look(ctx, as(person), b.ID, state, 0)
		must(t, err)
		if len(v.Items) == 1 {
			return v.Items[0].DocumentID
		}
	}
	v, err := w.Imports().Look(ctx, as(person), b.ID, imports.Failed, 0)
	must(t, err)
	t.Fatalf("%s was not taken: %+v", name, v.Items)
	return ""
}

// whole opens a document as its keeper sees it.
func (w *world) whole(t testing.TB, person, id string) library.Whole {
	t.Helper()
	v, err := w.Whole(ctx, as(person), id)
	must(t, err)
	return v
}

// fields are those of a document as they stand.
func fields(v library.Whole) library.Fields {
	return library.Fields{Kind: v.Kind, Symbol: v.Symbol, Subject: v.Subject, Issuer: v.Issuer, Unit: v.Unit, Field: v.Field, Term: v.Term, Session: v.Session, Place: v.Place, Signer: v.Signer, SignerTitle: v.SignerTitle,
		IssuedOn: v.IssuedOn, EffectiveOn: v.EffectiveOn, ExpiresOn: v.ExpiresOn, Normative: v.Normative, Access: v.Access, Revision: v.Revision}
}

// publish checks a document with an access and publishes it, by the people of
// its council.
func (w *world) publish(t testing.TB, id string, access library.Access) library.Whole {
	t.Helper()
	clerk, head := "Lan", "Hùng"
	if _, err := w.Whole(ctx, as(clerk), id); err != nil {
		clerk, head = "Tâm", "Tâm"
	}
	f := fields(w.whole(t, clerk, id))
	f.Access = access
	must(t, w.Check(ctx, as(clerk), id, f))
	must(t, w.Publish(ctx, as(head), id, w.whole(t, head, id).Revision))
	w.settle(t)
	return w.whole(t, head, id)
}

// settle runs the jobs that are due and lets the index follow.
func (w *world) settle(t testing.TB) {
	t.Helper()
	for range 20 {
		n, err := w.queue.Drain(ctx)
		must(t, err)
		if n == 0 {
			break
		}
	}
	must(t, w.index.CatchUp(ctx))
}

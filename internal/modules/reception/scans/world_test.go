package scans_test

import (
	"bytes"
	"context"
	"io/fs"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"sync"
	"testing"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/vault"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/modules/reception/scans"
	"example.vn/hdnd/internal/modules/reception/sealed"
	"example.vn/hdnd/internal/testkit"
	"example.vn/hdnd/internal/testkit/council"
)

const (
	why  = "Che thông tin để chuyển đơn theo phân công"
	home = "/reception/sealed/case1/scans"
)

// world is the standard council with two keepers and a reader of its office, and
// one denunciation.
type world struct {
	*council.World
	*scans.Desk
	sealed *sealed.Desk
	pages  *testkit.Pages
	mu     sync.Mutex
	log    bytes.Buffer // what the program has logged
}

// named are the people of the list.
var named = []string{"keeper1", "keeper2", "reader1"}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	testkit.EachDatabase(t, func(t *testing.T, address string) { fn(t, newWorld(t, address)) }, app.Migrations()...)
}

func newWorld(t *testing.T, address string) *world {
	t.Helper()
	w := &world{World: council.Open(t, address)}
	a := w.App
	w.sealed = sealed.New(sealed.Deps{DB: a.DB, Clock: w.Clock, Audit: a.Audit, Vault: a.Vault, Notify: a.Notify})
	w.Desk = scans.New(scans.Deps{DB: a.DB, Clock: w.Clock, Audit: a.Audit, Vault: a.Vault, Notify: a.Notify, Tools: documents.FindTools(), Council: w.sealed.CouncilOf, Show: w.sealed.Show})
	must(t, a.DB.Tx(ctx, func(tx *db.Tx) error {
		for i, id := range named {
			if err := org.AddPerson(ctx, tx, org.Person{ID: id, Name: "Cán bộ " + id}); err != nil {
				return err
			}
			if err := org.AddPost(ctx, tx, org.Post{ID: "post-" + id, PersonID: id, BodyID: "hn-vp", Title: "Chuyên viên", Roles: db.JSON[[]org.Role]{V: []org.Role{org.Clerk}}}); err != nil {
				return err
			}
			if err := sealed.SetStanding(ctx, tx, sealed.Standing{ID: "s-" + id, CouncilID: "hn", PersonID: id, Name: "Cán bộ " + id, Keeper: i < 2, Starts: clock.Today(w.Clock)}); err != nil {
				return err
			}
		}
		return nil
	}))
	must(t, a.DB.Read(ctx, func(tx *db.Tx) error {
		for _, id := range named {
			who, err := a.Org.Acting(ctx, tx, id, clock.Today(w.Clock))
			if err != nil {
				return err
			}
			w.People[id] = who[0]
		}
		return nil
	}))
	w.serve(t)
	must(t, a.DB.Tx(ctx, func(tx *db.Tx) error {
		return w.sealed.Seal(ctx, tx, "case1", w.People["keeper1"], map[string][]byte{"name": []byte(secret), "content": []byte("Nội dung tố cáo")})
	}))
	return w
}

// serve opens the pages. Nothing of a form can be written to a disk: the place
// for it is not there.
func (w *world) serve(t *testing.T) {
	t.Helper()
	files := []fs.FS{web.Files, db.Files, org.Files, notify.Files, vault.Files, documents.Files, sealed.Files, scans.Files}
	words, err := text.Load(files...)
	must(t, err)
	w.pages = testkit.Serve(t, web.Options{Catalogue: words, Clock: w.Clock, Log: slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Routes: append(w.sealed.Routes(), w.Routes()...), Menu: w.sealed.Menu(), TempDir: filepath.Join(t.TempDir(), "none"), NeverEchoed: append(sealed.Unechoed(), scans.Unechoed()...),
		Rates: map[web.Rate]web.Budget{web.Ordinary: {PerSecond: 1e6, Burst: 1e6}, web.Posting: {PerSecond: 1e6, Burst: 1e6}}},
		func(name string) org.Actor { return w.People[name] })
}

// Write keeps the log.
func (w *world) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.log.Write(b)
}

// get is the bare answer to a person who opens an address.
func (w *world) get(person, path string) *httptest.ResponseRecorder {
	return w.pages.Answer(person, httptest.NewRequest(http.MethodGet, path, nil))
}

// post sends a form and gives the answer: of a redirect its address.
func (w *world) post(t testing.TB, person, path string, pairs ...string) (int, string) {
	t.Helper()
	return w.pages.Ask(t, person, path, testkit.Form(append(pairs, "x", "")...))
}

// named files, as a browser sends them.
type upload struct {
	name    string
	content []byte
}

func (w *world) upload(t testing.TB, person, once string, files ...upload) (int, string) {
	t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	must(t, m.WriteField("once", once))
	for _, f := range files {
		part, err := m.CreateFormFile("files", f.name)
		must(t, err)
		_, err = part.Write(f.content)
		must(t, err)
	}
	must(t, m.Close())
	r := httptest.NewRequest(http.MethodPost, home, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return w.pages.Send(t, person, r)
}

// open opens a scan and gives the address that it leads to.
func (w *world) open(t testing.TB, person, scan string) string {
	t.Helper()
	status, to := w.post(t, person, home+"/open", "open_items", scan, "open_reason", why)
	if status != http.StatusSeeOther {
		t.Fatalf("%s opens scan %s: %d %s", person, scan, status, to)
	}
	return to
}

// openCopy opens a copy that waits.
func (w *world) openCopy(t testing.TB, person, number string) string {
	t.Helper()
	status, to := w.post(t, person, "/reception/sealed/case1/scan-copies/open", "read_items", number, "read_reason", why)
	if status != http.StatusSeeOther {
		t.Fatalf("%s opens copy %s: %d %s", person, number, status, to)
	}
	return to
}

var imageOf = regexp.MustCompile(`<img src="([^"]+)"`)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) count(t testing.TB, query string, args ...any) (n int) {
	t.Helper()
	must(t, w.App.DB.Read(context.Background(), func(tx *db.Tx) (err error) {
		n, err = db.One[int](ctx, tx, query, args...)
		return err
	}))
	return n
}

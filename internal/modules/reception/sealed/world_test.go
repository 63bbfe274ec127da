package sealed_test

import (
	"bytes"
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/vault"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/modules/reception/sealed"
	"example.vn/hdnd/internal/testkit"
	"example.vn/hdnd/internal/testkit/council"
)

var ctx = context.Background()

const why = "Xác minh nội dung theo phân công"

// world is the standard council with this part on it, and three people of its
// office who are named on the standing list: two keepers and a reader.
type world struct {
	*council.World
	*sealed.Desk
	pages http.Handler
	mu    sync.Mutex
	log   bytes.Buffer // what the program has logged
}

// named are the people of the list.
var named = []string{"keeper1", "keeper2", "reader1"}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	sets := app.Migrations()
	for _, more := range []db.Migrations{vault.Migrations, sealed.Migrations} {
		if !slices.ContainsFunc(sets, func(m db.Migrations) bool { return m.Name == more.Name }) {
			sets = append(sets, more)
		}
	}
	testkit.EachDatabase(t, func(t *testing.T, address string) { fn(t, newWorld(t, address)) }, sets...)
}

func newWorld(t *testing.T, address string) *world {
	t.Helper()
	w := &world{World: council.Open(t, address)}
	a := w.App
	w.Desk = sealed.New(sealed.Deps{DB: a.DB, Clock: w.Clock, Audit: a.Audit, Vault: a.Vault, Notify: a.Notify})
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
		return sealed.SetPlace(ctx, tx, "bd", sealed.Stub, clock.Today(w.Clock).AddDays(-2))
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
	return w
}

// serve opens the pages to people who need no password, with a log that is kept.
func (w *world) serve(t *testing.T) {
	t.Helper()
	signIn := &fstest.MapFile{Data: []byte("[auth.verb]\nsign_in = \"…\"\n")}
	files := []fs.FS{web.Files, db.Files, org.Files, notify.Files, vault.Files, sealed.Files, fstest.MapFS{"text/vi.toml": signIn, "text/en.toml": signIn}}
	words, err := text.Load(files...)
	must(t, err)
	if !w.App.Text.Has("sealed.menu") { // until the part is plugged in, the application has no words for its acts
		w.App.Text = words
	}
	server, err := web.NewServer(web.Options{Catalogue: words, Clock: w.Clock, Log: slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug})), Routes: w.Routes(), Menu: w.Menu(), TempDir: t.TempDir(),
		NeverEchoed: sealed.Unechoed(), Rates: map[web.Rate]web.Budget{web.Ordinary: {PerSecond: 1e6, Burst: 1e6}, web.Posting: {PerSecond: 1e6, Burst: 1e6}},
		Resolve: func(r *http.Request) (org.Actor, error) { return w.People[r.Header.Get("X-Person")], nil }})
	must(t, err)
	t.Cleanup(server.Close)
	w.pages = server
}

// Write keeps the log.
func (w *world) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.log.Write(b)
}

// ask opens a page as a person, or posts a form when there is one.
func (w *world) ask(t testing.TB, person, path string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "https://hdnd.example.vn"+path, nil)
	if form != nil {
		r = httptest.NewRequest(http.MethodPost, "https://hdnd.example.vn"+path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	r.Header.Set("X-Person", person)
	rec := httptest.NewRecorder()
	w.pages.ServeHTTP(rec, r)
	if i := strings.Index(rec.Body.String(), "⟦"); i >= 0 {
		t.Errorf("%s: a sentence is missing: %.80s", path, rec.Body.String()[i:])
	}
	return rec
}

func (w *world) seal(t testing.TB, id string, items map[string][]byte) {
	t.Helper()
	must(t, w.App.DB.Tx(ctx, func(tx *db.Tx) error { return w.Seal(ctx, tx, id, w.People["keeper1"], items) }))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) count(t testing.TB, query string, args ...any) (n int) {
	t.Helper()
	must(t, w.App.DB.Read(ctx, func(tx *db.Tx) (err error) {
		n, err = db.One[int](ctx, tx, query, args...)
		return err
	}))
	return n
}

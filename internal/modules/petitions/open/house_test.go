package open_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	kweb "example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/modules/petitions"
	"example.vn/hdnd/internal/modules/petitions/gate"
	"example.vn/hdnd/internal/modules/petitions/open"
	"example.vn/hdnd/internal/testkit"
	"example.vn/hdnd/internal/testkit/council"
)

var ctx = context.Background()

// house is the standard council with its open pages, on the real petitions.
type house struct {
	*council.World
	*open.Service
	server *kweb.Server
	words  *text.Catalogue
}

func eachHouse(t *testing.T, fn func(t *testing.T, h *house)) {
	council.Each(t, func(t *testing.T, w *council.World) { fn(t, furnish(t, w)) })
}

// oneHouse is a house on SQLite, for what has nothing to do with the database.
func oneHouse(t testing.TB) *house {
	return furnish(t, council.Open(t, testkit.SQLiteAddress(t, app.Migrations()...)))
}

func furnish(t testing.TB, w *council.World) *house {
	t.Helper()
	check(t, w.App.DB.Migrate(ctx, open.Migrations))
	words := must(text.Load(kweb.Files, cases.Files, db.Files, org.Files, audit.Files, notify.Files, petitions.Files, open.Files))(t)
	h := &house{World: w, words: words}
	h.Service = open.New(open.Deps{DB: w.App.DB, Clock: w.Clock, Audit: w.App.Audit, Cases: w.App.Cases, Text: words, Address: "https://hdnd.example.vn",
		Receive: h.receive, Fields: h.fields, Held: gate.HeldAmong, Let: gate.LetSince,
		Satisfaction: func(context.Context, string, clock.Date, clock.Date) ([]open.Share, error) {
			return []open.Share{{Label: "Hài lòng", N: 7}, {Label: "Chưa hài lòng", N: 2}}, nil
		}})
	h.server = must(kweb.NewServer(kweb.Options{Catalogue: words, Clock: w.Clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Menu: h.Menu(), Routes: h.Routes(),
		Rates: map[kweb.Rate]kweb.Budget{kweb.Intake: {PerSecond: 1e6, Burst: 1e6}}}))(t)
	t.Cleanup(h.server.Close)
	return h
}

// receive is what the application plugs in.
func (h *house) receive(ctx context.Context, who org.Actor, r open.Request) (code, key string, err error) {
	to := petitions.ToCity
	if r.ToWard {
		to = petitions.ToWard
	}
	got, err := h.App.Petitions.Receive(ctx, who, petitions.Submission{To: to, Text: r.Text, Ward: r.Ward, Name: r.Name, Email: r.Email, Phone: r.Phone, Consent: r.Consent, Lang: r.Lang, Once: r.Once})
	return got.Code, got.Key, err
}

func (h *house) fields(context.Context) (all []open.Field) {
	for _, code := range petitions.Fields() {
		branch, _, _ := strings.Cut(code, ".")
		all = append(all, open.Field{Code: code, Vi: h.words.Say(text.Vi, "petitions.field."+code), En: h.words.Say(text.En, "petitions.field."+code),
			GroupVi: h.words.Say(text.Vi, "petitions.branch."+branch), GroupEn: h.words.Say(text.En, "petitions.branch."+branch)})
	}
	return all
}

func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		check(t, err)
		return v
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// petition is one that a test hands in.
type petition = council.Petition

func (h *house) hand(t testing.TB, p petition) petitions.Handed {
	t.Helper()
	return h.HandIn(t, p)
}

func (h *house) do(t testing.TB, id string, p petition, step string) {
	t.Helper()
	h.Lead(t, id, p, step)
}

const done = council.Done

// ask sends a request; headers come in pairs.
func (h *house) ask(method, address string, body io.Reader, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, address, body)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.server.ServeHTTP(w, r)
	return w
}

func (h *house) get(t testing.TB, address string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	return h.ask(http.MethodGet, address, nil, headers...)
}

// good gets an address that has to answer well.
func (h *house) good(t testing.TB, address string) string {
	t.Helper()
	w := h.get(t, address)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d\n%s", address, w.Code, w.Body)
	}
	return w.Body.String()
}

func (h *house) post(t testing.TB, address string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	return h.ask(http.MethodPost, address, strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded")
}

// upload posts one file.
func (h *house) upload(t testing.TB, address, field, name string, content []byte) *httptest.ResponseRecorder {
	t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part := must(m.CreateFormFile(field, name))(t)
	must(part.Write(content))(t)
	check(t, m.Close())
	return h.ask(http.MethodPost, address, &body, "Content-Type", m.FormDataContentType())
}

// wants fails for each word that is not there.
func wants(t testing.TB, what, body string, all ...string) {
	t.Helper()
	for _, word := range all {
		if !strings.Contains(body, word) {
			t.Errorf("%s: no %q in\n%.3000s", what, word, body)
		}
	}
}

func isKind(err error, k fault.Kind) bool { return fault.KindOf(err) == k }

package reports_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	kweb "example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/modules/petitions"
	"example.vn/hdnd/internal/modules/petitions/reports"
	"example.vn/hdnd/internal/testkit/council"
	"example.vn/hdnd/web"
)

var ctx = context.Background()

// house is the standard council with its reports.
type house struct {
	*council.World
	*reports.Desk
	server *kweb.Server
	queue  *jobs.Queue // its own, so that it does not matter who else handles these kinds
}

func eachHouse(t *testing.T, fn func(t *testing.T, h *house)) {
	council.Each(t, func(t *testing.T, w *council.World) { fn(t, furnish(t, w)) })
}

func furnish(t testing.TB, w *council.World) *house {
	t.Helper()
	if err := w.App.DB.Migrate(ctx, reports.Migrations); err != nil {
		t.Fatal(err)
	}
	words := must(text.Load(kweb.Files, cases.Files, db.Files, documents.Files, petitions.Files, reports.Files))(t)
	queue := jobs.New(w.App.DB, w.Clock)
	h := &house{World: w, queue: queue, Desk: reports.New(reports.Deps{DB: w.App.DB, Clock: w.Clock, Audit: w.App.Audit, Jobs: queue, Documents: w.App.Documents,
		Fonts: must(documents.ReadFonts(web.Files))(t), Text: words, Fields: petitions.Fields})}
	for _, j := range h.Desk.Jobs() {
		queue.Handle(j.Kind, j.Handle)
	}
	h.server = must(kweb.NewServer(kweb.Options{Catalogue: words, Clock: w.Clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Menu: h.Menu(), Routes: h.Routes(),
		Resolve: func(r *http.Request) (org.Actor, error) { return w.People[r.Header.Get("X-Person")], nil }}))(t)
	t.Cleanup(h.server.Close)
	return h
}

func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// hand gives in a petition and leads it as far as told.
func (h *house) hand(t testing.TB, field, steps string) petitions.Handed {
	t.Helper()
	return h.HandIn(t, council.Petition{Field: field, Steps: steps})
}

func (h *house) do(t testing.TB, id, field, step string) {
	t.Helper()
	h.Lead(t, id, council.Petition{Field: field}, step)
}

const done = council.Done

// autumn is the second half of 2026, in which tests begin.
func autumn(k reports.Kind) reports.Query {
	return reports.Query{Kind: k, From: clock.NewDate(2026, 7, 1), Until: clock.NewDate(2026, 12, 31)}
}

func refused(t testing.TB, err error, key string) {
	t.Helper()
	f := fault.Of(err)
	if err == nil || f.Key != key && (len(f.Faults) == 0 || f.Faults[0].Key != key) {
		t.Errorf("want the refusal %s, have %v", key, err)
	}
}

// get and post are a person's requests.
func (h *house) get(t testing.TB, person, path string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "https://hdnd.example.vn"+path, nil)
	r.Header.Set("X-Person", person)
	w := httptest.NewRecorder()
	h.server.ServeHTTP(w, r)
	return w
}

func (h *house) post(t testing.TB, person, path string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "https://hdnd.example.vn"+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("X-Person", person)
	w := httptest.NewRecorder()
	h.server.ServeHTTP(w, r)
	return w
}

package council

import (
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
)

// Pages serves the pages of one part to the people of the world, who need no
// password: the part is tested before it is plugged into a module.
type Pages struct{ server *web.Server }

// Pages serves a part's routes with the sentences of the files.
func (w *World) Pages(t testing.TB, menu []web.MenuItem, routes []web.Route, files ...fs.FS) *Pages {
	t.Helper()
	words, err := text.Load(append([]fs.FS{web.Files}, files...)...)
	if err != nil {
		t.Fatal(err)
	}
	server, err := web.NewServer(web.Options{Catalogue: words, Clock: w.Clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Menu: menu, Routes: routes,
		Resolve: func(r *http.Request) (org.Actor, error) { return w.People[r.Header.Get("X-Person")], nil }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return &Pages{server}
}

// Ask opens a page as a person, or posts a form when there is one. Of a
// redirect it gives the address instead of the page.
func (p *Pages) Ask(t testing.TB, person, path string, form url.Values) (status int, page string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "https://hdnd.example.vn"+path, nil)
	if form != nil {
		r = httptest.NewRequest(http.MethodPost, "https://hdnd.example.vn"+path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	r.Header.Set("X-Person", person)
	w := httptest.NewRecorder()
	p.server.ServeHTTP(w, r)
	page = w.Body.String()
	if i := strings.Index(page, "⟦"); i >= 0 {
		t.Errorf("%s: a sentence is missing: %.80s", path, page[i:])
	}
	if w.Code == http.StatusSeeOther {
		return w.Code, w.Header().Get("Location")
	}
	return w.Code, page
}

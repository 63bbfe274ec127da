package testkit

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/web"
)

// Pages are the pages of one part, on the real router, for people who need no
// password.
type Pages struct{ server *web.Server }

// Serve opens the pages that the options name. as tells who a name is; an empty
// name is the public.
func Serve(t testing.TB, o web.Options, as func(name string) org.Actor) *Pages {
	t.Helper()
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	if o.TempDir == "" {
		o.TempDir = t.TempDir()
	}
	o.Resolve = func(r *http.Request) (org.Actor, error) {
		name, err := url.QueryUnescape(r.Header.Get("X-Person"))
		return as(name), err
	}
	server, err := web.NewServer(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return &Pages{server}
}

// Ask opens a page as a person, or posts a form when there is one. Of a redirect
// it gives the address instead of the page.
func (p *Pages) Ask(t testing.TB, person, path string, form url.Values) (status int, page string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	if form != nil {
		r = httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return p.Send(t, person, r)
}

var named = regexp.MustCompile(` id="([^"]+)"`)

// Send is Ask for any request. It holds what every page must hold: each sentence
// is there, and no two parts have one name.
func (p *Pages) Send(t testing.TB, person string, r *http.Request) (status int, page string) {
	t.Helper()
	rec := p.Answer(person, r)
	page = rec.Body.String()
	if i := strings.Index(page, "⟦"); i >= 0 {
		t.Errorf("%s: a sentence is missing: %.80s", r.URL, page[i:])
	}
	if strings.HasPrefix(rec.Header().Get("Content-Type"), "text/html") {
		seen := map[string]bool{}
		for _, m := range named.FindAllStringSubmatch(page, -1) {
			if seen[m[1]] {
				t.Errorf("%s: two parts of the page are called %s", r.URL, m[1])
			}
			seen[m[1]] = true
		}
	}
	if rec.Code == http.StatusSeeOther {
		return rec.Code, rec.Header().Get("Location")
	}
	return rec.Code, page
}

// Answer is the bare answer to a request, with its headers.
func (p *Pages) Answer(person string, r *http.Request) *httptest.ResponseRecorder {
	r.Header.Set("X-Person", url.QueryEscape(person))
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	rec := httptest.NewRecorder()
	p.server.ServeHTTP(rec, r)
	return rec
}

// Form makes a form of names and values.
func Form(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

// Has holds that a page shows all of these.
func Has(t testing.TB, page string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(page, p) {
			t.Errorf("the page lacks %q", p)
		}
	}
}

// Hides holds that a page shows none of these.
func Hides(t testing.TB, page string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if strings.Contains(page, p) {
			t.Errorf("the page shows %q", p)
		}
	}
}

// Refused holds that an error is this refusal.
func Refused(t testing.TB, err error, key string) {
	t.Helper()
	if !fault.Is(err, key) {
		t.Errorf("want the refusal %s, have %v", key, err)
	}
}

package council

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"html"
)

// Browser is one person's browser without JavaScript: it keeps cookies, follows
// redirects and sends forms.
type Browser struct {
	w      *World
	client *http.Client
}

// Page is an answered request.
type Page struct {
	Status int
	URL    string
	Body   string
	Header http.Header
}

// Browse opens a browser; signed in as the named person, or as a voter when
// the name is empty.
func (w *World) Browse(t testing.TB, alias string) *Browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &Browser{w: w, client: &http.Client{Jar: jar}}
	if alias != "" {
		if p := b.Post(t, "/demo/sign-in", url.Values{"person": {alias}}); p.Status != http.StatusOK {
			t.Fatalf("sign-in as %s: %d\n%s", alias, p.Status, p.Text())
		}
	}
	return b
}

// Within opens a browser that calls the program without a network and without
// compression between: for tests that send many thousands of requests.
func (w *World) Within(t testing.TB, alias string) *Browser {
	t.Helper()
	b := w.Browse(t, alias)
	b.client.Transport = within{w.App.Server}
	return b
}

// within is the way to a server in the same program.
type within struct{ to http.Handler }

// RoundTrip asks the server.
func (d within) RoundTrip(r *http.Request) (*http.Response, error) {
	in := httptest.NewRequestWithContext(r.Context(), r.Method, r.URL.String(), r.Body)
	in.Header, in.ContentLength, in.RemoteAddr = r.Header.Clone(), r.ContentLength, "127.0.0.1:4711"
	if r.Body != nil {
		defer r.Body.Close()
	}
	rec := httptest.NewRecorder()
	d.to.ServeHTTP(rec, in)
	res := rec.Result()
	res.Request = r
	return res, nil
}

// Get fetches a page.
func (b *Browser) Get(t testing.TB, path string) Page {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.w.Server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return b.do(t, r)
}

// HandInForm gives the hidden fields of the public's form, and lets as much time
// go by as a person takes to fill it in.
func (w *World) HandInForm(t testing.TB) url.Values {
	t.Helper()
	form := w.Browse(t, "").Get(t, "/kien-nghi/gui").Hidden()
	w.Clock.Advance(10 * time.Second)
	return form
}

// Post sends a form.
func (b *Browser) Post(t testing.TB, path string, form url.Values) Page {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, b.w.Server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(t, r)
}

// Upload sends a form with files under the field "files".
func (b *Browser) Upload(t testing.TB, path string, form url.Values, files map[string][]byte) Page {
	t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for name, values := range form {
		for _, v := range values {
			if err := m.WriteField(name, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, content := range files {
		part, err := m.CreateFormFile("files", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, b.w.Server.URL+path, &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	return b.do(t, r)
}

func (b *Browser) do(t testing.TB, r *http.Request) Page {
	t.Helper()
	res, err := b.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return Page{Status: res.StatusCode, URL: res.Request.URL.RequestURI(), Body: string(body), Header: res.Header}
}

var (
	notText = regexp.MustCompile(`(?s)<(script|style|head)\b.*?</(script|style|head)>`)
	tag     = regexp.MustCompile(`<[^>]*>`)
	hidden  = regexp.MustCompile(`<input[^>]*type="hidden"[^>]*>`)
	nameOf  = regexp.MustCompile(`\bname="([^"]*)"`)
	valueOf = regexp.MustCompile(`\bvalue="([^"]*)"`)
)

// Text is what a person reads on the page.
func (p Page) Text() string {
	s := tag.ReplaceAllString(notText.ReplaceAllString(p.Body, " "), " ")
	return strings.Join(strings.Fields(html.UnescapeString(s)), " ")
}

// Hidden gives the hidden fields of the page's forms, which a browser sends
// along: revision, once and the like. Of equal names the first stays.
func (p Page) Hidden() url.Values {
	all := url.Values{}
	for _, input := range hidden.FindAllString(p.Body, -1) {
		name, value := nameOf.FindStringSubmatch(input), valueOf.FindStringSubmatch(input)
		if name == nil || all.Has(html.UnescapeString(name[1])) {
			continue
		}
		v := ""
		if value != nil {
			v = html.UnescapeString(value[1])
		}
		all.Set(html.UnescapeString(name[1]), v)
	}
	return all
}

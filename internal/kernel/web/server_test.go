package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/web"
	front "example.vn/hdnd/web"
	"github.com/a-h/templ"
)

// send makes one request of the house; cookies and headers as "Name: value".
func send(s http.Handler, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

const asClerk = "Cookie: who=clerk"

func with(routes ...web.Route) func(*web.Options) {
	return func(o *web.Options) { o.Routes = append(o.Routes, routes...) }
}

func TestHeaders(t *testing.T) {
	s := kitchen(t, nil)
	for _, target := range []string{"/kitchen/public", "/nowhere", "/livez", "/assets/none-12345678.css"} {
		h := send(s, "GET", target, "").Header()
		policy := h.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: the policy lacks %s", target, part)
			}
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("%s: the policy allows unsafe things: %s", target, policy)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "X-Frame-Options": "DENY",
		} {
			if h.Get(name) != want {
				t.Errorf("%s: %s is %q, want %q", target, name, h.Get(name), want)
			}
		}
		if h.Get("Permissions-Policy") == "" || h.Get("X-Request-Id") == "" {
			t.Errorf("%s: headers are missing: %v", target, h)
		}
		if h.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: promises HTTPS without having it", target)
		}
	}
}

func TestNoStyleAttributes(t *testing.T) {
	s := kitchen(t, nil)
	for _, target := range []string{"/desk", "/kitchen/list", "/kitchen/case", "/kitchen/form", "/kitchen/public"} {
		page := send(s, "GET", target, "", asClerk).Body.String()
		for _, no := range []string{" style=", "<style", "onclick=", "javascript:"} {
			if strings.Contains(page, no) {
				t.Errorf("%s has %q, which the policy refuses", target, no)
			}
		}
	}
}

func TestStatus(t *testing.T) {
	s := kitchen(t, nil)
	for kind, want := range map[fault.Kind]int{
		fault.Invalid: 422, fault.Missing: 404, fault.Forbidden: 403, fault.SignIn: 401, fault.Refused: 409, fault.Conflict: 409,
		fault.TooLarge: 413, fault.TooMany: 429, fault.Unavailable: 503, fault.Internal: 500, "strange": 500,
	} {
		w := send(s, "POST", "/kitchen/fail/"+string(kind), "content=Đường+hỏng+nặng", asClerk)
		if w.Code != want {
			t.Errorf("%s: status %d, want %d", kind, w.Code, want)
		}
		page := w.Body.String()
		if !strings.Contains(page, "Đường hỏng nặng</textarea>") || !strings.Contains(page, `action="/kitchen/fail/`+string(kind)+`"`) {
			t.Errorf("%s: what was typed is lost", kind)
		}
		if !strings.Contains(page, "Nội dung kiến nghị") {
			t.Errorf("%s: the kept text has no name", kind)
		}
		if (kind == fault.Unavailable || kind == fault.TooMany) != (w.Header().Get("Retry-After") != "") {
			t.Errorf("%s: Retry-After is %q", kind, w.Header().Get("Retry-After"))
		}
		if !strings.Contains(page, "Điều 10 Quy chế") {
			t.Errorf("%s: the rule that refuses is not named", kind)
		}
	}
}

func TestInternalShowsNothingOfTheCause(t *testing.T) {
	s := kitchen(t, with(
		web.Route{Pattern: "POST /kitchen/breaks", Needs: auth.Public, Handle: func(http.ResponseWriter, *http.Request) error {
			return fmt.Errorf("pq: secret table is gone")
		}},
		web.Route{Pattern: "GET /kitchen/panics", Needs: auth.Public, Handle: func(http.ResponseWriter, *http.Request) error { panic("secret state") }},
	))
	for _, w := range []*httptest.ResponseRecorder{
		send(s, "POST", "/kitchen/breaks", "content=Một+hai"), send(s, "GET", "/kitchen/panics", ""),
		send(s, "POST", "/kitchen/breaks", "content=x", "Accept: application/json"),
	} {
		page := w.Body.String()
		if w.Code != 500 || strings.Contains(page, "secret") || !strings.Contains(page, w.Header().Get("X-Request-Id")) {
			t.Errorf("status %d, page %s", w.Code, page)
		}
	}
}

func TestRights(t *testing.T) {
	called := false
	s := kitchen(t, with(
		web.Route{Pattern: "GET /kitchen/answers", Needs: mayAnswer, Handle: func(http.ResponseWriter, *http.Request) error { called = true; return nil }},
		web.Route{Pattern: "POST /kitchen/answers", Needs: mayAnswer, Handle: func(http.ResponseWriter, *http.Request) error { called = true; return nil }},
	))
	if w := send(s, "GET", "/kitchen/answers?page=2", ""); w.Code != 303 || w.Header().Get("Location") != "/sign-in?next=%2Fkitchen%2Fanswers%3Fpage%3D2" {
		t.Errorf("nobody, GET: %d %s", w.Code, w.Header().Get("Location"))
	}
	if w := send(s, "GET", "/kitchen/answers", "", "HX-Request: true"); w.Code != 401 {
		t.Errorf("nobody, by script: %d", w.Code)
	}
	if w := send(s, "POST", "/kitchen/answers", "content=Đã+gõ+rất+lâu"); w.Code != 401 || !strings.Contains(w.Body.String(), "Đã gõ rất lâu</textarea>") {
		t.Errorf("nobody, POST: %d", w.Code)
	}
	for _, method := range []string{"GET", "POST"} {
		if w := send(s, method, "/kitchen/answers", "", asClerk); w.Code != 404 {
			t.Errorf("not allowed, %s: %d, want 404", method, w.Code)
		}
	}
	if called {
		t.Error("the handler ran without the right")
	}
	if page := send(s, "GET", "/desk", "", asClerk).Body.String(); strings.Contains(page, "/people") {
		t.Error("the menu shows what the clerk may not open")
	}
}

func TestRefusedRoutes(t *testing.T) {
	ok := func(http.ResponseWriter, *http.Request) error { return nil }
	for name, routes := range map[string][]web.Route{
		"no right":   {{Pattern: "GET /x", Handle: ok}},
		"no handler": {{Pattern: "GET /x", Needs: auth.Public}},
		"twice":      {{Pattern: "GET /x", Needs: auth.Public, Handle: ok}, {Pattern: "GET /x", Needs: auth.Public, Handle: ok}},
		"malformed":  {{Pattern: "GET x{", Needs: auth.Public, Handle: ok}},
	} {
		if _, err := web.NewServer(web.Options{Catalogue: catalogue(t), Routes: routes}); err == nil {
			t.Errorf("%s: was taken", name)
		}
	}
}

func TestCrossSite(t *testing.T) {
	s := kitchen(t, nil)
	for _, h := range []string{"Sec-Fetch-Site: cross-site", "Origin: https://evil.example"} {
		if w := send(s, "POST", "/preferences", "lang=en", h); w.Code != 403 || len(w.Result().Cookies()) > 0 {
			t.Errorf("%s: %d", h, w.Code)
		}
	}
	if w := send(s, "POST", "/preferences", "lang=en", "Sec-Fetch-Site: same-origin"); w.Code != 303 {
		t.Errorf("our own form: %d", w.Code)
	}
}

func TestPreferences(t *testing.T) {
	s := kitchen(t, nil)
	w := send(s, "POST", "/preferences", "lang=en&theme=dark&back="+url.QueryEscape("/kitchen/public?a=1"))
	if w.Code != 303 || w.Header().Get("Location") != "/kitchen/public?a=1" || len(w.Result().Cookies()) != 2 {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	for _, foreign := range []string{"//evil.example", "https://evil.example", `/\evil.example`} {
		if got := send(s, "POST", "/preferences", "theme=dark&back="+url.QueryEscape(foreign)).Header().Get("Location"); got != "/" {
			t.Errorf("%q leads to %q", foreign, got)
		}
	}
	page := send(s, "GET", "/kitchen/public", "", "Cookie: lang=en; theme=dark").Body.String()
	for _, want := range []string{`lang="en"`, `data-bs-theme="dark"`, "Officials sign in"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if w := send(s, "GET", "/kitchen/public?lang=en", ""); !strings.Contains(w.Body.String(), `lang="en"`) || len(w.Result().Cookies()) != 1 {
		t.Error("?lang=en is not followed and kept")
	}
}

func TestFlash(t *testing.T) {
	s := kitchen(t, with(web.Route{Pattern: "POST /kitchen/saves", Needs: auth.Public, Handle: func(w http.ResponseWriter, r *http.Request) error {
		web.Flash(w, r, "kitchen.saved", "code", "KN-<1>")
		return web.SeeOther(w, r, "/kitchen/public")
	}}))
	c := send(s, "POST", "/kitchen/saves", "x=1").Result().Cookies()
	if len(c) != 1 {
		t.Fatal("no cookie")
	}
	w := send(s, "GET", "/kitchen/public", "", "Cookie: "+c[0].Name+"="+c[0].Value)
	if !strings.Contains(w.Body.String(), "Đã lưu KN-&lt;1&gt;.") {
		t.Error("the sentence is not shown")
	}
	if got := w.Result().Cookies(); len(got) != 1 || got[0].MaxAge >= 0 {
		t.Error("the sentence would be shown twice")
	}
	if page := send(s, "GET", "/kitchen/public", "", "Cookie: flash=%%%").Body.String(); !strings.Contains(page, "Gửi kiến nghị") {
		t.Error("a broken cookie breaks the page")
	}
}

func TestGzipAndAssets(t *testing.T) {
	s := kitchen(t, nil)
	w := send(s, "GET", "/kitchen/public", "", "Accept-Encoding: gzip")
	z, err := gzip.NewReader(w.Body)
	if err != nil || w.Header().Get("Content-Encoding") != "gzip" {
		t.Fatal(err, w.Header())
	}
	page, err := io.ReadAll(z)
	if err != nil || !bytes.Contains(page, []byte("</html>")) {
		t.Fatal("the packed page is not whole", err)
	}
	sheet := front.Asset("app.css")
	w = send(s, "GET", sheet, "", "Accept-Encoding: gzip")
	if w.Code != 200 || w.Header().Get("Content-Encoding") != "gzip" || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("%s: %d %v", sheet, w.Code, w.Header())
	}
	if w := send(s, "GET", sheet, "", "If-None-Match: "+w.Header().Get("ETag")); w.Code != 304 {
		t.Errorf("asked again: %d", w.Code)
	}
	for _, no := range []string{"/assets/manifest.json", "/assets/type", "/assets/..%2fembed.go", "/assets/app.css"} {
		if w := send(s, "GET", no, ""); w.Code != 404 {
			t.Errorf("%s: %d", no, w.Code)
		}
	}
}

func TestRates(t *testing.T) {
	s := kitchen(t, func(o *web.Options) {
		o.Rates = map[web.Rate]web.Budget{web.Intake: {PerSecond: 0.001, Burst: 2}}
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
		o.Routes = append(o.Routes, web.Route{Pattern: "POST /kitchen/intake", Needs: auth.Public, Limit: web.Limit{Rate: web.Intake},
			Handle: func(w http.ResponseWriter, r *http.Request) error { return web.SeeOther(w, r, "/") }})
	})
	from := func(addr string) int {
		return send(s, "POST", "/kitchen/intake", "content=Gửi+nhiều+lần", "X-Forwarded-For: "+addr).Code
	}
	for i, want := range []int{303, 303, 429} {
		if got := from("198.51.100.7"); got != want {
			t.Errorf("request %d: %d, want %d", i+1, got, want)
		}
	}
	if got := from("198.51.100.8"); got != 303 {
		t.Errorf("another address: %d", got)
	}
	// What a client writes before the trusted proxy's own entry counts for nothing.
	if got := from("203.0.113.9, 198.51.100.7"); got != 429 {
		t.Errorf("a made-up address: %d", got)
	}
	w := send(s, "POST", "/kitchen/intake", "content=Gửi+nhiều+lần", "X-Forwarded-For: 198.51.100.7")
	if !strings.Contains(w.Body.String(), "Gửi nhiều lần</textarea>") {
		t.Error("a person who is too quick loses the text")
	}
}

func TestAccessLogNamesNobody(t *testing.T) {
	var lines bytes.Buffer
	s := kitchen(t, func(o *web.Options) { o.Log = slog.New(slog.NewTextHandler(&lines, nil)) })
	r := httptest.NewRequest("GET", "/kitchen/public?q=Nguyen+Van+An", nil)
	r.RemoteAddr = "203.0.113.77:4000"
	s.ServeHTTP(httptest.NewRecorder(), r)
	got := lines.String()
	if !strings.Contains(got, `route="GET /kitchen/public"`) || !strings.Contains(got, "net=203.0.113.0/24") || !strings.Contains(got, "status=200") {
		t.Error(got)
	}
	if strings.Contains(got, "Nguyen") || strings.Contains(got, "203.0.113.77") {
		t.Error("the log names a person: ", got)
	}
}

func TestFragment(t *testing.T) {
	s := kitchen(t, nil)
	w := send(s, "GET", "/kitchen/list?fragment=list", "", asClerk, "HX-Request: true")
	page := w.Body.String()
	if !strings.Contains(page, "KN-2026-004512") || strings.Contains(page, "<html") || strings.Contains(page, "Lưu bộ lọc") {
		t.Error("not the fragment alone: ", page)
	}
	if w := send(s, "GET", "/kitchen/list?fragment=gone", "", asClerk, "HX-Request: true"); w.Code != 404 {
		t.Errorf("a fragment that is not there: %d", w.Code)
	}
	if page := send(s, "GET", "/kitchen/list?fragment=list", "", asClerk).Body.String(); !strings.Contains(page, "<html") {
		t.Error("without the script the address gives no whole page")
	}
}

func TestColumns(t *testing.T) {
	var got []string
	s := kitchen(t, with(web.Route{Pattern: "GET /kitchen/columns", Needs: auth.Public, Handle: func(w http.ResponseWriter, r *http.Request) error {
		got = web.Columns(w, r, "list")
		return web.Page(w, r, web.Head{}, templ.NopComponent)
	}}))
	send(s, "GET", "/kitchen/columns", "")
	if got != nil {
		t.Errorf("never chosen: %v", got)
	}
	w := send(s, "GET", "/kitchen/columns?cols=-&cols=code&cols=due", "")
	if fmt.Sprint(got) != "[code due]" {
		t.Errorf("chosen: %v", got)
	}
	c := w.Result().Cookies()[0]
	send(s, "GET", "/kitchen/columns", "", "Cookie: "+c.Name+"="+c.Value)
	if fmt.Sprint(got) != "[code due]" {
		t.Errorf("kept: %v", got)
	}
	send(s, "GET", "/kitchen/columns?cols=-", "")
	if got == nil || len(got) != 0 {
		t.Errorf("none chosen: %v", got)
	}
}

func TestHealth(t *testing.T) {
	var down error
	s := kitchen(t, func(o *web.Options) { o.Ready = func(context.Context) error { return down } })
	for _, target := range []string{"/livez", "/readyz", "/healthz"} {
		if w := send(s, "GET", target, ""); w.Code != 200 {
			t.Errorf("%s: %d", target, w.Code)
		}
	}
	down = errors.New("database away")
	if a, r := send(s, "GET", "/livez", "").Code, send(s, "GET", "/healthz", "").Code; a != 200 || r != 503 {
		t.Errorf("database away: alive %d, ready %d", a, r)
	}
	down = nil
	s.Close()
	if got := send(s, "GET", "/readyz", "").Code; got != 503 {
		t.Errorf("stopping: %d", got)
	}
}

func TestDatabaseAwayStillHasAPage(t *testing.T) {
	s := kitchen(t, func(o *web.Options) {
		o.Resolve = func(*http.Request) (org.Actor, error) {
			return org.Actor{}, fault.New(fault.Unavailable, "web.fault_unavailable")
		}
		o.Surround = func(context.Context, org.Actor) (web.Surround, error) { return web.Surround{}, errors.New("away") }
	})
	w := send(s, "POST", "/kitchen/fail/invalid", "content=Không+được+mất+chữ+nào", asClerk)
	if w.Code != 503 || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "Không được mất chữ nào</textarea>") {
		t.Errorf("%d %s", w.Code, w.Body.String())
	}
	if w := send(s, "GET", "/nowhere", ""); w.Code != 503 {
		t.Errorf("GET: %d", w.Code)
	}
}

func TestJSONFaults(t *testing.T) {
	s := kitchen(t, nil)
	w := send(s, "POST", "/kitchen/fail/refused", "a=b", "Accept: application/json")
	var got struct {
		Error struct{ Kind, Key, Message, Rule string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if w.Code != 409 || got.Error.Key != "kitchen.refused" || got.Error.Rule == "" || got.Error.Message != "Kiến nghị này đã được trả lời." {
		t.Errorf("%d %+v", w.Code, got)
	}
}

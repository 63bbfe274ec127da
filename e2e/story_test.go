package e2e_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/testkit"
	"example.vn/hdnd/internal/testkit/council"
)

// story is a standard council with a browser window for everybody in it.
type story struct {
	*council.World
	t       *testing.T
	windows map[string]*visitor
}

// begin opens a council for one story. Stories run beside each other.
func begin(t *testing.T) *story {
	t.Helper()
	t.Parallel()
	return beginAt(t, testkit.SQLiteAddress(t, app.Migrations()...))
}

func beginAt(t *testing.T, address string) *story {
	t.Helper()
	return beginWith(t, address, app.Config{})
}

// beginWith is a council with some of what can be set from outside.
func beginWith(t *testing.T, address string, cfg app.Config) *story {
	t.Helper()
	w := council.OpenWith(t, address, cfg)
	running(t, w.App)
	return &story{World: w, t: t, windows: map[string]*visitor{}}
}

// as gives the window in which a person of the council is signed in.
func (s *story) as(alias string) *visitor { return s.window(alias, alias, false) }

// plain is as, with scripts switched off.
func (s *story) plain(alias string) *visitor { return s.window(alias+", không script", alias, true) }

// voter is somebody at a telephone.
func (s *story) voter(name string, plain bool) *visitor {
	s.t.Helper()
	v := s.window(name, "", plain)
	v.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch))
	return v
}

func (s *story) window(name, alias string, plain bool) *visitor {
	s.t.Helper()
	if v := s.windows[name]; v != nil {
		return v
	}
	v := enter(s.t, chrome(s.t), s.Server.URL, name, plain)
	v.clock = s.Clock
	s.windows[name] = v
	if alias != "" {
		v.signedIn(alias)
	}
	return v
}

// signedIn signs a person in beside the browser and hands the cookies over:
// the page of signing in has tests of its own.
func (v *visitor) signedIn(alias string) {
	v.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		v.t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	res, err := client.PostForm(v.base+"/demo/sign-in", url.Values{"person": {alias}})
	if err != nil {
		v.t.Fatal(err)
	}
	res.Body.Close()
	at, err := url.Parse(v.base)
	if err != nil || res.StatusCode != http.StatusOK {
		v.t.Fatalf("signing in as %s: %d %v", alias, res.StatusCode, err)
	}
	for _, c := range jar.Cookies(at) {
		if _, err := chromedp.Call(v.ctx, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: v.base}); err != nil {
			v.t.Fatal(err)
		}
	}
}

// pass lets time go by and does what has become due.
func (s *story) pass(d time.Duration) {
	s.t.Helper()
	s.Clock.Advance(d)
	for {
		_, err := s.App.Jobs.Drain(s.t.Context())
		if err == nil {
			return
		}
		if fault.KindOf(err) != fault.Conflict { // the program itself was faster
			s.t.Fatal(err)
		}
	}
}

// days lets days go by; sign-ins do not last that long.
func (s *story) days(n int) {
	s.t.Helper()
	for range n {
		s.pass(24 * time.Hour)
	}
	s.windows = map[string]*visitor{}
}

// today is the day in the council, as people write it.
func (s *story) today(days int) string {
	return s.Clock.Now().AddDate(0, 0, days).Format("02/01/2006")
}

// follow presses the link that reads so.
func (v *visitor) follow(words string) {
	v.t.Helper()
	v.pressWords("main a[href], main summary", words)
}

// button presses the button that reads so.
func (v *visitor) button(words string) {
	v.t.Helper()
	v.pressWords("main button", words)
}

func (v *visitor) pressWords(among, words string) {
	v.t.Helper()
	mark := fmt.Sprintf(`(e => { document.querySelectorAll("[data-test-here]").forEach(o => o.removeAttribute("data-test-here")); e?.setAttribute("data-test-here", ""); return e !== undefined })(
		[...document.querySelectorAll(%q)].filter(e => e.checkVisibility()).sort((a, b) => a.innerText.trim().length - b.innerText.trim().length).find(e => e.innerText.replace(/\s+/g, " ").includes(%q)))`, among, words)
	v.until("there is something to press that says "+words, func() bool { return ask[bool](v, mark) })
	v.press("[data-test-here]")
}

// unfold opens what is folded on a page, as a press on each head does.
func (v *visitor) unfold() {
	v.t.Helper()
	ask[bool](v, `document.querySelectorAll("main details").forEach(d => d.open = true), true`)
}

// chooseWords picks the option of a list that reads so.
func (v *visitor) chooseWords(name, words string) {
	v.t.Helper()
	list := fmt.Sprintf("[...(document.querySelector(%q)?.options ?? [])]", fmt.Sprintf("main select[name=%q]", name))
	value := ask[string](v, fmt.Sprintf(`%s.find(o => o.text.includes(%q))?.value ?? ""`, list, words))
	if value == "" {
		v.fatal("%s has no %q: %s", name, words, ask[string](v, list+`.map(o => o.text).join(" | ")`))
	}
	v.choose(name, value)
}

// upload chooses files in the page's form.
func (v *visitor) upload(files ...string) {
	v.t.Helper()
	v.do(chromedp.SetUploadFiles(chromedp.CSS("main input[type=file]"), files))
}

// value is what stands in a field.
func (v *visitor) value(field string) string {
	v.t.Helper()
	return ask[string](v, fmt.Sprintf("document.querySelector(%q)?.value ?? '–'", "main "+field))
}

// lacks holds that the page does not say any of these.
func (v *visitor) lacks(sentences ...string) {
	v.t.Helper()
	words := v.words()
	for _, s := range sentences {
		if strings.Contains(words, s) {
			v.t.Errorf("%s at %s reads %q: %s", v.name, v.where(), s, words)
		}
	}
}

// fetch gets what a link of the page leads to, as the browser gets it.
func (v *visitor) fetch(selector string) []byte {
	v.t.Helper()
	v.until("there is "+selector, func() bool { return ask[bool](v, fmt.Sprintf("document.querySelector(%q) !== null", "main "+selector)) })
	return v.fetchAt(ask[string](v, fmt.Sprintf("document.querySelector(%q).href", "main "+selector)))
}

func (v *visitor) fetchAt(address string) []byte {
	v.t.Helper()
	got := ask[string](v, fmt.Sprintf(`fetch(%q).then(async r => r.ok ? r.blob() : Promise.reject(r.status + " " + await r.text())).then(
		b => new Promise(done => { const f = new FileReader(); f.onload = () => done(f.result); f.readAsDataURL(b) }))`, address))
	_, encoded, _ := strings.Cut(got, ";base64,")
	b, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		v.fatal("%s: %v", address, err)
	}
	return b
}

// keptAs is a file on the person's own disk.
func keptAs(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// docx is a letter as a word processor keeps it.
func docx(t *testing.T, lines ...string) []byte {
	t.Helper()
	var words strings.Builder
	for _, l := range lines {
		words.WriteString(`<w:p><w:r><w:t xml:space="preserve">` + l + `</w:t></w:r></w:p>`)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + words.String() + `</w:body></w:document>`},
	} {
		w, err := z.Create(part[0])
		if err == nil {
			_, err = w.Write([]byte(part[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// navigate goes to a page that may be refused.
func navigate(v *visitor, path string) chromedp.Action[chromedp.Void] {
	return chromedp.Navigate(v.base + path)
}

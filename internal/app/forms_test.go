package app_test

import (
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/testkit"
	"example.vn/hdnd/internal/testkit/council"
)

var (
	wholeForm = regexp.MustCompile(`(?s)<form\b[^>]*>.*?</form>`)
	openTag   = regexp.MustCompile(`(?s)<(?:form|input|textarea|select|option)\b[^>]*>`)
	attribute = regexp.MustCompile(`([\w-]+)(?:="([^"]*)")?`)
	mainLink  = regexp.MustCompile(`<a\b[^>]*\bhref="(/[^"#]*)`)
	anID      = regexp.MustCompile(`\b[0-9a-hjkmnp-tv-z]{26}\b|KN\d\d-\d{4}-\d{4}|post-[^/]+`)
)

// blankForm is a form of a page with what a browser would send of it when
// nobody has filled it in.
type blankForm struct {
	method, action string
	sent           url.Values
	required       []string
	might          map[string]string // something to say in each required field
}

// forms reads the forms of a page. Values that a page proposes for a required
// field are blanked, as by somebody who deletes them.
func forms(p council.Page) (all []blankForm) {
	for _, text := range wholeForm.FindAllString(p.Body, -1) {
		f := blankForm{sent: url.Values{}, might: map[string]string{}}
		list := "" // the required list whose entries come
		for i, tag := range openTag.FindAllString(text, -1) {
			of := map[string]string{}
			for _, m := range attribute.FindAllStringSubmatch(strings.Trim(tag, "<>"), -1) {
				of[m[1]] = html.UnescapeString(m[2])
			}
			_, required := of["required"]
			switch {
			case i == 0:
				f.method, f.action = strings.ToUpper(of["method"]), of["action"]
			case strings.HasPrefix(tag, "<option"):
				if list != "" && f.might[list] == "" {
					f.might[list] = of["value"]
				}
				continue
			case of["type"] == "checkbox" && !f.sent.Has(of["name"]):
				f.sent.Set(of["name"], of["value"])
			case required && !slices.Contains(f.required, of["name"]):
				f.required = append(f.required, of["name"])
				f.might[of["name"]] = something(tag, of)
			case !required && of["name"] != "" && of["type"] != "checkbox" && of["type"] != "radio":
				f.sent.Add(of["name"], of["value"])
			}
			list = ""
			if required && strings.HasPrefix(tag, "<select") {
				list = of["name"]
			}
		}
		all = append(all, f)
	}
	return all
}

// something is what a person might say in a field; for a list, its first entry comes later.
func something(tag string, of map[string]string) string {
	_, date := of["data-date"]
	switch {
	case strings.HasPrefix(tag, "<select"), of["type"] == "hidden":
		return ""
	case of["type"] == "radio", of["type"] == "checkbox":
		return of["value"]
	case date:
		return "20/11/2026"
	case of["inputmode"] == "numeric":
		return "5"
	}
	return "Nội dung thử của biểu mẫu"
}

// emptied sends every form that a person meets with its required fields left
// empty, each kind of form once.
type emptied struct {
	w    *council.World
	done map[string]bool
}

// walk follows the links that a person finds, one page of each kind.
func (e *emptied) walk(t *testing.T, who string) {
	b, seen := e.w.Browse(t, who), map[string]bool{}
	queue := []string{"/", "/desk", "/petitions", "/kien-nghi/gui", "/bien-nhan/kiem-tra", "/tinh-han", "/sign-in", "/account/password", "/account/second-step"}
	for n := 0; n < len(queue) && n < 300; n++ {
		at := queue[n]
		p := b.Get(t, at)
		if p.Status != http.StatusOK || !strings.Contains(p.Header.Get("Content-Type"), "html") {
			continue
		}
		for _, f := range forms(p) {
			if kind := f.method + " " + anID.ReplaceAllString(f.action, "*"); len(f.required) > 0 && !e.done[kind] {
				e.done[kind] = true
				e.send(t, b, who, at, f)
			}
		}
		for _, m := range mainLink.FindAllStringSubmatch(p.Body, -1) {
			link := html.UnescapeString(m[1])
			path, _, _ := strings.Cut(link, "?")
			if kind := anID.ReplaceAllString(path, "*"); !seen[kind] && !strings.HasPrefix(path, "/sign-") && !strings.HasPrefix(path, "/files/") {
				seen[kind] = true
				queue = append(queue, link)
			}
		}
	}
}

// send sends a form empty, then with what it asked for, until a sentence has
// stood beside each required field that nothing was said in.
func (e *emptied) send(t *testing.T, b *council.Browser, who, at string, f blankForm) {
	sent := maps.Clone(f.sent)
	for left := f.required; len(left) > 0; {
		p := sentBy(t, b, f, sent, left)
		told := slices.DeleteFunc(slices.Clone(left), func(name string) bool { return !strings.Contains(p.Body, `id="f-`+name+`-error"`) })
		if len(told) == 0 {
			t.Errorf("%s as %q: %s %s with %v left empty says nothing beside them (%d at %s): %s", at, who, f.method, f.action, left, p.Status, p.URL, p.Text())
			return
		}
		for _, name := range told {
			sent.Set(name, f.might[name])
		}
		left = slices.DeleteFunc(slices.Clone(left), func(name string) bool { return slices.Contains(told, name) })
	}
}

// sentBy sends a form as a browser does: what is left empty is sent empty.
func sentBy(t *testing.T, b *council.Browser, f blankForm, sent url.Values, left []string) council.Page {
	sent = maps.Clone(sent)
	for _, name := range left {
		sent.Set(name, "")
	}
	if f.method == http.MethodPost {
		return b.Post(t, f.action, sent)
	}
	path, _, _ := strings.Cut(f.action, "?")
	return b.Get(t, path+"?"+sent.Encode())
}

// TestEmptyForms: our forms do not let the browser check them, for it speaks
// the language of its maker. So the program has to say what is missing, beside
// the field.
func TestEmptyForms(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, address string) {
		w := council.Open(t, address)
		matrix(t, w)
		e := &emptied{w: w, done: map[string]bool{}}
		for _, who := range append([]string{""}, slices.Sorted(maps.Keys(w.People))...) {
			e.walk(t, who)
		}
		if len(e.done) < 20 {
			t.Errorf("only %d kinds of forms were met", len(e.done))
		}
		t.Logf("%d kinds of forms: %v", len(e.done), slices.Sorted(maps.Keys(e.done)))
	}, app.Migrations()...)
}

package web

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web/ui"
	"github.com/a-h/templ"
)

// Head is what the shell wants to know of a page.
type Head struct {
	Title   string
	Section string // address of the menu line the page belongs to; by the page's own address when empty
	Status  int    // 200 when zero
	Public  bool   // the citizens' header instead of the officials' menu
	Wide    bool   // tables that want the whole width
	Query   string // what was searched for, shown again in the search box
	Keys    []ui.Key
}

// Page writes body as a page in the shell. A browser script (htmx) gets the
// body alone, or the fragment it names by ?fragment=.
func Page(w http.ResponseWriter, r *http.Request, head Head, body templ.Component) error {
	var out bytes.Buffer
	ctx := r.Context()
	switch fragment := r.URL.Query().Get("fragment"); {
	case !scripted(r):
		frame, err := of(r).server.frame(w, r, head)
		if err != nil {
			return err
		}
		if err := ui.Framed(frame, body).Render(ctx, &out); err != nil {
			return err
		}
	case fragment != "":
		if err := templ.RenderFragments(ctx, &out, body, fragment); err != nil {
			return err
		}
		if out.Len() == 0 {
			return fault.New(fault.Missing, "web.fault_missing")
		}
	default:
		if err := body.Render(ctx, &out); err != nil {
			return err
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", string(text.LangOf(ctx)))
	w.WriteHeader(cmp.Or(head.Status, http.StatusOK))
	_, err := w.Write(out.Bytes())
	return cut(err)
}

// scripted reports whether the browser's script asks, not the browser itself.
func scripted(r *http.Request) bool {
	return r.Header.Get("HX-Request") == "true" && r.Header.Get("HX-Boosted") == ""
}

// SeeOther answers a form that was taken: the browser goes to url by GET, so
// that reloading does not send the form again.
func SeeOther(w http.ResponseWriter, r *http.Request, url string) error {
	if scripted(r) {
		w.Header().Set("HX-Redirect", url)
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	http.Redirect(w, r, url, http.StatusSeeOther)
	return nil
}

// WantsJSON reports whether the client asks for JSON rather than a page.
func WantsJSON(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Accept"), "application/json")
}

// JSON writes v.
func JSON(w http.ResponseWriter, status int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, err = w.Write(append(b, '\n'))
	return cut(err)
}

// The order of the menu's sections; others follow.
var sections = [...]string{"web.menu_work", "web.menu_intake", "web.menu_follow", "web.menu_knowledge", "web.menu_admin"}

func (s *Server) frame(w http.ResponseWriter, r *http.Request, head Head) (ui.Frame, error) {
	ctx, req := r.Context(), of(r)
	who, at := req.actor, s.o.Places
	f := ui.Frame{
		Title: head.Title, Lang: text.LangOf(ctx), Theme: req.theme, Back: back(r), Query: head.Query, Keys: head.Keys,
		Public: head.Public || !who.SignedIn(), Wide: head.Wide, Council: text.T(ctx, "web.council"),
		Home: at.Home, SignInURL: at.SignIn, Demonstration: s.o.Demonstration, Flash: takeFlash(w, r),
	}
	if f.Public {
		f.PublicMenu = s.publicMenu(ctx, head.here(r))
	}
	if s.o.Live != nil {
		f.LiveURL, f.LiveAs = "/live", who.SignInID+who.PostID
	}
	if who.SignedIn() {
		f.Person, f.Post, f.DeskURL = who.Name, who.PostTitle, at.Desk
		f.InboxURL, f.SearchURL, f.AccountURL, f.SignOutURL, f.ActingURL = at.Inbox, at.Search, at.Account, at.SignOut, at.ActingPost
		if name := who.OnBehalf(); name != "" {
			f.OnBehalf = text.T(ctx, "web.on_behalf", "names", name)
		}
	}
	if s.o.Surround != nil {
		around, err := s.o.Surround(ctx, who)
		if err != nil {
			return f, err
		}
		f.Posts, f.Inbox, f.Council = around.Posts, around.Inbox, cmp.Or(around.Council, f.Council)
	}
	if !f.Public {
		f.Menu = s.menu(ctx, who, head.here(r))
	}
	return f, nil
}

// here is the address that the menu compares its lines with.
func (h Head) here(r *http.Request) string { return cmp.Or(h.Section, r.URL.Path) }

// back is where a change of language or theme returns to: this page, or for the
// answer to a POST the page that posted.
func back(r *http.Request) string {
	if r.Method == http.MethodGet {
		u := *r.URL
		q := u.Query()
		q.Del("lang")
		u.RawQuery = q.Encode()
		return u.RequestURI()
	}
	return referer(r)
}

// referer is the page of ours that the request came from; "/" when unknown.
func referer(r *http.Request) string {
	from := r.Header.Get("Referer")
	_, rest, ok := strings.Cut(from, "://")
	if !ok {
		return "/"
	}
	host, path, _ := strings.Cut(rest, "/")
	if host != r.Host {
		return "/"
	}
	return LocalPath("/"+path, "/")
}

// under reports whether page is at the menu line's address or below it.
func under(line, page string) bool {
	line, _, _ = strings.Cut(line, "?")
	return page == line || line != "/" && strings.HasPrefix(page, strings.TrimSuffix(line, "/")+"/")
}

// nearest is the one menu line that the page belongs to.
func nearest(items []MenuItem, page string) string {
	best := ""
	for _, m := range items {
		if under(m.URL, page) && len(m.URL) > len(best) {
			best = m.URL
		}
	}
	return best
}

func (s *Server) publicMenu(ctx context.Context, page string) []ui.MenuLink {
	items := s.items(func(m MenuItem) bool { return m.Public })
	here := nearest(items, page)
	links := make([]ui.MenuLink, 0, len(items))
	for _, m := range items {
		links = append(links, ui.MenuLink{Label: text.T(ctx, m.Label), URL: m.URL, Icon: m.Icon, Here: m.URL == here})
	}
	return links
}

func (s *Server) items(keep func(MenuItem) bool) []MenuItem {
	var items []MenuItem
	for _, m := range s.o.Menu {
		if keep(m) {
			items = append(items, m)
		}
	}
	slices.SortStableFunc(items, func(a, b MenuItem) int { return cmp.Compare(a.Order, b.Order) })
	return items
}

// menu lists what who may open. A count that fails costs its badge, not the page.
func (s *Server) menu(ctx context.Context, who org.Actor, page string) []ui.MenuSection {
	items := s.items(func(m MenuItem) bool { return !m.Public && m.Needs.Allows(who) })
	here := nearest(items, page)
	order := slices.Clone(sections[:])
	for _, m := range items {
		if !slices.Contains(order, m.Section) {
			order = append(order, m.Section)
		}
	}
	var menu []ui.MenuSection
	for _, section := range order {
		part := ui.MenuSection{}
		if section != "" {
			part.Label = text.T(ctx, section)
		}
		for _, m := range items {
			if m.Section == section {
				part.Links = append(part.Links, ui.MenuLink{
					Label: text.T(ctx, m.Label), URL: m.URL, Icon: m.Icon, Here: m.URL == here, Count: s.count(ctx, m, who),
				})
			}
		}
		if len(part.Links) > 0 {
			menu = append(menu, part)
		}
	}
	return menu
}

func (s *Server) count(ctx context.Context, m MenuItem, who org.Actor) int {
	if m.Count == nil {
		return 0
	}
	n, err := m.Count(ctx, who)
	if err != nil {
		s.o.Log.ErrorContext(ctx, "menu count failed", "url", m.URL, "err", err)
		return 0
	}
	return n
}

// Columns is the choice of columns for the table named: as just sent (cols=…),
// else as kept in its cookie; nil when the reader never chose.
func Columns(w http.ResponseWriter, r *http.Request, table string) []string {
	name := "cols-" + table
	if sent := r.URL.Query()["cols"]; len(sent) > 0 {
		chosen := slices.DeleteFunc(sent, func(c string) bool { return c == "-" || strings.ContainsAny(c, " ,;\"") })
		setCookie(w, Secure(r), name, strings.Join(append(chosen, "-"), "."), yearSeconds)
		return append([]string{}, chosen...)
	}
	c, err := r.Cookie(name)
	if err != nil || c.Value == "" {
		return nil
	}
	return slices.DeleteFunc(strings.Split(c.Value, "."), func(c string) bool { return c == "-" || c == "" })
}

const flashCookie = "flash"

// flash is a sentence for the next page. The cookie holds its key and values
// only; a key that is not ours shows nothing.
type flash struct {
	Tone ui.Tone `json:"t"`
	Key  string  `json:"k"`
	Args []any   `json:"a"`
}

// Flash says the sentence of key on the next page that is shown.
func Flash(w http.ResponseWriter, r *http.Request, key string, args ...any) {
	leaveFlash(w, r, flash{ui.Good, key, args})
}

// FlashWarning says the sentence of key on the next page, as a warning.
func FlashWarning(w http.ResponseWriter, r *http.Request, key string, args ...any) {
	leaveFlash(w, r, flash{ui.Warning, key, args})
}

func leaveFlash(w http.ResponseWriter, r *http.Request, f flash) {
	const mostBytes, seconds = 2000, 120
	b, err := json.Marshal(f)
	if err != nil || len(b) > mostBytes {
		if b, err = json.Marshal(flash{Tone: f.Tone, Key: f.Key}); err != nil {
			return
		}
	}
	setCookie(w, Secure(r), flashCookie, base64.RawURLEncoding.EncodeToString(b), seconds)
}

func takeFlash(w http.ResponseWriter, r *http.Request) []ui.Notice {
	c, err := r.Cookie(flashCookie)
	if err != nil {
		return nil
	}
	setCookie(w, Secure(r), flashCookie, "", -1)
	b, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return nil
	}
	var f flash
	if err := json.Unmarshal(b, &f); err != nil || !text.Known(r.Context(), f.Key) {
		return nil
	}
	return []ui.Notice{{Tone: f.Tone, Text: text.T(r.Context(), f.Key, f.Args...)}}
}

package library

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/search"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// listView is a page of documents: the newest, or what was found.
type listView struct {
	Public bool
	Query  string
	Kind   string
	Year   string
	State  State
	Before string
	Rows   []Line
	Found  Answer
	Next   string
	Keeps  bool
}

func (s *Service) listPage(w http.ResponseWriter, r *http.Request) error {
	who, q := web.Actor(r), r.URL.Query()
	v := listOf(q)
	v.Keeps, v.State, v.Before = mayKeep.Allows(who), State(text.Line(q.Get("state"))), text.Line(q.Get("before"))
	if v.Query != "" {
		if err := s.find(r, who, &v); err != nil {
			return err
		}
	} else {
		rows, next, err := s.Kept(r.Context(), who, v.listing())
		if err != nil {
			return err
		}
		if v.Rows = rows; next != "" {
			v.Next = v.query("before", next)
		}
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "library.menu"), Section: home, Query: v.Query}, listBody(v))
}

func listOf(q url.Values) listView {
	return listView{Query: text.Line(q.Get("q")), Kind: text.Line(q.Get("kind")), Year: text.Line(q.Get("year"))}
}

// find fills the view with what was found.
func (s *Service) find(r *http.Request, who org.Actor, v *listView) (err error) {
	from, _ := strconv.Atoi(r.URL.Query().Get("from")) // nonsense is the first page
	from = min(max(from, 0), foundMost)
	v.Found, err = s.Find(r.Context(), who, Asked{Text: v.Query, Kind: v.Kind, Year: v.Year, State: string(v.State), Offset: from, Limit: foundPage, PublishedOnly: v.Public})
	if v.Found.More && from+foundPage < foundMost {
		v.Next = v.query("from", strconv.Itoa(from+foundPage))
	}
	return err
}

const (
	foundPage = 10
	foundMost = 100 // further down nobody reads, and the order means little
)

// listing is the view's filter for lists; a year that is none is any.
func (v listView) listing() Listing {
	l := Listing{State: v.State, Kind: v.Kind, Before: v.Before}
	if y, err := strconv.Atoi(v.Year); err == nil && y > 1900 && y < 9999 {
		l.Year = y
	}
	return l
}

func (v listView) url() string {
	if v.Public {
		return publicHome
	}
	return home
}

func (v listView) query(name, value string) string {
	q := url.Values{}
	for _, f := range [][2]string{{"q", v.Query}, {"kind", v.Kind}, {"year", v.Year}, {"state", string(v.State)}, {name, value}} {
		if f[1] != "" {
			q.Set(f[0], f[1])
		}
	}
	if len(q) == 0 {
		return v.url()
	}
	return v.url() + "?" + q.Encode()
}

func (v listView) pages() ui.Pages { return ui.Pages{Next: v.Next} }

func (v listView) title(ctx context.Context) string {
	if v.Public {
		return text.T(ctx, "library.public_title")
	}
	return text.T(ctx, "library.menu")
}

func (v listView) lead(ctx context.Context) string {
	if v.Public {
		return text.T(ctx, "library.public_lead")
	}
	return text.T(ctx, "library.lead")
}

func (v listView) filters(ctx context.Context) ui.Filters {
	f := ui.Filters{URL: v.url(), Search: &ui.Field{Name: "q", Label: text.T(ctx, "library.search"), Value: v.Query, Type: "search", Max: 500}, Clear: v.url()}
	for _, s := range []string{v.Kind, v.Year, string(v.State)} {
		if s != "" {
			f.Active++
		}
	}
	f.Open = f.Active > 0
	return f
}

func kinds(ctx context.Context, value, empty string, errs ui.Errors) ui.Choice {
	c := ui.Choice{Name: "kind", Label: text.T(ctx, "library.kind_label"), Value: value, Empty: text.T(ctx, empty), Errors: errs}
	for _, k := range Kinds() {
		c.Options = append(c.Options, ui.Option{Value: k, Label: text.T(ctx, "library.kind."+k)})
	}
	return c
}

func (v listView) states(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "state", Label: text.T(ctx, "library.state_label"), Value: string(v.State), Empty: text.T(ctx, "library.any")}
	for _, st := range States() {
		c.Options = append(c.Options, ui.Option{Value: string(st), Label: text.T(ctx, "library.state."+string(st))})
	}
	return c
}

func (v listView) table(ctx context.Context) ui.TableView[Line] {
	t := ui.TableView[Line]{ID: "documents", Caption: v.title(ctx), Rows: v.Rows, Empty: ui.Empty{Title: text.T(ctx, "library.none")}, URL: v.address,
		Columns: []ui.Column[Line]{
			{Key: "symbol", Label: text.T(ctx, "library.symbol"), Narrow: true, Fixed: true, Text: func(l Line) string { return l.Name() }},
			{Key: "subject", Label: text.T(ctx, "library.subject"), Text: func(l Line) string { return l.titled(ctx) }},
			{Key: "issuer", Label: text.T(ctx, "library.issuer"), Text: func(l Line) string { return l.Issuer }},
			{Key: "issued", Label: text.T(ctx, "library.issued_on"), Narrow: true, Text: func(l Line) string { return l.IssuedOn.VN() }},
			{Key: "status", Label: text.T(ctx, "library.status"), Cell: func(l Line) templ.Component { return ui.StateBadge(l.status(ctx)) }},
		}}
	if v.Keeps && !v.Public {
		t.Columns = append(t.Columns, ui.Column[Line]{Key: "state", Label: text.T(ctx, "library.state_label"), Cell: func(l Line) templ.Component { return ui.StateBadge(l.badge(ctx)) }})
	}
	return t
}

// address is where a line leads: the reading page of its readers.
func (v listView) address(l Line) string {
	if v.Public {
		return l.permanent()
	}
	return address(l.ID)
}

func (v listView) hitURL(f Found) string {
	at := address(f.Document.ID)
	if v.Public {
		at = f.Document.permanent()
	}
	if f.Anchor != "" {
		at += "#" + f.Anchor
	}
	return at
}

// permanent is the address that stays: people cite it.
func (d Document) permanent() string { return publicHome + "/" + d.Slug }

func (d Document) titled(ctx context.Context) string {
	if d.Subject != "" {
		return d.Subject
	}
	if d.State == Unread {
		return text.T(ctx, "library.being_read")
	}
	return d.FileName
}

var stateTones = map[State]ui.Tone{Unread: ui.Quiet, Read: ui.Warning, Checked: ui.Notable, Published: ui.Good, Withdrawn: ui.Bad}

func (d Document) badge(ctx context.Context) ui.State {
	return ui.State{Label: text.T(ctx, "library.state."+string(d.State)), Tone: stateTones[d.State]}
}

// status is what holds of the document today.
func (l Line) status(ctx context.Context) ui.State { return l.Standing.Badge(ctx) }

// title heads a hit: "Điều 5. Mức thu".
func (f Found) title(ctx context.Context) string {
	t := f.Label
	if f.Heading.Text != "" {
		if t != "" {
			t += ". "
		}
		t += f.Heading.Text
	}
	if t == "" {
		return f.Document.Name()
	}
	return t
}

// about says of which document a hit is a part.
func (f Found) about(ctx context.Context) string {
	d := f.Document
	parts := []string{d.Name(), d.Issuer}
	if !d.IssuedOn.IsZero() {
		parts = append(parts, d.IssuedOn.VN())
	}
	return strings.Join(parts, " · ")
}

// piece is a stretch of a passage, marked or not.
type piece struct {
	Text string
	Mark bool
}

// pieces cut a passage at its marks.
func pieces(p search.Passage) []piece {
	var all []piece
	at := 0
	for _, m := range p.Marks {
		if m.From > at {
			all = append(all, piece{Text: p.Text[at:m.From]})
		}
		all = append(all, piece{Text: p.Text[m.From:m.To], Mark: true})
		at = m.To
	}
	if at < len(p.Text) {
		all = append(all, piece{Text: p.Text[at:]})
	}
	return all
}

func (s *Service) documentPage(w http.ResponseWriter, r *http.Request) error {
	return s.showDocument(w, r, http.StatusOK, documentView{})
}

// documentView is the page of a document for officials.
type documentView struct {
	Whole
	MayPublish bool
	Form       *web.Form
	Errors     ui.Errors
}

func (s *Service) showDocument(w http.ResponseWriter, r *http.Request, status int, v documentView) (err error) {
	who := web.Actor(r)
	if v.Whole, err = s.Whole(r.Context(), who, r.PathValue("id")); err != nil {
		return err
	}
	v.MayPublish = mayPublish.Allows(who) && v.CouncilID == who.CouncilID
	return web.Page(w, r, web.Head{Title: v.Name(), Section: home, Status: status}, documentBody(v))
}

func (v documentView) rev() string { return strconv.FormatInt(v.Revision, 10) }

func (v documentView) typed(name string) string {
	if v.Form != nil {
		return v.Form.Text(name)
	}
	return ""
}

func (v Whole) terms(ctx context.Context) []ui.Term {
	var all []ui.Term
	add := func(key, value string) {
		if value != "" {
			all = append(all, ui.Term{Name: text.T(ctx, key), Text: value})
		}
	}
	if v.Kind != "" {
		add("library.kind_label", text.T(ctx, "library.kind."+v.Kind))
	}
	add("library.symbol", v.Symbol)
	add("library.subject", v.Subject)
	add("library.issuer", v.Issuer)
	add("library.issued_on", v.IssuedOn.VN())
	add("library.effective_on", v.EffectiveOn.VN())
	add("library.expires_on", v.ExpiresOn.VN())
	add("library.signer", strings.Trim(v.Signer+", "+v.SignerTitle, ", "))
	add("library.field", v.Field)
	if v.Term != "" {
		add("library.term", v.Term)
	}
	add("library.session", v.Session)
	return all
}

func (s *Service) nextPage(w http.ResponseWriter, r *http.Request) error {
	id, err := s.NextToCheck(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	if id == "" {
		web.Flash(w, r, "library.all_checked")
		return web.SeeOther(w, r, home)
	}
	return web.SeeOther(w, r, address(id)+"/check")
}

func (s *Service) fileOf(w http.ResponseWriter, r *http.Request) error {
	p, bytes, err := s.Open(r.Context(), web.Actor(r), r.PathValue("id"), 0)
	if err != nil {
		return err
	}
	return web.ServePaper(w, r, p, bytes)
}

func (s *Service) pictureOf(w http.ResponseWriter, r *http.Request) error {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 1 {
		return fault.New(fault.Missing, "documents.no_preview")
	}
	p, bytes, err := s.Open(r.Context(), web.Actor(r), r.PathValue("id"), n)
	if err != nil {
		return err
	}
	return web.ServePaper(w, r, p, bytes)
}

// listed reports whether a unit has a heading of its own in the contents.
func (u Unit) listed() bool { return u.Level != "clause" && u.Level != "point" }

// lines are the paragraphs of a unit; a clause or point begins with its number,
// as it is printed.
func (u Unit) lines() []string {
	all := paragraphs(u.Text)
	if u.listed() {
		return all
	}
	number := u.Title + "."
	if u.Level == "point" {
		number = u.Title + ")"
	}
	if len(all) == 0 {
		return []string{number}
	}
	all[0] = number + " " + all[0]
	return all
}

// contents reports whether a table of contents helps.
func (v Whole) contents() bool {
	n := 0
	for _, u := range v.Units {
		if u.listed() {
			n++
		}
	}
	return n > 2
}

package settings

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

const (
	homePath  = "/petitions/settings"
	forcePath = homePath + "/in-force"
	newPath   = homePath + "/new"
	setsPath  = homePath + "/sets"
)

// Routes lists the addresses.
func (d *Desk) Routes() []web.Route {
	route := func(pattern string, needs auth.Permission, handle web.Handler) web.Route {
		return web.Route{Pattern: pattern, Needs: needs, Handle: handle}
	}
	return []web.Route{
		route("GET "+homePath, MayRead, d.setsPage),
		route("GET "+forcePath, MayRead, d.inForcePage),
		route("GET "+newPath, MayDrawUp, d.newPage),
		route("POST "+setsPath, MayDrawUp, d.drawUpForm),
		route("GET "+setsPath+"/{set}", MayRead, d.setPage),
		route("GET "+setsPath+"/{set}/head", MayDrawUp, d.headPage),
		route("POST "+setsPath+"/{set}/head", MayDrawUp, d.amendForm),
		route("GET "+setsPath+"/{set}/items", MayDrawUp, d.newItemPage),
		route("POST "+setsPath+"/{set}/items", MayDrawUp, d.enterForm),
		route("POST "+setsPath+"/{set}/preview", MayDrawUp, d.previewForm),
		route("GET "+setsPath+"/{set}/items/{item}", MayDrawUp, d.itemPage),
		route("POST "+setsPath+"/{set}/items/{item}", MayDrawUp, d.reviseForm),
		route("POST "+setsPath+"/{set}/items/{item}/removal", MayDrawUp, d.removeForm),
		route("POST "+setsPath+"/{set}/test", MayDrawUp, d.testForm),
		route("POST "+setsPath+"/{set}/trial", MayRead, d.trialForm),
		route("GET "+setsPath+"/{set}/effect", MayPutInForce, d.confirmPage),
		route("POST "+setsPath+"/{set}/effect", MayPutInForce, d.putForm),
		route("POST "+setsPath+"/{set}/drop", MayDrawUp, d.dropForm),
	}
}

// Menu is the way to the settings.
func (d *Desk) Menu() []web.MenuItem {
	return []web.MenuItem{{Section: "web.menu_admin", Label: "settings.menu", Icon: "adjustments-horizontal", URL: homePath, Order: 45, Needs: MayRead}}
}

func setURL(id string) string { return setsPath + "/" + url.PathEscape(id) }

// listView is the list of sets.
type listView struct {
	Sets  []Set
	Next  string
	Draws bool
}

func (d *Desk) setsPage(w http.ResponseWriter, r *http.Request) error {
	sets, next, err := d.Sets(r.Context(), web.Actor(r), r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	v := listView{Sets: sets, Next: next, Draws: MayDrawUp.Allows(web.Actor(r))}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "settings.menu"), Section: homePath}, listBody(v))
}

func tabs(ctx context.Context, here string) []ui.Tab {
	return []ui.Tab{{Label: text.T(ctx, "settings.tab_sets"), URL: homePath, Here: here == homePath}, {Label: text.T(ctx, "settings.tab_in_force"), URL: forcePath, Here: here == forcePath}}
}

func (v listView) next() string {
	if v.Next == "" {
		return ""
	}
	return homePath + "?" + url.Values{"after": {v.Next}}.Encode()
}

func (v listView) table(ctx context.Context) ui.TableView[Set] {
	return ui.TableView[Set]{ID: "sets", Caption: text.T(ctx, "settings.tab_sets"), Rows: v.Sets, URL: func(s Set) string { return setURL(s.ID) },
		Empty: ui.Empty{Title: text.T(ctx, "settings.none"), Text: text.T(ctx, "settings.none_text"), Action: listActs(v)},
		Columns: []ui.Column[Set]{
			{Key: "title", Label: text.T(ctx, "settings.field_title"), Text: func(s Set) string { return s.Title }},
			{Key: "state", Label: text.T(ctx, "settings.field_state"), Narrow: true, Cell: func(s Set) templ.Component { return ui.StateBadge(badge(ctx, s)) }},
			{Key: "from", Label: text.T(ctx, "settings.field_from"), Narrow: true, Text: func(s Set) string { return s.From.VN() }},
			{Key: "basis", Label: text.T(ctx, "settings.field_basis"), Text: Set.Basis},
			{Key: "by", Label: text.T(ctx, "settings.field_by"), Text: func(s Set) string { return s.ByName }},
			{Key: "decided", Label: text.T(ctx, "settings.field_decided"), Text: Set.decided},
		}}
}

// decided names who decided on the set; both people when somebody stood in.
func (s Set) decided() string {
	if s.OnBehalf != "" {
		return s.DecidedName + " (" + s.OnBehalf + ")"
	}
	return s.DecidedName
}

func badge(ctx context.Context, s Set) ui.State {
	if s.Waiting {
		return ui.State{Label: text.T(ctx, "settings.waiting"), Tone: ui.Notable}
	}
	tone := map[State]ui.Tone{Draft: ui.Plain, Tested: ui.Notable, InForce: ui.Good, Dropped: ui.Warning}[s.State]
	return ui.State{Label: text.T(ctx, "settings.state."+string(s.State)), Tone: tone}
}

// boardView is what is in force of one kind.
type boardView struct {
	Board
	labels
}

func (d *Desk) inForcePage(w http.ResponseWriter, r *http.Request) error {
	kind := Kind(r.URL.Query().Get("kind"))
	if !slices.Contains(Kinds(), kind) {
		kind = FieldKind
	}
	b, err := d.InForce(r.Context(), web.Actor(r), kind, r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "settings.tab_in_force"), Section: homePath, Wide: true}, boardBody(boardView{b, labelsOf(r.Context(), b.Choices)}))
}

func (v boardView) kinds(ctx context.Context) []ui.Tab {
	var all []ui.Tab
	for _, k := range Kinds() {
		all = append(all, ui.Tab{Label: text.T(ctx, "settings.kind."+string(k)), URL: forcePath + "?kind=" + string(k), Here: k == v.Kind})
	}
	return all
}

func (v boardView) table(ctx context.Context) ui.TableView[Standing] {
	return ui.TableView[Standing]{ID: "now", Caption: text.T(ctx, "settings.in_force_now"), Rows: v.Now, Empty: ui.Empty{Title: text.T(ctx, "settings.none_in_force")},
		Columns: []ui.Column[Standing]{
			{Key: "what", Label: text.T(ctx, "settings.col_what"), Text: func(s Standing) string { return v.what(ctx, s.Change, "") }},
			{Key: "value", Label: text.T(ctx, "settings.col_value"), Cell: func(s Standing) templ.Component {
				if s.Ended {
					return saidCell(text.T(ctx, "settings.ended", "value", v.value(ctx, s.Change)), s.Change)
				}
				return saidCell(v.value(ctx, s.Change), s.Change)
			}},
			{Key: "basis", Label: text.T(ctx, "settings.field_basis"), Text: func(s Standing) string { return cmp.Or(s.Basis, text.T(ctx, "settings.shipped")) }},
			{Key: "since", Label: text.T(ctx, "settings.col_since"), Narrow: true, Text: func(s Standing) string { return s.Since.VN() }},
			{Key: "by", Label: text.T(ctx, "settings.col_decided"), Text: func(s Standing) string { return s.by() }},
		}}
}

func (v boardView) next() string {
	if v.Next == "" {
		return ""
	}
	return forcePath + "?" + url.Values{"kind": {string(v.Kind)}, "after": {v.Next}}.Encode()
}

func (s Source) by() string {
	if s.OnBehalf != "" {
		return s.ByName + " (" + s.OnBehalf + ")"
	}
	return s.ByName
}

func (v boardView) history(ctx context.Context) ui.TableView[Past] {
	return ui.TableView[Past]{ID: "history", Caption: text.T(ctx, "settings.history"), Rows: v.History, Empty: ui.Empty{Title: text.T(ctx, "settings.none_history")},
		Columns: []ui.Column[Past]{
			{Key: "from", Label: text.T(ctx, "settings.field_from"), Narrow: true, Text: func(p Past) string {
				if p.ToCome {
					return text.T(ctx, "settings.to_come", "day", p.Since.VN())
				}
				return p.Since.VN()
			}},
			{Key: "what", Label: text.T(ctx, "settings.col_what"), Text: func(p Past) string { return v.what(ctx, p.Change, p.What) }},
			{Key: "change", Label: text.T(ctx, "settings.col_change"), Cell: func(p Past) templ.Component { return saidCell(v.change(ctx, p.Change), p.Change) }},
			{Key: "basis", Label: text.T(ctx, "settings.field_basis"), Text: func(p Past) string { return p.Basis }},
			{Key: "by", Label: text.T(ctx, "settings.col_decided"), Text: func(p Past) string { return p.Source.by() }},
		}}
}

// labels names what changes know by code or id.
type labels struct {
	lang  text.Lang
	names map[string]string // "field urban.roads" → its name
}

func labelsOf(ctx context.Context, c Choices) labels {
	l := labels{text.LangOf(ctx), map[string]string{}}
	for _, b := range c.Branches {
		l.names["field "+b.Code] = l.in(b.Vi, b.En)
	}
	for _, f := range c.Fields {
		l.names["field "+f.Code] = l.in(f.Vi, f.En)
	}
	for kind, terms := range c.Terms {
		for _, t := range terms {
			l.names[string(kind)+" "+t.Code] = l.in(t.Vi, t.En)
		}
	}
	for _, u := range c.Units {
		l.names["ward "+u.Code] = u.FullName
	}
	for id, name := range c.BodyNames {
		l.names["body "+id] = name
	}
	for _, b := range c.Bodies {
		l.names["body "+b.ID] = b.Name
	}
	for _, ch := range c.Channels {
		l.names["channel "+ch.Code] = text.T(ctx, ch.Key)
	}
	for _, a := range c.Authorities {
		l.names["authority "+a] = text.T(ctx, "petitions.authority."+a)
	}
	return l
}

func (l labels) in(vi, en string) string {
	if l.lang == text.En && en != "" {
		return en
	}
	return vi
}

// name is what a code is called; the code itself when it is not known.
func (l labels) name(family, code string) string { return cmp.Or(l.names[family+" "+code], code) }

// what names the thing that a change is about. known is the name of one that
// the change knows by its id only.
func (l labels) what(ctx context.Context, c Change, known string) string {
	switch c := c.(type) {
	case FieldChange:
		return l.name("field", c.Code) + " (" + c.Code + ")"
	case TermChange:
		return l.name(string(c.Of), c.Code)
	case TemplateChange:
		return cmp.Or(known, c.Title)
	case RuleChange:
		return cmp.Or(known, c.Title)
	case DeadlineChange:
		return limitName(ctx, c.Key)
	case RetentionChange:
		return text.T(ctx, "settings.keep."+string(c.Keep))
	}
	return ""
}

// limitName is what a time limit is called among the deadlines of petitions.
func limitName(ctx context.Context, key string) string {
	_, name, _ := strings.Cut(key, ".")
	if text.Known(ctx, "petitions.deadline."+name) {
		return text.T(ctx, "petitions.deadline."+name)
	}
	return key
}

// change says what is done, and to what.
func (l labels) change(ctx context.Context, c Change) string {
	action := Revise
	switch c := c.(type) {
	case FieldChange:
		action = c.Action
	case TermChange:
		action = c.Action
	case TemplateChange:
		action = c.Action
	case RuleChange:
		action = c.Action
	}
	said := text.T(ctx, "settings.action."+string(action))
	if value := l.value(ctx, c); value != "" && action != End {
		said += ": " + value
	}
	return said
}

// value says what holds by a change.
func (l labels) value(ctx context.Context, c Change) string {
	switch c := c.(type) {
	case FieldChange:
		return pair(c.Vi, c.En)
	case TermChange:
		return pair(c.Vi, c.En)
	case TemplateChange:
		if c.Verb == "" {
			return ""
		}
		return text.T(ctx, "settings.verb."+c.Verb) + " · " + l.scope(ctx, c.Field) + " · “" + beginning(c.Text) + "”"
	case RuleChange:
		return l.rule(ctx, c.RuleBody)
	case DeadlineChange:
		return span(ctx, c.Count, c.Unit) + " · " + basis(ctx, c.Article, c.Confirmed)
	case RetentionChange:
		return text.T(ctx, "settings.months_after", "n", c.Months) + " · " + c.Basis
	}
	return ""
}

func pair(vi, en string) string { return strings.Trim(vi+" / "+en, " /") }

func (l labels) scope(ctx context.Context, field string) string {
	if field == "" {
		return text.T(ctx, "settings.all_fields")
	}
	return l.name("field", field)
}

// beginning is enough of a text to know it by.
func beginning(s string) string {
	const most = 80
	if r := []rune(text.Line(s)); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text.Line(s)
}

// whole is the text of a template, where its beginning is not all of it.
func whole(c Change) string {
	if t, ok := c.(TemplateChange); ok && beginning(t.Text) != t.Text {
		return t.Text
	}
	return ""
}

func basis(ctx context.Context, article string, confirmed bool) string {
	if confirmed {
		return article
	}
	return text.T(ctx, "settings.unconfirmed")
}

func span(ctx context.Context, n int, unit calendar.Unit) string {
	switch unit {
	case calendar.WorkingDays:
		return text.T(ctx, "calendar.term_working_days", "count", n)
	case calendar.Months:
		return text.T(ctx, "calendar.term_months", "count", n)
	}
	return text.T(ctx, "calendar.term_days", "count", n)
}

// rule says a rule as a sentence: when, and what it proposes.
func (l labels) rule(ctx context.Context, b RuleBody) string {
	var asks, gives []string
	if len(b.Any) > 0 {
		asks = append(asks, text.T(ctx, "settings.says_any", "words", quotes(b.Any)))
	}
	if len(b.All) > 0 {
		asks = append(asks, text.T(ctx, "settings.says_all", "words", quotes(b.All)))
	}
	for _, f := range []struct{ family, code string }{{"field", b.Field}, {"ward", b.Ward}, {"authority", b.Authority}, {"channel", b.Channel}} {
		if f.code != "" {
			asks = append(asks, text.T(ctx, "settings.field_"+f.family)+" = "+l.name(f.family, f.code))
		}
	}
	for _, f := range []struct{ family, code string }{{"field", b.ToField}, {"authority", b.ToAuthority}, {"body", b.ToBody}} {
		if f.code != "" {
			gives = append(gives, text.T(ctx, "settings.field_"+f.family)+" = "+l.name(f.family, f.code))
		}
	}
	if len(gives) == 0 {
		return ""
	}
	return text.T(ctx, "settings.rule_sentence", "asks", strings.Join(asks, "; "), "gives", strings.Join(gives, "; "), "priority", b.Priority)
}

func quotes(words []string) string { return "“" + strings.Join(words, "”, “") + "”" }

func number(ctx context.Context, n int) string { return text.Number(text.LangOf(ctx), int64(n)) }

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

package watchlist

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"

	"github.com/a-h/templ"
)

type listsView struct {
	Rows    []Counted
	Next    string
	MayKeep bool
}

func (d *Desk) listsPage(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	v := listsView{MayKeep: mayKeep.Allows(who)}
	var err error
	if v.Rows, v.Next, err = d.Lists(r.Context(), who, text.Line(r.URL.Query().Get("before"))); err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "watchlist.menu"), Section: home}, listsBody(v))
}

func (v listsView) table(ctx context.Context) ui.TableView[Counted] {
	return ui.TableView[Counted]{ID: "watchlists", Caption: text.T(ctx, "watchlist.menu"), Rows: v.Rows, Empty: ui.Empty{Title: text.T(ctx, "watchlist.none"), Text: text.T(ctx, "watchlist.lead")},
		URL: func(c Counted) string { return home + "/" + c.ID },
		Columns: []ui.Column[Counted]{
			{Key: "title", Label: text.T(ctx, "watchlist.title"), Fixed: true, Text: func(c Counted) string { return c.Title }},
			{Key: "period", Label: text.T(ctx, "watchlist.period"), Narrow: true, Text: func(c Counted) string { return c.period(ctx) }},
			{Key: "letters", Label: text.T(ctx, "watchlist.letters"), Number: true, Text: func(c Counted) string { return strconv.FormatInt(c.Letters, 10) }},
			{Key: "state", Label: text.T(ctx, "watchlist.list_state"), Cell: func(c Counted) templ.Component { return ui.StateBadge(c.badge(ctx)) }},
		}}
}

func (v listsView) pages() ui.Pages {
	if v.Next == "" {
		return ui.Pages{}
	}
	return ui.Pages{Next: home + "?before=" + v.Next}
}

func (l List) period(ctx context.Context) string {
	return text.T(ctx, "watchlist.period_words", "from", l.From.VN(), "until", l.Until.VN())
}

func (l List) badge(ctx context.Context) ui.State {
	tone := ui.Notable
	if !l.open() {
		tone = ui.Good
	}
	return ui.State{Label: text.T(ctx, "watchlist.state_"+l.State), Tone: tone}
}

func (l List) url() string { return home + "/" + l.ID }

func (l List) rev() string { return strconv.FormatInt(l.Revision, 10) }

// sheetView is the page of one list.
type sheetView struct {
	Sheet
	Form   *web.Form
	Errors ui.Errors
	Today  clock.Date
}

func (d *Desk) listPage(w http.ResponseWriter, r *http.Request) error {
	return d.showList(w, r, sheetView{}, http.StatusOK)
}

func (d *Desk) showList(w http.ResponseWriter, r *http.Request, v sheetView, status int) error {
	var err error
	if v.Sheet, err = d.Sheet(r.Context(), web.Actor(r), r.PathValue("id")); err != nil {
		return err
	}
	v.Today = clock.Today(d.Clock)
	return web.Page(w, r, web.Head{Title: v.Title, Section: home, Wide: true, Status: status}, listBody(v))
}

func (v sheetView) typed(name, otherwise string) string {
	if v.Form.Has(name) {
		return v.Form.Text(name)
	}
	return otherwise
}

func (v sheetView) facts(ctx context.Context) []ui.Term {
	all := []ui.Term{{Name: text.T(ctx, "watchlist.period"), Text: v.period(ctx)}, {Name: text.T(ctx, "watchlist.document"), Text: v.Document}}
	for _, f := range []struct{ key, value string }{{"watchlist.basis", v.Basis}, {"watchlist.theme", v.Theme}, {"watchlist.made_by", v.MadeName}, {"watchlist.conclusion_document", v.ConclusionDocument},
		{"watchlist.conclusion_on", v.ConclusionOn.VN()}, {"watchlist.conclusion", v.Conclusion}, {"watchlist.closed_by", v.ClosedName}} {
		if f.value != "" {
			all = append(all, ui.Term{Name: text.T(ctx, f.key), Text: f.value})
		}
	}
	return all
}

func (v sheetView) table(ctx context.Context) ui.TableView[Line] {
	return ui.TableView[Line]{ID: "watched", Wide: true, Caption: text.T(ctx, "watchlist.on_it"), Rows: v.Lines, Empty: ui.Empty{Title: text.T(ctx, "watchlist.letters_empty")},
		URL: func(l Line) string { return v.url() + "/letters/" + l.LetterID },
		Tone: func(l Line) ui.Tone {
			if l.Letter.Late {
				return ui.Bad
			}
			return ui.Plain
		},
		Columns: []ui.Column[Line]{
			{Key: "letter", Label: text.T(ctx, "watchlist.letter"), Narrow: true, Fixed: true, Text: func(l Line) string { return l.Letter.Title }},
			{Key: "summary", Label: text.T(ctx, "watchlist.summary"), Cell: func(l Line) templ.Component { return twoLines(l.Letter.words(), l.Letter.Sender) }},
			{Key: "body", Label: text.T(ctx, "watchlist.body"), Cell: func(l Line) templ.Component { return twoLines(l.Letter.Body, l.Letter.Unit) }},
			{Key: "state", Label: text.T(ctx, "watchlist.state"), Text: func(l Line) string { return l.Letter.State }},
			{Key: "asked", Label: text.T(ctx, "watchlist.asked"), Text: func(l Line) string { return short(l.Asked) }},
			{Key: "answer", Label: text.T(ctx, "watchlist.answer"), Cell: func(l Line) templ.Component { return twoLines(l.AnswerDocument, short(l.Answer)) }},
			{Key: "finding", Label: text.T(ctx, "watchlist.progress"), Cell: func(l Line) templ.Component { return ui.StateBadge(l.badge(ctx)) }},
		}}
}

// words are the summary, cut for a list.
func (l Letter) words() string { return short(l.Summary) }

func short(s string) string {
	const most = 140
	s = text.Line(s)
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

func (e Entry) finding(ctx context.Context) string {
	if e.Finding == "" {
		return ""
	}
	return text.T(ctx, "watchlist.finding_"+string(e.Finding))
}

var progressTones = map[Progress]ui.Tone{Listed: ui.Quiet, Asked: ui.Warning, Answered: ui.Notable, Concluded: ui.Good}

// badge is how far a letter is, or what was found about it.
func (e Entry) badge(ctx context.Context) ui.State {
	p := e.progress()
	if p == Concluded {
		tone := ui.Good
		if e.Finding == "again" {
			tone = ui.Bad
		}
		return ui.State{Label: e.finding(ctx), Tone: tone}
	}
	return ui.State{Label: text.T(ctx, "watchlist.progress_"+string(p)), Tone: progressTones[p]}
}

func (t Tally) name(ctx context.Context) string {
	if t.Body == "" {
		return text.T(ctx, "watchlist.no_body")
	}
	return t.Body
}

func (v sheetView) states(ctx context.Context) ui.Stack {
	s := ui.Stack{Caption: text.T(ctx, "watchlist.by_progress")}
	for _, p := range steps() {
		s.Parts = append(s.Parts, ui.Bar{Label: text.T(ctx, "watchlist.progress_"+string(p)), Value: v.States[p], Tone: progressTones[p]})
	}
	return s
}

func (v sheetView) bodies(ctx context.Context) ui.Bars {
	b := ui.Bars{Caption: text.T(ctx, "watchlist.by_body_late"), Name: text.T(ctx, "watchlist.body"), Unit: text.T(ctx, "watchlist.letters")}
	for _, t := range v.Bodies {
		b.Bars = append(b.Bars, ui.Bar{Label: t.name(ctx), Value: t.All, Bad: t.Late, Tone: ui.Quiet,
			Text: text.T(ctx, "watchlist.body_count", "n", t.All, "late", t.Late, "concluded", t.Count[Concluded])})
	}
	return b
}

// findView is the page on which letters are looked for.
type findView struct {
	Found
	Filter Filter
	Before string
	Errors ui.Errors
}

func filterOf(q url.Values) (f Filter) {
	f = Filter{Kind: text.Line(q.Get("kind")), Body: text.Line(q.Get("body")), Unit: text.Line(q.Get("unit")), Result: text.Line(q.Get("result")), Late: q.Get("late") != ""}
	for _, d := range []struct {
		name string
		at   *clock.Date
	}{{"from", &f.From}, {"until", &f.Until}} {
		if on, err := clock.ParseDate(text.Line(q.Get(d.name))); err == nil {
			*d.at = on
		}
	}
	return f
}

func (d *Desk) findPage(w http.ResponseWriter, r *http.Request) error {
	return d.showFind(w, r, ui.Errors{}, http.StatusOK)
}

func (d *Desk) showFind(w http.ResponseWriter, r *http.Request, errs ui.Errors, status int) error {
	q := r.URL.Query()
	v := findView{Filter: filterOf(q), Before: text.Line(q.Get("before")), Errors: errs}
	var err error
	if v.Found, err = d.FindFor(r.Context(), web.Actor(r), r.PathValue("id"), v.Filter, v.Before); err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "watchlist.add_title"), Section: home, Wide: true, Status: status}, findBody(v))
}

func (v findView) query(before string) string {
	q := url.Values{}
	for _, f := range []struct{ name, value string }{{"kind", v.Filter.Kind}, {"body", v.Filter.Body}, {"unit", v.Filter.Unit}, {"result", v.Filter.Result}, {"from", v.Filter.From.VN()}, {"until", v.Filter.Until.VN()}, {"before", before}} {
		if f.value != "" {
			q.Set(f.name, f.value)
		}
	}
	if v.Filter.Late {
		q.Set("late", "1")
	}
	at := v.List.url() + "/letters"
	if len(q) > 0 {
		at += "?" + q.Encode()
	}
	return at
}

func (v findView) active() int {
	n := 0
	for _, on := range []bool{v.Filter.Kind != "", v.Filter.Body != "", v.Filter.Unit != "", v.Filter.Result != "", v.Filter.Late, !v.Filter.From.IsZero(), !v.Filter.Until.IsZero()} {
		if on {
			n++
		}
	}
	return n
}

func (v findView) choice(ctx context.Context, name, label, value string, of []Choice) ui.Choice {
	c := ui.Choice{Name: name, Label: text.T(ctx, label), Value: value, Empty: text.T(ctx, "watchlist.any")}
	for _, one := range of {
		c.Options = append(c.Options, ui.Option{Value: one.Code, Label: one.Label})
	}
	return c
}

func (v findView) late() string {
	if v.Filter.Late {
		return "1"
	}
	return ""
}

func (v findView) letters(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "letters", Label: text.T(ctx, "watchlist.found"), Errors: v.Errors}
	for _, l := range v.Rows {
		o := ui.Option{Value: l.ID, Label: l.Title + " · " + l.ReceivedOn.VN() + " · " + l.Kind, Hint: l.hint(ctx), Disabled: v.On[l.ID]}
		if o.Disabled {
			o.Label += " (" + text.T(ctx, "watchlist.on_list") + ")"
		}
		c.Options = append(c.Options, o)
	}
	return c
}

func (l Letter) hint(ctx context.Context) string {
	line := l.words()
	for _, part := range []string{l.Body, l.Unit, l.State} {
		if part != "" {
			line += " · " + part
		}
	}
	if l.Late {
		line += " · " + text.T(ctx, "watchlist.is_late")
	}
	return line
}

func (v findView) pages() ui.Pages {
	if v.Next == "" {
		return ui.Pages{}
	}
	return ui.Pages{Next: v.query(v.Next)}
}

// entryView is the page of one letter on a list.
type entryView struct {
	Watched
	Form   *web.Form
	Errors ui.Errors
}

func (d *Desk) entryPage(w http.ResponseWriter, r *http.Request) error {
	return d.showEntry(w, r, entryView{}, http.StatusOK)
}

func (d *Desk) showEntry(w http.ResponseWriter, r *http.Request, v entryView, status int) error {
	var err error
	if v.Watched, err = d.Watched(r.Context(), web.Actor(r), r.PathValue("id"), r.PathValue("letter")); err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: v.Letter.Title, Section: home, Status: status}, entryBody(v))
}

func (v entryView) url() string { return v.List.url() + "/letters/" + v.LetterID }

func (v entryView) rev() string { return strconv.FormatInt(v.Entry.Revision, 10) }

func (v entryView) typed(name, otherwise string) string {
	if v.Form != nil {
		return v.Form.Text(name)
	}
	return otherwise
}

func (v entryView) findings(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "finding", Label: text.T(ctx, "watchlist.finding"), Value: v.typed("finding", string(v.Finding)), Empty: text.T(ctx, "watchlist.finding_none"), Errors: v.Errors}
	for _, f := range findings() {
		c.Options = append(c.Options, ui.Option{Value: string(f), Label: text.T(ctx, "watchlist.finding_"+string(f))})
	}
	return c
}

func (l Letter) facts(ctx context.Context) []ui.Term {
	var all []ui.Term
	for _, f := range []struct{ key, value string }{{"watchlist.received_on", l.ReceivedOn.VN()}, {"watchlist.kind", l.Kind}, {"watchlist.sender", l.Sender}, {"watchlist.summary", l.Summary}, {"watchlist.unit", l.Unit},
		{"watchlist.body", l.Body}, {"watchlist.state", l.State}, {"watchlist.due", l.Due.VN()}, {"watchlist.body_answer", l.Answer}} {
		if f.value != "" {
			all = append(all, ui.Term{Name: text.T(ctx, f.key), Text: f.value})
		}
	}
	return all
}

func (v entryView) facts(ctx context.Context) []ui.Term { return v.Letter.facts(ctx) }

// said are the words of a letter that may not be changed any more.
func (v entryView) said(ctx context.Context) []ui.Term {
	var all []ui.Term
	for _, f := range []struct{ key, value string }{{"watchlist.note", v.Note}, {"watchlist.asked", dated(v.Asked, v.AskedOn)}, {"watchlist.answer", dated(v.AnswerDocument+" "+v.Answer, v.AnsweredOn)},
		{"watchlist.finding", v.finding(ctx)}, {"watchlist.conclusion", v.Conclusion}} {
		if f.value != "" {
			all = append(all, ui.Term{Name: text.T(ctx, f.key), Text: f.value})
		}
	}
	return all
}

// watchView is the page on which one letter is put on a list.
type watchView struct {
	Watching
	Errors ui.Errors
}

func (d *Desk) watchPage(w http.ResponseWriter, r *http.Request) error {
	return d.showWatch(w, r, ui.Errors{}, http.StatusOK)
}

func (d *Desk) showWatch(w http.ResponseWriter, r *http.Request, errs ui.Errors, status int) error {
	v := watchView{Errors: errs}
	var err error
	if v.Watching, err = d.Watching(r.Context(), web.Actor(r), r.PathValue("id")); err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "watchlist.watch_title"), Section: home, Status: status}, watchBody(v))
}

func (v watchView) lists(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "list", Label: text.T(ctx, "watchlist.choose_list"), Required: true, Errors: v.Errors}
	for _, l := range v.Lists {
		o := ui.Option{Value: l.ID, Label: l.Title, Hint: l.period(ctx), Disabled: slices.Contains(v.On, l.ID)}
		if o.Disabled {
			o.Label += " (" + text.T(ctx, "watchlist.on_list") + ")"
		}
		c.Options = append(c.Options, o)
	}
	return c
}

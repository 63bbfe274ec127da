package reminders

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"

	"github.com/a-h/templ"
)

// promisesView is a list of promises.
type promisesView struct {
	Today clock.Date
	All   []Listed
	Kind  string
	Own   bool   // those of the reader's own body
	Body  string // id of the one body that is asked for
	By    []OpenBy
	Next  string
}

func (d *Desk) promisesPage(w http.ResponseWriter, r *http.Request) error {
	q, who := r.URL.Query(), web.Actor(r)
	v := promisesView{Today: clock.Today(d.Clock), Kind: listRunning, Own: who.BodyKind.Answers()}
	if k := q.Get("list"); k == listEnded || k == listAsked {
		v.Kind = k
	}
	day, id, _ := strings.Cut(q.Get("after"), ".")
	var err error
	v.Body = text.Line(q.Get("body"))
	if v.All, err = d.Promises(r.Context(), who, v.Kind, v.Body, text.Line(day), text.Line(id)); err != nil {
		return err
	}
	if v.By, err = d.OpenBy(r.Context(), who); err != nil {
		return err
	}
	if len(v.All) > pageRows {
		v.All = v.All[:pageRows]
		last := v.All[pageRows-1]
		v.Next = promisesPath + "?" + url.Values{"list": {v.Kind}, "body": {v.Body}, "after": {last.day(v.Kind).String() + "." + last.ID}}.Encode()
		if v.Kind == listAsked {
			v.Next = "" // decided one by one, the oldest first: the list moves up
		}
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "reminders.menu_promises"), Section: promisesPath}, promisesBody(v))
}

// day is what a list of promises is in order of.
func (l Listed) day(kind string) clock.Date {
	if kind == listEnded {
		return l.EndedOn
	}
	return l.Due
}

func (v promisesView) tabs(ctx context.Context) []ui.Tab {
	var all []ui.Tab
	for _, k := range []string{listRunning, listAsked, listEnded} {
		all = append(all, ui.Tab{Label: text.T(ctx, "reminders.list_"+k), URL: promisesPath + "?" + url.Values{"list": {k}, "body": {v.Body}}.Encode(), Here: v.Kind == k})
	}
	return all
}

func (v promisesView) table(ctx context.Context) ui.TableView[Listed] {
	t := ui.TableView[Listed]{ID: "promises", Caption: text.T(ctx, "reminders.menu_promises"), Rows: v.All, Empty: ui.Empty{Title: text.T(ctx, "reminders.promises_none")}, URL: func(l Listed) string { return promisePath + l.ID },
		Columns: []ui.Column[Listed]{
			{Key: "code", Label: text.T(ctx, "reminders.code"), Narrow: true, Text: func(l Listed) string { return l.Code }},
			{Key: "title", Label: text.T(ctx, "reminders.content"), Text: func(l Listed) string { return l.Title }},
			{Key: "what", Label: text.T(ctx, "reminders.promise_of"), Text: func(l Listed) string { return promiseOfWords(ctx, l.Source, l.Number) }},
			{Key: "due", Label: text.T(ctx, "reminders.promise_due"), Cell: func(l Listed) templ.Component { return dueBadge(l, v.Today) }},
			{Key: "state", Label: text.T(ctx, "reminders.state"), Text: func(l Listed) string { return l.words(ctx) }},
		}}
	if !v.Own {
		t.Columns = append(t.Columns, ui.Column[Listed]{Key: "body", Label: text.T(ctx, "reminders.body"), Text: func(l Listed) string { return l.Body }})
	}
	return t
}

// bodies draws the open promises of each body.
func (v promisesView) bodies(ctx context.Context) ui.Bars {
	bars := ui.Bars{Caption: text.T(ctx, "reminders.open_by_note"), Name: text.T(ctx, "reminders.body"), Unit: text.T(ctx, "reminders.menu_promises")}
	for _, k := range v.By {
		bars.Bars = append(bars.Bars, ui.Bar{Label: k.Body, Value: k.Running + k.Broken, Bad: k.Broken, Tone: ui.Quiet,
			Text: text.T(ctx, "reminders.open_line", "broken", k.Broken, "running", k.Running),
			URL:  promisesPath + "?" + url.Values{"list": {v.Kind}, "body": {k.BodyID}}.Encode()})
	}
	return bars
}

func promiseOfWords(ctx context.Context, source Source, number int) string {
	if source == FromLetter {
		return text.T(ctx, "reminders.source_letter")
	}
	return text.T(ctx, "reminders.source_answer", "n", number)
}

func (l Listed) words(ctx context.Context) string {
	s := text.T(ctx, "reminders.promise_state_"+string(l.State))
	if l.Moves > 0 {
		s += " · " + text.T(ctx, "reminders.moved_times", "n", l.Moves)
	}
	if l.Asked != "" {
		s += " · " + text.T(ctx, "reminders.asks_"+l.Asked)
	}
	return s
}

// promiseForm is the page of one promise with its forms.
type promiseForm struct {
	PromiseView
	Which  string // of the forms that was not taken
	Form   *web.Form
	Errors ui.Errors
}

func (p promiseForm) errors(form string) ui.Errors {
	if p.Which == form {
		return p.Errors
	}
	return ui.Errors{}
}

func (p promiseForm) typed(form, name string) string {
	if p.Which == form {
		return p.Form.Text(form + "." + name)
	}
	return ""
}

func (d *Desk) promisePage(w http.ResponseWriter, r *http.Request) error {
	return d.showPromise(w, r, promiseForm{}, http.StatusOK)
}

func (d *Desk) showPromise(w http.ResponseWriter, r *http.Request, p promiseForm, status int) error {
	var err error
	if p.PromiseView, err = d.Promise(r.Context(), web.Actor(r), r.PathValue("promise")); err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "reminders.promise_title", "code", p.Code), Section: promisesPath, Status: status}, promiseBody(p))
}

func (p promiseForm) facts(ctx context.Context) []ui.Term {
	all := []ui.Term{{Name: text.T(ctx, "reminders.body"), Text: p.Body}, {Name: text.T(ctx, "reminders.content"), Text: p.Title},
		{Name: text.T(ctx, "reminders.promise_of"), Text: promiseOfWords(ctx, p.Source, p.Number)},
		{Name: text.T(ctx, "reminders.first_due"), Text: p.Promised.VN()}, {Name: text.T(ctx, "reminders.promise_due"), Text: p.Due.VN()},
		{Name: text.T(ctx, "reminders.state"), Text: Listed{State: p.State, Moves: p.Moves, Asked: p.Asked}.words(ctx)}}
	if !p.BrokenOn.IsZero() {
		all = append(all, ui.Term{Name: text.T(ctx, "reminders.broken_on"), Text: p.BrokenOn.VN()})
	}
	return all
}

func (p promiseForm) events(ctx context.Context) []ui.Event {
	all := make([]ui.Event, 0, len(p.Acts))
	for i := len(p.Acts) - 1; i >= 0; i-- {
		a := p.Acts[i]
		e := ui.Event{When: a.At.In(clock.Hanoi).Format("15:04 02/01/2006"), Title: text.T(ctx, "reminders.act_"+a.Verb, "from", a.FromDue.VN(), "to", a.ToDue.VN()), Who: a.who(ctx), Text: strings.Trim(a.Note+" · "+a.Document, " ·")}
		if a.Verb == "break" {
			e.Tone = ui.Bad
		}
		if a.Verb == "keep" || a.Verb == "accept_done" {
			e.Tone = ui.Good
		}
		all = append(all, e)
	}
	return all
}

func (a Act) who(ctx context.Context) string {
	if a.PersonName == "" {
		return text.T(ctx, "reminders.by_program")
	}
	who := strings.Trim(a.PersonName+", "+a.PostTitle+", "+a.BodyName, ", ")
	if a.OnBehalf != "" {
		who += " (" + text.T(ctx, "reminders.on_behalf", "name", a.OnBehalf) + ")"
	}
	return who
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

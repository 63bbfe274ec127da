package gate

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

const (
	chartHours = 48
	rowsShown  = 200
	daysMost   = 30
	reasonDays = 90
)

func (d *Desk) overview(w http.ResponseWriter, r *http.Request) error {
	ctx, who := r.Context(), web.Actor(r)
	p, err := d.standing(ctx, who)
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(ctx, "gate.menu"), Section: gatePath}, overviewBody(p))
}

// firstHour is the beginning of the chart: whole hours.
func firstHour(now time.Time) time.Time {
	return now.Truncate(time.Hour).Add(-(chartHours - 1) * time.Hour)
}

// chart fills the hours without hand-ins in.
func (p overviewPage) chart(ctx context.Context) ui.Columns {
	c := ui.Columns{Caption: text.T(ctx, "gate.chart_caption"), Name: text.T(ctx, "gate.hour"), Unit: text.T(ctx, "gate.hand_ins")}
	by := map[int64]int64{}
	for _, h := range p.Hours {
		by[h.Slot] = h.N
	}
	for i := range chartHours {
		at := firstHour(p.Now).Add(time.Duration(i) * time.Hour)
		label := at.In(clock.Hanoi).Format("15h")
		if i == 0 || at.In(clock.Hanoi).Hour() == 0 {
			label = at.In(clock.Hanoi).Format("02/01")
		}
		c.Columns = append(c.Columns, ui.Bar{Label: label, Value: by[at.Unix()/int64(time.Hour/time.Second)]})
	}
	return c
}

func (p overviewPage) figures(ctx context.Context) []ui.Figure {
	var all, open int64
	for _, h := range p.Hours {
		all += h.N
	}
	for _, a := range p.Alerts {
		if a.State != Closed {
			open++
		}
	}
	lang := text.LangOf(ctx)
	held := ui.Figure{Label: text.T(ctx, "gate.held_now"), Value: text.Number(lang, p.Waiting)}
	figures := []ui.Figure{{Label: text.T(ctx, "gate.hand_ins"), Value: text.Number(lang, all), Note: text.T(ctx, "gate.last_hours", "n", chartHours)}}
	if !p.Inside {
		return append(figures, held)
	}
	held.URL = heldPath
	if p.Waiting > 0 {
		held.Tone = ui.Warning
	}
	alerts := ui.Figure{Label: text.T(ctx, "gate.alerts_open"), Value: text.Number(lang, open)}
	if open > 0 {
		alerts.Tone = ui.Bad
	}
	return append(figures, held, alerts)
}

func (p overviewPage) reasons(ctx context.Context) ui.Bars {
	bars := ui.Bars{Caption: text.T(ctx, "gate.reasons_caption", "n", reasonDays), Name: text.T(ctx, "gate.reason"), Unit: text.T(ctx, "gate.count")}
	for _, c := range p.Reasons {
		bars.Bars = append(bars.Bars, ui.Bar{Label: text.T(ctx, "gate.reason_"+c.Reason), Value: c.N})
	}
	return bars
}

// sentence says what an alert is about.
func (p overviewPage) sentence(ctx context.Context, a Alert) string {
	what := text.T(ctx, "gate.trend_"+string(a.Scope))
	switch a.Scope {
	case ByUnit:
		what = text.T(ctx, "gate.trend_of", "what", what, "name", p.Units[a.Mark])
	case ByField:
		what = text.T(ctx, "gate.trend_of", "what", what, "name", text.T(ctx, "petitions.field."+a.Mark))
	}
	if a.Scope == ByNetwork || a.Scope == ByText {
		return text.T(ctx, "gate.trend_line_new", "what", what, "n", a.N, "span", text.T(ctx, "gate.span_"+string(a.Span)))
	}
	return text.T(ctx, "gate.trend_line", "what", what, "n", a.N, "span", text.T(ctx, "gate.span_"+string(a.Span)), "usual", a.Usual)
}

// groupURL leads to the petitions behind an alert; empty when they have no trace in common.
func (a Alert) groupURL() string {
	if column(a.Scope) == "" {
		return ""
	}
	return withQuery(pickPath, "by", string(a.Scope), "mark", a.Mark, "days", strconv.Itoa(1+int(a.LastAt.Sub(a.FirstAt.Time)/(24*time.Hour))))
}

func (a Alert) badge(ctx context.Context) ui.State {
	tones := map[AlertState]ui.Tone{Fresh: ui.Bad, Seen: ui.Notable, Closed: ui.Plain}
	return ui.State{Label: text.T(ctx, "gate.alert_"+string(a.State)), Tone: tones[a.State]}
}

// heldListPage is the list of what is held.
type heldListPage struct {
	Rows   []HeldPetition
	Next   string
	Who    org.Actor
	Errors ui.Errors
}

func (d *Desk) heldPage(w http.ResponseWriter, r *http.Request) error {
	return d.showHeldList(w, r, heldListPage{}, http.StatusOK)
}

func (d *Desk) showHeldList(w http.ResponseWriter, r *http.Request, p heldListPage, status int) (err error) {
	p.Who = web.Actor(r)
	if p.Rows, p.Next, err = d.Hold(r.Context(), p.Who, r.URL.Query().Get("after")); err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "gate.held_title"), Section: gatePath, Status: status}, heldListBody(p))
}

func (p heldListPage) table(ctx context.Context) ui.TableView[HeldPetition] {
	t := ui.TableView[HeldPetition]{ID: "held", Caption: text.T(ctx, "gate.held_title"), Rows: p.Rows, Empty: ui.Empty{Title: text.T(ctx, "gate.none_held"), Text: text.T(ctx, "gate.none_held_text")},
		URL: func(h HeldPetition) string { return heldPath + "/" + h.ID }, Key: func(h HeldPetition) string { return h.ID }, Columns: []ui.Column[HeldPetition]{
			{Key: "code", Label: text.T(ctx, "gate.petition"), Narrow: true, Text: func(h HeldPetition) string { return h.Code }},
			{Key: "title", Label: text.T(ctx, "gate.words"), Text: func(h HeldPetition) string { return h.Title }},
			{Key: "why", Label: text.T(ctx, "gate.why"), Text: func(h HeldPetition) string { return text.T(ctx, h.Why) }},
			{Key: "at", Label: text.T(ctx, "gate.at"), Narrow: true, Text: func(h HeldPetition) string { return moment(h.At) }},
		}}
	if allowed(mayRelease, p.Who) == nil {
		t.Bulk = &ui.Bulk{URL: releasesPath, Actions: []ui.Action{{Label: text.T(ctx, "gate.releases_choose"), Icon: "check", URL: releasesPath}},
			Label: func(n int) string { return text.T(ctx, "petitions.select", "code", p.Rows[n].Code) }}
	}
	return t
}

func (p heldListPage) next() string {
	if p.Next == "" {
		return ""
	}
	return withQuery(heldPath, "after", p.Next)
}

// heldOnePage is one held petition with what may be done.
type heldOnePage struct {
	HeldPetition
	Form   *web.Form
	Errors ui.Errors
	Head   bool
	Traces []sharing
}

func (d *Desk) heldOne(w http.ResponseWriter, r *http.Request) error {
	return d.showHeld(w, r, heldOnePage{}, http.StatusOK)
}

func (d *Desk) showHeld(w http.ResponseWriter, r *http.Request, p heldOnePage, status int) error {
	who := web.Actor(r)
	h, traces, err := d.heldWith(r.Context(), who, r.PathValue("petition"))
	if err != nil {
		return err
	}
	p.HeldPetition, p.Traces, p.Head = h, traces, allowed(mayInvalidate, who) == nil
	return web.Page(w, r, web.Head{Title: p.Code, Section: gatePath, Status: status}, heldOneBody(p))
}

func (p heldOnePage) terms(ctx context.Context) []ui.Term {
	return []ui.Term{
		{Name: text.T(ctx, "gate.words"), Text: p.Title},
		{Name: text.T(ctx, "gate.why"), Text: text.T(ctx, p.Why)},
		{Name: text.T(ctx, "gate.at"), Text: moment(p.At)},
		{Name: text.T(ctx, "gate.state"), Text: text.T(ctx, "gate.hold_"+string(p.State))},
	}
}

func reasonChoice(ctx context.Context, form *web.Form, errs ui.Errors) ui.Choice {
	c := ui.Choice{Name: "reason", Label: text.T(ctx, "gate.reason"), Empty: text.T(ctx, "gate.reason_choose"), Required: true, Value: form.Line("reason"), Errors: errs}
	for _, r := range Reasons() {
		c.Options = append(c.Options, ui.Option{Value: r, Label: text.T(ctx, "gate.reason_"+r)})
	}
	return c
}

// days reads how many days back a list looks; nonsense is one.
func days(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 1
	}
	return min(max(n, 1), daysMost)
}

// tracesListPage groups what was handed in by what it has in common.
type tracesListPage struct {
	By     Scope
	Days   int
	Groups []group
}

// groupedBy are the scopes that officials group by.
var groupedBy = [...]Scope{ByNetwork, ByAddress, ByEmail, ByPhone, ByText}

func (d *Desk) tracesPage(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	p := tracesListPage{By: Scope(q.Get("by")), Days: days(q.Get("days"))}
	if !slices.Contains(groupedBy[:], p.By) {
		p.By = ByNetwork
	}
	var err error
	if p.Groups, err = d.groups(ctx, web.Actor(r), p.By, p.Days); err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(ctx, "gate.traces_title"), Section: gatePath}, tracesBody(p))
}

func (p tracesListPage) choice(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "by", Label: text.T(ctx, "gate.by"), Value: string(p.By)}
	for _, s := range groupedBy {
		c.Options = append(c.Options, ui.Option{Value: string(s), Label: text.T(ctx, "gate.by_"+string(s))})
	}
	return c
}

func (p tracesListPage) table(ctx context.Context) ui.TableView[group] {
	return ui.TableView[group]{ID: "groups", Caption: text.T(ctx, "gate.traces_title"), Rows: p.Groups, Empty: ui.Empty{Title: text.T(ctx, "gate.none_groups"), Text: text.T(ctx, "gate.none_groups_text")},
		URL: func(g group) string {
			return withQuery(pickPath, "by", string(p.By), "mark", g.Mark, "days", strconv.Itoa(p.Days))
		}, Columns: []ui.Column[group]{
			{Key: "mark", Label: text.T(ctx, "gate.group"), Narrow: true, Text: func(g group) string { return text.T(ctx, "gate.by_"+string(p.By)) + " " + label(g.Mark) }},
			{Key: "n", Label: text.T(ctx, "gate.hand_ins"), Number: true, Text: func(g group) string { return text.Number(text.LangOf(ctx), g.N) }},
			{Key: "first", Label: text.T(ctx, "gate.first"), Narrow: true, Text: func(g group) string { return moment(g.First) }},
			{Key: "last", Label: text.T(ctx, "gate.last"), Narrow: true, Text: func(g group) string { return moment(g.Last) }},
		}}
}

// label is the beginning of a mark, enough for people to tell groups apart.
func label(mark string) string { return "#" + mark[:min(len(mark), 6)] }

// picked reads what is to be selected from the address or the form.
func (d *Desk) picked(line func(string) string) (Picked, error) {
	now := d.Clock.Now()
	p := Picked{By: Scope(line("by")), Mark: line("mark"), Like: line("like"), Until: now, From: now.AddDate(0, 0, -days(line("days")))}
	if p.Like == "" && (p.Mark == "" || !slices.Contains(groupedBy[:], p.By)) {
		return p, fault.New(fault.Invalid, "gate.nothing_picked")
	}
	return p, nil
}

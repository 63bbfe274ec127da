package counter

import (
	"context"
	"net/http"
	"strconv"

	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"

	"github.com/a-h/templ"
)

// hallView is the desk screen.
type hallView struct {
	Hall
	Form   *web.Form
	Errors ui.Errors
	Live   string
	None   bool // the person serves nothing today
}

func (d *Desk) hallPage(w http.ResponseWriter, r *http.Request) error {
	return d.showHall(w, r, hallView{}, r.URL.Query().Get("day"), http.StatusOK)
}

func (d *Desk) showHall(w http.ResponseWriter, r *http.Request, v hallView, day string, status int) error {
	ctx, who := r.Context(), web.Actor(r)
	var err error
	if v.Hall, err = d.Hall(ctx, who, day); err != nil {
		return err
	}
	v.Live, v.None = "council:"+who.CouncilID, !v.Regular && v.Day.ID == ""
	return web.Page(w, r, web.Head{Title: text.T(ctx, "counter.menu"), Section: deskPath, Status: status, Wide: true}, hallBody(v))
}

func (v hallView) tabs(ctx context.Context) []ui.Tab {
	var all []ui.Tab
	if v.Regular {
		all = append(all, ui.Tab{Label: text.T(ctx, "counter.regular"), URL: deskPath, Here: v.Day.ID == ""})
	}
	for _, day := range v.Days {
		all = append(all, ui.Tab{Label: day.Starts + " " + day.HostName, URL: hallURL(day.ID), Here: v.Day.ID == day.ID})
	}
	return all
}

func (v hallView) lead(ctx context.Context) string {
	if v.Day.ID == "" {
		return text.T(ctx, "counter.lead_regular", "day", v.Today.VN())
	}
	return text.T(ctx, "counter.lead_day", "day", v.Today.VN(), "host", v.Day.HostName, "title", v.Day.HostTitle, "place", v.Day.Place)
}

func (v hallView) count(state State) string {
	n := 0
	for _, one := range v.Line {
		if one.State == state {
			n++
		}
	}
	return strconv.Itoa(n)
}

func (v hallView) figures(ctx context.Context) []ui.Figure {
	all := []ui.Figure{{Label: text.T(ctx, "counter.state.waiting"), Value: v.count(Waiting), Tone: ui.Notable}, {Label: text.T(ctx, "counter.state.called"), Value: v.count(Called), Tone: ui.Good},
		{Label: text.T(ctx, "counter.state.done"), Value: v.count(Done)}}
	return append(all, ui.Figure{Label: text.T(ctx, "counter.expected"), Value: strconv.Itoa(len(v.Expected))})
}

func badge(ctx context.Context, s State) ui.State {
	return ui.State{Label: text.T(ctx, "counter.state."+string(s)), Tone: map[State]ui.Tone{Waiting: ui.Notable, Called: ui.Good, NoShow: ui.Warning, Refused: ui.Bad}[s]}
}

func (v hallView) table(ctx context.Context) ui.TableView[Visit] {
	return ui.TableView[Visit]{ID: "line", Caption: text.T(ctx, "counter.line"), Rows: v.Line, URL: func(one Visit) string { return visitPath + one.ID }, Live: v.Live, LiveURL: hallURL(v.Day.ID),
		Empty: ui.Empty{Title: text.T(ctx, "counter.line_empty")},
		Columns: []ui.Column[Visit]{
			{Key: "number", Label: text.T(ctx, "counter.number"), Narrow: true, Text: func(one Visit) string { return slip(one.Number) }},
			{Key: "state", Label: text.T(ctx, "counter.state_label"), Cell: func(one Visit) templ.Component { return ui.StateBadge(badge(ctx, one.State)) }},
			{Key: "arrived", Label: text.T(ctx, "counter.arrived_at"), Narrow: true, Text: func(one Visit) string { return one.ArrivedAt.In(v.Today.Time().Location()).Format("15:04") }},
			{Key: "booked", Label: text.T(ctx, "counter.booked"), Narrow: true, Text: func(one Visit) string { return one.slot() }},
			{Key: "people", Label: text.T(ctx, "counter.people"), Number: true, Text: func(one Visit) string { return strconv.Itoa(one.People) }},
			{Key: "priority", Label: text.T(ctx, "counter.priority_label"), Text: func(one Visit) string { return yes(ctx, one.Priority) }},
			{Key: "desk", Label: text.T(ctx, "counter.desk"), Text: func(one Visit) string { return one.DeskName }},
		}}
}

// slip is a number as it is printed and called: three figures at least.
func slip(n int) string {
	s := strconv.Itoa(n)
	for len(s) < 3 {
		s = "0" + s
	}
	return s
}

func (v Visit) slot() string {
	if v.SlotAt.IsZero() {
		return ""
	}
	return v.SlotAt.In(v.On.Time().Location()).Format("15:04")
}

func yes(ctx context.Context, is bool) string {
	if is {
		return text.T(ctx, "counter.yes")
	}
	return ""
}

func (v hallView) expected(ctx context.Context) ui.TableView[Booking] {
	return ui.TableView[Booking]{ID: "expected", Caption: text.T(ctx, "counter.expected"), Rows: v.Expected, Live: v.Live, LiveURL: hallURL(v.Day.ID),
		Empty: ui.Empty{Title: text.T(ctx, "counter.expected_none")},
		Columns: []ui.Column[Booking]{
			{Key: "slot", Label: text.T(ctx, "counter.booked"), Narrow: true, Text: func(b Booking) string { return b.Slot }},
			{Key: "name", Label: text.T(ctx, "counter.name"), Text: func(b Booking) string { return named(ctx, b.Name) }},
			{Key: "code", Label: text.T(ctx, "counter.code"), Text: func(b Booking) string { return b.Code }},
			{Key: "people", Label: text.T(ctx, "counter.people"), Number: true, Text: func(b Booking) string { return strconv.Itoa(b.People) }},
			{Key: "act", Label: text.T(ctx, "counter.act"), Cell: func(b Booking) templ.Component { return arrivedButton(b) }},
		}}
}

func named(ctx context.Context, name string) string {
	if name == "" {
		return text.T(ctx, "counter.unnamed")
	}
	return name
}

func (v hallView) people() string {
	if v.Form.Has("people") {
		return v.Form.Line("people")
	}
	return "1"
}

func (d *Desk) owedPage(w http.ResponseWriter, r *http.Request) error {
	all, err := d.Owed(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "counter.menu_owed"), Section: owedPath}, owedBody(owedView{all, d}))
}

type owedView struct {
	All  []Owed
	desk *Desk
}

func (v owedView) table(ctx context.Context) ui.TableView[Owed] {
	return ui.TableView[Owed]{ID: "owed", Caption: text.T(ctx, "counter.menu_owed"), Rows: v.All, URL: func(o Owed) string { return visitPath + o.VisitID },
		Empty: ui.Empty{Title: text.T(ctx, "counter.owed_none")},
		Columns: []ui.Column[Owed]{
			{Key: "kind", Label: text.T(ctx, "counter.owed"), Text: func(o Owed) string { return text.T(ctx, "counter.owed_"+o.Kind) }},
			{Key: "about", Label: text.T(ctx, "counter.about"), Text: func(o Owed) string { return o.about(ctx) }},
			{Key: "on", Label: text.T(ctx, "counter.received_on"), Narrow: true, Text: func(o Owed) string { return o.On.VN() }},
			{Key: "due", Label: text.T(ctx, "counter.due"), Cell: func(o Owed) templ.Component { return dueCell(ui.Due{Date: o.Due, Today: v.desk.today()}) }},
		}}
}

// aboutMost is how many characters of a matter a list shows.
const aboutMost = 120

func (o Owed) about(ctx context.Context) string {
	switch o.Kind {
	case "notice":
		return text.T(ctx, "counter.ground."+o.About)
	case "telling":
		if r := []rune(o.About); len(r) > aboutMost {
			return string(r[:aboutMost]) + "…"
		}
	}
	return o.About
}

func number(n int) string { return strconv.Itoa(n) }

// slipView is the number that somebody takes along: no name stands on it.
type slipView struct {
	Visit
	Back string
}

func (d *Desk) slipPage(w http.ResponseWriter, r *http.Request) error {
	rec, err := d.Record(r.Context(), web.Actor(r), r.PathValue("id"))
	if err == nil && (rec.Sealed || rec.Number == 0) {
		err = noVisit()
	}
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "counter.slip"), Section: deskPath}, slipBody(slipView{rec.Visit, hallURL(rec.DayID)}))
}

func (v slipView) facts(ctx context.Context) []ui.Term {
	terms := []ui.Term{{Name: text.T(ctx, "counter.number"), Text: slip(v.Number)}, {Name: text.T(ctx, "counter.received_on"), Text: v.On.VN()},
		{Name: text.T(ctx, "counter.arrived_at"), Text: v.ArrivedAt.In(v.On.Time().Location()).Format("15:04")}}
	if at := v.slot(); at != "" {
		terms = append(terms, ui.Term{Name: text.T(ctx, "counter.booked"), Text: at})
	}
	if v.HostName != "" {
		terms = append(terms, ui.Term{Name: text.T(ctx, "counter.host"), Text: v.HostName + ", " + v.HostTitle})
	}
	return terms
}

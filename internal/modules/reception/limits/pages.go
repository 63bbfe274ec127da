package limits

import (
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

func nameWords(ctx context.Context, key string) string { return text.T(ctx, "limits.name."+key) }

func span(ctx context.Context, n int, unit calendar.Unit) string {
	switch unit {
	case calendar.WorkingDays:
		return text.T(ctx, "calendar.term_working_days", "count", n)
	case calendar.Months:
		return text.T(ctx, "calendar.term_months", "count", n)
	case calendar.None:
		return text.T(ctx, "limits.no_number")
	}
	return text.T(ctx, "calendar.term_days", "count", n)
}

// number is a rule's number and unit, and the way it is counted.
func number(ctx context.Context, r calendar.Rule) string {
	if r.Backward {
		return text.T(ctx, "limits.counted_back", "span", span(ctx, r.Count, r.Unit))
	}
	return span(ctx, r.Count, r.Unit)
}

func period(ctx context.Context, from, last clock.Date) string {
	if last.IsZero() {
		return text.T(ctx, "limits.since", "from", from.VN())
	}
	return text.T(ctx, "limits.from_until", "from", from.VN(), "until", last.VN())
}

func count(ctx context.Context, n int) string { return text.Number(text.LangOf(ctx), int64(n)) }

func rev(v Version) string { return strconv.FormatInt(v.Revision, 10) }

// bookView is the page of all limits.
type bookView struct {
	Book
	Only bool
}

func (d *Desk) bookPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v := bookView{Only: r.URL.Query().Get("show") == "unconfirmed"}
	var err error
	if v.Book, err = d.Book(ctx, web.Actor(r), v.Only); err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(ctx, "limits.menu"), Section: home, Wide: true}, bookBody(v))
}

func (v bookView) tabs(ctx context.Context) []ui.Tab {
	return []ui.Tab{
		{Label: text.T(ctx, "limits.tab_all"), URL: home, Here: !v.Only},
		{Label: text.T(ctx, "limits.tab_unconfirmed", "n", v.Unconfirmed), URL: home + "?show=unconfirmed", Here: v.Only},
	}
}

func (s Shelf) title(ctx context.Context) string { return text.T(ctx, "limits.family."+s.Name) }

func (s Shelf) table(ctx context.Context) ui.TableView[Held] {
	columns := append([]ui.Column[Held]{
		{Key: "name", Label: text.T(ctx, "limits.col_name"), Text: func(h Held) string { return nameWords(ctx, h.Key) }},
		{Key: "row", Label: text.T(ctx, "limits.col_row"), Number: true, Text: func(h Held) string { return rowWords(h.Row) }},
	}, heldColumns(ctx)...)
	return ui.TableView[Held]{ID: "limits-" + s.Name, Caption: s.title(ctx), Rows: s.Held, Columns: columns,
		URL: func(h Held) string { return ruleURL(h.Key) }, Tone: heldTone, Empty: ui.Empty{Title: text.T(ctx, "limits.none_unconfirmed")}}
}

func rowWords(n int) string {
	if n == 0 {
		return "–"
	}
	return strconv.Itoa(n)
}

func heldColumns(ctx context.Context) []ui.Column[Held] {
	return []ui.Column[Held]{
		{Key: "number", Label: text.T(ctx, "limits.col_number"), Text: func(h Held) string { return number(ctx, h.Rule) }},
		{Key: "when", Label: text.T(ctx, "limits.col_when"), Text: func(h Held) string { return period(ctx, h.From, h.Last) }},
		{Key: "state", Label: text.T(ctx, "limits.col_state"), Cell: func(h Held) templ.Component { return ui.StateBadge(h.badge(ctx)) }},
		{Key: "basis", Label: text.T(ctx, "limits.col_basis"), Cell: func(h Held) templ.Component { return basisCell(h) }},
	}
}

func (h Held) badge(ctx context.Context) ui.State {
	switch {
	case h.Replaced:
		return ui.State{Label: text.T(ctx, "limits.held_replaced")}
	case !h.Confirmed:
		return ui.State{Label: text.T(ctx, "limits.held_unconfirmed"), Tone: ui.Warning}
	}
	tone := ui.Good
	if h.Read != "" && h.Read != calendar.Gazette {
		tone = ui.Notable // somebody still has to compare it
	}
	return ui.State{Label: readWords(ctx, h.Read), Tone: tone}
}

// readWords says how sure a confirmed rule is.
func readWords(ctx context.Context, r calendar.Reading) string {
	if r == "" {
		r = "compared" // by the people who put it in force
	}
	return text.T(ctx, "limits.read_"+string(r))
}

func heldTone(h Held) ui.Tone {
	switch {
	case h.Now && h.Confirmed && (h.Read == "" || h.Read == calendar.Gazette):
		return ui.Good
	case h.Now && h.Confirmed:
		return ui.Notable
	case h.Now:
		return ui.Warning
	}
	return ui.Plain
}

// waiting are the drafts of the person's council.
func (v bookView) waiting(ctx context.Context) ui.TableView[Version] {
	return versionsTable(ctx, "waiting", text.T(ctx, "limits.waiting_title"), v.Waiting)
}

func versionsTable(ctx context.Context, id, caption string, rows []Version) ui.TableView[Version] {
	return ui.TableView[Version]{ID: id, Caption: caption, Rows: rows, URL: func(v Version) string { return versionURL(v.ID) }, Empty: ui.Empty{Title: text.T(ctx, "limits.none_drawn")},
		Columns: []ui.Column[Version]{
			{Key: "name", Label: text.T(ctx, "limits.col_name"), Text: func(v Version) string { return nameWords(ctx, v.Key) }},
			{Key: "number", Label: text.T(ctx, "limits.col_number"), Narrow: true, Text: func(v Version) string { return span(ctx, v.Count, v.Unit) }},
			{Key: "from", Label: text.T(ctx, "limits.col_from"), Narrow: true, Text: func(v Version) string { return v.From.VN() }},
			{Key: "state", Label: text.T(ctx, "limits.col_state"), Cell: func(v Version) templ.Component { return ui.StateBadge(v.badge(ctx)) }},
			{Key: "drawn", Label: text.T(ctx, "limits.col_drawn"), Text: func(v Version) string { return v.DrawnName + ", " + clock.DateOf(v.DrawnAt.Time).VN() }},
			{Key: "decided", Label: text.T(ctx, "limits.col_decided"), Text: func(v Version) string { return v.decision() }},
		}}
}

func (v Version) decision() string {
	if v.DecidedAt.IsZero() {
		return ""
	}
	name := v.DecidedName
	if v.OnBehalf != "" {
		name += " (" + v.OnBehalf + ")"
	}
	return name + ", " + clock.DateOf(v.DecidedAt.Time).VN()
}

func (v Version) badge(ctx context.Context) ui.State {
	tone := map[State]ui.Tone{Draft: ui.Notable, InForce: ui.Good}[v.State]
	return ui.State{Label: text.T(ctx, "limits.state_"+string(v.State)), Tone: tone}
}

// ruleView is the page of one limit.
type ruleView struct{ Sheet }

func (d *Desk) rulePage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	s, err := d.Sheet(ctx, web.Actor(r), r.PathValue("rule"))
	if err != nil {
		return err
	}
	v := ruleView{s}
	return web.Page(w, r, web.Head{Title: nameWords(ctx, s.Key), Section: home, Wide: true}, ruleBody(v))
}

func (v ruleView) above(ctx context.Context) string {
	if v.Row == 0 {
		return ""
	}
	return text.T(ctx, "limits.row", "n", v.Row)
}

func (v ruleView) held(ctx context.Context) ui.TableView[Held] {
	return ui.TableView[Held]{ID: "held", Caption: text.T(ctx, "limits.held_title"), Rows: v.Held, Tone: heldTone,
		Columns: append(heldColumns(ctx), ui.Column[Held]{Key: "note", Label: text.T(ctx, "limits.col_note"), Text: func(h Held) string { return h.Note }})}
}

func (v ruleView) versions(ctx context.Context) ui.TableView[Version] {
	return versionsTable(ctx, "versions", text.T(ctx, "limits.drawn_title"), v.Versions)
}

// drawView is the form of a new version.
type drawView struct {
	Key    string
	Now    Held // what holds today, to begin with
	Form   *web.Form
	Errors ui.Errors
}

func (d *Desk) newPage(w http.ResponseWriter, r *http.Request) error {
	return d.showNew(w, r, drawView{}, http.StatusOK)
}

func (d *Desk) showNew(w http.ResponseWriter, r *http.Request, v drawView, status int) error {
	ctx := r.Context()
	if err := sets(web.Actor(r), mayDrawUp); err != nil {
		return err
	}
	s, err := d.Sheet(ctx, web.Actor(r), r.PathValue("rule"))
	if err != nil {
		return err
	}
	v.Key = s.Key
	for _, h := range s.Held {
		if h.Now || v.Now.Key == "" {
			v.Now = h
		}
	}
	return web.Page(w, r, web.Head{Title: text.T(ctx, "limits.new_title"), Section: home, Status: status}, drawBody(v))
}

// said is what stands in a field: what was typed, else what holds now.
func (v drawView) said(name, now string) string {
	if v.Form != nil {
		return v.Form.Text(name)
	}
	return now
}

func (v drawView) confirmed() bool { return v.Form != nil && v.Form.Bool("confirmed") }

func (v drawView) number() string {
	if v.Now.Count == 0 {
		return ""
	}
	return strconv.Itoa(v.Now.Count)
}

func (v drawView) units(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "unit", Label: text.T(ctx, "limits.field_unit"), Value: v.said("unit", string(v.Now.Unit)), Required: true, Errors: v.Errors}
	all := []calendar.Unit{calendar.Days, calendar.WorkingDays, calendar.Months}
	if v.Now.Unit == calendar.None {
		all = []calendar.Unit{calendar.None}
	}
	for _, u := range all {
		c.Options = append(c.Options, ui.Option{Value: string(u), Label: text.T(ctx, "limits.unit_"+string(u))})
	}
	return c
}

func (v drawView) reaches(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "reach", Label: text.T(ctx, "limits.field_reach"), Value: v.said("reach", string(Coming)), Required: true, Errors: v.Errors}
	for _, r := range []Reach{Coming, Running} {
		c.Options = append(c.Options, ui.Option{Value: string(r), Label: text.T(ctx, "limits.reach_"+string(r)), Hint: text.T(ctx, "limits.reach_hint_"+string(r))})
	}
	return c
}

func (v drawView) lead(ctx context.Context) string {
	return text.T(ctx, "limits.new_lead", "name", nameWords(ctx, v.Key), "number", number(ctx, v.Now.Rule), "when", period(ctx, v.Now.From, v.Now.Last))
}

package worklist

import (
	"context"
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"

	"github.com/a-h/templ"
)

// listPage is the work list with its filters.
type listPage struct {
	List
	Fields  []string
	States  []cases.State
	CanBulk bool     // accept and assign several at once
	Shown   []string // chosen columns
	Live    string   // topics
	Name    string   // typed for a filter that could not be kept
	Errors  ui.Errors
}

// filterOf reads a filter from an address. What makes no sense asks for nothing.
func (d *Desk) filterOf(q url.Values) Filter {
	date := func(name string) clock.Date {
		day, err := clock.ParseDate(text.Line(q.Get(name)))
		if err != nil {
			return clock.Date{} // a bound that is no date bounds nothing
		}
		return day
	}
	f := Filter{Scope: Scope(q.Get("scope")), Tab: Tab(q.Get("tab")), State: cases.State(text.Line(q.Get("state"))), Field: text.Line(q.Get("field")), Ward: text.Line(q.Get("ward")),
		BodyID: text.Line(q.Get("body")), From: date("from"), Until: date("until"), Text: text.Line(q.Get("q")), ByDue: q.Get("sort") == "due", After: q.Get("after"), Before: q.Get("before")}
	if n, err := strconv.Atoi(text.Line(q.Get("constituency"))); err == nil && n > 0 {
		f.Constituency = n
	}
	if !slices.Contains(d.Fields(), f.Field) && len(d.Under(f.Field)) == 0 {
		f.Field = ""
	}
	f.Code = codeIn(f.Text)
	if !slices.Contains([]Tab{TabMine, TabLate, TabSoon, TabAsked}, f.Tab) {
		f.Tab = TabAll
	}
	return f
}

// ListPage shows people their work.
func (d *Desk) ListPage(w http.ResponseWriter, r *http.Request) error {
	return d.showList(w, r, d.filterOf(r.URL.Query()), listPage{}, http.StatusOK)
}

// showList is the list again, with what was wrong in the name of a filter.
func (d *Desk) showList(w http.ResponseWriter, r *http.Request, f Filter, typed listPage, status int) error {
	ctx, who := r.Context(), web.Actor(r)
	l, err := d.List(ctx, who, f)
	if err != nil {
		return err
	}
	p := listPage{List: l, Name: typed.Name, Errors: typed.Errors, Fields: d.Fields(), States: d.allStates(), CanBulk: d.MayAccept.Allows(who), Shown: web.Columns(w, r, "petitions"), Live: "council:" + who.CouncilID}
	if reached, ok := ReachOf(who, l.Filter.Scope); ok && reached.CouncilID == "" {
		p.Live = "body:" + who.BodyID
	}
	return web.Page(w, r, web.Head{Title: text.T(ctx, "petitions.menu"), Section: "/petitions", Wide: true, Keys: listKeys(ctx), Status: status}, listBody(p))
}

func listKeys(ctx context.Context) []ui.Key {
	return []ui.Key{
		{Press: "g v", Label: text.T(ctx, "petitions.tab.mine"), URL: "/petitions?tab=mine"},
		{Press: "g q", Label: text.T(ctx, "petitions.tab.late"), URL: "/petitions?tab=late"},
		{Press: "g s", Label: text.T(ctx, "petitions.tab.soon"), URL: "/petitions?tab=soon"},
		{Press: "g t", Label: text.T(ctx, "petitions.tab.all"), URL: "/petitions"},
	}
}

func (p listPage) tabs(ctx context.Context) []ui.Tab {
	all := make([]ui.Tab, len(p.Tabs))
	for i, t := range p.Tabs {
		name := string(t.Tab)
		if t.Tab == TabAll {
			name = "all"
		}
		all[i] = ui.Tab{Label: text.T(ctx, "petitions.tab."+name), URL: Filter{Scope: p.Filter.Scope, Tab: t.Tab}.Address(), Count: t.Count, Here: p.Filter.Tab == t.Tab}
	}
	return all
}

func (p listPage) scopeOptions(ctx context.Context) []ui.Option {
	all := make([]ui.Option, len(p.Scopes))
	for i, s := range p.Scopes {
		all[i] = ui.Option{Value: string(s), Label: text.T(ctx, "petitions.scope."+string(s))}
	}
	return all
}

func (p listPage) bodyOptions() []ui.Option {
	all := make([]ui.Option, len(p.Bodies))
	for i, b := range p.Bodies {
		all[i] = ui.Option{Value: b.ID, Label: b.Name}
	}
	return all
}

func (p listPage) constituencyOptions(ctx context.Context) []ui.Option {
	all := make([]ui.Option, len(p.Constituencies))
	for i, c := range p.Constituencies {
		all[i] = ui.Option{Value: strconv.Itoa(c.Number), Label: text.T(ctx, "constituencies.name", "number", c.Number)}
	}
	return all
}

func (p listPage) active() int {
	n := 0
	for _, v := range []string{string(p.Filter.State), p.Filter.Field, p.Filter.Ward, number(p.Filter.Constituency), p.Filter.BodyID, p.Filter.From.String(), p.Filter.Until.String()} {
		if v != "" {
			n++
		}
	}
	return n
}

func (p listPage) filters(ctx context.Context) ui.Filters {
	f := ui.Filters{URL: "/petitions", Search: &ui.Field{Name: "q", Label: text.T(ctx, "petitions.search"), Value: p.Filter.Text}, Open: p.active() > 0, Active: p.active(),
		Clear: Filter{Scope: p.Filter.Scope, Tab: p.Filter.Tab}.Address(), Save: "/petitions/views", Query: p.Filter.Query(), LiveID: "petitions", SaveName: p.Name, Errors: p.Errors}
	for _, v := range p.Views {
		f.Views = append(f.Views, ui.SavedView{Label: v.Name, URL: "/petitions?" + v.Query, Here: v.Query != "" && v.Query == p.Filter.Query(), Remove: "/petitions/views/" + v.ID + "/removal"})
	}
	return f
}

func (p listPage) pages(ctx context.Context) ui.Pages {
	pages := ui.Pages{Summary: text.T(ctx, "petitions.of_count", "n", len(p.Rows), "count", text.Number(text.LangOf(ctx), int64(p.Count)))}
	if p.Capped {
		pages.Summary = text.T(ctx, "petitions.of_more", "n", len(p.Rows), "count", text.Number(text.LangOf(ctx), int64(p.Count)))
	}
	if p.Next != "" {
		pages.Next = p.Filter.Address("after", p.Next)
	}
	if p.Previous != "" {
		pages.Previous = p.Filter.Address("before", p.Previous)
	}
	return pages
}

func (p listPage) table(ctx context.Context) ui.TableView[Row] {
	byTime, byDue := p.Filter, p.Filter
	byTime.ByDue, byDue.ByDue = false, true
	sorted := func(yes bool, how string) string {
		if yes && p.Filter.Text == "" {
			return how
		}
		return ""
	}
	ordered := p.Filter.ByDue || p.Filter.Tab == TabLate || p.Filter.Tab == TabSoon
	t := ui.TableView[Row]{
		ID: "petitions", Caption: text.T(ctx, "petitions.menu"), Rows: p.Rows, Shown: p.Shown, Choose: "/petitions", ChooseKeep: p.keep(),
		Key: func(r Row) string { return r.ID }, URL: func(r Row) string { return "/petitions/" + r.ID },
		Tone: func(r Row) ui.Tone {
			if r.Late(p.Today) {
				return ui.Bad
			}
			return ui.Plain
		},
		Empty: ui.Empty{Title: text.T(ctx, "petitions.empty"), Text: text.T(ctx, "petitions.empty_hint")},
		Live:  p.Live, LiveURL: p.Filter.Address("after", p.Filter.After, "before", p.Filter.Before),
		Columns: []ui.Column[Row]{
			{Key: "code", Label: text.T(ctx, "petitions.field_code"), Text: func(r Row) string { return r.Code }, Fixed: true, Narrow: true},
			{Key: "title", Label: text.T(ctx, "petitions.field_text"), Cell: func(r Row) templ.Component { return rowTitle(r) }, Fixed: true},
			{Key: "field", Label: text.T(ctx, "petitions.field_field"), Text: func(r Row) string { return FieldName(ctx, r.Field) }, Extra: true},
			{Key: "body", Label: text.T(ctx, "petitions.field_body"), Text: func(r Row) string { return r.Body }},
			{Key: "state", Label: text.T(ctx, "petitions.field_state"), Cell: func(r Row) templ.Component { return ui.StateBadge(StateBadge(ctx, r.State)) }},
			{Key: "due", Label: text.T(ctx, "petitions.due"), Cell: func(r Row) templ.Component { return dueCell(r, p.Today) }, SortURL: byDue.Address(), Sorted: sorted(ordered, "ascending")},
			{Key: "opened", Label: text.T(ctx, "petitions.received_at"), Text: func(r Row) string { return clock.DateOf(r.OpenedAt.Time).VN() }, Narrow: true, Extra: true, SortURL: byTime.Address(), Sorted: sorted(!ordered, "descending")},
			{Key: "round", Label: text.T(ctx, "petitions.round"), Text: func(r Row) string { return strconv.Itoa(r.Round) }, Number: true, Extra: true},
		},
	}
	if p.CanBulk {
		t.Bulk = &ui.Bulk{URL: "/petitions/acceptances", Actions: []ui.Action{
			{Label: text.T(ctx, "petitions.verb.accept"), Icon: "circle-check", URL: "/petitions/acceptances"},
			{Label: text.T(ctx, "petitions.verb.assign"), Icon: "user-check", URL: "/petitions/assignments"}},
			Label: func(n int) string { return text.T(ctx, "petitions.select", "code", p.Rows[n].Code) }}
	}
	return t
}

// dueCell is when a petition is due; one that is over is due no more.
func dueCell(r Row, today clock.Date) templ.Component {
	if r.Due.IsZero() {
		return templ.NopComponent
	}
	return ui.DeadlineBadge(ui.Due{Date: r.Due, Today: today})
}

// keep is the filter as hidden fields, for the column choice.
func (p listPage) keep() []ui.Kept {
	q, err := url.ParseQuery(p.Filter.Query())
	if err != nil {
		return nil // written by ourselves, so it reads
	}
	var kept []ui.Kept
	for name, values := range q {
		kept = append(kept, ui.Kept{Name: name, Value: values[0]})
	}
	slices.SortFunc(kept, func(a, b ui.Kept) int { return strings.Compare(a.Name, b.Name) })
	return kept
}

// ExportCSV writes the filtered list for a spreadsheet.
func (d *Desk) ExportCSV(w http.ResponseWriter, r *http.Request) error {
	ctx, who := r.Context(), web.Actor(r)
	heads := []string{"field_code", "field_text", "field_ward", "field_field", "field_body", "field_state", "due", "received_at", "round"}
	for i, h := range heads {
		heads[i] = text.T(ctx, "petitions."+h)
	}
	var out strings.Builder
	out.WriteString("\ufeff") // so that spreadsheets read it as UTF-8
	table := csv.NewWriter(&out)
	table.UseCRLF = true
	if err := table.Write(heads); err != nil {
		return err
	}
	cut, err := d.Export(ctx, who, d.filterOf(r.URL.Query()), func(rows []Row) error {
		for _, row := range rows {
			cells := []string{row.Code, row.Title, row.Unit, FieldName(ctx, row.Field), row.Body, text.T(ctx, "petitions.state."+string(row.State)), row.Due.VN(),
				clock.DateOf(row.OpenedAt.Time).VN(), strconv.Itoa(row.Round)}
			for i := range cells {
				cells[i] = harmless(cells[i])
			}
			if err := table.Write(cells); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if cut {
		if err := table.Write([]string{text.T(ctx, "petitions.export_cut", "max", text.Number(text.LangOf(ctx), ExportMax))}); err != nil {
			return err
		}
	}
	table.Flush()
	if err := table.Error(); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="kien-nghi-`+clock.Today(d.Clock).String()+`.csv"`)
	w.Header().Set("Cache-Control", "no-store")
	_, err = w.Write([]byte(out.String()))
	return err
}

// harmless keeps a spreadsheet from taking a citizen's words for a formula.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r|", rune(s[0])) {
		return "'" + s
	}
	return s
}

// toldPage says what became of each of several petitions.
type toldPage struct {
	Verb string
	All  []Told
}

func (p toldPage) done() int {
	n := 0
	for _, t := range p.All {
		if t.Err == nil {
			n++
		}
	}
	return n
}

// choosePage asks whom to give several petitions to.
type choosePage struct {
	All      []Told
	Officers []ui.Option
	Errors   ui.Errors
}

package intake

import (
	"cmp"
	"context"
	"encoding/csv"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

const deputiesPath = "/petitions/deputies"

// outcomesShown are the outcomes in the order of tables (law notes §1.5).
func outcomesShown() []string {
	return []string{"done", "partly", "underway", "no_means", "explained", "passed", "not_possible"}
}

// deputiesScreen compares deputies; the clerk also says there whose names are.
type deputiesScreen struct {
	Comparison
	Clerk    bool
	Deputies []Deputy
}

func periodOf(r *http.Request) Period {
	q := r.URL.Query()
	return Period{TermID: text.Line(q.Get("term")), Session: text.Line(q.Get("session"))}
}

func (d *Desk) deputiesPage(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	c, err := d.Compare(r.Context(), who, periodOf(r), r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	s := deputiesScreen{Comparison: c, Clerk: allowed(who) == nil}
	for _, row := range c.Rows {
		s.Deputies = append(s.Deputies, row.Deputy)
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "intake.menu_deputies"), Section: deputiesPath, Wide: true}, deputiesBody(s))
}

func (s deputiesScreen) counted(ctx context.Context) string {
	if s.Until.IsZero() {
		return text.T(ctx, "intake.deputies_uncounted")
	}
	return text.T(ctx, "intake.deputies_counted", "at", s.Until.In(clock.Hanoi).Format("15:04 02/01/2006"))
}

func (p Period) address(path string, pairs ...string) string {
	return with(path, append([]string{"term", p.TermID, "session", p.Session}, pairs...)...)
}

func (s deputiesScreen) termOptions() []ui.Option {
	all := make([]ui.Option, len(s.Terms))
	for i, t := range s.Terms {
		all[i] = ui.Option{Value: t.ID, Label: termName(t)}
	}
	return all
}

func termName(t org.Term) string { return strings.TrimSpace(t.Number + " " + t.Name) }

func (s deputiesScreen) sessionOptions() []ui.Option {
	all := make([]ui.Option, 0, len(s.Sessions))
	for key, written := range s.Sessions {
		all = append(all, ui.Option{Value: key, Label: written})
	}
	slices.SortFunc(all, func(a, b ui.Option) int { return strings.Compare(a.Value, b.Value) })
	return all
}

// chartMost is how many deputies the chart draws; the table has all.
const chartMost = 20

// chart draws who brought most, and how much of it is past a promised day.
func (s deputiesScreen) chart(ctx context.Context) ui.Bars {
	rows := slices.DeleteFunc(slices.Clone(s.Rows), func(r DeputyRow) bool { return r.Brought == 0 })
	slices.SortStableFunc(rows, func(a, b DeputyRow) int { return cmp.Compare(b.Brought, a.Brought) })
	bars := ui.Bars{Caption: text.T(ctx, "intake.deputies_chart_note", "n", chartMost), Name: text.T(ctx, "intake.deputies.name"), Unit: text.T(ctx, "intake.deputies.brought")}
	for _, r := range rows[:min(len(rows), chartMost)] {
		bars.Bars = append(bars.Bars, ui.Bar{Label: r.Name, Value: r.Brought, Tone: ui.Notable, Bad: r.Passed})
	}
	return bars
}

func (s deputiesScreen) table(ctx context.Context) ui.TableView[DeputyRow] {
	count := func(key string, n func(DeputyRow) int64) ui.Column[DeputyRow] {
		return ui.Column[DeputyRow]{Key: key, Label: text.T(ctx, "intake.deputies."+key), Number: true, Text: func(r DeputyRow) string { return number(ctx, n(r)) }}
	}
	return ui.TableView[DeputyRow]{ID: "deputies", Caption: text.T(ctx, "intake.menu_deputies"), Rows: s.Rows, Empty: ui.Empty{Title: text.T(ctx, "intake.deputies_none")},
		Columns: []ui.Column[DeputyRow]{
			{Key: "name", Label: text.T(ctx, "intake.deputies.name"), Cell: func(r DeputyRow) templ.Component { return deputyName(s.Period, r) }},
			count("brought", func(r DeputyRow) int64 { return r.Brought }),
			count("forwarded", func(r DeputyRow) int64 { return r.Forwarded }),
			count("in_time", func(r DeputyRow) int64 { return r.InTime }),
			count("late", func(r DeputyRow) int64 { return r.Late }),
			{Key: "outcomes", Label: text.T(ctx, "intake.deputies.outcomes"), Cell: func(r DeputyRow) templ.Component { return outcomeList(r.shares(ctx)) }},
			count("open", func(r DeputyRow) int64 { return r.Open }),
			count("passed", func(r DeputyRow) int64 { return r.Passed }),
		}}
}

// shares are the outcomes there are any of, in words.
func (f Figures) shares(ctx context.Context) (all []string) {
	for _, o := range outcomesShown() {
		if n := f.Outcomes[o]; n > 0 {
			all = append(all, text.T(ctx, "petitions.outcome."+o)+": "+number(ctx, n))
		}
	}
	return all
}

// writeCSV answers with a table for a spreadsheet.
func writeCSV(w http.ResponseWriter, name string, rows [][]string) error {
	var out strings.Builder
	out.WriteString("\ufeff") // so that spreadsheets read it as UTF-8
	table := csv.NewWriter(&out)
	table.UseCRLF = true
	for _, row := range rows {
		for i, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r|", rune(cell[0])) {
				row[i] = "'" + cell // a spreadsheet must not take somebody's words for a formula
			}
		}
	}
	if err := table.WriteAll(rows); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
	w.Header().Set("Cache-Control", "no-store")
	_, err := w.Write([]byte(out.String()))
	return err
}

func (d *Desk) deputiesFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := d.Compare(ctx, web.Actor(r), periodOf(r), "")
	if err != nil {
		return err
	}
	var head []string
	for _, key := range []string{"name", "group", "brought", "forwarded", "in_time", "late", "open", "promises", "passed"} {
		head = append(head, text.T(ctx, "intake.deputies."+key))
	}
	for _, o := range outcomesShown() {
		head = append(head, text.T(ctx, "petitions.outcome."+o))
	}
	rows := [][]string{head}
	for _, dep := range c.Rows {
		row := []string{dep.Name, dep.Group}
		for _, n := range []int64{dep.Brought, dep.Forwarded, dep.InTime, dep.Late, dep.Open, dep.Promises, dep.Passed} {
			row = append(row, text.Number(text.En, n))
		}
		for _, o := range outcomesShown() {
			row = append(row, text.Number(text.En, dep.Outcomes[o]))
		}
		rows = append(rows, row)
	}
	return writeCSV(w, "dai-bieu-"+clock.Today(d.Clock).String(), rows)
}

// broughtScreen is the list of one deputy's petitions.
type broughtScreen struct{ BroughtList }

func (d *Desk) broughtPage(w http.ResponseWriter, r *http.Request) error {
	l, err := d.BroughtBy(r.Context(), web.Actor(r), r.PathValue("person"), periodOf(r), r.URL.Query().Get("after"), broughtPage)
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: l.Deputy.Name, Section: deputiesPath, Wide: true}, broughtBody(broughtScreen{l}))
}

func (s broughtScreen) path() string { return "/intake/deputies/" + s.Deputy.PersonID }

func (s broughtScreen) table(ctx context.Context) ui.TableView[Brought] {
	return ui.TableView[Brought]{ID: "brought", Caption: s.Deputy.Name, Rows: s.Rows, Empty: ui.Empty{Title: text.T(ctx, "intake.brought_none")},
		URL: func(b Brought) string { return "/petitions/" + b.ID },
		Columns: []ui.Column[Brought]{
			{Key: "code", Label: text.T(ctx, "intake.col_code"), Narrow: true, Text: func(b Brought) string { return b.Code }},
			{Key: "title", Label: text.T(ctx, "intake.column.text"), Text: func(b Brought) string { return b.words(ctx) }},
			{Key: "day", Label: text.T(ctx, "intake.column.day"), Narrow: true, Text: func(b Brought) string { return clock.DateOf(b.OpenedAt.Time).VN() }},
			{Key: "session", Label: text.T(ctx, "intake.field_session"), Text: func(b Brought) string { return b.Session }},
			{Key: "state", Label: text.T(ctx, "intake.col_state"), Text: func(b Brought) string { return text.T(ctx, "petitions.state."+string(b.State)) }},
			{Key: "outcome", Label: text.T(ctx, "intake.col_outcome"), Text: func(b Brought) string { return b.outcome(ctx) }},
			{Key: "promised", Label: text.T(ctx, "intake.col_promised"), Narrow: true, Text: func(b Brought) string { return b.Promised.VN() }},
		}}
}

func (b Brought) words(ctx context.Context) string {
	if b.Title == "" {
		return text.T(ctx, "petitions.text_not_public")
	}
	return b.Title
}

func (b Brought) outcome(ctx context.Context) string {
	if b.Outcome == "" {
		return ""
	}
	return text.T(ctx, "petitions.outcome."+b.Outcome)
}

func (d *Desk) broughtFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	l, err := d.BroughtBy(ctx, web.Actor(r), r.PathValue("person"), periodOf(r), "", broughtMost)
	if err != nil {
		return err
	}
	rows := [][]string{{text.T(ctx, "intake.col_code"), text.T(ctx, "intake.column.text"), text.T(ctx, "intake.column.day"), text.T(ctx, "intake.field_session"), text.T(ctx, "intake.col_state"),
		text.T(ctx, "intake.col_outcome"), text.T(ctx, "intake.col_promised")}}
	for _, b := range l.Rows {
		rows = append(rows, []string{b.Code, b.words(ctx), clock.DateOf(b.OpenedAt.Time).VN(), b.Session, text.T(ctx, "petitions.state."+string(b.State)), b.outcome(ctx), b.Promised.VN()})
	}
	if l.Next != "" {
		rows = append(rows, []string{text.T(ctx, "intake.brought_cut", "max", number(ctx, broughtMost))})
	}
	return writeCSV(w, "kien-nghi-dai-bieu-"+clock.Today(d.Clock).String(), rows)
}

func (d *Desk) tieName(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	if err := d.TieName(r.Context(), web.Actor(r), form.Line("key"), form.Line("person")); err != nil {
		return err
	}
	web.Flash(w, r, "intake.name_tied")
	return web.SeeOther(w, r, deputiesPath+"#names")
}

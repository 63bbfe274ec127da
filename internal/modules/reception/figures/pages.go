package figures

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// asked is the form for a report as it was typed.
type asked struct {
	Form, From, Until, Moment string
	Wards                     bool
	Errors                    ui.Errors
}

type listView struct {
	asked
	Forms   []*Form
	Presets []Preset
	City    bool
	All     []Report
	Next    string
}

func (d *Desk) listPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	usual := Presets(clock.Today(d.Clock))[3] // the quarter that ended
	a := asked{Form: text.Line(q.Get("form")), From: usual.Period.From.VN(), Until: usual.Period.Until.VN()}
	if from, until := text.Line(q.Get("from")), text.Line(q.Get("until")); from != "" && until != "" {
		a.From, a.Until = from, until
	}
	return d.showList(w, r, a, http.StatusOK)
}

func (d *Desk) showList(w http.ResponseWriter, r *http.Request, a asked, status int) error {
	who := web.Actor(r)
	today := clock.Today(d.Clock)
	v := listView{asked: a, Forms: d.book.Holding(today), Presets: Presets(today), City: who.Level == org.City}
	var err error
	if v.All, v.Next, err = d.Reports(r.Context(), who, text.Line(r.URL.Query().Get("before"))); err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "figures.menu"), Section: home, Status: status}, listBody(v))
}

func (v listView) formOptions() (all []ui.Option) {
	for _, f := range v.Forms {
		all = append(all, ui.Option{Value: f.Key(), Label: f.Name + ": " + f.Title})
	}
	return all
}

func (v listView) presetURL(p Preset) string {
	return home + "?" + url.Values{"form": {v.Form}, "from": {p.Period.From.VN()}, "until": {p.Period.Until.VN()}}.Encode()
}

func (p Preset) label(ctx context.Context) string {
	return text.T(ctx, "figures.preset_"+p.Key, "n", p.Number, "year", strconv.Itoa(p.Year))
}

func (v listView) table(ctx context.Context) ui.TableView[Report] {
	t := ui.TableView[Report]{ID: "figures", Caption: text.T(ctx, "figures.made_title"), Rows: v.All, Empty: ui.Empty{Title: text.T(ctx, "figures.none")},
		URL: func(r Report) string { return home + "/" + r.ID }}
	t.Columns = []ui.Column[Report]{
		{Key: "form", Label: text.T(ctx, "figures.form_label"), Narrow: true, Fixed: true, Text: func(r Report) string { return r.Form }},
		{Key: "period", Label: text.T(ctx, "figures.period"), Text: func(r Report) string { return r.Period.V.words(ctx) }},
		{Key: "councils", Label: text.T(ctx, "figures.councils"), Number: true, Text: func(r Report) string { return strconv.Itoa(len(r.Councils.V)) }},
		{Key: "moment", Label: text.T(ctx, "figures.moment_label"), Narrow: true, Text: func(r Report) string { return r.moment() }},
		{Key: "state", Label: text.T(ctx, "figures.state"), Text: func(r Report) string { return r.state(ctx) }},
		{Key: "by", Label: text.T(ctx, "figures.made_by"), Extra: true, Text: func(r Report) string { return r.MadeName }},
	}
	return t
}

func (r Report) state(ctx context.Context) string {
	switch {
	case r.Counting() && r.Total > 0:
		return text.T(ctx, "figures.state_percent", "percent", 100*r.Done/r.Total)
	case r.Status == Waiting:
		return text.T(ctx, "figures.state_waiting")
	case len(r.Table.V.Breaches) > 0:
		return text.T(ctx, "figures.state_breached", "n", len(r.Table.V.Breaches))
	}
	return text.T(ctx, "figures.state_made")
}

func (p Period) words(ctx context.Context) string {
	return text.T(ctx, "figures.period_words", "from", p.From.VN(), "until", p.Until.VN())
}

func (r Report) moment() string  { return r.Moment.In(clock.Hanoi).Format(momentForm) }
func (r Report) checked() string { return r.CheckedAt.In(clock.Hanoi).Format(momentForm) }

const (
	xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	pdfType  = "application/pdf"
	jsonType = "application/json; charset=utf-8"
)

// filePage sends a made report as a file.
func (d *Desk) filePage(w http.ResponseWriter, r *http.Request) error {
	made, err := d.Report(r.Context(), web.Actor(r), r.PathValue("report"))
	if err != nil {
		return err
	}
	form, ok := d.book.Form(made.Form)
	if !ok || made.Status != Made {
		return fault.New(fault.Missing, "figures.no_such_report")
	}
	v, as := d.paper(made, form), text.Line(r.URL.Query().Get("as"))
	var media string
	var write func(io.Writer) error
	switch as {
	case "xlsx":
		media, write = xlsxType, v.workbook
	case "pdf":
		media, write = pdfType, func(w io.Writer) error { return v.print(w, d.Fonts) }
	case "json":
		media, write = jsonType, v.export
	default:
		return fault.New(fault.Missing, "figures.no_such_file")
	}
	name := strings.NewReplacer("/", "-", " ", "-").Replace(strings.ToLower(made.Form)) + "-" + made.Period.V.From.String() + "-" + made.Period.V.Until.String() + "." + as
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.Header().Set("Cache-Control", "no-store")
	return write(w)
}

// reportView is a made report on its page.
type reportView struct {
	paper
	Fragment bool // asked for by a page that stood there while it was counted
}

// far says how far the job has come.
func (v reportView) far(ctx context.Context) string {
	if v.Total == 0 {
		return text.T(ctx, "figures.waiting_text")
	}
	lang := text.LangOf(ctx)
	return text.T(ctx, "figures.progress", "done", text.Number(lang, int64(v.Done)), "total", text.Number(lang, int64(v.Total)), "percent", 100*v.Done/v.Total) + " " + text.T(ctx, "figures.waiting_text")
}

func (d *Desk) reportPage(w http.ResponseWriter, r *http.Request) error {
	made, err := d.Report(r.Context(), web.Actor(r), r.PathValue("report"))
	if err != nil {
		return err
	}
	form, ok := d.book.Form(made.Form)
	if !ok {
		return fault.New(fault.Missing, "figures.no_such_report")
	}
	v := reportView{d.paper(made, form), r.URL.Query().Has("fragment")}
	return web.Page(w, r, web.Head{Title: form.Name + ": " + form.Title, Section: home, Wide: true}, reportBody(v))
}

// heads names the columns of figures: the total, then the councils.
func (v reportView) heads(ctx context.Context) (all []string) {
	if len(v.Table.V.Rows) > 1 {
		all = append(all, text.T(ctx, "figures.total"))
	}
	for _, row := range v.Table.V.Rows {
		all = append(all, row.Name)
	}
	return all
}

func (v reportView) table(ctx context.Context) ui.TableView[line] {
	t := ui.TableView[line]{ID: "form", Caption: v.Of.Name, Rows: v.lines()}
	t.Columns = []ui.Column[line]{
		{Key: "n", Label: text.T(ctx, "figures.column"), Number: true, Fixed: true, Text: func(l line) string { return strconv.Itoa(l.n) }},
		{Key: "words", Label: text.T(ctx, "figures.words"), Fixed: true, Text: func(l line) string { return l.words }},
	}
	for i, head := range v.heads(ctx) {
		t.Columns = append(t.Columns, ui.Column[line]{Key: "c" + strconv.Itoa(i), Label: head, Number: true, Fixed: i == 0,
			Text: func(l line) string { return text.Number(text.LangOf(ctx), l.values[i]) }})
	}
	return t
}

func (v reportView) charts(ctx context.Context) (all []ui.Stack) {
	tones := []ui.Tone{ui.Good, ui.Warning, ui.Quiet, ui.Primary, ui.Bad, ui.Quiet}
	for _, c := range v.Of.Charts {
		s := ui.Stack{Caption: c.Title}
		for i, n := range c.Columns {
			s.Parts = append(s.Parts, ui.Bar{Label: v.Of.Columns[n-1].words(), Value: v.Table.V.Total[n-1], Tone: tones[i%len(tones)]})
		}
		all = append(all, s)
	}
	return all
}

// byCouncil compares the councils by the form's first column.
func (v reportView) byCouncil(ctx context.Context) ui.Bars {
	first := v.Of.Columns[0].words()
	bars := ui.Bars{Caption: first, Name: text.T(ctx, "figures.council"), Unit: first}
	for _, row := range v.Table.V.Rows {
		bars.Bars = append(bars.Bars, ui.Bar{Label: row.Name, Value: row.Values[0], Tone: ui.Quiet})
	}
	return bars
}

func (v reportView) terms(ctx context.Context) []ui.Term {
	basis := v.Of.Basis
	if !v.Of.Confirmed {
		basis += " " + text.T(ctx, "figures.unconfirmed")
	}
	return []ui.Term{
		{Name: text.T(ctx, "figures.period"), Text: v.Period.V.words(ctx)},
		{Name: text.T(ctx, "figures.moment_label"), Text: v.moment()},
		{Name: text.T(ctx, "figures.basis"), Text: basis},
		{Name: text.T(ctx, "figures.made_by"), Text: v.MadeName},
		{Name: text.T(ctx, "figures.facts"), Text: text.Number(text.LangOf(ctx), v.Table.V.Facts)},
		{Name: text.T(ctx, "figures.hash"), Value: fingerprint(v.Hash)},
	}
}

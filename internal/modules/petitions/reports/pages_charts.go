package reports

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// list is the address of the work list behind a figure. The list shows today,
// the figure its moment; the page says so.
func list(pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return strings.TrimSuffix("/petitions?"+q.Encode(), "?")
}

func amount(ctx context.Context, n int64) string { return text.Number(text.LangOf(ctx), n) }

// share writes n of all in percent.
func share(ctx context.Context, n, all int64) string {
	if all == 0 {
		return ""
	}
	tenths := strconv.FormatInt((n*1000+all/2)/all%10, 10)
	mark := "."
	if text.LangOf(ctx) == text.Vi {
		mark = ","
	}
	return text.T(ctx, "reports.share", "share", strconv.FormatInt((n*1000+all/2)/all/10, 10)+mark+tenths)
}

// stats are the numbers at the top of a report.
func (v View) stats(ctx context.Context) []ui.Figure {
	f := v.Figures.V.Now
	figure := func(key string, n, all int64, tone ui.Tone, url string) ui.Figure {
		return ui.Figure{Label: text.T(ctx, "reports.stat."+key), Value: amount(ctx, n), Note: v.beside(ctx, key, share(ctx, n, all)), Tone: tone, URL: url}
	}
	late := ui.Bad
	if f.All.Late+f.All.Overdue == 0 {
		late = ui.Good
	}
	q := v.Query.V
	field := strings.Join(q.Fields, "")
	if len(q.Fields) > 1 {
		field = ""
	}
	return []ui.Figure{
		figure("all", f.All.Count, 0, ui.Plain, list("field", field, "body", q.BodyID)),
		figure("answered", f.All.Answered, f.All.Count, ui.Good, list("field", field, "body", q.BodyID, "state", "answered")),
		figure("settled", f.All.Settled, f.All.Count, ui.Good, list("field", field, "body", q.BodyID, "state", "closed")),
		figure("late", f.All.Late+f.All.Overdue, f.All.Count, late, list("field", field, "body", q.BodyID, "tab", "late")),
	}
}

// beside adds the number of the period before to a figure's note.
func (v View) beside(ctx context.Context, key, note string) string {
	b := v.Figures.V.Before
	if b == nil {
		return note
	}
	n := map[string]int64{"all": b.All.Count, "answered": b.All.Answered, "settled": b.All.Settled, "late": b.All.Late + b.All.Overdue}[key]
	return strings.TrimPrefix(note+"; "+text.T(ctx, "reports.before_note", "n", amount(ctx, n)), "; ")
}

func (v View) byField(ctx context.Context) ui.Bars {
	bars := ui.Bars{Caption: text.T(ctx, "reports.bar_caption"), Name: text.T(ctx, "reports.col.field"), Unit: text.T(ctx, "reports.col.count")}
	for _, code := range byCount(v.Figures.V.Now.ByField) {
		bars.Bars = append(bars.Bars, v.bar(ctx, fieldLabel(ctx, code), v.Figures.V.Now.ByField[code], code != "", list("field", code)))
	}
	return bars
}

func (v View) byBody(ctx context.Context) ui.Bars {
	const most = 40
	bars := ui.Bars{Caption: text.T(ctx, "reports.bar_caption"), Name: text.T(ctx, "reports.col.body"), Unit: text.T(ctx, "reports.col.count")}
	for i, id := range byCount(v.Figures.V.Now.ByBody) {
		if i == most {
			break
		}
		name := v.names[id]
		if name == "" {
			name = text.T(ctx, "reports.no_body")
		}
		bars.Bars = append(bars.Bars, v.bar(ctx, name, v.Figures.V.Now.ByBody[id], id != "", list("body", id)))
	}
	return bars
}

// bar is a tally with its late part.
func (v View) bar(ctx context.Context, label string, t *Tally, linked bool, url string) ui.Bar {
	if !linked {
		url = ""
	}
	late := t.Late + t.Overdue
	return ui.Bar{Label: label, Value: t.Count, Bad: late, Tone: ui.Quiet, URL: url, Text: text.T(ctx, "reports.bar", "count", amount(ctx, t.Count), "late", amount(ctx, late))}
}

func fieldLabel(ctx context.Context, code string) string {
	switch {
	case code == "":
		return text.T(ctx, "reports.unclassified")
	case branch(code) == code:
		return text.T(ctx, "petitions.branch."+code)
	}
	return text.T(ctx, "petitions.field."+code)
}

func (v View) ageing(ctx context.Context) ui.Columns {
	c := ui.Columns{Caption: text.T(ctx, "reports.chart.age"), Name: text.T(ctx, "reports.age"), Unit: text.T(ctx, "reports.col.count")}
	from := 0
	for i, n := range v.Figures.V.Now.ByAge {
		label := text.T(ctx, "reports.age_over", "days", AgeEnds[len(AgeEnds)-1])
		if i < len(AgeEnds) {
			label = text.T(ctx, "reports.age_between", "from", from, "to", AgeEnds[i])
			from = AgeEnds[i] + 1
		}
		c.Columns = append(c.Columns, ui.Bar{Label: label, Value: n, Tone: []ui.Tone{ui.Good, ui.Good, ui.Notable, ui.Gold, ui.Bad, ui.Bad}[i]})
	}
	if b := v.Figures.V.Before; b != nil {
		c.Line, c.LineName = b.ByAge[:], text.T(ctx, "reports.col.before")
	}
	return c
}

func (v View) punctuality(ctx context.Context) ui.Stack {
	a := v.Figures.V.Now.All
	return ui.Stack{Caption: text.T(ctx, "reports.chart.time"), Parts: []ui.Bar{
		{Label: text.T(ctx, "reports.time.on_time"), Value: a.OnTime, Tone: ui.Good, URL: list("state", "closed")},
		{Label: text.T(ctx, "reports.time.late"), Value: a.Late, Tone: ui.Gold},
		{Label: text.T(ctx, "reports.time.overdue"), Value: a.Overdue, Tone: ui.Bad, URL: list("tab", "late")},
		{Label: text.T(ctx, "reports.time.running"), Value: a.Count - a.Answered - a.Overdue, Tone: ui.Quiet},
	}}
}

// outcomes draws what became of what was answered. The work list knows no such
// filter, so nothing is linked.
func (v View) outcomes(ctx context.Context) ui.Stack {
	tones := []ui.Tone{ui.Good, ui.Gold, ui.Notable, ui.Bad, ui.Primary, ui.Quiet, ui.Quiet, ui.Warning, ui.Warning}
	s := ui.Stack{Caption: text.T(ctx, "reports.chart.outcome")}
	for i, o := range Outcomes() {
		if n := v.Figures.V.Now.ByOutcome[string(o)]; n > 0 {
			s.Parts = append(s.Parts, ui.Bar{Label: text.T(ctx, "petitions.outcome."+string(o)), Value: n, Tone: tones[i]})
		}
	}
	return s
}

// square is a ward in the grid.
type square struct {
	Name, URL, Count, X, Y, TextX, TextY, NameY, Shade string
	N                                                  int64
}

// The grid's measures, in units of its drawing.
const (
	squareSide, squareGap = 64, 4
	squaresAcross         = 14
)

// squares lays the wards out in Vietnamese order: a grid and not a map, since
// every ward is of the same worth and none is too small to be seen.
func (v View) squares(ctx context.Context) []square {
	var most int64 = 1
	for _, t := range v.Figures.V.Now.ByWard {
		most = max(most, t.Count)
	}
	all := make([]square, 0, len(v.Units))
	for i, u := range v.Units {
		x, y := i%squaresAcross*(squareSide+squareGap), i/squaresAcross*(squareSide+squareGap)
		s := square{Name: u.FullName, URL: list("ward", u.Code), X: strconv.Itoa(x), Y: strconv.Itoa(y), TextX: strconv.Itoa(x + squareSide/2), TextY: strconv.Itoa(y + 30), NameY: strconv.Itoa(y + 52)}
		if t := v.Figures.V.Now.ByWard[u.Code]; t != nil {
			s.N = t.Count
		}
		s.Count = amount(ctx, s.N)
		// Five shades; the darkest still lets the number be read.
		s.Shade = []string{"0.06", "0.14", "0.22", "0.30", "0.38"}[min(s.N*4/most, 4)]
		if s.N == 0 {
			s.Shade = "0"
		}
		all = append(all, s)
	}
	return all
}

func (v View) gridBox() string {
	rows := (len(v.Units) + squaresAcross - 1) / squaresAcross
	return "0 0 " + strconv.Itoa(squaresAcross*(squareSide+squareGap)) + " " + strconv.Itoa(rows*(squareSide+squareGap))
}

// abbreviated is a ward's name for a square: it is written out beside it and
// in the table below.
func abbreviated(name string) string {
	var letters []rune
	for _, part := range strings.Fields(name)[min(1, len(strings.Fields(name))):] {
		letters = append(letters, []rune(part)[0])
	}
	return string(letters)
}

// wardRows are the wards with something in them, the most first.
func (v View) wardRows(ctx context.Context) []square {
	rows := slices.DeleteFunc(v.squares(ctx), func(s square) bool { return s.N == 0 })
	slices.SortStableFunc(rows, func(a, b square) int { return int(b.N - a.N) })
	return rows
}

func (v View) terms(ctx context.Context) []ui.Term {
	q := v.Query.V
	term := func(key, value string) ui.Term { return ui.Term{Name: text.T(ctx, "reports.about."+key), Text: value} }
	all := []ui.Term{term("period", text.T(ctx, "reports.period", "from", q.From.VN(), "until", q.Until.VN()))}
	if !q.BeforeFrom.IsZero() {
		all = append(all, term("before", text.T(ctx, "reports.period", "from", q.BeforeFrom.VN(), "until", q.BeforeUntil.VN())))
	}
	var only []string
	for _, f := range q.Fields {
		only = append(only, fieldLabel(ctx, f))
	}
	if q.BodyID != "" {
		only = append(only, v.names[q.BodyID])
	}
	if len(only) > 0 {
		all = append(all, term("only", strings.Join(only, "; ")))
	}
	return append(all, term("moment", v.Moment.In(clock.Hanoi).Format(momentForm)), term("made", v.MadeName+", "+v.MadeAt.In(clock.Hanoi).Format(momentForm)), term("rows", amount(ctx, v.Report.Rows)), term("hash", v.Hash))
}

func (v View) table(ctx context.Context) ui.TableView[Row] {
	return ui.TableView[Row]{ID: "report-rows", Caption: text.T(ctx, "reports.rows_title"), Rows: v.Rows, URL: func(r Row) string { return "/petitions/" + r.ID },
		Empty: ui.Empty{Title: text.T(ctx, "reports.rows_none")},
		Columns: []ui.Column[Row]{
			{Key: "code", Label: text.T(ctx, "reports.col.code"), Text: func(r Row) string { return r.Code }, Narrow: true, Fixed: true},
			{Key: "opened", Label: text.T(ctx, "reports.col.opened"), Text: func(r Row) string { return clock.DateOf(r.OpenedAt).VN() }, Narrow: true},
			{Key: "ward", Label: text.T(ctx, "reports.col.ward"), Text: func(r Row) string { return r.Unit }},
			{Key: "text", Label: text.T(ctx, "reports.col.text"), Text: func(r Row) string { return shorten(text.Line(r.Text), 160) }},
			{Key: "body", Label: text.T(ctx, "reports.col.body"), Text: func(r Row) string { return r.Body }},
			{Key: "outcome", Label: text.T(ctx, "reports.col.outcome"), Text: func(r Row) string { return outcomeLabel(ctx, r.Standing) }},
			{Key: "due", Label: text.T(ctx, "reports.col.due"), Text: func(r Row) string { return r.Due.VN() }, Narrow: true},
		}}
}

func outcomeLabel(ctx context.Context, s Standing) string {
	if s.Outcome != "" {
		return text.T(ctx, "petitions.outcome."+string(s.Outcome))
	}
	return text.T(ctx, "petitions.state."+string(s.State))
}

func reportTable(ctx context.Context, v listView) ui.TableView[Report] {
	return ui.TableView[Report]{ID: "reports", Caption: text.T(ctx, "reports.made_title"), Rows: v.All, URL: func(r Report) string { return home + "/" + r.ID },
		Empty: ui.Empty{Title: text.T(ctx, "reports.made_none"), Text: text.T(ctx, "reports.made_none_hint")},
		Columns: []ui.Column[Report]{
			{Key: "kind", Label: text.T(ctx, "reports.kind_label"), Text: func(r Report) string { return text.T(ctx, "reports.kind."+string(r.Kind)) }, Fixed: true},
			{Key: "period", Label: text.T(ctx, "reports.about.period"), Text: func(r Report) string {
				return text.T(ctx, "reports.period", "from", r.Query.V.From.VN(), "until", r.Query.V.Until.VN())
			}},
			{Key: "moment", Label: text.T(ctx, "reports.about.moment"), Text: func(r Report) string { return r.Moment.In(clock.Hanoi).Format(momentForm) }},
			{Key: "rows", Label: text.T(ctx, "reports.about.rows"), Number: true, Text: func(r Report) string { return rowsOf(ctx, r) }},
			{Key: "made", Label: text.T(ctx, "reports.about.made"), Text: func(r Report) string { return r.MadeName }},
		}}
}

func rowsOf(ctx context.Context, r Report) string {
	if r.Status == Waiting {
		return text.T(ctx, "reports.counting", "done", amount(ctx, int64(r.Done)), "total", amount(ctx, int64(r.Total)))
	}
	return amount(ctx, r.Rows)
}

func kindOptions(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, k := range Kinds() {
		all = append(all, ui.Option{Value: string(k), Label: text.T(ctx, "reports.kind."+string(k))})
	}
	return all
}

// fieldOptions are fields under their committees' branches.
func fieldOptions(ctx context.Context, codes []string) []ui.Option {
	var all []ui.Option
	last := ""
	for _, code := range codes {
		group := text.T(ctx, "petitions.branch."+branch(code))
		if branch(code) != last {
			last = branch(code)
			all = append(all, ui.Option{Value: last, Label: text.T(ctx, "reports.whole_branch", "branch", group), Group: group})
		}
		all = append(all, ui.Option{Value: code, Label: fieldLabel(ctx, code), Group: group})
	}
	return all
}

func (a asked) bodyOptions() []ui.Option {
	all := make([]ui.Option, len(a.Bodies))
	for i, b := range a.Bodies {
		all[i] = ui.Option{Value: b.ID, Label: b.Name}
	}
	return all
}

// url is where the asker reads on.
func (r Remembered) url() string {
	if r.Open {
		return "/petitions/" + r.ID
	}
	return "/kien-nghi/" + r.Code
}

// chain writes the petitions of a memory as a timeline.
func (m Memory) chain(ctx context.Context) []ui.Event {
	var all []ui.Event
	for _, r := range m.Chain {
		title := text.T(ctx, "reports.chain_said", "code", r.Code)
		if r.Here {
			title = text.T(ctx, "reports.chain_here", "code", r.Code)
		}
		all = append(all, ui.Event{When: clock.DateOf(r.OpenedAt).VN(), Title: title, Text: r.Title, Icon: "message-circle", Body: memoryLink(r)})
		for _, a := range r.Answers {
			e := ui.Event{When: clock.DateOf(a.At).VN(), Title: text.T(ctx, "petitions.outcome."+string(a.Outcome)), Who: a.Body, Icon: "file-text", Tone: ui.Good}
			words := []string{a.Document}
			if a.Late {
				e.Tone = ui.Warning
				words = append(words, text.T(ctx, "reports.time.late"))
			}
			if !a.Promised.IsZero() {
				words = append(words, text.T(ctx, "reports.promised_on", "day", a.Promised.VN()))
			}
			e.Text = strings.Join(words, "; ")
			all = append(all, e)
		}
	}
	return all
}

// compared is a figure beside that of the period before.
type compared struct {
	Name        string
	Now, Before int64
}

// comparison lists the figures of both periods.
func (v View) comparison(ctx context.Context) []compared {
	now, before := v.Figures.V.Now, v.Figures.V.Before
	all := []compared{
		{text.T(ctx, "reports.stat.all"), now.All.Count, before.All.Count}, {text.T(ctx, "reports.stat.answered"), now.All.Answered, before.All.Answered},
		{text.T(ctx, "reports.time.on_time"), now.All.OnTime, before.All.OnTime}, {text.T(ctx, "reports.time.late"), now.All.Late, before.All.Late},
		{text.T(ctx, "reports.time.overdue"), now.All.Overdue, before.All.Overdue}, {text.T(ctx, "reports.stat.settled"), now.All.Settled, before.All.Settled},
	}
	for _, o := range Outcomes() {
		all = append(all, compared{text.T(ctx, "petitions.outcome."+string(o)), now.ByOutcome[string(o)], before.ByOutcome[string(o)]})
	}
	for _, q := range []string{"good", "no_schedule", "off_point"} {
		all = append(all, compared{text.T(ctx, "petitions.quality."+q), now.ByQuality[q], before.ByQuality[q]})
	}
	return all
}

func (v View) comparisonTable(ctx context.Context) ui.TableView[compared] {
	return ui.TableView[compared]{ID: "comparison", Caption: text.T(ctx, "reports.compare_title"), Rows: v.comparison(ctx),
		Columns: []ui.Column[compared]{
			{Key: "what", Label: text.T(ctx, "reports.col.what"), Text: func(c compared) string { return c.Name }, Fixed: true},
			{Key: "now", Label: text.T(ctx, "reports.col.now"), Number: true, Text: func(c compared) string { return amount(ctx, c.Now) }},
			{Key: "before", Label: text.T(ctx, "reports.col.before"), Number: true, Text: func(c compared) string { return amount(ctx, c.Before) }},
			{Key: "change", Label: text.T(ctx, "reports.col.change"), Number: true, Text: func(c compared) string { return change(ctx, c.Now-c.Before) }},
		}}
}

func change(ctx context.Context, n int64) string {
	if n > 0 {
		return "+" + amount(ctx, n)
	}
	return amount(ctx, n)
}

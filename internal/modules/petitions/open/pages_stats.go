package open

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// unitsDrawn is how many wards the chart shows; the table has all.
const unitsDrawn = 20

// statsPage is the page of the statistics.
type statsPage struct {
	Statistics
	Fieldnames map[string]Field
}

// asked reads which council and year the address is about.
func asked(r *http.Request) (councilID string, year int, err error) {
	q := r.URL.Query()
	if y := q.Get("nam"); y != "" {
		if year, err = strconv.Atoi(y); err != nil || year < 2000 || year > 9999 {
			return "", 0, fault.New(fault.Invalid, "open.bad_year").At("nam")
		}
	}
	return text.Line(q.Get("hoi-dong")), year, nil
}

func (s *Service) statistics(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	councilID, year, err := asked(r)
	if err != nil {
		return err
	}
	x, err := s.Statistics(ctx, councilID, year)
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(ctx, "open.statistics"), Public: true, Section: "/kien-nghi/thong-ke"}, statsBody(statsPage{x, s.fieldsByCode(ctx)}))
}

func (s *Service) statisticsJSON(w http.ResponseWriter, r *http.Request) error {
	councilID, year, err := asked(r)
	if err != nil {
		return err
	}
	x, err := s.Statistics(r.Context(), councilID, year)
	if err != nil {
		return err
	}
	if fresh(w, r, x.Until.UTC().Format("20060102150405.000000")+"-"+strconv.Itoa(x.Year)+"-"+x.Council, x.Until) {
		return nil
	}
	return web.JSON(w, http.StatusOK, x)
}

func (p statsPage) lead(ctx context.Context) string {
	if p.Until.IsZero() {
		return text.T(ctx, "open.not_counted")
	}
	return text.T(ctx, "open.statistics_lead", "until", hanoi(p.Until).Format("15:04 02/01/2006"))
}

func (p statsPage) yearOptions() []ui.Option {
	var all []ui.Option
	for _, y := range p.Years {
		all = append(all, ui.Option{Value: strconv.Itoa(y), Label: strconv.Itoa(y)})
	}
	return all
}

func (p statsPage) year() string {
	if p.Year == 0 {
		return ""
	}
	return strconv.Itoa(p.Year)
}

func (p statsPage) councils(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, c := range p.Councils {
		name := c.Name
		if text.LangOf(ctx) == text.En && c.NameEn != "" {
			name = c.NameEn
		}
		all = append(all, ui.Option{Value: c.ID, Label: name})
	}
	return all
}

func (p statsPage) active() int {
	n := 0
	if p.Year != 0 {
		n++
	}
	if p.Council != "" {
		n++
	}
	return n
}

// figures are the numbers at the top.
func (p statsPage) figures(ctx context.Context) []ui.Figure {
	lang := text.LangOf(ctx)
	var ended int64
	for _, s := range p.States {
		if s.Value == "closed" {
			ended = s.N
		}
	}
	all := []ui.Figure{
		{Label: text.T(ctx, "open.total"), Value: text.Number(lang, p.Total)},
		{Label: text.T(ctx, "open.closed"), Value: text.Number(lang, ended)},
		{Label: text.T(ctx, "open.punctual"), Value: percent(lang, p.OnTime, p.OnTime+p.Late+p.Overdue), Note: text.T(ctx, "open.punctual_note", "n", text.Number(lang, p.OnTime), "all", text.Number(lang, p.OnTime+p.Late+p.Overdue))},
	}
	if p.Waiting > 0 {
		all = append(all, ui.Figure{Label: text.T(ctx, "open.waiting"), Value: text.Number(lang, p.Waiting)})
	}
	return all
}

// percent is a share with one decimal; a dash when there is nothing to share.
func percent(lang text.Lang, n, all int64) string {
	if all == 0 {
		return "–"
	}
	return tenths(lang, n*1000/all)
}

func tenths(lang text.Lang, v int64) string {
	mark := ","
	if lang == text.En {
		mark = "."
	}
	return strconv.FormatInt(v/10, 10) + mark + strconv.FormatInt(v%10, 10) + " %"
}

// chart draws parts that have names, or whose names are sentences below prefix.
func chart(ctx context.Context, caption, prefix string, parts []Part) ui.Bars {
	b := ui.Bars{Caption: caption, Name: caption, Unit: text.T(ctx, "open.petitions")}
	for _, p := range parts {
		label := p.Name
		if label == "" && prefix != "" {
			label = text.T(ctx, prefix+p.Value)
		}
		b.Bars = append(b.Bars, ui.Bar{Label: label, Value: p.N})
	}
	return b
}

func (p statsPage) states(ctx context.Context) ui.Bars {
	return chart(ctx, text.T(ctx, "open.by_state"), "petitions.state.", p.States)
}

func (p statsPage) outcomes(ctx context.Context) ui.Bars {
	return chart(ctx, text.T(ctx, "open.by_outcome"), "petitions.outcome.", p.Outcomes)
}

func (p statsPage) reasons(ctx context.Context) ui.Bars {
	return chart(ctx, text.T(ctx, "open.by_reason"), "petitions.reason.", p.Reasons)
}

func (p statsPage) fields(ctx context.Context) ui.Bars {
	b := ui.Bars{Caption: text.T(ctx, "open.by_field"), Name: text.T(ctx, "open.by_field"), Unit: text.T(ctx, "open.petitions")}
	for _, part := range p.Fields {
		f := p.Fieldnames[part.Value]
		if f.Code == "" {
			f = Field{Vi: part.Value, En: part.Value} // a field that is no longer in use
		}
		b.Bars = append(b.Bars, ui.Bar{Label: f.name(text.LangOf(ctx)), Value: part.N, URL: "/kien-nghi?field=" + url.QueryEscape(part.Value)})
	}
	return b
}

func (p statsPage) units(ctx context.Context) ui.Bars {
	b := chart(ctx, text.T(ctx, "open.by_unit"), "", p.Units[:min(len(p.Units), unitsDrawn)])
	for i := range b.Bars {
		b.Bars[i].URL = "/kien-nghi?ward=" + url.QueryEscape(p.Units[i].Value)
	}
	return b
}

func (p statsPage) bodies(ctx context.Context) ui.Bars {
	return chart(ctx, text.T(ctx, "open.by_body"), "", p.Bodies)
}

func (p statsPage) months(ctx context.Context) ui.Columns {
	c := ui.Columns{Caption: text.T(ctx, "open.by_month"), Name: text.T(ctx, "open.month"), Unit: text.T(ctx, "open.petitions")}
	for _, m := range p.Months {
		c.Columns = append(c.Columns, ui.Bar{Label: m.Value[5:] + "/" + m.Value[2:4], Value: m.N})
	}
	return c
}

func (p statsPage) punctuality(ctx context.Context) ui.Stack {
	return ui.Stack{Caption: text.T(ctx, "open.punctual_chart"), Parts: []ui.Bar{
		{Label: text.T(ctx, "open.on_time"), Value: p.OnTime, Tone: ui.Good},
		{Label: text.T(ctx, "open.late"), Value: p.Late, Tone: ui.Warning},
		{Label: text.T(ctx, "open.overdue"), Value: p.Overdue, Tone: ui.Bad},
	}}
}

func (p statsPage) satisfied(ctx context.Context) ui.Bars {
	b := ui.Bars{Caption: text.T(ctx, "open.satisfaction"), Name: text.T(ctx, "open.satisfaction"), Unit: text.T(ctx, "open.ratings")}
	for _, part := range p.Satisfaction {
		b.Bars = append(b.Bars, ui.Bar{Label: part.Label, Value: part.N})
	}
	return b
}

func (p statsPage) withheld(ctx context.Context) ui.Bars {
	b := ui.Bars{Caption: text.T(ctx, "open.withheld"), Name: text.T(ctx, "open.withheld"), Unit: text.T(ctx, "open.petitions")}
	for _, part := range p.Withheld {
		b.Bars = append(b.Bars, ui.Bar{Label: part.Label, Value: part.N})
	}
	return b
}

func (p statsPage) unitTable(ctx context.Context) ui.TableView[Part] {
	lang := text.LangOf(ctx)
	return ui.TableView[Part]{ID: "wards", Caption: text.T(ctx, "open.by_unit"), Rows: p.Units, Columns: []ui.Column[Part]{
		{Key: "ward", Label: text.T(ctx, "open.ward"), Text: func(u Part) string { return u.Name }},
		{Key: "n", Label: text.T(ctx, "open.petitions"), Number: true, Text: func(u Part) string { return text.Number(lang, u.N) }},
	}}
}

func (p statsPage) leagueTable(ctx context.Context) ui.TableView[Standing] {
	lang := text.LangOf(ctx)
	number := func(key, label string, of func(Standing) int64) ui.Column[Standing] {
		return ui.Column[Standing]{Key: key, Label: label, Number: true, Text: func(l Standing) string { return text.Number(lang, of(l)) }}
	}
	return ui.TableView[Standing]{ID: "league", Caption: text.T(ctx, "open.league"), Rows: p.League, Columns: []ui.Column[Standing]{
		{Key: "body", Label: text.T(ctx, "open.body"), Text: func(l Standing) string { return l.Name }},
		{Key: "place", Label: text.T(ctx, "open.place"), Number: true, Text: func(l Standing) string {
			if l.Place == 0 {
				return text.T(ctx, "open.unranked")
			}
			return strconv.Itoa(l.Place)
		}},
		number("on_time", text.T(ctx, "open.on_time"), func(l Standing) int64 { return l.OnTime }),
		number("late", text.T(ctx, "open.late"), func(l Standing) int64 { return l.Late }),
		number("overdue", text.T(ctx, "open.overdue"), func(l Standing) int64 { return l.Overdue }),
		{Key: "score", Label: text.T(ctx, "open.score"), Number: true, Text: func(l Standing) string { return tenths(lang, l.Score) }},
	}}
}

// jsonAddress is the same statistics as a file.
func jsonAddress(p statsPage) string {
	q := url.Values{}
	if p.Year != 0 {
		q.Set("nam", p.year())
	}
	if p.Council != "" {
		q.Set("hoi-dong", p.Council)
	}
	if len(q) == 0 {
		return "/kien-nghi/thong-ke.json"
	}
	return "/kien-nghi/thong-ke.json?" + q.Encode()
}

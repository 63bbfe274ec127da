package ratings

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

const (
	ratePath    = "/kien-nghi/danh-gia/"
	comparePath = "/petitions/satisfaction"
)

// Routes lists the addresses of ratings.
func (d *Desk) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET " + ratePath + "{code}", Needs: auth.Public, Handle: d.form},
		{Pattern: "POST " + ratePath + "{code}", Needs: auth.Public, Handle: d.rate, Limit: web.Limit{Rate: web.Intake}},
		{Pattern: "GET " + comparePath, Needs: MayCompare, Handle: d.compare},
	}
}

// Menu lists the pages that stand in the menu.
func (d *Desk) Menu() []web.MenuItem {
	return []web.MenuItem{{Section: "web.menu_knowledge", Label: "ratings.menu", Icon: "star", URL: comparePath, Order: 45, Needs: MayCompare}}
}

// Link is the address where the voter rates, for letters and the voter's page.
func Link(code, key string) string {
	return ratePath + url.PathEscape(code) + "?key=" + url.QueryEscape(key)
}

// formPage is the voter's form.
type formPage struct {
	Code, Key string
	Rating    Rating
	Errors    ui.Errors
}

func (p formPage) scores(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "score", Label: text.T(ctx, "ratings.score"), Required: true, Errors: p.Errors}
	for n := ScoreMax; n >= 1; n-- {
		c.Options = append(c.Options, ui.Option{Value: strconv.Itoa(n), Label: text.T(ctx, "ratings.score_"+strconv.Itoa(n))})
	}
	if p.Rating.Score > 0 {
		c.Value = strconv.Itoa(p.Rating.Score)
	}
	return c
}

func (p formPage) fixes(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "fixed", Label: text.T(ctx, "ratings.fixed"), Required: true, Errors: p.Errors, Value: string(p.Rating.Fixed)}
	for _, f := range allFixed {
		c.Options = append(c.Options, ui.Option{Value: string(f), Label: text.T(ctx, "ratings.fixed_"+string(f))})
	}
	return c
}

func (d *Desk) form(w http.ResponseWriter, r *http.Request) error {
	p := formPage{Code: r.PathValue("code"), Key: r.URL.Query().Get("key")}
	standing, err := d.Standing(r.Context(), p.Code, p.Key)
	if err != nil {
		return err
	}
	p.Rating = standing
	return show(w, r, p, http.StatusOK)
}

func show(w http.ResponseWriter, r *http.Request, p formPage, status int) error {
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "ratings.title", "code", p.Code), Public: true, Status: status}, formBody(p))
}

// back is the voter's page of the petition.
func back(code, key string) string {
	return "/kien-nghi/" + url.PathEscape(code) + "?key=" + url.QueryEscape(key)
}

// comparePage is the comparison of bodies with its drawings.
type comparePage struct {
	Results
	Who org.Actor
}

func (d *Desk) compare(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	from, err := day(q.Get("from"))
	if err != nil {
		return err
	}
	until, err := day(q.Get("until"))
	if err != nil {
		return err
	}
	res, err := d.Compare(r.Context(), web.Actor(r), from, until, q.Get("after"))
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "ratings.menu"), Section: comparePath}, compareBody(comparePage{res, web.Actor(r)}))
}

// day reads a date of the filter; empty is none.
func day(s string) (clock.Date, error) {
	if s == "" {
		return clock.Date{}, nil
	}
	d, err := clock.ParseDate(s)
	if err != nil {
		return d, fault.New(fault.Invalid, "ratings.day_wrong", "day", s)
	}
	return d, nil
}

// total adds up all bodies.
func (p comparePage) total() (all Comparison) {
	for _, c := range p.Bodies {
		all.Count, all.Score, all.Pleased = all.Count+c.Count, all.Score+c.Score, all.Pleased+c.Pleased
		all.Fixed, all.Partly, all.Not = all.Fixed+c.Fixed, all.Partly+c.Partly, all.Not+c.Not
	}
	return all
}

// average writes a mean score with one decimal, as Vietnamese do.
func (c Comparison) average(lang text.Lang) string {
	if c.Count == 0 {
		return "–"
	}
	tenths := (c.Score*10 + c.Count/2) / c.Count
	point := ","
	if lang == text.En {
		point = "."
	}
	return fmt.Sprintf("%d%s%d", tenths/10, point, tenths%10)
}

func (c Comparison) share(n int64) string {
	if c.Count == 0 {
		return "–"
	}
	return strconv.FormatInt((n*100+c.Count/2)/c.Count, 10) + "%"
}

func (p comparePage) figures(ctx context.Context) []ui.Figure {
	all, lang := p.total(), text.LangOf(ctx)
	return []ui.Figure{
		{Label: text.T(ctx, "ratings.count"), Value: text.Number(lang, all.Count)},
		{Label: text.T(ctx, "ratings.average"), Value: all.average(lang), Note: text.T(ctx, "ratings.of_most", "most", ScoreMax)},
		{Label: text.T(ctx, "ratings.pleased"), Value: all.share(all.Pleased), Tone: ui.Good, Note: text.T(ctx, "ratings.pleased_formula")},
		{Label: text.T(ctx, "ratings.not_fixed"), Value: all.share(all.Not), Tone: ui.Bad, Note: text.T(ctx, "ratings.not_fixed_count", "n", all.Not)},
	}
}

func (p comparePage) fixedChart(ctx context.Context) ui.Stack {
	all := p.total()
	return ui.Stack{Caption: text.T(ctx, "ratings.fixed_caption"), Parts: []ui.Bar{
		{Label: text.T(ctx, "ratings.fixed_yes"), Value: all.Fixed, Tone: ui.Good},
		{Label: text.T(ctx, "ratings.fixed_partly"), Value: all.Partly, Tone: ui.Warning},
		{Label: text.T(ctx, "ratings.fixed_no"), Value: all.Not, Tone: ui.Bad},
	}}
}

func (p comparePage) bodiesChart(ctx context.Context) ui.Bars {
	bars := ui.Bars{Caption: text.T(ctx, "ratings.bodies_caption"), Name: text.T(ctx, "ratings.body"), Unit: text.T(ctx, "ratings.count")}
	for _, c := range p.Bodies {
		bars.Bars = append(bars.Bars, ui.Bar{Label: c.Name, Value: c.Count, Bad: c.Not, Tone: ui.Good,
			Text: text.T(ctx, "ratings.body_line", "average", c.average(text.LangOf(ctx)), "n", c.Count, "not", c.Not)})
	}
	return bars
}

func (p comparePage) last(ctx context.Context) ui.TableView[Rating] {
	return ui.TableView[Rating]{ID: "ratings", Caption: text.T(ctx, "ratings.last"), Rows: p.Last, Empty: ui.Empty{Title: text.T(ctx, "ratings.none_last")}, Columns: []ui.Column[Rating]{
		{Key: "day", Label: text.T(ctx, "ratings.day"), Narrow: true, Text: func(r Rating) string { return r.Day.VN() }},
		{Key: "code", Label: text.T(ctx, "ratings.petition"), Narrow: true, Text: func(r Rating) string { return r.Code }},
		{Key: "score", Label: text.T(ctx, "ratings.score_short"), Number: true, Text: func(r Rating) string { return strconv.Itoa(r.Score) }},
		{Key: "fixed", Label: text.T(ctx, "ratings.fixed_short"), Text: func(r Rating) string { return text.T(ctx, "ratings.fixed_"+string(r.Fixed)) }},
		{Key: "comment", Label: text.T(ctx, "ratings.comment_short"), Text: func(r Rating) string { return r.Comment }},
	}, URL: func(r Rating) string { return "/petitions/" + r.PetitionID }}
}

func (p comparePage) next() string {
	if p.Next == "" {
		return ""
	}
	return comparePath + "?" + url.Values{"from": {p.From.String()}, "until": {p.Until.String()}, "after": {p.Next}}.Encode()
}

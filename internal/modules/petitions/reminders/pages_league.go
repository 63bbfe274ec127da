package reminders

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

type leagueView struct {
	League
	Sort string
}

func (d *Desk) leaguePage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	from, err := day(q.Get("from"))
	if err != nil {
		return err
	}
	until, err := day(q.Get("until"))
	if err != nil {
		return err
	}
	l, err := d.League(r.Context(), web.Actor(r), from, until, q.Get("sort"))
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "reminders.menu_league"), Section: leaguePath, Wide: true}, leagueBody(leagueView{l, q.Get("sort")}))
}

// day reads a date of the filter; empty is none.
func day(s string) (clock.Date, error) {
	if s = text.Line(s); s == "" {
		return clock.Date{}, nil
	}
	d, err := clock.ParseDate(s)
	if err != nil {
		return d, fault.New(fault.Invalid, "reminders.filter_day_wrong", "day", s)
	}
	return d, nil
}

// formulaLines says in words how the points come about.
func (v leagueView) formulaLines(ctx context.Context) []string {
	f := v.formula
	return []string{
		text.T(ctx, "reminders.formula_in_time", "weight", f.InTime, "full", f.FullPercent, "part", f.PartPercent, "points", decimals(ctx, f.InTime*f.PartShare, 100)),
		text.T(ctx, "reminders.formula_promises", "weight", f.Promises),
		text.T(ctx, "reminders.formula_ratings", "weight", f.Ratings),
		text.T(ctx, "reminders.formula_letters", "weight", f.Letters, "one", f.PerLetter[0], "two", f.PerLetter[1], "three", f.PerLetter[2]),
		text.T(ctx, "reminders.formula_total"),
	}
}

// decimals writes hundredths as a number with two decimals; unit is what one is.
func decimals(ctx context.Context, n, unit int64) string {
	point := ","
	if text.LangOf(ctx) == text.En {
		point = "."
	}
	return fmt.Sprintf("%d%s%02d", n/unit, point, n%unit)
}

func (v leagueView) column(ctx context.Context, key string, words func(Standing) string) ui.Column[Standing] {
	c := ui.Column[Standing]{Key: key, Label: text.T(ctx, "reminders.col_"+key), Number: key != "name", Text: words}
	next := "-" + key
	switch v.Sort {
	case key:
		c.Sorted = "ascending"
	case "-" + key:
		c.Sorted, next = "descending", key
	}
	c.SortURL = leaguePath + "?" + url.Values{"from": {v.From.String()}, "until": {v.Until.String()}, "sort": {next}}.Encode()
	return c
}

func (v leagueView) table(ctx context.Context) ui.TableView[Standing] {
	lang := text.LangOf(ctx)
	number := func(key string, pick func(Standing) int64) ui.Column[Standing] {
		return v.column(ctx, key, func(s Standing) string { return text.Number(lang, pick(s)) })
	}
	return ui.TableView[Standing]{ID: "league", Caption: text.T(ctx, "reminders.menu_league"), Rows: v.Bodies, Empty: ui.Empty{Title: text.T(ctx, "reminders.league_none")}, Columns: []ui.Column[Standing]{
		v.column(ctx, "name", func(s Standing) string { return s.Name }),
		v.column(ctx, "score", func(s Standing) string { return s.score(ctx) }),
		number("asked", func(s Standing) int64 { return s.Asked }),
		v.column(ctx, "on_time", func(s Standing) string {
			if s.due() == 0 {
				return "–"
			}
			return text.Number(lang, s.OnTime) + " (" + decimals(ctx, s.figure("on_time"), 100) + "%)"
		}),
		number("late", func(s Standing) int64 { return s.Late }), number("overdue", func(s Standing) int64 { return s.Overdue }),
		v.column(ctx, "days", func(s Standing) string {
			if s.OnTime+s.Late == 0 {
				return "–"
			}
			return decimals(ctx, s.meanDays(), 100)
		}),
		number("kept", func(s Standing) int64 { return s.Kept }), number("broken", func(s Standing) int64 { return s.Broken }),
		v.column(ctx, "rating", func(s Standing) string {
			if s.Ratings == 0 {
				return "–"
			}
			return decimals(ctx, s.figure("rating"), 100) + " (" + text.Number(lang, s.Ratings) + ")"
		}),
		v.column(ctx, "letters", func(s Standing) string { return fmt.Sprintf("%d/%d/%d", s.Letters[0], s.Letters[1], s.Letters[2]) }),
	}}
}

// score is the points of a body, or a dash when there is nothing to judge it by.
func (s Standing) score(ctx context.Context) string {
	if !s.Points.known() {
		return "–"
	}
	return decimals(ctx, s.Points.Total, 100)
}

// total is how the points were added up.
func (s Standing) total(ctx context.Context) string {
	p := s.Points
	if !p.known() {
		return text.T(ctx, "reminders.part_none")
	}
	return text.T(ctx, "reminders.part_total", "sum", decimals(ctx, p.InTime+p.Promises+p.Ratings+p.Letters, 100), "weight", p.Weight, "points", decimals(ctx, p.Total, 100))
}

// parts is how one body's points came about, to be counted again by hand.
func (s Standing) parts(ctx context.Context) []string {
	p := s.Points
	none := text.T(ctx, "reminders.part_none")
	in, promises, ratings := none, none, none
	if p.HasTime {
		in = text.T(ctx, "reminders.part_in_time", "n", s.OnTime, "of", s.due(), "share", decimals(ctx, s.figure("on_time"), 100), "points", decimals(ctx, p.InTime, 100))
	}
	if p.HasPromises {
		promises = text.T(ctx, "reminders.part_promises", "n", s.Kept, "of", s.Kept+s.Broken, "points", decimals(ctx, p.Promises, 100))
	}
	if p.HasRatings {
		ratings = text.T(ctx, "reminders.part_ratings", "sum", s.Score, "n", s.Ratings, "points", decimals(ctx, p.Ratings, 100))
	}
	return []string{in, promises, ratings,
		text.T(ctx, "reminders.part_letters", "one", s.Letters[0], "two", s.Letters[1], "three", s.Letters[2], "points", decimals(ctx, p.Letters, 100)),
		s.total(ctx)}
}

// partsLine is a row of the table of parts.
type partsLine struct {
	Name  string
	Parts []string
}

func (v leagueView) partsTable(ctx context.Context) ui.TableView[partsLine] {
	t := ui.TableView[partsLine]{ID: "parts", Caption: text.T(ctx, "reminders.parts_title"), Columns: []ui.Column[partsLine]{
		{Key: "name", Label: text.T(ctx, "reminders.body"), Text: func(l partsLine) string { return l.Name }}}}
	for _, s := range v.Bodies {
		t.Rows = append(t.Rows, partsLine{s.Name, s.parts(ctx)})
	}
	for i, key := range []string{"on_time", "kept", "rating", "letters", "score"} {
		t.Columns = append(t.Columns, ui.Column[partsLine]{Key: key, Label: text.T(ctx, "reminders.col_"+key), Text: func(l partsLine) string { return l.Parts[i] }})
	}
	return t
}

// chartMost is how many bodies the chart draws; the table has all.
const chartMost = 20

func (v leagueView) chart(ctx context.Context) ui.Bars {
	bars := ui.Bars{Caption: text.T(ctx, "reminders.chart_caption"), Name: text.T(ctx, "reminders.body"), Unit: text.T(ctx, "reminders.col_score")}
	for _, s := range v.Bodies[:min(len(v.Bodies), chartMost)] {
		bars.Bars = append(bars.Bars, ui.Bar{Label: s.Name, Value: s.Points.Total, Text: s.score(ctx)})
	}
	return bars
}

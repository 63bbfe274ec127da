package worklist

import (
	"context"
	"net/http"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// overviewView is the overview with its drawings.
type overviewView struct {
	Overview
	states []cases.State
}

// OverviewPage shows the chair and the heads what is late, and where.
func (d *Desk) OverviewPage(w http.ResponseWriter, r *http.Request) error {
	o, err := d.Overview(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "petitions.menu_overview"), Section: "/petitions/overview"}, overviewBody(overviewView{o, d.allStates()}))
}

func (p overviewView) figures(ctx context.Context) []ui.Figure {
	figure := func(key string, n int64, tone ui.Tone, url string) ui.Figure {
		return ui.Figure{Label: text.T(ctx, "petitions.indicator."+key), Value: text.Number(text.LangOf(ctx), n), Tone: tone, URL: url}
	}
	late := figure("late", p.Late, ui.Bad, Filter{Tab: TabLate}.Address())
	if p.Open > 0 {
		late.Note = text.T(ctx, "petitions.late_share", "share", p.Late*100/p.Open)
	}
	if p.Late == 0 {
		late.Tone = ui.Good
	}
	return []ui.Figure{figure("open", p.Open, ui.Plain, Filter{ByDue: true}.Address()), late,
		figure("soon", p.Soon, ui.Warning, Filter{Tab: TabSoon}.Address()), figure("asked", p.Asked, ui.Plain, Filter{Tab: TabAsked}.Address())}
}

func (p overviewView) byBody(ctx context.Context) ui.Bars {
	bars := ui.Bars{Caption: text.T(ctx, "petitions.stuck_body_caption"), Name: text.T(ctx, "petitions.field_body"), Unit: text.T(ctx, "petitions.count")}
	for _, b := range p.ByBody {
		bar := ui.Bar{Label: b.BodyName, Value: b.Open, Text: text.T(ctx, "petitions.late_of", "late", b.Late, "open", b.Open), URL: Filter{BodyID: b.BodyID, ByDue: true}.Address(), Tone: ui.Quiet, Bad: b.Late}
		if b.Late > 0 {
			bar.URL = Filter{BodyID: b.BodyID, Tab: TabLate}.Address()
		}
		bars.Bars = append(bars.Bars, bar)
	}
	return bars
}

func (p overviewView) byAge(ctx context.Context) ui.Bars {
	bars := ui.Bars{Caption: text.T(ctx, "petitions.stuck_age_caption"), Name: text.T(ctx, "petitions.late_for"), Unit: text.T(ctx, "petitions.count")}
	for i, n := range p.ByAge {
		f := Filter{Tab: TabLate, Until: p.Today.AddDays(-LateEnds[i] - 1)}
		label := text.T(ctx, "petitions.late_over", "days", LateEnds[i])
		if i+1 < len(LateEnds) {
			f.From = p.Today.AddDays(-LateEnds[i+1])
			label = text.T(ctx, "petitions.late_between", "from", LateEnds[i]+1, "to", LateEnds[i+1])
		}
		bars.Bars = append(bars.Bars, ui.Bar{Label: label, Value: n, URL: f.Address(), Tone: ui.Bad})
	}
	return bars
}

func (p overviewView) byState(ctx context.Context) ui.Stack {
	stack := ui.Stack{Caption: text.T(ctx, "petitions.stuck_state_caption")}
	tones := []ui.Tone{ui.Primary, ui.Gold, ui.Notable, ui.Quiet, ui.Good, ui.Warning, ui.Bad}
	n := 0
	for _, state := range p.states {
		for _, b := range p.ByState {
			if b.State == state && b.BodyID == "" {
				stack.Parts = append(stack.Parts, ui.Bar{Label: text.T(ctx, "petitions.state."+string(state)), Value: b.Open, Tone: tones[n%len(tones)], URL: Filter{State: state, ByDue: true}.Address()})
				n++
			}
		}
	}
	return stack
}

func (p overviewView) lateByState(ctx context.Context) ui.Bars {
	bars := ui.Bars{Caption: text.T(ctx, "petitions.late_state_caption"), Name: text.T(ctx, "petitions.field_state"), Unit: text.T(ctx, "petitions.count")}
	for _, state := range p.states {
		for _, b := range p.ByState {
			if b.State == state && b.Late > 0 {
				bars.Bars = append(bars.Bars, ui.Bar{Label: text.T(ctx, "petitions.state."+string(state)), Value: b.Late, Tone: ui.Bad, URL: Filter{State: state, Tab: TabLate}.Address()})
			}
		}
	}
	return bars
}

// allStates are the states of the newest version, in its order.
func (d *Desk) allStates() (all []cases.State) {
	version := 0
	for _, p := range d.Cases.Procedures() {
		if p.Name != "petition" || p.Version < version {
			continue
		}
		version, all = p.Version, nil
		for _, s := range p.States {
			all = append(all, s.Name)
		}
	}
	return all
}

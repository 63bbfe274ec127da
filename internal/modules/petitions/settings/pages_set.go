package settings

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// setView is the page of one set.
type setView struct {
	Sheet
	labels
	Form   *web.Form
	Errors ui.Errors
	Draws  bool
	Tried  *Tried // the rules' word on a text that was typed
}

func (d *Desk) setPage(w http.ResponseWriter, r *http.Request) error {
	return d.showSet(w, r, nil, nil, nil, http.StatusOK)
}

func (d *Desk) showSet(w http.ResponseWriter, r *http.Request, form *web.Form, tried *Tried, cause error, status int) error {
	p, err := d.Sheet(r.Context(), web.Actor(r), r.PathValue("set"))
	if err != nil {
		return err
	}
	v := setView{Sheet: p, labels: labelsOf(r.Context(), p.Choices), Form: form, Errors: ui.ErrorsOf(cause), Draws: p.Open() && MayDrawUp.Allows(web.Actor(r)), Tried: tried}
	return web.Page(w, r, web.Head{Title: p.Title, Section: homePath, Status: status, Wide: true}, setBody(v))
}

func (v setView) facts(ctx context.Context) []ui.Term {
	all := []ui.Term{
		{Name: text.T(ctx, "settings.field_basis"), Text: v.Basis()},
		{Name: text.T(ctx, "settings.field_from"), Text: v.From.VN()},
		{Name: text.T(ctx, "settings.field_by"), Text: v.ByName + ", " + clock.DateOf(v.At.Time).VN()},
	}
	if v.State == InForce || v.State == Dropped {
		all = append(all, ui.Term{Name: text.T(ctx, "settings.decided."+string(v.State)), Text: v.decided() + ", " + clock.DateOf(v.DecidedAt.Time).VN()})
	}
	if v.Why != "" {
		all = append(all, ui.Term{Name: text.T(ctx, "settings.field_why"), Text: v.Why})
	}
	return all
}

func (v setView) items(ctx context.Context) ui.TableView[Item] {
	t := ui.TableView[Item]{ID: "items", Caption: text.T(ctx, "settings.items"), Rows: v.Items, Empty: ui.Empty{Title: text.T(ctx, "settings.none_items"), Text: text.T(ctx, "settings.none_items_text")},
		Tone: func(i Item) ui.Tone {
			if i.Problem != nil {
				return ui.Bad
			}
			return ui.Plain
		},
		Columns: []ui.Column[Item]{
			{Key: "kind", Label: text.T(ctx, "settings.col_kind"), Narrow: true, Text: func(i Item) string { return text.T(ctx, "settings.kind."+string(i.Kind)) }},
			{Key: "what", Label: text.T(ctx, "settings.col_what"), Text: func(i Item) string { return v.what(ctx, i.Change, i.What) }},
			{Key: "change", Label: text.T(ctx, "settings.col_change"), Cell: func(i Item) templ.Component { return itemCell(v, i) }},
			{Key: "by", Label: text.T(ctx, "settings.col_written"), Text: func(i Item) string { return i.ByName }},
		}}
	if v.Draws {
		t.Columns = append(t.Columns, ui.Column[Item]{Key: "do", Label: text.T(ctx, "settings.col_do"), Narrow: true, Cell: func(i Item) templ.Component { return itemActs(v, i) }})
	}
	return t
}

// itemsNote warns that a change asks for another test; nothing changes any more
// in a set that is not open.
func (v setView) itemsNote(ctx context.Context) string {
	if !v.Draws {
		return ""
	}
	return text.T(ctx, "settings.items_note")
}

func (v setView) itemURL(i Item) string { return setURL(v.ID) + "/items/" + i.ID }

// adds lists what can be added to the set, by kind.
func (v setView) adds(ctx context.Context, kind Kind) []ui.Action {
	var all []ui.Action
	for _, a := range kind.actions() {
		all = append(all, ui.Action{Label: text.T(ctx, "settings.action."+string(a)), URL: setURL(v.ID) + "/items?kind=" + string(kind) + "&action=" + string(a), Small: true})
	}
	return all
}

// open lists the kinds that the council may set.
func (v setView) kinds() []Kind {
	return slices.DeleteFunc(Kinds(), func(k Kind) bool { return !k.own() && !v.City })
}

// The parts of the test's page.

func (v setView) testHead(ctx context.Context) string {
	return text.T(ctx, "settings.tested_line", "day", clock.DateOf(v.Test.At.Time).VN()+" "+v.Test.At.In(clock.Hanoi).Format("15:04"), "name", v.Test.ByName, "n", number(ctx, v.Test.Looked))
}

func (v setView) routedChart(ctx context.Context) ui.Bars {
	bar := func(key string, r Reached) ui.Bar {
		return ui.Bar{Label: text.T(ctx, key), Value: int64(r.Hits), Bad: int64(r.Decided - r.Same), Tone: ui.Good,
			Text: text.T(ctx, "settings.reached", "hits", number(ctx, r.Hits), "decided", number(ctx, r.Decided), "same", number(ctx, r.Same))}
	}
	return ui.Bars{Caption: text.T(ctx, "settings.routed_caption", "n", number(ctx, v.Test.Looked)), Name: text.T(ctx, "settings.rules"), Unit: text.T(ctx, "settings.col_hits"),
		Bars: []ui.Bar{bar("settings.routed_now", v.Test.Routed[0]), bar("settings.routed_then", v.Test.Routed[1])}}
}

func (v setView) rulesChart(ctx context.Context) ui.Bars {
	bars := ui.Bars{Caption: text.T(ctx, "settings.rules_caption"), Name: text.T(ctx, "settings.rules"), Unit: text.T(ctx, "settings.col_hits")}
	for _, r := range v.Test.Rules {
		bars.Bars = append(bars.Bars, ui.Bar{Label: r.Title, Value: int64(r.Hits), Bad: int64(r.Decided - r.Same), Tone: ui.Good})
	}
	return bars
}

func (v setView) rules(ctx context.Context) ui.TableView[RuleFinding] {
	return rulesTable(ctx, v.Test.Rules)
}

func rulesTable(ctx context.Context, all []RuleFinding) ui.TableView[RuleFinding] {
	return ui.TableView[RuleFinding]{ID: "rules", Caption: text.T(ctx, "settings.rules"), Rows: all, Columns: []ui.Column[RuleFinding]{
		{Key: "title", Label: text.T(ctx, "settings.rules"), Text: func(f RuleFinding) string { return f.Title }},
		{Key: "priority", Label: text.T(ctx, "settings.col_priority"), Number: true, Text: func(f RuleFinding) string { return number(ctx, f.Priority) }},
		{Key: "hits", Label: text.T(ctx, "settings.col_hits"), Number: true, Text: func(f RuleFinding) string { return number(ctx, f.Hits) }},
		{Key: "decided", Label: text.T(ctx, "settings.col_decided_hits"), Number: true, Text: func(f RuleFinding) string { return number(ctx, f.Decided) }},
		{Key: "same", Label: text.T(ctx, "settings.col_same"), Number: true, Text: func(f RuleFinding) string { return number(ctx, f.Same) }},
		{Key: "found", Label: text.T(ctx, "settings.col_samples"), Cell: func(f RuleFinding) templ.Component { return foundList(f.Found) }},
	}}
}

func (v setView) ended(ctx context.Context) ui.TableView[EndFinding] {
	return ui.TableView[EndFinding]{ID: "ended", Caption: text.T(ctx, "settings.ended_title"), Rows: v.Test.Ended, Columns: []ui.Column[EndFinding]{
		{Key: "field", Label: text.T(ctx, "settings.field_field"), Text: func(e EndFinding) string { return v.name("field", e.Code) }},
		{Key: "count", Label: text.T(ctx, "settings.col_bearing"), Number: true, Text: func(e EndFinding) string { return number(ctx, e.Count) }},
		{Key: "found", Label: text.T(ctx, "settings.col_samples"), Cell: func(e EndFinding) templ.Component { return foundList(e.Found) }},
	}}
}

func (v setView) limitChart(ctx context.Context, l LimitFinding) ui.Bars {
	bar := func(key string, s Span) ui.Bar {
		return ui.Bar{Label: text.T(ctx, key), Value: int64(s.Days), Tone: ui.Notable, Text: text.T(ctx, "settings.limit_line", "term", span(ctx, s.Count, s.Unit), "due", s.Due.VN(), "days", s.Days)}
	}
	return ui.Bars{Caption: text.T(ctx, "settings.limit_caption", "name", limitName(ctx, l.Key), "from", l.From.VN()), Name: limitName(ctx, l.Key), Unit: text.T(ctx, "settings.col_due"),
		Bars: []ui.Bar{bar("settings.limit_now", l.Terms[0]), bar("settings.limit_then", l.Terms[1])}}
}

func (v setView) clocks(ctx context.Context, l LimitFinding) ui.TableView[ClockFinding] {
	return ui.TableView[ClockFinding]{ID: "clocks-" + strings.ReplaceAll(l.Key, ".", "-"), Caption: text.T(ctx, "settings.clocks"), Rows: l.Clocks, Empty: ui.Empty{Title: text.T(ctx, "settings.none_clocks")},
		URL: func(c ClockFinding) string { return "/petitions/" + c.ID },
		Columns: []ui.Column[ClockFinding]{
			{Key: "code", Label: text.T(ctx, "petitions.petition"), Narrow: true, Text: func(c ClockFinding) string { return c.Code }},
			{Key: "start", Label: text.T(ctx, "settings.col_start"), Narrow: true, Text: func(c ClockFinding) string { return c.Start.VN() }},
			{Key: "due", Label: text.T(ctx, "settings.col_stays"), Narrow: true, Text: func(c ClockFinding) string { return c.Due.VN() }},
			{Key: "would", Label: text.T(ctx, "settings.col_would"), Narrow: true, Text: func(c ClockFinding) string { return c.Would.VN() }},
		}}
}

// warnings are what a test wants a person to think of.
func (v setView) warnings(ctx context.Context) []string {
	var all []string
	for _, b := range v.Test.Unexamined {
		all = append(all, text.T(ctx, "settings.warn_unexamined", "branch", v.name("field", b)))
	}
	for _, title := range v.Test.Orphaned {
		all = append(all, text.T(ctx, "settings.warn_orphaned", "rule", title))
	}
	if v.Test.Hidden > 0 {
		all = append(all, text.T(ctx, "settings.warn_hidden", "n", v.Test.Hidden))
	}
	return all
}

func paragraphs(s string) []string {
	return slices.DeleteFunc(strings.Split(s, "\n"), func(l string) bool { return strings.TrimSpace(l) == "" })
}

// triedHits are the rules that met the typed text.
func (v setView) triedHits(ctx context.Context) ui.TableView[Hit] {
	return ui.TableView[Hit]{ID: "tried", Caption: text.T(ctx, "settings.try_title"), Rows: v.Tried.Hits, Empty: ui.Empty{Title: text.T(ctx, "settings.none_hits")}, Columns: []ui.Column[Hit]{
		{Key: "title", Label: text.T(ctx, "settings.rules"), Text: func(h Hit) string { return h.Title }},
		{Key: "priority", Label: text.T(ctx, "settings.col_priority"), Number: true, Text: func(h Hit) string { return number(ctx, h.Priority) }},
		{Key: "words", Label: text.T(ctx, "settings.col_words"), Text: func(h Hit) string { return strings.Join(h.Words, ", ") }},
		{Key: "gives", Label: text.T(ctx, "settings.col_gives"), Text: func(h Hit) string { return v.gives(Proposal{h.Field, h.Authority, h.BodyID}) }},
	}}
}

func (l labels) gives(p Proposal) string {
	var all []string
	for _, f := range []struct{ family, code string }{{"field", p.Field}, {"authority", p.Authority}, {"body", p.BodyID}} {
		if f.code != "" {
			all = append(all, l.name(f.family, f.code))
		}
	}
	return strings.Join(all, "; ")
}

func (v setView) proposal(ctx context.Context) []ui.Term {
	p, none := v.Tried.Proposal, text.T(ctx, "settings.proposes_none")
	say := func(family, code string) string {
		if code == "" {
			return none
		}
		return v.name(family, code)
	}
	return []ui.Term{{Name: text.T(ctx, "settings.field_field"), Text: say("field", p.Field)}, {Name: text.T(ctx, "settings.field_authority"), Text: say("authority", p.Authority)},
		{Name: text.T(ctx, "settings.field_body"), Text: say("body", p.BodyID)}}
}

// whyNot says why the reader may not put the set in force.
func (v setView) whyNot(ctx context.Context) string {
	if v.WhyNot == nil {
		return ""
	}
	return ui.Sentence(ctx, v.WhyNot)
}

func problem(ctx context.Context, i Item) string { return ui.Sentence(ctx, i.Problem) }

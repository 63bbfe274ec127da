package limits

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// versionView is the page of one version.
type versionView struct {
	Paper
	Listing
	Stays  bool // those are listed that stay
	Form   *web.Form
	Errors ui.Errors
}

func (d *Desk) versionPage(w http.ResponseWriter, r *http.Request) error {
	return d.showVersion(w, r, versionView{}, http.StatusOK)
}

func (d *Desk) showVersion(w http.ResponseWriter, r *http.Request, v versionView, status int) error {
	ctx, who, q := r.Context(), web.Actor(r), r.URL.Query()
	var err error
	if v.Paper, err = d.Paper(ctx, who, r.PathValue("version")); err != nil {
		return err
	}
	v.Stays = q.Get("show") == "stays" || !q.Has("show") && v.Reach == Coming
	switch {
	case v.State == Draft || v.Waits(v.Today):
		v.Listing, err = d.Preview(ctx, who, v.ID, !v.Stays, q.Get("after"))
	case v.State == InForce && v.Reach == Running:
		v.Listing, err = d.Results(ctx, who, v.ID, q.Get("after"))
	}
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: v.title(ctx), Section: home, Status: status, Wide: true}, versionBody(v))
}

func (v versionView) title(ctx context.Context) string {
	return text.T(ctx, "limits.version_title", "name", nameWords(ctx, v.Key), "from", v.From.VN())
}

func (v versionView) facts(ctx context.Context) []ui.Term {
	confirmed := text.T(ctx, "limits.held_unconfirmed")
	if v.Confirmed {
		confirmed = readWords(ctx, "")
	}
	all := []ui.Term{
		{Name: text.T(ctx, "limits.col_number"), Text: span(ctx, v.Count, v.Unit)},
		{Name: text.T(ctx, "limits.col_from"), Text: v.From.VN()},
		{Name: text.T(ctx, "limits.col_state"), Text: confirmed},
	}
	add := func(key, value string) {
		if value != "" {
			all = append(all, ui.Term{Name: text.T(ctx, key), Text: value})
		}
	}
	if v.Before.Key != "" {
		add("limits.before", text.T(ctx, "limits.before_words", "number", span(ctx, v.Before.Count, v.Before.Unit), "from", v.Before.From.VN()))
	}
	add("limits.col_article", v.Article)
	add("limits.col_source", v.Source)
	add("limits.col_note", v.Note)
	add("limits.field_reach", text.T(ctx, "limits.reach_"+string(v.Reach)))
	add("limits.field_reach_article", v.ReachArticle)
	add("limits.field_reach_since", v.ReachSince.VN())
	add("limits.col_drawn", v.DrawnName+", "+clock.DateOf(v.DrawnAt.Time).VN())
	add("limits.decided_"+string(v.State), v.decision())
	add("limits.field_why", v.Why)
	return all
}

// whyNot says why the reader may not put the version in force.
func (v versionView) whyNot(ctx context.Context) string {
	if v.WhyNot == nil {
		return ""
	}
	return ui.Sentence(ctx, v.WhyNot)
}

// tried is when the version was tried last; empty: never.
func (v versionView) tried(ctx context.Context) string {
	if v.TriedAt.IsZero() {
		return ""
	}
	return text.T(ctx, "limits.tried_at", "at", v.TriedAt.In(clock.Hanoi).Format("15:04 02/01/2006"))
}

func (v versionView) figures(ctx context.Context) []ui.Figure {
	t := v.Trial.V
	all := []ui.Figure{
		{Label: text.T(ctx, "limits.fig_changes"), Value: count(ctx, t.All.Changes-t.Sealed.Changes), Note: text.T(ctx, "limits.fig_moves", "n", t.Outcomes[Moves])},
		{Label: text.T(ctx, "limits.fig_stays"), Value: count(ctx, t.All.Stays-t.Sealed.Stays)},
	}
	if t.Late > 0 {
		all = append(all, ui.Figure{Label: text.T(ctx, "limits.fig_late"), Value: count(ctx, t.Late), Tone: ui.Bad})
	}
	if t.Sealed != (Tally{}) {
		all = append(all, ui.Figure{Label: text.T(ctx, "limits.fig_sealed"), Value: count(ctx, t.Sealed.Changes+t.Sealed.Stays), Note: text.T(ctx, "limits.fig_sealed_note", "n", t.Sealed.Changes)})
	}
	if t.Others != (Tally{}) {
		all = append(all, ui.Figure{Label: text.T(ctx, "limits.fig_others"), Value: count(ctx, t.Others.Changes+t.Others.Stays), Note: text.T(ctx, "limits.fig_sealed_note", "n", t.Others.Changes)})
	}
	return all
}

// reason is an outcome with how many open cases it has.
type reason struct {
	Outcome
	N int
}

func (v versionView) reasons(ctx context.Context) ui.TableView[reason] {
	var rows []reason
	for _, o := range Outcomes() {
		if n := v.Trial.V.Outcomes[o]; n > 0 {
			rows = append(rows, reason{o, n})
		}
	}
	return ui.TableView[reason]{ID: "reasons", Caption: text.T(ctx, "limits.reasons_title"), Rows: rows, Empty: ui.Empty{Title: text.T(ctx, "limits.none_open")}, Columns: []ui.Column[reason]{
		{Key: "why", Label: text.T(ctx, "limits.col_outcome"), Text: func(r reason) string { return text.T(ctx, "limits.outcome_"+string(r.Outcome)) }},
		{Key: "n", Label: text.T(ctx, "limits.col_files"), Number: true, Text: func(r reason) string { return count(ctx, r.N) }},
	}}
}

func (v versionView) standings(ctx context.Context) ui.TableView[Standing] {
	return ui.TableView[Standing]{ID: "standings", Caption: text.T(ctx, "limits.states_title"), Rows: v.Trial.V.States, Empty: ui.Empty{Title: text.T(ctx, "limits.none_open")}, Columns: []ui.Column[Standing]{
		{Key: "what", Label: text.T(ctx, "limits.col_what"), Text: func(s Standing) string { return text.T(ctx, "limits.procedure_"+s.Procedure) }},
		{Key: "state", Label: text.T(ctx, "limits.col_step"), Text: func(s Standing) string { return text.T(ctx, "reception.state."+string(s.State)) }},
		{Key: "changes", Label: text.T(ctx, "limits.fig_changes"), Number: true, Text: func(s Standing) string { return count(ctx, s.Changes) }},
		{Key: "stays", Label: text.T(ctx, "limits.fig_stays"), Number: true, Text: func(s Standing) string { return count(ctx, s.Stays) }},
	}}
}

// done reports whether the list is of what has happened.
func (v versionView) done() bool { return v.State == InForce && v.Begun(v.Today) && v.Reach == Running }

func (v versionView) lists() bool {
	return v.State == Draft || v.Waits(v.Today) || v.done()
}

func (v versionView) tabs(ctx context.Context) []ui.Tab {
	return []ui.Tab{
		{Label: text.T(ctx, "limits.tab_changes"), URL: versionURL(v.ID) + "?show=changes", Here: !v.Stays},
		{Label: text.T(ctx, "limits.tab_stays"), URL: versionURL(v.ID) + "?show=stays", Here: v.Stays},
	}
}

func (v versionView) listTitle(ctx context.Context) string {
	if v.done() {
		return text.T(ctx, "limits.list_done")
	}
	return text.T(ctx, "limits.list_preview")
}

func (v versionView) progress(ctx context.Context) string {
	if v.Counted {
		return text.T(ctx, "limits.progress_done")
	}
	return text.T(ctx, "limits.progress")
}

func (v versionView) lines(ctx context.Context) ui.TableView[Line] {
	t := ui.TableView[Line]{ID: "files", Caption: v.listTitle(ctx), Rows: v.Lines, Empty: ui.Empty{Title: text.T(ctx, "limits.none_files")},
		Tone: func(l Line) ui.Tone {
			if l.Late {
				return ui.Bad
			}
			return ui.Plain
		},
		Columns: []ui.Column[Line]{
			{Key: "file", Label: text.T(ctx, "limits.col_file"), Cell: func(l Line) templ.Component { return fileCell(l) }},
			{Key: "state", Label: text.T(ctx, "limits.col_step"), Text: func(l Line) string { return text.T(ctx, "reception.state."+string(l.State)) }},
		}}
	if !v.done() {
		t.Columns = append(t.Columns, ui.Column[Line]{Key: "start", Label: text.T(ctx, "limits.col_start"), Narrow: true, Text: func(l Line) string { return l.Started.VN() }})
	}
	t.Columns = append(t.Columns, ui.Column[Line]{Key: "was", Label: text.T(ctx, "limits.col_was"), Narrow: true, Text: func(l Line) string { return dueWords(ctx, l.Was) }})
	if !v.Stays || v.done() {
		t.Columns = append(t.Columns, ui.Column[Line]{Key: "due", Label: text.T(ctx, "limits.col_due"), Narrow: true, Text: func(l Line) string { return dueWords(ctx, l.Due) }})
	}
	t.Columns = append(t.Columns, ui.Column[Line]{Key: "why", Label: text.T(ctx, "limits.col_outcome"), Text: func(l Line) string { return l.why(ctx) }})
	return t
}

func (l Line) why(ctx context.Context) string {
	words := text.T(ctx, "limits.outcome_"+string(l.Outcome))
	if l.Late {
		words += ". " + text.T(ctx, "limits.line_late")
	}
	return words
}

func (l Line) url() string {
	if l.Code == "" {
		return ""
	}
	return "/reception/" + l.CaseID
}

func dueWords(ctx context.Context, d clock.Date) string {
	if d.IsZero() {
		return text.T(ctx, "limits.due_paused")
	}
	return d.VN()
}

func (v versionView) next() string {
	if v.Next == "" {
		return ""
	}
	q := url.Values{"after": {v.Next}, "show": {"changes"}}
	if v.Stays {
		q.Set("show", "stays")
	}
	return versionURL(v.ID) + "?" + q.Encode()
}

func (v versionView) why() string {
	if v.Form == nil {
		return ""
	}
	return v.Form.Text("why")
}

// ends reports whether the reader may drop or withdraw the version.
func (v versionView) ends() bool { return v.Sets && (v.State == Draft || v.Waits(v.Today)) }

func (v versionView) endWords(ctx context.Context) string {
	return text.T(ctx, "limits.end_"+string(v.State))
}

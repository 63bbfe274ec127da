package sealed

import (
	"context"
	"net/http"
	"net/url"

	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// settingsView is the page of a council's list and place.
type settingsView struct {
	Settings
	Name   string // which form comes back
	Form   *web.Form
	Errors ui.Errors
}

func (d *Desk) settingsPage(w http.ResponseWriter, r *http.Request) error {
	return d.showSettings(w, r, settingsView{}, http.StatusOK)
}

func (d *Desk) showSettings(w http.ResponseWriter, r *http.Request, v settingsView, status int) error {
	ctx := r.Context()
	var err error
	if v.Settings, err = d.Settings(ctx, web.Actor(r), r.URL.Query().Get("before")); err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(ctx, "sealed.menu_settings"), Section: settingsPath, Status: status}, settingsBody(v))
}

func (v settingsView) next() string {
	if v.Next == "" {
		return ""
	}
	return settingsPath + "?" + url.Values{"before": {v.Next}}.Encode()
}

func (v settingsView) places(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "place_place", Label: text.T(ctx, "sealed.place"), Value: v.Form.Line("place_place"), Required: true, Errors: v.Errors}
	for _, p := range Places() {
		c.Options = append(c.Options, ui.Option{Value: string(p), Label: text.T(ctx, "sealed.place_name."+string(p)), Hint: text.T(ctx, "sealed.place_hint."+string(p))})
	}
	return c
}

func (v settingsView) people(ctx context.Context) ui.Choice {
	return choose(ui.Choice{Name: "add_person", Label: text.T(ctx, "sealed.person"), Value: v.Form.Line("add_person"), Required: true, Errors: v.Errors, Empty: text.T(ctx, "sealed.person_choose")}, v.Candidates)
}

func (v settingsView) reason(ctx context.Context, form string) ui.Field {
	return ui.Field{Name: form + "_reason", Label: text.T(ctx, "sealed.reason"), Hint: text.T(ctx, "sealed.change_reason_hint"), Value: v.Form.Text(form + "_reason"), Required: true, Max: reasonMax, Errors: v.Errors}
}

func (v settingsView) day(ctx context.Context, name, label string) ui.Field {
	return ui.Field{Name: name, Label: text.T(ctx, label), Value: v.Form.Line(name), Short: true, Errors: v.Errors}
}

func (v settingsView) named(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "entry", Label: text.T(ctx, "sealed.person"), Value: v.Form.Line("entry"), Required: true, Errors: v.Errors, Empty: text.T(ctx, "sealed.person_choose")}
	for _, s := range v.Standing {
		c.Options = append(c.Options, ui.Option{Value: s.ID, Label: s.Name})
	}
	return c
}

func (v settingsView) standing(ctx context.Context) ui.TableView[Standing] {
	return ui.TableView[Standing]{ID: "standing", Caption: text.T(ctx, "sealed.standing"), Rows: v.Standing, Empty: ui.Empty{Title: text.T(ctx, "sealed.standing_none"), Text: text.T(ctx, "sealed.standing_none_text")},
		Columns: []ui.Column[Standing]{
			{Key: "name", Label: text.T(ctx, "sealed.person"), Text: func(s Standing) string { return s.Name }},
			{Key: "as", Label: text.T(ctx, "sealed.as"), Text: func(s Standing) string { return asWords(ctx, s.Keeper) }},
			{Key: "from", Label: text.T(ctx, "sealed.since"), Narrow: true, Text: func(s Standing) string { return s.Starts.VN() }},
			{Key: "until", Label: text.T(ctx, "sealed.until"), Narrow: true, Text: func(s Standing) string { return s.Until.VN() }},
		}}
}

// what says a change in words.
func (c Change) what(ctx context.Context) string {
	switch c.Kind {
	case AddPerson:
		return text.T(ctx, "sealed.change_add", "name", c.Name, "as", asWords(ctx, c.Keeper), "from", c.Starts.VN())
	case EndPerson:
		return text.T(ctx, "sealed.change_end", "name", c.Name)
	}
	return text.T(ctx, "sealed.change_place", "place", text.T(ctx, "sealed.place_name."+string(c.Place)), "from", c.Starts.VN())
}

func changesTable(ctx context.Context, rows []Change) ui.TableView[Change] {
	return ui.TableView[Change]{ID: "changes", Caption: text.T(ctx, "sealed.changes"), Rows: rows, Empty: ui.Empty{Title: text.T(ctx, "sealed.changes_none")},
		Columns: []ui.Column[Change]{
			{Key: "at", Label: text.T(ctx, "sealed.at"), Narrow: true, Text: func(c Change) string { return moment(c.ProposedAt.Time) }},
			{Key: "what", Label: text.T(ctx, "sealed.what"), Text: func(c Change) string { return c.what(ctx) }},
			{Key: "state", Label: text.T(ctx, "sealed.state"), Text: func(c Change) string { return text.T(ctx, "sealed.change_state."+string(c.State)) }},
			{Key: "proposer", Label: text.T(ctx, "sealed.proposer"), Text: func(c Change) string { return c.Proposer }},
			{Key: "decider", Label: text.T(ctx, "sealed.decider"), Text: func(c Change) string { return c.Decider }},
			{Key: "reason", Label: text.T(ctx, "sealed.reason"), Text: func(c Change) string { return c.Reason }},
		}}
}

// may reports whether this person could be the second one of a change.
func (v settingsView) may(c Change) bool { return c.ProposedBy != v.PersonID }

// watchView is a security officer's book.
type watchView struct {
	Watch
	Book string
}

func (d *Desk) watchPage(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	v := watchView{Book: q.Get("book")}
	if v.Book != "glasses" && v.Book != "changes" {
		v.Book = "reveals"
	}
	var err error
	if v.Watch, err = d.Watch(ctx, web.Actor(r), v.Book, q.Get("before")); err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(ctx, "sealed.menu_watch"), Section: watchPath, Wide: true}, watchBody(v))
}

func (v watchView) tabs(ctx context.Context) []ui.Tab {
	var all []ui.Tab
	for _, b := range []string{"reveals", "glasses", "changes"} {
		all = append(all, ui.Tab{Label: text.T(ctx, "sealed."+b), URL: watchPath + "?book=" + b, Here: v.Book == b})
	}
	return all
}

func (v watchView) next() string {
	if v.Next == "" {
		return ""
	}
	return watchPath + "?" + url.Values{"book": {v.Book}, "before": {v.Next}}.Encode()
}

package desk

import (
	"context"
	"net/http"
	"strings"

	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// bodiesView is the page of bodies with what was typed into its form.
type bodiesView struct {
	bodies
	Form   *web.Form
	Errors ui.Errors
}

func (s *Service) showBodies(w http.ResponseWriter, r *http.Request) error {
	return s.bodiesPage(w, r, nil, nil)
}

func (s *Service) bodiesPage(w http.ResponseWriter, r *http.Request, form *web.Form, wrong error) error {
	p, err := s.bodies(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	return page(w, r, text.T(r.Context(), "desk.menu_bodies"), web.StatusOf(wrong), bodiesScreen(bodiesView{p, form, ui.ErrorsOf(wrong)}))
}

func bodiesTable(ctx context.Context, v bodiesView) ui.TableView[org.Body] {
	return ui.TableView[org.Body]{ID: "bodies", Caption: text.T(ctx, "desk.menu_bodies"), Rows: v.Lines,
		Empty: ui.Empty{Title: text.T(ctx, "desk.bodies_none")},
		Columns: []ui.Column[org.Body]{
			{Key: "name", Label: text.T(ctx, "desk.body_name"), Text: func(b org.Body) string { return b.Name }},
			{Key: "kind", Label: text.T(ctx, "desk.col_kind"), Text: func(b org.Body) string { return text.T(ctx, "org.kind."+string(b.Kind)) }},
			{Key: "symbol", Label: text.T(ctx, "desk.col_symbol"), Narrow: true, Text: func(b org.Body) string { return b.Symbol }},
			{Key: "fields", Label: text.T(ctx, "desk.col_fields"), Text: func(b org.Body) string { return remit(ctx, b) }},
			{Key: "since", Label: text.T(ctx, "desk.col_from_day"), Narrow: true, Text: func(b org.Body) string { return b.ValidFrom.VN() }},
			{Key: "state", Label: text.T(ctx, "desk.col_state"), Text: func(b org.Body) string { return v.standing(ctx, b) }},
		}}
}

// remit is what a body is for: a committee's fields of work, the unit that a
// People's Committee governs.
func remit(ctx context.Context, b org.Body) string {
	if b.Kind == org.PeoplesCommittee {
		return b.UnitCode
	}
	words := make([]string, len(b.Fields.V))
	for i, f := range b.Fields.V {
		words[i] = branchWords(ctx, f)
	}
	return strings.Join(words, "; ")
}

func branchWords(ctx context.Context, code string) string { return say(ctx, "desk.branch_"+code, code) }

// standing says whether a body exists, and if not who took over.
func (v bodiesView) standing(ctx context.Context, b org.Body) string {
	if b.ValidTo.IsZero() || v.Today.Before(b.ValidTo) {
		return text.T(ctx, "desk.body_open")
	}
	if heir, ok := v.Heirs[b.SuccessorID]; ok {
		return text.T(ctx, "desk.body_succeeded", "on", b.ValidTo.VN(), "name", heir.Name)
	}
	return text.T(ctx, "desk.body_closed", "on", b.ValidTo.VN())
}

func bodyKindOptions(ctx context.Context, kinds []org.BodyKind) []ui.Option {
	all := make([]ui.Option, len(kinds))
	for i, k := range kinds {
		all[i] = ui.Option{Value: string(k), Label: text.T(ctx, "org.kind."+string(k))}
	}
	return all
}

func branchOptions(ctx context.Context, codes []string) []ui.Option {
	all := make([]ui.Option, len(codes))
	for i, code := range codes {
		all[i] = ui.Option{Value: code, Label: branchWords(ctx, code)}
	}
	return all
}

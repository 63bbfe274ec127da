package petitions

import (
	"net/http"
	"net/url"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

func (s *Service) saveView(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	q, err := url.ParseQuery(form.Text("query"))
	if err != nil {
		return fault.New(fault.Invalid, "petitions.view_long", "max", 80).Because(err)
	}
	query := filterOf(q).Query() // ours alone: a saved address leads nowhere else
	if err := s.lists().SaveView(r.Context(), web.Actor(r), form.Line("name"), query); err != nil {
		return err
	}
	web.Flash(w, r, "petitions.view_saved", "name", form.Line("name"))
	return web.SeeOther(w, r, "/petitions?"+query)
}

func (s *Service) removeView(w http.ResponseWriter, r *http.Request) error {
	if err := s.lists().RemoveView(r.Context(), web.Actor(r), r.PathValue("view")); err != nil {
		return err
	}
	web.Flash(w, r, "petitions.view_removed")
	return web.SeeOther(w, r, "/petitions")
}

// acceptSeveral takes in several forwarded petitions at once and tells what
// became of each.
func (s *Service) acceptSeveral(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	ctx, who := r.Context(), web.Actor(r)
	told, err := s.lists().Each(ctx, who, form.Texts("id"), func(id string) error { return s.Accept(ctx, who, id, clock.Date{}, 0) })
	if err != nil {
		return err
	}
	return s.showTold(w, r, toldPage{Verb: "accept", All: told})
}

// assignSeveral first asks for the officer, then assigns.
func (s *Service) assignSeveral(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{Runes: noteMax})
	if err != nil {
		return err
	}
	ctx, who := r.Context(), web.Actor(r)
	post := form.Line("post")
	if post == "" {
		return s.chooseOfficer(w, r, form)
	}
	told, err := s.lists().Each(ctx, who, form.Texts("id"), func(id string) error { return s.Assign(ctx, who, id, post, form.Text("note"), 0) })
	if err != nil {
		return err
	}
	return s.showTold(w, r, toldPage{Verb: "assign", All: told})
}

func (s *Service) chooseOfficer(w http.ResponseWriter, r *http.Request, form *web.Form) error {
	ctx, who := r.Context(), web.Actor(r)
	chosen, err := s.lists().Each(ctx, who, form.Texts("id"), func(string) error { return nil })
	if err != nil {
		return err
	}
	officers, err := s.lists().Officers(ctx, who)
	if err != nil {
		return err
	}
	p := choosePage{All: chosen, Officers: officerOptions(officers)}
	if form.Has("post") {
		p.Errors = ui.ErrorsOf(inWords(ctx, fault.New(fault.Invalid, "cases.required").At("post")))
	}
	return web.Page(w, r, web.Head{Title: text.T(ctx, "petitions.assign_several"), Section: "/petitions"}, chooseBody(p))
}

func officerOptions(all []org.Holder) []ui.Option {
	options := make([]ui.Option, len(all))
	for i, h := range all {
		options[i] = ui.Option{Value: h.PostID, Label: h.Name + ", " + h.Title}
	}
	return options
}

func (s *Service) showTold(w http.ResponseWriter, r *http.Request, p toldPage) error {
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "petitions.told_title"), Section: "/petitions"}, toldBody(p))
}

package worklist

import (
	"net/http"
	"net/url"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// KeepView keeps a filter under a name.
func (d *Desk) KeepView(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	q, err := url.ParseQuery(form.Text("query"))
	if err != nil {
		return fault.New(fault.Invalid, "petitions.view_long", "max", 80).Because(err)
	}
	filter := d.filterOf(q)
	query := filter.Query() // ours alone: a saved address leads nowhere else
	err = d.SaveView(r.Context(), web.Actor(r), form.Line("name"), query)
	if fault.KindOf(err) == fault.Invalid {
		return d.showList(w, r, filter, listPage{Name: form.Line("name"), Errors: ui.ErrorsOf(err)}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "petitions.view_saved", "name", form.Line("name"))
	return web.SeeOther(w, r, "/petitions?"+query)
}

// DropView drops a named filter.
func (d *Desk) DropView(w http.ResponseWriter, r *http.Request) error {
	if err := d.RemoveView(r.Context(), web.Actor(r), r.PathValue("view")); err != nil {
		return err
	}
	web.Flash(w, r, "petitions.view_removed")
	return web.SeeOther(w, r, "/petitions")
}

// AcceptSeveral takes in several forwarded petitions at once and tells what
// became of each.
func (d *Desk) AcceptSeveral(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	ctx, who := r.Context(), web.Actor(r)
	told, err := d.Each(ctx, who, form.Texts("id"), func(id string) error { return d.Accept(ctx, who, id) })
	if err != nil {
		return err
	}
	return d.showTold(w, r, toldPage{Verb: "accept", All: told})
}

// AssignSeveral first asks for the officer, then assigns.
func (d *Desk) AssignSeveral(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{Runes: noteMax})
	if err != nil {
		return err
	}
	ctx, who := r.Context(), web.Actor(r)
	post := form.Line("post")
	if post == "" {
		return d.chooseOfficer(w, r, form)
	}
	told, err := d.Each(ctx, who, form.Texts("id"), func(id string) error { return d.Assign(ctx, who, id, post, form.Text("note")) })
	if err != nil {
		return err
	}
	return d.showTold(w, r, toldPage{Verb: "assign", All: told})
}

func (d *Desk) chooseOfficer(w http.ResponseWriter, r *http.Request, form *web.Form) error {
	ctx, who := r.Context(), web.Actor(r)
	chosen, err := d.Each(ctx, who, form.Texts("id"), func(string) error { return nil })
	if err != nil {
		return err
	}
	officers, err := d.Officers(ctx, who)
	if err != nil {
		return err
	}
	p := choosePage{All: chosen, Officers: OfficerOptions(officers)}
	if form.Has("post") {
		p.Errors = ui.ErrorsOf(fault.New(fault.Invalid, "petitions.required", "field", text.T(ctx, "petitions.field_post")).At("post"))
	}
	return web.Page(w, r, web.Head{Title: text.T(ctx, "petitions.assign_several"), Section: "/petitions"}, chooseBody(p))
}

// OfficerOptions are those a petition may be given to.
func OfficerOptions(all []org.Holder) []ui.Option {
	options := make([]ui.Option, len(all))
	for i, h := range all {
		options[i] = ui.Option{Value: h.PostID, Label: h.Name + ", " + h.Title}
	}
	return options
}

func (d *Desk) showTold(w http.ResponseWriter, r *http.Request, p toldPage) error {
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "petitions.told_title"), Section: "/petitions"}, toldBody(p))
}

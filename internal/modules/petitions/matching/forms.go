package matching

import (
	"net/http"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/web"
)

func (d *Desk) groupForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	group, err := d.Group(r.Context(), web.Actor(r), Grouping{LeadID: id, Others: form.Texts("id"), Title: form.Text("title")})
	if typed(err) {
		return d.showLikes(w, r, form, err, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "matching.grouped")
	return web.SeeOther(w, r, "/petition-groups/"+group)
}

func (d *Desk) ungroupForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	id := r.PathValue("group")
	err = d.Ungroup(r.Context(), web.Actor(r), id, form.Line("petition"), form.Text("reason"))
	if typed(err) {
		return d.showGroup(w, r, form, err, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "matching.ungrouped")
	return web.SeeOther(w, r, "/petition-groups/"+id)
}

// typed reports whether a fault is about what was typed, so that the form is
// shown again with it.
func typed(err error) bool {
	if err == nil {
		return false
	}
	kind := fault.KindOf(err)
	return web.Mendable(err) || kind == fault.Refused && fault.Of(err).Field != ""
}

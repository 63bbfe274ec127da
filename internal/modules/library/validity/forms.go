package validity

import (
	"net/http"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// entered reads the form by which a relation is added.
func entered(form *web.Form) (Entry, error) {
	e := Entry{Kind: Kind(form.Line("kind")), Symbol: form.Line("symbol"), Op: Op(form.Line("op")), NewText: form.Text("new_text")}
	var faults []*fault.Fault
	for _, place := range []struct {
		name string
		into *string
	}{{"from_anchor", &e.FromAnchor}, {"to_anchor", &e.ToAnchor}, {"after", &e.After}} {
		anchor, ok := ReadAnchor(form.Line(place.name))
		if !ok {
			faults = append(faults, fault.New(fault.Invalid, "validity.anchor_wrong").At(place.name))
		}
		*place.into = anchor
	}
	var f *fault.Fault
	if e.EffectiveOn, f = form.Date("effective_on"); f != nil {
		faults = append(faults, f)
	}
	if e.EndsOn, f = form.Date("ends_on"); f != nil {
		faults = append(faults, f)
	}
	return e, fault.Join(faults...)
}

func (d *Desk) addForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	id := r.PathValue("id")
	var e Entry
	if err == nil {
		e, err = entered(form)
	}
	if err == nil {
		_, err = d.Add(r.Context(), web.Actor(r), id, e)
	}
	if web.Mendable(err, fault.Conflict) && form != nil {
		return d.showRelations(w, r, id, relationsView{Form: form, Errors: ui.ErrorsOf(err)}, web.StatusOf(err))
	}
	return web.Done(w, r, err, "validity.added", documentsHome+"/"+id+"/relations")
}

// ruled ends a person's word on a relation: back to the document it is of.
func (d *Desk) ruled(w http.ResponseWriter, r *http.Request, form *web.Form, err error, said string) error {
	back := documentsHome + "/" + form.Line("document") + "/relations"
	if web.Mendable(err, fault.Conflict, fault.Refused) && form != nil {
		return d.showRelations(w, r, form.Line("document"), relationsView{Errors: ui.ErrorsOf(err)}, web.StatusOf(err))
	}
	return web.Done(w, r, err, said, web.LocalPath(back, "/"))
}

func (d *Desk) confirmForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err == nil {
		err = d.Confirm(r.Context(), web.Actor(r), r.PathValue("id"), form.Line("to"), form.Revision())
	}
	return d.ruled(w, r, form, err, "validity.confirmed")
}

func (d *Desk) refuseForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err == nil {
		err = d.Refuse(r.Context(), web.Actor(r), r.PathValue("id"), form.Revision())
	}
	return d.ruled(w, r, form, err, "validity.refused")
}

func (d *Desk) removeForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err == nil {
		err = d.Remove(r.Context(), web.Actor(r), r.PathValue("id"), form.Revision())
	}
	return d.ruled(w, r, form, err, "validity.removed")
}

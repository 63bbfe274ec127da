package limits

import (
	"net/http"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

func drawing(form *web.Form, key string) (Drawing, error) {
	in := Drawing{Key: key, Unit: calendar.Unit(form.Line("unit")), Article: form.Line("article"), Source: form.Line("source"), Note: form.Line("note"), Confirmed: form.Bool("confirmed"),
		Reach: Reach(form.Line("reach")), ReachArticle: form.Line("reach_article"), Once: form.Once()}
	var faults []*fault.Fault
	var f *fault.Fault
	if in.Unit != calendar.None {
		if in.Count, f = form.Int("count"); f != nil {
			faults = append(faults, f)
		}
	}
	if in.From, f = form.Date("from"); f != nil {
		faults = append(faults, f)
	}
	if in.ReachSince, f = form.Date("reach_since"); f != nil {
		faults = append(faults, f)
	}
	return in, fault.Join(faults...)
}

func (d *Desk) drawForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	var in Drawing
	var id string
	if err == nil {
		in, err = drawing(form, r.PathValue("rule"))
	}
	if err == nil {
		id, err = d.DrawUp(r.Context(), web.Actor(r), in)
	}
	if web.Mendable(err, fault.Conflict, fault.Refused) && form != nil {
		return d.showNew(w, r, drawView{Form: form, Errors: ui.ErrorsOf(err)}, web.StatusOf(err))
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "limits.drawn")
	return web.SeeOther(w, r, versionURL(id))
}

// ended ends an act on the page of a version.
func (d *Desk) ended(w http.ResponseWriter, r *http.Request, form *web.Form, err error, said string) error {
	if web.Mendable(err, fault.Conflict, fault.Refused) && form != nil {
		return d.showVersion(w, r, versionView{Form: form, Errors: ui.ErrorsOf(err)}, web.StatusOf(err))
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, said)
	return web.SeeOther(w, r, versionURL(r.PathValue("version")))
}

func (d *Desk) tryForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err == nil {
		err = d.Try(r.Context(), web.Actor(r), r.PathValue("version"), form.Revision())
	}
	return d.ended(w, r, form, err, "limits.tried")
}

func (d *Desk) forceForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err == nil {
		err = d.PutInForce(r.Context(), web.Actor(r), r.PathValue("version"), form.Revision())
	}
	return d.ended(w, r, form, err, "limits.forced")
}

func (d *Desk) endForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err == nil {
		err = d.End(r.Context(), web.Actor(r), r.PathValue("version"), form.Text("why"), form.Revision())
	}
	return d.ended(w, r, form, err, "limits.ended")
}

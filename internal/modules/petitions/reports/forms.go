package reports

import (
	"context"
	"net/http"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// makeForm makes the report that was asked for and shows it.
func (d *Desk) makeForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	ctx, who := r.Context(), web.Actor(r)
	q, at, err := d.asked(form)
	var made Report
	if err == nil {
		made, err = d.Make(ctx, who, q, at)
	}
	if err != nil {
		return d.askAgain(ctx, w, r, form, err)
	}
	if made.Status == Waiting {
		web.Flash(w, r, "reports.ordered")
	} else {
		web.Flash(w, r, "reports.made")
	}
	return web.SeeOther(w, r, home+"/"+made.ID)
}

// asked reads the form. A moment is a day, and means its end.
func (d *Desk) asked(form *web.Form) (q Query, at time.Time, err error) {
	q = Query{Kind: Kind(form.Line("kind")), BodyID: form.Line("body")}
	var faults []*fault.Fault
	day := func(name string) clock.Date {
		got, bad := form.Date(name)
		if bad != nil {
			faults = append(faults, bad.At(name))
		}
		return got
	}
	q.From, q.Until, q.BeforeFrom, q.BeforeUntil = day("from"), day("until"), day("before_from"), day("before_until")
	if f := form.Line("field"); f != "" {
		q.Fields = []string{f}
	}
	if moment := day("moment"); !moment.IsZero() && moment.Before(clock.Today(d.Clock)) {
		at = moment.End().Add(-time.Second)
	} else if moment.After(clock.Today(d.Clock)) {
		faults = append(faults, fault.New(fault.Invalid, "reports.moment_ahead").At("moment"))
	}
	return q, at, fault.Join(faults...)
}

// askAgain shows the form as it was typed, with what is wrong.
func (d *Desk) askAgain(ctx context.Context, w http.ResponseWriter, r *http.Request, form *web.Form, wrong error) error {
	if kind := fault.KindOf(wrong); kind != fault.Invalid && kind != fault.Forbidden {
		return wrong
	}
	choices, err := d.Choices(ctx, web.Actor(r))
	if err != nil {
		return err
	}
	return d.showList(w, r, asked{Choices: choices, Kind: form.Line("kind"), From: form.Line("from"), Until: form.Line("until"), BeforeFrom: form.Line("before_from"),
		BeforeUntil: form.Line("before_until"), Field: form.Line("field"), Body: form.Line("body"), Moment: form.Line("moment"), Errors: ui.ErrorsOf(wrong)}, http.StatusUnprocessableEntity)
}

func (d *Desk) checkForm(w http.ResponseWriter, r *http.Request) error {
	if _, err := web.ReadForm(w, r, web.Limits{}); err != nil {
		return err
	}
	made, err := d.Check(r.Context(), web.Actor(r), r.PathValue("report"))
	switch {
	case err != nil:
		return err
	case made.CheckedHash == "" || made.Total > directMost:
		web.Flash(w, r, "reports.check_ordered")
	case made.Same():
		web.Flash(w, r, "reports.check_same")
	default:
		web.FlashWarning(w, r, "reports.check_other")
	}
	return web.SeeOther(w, r, home+"/"+made.ID)
}

func (d *Desk) linkForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	err = d.Link(r.Context(), web.Actor(r), id, form.Line("earlier"))
	if err != nil && fault.Of(err).Field == "earlier" {
		return d.showMemory(w, r, memoryView{Earlier: form.Line("earlier"), Errors: ui.ErrorsOf(err)}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "reports.linked")
	return web.SeeOther(w, r, "/petitions/"+id+"/memory")
}

func (d *Desk) unlinkForm(w http.ResponseWriter, r *http.Request) error {
	if _, err := web.ReadForm(w, r, web.Limits{}); err != nil {
		return err
	}
	id := r.PathValue("id")
	if err := d.Unlink(r.Context(), web.Actor(r), id); err != nil {
		return err
	}
	web.Flash(w, r, "reports.unlinked")
	return web.SeeOther(w, r, "/petitions/"+id+"/memory")
}

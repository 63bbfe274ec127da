package figures

import (
	"net/http"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

func (d *Desk) makeForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	q, err := d.asked(form, web.Actor(r))
	var made Report
	if err == nil {
		made, err = d.Make(r.Context(), web.Actor(r), q)
	}
	if fault.KindOf(err) == fault.Invalid {
		return d.showList(w, r, asked{Form: form.Line("form"), From: form.Line("from"), Until: form.Line("until"), Moment: form.Line("moment"), Wards: form.Bool("wards"),
			Errors: ui.ErrorsOf(err)}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "figures.ordered")
	return web.SeeOther(w, r, home+"/"+made.ID)
}

// asked reads the form. A moment is a day, and means its end.
func (d *Desk) asked(form *web.Form, who org.Actor) (Query, error) {
	q := Query{Form: form.Line("form"), Wards: form.Bool("wards") && who.Level == org.City}
	var faults []*fault.Fault
	day := func(name string) clock.Date {
		got, bad := form.Date(name)
		if bad != nil {
			faults = append(faults, bad.At(name))
		}
		return got
	}
	q.Period = Period{From: day("from"), Until: day("until")}
	switch moment, today := day("moment"), clock.Today(d.Clock); {
	case moment.IsZero() || moment == today:
	case moment.Before(today):
		q.Moment = moment.End().Add(-settleTime)
	default:
		faults = append(faults, fault.New(fault.Invalid, "figures.moment_ahead").At("moment"))
	}
	return q, fault.Join(faults...)
}

func (d *Desk) againForm(w http.ResponseWriter, r *http.Request) error {
	if _, err := web.ReadForm(w, r, web.Limits{}); err != nil {
		return err
	}
	if err := d.Again(r.Context(), web.Actor(r), r.PathValue("report")); err != nil {
		return err
	}
	web.Flash(w, r, "figures.again_ordered")
	return web.SeeOther(w, r, home+"/"+r.PathValue("report"))
}

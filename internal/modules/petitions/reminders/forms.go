package reminders

import (
	"net/http"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// drawing reads the form of a letter.
func drawing(form *web.Form) (Drawing, error) {
	var faults []*fault.Fault
	w := Drawing{BodyID: form.Line("body"), Words: form.Text("words"), IDs: form.Texts("id"), Revision: form.Revision()}
	var f *fault.Fault
	if w.Rung, f = form.Int("rung"); f != nil {
		faults = append(faults, f)
	}
	if w.AnswerBy, f = form.Date("answer_by"); f != nil {
		faults = append(faults, f)
	}
	return w, fault.Join(faults...)
}

func (d *Desk) drawForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil && fault.KindOf(err) != fault.Invalid {
		return err
	}
	var id string
	var again bool
	if err == nil {
		var in Drawing
		if in, err = drawing(form); err == nil {
			id, again, err = d.DrawUp(r.Context(), web.Actor(r), in)
		}
	}
	switch {
	case fault.KindOf(err) == fault.Invalid:
		return d.showNew(w, r, form.Line("body"), form, ui.ErrorsOf(err), http.StatusUnprocessableEntity)
	case err != nil:
		return err
	case again:
		web.FlashWarning(w, r, "reminders.draft_there")
	default:
		web.Flash(w, r, "reminders.drawn_up")
	}
	return web.SeeOther(w, r, letterPath+id)
}

func (d *Desk) changeForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	id := r.PathValue("letter")
	if err == nil {
		var in Drawing
		if in, err = drawing(form); err == nil {
			err = d.Change(r.Context(), web.Actor(r), id, in)
		}
	}
	if fault.KindOf(err) == fault.Invalid {
		return d.showLetter(w, r, letterView{Errors: ui.ErrorsOf(err)}, form, http.StatusUnprocessableEntity)
	}
	return web.Done(w, r, err, "reminders.saved", letterPath+id)
}

func (d *Desk) signForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	id := r.PathValue("letter")
	return web.Done(w, r, d.Sign(r.Context(), web.Actor(r), id, form.Revision()), "reminders.signed", letterPath+id)
}

func (d *Desk) dropForm(w http.ResponseWriter, r *http.Request) error {
	return web.Done(w, r, d.Drop(r.Context(), web.Actor(r), r.PathValue("letter")), "reminders.dropped", boardPath)
}

func (d *Desk) confirmForm(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("letter")
	return web.Done(w, r, d.Confirm(r.Context(), web.Actor(r), id), "reminders.confirmed", letterPath+id)
}

func (d *Desk) commitForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	id := r.PathValue("letter")
	v := letterView{Document: form.Line("document"), Note: form.Text("note"), Days: map[string]string{}}
	c := Commitment{Days: map[string]clock.Date{}, Document: v.Document, Note: v.Note}
	if err == nil {
		var faults []*fault.Fault
		for _, petition := range form.Texts("petition") {
			day, f := form.Date(dayField(petition))
			v.Days[petition] = form.Line(dayField(petition))
			switch {
			case f != nil:
				faults = append(faults, f)
			case !day.IsZero():
				c.Days[petition] = day
			}
		}
		if err = fault.Join(faults...); err == nil {
			err = d.Commit(r.Context(), web.Actor(r), id, c)
		}
	}
	if fault.KindOf(err) == fault.Invalid {
		v.Errors = ui.ErrorsOf(err)
		return d.showLetter(w, r, v, nil, http.StatusUnprocessableEntity)
	}
	return web.Done(w, r, err, "reminders.committed", letterPath+id)
}

// promiseAct reads a form about a promise, does the act, and shows what is wrong.
func (d *Desk) promiseAct(w http.ResponseWriter, r *http.Request, which, said string, act func(form *web.Form, id string, m Moving) error) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	id := r.PathValue("promise")
	if err == nil {
		m := Moving{Note: form.Text(which + ".note"), Document: form.Line(which + ".document"), Revision: form.Revision()}
		var f *fault.Fault
		if m.Due, f = form.Date(which + ".due"); f != nil {
			err = f
		} else {
			err = act(form, id, m)
		}
	}
	if fault.KindOf(err) == fault.Invalid {
		return d.showPromise(w, r, promiseForm{Which: which, Form: form, Errors: ui.ErrorsOf(err).In(which)}, http.StatusUnprocessableEntity)
	}
	return web.Done(w, r, err, said, promisePath+id)
}

func (d *Desk) progressForm(w http.ResponseWriter, r *http.Request) error {
	return d.promiseAct(w, r, "progress", "reminders.said_progress", func(_ *web.Form, id string, m Moving) error { return d.Progress(r.Context(), web.Actor(r), id, m) })
}

func (d *Desk) moveForm(w http.ResponseWriter, r *http.Request) error {
	return d.promiseAct(w, r, askMove, "reminders.said_move", func(_ *web.Form, id string, m Moving) error { return d.AskMove(r.Context(), web.Actor(r), id, m) })
}

func (d *Desk) doneForm(w http.ResponseWriter, r *http.Request) error {
	return d.promiseAct(w, r, askDone, "reminders.said_done", func(_ *web.Form, id string, m Moving) error { return d.ReportDone(r.Context(), web.Actor(r), id, m) })
}

func (d *Desk) decideForm(w http.ResponseWriter, r *http.Request) error {
	return d.promiseAct(w, r, "decision", "reminders.said_decision", func(form *web.Form, id string, m Moving) error {
		return d.Decide(r.Context(), web.Actor(r), id, strings.EqualFold(form.Line("do"), "accept"), m.Note, m.Revision)
	})
}

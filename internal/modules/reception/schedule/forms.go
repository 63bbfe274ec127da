package schedule

import (
	"net/http"
	"net/url"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// drawn reads the form of a day.
func drawn(form *web.Form) (Draw, error) {
	w := Draw{Kind: Kind(form.Line("kind")), Starts: form.Line("starts"), Ends: form.Line("ends"), Place: form.Line("place"), Online: form.Bool("online"), Joining: form.Line("joining"),
		HostPostID: form.Line("host"), ForWhom: form.Line("for_whom"), Participants: form.Text("participants"), Subjects: form.Text("subjects"), Note: form.Text("note"), Once: form.Once(), Revision: form.Revision()}
	var faults []*fault.Fault
	var f *fault.Fault
	if w.Date, f = form.Date("date"); f != nil {
		faults = append(faults, f)
	}
	if w.SlotMinutes, f = form.Int("slot_minutes"); f != nil {
		faults = append(faults, f)
	}
	if w.SlotSeats, f = form.Int("slot_seats"); f != nil {
		faults = append(faults, f)
	}
	return w, fault.Join(faults...)
}

func (d *Desk) draftForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	var id string
	var in Draw
	if err == nil {
		in, err = drawn(form)
	}
	if err == nil {
		id, err = d.Draft(r.Context(), web.Actor(r), in)
	}
	if web.Mendable(err, fault.Conflict) && form != nil {
		return d.showNew(w, r, dayForm{Form: form, Errors: ui.ErrorsOf(err)}, web.StatusOf(err))
	}
	return web.Done(w, r, err, "schedule.drafted", home+"/"+id)
}

func (d *Desk) changeForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	id := r.PathValue("id")
	var in Draw
	if err == nil {
		in, err = drawn(form)
	}
	if err == nil {
		err = d.Change(r.Context(), web.Actor(r), id, in)
	}
	if web.Mendable(err, fault.Conflict) && form != nil {
		return d.showChange(w, r, dayForm{Form: form, Errors: ui.ErrorsOf(err)}, web.StatusOf(err))
	}
	return web.Done(w, r, err, "schedule.changed", home+"/"+id)
}

// dayAct ends an act on the page of one day.
func (d *Desk) dayAct(w http.ResponseWriter, r *http.Request, form *web.Form, err error, said string) error {
	if web.Mendable(err, fault.Conflict) && form != nil {
		return d.showDay(w, r, dayView{Form: form, Errors: ui.ErrorsOf(err)}, web.StatusOf(err))
	}
	return web.Done(w, r, err, said, home+"/"+r.PathValue("id"))
}

func (d *Desk) publishForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err == nil {
		err = d.Publish(r.Context(), web.Actor(r), r.PathValue("id"), Publishing{Extraordinary: form.Bool("extraordinary"), Reason: form.Text("reason"), Revision: form.Revision()})
	}
	if fault.Is(err, "schedule.too_late") {
		return d.showDay(w, r, dayView{Form: form, Errors: ui.ErrorsOf(err)}, http.StatusUnprocessableEntity)
	}
	return d.dayAct(w, r, form, err, "schedule.published")
}

func (d *Desk) cancelForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err == nil {
		err = d.Cancel(r.Context(), web.Actor(r), r.PathValue("id"), form.Text("cancel_reason"), form.Revision())
	}
	return d.dayAct(w, r, form, err, "schedule.cancelled")
}

func (d *Desk) onlineForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err == nil {
		tested, bad := form.Date("tested")
		if bad != nil {
			err = bad
		} else {
			err = d.Online(r.Context(), web.Actor(r), r.PathValue("id"), tested, form.Line("recording"), form.Revision())
		}
	}
	return d.dayAct(w, r, form, err, "schedule.saved")
}

func (d *Desk) toldForm(w http.ResponseWriter, r *http.Request) error {
	day, err := d.Told(r.Context(), web.Actor(r), r.PathValue("id"))
	return web.Done(w, r, err, "schedule.saved", home+"/"+day)
}

func (d *Desk) hoursForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err == nil {
		err = d.SetHours(r.Context(), web.Actor(r), Hours{Place: form.Line("place"), Hours: form.Text("hours"), Contact: form.Line("contact"), Note: form.Text("note"), Revision: form.Revision()})
	}
	if web.Mendable(err, fault.Conflict) && form != nil {
		return d.showHours(w, r, hoursView{Form: form, Errors: ui.ErrorsOf(err)}, web.StatusOf(err))
	}
	return web.Done(w, r, err, "schedule.saved", home)
}

// bookForm takes the public's booking.
func (d *Desk) bookForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	id := r.PathValue("id")
	var code string
	if err == nil {
		wish := Wish{Slot: form.Line("slot"), Unnamed: form.Bool("unnamed"), Name: form.Line("name"), Contact: form.Line("contact"), Subject: form.Text("subject"), Lang: text.LangOf(r.Context()), Once: form.Once()}
		people, bad := form.Int("people")
		if wish.People = people; bad != nil {
			err = bad
		} else {
			code, err = d.Book(r.Context(), org.Voter(web.Address(r).String()), id, wish)
		}
	}
	if web.Mendable(err, fault.Conflict) && form != nil {
		return d.showPublicDay(w, r, publicView{Form: form, Errors: ui.ErrorsOf(err)}, web.StatusOf(err))
	}
	return web.Done(w, r, err, "schedule.booked", bookingURL(code))
}

func bookingURL(code string) string {
	return publicHome + "/dat-cho?" + url.Values{"code": {CodeWords(code)}}.Encode()
}

func (d *Desk) giveUpForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	code := TidyCode(form.Line("code"))
	return web.Done(w, r, d.GiveUp(r.Context(), org.Voter(web.Address(r).String()), code), "schedule.given_up", bookingURL(code))
}

package counter

import (
	"net/http"
	"net/url"
	"strings"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

func hallURL(day string) string {
	if day == "" {
		return deskPath
	}
	return deskPath + "?" + url.Values{"day": {day}}.Encode()
}

func (d *Desk) arriveForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	a := Arrival{DayID: form.Line("day"), BookingID: form.Line("booking"), Code: form.Line("code"), Priority: form.Bool("priority"), Once: form.Once()}
	people, bad := form.Int("people")
	var id string
	if a.People = people; bad != nil {
		err = bad
	} else {
		id, err = d.Arrive(r.Context(), web.Actor(r), a)
	}
	if web.Mendable(err, fault.Conflict, fault.Refused) {
		return d.showHall(w, r, hallView{Form: form, Errors: ui.ErrorsOf(err)}, a.DayID, web.StatusOf(err))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, visitPath+id+"/slip")
}

func (d *Desk) callForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	day := form.Line("day")
	id, err := d.CallNext(r.Context(), web.Actor(r), day, form.Line("desk"))
	if web.Mendable(err, fault.Conflict, fault.Refused) {
		return d.showHall(w, r, hallView{Form: form, Errors: ui.ErrorsOf(err)}, day, web.StatusOf(err))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, visitPath+id)
}

// visitAct reads a form about a visit, does the act, and shows what is wrong on
// the visit's page.
func (d *Desk) visitAct(w http.ResponseWriter, r *http.Request, sent, said string, act func(form *web.Form, id string) error) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	id := r.PathValue("id")
	if err == nil {
		err = act(form, id)
	}
	if web.Mendable(err, fault.Conflict, fault.Refused) && form != nil {
		return d.showRecord(w, r, recordView{Sent: sent, Form: form, Errors: ui.ErrorsOf(err)}, web.StatusOf(err))
	}
	return web.Done(w, r, err, said, visitPath+id)
}

func (d *Desk) missedForm(w http.ResponseWriter, r *http.Request) error {
	return d.visitAct(w, r, "absence", "counter.saved", func(_ *web.Form, id string) error { return d.Missed(r.Context(), web.Actor(r), id) })
}

func (d *Desk) backForm(w http.ResponseWriter, r *http.Request) error {
	return d.visitAct(w, r, "return", "counter.saved", func(_ *web.Form, id string) error { return d.Back(r.Context(), web.Actor(r), id) })
}

func (d *Desk) leaveForm(w http.ResponseWriter, r *http.Request) error {
	return d.visitAct(w, r, "leaving", "counter.saved", func(_ *web.Form, id string) error { return d.Leave(r.Context(), web.Actor(r), id) })
}

func (d *Desk) personForm(w http.ResponseWriter, r *http.Request) error {
	return d.visitAct(w, r, "people", "counter.person_added", func(form *web.Form, id string) error {
		doubt, err := d.AddPerson(r.Context(), web.Actor(r), id, Introduction{Name: form.Line("name"), Address: form.Line("address"), Contact: form.Line("contact"), Role: Role(form.Line("role")),
			CapacityPaper: form.Line("capacity_paper"), PaperKind: PaperKind(form.Line("paper_kind")), PaperNumber: form.Line("paper_number")}, form.Revision())
		if err == nil && doubt != NoDoubt {
			web.FlashWarning(w, r, "counter.doubt_"+string(doubt))
		}
		return err
	})
}

func (d *Desk) dropPersonForm(w http.ResponseWriter, r *http.Request) error {
	return d.visitAct(w, r, "people", "counter.saved", func(_ *web.Form, id string) error {
		return d.DropPerson(r.Context(), web.Actor(r), id, r.PathValue("person"))
	})
}

// numberForm shows a full number on a page that nothing keeps.
func (d *Desk) numberForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	var v numberView
	if err == nil {
		v.Number, err = d.Number(r.Context(), web.Actor(r), r.PathValue("id"), r.PathValue("person"), form.Text("reason"))
	}
	status := http.StatusOK
	if web.Mendable(err, fault.Conflict, fault.Refused) && form != nil {
		v.Reason, v.Errors, status = form.Text("reason"), ui.ErrorsOf(err), web.StatusOf(err)
	} else if err != nil {
		return err
	}
	return d.showNumber(w, r, v, status)
}

func (d *Desk) gatherForm(w http.ResponseWriter, r *http.Request) error {
	return d.visitAct(w, r, "group", "counter.saved", func(form *web.Form, id string) error {
		people, bad := form.Int("people")
		if bad != nil {
			return bad
		}
		return d.Gather(r.Context(), web.Actor(r), id, people, form.Line("appointment"), form.Revision())
	})
}

// matter reads the form of one content.
func matter(form *web.Form) (Matter, error) {
	m := Matter{Class: Class(form.Line("class")), Times: Times(form.Line("times")), Summary: form.Text("summary"), Earlier: form.Text("earlier"), Request: form.Text("request"), SettledBy: form.Line("settled_by"), Outcome: Outcome(form.Line("outcome")),
		ToBody: form.Line("to_body"), Symbol: form.Line("symbol"), Follow: form.Text("follow"), Note: form.Text("note"), Revision: form.Revision()}
	var bad *fault.Fault
	if m.People, bad = form.Int("same"); bad != nil {
		return m, bad
	}
	return m, nil
}

func (d *Desk) matterForm(w http.ResponseWriter, r *http.Request) error {
	return d.visitAct(w, r, "matters", "counter.matter_added", func(form *web.Form, id string) error {
		m, err := matter(form)
		if err != nil {
			return err
		}
		return d.AddMatter(r.Context(), web.Actor(r), id, m)
	})
}

func (d *Desk) dropMatterForm(w http.ResponseWriter, r *http.Request) error {
	return d.visitAct(w, r, "matters", "counter.saved", func(_ *web.Form, id string) error {
		return d.DropMatter(r.Context(), web.Actor(r), id, r.PathValue("line"))
	})
}

func (d *Desk) minutesForm(w http.ResponseWriter, r *http.Request) error {
	return d.visitAct(w, r, "minutes", "counter.saved", func(form *web.Form, id string) error {
		return d.Minutes(r.Context(), web.Actor(r), id, form.Text("minutes"), form.Bool("read"), Sign(form.Line("sign")), form.Revision())
	})
}

func (d *Desk) receiptForm(w http.ResponseWriter, r *http.Request) error {
	return d.visitAct(w, r, "receipts", "counter.receipt_given", func(form *web.Form, id string) error {
		return d.Receive(r.Context(), web.Actor(r), id, strings.Split(form.Text("items"), "\n"), form.Once())
	})
}

func (d *Desk) refuseForm(w http.ResponseWriter, r *http.Request) error {
	return d.visitAct(w, r, "refusal", "counter.refused", func(form *web.Form, id string) error {
		return d.Refuse(r.Context(), web.Actor(r), id, form.Line("ground"), form.Text("ground_note"), form.Revision())
	})
}

func (d *Desk) noticeForm(w http.ResponseWriter, r *http.Request) error {
	return d.visitAct(w, r, "notice", "counter.saved", func(form *web.Form, id string) error {
		on, bad := form.Date("notice_on")
		if bad != nil {
			return bad
		}
		return d.NoticeSent(r.Context(), web.Actor(r), id, form.Line("notice_symbol"), on, form.Revision())
	})
}

func (d *Desk) endForm(w http.ResponseWriter, r *http.Request) error {
	return d.visitAct(w, r, "end", "counter.ended", func(form *web.Form, id string) error {
		return d.End(r.Context(), web.Actor(r), id, form.Revision())
	})
}

func (d *Desk) concludeForm(w http.ResponseWriter, r *http.Request) error {
	return d.visitAct(w, r, "conclusion", "counter.saved", func(form *web.Form, id string) error {
		on, bad := form.Date("conclusion_on")
		if bad != nil {
			return bad
		}
		return d.Conclude(r.Context(), web.Actor(r), id, form.Text("conclusion"), form.Line("conclusion_symbol"), on, form.Revision())
	})
}

func (d *Desk) denounceForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	var id string
	if err == nil {
		id, err = d.Denounce(r.Context(), web.Actor(r), r.PathValue("id"), Accusation{Name: form.Line("sealed_name"), Address: form.Line("sealed_address"), Contact: form.Line("sealed_contact"),
			PaperKind: PaperKind(form.Line("sealed_kind")), PaperNumber: form.Line("sealed_number"), Content: form.Text("sealed_content"), Apart: form.Bool("apart"), Revision: form.Revision(), Once: form.Once()})
	}
	if web.Mendable(err, fault.Conflict, fault.Refused) && form != nil {
		return d.showRecord(w, r, recordView{Sent: "denunciation", Form: form, Errors: ui.ErrorsOf(err)}, web.StatusOf(err))
	}
	return web.Done(w, r, err, "counter.sealed", visitPath+id)
}

func (d *Desk) changeForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	id := r.PathValue("line")
	var m Matter
	if err == nil {
		if m, err = matter(form); err == nil {
			err = d.ChangeMatter(r.Context(), web.Actor(r), id, m)
		}
	}
	if web.Mendable(err, fault.Conflict, fault.Refused) && form != nil {
		return d.showMatter(w, r, matterView{Form: form, Errors: ui.ErrorsOf(err)}, web.StatusOf(err))
	}
	return web.Done(w, r, err, "counter.saved", matterPath+id)
}

func (d *Desk) toldForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	var visit string
	if err == nil {
		on, bad := form.Date("told")
		if bad != nil {
			err = bad
		} else {
			visit, err = d.Told(r.Context(), web.Actor(r), r.PathValue("line"), on)
		}
	}
	if web.Mendable(err, fault.Conflict, fault.Refused) && form != nil {
		return d.showMatter(w, r, matterView{Form: form, Told: true, Errors: ui.ErrorsOf(err)}, web.StatusOf(err))
	}
	return web.Done(w, r, err, "counter.saved", visitPath+visit)
}

func (d *Desk) handOverForm(w http.ResponseWriter, r *http.Request) error {
	h, err := d.HandOver(r.Context(), web.Actor(r), r.PathValue("line"))
	if err != nil || h.Key == "" {
		return web.Done(w, r, err, "counter.handed_over", matterPath+r.PathValue("line"))
	}
	web.Flash(w, r, "counter.handed_receipt", "code", h.Code, "key", h.Key)
	return web.SeeOther(w, r, matterPath+r.PathValue("line"))
}

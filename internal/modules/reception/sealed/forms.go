package sealed

import (
	"net/http"
	"strconv"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/vault"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// at names the field of a fault as the page has it: several of its forms ask for a reason.
func at(form string, err error) ui.Errors {
	if f := fault.Of(err); f.Field != "" {
		f.Field = form + "_" + f.Field
	}
	return ui.ErrorsOf(err)
}

// onSheet ends an act that was asked for on a denunciation's page.
func (d *Desk) onSheet(w http.ResponseWriter, r *http.Request, name string, form *web.Form, err error, said string) error {
	if web.Mendable(err, fault.Conflict) && form != nil {
		named := fault.Is(err, "vault.reason_names") || fault.Is(err, "sealed.reason_details")
		return d.showSheet(w, r, sheetView{Name: name, Form: form, Errors: at(name, err), Named: named}, web.StatusOf(err))
	}
	return web.Done(w, r, err, said, PageOf(r.PathValue("case")))
}

// asked reads a form of a denunciation's page once it is clear that there is one
// for this person.
func (d *Desk) asked(w http.ResponseWriter, r *http.Request) (*web.Form, error) {
	web.Unkept(w)
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return form, err
	}
	_, err = d.Sheet(r.Context(), web.Actor(r), r.PathValue("case"))
	return form, err
}

func (d *Desk) stubForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err == nil {
		day, bad := form.Date("day")
		if bad != nil {
			err = bad
		} else {
			_, err = d.NoteStub(r.Context(), web.Actor(r), Note{Book: form.Line("book"), Day: day, Once: form.Once()})
		}
	}
	if web.Mendable(err, fault.Conflict) && form != nil {
		return d.showList(w, r, listView{Form: form, Errors: ui.ErrorsOf(err)}, web.StatusOf(err))
	}
	return web.Done(w, r, err, "sealed.noted", home)
}

// revealForm answers with what was opened: there is no address to come back to.
// Whoever asks, the vault decides and keeps it.
func (d *Desk) revealForm(w http.ResponseWriter, r *http.Request) error {
	web.Unkept(w)
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	who, id := web.Actor(r), r.PathValue("case")
	ask := vault.Ask{Compartment: id, Items: form.Texts("reveal_items"), Reason: form.Line("reveal_reason")}
	now := d.Clock.Now()
	items, err := d.OpenWords(r.Context(), who, ask)
	if err != nil {
		return d.onSheet(w, r, "reveal", form, err, "")
	}
	return d.showOpened(w, r, opened(r.Context(), id, items, now))
}

func (d *Desk) admitForm(w http.ResponseWriter, r *http.Request) error {
	form, err := d.asked(w, r)
	if err == nil {
		until, bad := form.Date("admit_until")
		if bad != nil {
			bad.Field = "until"
			err = bad
		} else {
			err = d.Admit(r.Context(), web.Actor(r), vault.Admission{Compartment: r.PathValue("case"), PersonID: form.Line("admit_person"), Keeper: form.Bool("admit_keeper"),
				Until: until, Reason: form.Line("admit_reason")})
		}
	}
	return d.onSheet(w, r, "admit", form, err, "sealed.admitted")
}

func (d *Desk) dismissForm(w http.ResponseWriter, r *http.Request) error {
	form, err := d.asked(w, r)
	if err == nil {
		err = d.Dismiss(r.Context(), web.Actor(r), vault.Dismissal{Compartment: r.PathValue("case"), PersonID: form.Line("dismiss_person"), Reason: form.Line("dismiss_reason")})
	}
	return d.onSheet(w, r, "dismiss", form, err, "sealed.dismissed")
}

func (d *Desk) askGlassForm(w http.ResponseWriter, r *http.Request) error {
	form, err := d.asked(w, r)
	if err == nil {
		err = d.AskGlass(r.Context(), web.Actor(r), vault.GlassAsk{Compartment: r.PathValue("case"), Reason: form.Line("glass_reason")})
	}
	return d.onSheet(w, r, "glass", form, err, "sealed.glass_asked")
}

func (d *Desk) grantGlassForm(w http.ResponseWriter, r *http.Request) error {
	form, err := d.asked(w, r)
	if err == nil {
		_, err = d.Vault.GrantGlass(r.Context(), web.Actor(r), r.PathValue("glass"))
	}
	return d.onSheet(w, r, "glass", form, err, "sealed.glass_granted")
}

func (d *Desk) endGlassForm(w http.ResponseWriter, r *http.Request) error {
	form, err := d.asked(w, r)
	if err == nil {
		err = d.Vault.EndGlass(r.Context(), web.Actor(r), r.PathValue("glass"))
	}
	return d.onSheet(w, r, "glass", form, err, "sealed.glass_ended")
}

func (d *Desk) beginCopyForm(w http.ResponseWriter, r *http.Request) error {
	form, err := d.asked(w, r)
	if err != nil {
		return err
	}
	reason := form.Line("copy_reason")
	t, err := d.Begin(r.Context(), web.Actor(r), r.PathValue("case"), reason)
	if err != nil {
		return d.onSheet(w, r, "copy", form, err, "")
	}
	return d.showDraft(w, r, draftView{Draft: t, Reason: reason}, http.StatusOK)
}

func (d *Desk) proposeCopyForm(w http.ResponseWriter, r *http.Request) error {
	form, err := d.asked(w, r)
	if err != nil {
		return err
	}
	sent := Sent{Words: form.Text("copy"), Marks: form.Text("marks"), Reason: form.Line("reason"), Again: form.Has("again")}
	_, t, err := d.ProposeCopy(r.Context(), web.Actor(r), r.PathValue("case"), sent)
	if web.Mendable(err, fault.Conflict) && fault.Of(err).Field == "copy" {
		return d.showDraft(w, r, draftView{Draft: t, Reason: sent.Reason, Errors: ui.ErrorsOf(err), Second: true}, web.StatusOf(err))
	}
	return d.onSheet(w, r, "copy", form, err, "sealed.copy_proposed")
}

// number is that of the copy in the address; nonsense is one that there is not.
func number(r *http.Request) int64 {
	n, err := strconv.ParseInt(r.PathValue("number"), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

func (d *Desk) readCopyForm(w http.ResponseWriter, r *http.Request) error {
	form, err := d.asked(w, r)
	if err != nil {
		return err
	}
	reason := form.Line("read_reason")
	c, t, err := d.ReadCopy(r.Context(), web.Actor(r), r.PathValue("case"), number(r), reason)
	if err != nil {
		return d.onSheet(w, r, "read", form, err, "")
	}
	return d.showReading(w, r, readingView{Copy: c, Draft: t, Reason: reason})
}

func (d *Desk) decideCopyForm(w http.ResponseWriter, r *http.Request) error {
	form, err := d.asked(w, r)
	yes := form.Has("yes")
	if err == nil && yes && !form.Bool("looked") {
		err = fault.New(fault.Invalid, "sealed.not_looked").At("looked")
	}
	if err == nil {
		err = d.DecideCopy(r.Context(), web.Actor(r), r.PathValue("case"), number(r), yes, form.Line("reason"))
	}
	said := "sealed.copy_declined"
	if yes {
		said = "sealed.copy_confirmed"
	}
	return d.onSheet(w, r, "read", form, err, said)
}

func (d *Desk) withdrawCopyForm(w http.ResponseWriter, r *http.Request) error {
	form, err := d.asked(w, r)
	if err == nil {
		err = d.WithdrawCopy(r.Context(), web.Actor(r), r.PathValue("case"), number(r))
	}
	return d.onSheet(w, r, "read", form, err, "sealed.copy_withdrawn")
}

// proposed reads the form of a change; kind says which of the page's forms it is.
func proposed(form *web.Form) (Change, error) {
	kind := form.Line("kind")
	c := Change{Kind: ChangeKind(kind), EntryID: form.Line("entry"), PersonID: form.Line(kind + "_person"), Keeper: form.Bool(kind + "_keeper"), Place: Place(form.Line(kind + "_place")),
		Reason: form.Line(kind + "_reason"), Mark: form.Once()}
	var faults []*fault.Fault
	var f *fault.Fault
	if c.Starts, f = form.Date(kind + "_starts"); f != nil {
		f.Field = "starts"
		faults = append(faults, f)
	}
	if c.Until, f = form.Date(kind + "_until"); f != nil {
		f.Field = "until"
		faults = append(faults, f)
	}
	return c, fault.Join(faults...)
}

func (d *Desk) proposeForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err == nil {
		var c Change
		if c, err = proposed(form); err == nil {
			_, err = d.Propose(r.Context(), web.Actor(r), c)
		}
	}
	if web.Mendable(err, fault.Conflict) && form != nil {
		kind := form.Line("kind")
		for _, f := range fault.Of(err).Faults {
			f.Field = kind + "_" + f.Field
		}
		return d.showSettings(w, r, settingsView{Name: kind, Form: form, Errors: at(kind, err)}, web.StatusOf(err))
	}
	return web.Done(w, r, err, "sealed.proposed", settingsPath)
}

func (d *Desk) decideForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	yes := form.Has("yes")
	if err == nil {
		err = d.Decide(r.Context(), web.Actor(r), r.PathValue("change"), yes)
	}
	said := "sealed.declined"
	if yes {
		said = "sealed.confirmed"
	}
	return web.Done(w, r, err, said, settingsPath)
}

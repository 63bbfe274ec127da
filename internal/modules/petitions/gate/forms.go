package gate

import (
	"context"
	"net/http"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// The fields that the gate adds to a form. The first two are for machines: no
// person sees them.
const (
	trapSite  = "website"
	trapFax   = "fax_number"
	drawnName = "drawn"
	proofName = "challenge"
	nonceName = "nonce"
)

// Read takes the gate's own fields, the address and the actor from a public
// form; whoever calls adds what is handed in.
func Read(r *http.Request, form *web.Form, kind Kind) Attempt {
	return Attempt{Kind: kind, Who: web.Actor(r), Address: web.Address(r), Once: form.Once(), Filled: form.Line(trapSite)+form.Line(trapFax) != "", Drawn: form.Line(drawnName),
		Proof: Solution{Token: form.Line(proofName), Nonce: form.Line(nonceName)}}
}

// OwnFields are the names of fields that a form sent on must not carry along:
// the next page has its own.
func OwnFields() []string { return []string{"once", proofName, nonceName} }

func (d *Desk) release(w http.ResponseWriter, r *http.Request) error {
	if err := d.Release(r.Context(), web.Actor(r), r.PathValue("petition")); err != nil {
		return err
	}
	web.Flash(w, r, "gate.released_now")
	return web.SeeOther(w, r, heldPath)
}

func (d *Desk) invalidate(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err == nil {
		err = d.Invalidate(r.Context(), web.Actor(r), r.PathValue("petition"), form.Line("reason"), form.Text("note"))
	}
	if fault.KindOf(err) == fault.Invalid {
		return d.showHeld(w, r, heldOnePage{Form: form, Errors: ui.ErrorsOf(err)}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "gate.invalidated_now")
	return web.SeeOther(w, r, heldPath)
}

func (d *Desk) drawUp(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	p, err := d.picked(form.Line)
	if err != nil {
		return err
	}
	p.Leave = form.Texts("leave")
	id, err := d.DrawUp(r.Context(), web.Actor(r), p, form.Line("reason"), form.Text("note"), form.Once())
	if fault.KindOf(err) == fault.Invalid {
		return d.showSelection(w, r, selectionPage{Days: days(form.Line("days")), Form: form, Errors: ui.ErrorsOf(err)}, form.Line, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "gate.drawn_up")
	return web.SeeOther(w, r, batchesPath+"/"+id)
}

// turned answers a button of a batch's page.
func (d *Desk) turned(act func(ctx context.Context, who org.Actor, id string) error) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id := r.PathValue("batch")
		if err := act(r.Context(), web.Actor(r), id); err != nil {
			return err
		}
		return web.SeeOther(w, r, batchesPath+"/"+id)
	}
}

func (d *Desk) alertTurned(act func(ctx context.Context, who org.Actor, id string) error) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := act(r.Context(), web.Actor(r), r.PathValue("alert")); err != nil {
			return err
		}
		return web.SeeOther(w, r, gatePath)
	}
}

func (d *Desk) askUndo(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("batch")
	form, err := web.ReadForm(w, r, web.Limits{})
	if err == nil {
		err = d.AskUndo(r.Context(), web.Actor(r), id, form.Text("note"))
	}
	if fault.KindOf(err) == fault.Invalid {
		return d.showBatch(w, r, batchOnePage{Form: form, Errors: ui.ErrorsOf(err)}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "gate.undo_requested")
	return web.SeeOther(w, r, batchesPath+"/"+id)
}

// Asking is a form that was sent and waits for a proof.
//
// vi: -
type Asking struct {
	URL       string
	Kept      []ui.Kept // what was typed: form.Kept(OwnFields()...)
	Send      string    // label of the button
	Challenge *Challenge
}

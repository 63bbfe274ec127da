package duties

import (
	"context"
	"io"
	"net/http"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// kinds are those of a letter as the book knows them, in the order of the form.
var kinds = []string{"complaint", "denunciation", "proposal", "mixed", "mixed_denunciation", "unsorted"}

// paperPage is the form by which a letter is handed on: of a new one with its
// receipt, of one that was studied without.
type paperPage struct {
	Form    *web.Form
	Errors  ui.Errors
	Today   clock.Date
	Of      Sheet    // the record; empty for a new one
	Receipt bool     // only the receipt is noted
	For     []Deputy // whom a clerk may enter it for
}

// deputies is the field in which a clerk names the deputy.
func (p paperPage) deputies(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "deputy", Label: text.T(ctx, "duties.deputy"), Hint: text.T(ctx, "duties.deputy_hint"), Value: p.typed("deputy", ""), Empty: text.T(ctx, "duties.deputy_choose"), Required: true, Errors: p.Errors}
	for _, o := range p.For {
		c.Options = append(c.Options, ui.Option{Value: o.PersonID, Label: o.Name + ", " + o.Title})
	}
	return c
}

func (p paperPage) fresh() bool { return p.Of.ID == "" }

func (p paperPage) url() string {
	switch {
	case p.Receipt:
		return home + "/receipt"
	case p.fresh():
		return home + "/new"
	}
	return home + "/" + p.Of.ID + "/forwarding"
}

func (p paperPage) back() string {
	if p.fresh() {
		return home
	}
	return home + "/" + p.Of.ID
}

func (p paperPage) title(ctx context.Context) string {
	if p.Receipt {
		return text.T(ctx, "duties.receipt_title")
	}
	if len(p.For) > 0 {
		return text.T(ctx, "duties.new_title_for")
	}
	return text.T(ctx, "duties.new_title")
}

// list names the list that the form belongs to.
func (p paperPage) list(ctx context.Context) string {
	if len(p.For) > 0 {
		return text.T(ctx, "duties.menu")
	}
	return text.T(ctx, "duties.mine")
}

func (p paperPage) lead(ctx context.Context) string {
	if p.Receipt {
		return text.T(ctx, "duties.receipt_lead")
	}
	if len(p.For) > 0 {
		return text.T(ctx, "duties.new_lead_for")
	}
	return text.T(ctx, "duties.new_lead")
}

func (p paperPage) typed(name, otherwise string) string {
	if p.Form.Has(name) {
		return p.Form.Text(name)
	}
	return otherwise
}

func (p paperPage) asked() bool { return p.Form == nil || p.Form.Bool("asked") }

func (p paperPage) kinds(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "kind", Label: text.T(ctx, "duties.kind"), Hint: text.T(ctx, "duties.kind_hint"), Value: p.typed("kind", ""), Required: true, Errors: p.Errors}
	for _, k := range kinds {
		c.Options = append(c.Options, ui.Option{Value: k, Label: text.T(ctx, "duties.kind_"+k)})
	}
	return c
}

func (d *Desk) show(w http.ResponseWriter, r *http.Request, p paperPage, status int) error {
	p.Today = d.today()
	if p.fresh() {
		var err error
		if p.For, err = d.Deputies(r.Context(), web.Actor(r)); err != nil {
			return err
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.Page(w, r, web.Head{Title: p.title(r.Context()), Section: home, Status: status}, paperBody(p))
}

func (d *Desk) newPage(w http.ResponseWriter, r *http.Request) error {
	return d.show(w, r, paperPage{}, http.StatusOK)
}

func (d *Desk) receiptPage(w http.ResponseWriter, r *http.Request) error {
	return d.show(w, r, paperPage{Receipt: true}, http.StatusOK)
}

func (d *Desk) handPage(w http.ResponseWriter, r *http.Request) error {
	v, err := d.Sheet(r.Context(), web.Actor(r), r.PathValue("id"))
	switch {
	case err != nil:
		return err
	case !v.Mine:
		return fault.New(fault.Forbidden, "duties.not_yours")
	case v.State != Studying:
		return fault.New(fault.Refused, "duties.over")
	}
	return d.show(w, r, paperPage{Of: v}, http.StatusOK)
}

func receiptOf(form *web.Form) (c Receipt, err error) {
	on, f := form.Date("received_on")
	if f != nil {
		return c, f
	}
	return Receipt{On: on, Way: Way(form.Line("way")), Asked: form.Bool("asked"), Once: form.Once(), For: form.Line("deputy")}, nil
}

func paperOf(form *web.Form) (p Paper, err error) {
	p = Paper{Kind: form.Line("kind"), Ward: form.Line("ward"), Senders: form.Text("senders"), Anonymous: form.Bool("anonymous"), Respondent: form.Text("respondent"), Summary: form.Text("summary"),
		Content: form.Text("content")}
	for _, f := range form.Files("files") {
		p.Files = append(p.Files, documents.Upload{Name: f.Name, Size: f.Size, Open: func() (io.ReadCloser, error) { return f.Open() }})
	}
	written, f := form.Date("written_on")
	if f != nil {
		return p, f
	}
	p.WrittenOn = written
	return p, nil
}

func (d *Desk) receiptForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	var c Receipt
	var id string
	if err == nil {
		c, err = receiptOf(form)
	}
	if err == nil {
		id, err = d.Receive(r.Context(), web.Actor(r), c)
	}
	if web.Mendable(err) {
		return d.show(w, r, paperPage{Form: form, Errors: ui.ErrorsOf(err), Receipt: true}, web.StatusOf(err))
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "duties.received_flash")
	return web.SeeOther(w, r, home+"/"+id)
}

func (d *Desk) newForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, limits())
	var c Receipt
	var p Paper
	var h Handed
	if err == nil {
		c, err = receiptOf(form)
	}
	if err == nil {
		p, err = paperOf(form)
	}
	if err == nil {
		h, err = d.HandIn(r.Context(), web.Actor(r), c, p)
	}
	if web.Mendable(err) {
		return d.show(w, r, paperPage{Form: form, Errors: ui.ErrorsOf(err)}, web.StatusOf(err))
	}
	return d.handed(w, r, h, err)
}

func (d *Desk) handForm(w http.ResponseWriter, r *http.Request) error {
	ctx, who, id := r.Context(), web.Actor(r), r.PathValue("id")
	form, err := web.ReadForm(w, r, limits())
	var p Paper
	var h Handed
	if err == nil {
		p, err = paperOf(form)
	}
	if err == nil {
		h, err = d.HandOn(ctx, who, id, p, form.Revision())
	}
	if web.Mendable(err) {
		v, verr := d.Sheet(ctx, who, id)
		if verr != nil {
			return verr
		}
		return d.show(w, r, paperPage{Form: form, Errors: ui.ErrorsOf(err), Of: v}, web.StatusOf(err))
	}
	return d.handed(w, r, h, err)
}

// handed shows the citizen's code and key once: they stand in no address and
// their key in no table.
func (d *Desk) handed(w http.ResponseWriter, r *http.Request, h Handed, err error) error {
	if err != nil {
		return err
	}
	if h.Again {
		web.Flash(w, r, "duties.again_flash")
	} else {
		web.Flash(w, r, "duties.handed_flash", "code", h.Code, "key", h.Key)
	}
	return web.SeeOther(w, r, home+"/"+h.ID)
}

func (d *Desk) guideForm(w http.ResponseWriter, r *http.Request) error {
	return d.word(w, r, "guided", "duties.guided_flash", d.Guide)
}

func (d *Desk) tellForm(w http.ResponseWriter, r *http.Request) error {
	return d.word(w, r, "told", "duties.told_flash", d.Tell)
}

// word reads a day and a way, and shows the record again when they are wrong.
func (d *Desk) word(w http.ResponseWriter, r *http.Request, field, done string, do func(ctx context.Context, who org.Actor, id string, w Word) error) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	var x Word
	if err == nil {
		x.Way = Way(form.Line(field))
		x.Revision = form.Revision()
	}
	if err == nil {
		on, f := form.Date("on")
		if x.On = on; f != nil {
			err = f
		}
	}
	if err == nil {
		err = do(r.Context(), web.Actor(r), r.PathValue("id"), x)
	}
	if web.Mendable(err) {
		return d.showRecord(w, r, sheetView{Form: form, Errors: ui.ErrorsOf(err)}, web.StatusOf(err))
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, done)
	return web.SeeOther(w, r, home+"/"+r.PathValue("id"))
}

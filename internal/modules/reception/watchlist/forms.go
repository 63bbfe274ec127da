package watchlist

import (
	"context"
	"net/http"
	"net/url"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// drawView is the form by which a list is made or changed.
type drawView struct {
	Form   *web.Form
	Errors ui.Errors
	Was    List // empty: a new one
}

func (v drawView) typed(name, otherwise string) string {
	if v.Form != nil {
		return v.Form.Text(name)
	}
	return otherwise
}

func (v drawView) title(ctx context.Context) string {
	if v.Was.ID == "" {
		return text.T(ctx, "watchlist.new")
	}
	return text.T(ctx, "watchlist.change")
}

func (v drawView) address() string {
	if v.Was.ID == "" {
		return home + "/new"
	}
	return v.Was.url() + "/change"
}

func (v drawView) back() string {
	if v.Was.ID == "" {
		return home
	}
	return v.Was.url()
}

func (d *Desk) showDraw(w http.ResponseWriter, r *http.Request, v drawView, status int) error {
	return web.Page(w, r, web.Head{Title: v.title(r.Context()), Section: home, Status: status}, drawBody(v))
}

func (d *Desk) newPage(w http.ResponseWriter, r *http.Request) error {
	return d.showDraw(w, r, drawView{}, http.StatusOK)
}

func (d *Desk) changePage(w http.ResponseWriter, r *http.Request) error {
	v, err := d.Sheet(r.Context(), web.Actor(r), r.PathValue("id"))
	if err == nil && !v.open() {
		err = fault.New(fault.Refused, "watchlist.is_closed")
	}
	if err != nil {
		return err
	}
	return d.showDraw(w, r, drawView{Was: v.List}, http.StatusOK)
}

// read takes a form with its days; what is no day is wrong beside its field.
func read(w http.ResponseWriter, r *http.Request, days map[string]*clock.Date, revision *int64) (*web.Form, error) {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return form, err
	}
	var faults []*fault.Fault
	for name, at := range days {
		var f *fault.Fault
		if *at, f = form.Date(name); f != nil {
			faults = append(faults, f)
		}
	}
	*revision = form.Revision()
	return form, fault.Join(faults...)
}

func (d *Desk) drawOf(w http.ResponseWriter, r *http.Request) (*web.Form, Draw, error) {
	var draw Draw
	form, err := read(w, r, map[string]*clock.Date{"from": &draw.From, "until": &draw.Until}, &draw.Revision)
	draw.Title, draw.Theme, draw.Basis, draw.Document, draw.Once = form.Line("title"), form.Text("theme"), form.Line("basis"), form.Line("document"), form.Once()
	return form, draw, err
}

func (d *Desk) newForm(w http.ResponseWriter, r *http.Request) error {
	form, draw, err := d.drawOf(w, r)
	var id string
	if err == nil {
		id, err = d.Open(r.Context(), web.Actor(r), draw)
	}
	if fault.KindOf(err) == fault.Invalid {
		return d.showDraw(w, r, drawView{Form: form, Errors: ui.ErrorsOf(err)}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "watchlist.opened_flash")
	return web.SeeOther(w, r, home+"/"+id)
}

func (d *Desk) changeForm(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	form, draw, err := d.drawOf(w, r)
	if err == nil {
		err = d.Change(r.Context(), web.Actor(r), id, draw)
	}
	if fault.KindOf(err) == fault.Invalid {
		v, verr := d.Sheet(r.Context(), web.Actor(r), id)
		if verr != nil {
			return verr
		}
		return d.showDraw(w, r, drawView{Form: form, Errors: ui.ErrorsOf(err), Was: v.List}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "watchlist.changed_flash")
	return web.SeeOther(w, r, home+"/"+id)
}

// addForm puts the ticked letters on the list and goes back to the same search.
func (d *Desk) addForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	added := 0
	if err == nil {
		added, err = d.Add(r.Context(), web.Actor(r), r.PathValue("id"), form.Texts("letters"))
	}
	if kind := fault.KindOf(err); kind == fault.Invalid {
		return d.showFind(w, r, ui.ErrorsOf(err), http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "watchlist.added_flash", "n", added)
	return web.SeeOther(w, r, home+"/"+url.PathEscape(r.PathValue("id")))
}

func (d *Desk) watchForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	list := ""
	if err == nil {
		if list = form.Line("list"); list == "" {
			err = fault.New(fault.Invalid, "watchlist.list_none").At("list")
		} else {
			_, err = d.Add(r.Context(), web.Actor(r), list, []string{r.PathValue("id")})
		}
	}
	if fault.KindOf(err) == fault.Invalid {
		return d.showWatch(w, r, ui.ErrorsOf(err), http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "watchlist.added_flash", "n", 1)
	return web.SeeOther(w, r, home+"/"+list+"/letters/"+r.PathValue("id"))
}

func (d *Desk) entryForm(w http.ResponseWriter, r *http.Request) error {
	e := Entry{ListID: r.PathValue("id"), LetterID: r.PathValue("letter")}
	form, err := read(w, r, map[string]*clock.Date{"asked_on": &e.AskedOn, "answered_on": &e.AnsweredOn}, &e.Revision)
	if err == nil {
		e.Note, e.Asked, e.Answer, e.AnswerDocument, e.Finding, e.Conclusion = form.Text("note"), form.Text("asked"), form.Text("answer"), form.Line("answer_document"), Finding(form.Line("finding")), form.Text("conclusion")
		err = d.Note(r.Context(), web.Actor(r), e)
	}
	if fault.KindOf(err) == fault.Invalid {
		return d.showEntry(w, r, entryView{Form: form, Errors: ui.ErrorsOf(err)}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "watchlist.noted_flash")
	return web.SeeOther(w, r, home+"/"+e.ListID)
}

func (d *Desk) removeForm(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	if err := d.Remove(r.Context(), web.Actor(r), id, r.PathValue("letter")); err != nil {
		return err
	}
	web.Flash(w, r, "watchlist.removed_flash")
	return web.SeeOther(w, r, home+"/"+id)
}

func (d *Desk) closeForm(w http.ResponseWriter, r *http.Request) error {
	var c Closing
	form, err := read(w, r, map[string]*clock.Date{"on": &c.On}, &c.Revision)
	id := r.PathValue("id")
	if err == nil {
		c.Document, c.Conclusion = form.Line("document"), form.Text("conclusion")
		err = d.Close(r.Context(), web.Actor(r), id, c)
	}
	if fault.KindOf(err) == fault.Invalid {
		return d.showList(w, r, sheetView{Form: form, Errors: ui.ErrorsOf(err)}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "watchlist.closed_flash")
	return web.SeeOther(w, r, home+"/"+id)
}

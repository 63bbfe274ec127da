package lookup

import (
	"context"
	"net/http"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// renewView is the form.
type renewView struct {
	Letter  string
	Checked string
	Errors  ui.Errors
}

func (v renewView) choice(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "checked", Label: text.T(ctx, "lookup.checked"), Required: true, Value: v.Checked, Errors: v.Errors}
	for _, one := range checks() {
		c.Options = append(c.Options, ui.Option{Value: one, Label: text.T(ctx, "lookup.checked_"+one)})
	}
	return c
}

func (d *Desk) renewPage(w http.ResponseWriter, r *http.Request) error {
	letter := r.PathValue("id")
	if err := d.Renewable(r.Context(), web.Actor(r), letter); err != nil {
		return err
	}
	return showRenewal(w, r, renewView{Letter: letter}, http.StatusOK)
}

func showRenewal(w http.ResponseWriter, r *http.Request, v renewView, status int) error {
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "lookup.renew"), Section: "/reception/letters", Status: status}, renewBody(v))
}

func (d *Desk) renew(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	v := renewView{Letter: r.PathValue("id")}
	var code, key string
	if err == nil {
		v.Checked = form.Line("checked")
		code, key, err = d.Renew(r.Context(), web.Actor(r), v.Letter, v.Checked)
	}
	if fault.KindOf(err) == fault.Invalid {
		v.Errors = ui.ErrorsOf(err)
		return showRenewal(w, r, v, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "lookup.renewed", "code", code, "key", key)
	return web.SeeOther(w, r, lettersPath+v.Letter)
}

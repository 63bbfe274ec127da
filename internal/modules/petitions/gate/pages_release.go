package gate

import (
	"net/http"

	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// releasesPage asks for the reason for which several are let go.
type releasesPage struct {
	Rows   []HeldPetition
	Form   *web.Form
	Errors ui.Errors
}

// releaseSeveral first asks for the reason, then lets go what was chosen.
func (d *Desk) releaseSeveral(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	ctx, who := r.Context(), web.Actor(r)
	if !form.Has("note") {
		return d.showReleases(w, r, releasesPage{Form: form}, http.StatusOK)
	}
	f, err := d.ReleaseAll(ctx, who, form.Texts("id"), form.Text("note"))
	if web.Mendable(err) {
		return d.showReleases(w, r, releasesPage{Form: form, Errors: ui.ErrorsOf(err)}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	if f.Before+f.Ended > 0 {
		web.FlashWarning(w, r, "gate.released_some", "n", f.Now, "before", f.Before, "ended", f.Ended)
	} else {
		web.Flash(w, r, "gate.released_many", "n", f.Now)
	}
	return web.SeeOther(w, r, heldPath)
}

func (d *Desk) showReleases(w http.ResponseWriter, r *http.Request, p releasesPage, status int) error {
	ctx, who := r.Context(), web.Actor(r)
	all, err := d.Chosen(ctx, who, p.Form.Texts("id"))
	if web.Mendable(err) {
		return d.showHeldList(w, r, heldListPage{Errors: ui.ErrorsOf(err)}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	if len(all) == 0 { // somebody was faster
		web.FlashWarning(w, r, "gate.released_before")
		return web.SeeOther(w, r, heldPath)
	}
	p.Rows = all
	return web.Page(w, r, web.Head{Title: text.T(ctx, "gate.releases_title"), Section: gatePath, Status: status}, releasesBody(p))
}

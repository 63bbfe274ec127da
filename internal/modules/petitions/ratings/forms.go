package ratings

import (
	"net/http"
	"strconv"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// rate takes the voter's rating.
func (d *Desk) rate(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{Runes: CommentMax})
	p := formPage{Code: r.PathValue("code"), Key: form.Line("key")}
	if err == nil {
		p.Rating = Rating{Fixed: Fixed(form.Line("fixed")), Comment: form.Text("comment")}
		// A score that is no number is none, which Rate asks for.
		p.Rating.Score, _ = strconv.Atoi(form.Line("score"))
		err = d.Rate(r.Context(), org.Voter(web.Address(r).String()), p.Code, p.Key, p.Rating)
	}
	if fault.KindOf(err) == fault.Invalid {
		p.Errors = ui.ErrorsOf(err)
		return show(w, r, p, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "ratings.thanks")
	return web.SeeOther(w, r, back(p.Code, p.Key))
}

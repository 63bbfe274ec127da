package desk

import (
	"net/http"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/web"
)

// bodyNameMax bounds the fields of a body: the longest name of an agency has
// some hundred characters.
const bodyNameMax = 300

func (s *Service) takeBody(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{Runes: bodyNameMax})
	if err == nil {
		b := org.Body{Name: form.Line("name"), Kind: org.BodyKind(form.Line("kind")), Symbol: form.Line("symbol"), Place: form.Line("place"), UnitCode: form.Line("unit")}
		err = s.establish(r.Context(), web.Actor(r), b, form.Texts("fields"))
	}
	if web.Mendable(err, fault.Refused) {
		return s.bodiesPage(w, r, form, err)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "desk.established")
	return web.SeeOther(w, r, "/administration/bodies")
}

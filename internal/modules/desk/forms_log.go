package desk

import (
	"net/http"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// takeReceipt checks a receipt that somebody holds. It changes nothing, and it
// is a form because a receipt is too long for an address.
func (s *Service) takeReceipt(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{Runes: 20_000})
	if err != nil {
		return err
	}
	c, err := s.checkpoint(r.Context())
	if err != nil {
		return err
	}
	v := receiptView{checkpoint: c, Typed: form.Text("receipt")}
	result, err := s.verify(v.Typed)
	if fault.KindOf(err) == fault.Invalid {
		v.Errors = ui.ErrorsOf(fault.Of(err).At("receipt"))
		return s.receiptPage(w, r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	if v.Good, err = goodLines(r.Context(), result); err != nil {
		return err
	}
	return s.receiptPage(w, r, http.StatusOK, v)
}

package watchlist

import (
	"net/http"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
)

// filePage sends a list as a workbook. It is in Vietnamese whatever the reader's
// language: it goes to the standing committee and the bodies.
func (d *Desk) filePage(w http.ResponseWriter, r *http.Request) error {
	ctx := text.With(r.Context(), d.Text, text.Vi)
	v, err := d.Sheet(ctx, web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	w.Header().Set("Content-Disposition", `attachment; filename="giam-sat-chuyen-de-`+clock.DateOf(v.CreatedAt.Time).String()+`.xlsx"`)
	w.Header().Set("Cache-Control", "no-store")
	return v.workbook(ctx, w)
}

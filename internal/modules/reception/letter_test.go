package reception_test

import (
	"testing"

	"example.vn/hdnd/internal/modules/reception"
)

// A letter goes its whole way through: entered, classified by one, signed by
// another, forwarded with numbered papers, urged, answered, closed.
func TestForwardedLetter(t *testing.T) {
	each(t, func(d *desk) {
		id := d.register(reception.Complaint, nil)
		d.due(id, "handle", "complaints.accept_first", "2026-11-26")
		d.wants(d.Sign(d.t.Context(), d.head(), id, reception.Forward, reception.Signature{}), "cases.wrong_state")
		d.classify(id, reception.Complaint, reception.Forward, nil)
		d.wants(d.Sign(d.t.Context(), d.head(), id, reception.Guide, reception.Signature{}), "reception.not_proposed")
		d.wants(d.Sign(d.t.Context(), d.clerk(), id, reception.Forward, reception.Signature{}), "cases.not_yours_to_do")
		d.sign(id, reception.Forward, "")
		d.w.Work(d.t)
		d.state(id, "following")
		v := d.sheet(id)
		if len(v.Sendings) != 2 || v.Sendings[0].Symbol != "01/PC-VP" || v.Sendings[0].PaperID == "" || v.Sendings[0].DraftID == "" || v.Sendings[1].Kind != string(reception.PaperTold) {
			d.t.Fatalf("%+v", v.Sendings)
		}
	})
}

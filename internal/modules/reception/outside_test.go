package reception_test

import (
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/modules/reception"
	"example.vn/hdnd/internal/modules/reception/sealed"
)

// Where a council keeps its denunciations elsewhere, a letter that turns out to
// be one is deleted here, once the clerk confirms where its original is; until
// then nothing is done.
func TestFoundWhereNoneAreKept(t *testing.T) {
	t.Parallel()
	for _, place := range []sealed.Place{sealed.Stub, sealed.Elsewhere} {
		t.Run(string(place), func(t *testing.T) {
			each(t, func(d *desk) {
				id := d.register(reception.Complaint, func(e *reception.Entry) { secret(e); e.Scans = nil })
				d.must(d.w.App.DB.Tx(t.Context(), func(tx *db.Tx) error {
					return sealed.SetPlace(t.Context(), tx, "hn", place, clock.Today(d.w.Clock))
				}))
				found := reading(reception.Denunciation, reception.Forward, nil)
				found.Proposal = "Chuyển đơn của bà Phan Thị Kín."
				d.wants(d.Classify(t.Context(), d.clerk(), id, found), "reception.outside_unconfirmed")
				if v := d.sheet(id); v.Case.Sealed || v.Letter.Summary == "" || v.Case.State != "received" {
					t.Errorf("something was done before it was confirmed: %+v", v.Letter)
				}
				found.Outside = true
				d.must(d.Classify(t.Context(), d.clerk(), id, found))
				d.w.Clock.Advance(time.Minute)
				d.w.Work(t)
				v := d.sheet(id)
				if !v.Case.Sealed || v.Letter.Summary+v.Letter.Respondent+v.Letter.SenderLine+v.Letter.Proposal != "" || len(v.Senders)+len(v.Papers)+len(v.Notes) > 0 {
					t.Errorf("%+v %v", v.Letter, v.Notes)
				}
				d.leaks()
				d.must(d.w.App.DB.Read(t.Context(), func(tx *db.Tx) error {
					n, err := db.One[int](t.Context(), tx, `SELECT COUNT(*) FROM vault_compartments`)
					if n != 0 {
						t.Errorf("%d compartments where none may be", n)
					}
					return err
				}))
				d.sign(id, reception.Forward, "")
				d.state(id, "following")
				_, err := d.Register(t.Context(), d.clerk(), d.entry(reception.Denunciation, secret))
				if err == nil {
					t.Error("a denunciation is entered where none may be")
				}
				d.leaks()
			})
		})
	}
}

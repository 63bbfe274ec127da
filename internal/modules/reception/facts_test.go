package reception_test

import (
	"slices"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/modules/reception"
	"example.vn/hdnd/internal/modules/reception/figures"
)

// What the register of letters tells form 01/XLD: each letter once, as it stood
// at the moment that is asked for.
func TestLettersAreCounted(t *testing.T) {
	t.Parallel()
	each(t, func(d *desk) {
		d.register(reception.Complaint, nil) // waits
		forwarded := d.register(reception.Proposal, func(e *reception.Entry) { e.Respondent = "" })
		d.must(d.Classify(t.Context(), d.clerk(), forwarded, reception.Classification{Kind: reception.Proposal, Conditions: all(reception.Proposal), Authority: reception.Other,
			BodyID: "hn-sxd", Result: reception.Forward, Proposal: "Chuyển Sở Xây dựng trả lời."}))
		d.w.Clock.Advance(time.Minute)
		before := d.w.Clock.Now()
		d.w.Clock.Advance(time.Minute)
		d.must(d.Sign(t.Context(), d.head(), forwarded, reception.Forward, reception.Signature{}))
		d.w.Clock.Advance(time.Minute)
		today := clock.Today(d.w.Clock)
		count := func(at time.Time) (codes []string) {
			t.Helper()
			d.must(d.w.App.DB.Read(t.Context(), func(tx *db.Tx) error {
				rows, err := reception.LettersCounted(t.Context(), tx, figures.Ask{CouncilID: "hn", Period: figures.Period{From: today.AddDays(-30), Until: today}, Moment: at, Limit: 10})
				codes = nil
				for _, r := range rows {
					handled := "waits"
					if !r.Handled.IsZero() {
						handled = r.Result
					}
					codes = append(codes, r.Kind+" "+handled)
				}
				return err
			}))
			return codes
		}
		if got := count(before); !slices.Equal(got, []string{"complaint waits", "reflection waits"}) {
			t.Errorf("before it was signed: %v", got)
		}
		if got := count(d.w.Clock.Now()); !slices.Equal(got, []string{"complaint waits", "reflection forwarded"}) {
			t.Errorf("after: %v", got)
		}
		if got := count(before.Add(-time.Hour)); len(got) != 0 {
			t.Errorf("before they came: %v", got)
		}
	})
}

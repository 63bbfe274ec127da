package redaction

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

// Reason is the coded reason for not publishing a petition.
//
// vi: lý do không công khai
type Reason string

// Reasons lists them in the order of forms.
func Reasons() []Reason {
	return []Reason{"private", "third_party", "child", "accusation", "security", "unlawful"}
}

// Check says what is wrong with a decision about publishing: a published text
// in which something surely personal was left in needs the clerk's word that it
// was looked at, and an unpublished one its reason. points are published too.
func Check(publish, looked bool, reason Reason, public string, points []string, voter string) []*fault.Fault {
	if !publish {
		if !slices.Contains(Reasons(), reason) {
			return []*fault.Fault{fault.New(fault.Invalid, "redaction.reason_empty").At("withheld")}
		}
		return nil
	}
	if looked {
		return nil
	}
	var faults []*fault.Fault
	left := func(field, s string) {
		if marks := Sure(Find(s, voter)); len(marks) > 0 {
			faults = append(faults, fault.New(fault.Invalid, "redaction.left", "n", len(marks), "words", s[marks[0].From:marks[0].To]).At(field))
		}
	}
	left("public_text", public)
	for _, p := range points {
		left("points", p)
	}
	return faults
}

// Decide keeps why a petition is not published, or that it is, in the
// transaction of its classification.
func Decide(ctx context.Context, tx *db.Tx, c *cases.Case, reason Reason, on clock.Date) error {
	if c.Public || c.Sealed {
		return forget(ctx, tx, c.ID)
	}
	return keep(ctx, tx, c.ID, c.CouncilID, reason, on)
}

// Forget drops the reason of a petition that is split off: from then on nothing
// of it is counted.
func Forget(ctx context.Context, tx *db.Tx, petitionID string) error {
	return forget(ctx, tx, petitionID)
}

// Count is how many petitions were not published for a reason.
//
// vi: số kiến nghị không công khai theo lý do
type Count struct {
	Reason Reason `db:"reason"`
	N      int    `db:"n"`
}

// Counts gives the numbers of a council between two days, both included; of all
// councils when councilID is empty. They are public.
func Counts(ctx context.Context, tx *db.Tx, councilID string, from, until clock.Date) ([]Count, error) {
	return counts(ctx, tx, councilID, from, until)
}

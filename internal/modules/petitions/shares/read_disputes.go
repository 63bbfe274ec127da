package shares

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"

	"example.vn/hdnd/internal/kernel/clock"
)

// Contested is a dispute with what each side says.
//
// vi: -
type Contested struct {
	Dispute
	Code, Lead, Text string
	Refusals         []Part // of the bodies that were asked to help
}

// Contests is one page of a council's disputes.
//
// vi: -
type Contests struct {
	State DisputeState
	Rows  []Contested
	Next  string // the key of the following page
}

// disputeRows is how many disputes a page shows.
const disputeRows = 50

// Disputes gives one page of the disputes that a person may decide, those
// undecided or those decided.
func (d *Desk) Disputes(ctx context.Context, who org.Actor, state DisputeState, after string) (v Contests, err error) {
	if v.State = state; state != Decided {
		v.State = Undecided
	}
	if !decidesIn(who) {
		return v, nil
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		v.Rows, v.Next = nil, ""
		rows, err := disputesIn(ctx, tx, who.CouncilID, v.State, after, disputeRows+1)
		if err != nil {
			return err
		}
		if len(rows) > disputeRows {
			rows = rows[:disputeRows]
			v.Next = rows[disputeRows-1].ID
		}
		ids := make([]string, len(rows))
		for i, r := range rows {
			ids[i] = r.PetitionID
		}
		words, err := d.Words(ctx, tx, ids)
		if err != nil {
			return err
		}
		refusals, err := refusalsIn(ctx, tx, ids)
		for _, r := range rows {
			one := Contested{Dispute: r.Dispute, Code: r.Code, Lead: r.Lead, Text: words[r.PetitionID].Text}
			one.Refusals = of(refusals, r.Dispute)
			v.Rows = append(v.Rows, one)
		}
		return err
	})
	return v, err
}

func of(refusals []Part, x Dispute) []Part {
	return slices.DeleteFunc(slices.Clone(refusals), func(p Part) bool { return p.PetitionID != x.PetitionID || p.Round != x.Round || p.BodyID == x.LeadID })
}

// decidesIn reports whether a person decides disputes of their council at all.
func decidesIn(who org.Actor) bool {
	return mayDecide.Allows(who) && (who.BodyKind == org.Office && who.Has(org.Head) || who.BodyKind == org.StandingCommittee)
}

// DisputeSheet is one dispute with what its form chooses from.
//
// vi: -
type DisputeSheet struct {
	Contested
	Body   string // decided on
	Case   cases.Case
	Words  Words
	Bodies []org.Body
}

// DisputeSheet loads one dispute for those who decide it.
func (d *Desk) DisputeSheet(ctx context.Context, who org.Actor, id string) (v DisputeSheet, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		x, c, err := d.dispute(ctx, tx, who, id)
		if err != nil {
			return err
		}
		v = DisputeSheet{Contested: Contested{Dispute: x, Code: c.Code}, Case: *c}
		words, err := d.Words(ctx, tx, []string{c.ID})
		if err != nil {
			return err
		}
		v.Words = words[c.ID]
		refusals, err := refusalsIn(ctx, tx, []string{c.ID})
		if err != nil {
			return err
		}
		v.Refusals = of(refusals, x)
		named, err := org.BodiesNamed(ctx, tx, []string{x.LeadID, x.BodyID})
		if err != nil {
			return err
		}
		v.Lead, v.Body = named[x.LeadID].Name, named[x.BodyID].Name
		if x.State == Undecided {
			v.Bodies, err = d.Bodies(ctx, tx, c.CouncilID, clock.Today(d.Clock))
		}
		return err
	})
	return v, err
}

// Undecided counts the disputes that wait for a person, for the menu.
func (d *Desk) Undecided(ctx context.Context, who org.Actor) (n int, err error) {
	if !decidesIn(who) {
		return 0, nil
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		n, err = countDisputes(ctx, tx, who.CouncilID)
		return err
	})
	return n, err
}

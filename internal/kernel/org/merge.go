package org

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

// Succession closes a body whose work another takes over.
type Succession struct {
	FromBody string
	ToBody   string
	Document string // the resolution or decision
	On       clock.Date
}

// Check says what is wrong with a succession before anybody is asked whether
// they are sure of it.
func (s Succession) Check(today clock.Date) error {
	var faults []*fault.Fault
	if text.Line(s.Document) == "" {
		faults = append(faults, fault.New(fault.Invalid, "org.succession_needs_document").At("document"))
	}
	if s.FromBody == s.ToBody {
		faults = append(faults, fault.New(fault.Invalid, "org.succession_to_self").At("to_body"))
	}
	if s.On.IsZero() || s.On.After(today) {
		faults = append(faults, fault.New(fault.Invalid, "org.succession_date").At("on"))
	}
	return fault.Join(faults...)
}

// Succeed closes a body and hands its open cases to its successor, all in one
// transaction. Posts in the closed body end on that day.
func (d *Desk) Succeed(ctx context.Context, who Actor, s Succession) error {
	if err := s.Check(clock.Today(d.Clock)); err != nil {
		return err
	}
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		from, err := BodyOf(ctx, tx, s.FromBody)
		if err != nil {
			return err
		}
		to, err := BodyOf(ctx, tx, s.ToBody)
		if err != nil {
			return err
		}
		if !who.Has(Admin) || !mayReorganise(who, from, to) {
			return fault.New(fault.Missing, "db.no_row")
		}
		if !from.Open(s.On) || !to.Open(s.On) {
			return fault.New(fault.Refused, "org.body_closed")
		}
		if err := tx.ExecOne(ctx, `UPDATE org_bodies SET valid_to = $3, successor_id = $4, version = version + 1 WHERE id = $1 AND version = $2`,
			from.ID, from.Version, s.On, to.ID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE org_posts SET ends = $2, version = version + 1 WHERE body_id = $1 AND (ends = '' OR ends > $2)`, from.ID, s.On); err != nil {
			return err
		}
		for _, f := range d.Followers {
			if err := f.BodySucceeded(ctx, tx, who, from, to, text.Line(s.Document)); err != nil {
				return err
			}
		}
		return d.Recorder.Record(ctx, tx, who, from.CouncilID, "org.succeed", from.ID, map[string]any{
			"from": from.Name, "to": to.Name, "document": s.Document, "on": s.On.String()})
	})
}

// mayReorganise: an administrator reorganises their own council; the city's
// administrator also the wards', since the city carries mergers out.
func mayReorganise(who Actor, from, to Body) bool {
	if who.Level == City {
		return true
	}
	return from.CouncilID == who.CouncilID && to.CouncilID == who.CouncilID
}

package shares

import (
	"context"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
)

// Moved follows an act on the petition, in the act's transaction: requests that
// no longer fit end, and disputes begin and end.
func (d *Desk) Moved(ctx context.Context, tx *db.Tx, m cases.Move) error {
	if m.Act.Number == 1 { // nothing can have been asked; and nothing is read where many begin
		return nil
	}
	if err := d.Ended(ctx, tx, m.Case, m.Act.At.Time); err != nil {
		return err
	}
	return d.disputed(ctx, tx, m)
}

// Ended ends the open requests of a petition that has left the body which asked,
// begun another round, been answered, closed or sealed; and tells the bodies.
func (d *Desk) Ended(ctx context.Context, tx *db.Tx, c *cases.Case, at time.Time) error {
	open, err := openShares(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	var ended []string
	var parts []Part
	for _, s := range open {
		if s.fits(c) {
			continue
		}
		s.end(Over, db.At(at))
		if err := updateShare(ctx, tx, s); err != nil {
			return err
		}
		if err := d.tellBody(ctx, tx, s, c, org.Actor{}, "shares.notice_ended"); err != nil {
			return err
		}
		ended, parts = append(ended, s.ID), append(parts, Part{Share: s})
	}
	if len(ended) == 0 {
		return nil
	}
	d.wake(tx, c, parts)
	_, err = d.Audit.Append(ctx, tx, audit.Entry{CouncilID: c.CouncilID, Subject: c.ID, Ref: c.Code, Verb: "petitions.end_shares", At: at, Who: org.System(c.CouncilID),
		Details: map[string]any{"shares": ended}, Sealed: c.Sealed})
	return err
}

// BodySucceeded hands the open requests of a body that closes, and those it
// made, to its successor; it is part of the transaction that closes the body
// (org.BodyFollower).
func (d *Desk) BodySucceeded(ctx context.Context, tx *db.Tx, who org.Actor, from, to org.Body, document string) error {
	open, err := sharesOfBody(ctx, tx, from.ID)
	if err != nil {
		return err
	}
	now := d.Clock.Now()
	for _, s := range open {
		c, err := cases.Load(ctx, tx, s.PetitionID)
		if err != nil {
			return err
		}
		if s.BodyID == from.ID {
			s.BodyID, s.AssigneeID = to.ID, "" // posts of the closed body have ended with it
		}
		if s.LeadID == from.ID {
			s.LeadID = to.ID
		}
		clash, err := openElsewhere(ctx, tx, s)
		if err != nil {
			return err
		}
		if clash || s.LeadID == s.BodyID { // the successor was asked already, or would ask itself
			s.end(Over, db.At(now))
		}
		if err := updateShare(ctx, tx, s); err != nil {
			return err
		}
		if _, err := d.Audit.Append(ctx, tx, audit.Entry{CouncilID: s.CouncilID, Subject: s.PetitionID, Ref: c.Code, Verb: "petitions.succeed_share", At: now, Who: who,
			Details: map[string]any{"share": s.ID, "from_body": from.ID, "to_body": to.ID, "document": document, "share_state": string(s.State)}, Sealed: c.Sealed}); err != nil {
			return err
		}
		d.wake(tx, c, []Part{{Share: s}})
	}
	return nil
}

package org

import (
	"context"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

// DelegationGrant hands the powers of a post to the holder of another for some
// time (uỷ quyền).
type DelegationGrant struct {
	FromPost string
	ToPost   string
	Scope    []string // permissions; empty means all of the post's
	Onward   bool     // the receiver may pass it on
	Document string   // the written delegation: number, symbol, date
	Starts   clock.Date
	Ends     clock.Date // last day, included
}

func (g DelegationGrant) check(today clock.Date) error {
	var faults []*fault.Fault
	if text.Line(g.Document) == "" {
		faults = append(faults, fault.New(fault.Invalid, "org.delegation_needs_document").At("document"))
	}
	if g.ToPost == "" || g.FromPost == g.ToPost {
		faults = append(faults, fault.New(fault.Invalid, "org.delegation_to_self").At("to_post"))
	}
	if g.Starts.IsZero() {
		faults = append(faults, fault.New(fault.Invalid, "org.delegation_starts_empty").At("starts"))
	}
	if g.Ends.IsZero() || g.Ends.Before(g.Starts) || g.Ends.Before(today) {
		faults = append(faults, fault.New(fault.Invalid, "org.delegation_dates").At("ends"))
	}
	return fault.Join(faults...)
}

// Grant makes a delegation. Only the holder of the post may hand it over, or
// an administrator of the same council on a written document.
func (d *Desk) Grant(ctx context.Context, who Actor, g DelegationGrant) (string, error) {
	now := d.Clock.Now()
	if err := g.check(clock.DateOf(now)); err != nil {
		return "", err
	}
	id := db.NewID(now)
	err := d.DB.Tx(ctx, func(tx *db.Tx) error {
		from, err := db.One[seat](ctx, tx, seatSelect+`p.id = $1`, g.FromPost, clock.DateOf(now))
		if err != nil {
			return err
		}
		to, err := db.One[seat](ctx, tx, seatSelect+`p.id = $1`, g.ToPost, clock.DateOf(now))
		if err != nil {
			return err
		}
		if from.PersonID == to.PersonID {
			return fault.New(fault.Invalid, "org.delegation_to_self").At("to_post")
		}
		if from.CouncilID != to.CouncilID {
			return fault.New(fault.Invalid, "org.delegation_other_council").At("to_post")
		}
		holder := who.PostID == g.FromPost && len(who.Via) == 0
		if !holder && !(who.Has(Admin) && who.CouncilID == from.CouncilID) {
			return fault.New(fault.Missing, "db.no_row")
		}
		if _, err := tx.Exec(ctx, `INSERT INTO org_delegations (id, from_post, to_post, scope, onward, document, starts, ends, ended_at, ended_by, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '', $9)`,
			id, g.FromPost, g.ToPost, db.JSON[[]string]{V: g.Scope}, g.Onward, text.Line(g.Document), g.Starts, g.Ends, db.At(now)); err != nil {
			return err
		}
		return d.Recorder.Record(ctx, tx, who, from.CouncilID, "org.delegate", id, map[string]any{
			"from": from.Name, "to": to.Name, "from_post": g.FromPost, "to_post": g.ToPost, "scope": g.Scope, "document": g.Document,
			"starts": g.Starts.String(), "ends": g.Ends.String()})
	})
	return id, err
}

// EndDelegation ends a delegation before its date. Giver, receiver and the
// council's administrator may.
func (d *Desk) EndDelegation(ctx context.Context, who Actor, id string) error {
	now := d.Clock.Now()
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		row, err := db.One[DelegationLine](ctx, tx, delegationSelect+` WHERE d.id = $1`, id)
		if err != nil {
			return err
		}
		if who.PostID != row.FromPost && who.PostID != row.ToPost && !(who.Has(Admin) && who.CouncilID == row.CouncilID) {
			return fault.New(fault.Missing, "db.no_row")
		}
		if !row.EndedAt.IsZero() {
			return fault.New(fault.Refused, "org.delegation_already_ended")
		}
		if err := tx.ExecOne(ctx, `UPDATE org_delegations SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at = 0`, id, db.At(now), who.PersonID); err != nil {
			return err
		}
		return d.Recorder.Record(ctx, tx, who, row.CouncilID, "org.end_delegation", id, map[string]any{"from": row.FromName, "to": row.ToName})
	})
}

// DelegationLine is one row of the list of delegations.
type DelegationLine struct {
	ID        string            `db:"id"`
	FromPost  string            `db:"from_post"`
	FromName  string            `db:"from_name"`
	FromTitle string            `db:"from_title"`
	ToPost    string            `db:"to_post"`
	ToName    string            `db:"to_name"`
	ToTitle   string            `db:"to_title"`
	CouncilID string            `db:"council_id"`
	Scope     db.JSON[[]string] `db:"scope"`
	Onward    bool              `db:"onward"`
	Document  string            `db:"document"`
	Starts    clock.Date        `db:"starts"`
	Ends      clock.Date        `db:"ends"`
	EndedAt   db.Time           `db:"ended_at"`
}

// Open reports whether the delegation holds on the day on.
func (l DelegationLine) Open(on clock.Date) bool {
	return l.EndedAt.IsZero() && !on.Before(l.Starts) && !on.After(l.Ends)
}

const delegationSelect = `SELECT d.id, d.from_post, fe.name AS from_name, fp.title AS from_title, d.to_post, te.name AS to_name, tp.title AS to_title,
		fb.council_id, d.scope, d.onward, d.document, d.starts, d.ends, d.ended_at
	FROM org_delegations d JOIN org_posts fp ON fp.id = d.from_post JOIN org_people fe ON fe.id = fp.person_id JOIN org_bodies fb ON fb.id = fp.body_id
		JOIN org_posts tp ON tp.id = d.to_post JOIN org_people te ON te.id = tp.person_id`

// Delegations lists a council's delegations that end on since or later, newest first.
func Delegations(ctx context.Context, tx *db.Tx, councilID string, since time.Time) ([]DelegationLine, error) {
	return db.All[DelegationLine](ctx, tx, delegationSelect+` WHERE fb.council_id = $1 AND d.ends >= $2 ORDER BY d.created_at DESC, d.id LIMIT $3`,
		councilID, clock.DateOf(since), listMax)
}

// DelegationsOfPost lists the delegations a post gives or receives, newest first.
func DelegationsOfPost(ctx context.Context, tx *db.Tx, postID string) ([]DelegationLine, error) {
	return db.All[DelegationLine](ctx, tx, delegationSelect+` WHERE d.from_post = $1 OR d.to_post = $1 ORDER BY d.created_at DESC, d.id LIMIT $2`, postID, listMax)
}

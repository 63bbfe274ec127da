package org

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

// chainMax bounds how far powers may be passed on.
const chainMax = 5

// seat is a post with its holder, body and council: what an Actor is made of.
type seat struct {
	PostID    string          `db:"post_id"`
	PersonID  string          `db:"person_id"`
	Name      string          `db:"name"`
	Title     string          `db:"title"`
	Roles     db.JSON[[]Role] `db:"roles"`
	BodyID    string          `db:"body_id"`
	BodyName  string          `db:"body_name"`
	BodyKind  BodyKind        `db:"body_kind"`
	CouncilID string          `db:"council_id"`
	Level     Level           `db:"level"`
}

const seatSelect = `SELECT p.id AS post_id, p.person_id, e.name, p.title, p.roles, b.id AS body_id, b.name AS body_name, b.kind AS body_kind, b.council_id, c.level
	FROM org_posts p JOIN org_people e ON e.id = p.person_id JOIN org_bodies b ON b.id = p.body_id JOIN org_councils c ON c.id = b.council_id
	WHERE (p.starts = '' OR p.starts <= $2) AND (p.ends = '' OR p.ends > $2) AND (b.valid_to = '' OR b.valid_to > $2) AND `

func (s seat) actor() Actor {
	return Actor{PersonID: s.PersonID, Name: s.Name, PostID: s.PostID, PostTitle: s.Title, BodyID: s.BodyID, BodyName: s.BodyName,
		BodyKind: s.BodyKind, CouncilID: s.CouncilID, Level: s.Level, Roles: s.Roles.V}
}

// received is a delegation with the seat it comes from.
type received struct {
	seat
	DelegationID string            `db:"delegation_id"`
	ToPost       string            `db:"to_post"`
	Scope        db.JSON[[]string] `db:"scope"`
	Onward       bool              `db:"onward"`
}

const receivedSelect = `SELECT d.id AS delegation_id, d.to_post, d.scope, d.onward,
		p.id AS post_id, p.person_id, e.name, p.title, p.roles, b.id AS body_id, b.name AS body_name, b.kind AS body_kind, b.council_id, c.level
	FROM org_delegations d JOIN org_posts p ON p.id = d.from_post JOIN org_people e ON e.id = p.person_id
		JOIN org_bodies b ON b.id = p.body_id JOIN org_councils c ON c.id = b.council_id
	WHERE d.ended_at = 0 AND d.starts <= $2 AND d.ends >= $2 AND (p.starts = '' OR p.starts <= $2) AND (p.ends = '' OR p.ends > $2)
		AND (b.valid_to = '' OR b.valid_to > $2) AND d.to_post `

// Acting lists every post a person may act as on a day: their own first, then
// those delegated to them, directly or passed on.
func (d *Desk) Acting(ctx context.Context, tx *db.Tx, personID string, on clock.Date) ([]Actor, error) {
	own, err := db.All[seat](ctx, tx, seatSelect+`p.person_id = $1 ORDER BY p.starts DESC, p.id LIMIT 50`, personID, on)
	if err != nil {
		return nil, err
	}
	var all, front []Actor
	for _, s := range own {
		all = append(all, s.actor())
	}
	front = all
	for depth := 1; depth <= chainMax && len(front) > 0; depth++ {
		next, err := handedOn(ctx, tx, front, on)
		if err != nil {
			return nil, err
		}
		front = nil
		for _, a := range next {
			if !slices.ContainsFunc(all, a.same) {
				all, front = append(all, a), append(front, a)
			}
		}
	}
	return all, nil
}

// same reports whether b has the post already: as its own, or by the same
// delegation on another way. Two delegations of one post stay apart, for their
// scopes and dates may differ.
func (a Actor) same(b Actor) bool {
	return a.PostID == b.PostID && (len(b.Via) == 0 || a.Via[len(a.Via)-1].DelegationID == b.Via[len(b.Via)-1].DelegationID)
}

// handedOn lists the actors that the given ones become by delegations to the
// posts they act as. From the second link on, the earlier holder must have
// been allowed to pass the powers on; scopes narrow, never widen.
func handedOn(ctx context.Context, tx *db.Tx, front []Actor, on clock.Date) ([]Actor, error) {
	posts := make([]string, len(front))
	for i, a := range front {
		posts[i] = a.PostID
	}
	rows, err := db.All[received](ctx, tx, receivedSelect+tx.In("$1")+` ORDER BY d.created_at, d.id LIMIT 200`, db.List(posts), on)
	if err != nil {
		return nil, err
	}
	var next []Actor
	for _, r := range rows {
		for _, have := range front {
			if have.PostID == r.ToPost && (len(have.Via) == 0 || r.Onward) {
				next = append(next, have.standIn(r))
			}
		}
	}
	return next, nil
}

// standIn is a acting in the seat that r hands over.
func (a Actor) standIn(r received) Actor {
	b := r.actor()
	b.PersonID, b.Name, b.SignInID, b.Address = a.PersonID, a.Name, a.SignInID, a.Address
	b.Via = append(slices.Clone(a.Via), Proxy{PersonID: r.PersonID, Name: r.Name, PostID: r.PostID, PostTitle: r.Title, DelegationID: r.DelegationID})
	b.Scope = narrow(a.Scope, r.Scope.V)
	return b
}

// narrow intersects two scopes, where empty means everything. Two scopes with
// nothing in common leave a scope that matches no permission.
func narrow(a, b []string) []string {
	switch {
	case len(a) == 0:
		return slices.Clone(b)
	case len(b) == 0:
		return slices.Clone(a)
	}
	var both []string
	for _, s := range a {
		if slices.Contains(b, s) {
			both = append(both, s)
		}
	}
	if both == nil {
		both = []string{"-"}
	}
	return both
}

// ActingAs gives the actor a person becomes in one of their own posts, or, with
// via naming the last delegation of the chain, in a post handed to them. A post
// or delegation that is over by then is refused.
func (d *Desk) ActingAs(ctx context.Context, tx *db.Tx, personID, postID, via string, on clock.Date) (Actor, error) {
	if via == "" {
		s, err := db.One[seat](ctx, tx, seatSelect+`p.person_id = $1 AND p.id = $3`, personID, on, postID)
		if fault.Is(err, "db.no_row") {
			return Actor{}, fault.New(fault.SignIn, "org.post_over")
		}
		return s.actor(), err
	}
	all, err := d.Acting(ctx, tx, personID, on)
	if err != nil {
		return Actor{}, err
	}
	for _, a := range all {
		if a.PostID == postID && len(a.Via) > 0 && a.Via[len(a.Via)-1].DelegationID == via {
			return a, nil
		}
	}
	return Actor{}, fault.New(fault.SignIn, "org.delegation_over")
}

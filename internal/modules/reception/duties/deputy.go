package duties

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// Deputy is whose duty a letter is.
//
// vi: đại biểu tiếp nhận đơn
type Deputy struct {
	PersonID, Name, Title string
	For                   bool // the office enters it for them
}

// forOthers: the clerks of the council's office enter what a deputy brings on paper.
func forOthers(who org.Actor) bool {
	return !who.Has(org.Deputy) && who.BodyKind == org.Office && who.Has(org.Clerk) && mayHand.Allows(who)
}

// deputyOf finds whose duty a letter is that a person hands in: their own, or, of a
// clerk, that of the deputy of their council whom they name.
func (d *Desk) deputyOf(ctx context.Context, who org.Actor, named string) (of Deputy, err error) {
	if who.Has(org.Deputy) && mayHand.Allows(who) && (named == "" || named == who.PersonID) {
		return Deputy{PersonID: who.PersonID, Name: who.Name, Title: who.PostTitle}, nil
	}
	if !forOthers(who) {
		return of, fault.New(fault.Forbidden, "duties.not_yours")
	}
	if named == "" {
		return of, fault.New(fault.Invalid, "duties.deputy_empty").At("deputy")
	}
	all, err := d.Deputies(ctx, who)
	if err != nil {
		return of, err
	}
	i := slices.IndexFunc(all, func(o Deputy) bool { return o.PersonID == named })
	if i < 0 {
		return of, fault.New(fault.Invalid, "duties.deputy_unknown").At("deputy")
	}
	return all[i], nil
}

// Deputies lists for whom a person may enter letters; none when they are a deputy
// themselves.
func (d *Desk) Deputies(ctx context.Context, who org.Actor) (all []Deputy, err error) {
	if !forOthers(who) {
		return nil, nil
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all = nil
		posts, err := org.DirectoryOf(ctx, tx, who.CouncilID, clock.Today(d.Clock))
		for _, p := range posts {
			if slices.Contains(p.Roles.V, org.Deputy) && !slices.ContainsFunc(all, func(o Deputy) bool { return o.PersonID == p.PersonID }) {
				all = append(all, Deputy{PersonID: p.PersonID, Name: p.Name, Title: p.Title, For: true})
			}
		}
		return err
	})
	return all, err
}

// entered tells a deputy that the office entered a letter for them.
func (d *Desk) entered(ctx context.Context, tx *db.Tx, r Record) error {
	if r.EnteredBy == "" {
		return nil
	}
	return d.tellDeputy(ctx, tx, r, "duties.notice_entered", clock.Date{})
}

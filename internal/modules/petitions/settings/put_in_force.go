package settings

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// PutInForce lets a tested set take effect on its day. Who wrote any of it may
// not: two people look at what changes everybody's work. It cannot be undone;
// another set changes it again.
func (d *Desk) PutInForce(ctx context.Context, who org.Actor, id string, revision int64) error {
	now, today := d.Clock.Now(), d.today()
	err := d.DB.Tx(ctx, func(tx *db.Tx) error {
		s, err := reach(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if f := s.hinders(who); f != nil {
			return f
		}
		if s.From.Before(today) {
			return fault.New(fault.Refused, "settings.from_over", "from", s.From.VN())
		}
		items, err := itemsOf(ctx, tx, id)
		if err != nil {
			return err
		}
		hash, err := digest(s.From, items)
		if err != nil {
			return err
		}
		if hash != s.TestedHash {
			return fault.New(fault.Refused, "settings.not_tested")
		}
		// Another set may have come into force since the test.
		dr, err := d.draft(ctx, tx, s, items)
		if err != nil {
			return err
		}
		if len(dr.faults) > 0 {
			return fault.New(fault.Refused, "settings.items_wrong", "n", len(dr.faults))
		}
		for _, it := range inOrder(items) {
			if c, ok := dr.changes[it.ID].(DeadlineChange); ok {
				if err := d.PutRule(ctx, tx, who, c.rule(s)); err != nil {
					return err
				}
			}
		}
		s.State, s.Revision = InForce, revision
		s.DecidedAt, s.DecidedBy, s.DecidedName, s.OnBehalf = db.At(now), who.PersonID, who.Name, who.OnBehalf()
		if err := updateSet(ctx, tx, s); err != nil {
			return err
		}
		return d.note(ctx, tx, who, s, now, "settings.put_in_force", map[string]any{"items": hash, "count": len(items), "from": s.From.String(), "paper": s.Basis(), "title": s.Title})
	})
	if err != nil {
		return err
	}
	if d.Put != nil {
		if err := d.Put(ctx); err != nil {
			return err
		}
	}
	return d.Refresh(ctx)
}

// hinders says why a person may not put the set in force now; nil when they may.
// It looks at people, not at posts: who wrote in a set does not approve it
// through a delegate, nor as one.
func (s Set) hinders(who org.Actor) *fault.Fault {
	wrote := func(person string) bool { return slices.Contains(s.Authors.V, person) }
	switch {
	case !s.Open():
		return fault.New(fault.Refused, "settings.set_closed")
	case !MayPutInForce.Allows(who) || who.BodyKind != org.Office:
		return fault.New(fault.Forbidden, "settings.not_head")
	case s.State != Tested:
		return fault.New(fault.Refused, "settings.not_tested")
	case wrote(who.PersonID) || slices.ContainsFunc(who.Via, func(p org.Proxy) bool { return wrote(p.PersonID) }):
		return fault.New(fault.Refused, "settings.four_eyes", "name", s.ByName)
	}
	return nil
}

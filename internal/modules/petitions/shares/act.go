package shares

import (
	"context"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// deed is what one verb on a part does.
type deed struct {
	verb     string // of the log
	needs    auth.Permission
	lead     bool // the lead's verb, not the asked body's
	revision int64
	from     []State
	papers   []string
	// done reports whether this very act was done already, by the first click of two.
	done func(p Part) bool
	// do changes the part and says what the log keeps of it.
	do func(tx *db.Tx, p *Part, c *cases.Case) (map[string]any, error)
	// tell writes to whoever has to know.
	tell func(tx *db.Tx, p Part, c *cases.Case) error
}

// act is what all verbs on a part share: load it for this person, ask whether
// it may be done now, change it, log it, tell. One transaction.
func (d *Desk) act(ctx context.Context, who org.Actor, id string, now time.Time, w deed) error {
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		p, c, err := d.part(ctx, tx, who, id)
		if err != nil {
			return err
		}
		mine := p.has(who)
		if w.lead {
			mine = leads(c, who)
		}
		if !mine || !w.needs.Allows(who) {
			return fault.New(fault.Forbidden, "shares.not_yours")
		}
		if w.done(p) {
			return nil
		}
		if w.revision != 0 && w.revision != p.Revision {
			return fault.New(fault.Conflict, "db.stale")
		}
		if !p.in(w.from) {
			return fault.New(fault.Refused, "shares.wrong_state")
		}
		details, err := w.do(tx, &p, c)
		if err != nil {
			return err
		}
		if err := updateShare(ctx, tx, p.Share); err != nil {
			return err
		}
		details["share"], details["body"], details["share_state"] = p.ID, p.BodyID, string(p.State)
		if _, err := d.Audit.Append(ctx, tx, audit.Entry{CouncilID: p.CouncilID, Subject: p.PetitionID, Ref: c.Code, Verb: w.verb, At: now, Who: who,
			Papers: w.papers, Details: details, Sealed: c.Sealed}); err != nil {
			return err
		}
		d.wake(tx, c, []Part{p})
		return w.tell(tx, p, c)
	})
}

func (s Share) in(states []State) bool {
	for _, one := range states {
		if s.State == one {
			return true
		}
	}
	return false
}

// part loads a part with its petition for a person. What they may not see is
// not there.
func (d *Desk) part(ctx context.Context, tx *db.Tx, who org.Actor, id string) (p Part, c *cases.Case, err error) {
	if p.Share, err = shareOf(ctx, tx, id); err != nil {
		if fault.Is(err, "db.no_row") {
			err = fault.New(fault.Missing, "shares.none")
		}
		return p, nil, err
	}
	if c, err = cases.Load(ctx, tx, p.PetitionID); err != nil {
		return p, nil, err
	}
	if !p.seen(c, who) {
		return p, nil, fault.New(fault.Missing, "shares.none")
	}
	all := []Part{p}
	err = complete(ctx, tx, all)
	return all[0], c, err
}

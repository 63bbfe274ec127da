package limits

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// PutInForce lets a draft take effect from its day. Who drew it up may not: two
// people look at what the law says. It was tried on the same day, so that what
// was shown is what will happen.
func (d *Desk) PutInForce(ctx context.Context, who org.Actor, id string, revision int64) error {
	now, today := d.Clock.Now(), d.today()
	err := d.DB.Tx(ctx, func(tx *db.Tx) error {
		v, err := versionOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if v.CouncilID != who.CouncilID {
			return noVersion()
		}
		if f := v.hinders(who, today); f != nil {
			return f
		}
		base, err := d.Calendar.Rules().At(v.Key, v.From)
		if err != nil {
			return err
		}
		followed, err := v.followed(ctx, tx)
		if err != nil {
			return err
		}
		if followed || print(base) != v.Base {
			return fault.New(fault.Refused, "limits.outdated")
		}
		if err := d.Calendar.PutRule(ctx, tx, who, v.Rule()); err != nil {
			return err
		}
		if revision != 0 {
			v.Revision = revision
		}
		v.State, v.Round = InForce, 1
		v.decide(who, now)
		if err := updateVersion(ctx, tx, v); err != nil {
			return err
		}
		if v.Reach == Running {
			if err := d.Queue.Enqueue(ctx, tx, d.counting(v, now)); err != nil {
				return err
			}
		}
		return d.note(ctx, tx, who, v, "reception.put_limit_in_force", now)
	})
	if err != nil {
		return err
	}
	return d.Calendar.Refresh(ctx)
}

// followed reports whether a version that holds on the same day was put in force
// since this one was drawn up; the calendar may not have read it yet.
func (v Version) followed(ctx context.Context, tx *db.Tx) (bool, error) {
	all, err := versionsFor(ctx, tx, v.Key)
	return slices.ContainsFunc(all, func(o Version) bool {
		return o.State == InForce && o.DecidedAt.After(v.DrawnAt.Time) && !o.From.After(v.From)
	}), err
}

func (v *Version) decide(who org.Actor, now time.Time) {
	v.DecidedBy, v.DecidedName, v.OnBehalf, v.DecidedAt = who.PersonID, who.Name, who.OnBehalf(), db.At(now)
}

// hinders says why a person may not put the version in force now; nil when they may.
func (v Version) hinders(who org.Actor, today clock.Date) *fault.Fault {
	switch {
	case v.State != Draft:
		return fault.New(fault.Refused, "limits.not_draft")
	case sets(who, mayDecide) != nil:
		return fault.New(fault.Forbidden, "limits.not_yours")
	case v.drew(who):
		return fault.New(fault.Refused, "limits.four_eyes", "name", v.DrawnName)
	case v.TriedAt.IsZero() || clock.DateOf(v.TriedAt.Time) != today:
		return fault.New(fault.Refused, "limits.not_tried")
	}
	return nil
}

// counting is the job that counts running clocks again, on the day of the version.
func (d *Desk) counting(v Version, now time.Time) jobs.Job {
	j := jobs.Job{Kind: countKind, Key: v.ID, Args: counting{ID: v.ID}, CouncilID: v.CouncilID}
	if at := v.From.Time(); at.After(now) {
		j.RunAt = at
	}
	return j
}

// End drops a draft, or withdraws a version that has not begun.
func (d *Desk) End(ctx context.Context, who org.Actor, id, why string, revision int64) error {
	if err := sets(who, mayDrawUp); err != nil {
		return err
	}
	why = text.Line(why)
	if n := utf8.RuneCountInString(why); n < whyLetters || n > whyMax {
		return fault.New(fault.Invalid, "limits.bad_why", "min", whyLetters, "max", whyMax).At("why")
	}
	now, today := d.Clock.Now(), d.today()
	err := d.DB.Tx(ctx, func(tx *db.Tx) error {
		v, err := versionOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if v.CouncilID != who.CouncilID {
			return noVersion()
		}
		verb := "reception.drop_limit"
		switch {
		case v.State == Draft:
			v.State = Dropped
		case v.Waits(today):
			verb, v.State = "reception.withdraw_limit", Withdrawn
			if err := d.Calendar.TakeBackRule(ctx, tx, v.Key, v.From); err != nil {
				return err
			}
			if err := d.Queue.Withdraw(ctx, tx, countKind, v.ID); err != nil {
				return err
			}
		case v.State == InForce:
			return fault.New(fault.Refused, "limits.holds_already", "from", v.From.VN())
		default:
			return fault.New(fault.Refused, "limits.not_draft")
		}
		if revision != 0 {
			v.Revision = revision
		}
		v.Why = why
		v.decide(who, now)
		if err := updateVersion(ctx, tx, v); err != nil {
			return err
		}
		return d.note(ctx, tx, who, v, verb, now)
	})
	if err != nil {
		return err
	}
	return d.Calendar.Refresh(ctx)
}

package limits

import (
	"context"

	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
)

const (
	countKind = "reception.count_limit"
	sweepKind = "reception.sweep_limits"
)

// changedAtOnce bounds the clocks that one transaction writes: each has an act
// and an entry of the log.
const changedAtOnce = 50

// counting is the job's arguments.
type counting struct {
	ID    string
	Again bool // a round after the first
}

// Jobs lists the later work.
func (d *Desk) Jobs() []kernel.Job {
	return []kernel.Job{{Kind: countKind, Handle: d.count}, {Kind: sweepKind, Handle: d.sweep, Daily: "00:20"}}
}

// count counts the clocks of a version again, a bounded number at a time. Where
// it stands is written with what it did, so a run that was killed goes on there.
func (d *Desk) count(ctx context.Context, w jobs.Work) error {
	var args counting
	if err := w.Read(&args); err != nil {
		return err
	}
	if err := d.Calendar.Refresh(ctx); err != nil {
		return err
	}
	if args.Again {
		if err := d.again(ctx, args.ID); err != nil {
			return err
		}
	}
	for {
		if done, err := d.Step(ctx, args.ID); err != nil || done {
			return err
		}
	}
}

// again begins another round, once the one before is done.
func (d *Desk) again(ctx context.Context, id string) error {
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		v, err := versionOf(ctx, tx, id)
		if err != nil || !v.Counted {
			return err
		}
		v.Round, v.Place, v.Counted = v.Round+1, "", false
		return saveRound(ctx, tx, v)
	})
}

// sweep looks every night for clocks that a version should have reached and that
// began since by the one before: of what was entered late, or came to another rule.
func (d *Desk) sweep(ctx context.Context, _ jobs.Work) error {
	today := d.today()
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		all, err := versionsIn(ctx, tx, InForce)
		if err != nil {
			return err
		}
		for _, v := range all {
			if v.Reach != Running || !v.Begun(today) {
				continue
			}
			if err := d.Queue.Enqueue(ctx, tx, jobs.Job{Kind: countKind, Key: v.ID + ".again", Args: counting{ID: v.ID, Again: true}, CouncilID: v.CouncilID}); err != nil {
				return err
			}
		}
		return nil
	})
}

// Step is one transaction of the job; done when nothing is left.
func (d *Desk) Step(ctx context.Context, id string) (done bool, err error) {
	today := d.today()
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		done = true
		v, err := versionOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if v.State != InForce || v.Reach != Running || v.Counted || !v.Begun(today) {
			return nil
		}
		newest, err := newestOn(ctx, tx, v)
		if err != nil {
			return err
		}
		if !newest { // another version for the same day speaks now
			v.Counted = true
			return saveRound(ctx, tx, v)
		}
		more, err := d.some(ctx, tx, &v)
		if err != nil {
			return err
		}
		if v.Counted = !more; v.Counted {
			if err := d.finish(ctx, tx, v); err != nil {
				return err
			}
		}
		done = v.Counted
		return saveRound(ctx, tx, v)
	})
	return done, err
}

// newestOn reports whether no other version for the same day was put in force later.
func newestOn(ctx context.Context, tx *db.Tx, v Version) (bool, error) {
	all, err := versionsOn(ctx, tx, v.Key, v.From)
	for _, o := range all {
		if o.State == InForce && o.ID != v.ID && o.DecidedAt.After(v.DecidedAt.Time) {
			return false, err
		}
	}
	return true, err
}

// some counts the next clocks again.
func (d *Desk) some(ctx context.Context, tx *db.Tx, v *Version) (more bool, err error) {
	all, err := d.look(ctx, tx, *v, v.Place, readMost)
	if err != nil {
		return false, err
	}
	n := 0
	for _, s := range all {
		if n == changedAtOnce {
			return true, nil
		}
		v.Place = s.Clock.ID
		if !s.Fate.Outcome.Changes() {
			continue
		}
		if err := d.relaw(ctx, tx, *v, s); err != nil {
			return false, err
		}
		n++
		v.Changed++
	}
	return len(all) == readMost, nil
}

func (d *Desk) relaw(ctx context.Context, tx *db.Tx, v Version, s seen) error {
	law := v.Rule()
	law.Backward = s.Clock.Run.V.Backward
	fresh, err := d.Cases.Relaw(ctx, tx, s.Clock, cases.Relaw{Law: law, Document: v.ReachArticle, Fields: map[string]string{"limit": v.ID, "decided_by": v.DecidedName}})
	if err != nil {
		return err
	}
	return insertChange(ctx, tx, change{LimitID: v.ID, DeadlineID: fresh.ID, Round: v.Round, CaseID: fresh.CaseID, BodyID: s.Case.OwnerBodyID, CouncilID: s.Case.CouncilID, Sealed: s.Case.Sealed,
		Was: s.Fate.Was, Due: fresh.Due, At: db.At(d.Clock.Now())})
}

// finish ends a round: each office hears of it once, however many files it has.
// Of what is sealed it hears no number.
func (d *Desk) finish(ctx context.Context, tx *db.Tx, v Version) error {
	offices, err := touchedBy(ctx, tx, v.ID, v.Round)
	if err != nil {
		return err
	}
	for _, o := range offices {
		n := notify.Notice{Key: "limits.notice_counted", Args: []any{"article", v.ReachArticle, "n", o.Open, "from", v.From.VN()}, Link: versionURL(v.ID), CouncilID: o.CouncilID}
		if o.Open == 0 {
			n.Key, n.Args = "limits.notice_counted_sealed", []any{"article", v.ReachArticle, "from", v.From.VN()}
		}
		if err := d.Notify.Tell(ctx, tx, notify.Recipients{Body: o.BodyID, Roles: []org.Role{org.Clerk, org.Head}}, n); err != nil {
			return err
		}
	}
	if len(offices) == 0 && v.Round > 1 {
		return nil
	}
	return d.note(ctx, tx, org.System(v.CouncilID), v, "reception.count_limit", d.Clock.Now())
}

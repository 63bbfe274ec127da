package schedule

import (
	"context"
	"slices"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

func noDay() *fault.Fault { return fault.New(fault.Missing, "schedule.no_day") }

// deed is what one verb on a day does.
type deed struct {
	verb     string // of the log
	needs    auth.Permission
	revision int64 // that the person looked at; 0 does not ask
	from     []State
	// done reports whether this very act was done already, by the first click of two.
	done func(day Day) bool
	// do changes the day and says what the log keeps of it.
	do func(tx *db.Tx, day *Day) (map[string]any, error)
}

// act is what all verbs on a day share: load it for this person, ask whether it
// may be done now, change it, log it, tell the screens. One transaction.
func (d *Desk) act(ctx context.Context, who org.Actor, id string, now time.Time, w deed) error {
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		day, err := dayOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if !day.seenBy(who) {
			return noDay()
		}
		if !w.needs.Allows(who) {
			return fault.New(fault.Forbidden, "schedule.not_yours")
		}
		if w.done != nil && w.done(day) {
			return nil
		}
		if w.revision != 0 && w.revision != day.Revision {
			return fault.New(fault.Conflict, "db.stale")
		}
		if !slices.Contains(w.from, day.State) {
			return fault.New(fault.Refused, "schedule.wrong_state")
		}
		details, err := w.do(tx, &day)
		if err != nil {
			return err
		}
		if err := updateDay(ctx, tx, day); err != nil {
			return err
		}
		return d.note(ctx, tx, who, day, w.verb, now, details)
	})
}

// note records an act on a day and tells the screens of its council.
func (d *Desk) note(ctx context.Context, tx *db.Tx, who org.Actor, day Day, verb string, now time.Time, details map[string]any) error {
	if details == nil {
		details = map[string]any{}
	}
	details["day"], details["state"] = day.Date.String(), string(day.State)
	d.Live.PublishAfter(tx, "council:"+day.CouncilID)
	_, err := d.Audit.Append(ctx, tx, audit.Entry{CouncilID: day.CouncilID, Subject: day.ID, Ref: day.ID, Verb: verb, At: now, Who: who, Details: details})
	return err
}

// host finds the person who is to receive: in a post of the council on that day.
func host(ctx context.Context, tx *db.Tx, councilID, postID string, on clock.Date) (org.Directory, error) {
	all, err := hosts(ctx, tx, councilID, on)
	if err != nil {
		return org.Directory{}, err
	}
	i := slices.IndexFunc(all, func(one org.Directory) bool { return one.PostID == postID })
	if i < 0 {
		return org.Directory{}, fault.New(fault.Invalid, "schedule.host_unknown").At("host")
	}
	return all[i], nil
}

// hosts are those of a council who may receive citizens on a day.
func hosts(ctx context.Context, tx *db.Tx, councilID string, on clock.Date) ([]org.Directory, error) {
	all, err := org.DirectoryOf(ctx, tx, councilID, on)
	return slices.DeleteFunc(all, func(one org.Directory) bool {
		return one.BodyKind.Answers() || !slices.ContainsFunc(one.Roles.V, func(r org.Role) bool {
			return slices.Contains([]org.Role{org.Chair, org.Standing, org.Deputy, org.CommitteeMember, org.Head, org.Clerk}, r)
		})
	}), err
}

// leads reports whether a post is of those whose reception ends with a notice
// of conclusion (NĐ 154/2026, Điều 25 khoản 2).
func leads(p org.Directory) bool {
	return slices.Contains(p.Roles.V, org.Chair) || slices.Contains(p.Roles.V, org.Standing)
}

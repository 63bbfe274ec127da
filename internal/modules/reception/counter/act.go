package counter

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

func noVisit() *fault.Fault { return fault.New(fault.Missing, "counter.no_visit") }

// deed is what one verb on a visit does.
type deed struct {
	verb     string // of the log
	needs    auth.Permission
	revision int64 // that the person looked at; 0 does not ask
	from     []State
	// done reports whether this very act was done already, by the first click of two.
	done func(v Visit) bool
	// twice is done for acts that add a row: whether the row is there already.
	twice func(tx *db.Tx, v Visit) (bool, error)
	// do changes the visit and says what the log keeps of it.
	do func(tx *db.Tx, v *Visit) (map[string]any, error)
}

// act is what all verbs on a visit share: load it for this person, ask whether
// it may be done now, change it, log it, tell the screens. One transaction.
func (d *Desk) act(ctx context.Context, who org.Actor, id string, now time.Time, w deed) error {
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		v, err := d.visit(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if !w.needs.Allows(who) {
			return fault.New(fault.Forbidden, "counter.not_yours")
		}
		if w.done != nil && w.done(v) {
			return nil
		}
		if w.twice != nil && w.revision != 0 && w.revision != v.Revision {
			if there, err := w.twice(tx, v); there || err != nil {
				return err
			}
		}
		if w.revision != 0 && w.revision != v.Revision {
			return fault.New(fault.Conflict, "db.stale")
		}
		if v.Sealed {
			return fault.New(fault.Refused, "counter.is_sealed")
		}
		if !slices.Contains(w.from, v.State) {
			return fault.New(fault.Refused, "counter.wrong_state")
		}
		details, err := w.do(tx, &v)
		if err != nil {
			return err
		}
		if err := updateVisit(ctx, tx, v); err != nil {
			return err
		}
		return d.note(ctx, tx, who, v, w.verb, now, details)
	})
}

// visit loads a visit for a person. What they may not see is not there.
func (d *Desk) visit(ctx context.Context, tx *db.Tx, who org.Actor, id string) (Visit, error) {
	v, err := visitOf(ctx, tx, id)
	if err == nil && !v.reaches(who) {
		err = noVisit()
	}
	return v, err
}

// note records an act on a visit and tells the screens. Every entry is sealed:
// what is missing among open ones would tell which visit was a denunciation.
func (d *Desk) note(ctx context.Context, tx *db.Tx, who org.Actor, v Visit, verb string, now time.Time, details map[string]any) error {
	if details == nil {
		details = map[string]any{}
	}
	details["state"] = string(v.State)
	d.Live.PublishAfter(tx, "council:"+v.CouncilID)
	_, err := d.Audit.Append(ctx, tx, audit.Entry{CouncilID: v.CouncilID, Subject: v.ID, Ref: v.ID, Verb: verb, At: now, Who: who, Details: details, Sealed: true})
	return err
}

// Limits of what is typed, in characters.
const (
	lineMax  = 300
	textMax  = 10_000
	groupMax = 5_000 // people of one group
)

// typed is a field with its limit.
type typed struct {
	field, text string
	max         int
	needed      bool
}

// wrong says which fields are empty or too long.
func wrong(all ...typed) (faults []*fault.Fault) {
	for _, f := range all {
		switch n := utf8.RuneCountInString(f.text); {
		case n == 0 && f.needed:
			faults = append(faults, fault.New(fault.Invalid, "counter.needed").At(f.field))
		case n > f.max:
			faults = append(faults, fault.New(fault.Invalid, "counter.too_long", "max", f.max, "have", n).At(f.field))
		}
	}
	return faults
}

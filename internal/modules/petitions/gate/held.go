package gate

import (
	"context"
	"slices"
	"time"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
)

// HoldState is where a petition stands that was held back.
//
// vi: -
type HoldState string

// The states of a hold.
const (
	Waiting     HoldState = "held"
	Let         HoldState = "released"
	Invalidated HoldState = "invalidated"
)

// HeldPetition is a petition that the office looks at before it is public.
//
// vi: kiến nghị chờ xem xét
type HeldPetition struct {
	ID        string    `db:"petition_id"`
	CouncilID string    `db:"council_id"`
	UnitCode  string    `db:"unit_code"`
	Why       string    `db:"why"` // text key
	State     HoldState `db:"state"`
	At        db.Time   `db:"at"`
	Code      string    `db:"code"`
	Title     string    `db:"title"`
	CaseState string    `db:"case_state"`
	Revision  int64     `db:"revision"`
}

// The rights of this package. Each reaches the person's own council alone.
var (
	mayRead       = auth.Permission{Name: "petitions.gate_read", Roles: []org.Role{org.Clerk, org.Head}}
	mayCount      = auth.Permission{Name: "petitions.gate_count", Roles: []org.Role{org.Clerk, org.Head, org.Security, org.Auditor}}
	mayRelease    = auth.Permission{Name: "petitions.gate_release", Roles: []org.Role{org.Clerk, org.Head}}
	mayDrawUp     = auth.Permission{Name: "petitions.gate_draw_up", Roles: []org.Role{org.Clerk, org.Head}}
	mayInvalidate = auth.Permission{Name: "petitions.gate_invalidate", Roles: []org.Role{org.Head}}
)

// allowed reports whether a person of a council's office has a right. Whoever
// only counts need not sit in the office.
func allowed(p auth.Permission, who org.Actor) error {
	if !p.Allows(who) || p.Name != mayCount.Name && who.BodyKind != org.Office {
		return fault.New(fault.Forbidden, "gate.not_yours")
	}
	return nil
}

// place is where the next page of a list begins.
type place struct {
	at db.Time
	id string
}

// pageRows is how many rows a page of a list shows.
const pageRows = 50

// Hold lists a council's held petitions, the oldest first.
func (d *Desk) Hold(ctx context.Context, who org.Actor, after string) (all []HeldPetition, next string, err error) {
	if err := allowed(mayRead, who); err != nil {
		return nil, "", err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = waitingOf(ctx, tx, who.CouncilID, readPlace(after), pageRows+1)
		return err
	})
	if len(all) > pageRows {
		all = all[:pageRows]
		next = writePlace(all[pageRows-1].At, all[pageRows-1].ID)
	}
	return all, next, err
}

// ownHeld loads a held petition of the person's council.
func (d *Desk) ownHeld(ctx context.Context, tx *db.Tx, who org.Actor, id string) (HeldPetition, error) {
	h, err := heldOf(ctx, tx, id)
	if fault.Is(err, "db.no_row") || err == nil && h.CouncilID != who.CouncilID {
		return HeldPetition{}, fault.New(fault.Missing, "gate.not_held")
	}
	return h, err
}

// Release lets a held petition go on like every other. A second press does nothing.
func (d *Desk) Release(ctx context.Context, who org.Actor, id string) error {
	if err := allowed(mayRelease, who); err != nil {
		return err
	}
	now := d.Clock.Now()
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		h, err := d.ownHeld(ctx, tx, who, id)
		if err != nil {
			return err
		}
		switch h.State {
		case Let:
			return nil
		case Invalidated:
			return fault.New(fault.Conflict, "gate.hold_ended")
		}
		return d.letGo(ctx, tx, who, h, db.At(now), map[string]any{"why": h.Why})
	})
}

const (
	purgeKind  = "petitions.purge_traces"
	purgeHour  = "03:50"
	purgePause = 10 * time.Millisecond
)

// purge erases marks and drops traces that are old, in small transactions so
// that nobody waits.
func (d *Desk) purge(ctx context.Context, _ jobs.Work) error {
	now := d.Clock.Now()
	l := d.limits(now)
	for _, old := range []struct {
		drop func(context.Context, *db.Tx, db.Time) (int64, error)
		kept time.Duration
	}{{eraseMarks, l.MarksKept}, {dropTraces, l.TracesKept}, {dropProofs, l.ChallengeLasts + l.Skew + l.DayWindow}, {dropAlerts, alertsKept}} {
		for {
			var n int64
			err := d.DB.Tx(ctx, func(tx *db.Tx) (err error) {
				n, err = old.drop(ctx, tx, db.At(now.Add(-old.kept)))
				return err
			})
			if err != nil {
				return err
			}
			if n < purgeMost {
				break
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(purgePause):
			}
		}
	}
	return nil
}

// Reasons are the coded reasons for which a petition is invalidated as abuse.
func Reasons() []string {
	return []string{"machine_sent", "flooded", "advertising", "nonsense", "impersonation"}
}

func knownReason(r string) bool { return slices.Contains(Reasons(), r) }

package limits

import (
	"cmp"
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

const (
	pageMost = 50
	readMost = 500 // clocks read at once
	lookMost = 20  // readings of one page, so that a page of few rows ends too
)

// Tally counts clocks that a version changes and leaves.
//
// vi: -
type Tally struct{ Changes, Stays int }

func (t *Tally) add(o Outcome) {
	if o.Changes() {
		t.Changes++
	} else {
		t.Stays++
	}
}

// Standing is a tally of the cases in one state.
//
// vi: -
type Standing struct {
	Procedure string
	State     cases.State
	Tally
}

// Trial is what a version would do to what is open. Of sealed cases it has one
// count and nothing else.
//
// vi: kết quả thử
type Trial struct {
	All      Tally
	Sealed   Tally
	Others   Tally // of other councils, without what is sealed
	Late     int   // overdue at once, without what is sealed
	Outcomes map[Outcome]int
	States   []Standing // of the drafter's council
}

// Try tells what a draft would do, and changes nothing but that it was tried.
func (d *Desk) Try(ctx context.Context, who org.Actor, id string, revision int64) error {
	if err := sets(who, mayDrawUp); err != nil {
		return err
	}
	now := d.Clock.Now()
	v, err := d.version(ctx, id)
	if err != nil {
		return err
	}
	if v.State != Draft {
		return fault.New(fault.Refused, "limits.not_draft")
	}
	trial, err := d.trial(ctx, v)
	if err != nil {
		return err
	}
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		v, err := versionOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if v.State != Draft {
			return fault.New(fault.Refused, "limits.not_draft")
		}
		if revision != 0 {
			v.Revision = revision
		}
		v.Trial.V, v.TriedAt = trial, db.At(now)
		if err := updateVersion(ctx, tx, v); err != nil {
			return err
		}
		return d.note(ctx, tx, who, v, "reception.try_limit", now)
	})
}

// trial looks at every clock of the rule that goes on: on one view of the
// database, some hundreds at a time.
func (d *Desk) trial(ctx context.Context, v Version) (t Trial, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		t = Trial{Outcomes: map[Outcome]int{}}
		after := ""
		for {
			some, err := d.look(ctx, tx, v, after, readMost)
			if err != nil {
				return err
			}
			for _, s := range some {
				t.add(v, s)
				after = s.Clock.ID
			}
			if len(some) < readMost {
				break
			}
		}
		slices.SortFunc(t.States, func(a, b Standing) int {
			return cmp.Or(cmp.Compare(a.Procedure, b.Procedure), cmp.Compare(a.State, b.State))
		})
		return nil
	})
	return t, err
}

func (t *Trial) add(v Version, s seen) {
	o := s.Fate.Outcome
	t.All.add(o)
	if s.Case.Sealed {
		t.Sealed.add(o)
		return
	}
	t.Outcomes[o]++
	if s.Fate.Late {
		t.Late++
	}
	if s.Case.CouncilID != v.CouncilID {
		t.Others.add(o)
		return
	}
	i := slices.IndexFunc(t.States, func(one Standing) bool { return one.Procedure == s.Case.Procedure && one.State == s.Case.State })
	if i < 0 {
		t.States = append(t.States, Standing{Procedure: s.Case.Procedure, State: s.Case.State})
		i = len(t.States) - 1
	}
	t.States[i].add(o)
}

// seen is a clock with its case and what would become of it.
type seen struct {
	Clock cases.Deadline
	Case  cases.Case
	Fate  Fate
}

func (d *Desk) look(ctx context.Context, tx *db.Tx, v Version, after string, limit int) ([]seen, error) {
	clocks, err := clocksOf(ctx, tx, v.Key, after, limit)
	if err != nil || len(clocks) == 0 {
		return nil, err
	}
	ids := make([]string, len(clocks))
	for i, c := range clocks {
		ids[i] = c.CaseID
	}
	byID, err := casesOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	cal, today, all := d.Calendar.Current(), d.today(), make([]seen, len(clocks))
	for i, c := range clocks {
		all[i] = seen{Clock: c, Case: byID[c.CaseID]}
		if all[i].Fate, err = v.fate(cal, c, today); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Line is a case on the page of a version.
//
// vi: -
type Line struct {
	CaseID  string
	Code    string // empty for who may not open the case
	Title   string // names nobody
	State   cases.State
	Started clock.Date
	Fate
}

// Listing is one page of lines.
//
// vi: -
type Listing struct {
	Lines []Line
	Next  string // where the next page begins; empty: there is none
}

// Preview lists the cases of a person's council that a version changes, or those
// that it leaves, in the order of their clocks. What is sealed is listed for who
// is on its need-to-know list.
func (d *Desk) Preview(ctx context.Context, who org.Actor, id string, changes bool, after string) (p Listing, err error) {
	v, err := d.read(ctx, who, id)
	if err != nil {
		return p, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		p = Listing{}
		at := after
		for range lookMost {
			some, err := d.look(ctx, tx, v, at, readMost)
			if err != nil {
				return err
			}
			for _, s := range some {
				if len(p.Lines) == pageMost {
					p.Next = at
					return nil
				}
				at = s.Clock.ID
				if s.Fate.Outcome.Changes() != changes {
					continue
				}
				if err := d.list(ctx, tx, who, &p, s); err != nil {
					return err
				}
			}
			if len(some) < readMost {
				return nil
			}
		}
		p.Next = at
		return nil
	})
	return p, err
}

// list adds a line, when the person may know of the case.
func (d *Desk) list(ctx context.Context, tx *db.Tx, who org.Actor, p *Listing, s seen) error {
	if s.Case.CouncilID != who.CouncilID {
		return nil
	}
	opens := s.Case.CanSee(who)
	if s.Case.Sealed {
		if !opens {
			return nil
		}
		if knows, err := d.Knows(ctx, tx, who, s.Case.ID); err != nil || !knows {
			return err
		}
	}
	line := Line{CaseID: s.Case.ID, Title: s.Case.Title, State: s.Case.State, Started: s.Clock.Run.V.Start, Fate: s.Fate}
	if opens {
		line.Code = s.Case.Code
	}
	p.Lines = append(p.Lines, line)
	return nil
}

// Results lists what a version did, as Preview told before.
func (d *Desk) Results(ctx context.Context, who org.Actor, id, after string) (p Listing, err error) {
	v, err := d.read(ctx, who, id)
	if err != nil {
		return p, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		p = Listing{}
		at := after
		for range lookMost {
			some, err := changesOf(ctx, tx, v.ID, at, readMost)
			if err != nil {
				return err
			}
			done, err := d.results(ctx, tx, who, some, &p, &at)
			if err != nil || done {
				return err
			}
			if len(some) < readMost {
				return nil
			}
		}
		p.Next = at
		return nil
	})
	return p, err
}

func (d *Desk) results(ctx context.Context, tx *db.Tx, who org.Actor, some []change, p *Listing, at *string) (full bool, err error) {
	ids := make([]string, len(some))
	for i, c := range some {
		ids[i] = c.CaseID
	}
	byID, err := casesOf(ctx, tx, ids)
	if err != nil {
		return false, err
	}
	for _, c := range some {
		if len(p.Lines) == pageMost {
			p.Next = *at
			return true, nil
		}
		*at = c.DeadlineID
		o := Moves
		if c.Was == c.Due && !c.Due.IsZero() {
			o = Cites
		}
		s := seen{Case: byID[c.CaseID], Fate: Fate{Outcome: o, Was: c.Was, Due: c.Due}}
		if err := d.list(ctx, tx, who, p, s); err != nil {
			return false, err
		}
	}
	return false, nil
}

// read loads a version for a person who may read the limits. A draft is the
// city's until it is decided.
func (d *Desk) read(ctx context.Context, who org.Actor, id string) (Version, error) {
	if !mayRead.Allows(who) {
		return Version{}, noVersion()
	}
	v, err := d.version(ctx, id)
	if err == nil && v.CouncilID != who.CouncilID && (v.State == Draft || v.State == Dropped) {
		return Version{}, noVersion()
	}
	return v, err
}

func (d *Desk) version(ctx context.Context, id string) (v Version, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		v, err = versionOf(ctx, tx, id)
		return err
	})
	return v, err
}

package worklist

import (
	"cmp"
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/org"
)

// Overview is what is late in a council, and where it is stuck.
//
// vi: tình hình giải quyết
type Overview struct {
	Today   clock.Date
	Open    int64 // duties that run
	Late    int64
	Soon    int64
	Asked   int64
	ByState []Stuck
	ByBody  []Stuck // answering bodies, the latest first
	ByAge   []int64 // late cases by LateEnds: from the first day to over two months
}

// Stuck is how much waits at one place, and how much of it is late.
//
// vi: nơi tồn đọng
type Stuck struct {
	State    cases.State
	BodyID   string
	BodyName string
	Open     int64
	Late     int64
}

// Overview counts the open duties of the person's council.
func (d *Desk) Overview(ctx context.Context, who org.Actor) (o Overview, err error) {
	r, ok := ReachOf(who, ScopeCouncil)
	if !ok || r.CouncilID == "" || OnlyReads(who, ScopeCouncil) {
		return o, fault.New(fault.Missing, "web.fault_missing")
	}
	today := clock.Today(d.Clock)
	return d.Kept.Get(ctx, live.Acts(who.CouncilID), who.CouncilID+today.String(), func(ctx context.Context) (Overview, error) {
		return d.overview(ctx, r, today)
	})
}

func (d *Desk) overview(ctx context.Context, r Reach, today clock.Date) (o Overview, err error) {
	o.Today = today
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		r := r
		groups, err := standings(ctx, tx, r.CouncilID, o.Today)
		if err != nil {
			return err
		}
		o.add(groups)
		soon := r
		soon.DueFrom, soon.DueUntil = o.Today, o.Today.AddDays(SoonDays)
		n, err := Count(ctx, tx, soon, overviewMost)
		if err != nil {
			return err
		}
		o.Soon = int64(n)
		r.Asked = true
		if n, err = Count(ctx, tx, r, overviewMost); err != nil {
			return err
		}
		o.Asked = int64(n)
		return o.name(ctx, tx)
	})
	return o, err
}

func (o *Overview) add(groups []standing) {
	o.Open, o.Late, o.ByState, o.ByBody, o.ByAge = 0, 0, nil, nil, make([]int64, len(LateEnds))
	for _, g := range groups {
		late := g.late()
		for i, n := range late {
			if i+1 < len(late) {
				n -= late[i+1]
			}
			o.ByAge[i] += n
		}
		o.Open, o.Late = o.Open+g.N, o.Late+late[0]
		o.ByState = addStuck(o.ByState, Stuck{State: g.State, Open: g.N, Late: late[0]})
		if g.BodyID != "" && g.Waits == cases.Holder {
			o.ByBody = addStuck(o.ByBody, Stuck{BodyID: g.BodyID, Open: g.N, Late: late[0]})
		}
	}
	slices.SortStableFunc(o.ByBody, func(a, b Stuck) int { return cmp.Or(cmp.Compare(b.Late, a.Late), cmp.Compare(b.Open, a.Open)) })
	o.ByBody = o.ByBody[:min(len(o.ByBody), bodiesShown)]
}

// overviewMost bounds what a figure counts to.
const overviewMost = 100_000

// bodiesShown is how many bodies the chart names; the list has the rest.
const bodiesShown = 15

func addStuck(all []Stuck, more Stuck) []Stuck {
	for i := range all {
		if all[i].State == more.State && all[i].BodyID == more.BodyID {
			all[i].Open += more.Open
			all[i].Late += more.Late
			return all
		}
	}
	return append(all, more)
}

func (o *Overview) name(ctx context.Context, tx *db.Tx) error {
	ids := make([]string, len(o.ByBody))
	for i, b := range o.ByBody {
		ids[i] = b.BodyID
	}
	bodies, err := org.BodiesNamed(ctx, tx, ids)
	for i := range o.ByBody {
		o.ByBody[i].BodyName = bodies[o.ByBody[i].BodyID].Name
	}
	return err
}

package gate

import (
	"context"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
)

const (
	alertsShown  = 30
	groupsShown  = 50
	batchesShown = 30
)

// moment writes a time as people in Hanoi read it.
func moment(t db.Time) string { return t.In(clock.Hanoi).Format("15:04 02/01/2006") }

// overviewPage is the state of a council's gate.
type overviewPage struct {
	Now     time.Time
	Hours   []hourCount
	Waiting int64
	Alerts  []Alert
	Reasons []Count
	Units   map[string]string
	Inside  bool // the office, not only a counter
}

// standing reads how a council's gate stands. Who may only count gets counts.
func (d *Desk) standing(ctx context.Context, who org.Actor) (p overviewPage, err error) {
	if err := allowed(mayCount, who); err != nil {
		return p, err
	}
	now := d.Clock.Now()
	today := clock.DateOf(now)
	p.Now, p.Inside = now, allowed(mayRead, who) == nil
	err = d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Hours, err = momentsOf(ctx, tx, who.CouncilID, firstHour(now), now); err != nil {
			return err
		}
		if p.Waiting, err = countWaiting(ctx, tx, who.CouncilID); err != nil {
			return err
		}
		if p.Reasons, err = Counts(ctx, tx, who.CouncilID, today.AddDays(-reasonDays), today); err != nil || !p.Inside {
			return err
		}
		if p.Alerts, err = alertsOf(ctx, tx, who.CouncilID, alertsShown); err != nil {
			return err
		}
		var codes []string
		for _, a := range p.Alerts {
			if a.Scope == ByUnit {
				codes = append(codes, a.Mark)
			}
		}
		p.Units, err = unitNames(ctx, tx, codes)
		return err
	})
	return p, err
}

// sharing is what a petition has in common with others.
type sharing struct {
	By   Scope  `db:"scope"`
	Mark string `db:"mark"`
	N    int64  `db:"n"`
}

// heldWith reads a held petition and what it has in common with others.
func (d *Desk) heldWith(ctx context.Context, who org.Actor, id string) (h HeldPetition, all []sharing, err error) {
	if err := allowed(mayRead, who); err != nil {
		return h, nil, err
	}
	since := db.At(d.Clock.Now().AddDate(0, 0, -daysMost))
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if h, err = d.ownHeld(ctx, tx, who, id); err != nil {
			return err
		}
		all, err = sharingOf(ctx, tx, who.CouncilID, id, since)
		return err
	})
	return h, all, err
}

// groups lists what was handed in of late by what it has in common.
func (d *Desk) groups(ctx context.Context, who org.Actor, by Scope, days int) (all []group, err error) {
	if err := allowed(mayRead, who); err != nil {
		return nil, err
	}
	now := d.Clock.Now()
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = groupsOf(ctx, tx, who.CouncilID, by, now.AddDate(0, 0, -days), now, groupsShown)
		return err
	})
	return all, err
}

// batches lists a council's batches before one, the newest first.
func (d *Desk) batches(ctx context.Context, who org.Actor, before string) (all []Batch, next string, err error) {
	if err := allowed(mayRead, who); err != nil {
		return nil, "", err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = batchesOf(ctx, tx, who.CouncilID, before, batchesShown+1)
		return err
	})
	if len(all) > batchesShown {
		all = all[:batchesShown]
		next = all[batchesShown-1].ID
	}
	return all, next, err
}

// View shows a batch of the person's council with a page of its petitions.
func (d *Desk) View(ctx context.Context, who org.Actor, id string, state ItemState, after string) (v BatchView, err error) {
	if err := allowed(mayRead, who); err != nil {
		return v, err
	}
	v.State = state
	err = d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if v.Batch, err = d.ownBatch(ctx, tx, who, id); err != nil {
			return err
		}
		if v.Counts, err = countItems(ctx, tx, id); err != nil {
			return err
		}
		v.Items, err = itemsOf(ctx, tx, id, state, after, pageRows+1)
		return err
	})
	if len(v.Items) > pageRows {
		v.Items = v.Items[:pageRows]
		v.Next = v.Items[pageRows-1].ID
	}
	return v, err
}

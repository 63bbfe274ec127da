package validity

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
)

// Jobs lists the later work.
func (d *Desk) Jobs() []kernel.Job {
	return []kernel.Job{
		{Kind: daysKind, Handle: func(ctx context.Context, _ jobs.Work) error { return d.PassDays(ctx) }, Daily: "00:20"},
		{Kind: spreadKind, Handle: d.spread},
		{Kind: citingKind, Handle: d.recheck},
	}
}

// PassDays works out the documents whose status changes by date alone until
// today. It may be broken off and called again.
func (d *Desk) PassDays(ctx context.Context) error {
	today := d.today()
	for {
		n := 0
		err := d.DB.Tx(ctx, func(tx *db.Tx) error {
			ids, err := dueStandings(ctx, tx, today, chunk)
			n = len(ids)
			if err != nil || n == 0 {
				return err
			}
			changed, err := d.recompute(ctx, tx, ids, today)
			if err != nil {
				return err
			}
			if err := d.forgetLost(ctx, tx, ids, today); err != nil {
				return err
			}
			return d.tellCiting(ctx, tx, changed)
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

// forgetLost takes away the statuses of documents that the library no longer
// knows: they would come up each day again.
func (d *Desk) forgetLost(ctx context.Context, tx *db.Tx, ids []string, today clock.Date) error {
	left, err := Standings(ctx, tx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if s, ok := left[id]; ok && !s.NextOn.IsZero() && !s.NextOn.After(today) {
			if err := d.Forget(ctx, tx, today, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// spread works out what a change reaches far away.
func (d *Desk) spread(ctx context.Context, w jobs.Work) error {
	var ids []string
	if err := w.Read(&ids); err != nil {
		return err
	}
	const everything = 1 << 30
	var all []string
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, _, err = reached(ctx, tx, ids, everything)
		return err
	})
	if err != nil {
		return err
	}
	return d.inParts(ctx, all)
}

// recheck looks at the warnings of those who cite a document.
func (d *Desk) recheck(ctx context.Context, w jobs.Work) error {
	var id, after string
	if err := w.Read(&id); err != nil {
		return err
	}
	for {
		var some []string
		err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
			some, err = citing(ctx, tx, id, after, chunk)
			return err
		})
		if err != nil || len(some) == 0 {
			return err
		}
		after = some[len(some)-1]
		if err := d.inParts(ctx, some); err != nil {
			return err
		}
	}
}

func (d *Desk) inParts(ctx context.Context, ids []string) error {
	today := d.today()
	for part := range slices.Chunk(ids, chunk) {
		err := d.DB.Tx(ctx, func(tx *db.Tx) error {
			changed, err := d.recompute(ctx, tx, part, today)
			if err != nil {
				return err
			}
			return d.tellCiting(ctx, tx, changed)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Rebuild works out every document anew, from the relations alone, and tells how
// many there are. What was right before stays as it is.
func (d *Desk) Rebuild(ctx context.Context) (n int, err error) {
	after, today := "", d.today()
	for {
		var ids []string
		err := d.DB.Tx(ctx, func(tx *db.Tx) (err error) {
			if ids, err = d.Every(ctx, tx, after, chunk); err != nil || len(ids) == 0 {
				return err
			}
			_, err = d.recompute(ctx, tx, ids, today)
			return err
		})
		if err != nil || len(ids) == 0 {
			return n, err
		}
		n += len(ids)
		after = ids[len(ids)-1]
	}
}

package gate

import (
	"context"
	"time"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
)

const (
	invalidateKind = "petitions.invalidate_batch"
	undoKind       = "petitions.undo_batch"
	// turnMost is how long one job works before it queues itself anew, well
	// within what a job may take.
	turnMost  = 4 * time.Minute
	chunkRows = 20
)

type batchArgs struct {
	Batch string `json:"batch"`
}

// course is one of the two ways a batch runs.
type course struct {
	kind        string
	while, over BatchState
	from        ItemState
	do          func(ctx context.Context, b Batch, petitionID string) (ItemState, string, error)
}

func (d *Desk) invalidateJob(ctx context.Context, w jobs.Work) error {
	return d.work(ctx, w, course{invalidateKind, Running, Done, ItemPicked, d.refuseItem})
}

func (d *Desk) undoJob(ctx context.Context, w jobs.Work) error {
	return d.work(ctx, w, course{undoKind, Undoing, Undone, ItemDone, d.restoreItem})
}

// work deals with item after item until none is left, somebody turns the batch
// to something else, or its turn is over. After a crash the items say where it
// stood: what it does twice is done once.
func (d *Desk) work(ctx context.Context, w jobs.Work, c course) error {
	var args batchArgs
	if err := w.Read(&args); err != nil {
		return err
	}
	for until := d.Clock.Now().Add(turnMost); d.Clock.Now().Before(until); {
		var b Batch
		var ids []string
		err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
			if b, err = batchOf(ctx, tx, args.Batch); err != nil {
				return err
			}
			ids, err = itemsLeft(ctx, tx, b.ID, c.from, chunkRows)
			return err
		})
		if fault.Is(err, "db.no_row") || err == nil && b.State != c.while {
			return nil
		}
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return d.end(ctx, b, c)
		}
		for _, id := range ids {
			if err := d.workItem(ctx, b, c, id); err != nil {
				return err
			}
		}
	}
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		return d.Queue.Enqueue(ctx, tx, jobs.Job{Kind: c.kind, Key: args.Batch, Args: args, CouncilID: w.CouncilID})
	})
}

func (d *Desk) end(ctx context.Context, b Batch, c course) error {
	from := b.State
	b.State = c.over
	if c.over == Done {
		b.EndedAt = db.At(d.Clock.Now())
	}
	err := d.DB.Tx(ctx, func(tx *db.Tx) error { return turnBatch(ctx, tx, b, from) })
	if fault.Is(err, "db.stale") {
		return nil // cancelled at the last petition
	}
	return err
}

// workItem deals with one petition; only a database that is away stops the others.
func (d *Desk) workItem(ctx context.Context, b Batch, c course, id string) error {
	state, why, err := c.do(ctx, b, id)
	if err != nil {
		return err
	}
	now := db.At(d.Clock.Now())
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := turnItem(ctx, tx, b.ID, id, c.from, state, why, now); err != nil {
			return err
		}
		switch state {
		case ItemDone:
			return endHoldIfAny(ctx, tx, id, Invalidated, now, b.DecidedBy.V.PersonID)
		case ItemRestored:
			// People have looked at it, so it is not held back once more.
			was, err := letAgain(ctx, tx, id, now, b.UndoBy.V.PersonID)
			if err != nil || !was {
				return err
			}
			return d.Released(ctx, tx, id)
		}
		return nil
	})
}

func (d *Desk) refuseItem(ctx context.Context, b Batch, id string) (ItemState, string, error) {
	done, err := d.Refuse(ctx, b.DecidedBy.V.Actor, id, b.Reason, b.Note)
	switch {
	case stops(ctx, err):
		return "", "", err
	case err != nil:
		return ItemKept, "gate.kept_refused", nil
	case !done:
		return ItemKept, "gate.kept_touched", nil
	}
	return ItemDone, "", nil
}

func (d *Desk) restoreItem(ctx context.Context, b Batch, id string) (ItemState, string, error) {
	done, err := d.Restore(ctx, b.UndoBy.V.Actor, id, b.UndoNote)
	switch {
	case stops(ctx, err):
		return "", "", err
	case err != nil || !done:
		return ItemStuck, "gate.stuck", nil
	}
	return ItemRestored, "", nil
}

// stops reports whether a failure is not the petition's own but everybody's.
func stops(ctx context.Context, err error) bool {
	return err != nil && (ctx.Err() != nil || fault.KindOf(err) == fault.Unavailable || fault.KindOf(err) == fault.Internal)
}

// BatchView is a batch with its counts and a page of its petitions.
//
// vi: -
type BatchView struct {
	Batch  Batch
	Counts map[ItemState]int64
	State  ItemState // of the petitions shown; empty: all
	Items  []Item
	Next   string // id of the last one; empty at the end
}

// Aim is how many petitions the batch deals with.
func (v BatchView) Aim() (n int64) {
	for state, c := range v.Counts {
		if state != ItemExcluded {
			n += c
		}
	}
	return n
}

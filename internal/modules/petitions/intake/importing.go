package intake

import (
	"context"
	"errors"
	"sync"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
)

// How many petitions are taken in side by side. SQLite commits all that wait
// together, so many hands make few commits; PostgreSQL has a connection each.
const (
	handsSQLite   = 256
	handsPostgres = 8
	// turnMax is how long one job works before it queues itself anew, well
	// within what a job may take.
	turnMax = 4 * time.Minute
)

// importJob takes rows in until none is left, the clerk stops it, or its turn
// is over. After a crash it goes on where the rows say it stood.
func (d *Desk) importJob(ctx context.Context, w jobs.Work) error {
	return d.work(ctx, w, BatchRunning, importKind, d.takeChunk, BatchDone)
}

// undoJob withdraws the petitions of a batch in the same manner.
func (d *Desk) undoJob(ctx context.Context, w jobs.Work) error {
	return d.work(ctx, w, BatchUndoing, undoKind, d.undoChunk, BatchUndone)
}

// chunk deals with some rows of a batch; it gives 0 when none is left.
type chunk func(ctx context.Context, b Batch) (int, error)

func (d *Desk) work(ctx context.Context, w jobs.Work, while BatchState, kind string, do chunk, ended BatchState) error {
	var args batchArgs
	if err := w.Read(&args); err != nil {
		return err
	}
	over, err := d.workUntil(ctx, args.Batch, while, do, ended, d.Clock.Now().Add(turnMax))
	if err != nil || over {
		return err
	}
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		return d.Queue.Enqueue(ctx, tx, jobs.Job{Kind: kind, Key: args.Batch, Args: args, CouncilID: w.CouncilID})
	})
}

// workUntil deals with rows until all are dealt with, the batch is turned to
// something else, or the time is up; then over is false.
func (d *Desk) workUntil(ctx context.Context, id string, while BatchState, do chunk, ended BatchState, until time.Time) (over bool, err error) {
	for d.Clock.Now().Before(until) {
		var b Batch
		err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
			b, err = batchOf(ctx, tx, id)
			return err
		})
		if fault.Is(err, "db.no_row") || err == nil && b.State != while {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		n, err := do(ctx, b)
		if err != nil {
			return false, err
		}
		if n > 0 {
			continue
		}
		from := b.State
		b.State, b.EndedAt = ended, db.At(d.Clock.Now())
		err = d.DB.Tx(ctx, func(tx *db.Tx) error { return turnBatch(ctx, tx, b, from) })
		if fault.Is(err, "db.stale") {
			return true, nil // the clerk was faster: cancelled at the last row
		}
		return true, err
	}
	return false, nil
}

// outcome is what became of one row.
type outcome struct {
	number         int64
	state          RowState
	petition, code string
	problem        *Problem
	again          bool
}

// takeChunk takes the next ready rows in, many at once.
func (d *Desk) takeChunk(ctx context.Context, b Batch) (int, error) {
	var rows []Row
	var council org.Council
	var before map[string]earlierRow
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if council, err = org.CouncilOf(ctx, tx, b.CouncilID); err != nil {
			return err
		}
		if rows, err = rowsOfState(ctx, tx, b.ID, RowReady, 0, chunkRows); err != nil {
			return err
		}
		before, err = d.earlier(ctx, tx, b, rows)
		return err
	})
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	done, failure := each(ctx, d.hands(), rows, func(ctx context.Context, r Row) (outcome, error) {
		return d.takeRow(ctx, b, council, r, before[r.Mark])
	})
	// What was done is written down even when the rest must wait.
	if err := d.settle(ctx, b, done); err != nil {
		return 0, errors.Join(failure, err)
	}
	return len(done), failure
}

// takeRow takes one row in. Only a database that is away stops the others: a
// row that is refused is told and left.
func (d *Desk) takeRow(ctx context.Context, b Batch, council org.Council, r Row, before earlierRow) (outcome, error) {
	if before.code != "" {
		return outcome{number: r.Number, state: RowAgain, code: before.code}, nil
	}
	say, who := r.Content.V, b.Actor.V.Actor
	o := say.opinion(council)
	o.Once = before.once(b.CouncilID, r.Mark)
	o.Note = d.noting(who, Source{Channel: say.Channel, BatchID: b.ID, Line: r.Number, RaisedOn: say.Day, Session: say.Session, Origin: say.Origin, Address: say.Address,
		Deputy: say.Deputy, Field: say.Field, Body: say.Body, Note: say.Note})
	taken, err := d.Receive(ctx, who, o)
	if err == nil {
		return outcome{number: r.Number, state: RowTaken, petition: taken.ID, code: taken.Code, again: taken.Again}, nil
	}
	if ctx.Err() != nil || fault.KindOf(err) == fault.Unavailable {
		return outcome{}, err
	}
	f := fault.Of(err)
	if len(f.Faults) > 0 {
		f = f.Faults[0]
	}
	if f.Kind == fault.Internal {
		f = fault.New(fault.Internal, "intake.row_failed")
	}
	return outcome{number: r.Number, state: RowRefused, problem: &Problem{Key: f.Key, Args: f.Args}}, nil
}

func (d *Desk) hands() int {
	if d.DB.Dialect() == db.SQLite {
		return handsSQLite
	}
	return handsPostgres
}

// each deals with rows by several hands. The first failure stops the handing
// out; what was begun is awaited.
func each(ctx context.Context, hands int, rows []Row, do func(context.Context, Row) (outcome, error)) ([]outcome, error) {
	var (
		mu      sync.Mutex
		done    []outcome
		failure error
		next    int
		all     sync.WaitGroup
	)
	take := func() (Row, bool) {
		mu.Lock()
		defer mu.Unlock()
		if failure != nil || next == len(rows) || ctx.Err() != nil {
			return Row{}, false
		}
		next++
		return rows[next-1], true
	}
	for range min(hands, len(rows)) {
		all.Go(func() {
			for r, ok := take(); ok; r, ok = take() {
				o, err := do(ctx, r)
				mu.Lock()
				if err != nil {
					failure = errors.Join(failure, err)
				} else {
					done = append(done, o)
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return done, errors.Join(failure, ctx.Err())
}

// settle writes down what became of rows. A petition that was there already is
// this row's own when the crash came between the two transactions, else an
// earlier import's.
func (d *Desk) settle(ctx context.Context, b Batch, done []outcome) error {
	if len(done) == 0 {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		var ids []string
		for _, o := range done {
			if o.again {
				ids = append(ids, o.petition)
			}
		}
		sources, err := sourcesOf(ctx, tx, ids)
		if err != nil {
			return err
		}
		own := map[string]int64{}
		for _, s := range sources {
			if s.BatchID == b.ID {
				own[s.PetitionID] = s.Line
			}
		}
		kept := make([]outcome, len(done))
		for i, o := range done {
			if o.again && own[o.petition] != o.number {
				o = outcome{number: o.number, state: RowAgain, code: o.code}
			}
			kept[i] = o
		}
		return saveOutcomes(ctx, tx, b.ID, kept)
	})
}

// undoChunk withdraws the next petitions that nobody has touched.
func (d *Desk) undoChunk(ctx context.Context, b Batch) (int, error) {
	var rows []Row
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		rows, err = rowsOfState(ctx, tx, b.ID, RowTaken, 0, chunkRows)
		return err
	})
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	done, failure := each(ctx, d.hands(), rows, func(ctx context.Context, r Row) (outcome, error) {
		o := outcome{number: r.Number, state: RowKept, petition: r.PetitionID, code: r.Code}
		withdrawn, err := d.Withdraw(ctx, b.Actor.V.Actor, r.PetitionID, b.Reason)
		switch {
		case err == nil && withdrawn:
			o.state = RowUndone
		case err != nil && (ctx.Err() != nil || fault.KindOf(err) == fault.Unavailable):
			return outcome{}, err
		}
		return o, nil
	})
	if err := d.settle(ctx, b, done); err != nil {
		return 0, errors.Join(failure, err)
	}
	return len(done), failure
}

// purge drops workbooks that were read and never imported, and empties the
// cells of those imported long ago: they hold what voters wrote, and the
// petitions hold it too.
func (d *Desk) purge(ctx context.Context, _ jobs.Work) error {
	today := clock.Today(d.Clock)
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := dropAbandoned(ctx, tx, db.At(today.AddDays(-abandonedAge).Time())); err != nil {
			return err
		}
		return emptyCells(ctx, tx, db.At(today.AddDays(-cellsAge).Time()))
	})
}

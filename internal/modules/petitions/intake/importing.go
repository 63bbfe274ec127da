package intake

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
)

const (
	// groupRows are taken in by one transaction: few enough that others who write
	// are not kept waiting.
	groupRows = 32
	// hands take groups in side by side: while one commits the next is made ready.
	hands = 8
	// handsUndoing withdraw petitions, each in a transaction of its own; SQLite
	// commits all that wait together, so many hands make few commits.
	handsUndoing = 64
	// turnMax is how long one job works before it queues itself anew, well
	// within what a job may take.
	turnMax = 4 * time.Minute
	// freshFor is how long what Deps.ReceiveAll gives may remember where petitions go.
	freshFor = 10 * time.Second
)

// importJob takes rows in until none is left, the clerk stops it, or its turn
// is over. After a crash it goes on where the rows say it stood.
func (d *Desk) importJob(ctx context.Context, w jobs.Work) error {
	return d.work(ctx, w, BatchRunning, importKind, d.taking(), BatchDone)
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

// receiveAll is what Deps.ReceiveAll gives.
type receiveAll func(context.Context, org.Actor, []Opinion) ([]Taken, []error)

// taking takes the ready rows of a batch in, chunk by chunk.
func (d *Desk) taking() chunk {
	var receive receiveAll
	var stale time.Time
	return func(ctx context.Context, b Batch) (int, error) {
		if now := d.Clock.Now(); receive == nil || !now.Before(stale) {
			receive, stale = d.ReceiveAll(), now.Add(freshFor)
		}
		return d.takeChunk(ctx, b, receive)
	}
}

// takeChunk takes the next ready rows in, many at once.
func (d *Desk) takeChunk(ctx context.Context, b Batch, receive receiveAll) (int, error) {
	var rows []Row
	var council org.Council
	var before map[int64]earlierRow
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
	groups := slices.Collect(slices.Chunk(rows, groupRows))
	done, failure := each(ctx, hands, groups, func(ctx context.Context, group []Row) ([]outcome, error) {
		return d.takeGroup(ctx, b, council, group, before, receive)
	})
	// What was done is written down even when the rest must wait.
	if err := d.settle(ctx, b, done); err != nil {
		return 0, errors.Join(failure, err)
	}
	return len(done), failure
}

// takeGroup takes some rows in. Only a database that is away stops the others:
// a row that is refused is told and left.
func (d *Desk) takeGroup(ctx context.Context, b Batch, council org.Council, group []Row, before map[int64]earlierRow, receive receiveAll) (done []outcome, failure error) {
	var opinions []Opinion
	var numbers []int64
	who := b.Actor.V.Actor
	for _, r := range group {
		if code := before[r.Number].code; code != "" {
			done = append(done, outcome{number: r.Number, state: RowAgain, code: code})
			continue
		}
		say := r.Content.V
		o := say.opinion(council)
		o.Once = before[r.Number].once(b.CouncilID, r.Mark)
		o.Note = d.noting(who, Source{Channel: say.Channel, BatchID: b.ID, Line: r.Number, RaisedOn: say.Day, Session: say.Session, Origin: say.Origin, Address: say.Address,
			Deputy: say.Deputy, Field: say.Field, Body: say.Body, Note: say.Note})
		opinions, numbers = append(opinions, o), append(numbers, r.Number)
	}
	if len(opinions) == 0 {
		return done, nil
	}
	taken, errs := receive(ctx, who, opinions)
	for i, t := range taken {
		o := outcome{number: numbers[i], state: RowTaken, petition: t.ID, code: t.Code, again: t.Again}
		if err := errs[i]; err != nil {
			if ctx.Err() != nil || fault.KindOf(err) == fault.Unavailable {
				failure = errors.Join(failure, err)
				continue
			}
			o = outcome{number: numbers[i], state: RowRefused, problem: refusal(err)}
		}
		done = append(done, o)
	}
	return done, failure
}

// refusal is why a row was not taken in, without what is nobody's business.
func refusal(err error) *Problem {
	f := firstFault(err)
	if f.Kind == fault.Internal {
		f = fault.New(fault.Internal, "intake.row_failed")
	}
	return &Problem{Key: f.Key, Args: f.Args}
}

// each deals with things by several hands. The first failure stops the handing
// out; what was begun is awaited, and what was done is given beside the failure.
func each[T any](ctx context.Context, hands int, things []T, do func(context.Context, T) ([]outcome, error)) ([]outcome, error) {
	var (
		mu      sync.Mutex
		done    []outcome
		failure error
		next    int
		all     sync.WaitGroup
	)
	take := func() (i int, ok bool) {
		mu.Lock()
		defer mu.Unlock()
		if failure != nil || next == len(things) || ctx.Err() != nil {
			return 0, false
		}
		next++
		return next - 1, true
	}
	for range min(hands, len(things)) {
		all.Go(func() {
			for i, ok := take(); ok; i, ok = take() {
				o, err := do(ctx, things[i])
				mu.Lock()
				failure, done = errors.Join(failure, err), append(done, o...)
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
	done, failure := each(ctx, handsUndoing, rows, func(ctx context.Context, r Row) ([]outcome, error) {
		o := outcome{number: r.Number, state: RowKept, petition: r.PetitionID, code: r.Code}
		withdrawn, err := d.Withdraw(ctx, b.Actor.V.Actor, r.PetitionID, b.Reason)
		switch {
		case err == nil && withdrawn:
			o.state = RowUndone
		case err != nil && (ctx.Err() != nil || fault.KindOf(err) == fault.Unavailable):
			return nil, err
		}
		return []outcome{o}, nil
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

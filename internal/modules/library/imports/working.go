package imports

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
)

// errStop ends the reading of a file that goes on later: the batch was paused, or
// the turn is over.
var errStop = errors.New("goes on later")

// importJob reads files of a batch one after the other until none waits, the batch
// is stopped, or its turn is over. After a crash it goes on where the rows say it
// stood.
func (d *Desk) importJob(ctx context.Context, w jobs.Work) error {
	var args batchArgs
	if err := w.Read(&args); err != nil {
		return err
	}
	t := &turn{Desk: d, batch: args.Batch, lease: w.ID + "/" + strconv.Itoa(w.Attempt) + "/" + db.NewID(d.Clock.Now()), until: d.Clock.Now().Add(turnMax)}
	next, err := t.run(ctx)
	if err != nil || next.IsZero() {
		return err
	}
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		return d.Queue.Enqueue(ctx, tx, jobs.Job{Kind: importKind, Key: args.Batch, RunAt: next, Args: args, CouncilID: w.CouncilID})
	})
}

// turn is one job's work on a batch.
type turn struct {
	*Desk
	batch string
	lease string // of the items it reads
	until time.Time
}

// run tells when the batch needs its next turn; zero when it needs none.
func (t *turn) run(ctx context.Context) (next time.Time, err error) {
	for t.Clock.Now().Before(t.until) {
		b, i, busy, err := t.claim(ctx)
		switch {
		case fault.Is(err, "db.no_row"):
			return next, nil
		case err != nil:
			return next, err
		case busy:
			// Another has the last ones; should it die, they are there after its lease.
			return t.Clock.Now().Add(leaseTime), nil
		case b.State != Running, i.ID == "":
			return next, nil
		}
		stop := t.renewing(ctx, i.ID)
		err = t.deal(ctx, b, i)
		stop()
		switch {
		case fault.Is(err, "db.stale"):
			continue // cancelled meanwhile, or another turn has it
		case errors.Is(err, errStop):
			return t.Clock.Now(), t.release(ctx, i)
		case err != nil:
			return next, errors.Join(err, t.release(ctx, i))
		}
	}
	return t.Clock.Now(), nil
}

// renewing keeps a file with this turn for as long as it is read.
func (t *turn) renewing(ctx context.Context, id string) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		every := time.NewTicker(leaseRenewed)
		defer every.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-every.C:
				until := db.At(t.Clock.Now().Add(leaseTime))
				if err := t.DB.Tx(ctx, func(tx *db.Tx) error { return renewItem(ctx, tx, id, t.lease, until) }); fault.Is(err, "db.stale") {
					return // no longer ours: its end will say so
				}
			}
		}
	}()
	return func() { cancel(); <-done }
}

func (t *turn) release(ctx context.Context, i Item) error {
	ctx = context.WithoutCancel(ctx)
	return t.DB.Tx(ctx, func(tx *db.Tx) error { return releaseItem(ctx, tx, i.ID, t.lease) })
}

// claim takes the next file under this turn's lease, or ends the batch. It is busy
// when another has all that is left.
func (t *turn) claim(ctx context.Context) (b Batch, i Item, busy bool, err error) {
	at := t.Clock.Now()
	now, until := db.At(at), db.At(at.Add(leaseTime))
	err = t.DB.Tx(ctx, func(tx *db.Tx) error {
		i, busy = Item{}, false
		if b, err = batchOf(ctx, tx, t.batch); err != nil || b.State != Running {
			return err
		}
		next, err := nextItem(ctx, tx, t.batch, now)
		if err != nil {
			return err
		}
		if len(next) == 0 {
			n, err := countReading(ctx, tx, t.batch)
			if busy = n > 0; err != nil || busy {
				return err
			}
			b.EndedAt = now
			done := b
			done.State = Done
			return turnBatch(ctx, tx, done, Running)
		}
		i = next[0]
		i.Attempts++
		i.Lease, i.LeaseUntil, i.State, i.BegunAt = t.lease, until, BeingRead, now
		return claimItem(ctx, tx, i)
	})
	return b, i, busy, err
}

// deal reads one file and makes a document of it.
func (t *turn) deal(ctx context.Context, b Batch, i Item) error {
	if i.Attempts > attemptsMost {
		return t.fail(ctx, i, fault.New(fault.Refused, "imports.gave_up", "n", attemptsMost))
	}
	known, err := t.known(ctx, i)
	if err != nil || known {
		return err
	}
	dir, err := os.MkdirTemp(t.Documents.Scratch, "hdnd-import-*")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, "file")
	if err = t.copyOut(ctx, i.Hash, path); err == nil {
		if i.Kind == "zip" {
			err = t.unpack(ctx, b, i, path)
		} else {
			err = t.read(ctx, b, i, path)
		}
	}
	if cerr := os.RemoveAll(dir); cerr != nil {
		return errors.Join(err, cerr)
	}
	switch {
	case err == nil, errors.Is(err, errStop), fault.Is(err, "db.stale"):
		return err
	case ctx.Err() != nil, fault.KindOf(err) == fault.Unavailable && !fault.Is(err, "documents.too_slow"):
		return err // our trouble, not the file's
	}
	return t.fail(ctx, i, err)
}

// known ends an item whose bytes are a document already.
func (t *turn) known(ctx context.Context, i Item) (bool, error) {
	var found bool
	now := t.Clock.Now()
	err := t.DB.Tx(ctx, func(tx *db.Tx) error {
		id, is, err := t.Known(ctx, tx, i.CouncilID, i.Hash)
		if found = is; err != nil || !is {
			return err
		}
		return t.end(ctx, tx, i, Known, id, now)
	})
	return found, err
}

// end writes down what became of an item that this turn holds, and lets go of what
// was kept of it on the way.
func (t *turn) end(ctx context.Context, tx *db.Tx, i Item, state ItemState, documentID string, now time.Time) error {
	i.State, i.DocumentID, i.EndedAt = state, documentID, db.At(now)
	if state != Failed {
		i.Problem.V = Problem{}
	}
	if err := endItem(ctx, tx, i, t.lease); err != nil {
		return err
	}
	if err := dropPages(ctx, tx, i.ID); err != nil {
		return err
	}
	if state == Failed && i.Hash != "" {
		return nil // its bytes stay, to be tried again
	}
	_, err := t.Documents.Remove(ctx, tx, i.subject())
	return err
}

// fail ends an item with why. A file that may not be kept here is not kept.
func (t *turn) fail(ctx context.Context, i Item, why error) error {
	now := t.Clock.Now()
	hash := i.Hash
	i.Problem.V = problemOf(why)
	forbidden := fault.Is(why, "documents.secret_level")
	if forbidden {
		i.Hash = ""
	}
	err := t.DB.Tx(ctx, func(tx *db.Tx) error { return t.end(ctx, tx, i, Failed, "", now) })
	if err == nil && forbidden {
		err = t.Documents.Forget(ctx, hash)
	}
	return err
}

func (t *turn) copyOut(ctx context.Context, hash, path string) (err error) {
	from, err := t.Documents.Blobs.Open(ctx, hash)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return errors.Join(err, to.Close())
}

// read reads the pages that are not kept yet, keeps them as they come, and makes a
// document when all are there.
func (t *turn) read(ctx context.Context, b Batch, i Item, path string) error {
	k := &keeper{turn: t, ctx: ctx, item: i, last: t.Clock.Now()}
	got, err := t.guarded(ctx, path, i, k)
	if kept := k.flush(); kept != nil {
		return kept
	}
	if err != nil {
		return err
	}
	i = k.item
	i.Pages, i.Notes.V = int64(got.PageCount), got.Notes
	return t.accept(ctx, b, i)
}

// guarded turns a panic of a reader into a failure of its file.
func (t *turn) guarded(ctx context.Context, path string, i Item, k *keeper) (got Reading, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.New(fault.Refused, "imports.reader_broke", "name", i.Name).Because(fmt.Errorf("panic: %v", p))
		}
	}()
	if i.Pages > 0 && i.PagesDone >= i.Pages {
		return Reading{PageCount: int(i.Pages), Notes: i.Notes.V}, nil
	}
	return t.Read(ctx, path, i.Name, int(i.PagesDone)+1, k.page, k.counted)
}

// keeper keeps pages as they are read.
type keeper struct {
	*turn
	ctx  context.Context
	item Item
	held []Page
	last time.Time
}

func (k *keeper) counted(pages int) error {
	k.item.Pages = int64(pages)
	return nil
}

// page takes one page. Between pages it hears whether the batch was stopped.
func (k *keeper) page(p Page) error {
	k.held = append(k.held, p)
	now := k.Clock.Now()
	if len(k.held) < pagesTogether && now.Sub(k.last) < keptEvery && now.Before(k.until) {
		return nil
	}
	if err := k.flush(); err != nil {
		return err
	}
	if k.item.Pages > 0 && k.item.PagesDone >= k.item.Pages {
		return nil
	}
	if !now.Before(k.until) {
		return errStop
	}
	var b Batch
	err := k.DB.Read(k.ctx, func(tx *db.Tx) (err error) {
		b, err = batchOf(k.ctx, tx, k.batch)
		return err
	})
	if err == nil && b.State != Running {
		err = errStop
	}
	return err
}

func (k *keeper) flush() error {
	if len(k.held) == 0 {
		return nil
	}
	ctx := context.WithoutCancel(k.ctx) // what was read is not lost when the program stops
	i := k.item
	i.PagesDone += int64(len(k.held))
	err := k.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := advanceItem(ctx, tx, i, k.lease); err != nil {
			return err
		}
		return insertPages(ctx, tx, i.ID, k.held)
	})
	if err == nil {
		k.item, k.held, k.last = i, nil, k.Clock.Now()
		k.item.Attempts = 0
	}
	return err
}

// accept makes a document of a file that was read, in one transaction with the end
// of its item: there is never one without the other, and never two.
func (t *turn) accept(ctx context.Context, b Batch, i Item) error {
	now := t.Clock.Now()
	var content Text
	err := t.DB.Read(ctx, func(tx *db.Tx) (err error) {
		content.Pages, err = pagesOf(ctx, tx, i.ID)
		return err
	})
	if err != nil {
		return err
	}
	content.Notes = i.Notes.V
	for _, p := range content.Pages {
		i.Notes.V = append(i.Notes.V, p.Notes...)
	}
	const notesMost = 50
	i.Notes.V = i.Notes.V[:min(len(i.Notes.V), notesMost)]
	content.Confidence = confidence(content.Pages)
	i.Confidence, i.Pages, i.PagesDone = content.Confidence, int64(len(content.Pages)), int64(len(content.Pages))
	// Pages after the first may bear a stamp too, and a text put together may.
	if len(content.Pages) > 0 {
		if err := documents.RefuseMark(content.Pages[0].Text); err != nil {
			return err
		}
	}
	return t.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := holdItem(ctx, tx, i.ID, t.lease); err != nil {
			return err
		}
		id, found, err := t.Known(ctx, tx, i.CouncilID, i.Hash)
		if err != nil {
			return err
		}
		if found {
			return t.end(ctx, tx, i, Known, id, now)
		}
		if id, err = t.Accept(ctx, tx, b.Actor.V.Actor, i, content); err != nil {
			return err
		}
		return t.end(ctx, tx, i, Taken, id, now)
	})
}

// confidence is that of pages, weighted by their length.
func confidence(pages []Page) float64 {
	var sum, all float64
	for _, p := range pages {
		n := float64(utf8.RuneCountInString(p.Text))
		sum, all = sum+n*p.Confidence, all+n
	}
	if all == 0 {
		return 1
	}
	return sum / all
}

// unpack makes items of the files in a ZIP. Those a turn before this one has made
// are there by their names.
func (t *turn) unpack(ctx context.Context, b Batch, i Item, path string) error {
	now := t.Clock.Now()
	err := t.Unpack(ctx, path, i.Name, func(m Member) error {
		name := i.Name + "/" + m.Name
		if there, err := t.has(ctx, name); err != nil || there {
			return err
		}
		item := Item{Name: name, Size: m.Size, State: Failed, Confidence: 1, EndedAt: db.At(now)}
		if m.Wrong != nil {
			item.Problem.V = problemOf(m.Wrong)
		} else {
			var err error
			if item, err = t.takeIn(ctx, documents.Upload{Name: name, Size: m.Size, Open: m.Open}); err != nil {
				return err
			}
			if item.Kind == "zip" {
				item.State, item.Hash, item.Problem.V, item.EndedAt = Failed, "", Problem{Key: "extract.nested", Args: map[string]any{"name": name}}, db.At(now)
			}
		}
		item.ID, item.BatchID, item.CouncilID = db.NewID(now), b.ID, b.CouncilID
		return t.DB.Tx(ctx, func(tx *db.Tx) error {
			if err := holdItem(ctx, tx, i.ID, t.lease); err != nil {
				return err
			}
			last, err := lastNumber(ctx, tx, b.ID)
			if err != nil {
				return err
			}
			item.Number = last + 1
			return t.enter(ctx, tx, b, item, now)
		})
	})
	if err != nil {
		return err
	}
	return t.DB.Tx(ctx, func(tx *db.Tx) error { return t.end(ctx, tx, i, Unpacked, "", now) })
}

func (t *turn) has(ctx context.Context, name string) (there bool, err error) {
	err = t.DB.Read(ctx, func(tx *db.Tx) error {
		n, err := countNamed(ctx, tx, t.batch, name)
		there = n > 0
		return err
	})
	return there, err
}

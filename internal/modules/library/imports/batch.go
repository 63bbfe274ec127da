package imports

import (
	"context"
	"errors"
	"slices"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// State is where a batch stands.
//
// vi: trạng thái lô nhập
type State string

// The states of a batch.
const (
	Running   State = "running"
	Paused    State = "paused"
	Done      State = "done"
	Cancelled State = "cancelled"
)

// ItemState is what became of a file.
//
// vi: trạng thái tệp
type ItemState string

// The states of a file.
const (
	Waiting   ItemState = "waiting"
	BeingRead ItemState = "reading"
	Taken     ItemState = "taken"    // is a document now
	Known     ItemState = "known"    // was one before
	Failed    ItemState = "failed"   // could not be read or may not be kept
	Unpacked  ItemState = "unpacked" // a ZIP, whose files are items of their own
	Dropped   ItemState = "dropped"  // the batch was cancelled before
)

// ItemStates lists the states in the order pages count them.
func ItemStates() []ItemState {
	return []ItemState{Waiting, BeingRead, Taken, Known, Failed, Dropped, Unpacked}
}

// Batch is many files on their way in.
//
// vi: lô nhập văn bản
type Batch struct {
	ID        string            `db:"id"`
	CouncilID string            `db:"council_id"`
	BodyID    string            `db:"body_id"`
	Name      string            `db:"name"`
	Source    string            `db:"source"` // "upload" or "folder"
	State     State             `db:"state"`
	Actor     db.JSON[actorRow] `db:"actor"` // in whose name the job works
	Mark      string            `db:"mark"`
	CreatedAt db.Time           `db:"created_at"`
	EndedAt   db.Time           `db:"ended_at"`
}

type actorRow struct{ org.Actor }

// Item is one file of a batch.
//
// vi: tệp của lô nhập
type Item struct {
	ID         string           `db:"id"`
	BatchID    string           `db:"batch_id"`
	CouncilID  string           `db:"council_id"`
	Number     int64            `db:"number"`
	Name       string           `db:"name"` // with its folders; shown only
	Hash       string           `db:"hash"` // SHA-256 of the bytes; empty when none are kept
	Size       int64            `db:"size_bytes"`
	Kind       string           `db:"kind"`
	MediaType  string           `db:"media_type"`
	Pages      int64            `db:"pages"` // 0: not known yet
	PagesDone  int64            `db:"pages_done"`
	State      ItemState        `db:"state"`
	DocumentID string           `db:"document_id"`
	Problem    db.JSON[Problem] `db:"problem"`
	Notes      db.JSON[[]Note]  `db:"notes"`
	Confidence float64          `db:"confidence"`
	Attempts   int64            `db:"attempts"`
	Lease      string           `db:"lease"`
	LeaseUntil db.Time          `db:"lease_until"`
	BegunAt    db.Time          `db:"begun_at"`
	EndedAt    db.Time          `db:"ended_at"`
}

// Draft is the file for documents.Registry.Attach.
func (i Item) Draft() documents.Draft {
	return documents.Draft{Blob: documents.Blob{Hash: i.Hash, Size: i.Size}, Name: documents.CleanName(i.Name), MediaType: i.MediaType, Pages: int(i.Pages)}
}

func (i Item) subject() documents.Subject {
	return documents.Subject{Kind: "library_item", ID: i.ID}
}

// Problem is why a file was not taken: the sentence's key and the rule that refuses.
//
// vi: -
type Problem struct {
	Key  string         `json:"key,omitempty"`
	Args map[string]any `json:"args,omitempty"`
	Rule string         `json:"rule,omitempty"`
}

// Fault is the problem as something that has a sentence.
func (p Problem) Fault() *fault.Fault {
	return &fault.Fault{Kind: fault.Invalid, Key: p.Key, Args: p.Args, Rule: p.Rule}
}

// problemOf keeps of an error what a person may read.
func problemOf(err error) Problem {
	f := fault.Of(err)
	if len(f.Faults) > 0 {
		f = f.Faults[0]
	}
	if f.Kind == fault.Internal {
		return Problem{Key: "imports.item_failed"}
	}
	return Problem{Key: f.Key, Args: f.Args, Rule: f.Rule}
}

// own loads a batch of the person's own council.
func (d *Desk) own(ctx context.Context, tx *db.Tx, who org.Actor, id string) (Batch, error) {
	if !mayImport.Allows(who) {
		return Batch{}, fault.New(fault.Forbidden, "imports.not_yours")
	}
	b, err := batchOf(ctx, tx, id)
	if fault.Is(err, "db.no_row") || err == nil && b.CouncilID != who.CouncilID {
		return Batch{}, fault.New(fault.Missing, "imports.no_batch")
	}
	return b, err
}

// errAlready ends an act that a second press asks for: it is done, and no fault.
var errAlready = errors.New("already so")

type batchArgs struct {
	Batch string `json:"batch"`
}

// act is what the verbs on a batch share: load it for this person, move it, log it,
// queue the work. One transaction.
func (d *Desk) act(ctx context.Context, who org.Actor, id, verb string, from []State, to State, do func(tx *db.Tx, b Batch, now time.Time) (map[string]any, error)) error {
	now := d.Clock.Now()
	err := d.DB.Tx(ctx, func(tx *db.Tx) error {
		b, err := d.own(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if b.State == to && !slices.Contains(from, to) {
			return errAlready
		}
		if !slices.Contains(from, b.State) {
			return fault.New(fault.Refused, "imports.wrong_state", "state", text.T(ctx, "imports.state."+string(b.State)))
		}
		details, err := do(tx, b, now)
		if err != nil {
			return err
		}
		was := b.State
		b.State, b.Actor.V = to, actorRow{who}
		if b.EndedAt = (db.Time{}); to == Cancelled {
			b.EndedAt = db.At(now)
		}
		if err := turnBatch(ctx, tx, b, was); err != nil {
			return err
		}
		if to == Running {
			if err := d.queue(ctx, tx, b); err != nil {
				return err
			}
		}
		return d.record(ctx, tx, who, b, verb, now, details)
	})
	if errors.Is(err, errAlready) {
		return nil
	}
	return err
}

func (d *Desk) queue(ctx context.Context, tx *db.Tx, b Batch) error {
	return d.Queue.Enqueue(ctx, tx, jobs.Job{Kind: importKind, Key: b.ID, Args: batchArgs{b.ID}, CouncilID: b.CouncilID})
}

func (d *Desk) record(ctx context.Context, tx *db.Tx, who org.Actor, b Batch, verb string, now time.Time, details map[string]any) error {
	if details == nil {
		details = map[string]any{}
	}
	details["batch"] = b.Name
	_, err := d.Audit.Append(ctx, tx, audit.Entry{CouncilID: b.CouncilID, Subject: b.ID, Verb: verb, At: now, Who: who, Details: details})
	return err
}

func nothing(*db.Tx, Batch, time.Time) (map[string]any, error) { return nil, nil }

// Pause stops a batch after the pages at hand; what was read of a file is kept.
func (d *Desk) Pause(ctx context.Context, who org.Actor, id string) error {
	return d.act(ctx, who, id, "library.pause_import", []State{Running}, Paused, nothing)
}

// Resume has a paused batch go on.
func (d *Desk) Resume(ctx context.Context, who org.Actor, id string) error {
	return d.act(ctx, who, id, "library.resume_import", []State{Paused}, Running, nothing)
}

// Cancel ends a batch: what is a document stays, the files that wait are let go of.
func (d *Desk) Cancel(ctx context.Context, who org.Actor, id string) error {
	return d.act(ctx, who, id, "library.cancel_import", []State{Running, Paused}, Cancelled, func(tx *db.Tx, b Batch, now time.Time) (map[string]any, error) {
		n, err := d.drop(ctx, tx, b, now)
		return map[string]any{"dropped": n}, err
	})
}

// drop lets go of the files that are not dealt with, and of their bytes: the
// registry sweeps what no paper names.
func (d *Desk) drop(ctx context.Context, tx *db.Tx, b Batch, now time.Time) (int, error) {
	ids, err := openItems(ctx, tx, b.ID)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if _, err := d.Documents.Remove(ctx, tx, Item{ID: id}.subject()); err != nil {
			return 0, err
		}
	}
	return len(ids), dropItems(ctx, tx, b.ID, db.At(now))
}

// Retry has the failed files of a batch read again, or one of them: after a tool was
// installed, or a rule changed. Files of which no bytes are kept stay as they are.
func (d *Desk) Retry(ctx context.Context, who org.Actor, id, itemID string) error {
	return d.act(ctx, who, id, "library.retry_import", []State{Running, Paused, Done}, Running, func(tx *db.Tx, b Batch, _ time.Time) (map[string]any, error) {
		n, err := againItems(ctx, tx, b.ID, itemID)
		if err == nil && n == 0 {
			if b.State == Running {
				return nil, errAlready
			}
			err = fault.New(fault.Refused, "imports.nothing_again")
		}
		return map[string]any{"again": n}, err
	})
}

// View is a batch with its counts and a page of its files.
//
// vi: -
type View struct {
	Batch  Batch
	Counts map[ItemState]int64
	Items  []Item
	Next   int64 // number of the last file shown; 0 at the end
	Now    []Item
	Again  int64 // failed files of which the bytes are kept
}

// Total is how many files there are; a ZIP counts by what is in it.
func (v View) Total() (n int64) {
	for s, c := range v.Counts {
		if s != Unpacked {
			n += c
		}
	}
	return n
}

// Dealt is how many of them are dealt with.
func (v View) Dealt() int64 { return v.Total() - v.Counts[Waiting] - v.Counts[BeingRead] }

// Look shows a batch of the person's council, with files of a state after one.
func (d *Desk) Look(ctx context.Context, who org.Actor, id string, state ItemState, after int64) (v View, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if v.Batch, err = d.own(ctx, tx, who, id); err != nil {
			return err
		}
		if v.Counts, err = countItems(ctx, tx, id); err != nil {
			return err
		}
		if v.Again, err = countAgain(ctx, tx, id); err != nil {
			return err
		}
		if v.Now, err = itemsOf(ctx, tx, id, BeingRead, 0, 2); err != nil {
			return err
		}
		if v.Items, err = itemsOf(ctx, tx, id, state, after, itemsPage+1); err != nil {
			return err
		}
		if len(v.Items) > itemsPage {
			v.Items = v.Items[:itemsPage]
			v.Next = v.Items[itemsPage-1].Number
		}
		return nil
	})
	return v, err
}

// Batches lists a council's batches after one, the newest first.
func (d *Desk) Batches(ctx context.Context, who org.Actor, after string) (rows []Batch, next string, err error) {
	if !mayImport.Allows(who) {
		return nil, "", fault.New(fault.Forbidden, "imports.not_yours")
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		rows, err = batchesOf(ctx, tx, who.CouncilID, after, batchesPage+1)
		return err
	})
	if len(rows) > batchesPage {
		rows = rows[:batchesPage]
		next = rows[batchesPage-1].ID
	}
	return rows, next, err
}

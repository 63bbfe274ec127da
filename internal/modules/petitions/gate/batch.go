package gate

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// BatchState is where an invalidation of several petitions stands.
//
// vi: -
type BatchState string

// The states of a batch.
const (
	Drawn     BatchState = "drawn"   // waits for the head's decision
	Dropped   BatchState = "dropped" // not decided, and gone
	Running   BatchState = "running"
	Cancelled BatchState = "cancelled" // stopped half-way; what was done stays
	Done      BatchState = "done"
	UndoAsked BatchState = "undo_asked" // waits for a second person
	Undoing   BatchState = "undoing"
	Undone    BatchState = "undone"
)

// ItemState is what becomes of one petition of a batch.
//
// vi: -
type ItemState string

// The states of an item.
const (
	ItemPicked   ItemState = "picked"
	ItemExcluded ItemState = "excluded" // left out when the batch was drawn up
	ItemDone     ItemState = "done"
	ItemKept     ItemState = "kept" // somebody had worked on it meanwhile
	ItemRestored ItemState = "restored"
	ItemStuck    ItemState = "stuck" // could not be brought back by the program
)

// Limits of a batch.
const (
	batchMost   = 5_000
	similarMost = 500
	noteLeast   = 10
	noteMost    = 2_000
)

// Picked says which petitions a batch takes.
//
// vi: -
type Picked struct {
	By    Scope     `json:"by,omitempty"` // of the traces; empty when by likeness
	Mark  string    `json:"mark,omitempty"`
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	Like  string    `json:"like,omitempty"` // petition whose words are near
	One   string    `json:"one,omitempty"`  // a single petition
	Leave []string  `json:"leave,omitempty"`
}

// Batch is an invalidation of several petitions at once.
//
// vi: đợt loại bỏ kiến nghị lạm dụng
type Batch struct {
	ID          string           `db:"id"`
	CouncilID   string           `db:"council_id"`
	BodyID      string           `db:"body_id"`
	Reason      string           `db:"reason"`
	Note        string           `db:"note"`
	Picked      db.JSON[Picked]  `db:"picked"`
	State       BatchState       `db:"state"`
	DrawnBy     db.JSON[signing] `db:"drawn_by"`
	DrawnAt     db.Time          `db:"drawn_at"`
	DecidedBy   db.JSON[signing] `db:"decided_by"`
	DecidedAt   db.Time          `db:"decided_at"`
	EndedAt     db.Time          `db:"ended_at"`
	UndoNote    string           `db:"undo_note"`
	UndoAskedBy db.JSON[signing] `db:"undo_asked_by"`
	UndoAskedAt db.Time          `db:"undo_asked_at"`
	UndoBy      db.JSON[signing] `db:"undo_by"`
	UndoAt      db.Time          `db:"undo_at"`
}

// signing is the person in whose name something was decided, and is done later.
type signing struct{ org.Actor }

// same reports whether two are one person, also when one stands in for the other.
func (s signing) same(who org.Actor) bool {
	return s.PersonID == who.PersonID ||
		slices.ContainsFunc(s.Via, func(p org.Proxy) bool { return p.PersonID == who.PersonID }) ||
		slices.ContainsFunc(who.Via, func(p org.Proxy) bool { return p.PersonID == s.PersonID })
}

// Item is one petition of a batch.
//
// vi: -
type Item struct {
	ID    string    `db:"petition_id"`
	Code  string    `db:"code"`
	Title string    `db:"title"`
	State ItemState `db:"state"`
	Why   string    `db:"why"` // text key of the exclusion; empty for the others
	At    db.Time   `db:"at"`
}

// candidate is a petition that a batch may take.
type candidate struct {
	ID        string  `db:"id"`
	Code      string  `db:"code"`
	Title     string  `db:"title"`
	State     string  `db:"state"`
	Sealed    bool    `db:"sealed"`
	OpenedAt  db.Time `db:"opened_at"`
	Acts      int64   `db:"acts"`      // of people; reminders are the program's
	Elsewhere int64   `db:"elsewhere"` // live batches that have it already
}

// excluded is the text key of why a batch leaves it out; empty when it does not.
func (c candidate) excluded() string {
	switch {
	case c.Elsewhere > 0:
		return "gate.excluded_elsewhere"
	case c.State == "refused" || c.State == "split":
		return "gate.excluded_ended"
	case c.State != "received":
		return "gate.excluded_moved"
	case c.Acts > 1:
		return "gate.excluded_touched"
	}
	return ""
}

// Preview lists what a batch would take and what it would leave out.
func (d *Desk) Preview(ctx context.Context, who org.Actor, p Picked) (take, leave []Item, err error) {
	if err := allowed(mayDrawUp, who); err != nil {
		return nil, nil, err
	}
	ids := []string{p.One}
	if p.One == "" && p.Like != "" {
		if ids, err = d.Similar(ctx, who.CouncilID, p.Like, similarMost); err != nil {
			return nil, nil, err
		}
		ids = append(ids, p.Like)
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.One == "" && p.Like == "" {
			if column(p.By) == "" || p.Mark == "" {
				return fault.New(fault.Invalid, "gate.nothing_picked")
			}
			if ids, err = petitionsOfMark(ctx, tx, who.CouncilID, p, batchMost+1); err != nil {
				return err
			}
		}
		found, err := candidates(ctx, tx, who.CouncilID, ids)
		if err == nil && p.Like != "" && !slices.ContainsFunc(found, func(c candidate) bool { return c.ID == p.Like }) {
			return fault.New(fault.Missing, "gate.no_petition")
		}
		take, leave = nil, nil
		for _, c := range found {
			it := Item{ID: c.ID, Code: c.Code, Title: c.Title, At: c.OpenedAt, State: ItemPicked, Why: c.excluded()}
			if slices.Contains(p.Leave, c.ID) {
				it.Why = "gate.excluded_by_hand"
			}
			if it.Why != "" {
				it.State = ItemExcluded
				leave = append(leave, it)
			} else {
				take = append(take, it)
			}
		}
		return err
	})
	if err == nil && len(take)+len(leave) > batchMost {
		err = fault.New(fault.TooLarge, "gate.batch_large", "most", batchMost)
	}
	return take, leave, err
}

func checkReason(reason, note string) error {
	var faults []*fault.Fault
	if !knownReason(reason) {
		faults = append(faults, fault.New(fault.Invalid, "gate.reason_needed").At("reason"))
	}
	if n := utf8.RuneCountInString(note); n < noteLeast || n > noteMost {
		faults = append(faults, fault.New(fault.Invalid, "gate.note_needed", "min", noteLeast, "max", noteMost).At("note"))
	}
	return fault.Join(faults...)
}

// DrawUp writes down what is to be invalidated and why; a head who is another
// person decides. The same form sent again gives the same batch.
func (d *Desk) DrawUp(ctx context.Context, who org.Actor, p Picked, reason, note, once string) (string, error) {
	note = text.Clean(note)
	if err := checkReason(reason, note); err != nil {
		return "", err
	}
	if id, err := d.drawnBefore(ctx, who, once); err != nil || id != "" {
		return id, err
	}
	take, leave, err := d.Preview(ctx, who, p)
	if err != nil {
		return "", err
	}
	if len(take) == 0 {
		return "", fault.New(fault.Refused, "gate.nothing_taken")
	}
	now := d.Clock.Now()
	b := Batch{ID: db.NewID(now), CouncilID: who.CouncilID, BodyID: who.BodyID, Reason: reason, Note: note, State: Drawn, DrawnAt: db.At(now)}
	b.Picked.V, b.DrawnBy.V = p, signing{who}
	var id string
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		id = b.ID
		if once != "" {
			var err error
			if id, err = keepForm(ctx, tx, once, b.ID, db.At(now)); err != nil || id != b.ID {
				return err
			}
		}
		if err := insertBatch(ctx, tx, b); err != nil {
			return err
		}
		if err := insertItems(ctx, tx, b.ID, append(take, leave...), db.At(now)); err != nil {
			return err
		}
		return d.recordBatch(ctx, tx, b, who, "petitions.draw_up_invalidation", map[string]any{"taken": len(take), "left": len(leave), "picked": p})
	})
	return id, err
}

// drawnBefore gives the batch that the same form drew up already.
func (d *Desk) drawnBefore(ctx context.Context, who org.Actor, once string) (id string, err error) {
	if once == "" {
		return "", nil
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if id, err = batchOfForm(ctx, tx, once); err != nil || id == "" {
			return err
		}
		_, err = d.ownBatch(ctx, tx, who, id)
		return err
	})
	return id, err
}

func (d *Desk) recordBatch(ctx context.Context, tx *db.Tx, b Batch, who org.Actor, verb string, details map[string]any) error {
	if details == nil {
		details = map[string]any{}
	}
	details["reason"], details["note"] = b.Reason, b.Note
	_, err := d.Audit.Append(ctx, tx, audit.Entry{CouncilID: b.CouncilID, Subject: b.ID, Ref: b.ID, Verb: verb, At: d.Clock.Now(), Who: who, Details: details})
	return err
}

// ownBatch loads a batch of the person's council.
func (d *Desk) ownBatch(ctx context.Context, tx *db.Tx, who org.Actor, id string) (Batch, error) {
	b, err := batchOf(ctx, tx, id)
	if fault.Is(err, "db.no_row") || err == nil && b.CouncilID != who.CouncilID {
		return Batch{}, fault.New(fault.Missing, "gate.no_batch")
	}
	return b, err
}

// turn moves a batch on: one transaction, one entry in the log, and the job.
func (d *Desk) turn(ctx context.Context, who org.Actor, id string, right auth.Permission, verb string, to BatchState, move func(*Batch, time.Time) error, job string) error {
	if err := allowed(right, who); err != nil {
		return err
	}
	now := d.Clock.Now()
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		b, err := d.ownBatch(ctx, tx, who, id)
		if err != nil || b.State == to {
			return err // a second press: it is so already
		}
		from := b.State
		if err := move(&b, now); err != nil {
			return err
		}
		b.State = to
		if err := turnBatch(ctx, tx, b, from); err != nil {
			return err
		}
		if job != "" {
			if err := d.Queue.Enqueue(ctx, tx, jobs.Job{Kind: job, Key: id, Args: batchArgs{id}, CouncilID: b.CouncilID}); err != nil {
				return err
			}
		}
		return d.recordBatch(ctx, tx, b, who, verb, map[string]any{"undo_note": b.UndoNote})
	})
}

// Decide has a batch that was drawn up carried out.
func (d *Desk) Decide(ctx context.Context, who org.Actor, id string) error {
	return d.turn(ctx, who, id, mayInvalidate, "petitions.decide_invalidation", Running, func(b *Batch, now time.Time) error {
		if b.State != Drawn {
			return fault.New(fault.Conflict, "gate.batch_moved")
		}
		if b.DrawnBy.V.same(who) {
			return fault.New(fault.Refused, "gate.four_eyes")
		}
		b.DecidedBy.V, b.DecidedAt = signing{who}, db.At(now)
		return nil
	}, invalidateKind)
}

// Drop lays a batch aside that was not decided.
func (d *Desk) Drop(ctx context.Context, who org.Actor, id string) error {
	return d.turn(ctx, who, id, mayDrawUp, "petitions.drop_invalidation", Dropped, func(b *Batch, now time.Time) error {
		if b.State != Drawn {
			return fault.New(fault.Conflict, "gate.batch_moved")
		}
		b.EndedAt = db.At(now)
		return nil
	}, "")
}

// Cancel stops a batch after the petition at hand; what was done stays.
func (d *Desk) Cancel(ctx context.Context, who org.Actor, id string) error {
	return d.turn(ctx, who, id, mayInvalidate, "petitions.cancel_invalidation", Cancelled, func(b *Batch, now time.Time) error {
		if b.State != Running {
			return fault.New(fault.Conflict, "gate.batch_moved")
		}
		b.EndedAt = db.At(now)
		return nil
	}, "")
}

// AskUndo asks for everything a batch did to be brought back.
func (d *Desk) AskUndo(ctx context.Context, who org.Actor, id, note string) error {
	note = text.Clean(note)
	if n := utf8.RuneCountInString(note); n < noteLeast || n > noteMost {
		return fault.New(fault.Invalid, "gate.note_needed", "min", noteLeast, "max", noteMost).At("note")
	}
	return d.turn(ctx, who, id, mayDrawUp, "petitions.ask_undo", UndoAsked, func(b *Batch, now time.Time) error {
		if b.State != Done && b.State != Cancelled {
			return fault.New(fault.Conflict, "gate.batch_moved")
		}
		l := d.limits(now)
		if now.Sub(b.EndedAt.Time) > l.UndoWithin {
			return fault.New(fault.Refused, "gate.undo_late", "days", int(l.UndoWithin/(24*time.Hour)))
		}
		b.UndoNote, b.UndoAskedBy.V, b.UndoAskedAt = note, signing{who}, db.At(now)
		return nil
	}, "")
}

// Undo has what a batch did brought back, when another person asked for it.
func (d *Desk) Undo(ctx context.Context, who org.Actor, id string) error {
	return d.turn(ctx, who, id, mayInvalidate, "petitions.undo_invalidation", Undoing, func(b *Batch, now time.Time) error {
		if b.State != UndoAsked {
			return fault.New(fault.Conflict, "gate.batch_moved")
		}
		if b.UndoAskedBy.V.same(who) {
			return fault.New(fault.Refused, "gate.four_eyes")
		}
		b.UndoBy.V, b.UndoAt = signing{who}, db.At(now)
		return nil
	}, undoKind)
}

// Invalidate takes a single held petition out: a batch of one, done at once.
func (d *Desk) Invalidate(ctx context.Context, who org.Actor, id, reason, note string) error {
	note = text.Clean(note)
	if err := allowed(mayInvalidate, who); err != nil {
		return err
	}
	if err := checkReason(reason, note); err != nil {
		return err
	}
	err := d.DB.Read(ctx, func(tx *db.Tx) error {
		h, err := d.ownHeld(ctx, tx, who, id)
		if err == nil && h.State == Let {
			return fault.New(fault.Conflict, "gate.hold_ended")
		}
		return err
	})
	if err != nil {
		return err
	}
	done, err := d.Refuse(ctx, who, id, reason, note)
	if err != nil {
		return err
	}
	if !done {
		return fault.New(fault.Conflict, "gate.touched")
	}
	now := d.Clock.Now()
	b := Batch{ID: db.NewID(now), CouncilID: who.CouncilID, BodyID: who.BodyID, Reason: reason, Note: note, State: Done, DrawnAt: db.At(now), DecidedAt: db.At(now), EndedAt: db.At(now)}
	b.Picked.V, b.DrawnBy.V, b.DecidedBy.V = Picked{One: id}, signing{who}, signing{who}
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		h, err := d.ownHeld(ctx, tx, who, id)
		if err != nil || h.State == Invalidated {
			return err // a second press: it is so already
		}
		if err := endHold(ctx, tx, id, Invalidated, db.At(now), who.PersonID); err != nil {
			return err
		}
		if err := insertBatch(ctx, tx, b); err != nil {
			return err
		}
		if err := insertItems(ctx, tx, b.ID, []Item{{ID: id, State: ItemDone}}, db.At(now)); err != nil {
			return err
		}
		return d.recordBatch(ctx, tx, b, who, "petitions.invalidate", map[string]any{"petition": h.Code})
	})
}

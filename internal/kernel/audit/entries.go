package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"example.vn/hdnd/internal/kernel/db"
)

// Filter chooses entries for the log screen. Empty fields choose nothing away;
// who may see which council's log is decided before.
type Filter struct {
	CouncilID string
	Subject   string
	Ref       string
	Verb      string // a verb, or all of a module with "petitions."
	PersonID  string
	BodyID    string
	From, To  time.Time // From ≤ at < To
	// Sealed shows the sealed entries too: only for those who are named for
	// the case.
	Sealed bool
}

// Page asks for the next entries; After is the Next of the page before.
type Page struct {
	After string
	Limit int // at most pageMax
}

const pageMax = 200

// Record is an entry as people read it.
type Record struct {
	ID        string
	CouncilID string
	Subject   string
	Ref       string
	Verb      string
	At        time.Time
	PersonID  string
	PostID    string
	BodyID    string
	Who       Doer
	Address   string
	Papers    []string
	Details   map[string]any // nil once erased
	Sealed    bool
	Erased    bool
	Position  int64 // place in the tree, from 0; −1 while it waits
	Leaf      Leaf
}

// Entries reads one page of the log, newest first. next is empty at the end.
func (l *Log) Entries(ctx context.Context, tx *db.Tx, f Filter, p Page) (all []Record, next string, err error) {
	limit := p.Limit
	if limit < 1 || limit > pageMax {
		limit = pageMax
	}
	rows, err := filtered(ctx, tx, f, p.After, limit+1)
	if err != nil {
		return nil, "", err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	for i := range rows {
		rec, err := rows[i].record()
		if err != nil {
			return nil, "", err
		}
		all = append(all, rec)
	}
	return all, next, nil
}

// Entry reads one entry.
func (l *Log) Entry(ctx context.Context, tx *db.Tx, id string) (Record, error) {
	r, err := entryByID(ctx, tx, id)
	if err != nil {
		return Record{}, err
	}
	return r.record()
}

func (r *row) record() (Record, error) {
	rec := Record{ID: r.ID, CouncilID: r.CouncilID, Subject: r.Subject, Ref: r.Ref, Verb: r.Verb, At: r.At.Time,
		PersonID: r.PersonID, PostID: r.PostID, BodyID: r.BodyID, Address: r.Address, Sealed: r.Sealed, Erased: r.erased(),
		Position: r.Position, Leaf: Leaf{ID: r.ID, Hash: asHash(r.Hash), JSON: r.Leaf}}
	err := errors.Join(json.Unmarshal([]byte(r.Actor), &rec.Who), json.Unmarshal([]byte(r.Papers), &rec.Papers))
	if !rec.Erased {
		err = errors.Join(err, json.Unmarshal([]byte(r.Details), &rec.Details))
	}
	if err != nil {
		return Record{}, fmt.Errorf("audit: entry %s: %w", r.ID, err)
	}
	return rec, nil
}

// Published is a leaf as the public may have it. JSON is empty for one that was
// sealed before sealed entries left the tree: its hash alone stands there.
type Published struct {
	Position int64
	Leaf     Leaf
}

// Leaves reads the leaves from a place on, for the public page and for mirrors
// that keep their own copy of the tree.
func (l *Log) Leaves(ctx context.Context, from int64, n int) ([]Published, error) {
	var out []Published
	err := l.db.Read(ctx, func(tx *db.Tx) error {
		rows, err := placed(ctx, tx, max(from, 0), max(from, 0)+int64(min(n, verifyChunk)))
		for i := range rows {
			r := &rows[i]
			p := Published{Position: r.Position, Leaf: Leaf{Hash: asHash(r.Hash)}}
			if !r.Sealed {
				p.Leaf.ID, p.Leaf.JSON = r.ID, r.Leaf
			}
			out = append(out, p)
		}
		return err
	})
	return out, err
}

package search

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"time"

	"example.vn/hdnd/internal/kernel/db"
)

// How a node follows the changes.
//
// search_changes numbers its rows, but on PostgreSQL a number is given before
// its transaction commits, so 8 may be seen before 7. A node therefore never
// asks only for what is greater than the last: it notes every number that was
// missing (7) as late, looks for it in each following round, and gives it up
// only when every transaction that was open when it was noted has ended, which
// PostgreSQL tells exactly (a rolled-back transaction leaves a number unused
// for ever). Only `low`, below which nothing is late, is written down; after a
// restart the node reads on from there. Reading a change twice does no harm.
//
// Rows are kept keepChanges long. A node that was away longer finds that
// pruned_to has passed its low, and builds its index anew. So does a node whose
// database is another than before: restored from a backup, or replaced.
const (
	keepChanges = 3 * 24 * time.Hour
	pageLen     = 1000
	loadLen     = 500
	// lateRounds is for the instant between a number's being drawn and its
	// transaction's becoming visible as open.
	lateRounds = 40
	// settled is how long ago a transaction must have begun to be taken as
	// ended when a rebuild chooses where to read on from.
	settled = 10 * time.Minute
)

// errStrange says that the index does not belong to this database's present state.
var errStrange = errors.New("search: index and database have parted")

// place is how far a shelf has followed the changes.
type place struct {
	low      int64 // all up to here are in
	max      int64 // the highest seen
	late     map[int64]*lateness
	identity int64
	anchor   string // the last row up to low, to notice another past
	checked  bool
}

type lateness struct {
	until  int64 // transactions from here on came after
	rounds int
}

func anchorOf(c change) string {
	if c.Seq == 0 {
		return ""
	}
	return fmt.Sprintf("%d %s %s %d", c.Seq, c.Kind, c.ID, c.At.UnixMicro())
}

// check compares the place with the database once after opening.
func (p *place) check(ctx context.Context, tx *db.Tx) error {
	if p.checked {
		return nil
	}
	identity, err := mark(ctx, tx, "identity")
	if err != nil {
		return err
	}
	pruned, err := mark(ctx, tx, "pruned_to")
	if err != nil {
		return err
	}
	last, err := lastChange(ctx, tx, p.low)
	if err != nil {
		return err
	}
	if identity != p.identity || pruned > p.low || p.anchor != "" && anchorOf(last) != p.anchor {
		return errStrange
	}
	p.checked = true
	return nil
}

// begin sets the place for a rebuild that starts now: before every change
// whose transaction may not yet have ended.
func begin(ctx context.Context, tx *db.Tx, now time.Time) (place, error) {
	p := place{checked: true}
	var err error
	if p.identity, err = mark(ctx, tx, "identity"); err != nil {
		return p, err
	}
	pruned, err := mark(ctx, tx, "pruned_to")
	if err != nil {
		return p, err
	}
	if p.low, err = lastSeqBefore(ctx, tx, now.Add(-settled)); err != nil {
		return p, err
	}
	p.low = max(p.low, pruned)
	p.max = p.low
	return p, nil
}

// next reads a page of changes and those late ones that have come. The place
// moves only when the caller says so by advance.
func (p *place) next(ctx context.Context, tx *db.Tx) (step, error) {
	var st step
	var err error
	if st.edge, err = edge(ctx, tx); err != nil {
		return st, err
	}
	if st.rows, err = changesAfter(ctx, tx, p.max, pageLen); err != nil {
		return st, err
	}
	st.full = len(st.rows) == pageLen
	st.fresh = len(st.rows)
	late := p.lateSeqs()
	for len(late) > 0 {
		n := min(lateMax, len(late))
		found, err := changesAt(ctx, tx, late[:n])
		if err != nil {
			return st, err
		}
		st.rows = append(st.rows, found...)
		late = late[n:]
	}
	st.low = p.lowAfter(st)
	last, err := lastChange(ctx, tx, st.low)
	st.anchor = anchorOf(last)
	st.exact = tx.Dialect() == db.SQLite
	return st, err
}

// step is what one round read.
type step struct {
	rows   []change
	fresh  int // of rows, those beyond max; the others were late
	full   bool
	exact  bool // numbers come in order here
	edge   snapshotEdge
	low    int64
	anchor string
}

func (p *place) lateSeqs() []int64 {
	seqs := make([]int64, 0, len(p.late))
	for s := range p.late {
		seqs = append(seqs, s)
	}
	sort.Slice(seqs, func(i, j int) bool { return seqs[i] < seqs[j] })
	return seqs
}

// lowAfter is a low that is safe after st: below every number late before it or in it.
func (p *place) lowAfter(st step) int64 {
	seqs := p.lateSeqs()
	if len(seqs) > 0 {
		return seqs[0] - 1
	}
	low := p.max
	for _, c := range st.rows[:st.fresh] {
		if c.Seq != low+1 {
			break
		}
		low = c.Seq
	}
	return low
}

// holeMax bounds how many missing numbers between two rows are waited for. A
// crash of PostgreSQL leaves 32 unused; more than this is a hand-made leap.
const holeMax = 100_000

// advance moves the place past what st read.
func (p *place) advance(st step) {
	if p.late == nil {
		p.late = make(map[int64]*lateness)
	}
	for _, c := range st.rows[st.fresh:] {
		delete(p.late, c.Seq)
	}
	for seq, l := range p.late {
		if l.rounds++; l.rounds >= lateRounds && st.edge.Oldest >= l.until {
			delete(p.late, seq)
		}
	}
	for _, c := range st.rows[:st.fresh] {
		if !st.exact && c.Seq-p.max <= holeMax {
			for seq := p.max + 1; seq < c.Seq; seq++ {
				p.late[seq] = &lateness{until: st.edge.Next}
			}
		}
		p.max = c.Seq
	}
	p.low, p.anchor = max(p.low, st.low), st.anchor
	if len(p.late) == 0 && st.exact {
		p.low = p.max
		if st.fresh > 0 {
			p.anchor = anchorOf(st.rows[st.fresh-1])
		}
	}
}

// load reads the documents that st's changes speak of, in the same view.
func (ix *Index) load(ctx context.Context, tx *db.Tx, st step) (batch, error) {
	wanted := make(map[string][]string)
	seen := make(map[[2]string]bool)
	var b batch
	for _, c := range st.rows {
		k := [2]string{c.Kind, c.ID}
		if ix.source(c.Kind) == nil || seen[k] {
			continue
		}
		seen[k] = true
		wanted[c.Kind] = append(wanted[c.Kind], c.ID)
		b.keys = append(b.keys, k)
	}
	for kind, ids := range wanted {
		src := ix.source(kind)
		for len(ids) > 0 {
			n := min(loadLen, len(ids))
			docs, err := src.Load(ctx, tx, ids[:n])
			if err != nil {
				return b, fmt.Errorf("search: load %s: %w", kind, err)
			}
			for _, d := range docs {
				d.Kind = kind
				if seen[[2]string{kind, d.ID}] {
					b.docs = append(b.docs, d)
				}
			}
			ids = ids[n:]
		}
	}
	return b, nil
}

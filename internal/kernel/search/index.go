package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

// Index is a node's copy of everything that can be found.
type Index struct {
	db      *db.DB
	clock   clock.Clock
	dir     *folder
	sources []Source

	mu    sync.Mutex // one writer at a time; searches do not wait for it
	shelf *shelf

	viewMu sync.Mutex
	view   *view
	rare   rarities

	wake     chan struct{}
	caughtUp atomic.Bool
	rebuild  atomic.Bool // asked for
	busy     atomic.Bool // a rebuild is running
	merging  atomic.Bool
	tasks    sync.WaitGroup
}

// Open opens the index in folder dir, in milliseconds whatever its size. A
// folder that is new, damaged or of another version is no error: the index
// answers with what it has, and Run builds it anew. One process has a folder
// at a time.
func Open(dir string, d *db.DB, c clock.Clock) (*Index, error) {
	ix := &Index{db: d, clock: c, dir: &folder{path: dir}, wake: make(chan struct{}, 1)}
	if err := ix.dir.take(); err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	slots, p, err := ix.dir.load()
	ix.shelf = &shelf{dir: ix.dir, lex: newLexer(), slots: slots, place: p}
	if err != nil {
		ix.rebuild.Store(true)
		slog.Info("search: the index will be built anew", "why", err)
	}
	ix.publish()
	return ix, nil
}

// Serve adds sources. Call it before Run.
func (ix *Index) Serve(sources ...Source) { ix.sources = append(ix.sources, sources...) }

func (ix *Index) source(kind string) Source {
	for _, s := range ix.sources {
		if s.Kind() == kind {
			return s
		}
	}
	return nil
}

// Changed notes, in the caller's transaction, that a document was made,
// changed or removed. It can be found, or no more, within a second of the commit.
func (ix *Index) Changed(ctx context.Context, tx *db.Tx, kind, id string) error {
	if err := insertChange(ctx, tx, kind, id, ix.clock.Now()); err != nil {
		return err
	}
	tx.AfterCommit(ix.nudge)
	return nil
}

func (ix *Index) nudge() {
	select {
	case ix.wake <- struct{}{}:
	default: // awake already
	}
}

// CaughtUp reports that the index holds everything that was in the database
// when the node started; until then the node is not ready.
func (ix *Index) CaughtUp() bool { return ix.caughtUp.Load() }

// Docs is how many documents can be found.
func (ix *Index) Docs() int {
	v := ix.acquire()
	defer v.release()
	return v.docs
}

// publish makes the shelf's present state what searches see. Callers hold mu.
func (ix *Index) publish() {
	v := newView(slices.Clone(ix.shelf.slots))
	v.rare = &ix.rare
	v.hold()
	ix.viewMu.Lock()
	old := ix.view
	ix.view = v
	ix.viewMu.Unlock()
	if old != nil {
		old.release()
	}
}

func (ix *Index) acquire() *view {
	ix.viewMu.Lock()
	defer ix.viewMu.Unlock()
	ix.view.hold()
	return ix.view
}

// Search finds documents. No text is a wrong query; an empty one finds nothing.
func (ix *Index) Search(ctx context.Context, q Query) (res Result, err error) {
	err = ix.look(func(v *view, sc *scratch) error {
		res, err = v.search(ctx, sc, q)
		return err
	})
	return res, err
}

// Similar finds up to n documents that pass the filter and speak of the same
// thing as text, most alike first. It is blind to the document the text may be of.
func (ix *Index) Similar(ctx context.Context, text string, f Filter, n int) (hits []Hit, err error) {
	if n = min(n, similarMax); n <= 0 {
		return nil, nil
	}
	err = ix.look(func(v *view, sc *scratch) error {
		hits, err = v.similar(ctx, sc, text, f, n)
		return err
	})
	return hits, err
}

// look runs fn on the present view. A file that turns out damaged, or that the
// disk can no longer read, is dropped, and the index built anew behind.
func (ix *Index) look(fn func(*view, *scratch) error) (err error) {
	v := ix.acquire()
	sc, ok := pool.Get().(*scratch)
	if !ok {
		sc = &scratch{lex: newLexer()}
	}
	old := debug.SetPanicOnFault(true) // a mapped page that cannot be read faults
	defer func() {
		debug.SetPanicOnFault(old)
		if r := recover(); r != nil {
			re, ok := r.(runtime.Error)
			if !ok {
				panic(r)
			}
			slog.Error("search: index cannot be read", "err", re)
			for _, s := range v.slots {
				s.seg.damaged.Store(s.seg.damaged.Load() || s.seg.fileName != "" && !readable(s.seg))
			}
			err = fault.New(fault.Unavailable, "search.unavailable").Because(re)
		} else {
			pool.Put(sc) // after a panic its sums are not clean
		}
		ix.distrust(v)
		v.release()
	}()
	return fn(v, sc)
}

// readable reports whether the segment's bytes are what was written.
func readable(s *segment) (ok bool) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	return s.sound()
}

// distrust drops the view's damaged segments and asks for a rebuild.
func (ix *Index) distrust(v *view) {
	for _, s := range v.slots {
		if !s.seg.damaged.Load() {
			continue
		}
		seg := s.seg
		ix.tasks.Go(func() { // the search that found it does not wait for the writer
			ix.mu.Lock()
			defer ix.mu.Unlock()
			if ix.shelf.drop(seg) {
				slog.Error("search: dropped a damaged segment", "file", seg.fileName)
				ix.publish()
				ix.caughtUp.Store(false)
				ix.rebuild.Store(true)
				ix.nudge()
			}
		})
		seg.damaged.Store(false) // said once
	}
}

// search answers one query on this view.
func (v *view) search(ctx context.Context, sc *scratch, q Query) (Result, error) {
	limit, offset := q.Limit, min(max(q.Offset, 0), offsetMax)
	if limit <= 0 {
		limit = 20
	}
	limit = min(limit, limitMax)
	p := parse(sc.lex, q.Text, q.Typing)
	if len(p.words) == 0 {
		return Result{}, nil
	}
	pass := v.pass(q.Filter)
	if pass == nil {
		return Result{}, nil
	}
	list, total, err := v.ordered(ctx, sc, p, pass, q, offset+limit)
	if err != nil {
		return Result{}, err
	}
	res := Result{Total: total}
	m := newMarker(sc.lex, p)
	for _, f := range list[min(offset, len(list)):] {
		res.Hits = append(res.Hits, m.show(v.slots[f.slot].seg.doc(f.doc), f.score))
	}
	return res, nil
}

// ordered finds the first n matches in the order that is asked for.
func (v *view) ordered(ctx context.Context, sc *scratch, p parsed, pass []bitset, q Query, n int) ([]found, int, error) {
	if !q.Closely || q.Order != ByRelevance {
		return v.match(ctx, sc, p, pass, q.Order, n)
	}
	list, total, err := v.candidates(ctx, sc, p, pass, max(n, closelyMost))
	if err != nil {
		return nil, 0, err
	}
	if c := newClosely(v, pass, sc.lex, shorten(q.Text)); c != nil {
		c.rank(v, list[:min(closelyMost, len(list))])
	}
	return list[:min(n, len(list))], total, nil
}

// match tries a short query with all its words first.
func (v *view) match(ctx context.Context, sc *scratch, p parsed, pass []bitset, order Order, n int) ([]found, int, error) {
	if len(p.words) <= strictMax {
		if pl := newPlan(v, pass, p, true); pl != nil {
			if list, total, err := pl.run(ctx, sc, order, n); err != nil || total > 0 {
				return list, total, err
			}
		}
	}
	pl := newPlan(v, pass, p, false)
	if pl == nil {
		return nil, 0, nil
	}
	return pl.run(ctx, sc, order, n)
}

// Close saves and lets the files go. Call it after Run has returned.
func (ix *Index) Close() error {
	ix.tasks.Wait()
	ix.mu.Lock()
	defer ix.mu.Unlock()
	var err error
	if !ix.shelf.unsaid.IsZero() {
		err = ix.shelf.save()
	}
	for _, s := range ix.shelf.slots {
		s.seg.release()
	}
	ix.shelf.slots = nil
	ix.publish()
	return errors.Join(err, ix.dir.leave())
}

// saveAfter is how long changes may stay unsaved; until then a restart reads
// them from the database again.
const saveAfter = time.Minute

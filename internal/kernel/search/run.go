package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"example.vn/hdnd/internal/kernel/db"
)

const (
	pollEvery  = 500 * time.Millisecond // for changes made on other nodes
	breath     = 25 * time.Millisecond  // lets changes that come thick be read together
	pruneEvery = 7_200                  // polls: about an hour
	pruneLen   = 5_000
)

// Run follows the database until ctx ends: reads changes at most pollEvery
// after they were made elsewhere and at once when they were made here, saves,
// merges, and builds anew when it must.
func (ix *Index) Run(ctx context.Context) {
	ix.tasks.Go(ix.verify)
	failing := false
	for polls := 0; ctx.Err() == nil; polls++ {
		if ix.rebuild.Load() && ix.busy.CompareAndSwap(false, true) {
			ix.tasks.Go(func() { ix.rebuildBehind(ctx) })
		}
		more, err := ix.round(ctx)
		switch {
		case errors.Is(err, errStrange):
			slog.Warn("search: building anew", "why", err)
			ix.rebuild.Store(true)
		case err != nil && ctx.Err() == nil:
			if !failing {
				slog.Error("search: cannot follow the database; trying on", "err", err)
			}
		case err == nil && failing:
			slog.Info("search: following the database again")
		}
		failing = err != nil
		if !more || err != nil {
			ix.pause(ctx)
		}
		ix.tend(ctx)
		if polls%pruneEvery == pruneEvery-1 {
			if err := ix.Prune(ctx); err != nil {
				slog.Error("search: pruning changes", "err", err)
			}
		}
	}
	ix.tasks.Wait()
}

// pause waits for a poll's time or a nudge.
func (ix *Index) pause(ctx context.Context) {
	tick := time.NewTimer(pollEvery)
	defer tick.Stop()
	select {
	case <-ctx.Done():
		return
	case <-tick.C:
		return
	case <-ix.wake:
	}
	rest := time.NewTimer(breath)
	defer rest.Stop()
	select {
	case <-ctx.Done():
	case <-rest.C:
	}
}

// round reads one page of changes; more says that another is waiting.
func (ix *Index) round(ctx context.Context) (more bool, err error) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if ix.shelf.place.identity == 0 {
		return false, nil // nothing to add to yet: the rebuild will bring it all
	}
	changed, more, err := ix.follow(ctx, ix.shelf)
	if err != nil {
		return false, err
	}
	if changed {
		ix.publish()
	}
	if !more && !ix.rebuild.Load() && !ix.busy.Load() {
		ix.caughtUp.Store(true)
	}
	return more, nil
}

// follow brings one shelf a page further.
func (ix *Index) follow(ctx context.Context, sh *shelf) (changed, more bool, err error) {
	var st step
	var b batch
	err = ix.db.Read(ctx, func(tx *db.Tx) (err error) {
		if err = sh.place.check(ctx, tx); err != nil {
			return err
		}
		if st, err = sh.place.next(ctx, tx); err != nil {
			return err
		}
		b, err = ix.load(ctx, tx, st)
		return err
	})
	if err != nil {
		return false, false, err
	}
	if err := sh.apply(b, ix.clock.Now()); err != nil {
		return false, false, err
	}
	sh.place.advance(st)
	return len(b.keys) > 0, st.full, nil
}

// CatchUp reads all changes that are waiting, and builds the index first if it
// must. Run does this by itself; tests and the demonstration call it to be sure.
func (ix *Index) CatchUp(ctx context.Context) error {
	for {
		if ix.rebuild.Load() {
			if err := ix.Rebuild(ctx); err != nil {
				return err
			}
		}
		more, err := ix.round(ctx)
		if errors.Is(err, errStrange) {
			ix.rebuild.Store(true)
			continue
		}
		if err != nil || !more {
			return err
		}
	}
}

// verify reads the files through once, for damage that opening does not see.
func (ix *Index) verify() {
	v := ix.acquire()
	defer v.release()
	for _, s := range v.slots {
		if s.seg.fileName != "" && !readable(s.seg) {
			s.seg.damaged.Store(true)
		}
	}
	ix.distrust(v)
}

// tend saves and merges when it is time.
func (ix *Index) tend(ctx context.Context) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	sh := ix.shelf
	_, young := sh.young()
	if !sh.unsaid.IsZero() && (young >= youngMax || ix.clock.Now().Sub(sh.unsaid) >= saveAfter) {
		if err := sh.save(); err != nil {
			slog.Error("search: saving the index; trying on", "err", err)
			sh.unsaid = ix.clock.Now()
			return
		}
		ix.publish()
	}
	group := sh.crowd(func(s *slot) bool { return s.seg.fileName != "" })
	if group == nil {
		group = sh.rot(ix.clock.Now())
	}
	if group != nil && !ix.busy.Load() && ix.merging.CompareAndSwap(false, true) {
		for _, s := range group {
			s.seg.hold()
		}
		ix.tasks.Go(func() { ix.mergeBehind(ctx, sh, group) })
	}
}

// mergeBehind merges files while changes and searches go on.
func (ix *Index) mergeBehind(ctx context.Context, sh *shelf, group []*slot) {
	defer ix.merging.Store(false)
	defer func() {
		for _, s := range group {
			s.seg.release()
		}
	}()
	seg, m, err := sh.mergeFiles(group)
	if err != nil {
		slog.Error("search: merging", "err", err)
		ix.distrust(newView(group))
		return
	}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if ix.shelf != sh || ctx.Err() != nil || !sh.adopt(group, seg, m, ix.clock.Now()) {
		sh.letGo(seg)
		return
	}
	if err := sh.save(); err != nil {
		slog.Error("search: saving the index; trying on", "err", err)
	}
	ix.publish()
}

// mergeFiles writes the merged segment. Damaged parts are found first, so that
// damage does not spread under a fresh checksum.
func (sh *shelf) mergeFiles(group []*slot) (*segment, *merging, error) {
	for _, s := range group {
		if !readable(s.seg) {
			s.seg.damaged.Store(true)
			return nil, nil, errDamaged
		}
	}
	m := newMerging(group)
	seg, err := sh.dir.writeSegment(m.docs, m.fill)
	if err == nil && !m.sound() {
		sh.letGo(seg)
		err = errDamaged
	}
	return seg, m, err
}

// adopt puts a merged segment in its parts' place and buries in it what died
// while it was written; false if the parts are no longer there.
func (sh *shelf) adopt(group []*slot, seg *segment, m *merging, at time.Time) bool {
	by := &slot{seg: seg}
	var now []*slot
	for i, old := range group {
		for _, s := range sh.slots {
			if s.seg != old.seg {
				continue
			}
			now = append(now, s)
			for doc, to := range m.parts[i].renum {
				if to == gone || s.dead == nil || !s.dead.has(uint32(doc)) {
					continue
				}
				if by.dead == nil {
					by.dead, by.since = newBitset(seg.docs), at
				}
				by.dead.add(to)
				by.gone++
			}
		}
	}
	if len(now) != len(group) {
		return false
	}
	sh.replace(now, by)
	return true
}

// rebuildBehind rebuilds until it succeeds or the program ends.
func (ix *Index) rebuildBehind(ctx context.Context) {
	defer ix.busy.Store(false)
	err := ix.Rebuild(ctx)
	if err != nil && ctx.Err() == nil {
		slog.Error("search: building the index; trying again", "err", err)
	}
}

// Rebuild makes the index anew from the database while the present one goes on
// answering and following.
func (ix *Index) Rebuild(ctx context.Context) error {
	ix.rebuild.Store(false) // asked for again while it runs: then once more
	sh := &shelf{dir: ix.dir, lex: newLexer()}
	err := ix.stock(ctx, sh)
	if err == nil {
		err = ix.swap(ctx, sh)
	}
	if err != nil {
		sh.close()
		ix.rebuild.Store(true)
		return fmt.Errorf("search: rebuild: %w", err)
	}
	ix.nudge()
	return nil
}

// stock fills an empty shelf with all there is.
func (ix *Index) stock(ctx context.Context, sh *shelf) error {
	err := ix.db.Read(ctx, func(tx *db.Tx) (err error) {
		sh.place, err = begin(ctx, tx, ix.clock.Now())
		return err
	})
	if err != nil {
		return err
	}
	bl := newBuilder(sh.lex)
	for _, src := range ix.sources {
		for after := ""; ; {
			var docs []Doc
			err := ix.db.Read(ctx, func(tx *db.Tx) (err error) {
				docs, err = src.All(ctx, tx, after, pageLen)
				return err
			})
			if err != nil {
				return err
			}
			if len(docs) == 0 {
				break
			}
			for _, d := range docs {
				d.Kind = src.Kind()
				bl.add(d)
			}
			if last := docs[len(docs)-1].ID; last == after {
				return fmt.Errorf("source %s gave document %q twice", src.Kind(), last)
			} else {
				after = last
			}
			if bl.docs >= builderMax || len(bl.store) >= builderBig {
				if err := sh.shelve(bl); err != nil {
					return err
				}
				bl = newBuilder(sh.lex)
			}
		}
	}
	return sh.shelve(bl)
}

// shelve writes a full builder and merges what has become too many.
func (sh *shelf) shelve(bl *builder) error {
	if bl.docs == 0 {
		return nil
	}
	seg, err := sh.dir.writeSegment(bl.docs, bl.fill)
	if err != nil {
		return err
	}
	sh.slots = append(sh.slots, &slot{seg: seg})
	for {
		group := sh.crowd(func(*slot) bool { return true })
		if group == nil {
			return nil
		}
		seg, m, err := sh.mergeFiles(group)
		if err != nil {
			return err
		}
		sh.adopt(group, seg, m, time.Time{}) // nothing dies while a shelf is stocked
	}
}

// swap lets the new shelf catch up with the changes and puts it in place.
func (ix *Index) swap(ctx context.Context, sh *shelf) error {
	for more := true; more; {
		var err error
		if _, more, err = ix.follow(ctx, sh); err != nil {
			return err
		}
	}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	for more := true; more; {
		var err error
		if _, more, err = ix.follow(ctx, sh); err != nil {
			return err
		}
	}
	if err := sh.save(); err != nil {
		return err
	}
	old := ix.shelf
	ix.shelf = sh
	ix.publish()
	old.close()
	return nil
}

// Prune deletes changes that every node should have read long ago. Run does it hourly.
func (ix *Index) Prune(ctx context.Context) error {
	ix.mu.Lock()
	low := ix.shelf.place.low
	ix.mu.Unlock()
	for {
		var n int64
		err := ix.db.Tx(ctx, func(tx *db.Tx) (err error) {
			n, err = prune(ctx, tx, low, ix.clock.Now().Add(-keepChanges), pruneLen)
			return err
		})
		if err != nil || n < pruneLen {
			return err
		}
	}
}

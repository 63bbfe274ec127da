package search

import (
	"fmt"
	"math/bits"
	"time"
)

// A shelf is one whole index: its slots and how far it has followed the
// changes. Young slots are in memory; save writes them to the folder. A shelf
// is not for two goroutines at once; searches use the views it gives.
type shelf struct {
	dir    *folder
	lex    *lexer
	slots  []*slot
	place  place
	unsaid time.Time // since when something is not saved; zero: nothing
}

// batch is what one round changes: the keys, and the documents they now have.
type batch struct {
	keys [][2]string
	docs []Doc
}

const (
	youngMax   = 4096 // documents in memory before they are written
	tierShift  = 3    // slots of one tier differ less than eightfold
	tierMax    = 6    // slots of one tier before they are merged
	deadShare  = 5    // a slot with more than 1/5 dead is written anew
	deadLeast  = 500
	builderMax = 20_000 // documents one builder takes
	builderBig = 64 << 20
)

// apply puts a batch in.
func (sh *shelf) apply(b batch, now time.Time) error {
	if len(b.keys) == 0 {
		return nil
	}
	fresh := make(map[*segment]bool)
	for _, k := range b.keys {
		sh.bury(k[0], k[1], fresh, now)
	}
	if len(b.docs) > 0 {
		bl := newBuilder(sh.lex)
		seen := make(map[string]bool)
		for _, d := range b.docs {
			if key := keyTerm(d.Kind, d.ID); !seen[key] {
				seen[key] = true
				bl.add(d)
			}
		}
		seg, err := bl.segment()
		if err != nil {
			return err
		}
		sh.slots = append(sh.slots, &slot{seg: seg})
	}
	if sh.unsaid.IsZero() {
		sh.unsaid = now
	}
	return sh.mergeYoung()
}

// bury marks a document dead wherever it stands. Slots are shared with views,
// so the first change of a batch to a slot makes a new one; fresh knows which.
func (sh *shelf) bury(kind, id string, fresh map[*segment]bool, now time.Time) {
	for i, s := range sh.slots {
		doc, ok := s.seg.place(kind, id)
		if !ok || s.dead != nil && s.dead.has(doc) {
			continue
		}
		if !fresh[s.seg] {
			fresh[s.seg] = true
			s = &slot{seg: s.seg, dead: s.dead.clone(), gone: s.gone, since: s.since}
			if s.dead == nil {
				s.dead, s.since = newBitset(s.seg.docs), now
			}
			sh.slots[i] = s
		}
		s.dead.add(doc)
		s.gone++
	}
}

// tier sorts slots by size.
func tier(docs int) int { return bits.Len(uint(docs)) / tierShift }

// mergeYoung keeps the number of slots in memory small.
func (sh *shelf) mergeYoung() error {
	for {
		group := sh.crowd(func(s *slot) bool { return s.seg.fileName == "" })
		if group == nil {
			return nil
		}
		m := newMerging(group)
		seg, err := inMemory(m.docs, m.fill)
		if err != nil {
			return err
		}
		sh.replace(group, &slot{seg: seg})
	}
}

// crowd is a tier of slots that has become too many, nil if none.
func (sh *shelf) crowd(of func(*slot) bool) []*slot {
	tiers := make(map[int][]*slot)
	for _, s := range sh.slots {
		if of(s) {
			t := tier(s.alive())
			if tiers[t] = append(tiers[t], s); len(tiers[t]) >= tierMax {
				return tiers[t]
			}
		}
	}
	return nil
}

// replace puts one slot in the place of several, which are let go.
func (sh *shelf) replace(old []*slot, by *slot) {
	kept := sh.slots[:0:0]
	for _, s := range sh.slots {
		if !among(old, s) {
			kept = append(kept, s)
			continue
		}
		sh.letGo(s.seg)
	}
	if by.seg.docs == 0 {
		sh.letGo(by.seg)
	} else {
		kept = append(kept, by)
	}
	sh.slots = kept
}

// letGo ends the shelf's use of a segment. Its file goes with it, unless the
// manifest names it: then the next manifest decides.
func (sh *shelf) letGo(seg *segment) {
	seg.release()
	if seg.fileName != "" {
		sh.dir.discard(seg.fileName)
	}
}

func among(list []*slot, s *slot) bool {
	for _, o := range list {
		if o.seg == s.seg {
			return true
		}
	}
	return false
}

// drop lets one segment go, for being damaged.
func (sh *shelf) drop(seg *segment) bool {
	for _, s := range sh.slots {
		if s.seg == seg {
			sh.replace([]*slot{s}, &slot{seg: &segment{}})
			return true
		}
	}
	return false
}

func (sh *shelf) young() (list []*slot, docs int) {
	for _, s := range sh.slots {
		if s.seg.fileName == "" {
			list = append(list, s)
			docs += s.alive()
		}
	}
	return list, docs
}

// save writes what is young to a file, and then the manifest that names
// everything. Whatever stops it in between leaves the manifest of before.
func (sh *shelf) save() error {
	if list, _ := sh.young(); len(list) > 0 {
		m := newMerging(list)
		seg, err := sh.dir.writeSegment(m.docs, m.fill)
		if err != nil {
			return fmt.Errorf("search: save: %w", err)
		}
		sh.replace(list, &slot{seg: seg})
	}
	if err := sh.dir.commit(sh.slots, sh.place); err != nil {
		return fmt.Errorf("search: save: %w", err)
	}
	sh.unsaid = time.Time{}
	return nil
}

// rot is a slot to write anew: one with many dead, or with any once they have
// lain for purgeAfter. What was erased in the database must not stay in a file.
func (sh *shelf) rot(now time.Time) []*slot {
	for _, s := range sh.slots {
		if s.seg.fileName == "" || s.gone == 0 {
			continue
		}
		if s.gone >= deadLeast && s.gone*deadShare > s.seg.docs || now.Sub(s.since) >= purgeAfter {
			return []*slot{s}
		}
	}
	return nil
}

const purgeAfter = 24 * time.Hour

// close lets all segments go.
func (sh *shelf) close() {
	for _, s := range sh.slots {
		sh.letGo(s.seg)
	}
	sh.slots = nil
}

package search

import "bytes"

// merging makes one segment of several, leaving out the dead documents. The
// documents keep their order, so a term's lists are simply put end to end.
type merging struct {
	parts []part
	docs  int
}

type part struct {
	seg   *segment
	dead  bitset
	renum []uint32 // new number of each document, gone if dead
	scan  scanner
	more  bool
}

const gone = ^uint32(0)

func newMerging(slots []*slot) *merging {
	m := &merging{}
	for _, s := range slots {
		p := part{seg: s.seg, dead: s.dead, renum: make([]uint32, s.seg.docs)}
		for i := range p.renum {
			if s.dead != nil && s.dead.has(uint32(i)) {
				p.renum[i] = gone
				continue
			}
			p.renum[i] = uint32(m.docs)
			m.docs++
		}
		m.parts = append(m.parts, p)
	}
	return m
}

// fill hands documents and terms to the writer.
func (m *merging) fill(w *segmentWriter) {
	for i := range m.parts {
		p := &m.parts[i]
		for n := range p.seg.docs {
			if p.renum[n] != gone {
				w.document(p.seg.micros(uint32(n)), p.seg.length(uint32(n)), p.seg.raw(uint32(n)))
			}
		}
		p.scan = p.seg.dict.group(0)
		p.more = p.scan.next()
	}
	var (
		c    cursor
		list []posting
		name []byte
	)
	for {
		least := m.least()
		if least == nil {
			return
		}
		name = append(name[:0], least...)
		list = list[:0]
		for i := range m.parts {
			p := &m.parts[i]
			if p.more && bytes.Equal(p.scan.term, name) {
				list = p.append(list, &c)
				p.more = p.scan.next()
			}
		}
		if len(list) > 0 {
			w.term(name, list)
		}
	}
}

// least is the smallest term that the parts stand at.
func (m *merging) least() []byte {
	var least []byte
	for i := range m.parts {
		if p := &m.parts[i]; p.more && (least == nil || bytes.Compare(p.scan.term, least) < 0) {
			least = p.scan.term
		}
	}
	return least
}

// append adds the living postings of the term the part stands at.
func (p *part) append(list []posting, c *cursor) []posting {
	if p.scan.dense {
		set := newBitset(p.seg.docs)
		p.seg.gather(set, c, p.scan.entry)
		for n, to := range p.renum {
			if to != gone && set.has(uint32(n)) {
				list = append(list, posting{doc: to, use: use(1, 1)})
			}
		}
		return list
	}
	for p.seg.list(c, p.scan.entry); c.ok(); c.next() {
		if to := p.renum[c.doc()]; to != gone {
			list = append(list, posting{doc: to, use: c.use()})
		}
	}
	if c.bad {
		p.seg.damaged.Store(true)
	}
	return list
}

// sound reports that no part turned out damaged while it was read.
func (m *merging) sound() bool {
	for _, p := range m.parts {
		if p.seg.damaged.Load() {
			return false
		}
	}
	return true
}

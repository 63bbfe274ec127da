package search

import (
	"bytes"
	"encoding/binary"
	"sort"
)

// The dictionary is the sorted list of all terms. Groups of groupLen terms
// share a first term written in full; the others give only what differs from
// the one before. An index of the groups' places lets a reader halve its way.
//
// A term's first byte says what it is.
const (
	groupLen  = 32
	termWord  = 'w' // a syllable or number
	termPair  = 'p' // two neighbours
	termCode  = 'c' // a document number or code
	termFacet = 'f' // facet name, 0, value
	termKey   = 'k' // kind, 0, id: where a document stands
)

func facetTerm(name, value string) string { return string(termFacet) + name + "\x00" + value }
func keyTerm(kind, id string) string      { return string(termKey) + kind + "\x00" + id }
func pairTerm(a, b string) string         { return string(termPair) + a + " " + b }

// entry is what the dictionary says of a term.
type entry struct {
	df     int
	dense  bool
	single posting // when df is 1
	off    uint64
	size   uint64
}

func appendEntry(b []byte, e entry) []byte {
	head := uint64(e.df) << 1
	if e.dense {
		head |= 1
	}
	b = binary.AppendUvarint(b, head)
	if e.df == 1 {
		b = binary.AppendUvarint(b, uint64(e.single.doc))
		return appendUse(b, e.single.use)
	}
	return binary.AppendUvarint(binary.AppendUvarint(b, e.off), e.size)
}

// scanner reads terms one after the other.
type scanner struct {
	b    []byte
	left int // terms left in this group
	term []byte
	entry
}

func uvarint(b []byte) (uint64, []byte, bool) {
	v, n := binary.Uvarint(b)
	if n <= 0 {
		return 0, nil, false
	}
	return v, b[n:], true
}

// next reads one term; false at the end or where the dictionary is damaged.
func (s *scanner) next() bool {
	if len(s.b) == 0 {
		return false
	}
	var shared, n uint64
	var ok bool
	b := s.b
	if s.left == 0 {
		s.left = groupLen
	} else if shared, b, ok = uvarint(b); !ok {
		return false
	}
	s.left--
	if n, b, ok = uvarint(b); !ok || n > uint64(len(b)) || shared > uint64(len(s.term)) {
		return false
	}
	s.term = append(s.term[:shared], b[:n]...)
	s.b, ok = s.readEntry(b[n:])
	return ok
}

func (s *scanner) readEntry(b []byte) ([]byte, bool) {
	head, b, ok := uvarint(b)
	if !ok || head>>1 > 1<<31 {
		return nil, false
	}
	s.entry = entry{df: int(head >> 1), dense: head&1 == 1}
	if s.df != 1 {
		if s.off, b, ok = uvarint(b); !ok {
			return nil, false
		}
		s.size, b, ok = uvarint(b)
		return b, ok
	}
	doc, b, ok := uvarint(b)
	if !ok || doc > 1<<31 || len(b) == 0 {
		return nil, false
	}
	s.single.doc = uint32(doc)
	if v := b[0]; v&oneMask != 0 {
		s.single.use = uint16(v>>3&15)<<8 | 1<<(v&7)
		return b[1:], true
	}
	if len(b) < 2 {
		return nil, false
	}
	s.single.use = uint16(b[0])<<8 | uint16(b[1])
	return b[2:], true
}

// dictionary reads the two sections of a segment.
type dictionary struct{ terms, index []byte }

func (d dictionary) groups() int { return len(d.index) / 8 }

// group sets a scanner at group i; at the end of the list beyond the last.
func (d dictionary) group(i int) scanner {
	if i >= d.groups() {
		return scanner{}
	}
	off := binary.LittleEndian.Uint64(d.index[i*8:])
	if off > uint64(len(d.terms)) {
		return scanner{}
	}
	return scanner{b: d.terms[off:]}
}

func (d dictionary) first(i int) []byte {
	s := d.group(i)
	n, b, ok := uvarint(s.b)
	if !ok || n > uint64(len(b)) {
		return nil
	}
	return b[:n]
}

// from gives a scanner whose next terms are at or somewhat before term.
func (d dictionary) from(term string) scanner {
	i := sort.Search(d.groups(), func(i int) bool { return string(d.first(i)) > term })
	return d.group(max(i-1, 0))
}

// find looks one term up.
func (d dictionary) find(term string) (entry, bool) {
	s := d.from(term)
	for range groupLen {
		if !s.next() {
			break
		}
		switch bytes.Compare(s.term, []byte(term)) {
		case 0:
			return s.entry, true
		case 1:
			return entry{}, false
		}
	}
	return entry{}, false
}

// begin calls fn for the terms that begin with prefix until fn returns false.
func (d dictionary) begin(prefix string, fn func(term []byte, e entry) bool) {
	s := d.from(prefix)
	for s.next() {
		if bytes.HasPrefix(s.term, []byte(prefix)) {
			if !fn(s.term, s.entry) {
				return
			}
		} else if string(s.term) > prefix {
			return
		}
	}
}

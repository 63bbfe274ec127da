package search

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"sync/atomic"
	"time"
)

// A segment is an immutable index of some documents, in one run of bytes: a
// mapped file, or memory while it is young.
//
//	magic · store · postings · terms · index of terms · documents · lengths · footer
//
// The footer gives the places and two checksums: its own, looked at when the
// segment is opened, and that of all before it, which takes reading the whole
// file and is looked at in the background.
const (
	segmentMagic = "HDSEG001"
	sections     = 6
	footerLen    = sections*16 + 4 + 8 + 4 + 4 + len(segmentMagic)
	docRowLen    = 16 // time, place in the store
)

const (
	secStore = iota
	secPostings
	secTerms
	secIndex
	secDocs
	secLens
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var errDamaged = errors.New("search: segment is damaged")

type segment struct {
	data     []byte
	sec      [sections][]byte
	dict     dictionary
	docs     int
	lenSum   uint64
	crc      uint32
	close    func() // gives the mapping back; nil in memory
	refs     atomic.Int64
	damaged  atomic.Bool
	fileName string // empty in memory
}

// openSegment reads the footer of data. It touches no other page.
func openSegment(data []byte) (*segment, error) {
	if len(data) < len(segmentMagic)+footerLen || string(data[:len(segmentMagic)]) != segmentMagic {
		return nil, errDamaged
	}
	foot := data[len(data)-footerLen:]
	sum := foot[:footerLen-4-len(segmentMagic)]
	tail := foot[len(sum):]
	if string(tail[4:]) != segmentMagic || binary.LittleEndian.Uint32(tail) != crc32.Checksum(sum, castagnoli) {
		return nil, errDamaged
	}
	s := &segment{data: data}
	body := uint64(len(data) - footerLen)
	for i := range s.sec {
		off, n := binary.LittleEndian.Uint64(sum[i*16:]), binary.LittleEndian.Uint64(sum[i*16+8:])
		if off > body || n > body-off {
			return nil, errDamaged
		}
		s.sec[i] = data[off : off+n]
	}
	rest := sum[sections*16:]
	s.docs = int(binary.LittleEndian.Uint32(rest))
	s.lenSum = binary.LittleEndian.Uint64(rest[4:])
	s.crc = binary.LittleEndian.Uint32(rest[12:])
	if len(s.sec[secDocs]) != s.docs*docRowLen || len(s.sec[secLens]) != s.docs*2 || len(s.sec[secIndex])%8 != 0 {
		return nil, errDamaged
	}
	s.dict = dictionary{terms: s.sec[secTerms], index: s.sec[secIndex]}
	s.refs.Store(1)
	return s, nil
}

// sound reads the whole segment and compares its checksum.
func (s *segment) sound() bool {
	return crc32.Checksum(s.data[:len(s.data)-footerLen], castagnoli) == s.crc
}

func (s *segment) hold() { s.refs.Add(1) }

func (s *segment) release() {
	if s.refs.Add(-1) == 0 && s.close != nil {
		s.close()
	}
}

func (s *segment) length(doc uint32) int {
	return int(binary.LittleEndian.Uint16(s.sec[secLens][doc*2:]))
}

func (s *segment) micros(doc uint32) int64 {
	return int64(binary.LittleEndian.Uint64(s.sec[secDocs][doc*docRowLen:]))
}

// raw gives the store's bytes from a document on.
func (s *segment) raw(doc uint32) []byte {
	from := binary.LittleEndian.Uint64(s.sec[secDocs][doc*docRowLen+8:])
	to := uint64(len(s.sec[secStore]))
	if int(doc)+1 < s.docs {
		to = binary.LittleEndian.Uint64(s.sec[secDocs][(doc+1)*docRowLen+8:])
	}
	if from > to || to > uint64(len(s.sec[secStore])) {
		s.damaged.Store(true)
		return nil
	}
	return s.sec[secStore][from:to]
}

// doc reads a document back from the store.
func (s *segment) doc(n uint32) Doc {
	r := reader{b: s.raw(n)}
	d := Doc{Kind: r.text(), ID: r.text(), At: time.UnixMicro(s.micros(n)).UTC()}
	names := r.number()
	if names > 0 {
		d.Facets = make(map[string][]string)
	}
	for range names {
		name := r.text()
		for range r.number() {
			d.Facets[name] = append(d.Facets[name], r.text())
		}
	}
	for range r.number() {
		d.Fields = append(d.Fields, Field{Name: r.text(), Text: r.text()})
	}
	if r.bad {
		s.damaged.Store(true)
	}
	return d
}

// key reads only the kind and id.
func (s *segment) key(n uint32) (kind, id string) {
	r := reader{b: s.raw(n)}
	kind, id = r.text(), r.text()
	if r.bad {
		s.damaged.Store(true)
	}
	return kind, id
}

// place finds a document by its key.
func (s *segment) place(kind, id string) (uint32, bool) {
	e, ok := s.dict.find(keyTerm(kind, id))
	if !ok || e.df != 1 || int(e.single.doc) >= s.docs {
		return 0, false
	}
	return e.single.doc, true
}

// list sets c on a term's postings.
func (s *segment) list(c *cursor, e entry) {
	if e.df == 1 {
		c.one(e.single, uint32(s.docs))
	} else {
		c.open(s.postings(e), e.df, uint32(s.docs))
	}
	if c.bad {
		s.damaged.Store(true)
	}
}

func (s *segment) postings(e entry) []byte {
	all := s.sec[secPostings]
	if e.off > uint64(len(all)) || e.size > uint64(len(all))-e.off {
		s.damaged.Store(true)
		return nil
	}
	return all[e.off : e.off+e.size]
}

// gather puts a term's documents into set.
func (s *segment) gather(set bitset, c *cursor, e entry) {
	if e.dense {
		b := s.postings(e)
		if len(b) != len(set)*8 {
			s.damaged.Store(true)
			return
		}
		for i := range set {
			set[i] |= binary.LittleEndian.Uint64(b[i*8:])
		}
		if s.docs&63 != 0 {
			set[len(set)-1] &= 1<<(s.docs&63) - 1
		}
		return
	}
	for s.list(c, e); c.ok(); c.next() {
		set.add(c.doc())
	}
	if c.bad {
		s.damaged.Store(true)
	}
}

// reader reads the store's records; beyond a damaged place everything is empty.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) number() int {
	v, rest, ok := uvarint(r.b)
	// A count or length can never exceed the bytes that are left for it.
	if !ok || v > uint64(len(rest)) {
		r.b, r.bad = nil, true
		return 0
	}
	r.b = rest
	return int(v)
}

func (r *reader) text() string {
	n := r.number()
	s := string(r.b[:n])
	r.b = r.b[n:]
	return s
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

package search

import (
	"encoding/binary"
	"sort"
)

// A postings list tells which documents hold a term. It is cut into blocks of
// blockLen documents; lists longer than one block begin with a table of
// (last document, end of block), so that a reader can leap.
//
// A posting is the distance to the document before as a varint, then how often
// the term occurs (weighted by field) and in which spellings: one byte when
// there is one spelling and at most 15 occurrences, two otherwise.
const (
	blockLen   = 128
	oneMask    = 0x80 // the byte holds count<<3 | class
	countMax   = 127
	leapLen    = 8  // bytes of one table entry
	denseShare = 32 // facets with more than 1/32 of the documents are bit maps
)

// posting is one document of a list. Bits 8–14 of use are the count, the low
// byte the set of spelling classes.
type posting struct {
	doc uint32
	use uint16
}

func use(count int, classes uint8) uint16 { return uint16(min(count, countMax))<<8 | uint16(classes) }

func appendUse(b []byte, u uint16) []byte {
	count, classes := u>>8, uint8(u)
	if count <= 15 && classes != 0 && classes&(classes-1) == 0 {
		class := byte(0)
		for classes>>class != 1 {
			class++
		}
		return append(b, oneMask|byte(count)<<3|class)
	}
	return append(b, byte(count), classes)
}

// appendPostings encodes a list of two or more postings in document order.
func appendPostings(b []byte, list []posting) []byte {
	blocks := (len(list) + blockLen - 1) / blockLen
	table := len(b)
	if blocks > 1 {
		b = append(b, make([]byte, blocks*leapLen)...)
	}
	start, before := len(b), uint32(0)
	for i, p := range list {
		b = binary.AppendUvarint(b, uint64(p.doc-before))
		b = appendUse(b, p.use)
		before = p.doc
		if blocks > 1 && (i%blockLen == blockLen-1 || i == len(list)-1) {
			e := b[table+i/blockLen*leapLen:]
			binary.LittleEndian.PutUint32(e, p.doc)
			binary.LittleEndian.PutUint32(e[4:], uint32(len(b)-start))
		}
	}
	return b
}

// appendDense encodes a facet's documents as a bit map.
func appendDense(b []byte, list []posting, docs int) []byte {
	set := newBitset(docs)
	for _, p := range list {
		set.add(p.doc)
	}
	for _, w := range set {
		b = binary.LittleEndian.AppendUint64(b, w)
	}
	return b
}

// cursor walks a postings list of a segment. A list that is damaged ends early
// and says so in bad.
type cursor struct {
	leaps, body []byte
	left        int    // postings not yet decoded
	block       int    // the next block to decode
	docs        uint32 // documents of the segment: no posting may point beyond
	before      uint32
	at, n       int
	ids         [blockLen]uint32
	uses        [blockLen]uint16
	bad         bool
}

// doc is the present document; call only while ok.
func (c *cursor) doc() uint32 { return c.ids[c.at] }
func (c *cursor) use() uint16 { return c.uses[c.at] }
func (c *cursor) ok() bool    { return c.at < c.n }

func (c *cursor) next() {
	if c.at++; c.at >= c.n {
		c.decode()
	}
}

// open sets the cursor on a list of df postings in data.
func (c *cursor) open(data []byte, df int, docs uint32) {
	c.leaps, c.body, c.left, c.block, c.docs, c.before, c.at, c.n, c.bad = nil, data, df, 0, docs, 0, 0, 0, false
	if df > blockLen {
		size := (df + blockLen - 1) / blockLen * leapLen
		if size > len(data) {
			c.fail()
			return
		}
		c.leaps, c.body = data[:size], data[size:]
	}
	c.decode()
}

// one sets the cursor on a list of a single posting, which stands in the dictionary.
func (c *cursor) one(p posting, docs uint32) {
	c.leaps, c.body, c.left, c.docs, c.at, c.n, c.bad = nil, nil, 0, docs, 0, 1, false
	c.ids[0], c.uses[0] = p.doc, p.use
	if p.doc >= docs {
		c.fail()
	}
}

func (c *cursor) fail() { c.at, c.n, c.left, c.bad = 0, 0, 0, true }

// decode reads the next block from body.
func (c *cursor) decode() {
	c.at, c.n = 0, 0
	n := min(c.left, blockLen)
	if n == 0 {
		return
	}
	b, doc := c.body, uint64(c.before)
	for i := range n {
		var d uint64
		if len(b) > 0 && b[0] < 0x80 {
			d, b = uint64(b[0]), b[1:]
		} else {
			v, size := binary.Uvarint(b)
			if size <= 0 {
				c.fail()
				return
			}
			d, b = v, b[size:]
		}
		doc += d
		if doc >= uint64(c.docs) || d == 0 && i+c.block > 0 || len(b) == 0 {
			c.fail()
			return
		}
		c.ids[i] = uint32(doc)
		if v := b[0]; v&oneMask != 0 {
			c.uses[i] = uint16(v>>3&15)<<8 | 1<<(v&7)
			b = b[1:]
			continue
		}
		if len(b) < 2 {
			c.fail()
			return
		}
		c.uses[i] = uint16(b[0])<<8 | uint16(b[1])
		b = b[2:]
	}
	c.body, c.before, c.left, c.n, c.block = b, uint32(doc), c.left-n, n, c.block+1
}

// seek moves to the first posting at or after doc, leaping over whole blocks.
func (c *cursor) seek(doc uint32) {
	if !c.ok() || c.ids[c.at] >= doc {
		return
	}
	if c.ids[c.n-1] < doc {
		c.leap(doc)
		if !c.ok() {
			return
		}
	}
	for c.ids[c.at] < doc {
		if c.next(); !c.ok() {
			return
		}
	}
}

// leap decodes the first block that ends at or after doc.
func (c *cursor) leap(doc uint32) {
	total := len(c.leaps) / leapLen
	if total <= c.block {
		c.decode()
		return
	}
	last := func(i int) uint32 { return binary.LittleEndian.Uint32(c.leaps[i*leapLen:]) }
	end := func(i int) int { return int(binary.LittleEndian.Uint32(c.leaps[i*leapLen+4:])) }
	to := c.block + sort.Search(total-c.block, func(i int) bool { return last(c.block+i) >= doc })
	if to == total {
		c.at, c.n, c.left = 0, 0, 0
		return
	}
	if to > c.block {
		from, here := end(to-1), end(c.block-1)
		if from < here || from-here > len(c.body) {
			c.fail()
			return
		}
		c.body, c.before = c.body[from-here:], last(to-1)
		c.left -= (to - c.block) * blockLen
		c.block = to
	}
	c.decode()
}

package search

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"os"
)

// segmentWriter writes a segment from front to back: first every document,
// then every term in order, then finish. What must come after the postings but
// is known before them waits in a spool.
type segmentWriter struct {
	w       *bufio.Writer
	at      uint64
	crc     uint32
	err     error
	docs    int // how many there will be
	rows    []byte
	lens    []byte
	lenSum  uint64
	start   [sections]uint64
	end     [sections]uint64
	terms   *spool
	index   []byte
	count   int
	last    []byte
	scratch []byte
}

func newSegmentWriter(w io.Writer, docs int, terms *spool) *segmentWriter {
	s := &segmentWriter{w: bufio.NewWriterSize(w, 1<<18), docs: docs, terms: terms}
	s.write([]byte(segmentMagic))
	s.start[secStore] = s.at
	return s
}

func (s *segmentWriter) write(b []byte) {
	if s.err != nil {
		return
	}
	s.crc = crc32.Update(s.crc, castagnoli, b)
	s.at += uint64(len(b))
	_, s.err = s.w.Write(b)
}

// document adds one record of the store.
func (s *segmentWriter) document(micros int64, length int, record []byte) {
	s.rows = binary.LittleEndian.AppendUint64(s.rows, uint64(micros))
	s.rows = binary.LittleEndian.AppendUint64(s.rows, s.at-s.start[secStore])
	length = min(length, 1<<16-1)
	s.lens = binary.LittleEndian.AppendUint16(s.lens, uint16(length))
	s.lenSum += uint64(length)
	s.write(record)
}

// term adds the next term in order with its postings.
func (s *segmentWriter) term(name []byte, list []posting) {
	if s.start[secPostings] == 0 {
		s.end[secStore], s.start[secPostings] = s.at, s.at
	}
	e := entry{df: len(list), off: s.at - s.start[secPostings]}
	switch {
	case len(list) == 1:
		e.single = list[0]
	case name[0] == termFacet && len(list) > s.docs/denseShare:
		e.dense = true
		s.scratch = appendDense(s.scratch[:0], list, s.docs)
	default:
		s.scratch = appendPostings(s.scratch[:0], list)
	}
	if e.df > 1 {
		e.size = uint64(len(s.scratch))
		s.write(s.scratch)
	}
	b := s.scratch[:0]
	shared := 0
	if s.count%groupLen == 0 {
		s.index = binary.LittleEndian.AppendUint64(s.index, s.terms.size)
	} else {
		for shared < len(name) && shared < len(s.last) && name[shared] == s.last[shared] {
			shared++
		}
		b = binary.AppendUvarint(b, uint64(shared))
	}
	b = appendText(b, string(name[shared:]))
	b = appendEntry(b, e)
	s.terms.add(b)
	s.scratch = b
	s.last = append(s.last[:0], name...)
	s.count++
}

// finish writes what is left and the footer.
func (s *segmentWriter) finish() error {
	if s.start[secPostings] == 0 {
		s.end[secStore], s.start[secPostings] = s.at, s.at
	}
	s.end[secPostings] = s.at
	s.start[secTerms] = s.at
	if s.err == nil {
		s.err = s.terms.copyTo(s.write)
	}
	s.end[secTerms] = s.at
	for i, b := range [][]byte{s.index, s.rows, s.lens} {
		s.start[secIndex+i] = s.at
		s.write(b)
		s.end[secIndex+i] = s.at
	}
	var foot []byte
	for i := range sections {
		foot = binary.LittleEndian.AppendUint64(foot, s.start[i])
		foot = binary.LittleEndian.AppendUint64(foot, s.end[i]-s.start[i])
	}
	foot = binary.LittleEndian.AppendUint32(foot, uint32(s.docs))
	foot = binary.LittleEndian.AppendUint64(foot, s.lenSum)
	foot = binary.LittleEndian.AppendUint32(foot, s.crc)
	foot = binary.LittleEndian.AppendUint32(foot, crc32.Checksum(foot, castagnoli))
	s.write(append(foot, segmentMagic...))
	if s.err != nil {
		return s.err
	}
	return s.w.Flush()
}

// spool holds bytes until they are wanted: in memory, or beyond spoolMax in a
// file without a name if it was given a folder.
type spool struct {
	dir  string
	buf  []byte
	file *os.File
	size uint64
	err  error
}

const spoolMax = 4 << 20

func (s *spool) add(b []byte) {
	s.buf = append(s.buf, b...)
	s.size += uint64(len(b))
	if len(s.buf) < spoolMax || s.dir == "" || s.err != nil {
		return
	}
	if s.file == nil {
		if s.file, s.err = os.CreateTemp(s.dir, "spool-*.tmp"); s.err != nil {
			return
		}
	}
	_, s.err = s.file.Write(s.buf)
	s.buf = s.buf[:0]
}

// copyTo hands everything over and forgets it.
func (s *spool) copyTo(write func([]byte)) error {
	if s.err != nil || s.file == nil {
		write(s.buf)
		return s.err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	part := make([]byte, 1<<18)
	for {
		n, err := s.file.Read(part)
		write(part[:n])
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	write(s.buf)
	return nil
}

func (s *spool) drop() {
	if s.file != nil {
		name := s.file.Name()
		s.file.Close()  // read back already, or not wanted any more
		os.Remove(name) // if this fails the next start sweeps it
	}
}

// inMemory writes a segment to memory and opens it.
func inMemory(docs int, fill func(*segmentWriter)) (*segment, error) {
	var out bytes.Buffer
	w := newSegmentWriter(&out, docs, &spool{})
	fill(w)
	if err := w.finish(); err != nil {
		return nil, err
	}
	return openSegment(out.Bytes())
}

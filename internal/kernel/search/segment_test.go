package search

import (
	"bytes"
	"context"
	"testing"
)

// FuzzSegment reads segments whose bytes were changed but whose footer still
// fits: whatever they hold, reading ends, and never outside of them.
func FuzzSegment(f *testing.F) {
	b := newBuilder(newLexer())
	for range 3 {
		for _, d := range street {
			d.ID += string(rune('a' + b.docs))
			b.add(d)
		}
	}
	for i := range 300 {
		b.add(petition(string(rune(0x4e00+i)), "", "đường đèn"))
	}
	seg, err := b.segment()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint32(100), []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f})
	f.Add(uint32(len(seg.data)-500), []byte{0})
	f.Add(uint32(len(seg.data)/2), bytes.Repeat([]byte{0x80}, 64))
	f.Fuzz(func(t *testing.T, at uint32, junk []byte) {
		data := bytes.Clone(seg.data)
		body := len(data) - footerLen
		copy(data[len(segmentMagic)+int(at)%(body-len(segmentMagic)):body], junk)
		s, err := openSegment(data)
		if err != nil {
			t.Fatal("the footer was not touched: ", err)
		}
		v := newView([]*slot{{seg: s}})
		for _, q := range []string{"đường đèn", `"sửa cống"`, "08/2025/NQ-HĐND", "ng"} {
			find(t, v, Query{Text: q, Typing: true, Filter: Filter{All: map[string][]string{"public": {"1"}, "kind": {"petition"}}}})
		}
		if _, err := v.similar(context.Background(), &scratch{lex: newLexer()}, "đường ngập nước", Filter{Everything: true}, 3); err != nil {
			t.Fatal(err)
		}
		for n := range s.docs {
			s.doc(uint32(n))
		}
		m := newMerging(v.slots)
		if _, err := inMemory(m.docs, m.fill); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzFooter opens anything.
func FuzzFooter(f *testing.F) {
	b := newBuilder(newLexer())
	b.add(street[0])
	seg, err := b.segment()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seg.data)
	f.Add([]byte(segmentMagic))
	f.Fuzz(func(t *testing.T, data []byte) {
		if s, err := openSegment(data); err == nil {
			find(t, newView([]*slot{{seg: s}}), Query{Text: "đường"})
		}
	})
}

func TestPostingsRoundTrip(t *testing.T) {
	for _, n := range []int{2, 127, 128, 129, 256, 1000, 40_000} {
		var list []posting
		doc := uint32(0)
		for i := range n {
			list = append(list, posting{doc: doc, use: use(1+i%200, uint8(1<<(i%8))|uint8(i%3))})
			doc += uint32(1 + i*i%300)
		}
		data := appendPostings(nil, list)
		var c cursor
		i := 0
		for c.open(data, n, doc+1); c.ok(); c.next() {
			if c.doc() != list[i].doc || c.use() != list[i].use {
				t.Fatalf("%d: posting %d is %d/%x, want %d/%x", n, i, c.doc(), c.use(), list[i].doc, list[i].use)
			}
			i++
		}
		if i != n || c.bad {
			t.Fatalf("%d: read %d, bad %v", n, i, c.bad)
		}
		for step := 1; step < n; step = step*3 + 1 {
			c.open(data, n, doc+1)
			for i := 0; i < n; i += step {
				if c.seek(list[i].doc); !c.ok() || c.doc() != list[i].doc {
					t.Fatalf("%d: seeking %d in steps of %d", n, i, step)
				}
			}
			if c.seek(doc + 5); c.ok() || c.bad {
				t.Fatalf("%d: found something beyond the end", n)
			}
		}
	}
}

package search

import (
	"encoding/binary"
	"slices"
	"sort"
	"strings"
)

// builder makes a segment of documents. Occurrences are put down in the order
// of the text and sorted by term once, at the end.
type builder struct {
	lex   *lexer
	ids   map[string]uint32 // term → number
	pairs map[uint64]uint32 // two word numbers → number of the pair's term
	names []string          // of each term; empty for pairs, whose names are made when they are written
	last  []uint32          // the document+1 that last held the term
	slot  []uint32          // and where in posts
	term  []uint32          // of each posting
	posts []posting

	docs    int
	micros  []int64
	lengths []int
	ends    []int
	store   []byte
}

func newBuilder(lex *lexer) *builder {
	return &builder{lex: lex, ids: make(map[string]uint32), pairs: make(map[uint64]uint32)}
}

func (b *builder) number(prefix byte, key string) uint32 {
	var buf [keyMax*2 + 16]byte
	name := append(append(buf[:0], prefix), key...)
	if id, ok := b.ids[string(name)]; ok {
		return id
	}
	id := b.create(string(name))
	b.ids[b.names[id]] = id
	return id
}

func (b *builder) create(name string) uint32 {
	b.names = append(b.names, name)
	b.last = append(b.last, 0)
	b.slot = append(b.slot, 0)
	return uint32(len(b.names) - 1)
}

// pair is the number of two neighbours' term.
func (b *builder) pair(first, second uint32) uint32 {
	k := uint64(first)<<32 | uint64(second)
	id, ok := b.pairs[k]
	if !ok {
		id = b.create("")
		b.pairs[k] = id
	}
	return id
}

func (b *builder) count(term uint32, weight int, classes uint8) {
	if b.last[term] == uint32(b.docs)+1 {
		p := &b.posts[b.slot[term]]
		p.use = use(int(p.use>>8)+weight, uint8(p.use)|classes)
		return
	}
	b.last[term], b.slot[term] = uint32(b.docs)+1, uint32(len(b.posts))
	b.term = append(b.term, term)
	b.posts = append(b.posts, posting{doc: uint32(b.docs), use: use(weight, classes)})
}

// add puts one document in. A key must not come twice.
func (b *builder) add(d Doc) {
	length := 0
	for _, f := range d.Fields {
		if f.Name != FieldContext {
			length += b.field(f)
		}
	}
	b.count(b.number(termFacet, "kind\x00"+d.Kind), 1, 1)
	for name, values := range d.Facets {
		for _, v := range values {
			b.count(b.number(termFacet, name+"\x00"+v), 1, 1)
		}
	}
	b.count(b.number(termKey, d.Kind+"\x00"+d.ID), 1, 1)
	b.record(d)
	b.micros = append(b.micros, d.At.UnixMicro())
	b.lengths = append(b.lengths, length)
	b.ends = append(b.ends, len(b.store))
	b.docs++
}

func (b *builder) field(f Field) (length int) {
	weight := min(max(f.Weight, 1), 8)
	before, accent, running := uint32(0), uint8(0), false
	for _, t := range b.lex.tokens(clip(f.Text)) {
		class := uint8(1) << t.accent
		if t.code {
			b.count(b.number(termCode, t.key), weight, class)
			continue
		}
		id := b.number(termWord, t.key)
		b.count(id, weight, class)
		if t.aside {
			continue
		}
		length += weight
		if running {
			b.count(b.pair(before, id), weight, 1<<pairAccent(accent, t.accent))
		}
		before, accent, running = id, t.accent, true
	}
	return length
}

// clip bounds what is indexed of one field.
func clip(s string) string {
	if len(s) > fieldMax {
		return strings.ToValidUTF8(s[:fieldMax], "")
	}
	return s
}

func (b *builder) record(d Doc) {
	s := appendText(appendText(b.store, d.Kind), d.ID)
	names := make([]string, 0, len(d.Facets))
	for name := range d.Facets {
		names = append(names, name)
	}
	sort.Strings(names)
	s = binary.AppendUvarint(s, uint64(len(names)))
	for _, name := range names {
		s = binary.AppendUvarint(appendText(s, name), uint64(len(d.Facets[name])))
		for _, v := range d.Facets[name] {
			s = appendText(s, v)
		}
	}
	s = binary.AppendUvarint(s, uint64(len(d.Fields)))
	for _, f := range d.Fields {
		s = appendText(appendText(s, f.Name), clip(f.Text))
	}
	b.store = s
}

// fill hands the documents and terms to the writer.
func (b *builder) fill(w *segmentWriter) {
	from := 0
	for i, end := range b.ends {
		w.document(b.micros[i], b.lengths[i], b.store[from:end])
		from = end
	}
	starts := make([]uint32, len(b.names)+1)
	for _, t := range b.term {
		starts[t+1]++
	}
	for i := 1; i < len(starts); i++ {
		starts[i] += starts[i-1]
	}
	sorted := make([]posting, len(b.posts))
	next := append([]uint32(nil), starts...)
	for i, t := range b.term {
		sorted[next[t]] = b.posts[i]
		next[t]++
	}
	b.inOrder(func(name []byte, t uint32) { w.term(name, sorted[starts[t]:starts[t+1]]) })
}

// inOrder goes through all terms as the dictionary wants them. Pairs are many,
// so they are sorted by the places of their words and not letter by letter; a
// space sorts before all that words are made of, so the order is the same.
func (b *builder) inOrder(fn func(name []byte, term uint32)) {
	single := make([]uint32, 0, len(b.ids))
	for _, id := range b.ids {
		single = append(single, id)
	}
	slices.SortFunc(single, func(x, y uint32) int { return strings.Compare(b.names[x], b.names[y]) })
	rank := make([]uint32, len(b.names))
	for i, id := range single {
		rank[id] = uint32(i)
	}
	twos := make([]uint64, 0, len(b.pairs))
	for k := range b.pairs {
		twos = append(twos, uint64(rank[k>>32])<<32|uint64(rank[uint32(k)]))
	}
	slices.Sort(twos)
	before := sort.Search(len(single), func(i int) bool { return b.names[single[i]] >= string(termPair) })
	var name []byte
	for _, id := range single[:before] {
		fn(append(name[:0], b.names[id]...), id)
	}
	for _, k := range twos {
		first, second := single[k>>32], single[uint32(k)]
		name = append(append(name[:0], termPair), b.names[first][1:]...)
		name = append(append(name, ' '), b.names[second][1:]...)
		fn(name, b.pairs[uint64(first)<<32|uint64(second)])
	}
	for _, id := range single[before:] {
		fn(append(name[:0], b.names[id]...), id)
	}
}

// segment makes the segment in memory.
func (b *builder) segment() (*segment, error) { return inMemory(b.docs, b.fill) }

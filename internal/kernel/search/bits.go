package search

import "math/bits"

// bitset is a set of document numbers of one segment.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) add(i uint32)      { b[i>>6] |= 1 << (i & 63) }
func (b bitset) has(i uint32) bool { return b[i>>6]&(1<<(i&63)) != 0 }

func (b bitset) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

func (b bitset) and(o bitset) {
	for i := range b {
		b[i] &= o[i]
	}
}

func (b bitset) without(o bitset) {
	for i := range o {
		b[i] &^= o[i]
	}
}

// fill puts all of 0…n-1 in.
func (b bitset) fill(n int) {
	for i := range b {
		b[i] = ^uint64(0)
	}
	if n&63 != 0 && len(b) > 0 {
		b[len(b)-1] = 1<<(n&63) - 1
	}
}

func (b bitset) clone() bitset { return append(bitset(nil), b...) }

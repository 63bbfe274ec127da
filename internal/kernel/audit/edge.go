package audit

import "golang.org/x/mod/sumdb/tlog"

// edge is the right edge of a growing tree: the roots of the full subtrees
// that make it up, one for each bit of its size. It is all that is needed to
// add a leaf and to tell the root, whatever the size of the log.
type edge struct {
	size  int64
	level [63]tlog.Hash
}

// edgeOf makes the edge from the hashes of torchwood.RightEdge, the largest
// subtree first.
func edgeOf(size int64, roots []tlog.Hash) *edge {
	e := &edge{size: size}
	for level := len(e.level) - 1; level >= 0; level-- {
		if size>>level&1 == 1 {
			e.level[level], roots = roots[0], roots[1:]
		}
	}
	return e
}

// add takes the next leaf and gives the hashes to store: the leaf's and those
// of the subtrees it completes, in the order of tlog.StoredHashIndex.
func (e *edge) add(h tlog.Hash) []tlog.Hash {
	out := []tlog.Hash{h}
	level := 0
	for ; e.size>>level&1 == 1; level++ {
		h = tlog.NodeHash(e.level[level], h)
		out = append(out, h)
	}
	e.level[level] = h
	e.size++
	return out
}

// root is the tree's root; the hash of nothing for the empty tree.
func (e *edge) root() tlog.Hash {
	var h tlog.Hash
	first := true
	for level := range e.level {
		switch {
		case e.size>>level&1 == 0:
		case first:
			h, first = e.level[level], false
		default:
			h = tlog.NodeHash(e.level[level], h)
		}
	}
	if first {
		// The empty tree needs no hashes, so nothing can fail.
		h, _ = tlog.TreeHash(0, tlog.HashReaderFunc(func([]int64) ([]tlog.Hash, error) { return nil, nil }))
	}
	return h
}

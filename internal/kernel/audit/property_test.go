package audit_test

import (
	"fmt"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/testkit"
)

// TestProofsHoldForever interleaves acts, rounds and erasures at random. Every
// leaf is proven under every later checkpoint by a proof made then, every
// checkpoint is consistent with every other, and the root is the one that tlog
// computes from the leaves alone.
func TestProofsHoldForever(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		rapid.Check(t, func(rt *rapid.T) { history(t, rt, d) })
	}, audit.Migrations)
}

func history(t *testing.T, rt *rapid.T, d *db.DB) {
	b := newBench(t, d)
	for _, table := range []string{"entries", "hashes", "checkpoints", "erasures"} {
		b.exec(t, `DELETE FROM audit_`+table)
	}
	nodes := []*bench{b, b.node(t, 0)}
	keys := []string{b.PublicKey()}
	leaves := map[string]audit.Leaf{}
	var points []string // every checkpoint there ever was
	var sizes []int64
	for range rapid.IntRange(1, 12).Draw(rt, "steps") {
		n := nodes[rapid.IntRange(0, 1).Draw(rt, "node")]
		switch rapid.IntRange(0, 5).Draw(rt, "step") {
		case 0, 1, 2:
			for range rapid.IntRange(1, 9).Draw(rt, "acts") {
				leaf := n.append(t, n.entry(fmt.Sprint(len(leaves)%5)))[0]
				leaves[leaf.ID] = leaf
			}
		case 3:
			if leaf, err := n.erase(t, "1"); err == nil {
				leaves[leaf.ID] = leaf
			}
		default:
			if n.sequence(t) == 0 {
				continue
			}
			text, err := n.Checkpoint(t.Context())
			if err != nil {
				rt.Fatal(err)
			}
			points = append(points, text)
			sizes = append(sizes, proveAll(t, rt, n, leaves))
		}
	}
	for i := range points {
		for j := i; j < len(points); j++ {
			proof, err := b.Consistency(t.Context(), sizes[i], sizes[j])
			if err != nil {
				rt.Fatal(err)
			}
			if err := audit.VerifyConsistency(keys, points[i], points[j], proof); err != nil {
				rt.Fatalf("from %d to %d: %v", sizes[i], sizes[j], err)
			}
			if sizes[i] < sizes[j] && audit.VerifyConsistency(keys, points[j], points[i], proof) == nil {
				rt.Fatalf("from %d back to %d holds", sizes[j], sizes[i])
			}
		}
	}
	b.whole(t)
}

// proveAll proves every leaf that has a place, under the newest checkpoint,
// and computes the root again by tlog alone. It gives the size of the log.
func proveAll(t *testing.T, rt *rapid.T, b *bench, leaves map[string]audit.Leaf) int64 {
	size := int64(-1)
	places := map[int64]audit.Leaf{}
	for id, leaf := range leaves {
		proof, err := b.Proof(t.Context(), id)
		if err != nil {
			refuses(t, "audit.not_yet", err)
			continue
		}
		r, err := audit.VerifyReceipt([]string{b.PublicKey()}, leaf.JSON, proof)
		if err != nil {
			rt.Fatal(err)
		}
		if size >= 0 && r.Size != size {
			rt.Fatalf("sizes %d and %d", size, r.Size)
		}
		size, places[r.Index] = r.Size, leaf
	}
	if int64(len(places)) != size {
		rt.Fatalf("%d leaves proven in a log of %d", len(places), size)
	}
	var tree []tlog.Hash
	read := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			out[i] = tree[x]
		}
		return out, nil
	})
	for i := range size {
		more, err := tlog.StoredHashes(i, []byte(places[i].JSON), read)
		if err != nil {
			rt.Fatal(err)
		}
		tree = append(tree, more...)
	}
	root, err := tlog.TreeHash(size, read)
	if err != nil {
		rt.Fatal(err)
	}
	if got := b.whole(t); got.Root != root.String() || got.Size != size {
		rt.Fatalf("root %s of %d, tlog says %s of %d", got.Root, got.Size, root, size)
	}
	return size
}

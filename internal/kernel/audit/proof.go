package audit

import (
	"context"
	"fmt"
	"strings"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

// promiseHeader opens a promise. Its second line is no number, so a promise
// can never be taken for a checkpoint, which the same key signs.
const promiseHeader = "hdnd-promise@v1"

// Promise is a signed note given with the act itself: the log has this leaf and
// will place it. It can be checked offline at once, and shows a broken promise
// if the leaf never gets a place.
func (l *Log) Promise(leaf Leaf) string {
	return l.key.sign(fmt.Sprintf("%s\norigin %s\nleaf %s\nat %s\n", promiseHeader, l.key.origin, leaf.Hash, stamp(l.clock.Now())))
}

// Proof is the proof, in the form C2SP tlog-proof, that the log's newest
// checkpoint covers the leaf. Missing ("audit.not_yet") until it has a place.
func (l *Log) Proof(ctx context.Context, leafID string) (string, error) {
	var proof string
	err := l.db.Read(ctx, func(tx *db.Tx) error {
		r, err := entryByID(ctx, tx, leafID)
		if err != nil {
			return err
		}
		proof, err = prove(ctx, tx, r)
		return err
	})
	return proof, err
}

func prove(ctx context.Context, tx *db.Tx, r row) (string, error) {
	c, err := newest(ctx, tx)
	if err != nil {
		return "", err
	}
	if r.Position < 0 || r.Position >= c.Size {
		return "", fault.New(fault.Missing, "audit.not_yet")
	}
	path, err := tlog.ProveRecord(c.Size, r.Position, hashes(ctx, tx))
	if err != nil {
		return "", err
	}
	return string(torchwood.FormatProof(r.Position, path, []byte(c.Text))), nil
}

// Receipt is what a person takes home: the leaf and the log's word for it.
//
// vi: biên nhận
type Receipt struct {
	Leaf   Leaf
	Proof  string // a tlog-proof, or a promise while the leaf has no place
	Placed bool   // Proof is a tlog-proof
}

// Text is the receipt as one file: the leaf on the first line, then the proof.
func (r Receipt) Text() string { return r.Leaf.JSON + "\n" + r.Proof }

// Receipt gives the best receipt there is for an entry now.
func (l *Log) Receipt(ctx context.Context, leafID string) (Receipt, error) {
	var out Receipt
	err := l.db.Read(ctx, func(tx *db.Tx) error {
		r, err := entryByID(ctx, tx, leafID)
		if err != nil {
			return err
		}
		if len(r.Hash) != tlog.HashSize {
			return fault.New(fault.Internal, "audit.tree_broken").Because(fmt.Errorf("audit: entry %s has no hash", r.ID))
		}
		out = Receipt{Leaf: Leaf{ID: r.ID, Hash: tlog.Hash(r.Hash), JSON: r.Leaf}}
		out.Proof, err = prove(ctx, tx, r)
		if fault.Is(err, "audit.not_yet") {
			return nil
		}
		out.Placed = err == nil
		return err
	})
	if err == nil && !out.Placed {
		out.Proof = l.Promise(out.Leaf)
	}
	return out, err
}

// Opening is what a leaf commits to, in full: with it the holder can show what
// was recorded. It holds personal data and goes only to whom it concerns.
type Opening struct {
	Salt []byte
	Text string // canonical JSON of actor, details and ids
}

// Opens reports whether the opening belongs to the leaf.
func (o Opening) Opens(leafJSON string) bool {
	leaf, err := readLeaf(leafJSON)
	return err == nil && len(o.Salt) > 0 && commit(o.Salt, []byte(o.Text)) == leaf.Commit
}

// Opening reads what an entry's leaf commits to; Missing ("audit.erased")
// after an erasure.
func (l *Log) Opening(ctx context.Context, leafID string) (Opening, error) {
	var o Opening
	err := l.db.Read(ctx, func(tx *db.Tx) error {
		r, err := entryByID(ctx, tx, leafID)
		if err != nil {
			return err
		}
		if r.erased() {
			return fault.New(fault.Missing, "audit.erased")
		}
		o = Opening{Salt: r.Salt, Text: string(r.opening())}
		return nil
	})
	return o, err
}

// Checkpoint is the newest signed state of the log (C2SP tlog-checkpoint).
// Missing ("audit.empty") before the first entry has its place.
func (l *Log) Checkpoint(ctx context.Context) (string, error) {
	var text string
	err := l.db.Read(ctx, func(tx *db.Tx) error {
		c, err := newest(ctx, tx)
		if err == nil && c.Size == 0 {
			err = fault.New(fault.Missing, "audit.empty")
		}
		text = c.Text
		return err
	})
	return text, err
}

// Consistency proves that the log of size to begins with the log of size from.
func (l *Log) Consistency(ctx context.Context, from, to int64) (tlog.TreeProof, error) {
	var proof tlog.TreeProof
	err := l.db.Read(ctx, func(tx *db.Tx) error {
		c, err := newest(ctx, tx)
		if err != nil {
			return err
		}
		if from < 1 || from > to || to > c.Size {
			return fault.New(fault.Invalid, "audit.no_such_size", "from", from, "to", to, "size", c.Size)
		}
		proof, err = tlog.ProveTree(to, from, hashes(ctx, tx))
		return err
	})
	return proof, err
}

// Extends reports whether the log still holds what a checkpoint signed
// earlier says, one that a witness, a backup or a citizen kept. This is how a
// log whose end was cut off, or that was put back to an old state, is found.
func (l *Log) Extends(ctx context.Context, signed string) error {
	c, _, err := torchwood.VerifyCheckpoint([]byte(strings.ReplaceAll(signed, "\r\n", "\n")), l.key.policy)
	if err != nil {
		return fault.New(fault.Invalid, "audit.not_our_checkpoint").Because(err)
	}
	return l.db.Read(ctx, func(tx *db.Tx) error {
		have, err := newest(ctx, tx)
		if err != nil {
			return err
		}
		if c.N > have.Size {
			return fault.New(fault.Refused, "audit.cut_off", "size", have.Size, "kept", c.N)
		}
		root, err := tlog.TreeHash(c.N, hashes(ctx, tx))
		if err != nil {
			return err
		}
		if root != c.Hash {
			return fault.New(fault.Refused, "audit.other_history", "size", c.N)
		}
		return nil
	})
}

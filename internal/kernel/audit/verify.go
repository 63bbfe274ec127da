package audit

import (
	"context"
	"fmt"
	"strconv"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"

	"example.vn/hdnd/internal/kernel/db"
)

// verifyChunk is how many entries are looked at on one view of the database;
// memory stays the same for a log of any size, and no view is held for long.
const verifyChunk = 1000

// Verify derives the whole log again and compares: every row gives its
// commitment and leaf, the leaves the tree, the tree the root of every signed
// checkpoint. Erased entries are checked by their commitment and by what the
// act of erasure says is left of them. Then each source's rows are compared
// with the entries. An error means that the check could not be done; what is
// wrong with the log is in the report.
func (l *Log) Verify(ctx context.Context, sources ...Rederive) (Report, error) {
	v := &verifier{l: l, sources: sources, report: Report{Origin: l.key.origin, At: l.clock.Now(), Rows: map[string]int64{}, Findings: []Finding{}}}
	if err := l.db.Read(ctx, func(tx *db.Tx) error { return v.start(ctx, tx) }); err != nil {
		return v.report, fmt.Errorf("audit: verify: %w", err)
	}
	for from := int64(0); from < v.report.Size; from += verifyChunk {
		to := min(from+verifyChunk, v.report.Size)
		if err := l.db.Read(ctx, func(tx *db.Tx) error { return v.chunk(ctx, tx, from, to) }); err != nil {
			return v.report, fmt.Errorf("audit: verify places %d to %d: %w", from, to, err)
		}
	}
	v.settle()
	for _, step := range []func(context.Context) error{v.chain, v.waiting, v.erasures, v.rows} {
		if err := step(ctx); err != nil {
			return v.report, fmt.Errorf("audit: verify: %w", err)
		}
	}
	return v.report, nil
}

type verifier struct {
	l       *Log
	sources []Rederive
	report  Report

	// The tree is grown twice, from the entries and from the stored leaf
	// hashes. Where they differ, the next signed root says which is right.
	ours, theirs edge
	doubts       []doubt
	lost         bool // a signed root fitted neither; told once
	// blind: a leaf is known neither from an entry nor from the tree, so from
	// there on nothing can be said of roots; single rows are still checked.
	blind bool
}

// doubt is a place where an entry and the stored tree disagree.
type doubt struct {
	entry, hash Finding
}

// start fixes how far this check goes, the newest checkpoint whose signature
// holds, and looks at what lies beyond it on the same view.
func (v *verifier) start(ctx context.Context, tx *db.Tx) error {
	size, root, err := v.newestValid(ctx, tx)
	if err != nil {
		return err
	}
	v.report.Size, v.report.Root = size, root.String()
	n, first, err := beyond(ctx, tx, size)
	if err != nil {
		return err
	}
	if n > 0 {
		v.report.find(Finding{Kind: EntryBeyond, Table: "audit_entries", Row: first, Field: "position", Position: size, Have: fmt.Sprint(n)})
	}
	if n, err = countHashesFrom(ctx, tx, tlog.StoredHashCount(size)); err != nil {
		return err
	}
	if n > 0 {
		v.report.find(Finding{Kind: HashBeyond, Table: "audit_hashes", Row: fmt.Sprint(tlog.StoredHashCount(size)), Have: fmt.Sprint(n)})
	}
	outside, err := checkpointsOutside(ctx, tx, size, findingsMax)
	for _, c := range outside {
		v.report.Checkpoints++
		v.report.find(v.altered(c))
	}
	return err
}

// newestValid finds the newest checkpoint with a good signature and takes the
// size from the signed text, which nobody can change, not from the row.
func (v *verifier) newestValid(ctx context.Context, tx *db.Tx) (int64, tlog.Hash, error) {
	last, err := newest(ctx, tx)
	if err != nil {
		return 0, tlog.Hash{}, err
	}
	for page := []checkpoint{last}; len(page) > 0; {
		for _, c := range page {
			if read, _, err := torchwood.VerifyCheckpoint([]byte(c.Text), v.l.key.policy); err == nil {
				return read.N, read.Hash, nil
			}
		}
		if page, err = checkpointsBefore(ctx, tx, page[len(page)-1].Size, 100); err != nil {
			return 0, tlog.Hash{}, err
		}
	}
	empty := edge{}
	return 0, empty.root(), nil
}

func (v *verifier) altered(c checkpoint) Finding {
	f := Finding{Kind: CheckpointAltered, Table: "audit_checkpoints", Row: strconv.FormatInt(c.Size, 10), Field: "text", Have: fmt.Sprint(c.Size)}
	read, _, err := torchwood.VerifyCheckpoint([]byte(c.Text), v.l.key.policy)
	switch {
	case err != nil:
		f.Have = ""
	case read.N != c.Size:
		f.Field, f.Want = "size", strconv.FormatInt(read.N, 10)
	case string(read.Hash[:]) != string(c.Root):
		f.Field, f.Want, f.Have = "root", read.Hash.String(), hashText(c.Root)
	default:
		f.Field, f.Have = "at, mac", stamp(c.At.Time)
	}
	return f
}

func (v *verifier) chunk(ctx context.Context, tx *db.Tx, from, to int64) error {
	rows, err := placed(ctx, tx, from, to)
	if err != nil {
		return err
	}
	first := tlog.StoredHashCount(from)
	kept, err := hashesBetween(ctx, tx, first, tlog.StoredHashCount(to))
	if err != nil {
		return err
	}
	points, err := checkpointsBetween(ctx, tx, from, to)
	if err != nil {
		return err
	}
	if err := v.entries(ctx, tx, rows); err != nil {
		return err
	}
	if err := v.known(ctx, tx, rows); err != nil {
		return err
	}
	tree := make([][]byte, tlog.StoredHashCount(to)-first)
	for _, h := range kept {
		tree[h.Index-first] = h.Hash
	}
	for at := from; at < to; at++ {
		var r *row
		if len(rows) > 0 && rows[0].Position == at {
			r, rows = &rows[0], rows[1:]
		}
		tree = tree[v.grow(at, r, tree):]
		for len(points) > 0 && points[0].Size == at+1 {
			v.point(points[0])
			points = points[1:]
		}
	}
	return nil
}

// grow adds the leaf of one place to both trees, compares the stored hashes
// and tells how many of them belong to this place.
func (v *verifier) grow(at int64, r *row, tree [][]byte) int {
	index := tlog.StoredHashCount(at)
	var leaf tlog.Hash
	haveHash := len(tree[0]) == tlog.HashSize
	if haveHash {
		leaf = tlog.Hash(tree[0])
	}
	mine := leaf
	switch {
	case r == nil:
		v.report.find(Finding{Kind: EntryMissing, Table: "audit_entries", Row: fmt.Sprint(at), Position: at})
	case len(r.Hash) == tlog.HashSize && v.l.key.wrote(r.ID, tlog.Hash(r.Hash), r.MAC):
		mine = tlog.Hash(r.Hash)
		if !haveHash {
			leaf = mine
		}
	}
	v.blind = v.blind || mine == tlog.Hash{}
	if haveHash && mine != leaf {
		v.doubts = append(v.doubts, doubt{
			entry: Finding{Kind: EntryMoved, Table: "audit_entries", Row: r.ID, Field: "position", Position: at, Want: leaf.String(), Have: mine.String()},
			hash:  Finding{Kind: HashAltered, Table: "audit_hashes", Row: fmt.Sprint(index), Position: at, Want: mine.String(), Have: leaf.String()}})
	}
	ours, theirs := v.ours.add(mine), v.theirs.add(leaf)
	for i := range ours {
		name := strconv.FormatInt(index+int64(i), 10)
		switch {
		case len(tree[i]) == 0:
			v.report.find(Finding{Kind: HashMissing, Table: "audit_hashes", Row: name, Position: at})
		case !v.blind && i > 0 && string(tree[i]) != string(ours[i][:]) && string(tree[i]) != string(theirs[i][:]), len(tree[i]) != tlog.HashSize:
			v.report.find(Finding{Kind: HashAltered, Table: "audit_hashes", Row: name, Position: at, Want: ours[i].String(), Have: hashText(tree[i])})
		}
	}
	return len(ours)
}

// point compares both trees with a signed root, and settles which of them is
// right about the places in doubt since the last one.
func (v *verifier) point(c checkpoint) {
	v.report.Checkpoints++
	if v.l.key.signed(c) != nil {
		v.report.find(v.altered(c))
		return
	}
	if v.blind {
		return
	}
	ours, theirs := v.ours.root(), v.theirs.root()
	switch string(c.Root) {
	case string(ours[:]):
		for _, d := range v.doubts {
			v.report.find(d.hash)
		}
		v.theirs = v.ours
	case string(theirs[:]):
		for _, d := range v.doubts {
			v.report.find(d.entry)
		}
		v.ours = v.theirs
	default:
		if !v.lost {
			v.lost = true
			v.report.find(Finding{Kind: RootDiffers, Table: "audit_checkpoints", Row: fmt.Sprint(c.Size), Field: "root", Want: ours.String(), Have: hashText(c.Root)})
		}
		return
	}
	v.doubts = nil
}

// settle tells of doubts that no signed root could decide.
func (v *verifier) settle() {
	for _, d := range v.doubts {
		v.report.find(d.entry)
		v.report.find(d.hash)
	}
	v.doubts = nil
}

func hashText(b []byte) string {
	if len(b) == tlog.HashSize {
		return tlog.Hash(b).String()
	}
	return fmt.Sprintf("%d bytes", len(b))
}

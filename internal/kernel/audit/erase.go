package audit

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"time"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// EraseVerb is the verb of the act that Erase records.
const EraseVerb = "audit.erase"

// Erasure asks for the text of a subject's entries to be deleted.
//
// vi: xoá dữ liệu cá nhân
type Erasure struct {
	Who     org.Actor
	Subject string
	Reason  string // why, with the document that asks for it; stays in the log, so it names nobody
	At      time.Time
}

// Erase deletes the salt, the details and the network address of every entry
// of a subject. Leaf and commitment stay, so every proof given out still
// holds; without the salt the commitment says nothing about the person. Who
// acted in their post stays: that is the officials' record, not the citizen's.
//
// The erasure is an act of its own. It commits to what is left of each entry,
// so that an erased entry can be changed as little as any other.
func (l *Log) Erase(ctx context.Context, tx *db.Tx, e Erasure) (Leaf, error) {
	if e.Reason == "" {
		return Leaf{}, fault.New(fault.Invalid, "audit.no_reason").At("reason")
	}
	rows, err := erasableOf(ctx, tx, e.Subject)
	if err != nil {
		return Leaf{}, err
	}
	if len(rows) == 0 {
		return Leaf{}, fault.New(fault.Missing, "audit.nothing_to_erase")
	}
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.ID, b.ID) })
	sum := sha256.New()
	for i := range rows {
		line(sum, rows[i].ID, rows[i].kept())
	}
	leaf, err := l.Append(ctx, tx, Entry{CouncilID: rows[0].CouncilID, Subject: e.Subject, Ref: rows[0].Ref, Verb: EraseVerb, At: e.At, Who: e.Who,
		Sealed:  slices.ContainsFunc(rows, func(r row) bool { return r.Sealed }),
		Details: map[string]any{"reason": e.Reason, "entries": len(rows), "kept": hex.EncodeToString(sum.Sum(nil))}})
	if err != nil {
		return Leaf{}, err
	}
	for i := range rows {
		r := &rows[i]
		if err := blank(ctx, tx, r.ID); err != nil {
			return Leaf{}, err
		}
		if err := insertErasure(ctx, tx, erasure{EntryID: r.ID, ErasureID: leaf.ID, Subject: e.Subject,
			At: db.At(e.At.Truncate(time.Microsecond)), Reason: e.Reason, Kept: r.kept()}); err != nil {
			return Leaf{}, err
		}
	}
	return leaf, nil
}

// kept is the hash of what an erasure leaves of the opening. The leaf needs no
// place in it: the row's code ties leaf and id together.
func (r *row) kept() []byte {
	left := *r
	left.Address, left.Details = "", "{}"
	sum := sha256.Sum256(left.opening())
	return sum[:]
}

// line adds one erased entry to the sum that the act of erasure commits to.
func line(sum hash.Hash, id string, kept []byte) {
	fmt.Fprintf(sum, "%s %s\n", id, base64.StdEncoding.EncodeToString(kept))
}

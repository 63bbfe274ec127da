package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

// hiddenColumns are the columns under the commitment; when it does not hold,
// one of them was changed, and nobody can tell which.
const hiddenColumns = "id, council_id, subject, person_id, post_id, body_id, actor, address, details, sealed, salt"

// entries derives each row again: columns → commitment → leaf → hash → code.
func (v *verifier) entries(ctx context.Context, tx *db.Tx, rows []row) error {
	var gone []string
	for i := range rows {
		v.report.Entries++
		if rows[i].erased() {
			v.report.Erased++
			gone = append(gone, rows[i].ID)
		}
		v.entry(&rows[i])
	}
	if len(gone) == 0 {
		return nil
	}
	acts, err := erasuresOf(ctx, tx, gone)
	if err != nil {
		return err
	}
	kept := make(map[string][]byte, len(acts))
	for _, a := range acts {
		kept[a.EntryID] = a.Kept
	}
	for i := range rows {
		r := &rows[i]
		if !r.erased() {
			continue
		}
		switch k, ok := kept[r.ID]; {
		case !ok:
			v.report.find(Finding{Kind: ErasedUnasked, Table: "audit_entries", Row: r.ID, Field: "salt", Position: r.Position})
		case string(k) != string(r.kept()) || r.Details != "" || r.Address != "":
			v.report.find(Finding{Kind: ContentAltered, Table: "audit_entries", Row: r.ID, Field: hiddenColumns, Position: r.Position})
		}
	}
	return nil
}

func (v *verifier) entry(r *row) {
	commit, ok := "", true
	if r.erased() {
		said, err := readLeaf(r.Leaf)
		commit, ok = said.Commit, err == nil
	} else {
		commit, ok = r.commitment()
	}
	want := r.leaf(commit)
	hash := tlog.RecordHash([]byte(want))
	leafHolds := tlog.RecordHash([]byte(r.Leaf)) == asHash(r.Hash)
	rowHolds := ok && hash == asHash(r.Hash)
	altered := func(field, want, have string) {
		v.report.find(Finding{Kind: EntryAltered, Table: "audit_entries", Row: r.ID, Field: field, Position: r.Position, Want: want, Have: have})
	}
	switch {
	case rowHolds && leafHolds:
		if !v.l.key.wrote(r.ID, hash, r.MAC) {
			v.report.find(Finding{Kind: EntryForged, Table: "audit_entries", Row: r.ID, Field: "mac", Position: r.Position})
		}
	case rowHolds:
		altered("leaf", want, r.Leaf)
	case leafHolds:
		for _, d := range r.differences(commit) {
			if d[0] == hiddenColumns {
				v.report.find(Finding{Kind: ContentAltered, Table: "audit_entries", Row: r.ID, Field: hiddenColumns, Position: r.Position})
				continue
			}
			altered(d[0], d[1], d[2])
		}
	case ok && want == r.Leaf && v.l.key.wrote(r.ID, hash, r.MAC):
		altered("hash", hash.String(), hashText(r.Hash))
	default:
		altered("leaf, hash", hash.String(), hashText(r.Hash))
	}
}

func asHash(b []byte) tlog.Hash {
	if len(b) != tlog.HashSize {
		return tlog.Hash{}
	}
	return tlog.Hash(b)
}

// differences names the columns that say other than the leaf: name, what the
// leaf says, what the row says.
func (r *row) differences(commit string) [][3]string {
	leaf, err := readLeaf(r.Leaf)
	if err != nil {
		return [][3]string{{"leaf", "", r.Leaf}}
	}
	papers, err := canonical(leaf.Papers)
	if err != nil {
		papers = err.Error()
	}
	var out [][3]string
	for _, d := range [][3]string{
		{"at", stamp(leaf.At), stamp(r.At.Time)}, {"ref", leaf.Ref, r.Ref}, {"verb", leaf.Event, r.Verb}, {"papers", papers, r.Papers},
	} {
		if d[1] != d[2] {
			out = append(out, d)
		}
	}
	if leaf.Commit != commit || len(out) == 0 {
		out = append(out, [3]string{hiddenColumns, leaf.Commit, commit})
	}
	return out
}

// waiting derives the entries that have no place yet, in the tree or the chain.
func (v *verifier) waiting(ctx context.Context) error {
	for _, read := range []func(context.Context, *db.Tx, string, int) ([]row, error){waitingAfter, unlinkedAfter} {
		if err := v.waitingFor(ctx, read); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) waitingFor(ctx context.Context, read func(context.Context, *db.Tx, string, int) ([]row, error)) error {
	after := ""
	for {
		var rows []row
		err := v.l.db.Read(ctx, func(tx *db.Tx) (err error) {
			if rows, err = read(ctx, tx, after, verifyChunk); err != nil {
				return err
			}
			if err := v.entries(ctx, tx, rows); err != nil {
				return err
			}
			return v.known(ctx, tx, rows)
		})
		if err != nil || len(rows) == 0 {
			return err
		}
		v.report.Waiting += int64(len(rows))
		after = rows[len(rows)-1].ID
	}
}

// act sums up the erased entries of one act of erasure.
type act struct {
	id    string
	count int
	sum   hash.Hash
	first erasure
}

// erasures compares the record of every erasure with what its act committed to.
func (v *verifier) erasures(ctx context.Context) error {
	var now act
	var last erasure
	for {
		done := false
		err := v.l.db.Read(ctx, func(tx *db.Tx) error {
			page, err := erasuresAfter(ctx, tx, last.ErasureID, last.EntryID, verifyChunk)
			if err != nil {
				return err
			}
			done = len(page) == 0
			for _, e := range page {
				if e.ErasureID != now.id {
					if err := v.act(ctx, tx, now); err != nil {
						return err
					}
					now = act{id: e.ErasureID, sum: sha256.New(), first: e}
				}
				if e.Subject != now.first.Subject || !e.At.Equal(now.first.At.Time) || e.Reason != now.first.Reason {
					v.report.find(Finding{Kind: ErasureAltered, Table: "audit_erasures", Row: e.EntryID, Field: "subject, at, reason"})
				}
				now.count++
				line(now.sum, e.EntryID, e.Kept)
				last = e
			}
			if done {
				return v.act(ctx, tx, now)
			}
			return nil
		})
		if err != nil || done {
			return err
		}
	}
}

func (v *verifier) act(ctx context.Context, tx *db.Tx, a act) error {
	if a.id == "" {
		return nil
	}
	wrong := func(row, field string) {
		v.report.find(Finding{Kind: ErasureAltered, Table: "audit_erasures", Row: row, Field: field})
	}
	r, err := entryByID(ctx, tx, a.id)
	if fault.Is(err, "db.no_row") {
		wrong(a.first.EntryID, "erasure_id")
		return nil
	}
	if err != nil {
		return err
	}
	var said struct {
		Reason  string `json:"reason"`
		Entries int    `json:"entries"`
		Kept    string `json:"kept"`
	}
	if r.Verb != EraseVerb || json.Unmarshal([]byte(r.Details), &said) != nil {
		wrong(a.first.EntryID, "erasure_id")
		return nil
	}
	if said.Entries != a.count || said.Kept != hex.EncodeToString(a.sum.Sum(nil)) {
		v.report.find(Finding{Kind: ErasureAltered, Table: "audit_erasures", Row: a.id, Field: "entry_id, kept",
			Want: strconv.Itoa(said.Entries), Have: fmt.Sprint(a.count)})
	}
	if r.Subject != a.first.Subject || !r.At.Equal(a.first.At.Time) || said.Reason != a.first.Reason {
		wrong(a.first.EntryID, "subject, at, reason")
	}
	return nil
}

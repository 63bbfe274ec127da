package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// Sealed entries have no place in the public tree, where even a bare hash would
// tell when something happened and how often. The sequencer links them into a
// chain: each link is a code, made with the log's key, over the link before and
// the entry. Once a day, whether or not anything was sealed, one ordinary entry
// commits to how long the chain is and to its last link; so the chain is
// anchored in the signed tree, and everybody sees the same one leaf a day.

// The act that anchors the chain, and what it is done to.
const (
	AnchorVerb    = "audit.anchor"
	anchorSubject = "audit.sealed"
)

// unlinked is the link of an entry that is not in the chain.
const unlinked = -1

// linksMax bounds the entries linked in one transaction.
const linksMax = 200

// next is the chain's value after one more entry.
func (k Key) next(before []byte, link int64, id string, hash tlog.Hash) []byte {
	return k.code(strconv.FormatInt(link, 10)+" "+string(before)+" "+id, hash)
}

// head is the end of the chain; Link is −1 when it is empty.
type head struct {
	Link  int64  `db:"link"`
	Chain []byte `db:"chain"`
}

// link puts sealed entries that wait into the chain and tells how many. Two
// nodes at once: links are unique, so one of them is refused and tries again.
func (l *Log) link(ctx context.Context) (n int, err error) {
	var some []candidate
	if err := l.db.Read(ctx, func(tx *db.Tx) (err error) {
		some, err = unlinkedOnes(ctx, tx, 1)
		return err
	}); err != nil || len(some) == 0 {
		return 0, err
	}
	err = l.db.Tx(ctx, func(tx *db.Tx) error {
		n = 0
		end, err := chainHead(ctx, tx)
		if err != nil {
			return err
		}
		waiting, err := unlinkedOnes(ctx, tx, linksMax)
		if err != nil {
			return err
		}
		for _, e := range waiting {
			end.Chain = l.key.next(end.Chain, end.Link+1, e.ID, asHash(e.Hash))
			end.Link++
			if err := chainOn(ctx, tx, e.ID, end); err != nil {
				return err
			}
		}
		n = len(waiting)
		return nil
	})
	if fault.KindOf(err) == fault.Conflict || db.Unique(err) {
		return 0, nil // another node linked meanwhile
	}
	return n, err
}

// anchored is what an anchor commits to.
type anchored struct {
	Links int64  `json:"links"`
	Chain string `json:"chain"` // hexadecimal
}

// Anchor commits to the chain of sealed entries as it stands. The program does
// it at the same time each day.
func (l *Log) Anchor(ctx context.Context, at time.Time) error {
	return l.db.Tx(ctx, func(tx *db.Tx) error {
		end, err := chainHead(ctx, tx)
		if err != nil {
			return err
		}
		_, err = l.Append(ctx, tx, Entry{Subject: anchorSubject, Ref: anchorSubject, Verb: AnchorVerb, At: at, Who: org.System(""),
			Details: map[string]any{"links": end.Link + 1, "chain": fmt.Sprintf("%x", end.Chain)}})
		return err
	})
}

// chain derives the chain again and compares it with its anchors: a link that
// was changed, taken out, put in or moved is found, and so is an end that was
// cut off since the last anchor.
func (v *verifier) chain(ctx context.Context) error {
	anchors, err := v.anchors(ctx)
	if err != nil {
		return err
	}
	end, next := head{Link: unlinked}, int64(0)
	for done := false; !done; {
		err := v.l.db.Read(ctx, func(tx *db.Tx) error {
			rows, err := linked(ctx, tx, next, verifyChunk)
			if err != nil {
				return err
			}
			done = len(rows) == 0
			for i := range rows {
				end = v.onward(end, &rows[i])
				v.holds(anchors, end)
			}
			next = end.Link + 1
			if err := v.entries(ctx, tx, rows); err != nil {
				return err
			}
			return v.known(ctx, tx, rows)
		})
		if err != nil {
			return err
		}
	}
	v.report.Sealed = end.Link + 1
	for links := range anchors {
		if links > end.Link+1 {
			v.report.find(Finding{Kind: LinkMissing, Table: "audit_entries", Row: fmt.Sprintf("%d…%d", end.Link+1, links-1), Field: "link", Position: end.Link + 1})
			break
		}
	}
	return nil
}

// onward checks one link and gives the end of the chain after it. After a gap
// or a wrong link the chain goes on from what is stored, so that one fault is
// told once.
func (v *verifier) onward(end head, r *row) head {
	want := v.l.key.next(end.Chain, end.Link+1, r.ID, asHash(r.Hash))
	switch {
	case r.Link != end.Link+1:
		v.report.find(Finding{Kind: LinkMissing, Table: "audit_entries", Row: fmt.Sprintf("%d…%d", end.Link+1, r.Link-1), Field: "link", Position: end.Link + 1})
	case string(want) != string(r.Chain) || !r.Sealed:
		v.report.find(Finding{Kind: LinkAltered, Table: "audit_entries", Row: r.ID, Field: "link, chain", Position: r.Link, Want: fmt.Sprintf("%x", want), Have: fmt.Sprintf("%x", r.Chain)})
	}
	return head{Link: r.Link, Chain: r.Chain}
}

// holds compares the chain with what was committed to at this length.
func (v *verifier) holds(anchors map[int64]string, end head) {
	have := fmt.Sprintf("%x", end.Chain)
	if want, ok := anchors[end.Link+1]; ok && want != have {
		v.report.find(Finding{Kind: LinkAltered, Table: "audit_entries", Row: strconv.FormatInt(end.Link, 10), Field: "chain", Position: end.Link, Want: want, Have: have})
	}
}

// anchors reads what each anchor committed to, by the length of the chain.
func (v *verifier) anchors(ctx context.Context) (map[int64]string, error) {
	all := map[int64]string{}
	after := ""
	for {
		var rows []row
		if err := v.l.db.Read(ctx, func(tx *db.Tx) (err error) {
			rows, err = ofSubjectAfter(ctx, tx, anchorSubject, after, verifyChunk)
			return err
		}); err != nil || len(rows) == 0 {
			return all, err
		}
		for _, r := range rows {
			after = r.ID
			var a anchored
			if r.Verb == AnchorVerb && json.Unmarshal([]byte(r.Details), &a) == nil && a.Links > 0 {
				all[a.Links] = a.Chain
			}
		}
	}
}

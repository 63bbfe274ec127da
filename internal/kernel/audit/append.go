package audit

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"example.vn/hdnd/internal/kernel/db"
)

// Append records an act in the transaction of the act: both happen or neither.
// It takes no number and reads no row, so two acts never wait for each other;
// the sequencer gives the entry its place after the commit.
func (l *Log) Append(ctx context.Context, tx *db.Tx, e Entry) (Leaf, error) {
	r, err := l.write(e)
	if err != nil {
		return Leaf{}, err
	}
	if err := insertEntry(ctx, tx, r); err != nil {
		return Leaf{}, err
	}
	tx.AfterCommit(func() {
		l.nudge()
		if l.Heard != nil {
			l.Heard(e.CouncilID)
		}
	})
	return Leaf{ID: r.ID, Hash: tlog.Hash(r.Hash), JSON: r.Leaf}, nil
}

// nudge wakes the sequencer; one waiting nudge is enough.
func (l *Log) nudge() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// write makes the row of an act. Chance is drawn here: when the transaction
// runs twice, the first row was never kept.
func (l *Log) write(e Entry) (*row, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	r := &row{ID: l.ids.next(e.At), CouncilID: e.CouncilID, Subject: e.Subject, Ref: e.Ref, Verb: e.Verb,
		At: db.At(e.At.Truncate(time.Microsecond)), PersonID: e.Who.PersonID, PostID: e.Who.PostID, BodyID: e.Who.BodyID,
		Address: e.Who.Address, Sealed: e.Sealed, Salt: make([]byte, hidden), Position: unplaced, Link: unlinked, Chain: []byte{}}
	rand.Read(r.Salt) // never fails: crypto/rand ends the program instead
	if e.Sealed {
		r.Ref = rand.Text()
	}
	papers := e.Papers
	if papers == nil {
		papers = []string{}
	}
	details := e.Details
	if details == nil {
		details = map[string]any{}
	}
	for _, part := range []struct {
		to *string
		v  any
	}{{&r.Actor, doer(e.Who)}, {&r.Papers, papers}, {&r.Details, details}} {
		text, err := canonical(part.v)
		if err != nil {
			return nil, fmt.Errorf("%w (in %s)", err, e.Verb)
		}
		*part.to = text
	}
	if len(r.Details) > detailsBytesMax {
		return nil, fmt.Errorf("audit: %s: details of %d bytes, at most %d", e.Verb, len(r.Details), detailsBytesMax)
	}
	r.clean()
	r.Leaf = r.leaf(commit(r.Salt, r.opening()))
	hash := tlog.RecordHash([]byte(r.Leaf))
	r.Hash = hash[:]
	r.MAC = l.key.code(r.ID, hash)
	return r, nil
}

// clean makes the columns such as both databases give them back: what is not
// text would otherwise be refused by one of them and break the act.
func (r *row) clean() {
	for _, s := range []*string{&r.CouncilID, &r.Subject, &r.Ref, &r.PersonID, &r.PostID, &r.BodyID, &r.Address} {
		*s = strings.ReplaceAll(strings.ToValidUTF8(*s, "\ufffd"), "\x00", "\ufffd")
	}
}

// ids makes the ids of entries. Within a process they rise strictly, even when
// the clock stands or goes back: two acts of one transaction keep their order.
type ids struct {
	mu sync.Mutex
	at uint64 // milliseconds since 1970, then 16 bits of count
}

var idCode = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

func (s *ids) next(at time.Time) string {
	s.mu.Lock()
	s.at = max(s.at+1, uint64(max(at.UnixMilli(), 0))<<16)
	n := s.at
	s.mu.Unlock()
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], n)
	rand.Read(b[8:]) // never fails: crypto/rand ends the program instead
	return idCode.EncodeToString(b[:])
}

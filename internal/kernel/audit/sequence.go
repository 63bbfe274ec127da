package audit

import (
	"context"
	"crypto/hmac"
	"fmt"
	"log/slog"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

// batchMax bounds the entries of one checkpoint, so that a long queue does not
// hold up the acts of others on SQLite, where all write through one goroutine.
const batchMax = 1000

// The rhythm of Run: after a wake-up it waits a little, so that acts of the
// same moment share a checkpoint; without any it looks often enough to take
// over from a node that died. Both are well under the promised second.
const (
	gatherPause = 20 * time.Millisecond
	idlePause   = 250 * time.Millisecond
	retryPause  = time.Second
)

// Run sequences until ctx ends. Every process runs it; the lease lets one of
// them work. A failure is logged, shown by Trouble, and tried again.
func (l *Log) Run(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := l.Sequence(ctx)
		if ctx.Err() != nil {
			return
		}
		l.mu.Lock()
		news := err != nil && (l.last == nil || l.last.Error() != err.Error())
		l.last = err
		l.mu.Unlock()
		if news {
			slog.ErrorContext(ctx, "audit: the sequencer stands still", "error", err)
		}
		switch {
		case err != nil:
			l.rest(ctx, retryPause, false)
		case n >= batchMax: // more are waiting
		default:
			l.rest(ctx, idlePause, true)
		}
	}
}

// rest waits for the time, or for a wake-up and a short while after it.
func (l *Log) rest(ctx context.Context, pause time.Duration, wakeable bool) {
	wake := l.wake
	if !wakeable {
		wake = nil
	}
	select {
	case <-ctx.Done():
	case <-time.After(pause):
	case <-wake:
		select {
		case <-ctx.Done():
		case <-time.After(gatherPause):
		}
	}
}

// Trouble is why the latest round of Run failed; nil when it did not.
func (l *Log) Trouble() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// batch is one round's work: prepared on a read-only view, then written in one
// short transaction.
type batch struct {
	lease   lease
	before  checkpoint
	entries []candidate
	hashes  []tlog.Hash
	after   checkpoint
	until   time.Time
}

// Sequence does one round: entries without a place get one, the tree grows, a
// checkpoint is signed; sealed ones are linked. It tells how many there were; none when there
// was nothing to do or another node has the lease.
//
// It picks entries that have no place, never "those after the last": commits
// finish out of order.
func (l *Log) Sequence(ctx context.Context) (int, error) {
	linked, err := l.link(ctx)
	if err != nil {
		return 0, fmt.Errorf("audit: link: %w", err)
	}
	placed, err := l.round(ctx)
	return linked + placed, err
}

func (l *Log) round(ctx context.Context) (int, error) {
	now := l.clock.Now()
	var b *batch
	if err := l.db.Read(ctx, func(tx *db.Tx) (err error) {
		b, err = l.prepare(ctx, tx, now)
		return err
	}); err != nil || b == nil {
		return 0, err
	}
	err := l.db.Tx(ctx, func(tx *db.Tx) error { return l.keep(ctx, tx, b) })
	switch {
	case err == nil:
		return len(b.entries), nil
	case fault.KindOf(err) == fault.Conflict:
		// Another node sequenced meanwhile. Nothing was written here; the
		// entries have their places from there or get them in the next round.
		return 0, nil
	case db.Unique(err):
		return 0, l.collided(ctx, b, err)
	}
	return 0, fmt.Errorf("audit: sequence: %w", err)
}

// collided tells why a place or hash was taken already: another node was
// faster, or somebody put a row there and the log must not go on over it.
func (l *Log) collided(ctx context.Context, b *batch, cause error) error {
	return l.db.Read(ctx, func(tx *db.Tx) error {
		c, err := newest(ctx, tx)
		if err == nil && c.Size == b.before.Size {
			err = fault.New(fault.Internal, "audit.tree_broken").Because(cause)
		}
		return err
	})
}

func (l *Log) prepare(ctx context.Context, tx *db.Tx, now time.Time) (*batch, error) {
	b := &batch{until: now.Add(leaseLength)}
	var err error
	if b.entries, err = waiting(ctx, tx, batchMax); err != nil || len(b.entries) == 0 {
		return nil, err
	}
	if b.lease, err = readLease(ctx, tx); err != nil {
		return nil, err
	}
	if !b.lease.free(l.node, now) {
		return nil, nil
	}
	if b.before, err = newest(ctx, tx); err != nil {
		return nil, err
	}
	edge, err := l.edge(ctx, tx, b.before)
	if err != nil {
		return nil, err
	}
	for _, e := range b.entries {
		if len(e.Hash) != tlog.HashSize {
			return nil, fault.New(fault.Internal, "audit.tree_broken").Because(fmt.Errorf("audit: entry %s has a hash of %d bytes", e.ID, len(e.Hash)))
		}
		b.hashes = append(b.hashes, edge.add(tlog.Hash(e.Hash))...)
	}
	root := edge.root()
	at := now
	if b.before.At.After(at) {
		at = b.before.At.Time // the clock went back; the order of checkpoints does not
	}
	b.after = checkpoint{Size: edge.size, Root: root[:], At: db.At(at),
		Text: l.key.sign(torchwood.Checkpoint{Origin: l.key.origin, Tree: tlog.Tree{N: edge.size, Hash: root}}.String())}
	b.after.MAC = l.key.timed(b.after)
	return b, nil
}

// edge loads the right edge of the tree and makes sure that it is the tree we
// signed: never is a second history signed over one that somebody altered, nor
// over the history of another key.
func (l *Log) edge(ctx context.Context, tx *db.Tx, c checkpoint) (*edge, error) {
	if c.Size == 0 {
		return &edge{}, nil
	}
	if err := l.key.signed(c); err != nil {
		return nil, fault.New(fault.Internal, "audit.tree_broken").Because(err)
	}
	read, err := hashes(ctx, tx)(torchwood.RightEdge(c.Size))
	if err != nil {
		return nil, err
	}
	e := edgeOf(c.Size, read)
	if root := e.root(); string(root[:]) != string(c.Root) {
		return nil, fault.New(fault.Internal, "audit.tree_broken").Because(
			fmt.Errorf("audit: the stored tree of size %d has root %s, its checkpoint another", c.Size, root))
	}
	return e, nil
}

// signed checks that the row of a checkpoint says what its signed text says.
func (k Key) signed(c checkpoint) error {
	read, _, err := torchwood.VerifyCheckpoint([]byte(c.Text), k.policy)
	if err != nil {
		return fmt.Errorf("audit: checkpoint of size %d: %w", c.Size, err)
	}
	if read.N != c.Size || string(read.Hash[:]) != string(c.Root) {
		return fmt.Errorf("audit: checkpoint of size %d: its signed text says size %d, root %s", c.Size, read.N, read.Hash)
	}
	if !hmac.Equal(c.MAC, k.timed(c)) {
		return fmt.Errorf("audit: checkpoint of size %d: its time was changed", c.Size)
	}
	return nil
}

// timed is the code over the time of a checkpoint, which its text lacks.
func (k Key) timed(c checkpoint) []byte {
	return k.code(stamp(c.At.Time), tlog.RecordHash([]byte(c.Text)))
}

// keep keeps the batch if the log is still the one it was prepared on. The
// newest checkpoint is compared in this transaction and sizes, places and hash
// indexes are unique, so even a node with a stolen lease cannot fork the log.
func (l *Log) keep(ctx context.Context, tx *db.Tx, b *batch) error {
	if err := takeLease(ctx, tx, b.lease, l.node, b.until); err != nil {
		return err
	}
	c, err := newest(ctx, tx)
	if err != nil {
		return err
	}
	if c.Size != b.before.Size || c.Text != b.before.Text {
		return fault.New(fault.Conflict, "db.stale")
	}
	if err := place(ctx, tx, b.before.Size, b.entries); err != nil {
		return err
	}
	if err := insertHashes(ctx, tx, tlog.StoredHashCount(b.before.Size), b.hashes); err != nil {
		return err
	}
	return insertCheckpoint(ctx, tx, b.after)
}

// Waiting tells how many entries have no place yet and when the oldest of them
// happened, for the administrator's page.
func (l *Log) Waiting(ctx context.Context) (n int, oldest time.Time, err error) {
	err = l.db.Read(ctx, func(tx *db.Tx) error {
		count, err := db.One[int64](ctx, tx, `SELECT count(*) FROM audit_entries WHERE position < 0 AND NOT sealed`)
		if err != nil || count == 0 {
			return err
		}
		n = int(count)
		at, err := db.One[db.Time](ctx, tx, `SELECT at FROM audit_entries WHERE position < 0 AND NOT sealed ORDER BY id LIMIT 1`)
		oldest = at.Time
		return err
	})
	return n, oldest, err
}

// Package audit is the transparency log (nhật ký minh bạch): who did what,
// when, to which case, in a form that nobody can change afterwards unnoticed,
// not even who runs the database.
//
// Every act writes one entry in its own transaction. The entry's leaf names
// the case, the verb, the time and the hashes of the papers, and holds a
// salted commitment to everything else; there is no personal data in a leaf.
// One sequencer gives the entries their places, hashes them into a Merkle tree
// and signs a checkpoint, so acts never wait for each other. Whoever holds a
// receipt, a signed promise at once and a proof within a second, can check it
// without us. Formats: C2SP signed-note, tlog-checkpoint and tlog-proof.
//
// What the log shows and what it does not: an entry changed, taken out, put in
// or moved is found by Verify; so is an entry that was never written by this
// program, because each carries a code made with the log's key. A log whose
// whole end was cut off looks whole from inside; that is found by anybody who
// kept a later checkpoint or a receipt (Log.Extends).
//
// Erasing a person deletes the salt and the text, so that the commitment says
// nothing any more, and is itself an act in the log.
//
// The package owns the tables audit_*. It does not decide who may read the log.
//
// Legal basis: Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15 (erasure).
package audit

import (
	"embed"
	"sync"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

// Files holds this package's sentences and schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is this package's schema.
var Migrations = db.Migrations{Name: "audit", Files: Files}

// Log is the transparency log of one installation: all its councils share it.
type Log struct {
	db    *db.DB
	clock clock.Clock
	key   Key
	node  string        // names this process in the sequencer's lease
	wake  chan struct{} // one slot: an entry was committed
	ids   ids

	// Heard is told of each council whose act was committed, so that what counts
	// its acts counts anew; nil: nobody asks.
	Heard func(councilID string)

	mu   sync.Mutex
	last error // why the latest round of Run failed
}

// New makes the log. Each process of a cluster makes one, with the same key.
func New(d *db.DB, c clock.Clock, key Key) *Log {
	return &Log{db: d, clock: c, key: key, node: db.NewID(c.Now()), wake: make(chan struct{}, 1)}
}

// Origin is the log's name, printed on the first line of its checkpoints.
func (l *Log) Origin() string { return l.key.origin }

// PublicKey is the log's verifier key; receipts are checked with it.
func (l *Log) PublicKey() string { return l.key.public }

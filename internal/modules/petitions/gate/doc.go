// Package gate keeps floods and machines from drowning the voters' petitions
// (chống lạm dụng), without turning any voter away who is merely one of many.
//
// What is handed in leaves a trace: keyed hashes of its network address,
// network and contact, never these themselves, and they are erased after a
// month. From how many traces there are of the last minutes and the last day
// (limits.toml) an attempt is graded: taken as it is; asked for a proof; taken
// in and held back from the public until the office has looked; and, in a flood
// only, refused with a sentence that says when and how else to reach the
// council. A held petition has its code, its receipt and its clock at once.
//
// A whole ward may sit behind one address, so an address is asked for proofs
// long before anything is held. Contacts and councils never refuse anybody: who
// writes another's e-mail into a thousand forms must not lock its owner out,
// and a flood upon a council must not shut the council. The same wish of many
// voters is no abuse either: it is shown as a trend and counts for no grade.
//
// The proof is work for the browser (leading zero bits of SHA-256), done while
// the voter reads what will be public. Without JavaScript the same challenge is
// met by waiting: it is signed with the moment it was made and becomes good by
// itself some seconds later. Waiting was preferred to a question of sums or
// words: it asks nothing of eyes, memory or language, a machine that can read
// the page can do the sum, and what a flood needs is the one thing that waiting
// costs. The page does not reload by itself, which would tear a screen reader
// from its place (WCAG 2.2.1, F41); who presses too early is told how many
// seconds are left and everything typed stays. Attackers may wait for many at
// once; the limits count them all the same.
//
// Traces are one row for each hand-in, added in its transaction and never
// changed by another, and counts are known before it, outside: so nobody waits
// for anybody. Each node hears every second what the others took in; a few who
// hand in at the very same moment may pass a limit together.
//
// Wrong keys of receipts leave traces of their own, and are counted for all
// addresses of the public that a key opens: after a few no key is taken from
// there for a while, so that nobody can guess them.
//
// It owns the tables petitions_traces, petitions_proofs, petitions_held,
// petitions_invalidations, petitions_invalidated and petitions_alerts. It moves
// no case itself: petitions refuses and restores.
package gate

import (
	"cmp"
	"context"
	"embed"
	"fmt"
	"sync"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
)

// Files holds the sentences and the schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is the schema.
var Migrations = db.Migrations{Name: "gate", Files: Files}

// Deps is what the gate needs.
//
// vi: -
type Deps struct {
	DB     *db.DB
	Clock  clock.Clock
	Audit  *audit.Log
	Queue  *jobs.Queue
	Notify *notify.Notifier
	// Secret is the installation's own, at least 32 bytes, the same on every
	// node and not in the database.
	Secret []byte
	// Limits are those of this installation, in the form of limits.toml; empty for
	// the shipped ones.
	Limits string
	// Office gives the body of a council that takes its petitions in.
	Office func(ctx context.Context, tx *db.Tx, councilID string) (bodyID string, err error)
	// Refuse takes a petition out for a coded reason; done is false when somebody
	// has worked on it, and true again when it was refused so before.
	Refuse func(ctx context.Context, who org.Actor, id, reason, note string) (done bool, err error)
	// Restore brings a refused petition back to where it stood.
	Restore func(ctx context.Context, who org.Actor, id, note string) (done bool, err error)
	// Released is told in the same transaction that a petition is no longer held.
	Released func(ctx context.Context, tx *db.Tx, id string) error
	// Similar gives the ids of a council's petitions whose words are near those of one.
	Similar func(ctx context.Context, councilID, id string, most int) (ids []string, err error)
}

// Desk grades what is handed in, and keeps what the office does about it.
//
// vi: -
type Desk struct {
	Deps
	editions []Limits
	folding  folding
	keys     keys

	memory   *memory
	mu       sync.Mutex // guards councils
	councils map[string]councilCount
}

// councilCount is a council's hand-ins as they were a moment ago: nobody needs
// them to the unit, and they are many to count each time.
type councilCount struct {
	count counted
	at    time.Time
}

// New makes the desk and has the trends looked at every few minutes.
func New(deps Deps) (*Desk, error) {
	d := &Desk{Deps: deps, memory: newMemory(), councils: map[string]councilCount{}}
	var err error
	if d.editions, err = readLimits(cmp.Or(deps.Limits, limitsText)); err != nil {
		return nil, err
	}
	if d.folding, err = readFolding(foldingText); err != nil {
		return nil, err
	}
	if len(deps.Secret) < secretLeast {
		return nil, fmt.Errorf("gate: a secret of %d bytes; at least %d are needed", len(deps.Secret), secretLeast)
	}
	d.keys = newKeys(deps.Secret)
	if deps.Queue != nil {
		deps.Queue.Every(trendsKind, trendsKind, jobs.Minutes(trendsEvery))
	}
	return d, nil
}

// limits are those in force at a moment.
func (d *Desk) limits(now time.Time) Limits {
	today, inForce := clock.DateOf(now), d.editions[0]
	for _, e := range d.editions {
		if !today.Before(e.From) {
			inForce = e
		}
	}
	return inForce
}

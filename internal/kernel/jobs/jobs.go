package jobs

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

// Files holds this package's sentences and schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is this package's schema.
var Migrations = db.Migrations{Name: "jobs", Files: Files}

const (
	// attemptsMax is how often a job is tried before it is dead, unless the
	// job says otherwise: with the pauses of Pause about an hour and a half.
	attemptsMax = 12
	// leaseTime is how long a node that has died keeps its jobs from others.
	leaseTime = time.Minute
	// workTimeMax ends a handler that hangs; the attempt counts as failed.
	workTimeMax = 10 * time.Minute
	// workersUsual run side by side in one node: jobs mostly wait for the
	// database or the network, so more than there are cores.
	workersUsual = 8
	// pollTime is how soon a node sees what another has queued, and how late
	// a job of a later hour may start.
	pollTime = time.Second
	// graceUsual is what running jobs get to finish in when the program stops.
	graceUsual = 10 * time.Second
)

// Job is work to be queued.
type Job struct {
	Kind string // "module.verb_later", e.g. "notify.mail"
	// Key makes the job the only unfinished one of its kind with this key;
	// the arguments must follow from it. Queueing it again while it waits
	// brings it forward at most; while it runs, makes it run once more.
	Key         string
	RunAt       time.Time // zero: at once
	Args        any       // kept as JSON
	CouncilID   string    // whose administrator sees it; empty for the installation's own
	AttemptsMax int       // zero: 12
}

// Work is a job in the hands of its handler.
type Work struct {
	ID          string  `db:"id"`
	Kind        string  `db:"kind"`
	Key         string  `db:"dedup"`
	CouncilID   string  `db:"council_id"`
	Attempt     int     `db:"attempt"` // 1 for the first
	AttemptsMax int     `db:"attempts_max"`
	RunAt       db.Time `db:"run_at"` // when it was to run, which may be long ago
	JSON        string  `db:"args"`
	Ticket      int64   `db:"ticket"`
	owner       string
}

// Read decodes the arguments.
func (w Work) Read(into any) error {
	if err := json.Unmarshal([]byte(w.JSON), into); err != nil {
		return Final(fmt.Errorf("jobs: arguments of %s: %w", w.Kind, err))
	}
	return nil
}

// Last reports whether a failure now makes the job dead.
func (w Work) Last() bool { return w.Attempt >= w.AttemptsMax }

type handler struct {
	plain func(ctx context.Context, w Work) error
	tx    func(ctx context.Context, tx *db.Tx, w Work) error
}

// Queue is one node's hand on the jobs of the database.
type Queue struct {
	// Workers is how many jobs run side by side; set it before Run.
	Workers int
	// Grace is what running jobs get to finish in when the program stops; set
	// it before Run.
	Grace time.Duration
	// Log takes what the operator should know; set it before Run.
	Log *slog.Logger

	db        *db.DB
	clock     clock.Clock
	handlers  map[string]handler
	schedules []schedule
	wake      chan struct{}
	ticket    atomic.Int64
}

// New makes a queue; Handle, HandleTx and Every complete it before Run.
func New(d *db.DB, c clock.Clock) *Queue {
	q := &Queue{Workers: workersUsual, Grace: graceUsual, Log: slog.Default(), db: d, clock: c, handlers: map[string]handler{}, wake: make(chan struct{}, 1)}
	q.Handle(purgeKind, q.purge)
	q.Every(purgeKind, "", Daily(3, 10))
	return q
}

// Handle names the handler of a kind that talks to the world. It may be called
// again for the same job after a crash, so it must bear that.
func (q *Queue) Handle(kind string, fn func(ctx context.Context, w Work) error) {
	q.add(kind, handler{plain: fn})
}

// HandleTx names the handler of a kind that touches the database alone. The
// job ends in the same transaction: it happens exactly once. As every function
// given to a transaction, fn may run twice before one run is kept.
func (q *Queue) HandleTx(kind string, fn func(ctx context.Context, tx *db.Tx, w Work) error) {
	q.add(kind, handler{tx: fn})
}

func (q *Queue) add(kind string, h handler) {
	if _, twice := q.handlers[kind]; twice {
		panic("jobs: two handlers for " + kind) // a mistake in the wiring, found at the first start
	}
	q.handlers[kind] = h
}

// Enqueue queues j in the caller's transaction. It wakes this node's workers
// once the transaction is durable; a rollback leaves no job.
func (q *Queue) Enqueue(ctx context.Context, tx *db.Tx, j Job) error {
	now := q.clock.Now()
	if j.RunAt.IsZero() {
		j.RunAt = now
	}
	if j.AttemptsMax == 0 {
		j.AttemptsMax = attemptsMax
	}
	args, err := json.Marshal(j.Args)
	if err != nil {
		return fmt.Errorf("jobs: arguments of %s: %w", j.Kind, err)
	}
	if err := insertJob(ctx, tx, db.NewID(now), j, string(args), q.nextTicket(now), now); err != nil {
		return fmt.Errorf("jobs: queue %s: %w", j.Kind, err)
	}
	if !j.RunAt.After(now) {
		tx.AfterCommit(q.Wake)
	}
	return nil
}

// Wake makes this node look for due jobs now.
func (q *Queue) Wake() {
	select {
	case q.wake <- struct{}{}:
	default: // it is awake already
	}
}

// nextTicket numbers jobs in the order they were queued, also while the clock
// of a test or of the demonstration stands still.
func (q *Queue) nextTicket(now time.Time) int64 {
	for {
		last := q.ticket.Load()
		next := max(last+1, now.UnixMicro())
		if q.ticket.CompareAndSwap(last, next) {
			return next
		}
	}
}

// Kinds lists the kinds that have a handler, in order.
func (q *Queue) Kinds() []string { return slices.Sorted(maps.Keys(q.handlers)) }

// kinds lists the kinds this node can handle: an older node leaves the jobs of
// a newer one alone.
func (q *Queue) kinds() string {
	return db.List(q.Kinds())
}

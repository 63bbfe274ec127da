package db

import (
	"context"
	"database/sql"
	"fmt"
	"runtime/debug"
	"sync"

	"example.vn/hdnd/internal/kernel/fault"
)

// batchMax bounds how many callers share one commit. Measured on two cores:
// 256 gives 20,000 durable transactions a second with 128 clients.
const batchMax = 256

// writer is SQLite's single writer. Callers queue functions; it runs as many
// as are waiting inside one transaction, each in its own savepoint, and
// answers them after the one durable commit. One caller's failure undoes that
// caller's savepoint only.
type writer struct {
	conn  *prepared
	queue chan *request
	mu    sync.RWMutex // guards closed against queueing
	dead  bool
	done  chan struct{}
	owed  bool // a cut of the log; the writer's own
}

type request struct {
	ctx    context.Context
	fn     func(*Tx) error
	tx     *Tx
	err    error
	panics any
	answer chan struct{}
}

func newWriter(pool *sql.DB) (*writer, error) {
	conn, err := pool.Conn(context.Background())
	if err != nil {
		return nil, err
	}
	w := &writer{conn: newPrepared(conn), queue: make(chan *request, 4*batchMax), done: make(chan struct{})}
	go w.run()
	return w, nil
}

func (w *writer) do(ctx context.Context, fn func(*Tx) error) error {
	r := &request{ctx: ctx, fn: fn, answer: make(chan struct{})}
	w.mu.RLock()
	if w.dead {
		w.mu.RUnlock()
		return fault.New(fault.Unavailable, "db.away").Because(sql.ErrConnDone)
	}
	select {
	case w.queue <- r:
		w.mu.RUnlock()
	case <-ctx.Done():
		w.mu.RUnlock()
		return ctx.Err()
	}
	// Once queued the outcome is awaited even if the caller has gone: it may
	// already be committing, and an answer of "cancelled" would be a guess.
	<-r.answer
	if r.panics != nil {
		panic(r.panics)
	}
	if r.err != nil {
		return classify(r.err)
	}
	r.tx.committed()
	return nil
}

func (w *writer) stop() {
	w.mu.Lock()
	if w.dead {
		w.mu.Unlock()
		return
	}
	w.dead = true
	close(w.queue)
	w.mu.Unlock()
	<-w.done
}

func (w *writer) run() {
	defer close(w.done)
	for {
		first, open := w.next()
		if !open {
			break
		}
		batch := []*request{first}
	more:
		for len(batch) < batchMax {
			select {
			case r, ok := <-w.queue:
				if !ok {
					break more
				}
				batch = append(batch, r)
			default:
				break more
			}
		}
		w.commit(batch)
		for _, r := range batch {
			w.owed = w.owed || r.err == nil && r.tx != nil && r.tx.erase
		}
		w.cutLog()
		for _, r := range batch {
			close(r.answer)
		}
	}
	// Fold the log into the file, so that the file alone is the database. A
	// reader still at work prevents it; then the next opening does it.
	_, _ = w.conn.ExecContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
	// The pool closes the connection too; its error is the one that is told.
	_ = w.conn.close()
}

// commit runs the batch. When the shared part fails (begin, commit, a disk
// error that made SQLite drop the transaction), every caller gets that error:
// nothing was acknowledged, nothing is kept.
func (w *writer) commit(batch []*request) {
	ctx := context.Background()
	fail := func(err error) {
		for _, r := range batch {
			if r.err == nil {
				r.err = err
			}
		}
	}
	if _, err := w.conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		fail(err)
		return
	}
	kept := 0
	for _, r := range batch {
		if err := w.runOne(ctx, r); err != nil {
			fail(err)
			w.rollback(ctx)
			return
		}
		if r.err == nil && r.panics == nil {
			kept++
		}
	}
	if kept == 0 {
		w.rollback(ctx)
		return
	}
	if _, err := w.conn.ExecContext(ctx, "COMMIT"); err != nil {
		fail(err)
		w.rollback(ctx)
	}
}

// rollback ends the transaction. SQLite may have ended it already (disk full);
// then the statement fails and that is what was wanted.
func (w *writer) rollback(ctx context.Context) {
	_, _ = w.conn.ExecContext(ctx, "ROLLBACK")
}

// runOne runs one caller's function in a savepoint. Its own failure goes into
// r; the returned error is the batch's.
func (w *writer) runOne(ctx context.Context, r *request) error {
	if r.err = r.ctx.Err(); r.err != nil {
		return nil
	}
	if _, err := w.conn.ExecContext(ctx, "SAVEPOINT one"); err != nil {
		return err
	}
	r.tx = &Tx{q: w.conn, dialect: SQLite, steady: true}
	r.call()
	if r.err != nil || r.panics != nil {
		if _, err := w.conn.ExecContext(ctx, "ROLLBACK TO one"); err != nil {
			return fmt.Errorf("db: transaction lost: %w", err)
		}
	}
	if _, err := w.conn.ExecContext(ctx, "RELEASE one"); err != nil {
		return err
	}
	return nil
}

// call shields the writer, which all share, from one caller's panic; do
// raises it again where it belongs.
func (r *request) call() {
	defer func() {
		if p := recover(); p != nil {
			r.panics = fmt.Sprintf("%v\n%s", p, debug.Stack())
		}
	}()
	r.err = r.fn(r.tx)
}

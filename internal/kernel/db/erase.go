package db

import (
	"context"
	"time"
)

// Erase asks that what this transaction takes out leaves the files too, as soon as
// it has committed. SQLite overwrites what is deleted (secure_delete), but older
// pages lie in its write-ahead log until the log is folded and cut off; that is
// done now and not some day. PostgreSQL keeps dead rows until it vacuums.
func (tx *Tx) Erase() { tx.erase = true }

// How long a cut of the log waits for readers, and how soon it is tried again.
const (
	cutWaits = "PRAGMA busy_timeout(20)"
	cutUsual = "PRAGMA busy_timeout(10000)"
	cutAgain = 100 * time.Millisecond
)

// cutLog folds the write-ahead log into the file and cuts it off. A reader who
// still needs the log prevents it; then it is owed and tried again.
func (w *writer) cutLog() {
	if !w.owed {
		return
	}
	ctx := context.Background()
	// Whatever fails here is tried again; no caller waits for it.
	if _, err := w.conn.conn.ExecContext(ctx, cutWaits); err != nil {
		return
	}
	var busy, frames, folded int
	err := w.conn.conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &folded)
	w.owed = err != nil || busy != 0
	if _, err := w.conn.conn.ExecContext(ctx, cutUsual); err != nil {
		w.owed = true
	}
}

// next waits for a request, or until a cut of the log that is owed is tried again.
func (w *writer) next() (r *request, open bool) {
	for w.owed {
		select {
		case r, open = <-w.queue:
			return r, open
		case <-time.After(cutAgain):
			w.cutLog()
		}
	}
	r, open = <-w.queue
	return r, open
}

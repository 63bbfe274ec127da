package jobs

import (
	"context"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

// State is where a job stands.
type State string

// The states.
const (
	Queued    State = "queued" // waiting, or at work
	Done      State = "done"
	Dead      State = "dead" // failed for good; a person decides
	Cancelled State = "cancelled"
)

// States lists them in the order of pages and filters.
func States() []State { return []State{Queued, Dead, Cancelled, Done} }

// Row is a job as the administration page lists it. The arguments are not
// shown: they may hold personal data.
type Row struct {
	ID          string  `db:"id"`
	Kind        string  `db:"kind"`
	Key         string  `db:"dedup"`
	CouncilID   string  `db:"council_id"`
	State       State   `db:"state"`
	RunAt       db.Time `db:"run_at"`
	LeaseUntil  db.Time `db:"lease_until"`
	Attempt     int     `db:"attempt"`
	AttemptsMax int     `db:"attempts_max"`
	LastError   string  `db:"last_error"`
	CreatedAt   db.Time `db:"created_at"`
	FinishedAt  db.Time `db:"finished_at"`
	Ticket      int64   `db:"ticket"`
	Running     bool    // leased to a node just now
	Orphan      bool    // this program has no handler for the kind
}

// Filter says which jobs to list, newest first. Empty fields do not limit.
type Filter struct {
	State     State
	Kind      string
	CouncilID string
	Before    int64 // the Ticket of the last row of the page before
	Limit     int   // at most 200
}

const rowColumns = `id, kind, dedup, council_id, state, run_at, lease_until, attempt, attempts_max, last_error, created_at, finished_at, ticket`

// List gives one page of jobs.
func (q *Queue) List(ctx context.Context, tx *db.Tx, f Filter) ([]Row, error) {
	where, args := []string{"ticket < $1"}, []any{f.Before}
	if f.Before == 0 {
		args[0] = int64(1) << 62
	}
	add := func(condition string, v any) {
		args = append(args, v)
		where = append(where, condition+" = $"+string(rune('0'+len(args))))
	}
	if f.State != "" {
		add("state", f.State)
	}
	if f.Kind != "" {
		add("kind", f.Kind)
	}
	if f.CouncilID != "" {
		add("council_id", f.CouncilID)
	}
	limit := 50
	if f.Limit > 0 {
		limit = min(f.Limit, 200)
	}
	args = append(args, limit)
	rows, err := db.All[Row](ctx, tx, `SELECT `+rowColumns+` FROM jobs_jobs WHERE `+strings.Join(where, " AND ")+
		` ORDER BY ticket DESC LIMIT $`+string(rune('0'+len(args))), args...)
	for i := range rows {
		q.complete(&rows[i])
	}
	return rows, err
}

// Find gives one job.
func (q *Queue) Find(ctx context.Context, tx *db.Tx, id string) (Row, error) {
	row, err := db.One[Row](ctx, tx, `SELECT `+rowColumns+` FROM jobs_jobs WHERE id = $1`, id)
	if fault.Is(err, "db.no_row") {
		return row, fault.New(fault.Missing, "jobs.missing")
	}
	q.complete(&row)
	return row, err
}

func (q *Queue) complete(row *Row) {
	row.Running = row.State == Queued && row.LeaseUntil.After(q.clock.Now())
	_, handled := q.handlers[row.Kind]
	row.Orphan = !handled
}

// Counts tells how many jobs are in each state; those without jobs are absent.
func (q *Queue) Counts(ctx context.Context, tx *db.Tx) (map[State]int64, error) {
	type count struct {
		State State `db:"state"`
		N     int64 `db:"n"`
	}
	all, err := db.All[count](ctx, tx, `SELECT state, count(*) AS n FROM jobs_jobs GROUP BY state`)
	counts := make(map[State]int64, len(all))
	for _, c := range all {
		counts[c.State] = c.N
	}
	return counts, err
}

// Cancel takes a waiting job out of the queue. A job that is running cannot be
// cancelled: nobody could say how much of it has happened.
func (q *Queue) Cancel(ctx context.Context, tx *db.Tx, id string) error {
	row, err := q.Find(ctx, tx, id)
	if err != nil {
		return err
	}
	switch {
	case row.Running:
		return fault.New(fault.Refused, "jobs.running")
	case row.State != Queued:
		return fault.New(fault.Refused, "jobs.not_waiting")
	}
	return tx.ExecOne(ctx, `UPDATE jobs_jobs SET state = $1, finished_at = $2 WHERE id = $3 AND state = 'queued' AND lease_until = $4`,
		Cancelled, db.At(q.clock.Now()), id, row.LeaseUntil)
}

// Retry queues a dead or cancelled job again, with all its attempts.
func (q *Queue) Retry(ctx context.Context, tx *db.Tx, id string) error {
	row, err := q.Find(ctx, tx, id)
	if err != nil {
		return err
	}
	if row.State != Dead && row.State != Cancelled {
		return fault.New(fault.Refused, "jobs.not_stopped")
	}
	if row.Key != "" {
		twin, err := db.All[string](ctx, tx, `SELECT id FROM jobs_jobs WHERE kind = $1 AND dedup = $2 AND state = 'queued'`, row.Kind, row.Key)
		if err != nil {
			return err
		}
		if len(twin) > 0 {
			return fault.New(fault.Conflict, "jobs.already_waiting")
		}
	}
	now := q.clock.Now()
	tx.AfterCommit(q.Wake)
	return tx.ExecOne(ctx, `UPDATE jobs_jobs SET state = 'queued', attempt = 0, run_at = $1, finished_at = 0, lease_owner = '', lease_until = 0
		WHERE id = $2 AND state = $3`, db.At(now), id, row.State)
}

// Withdraw deletes the waiting job of a kind with this key, if there is one: a
// reminder whose deadline has moved. A run under way is not stopped.
func (q *Queue) Withdraw(ctx context.Context, tx *db.Tx, kind, key string) error {
	_, err := tx.Exec(ctx, `DELETE FROM jobs_jobs WHERE kind = $1 AND dedup = $2 AND dedup <> '' AND state = 'queued' AND lease_until <= $3`,
		kind, key, db.At(q.clock.Now()))
	return err
}

// Overdue is how long the oldest due job has been waiting; zero when none is.
func (q *Queue) Overdue(ctx context.Context, tx *db.Tx) (time.Duration, error) {
	now := q.clock.Now()
	first, err := db.All[db.Time](ctx, tx, `SELECT run_at FROM jobs_jobs WHERE state = 'queued' AND run_at <= $1 AND lease_until <= $1 ORDER BY run_at LIMIT 1`, db.At(now))
	if err != nil || len(first) == 0 {
		return 0, err
	}
	return now.Sub(first[0].Time), nil
}

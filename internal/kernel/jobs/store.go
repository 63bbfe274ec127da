package jobs

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"example.vn/hdnd/internal/kernel/db"
)

// errLost says that the job is no longer this worker's: the lease ran out and
// another node has it, or a person cancelled it.
var errLost = errors.New("jobs: the lease was lost")

// insertJob queues a job. Where one with the same key waits, the earlier of
// the two times holds; where it is just running, it will run once more, since
// the run under way may have looked before the caller's change.
func insertJob(ctx context.Context, tx *db.Tx, id string, j Job, args string, ticket int64, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO jobs_jobs (id, kind, dedup, council_id, args, state, run_at, ticket, again_at, lease_owner, lease_until,
		attempt, attempts_max, last_error, created_at, finished_at)
		VALUES ($1, $2, $3, $4, $5, 'queued', $6, $7, 0, '', 0, 0, $8, '', $9, 0)
		ON CONFLICT (kind, dedup) WHERE dedup <> '' AND state = 'queued' DO UPDATE SET
			again_at = CASE
				WHEN jobs_jobs.lease_until <= excluded.created_at THEN 0
				WHEN jobs_jobs.again_at = 0 OR jobs_jobs.again_at > excluded.run_at THEN excluded.run_at
				ELSE jobs_jobs.again_at END,
			run_at = CASE
				WHEN jobs_jobs.lease_until <= excluded.created_at AND excluded.run_at < jobs_jobs.run_at THEN excluded.run_at
				ELSE jobs_jobs.run_at END
		WHERE jobs_jobs.lease_until > excluded.created_at OR excluded.run_at < jobs_jobs.run_at`,
		id, j.Kind, j.Key, j.CouncilID, args, db.At(j.RunAt), ticket, j.AttemptsMax, db.At(now))
	return err
}

// due reports whether a job of these kinds waits to be run now.
func due(ctx context.Context, tx *db.Tx, kinds string, now time.Time) (bool, error) {
	found, err := db.All[int64](ctx, tx, `SELECT 1 FROM jobs_jobs
		WHERE state = 'queued' AND run_at <= $1 AND lease_until <= $1 AND kind `+tx.In("$2")+` LIMIT 1`, db.At(now), kinds)
	return len(found) > 0, err
}

// claim leases up to n due jobs to owner, in the order in which they were due.
func claim(ctx context.Context, tx *db.Tx, kinds, owner string, n int, now time.Time) ([]Work, error) {
	lock := ""
	if tx.Dialect() == db.Postgres {
		lock = "FOR UPDATE SKIP LOCKED"
	}
	claimed, err := db.All[Work](ctx, tx, `WITH due AS MATERIALIZED (
			SELECT id FROM jobs_jobs WHERE state = 'queued' AND run_at <= $1 AND lease_until <= $1 AND kind `+tx.In("$2")+`
			ORDER BY run_at, ticket LIMIT $3 `+lock+`)
		UPDATE jobs_jobs SET lease_owner = $4, lease_until = $5, attempt = attempt + 1
		WHERE id IN (SELECT id FROM due)
		RETURNING id, kind, dedup, council_id, attempt, attempts_max, run_at, args, ticket`,
		db.At(now), kinds, n, owner, db.At(now.Add(leaseTime)))
	slices.SortFunc(claimed, func(a, b Work) int {
		return cmp.Or(a.RunAt.Compare(b.RunAt.Time), cmp.Compare(a.Ticket, b.Ticket))
	})
	for i := range claimed {
		claimed[i].owner = owner
	}
	return claimed, err
}

// renew keeps the leases of jobs that are still at work here.
func renew(ctx context.Context, tx *db.Tx, owner string, ids []string, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE jobs_jobs SET lease_until = $1 WHERE lease_owner = $2 AND state = 'queued' AND id `+tx.In("$3"),
		db.At(now.Add(leaseTime)), owner, db.List(ids))
	return err
}

// finish marks w as done, or as waiting again where somebody queued it meanwhile.
func finish(ctx context.Context, tx *db.Tx, w Work, now time.Time) error {
	return stillMine(tx.Exec(ctx, `UPDATE jobs_jobs SET
			state = CASE WHEN again_at > 0 THEN 'queued' ELSE 'done' END,
			run_at = CASE WHEN again_at > 0 THEN again_at ELSE run_at END,
			attempt = CASE WHEN again_at > 0 THEN 0 ELSE attempt END,
			finished_at = CASE WHEN again_at > 0 THEN 0 ELSE CAST($1 AS BIGINT) END,
			again_at = 0, lease_owner = '', lease_until = 0, last_error = ''
		WHERE id = $2 AND lease_owner = $3 AND attempt = $4 AND state = 'queued'`, db.At(now), w.ID, w.owner, w.Attempt))
}

// postpone records a failure: the job waits until next, or is dead.
func postpone(ctx context.Context, tx *db.Tx, w Work, dead bool, why string, next, now time.Time) error {
	state, finished := Queued, time.Time{}
	if dead {
		state, finished = Dead, now
	}
	return stillMine(tx.Exec(ctx, `UPDATE jobs_jobs SET state = $1, run_at = $2, finished_at = $3, last_error = $4, again_at = 0, lease_owner = '', lease_until = 0
		WHERE id = $5 AND lease_owner = $6 AND attempt = $7 AND state = 'queued'`,
		state, db.At(next), db.At(finished), why, w.ID, w.owner, w.Attempt))
}

// giveBack returns jobs that were not worked on; the attempt does not count.
func giveBack(ctx context.Context, tx *db.Tx, owner string, ids []string) error {
	_, err := tx.Exec(ctx, `UPDATE jobs_jobs SET lease_owner = '', lease_until = 0, attempt = attempt - 1
		WHERE lease_owner = $1 AND state = 'queued' AND id `+tx.In("$2"), owner, db.List(ids))
	return err
}

func stillMine(changed int64, err error) error {
	if err == nil && changed == 0 {
		return errLost
	}
	return err
}

// purgeMax bounds one transaction of the nightly purge.
const purgeMax = 2000

func deleteFinished(ctx context.Context, tx *db.Tx, state State, before time.Time) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM jobs_jobs WHERE id IN (SELECT id FROM jobs_jobs
		WHERE finished_at > 0 AND finished_at < $1 AND state = $2 LIMIT $3)`, db.At(before), state, purgeMax)
}

type scheduleRow struct {
	Kind   string  `db:"kind"`
	Key    string  `db:"schedule_key"`
	Spec   string  `db:"spec"`
	NextAt db.Time `db:"next_at"`
}

func readSchedules(ctx context.Context, tx *db.Tx) ([]scheduleRow, error) {
	return db.All[scheduleRow](ctx, tx, `SELECT kind, schedule_key, spec, next_at FROM jobs_schedules`)
}

func dueSchedules(ctx context.Context, tx *db.Tx, now time.Time) ([]scheduleRow, error) {
	return db.All[scheduleRow](ctx, tx, `SELECT kind, schedule_key, spec, next_at FROM jobs_schedules WHERE next_at <= $1
		ORDER BY next_at, kind, schedule_key`, db.At(now))
}

func saveSchedule(ctx context.Context, tx *db.Tx, r scheduleRow) error {
	_, err := tx.Exec(ctx, `INSERT INTO jobs_schedules (kind, schedule_key, spec, next_at, last_at) VALUES ($1, $2, $3, $4, 0)
		ON CONFLICT (kind, schedule_key) DO UPDATE SET spec = excluded.spec, next_at = excluded.next_at`, r.Kind, r.Key, r.Spec, r.NextAt)
	return err
}

// advance moves a schedule on. Nothing changes where another node was faster.
func advance(ctx context.Context, tx *db.Tx, r scheduleRow, next time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE jobs_schedules SET next_at = $1, last_at = $2 WHERE kind = $3 AND schedule_key = $4 AND next_at = $5`,
		db.At(next), r.NextAt, r.Kind, r.Key, r.NextAt)
	return n == 1, err
}

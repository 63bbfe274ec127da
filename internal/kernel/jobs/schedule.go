package jobs

import (
	"context"
	"fmt"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

// Schedule says when a job comes round again.
type Schedule struct {
	spec string
	next func(after time.Time) time.Time
}

// Next is the first moment of the schedule later than after.
func (s Schedule) Next(after time.Time) time.Time { return s.next(after) }

// String is the schedule as written: "daily 02:30", "every 15m0s".
func (s Schedule) String() string { return s.spec }

// Daily comes round each day at hour:minute in Hanoi.
func Daily(hour, minute int) Schedule {
	return Schedule{fmt.Sprintf("daily %02d:%02d", hour, minute), func(after time.Time) time.Time {
		day := clock.DateOf(after)
		at := time.Date(day.Year, day.Month, day.Day, hour, minute, 0, 0, clock.Hanoi)
		if !at.After(after) {
			day = day.AddDays(1)
			at = time.Date(day.Year, day.Month, day.Day, hour, minute, 0, 0, clock.Hanoi)
		}
		return at
	}}
}

// Minutes comes round every n minutes, on round times: nodes that start at
// different moments agree.
func Minutes(n int) Schedule {
	every := time.Duration(n) * time.Minute
	return Schedule{"every " + every.String(), func(after time.Time) time.Time {
		return after.Truncate(every).Add(every)
	}}
}

type schedule struct {
	kind, key string
	at        Schedule
}

// Every queues a job of this kind whenever the schedule comes round: once
// across all nodes, and once only after the program was down for several
// rounds. The key tells schedules of one kind apart; the job's arguments are
// that key.
func (q *Queue) Every(kind, key string, at Schedule) {
	q.schedules = append(q.schedules, schedule{kind, key, at})
}

// enterSchedules makes the stored schedules agree with those of the program: a
// new or changed one starts at its next round from now.
func (q *Queue) enterSchedules(ctx context.Context, now time.Time) error {
	return q.db.Tx(ctx, func(tx *db.Tx) error {
		stored, err := readSchedules(ctx, tx)
		if err != nil {
			return err
		}
		known := make(map[[2]string]string, len(stored))
		for _, r := range stored {
			known[[2]string{r.Kind, r.Key}] = r.Spec
		}
		for _, s := range q.schedules {
			if known[[2]string{s.kind, s.key}] == s.at.spec {
				continue
			}
			if err := saveSchedule(ctx, tx, scheduleRow{s.kind, s.key, s.at.spec, db.At(s.at.Next(now))}); err != nil {
				return err
			}
		}
		return nil
	})
}

// fire queues the jobs of all schedules that have come round. Schedules this
// program does not have belong to a newer or older node and are left to it.
func (q *Queue) fire(ctx context.Context, now time.Time) error {
	return q.db.Tx(ctx, func(tx *db.Tx) error {
		rows, err := dueSchedules(ctx, tx, now)
		if err != nil {
			return err
		}
		for _, r := range rows {
			s, ok := q.schedule(r)
			if !ok {
				continue
			}
			won, err := advance(ctx, tx, r, s.at.Next(now))
			if err != nil {
				return err
			}
			if !won {
				continue
			}
			if err := q.Enqueue(ctx, tx, Job{Kind: r.Kind, Key: "schedule:" + r.Key, RunAt: r.NextAt.Time, Args: r.Key}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (q *Queue) schedule(r scheduleRow) (schedule, bool) {
	for _, s := range q.schedules {
		if s.kind == r.Kind && s.key == r.Key {
			return s, true
		}
	}
	return schedule{}, false
}

const (
	purgeKind = "jobs.purge"
	// doneKept is how long finished jobs stay visible to the administrator,
	// deadKept how long the ones that failed for good do.
	doneKept = 30 * 24 * time.Hour
	deadKept = 365 * 24 * time.Hour
)

// purge deletes old finished jobs, in small transactions so that nobody waits.
func (q *Queue) purge(ctx context.Context, _ Work) error {
	now := q.clock.Now()
	for state, kept := range map[State]time.Duration{Done: doneKept, Cancelled: doneKept, Dead: deadKept} {
		for {
			var n int64
			err := q.db.Tx(ctx, func(tx *db.Tx) (err error) {
				n, err = deleteFinished(ctx, tx, state, now.Add(-kept))
				return err
			})
			if err != nil {
				return err
			}
			if n < purgeMax {
				break
			}
		}
	}
	return nil
}

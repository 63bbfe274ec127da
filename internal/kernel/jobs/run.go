package jobs

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"example.vn/hdnd/internal/kernel/db"
)

// runner is one Run of a queue: its leases and its workers.
type runner struct {
	*Queue
	owner   string
	ready   chan Work
	mu      sync.Mutex
	held    map[string]bool // jobs leased and not yet settled
	hungry  bool            // the last claim was filled, so more is waiting
	entered bool            // schedules are in the database
	renewed time.Time
}

// Run works on due jobs until ctx ends. Then jobs under way get some seconds
// to finish, and what was leased and not begun goes back to the others.
func (q *Queue) Run(ctx context.Context) {
	r := &runner{Queue: q, owner: db.NewID(q.clock.Now()), ready: make(chan Work, 4*q.Workers), held: map[string]bool{}, renewed: q.clock.Now()}
	working, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var workers sync.WaitGroup
	for range q.Workers {
		workers.Go(func() {
			for w := range r.ready {
				r.work(working, w)
			}
		})
	}
	r.poll(ctx)
	var unbegun []string
	for {
		select {
		case w := <-r.ready:
			unbegun = append(unbegun, w.ID)
			continue
		default:
		}
		break
	}
	close(r.ready)
	r.giveBack(ctx, unbegun)
	grace := time.AfterFunc(q.Grace, stop)
	workers.Wait()
	grace.Stop()
}

// poll looks for due jobs and schedules until ctx ends. It bears the absence
// of the database and tells of it once.
func (r *runner) poll(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	away := 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.wake:
		case <-timer.C:
		}
		pause := pollTime
		err := r.round(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			if away++; away == 1 {
				r.Log.Error("jobs wait: the database refuses", "error", err)
			}
			pause = awayPause(away, rand.Float64())
		case away > 0:
			r.Log.Info("jobs go on: the database answers again", "tries", away)
			away = 0
		}
		timer.Reset(pause)
	}
}

// round renews leases, fires schedules and leases what is due.
func (r *runner) round(ctx context.Context) error {
	now := r.clock.Now()
	if !r.entered {
		if err := r.enterSchedules(ctx, now); err != nil {
			return err
		}
		r.entered = true
	}
	ids := r.holding()
	if len(ids) > 0 && now.Sub(r.renewed) >= leaseTime/3 {
		if err := r.db.Tx(ctx, func(tx *db.Tx) error { return renew(ctx, tx, r.owner, ids, now) }); err != nil {
			return err
		}
		r.renewed = now
	}
	var waiting bool
	var rounds []scheduleRow
	err := r.db.Read(ctx, func(tx *db.Tx) (err error) {
		if rounds, err = dueSchedules(ctx, tx, now); err != nil {
			return err
		}
		waiting, err = due(ctx, tx, r.kinds(), now)
		return err
	})
	if err != nil {
		return err
	}
	if slices.ContainsFunc(rounds, func(row scheduleRow) bool { _, ok := r.schedule(row); return ok }) {
		if err := r.fire(ctx, now); err != nil {
			return err
		}
		waiting = true
	}
	if room := cap(r.ready) - len(ids); waiting && room > 0 {
		return r.take(ctx, room, now)
	}
	return nil
}

func (r *runner) take(ctx context.Context, room int, now time.Time) error {
	var got []Work
	err := r.db.Tx(ctx, func(tx *db.Tx) (err error) {
		got, err = claim(ctx, tx, r.kinds(), r.owner, room, now)
		return err
	})
	if err != nil {
		return err
	}
	r.mu.Lock()
	r.hungry = len(got) == room
	for _, w := range got {
		r.held[w.ID] = true
	}
	r.mu.Unlock()
	for _, w := range got {
		r.ready <- w // has room: no more is held than fits
	}
	return nil
}

func (r *runner) holding() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	ids := make([]string, 0, len(r.held))
	for id := range r.held {
		ids = append(ids, id)
	}
	return ids
}

// work performs one job and lets go of it.
func (r *runner) work(ctx context.Context, w Work) {
	failure, err := r.perform(ctx, w, Patiently)
	switch {
	case err != nil && ctx.Err() != nil:
		r.giveBack(ctx, []string{w.ID})
	case err != nil:
		r.Log.Error("job's outcome not recorded; it will run again", "kind", w.Kind, "job", w.ID, "error", err)
	case failure != nil && dies(w, failure):
		r.Log.Error("job is dead", "kind", w.Kind, "job", w.ID, "attempt", w.Attempt, "error", failure)
	case failure != nil:
		r.Log.Warn("job failed; it will be tried again", "kind", w.Kind, "job", w.ID, "attempt", w.Attempt, "error", failure)
	}
	r.mu.Lock()
	delete(r.held, w.ID)
	more := r.hungry && len(r.held) <= cap(r.ready)/2
	r.mu.Unlock()
	if more {
		r.Wake()
	}
}

// giveBack returns leases when the program stops. If the database is away, the
// leases run out by themselves.
func (r *runner) giveBack(ctx context.Context, ids []string) {
	if len(ids) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := r.db.Tx(ctx, func(tx *db.Tx) error { return giveBack(ctx, tx, r.owner, ids) }); err != nil {
		r.Log.Warn("leases not returned; they run out by themselves", "jobs", len(ids), "error", err)
	}
}

// Drain runs everything that is due by the clock, one job after the other in
// the order of their times, until nothing is due: for tests and for building
// the demonstration's past. It tells how many jobs ran and what their failures
// were; failed jobs wait for their next time as usual.
func (q *Queue) Drain(ctx context.Context) (int, error) {
	owner := db.NewID(q.clock.Now())
	if err := q.enterSchedules(ctx, q.clock.Now()); err != nil {
		return 0, err
	}
	var failures []error
	for n := 0; ; n++ {
		now := q.clock.Now()
		if err := q.fire(ctx, now); err != nil {
			return n, err
		}
		var got []Work
		err := q.db.Tx(ctx, func(tx *db.Tx) (err error) {
			got, err = claim(ctx, tx, q.kinds(), owner, 1, now)
			return err
		})
		if err != nil {
			return n, err
		}
		if len(got) == 0 {
			return n, errors.Join(failures...)
		}
		failure, err := q.perform(ctx, got[0], once)
		if err != nil {
			return n, err
		}
		if failure != nil {
			failures = append(failures, failure)
		}
	}
}

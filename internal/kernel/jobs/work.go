package jobs

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"time"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

const (
	pauseFirst = 5 * time.Second
	pauseMax   = time.Hour
	// errorRunesMax is what is kept of a failure for the administration page.
	errorRunesMax = 500
)

// Pause is how long a job waits after its nth failed attempt: 5 s, doubled
// each time up to an hour, and between half and the whole of that by chance
// (0 ≤ chance < 1), so that jobs that failed together do not return together.
func Pause(attempt int, chance float64) time.Duration {
	whole := pauseMax
	if n := max(attempt-1, 0); n < 10 { // 5 s × 2^10 is more than an hour
		whole = min(pauseFirst<<n, pauseMax)
	}
	return whole/2 + time.Duration(chance*float64(whole/2))
}

// final is a failure that no retry can mend.
type final struct{ error }

func (f final) Unwrap() error { return f.error }

// Final marks err as a failure that no further attempt can mend, such as an
// address that does not exist: the job is dead at once.
func Final(err error) error { return final{err} }

// guard turns a panic of a handler into a failure of its job.
func guard(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return fn()
}

// perform runs w's handler and records the outcome. keep repeats a transaction
// while the database is away, or does not. failure is the handler's; err says
// that the outcome could not be recorded, so that the lease will run out.
func (q *Queue) perform(ctx context.Context, w Work, keep func(context.Context, func() error) error) (failure, err error) {
	limited, cancel := context.WithTimeout(ctx, workTimeMax)
	defer cancel()
	h := q.handlers[w.Kind]
	switch {
	case w.Attempt > w.AttemptsMax:
		// Every attempt was cut short with its node; the job itself may be why.
		failure = Final(errors.New("jobs: every attempt ended with the loss of its node"))
	case h.tx != nil:
		begun := q.clock.Now()
		failure = keep(limited, func() error {
			return guard(func() error {
				return q.db.Tx(limited, func(tx *db.Tx) error {
					if err := finish(limited, tx, w, begun); err != nil {
						return err
					}
					return h.tx(limited, tx, w)
				})
			})
		})
		if failure == nil || errors.Is(failure, errLost) {
			return nil, nil
		}
	default:
		failure = guard(func() error { return h.plain(limited, w) })
	}
	if ctx.Err() != nil && failure != nil {
		return failure, ctx.Err() // the program stops; not the job's fault
	}
	now := q.clock.Now()
	next := now.Add(Pause(w.Attempt, rand.Float64()))
	err = keep(ctx, func() error {
		return q.db.Tx(ctx, func(tx *db.Tx) error {
			if failure == nil {
				return finish(ctx, tx, w, now)
			}
			return postpone(ctx, tx, w, dies(w, failure), trim(failure), next, now)
		})
	})
	if errors.Is(err, errLost) {
		return failure, nil
	}
	return failure, err
}

func dies(w Work, failure error) bool {
	var f final
	return w.Last() || errors.As(failure, &f)
}

// trim is a failure as the administration page shows it.
func trim(err error) string {
	s := err.Error()
	if utf8.RuneCountInString(s) <= errorRunesMax {
		return s
	}
	return string([]rune(s)[:errorRunesMax]) + "…"
}

// once tries a transaction once: for Drain, whose caller wants to hear of an
// absent database.
func once(_ context.Context, fn func() error) error { return fn() }

// Patiently repeats fn while the database is away, so that a letter that was
// sent is not sent again only because nobody could write that down.
func Patiently(ctx context.Context, fn func() error) error {
	for n := 1; ; n++ {
		err := fn()
		if fault.KindOf(err) != fault.Unavailable {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(awayPause(n, rand.Float64())):
		}
	}
}

// awayPause is how long to wait before asking an absent database again.
func awayPause(n int, chance float64) time.Duration {
	whole := 15 * time.Second
	if n < 7 {
		whole = min(250*time.Millisecond<<n, whole)
	}
	return whole/2 + time.Duration(chance*float64(whole/2))
}

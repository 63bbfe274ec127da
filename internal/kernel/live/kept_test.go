package live_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/live"
)

func TestKeptCountsAnewAfterAChange(t *testing.T) {
	t.Parallel()
	hub, hours := live.New(0), clock.At(time.Date(2026, 11, 23, 8, 0, 0, 0, clock.Hanoi))
	kept, counted := live.Keep[int](hub, hours), 0
	get := func(key string) int {
		t.Helper()
		n, err := kept.Get(t.Context(), "council:a", key, func(context.Context) (int, error) { counted++; return counted, nil })
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if first, again := get("x"), get("x"); first != 1 || again != 1 {
		t.Error("nothing changed and it was counted again")
	}
	hub.Publish("council:b")
	if get("x") != 1 {
		t.Error("a change elsewhere made it count again")
	}
	hub.Publish("council:a")
	if get("x") != 2 || get("y") != 3 || get("x") != 2 {
		t.Error("a change must make each key count again, once")
	}
	hours.Advance(time.Minute)
	if get("x") != 4 {
		t.Error("what another node may have changed was never counted again")
	}
}

// A change that comes while somebody counts must not be lost: what they counted
// may lack it.
func TestKeptHearsOfAChangeWhileCounting(t *testing.T) {
	t.Parallel()
	hub := live.New(0)
	kept := live.Keep[string](hub, clock.System{})
	get := func(count func(context.Context) (string, error)) string {
		v, err := kept.Get(t.Context(), "council:a", "x", count)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	get(func(context.Context) (string, error) { hub.Publish("council:a"); return "before", nil })
	if got := get(func(context.Context) (string, error) { return "after", nil }); got != "after" {
		t.Errorf("the value %q lacks the change", got)
	}
}

func TestKeptCountsOnceForAll(t *testing.T) {
	t.Parallel()
	kept := live.Keep[int64](live.New(0), clock.System{})
	var counted atomic.Int64
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			n, err := kept.Get(t.Context(), "council:a", "x", func(context.Context) (int64, error) { time.Sleep(5 * time.Millisecond); return counted.Add(1), nil })
			if err != nil || n != 1 {
				t.Errorf("have %d, %v", n, err)
			}
		})
	}
	all.Wait()
}

// A failure is told to who asked and kept for nobody; who gives up waits no longer.
func TestKeptForgetsFailures(t *testing.T) {
	t.Parallel()
	kept, broken := live.Keep[int](live.New(0), clock.System{}), errors.New("broken")
	if _, err := kept.Get(t.Context(), "t", "x", func(context.Context) (int, error) { return 0, broken }); !errors.Is(err, broken) {
		t.Errorf("the failure became %v", err)
	}
	if n, err := kept.Get(t.Context(), "t", "x", func(context.Context) (int, error) { return 7, nil }); n != 7 || err != nil {
		t.Errorf("after a failure: %d, %v", n, err)
	}
	inside, out := make(chan struct{}), make(chan struct{})
	go kept.Get(context.Background(), "t", "slow", func(context.Context) (int, error) { close(inside); <-out; return 1, nil })
	<-inside
	ctx, stop := context.WithTimeout(t.Context(), time.Millisecond)
	defer stop()
	if _, err := kept.Get(ctx, "t", "slow", nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("who gave up was told %v", err)
	}
	close(out)
}

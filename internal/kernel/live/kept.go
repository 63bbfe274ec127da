package live

import (
	"context"
	"sync"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
)

const (
	// keptMost is how many values one Kept holds; with one more, all go.
	keptMost = 256
	// keptAge bounds how old a value may be that another node has changed: its
	// events do not reach this one.
	keptAge = 15 * time.Second
)

// Acts is the topic of a council's acts, each of which is in the log; of all
// councils' when none is named.
func Acts(councilID string) string { return "acts:" + councilID }

// Kept holds what takes long to count until a topic that it hangs on is
// published: a page of figures counts anew after each change, and once for all
// who look at it between two. Values are shared; who gets one must not change it.
// A nil Kept counts each time.
//
// vi: -
type Kept[T any] struct {
	hub   *Hub
	clock clock.Clock
	mu    sync.Mutex
	held  map[string]*held[T]
}

// held is one value. Its gate lets one ask at a time.
type held[T any] struct {
	gate  chan struct{}
	value T
	seen  uint64 // of the topic's changes when counting began
	at    time.Time
}

// Keep makes a Kept that hears of changes from a hub; without one, none.
func Keep[T any](h *Hub, c clock.Clock) *Kept[T] {
	if h == nil {
		return nil
	}
	return &Kept[T]{hub: h, clock: c, held: map[string]*held[T]{}}
}

// Get gives the value of key, counted anew when topic was published since, and
// never older than some seconds. While one counts, others wait for the result.
func (k *Kept[T]) Get(ctx context.Context, topic, key string, count func(context.Context) (T, error)) (T, error) {
	if k == nil {
		return count(ctx)
	}
	h := k.of(key)
	select {
	case h.gate <- struct{}{}:
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
	defer func() { <-h.gate }()
	seen, now := k.hub.changes(topic).Load(), k.clock.Now()
	if !h.at.IsZero() && h.seen == seen && !now.Before(h.at) && now.Sub(h.at) < keptAge {
		return h.value, nil
	}
	value, err := count(ctx)
	if err == nil {
		h.value, h.seen, h.at = value, seen, now
	}
	return value, err
}

// of finds the place of a key.
func (k *Kept[T]) of(key string) *held[T] {
	k.mu.Lock()
	defer k.mu.Unlock()
	h := k.held[key]
	if h != nil {
		return h
	}
	if len(k.held) >= keptMost {
		clear(k.held) // who counts now still has their place
	}
	h = &held[T]{gate: make(chan struct{}, 1)}
	k.held[key] = h
	return h
}

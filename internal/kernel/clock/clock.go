// Package clock is the only place that reads the time of day.
//
// Everything else is handed a Clock, so that tests and the demonstration can
// move time. All dates of the law are dates in Hanoi.
package clock

import (
	"sync"
	"time"
)

// Hanoi is UTC+7 all year. It is fixed here so that the program needs no time
// zone files; Viet Nam has had no other time since 1975.
var Hanoi = time.FixedZone("+07", 7*60*60)

// A Clock tells the time.
type Clock interface {
	// Now is the present moment, to the microsecond, in Hanoi.
	Now() time.Time
}

// System reads the machine's clock.
type System struct{}

// Now implements Clock.
func (System) Now() time.Time { return time.Now().In(Hanoi).Truncate(time.Microsecond) }

// Movable is a clock that stands where it is put, for tests and for building
// the demonstration's past year.
type Movable struct {
	mu sync.Mutex
	at time.Time
}

// At makes a Movable clock that stands at t.
func At(t time.Time) *Movable { return &Movable{at: t.In(Hanoi).Truncate(time.Microsecond)} }

// Now implements Clock.
func (m *Movable) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.at
}

// Set puts the clock at t.
func (m *Movable) Set(t time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at = t.In(Hanoi).Truncate(time.Microsecond)
}

// Advance moves the clock by d.
func (m *Movable) Advance(d time.Duration) { m.Set(m.Now().Add(d)) }

// Today is the date in Hanoi by c.
func Today(c Clock) Date { return DateOf(c.Now()) }

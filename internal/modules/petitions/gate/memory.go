package gate

import (
	"context"
	"sync"
	"time"

	"example.vn/hdnd/internal/kernel/db"
)

const (
	// refreshEvery is how late a node hears of what others took in.
	refreshEvery = time.Second
	// lateMost is how long after its moment a hand-in may be committed and is
	// still heard of.
	lateMost    = 30 * time.Second
	refreshRows = 20_000
)

// memory is what a node knows of the last day: no less than there was of each
// mark, in whole minutes and hours. As long as that is below every limit, as it
// is for nearly everybody, nothing need be asked of the database; only from the
// first limit on hand-ins are counted to the unit.
type memory struct {
	reading sync.Mutex // held by who reads; the others go on with what is known

	mu      sync.Mutex
	loaded  bool
	at      time.Time // of the last reading
	newest  time.Time
	seen    map[string]time.Time // ids of the last minute, which may be read once more
	minutes map[int64]map[string]int
	hours   map[int64]map[string]int
}

func newMemory() *memory {
	return &memory{seen: map[string]time.Time{}, minutes: map[int64]map[string]int{}, hours: map[int64]map[string]int{}}
}

// note counts a trace once.
func (m *memory) note(t trace) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.seen[t.id]; known {
		return
	}
	m.seen[t.id] = t.at.Time
	if t.at.After(m.newest) {
		m.newest = t.at.Time
	}
	for slots, slot := range map[*map[int64]map[string]int]int64{&m.minutes: t.at.Unix() / 60, &m.hours: t.at.Unix() / 3600} {
		counts := (*slots)[slot]
		if counts == nil {
			counts = map[string]int{}
			(*slots)[slot] = counts
		}
		for _, mark := range [...]string{t.councilID, t.address, t.network, t.email, t.phone} {
			if mark != "" {
				counts[mark]++
			}
		}
	}
}

// most is the most that there can have been of a mark; a part of the first
// minute and hour counts as the whole.
func (m *memory) most(mark string, l Limits, now time.Time) (c counted) {
	m.mu.Lock()
	defer m.mu.Unlock()
	burst, day := now.Add(-l.BurstWindow).Unix()/60, now.Add(-l.DayWindow).Unix()/3600
	for slot, counts := range m.minutes {
		if slot >= burst {
			c.Burst += counts[mark]
		}
	}
	for slot, counts := range m.hours {
		if slot >= day {
			c.Day += counts[mark]
		}
	}
	return c
}

// forget drops what no window reaches any more.
func (m *memory) forget(l Limits, now time.Time) {
	burst, day, late := now.Add(-l.BurstWindow).Unix()/60, now.Add(-l.DayWindow).Unix()/3600, m.newest.Add(-2*lateMost)
	for slot := range m.minutes {
		if slot < burst {
			delete(m.minutes, slot)
		}
	}
	for slot := range m.hours {
		if slot < day {
			delete(m.hours, slot)
		}
	}
	for id, at := range m.seen {
		if at.Before(late) {
			delete(m.seen, id)
		}
	}
}

// due reports whether a reading is, and from when on.
func (m *memory) due(l Limits, now time.Time) (is, loaded bool, since time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.loaded {
		return true, false, now.Add(-l.DayWindow)
	}
	age := now.Sub(m.at)
	return age < 0 || age >= refreshEvery, true, m.newest.Add(-lateMost)
}

// remember hears of what this and other nodes took in since the last reading.
func (d *Desk) remember(ctx context.Context, l Limits, now time.Time) error {
	m := d.memory
	is, loaded, _ := m.due(l, now)
	if !is {
		return nil
	}
	if !loaded {
		m.reading.Lock()
	} else if !m.reading.TryLock() {
		return nil // somebody is at it
	}
	defer m.reading.Unlock()
	is, _, since := m.due(l, now)
	if !is {
		return nil
	}
	for {
		var rows []tracedMarks
		err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
			rows, err = marksSince(ctx, tx, db.At(since), refreshRows)
			return err
		})
		if err != nil {
			return err
		}
		for _, r := range rows {
			m.note(trace{id: r.ID, councilID: r.Council, at: r.At, address: r.Address, network: r.Network, email: r.Email, phone: r.Phone})
		}
		if len(rows) < refreshRows || !rows[len(rows)-1].At.After(since) {
			break
		}
		since = rows[len(rows)-1].At.Time
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forget(l, now)
	m.loaded, m.at = true, now
	return nil
}

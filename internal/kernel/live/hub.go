// Package live carries one event to many screens: "case X has changed" to
// everybody who looks at case X. It carries names of topics only, never
// content: whoever hears of a change fetches the page again, with their own
// rights.
//
// Topics are "council:ID", "body:ID", "person:ID" and "case:ID". An event may
// be lost when a node dies; what must not be lost is a row or a job.
//
// Today all screens hang on one process. Publish is the single way in, so that
// events of other nodes can be fed through it.
package live

import (
	"sync"
	"sync/atomic"

	"example.vn/hdnd/internal/kernel/db"
)

const (
	// subscribersUsual bounds the screens of one node; measured at 27 kB each.
	subscribersUsual = 20_000
	// topicsMax bounds what one screen may listen to.
	topicsMax = 32
)

// Hub hands events to the screens of this node.
type Hub struct {
	mu     sync.RWMutex
	topics map[string]map[*Subscription]struct{}
	all    map[*Subscription]struct{}
	max    int
	closed bool

	changed sync.Map // of topic: how often it was published since somebody asked
}

// New makes a hub for at most max screens; zero means 20,000.
func New(max int) *Hub {
	if max == 0 {
		max = subscribersUsual
	}
	return &Hub{topics: map[string]map[*Subscription]struct{}{}, all: map[*Subscription]struct{}{}, max: max}
}

// Subscription is one screen's ear.
type Subscription struct {
	hub    *Hub
	topics []string
	ch     chan string
	mu     sync.Mutex // guards sending against closing
	over   bool
	full   bool
}

// Subscribe listens to topics until Close. When the node has its fill of
// screens, or is closing, the subscription is closed from the start: the
// browser tries again by itself, perhaps at another node.
func (h *Hub) Subscribe(topics ...string) *Subscription {
	topics = topics[:min(len(topics), topicsMax)]
	s := &Subscription{hub: h, topics: topics, ch: make(chan string, max(len(topics), 1))}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.all) >= h.max {
		s.full, s.over = !h.closed, true
		close(s.ch)
		return s
	}
	h.all[s] = struct{}{}
	for _, topic := range topics {
		if h.topics[topic] == nil {
			h.topics[topic] = map[*Subscription]struct{}{}
		}
		h.topics[topic][s] = struct{}{}
	}
	return s
}

// C gives the names of topics that have changed; it is closed with the
// subscription. A screen that is slow to read misses repetitions, never the
// fact: each topic waits at most once.
func (s *Subscription) C() <-chan string { return s.ch }

// Full reports that the node had no room for this subscription.
func (s *Subscription) Full() bool { return s.full }

// Close stops listening. It may be called more than once.
func (s *Subscription) Close() {
	s.hub.mu.Lock()
	delete(s.hub.all, s)
	for _, topic := range s.topics {
		delete(s.hub.topics[topic], s)
		if len(s.hub.topics[topic]) == 0 {
			delete(s.hub.topics, topic)
		}
	}
	s.hub.mu.Unlock()
	s.end()
}

func (s *Subscription) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.over {
		s.over = true
		close(s.ch)
	}
}

// Publish tells all screens listening to topic. It never waits for any.
func (h *Hub) Publish(topic string) {
	if n, asked := h.changed.Load(topic); asked {
		n.(*atomic.Uint64).Add(1)
	}
	h.mu.RLock()
	defer h.mu.RUnlock()
	for s := range h.topics[topic] {
		s.put(topic)
	}
}

// changes counts how often a topic is published from now on.
func (h *Hub) changes(topic string) *atomic.Uint64 {
	n, _ := h.changed.LoadOrStore(topic, new(atomic.Uint64))
	return n.(*atomic.Uint64)
}

// PublishAfter publishes once the transaction is durable, each topic once.
func (h *Hub) PublishAfter(tx *db.Tx, topics ...string) {
	tx.AfterCommit(func() {
		for _, topic := range topics {
			h.Publish(topic)
		}
	})
}

// put leaves topic in the mailbox, which has one slot for each topic. A full
// mailbox is emptied and refilled with each name once, so that there is room
// for a name that does not wait there yet.
func (s *Subscription) put(topic string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return
	}
	select {
	case s.ch <- topic:
		return
	default:
	}
	waiting := map[string]bool{topic: true}
	order := make([]string, 0, cap(s.ch))
	for range cap(s.ch) {
		select {
		case name := <-s.ch:
			if name != topic && !waiting[name] {
				waiting[name] = true
				order = append(order, name)
			}
		default: // the screen is reading meanwhile
		}
	}
	for _, name := range append(order, topic) {
		s.ch <- name // has room: no more names than topics, and only this function sends
	}
}

// Screens is how many screens listen now.
func (h *Hub) Screens() int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return len(h.all)
}

// Close ends all subscriptions and takes no more, so that the web server can
// stop: an open event stream would hold it until its deadline.
func (h *Hub) Close() {
	h.mu.Lock()
	h.closed = true
	all := h.all
	h.all, h.topics = map[*Subscription]struct{}{}, map[string]map[*Subscription]struct{}{}
	h.mu.Unlock()
	for s := range all {
		s.end()
	}
}

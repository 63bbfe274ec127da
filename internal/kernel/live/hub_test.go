package live_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTopics(t *testing.T) {
	h := live.New(0)
	defer h.Close()
	a, b := h.Subscribe("case:1", "person:a"), h.Subscribe("case:2")
	h.Publish("case:1")
	h.Publish("case:3")
	if got := <-a.C(); got != "case:1" {
		t.Errorf("a got %q", got)
	}
	select {
	case got := <-b.C():
		t.Errorf("b got %q", got)
	default:
	}
	a.Close()
	a.Close()
	h.Publish("case:1")
	if _, open := <-a.C(); open {
		t.Error("a still hears")
	}
}

// TestSlowScreen proves that a screen that does not read holds nobody up and
// still learns of each topic, whatever was published in what order.
func TestSlowScreen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := live.New(0)
		defer h.Close()
		topics := []string{"case:1", "case:2", "case:3", "case:4"}
		s := h.Subscribe(topics...)
		published := rapid.SliceOfN(rapid.SampledFrom(topics), 1, 40).Draw(t, "published")
		for _, topic := range published {
			h.Publish(topic)
		}
		heard := map[string]bool{}
		for len(s.C()) > 0 {
			heard[<-s.C()] = true
		}
		for _, topic := range published {
			if !heard[topic] {
				t.Fatalf("%s was lost", topic)
			}
		}
	})
}

func TestReadersAndPublishersTogether(t *testing.T) {
	h := live.New(0)
	topics := []string{"case:1", "case:2", "case:3"}
	var last sync.WaitGroup
	for range 8 {
		s := h.Subscribe(topics...)
		last.Go(func() {
			for name := range s.C() {
				if !slices.Contains(topics, name) {
					t.Errorf("heard %q", name)
				}
			}
		})
	}
	var publishing sync.WaitGroup
	for i := range 4 {
		publishing.Go(func() {
			for n := range 2000 {
				h.Publish(topics[(n+i)%3])
			}
		})
	}
	publishing.Wait()
	h.Close()
	last.Wait()
	if s := h.Subscribe("case:1"); s.Full() {
		t.Error("a closed hub says it is full")
	} else if _, open := <-s.C(); open {
		t.Error("a closed hub takes subscribers")
	}
}

func TestFull(t *testing.T) {
	h := live.New(2)
	defer h.Close()
	a, _ := h.Subscribe("case:1"), h.Subscribe("case:1")
	refused := h.Subscribe("case:1")
	if _, open := <-refused.C(); open || !refused.Full() || h.Screens() != 2 {
		t.Errorf("full %v, screens %d", refused.Full(), h.Screens())
	}
	refused.Close()
	a.Close()
	if s := h.Subscribe("case:1"); s.Full() {
		t.Error("no room after one has gone")
	}
}

func TestPublishAfter(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		h := live.New(0)
		defer h.Close()
		s := h.Subscribe("case:1")
		act := func(fail error) error {
			return d.Tx(t.Context(), func(tx *db.Tx) error { h.PublishAfter(tx, "case:1"); return fail })
		}
		if err := act(errors.New("refused")); err == nil || len(s.C()) != 0 {
			t.Error("a rollback was published")
		}
		if err := act(nil); err != nil || len(s.C()) != 1 {
			t.Errorf("not published, %v", err)
		}
	})
}

// TestFanOut measures one event to 5,000 reading screens. The bound is loose:
// it is to catch a publisher that waits, not a busy machine.
func TestFanOut(t *testing.T) {
	const screens = 5000
	h := live.New(0)
	var heard atomic.Int64
	var readers sync.WaitGroup
	all := make(chan struct{})
	for i := range screens {
		s := h.Subscribe("council:hn", fmt.Sprint("person:", i))
		readers.Go(func() {
			for range s.C() {
				if heard.Add(1) == screens {
					close(all)
				}
			}
		})
	}
	start := time.Now()
	h.Publish("council:hn")
	published := time.Since(start)
	<-all
	t.Logf("%d screens: published in %v, all heard after %v", screens, published, time.Since(start))
	if published > 2*time.Second {
		t.Errorf("publishing took %v", published)
	}
	h.Close()
	readers.Wait()
}

package jobs_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/testkit"
)

// gate stands between a program and its PostgreSQL and can be shut.
type gate struct {
	listener net.Listener
	server   string
	mu       sync.Mutex
	shut     bool
	open     map[net.Conn]bool
}

func newGate(t *testing.T, address string) (*gate, string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{listener: l, server: u.Host, open: map[net.Conn]bool{}}
	go g.serve()
	t.Cleanup(func() { l.Close(); g.set(true) })
	u.Host = l.Addr().String()
	u.RawQuery = "sslmode=disable"
	return g, u.String()
}

func (g *gate) serve() {
	for {
		c, err := g.listener.Accept()
		if err != nil {
			return
		}
		g.mu.Lock()
		if g.shut {
			c.Close()
		} else if s, err := net.Dial("tcp", g.server); err == nil {
			g.open[c], g.open[s] = true, true
			go func() { io.Copy(s, c); s.Close() }()
			go func() { io.Copy(c, s); c.Close() }()
		}
		g.mu.Unlock()
	}
}

func (g *gate) set(shut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut = shut; shut {
		for c := range g.open {
			c.Close()
		}
		g.open = map[net.Conn]bool{}
	}
}

type lines struct {
	mu  sync.Mutex
	all strings.Builder
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(b)
}

func (l *lines) count(s string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.all.String(), s)
}

// TestDatabaseAway shuts off the database while a job is at work and others
// wait. The job under way is not done twice, the others follow when the
// database is back, and the operator is told once.
func TestDatabaseAway(t *testing.T) {
	g, address := newGate(t, testkit.PostgresAddress(t, jobs.Migrations))
	d, err := db.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var told lines
	q := jobs.New(d, testkit.Clock(t))
	q.Log = slog.New(slog.NewTextHandler(&told, nil))
	var sent, twice sync.Map
	begun, end := make(chan struct{}), make(chan struct{})
	var once sync.Once
	q.Handle("test.letter", func(_ context.Context, w jobs.Work) error {
		once.Do(func() { close(begun); <-end })
		if _, before := sent.LoadOrStore(w.ID, true); before {
			twice.Store(w.ID, true)
		}
		return nil
	})
	stop := running(q)
	enqueue(t, d, q, jobs.Job{Kind: "test.letter"})
	<-begun
	enqueue(t, d, q, jobs.Job{Kind: "test.letter"})
	g.set(true)
	q.Wake()
	close(end)
	eventually(t, "told of", func() bool { q.Wake(); return told.count("jobs wait") > 0 })
	for range 3 {
		q.Wake()
	}
	g.set(false)
	eventually(t, "all done", func() bool {
		var counts map[jobs.State]int64
		err := d.Read(context.Background(), func(tx *db.Tx) (err error) {
			counts, err = q.Counts(context.Background(), tx)
			return err
		})
		return err == nil && counts[jobs.Done] == 2 && told.count("jobs go on") > 0
	})
	stop()
	twice.Range(func(id, _ any) bool { t.Errorf("letter %v was sent twice", id); return true })
	// Not once for each look: a second time only when a connection that had died
	// unnoticed was taken up after the first success.
	if told.count("jobs wait") > 2 {
		t.Errorf("told %d times:\n%s", told.count("jobs wait"), told.all.String())
	}
}

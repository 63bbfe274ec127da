package app_test

import (
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/testkit"
	"example.vn/hdnd/internal/testkit/council"
)

// wire is the network between the program and a database server; it can be cut
// and mended.
type wire struct {
	listener net.Listener
	to       string
	mu       sync.Mutex
	cut      bool
	open     map[net.Conn]bool
	serving  sync.WaitGroup
}

// lay puts a wire before the database and gives the address at its near end.
func lay(t *testing.T, address string) (*wire, string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{listener: l, to: u.Host, open: map[net.Conn]bool{}}
	w.serving.Go(w.accept)
	t.Cleanup(func() {
		l.Close()
		w.set(true)
		w.serving.Wait()
	})
	u.Host = l.Addr().String()
	return w, u.String()
}

// set cuts the wire, with everything that goes over it, or mends it.
func (w *wire) set(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	if cut {
		for c := range w.open {
			c.Close()
		}
		clear(w.open)
	}
}

// keep notes an end of a connection, unless the wire is cut.
func (w *wire) keep(c net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cut {
		c.Close()
		return false
	}
	w.open[c] = true
	return true
}

func (w *wire) accept() {
	for {
		near, err := w.listener.Accept()
		if err != nil {
			return
		}
		if !w.keep(near) {
			continue
		}
		far, err := net.Dial("tcp", w.to)
		if err != nil || !w.keep(far) {
			near.Close()
			continue
		}
		for _, pair := range [][2]net.Conn{{near, far}, {far, near}} {
			w.serving.Go(func() {
				_, _ = io.Copy(pair[0], pair[1]) // a cut is what the test is about
				pair[0].Close()
			})
		}
	}
}

// TestDatabaseAway: while the database is away every page says so in plain
// words and keeps what was typed; nothing is half done, and all goes on as soon
// as it is back. Mostly it waits, so that both halves take the place of one
// parallel test.
func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	var both sync.WaitGroup
	both.Go(func() { t.Run("postgres", serverAway) })
	both.Go(func() { t.Run("sqlite", fileAway) })
	both.Wait()
}

// serverAway: the network to the server is cut.
func serverAway(t *testing.T) {
	net, address := lay(t, testkit.PostgresAddress(t, app.Migrations()...))
	w := council.Open(t, address)
	clerk := w.Browse(t, "văn-thư")
	path := handed(t, w) + "/classification"
	form := classification(clerk.Get(t, path), "note", "Viết trong lúc máy chủ dữ liệu tắt.")
	away(t, w, func() { net.set(true) }, func() { net.set(false) }, func() {
		for _, p := range []council.Page{clerk.Get(t, "/petitions"), w.Browse(t, "").Get(t, "/kien-nghi/gui")} {
			wants(t, p, http.StatusServiceUnavailable, say(w, "db.away"))
		}
		p := clerk.Post(t, path, form)
		wants(t, p, http.StatusServiceUnavailable, say(w, "db.away"))
		keeps(t, p, "Viết trong lúc máy chủ dữ liệu tắt.", "Nạo vét cống phố Đội Cấn")
		if p := clerk.Get(t, "/healthz"); p.Status != http.StatusServiceUnavailable {
			t.Errorf("healthz: %d", p.Status)
		}
	})
	if p := clerk.Post(t, path, form); p.Status != http.StatusOK || !strings.Contains(p.Text(), "Viết trong lúc máy chủ dữ liệu tắt.") {
		t.Errorf("afterwards: %d %s", p.Status, short(p.Text()))
	}
}

// fileAway: somebody else holds the file.
func fileAway(t *testing.T) {
	address := testkit.SQLiteAddress(t, app.Migrations()...)
	w := council.Open(t, address)
	// Another program, a copier of files say.
	other, err := db.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	held, release, done := make(chan bool), make(chan bool), make(chan error, 1)
	away(t, w, func() {
		go func() {
			done <- other.Tx(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), `UPDATE search_marks SET value = value WHERE name = ''`)
				held <- true
				<-release
				return err
			})
		}()
		<-held
	}, func() {
		release <- true
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := other.Close(); err != nil {
			t.Error(err)
		}
	}, func() {
		if p := w.Browse(t, "").Get(t, "/kien-nghi/gui"); p.Status != http.StatusOK {
			t.Errorf("reading goes on: %d", p.Status)
		}
	})
}

// awayFor is longer than any wait for a lock or a connection.
const awayFor = 30 * time.Second

// away hands in while the database is away, and again when it is back.
func away(t *testing.T, w *council.World, leave, back, meanwhile func()) {
	t.Helper()
	b := w.Browse(t, "")
	form := b.Post(t, "/kien-nghi/gui", voterForm(t, w, "name", "Nguyễn Thị Chờ", "consent", "1")).Hidden()
	form.Set("act", "send")
	before := rows(t, w)
	left := time.Now()
	leave()
	p := b.Post(t, "/kien-nghi/gui", form)
	wants(t, p, http.StatusServiceUnavailable, say(w, "db.away"))
	keeps(t, p, asked, "Nguyễn Thị Chờ")
	meanwhile()
	time.Sleep(time.Until(left.Add(awayFor)))
	back()
	unchanged(t, w, before)
	for range 2 { // the page's own button, pressed twice
		again := b.Post(t, "/kien-nghi/gui", p.Hidden())
		if again.Status != http.StatusOK || receiptLink.FindString(again.URL) == "" {
			t.Fatalf("sending again: %d %s", again.Status, short(again.Text()))
		}
	}
	if after := rows(t, w); after["cases_cases"] != before["cases_cases"]+1 || after["cases_acts"] != before["cases_acts"]+1 {
		t.Errorf("before %v, after %v", before, after)
	}
	w.Work(t)
	if report, err := w.App.Verify(t.Context()); err != nil || !report.OK() {
		t.Errorf("the log does not verify: %+v, %v", report.Findings, err)
	}
}

package gate

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/web"
)

const rightKey = "DUNGKHOADAY1"

// keyHouse serves one address that a key opens, as petitions' own do.
func (w *world) keyHouse(t *testing.T) http.Handler {
	t.Helper()
	open := func(rw http.ResponseWriter, r *http.Request) error {
		key := r.URL.Query().Get("key")
		if r.Method == http.MethodPost {
			form, err := web.ReadForm(rw, r, web.Limits{})
			if err != nil {
				return err
			}
			if key = form.Line("key"); key != rightKey {
				Wrong(r.Context())
				return fault.New(fault.Missing, "web.fault_missing")
			}
		} else if key != "" && key != rightKey {
			Wrong(r.Context()) // the page shows what everybody may read
		}
		return web.Page(rw, r, web.Head{Title: "Kiến nghị", Public: true}, HeldNote())
	}
	routes := w.Keyed([]web.Route{{Pattern: "GET /k/{code}", Needs: auth.Public, Handle: open}, {Pattern: "POST /k/{code}", Needs: auth.Public, Handle: open}})
	s, err := web.NewServer(web.Options{Catalogue: w.words, Clock: w.clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Routes: routes, TempDir: t.TempDir(),
		Rates: map[web.Rate]web.Budget{web.Ordinary: {PerSecond: 1e6, Burst: 1e6}, web.Posting: {PerSecond: 1e6, Burst: 1e6}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// try brings a key from an address.
func try(h http.Handler, method, address, key string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/k/KN26-7F3K-9QXD?key="+key, nil)
	if method == http.MethodPost {
		r = httptest.NewRequest(method, "/k/KN26-7F3K-9QXD", strings.NewReader("key="+key))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.RemoteAddr = address + ":4711"
	if strings.Contains(address, ":") {
		r.RemoteAddr = "[" + address + "]:4711"
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

// Whoever guesses keys is stopped after a few, for pages and for forms alike,
// with the right key too: else the answer would tell which it is.
func TestWrongKeysAreCounted(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		h := w.keyHouse(t)
		const from = "198.51.100.7"
		for i := range 10 {
			method, want := "GET", http.StatusOK
			if i%2 == 1 {
				method, want = "POST", http.StatusNotFound
			}
			if got := try(h, method, from, fmt.Sprint("SAI", i)); got.Code != want {
				t.Fatalf("try %d: %d", i, got.Code)
			}
			w.clock.Advance(time.Second)
		}
		for _, method := range []string{"GET", "POST"} {
			for _, key := range []string{"SAI", rightKey} {
				got := try(h, method, from, key)
				after, _ := strconv.Atoi(got.Header().Get("Retry-After"))
				if got.Code != http.StatusTooManyRequests || after < 500 || after > 600 || !strings.Contains(got.Body.String(), "nhiều lần dùng sai mã trên biên nhận") {
					t.Errorf("%s with %s: %d, again after %d seconds", method, key, got.Code, after)
				}
			}
		}
		if got := try(h, "GET", from, ""); got.Code != http.StatusOK {
			t.Errorf("what everybody reads: %d", got.Code)
		}
		if got := try(h, "GET", "198.51.100.8", rightKey); got.Code != http.StatusOK {
			t.Errorf("the neighbour: %d", got.Code)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM petitions_traces WHERE kind = 'key'`); n != 10 {
			t.Errorf("%d wrong keys are kept", n)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM petitions_traces WHERE kind = 'key' AND (council_id <> '' OR petition_id <> '')`); n != 0 {
			t.Error("a wrong key is of no petition")
		}
		// A node that was just started knows of them, and who hands in is not nearer to a limit.
		fresh, err := New(w.Deps)
		if err != nil {
			t.Fatal(err)
		}
		if wait, err := fresh.tooManyTries(context.Background(), w.voter(from).Address); err != nil || wait == 0 {
			t.Errorf("%v %v", wait, err)
		}
		if v := w.judge(t, w.voter(from)); v.Grade != Normal {
			t.Errorf("handing in from there: %+v", v)
		}
		w.clock.Advance(10 * time.Minute)
		if got := try(h, "POST", from, rightKey); got.Code != http.StatusOK {
			t.Errorf("after the time named: %d", got.Code)
		}
		// Ten in ten minutes may be a family; forty a day are a machine.
		for i := range 30 {
			if got := try(h, "POST", from, fmt.Sprint("SAI", i)); got.Code != http.StatusNotFound {
				t.Fatalf("try %d of the day: %d", 10+i, got.Code)
			}
			w.clock.Advance(2 * time.Minute)
		}
		if got := try(h, "GET", from, rightKey); got.Code != http.StatusTooManyRequests {
			t.Errorf("after a day's tries: %d", got.Code)
		}
	})
}

// Who changes the address within a network gains little.
func TestWrongKeysOfANetwork(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		h := w.keyHouse(t)
		tries := func(address func(i int) string) (n int) {
			for n < 200 && try(h, "POST", address(n), "SAI").Code == http.StatusNotFound {
				n++
				w.clock.Advance(time.Second)
			}
			return n
		}
		if n := tries(func(i int) string { return fmt.Sprintf("198.51.100.%d", 1+i) }); n != 100 {
			t.Errorf("%d keys were tried from one network", n)
		}
		if got := try(h, "GET", "198.51.101.1", rightKey); got.Code != http.StatusOK {
			t.Errorf("another network: %d", got.Code)
		}
		if n := tries(func(i int) string { return fmt.Sprintf("2001:db8:1:2::%x", 1+i) }); n != 10 {
			t.Errorf("%d keys were tried from one household", n)
		}
		if n := tries(func(i int) string { return fmt.Sprintf("2001:db8:7:%x::1", 1+i) }); n != 40 {
			t.Errorf("%d keys were tried from one customer", n)
		}
		for range 15 { // a kiosk or proxy of our own stands for everybody
			if got := try(h, "POST", "10.0.0.5", "SAI"); got.Code != http.StatusNotFound {
				t.Fatalf("from our own rooms: %d", got.Code)
			}
		}
		w.clock.Advance(31 * 24 * time.Hour)
		if err := w.purge(context.Background(), w.work()); err != nil {
			t.Fatal(err)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM petitions_traces WHERE address_mark <> '' OR network_mark <> ''`); n != 0 {
			t.Errorf("%d marks are left after a month", n)
		}
	})
}

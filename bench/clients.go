package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// answer is what came back for one request.
type answer struct {
	status   int
	location string
	wire     int64 // bytes of the body as they were sent
	body     []byte
}

// client is one browser's connection, without what a browser's own work would
// cost: it shares the machine with what is measured.
type client struct {
	address string
	conn    net.Conn
	in      *bufio.Reader
	patient bool // waits ten minutes for an answer, and not one
}

func dial(address string) (*client, error) {
	c := &client{address: address}
	return c, c.open()
}

func (c *client) open() error {
	conn, err := net.Dial("tcp", c.address)
	if err != nil {
		return err
	}
	c.conn, c.in = conn, bufio.NewReaderSize(conn, 64<<10)
	return nil
}

func (c *client) close() error { return c.conn.Close() }

// do sends a request and reads the answer; with keep also its body, unpacked.
func (c *client) do(request []byte, keep bool) (a answer, err error) {
	most := time.Minute
	if c.patient {
		most *= 10
	}
	if err := c.conn.SetDeadline(time.Now().Add(most)); err != nil {
		return a, err
	}
	if _, err := c.conn.Write(request); err != nil {
		return a, err
	}
	res, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return a, err
	}
	a.status, a.location = res.StatusCode, res.Header.Get("Location")
	counted := &counter{r: res.Body}
	var from io.Reader = counted
	if keep && res.Header.Get("Content-Encoding") == "gzip" {
		if from, err = gzip.NewReader(counted); err != nil {
			return a, err
		}
	}
	if keep {
		a.body, err = io.ReadAll(from)
	}
	_, drained := io.Copy(io.Discard, counted)
	a.wire = counted.n
	err = errors.Join(err, drained, res.Body.Close())
	if res.Close {
		err = errors.Join(err, c.conn.Close(), c.open())
	}
	return a, err
}

type counter struct {
	r io.Reader
	n int64
}

// Read implements io.Reader.
func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

// get is a page's request as a signed-in browser sends it.
func get(path, token string) []byte {
	cookie := ""
	if token != "" {
		cookie = "Cookie: hdnd=" + token + "\r\n"
	}
	return []byte("GET " + path + " HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: gzip\r\nAccept: text/html\r\n" + cookie + "\r\n")
}

// post is a voter's form, from an address of their own.
func post(path, form string) []byte {
	n := rand.Uint32()
	from := fmt.Sprintf("X-Forwarded-For: %d.%d.%d.%d\r\n", 20+n%100, n>>8&255, n>>16&255, 1+n>>24%250)
	return []byte(fmt.Sprintf("POST %s HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: gzip\r\n%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", path, from, urlencoded, len(form), form))
}

// urlencoded is the type of a form without files.
const urlencoded = "application/x-www-form-urlencoded"

// postAs is the request of a form that a signed-in browser sends.
func postAs(token, path, kind, body string) []byte {
	cookie := ""
	if token != "" {
		cookie = "Cookie: hdnd=" + token + "\r\n"
	}
	return []byte(fmt.Sprintf("POST %s HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: gzip\r\n%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", path, cookie, kind, len(body), body))
}

// readers ask for pages at the pace of people, until they are told to stop.
type readers struct {
	stop chan struct{}
	all  chan load
	fail chan error
}

// readersMany look at one page each second.
const readersMany = 8

// read lets people look at pages while something else goes on.
func read(address string, requests ...[]byte) *readers {
	r := &readers{stop: make(chan struct{}), all: make(chan load, readersMany), fail: make(chan error, readersMany)}
	for n := range readersMany {
		go func() {
			l, err := r.one(address, n, requests)
			r.all <- l
			r.fail <- err
		}()
	}
	return r
}

func (r *readers) one(address string, n int, requests [][]byte) (l load, err error) {
	c, err := dial(address)
	if err != nil {
		return l, err
	}
	pace := time.NewTicker(time.Second)
	defer pace.Stop()
	wait := time.Duration(n) * time.Second / readersMany
	for i := n; ; i++ {
		select {
		case <-r.stop:
			return l, c.close()
		case <-time.After(wait):
		}
		wait = 0
		began := time.Now()
		a, err := c.do(requests[i%len(requests)], false)
		if err == nil && a.status != http.StatusOK {
			err = fmt.Errorf("answer %d to %.80q", a.status, requests[i%len(requests)])
		}
		if err != nil {
			return l, errors.Join(err, c.close())
		}
		l.took = append(l.took, time.Since(began))
		select {
		case <-r.stop:
			return l, c.close()
		case <-pace.C:
		}
	}
}

// end stops them and says what they saw.
func (r *readers) end() (l load, err error) {
	close(r.stop)
	for range readersMany {
		one := <-r.all
		l.took = append(l.took, one.took...)
		err = errors.Join(err, <-r.fail)
	}
	l.sort()
	return l, err
}

// load is what a number of clients saw.
type load struct {
	took    []time.Duration // sorted
	elapsed time.Duration
	wire    int64   // bytes of one answer, the last
	cost    float64 // milliseconds that the program computed for one answer
	refused int     // "try again later" instead of an answer
}

// errRefused is the server's word that it cannot now.
var errRefused = errors.New("the server says to try again later")

func (l load) perSecond() float64 { return float64(len(l.took)) / l.elapsed.Seconds() }

// at is a quantile: 0.5, 0.99.
func (l load) at(q float64) time.Duration {
	if len(l.took) == 0 {
		return 0
	}
	return l.took[min(int(q*float64(len(l.took))), len(l.took)-1)]
}

func (l *load) sort() { slices.Sort(l.took) }

// ask lets one client ask again and again until n answers or the time is over.
func ask(ctx context.Context, address string, n int, most time.Duration, request func(i int) []byte) (load, error) {
	c, err := dial(address)
	if err != nil {
		return load{}, err
	}
	var l load
	began := time.Now()
	for i := 0; i < n && time.Since(began) < most && ctx.Err() == nil; i++ {
		r := request(i)
		start := time.Now()
		a, err := c.do(r, false)
		if err != nil {
			return l, errors.Join(err, c.close())
		}
		l.took = append(l.took, time.Since(start))
		if a.status != http.StatusOK {
			return l, errors.Join(fmt.Errorf("answer %d to %.80q", a.status, r), c.close())
		}
		l.wire = a.wire
	}
	l.elapsed = time.Since(began)
	l.sort()
	return l, c.close()
}

// press lets clients do something as fast as they can for a while.
func press(ctx context.Context, clients int, length time.Duration, do func(worker int) (func() error, error)) (load, error) {
	var mu sync.Mutex
	var l load
	var errs []error
	var wg sync.WaitGroup
	began := time.Now()
	for w := range clients {
		wg.Go(func() {
			var took []time.Duration
			refused := 0
			one, err := do(w)
			for err == nil && time.Since(began) < length && ctx.Err() == nil {
				start := time.Now()
				err = one()
				switch {
				case err == nil:
					took = append(took, time.Since(start))
				case errors.Is(err, errRefused):
					refused++
					err = nil
				}
			}
			mu.Lock()
			defer mu.Unlock()
			l.took = append(l.took, took...)
			l.refused += refused
			if err != nil {
				errs = append(errs, err)
			}
		})
	}
	wg.Wait()
	l.elapsed = time.Since(began)
	l.sort()
	return l, errors.Join(errs...)
}

package web

import (
	"compress/gzip"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
)

// answer counts what is sent and packs text on the way.
type answer struct {
	http.ResponseWriter
	gzips  bool
	gz     *gzip.Writer
	status int
	bytes  int64
}

// packLevel: pages are made anew for each reader, so speed counts as much as size.
const packLevel = 4

var packers = sync.Pool{New: func() any {
	gz, err := gzip.NewWriterLevel(io.Discard, packLevel)
	if err != nil {
		panic(err) // the level is a constant
	}
	return gz
}}

func acceptsGzip(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") && r.Header.Get("Range") == ""
}

func packable(h http.Header) bool {
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	switch kind {
	case "text/html", "text/plain", "text/csv", "application/json", "image/svg+xml", "application/xml", "application/atom+xml":
		return h.Get("Content-Encoding") == ""
	}
	return false
}

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if a.status != 0 {
		return
	}
	a.status = status
	if a.gzips && packable(a.Header()) && status != http.StatusNoContent && status != http.StatusNotModified {
		a.Header().Set("Content-Encoding", "gzip")
		a.Header().Del("Content-Length")
		gz, ok := packers.Get().(*gzip.Writer)
		if ok {
			gz.Reset(counter{a})
			a.gz = gz
		}
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.WriteHeader(http.StatusOK)
	}
	if a.gz != nil {
		return a.gz.Write(b)
	}
	return counter{a}.Write(b)
}

// FlushError lets event streams push each event out.
func (a *answer) FlushError() error {
	if a.gz != nil {
		if err := a.gz.Flush(); err != nil {
			return err
		}
	}
	return http.NewResponseController(a.ResponseWriter).Flush()
}

// Unwrap lets http.ResponseController reach the connection's deadlines.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func (a *answer) finish() error {
	if a.gz == nil {
		return nil
	}
	err := a.gz.Close()
	packers.Put(a.gz)
	a.gz = nil
	return err
}

func (a *answer) code() int {
	if a.status == 0 {
		return http.StatusOK
	}
	return a.status
}

type counter struct{ a *answer }

func (c counter) Write(b []byte) (int, error) {
	n, err := c.a.ResponseWriter.Write(b)
	c.a.bytes += int64(n)
	return n, err
}

// cut drops the error of a reader who went away: there is nobody left to tell.
func cut(err error) error {
	var gone net.Error
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET) || errors.As(err, &gone) {
		return nil
	}
	return err
}

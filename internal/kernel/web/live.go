package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

const (
	heartbeat     = 25 * time.Second // under the half minute after which proxies give up
	topicsMost    = 32               // of one browser
	eventTimeMost = 10 * time.Second // for a reader to take one event
)

// live is the browser's one event stream. Events name topics and nothing else:
// what changed is asked for by a request of its own, with the reader's rights.
func (s *Server) live(w http.ResponseWriter, r *http.Request) error {
	asked := strings.Fields(r.URL.Query().Get("topics"))
	if len(asked) > topicsMost {
		asked = asked[:topicsMost]
	}
	topics := s.allowed(r, of(r).actor, asked)
	if len(topics) == 0 || s.stopping() {
		w.WriteHeader(http.StatusNoContent) // tells the browser not to come back
		return nil
	}
	ear := s.o.Live.Subscribe(topics...)
	defer ear.Close()
	if ear.Full() {
		return fault.New(fault.Unavailable, "web.fault_unavailable")
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	e := events{w: w, c: http.NewResponseController(w)}
	return cut(s.stream(&e, r, asked, topics, ear.C()))
}

func (s *Server) allowed(r *http.Request, who org.Actor, asked []string) []string {
	if s.o.Topics == nil {
		return nil
	}
	return s.o.Topics(r.Context(), who, asked)
}

func (s *Server) stream(e *events, r *http.Request, asked, topics []string, changes <-chan string) error {
	if err := e.send("retry: 2000\nevent: hello\ndata:"); err != nil {
		return err
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-r.Context().Done():
			return nil
		case <-s.closing:
			return nil
		case changed, open := <-changes:
			if !open {
				return nil
			}
			if err := e.send("event: changed\ndata: " + waiting(changed, changes)); err != nil {
				return err
			}
		case <-beat.C:
			if !s.same(r, asked, topics) {
				return nil // signed out, or rights changed: the browser asks anew
			}
			if err := e.send(":"); err != nil {
				return err
			}
		}
	}
}

// same asks again who is there: a revoked sign-in must not go on listening.
func (s *Server) same(r *http.Request, asked, topics []string) bool {
	if s.o.Resolve == nil {
		return true
	}
	who, err := s.o.Resolve(r)
	if err != nil {
		return fault.KindOf(err) == fault.Unavailable
	}
	return slices.Equal(s.allowed(r, who, asked), topics)
}

// waiting joins topic and the others that wait with it into one line. Topics
// hold no spaces or line ends; one that did would end its line and write an
// event of its own, so they are taken out.
func waiting(topic string, changes <-chan string) string {
	topics := []string{topic}
	for {
		select {
		case more, open := <-changes:
			if open {
				topics = append(topics, more)
				continue
			}
		default:
		}
		return strings.Join(strings.Fields(strings.Join(topics, " ")), " ")
	}
}

// events writes the event stream, numbering each event.
type events struct {
	w http.ResponseWriter
	c *http.ResponseController
	n int
}

func (e *events) send(lines string) error {
	end := now().Add(eventTimeMost)
	if err := errors.Join(e.c.SetWriteDeadline(end), e.c.SetReadDeadline(time.Time{})); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if strings.HasPrefix(lines, ":") {
		lines += "\n\n"
	} else {
		e.n++
		lines = fmt.Sprintf("id: %d\n%s\n\n", e.n, lines)
	}
	if _, err := e.w.Write([]byte(lines)); err != nil {
		return err
	}
	return e.c.Flush()
}

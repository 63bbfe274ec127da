package web

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// Options is what the application plugs into the house.
type Options struct {
	Catalogue *text.Catalogue
	Clock     clock.Clock
	Log       *slog.Logger // the default logger when nil
	Routes    []Route
	Menu      []MenuItem
	Places    Places

	// Resolve says who is asking. Nobody is the zero Actor and no error; an
	// ended sign-in counts as nobody.
	Resolve func(r *http.Request) (org.Actor, error)
	// Surround fills what stands around every page of an official; nil leaves it empty.
	Surround func(ctx context.Context, who org.Actor) (Surround, error)
	// Ready says whether the product can serve; nil means always.
	Ready func(ctx context.Context) error

	// Live carries the events; nil: pages are as fresh as their last load.
	Live *live.Hub
	// Topics are those of the asked ones that who may hear of.
	Topics func(ctx context.Context, who org.Actor, asked []string) []string

	Rates          map[Rate]Budget // instead of the usual budgets
	TrustedProxies []netip.Prefix  // whose X-Forwarded-For and -Proto are believed
	NeverEchoed    []string        // names of form fields that no error page may show
	TempDir        string          // for files on their way in; the system's when empty
	TLS            *tls.Config     // HTTPS by ourselves; nil leaves it to a proxy
	Demonstration  bool            // says so at the top of every page
}

// Surround is what stands around a page and is not of the page.
type Surround struct {
	Council string // "HĐND thành phố Hà Nội"
	Posts   []ui.PostLink
	Inbox   int // unread
}

// Places are the addresses that the shell leads to. Empty ones take the usual
// address; "-" leaves the place out.
type Places struct {
	Home, Desk, Inbox, Search, Account, SignIn, SignOut, ActingPost string
}

func (p Places) filled() Places {
	for _, f := range []struct {
		at    *string
		usual string
	}{
		{&p.Home, "/"}, {&p.Desk, "/desk"}, {&p.Inbox, "/inbox"}, {&p.Search, "/search"}, {&p.Account, "/account"},
		{&p.SignIn, "/sign-in"}, {&p.SignOut, "/sign-out"}, {&p.ActingPost, "/posts/acting"},
	} {
		switch *f.at {
		case "":
			*f.at = f.usual
		case "-":
			*f.at = ""
		}
	}
	return p
}

// Server is the house: it serves every address of the product.
type Server struct {
	o       Options
	mux     *http.ServeMux
	cross   *http.CrossOriginProtection
	budgets *budgets
	closing chan struct{} // closed when the program stops: ends the event streams
	close   sync.Once
}

// now is the real time, for deadlines of the network; the product's clock may
// stand in another year.
func now() time.Time { return clock.System{}.Now() }

// NewServer checks the routes and builds the router. A route that names no
// right, or an address given twice, is a mistake of the program: an error.
func NewServer(o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	o.Places = o.Places.filled()
	s := &Server{
		o: o, mux: http.NewServeMux(), cross: http.NewCrossOriginProtection(),
		budgets: newBudgets(o.Rates), closing: make(chan struct{}),
	}
	routes := append(s.own(), o.Routes...)
	for _, r := range routes {
		if err := s.add(r); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// own are the addresses of the house itself.
func (s *Server) own() []Route {
	routes := []Route{
		{Pattern: "GET /livez", Needs: auth.Public, Handle: alive, Limit: Limit{Rate: Unbound}},
		{Pattern: "GET /readyz", Needs: auth.Public, Handle: s.ready, Limit: Limit{Rate: Unbound}},
		{Pattern: "GET /healthz", Needs: auth.Public, Handle: s.ready, Limit: Limit{Rate: Unbound}},
		{Pattern: "GET /assets/{name}", Needs: auth.Public, Handle: asset, Limit: Limit{Rate: Unbound}},
		{Pattern: "GET /favicon.ico", Needs: auth.Public, Handle: favicon, Limit: Limit{Rate: Unbound}},
		{Pattern: "POST /preferences", Needs: auth.Public, Handle: preferences},
		{Pattern: "/", Needs: auth.Public, Handle: missing},
	}
	if s.o.Live != nil {
		routes = append(routes, Route{Pattern: "GET /live", Needs: auth.Public, Handle: s.live})
	}
	return routes
}

// Routes lists the house's own addresses, for the table of who may call what.
func (s *Server) Routes() []Route { return append(s.own(), s.o.Routes...) }

// Menu is what stands in the side of a signed-in person's pages.
func (s *Server) Menu() []MenuItem { return s.o.Menu }

func (s *Server) add(r Route) (err error) {
	if r.Needs.Zero() {
		return fmt.Errorf("web: %q names no right; write auth.Public if it is for everybody", r.Pattern)
	}
	if r.Handle == nil {
		return fmt.Errorf("web: %q has no handler", r.Pattern)
	}
	// The mux panics on a pattern that is malformed or taken.
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("web: %q: %v", r.Pattern, p)
		}
	}()
	s.mux.Handle(r.Pattern, s.enter(r))
	return nil
}

// Serve answers on ln until ctx ends, then lets running requests finish.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	const headerMost, idleMost, farewell = 10 * time.Second, 2 * time.Minute, 20 * time.Second
	srv := &http.Server{
		Handler: s, TLSConfig: s.o.TLS,
		ReadHeaderTimeout: headerMost, IdleTimeout: idleMost, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(s.o.Log.Handler(), slog.LevelDebug),
	}
	ended := make(chan error, 1)
	go func() {
		if s.o.TLS != nil {
			ended <- srv.ServeTLS(ln, "", "")
			return
		}
		ended <- srv.Serve(ln)
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	s.Close()
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	if err := srv.Shutdown(stop); err != nil {
		return errors.Join(fmt.Errorf("web: requests were still running after %s: %w", farewell, err), srv.Close())
	}
	return nil
}

// Close ends the event streams and turns /readyz to "no". Serve does it by itself.
func (s *Server) Close() { s.close.Do(func() { close(s.closing) }) }

func (s *Server) stopping() bool {
	select {
	case <-s.closing:
		return true
	default:
		return false
	}
}

func alive(w http.ResponseWriter, _ *http.Request) error { return plain(w, http.StatusOK, "alive\n") }

func (s *Server) ready(w http.ResponseWriter, r *http.Request) error {
	if s.stopping() {
		return plain(w, http.StatusServiceUnavailable, "stopping\n")
	}
	if s.o.Ready != nil {
		if err := s.o.Ready(r.Context()); err != nil {
			s.o.Log.WarnContext(r.Context(), "not ready", "err", err)
			return plain(w, http.StatusServiceUnavailable, "not ready\n")
		}
	}
	return plain(w, http.StatusOK, "ready\n")
}

func missing(http.ResponseWriter, *http.Request) error {
	return fault.New(fault.Missing, "web.fault_missing")
}

func plain(w http.ResponseWriter, status int, line string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, err := w.Write([]byte(line))
	return cut(err)
}

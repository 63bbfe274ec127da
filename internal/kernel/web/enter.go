package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// The limits of a route that names none.
const (
	bodyUsual = 4 << 20
	timeUsual = time.Minute
)

// request is what the house knows of the request under way.
type request struct {
	server *Server
	id     string
	route  *Route
	actor  org.Actor
	addr   netip.Addr
	secure bool
	theme  string
	form   *Form
	room   string // folder of uploaded files; removed at the end
}

type requestKey struct{}

// of is the request's state. A handler that is called outside the house is a
// mistake of the program.
func of(r *http.Request) *request {
	req, ok := r.Context().Value(requestKey{}).(*request)
	if !ok {
		panic("web: this request did not come through a Server")
	}
	return req
}

// Actor says who is asking; the zero Actor when nobody is signed in.
func Actor(r *http.Request) org.Actor { return of(r).actor }

// Address is the network address of who is asking, behind trusted proxies.
func Address(r *http.Request) netip.Addr { return of(r).addr }

// Secure reports whether the browser came by HTTPS, perhaps through a trusted
// proxy. Cookies are marked by it.
func Secure(r *http.Request) bool { return of(r).secure }

// Reference is the number under which the log knows this request.
func Reference(r *http.Request) string { return of(r).id }

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := now()
	req := &request{server: s, id: newReference()}
	req.addr, req.secure = s.origin(r)
	lang := language(r)
	req.theme = themeOf(r)
	ctx := context.WithValue(r.Context(), requestKey{}, req)
	r = r.WithContext(text.With(ctx, s.o.Catalogue, lang))
	out := &answer{ResponseWriter: w, gzips: acceptsGzip(r)}
	s.guard(out.Header(), req)
	if asked := r.URL.Query().Get("lang"); asked == string(lang) && r.Method == http.MethodGet {
		setCookie(out, req.secure, langCookie, asked, yearSeconds)
	}
	defer s.leave(out, r, started)
	if err := s.cross.Check(r); err != nil {
		s.fail(out, r, fault.New(fault.Forbidden, "web.cross_site").Because(err))
		return
	}
	s.mux.ServeHTTP(out, r)
}

// leave ends a request: a panic becomes the page of an internal error, the
// temporary files go, the log gets its line.
func (s *Server) leave(out *answer, r *http.Request, started time.Time) {
	req := of(r)
	trouble := recover()
	if trouble != nil && trouble != http.ErrAbortHandler {
		err := fmt.Errorf("panic: %v\n%s", trouble, debug.Stack())
		if out.status == 0 {
			s.fail(out, r, err)
		} else {
			s.o.Log.ErrorContext(r.Context(), "request failed half-way", "id", req.id, "err", err)
			trouble = http.ErrAbortHandler // so that the reader does not take half a page for a whole one
		}
	}
	if err := out.finish(); err != nil {
		s.o.Log.DebugContext(r.Context(), "answer cut off", "id", req.id, "err", err)
	}
	req.clear(s.o.Log)
	s.o.Log.LogAttrs(r.Context(), level(req), "request",
		slog.String("id", req.id), slog.String("method", r.Method), slog.String("route", pattern(req)),
		slog.Int("status", out.code()), slog.Int64("bytes", out.bytes), slog.String("net", network(req.addr)),
		slog.Duration("took", now().Sub(started)))
	if trouble == http.ErrAbortHandler {
		panic(http.ErrAbortHandler)
	}
}

func level(req *request) slog.Level {
	if req.route != nil && req.route.Limit.Rate == Unbound {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

func pattern(req *request) string {
	if req.route == nil {
		return "-"
	}
	return req.route.Pattern
}

// network is the address with its host part cut off: enough to see where
// trouble comes from, too little to name a person.
func network(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	bits := 24
	if a.Is6() && !a.Is4In6() {
		bits = 48
	}
	p, err := a.Unmap().Prefix(bits)
	if err != nil {
		return ""
	}
	return p.String()
}

// newReference is short enough to be read out on the telephone.
func newReference() string {
	s := rand.Text()
	return s[:4] + "-" + s[4:8]
}

// enter wraps a route's handler: budget, limits, who, right, then the handler.
func (s *Server) enter(route Route) http.HandlerFunc {
	if route.Limit.Body == 0 {
		route.Limit.Body = bodyUsual
	}
	if route.Limit.Time == 0 {
		route.Limit.Time = timeUsual
	}
	return func(w http.ResponseWriter, r *http.Request) {
		of(r).route = &route
		if err := s.run(w, r, &route); err != nil {
			s.fail(w, r, err)
		}
	}
}

func (s *Server) run(w http.ResponseWriter, r *http.Request, route *Route) error {
	req := of(r)
	if err := limitTime(w, route.Limit.Time); err != nil {
		return err
	}
	if !s.budgets.allow(route.Limit.Rate, r.Method, req.addr) {
		return fault.New(fault.TooMany, "web.fault_too_many")
	}
	if route.Limit.Rate != Unbound && s.o.Resolve != nil {
		who, err := s.o.Resolve(r)
		if err != nil && fault.KindOf(err) != fault.SignIn {
			return err
		}
		req.actor = who
	}
	if !route.Needs.Allows(req.actor) {
		if !req.actor.SignedIn() {
			return fault.New(fault.SignIn, "web.fault_sign_in")
		}
		return fault.New(fault.Missing, "web.fault_missing")
	}
	if !multipart(r) {
		r.Body = http.MaxBytesReader(w, r.Body, route.Limit.Body)
	}
	return route.Handle(w, r)
}

// limitTime bounds how long the client may take. Recorders in tests know no deadlines.
func limitTime(w http.ResponseWriter, most time.Duration) error {
	c := http.NewResponseController(w)
	end := now().Add(most)
	if err := errors.Join(c.SetReadDeadline(end), c.SetWriteDeadline(end)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}

// origin finds the real address and scheme. Only trusted proxies are believed,
// and of their list the last address that is not a trusted proxy's.
func (s *Server) origin(r *http.Request) (netip.Addr, bool) {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}, r.TLS != nil
	}
	addr := ap.Addr().Unmap()
	if !s.trusts(addr) {
		return addr, r.TLS != nil
	}
	secure := r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		a, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		addr = a.Unmap()
		if !s.trusts(addr) {
			break
		}
	}
	return addr, secure
}

func (s *Server) trusts(a netip.Addr) bool {
	return slices.ContainsFunc(s.o.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

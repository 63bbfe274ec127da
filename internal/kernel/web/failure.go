package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"strings"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// status is the one place where a kind of fault becomes an HTTP status.
func status(k fault.Kind) int {
	switch k {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.Missing:
		return http.StatusNotFound
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.SignIn:
		return http.StatusUnauthorized
	case fault.Refused, fault.Conflict:
		return http.StatusConflict
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.TooMany:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// faultOf also knows the errors of the network and of limits.
func faultOf(err error) *fault.Fault {
	f := fault.Of(err)
	var large *http.MaxBytesError
	switch {
	case f.Kind != fault.Internal:
	case errors.As(err, &large):
		return fault.New(fault.TooLarge, "web.fault_too_large").Because(err)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return fault.New(fault.Unavailable, "web.fault_unavailable").Because(err)
	}
	return f
}

// fail turns an error into its page.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	f := faultOf(err)
	s.record(r, f, err)
	if out, ok := w.(*answer); ok && out.status != 0 {
		panic(http.ErrAbortHandler) // half an answer is out already: break it off rather than look whole
	}
	h := w.Header()
	for _, name := range []string{"Content-Disposition", "Content-Length", "Content-Encoding", "ETag", "Last-Modified", "Content-Range"} {
		h.Del(name)
	}
	h.Set("Cache-Control", "no-store")
	switch f.Kind {
	case fault.Unavailable:
		h.Set("Retry-After", "30")
	case fault.TooMany:
		if h.Get("Retry-After") == "" { // the handler may know better
			h.Set("Retry-After", "60")
		}
	}
	switch route := of(r).route; {
	case route != nil && route.Fail != nil:
		err = route.Fail(w, r, status(f.Kind), f)
	case WantsJSON(r):
		err = s.failJSON(w, r, f)
	case f.Kind == fault.SignIn && r.Method != http.MethodPost && !scripted(r):
		http.Redirect(w, r, s.signIn(r.URL.RequestURI()), http.StatusSeeOther)
		return
	default:
		err = s.failPage(w, r, f)
	}
	if err != nil {
		s.o.Log.ErrorContext(r.Context(), "the error page failed", "id", of(r).id, "err", err)
	}
}

func (s *Server) record(r *http.Request, f *fault.Fault, err error) {
	req := of(r)
	switch {
	case r.Context().Err() != nil:
		s.o.Log.DebugContext(r.Context(), "the reader went away", "id", req.id)
	case f.Kind == fault.Internal || f.Kind == fault.Unavailable:
		s.o.Log.ErrorContext(r.Context(), "request failed", "id", req.id, "route", pattern(req), "kind", string(f.Kind), "key", f.Key, "err", err)
	default:
		s.o.Log.DebugContext(r.Context(), "request refused", "id", req.id, "route", pattern(req), "kind", string(f.Kind), "key", f.Key)
	}
}

func (s *Server) signIn(next string) string {
	return s.o.Places.SignIn + "?next=" + url.QueryEscape(next)
}

// failPage never fails for want of a database: after trouble of our own, and
// when the page's surroundings cannot be had, it stands alone.
func (s *Server) failPage(w http.ResponseWriter, r *http.Request, f *fault.Fault) error {
	page := s.failure(w, r, f)
	head := Head{Title: page.Title, Status: page.Status}
	frame := ui.Frame{
		Title: page.Title, Lang: text.LangOf(r.Context()), Theme: of(r).theme, Back: back(r), Public: true,
		Council: text.T(r.Context(), "web.council"), Home: s.o.Places.Home, Demonstration: s.o.Demonstration,
	}
	if f.Kind != fault.Internal && f.Kind != fault.Unavailable {
		whole, err := s.frame(w, r, head)
		if err == nil {
			frame = whole
		} else {
			s.o.Log.WarnContext(r.Context(), "surroundings failed", "id", of(r).id, "err", err)
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(page.Status)
	body := ui.FailurePage(page)
	if scripted(r) {
		return cut(body.Render(r.Context(), w))
	}
	return cut(ui.Framed(frame, body).Render(r.Context(), w))
}

// failure says what is wrong and gathers what was typed.
func (s *Server) failure(w http.ResponseWriter, r *http.Request, f *fault.Fault) ui.Failure {
	ctx := r.Context()
	page := ui.Failure{
		Status: status(f.Kind), Title: text.T(ctx, "web.title_"+string(f.Kind)), Text: ui.Sentence(ctx, f), Rule: f.Rule,
	}
	for _, more := range f.Faults {
		page.List = append(page.List, ui.Sentence(ctx, more))
	}
	if f.Kind == fault.Internal {
		page.Reference = of(r).id
	}
	if r.Method == http.MethodPost && of(r).route != nil && !scripted(r) {
		s.keepInto(&page, w, r)
	}
	home := ui.Action{Label: text.T(ctx, "web.go_home"), URL: s.o.Places.Home, Tone: ui.Quiet}
	goBack := ui.Action{Label: text.T(ctx, "web.go_back"), URL: referer(r), Icon: "arrow-left"}
	switch {
	case f.Kind == fault.SignIn:
		if len(page.Kept) > 0 {
			page.Text = text.T(ctx, "web.fault_sign_in_kept")
		}
		page.Links = []ui.Action{{Label: text.T(ctx, "web.go_sign_in"), URL: s.signIn(referer(r)), Tone: ui.Primary, NewTab: true}, home}
	case r.Method == http.MethodPost && goBack.URL != "/":
		page.Links = []ui.Action{goBack, home}
	default:
		page.Links = []ui.Action{home}
	}
	return page
}

// keepInto shows what was typed and offers to send it again. It reads the
// request now if the handler had not.
func (s *Server) keepInto(page *ui.Failure, w http.ResponseWriter, r *http.Request) {
	form := keep(w, r)
	module, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	unnamed := 0
	for _, k := range form.Kept() {
		k.Label = keptLabel(r.Context(), module, k)
		if k.Label == "?" {
			unnamed++
			k.Label = text.T(r.Context(), "web.kept_number", "n", unnamed)
		}
		page.Kept = append(page.Kept, k)
	}
	page.Files, page.Secret = form.lost, form.hasSecret()
	if len(page.Kept) > 0 || len(page.Files) > 0 {
		page.Resend = r.URL.RequestURI()
	}
}

// keptLabel is the name of a kept field. Values without a name of their own are
// shown when they look typed ("?"); codes and numbers are only sent again.
func keptLabel(ctx context.Context, module string, k ui.Kept) string {
	if k.Value == "" || k.Name == "once" || k.Name == "back" {
		return ""
	}
	for _, key := range []string{module + ".field_" + k.Name, module + "." + k.Name} {
		if text.Known(ctx, key) {
			return text.T(ctx, key)
		}
	}
	if strings.ContainsAny(strings.TrimSpace(k.Value), " \n") {
		return "?"
	}
	return ""
}

// problem is an error as programs read it.
type problem struct {
	Kind      string    `json:"kind"`
	Key       string    `json:"key"`
	Message   string    `json:"message"`
	Field     string    `json:"field,omitempty"`
	Rule      string    `json:"rule,omitempty"`
	Reference string    `json:"reference,omitempty"`
	Faults    []problem `json:"faults,omitempty"`
}

func (s *Server) failJSON(w http.ResponseWriter, r *http.Request, f *fault.Fault) error {
	p := problemOf(r.Context(), f)
	if f.Kind == fault.Internal {
		p.Key, p.Reference = "fault.internal", of(r).id
	}
	return JSON(w, status(f.Kind), map[string]problem{"error": p})
}

func problemOf(ctx context.Context, f *fault.Fault) problem {
	p := problem{Kind: string(f.Kind), Key: f.Key, Message: ui.Sentence(ctx, f), Field: f.Field, Rule: f.Rule}
	for _, more := range f.Faults {
		p.Faults = append(p.Faults, problemOf(ctx, more))
	}
	return p
}

// ReadJSON reads the request's body into v; a field that v does not have is a fault.
func ReadJSON(r *http.Request, v any) error {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	err := d.Decode(v)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return bodyFault(err)
	case err != nil:
		return fault.New(fault.Invalid, "web.json_unreadable").Because(err)
	}
	return nil
}

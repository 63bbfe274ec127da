package desk

import (
	"context"
	"html"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/search"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

func (s *Service) showHome(w http.ResponseWriter, r *http.Request) error {
	h, err := s.home(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "desk.menu_home")}, homePage(h))
}

// dateWords is the date in both calendars.
func (h home) dateWords(ctx context.Context) string {
	return text.T(ctx, "desk.date_line", "weekday", calendar.Weekday(h.Today()).In(ctx), "date", h.Today().VN(), "lunar", h.Lunar.Words().In(ctx))
}

func (s *Service) showInbox(w http.ResponseWriter, r *http.Request) error {
	in, err := s.inbox(r.Context(), web.Actor(r), r.URL.Query().Get("before"))
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "desk.menu_inbox")}, inboxPage(in, next(r, "before", in.Next), web.Actor(r).PersonID))
}

func (s *Service) showFound(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	f, err := s.find(r.Context(), web.Actor(r), text.Line(q.Get("q")), q.Get("in") == "public", number(q.Get("from")))
	if err != nil {
		return err
	}
	var wrong error
	if f.Query == "" && q.Has("q") {
		wrong = fault.New(fault.Invalid, "desk.search_empty").At("q")
	}
	tabs := []ui.Tab{{Label: text.T(r.Context(), "desk.found_public"), URL: with(r, "in", "public", "from", ""), Here: f.Public}}
	if f.Own {
		tabs = append([]ui.Tab{{Label: text.T(r.Context(), "desk.found_own"), URL: with(r, "in", "", "from", ""), Here: !f.Public}}, tabs...)
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "desk.menu_search"), Query: f.Query, Status: web.StatusOf(wrong)}, foundPage(f, ui.ErrorsOf(wrong), tabs, next(r, "from", strconv.Itoa(f.Next))))
}

// messageWords is a notice in the reader's language.
func messageWords(ctx context.Context, m notify.Message) string {
	return text.T(ctx, m.Key, m.Args()...)
}

// marked is a found passage with its words marked. It is put together here
// because a template would set spaces around each mark.
func marked(p search.Passage) templ.Component {
	var b strings.Builder
	for _, piece := range pieces(p) {
		if piece.Marked {
			b.WriteString("<mark>" + html.EscapeString(piece.Text) + "</mark>")
		} else {
			b.WriteString(html.EscapeString(piece.Text))
		}
	}
	if p.Cut {
		b.WriteString("…")
	}
	return templ.Raw(b.String())
}

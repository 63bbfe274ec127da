package reception

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
	"example.vn/hdnd/internal/modules/reception/course"
)

const (
	lettersPath  = "/reception/letters"
	mattersPath  = "/reception/matters"
	registerPath = "/reception/forwarded"
)

// uploadTime is for ten scans over an office's line.
const uploadTime = 5 * time.Minute

// routes lists the addresses of letters and matters.
func (s *Service) routes() []web.Route {
	routes := []web.Route{
		{Pattern: "GET " + lettersPath, Needs: mayRead, Handle: s.listPage},
		{Pattern: "GET " + lettersPath + "/new", Needs: mayEnter, Handle: s.entryForm},
		{Pattern: "POST " + lettersPath, Needs: mayEnter, Handle: s.entrySend, Limit: web.Limit{Time: uploadTime}},
		{Pattern: "GET " + lettersPath + "/{id}", Needs: mayRead, Handle: s.letterPage},
		{Pattern: "GET " + lettersPath + "/{id}/deadlines/{deadline}", Needs: mayRead, Handle: s.deadlinePage(lettersPath)},
		{Pattern: "GET " + lettersPath + "/{id}/papers/{paper}", Needs: mayRead, Handle: s.paperFile},
		{Pattern: "GET " + registerPath, Needs: mayRead, Handle: s.registerPage},
		{Pattern: "GET " + mattersPath, Needs: mayRead, Handle: s.mattersPage},
		{Pattern: "GET " + mattersPath + "/{id}", Needs: mayRead, Handle: s.matterPage},
		{Pattern: "GET " + mattersPath + "/{id}/papers/{paper}", Needs: mayRead, Handle: s.paperFile},
		{Pattern: "GET " + mattersPath + "/{id}/deadlines/{deadline}", Needs: mayRead, Handle: s.deadlinePage(mattersPath)},
		// What reminders link to: the letter or the matter of a case.
		{Pattern: "GET /reception/{id}", Needs: mayRead, Handle: s.caseOf},
	}
	for _, st := range letterSteps {
		at := lettersPath + "/{id}/" + st.noun
		routes = append(routes, web.Route{Pattern: "GET " + at, Needs: st.needs, Handle: s.stepForm(st)}, web.Route{Pattern: "POST " + at, Needs: st.needs, Handle: s.stepSend(st)})
	}
	for _, st := range matterSteps {
		at := mattersPath + "/{id}/" + st.noun
		routes = append(routes, web.Route{Pattern: "GET " + at, Needs: st.needs, Handle: s.courseForm(st)}, web.Route{Pattern: "POST " + at, Needs: st.needs, Handle: s.courseSend(st)})
	}
	return routes
}

// caseOf leads from a case's id to its page.
func (s *Service) caseOf(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	if _, err := s.Dossier(r.Context(), web.Actor(r), id); err == nil {
		return web.SeeOther(w, r, mattersPath+"/"+id)
	}
	if _, err := s.Sheet(r.Context(), web.Actor(r), id); err != nil {
		return err
	}
	return web.SeeOther(w, r, lettersPath+"/"+id)
}

// listPage shows the book.
type listView struct {
	List
	Standing bool // sealed letters are not in it
	MayEnter bool
}

func (s *Service) listPage(w http.ResponseWriter, r *http.Request) error {
	who, q := web.Actor(r), r.URL.Query()
	f := Filter{State: cases.State(q.Get("state")), Kind: Kind(q.Get("kind")), Late: q.Has("late")}
	if !slices.Contains(states, f.State) {
		f.State = ""
	}
	if !slices.Contains(kinds, f.Kind) {
		f.Kind = ""
	}
	f.After = rowKey(q.Get("after"))
	l, err := s.List(r.Context(), who, f)
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "reception.menu_letters"), Section: lettersPath, Wide: true}, listBody(listView{List: l, Standing: !knowsSealed(who), MayEnter: mayEnter.Allows(who)}))
}

// rowKey reads a place in a list from an address; nonsense is the beginning.
func rowKey(s string) RowKey {
	parts := strings.SplitN(s, "_", 3)
	if len(parts) != 3 {
		return RowKey{}
	}
	at, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return RowKey{}
	}
	k := RowKey{At: at, ID: parts[2]}
	if k.Due, err = clock.ParseDate(parts[1]); err != nil {
		k.Due = clock.Date{}
	}
	return k
}

func (k RowKey) address() string {
	return strconv.FormatInt(k.At, 10) + "_" + k.Due.String() + "_" + k.ID
}

func registerKey(s string) RegisterKey {
	k := rowKey(s)
	return RegisterKey{At: k.At, ID: k.ID}
}

func (k RegisterKey) address() string { return RowKey{At: k.At, ID: k.ID}.address() }

func (f Filter) address(pairs ...string) string {
	q := url.Values{}
	if f.State != "" {
		q.Set("state", string(f.State))
	}
	if f.Kind != "" {
		q.Set("kind", string(f.Kind))
	}
	if f.Late {
		q.Set("late", "1")
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	if len(q) == 0 {
		return lettersPath
	}
	return lettersPath + "?" + q.Encode()
}

func (p listView) tabs(ctx context.Context) []ui.Tab {
	all := []ui.Tab{{Label: text.T(ctx, "reception.tab_all"), URL: Filter{}.address(), Here: p.Filter.State == "" && !p.Filter.Late}}
	for _, st := range []cases.State{"received", "proposed", "following", "answered"} {
		all = append(all, ui.Tab{Label: text.T(ctx, "reception.state."+string(st)), URL: Filter{State: st}.address(), Here: p.Filter.State == st && !p.Filter.Late})
	}
	return append(all, ui.Tab{Label: text.T(ctx, "reception.tab_late"), URL: Filter{Late: true}.address(), Here: p.Filter.Late})
}

func (p listView) table(ctx context.Context) ui.TableView[Row] {
	return ui.TableView[Row]{ID: "letters", Caption: text.T(ctx, "reception.menu_letters"), Rows: p.Rows, Empty: ui.Empty{Title: text.T(ctx, "reception.letters_none")},
		URL: func(r Row) string { return lettersPath + "/" + r.ID },
		Columns: []ui.Column[Row]{
			{Key: "title", Label: text.T(ctx, "reception.col_letter"), Narrow: true, Text: func(r Row) string { return r.Title }},
			{Key: "received", Label: text.T(ctx, "reception.field_received_on"), Narrow: true, Text: func(r Row) string { return r.ReceivedOn.VN() }},
			{Key: "kind", Label: text.T(ctx, "reception.field_kind"), Text: func(r Row) string { return text.T(ctx, "reception.kind."+string(r.Kind)) }},
			{Key: "sender", Label: text.T(ctx, "reception.field_senders"), Text: func(r Row) string { return r.sender(ctx) }},
			{Key: "summary", Label: text.T(ctx, "reception.field_summary"), Text: func(r Row) string { return r.words(ctx) }},
			{Key: "state", Label: text.T(ctx, "reception.col_state"), Text: func(r Row) string { return text.T(ctx, "reception.state."+string(r.State)) }},
			{Key: "due", Label: text.T(ctx, "reception.col_due"), Narrow: true, Text: func(r Row) string { return r.Due.VN() }},
		},
		Tone: func(r Row) ui.Tone {
			if !final(r.State) && !r.Due.IsZero() && r.Due.Before(p.Filter.Today) {
				return ui.Bad
			}
			return ui.Plain
		}}
}

func (r Row) sender(ctx context.Context) string {
	switch {
	case r.Sealed:
		return text.T(ctx, "reception.sealed_short")
	case r.SenderCount > 1:
		return text.T(ctx, "reception.sender_and", "name", r.SenderLine, "n", r.SenderCount-1)
	case r.SenderLine == "":
		return text.T(ctx, "reception.anonymous")
	}
	return r.SenderLine
}

func (r Row) words(ctx context.Context) string {
	if r.Sealed {
		return text.T(ctx, "reception.sealed_short")
	}
	const most = 160
	if runes := []rune(text.Line(r.Summary)); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text.Line(r.Summary)
}

func (p listView) pages() ui.Pages {
	if p.Next.ID == "" {
		return ui.Pages{}
	}
	return ui.Pages{Next: p.Filter.address("after", p.Next.address())}
}

// options say coded values of a field.
func options[T ~string](ctx context.Context, prefix string, codes []T) []ui.Option {
	all := make([]ui.Option, len(codes))
	for i, c := range codes {
		all[i] = ui.Option{Value: string(c), Label: text.T(ctx, prefix+string(c))}
	}
	return all
}

func (s *Service) paperFile(w http.ResponseWriter, r *http.Request) (err error) {
	p, bytes, err := s.Paper(r.Context(), web.Actor(r), r.PathValue("id"), r.PathValue("paper"))
	if err != nil {
		return err
	}
	defer func() {
		if closed := bytes.Close(); err == nil {
			err = closed
		}
	}()
	media, how := p.ServeAs()
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Disposition", how+"; filename*=UTF-8''"+url.PathEscape(p.Name))
	w.Header().Set("Cache-Control", "no-store")
	if how == "inline" && media == "application/pdf" {
		// The viewer of the browser needs styles of its own; nothing else may run.
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'; sandbox")
	}
	_, err = io.Copy(w, bytes)
	return err
}

// deadlinePage tells why a date is what it is.
func (s *Service) deadlinePage(path string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		x, err := s.Explain(r.Context(), web.Actor(r), r.PathValue("id"), r.PathValue("deadline"))
		if err != nil {
			return err
		}
		return web.Page(w, r, web.Head{Title: text.T(r.Context(), "reception.why_title"), Section: path}, course.Why(x.shown(path)))
	}
}

// formMost bounds the files of one form, in bytes. They lie in memory: what comes in
// may be a denunciation, and nothing of one is written to a disk.
const formMost = 100 << 20

func formLimits() web.Limits {
	return web.Limits{Files: filesMax, FileBytes: documents.UsualLimits().SizeMaxBytes, TotalBytes: formMost, InMemory: true}
}

func accepted() string { return strings.Join(documents.Accepted(), ",") }

// stepTone makes the first of a page's steps the main one.
func stepTone(i int, st step) ui.Tone {
	switch {
	case st.tone != ui.Plain:
		return st.tone
	case i == 0:
		return ui.Primary
	}
	return ui.Plain
}

// noteHint says who reads a note.
func noteHint(ctx context.Context, sealed bool) string {
	if sealed {
		return text.T(ctx, "reception.hint_note_sealed")
	}
	return text.T(ctx, "reception.hint_note")
}

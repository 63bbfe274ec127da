package desk

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

func (s *Service) showLog(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	f := logFilter{Ref: text.Line(q.Get("ref")), Verb: q.Get("verb"), After: q.Get("after")}
	var faults []*fault.Fault
	for name, into := range map[string]*clock.Date{"from": &f.From, "until": &f.Until} {
		d, wrong := dateOf(name, q.Get(name))
		*into = d
		faults = append(faults, wrong)
	}
	wrong := fault.Join(faults...)
	p, err := s.ownLog(ctx, web.Actor(r), f)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	view := logView{logPage: p, From: q.Get("from"), Until: q.Get("until"), Errors: ui.ErrorsOf(wrong), Pages: next(r, "after", p.Next)}
	return page(w, r, text.T(ctx, "desk.menu_log"), status, logScreen(view))
}

// logView is the log page with what was typed into its filter.
type logView struct {
	logPage
	From, Until string
	Errors      ui.Errors
	Pages       ui.Pages
}

// dateOf reads a date out of an address; an empty one is no date.
func dateOf(field, typed string) (clock.Date, *fault.Fault) {
	if strings.TrimSpace(typed) == "" {
		return clock.Date{}, nil
	}
	d, err := clock.ParseDate(strings.TrimSpace(typed))
	if err != nil {
		return clock.Date{}, fault.New(fault.Invalid, "desk.bad_date").At(field)
	}
	return d, nil
}

// logModules are the groups of acts that the log's filter offers.
func logModules(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, prefix := range []string{"petitions.", "org.", "calendar.", "desk.", "auth.", "audit."} {
		all = append(all, ui.Option{Value: prefix, Label: text.T(ctx, "desk.acts_"+strings.TrimSuffix(prefix, "."))})
	}
	return all
}

func logTable(ctx context.Context, v logView) ui.TableView[audit.Record] {
	return ui.TableView[audit.Record]{ID: "log-rows", Caption: text.T(ctx, "desk.menu_log"), Rows: v.Entries,
		URL:   func(e audit.Record) string { return "/log/" + e.ID },
		Empty: ui.Empty{Title: text.T(ctx, "desk.log_none"), Text: text.T(ctx, "desk.log_none_text")},
		Columns: []ui.Column[audit.Record]{
			{Key: "at", Label: text.T(ctx, "desk.col_when"), Narrow: true, Fixed: true, Text: func(e audit.Record) string { return moment(e.At) }},
			{Key: "verb", Label: text.T(ctx, "desk.col_act"), Text: func(e audit.Record) string { return verbWords(ctx, e.Verb) }},
			{Key: "ref", Label: text.T(ctx, "desk.col_ref"), Text: func(e audit.Record) string { return e.Ref }},
			{Key: "who", Label: text.T(ctx, "desk.col_who"), Text: func(e audit.Record) string { return doer(ctx, e.Who) }},
			{Key: "place", Label: text.T(ctx, "desk.col_place"), Number: true, Text: func(e audit.Record) string { return place(ctx, e) }},
		}}
}

func place(ctx context.Context, e audit.Record) string {
	if e.Position < 0 {
		return text.T(ctx, "desk.place_waits")
	}
	return text.Number(text.LangOf(ctx), e.Position)
}

// doer names who acted, with the person they stood in for.
func doer(ctx context.Context, d audit.Doer) string {
	if d.System {
		return text.T(ctx, "desk.the_program")
	}
	if d.Name == "" {
		return text.T(ctx, "desk.the_voter")
	}
	words := d.Name
	if d.Title != "" {
		words += ", " + d.Title
	}
	if len(d.Via) > 0 {
		words += " (" + text.T(ctx, "desk.for_whom", "name", d.Via[len(d.Via)-1].Name) + ")"
	}
	return words
}

func (s *Service) showEntry(w http.ResponseWriter, r *http.Request) error {
	rec, err := s.entry(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	return page(w, r, verbWords(r.Context(), rec.Verb), http.StatusOK, entryScreen(rec, entryTerms(r.Context(), rec), details(rec)))
}

func entryTerms(ctx context.Context, e audit.Record) []ui.Term {
	terms := []ui.Term{
		{Name: text.T(ctx, "desk.col_when"), Text: moment(e.At)},
		{Name: text.T(ctx, "desk.col_who"), Text: doer(ctx, e.Who)},
		{Name: text.T(ctx, "desk.col_body"), Text: e.Who.Body},
		{Name: text.T(ctx, "desk.col_ref"), Text: e.Ref},
		{Name: text.T(ctx, "desk.col_place"), Text: place(ctx, e)},
		{Name: text.T(ctx, "desk.papers_n"), Text: strconv.Itoa(len(e.Papers))},
		{Name: text.T(ctx, "desk.fingerprint"), Text: e.Leaf.Hash.String()},
	}
	if e.Address != "" {
		terms = append(terms, ui.Term{Name: text.T(ctx, "desk.col_address"), Text: e.Address})
	}
	return terms
}

func (s *Service) giveReceipt(w http.ResponseWriter, r *http.Request) error {
	receipt, err := s.receipt(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	return give(w, "bien-nhan-"+r.PathValue("id")+".txt", receipt.Text())
}

// give sends a text to keep as a file.
func give(w http.ResponseWriter, name, content string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, err := w.Write([]byte(content))
	return err
}

// showCheckpoint is the public page on the log. Receipts are checked on a page
// of their own, which is offered by module petitions.
func (s *Service) showCheckpoint(w http.ResponseWriter, r *http.Request) error {
	c, err := s.checkpoint(r.Context())
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "desk.receipts_title"), Public: true}, receiptScreen(c))
}

func (s *Service) giveCheckpoint(w http.ResponseWriter, r *http.Request) error {
	c, err := s.checkpoint(r.Context())
	if err != nil {
		return err
	}
	if c.Text == "" {
		return fault.New(fault.Missing, "audit.empty")
	}
	return give(w, "moc-nhat-ky.txt", c.Text)
}

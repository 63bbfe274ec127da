package imports

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// listScreen is the list of batches with the form of a new one.
type listScreen struct {
	Rows     []Batch
	Next     string
	Form     *web.Form
	Errors   ui.Errors
	Accepted string
	Folders  bool
}

func (d *Desk) listPage(w http.ResponseWriter, r *http.Request) error {
	return d.showList(w, r, nil, nil)
}

func (d *Desk) showList(w http.ResponseWriter, r *http.Request, form *web.Form, wrong error) error {
	who := web.Actor(r)
	rows, next, err := d.Batches(r.Context(), who, r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	s := listScreen{Rows: rows, Next: next, Form: form, Errors: ui.ErrorsOf(wrong), Accepted: strings.Join(d.Accepted, ","),
		Folders: slices.ContainsFunc(d.Folders, func(f Folder) bool { return f.CouncilID == who.CouncilID })}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "imports.menu"), Status: web.StatusOf(wrong), Wide: true}, listBody(s))
}

func moment(ctx context.Context, b Batch) string {
	return b.CreatedAt.In(clock.Hanoi).Format("15:04 02/01/2006")
}

func (s listScreen) table(ctx context.Context) ui.TableView[Batch] {
	return ui.TableView[Batch]{ID: "batches", Caption: text.T(ctx, "imports.batches"), Rows: s.Rows, Empty: ui.Empty{Title: text.T(ctx, "imports.batches_none"), Text: text.T(ctx, "imports.batches_none_text")},
		URL: func(b Batch) string { return home + "/" + b.ID },
		Columns: []ui.Column[Batch]{
			{Key: "name", Label: text.T(ctx, "imports.col_batch"), Text: func(b Batch) string { return b.Name }},
			{Key: "at", Label: text.T(ctx, "imports.col_at"), Narrow: true, Text: func(b Batch) string { return moment(ctx, b) }},
			{Key: "who", Label: text.T(ctx, "imports.col_who"), Text: func(b Batch) string { return b.Actor.V.Name }},
			{Key: "state", Label: text.T(ctx, "imports.col_state"), Cell: func(b Batch) templ.Component { return batchBadge(b.State) }},
		}}
}

// batchScreen is one batch, with all its files or those of a state.
type batchScreen struct {
	View
	Show    ItemState
	Address func(documentID string) string
}

func (d *Desk) batchPage(w http.ResponseWriter, r *http.Request) error {
	state := ItemState(r.URL.Query().Get("state"))
	if !slices.Contains(ItemStates(), state) {
		state = ""
	}
	return d.showBatch(w, r, state, batchBody)
}

func (d *Desk) failuresPage(w http.ResponseWriter, r *http.Request) error {
	return d.showBatch(w, r, Failed, failuresBody)
}

func (d *Desk) showBatch(w http.ResponseWriter, r *http.Request, state ItemState, body func(batchScreen) templ.Component) error {
	after, err := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	if err != nil {
		after = 0
	}
	v, err := d.Look(r.Context(), web.Actor(r), r.PathValue("batch"), state, after)
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: v.Batch.Name, Section: home, Wide: true}, body(batchScreen{View: v, Show: state, Address: d.Address}))
}

func (s batchScreen) address(pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return home + "/" + s.Batch.ID
	}
	return home + "/" + s.Batch.ID + "?" + q.Encode()
}

func (s batchScreen) post(verb string) string { return home + "/" + s.Batch.ID + "/" + verb }

// share is the bar's width in thousandths.
func (s batchScreen) share() string {
	all := s.Total()
	if all == 0 {
		return "0"
	}
	return strconv.FormatInt(1000*s.Dealt()/all, 10)
}

func number(ctx context.Context, n int64) string { return text.Number(text.LangOf(ctx), n) }

func (s batchScreen) progressWords(ctx context.Context) string {
	return text.T(ctx, "imports.progress", "done", number(ctx, s.Dealt()), "all", number(ctx, s.Total()))
}

// readingWords tells which page of which file is at hand.
func (s batchScreen) readingWords(ctx context.Context, i Item) string {
	if i.Pages > 1 {
		return text.T(ctx, "imports.reading_page", "name", i.Name, "done", number(ctx, i.PagesDone), "all", number(ctx, i.Pages))
	}
	return text.T(ctx, "imports.reading_file", "name", i.Name)
}

func (s batchScreen) figures(ctx context.Context) []ui.Figure {
	all := []ui.Figure{{Label: text.T(ctx, "imports.files"), Value: number(ctx, s.Total()), URL: s.address()}}
	for _, state := range ItemStates() {
		n := s.Counts[state]
		if n == 0 {
			continue
		}
		f := ui.Figure{Label: text.T(ctx, "imports.item."+string(state)), Value: number(ctx, n), URL: s.address("state", string(state)), Tone: toneOf(state)}
		if state == Failed {
			f.URL = s.post("failures")
		}
		all = append(all, f)
	}
	return all
}

func toneOf(s ItemState) ui.Tone {
	switch s {
	case Taken:
		return ui.Good
	case Failed:
		return ui.Bad
	case Known, Dropped:
		return ui.Warning
	case BeingRead:
		return ui.Notable
	}
	return ui.Plain
}

func batchState(ctx context.Context, s State) ui.State {
	tones := map[State]ui.Tone{Running: ui.Notable, Paused: ui.Warning, Done: ui.Good}
	return ui.State{Label: text.T(ctx, "imports.state."+string(s)), Tone: tones[s]}
}

func itemState(ctx context.Context, s ItemState) ui.State {
	return ui.State{Label: text.T(ctx, "imports.item."+string(s)), Tone: toneOf(s)}
}

func (s batchScreen) table(ctx context.Context) ui.TableView[Item] {
	return ui.TableView[Item]{ID: "items", Caption: text.T(ctx, "imports.files_of", "name", s.Batch.Name), Rows: s.Items, Empty: ui.Empty{Title: text.T(ctx, "imports.items_none")},
		Key:  func(i Item) string { return i.ID },
		Tone: func(i Item) ui.Tone { return toneOf(i.State) },
		Columns: []ui.Column[Item]{
			{Key: "number", Label: text.T(ctx, "imports.col_number"), Number: true, Narrow: true, Text: func(i Item) string { return number(ctx, i.Number) }},
			{Key: "name", Label: text.T(ctx, "imports.col_file"), Words: true, Text: func(i Item) string { return i.Name }},
			{Key: "size", Label: text.T(ctx, "imports.col_size"), Number: true, Narrow: true, Text: func(i Item) string { return ui.Size(text.LangOf(ctx), i.Size) }},
			{Key: "pages", Label: text.T(ctx, "imports.col_pages"), Number: true, Narrow: true, Text: func(i Item) string { return pagesWords(ctx, i) }},
			{Key: "state", Label: text.T(ctx, "imports.col_state"), Cell: func(i Item) templ.Component { return itemBadge(i.State) }},
			{Key: "told", Label: text.T(ctx, "imports.col_told"), Words: true, Cell: func(i Item) templ.Component { return told(s, i) }},
		}}
}

// failures is the table of what failed and why.
func (s batchScreen) failures(ctx context.Context) ui.TableView[Item] {
	t := s.table(ctx)
	t.Columns = slices.DeleteFunc(t.Columns, func(c ui.Column[Item]) bool { return c.Key == "state" || c.Key == "pages" })
	t.Columns = append(t.Columns, ui.Column[Item]{Key: "again", Label: text.T(ctx, "imports.col_again"), Cell: func(i Item) templ.Component { return again(s, i) }})
	t.Empty = ui.Empty{Title: text.T(ctx, "imports.failures_none")}
	return t
}

func pagesWords(ctx context.Context, i Item) string {
	switch {
	case i.Pages == 0:
		return ""
	case i.State == BeingRead:
		return number(ctx, i.PagesDone) + "/" + number(ctx, i.Pages)
	}
	return number(ctx, i.Pages)
}

// unsure reports a file that a machine is not certain of.
func (i Item) unsure() bool {
	const least = 0.8
	return i.State == Taken && i.Confidence < least
}

func (i Item) percent() string { return strconv.Itoa(int(100*i.Confidence)) + " %" }

// remarks are the sentences about a file, each once.
func (i Item) remarks(ctx context.Context) (all []string) {
	const most = 5
	for _, n := range i.Notes.V {
		if s := ui.Sentence(ctx, n.Fault()); !slices.Contains(all, s) && len(all) < most {
			all = append(all, s)
		}
	}
	return all
}

func problemWords(ctx context.Context, i Item) string {
	if i.Problem.V.Key == "" {
		return ""
	}
	return ui.Sentence(ctx, i.Problem.V.Fault())
}

func (s batchScreen) pages() ui.Pages {
	if s.Next == 0 {
		return ui.Pages{}
	}
	after := strconv.FormatInt(s.Next, 10)
	return ui.Pages{Next: s.address("state", string(s.Show), "after", after)}
}

func (s batchScreen) failurePages() ui.Pages {
	if s.Next == 0 {
		return ui.Pages{}
	}
	return ui.Pages{Next: s.post("failures") + "?after=" + strconv.FormatInt(s.Next, 10)}
}

package intake

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// importsScreen is the list of batches with the upload form.
type importsScreen struct {
	Rows   []Batch
	Next   string
	Form   *web.Form
	Errors ui.Errors
}

func (d *Desk) importsPage(w http.ResponseWriter, r *http.Request) error {
	return d.showImports(w, r, nil, nil)
}

func (d *Desk) showImports(w http.ResponseWriter, r *http.Request, form *web.Form, wrong error) error {
	rows, next, err := d.Batches(r.Context(), web.Actor(r), r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	return show(w, r, text.T(r.Context(), "intake.menu_imports"), wrong, importsBody(importsScreen{Rows: rows, Next: next, Form: form, Errors: ui.ErrorsOf(wrong)}))
}

func (s importsScreen) table(ctx context.Context) ui.TableView[Batch] {
	return ui.TableView[Batch]{ID: "batches", Caption: text.T(ctx, "intake.batches_title"), Rows: s.Rows, Empty: ui.Empty{Title: text.T(ctx, "intake.batches_none")},
		URL: func(b Batch) string { return "/intake/imports/" + b.ID },
		Columns: []ui.Column[Batch]{
			{Key: "file", Label: text.T(ctx, "intake.col_file"), Text: func(b Batch) string { return b.FileName }},
			{Key: "at", Label: text.T(ctx, "intake.col_at"), Narrow: true, Text: func(b Batch) string { return b.CreatedAt.In(clock.Hanoi).Format("15:04 02/01/2006") }},
			{Key: "who", Label: text.T(ctx, "intake.col_who"), Text: func(b Batch) string { return b.Actor.V.Name }},
			{Key: "state", Label: text.T(ctx, "intake.col_state"), Cell: func(b Batch) templ.Component { return batchBadge(b.State) }},
		}}
}

// batchScreen is a batch at whatever stage it is.
type batchScreen struct {
	BatchView
	Form   *web.Form
	Errors ui.Errors
	Asked  bool // by the page itself, which shows the progress
}

func (d *Desk) batchPage(w http.ResponseWriter, r *http.Request) error {
	return d.showBatch(w, r, nil, nil)
}

func (d *Desk) showBatch(w http.ResponseWriter, r *http.Request, form *web.Form, wrong error) error {
	state := RowState(r.URL.Query().Get("state"))
	if !slices.Contains(RowStates(), state) {
		state = ""
	}
	v, err := d.View(r.Context(), web.Actor(r), r.PathValue("batch"), state, atoi(r.URL.Query().Get("after")))
	if err != nil {
		return err
	}
	if v.Batch.State == BatchRead && !r.URL.Query().Has("fragment") {
		return web.SeeOther(w, r, "/intake/imports/"+v.Batch.ID+"/columns")
	}
	return web.Page(w, r, web.Head{Title: v.Batch.FileName, Section: "/intake/imports", Status: web.StatusOf(wrong), Wide: true}, batchBody(batchScreen{BatchView: v, Form: form, Errors: ui.ErrorsOf(wrong), Asked: r.URL.Query().Has("fragment")}))
}

func (s batchScreen) address(pairs ...string) string {
	return with("/intake/imports/"+s.Batch.ID, pairs...)
}

// moving reports whether a job works on the batch.
func (s batchScreen) moving() bool {
	return slices.Contains([]BatchState{BatchChecking, BatchRunning, BatchUndoing}, s.Batch.State)
}

// unread reports whether the rows are not yet all looked at.
func (s batchScreen) unread() bool {
	return s.Batch.State == BatchReading || s.Batch.State == BatchChecking
}

// progressing reports whether there is a progress to show.
func (s batchScreen) progressing() bool {
	return s.Batch.State != BatchReading && (s.Batch.State != BatchChecked || s.Asked)
}

// share is the bar's width in thousandths.
func (s batchScreen) share() string {
	done, all := s.progress()
	if all == 0 {
		return "0"
	}
	return strconv.FormatInt(1000*min(done, all)/all, 10)
}

// progress is how far the job is: rows dealt with, and all it will deal with.
func (s batchScreen) progress() (done, all int64) {
	switch s.Batch.State {
	case BatchChecking:
		return s.Batch.Checked, s.Last
	case BatchChecked:
		return s.Last, s.Last
	case BatchUndoing, BatchUndone:
		done = s.Counts[RowUndone] + s.Counts[RowKept]
		return done, done + s.Counts[RowTaken]
	}
	return s.Done(), s.Aim()
}

func (s batchScreen) progressWords(ctx context.Context) string {
	done, all := s.progress()
	return text.T(ctx, "intake.progress", "done", number(ctx, done), "all", number(ctx, all))
}

// tabs lead to the rows of each state that there are any of.
func (s batchScreen) tabs(ctx context.Context) []ui.Tab {
	var all []ui.Tab
	for _, state := range RowStates() {
		if n := s.Counts[state]; n > 0 {
			all = append(all, ui.Tab{Label: text.T(ctx, "intake.row_state."+string(state)), URL: s.address("state", string(state)), Count: int(n), Here: state == s.State})
		}
	}
	return all
}

func (s batchScreen) figures(ctx context.Context) []ui.Figure {
	all := []ui.Figure{{Label: text.T(ctx, "intake.col_rows"), Value: number(ctx, s.Total())}}
	tones := map[RowState]ui.Tone{RowReady: ui.Good, RowTaken: ui.Good, RowWrong: ui.Bad, RowRefused: ui.Bad, RowKept: ui.Warning}
	for _, state := range RowStates() {
		if n := s.Counts[state]; n > 0 {
			all = append(all, ui.Figure{Label: text.T(ctx, "intake.row_state."+string(state)), Value: number(ctx, n), URL: s.address("state", string(state)), Tone: tones[state]})
		}
	}
	return all
}

func (s batchScreen) table(ctx context.Context) ui.TableView[Row] {
	return ui.TableView[Row]{ID: "rows", Caption: text.T(ctx, "intake.rows_title"), Rows: s.Rows, Empty: ui.Empty{Title: text.T(ctx, "intake.rows_none")},
		Key:  func(r Row) string { return strconv.FormatInt(r.Number, 10) },
		Tone: func(r Row) ui.Tone { return toneOf(r.State) },
		Columns: []ui.Column[Row]{
			{Key: "row", Label: text.T(ctx, "intake.col_row"), Number: true, Narrow: true, Text: func(r Row) string { return strconv.FormatInt(r.Number, 10) }},
			{Key: "words", Label: text.T(ctx, "intake.column.text"), Text: Row.Words},
			{Key: "told", Label: text.T(ctx, "intake.col_told"), Cell: rowTold},
		}}
}

func toneOf(s RowState) ui.Tone {
	switch s {
	case RowWrong, RowRefused:
		return ui.Bad
	case RowKept, RowDouble:
		return ui.Warning
	case RowTaken:
		return ui.Good
	}
	return ui.Plain
}

// problemWords says what is wrong, beginning with the column it is in.
func problemWords(ctx context.Context, p Problem) string {
	said := ui.Sentence(ctx, p.Fault())
	if p.Column == 0 {
		return said
	}
	return text.T(ctx, "intake.in_column", "column", p.Letter(), "name", text.T(ctx, "intake.column."+string(p.Target)), "said", said)
}

func (s batchScreen) pages() ui.Pages {
	if s.Next == 0 {
		return ui.Pages{}
	}
	return ui.Pages{Next: s.address("state", string(s.State), "after", strconv.FormatInt(s.Next, 10))}
}

// undoable reports whether there is anything to undo.
func (s batchScreen) undoable() bool {
	return slices.Contains([]BatchState{BatchDone, BatchCancelled, BatchUndone}, s.Batch.State) && s.Counts[RowTaken]+s.Counts[RowKept] > 0
}

// columnsScreen is the mapping step.
type columnsScreen struct {
	BatchView
	Form   *web.Form
	Errors ui.Errors
}

func (d *Desk) columnsPage(w http.ResponseWriter, r *http.Request) error {
	return d.showColumns(w, r, nil, nil)
}

func (d *Desk) showColumns(w http.ResponseWriter, r *http.Request, form *web.Form, wrong error) error {
	v, err := d.View(r.Context(), web.Actor(r), r.PathValue("batch"), "", 0)
	if err != nil {
		return err
	}
	if v.Batch.State != BatchRead && v.Batch.State != BatchChecked {
		return web.SeeOther(w, r, "/intake/imports/"+v.Batch.ID)
	}
	title := text.T(r.Context(), "intake.columns_title")
	return web.Page(w, r, web.Head{Title: title, Section: "/intake/imports", Status: web.StatusOf(wrong), Wide: true}, columnsBody(columnsScreen{BatchView: v, Form: form, Errors: ui.ErrorsOf(wrong)}))
}

// options are the workbook's columns, each with its header and an example.
func (s columnsScreen) options() []ui.Option {
	width := len(s.Header)
	for _, row := range s.Sample {
		width = max(width, len(row))
	}
	for _, col := range s.Batch.Columns.V {
		width = max(width, col)
	}
	all := make([]ui.Option, 0, width)
	for i := range width {
		parts := []string{columnName(i + 1)}
		if i < len(s.Header) && s.Header[i] != "" {
			parts = append(parts, shortCell(s.Header[i]))
		}
		for _, row := range s.Sample {
			if i < len(row) && row[i] != "" {
				parts = append(parts, "“"+shortCell(row[i])+"”")
				break
			}
		}
		all = append(all, ui.Option{Value: strconv.Itoa(i + 1), Label: strings.Join(parts, " · ")})
	}
	return all
}

func (s columnsScreen) chosen(to Target) string {
	if name := "column." + string(to); s.Form.Has(name) {
		return s.Form.Line(name)
	}
	if col := s.Batch.Columns.V[to]; col > 0 {
		return strconv.Itoa(col)
	}
	return ""
}

func (s columnsScreen) typed(name, kept string) string {
	if s.Form.Has(name) {
		return s.Form.Line(name)
	}
	return kept
}

func (s columnsScreen) headerRow() string {
	return s.typed("header_row", strconv.FormatInt(s.Batch.HeaderRow, 10))
}

// stateBadge is the state of an import in a word.
func stateBadge(ctx context.Context, s BatchState) ui.State {
	tones := map[BatchState]ui.Tone{BatchDone: ui.Good, BatchRead: ui.Warning, BatchChecked: ui.Warning, BatchCancelled: ui.Warning, BatchReading: ui.Notable, BatchChecking: ui.Notable, BatchRunning: ui.Notable, BatchUndoing: ui.Notable}
	return ui.State{Label: text.T(ctx, "intake.batch_state."+string(s)), Tone: tones[s]}
}

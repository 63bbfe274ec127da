package gate

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// selectionPage shows what a batch would take, and asks for the reason.
type selectionPage struct {
	Picked
	Days        int
	Take, Leave []Item
	Form        *web.Form
	Errors      ui.Errors
}

func (d *Desk) pickPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	return d.showSelection(w, r, selectionPage{Days: days(q.Get("days"))}, q.Get, http.StatusOK)
}

func (d *Desk) showSelection(w http.ResponseWriter, r *http.Request, p selectionPage, line func(string) string, status int) error {
	var err error
	if p.Picked, err = d.picked(line); err != nil {
		return err
	}
	if p.Take, p.Leave, err = d.Preview(r.Context(), web.Actor(r), p.Picked); err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "gate.selection_title"), Section: gatePath, Status: status}, selectionBody(p))
}

// hidden is the selection, for the form that draws the batch up.
func (p selectionPage) hidden() []ui.Kept {
	return []ui.Kept{{Name: "by", Value: string(p.By)}, {Name: "mark", Value: p.Mark}, {Name: "like", Value: p.Like}, {Name: "days", Value: strconv.Itoa(p.Days)}}
}

// boxes leave single petitions out of the first of them: the boxes of thousands nobody ticks by hand.
func (p selectionPage) boxes(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "leave", Label: text.T(ctx, "gate.leave_out"), Hint: text.T(ctx, "gate.leave_out_hint"), Values: p.Form.Texts("leave")}
	for _, it := range p.Take[:min(len(p.Take), rowsShown)] {
		c.Options = append(c.Options, ui.Option{Value: it.ID, Label: it.Code + " · " + moment(it.At) + " · " + it.Title})
	}
	return c
}

func (p selectionPage) left(ctx context.Context) ui.TableView[Item] {
	return ui.TableView[Item]{ID: "left", Caption: text.T(ctx, "gate.left_out"), Rows: p.Leave[:min(len(p.Leave), rowsShown)], URL: func(it Item) string { return "/petitions/" + it.ID }, Columns: []ui.Column[Item]{
		{Key: "code", Label: text.T(ctx, "gate.petition"), Narrow: true, Text: func(it Item) string { return it.Code }},
		{Key: "title", Label: text.T(ctx, "gate.words"), Text: func(it Item) string { return it.Title }},
		{Key: "why", Label: text.T(ctx, "gate.why_left"), Text: func(it Item) string { return text.T(ctx, it.Why) }},
	}}
}

// batchListPage lists batches.
type batchListPage struct {
	Rows []Batch
	Next string
}

func (d *Desk) batchesPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	rows, next, err := d.batches(ctx, web.Actor(r), r.URL.Query().Get("before"))
	if err != nil {
		return err
	}
	p := batchListPage{Rows: rows}
	if next != "" {
		p.Next = withQuery(batchesPath, "before", next)
	}
	return web.Page(w, r, web.Head{Title: text.T(ctx, "gate.batches_title"), Section: gatePath}, batchListBody(p))
}

func (p batchListPage) table(ctx context.Context) ui.TableView[Batch] {
	return ui.TableView[Batch]{ID: "batches", Caption: text.T(ctx, "gate.batches_title"), Rows: p.Rows, Empty: ui.Empty{Title: text.T(ctx, "gate.none_batches")},
		URL: func(b Batch) string { return batchesPath + "/" + b.ID }, Columns: []ui.Column[Batch]{
			{Key: "at", Label: text.T(ctx, "gate.drawn_at"), Narrow: true, Text: func(b Batch) string { return moment(b.DrawnAt) }},
			{Key: "reason", Label: text.T(ctx, "gate.reason"), Text: func(b Batch) string { return text.T(ctx, "gate.reason_"+b.Reason) }},
			{Key: "by", Label: text.T(ctx, "gate.drawn_by"), Text: func(b Batch) string { return b.DrawnBy.V.Name }},
			{Key: "state", Label: text.T(ctx, "gate.state"), Narrow: true, Text: func(b Batch) string { return text.T(ctx, "gate.batch_"+string(b.State)) }},
		}}
}

// batchOnePage is one batch with what may be done now.
type batchOnePage struct {
	BatchView
	Who     org.Actor
	Form    *web.Form
	Errors  ui.Errors
	UndoDue time.Time
	Now     time.Time
}

func (d *Desk) batchPage(w http.ResponseWriter, r *http.Request) error {
	return d.showBatch(w, r, batchOnePage{}, http.StatusOK)
}

func (d *Desk) showBatch(w http.ResponseWriter, r *http.Request, p batchOnePage, status int) error {
	var err error
	q := r.URL.Query()
	p.Who, p.Now = web.Actor(r), d.Clock.Now()
	if p.BatchView, err = d.View(r.Context(), p.Who, r.PathValue("batch"), ItemState(q.Get("state")), q.Get("after")); err != nil {
		return err
	}
	p.UndoDue = p.Batch.EndedAt.Add(d.limits(p.Now).UndoWithin)
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "gate.batch_title"), Section: gatePath, Status: status}, batchBody(p))
}

// mayDecide and its like say which buttons a person is shown; the verbs check again.
func (p batchOnePage) mayDecide() bool {
	return p.Batch.State == Drawn && allowed(mayInvalidate, p.Who) == nil && !p.Batch.DrawnBy.V.same(p.Who)
}

func (p batchOnePage) mayDrop() bool { return p.Batch.State == Drawn }

func (p batchOnePage) mayCancel() bool {
	return p.Batch.State == Running && allowed(mayInvalidate, p.Who) == nil
}

func (p batchOnePage) mayAskUndo() bool {
	return (p.Batch.State == Done || p.Batch.State == Cancelled) && p.Counts[ItemDone] > 0 && p.Now.Before(p.UndoDue)
}

func (p batchOnePage) mayUndo() bool {
	return p.Batch.State == UndoAsked && allowed(mayInvalidate, p.Who) == nil && !p.Batch.UndoAskedBy.V.same(p.Who)
}

func (p batchOnePage) terms(ctx context.Context) []ui.Term {
	b := p.Batch
	terms := []ui.Term{
		{Name: text.T(ctx, "gate.reason"), Text: text.T(ctx, "gate.reason_"+b.Reason)},
		{Name: text.T(ctx, "gate.note"), Text: b.Note},
		{Name: text.T(ctx, "gate.drawn_by"), Text: b.DrawnBy.V.Name + ", " + moment(b.DrawnAt)},
	}
	if !b.DecidedAt.IsZero() {
		terms = append(terms, ui.Term{Name: text.T(ctx, "gate.decided_by"), Text: b.DecidedBy.V.Name + ", " + moment(b.DecidedAt)})
	}
	if !b.UndoAskedAt.IsZero() {
		terms = append(terms, ui.Term{Name: text.T(ctx, "gate.undo_asked_by"), Text: b.UndoAskedBy.V.Name + ", " + moment(b.UndoAskedAt) + ": " + b.UndoNote})
	}
	if !b.UndoAt.IsZero() {
		terms = append(terms, ui.Term{Name: text.T(ctx, "gate.undo_by"), Text: b.UndoBy.V.Name + ", " + moment(b.UndoAt)})
	}
	return terms
}

func (p batchOnePage) badge(ctx context.Context) ui.State {
	tones := map[BatchState]ui.Tone{Drawn: ui.Notable, Running: ui.Warning, Done: ui.Good, UndoAsked: ui.Notable, Undoing: ui.Warning}
	return ui.State{Label: text.T(ctx, "gate.batch_"+string(p.Batch.State)), Tone: tones[p.Batch.State]}
}

func (p batchOnePage) progress(ctx context.Context) ui.Stack {
	s := ui.Stack{Caption: text.T(ctx, "gate.progress", "n", p.Aim()-p.Counts[ItemPicked], "all", p.Aim())}
	for _, part := range []struct {
		state ItemState
		tone  ui.Tone
	}{{ItemDone, ui.Good}, {ItemKept, ui.Warning}, {ItemRestored, ui.Notable}, {ItemStuck, ui.Bad}, {ItemPicked, ui.Quiet}} {
		if n := p.Counts[part.state]; n > 0 {
			s.Parts = append(s.Parts, ui.Bar{Label: text.T(ctx, "gate.item_"+string(part.state)), Value: n, Tone: part.tone})
		}
	}
	return s
}

// table lists the petitions. What was excluded says why.
func (p batchOnePage) table(ctx context.Context) ui.TableView[Item] {
	return ui.TableView[Item]{ID: "items", Caption: text.T(ctx, "gate.items"), Rows: p.Items, URL: func(it Item) string { return "/petitions/" + it.ID }, Columns: []ui.Column[Item]{
		{Key: "code", Label: text.T(ctx, "gate.petition"), Narrow: true, Text: func(it Item) string { return it.Code }},
		{Key: "title", Label: text.T(ctx, "gate.words"), Text: func(it Item) string { return it.Title }},
		{Key: "state", Label: text.T(ctx, "gate.state"), Text: func(it Item) string {
			said := text.T(ctx, "gate.item_"+string(it.State))
			if it.Why != "" {
				said += ": " + text.T(ctx, it.Why)
			}
			return said
		}},
	}}
}

func (p batchOnePage) next() string {
	if p.Next == "" {
		return ""
	}
	return withQuery(batchesPath+"/"+p.Batch.ID, "state", string(p.State), "after", p.Next)
}

func (p batchOnePage) undoUntil() string { return clock.DateOf(p.UndoDue).VN() }

package duties

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"

	"github.com/a-h/templ"
)

const (
	uploadTime = 5 * time.Minute
	filesMax   = 10
)

type listView struct {
	List
	Waiting bool
	MayHand bool
}

func (d *Desk) listPage(w http.ResponseWriter, r *http.Request) error {
	ctx, who, q := r.Context(), web.Actor(r), r.URL.Query()
	v := listView{Waiting: q.Get("tab") == "waiting", MayHand: mayHand.Allows(who)}
	var err error
	if v.List, err = d.List(ctx, who, v.Waiting, text.Line(q.Get("before"))); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.Page(w, r, web.Head{Title: v.title(ctx), Section: home, Wide: true}, listBody(v))
}

func (v listView) title(ctx context.Context) string {
	if v.Mine {
		return text.T(ctx, "duties.mine")
	}
	return text.T(ctx, "duties.menu")
}

func (v listView) newTitle(ctx context.Context) string {
	if v.Mine {
		return text.T(ctx, "duties.new_title")
	}
	return text.T(ctx, "duties.new_title_for")
}

func (v listView) lead(ctx context.Context) string {
	if v.Mine {
		return text.T(ctx, "duties.mine_lead")
	}
	return text.T(ctx, "duties.lead")
}

func (v listView) address(before string) string {
	at := home
	if v.Waiting {
		at += "?tab=waiting"
	}
	if before == "" {
		return at
	}
	if v.Waiting {
		return at + "&before=" + before
	}
	return at + "?before=" + before
}

func (v listView) tabs(ctx context.Context) []ui.Tab {
	return []ui.Tab{
		{Label: text.T(ctx, "duties.tab_all"), URL: home, Here: !v.Waiting},
		{Label: text.T(ctx, "duties.tab_waiting"), URL: home + "?tab=waiting", Here: v.Waiting},
	}
}

func (v listView) pages() ui.Pages {
	if v.Next == "" {
		return ui.Pages{}
	}
	return ui.Pages{Next: v.address(v.Next)}
}

func (v listView) table(ctx context.Context) ui.TableView[Row] {
	t := ui.TableView[Row]{ID: "duties", Wide: true, Caption: v.title(ctx), Rows: v.Rows, URL: func(r Row) string { return home + "/" + r.ID },
		Empty: ui.Empty{Title: text.T(ctx, "duties.none"), Text: v.lead(ctx)},
		Tone: func(r Row) ui.Tone {
			if r.late(v.Today) {
				return ui.Bad
			}
			return ui.Plain
		}}
	t.Columns = []ui.Column[Row]{
		{Key: "number", Label: text.T(ctx, "duties.col_number"), Narrow: true, Fixed: true, Text: func(r Row) string { return r.title() }},
		{Key: "received", Label: text.T(ctx, "duties.received_on"), Narrow: true, Text: func(r Row) string { return r.ReceivedOn.VN() }},
	}
	if !v.Mine {
		t.Columns = append(t.Columns, ui.Column[Row]{Key: "deputy", Label: text.T(ctx, "duties.deputy"), Text: func(r Row) string { return r.Name }})
	}
	t.Columns = append(t.Columns, []ui.Column[Row]{
		{Key: "letter", Words: true, Label: text.T(ctx, "duties.letter"), Cell: func(r Row) templ.Component { return twoLines(r.letter(ctx), r.summary()) }},
		{Key: "state", Label: text.T(ctx, "duties.state"), Text: func(r Row) string { return r.stand(ctx) }},
		{Key: "body", Label: text.T(ctx, "duties.body"), Text: func(r Row) string { return r.Standing.Body }},
		{Key: "answer", Label: text.T(ctx, "duties.answer"), Cell: func(r Row) templ.Component { return twoLines(r.Standing.Answer, r.Standing.Satisfied) }},
		{Key: "due", Label: text.T(ctx, "duties.due"), Cell: func(r Row) templ.Component { return dueCell(r, v.Today) }},
	}...)
	return t
}

// letter names the letter in the office's book.
func (r Row) letter(ctx context.Context) string {
	switch {
	case r.State == Studying:
		return text.T(ctx, "duties.not_handed")
	case r.State == Guided:
		return text.T(ctx, "duties.guided_short")
	case r.Standing.Sealed:
		return text.T(ctx, "duties.sealed_short")
	}
	return r.Standing.Title
}

func (r Row) summary() string {
	const most = 140
	line := text.Line(r.Standing.Summary)
	if runes := []rune(line); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return line
}

// stand says where the letter stands; of a denunciation only whether it goes on.
func (r Row) stand(ctx context.Context) string {
	switch {
	case r.State != HandedOn:
		return text.T(ctx, "duties.state_"+string(r.State))
	case r.Standing.Sealed && r.Standing.Open:
		return text.T(ctx, "duties.sealed_open")
	case r.Standing.Sealed:
		return text.T(ctx, "duties.sealed_over")
	}
	return r.Standing.State
}

func (y Duty) badge(today clock.Date) ui.Due {
	due := ui.Due{Date: y.Deadline.Due, Today: today, Provisional: y.Deadline.Provisional || !y.Confirmed}
	switch {
	case !y.MetOn.IsZero() && y.Late(today):
		due.State = ui.MetLate
	case !y.MetOn.IsZero():
		due.State = ui.Met
	}
	return due
}

// sheetView is the page of one record.
type sheetView struct {
	Sheet
	Form   *web.Form
	Errors ui.Errors
}

func (d *Desk) recordPage(w http.ResponseWriter, r *http.Request) error {
	return d.showRecord(w, r, sheetView{}, http.StatusOK)
}

func (d *Desk) showRecord(w http.ResponseWriter, r *http.Request, v sheetView, status int) error {
	ctx := r.Context()
	var err error
	if v.Sheet, err = d.Sheet(ctx, web.Actor(r), r.PathValue("id")); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.Page(w, r, web.Head{Title: v.heading(ctx), Section: home, Status: status}, recordBody(v))
}

func (v sheetView) heading(ctx context.Context) string {
	return text.T(ctx, "duties.title", "number", v.title())
}

func (v sheetView) url(noun string) string { return home + "/" + v.ID + "/" + noun }

func (v sheetView) rev() string { return strconv.FormatInt(v.Revision, 10) }

func (v sheetView) facts(ctx context.Context) []ui.Term {
	all := []ui.Term{
		{Name: text.T(ctx, "duties.deputy"), Text: strings.Trim(v.Name+", "+v.Title, ", ")},
		{Name: text.T(ctx, "duties.received_on"), Text: v.ReceivedOn.VN()},
		{Name: text.T(ctx, "duties.way"), Text: text.T(ctx, "duties.way_"+string(v.Way))},
		{Name: text.T(ctx, "duties.state"), Text: v.stand(ctx)},
	}
	add := func(key, value string) {
		if value != "" {
			all = append(all, ui.Term{Name: text.T(ctx, key), Text: value})
		}
	}
	switch v.State {
	case HandedOn:
		add("duties.handed_on", v.DoneOn.VN())
	case Guided:
		add("duties.guided_on", v.DoneOn.VN()+", "+text.T(ctx, "duties.told_"+string(v.Guided)))
	}
	add("duties.letter", v.Standing.Title)
	add("duties.summary", text.Line(v.Standing.Summary))
	add("duties.body", v.Standing.Body)
	if v.Standing.AnsweredOn.IsZero() {
		add("duties.body_due", v.Standing.BodyDue.VN())
	}
	add("duties.answer", v.Standing.Answer)
	add("duties.answered_on", v.Standing.AnsweredOn.VN())
	add("duties.satisfied", v.Standing.Satisfied)
	add("duties.body_tells", v.Standing.TellDue.VN())
	if !v.ToldOn.IsZero() {
		add("duties.told_on", v.ToldOn.VN()+", "+text.T(ctx, "duties.told_"+string(v.Told)))
	}
	if v.EnteredName != "" {
		add("duties.entered_by", v.EnteredName)
	}
	if !v.Asked {
		add("duties.asked", text.T(ctx, "duties.not_asked"))
	}
	return all
}

func (v sheetView) studies() bool { return v.Mine && v.State == Studying }

func (v sheetView) tells() bool {
	return v.Mine && v.State == HandedOn && !v.AnsweredOn.IsZero() && !v.told()
}

func (v sheetView) told() bool { return !v.ToldOn.IsZero() && !v.ToldOn.Before(v.AnsweredOn) }

func (v sheetView) typed(name, otherwise string) string {
	if v.Form.Has(name) {
		return v.Form.Text(name)
	}
	return otherwise
}

func wayChoice(ctx context.Context, name, label, prefix string, of []Way, value string, errs ui.Errors) ui.Choice {
	c := ui.Choice{Name: name, Label: text.T(ctx, label), Value: value, Required: true, Errors: errs}
	for _, w := range of {
		c.Options = append(c.Options, ui.Option{Value: string(w), Label: text.T(ctx, prefix+string(w))})
	}
	return c
}

// formMost bounds the files of one form, in bytes. They lie in memory: what comes in
// may be a denunciation, and nothing of one is written to a disk.
const formMost = 100 << 20

func limits() web.Limits {
	return web.Limits{Files: filesMax, FileBytes: documents.UsualLimits().SizeMaxBytes, TotalBytes: formMost, InMemory: true}
}

func accepted() string { return strings.Join(documents.Accepted(), ",") }

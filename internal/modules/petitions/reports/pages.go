package reports

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"

	"github.com/a-h/templ"
)

const home = "/reports/petitions"

// asked is the form for a new report as it was typed.
type asked struct {
	Choices
	Kind, From, Until, BeforeFrom, BeforeUntil, Field, Body, Moment string
	Errors                                                          ui.Errors
}

// usual asks about the half-year that runs: sessions are in the middle and at
// the end of a year.
func usual(c Choices) asked {
	from, until := clock.NewDate(c.Today.Year, 1, 1), clock.NewDate(c.Today.Year, 6, 30)
	if c.Today.Month > 6 {
		from, until = clock.NewDate(c.Today.Year, 7, 1), clock.NewDate(c.Today.Year, 12, 31)
	}
	return asked{Choices: c, Kind: string(Summary), From: from.VN(), Until: until.VN()}
}

type listView struct {
	asked
	All  []Report
	Next string
}

func (d *Desk) listPage(w http.ResponseWriter, r *http.Request) error {
	choices, err := d.Choices(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	return d.showList(w, r, usual(choices), http.StatusOK)
}

func (d *Desk) showList(w http.ResponseWriter, r *http.Request, a asked, status int) error {
	v := listView{asked: a}
	var err error
	if v.All, v.Next, err = d.Reports(r.Context(), web.Actor(r), text.Line(r.URL.Query().Get("before"))); err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "reports.menu"), Section: home, Status: status}, listBody(v))
}

func (d *Desk) reportPage(w http.ResponseWriter, r *http.Request) error {
	v, err := d.View(r.Context(), web.Actor(r), r.PathValue("report"))
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "reports.kind."+string(v.Kind)), Section: home, Wide: true}, reportBody(v))
}

// filePage sends a report as a file.
func (d *Desk) filePage(w http.ResponseWriter, r *http.Request) error {
	f, err := d.File(r.Context(), web.Actor(r), r.PathValue("report"), text.Line(r.URL.Query().Get("as")))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", f.Type)
	w.Header().Set("Content-Disposition", `attachment; filename="`+f.Name+`"`)
	w.Header().Set("Cache-Control", "no-store")
	_, err = io.Copy(w, f.Content)
	return errors.Join(err, f.Content.Close())
}

func (d *Desk) memoryPage(w http.ResponseWriter, r *http.Request) error {
	return d.showMemory(w, r, memoryView{}, http.StatusOK)
}

// memoryView is the chain of a petition, with the form that links it.
type memoryView struct {
	Memory
	Code    string
	MayLink bool
	Earlier string // as typed
	Errors  ui.Errors
}

func (d *Desk) showMemory(w http.ResponseWriter, r *http.Request, v memoryView, status int) error {
	ctx, who := r.Context(), web.Actor(r)
	var err error
	if v.Memory, v.Code, err = d.Remember(ctx, who, r.PathValue("id")); err != nil {
		return err
	}
	v.MayLink = mayLink.Allows(who)
	return web.Page(w, r, web.Head{Title: text.T(ctx, "reports.memory_of", "code", v.Code), Section: "/petitions", Status: status}, memoryBody(v))
}

func (d *Desk) promisesPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	p, err := d.Promises(r.Context(), web.Actor(r), text.Line(q.Get("body")), placeOf(q.Get("after")))
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "reports.menu_promises"), Section: home}, promisesBody(p))
}

// placeOf reads what place wrote; nonsense is the beginning.
func placeOf(s string) Promise {
	parts := strings.Split(s, ".")
	if len(parts) != 4 {
		return Promise{}
	}
	day, err := clock.ParseDate(parts[0])
	round, err2 := strconv.Atoi(parts[2])
	number, err3 := strconv.Atoi(parts[3])
	if errors.Join(err, err2, err3) != nil {
		return Promise{}
	}
	return Promise{Promised: day, PetitionID: parts[1], Round: round, Number: number}
}

func (p Promise) place() string {
	return p.Promised.String() + "." + p.PetitionID + "." + strconv.Itoa(p.Round) + "." + strconv.Itoa(p.Number)
}

// promiseTable lists open promises.
func promiseTable(ctx context.Context, p Promises) ui.TableView[Promise] {
	return ui.TableView[Promise]{ID: "promises", Caption: text.T(ctx, "reports.promises_open"), Rows: p.Open,
		URL:   func(r Promise) string { return "/petitions/" + r.PetitionID },
		Empty: ui.Empty{Title: text.T(ctx, "reports.promises_none")},
		Columns: []ui.Column[Promise]{
			{Key: "code", Label: text.T(ctx, "reports.col.code"), Text: func(r Promise) string { return r.Code }, Narrow: true, Fixed: true},
			{Key: "text", Label: text.T(ctx, "reports.col.text"), Text: func(r Promise) string { return titleOf(ctx, r.Public, r.Title) }},
			{Key: "body", Label: text.T(ctx, "reports.col.body"), Text: func(r Promise) string { return r.Body }},
			{Key: "outcome", Label: text.T(ctx, "reports.col.outcome"), Text: func(r Promise) string { return text.T(ctx, "petitions.outcome."+string(r.Outcome)) }},
			{Key: "promised", Label: text.T(ctx, "reports.col.promised"), Cell: func(r Promise) templ.Component {
				return ui.DeadlineBadge(ui.Due{Date: r.Promised, Today: p.Today})
			}},
		}}
}

func keptTable(ctx context.Context, p Promises) ui.TableView[Kept] {
	number := func(key string, pick func(Kept) int64) ui.Column[Kept] {
		return ui.Column[Kept]{Key: key, Label: text.T(ctx, "reports.promise."+key), Number: true, Text: func(k Kept) string { return text.Number(text.LangOf(ctx), pick(k)) }}
	}
	return ui.TableView[Kept]{ID: "kept", Caption: text.T(ctx, "reports.promises_by_body"), Rows: p.ByBody,
		URL:   func(k Kept) string { return home + "/promises?body=" + url.QueryEscape(k.BodyID) },
		Empty: ui.Empty{Title: text.T(ctx, "reports.promises_none")},
		Columns: []ui.Column[Kept]{
			{Key: "body", Label: text.T(ctx, "reports.col.body"), Text: func(k Kept) string { return k.Body }, Fixed: true},
			number("due", func(k Kept) int64 { return k.Due }), number("overdue", func(k Kept) int64 { return k.Overdue }),
			number("kept", func(k Kept) int64 { return k.Kept }), number("renewed", func(k Kept) int64 { return k.Renewed }),
		}}
}

func titleOf(ctx context.Context, public bool, title string) string {
	if !public {
		return text.T(ctx, "reports.not_public")
	}
	return title
}

func amountOf(n int) string { return strconv.Itoa(n) }

func (r Report) checkedAt() string { return r.CheckedAt.In(clock.Hanoi).Format(momentForm) }

func (m Memory) since() string { return clock.DateOf(m.Since).VN() }

package reports

import (
	"errors"
	"io"
	"net/http"
	"strconv"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
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

func amountOf(n int) string { return strconv.Itoa(n) }

func (r Report) checkedAt() string { return r.CheckedAt.In(clock.Hanoi).Format(momentForm) }

func (m Memory) since() string { return clock.DateOf(m.Since).VN() }

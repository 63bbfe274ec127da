package lookup

import (
	"context"
	"io"
	"net/http"
	"strings"
	"unicode"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// home is the public page.
const home = "/tra-cuu-don"

// Routes lists the addresses. Code and key are posted, so that they stay out of
// histories, logs and the address that a page hands on.
func (d *Desk) Routes() []web.Route {
	limit := web.Limit{Rate: web.Intake}
	return []web.Route{
		{Pattern: "GET " + home, Needs: auth.Public, Handle: askPage},
		{Pattern: "POST " + home, Needs: auth.Public, Handle: d.look, Limit: limit},
		{Pattern: "POST " + home + "/van-ban", Needs: auth.Public, Handle: d.paper, Limit: limit},
		{Pattern: "GET " + RenewPath("{id}"), Needs: mayRenew, Handle: d.renewPage},
		{Pattern: "POST " + RenewPath("{id}"), Needs: mayRenew, Handle: d.renew},
	}
}

// Menu lists the line of the public menu.
func (d *Desk) Menu() []web.MenuItem {
	return []web.MenuItem{{Label: "lookup.title", URL: home, Order: 41, Needs: auth.Public, Public: true}}
}

// view is the page: the form, and what was found.
type view struct {
	Code, Key string
	Found     Found
	Errors    ui.Errors
}

func askPage(w http.ResponseWriter, r *http.Request) error { return show(w, r, view{}, http.StatusOK) }

func show(w http.ResponseWriter, r *http.Request, v view, status int) error {
	w.Header().Set("Cache-Control", "no-store")
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "lookup.title"), Public: true, Section: home, Status: status}, body(v))
}

func (d *Desk) look(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{Runes: 200})
	if err != nil {
		return err
	}
	v := view{Code: form.Line("code"), Key: form.Line("key")}
	var empty []*fault.Fault
	for _, f := range []struct{ name, value string }{{"code", v.Code}, {"key", v.Key}} {
		if !strings.ContainsFunc(f.value, unicode.IsLetter) && !strings.ContainsFunc(f.value, unicode.IsDigit) {
			empty = append(empty, fault.New(fault.Invalid, "lookup.empty_"+f.name).At(f.name))
		}
	}
	if len(empty) > 0 {
		v.Errors = ui.ErrorsOf(fault.Join(empty...))
		return show(w, r, v, http.StatusUnprocessableEntity)
	}
	if v.Found, err = d.Look(r.Context(), v.Code, v.Key); fault.Is(err, "lookup.no_such_letter") {
		v.Errors = ui.ErrorsOf(err)
		return show(w, r, v, http.StatusNotFound)
	}
	if err != nil {
		return err
	}
	return show(w, r, v, http.StatusOK)
}

func (d *Desk) paper(w http.ResponseWriter, r *http.Request) (err error) {
	form, err := web.ReadForm(w, r, web.Limits{Runes: 200})
	if err != nil {
		return err
	}
	issued, content, err := d.Paper(r.Context(), form.Line("code"), form.Line("key"), form.Line("letter"))
	if err != nil {
		return err
	}
	defer func() {
		if closed := content.Close(); err == nil {
			err = closed
		}
	}()
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `attachment; filename="van-ban-`+issued.On.String()+`.pdf"`)
	w.Header().Set("Cache-Control", "no-store")
	_, err = io.Copy(w, content)
	return err
}

func (f Found) terms(ctx context.Context) []ui.Term {
	all := []ui.Term{{Name: text.T(ctx, "lookup.received"), Text: f.Received.VN()}, {Name: text.T(ctx, "lookup.state"), Text: f.State}}
	if !f.Due.IsZero() {
		due := f.Due.VN()
		if f.Tentative {
			due += " " + text.T(ctx, "lookup.tentative")
		}
		all = append(all, ui.Term{Name: text.T(ctx, "lookup.due"), Text: due}, ui.Term{Name: text.T(ctx, "lookup.reason"), Text: f.Reason})
	}
	return all
}

func (l Issued) words(ctx context.Context) string {
	return text.T(ctx, "lookup.issued", "title", l.Title, "symbol", l.Symbol, "day", l.On.VN())
}

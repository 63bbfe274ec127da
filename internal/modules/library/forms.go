package library

import (
	"context"
	"net/http"
	"strconv"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// checkView is the page on which a person checks what the machine read: the
// page's picture beside the fields.
type checkView struct {
	Whole
	Form   *web.Form
	Errors ui.Errors
	Page   int
}

func (s *Service) checkPage(w http.ResponseWriter, r *http.Request) error {
	return s.showCheck(w, r, checkView{}, http.StatusOK)
}

func (s *Service) showCheck(w http.ResponseWriter, r *http.Request, v checkView, status int) (err error) {
	if v.Whole, err = s.Whole(r.Context(), web.Actor(r), r.PathValue("id")); err != nil {
		return err
	}
	if !v.Keeps {
		return fault.New(fault.Forbidden, "library.not_yours")
	}
	v.Page, _ = strconv.Atoi(r.URL.Query().Get("page")) // nonsense is the first page
	v.Page = min(max(v.Page, 1), int(max(v.Pages, 1)))
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "library.check_title"), Section: home + "/check", Wide: true, Status: status}, checkBody(v))
}

func (s *Service) checkForm(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	form, err := web.ReadForm(w, r, web.Limits{})
	var f Fields
	if err == nil {
		if f, err = fieldsOf(form); err == nil {
			err = s.Check(r.Context(), web.Actor(r), id, f)
		}
	}
	if web.Mendable(err) {
		return s.showCheck(w, r, checkView{Form: form, Errors: ui.ErrorsOf(err)}, web.StatusOf(err))
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "library.checked_flash")
	if form.Has("next") {
		return web.SeeOther(w, r, home+"/check")
	}
	return web.SeeOther(w, r, address(id))
}

func fieldsOf(form *web.Form) (Fields, error) {
	f := Fields{Kind: form.Line("kind"), Symbol: form.Line("symbol"), Subject: form.Text("subject"), Issuer: form.Line("issuer"), Unit: form.Line("unit"), Field: form.Line("field"), Term: form.Line("term"),
		Session: form.Line("session"), Place: form.Line("place"), Signer: form.Line("signer"), SignerTitle: form.Line("signer_title"), Normative: form.Bool("normative"), Access: Access(form.Line("access")), Revision: form.Revision()}
	var faults []*fault.Fault
	for name, at := range map[string]*clock.Date{"issued_on": &f.IssuedOn, "effective_on": &f.EffectiveOn, "expires_on": &f.ExpiresOn} {
		var wrong *fault.Fault
		if *at, wrong = form.Date(name); wrong != nil {
			faults = append(faults, wrong)
		}
	}
	return f, fault.Join(faults...)
}

func (v checkView) rev() string { return strconv.FormatInt(v.Revision, 10) }

// typed is what stands in a field: what was typed, else what is known.
func (v checkView) typed(name, known string) string {
	if v.Form != nil {
		return v.Form.Text(name)
	}
	return known
}

// hint asks to look where the machine was not sure.
func (v checkView) hint(ctx context.Context, name string) string {
	c, read := v.Reading.Confidence[name]
	if v.State == Read && read && c > 0 && c < Doubtful {
		return text.T(ctx, "library.doubtful", "percent", strconv.Itoa(int(c*100)))
	}
	return ""
}

func (v checkView) field(ctx context.Context, name, key, known string) ui.Field {
	return ui.Field{Name: name, Label: text.T(ctx, key), Hint: v.hint(ctx, name), Value: v.typed(name, known), Errors: v.Errors, Max: lineMax}
}

func (v checkView) issuer(ctx context.Context) ui.Field {
	f := v.field(ctx, "issuer", "library.issuer", v.Issuer)
	f.Required = true
	return f
}

func (v checkView) subject(ctx context.Context) ui.Field {
	f := v.field(ctx, "subject", "library.subject", v.Subject)
	f.Max, f.Rows, f.Required = subjectMax, 3, true
	return f
}

func (v checkView) symbol(ctx context.Context) ui.Field {
	f := v.field(ctx, "symbol", "library.symbol", v.Symbol)
	f.Focus, f.Short = true, true
	return f
}

func (v checkView) date(ctx context.Context, name, key string, known clock.Date) ui.Field {
	f := v.field(ctx, name, key, known.VN())
	f.Short, f.Required = true, name == "issued_on"
	return f
}

func (v checkView) kind(ctx context.Context) ui.Choice {
	c := kinds(ctx, v.typed("kind", v.Kind), "library.choose", v.Errors)
	c.Required, c.Hint = true, v.hint(ctx, "kind")
	return c
}

func (v checkView) access(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "access", Label: text.T(ctx, "library.access"), Value: v.typed("access", string(v.Access)), Errors: v.Errors, Required: true}
	for _, a := range Accesses() {
		c.Options = append(c.Options, ui.Option{Value: string(a), Label: text.T(ctx, "library.access_"+string(a))})
	}
	return c
}

func (v checkView) normative(ctx context.Context) ui.Check {
	on := v.Normative
	if v.Form != nil {
		on = v.Form.Bool("normative")
	}
	return ui.Check{Name: "normative", Label: text.T(ctx, "library.normative"), Checked: on, Errors: v.Errors}
}

func (v checkView) picture() string {
	return address(v.ID) + "/pages/" + strconv.Itoa(v.Page)
}

// pictured reports whether the file has pages that can be shown.
func (v checkView) pictured() bool {
	return v.MediaType == "application/pdf" || v.MediaType == "image/png" || v.MediaType == "image/jpeg"
}

func (v checkView) turn(page int) string {
	if page < 1 || page > int(v.Pages) {
		return ""
	}
	return address(v.ID) + "/check?page=" + strconv.Itoa(page)
}

func (s *Service) publishForm(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	form, err := web.ReadForm(w, r, web.Limits{})
	if err == nil {
		err = s.Publish(r.Context(), web.Actor(r), id, form.Revision())
	}
	if web.Mendable(err) {
		return s.showDocument(w, r, web.StatusOf(err), documentView{Form: form, Errors: ui.ErrorsOf(err)})
	}
	return web.Done(w, r, err, "library.published_flash", address(id))
}

func (s *Service) withdrawForm(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	form, err := web.ReadForm(w, r, web.Limits{})
	if err == nil {
		err = s.Withdraw(r.Context(), web.Actor(r), id, form.Text("reason"), form.Revision())
	}
	if web.Mendable(err) {
		return s.showDocument(w, r, web.StatusOf(err), documentView{Form: form, Errors: ui.ErrorsOf(err)})
	}
	return web.Done(w, r, err, "library.withdrawn_flash", address(id))
}

package constituencies

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

const path = "/petitions/constituencies"

// Routes lists the addresses.
func (d *Desk) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET " + path, Needs: MayRead, Handle: d.page},
		{Pattern: "POST " + path, Needs: MayKeep, Handle: d.enter},
	}
}

// Menu lists the lines of the officials' menu.
func (d *Desk) Menu() []web.MenuItem {
	return []web.MenuItem{{Section: "web.menu_admin", Label: "constituencies.menu", Icon: "map-pin", URL: path, Order: 46, Needs: MayKeep}}
}

// view is the page.
type view struct {
	Now, Later []Constituency
	Names      map[string]string // of units, by code
	May        bool
	Form       *web.Form
	Errors     ui.Errors
}

func (d *Desk) page(w http.ResponseWriter, r *http.Request) error {
	return d.show(w, r, view{}, http.StatusOK)
}

func (d *Desk) show(w http.ResponseWriter, r *http.Request, v view, status int) error {
	ctx, who := r.Context(), web.Actor(r)
	v.May = MayKeep.Allows(who)
	if err := d.load(ctx, who, &v); err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(ctx, "constituencies.menu"), Section: path, Status: status}, body(v))
}

func (d *Desk) enter(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{Runes: 40_000})
	if err != nil {
		return err
	}
	e := Entry{Lines: form.Text("lines"), Basis: form.Line("basis")}
	from, wrong := form.Date("from")
	if e.From = from; wrong != nil {
		return d.show(w, r, view{Form: form, Errors: ui.ErrorsOf(wrong)}, http.StatusUnprocessableEntity)
	}
	if err := d.Enter(r.Context(), web.Actor(r), e); err != nil {
		if fault.KindOf(err) != fault.Invalid {
			return err
		}
		return d.show(w, r, view{Form: form, Errors: ui.ErrorsOf(err)}, http.StatusUnprocessableEntity)
	}
	web.Flash(w, r, "constituencies.entered")
	return web.SeeOther(w, r, path)
}

func (v view) table(ctx context.Context, id string, rows []Constituency) ui.TableView[Constituency] {
	return ui.TableView[Constituency]{ID: id, Caption: text.T(ctx, "constituencies."+id), Rows: rows,
		Empty: ui.Empty{Title: text.T(ctx, "constituencies.none"), Text: text.T(ctx, "constituencies.none_text")},
		Columns: []ui.Column[Constituency]{
			{Key: "number", Label: text.T(ctx, "constituencies.col_number"), Narrow: true, Text: func(c Constituency) string { return strconv.Itoa(c.Number) }},
			{Key: "units", Label: text.T(ctx, "constituencies.col_units"), Text: func(c Constituency) string { return v.units(c) }},
			{Key: "from", Label: text.T(ctx, "constituencies.col_from"), Narrow: true, Text: func(c Constituency) string { return c.From.VN() }},
			{Key: "basis", Label: text.T(ctx, "constituencies.col_basis"), Text: func(c Constituency) string { return c.Basis }},
		}}
}

func (v view) units(c Constituency) string {
	names := make([]string, len(c.Units.V))
	for i, code := range c.Units.V {
		if names[i] = v.Names[code]; names[i] == "" {
			names[i] = code
		}
	}
	return strings.Join(names, ", ")
}

// lines is what stands in the form: what was typed, else what holds now.
func (v view) lines() string {
	if v.Form.Has("lines") {
		return v.Form.Text("lines")
	}
	var b strings.Builder
	for _, c := range v.Now {
		b.WriteString(strconv.Itoa(c.Number) + ": " + v.units(c) + "\n")
	}
	return b.String()
}

// Options are constituencies to choose from.
func Options(ctx context.Context, all []Constituency) []ui.Option {
	options := make([]ui.Option, len(all))
	for i, c := range all {
		options[i] = ui.Option{Value: strconv.Itoa(c.Number), Label: Name(ctx, c)}
	}
	return options
}

// Name is a constituency in words.
func Name(ctx context.Context, c Constituency) string {
	return text.T(ctx, "constituencies.name", "number", c.Number)
}

package delivery

import (
	"context"
	"mime"
	"net/http"
	"strconv"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

type listView struct {
	List
	Today clock.Date
}

func (d *Desk) listPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	l, err := d.List(ctx, web.Actor(r), text.Line(r.URL.Query().Get("before")))
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.Page(w, r, web.Head{Title: text.T(ctx, "delivery.menu"), Section: home, Wide: true}, listBody(listView{l, clock.Today(d.Clock)}))
}

func (v listView) table(ctx context.Context) ui.TableView[Forwarding] {
	return ui.TableView[Forwarding]{ID: "incoming", Caption: text.T(ctx, "delivery.menu"), Rows: v.Rows, URL: func(f Forwarding) string { return home + "/" + f.ID },
		Empty: ui.Empty{Title: text.T(ctx, "delivery.none"), Text: text.T(ctx, "delivery.lead")},
		Columns: []ui.Column[Forwarding]{
			{Key: "symbol", Label: text.T(ctx, "delivery.symbol"), Narrow: true, Text: func(f Forwarding) string { return f.Symbol }},
			{Key: "day", Label: text.T(ctx, "delivery.day"), Narrow: true, Text: func(f Forwarding) string { return f.day() }},
			{Key: "from", Label: text.T(ctx, "delivery.from"), Text: func(f Forwarding) string { return f.From }},
			{Key: "due", Label: text.T(ctx, "delivery.due"), Narrow: true, Text: func(f Forwarding) string { return f.Due.VN() }},
			{Key: "answered", Label: text.T(ctx, "delivery.answered"), Narrow: true, Text: func(f Forwarding) string { return f.Answered.VN() }},
		},
		Tone: func(f Forwarding) ui.Tone {
			if f.Answered.IsZero() && !f.Due.IsZero() && f.Due.Before(v.Today) {
				return ui.Bad
			}
			return ui.Plain
		}}
}

func (v listView) pages() ui.Pages {
	if v.Next == "" {
		return ui.Pages{}
	}
	return ui.Pages{Next: home + "?before=" + v.Next}
}

func (f Forwarding) day() string { return clock.DateOf(f.At.Time).VN() }

func (d *Desk) forwardingPage(w http.ResponseWriter, r *http.Request) error {
	v, err := d.Sheet(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.Page(w, r, web.Head{Title: v.Symbol, Section: home}, sheetBody(v))
}

func (v Sheet) facts(ctx context.Context) []ui.Term {
	all := []ui.Term{{Name: text.T(ctx, "delivery.from"), Text: v.From}, {Name: text.T(ctx, "delivery.day"), Text: v.day()}}
	for _, t := range []ui.Term{{Name: text.T(ctx, "delivery.due"), Text: v.Due.VN()}, {Name: text.T(ctx, "delivery.answered"), Text: v.Answered.VN()}} {
		if t.Text != "" {
			all = append(all, t)
		}
	}
	return all
}

// Name says what goes along, in the reader's words.
func (e Enclosure) Name(ctx context.Context) string {
	name := e.Title
	if e.Kind == Copy {
		name = text.T(ctx, "delivery.copy", "n", e.Ref)
	}
	if e.Pages > 0 {
		name += " · " + text.T(ctx, "delivery.pages", "n", e.Pages)
	}
	return name
}

// Choice is the field in which the signer chooses what goes along.
func Choice(ctx context.Context, offered []Enclosure, sealed bool, form *web.Form, wrong ui.Errors) ui.Choice {
	c := ui.Choice{Name: "enclose", Label: text.T(ctx, "delivery.enclose"), Hint: text.T(ctx, "delivery.enclose_hint"), Errors: wrong, Values: form.Texts("enclose")}
	if sealed {
		c.Hint = text.T(ctx, "delivery.enclose_sealed")
	}
	for _, o := range offered {
		c.Options = append(c.Options, ui.Option{Value: o.Mark(), Label: o.Name(ctx)})
	}
	return c
}

func (d *Desk) paperFile(w http.ResponseWriter, r *http.Request) error { return d.send(w, r, 0) }

func (d *Desk) enclosureFile(w http.ResponseWriter, r *http.Request) error {
	n, err := strconv.Atoi(r.PathValue("ordinal"))
	if err != nil || n < 1 {
		return missing()
	}
	return d.send(w, r, n)
}

func (d *Desk) send(w http.ResponseWriter, r *http.Request, ordinal int) error {
	web.Unkept(w)
	c, err := d.Open(r.Context(), web.Actor(r), r.PathValue("id"), ordinal)
	if err != nil {
		return err
	}
	media, how := documents.ServeBytes(c.Bytes)
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": c.Name}))
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'; sandbox")
	_, err = w.Write(c.Bytes)
	return err
}

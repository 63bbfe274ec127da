package validity

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

// relationsView is the page of a document's relations.
type relationsView struct {
	Related
	Form   *web.Form
	Errors ui.Errors
}

func (d *Desk) relationsPage(w http.ResponseWriter, r *http.Request) error {
	return d.showRelations(w, r, r.PathValue("id"), relationsView{}, http.StatusOK)
}

func (d *Desk) showRelations(w http.ResponseWriter, r *http.Request, id string, v relationsView, status int) error {
	ctx := r.Context()
	var err error
	if v.Related, err = d.Of(ctx, web.Actor(r), id, d.today()); err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: v.title(ctx), Section: "/library", Status: status}, relationsBody(v))
}

func (v relationsView) title(ctx context.Context) string {
	return text.T(ctx, "validity.relations_of", "symbol", v.Document.Name())
}

func (v relationsView) url() string { return documentsHome + "/" + v.Document.ID + "/relations" }

// tabs lead to the pages about one document.
func tabs(ctx context.Context, doc Document, here string) []ui.Tab {
	var all []ui.Tab
	for _, t := range []string{"relations", "graph", "at", "compare"} {
		all = append(all, ui.Tab{Label: text.T(ctx, "validity.tab_"+t), URL: documentsHome + "/" + doc.ID + "/" + t, Here: t == here})
	}
	return all
}

func crumbs(ctx context.Context, doc Document, here string) []ui.Crumb {
	return []ui.Crumb{{Label: text.T(ctx, "validity.library"), URL: "/library"}, {Label: doc.Name(), URL: doc.URL}, {Label: here}}
}

// Badge is the status as a badge.
func (v Verdict) Badge(ctx context.Context) ui.State { return badge(ctx, v.Status, v.Part) }

// Badge is the kept status as a badge.
func (s Standing) Badge(ctx context.Context) ui.State { return badge(ctx, s.Status, s.Part) }

func badge(ctx context.Context, s Status, part bool) ui.State {
	key := string(s)
	if part && s == Halted {
		key = "halted_part"
	}
	tone := map[Status]ui.Tone{InForce: ui.Good, Amended: ui.Notable, Corrected: ui.Notable, Pending: ui.Notable, Partly: ui.Warning, Halted: ui.Warning, Unfit: ui.Warning, Expired: ui.Bad}[s]
	if s == "" {
		key = "unknown"
	}
	return ui.State{Label: text.T(ctx, "validity.status."+key), Tone: tone}
}

// Sentence says why, in one line: who did it, where, to what, since when.
func (r Reason) Sentence(ctx context.Context) string {
	switch {
	case r.Kind == Expires:
		return text.T(ctx, "validity.by_itself", "since", r.Since.VN())
	case r.Kind == Lapses:
		return text.T(ctx, "validity.by_rule", "basis", r.Basis, "since", r.Since.VN())
	case r.Kind == Guides:
		return text.T(ctx, "validity.by_guided", "symbol", r.symbol(ctx), "since", r.Since.VN())
	}
	s := text.T(ctx, "validity.by."+string(r.Kind), "target", Words(ctx, r.Target), "who", r.who(ctx), "since", r.Since.VN())
	if !r.Until.IsZero() {
		s += " " + text.T(ctx, "validity.until", "until", r.Until.VN())
	}
	return s
}

// Sentence says a rule, where it is from, and whether that was checked.
func (r Rule) Sentence(ctx context.Context) string {
	if r.Confirmed {
		return text.T(ctx, "validity.rule", "note", r.Note, "basis", r.Basis)
	}
	return text.T(ctx, "validity.rule_unconfirmed", "note", r.Note, "basis", r.Basis)
}

func (r Reason) symbol(ctx context.Context) string {
	if r.Document == "" {
		return text.T(ctx, "validity.somebody")
	}
	return r.Symbol
}

// who is the acting document with its article.
func (r Reason) who(ctx context.Context) string {
	if r.Anchor == "" || r.Document == "" {
		return r.symbol(ctx)
	}
	return text.T(ctx, "validity.article_of", "anchor", Words(ctx, r.Anchor), "symbol", r.Symbol)
}

func (a ArticleVerdict) badge(ctx context.Context) ui.State {
	if a.Part && a.Status == Partly {
		return ui.State{Label: text.T(ctx, "validity.status.partly"), Tone: ui.Warning}
	}
	return badge(ctx, a.Status, a.Part)
}

// group are the relations of one kind in one direction.
type group struct {
	Label string
	Rows  []RelationRow
}

// groups sorts relations for the page: what the document does, then what is done to it.
func groups(ctx context.Context, rows []RelationRow) []group {
	var all []group
	for _, out := range []bool{true, false} {
		for _, k := range Kinds() {
			var in []RelationRow
			for _, r := range rows {
				if r.Out == out && r.Kind == k {
					in = append(in, r)
				}
			}
			if len(in) > 0 {
				all = append(all, group{kindWords(ctx, k, out), in})
			}
		}
	}
	return all
}

func kindWords(ctx context.Context, k Kind, out bool) string {
	if out {
		return text.T(ctx, "validity.does."+string(k))
	}
	return text.T(ctx, "validity.done."+string(k))
}

func (r RelationRow) kindWords(ctx context.Context) string { return kindWords(ctx, r.Kind, r.Out) }

// name is the other document's number, whether it is held or not.
func (r RelationRow) name() string {
	if r.Other.ID != "" {
		return r.Other.Name()
	}
	return r.ToSymbol
}

// places says which article does it, to which one.
func (r RelationRow) places(ctx context.Context) string {
	switch {
	case r.FromAnchor == "" && r.ToAnchor == "":
		return ""
	case r.FromAnchor == "":
		return text.T(ctx, "validity.place_of", "anchor", Words(ctx, r.ToAnchor))
	case r.ToAnchor == "":
		return text.T(ctx, "validity.place_by", "anchor", Words(ctx, r.FromAnchor))
	}
	return text.T(ctx, "validity.place_by_of", "by", Words(ctx, r.FromAnchor), "of", Words(ctx, r.ToAnchor))
}

// dates says from when and until when, where that is its own.
func (r RelationRow) dates(ctx context.Context) string {
	s := ""
	if !r.EffectiveOn.IsZero() {
		s = text.T(ctx, "validity.from_day", "day", r.EffectiveOn.VN())
	}
	if !r.EndsOn.IsZero() {
		s += " " + text.T(ctx, "validity.until", "until", r.EndsOn.VN())
	}
	return s
}

func (r RelationRow) percent(ctx context.Context) string {
	return text.T(ctx, "validity.confidence", "n", strconv.Itoa(int(r.Confidence*100)))
}

func (r RelationRow) rev() string { return strconv.FormatInt(r.Revision, 10) }

func (r RelationRow) act(verb string) string { return relationsHome + "/" + r.ID + "/" + verb }

func (r RelationRow) confirmedBy(ctx context.Context) string {
	if r.ConfirmedName == "" {
		return ""
	}
	return text.T(ctx, "validity.confirmed_by", "name", r.ConfirmedName, "day", clock.DateOf(r.ChangedAt.Time).VN())
}

// choices are the documents of one number among which a person decides. Its name
// is that of its own form: a page has many.
func (r RelationRow) choices(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, doc := range r.Choices {
		all = append(all, ui.Option{Value: doc.ID, Label: doc.Name() + ", " + doc.Issued.VN() + ", " + doc.Title})
	}
	return all
}

func (v relationsView) said(name string) string { return v.Form.Text(name) }

func (v relationsView) kinds(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "kind", Label: text.T(ctx, "validity.kind"), Value: v.said("kind"), Required: true, Errors: v.Errors, Empty: text.T(ctx, "validity.choose")}
	for _, k := range Kinds() {
		c.Options = append(c.Options, ui.Option{Value: string(k), Label: kindWords(ctx, k, true)})
	}
	return c
}

func (v relationsView) ops(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "op", Label: text.T(ctx, "validity.op"), Hint: text.T(ctx, "validity.op_hint"), Value: v.said("op"), Errors: v.Errors, Empty: text.T(ctx, "validity.op_none")}
	for _, o := range []Op{Put, Insert, Delete} {
		c.Options = append(c.Options, ui.Option{Value: string(o), Label: text.T(ctx, "validity.op_"+string(o))})
	}
	return c
}

func (d *Desk) lapsingPage(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	from := Lapsing{Document: q.Get("after")}
	if on, err := clock.ParseDate(q.Get("on")); err == nil {
		from.LapsesOn = on
	}
	v, err := d.Lapsings(ctx, web.Actor(r), q.Get("unit"), from)
	if err != nil {
		return err
	}
	if v.Commune.Code == "" && q.Get("unit") != "" {
		return fault.New(fault.Missing, "validity.no_commune")
	}
	return web.Page(w, r, web.Head{Title: text.T(ctx, "validity.menu_lapsing"), Section: lapsingHome}, lapsingBody(v))
}

func (d *Desk) warningsPage(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	document, number := behind(q.Get("after"))
	v, err := d.Warnings(ctx, web.Actor(r), Alarm(q.Get("alarm")), document, number)
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(ctx, "validity.menu_warnings"), Section: warningsHome}, warningsBody(v))
}

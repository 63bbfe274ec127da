package validity

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// dated reads a day from an address; none is another day.
func dated(r *http.Request, name string, none clock.Date) (clock.Date, *fault.Fault) {
	typed := strings.TrimSpace(r.URL.Query().Get(name))
	if typed == "" {
		return none, nil
	}
	on, err := clock.ParseDate(typed)
	if err != nil {
		return none, fault.New(fault.Invalid, "validity.day_wrong").At(name).Because(err)
	}
	return on, nil
}

// TextView is the page of a document's text on a day. Public leaves out what only
// officials use; URL is where a day is asked for.
//
// vi: -
type TextView struct {
	Reading
	URL    string
	Typed  string
	Errors ui.Errors
}

func (d *Desk) atPage(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PathValue("id")
	v := TextView{URL: documentsHome + "/" + id + "/at"}
	on, wrong := dated(r, "date", d.today())
	status := http.StatusOK
	if wrong != nil {
		v.Errors, status = ui.ErrorsOf(wrong), web.StatusOf(wrong)
		v.Typed = r.URL.Query().Get("date")
	}
	var err error
	if v.Reading, err = d.ReadAt(ctx, web.Actor(r), id, on); err != nil {
		return err
	}
	v.Typed = cmp.Or(v.Typed, on.VN())
	return web.Page(w, r, web.Head{Title: v.Title(ctx), Section: "/library", Status: status}, atBody(v))
}

// Title is the heading of the page.
func (v TextView) Title(ctx context.Context) string {
	return text.T(ctx, "validity.text_at", "symbol", v.Document.Name(), "day", v.On.VN())
}

func (v TextView) at(on clock.Date) string { return v.URL + "?date=" + on.String() }

// anchorID is a piece's place in the page. Two pieces of one anchor would be an
// error of reading; the second has none.
func anchorIDs(pieces []Piece) []string {
	seen := map[string]bool{}
	ids := make([]string, len(pieces))
	for i, p := range pieces {
		if p.Anchor != "" && !seen[p.Anchor] {
			seen[p.Anchor] = true
			ids[i] = p.Anchor
		}
	}
	return ids
}

// shownPiece is a piece as the page shows it.
type shownPiece struct {
	Piece
	ID     string
	Source string // who its words are of
	Label  string // what became of it
}

func (v TextView) pieces(ctx context.Context) []shownPiece {
	ids := anchorIDs(v.Text.Pieces)
	all := make([]shownPiece, len(v.Text.Pieces))
	for i, p := range v.Text.Pieces {
		all[i] = shownPiece{Piece: p, ID: ids[i]}
		if len(p.Notes) == 0 && p.State != Gone && p.State != Stopped {
			continue
		}
		if p.State != Original {
			all[i].Label = text.T(ctx, "validity.piece_"+string(p.State))
		}
		if p.Source != nil {
			all[i].Source = p.Source.Sentence(ctx)
		}
	}
	return all
}

func (p shownPiece) level() int {
	switch {
	case Article(p.Anchor) == "":
		return 2
	case Article(p.Anchor) == p.Anchor:
		return 3
	}
	return 4
}

func (n Footnote) words(ctx context.Context) string {
	s := n.Change.Sentence(ctx)
	if n.Wordless {
		s += " " + text.T(ctx, "validity.wordless")
	}
	if n.Astray {
		s += " " + text.T(ctx, "validity.astray")
	}
	return s
}

func (n Footnote) id() string { return "note-" + strconv.Itoa(n.Number) }

// CompareView is the page of two texts side by side.
//
// vi: -
type CompareView struct {
	Versions
	URL                  string
	With, TypedA, TypedB string
	Errors               ui.Errors
	Ready                bool // there is something to show
}

func (d *Desk) comparePage(w http.ResponseWriter, r *http.Request) error {
	ctx, id, who, q := r.Context(), r.PathValue("id"), web.Actor(r), r.URL.Query()
	v := CompareView{URL: documentsHome + "/" + id + "/compare", With: strings.TrimSpace(q.Get("with")), TypedA: q.Get("a"), TypedB: q.Get("b")}
	first, err := d.ReadAt(ctx, who, id, d.today())
	if err != nil {
		return err
	}
	start := first.Document.Effect
	if start.IsZero() {
		start = first.Document.Issued
	}
	onA, wrongA := dated(r, "a", start)
	onB, wrongB := dated(r, "b", d.today())
	other := id
	if v.With != "" {
		if wrongA == nil && q.Get("a") == "" {
			onA = d.today()
		}
		other, err = d.Other(ctx, who, who.CouncilID, v.With)
	}
	if err == nil {
		err = fault.Join(wrongA, wrongB)
	}
	if err == nil {
		v.Versions, err = d.Versions(ctx, who, id, onA, other, onB)
	}
	status := http.StatusOK
	if web.Mendable(err) {
		v.Errors, status, v.A = ui.ErrorsOf(err), web.StatusOf(err), first
	} else if err != nil {
		return err
	} else {
		v.Ready, v.TypedA, v.TypedB = true, onA.VN(), onB.VN()
	}
	return web.Page(w, r, web.Head{Title: text.T(ctx, "validity.compare_title", "symbol", first.Document.Name()), Section: "/library", Status: status}, compareBody(v))
}

func (v Versions) sides(ctx context.Context) (a, b string) {
	return text.T(ctx, "validity.text_at", "symbol", v.A.Document.Name(), "day", v.A.On.VN()), text.T(ctx, "validity.text_at", "symbol", v.B.Document.Name(), "day", v.B.On.VN())
}

// Lead says which texts are compared and how much differs.
func (v Versions) Lead(ctx context.Context) string {
	a, b := v.sides(ctx)
	return text.T(ctx, "validity.compare_lead", "a", a, "b", b)
}

func (v Versions) counts(ctx context.Context) []ui.Figure {
	var all []ui.Figure
	for _, f := range []struct {
		fate Fate
		n    int
	}{{Kept, v.Same}, {Reworded, v.Changed}, {Moved, v.Shifted}, {NewOne, v.Came}, {Dropped, v.Went}} {
		all = append(all, ui.Figure{Label: text.T(ctx, "validity.fate_"+string(f.fate)), Value: strconv.Itoa(f.n)})
	}
	return all
}

func (r Row) badge(ctx context.Context) ui.State {
	tone := map[Fate]ui.Tone{Reworded: ui.Warning, Moved: ui.Notable, NewOne: ui.Good, Dropped: ui.Bad}[r.Fate]
	return ui.State{Label: text.T(ctx, "validity.fate_"+string(r.Fate)), Tone: tone}
}

func (r Row) title(ctx context.Context) string {
	switch r.Fate {
	case Moved:
		return text.T(ctx, "validity.moved_from", "a", Words(ctx, r.A), "b", Words(ctx, r.B))
	case Dropped:
		return Words(ctx, r.A)
	}
	return Words(ctx, r.B)
}

// differing are the rows to show: those that say something.
func (v Versions) differing() []Row {
	var all []Row
	for _, r := range v.Rows {
		if r.Fate != Kept {
			all = append(all, r)
		}
	}
	return all
}

func (d *Desk) graphPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := d.Around(ctx, web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	for i := range v.Nodes { // one walks from drawing to drawing
		v.Nodes[i].URL = documentsHome + "/" + v.Nodes[i].Document.ID + "/graph"
	}
	return web.Page(w, r, web.Head{Title: text.T(ctx, "validity.graph_of", "symbol", v.Document.Name()), Section: "/library", Wide: true}, graphBody(v))
}

// Box is the frame of the drawing.
func (v Drawing) Box() string { return fmt.Sprintf("0 0 %d %d", max(v.Width, 400), max(v.Height, 80)) }

// width keeps letters at their size: a wide drawing fills the page, a small one does not grow.
func (v Drawing) width() string {
	if v.Width > 3*columnStep {
		return "100%"
	}
	return strconv.Itoa(max(v.Width, 400))
}

// path is the line of a relation.
func (e Edge) path() string {
	bend := (e.X2 - e.X1) / 2
	if e.Under > 0 {
		return fmt.Sprintf("M%d %d C%d %d %d %d %d %d", e.X1, e.Y1, e.X1+bend/2, e.Under, e.X2-bend/2, e.Under, e.X2, e.Y2)
	}
	if e.Bow > 0 {
		return fmt.Sprintf("M%d %d C%d %d %d %d %d %d", e.X1, e.Y1, e.X1+e.Bow, e.Y1, e.X2+e.Bow, e.Y2, e.X2, e.Y2)
	}
	return fmt.Sprintf("M%d %d C%d %d %d %d %d %d", e.X1, e.Y1, e.X1+bend, e.Y1, e.X2-bend, e.Y2, e.X2, e.Y2)
}

// dash tells the kinds apart without colour: what only names is dotted.
func (e Edge) dash() string {
	switch {
	case e.Kind.ends():
		return ""
	case e.Kind.Acts():
		return "8 3"
	}
	return "2 4"
}

func (e Edge) weight() string {
	if e.Kind.ends() {
		return "2.5"
	}
	return "1.5"
}

func at(n int) string { return strconv.Itoa(n) }

// label is a node for who cannot see the drawing.
func (n Node) label(ctx context.Context) string {
	return n.Document.Name() + ", " + n.Now.Badge(ctx).Label
}

func (n Node) short() string { return abridged(n.Document.Name(), 24) }

func abridged(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// lines says each relation of the drawing in words.
func (v Drawing) lines(ctx context.Context) []drawnLine {
	docs := map[string]Document{}
	for _, n := range v.Nodes {
		docs[n.Document.ID] = n.Document
	}
	all := make([]drawnLine, 0, len(v.Edges))
	for _, e := range v.Edges {
		all = append(all, drawnLine{docs[e.From], text.T(ctx, "validity.verb."+string(e.Kind)), docs[e.To]})
	}
	return all
}

// drawnLine is one relation of a drawing in words.
type drawnLine struct {
	From Document
	Verb string
	To   Document
}

func (v LapsingPage) lead(ctx context.Context) string {
	return text.T(ctx, "validity.lapsing_lead", "last", v.Rule.LastDay.VN(), "basis", v.Rule.Basis)
}

func (v LapsingPage) next() string {
	if v.Next.Document == "" {
		return ""
	}
	return v.URL + "?" + url.Values{"unit": {v.Commune.Code}, "on": {v.Next.LapsesOn.String()}, "after": {v.Next.Document}}.Encode()
}

func (v LapsingPage) communes(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "unit", Label: text.T(ctx, "validity.communes"), Value: v.Commune.Code, Required: true}
	for _, one := range v.Communes {
		c.Options = append(c.Options, ui.Option{Value: one.Code, Label: one.Name + " (" + strconv.Itoa(one.N) + ")"})
	}
	return c
}

func (v LapsingPage) table(ctx context.Context) ui.TableView[Lapsing] {
	return ui.TableView[Lapsing]{ID: "lapsing", Caption: text.T(ctx, "validity.menu_lapsing"), Rows: v.Rows, URL: func(l Lapsing) string { return v.Docs[l.Document].URL },
		Empty: ui.Empty{Title: text.T(ctx, "validity.lapsing_none")},
		Columns: []ui.Column[Lapsing]{
			{Key: "symbol", Label: text.T(ctx, "validity.symbol"), Narrow: true, Text: func(l Lapsing) string { return v.Docs[l.Document].Name() }},
			{Key: "title", Label: text.T(ctx, "validity.title"), Words: true, Text: func(l Lapsing) string { return v.Docs[l.Document].Title }},
			{Key: "unit", Label: text.T(ctx, "validity.old_unit"), Text: func(l Lapsing) string { return l.Unit }},
			{Key: "last", Label: text.T(ctx, "validity.last_day"), Narrow: true, Text: func(l Lapsing) string { return l.LapsesOn.AddDays(-1).VN() }},
		}}
}

func (v WarningPage) tabs(ctx context.Context) []ui.Tab {
	var all []ui.Tab
	for _, t := range v.Tabs {
		all = append(all, ui.Tab{Label: text.T(ctx, "validity.alarm."+string(t.Alarm)), URL: warningsHome + "?alarm=" + string(t.Alarm), Count: t.N, Here: t.Alarm == v.Here})
	}
	return all
}

func (v WarningPage) next() string {
	if v.Next == "" {
		return ""
	}
	return warningsHome + "?" + url.Values{"alarm": {string(v.Here)}, "after": {v.Next}}.Encode()
}

func (v WarningPage) table(ctx context.Context) ui.TableView[Warning] {
	return ui.TableView[Warning]{ID: "warnings", Caption: text.T(ctx, "validity.menu_warnings"), Rows: v.Rows, URL: func(w Warning) string { return documentsHome + "/" + w.Document + "/relations" },
		Empty: ui.Empty{Title: text.T(ctx, "validity.warnings_none")},
		Columns: []ui.Column[Warning]{
			{Key: "symbol", Label: text.T(ctx, "validity.symbol"), Narrow: true, Text: func(w Warning) string { return v.Docs[w.Document].Name() }},
			{Key: "warning", Label: text.T(ctx, "validity.warning"), Words: true, Text: func(w Warning) string { return w.Sentence(ctx) }},
			{Key: "place", Label: text.T(ctx, "validity.place"), Cell: func(w Warning) templ.Component { return placeCell(w) }},
		}}
}

// Sentence says what is doubtful.
func (w Warning) Sentence(ctx context.Context) string {
	s := ""
	switch w.Alarm {
	case Idle:
		s = text.T(ctx, "validity.idle."+w.Detail, "symbol", w.OtherSymbol)
	case EffectSoon:
		s = text.T(ctx, "validity.warn_effect_soon", "since", w.Since.VN(), "days", w.Days, "basis", w.Detail)
	case UnitGone, UnitRenamed:
		s = text.T(ctx, "validity.warn_unit."+string(w.Alarm), "symbol", w.OtherSymbol, "since", w.Since.VN(), "now", w.Detail)
	default:
		s = text.T(ctx, "validity.warn."+string(w.Alarm), "symbol", w.OtherSymbol, "since", w.Since.VN(), "target", Words(ctx, w.OtherAnchor))
	}
	if w.Doubtful {
		s += " " + text.T(ctx, "validity.not_sure")
	}
	return s
}

func (w Warning) where(ctx context.Context) string {
	if w.Anchor == "" {
		return ""
	}
	return Words(ctx, w.Anchor)
}

func (n Node) stroke() string {
	if n.Centre {
		return "2.5"
	}
	return "1"
}

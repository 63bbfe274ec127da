package sealed

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/vault"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// listView is the list of denunciations.
type listView struct {
	List
	Form   *web.Form
	Errors ui.Errors
	May    bool
}

func (d *Desk) listPage(w http.ResponseWriter, r *http.Request) error {
	return d.showList(w, r, listView{}, http.StatusOK)
}

func (d *Desk) showList(w http.ResponseWriter, r *http.Request, v listView, status int) error {
	ctx, who, q := r.Context(), web.Actor(r), r.URL.Query()
	day, err := clock.ParseDate(q.Get("day"))
	after := q.Get("after")
	if err != nil {
		after = ""
	}
	if v.List, err = d.List(ctx, who, day, after); err != nil {
		return err
	}
	v.May = mayStub.Allows(who) && v.Place == Stub
	return web.Page(w, r, web.Head{Title: text.T(ctx, "sealed.menu"), Section: home, Status: status}, listBody(v))
}

func (v listView) next() string {
	if v.Last.ID == "" {
		return ""
	}
	return home + "?" + url.Values{"day": {v.Last.Day.String()}, "after": {v.Last.ID}}.Encode()
}

func (v listView) table(ctx context.Context) ui.TableView[File] {
	return ui.TableView[File]{ID: "files", Caption: text.T(ctx, "sealed.menu"), Rows: v.Files, URL: func(f File) string { return PageOf(f.ID) },
		Empty: ui.Empty{Title: text.T(ctx, "sealed.none"), Text: text.T(ctx, "sealed.none_text")},
		Columns: []ui.Column[File]{
			{Key: "day", Label: text.T(ctx, "sealed.day"), Narrow: true, Text: func(f File) string { return f.Day.VN() }},
			{Key: "place", Label: text.T(ctx, "sealed.place"), Text: func(f File) string { return text.T(ctx, "sealed.file_place."+string(f.Place)) }},
			{Key: "book", Label: text.T(ctx, "sealed.book"), Narrow: true, Text: func(f File) string { return f.Book }},
		}}
}

// sheetView is the page of one denunciation.
type sheetView struct {
	Sheet
	Name   string // which form comes back
	Form   *web.Form
	Errors ui.Errors
	Named  bool // the reason repeated something sealed: it is not shown again
}

func (d *Desk) sheetPage(w http.ResponseWriter, r *http.Request) error {
	return d.showSheet(w, r, sheetView{}, http.StatusOK)
}

func (d *Desk) showSheet(w http.ResponseWriter, r *http.Request, v sheetView, status int) error {
	ctx := r.Context()
	var err error
	if v.Sheet, err = d.Sheet(ctx, web.Actor(r), r.PathValue("case")); err != nil {
		return err
	}
	web.Unkept(w)
	return web.Page(w, r, web.Head{Title: text.T(ctx, "sealed.sheet_title"), Section: home, Status: status}, sheetBody(v))
}

func (v sheetView) url(act string) string { return PageOf(v.ID) + "/" + act }

// said is what was typed in a field of the form that comes back.
func (v sheetView) said(name string) string {
	if v.Named && strings.HasSuffix(name, "_reason") {
		return ""
	}
	return v.Form.Text(name)
}

func (v sheetView) facts(ctx context.Context) []ui.Term {
	terms := []ui.Term{{Name: text.T(ctx, "sealed.kind"), Text: text.T(ctx, "sealed.kind_words")}, {Name: text.T(ctx, "sealed.day"), Text: v.Day.VN()},
		{Name: text.T(ctx, "sealed.place"), Text: text.T(ctx, "sealed.file_place."+string(v.Place))}}
	add := func(key, value string) {
		if value != "" {
			terms = append(terms, ui.Term{Name: text.T(ctx, key), Text: value})
		}
	}
	add("sealed.book", v.Book)
	add("sealed.case_title", v.Facts.Title)
	add("sealed.case_code", v.Facts.Code)
	add("sealed.case_state", v.Facts.State)
	add("sealed.case_due", v.Facts.Due.VN())
	return terms
}

// itemWords is the name of an item as people read it.
func itemWords(ctx context.Context, name string) string {
	word, n, numbered := strings.Cut(name, "/")
	key := "sealed.item." + word
	if !text.Known(ctx, key) {
		key = "sealed.item.other"
	}
	if numbered {
		return text.T(ctx, key) + " " + n
	}
	return text.T(ctx, key)
}

func (v sheetView) items(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "reveal_items", Label: text.T(ctx, "sealed.items"), Hint: text.T(ctx, "sealed.items_hint"), Values: v.Form.Texts("reveal_items"), Required: true, Errors: v.Errors}
	for _, name := range v.Items {
		if isFile(name) {
			continue // they have a page of their own
		}
		c.Options = append(c.Options, ui.Option{Value: name, Label: itemWords(ctx, name)})
	}
	return c
}

// files reports whether there are scans, which have a page of their own.
func (v sheetView) files() bool { return slices.ContainsFunc(v.Items, isFile) }

func (v sheetView) reason(ctx context.Context, form string) ui.Field {
	return ui.Field{Name: form + "_reason", Label: text.T(ctx, "sealed.reason"), Hint: text.T(ctx, "sealed.reason_hint"), Value: v.said(form + "_reason"), Required: true, Max: reasonMax, Errors: v.Errors, Autocomplete: "off"}
}

func (v sheetView) people(ctx context.Context) ui.Choice {
	return choose(ui.Choice{Name: "admit_person", Label: text.T(ctx, "sealed.person"), Value: v.Form.Line("admit_person"), Required: true, Errors: v.Errors, Empty: text.T(ctx, "sealed.person_choose")}, v.Candidates)
}

func choose(c ui.Choice, all []Candidate) ui.Choice {
	for _, p := range all {
		c.Options = append(c.Options, ui.Option{Value: p.PersonID, Label: p.Name + ", " + p.Title, Group: p.Body})
	}
	return c
}

func (v sheetView) named(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "dismiss_person", Label: text.T(ctx, "sealed.person"), Value: v.Form.Line("dismiss_person"), Required: true, Errors: v.Errors, Empty: text.T(ctx, "sealed.person_choose")}
	for _, g := range v.Readers {
		if g.Runs {
			c.Options = append(c.Options, ui.Option{Value: g.PersonID, Label: g.Name})
		}
	}
	return c
}

func (v sheetView) readers(ctx context.Context) ui.TableView[vault.Grant] {
	return ui.TableView[vault.Grant]{ID: "readers", Caption: text.T(ctx, "sealed.readers"), Rows: v.Readers, Empty: ui.Empty{Title: text.T(ctx, "sealed.nobody")},
		Columns: []ui.Column[vault.Grant]{
			{Key: "name", Label: text.T(ctx, "sealed.person"), Text: func(g vault.Grant) string { return g.Name }},
			{Key: "role", Label: text.T(ctx, "sealed.as"), Text: func(g vault.Grant) string { return asWords(ctx, g.Keeper) }},
			{Key: "from", Label: text.T(ctx, "sealed.since"), Narrow: true, Text: func(g vault.Grant) string { return moment(g.AdmittedAt) }},
			{Key: "until", Label: text.T(ctx, "sealed.until"), Narrow: true, Text: func(g vault.Grant) string { return ended(ctx, g) }},
			{Key: "reason", Label: text.T(ctx, "sealed.reason"), Text: func(g vault.Grant) string { return strings.Trim(g.Reason+" / "+g.EndReason, " /") }},
		}}
}

func asWords(ctx context.Context, keeper bool) string {
	if keeper {
		return text.T(ctx, "sealed.as_keeper")
	}
	return text.T(ctx, "sealed.as_reader")
}

func ended(ctx context.Context, g vault.Grant) string {
	switch {
	case !g.EndedAt.IsZero():
		return moment(g.EndedAt)
	case !g.Runs && g.Until.IsZero():
		return text.T(ctx, "sealed.not_ours")
	}
	return g.Until.VN()
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(clock.Hanoi).Format("15:04 02/01/2006")
}

func revealsTable(ctx context.Context, rows []vault.Revealed) ui.TableView[vault.Revealed] {
	return ui.TableView[vault.Revealed]{ID: "reveals", Caption: text.T(ctx, "sealed.reveals"), Rows: rows, Empty: ui.Empty{Title: text.T(ctx, "sealed.reveals_none")},
		URL: func(v vault.Revealed) string { return PageOf(v.Compartment) },
		Tone: func(v vault.Revealed) ui.Tone {
			return map[vault.Outcome]ui.Tone{vault.Refused: ui.Warning, vault.Broken: ui.Bad}[v.Outcome]
		},
		Columns: []ui.Column[vault.Revealed]{
			{Key: "at", Label: text.T(ctx, "sealed.at"), Narrow: true, Text: func(v vault.Revealed) string { return moment(v.At) }},
			{Key: "who", Label: text.T(ctx, "sealed.who"), Text: func(v vault.Revealed) string { return strings.TrimSuffix(v.Name+", "+v.Title, ", ") }},
			{Key: "outcome", Label: text.T(ctx, "sealed.outcome"), Text: func(v vault.Revealed) string { return outcome(ctx, v) }},
			{Key: "items", Label: text.T(ctx, "sealed.items"), Text: func(v vault.Revealed) string { return allItems(ctx, v.Items) }},
			{Key: "reason", Label: text.T(ctx, "sealed.reason"), Text: func(v vault.Revealed) string { return v.Reason }},
		}}
}

func outcome(ctx context.Context, v vault.Revealed) string {
	s := text.T(ctx, "sealed.outcome_"+string(v.Outcome))
	if strings.HasPrefix(v.Why, "vault.verb.") { // an act on the list or the glass, and no reveal
		s = text.T(ctx, v.Why)
	}
	if v.Glass != "" {
		s += " · " + text.T(ctx, "sealed.by_glass")
	}
	return s
}

func allItems(ctx context.Context, names []string) string {
	var all []string
	for _, n := range names {
		all = append(all, itemWords(ctx, n))
	}
	return strings.Join(all, ", ")
}

func glassTable(ctx context.Context, rows []vault.Glass) ui.TableView[vault.Glass] {
	return ui.TableView[vault.Glass]{ID: "glasses", Caption: text.T(ctx, "sealed.glasses"), Rows: rows, Empty: ui.Empty{Title: text.T(ctx, "sealed.glasses_none")},
		URL: func(g vault.Glass) string { return PageOf(g.Compartment) },
		Columns: []ui.Column[vault.Glass]{
			{Key: "at", Label: text.T(ctx, "sealed.at"), Narrow: true, Text: func(g vault.Glass) string { return moment(g.AskedAt) }},
			{Key: "who", Label: text.T(ctx, "sealed.who"), Text: func(g vault.Glass) string { return g.Name }},
			{Key: "state", Label: text.T(ctx, "sealed.state"), Text: func(g vault.Glass) string { return text.T(ctx, "sealed.glass_state."+string(g.State)) }},
			{Key: "granter", Label: text.T(ctx, "sealed.granter"), Text: func(g vault.Glass) string { return g.Granter }},
			{Key: "until", Label: text.T(ctx, "sealed.until"), Narrow: true, Text: func(g vault.Glass) string { return moment(g.Until) }},
			{Key: "reason", Label: text.T(ctx, "sealed.reason"), Text: func(g vault.Glass) string { return g.Reason }},
			{Key: "acts", Label: text.T(ctx, "sealed.acts"), Cell: func(g vault.Glass) templ.Component { return glassActs(g) }},
		}}
}

func (v sheetView) copies(ctx context.Context) ui.TableView[Copy] {
	return ui.TableView[Copy]{ID: "copies", Caption: text.T(ctx, "sealed.copies"), Rows: v.Copies, Empty: ui.Empty{Title: text.T(ctx, "sealed.copies_none")},
		Columns: []ui.Column[Copy]{
			{Key: "number", Label: text.T(ctx, "sealed.copy_number"), Number: true, Text: func(c Copy) string { return strings.TrimPrefix(c.item(), "copy/") }},
			{Key: "state", Label: text.T(ctx, "sealed.state"), Text: func(c Copy) string { return text.T(ctx, "sealed.copy_state."+string(c.State)) }},
			{Key: "maker", Label: text.T(ctx, "sealed.maker"), Text: func(c Copy) string { return c.Maker }},
			{Key: "decider", Label: text.T(ctx, "sealed.decider"), Text: func(c Copy) string { return c.Decider }},
			{Key: "at", Label: text.T(ctx, "sealed.at"), Narrow: true, Text: func(c Copy) string { return moment(c.MadeAt.Time) }},
			{Key: "acts", Label: text.T(ctx, "sealed.acts"), Cell: func(c Copy) templ.Component { return copyActs(c, c.MadeBy != v.PersonID) }},
		}}
}

// toRead is the copy that waits for this person.
func (v sheetView) toRead() []Copy {
	return slices.DeleteFunc(slices.Clone(v.Copies), func(c Copy) bool { return c.State != CopyWaiting || c.MadeBy == v.PersonID })
}

// openedView is what a reveal gave.
type openedView struct {
	ID     string
	Items  []openItem
	Opened string // when, for the sentence that says who was told
}

type openItem struct {
	Name, Label string
	Plain       vault.Plain
}

func opened(ctx context.Context, id string, items map[string]vault.Plain, at time.Time) openedView {
	v := openedView{ID: id, Opened: moment(at)}
	for name, p := range items {
		v.Items = append(v.Items, openItem{Name: name, Label: itemWords(ctx, name), Plain: p})
	}
	slices.SortFunc(v.Items, func(a, b openItem) int { return strings.Compare(a.Name, b.Name) })
	return v
}

// showOpened shows what was opened. Nothing of it gets an address.
func (d *Desk) showOpened(w http.ResponseWriter, r *http.Request, v openedView) error {
	web.Unkept(w)
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "sealed.opened_title"), Section: home}, openedBody(v))
}

// draftView is a copy in the making.
type draftView struct {
	ID string
	Draft
	Reason string
	Errors ui.Errors
	Second bool // the sealed words were shown before
}

func (d *Desk) showDraft(w http.ResponseWriter, r *http.Request, v draftView, status int) error {
	v.ID = r.PathValue("case")
	web.Unkept(w)
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "sealed.draft_title"), Section: home, Status: status}, draftBody(v))
}

// readingView is a copy before its second person.
type readingView struct {
	Copy
	Draft
	Reason string
}

func (d *Desk) showReading(w http.ResponseWriter, r *http.Request, v readingView) error {
	web.Unkept(w)
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "sealed.read_title"), Section: home}, readingBody(v))
}

func (v readingView) url(act string) string {
	return PageOf(v.FileID) + "/copies/" + v.number() + "/" + act
}

func (v readingView) number() string { return strings.TrimPrefix(v.item(), "copy/") }

func readAct(c Copy) string { return "copies/" + strings.TrimPrefix(c.item(), "copy/") + "/read" }

func withdrawAct(c Copy) string {
	return "copies/" + strings.TrimPrefix(c.item(), "copy/") + "/withdraw"
}

package reminders

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"

	"github.com/a-h/templ"
)

func (d *Desk) boardPage(w http.ResponseWriter, r *http.Request) error {
	b, err := d.Board(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "reminders.menu"), Section: boardPath, Wide: true}, boardBody(boardView{b, mayDraw.Allows(web.Actor(r))}))
}

type boardView struct {
	Board
	Draws bool // the reader may draw letters up
}

func tabs(ctx context.Context, here string) []ui.Tab {
	return []ui.Tab{{Label: text.T(ctx, "reminders.tab_board"), URL: boardPath, Here: here == boardPath},
		{Label: text.T(ctx, "reminders.tab_drafts"), URL: lettersPath + "?state=draft", Here: here == string(Draft)},
		{Label: text.T(ctx, "reminders.tab_letters"), URL: lettersPath, Here: here == string(Signed)}}
}

func (v boardView) total(pick func(Owing) int64) string {
	var n int64
	for _, o := range v.Bodies {
		n += pick(o)
	}
	return strconv.FormatInt(n, 10)
}

func (v boardView) figures(ctx context.Context) []ui.Figure {
	all := []ui.Figure{
		{Label: text.T(ctx, "reminders.count_overdue"), Value: v.total(func(o Owing) int64 { return o.Overdue }), Tone: ui.Bad, Note: text.T(ctx, "reminders.overdue_note")},
		{Label: text.T(ctx, "reminders.count_broken"), Value: v.total(func(o Owing) int64 { return o.Broken }), Tone: ui.Bad, Note: text.T(ctx, "reminders.broken_note")},
		{Label: text.T(ctx, "reminders.count_soon"), Value: v.total(func(o Owing) int64 { return o.Soon }), Tone: ui.Warning, Note: text.T(ctx, "reminders.soon_note")},
	}
	if v.Signs {
		waits := ui.Figure{Label: text.T(ctx, "reminders.count_to_sign"), Value: strconv.Itoa(v.ToSign), URL: lettersPath + "?state=" + string(Draft), Note: text.T(ctx, "reminders.to_sign_note")}
		if v.ToSign > 0 {
			waits.Tone = ui.Warning
		}
		all = append(all, waits)
	}
	return all
}

func (v boardView) table(ctx context.Context) ui.TableView[Owing] {
	number := func(key string, pick func(Owing) int64) ui.Column[Owing] {
		return ui.Column[Owing]{Key: key, Label: text.T(ctx, "reminders.count_"+key), Number: true, Text: func(o Owing) string { return text.Number(text.LangOf(ctx), pick(o)) }}
	}
	t := ui.TableView[Owing]{ID: "board", Caption: text.T(ctx, "reminders.board_caption"), Rows: v.Bodies, Empty: ui.Empty{Title: text.T(ctx, "reminders.board_none"), Text: text.T(ctx, "reminders.board_none_text")},
		Columns: []ui.Column[Owing]{
			{Key: "body", Label: text.T(ctx, "reminders.body"), Cell: func(o Owing) templ.Component { return owingBody(o) }},
			number("overdue", func(o Owing) int64 { return o.Overdue }), number("broken", func(o Owing) int64 { return o.Broken }), number("soon", func(o Owing) int64 { return o.Soon }),
			{Key: "last", Label: text.T(ctx, "reminders.last_letter"), Cell: func(o Owing) templ.Component { return lastLetter(o) }},
			{Key: "rung", Label: text.T(ctx, "reminders.proposed"), Cell: func(o Owing) templ.Component { return proposed(o.Proposal) }},
		}}
	if v.Draws {
		t.Columns = append(t.Columns, ui.Column[Owing]{Key: "act", Label: text.T(ctx, "reminders.act"), Cell: func(o Owing) templ.Component { return drawLink(o) }})
	}
	return t
}

// lettersView is a list of letters.
type lettersView struct {
	All   []Letter
	Names map[string]string
	State State
	Next  string
}

func (d *Desk) lettersPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := lettersView{State: Signed}
	if q.Get("state") == string(Draft) {
		v.State = Draft
	}
	after := placeOf(q.Get("after"))
	var err error
	if v.All, v.Next, err = d.Letters(r.Context(), web.Actor(r), v.State, after); err != nil {
		return err
	}
	if v.Names, err = d.names(r.Context(), v.All); err != nil {
		return err
	}
	if v.Next != "" {
		v.Next = lettersPath + "?" + url.Values{"state": {string(v.State)}, "after": {v.Next}}.Encode()
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "reminders.menu"), Section: boardPath}, lettersBody(v))
}

func (d *Desk) receivedPage(w http.ResponseWriter, r *http.Request) error {
	var v lettersView
	var err error
	if v.All, v.Next, err = d.Received(r.Context(), web.Actor(r), placeOf(r.URL.Query().Get("after"))); err != nil {
		return err
	}
	if v.Names, err = d.names(r.Context(), v.All); err != nil {
		return err
	}
	if v.Next != "" {
		v.Next = receivedPath + "?after=" + url.QueryEscape(v.Next)
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "reminders.menu_received"), Section: receivedPath}, receivedBody(v))
}

func (v lettersView) table(ctx context.Context) ui.TableView[Letter] {
	t := ui.TableView[Letter]{ID: "letters", Caption: text.T(ctx, "reminders.letters_caption"), Rows: v.All, Empty: ui.Empty{Title: text.T(ctx, "reminders.letters_none"), Text: text.T(ctx, "reminders.letters_none_text")}, URL: func(l Letter) string { return letterPath + l.ID },
		Columns: []ui.Column[Letter]{
			{Key: "symbol", Label: text.T(ctx, "reminders.symbol"), Narrow: true, Text: func(l Letter) string {
				if l.State == Draft {
					return text.T(ctx, "reminders.state_draft")
				}
				return l.Symbol
			}},
			{Key: "day", Label: text.T(ctx, "reminders.day"), Narrow: true, Text: func(l Letter) string { return l.day().VN() }},
			{Key: "body", Label: text.T(ctx, "reminders.body"), Text: func(l Letter) string { return v.Names[l.BodyID] }},
			{Key: "rung", Label: text.T(ctx, "reminders.rung"), Text: func(l Letter) string { return rungName(ctx, l.Rung) }},
		}}
	if v.State != Draft {
		t.Columns = append(t.Columns, ui.Column[Letter]{Key: "received", Label: text.T(ctx, "reminders.received"), Text: func(l Letter) string {
			if l.ReceivedAt.IsZero() {
				return text.T(ctx, "reminders.received_not")
			}
			return text.T(ctx, "reminders.received_on", "on", clock.DateOf(l.ReceivedAt.Time).VN(), "name", l.ReceivedName)
		}})
	}
	return t
}

// day is that of signing, of a draft that of drawing up.
func (l Letter) day() clock.Date {
	if l.State == Signed {
		return l.SignedOn
	}
	return clock.DateOf(l.DrawnAt.Time)
}

// sourceIn is where a rule comes from, in the reader's language where it is given.
func sourceIn(ctx context.Context, vi, en string) string {
	if text.LangOf(ctx) == text.En && en != "" {
		return en
	}
	return vi
}

func rungName(ctx context.Context, rung int) string {
	return text.T(ctx, "reminders.step_"+strconv.Itoa(rung))
}

// placeOf reads a list's place; nonsense is the beginning.
func placeOf(key string) place {
	when, id, _ := strings.Cut(key, ".")
	at, err := strconv.ParseInt(when, 10, 64)
	if err != nil || id == "" {
		return beginning()
	}
	return place{at, id}
}

// sheetView is the form by which a letter is drawn up or changed.
type sheetView struct {
	Matters  []Matter
	Proposal Proposal
	Chosen   []string
	Rung     int
	Words    string
	AnswerBy string
	Errors   ui.Errors
	URL      string
	Revision int64
	Body     string
	BodyID   string
	Full     bool
	Fresh    bool // nothing was drawn up yet
}

func (d *Desk) newPage(w http.ResponseWriter, r *http.Request) error {
	return d.showNew(w, r, r.URL.Query().Get("body"), nil, ui.Errors{}, http.StatusOK)
}

func (d *Desk) showNew(w http.ResponseWriter, r *http.Request, bodyID string, form *web.Form, errs ui.Errors, status int) error {
	s, err := d.Sheet(r.Context(), web.Actor(r), text.Line(bodyID))
	if err != nil {
		return err
	}
	if s.Draft != "" && form == nil {
		return web.SeeOther(w, r, letterPath+s.Draft)
	}
	v := sheetView{Matters: s.Matters, Proposal: s.Proposal, URL: newPath, Body: s.Body.Name, BodyID: s.Body.ID, Full: s.Full, Fresh: true, Errors: errs, Rung: max(s.Proposal.Rung, s.Proposal.Least), AnswerBy: s.Today.AddDays(10).VN()}
	for _, m := range s.Matters {
		if m.Kind != Soon || s.Proposal.Rung == 0 {
			v.Chosen = append(v.Chosen, m.PetitionID)
		}
	}
	v.typed(form)
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "reminders.new_title", "body", s.Body.Name), Section: boardPath, Status: status, Wide: true}, newBody(v))
}

// typed keeps what was typed into a form that was not taken.
func (v *sheetView) typed(form *web.Form) {
	if form == nil {
		return
	}
	v.Chosen, v.Words, v.AnswerBy = form.Texts("id"), form.Text("words"), form.Line("answer_by")
	if n, f := form.Int("rung"); f == nil {
		v.Rung = n
	}
}

func (v sheetView) table(ctx context.Context) ui.TableView[Matter] {
	return ui.TableView[Matter]{ID: "matters", Caption: text.T(ctx, "reminders.matters_caption"), Rows: v.Matters, Empty: ui.Empty{Title: text.T(ctx, "reminders.matters_none")}, Columns: append([]ui.Column[Matter]{
		{Key: "take", Label: text.T(ctx, "reminders.take"), Narrow: true, Cell: func(m Matter) templ.Component {
			return tick(m, slices.Contains(v.Chosen, m.PetitionID))
		}}}, matterColumns(ctx)...)}
}

func matterColumns(ctx context.Context) []ui.Column[Matter] {
	return []ui.Column[Matter]{
		{Key: "code", Label: text.T(ctx, "reminders.code"), Narrow: true, Cell: func(m Matter) templ.Component { return petitionLink(m) }},
		{Key: "title", Label: text.T(ctx, "reminders.content"), Cell: func(m Matter) templ.Component { return twoLines(m.Title, m.Ward) }},
		{Key: "transfer", Label: text.T(ctx, "reminders.transfer"), Narrow: true, Cell: func(m Matter) templ.Component { return twoLines(m.Transfer, m.earlier(ctx)) }},
		{Key: "due", Label: text.T(ctx, "reminders.due"), Cell: func(m Matter) templ.Component { return twoLines(m.Due.VN(), m.lateness(ctx)) }},
	}
}

// earlier names the last letter that urged the petition.
func (m Matter) earlier(ctx context.Context) string {
	if m.Earlier == "" {
		return ""
	}
	return text.T(ctx, "reminders.earlier", "symbol", m.Earlier)
}

func (m Matter) lateness(ctx context.Context) string {
	if m.LateDays == 0 {
		return text.T(ctx, "reminders.not_late")
	}
	if m.Kind == Broken {
		return text.T(ctx, "reminders.late_promise", "n", m.LateDays)
	}
	return text.T(ctx, "reminders.late_days", "n", m.LateDays)
}

func (v sheetView) rungs(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "rung", Label: text.T(ctx, "reminders.rung"), Hint: v.Proposal.why(ctx), Value: strconv.Itoa(v.Rung), Required: true, Errors: v.Errors}
	for _, n := range v.Proposal.choices() {
		c.Options = append(c.Options, ui.Option{Value: strconv.Itoa(n), Label: rungName(ctx, n), Hint: text.T(ctx, "reminders.step_hint_"+strconv.Itoa(n))})
	}
	return c
}

// letterView is the page of one letter.
type letterView struct {
	View
	Sheet                   sheetView
	Changes, Signs, Drops   bool
	Confirms, Commits       bool
	Days                    map[string]string // as typed, by petition
	Document, Note, SignWhy string            // SignWhy: what keeps the reader from signing
	Home, HomeName          string            // the list that the reader came from
	Errors                  ui.Errors
}

func (d *Desk) letterPage(w http.ResponseWriter, r *http.Request) error {
	return d.showLetter(w, r, letterView{}, nil, http.StatusOK)
}

func (d *Desk) showLetter(w http.ResponseWriter, r *http.Request, v letterView, form *web.Form, status int) error {
	who := web.Actor(r)
	var err error
	if v.View, err = d.View(r.Context(), who, r.PathValue("letter")); err != nil {
		return err
	}
	if v.State == Draft {
		v.Drops = ofOffice(who, "clerk", "head")
		if v.Changes = mayDraw.Allows(who) && ofOffice(who, "clerk"); v.Changes {
			v.Sheet = v.sheet(form)
		}
		if maySign.Allows(who) {
			if err := d.maySign(v.Letter, who, 0, v.Today); err == nil {
				v.Signs = len(v.Lines) > 0
			} else {
				v.SignWhy = ui.Sentence(r.Context(), fault.Of(err))
			}
		}
	}
	if v.State == Signed && mayReceive.Allows(who) && who.BodyKind.Answers() {
		v.Confirms = v.ReceivedAt.IsZero()
		v.Commits = who.BodyID == v.BodyID && slices.ContainsFunc(v.Lines, Line.open)
	}
	v.Home, v.HomeName = boardPath, text.T(r.Context(), "reminders.menu")
	if !mayUrge.Allows(who) {
		v.Home, v.HomeName = receivedPath, text.T(r.Context(), "reminders.menu_received")
	}
	return web.Page(w, r, web.Head{Title: v.heading(r.Context()), Section: v.Home, Status: status, Wide: true}, letterBody(v))
}

// open reports whether a day may still be named for a petition.
func (l Line) open() bool { return l.Waiting && l.Promise == "" }

// sheet is the form by which the draft is changed.
func (v letterView) sheet(form *web.Form) sheetView {
	s := sheetView{Proposal: v.Proposal, Rung: v.Letter.Rung, Words: v.Words, AnswerBy: v.AnswerBy.VN(), Errors: v.Errors, URL: letterPath + v.ID + "/lines", Revision: v.Revision, BodyID: v.BodyID}
	for _, l := range v.Lines {
		s.Matters, s.Chosen = append(s.Matters, l.Matter), append(s.Chosen, l.PetitionID)
	}
	s.Matters = append(s.Matters, v.Others...)
	s.typed(form)
	return s
}

func (v letterView) heading(ctx context.Context) string {
	if v.State == Signed {
		return text.T(ctx, "reminders.letter_title", "symbol", v.Symbol)
	}
	return text.T(ctx, "reminders.draft_title", "body", v.Body.Name)
}

func (v letterView) facts(ctx context.Context) []ui.Term {
	all := []ui.Term{
		{Name: text.T(ctx, "reminders.body"), Text: v.Body.Name}, {Name: text.T(ctx, "reminders.to"), Text: v.To.Name},
		{Name: text.T(ctx, "reminders.rung"), Text: rungName(ctx, v.Letter.Rung)}, {Name: text.T(ctx, "reminders.why"), Text: v.Why},
		{Name: text.T(ctx, "reminders.drawn_by"), Text: text.T(ctx, "reminders.by_on", "name", v.DrawnName, "on", clock.DateOf(v.DrawnAt.Time).VN())},
	}
	if v.State == Signed {
		all = append(all, ui.Term{Name: text.T(ctx, "reminders.signed_by"), Text: text.T(ctx, "reminders.by_on", "name", v.Signer+", "+v.SignerPost, "on", v.SignedOn.VN())})
	}
	if !v.AnswerBy.IsZero() {
		all = append(all, ui.Term{Name: text.T(ctx, "reminders.answer_by"), Text: v.AnswerBy.VN()})
	}
	if !v.ReceivedAt.IsZero() {
		all = append(all, ui.Term{Name: text.T(ctx, "reminders.received"), Text: text.T(ctx, "reminders.by_on", "name", v.ReceivedName, "on", clock.DateOf(v.ReceivedAt.Time).VN())})
	}
	if v.Words != "" {
		all = append(all, ui.Term{Name: text.T(ctx, "reminders.words"), Text: v.Words})
	}
	return all
}

func (v letterView) table(ctx context.Context) ui.TableView[Line] {
	t := ui.TableView[Line]{ID: "lines", Caption: text.T(ctx, "reminders.matters_caption"), Rows: v.Lines, Empty: ui.Empty{Title: text.T(ctx, "reminders.matters_none")}}
	for _, c := range matterColumns(ctx) {
		one := ui.Column[Line]{Key: c.Key, Label: c.Label, Narrow: c.Narrow, Number: c.Number}
		if c.Cell != nil {
			one.Cell = func(l Line) templ.Component { return c.Cell(l.Matter) }
		} else {
			one.Text = func(l Line) string { return c.Text(l.Matter) }
		}
		t.Columns = append(t.Columns, one)
	}
	if v.State == Signed {
		t.Columns = append(t.Columns, ui.Column[Line]{Key: "given", Label: text.T(ctx, "reminders.given"), Cell: func(l Line) templ.Component { return givenDay(l) }})
	}
	return t
}

func (l Line) reply(ctx context.Context) string {
	switch {
	case !l.Given.IsZero():
		return text.T(ctx, "reminders.given_on", "on", l.Given.VN())
	case l.Waiting:
		return text.T(ctx, "reminders.given_not")
	}
	return text.T(ctx, "reminders.given_done")
}

// filePage sends the drawn letter.
func (d *Desk) filePage(w http.ResponseWriter, r *http.Request) error {
	p, err := d.File(r.Context(), web.Actor(r), r.PathValue("letter"))
	if err != nil {
		return err
	}
	content, err := d.Documents.Open(r.Context(), p)
	if err != nil {
		return err
	}
	media, disposition := p.ServeAs()
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Disposition", disposition)
	w.Header().Set("Cache-Control", "no-store")
	_, err = io.Copy(w, content)
	return errors.Join(err, content.Close())
}

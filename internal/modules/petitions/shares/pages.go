package shares

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"

	"github.com/a-h/templ"
)

func clockTime(t time.Time) string { return t.In(clock.Hanoi).Format("15:04 02/01/2006") }

func itoa(n int) string { return strconv.Itoa(n) }

func itoa64(n int64) string { return strconv.FormatInt(n, 10) }

// badge is how a part stands, in the reader's words.
func badge(ctx context.Context, s State) ui.State {
	tone := ui.Plain
	switch s {
	case Asked:
		tone = ui.Gold
	case Again:
		tone = ui.Warning
	case Answered:
		tone = ui.Good
	case Declined:
		tone = ui.Bad
	}
	return ui.State{Label: text.T(ctx, "shares.state."+string(s)), Tone: tone}
}

// due is a part's date as it stands on a day.
func (s Share) due(today clock.Date) ui.Due {
	due := ui.Due{Date: s.Due, Today: today}
	if !s.Open && !s.gone() {
		due.State = ui.Met
		if s.Late(today) {
			due.State = ui.MetLate
		}
	}
	return due
}

// numbers are the points that a part was asked about: "1, 3".
func (p Part) numbers() string {
	all := make([]string, len(p.Points))
	for i, a := range p.Points {
		all[i] = itoa(a.Number)
	}
	return strings.Join(all, ", ")
}

// replied says who answered or declined, and when.
func (s Share) replied(ctx context.Context) string {
	return text.T(ctx, "shares.replied_by", "name", s.RepliedName, "title", s.RepliedPost, "at", clockTime(s.RepliedAt.Time))
}

// missing says how many bodies have not answered.
func (v CardView) missing(ctx context.Context) string {
	open, late := Waited(v.Current(), v.Today)
	if open == 0 {
		return ""
	}
	if late == 0 {
		return text.T(ctx, "shares.said_waiting", "n", open)
	}
	return text.T(ctx, "shares.said_missing", "n", open, "late", late)
}

// together names the bodies that answered their part, for the public.
func together(parts []Part) string {
	var names []string
	for _, p := range inOrder(parts) {
		if p.State == Answered && (len(names) == 0 || names[len(names)-1] != p.Body) {
			names = append(names, p.Body)
		}
	}
	return strings.Join(names, "; ")
}

// listView is the page of a body's list.
type listView struct {
	Listed
	Live string // topic that the rows follow
}

func (d *Desk) listPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	f := Filter{Tab: q.Get("tab"), Late: q.Get("late") == "1", After: q.Get("after")}
	if f.Tab != "answered" && f.Tab != "all" {
		f.Tab = ""
	}
	// A date that is none leaves the list unbounded; the empty field shows it.
	if until, err := clock.ParseDate(text.Line(q.Get("until"))); err == nil {
		f.Until = until
	}
	l, err := d.List(r.Context(), web.Actor(r), f)
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "shares.menu"), Section: home}, listBody(listView{l, "body:" + web.Actor(r).BodyID}))
}

// address is the list with its filter.
func (f Filter) address() string {
	q := url.Values{}
	for name, value := range map[string]string{"tab": f.Tab, "until": f.Until.String(), "after": f.After} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Late {
		q.Set("late", "1")
	}
	if len(q) == 0 {
		return home
	}
	return home + "?" + q.Encode()
}

func (v listView) tabs(ctx context.Context) []ui.Tab {
	var all []ui.Tab
	for _, t := range []struct{ tab, label string }{{"", "shares.tab_open"}, {"answered", "shares.tab_answered"}, {"all", "shares.tab_all"}} {
		all = append(all, ui.Tab{Label: text.T(ctx, t.label), URL: Filter{Tab: t.tab}.address(), Here: v.Tab == t.tab})
	}
	return all
}

func (v listView) filters() ui.Filters {
	f := ui.Filters{URL: home, Clear: Filter{Tab: v.Tab}.address()}
	if v.Late {
		f.Active++
	}
	if !v.Until.IsZero() {
		f.Active++
	}
	f.Open = f.Active > 0
	return f
}

func (v listView) next() string {
	if v.Next == "" {
		return ""
	}
	f := v.Filter
	f.After = v.Next
	return f.address()
}

func (v listView) table(ctx context.Context) ui.TableView[Line] {
	return ui.TableView[Line]{ID: "shares", Caption: text.T(ctx, "shares.menu"), Rows: v.Lines, URL: func(l Line) string { return home + "/" + l.ID }, Live: v.Live, LiveURL: v.address(),
		Empty: ui.Empty{Title: text.T(ctx, "shares.empty"), Text: text.T(ctx, "shares.empty_text")},
		Columns: []ui.Column[Line]{
			{Key: "code", Label: text.T(ctx, "shares.petition"), Narrow: true, Fixed: true, Text: func(l Line) string { return l.Code }},
			{Key: "text", Label: text.T(ctx, "shares.question"), Cell: lineText},
			{Key: "lead", Label: text.T(ctx, "shares.lead"), Text: func(l Line) string { return l.Lead }},
			{Key: "due", Label: text.T(ctx, "shares.due"), Cell: func(l Line) templ.Component {
				if l.gone() {
					return templ.Raw("")
				}
				return ui.DeadlineBadge(l.due(v.Today))
			}},
			{Key: "state", Label: text.T(ctx, "shares.state_label"), Cell: func(l Line) templ.Component { return ui.StateBadge(badge(ctx, l.State)) }},
		}}
}

// shorten cuts a text between words.
func shorten(s string, most int) string {
	s = text.Line(s)
	if r := []rune(s); len(r) > most {
		s = string(r[:most])
		if i := strings.LastIndexByte(s, ' '); i > len(s)/2 {
			s = s[:i]
		}
		s += "…"
	}
	return s
}

// shareView is the page of one part, with the form that was sent last.
type shareView struct {
	Sheet
	Form   *web.Form
	Errors ui.Errors
	Sent   string // which form
	Files  []documents.Draft
	Token  string
}

func (d *Desk) sharePage(w http.ResponseWriter, r *http.Request) error {
	return d.showShare(w, r, shareView{}, http.StatusOK)
}

func (d *Desk) showShare(w http.ResponseWriter, r *http.Request, v shareView, status int) error {
	var err error
	if v.Sheet, err = d.Sheet(r.Context(), web.Actor(r), r.PathValue("id")); err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "shares.title", "code", v.Code), Section: v.section(), Status: status}, shareBody(v))
}

// section is the menu line that the page belongs to.
func (v shareView) section() string {
	if v.OnSide {
		return "/petitions"
	}
	return home
}

// typed is what stands in a field: what was typed, else what is known.
func (v shareView) typed(name, otherwise string) string {
	if v.Form.Has(name) {
		return v.Form.Text(name)
	}
	return otherwise
}

func (v shareView) url(noun string) string { return home + "/" + v.ID + "/" + noun }

func (v shareView) crumbs(ctx context.Context) []ui.Crumb {
	if v.OnSide {
		return []ui.Crumb{{Label: text.T(ctx, "petitions.menu"), URL: "/petitions"}, {Label: v.Code, URL: "/petitions/" + v.PetitionID}, {Label: text.T(ctx, "shares.one")}}
	}
	return []ui.Crumb{{Label: text.T(ctx, "shares.menu"), URL: home}, {Label: v.Code}}
}

func (v shareView) facts(ctx context.Context) []ui.Term {
	all := []ui.Term{
		{Name: text.T(ctx, "shares.lead"), Text: v.Lead},
		{Name: text.T(ctx, "shares.body"), Text: v.Body},
		{Name: text.T(ctx, "shares.asked_by"), Text: v.AskedName + ", " + clockTime(v.AskedAt.Time)},
	}
	add := func(name, value string) {
		if value != "" {
			all = append(all, ui.Term{Name: text.T(ctx, name), Text: value})
		}
	}
	add("shares.officer", v.Officer)
	if !v.RepliedAt.IsZero() {
		add("shares.replied", v.replied(ctx))
	}
	add("shares.document", v.Document)
	return all
}

func (v shareView) officers() []ui.Option {
	all := make([]ui.Option, len(v.Officers))
	for i, h := range v.Officers {
		all[i] = ui.Option{Value: h.PostID, Label: h.Name + " – " + h.Title}
	}
	return all
}

func reasonOptions(ctx context.Context) []ui.Option {
	all := make([]ui.Option, len(reasons))
	for i, r := range reasons {
		all[i] = ui.Option{Value: string(r), Label: text.T(ctx, "shares.reason."+string(r))}
	}
	return all
}

// askView is the form for asking.
type askView struct {
	Draft
	Form   *web.Form
	Errors ui.Errors
}

func (d *Desk) askPage(w http.ResponseWriter, r *http.Request) error {
	return d.showAsk(w, r, askView{}, http.StatusOK)
}

func (d *Desk) showAsk(w http.ResponseWriter, r *http.Request, v askView, status int) error {
	var err error
	if v.Draft, err = d.Draft(r.Context(), web.Actor(r), r.PathValue("id")); err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "shares.ask_title", "code", v.Case.Code), Section: "/petitions", Status: status}, askBody(v))
}

func (v askView) typed(name, otherwise string) string {
	if v.Form.Has(name) {
		return v.Form.Text(name)
	}
	return otherwise
}

// bodies offers agencies and the People's Committee of the petition's own ward.
func (v askView) bodies() ui.Choice {
	return v.choice("body", func(b org.Body) bool { return !v.ward(b) })
}

// wards offers the People's Committees of other wards, of which there are many.
func (v askView) wards() ui.Choice { return v.choice("ward", v.ward) }

func (v askView) ward(b org.Body) bool {
	return b.Kind == org.PeoplesCommittee && b.UnitCode != v.Case.UnitCode && len(v.Bodies) > bodiesMax
}

func (v askView) choice(name string, keep func(org.Body) bool) ui.Choice {
	c := ui.Choice{Name: name, Values: v.Form.Texts(name), Errors: v.Errors, Required: name == "body"}
	for _, b := range v.Bodies {
		if keep(b) {
			c.Options = append(c.Options, ui.Option{Value: b.ID, Label: b.Name})
		}
	}
	return c
}

func (v askView) points(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "point", Values: v.Form.Texts("point"), Errors: v.Errors, Required: true}
	for _, p := range v.Words.Points {
		c.Options = append(c.Options, ui.Option{Value: itoa(p.Number), Label: text.T(ctx, "shares.point", "n", p.Number) + ": " + p.Text})
		if v.Form == nil && len(v.Words.Points) == 1 {
			c.Values = []string{itoa(p.Number)}
		}
	}
	return c
}

// hint says how the date was proposed.
func (w Window) hint(ctx context.Context) string {
	switch {
	case w.Pressed:
		return text.T(ctx, "shares.due_pressed", "reply", w.Reply.VN())
	case w.Reply.IsZero():
		return text.T(ctx, "shares.due_free")
	}
	return text.T(ctx, "shares.due_hint", "reply", w.Reply.VN())
}

// disputesView is the list of disputes.
type disputesView struct{ Contests }

func (d *Desk) disputesPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	all, err := d.Disputes(r.Context(), web.Actor(r), DisputeState(q.Get("state")), q.Get("after"))
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "shares.menu_disputes"), Section: disputesHome}, disputesBody(disputesView{all}))
}

func (v disputesView) tabs(ctx context.Context) []ui.Tab {
	return []ui.Tab{
		{Label: text.T(ctx, "shares.tab_undecided"), URL: disputesHome, Here: v.State == Undecided},
		{Label: text.T(ctx, "shares.tab_decided"), URL: disputesHome + "?state=" + string(Decided), Here: v.State == Decided},
	}
}

func (v disputesView) next() string {
	if v.Next == "" {
		return ""
	}
	return disputesHome + "?" + url.Values{"state": {string(v.State)}, "after": {v.Next}}.Encode()
}

func (v disputesView) table(ctx context.Context) ui.TableView[Contested] {
	return ui.TableView[Contested]{ID: "disputes", Caption: text.T(ctx, "shares.menu_disputes"), Rows: v.Rows, URL: func(c Contested) string { return disputesHome + "/" + c.ID },
		Empty: ui.Empty{Title: text.T(ctx, "shares.disputes_none"), Text: text.T(ctx, "shares.disputes_none_text")},
		Columns: []ui.Column[Contested]{
			{Key: "code", Label: text.T(ctx, "shares.petition"), Narrow: true, Fixed: true, Text: func(c Contested) string { return c.Code }},
			{Key: "sides", Label: text.T(ctx, "shares.what_said"), Cell: contestedText},
			{Key: "since", Label: text.T(ctx, "shares.since"), Narrow: true, Text: func(c Contested) string { return clock.DateOf(c.Since.Time).VN() }},
		}}
}

// disputeView is one dispute with the form that decides it.
type disputeView struct {
	DisputeSheet
	Form   *web.Form
	Errors ui.Errors
}

func (d *Desk) disputePage(w http.ResponseWriter, r *http.Request) error {
	return d.showDispute(w, r, disputeView{}, http.StatusOK)
}

func (d *Desk) showDispute(w http.ResponseWriter, r *http.Request, v disputeView, status int) error {
	var err error
	if v.DisputeSheet, err = d.DisputeSheet(r.Context(), web.Actor(r), r.PathValue("id")); err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "shares.dispute_title", "code", v.Code), Section: disputesHome, Status: status}, disputeBody(v))
}

// bodies offers those in dispute first.
func (v disputeView) bodies(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "body", Label: text.T(ctx, "shares.competent"), Value: v.Form.Line("body"), Empty: text.T(ctx, "shares.choose"), Required: true, Errors: v.Errors}
	said := map[string]bool{v.LeadID: true}
	for _, p := range v.Refusals {
		said[p.BodyID] = true
	}
	group := func(label string, in bool) {
		for _, b := range v.Bodies {
			if said[b.ID] == in && b.Kind.Answers() {
				c.Options = append(c.Options, ui.Option{Value: b.ID, Label: b.Name, Group: text.T(ctx, label)})
			}
		}
	}
	group("shares.group_sides", true)
	group("shares.group_others", false)
	return c
}

func (v disputeView) decided(ctx context.Context) []ui.Term {
	return []ui.Term{
		{Name: text.T(ctx, "shares.competent"), Text: v.Body},
		{Name: text.T(ctx, "shares.reason_label"), Text: v.Reason},
		{Name: text.T(ctx, "shares.decided_by"), Text: v.DecidedName + ", " + v.DecidedTitle + ", " + clockTime(v.DecidedAt.Time)},
	}
}

// paperFile sends the bytes of a part's paper.
func (d *Desk) paperFile(w http.ResponseWriter, r *http.Request) (err error) {
	p, bytes, err := d.Paper(r.Context(), web.Actor(r), r.PathValue("id"), r.PathValue("paper"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bytes.Close()) }()
	// Handed over as a file: what a browser would draw of it is its reader's to open.
	w.Header().Set("Content-Type", p.MediaType)
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(p.Name))
	w.Header().Set("Cache-Control", "private, max-age=3600")
	_, err = io.Copy(w, bytes)
	return err
}

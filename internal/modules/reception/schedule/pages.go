package schedule

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"

	"github.com/a-h/templ"
)

// listView is the office's list of days.
type listView struct {
	Turn
	Tab                string // "coming", "drafts", "past"
	Address            string
	Live               string
	MayDraft, MayHours bool
}

func (d *Desk) listPage(w http.ResponseWriter, r *http.Request) error {
	ctx, who, q := r.Context(), web.Actor(r), r.URL.Query()
	v := listView{Tab: "coming", Live: "council:" + who.CouncilID, MayDraft: mayDraft.Allows(who), MayHours: mayPublish.Allows(who)}
	state := Published
	switch q.Get("tab") {
	case "drafts":
		v.Tab, state = "drafts", Draft
	case "past":
		v.Tab = "past"
	}
	var err error
	if v.Turn, err = d.List(ctx, who, state, v.Tab == "past", q.Get("after")); err != nil {
		return err
	}
	v.Address = home + "?" + url.Values{"tab": {v.Tab}, "after": {q.Get("after")}}.Encode()
	return web.Page(w, r, web.Head{Title: text.T(ctx, "schedule.menu"), Section: home}, listBody(v))
}

func (v listView) tabs(ctx context.Context) []ui.Tab {
	var all []ui.Tab
	for _, t := range []string{"coming", "drafts", "past"} {
		all = append(all, ui.Tab{Label: text.T(ctx, "schedule.tab_"+t), URL: home + "?tab=" + t, Here: v.Tab == t})
	}
	return all
}

func (v listView) next() string {
	if v.Next == "" {
		return ""
	}
	return home + "?" + url.Values{"tab": {v.Tab}, "after": {v.Next}}.Encode()
}

func (v listView) table(ctx context.Context) ui.TableView[Day] {
	return ui.TableView[Day]{ID: "days", Caption: text.T(ctx, "schedule.menu"), Rows: v.Days, URL: func(d Day) string { return home + "/" + d.ID }, Live: v.Live, LiveURL: v.Address,
		Empty: ui.Empty{Title: text.T(ctx, "schedule.none"), Text: text.T(ctx, "schedule.none_text")},
		Columns: []ui.Column[Day]{
			{Key: "day", Label: text.T(ctx, "schedule.day"), Narrow: true, Text: func(d Day) string { return d.Date.VN() }},
			{Key: "hours", Label: text.T(ctx, "schedule.hours"), Narrow: true, Text: func(d Day) string { return d.Starts + "–" + d.Ends }},
			{Key: "kind", Label: text.T(ctx, "schedule.kind_label"), Text: func(d Day) string { return d.kindWords(ctx) }},
			{Key: "host", Label: text.T(ctx, "schedule.host"), Cell: func(d Day) templ.Component { return twoLines(d.HostName, d.HostTitle) }},
			{Key: "place", Label: text.T(ctx, "schedule.place"), Text: func(d Day) string { return d.where(ctx) }},
			{Key: "state", Label: text.T(ctx, "schedule.state"), Cell: func(d Day) templ.Component { return ui.StateBadge(d.badge(ctx)) }},
		}}
}

func (d Day) kindWords(ctx context.Context) string {
	return text.T(ctx, "schedule.kind."+string(d.Kind))
}

func (d Day) where(ctx context.Context) string {
	if d.Online {
		return strings.TrimPrefix(d.Place+" · "+text.T(ctx, "schedule.online"), " · ")
	}
	return d.Place
}

func (d Day) badge(ctx context.Context) ui.State {
	tone := map[State]ui.Tone{Draft: ui.Notable, Published: ui.Good, Cancelled: ui.Bad}[d.State]
	return ui.State{Label: text.T(ctx, "schedule.state_"+string(d.State)), Tone: tone}
}

func (d Day) title(ctx context.Context) string {
	return text.T(ctx, "schedule.title", "host", d.HostName, "day", d.Date.VN())
}

// dayForm is the form by which a day is entered or changed.
type dayForm struct {
	Form    *web.Form
	Errors  ui.Errors
	Was     Sheet // the day as it is; empty for a new one
	Choices Choices
	URL     string
}

func (d *Desk) newPage(w http.ResponseWriter, r *http.Request) error {
	return d.showNew(w, r, dayForm{}, http.StatusOK)
}

func (d *Desk) showNew(w http.ResponseWriter, r *http.Request, v dayForm, status int) error {
	ctx := r.Context()
	var err error
	if v.Choices, err = d.Choices(ctx, web.Actor(r), d.today()); err != nil {
		return err
	}
	v.URL = home + "/new"
	v.Was.Day = Day{Kind: Periodic, Starts: "08:00", Ends: "11:00", SlotMinutes: 30, SlotSeats: 1}
	return web.Page(w, r, web.Head{Title: text.T(ctx, "schedule.new"), Section: home, Status: status}, formBody(v))
}

func (d *Desk) changePage(w http.ResponseWriter, r *http.Request) error {
	return d.showChange(w, r, dayForm{}, http.StatusOK)
}

func (d *Desk) showChange(w http.ResponseWriter, r *http.Request, v dayForm, status int) error {
	ctx, who := r.Context(), web.Actor(r)
	var err error
	if v.Was, err = d.Sheet(ctx, who, r.PathValue("id")); err != nil {
		return err
	}
	if v.Choices, err = d.Choices(ctx, who, v.Was.Date); err != nil {
		return err
	}
	v.URL = home + "/" + v.Was.ID + "/change"
	return web.Page(w, r, web.Head{Title: text.T(ctx, "schedule.change"), Section: home, Status: status}, formBody(v))
}

// said is what stands in a field: what was typed, else what is so now.
func (v dayForm) said(name, now string) string {
	if v.Form.Has(name) {
		return v.Form.Text(name)
	}
	return now
}

func (v dayForm) online() bool {
	if v.Form != nil {
		return v.Form.Bool("online")
	}
	return v.Was.Online
}

func (v dayForm) fresh() bool { return v.Was.ID == "" }

func (v dayForm) heading(ctx context.Context) string {
	if v.fresh() {
		return text.T(ctx, "schedule.new")
	}
	return text.T(ctx, "schedule.change")
}

func (v dayForm) back() string { return strings.TrimSuffix(home+"/"+v.Was.ID, "/") }

func (v dayForm) kinds(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "kind", Label: text.T(ctx, "schedule.kind_label"), Value: v.said("kind", string(v.Was.Kind)), Required: true, Errors: v.Errors}
	for _, k := range Kinds() {
		c.Options = append(c.Options, ui.Option{Value: string(k), Label: text.T(ctx, "schedule.kind."+string(k)), Hint: text.T(ctx, "schedule.kind_hint."+string(k))})
	}
	return c
}

func (v dayForm) hosts(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "host", Label: text.T(ctx, "schedule.host"), Value: v.said("host", v.Was.HostPostID), Required: true, Errors: v.Errors, Empty: text.T(ctx, "schedule.host_choose")}
	for _, h := range v.Choices.Hosts {
		c.Options = append(c.Options, ui.Option{Value: h.PostID, Label: h.Name + ", " + h.Title, Group: h.BodyName})
	}
	return c
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// dayView is the office's page of one day.
type dayView struct {
	Sheet
	Form   *web.Form
	Errors ui.Errors
}

func (d *Desk) dayPage(w http.ResponseWriter, r *http.Request) error {
	return d.showDay(w, r, dayView{}, http.StatusOK)
}

func (d *Desk) showDay(w http.ResponseWriter, r *http.Request, v dayView, status int) error {
	ctx := r.Context()
	var err error
	if v.Sheet, err = d.Sheet(ctx, web.Actor(r), r.PathValue("id")); err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: v.title(ctx), Section: home, Status: status}, dayBody(v))
}

func (v dayView) url(act string) string { return home + "/" + v.ID + "/" + act }

func (v dayView) rev() string { return strconv.FormatInt(v.Revision, 10) }

// because is the rule by which a day must be published so early.
func (v dayView) because(ctx context.Context) string {
	basis := v.Rule.Basis()
	if basis == "" {
		basis = text.T(ctx, "schedule.unconfirmed")
	}
	key := "schedule.publish_by_why"
	if v.Provisional {
		key = "schedule.publish_by_provisional"
	}
	return text.T(ctx, key, "latest", v.Latest.VN(), "count", v.Rule.Count, "basis", basis)
}

func (v dayView) facts(ctx context.Context) []ui.Term {
	terms := []ui.Term{
		{Name: text.T(ctx, "schedule.day"), Text: v.Date.VN() + ", " + v.Starts + "–" + v.Ends},
		{Name: text.T(ctx, "schedule.kind_label"), Text: v.kindWords(ctx)},
		{Name: text.T(ctx, "schedule.host"), Text: v.HostName + ", " + v.HostTitle},
		{Name: text.T(ctx, "schedule.place"), Text: v.where(ctx)},
	}
	add := func(key, value string) {
		if value != "" {
			terms = append(terms, ui.Term{Name: text.T(ctx, key), Text: value})
		}
	}
	add("schedule.for_whom", v.ForWhom)
	add("schedule.joining", v.Joining)
	add("schedule.participants", v.Participants)
	add("schedule.subjects", v.Subjects)
	add("schedule.late_reason", v.LateReason)
	add("schedule.change_note", v.ChangeNote)
	add("schedule.drafted_by", v.DraftedName)
	if !v.PublishedAt.IsZero() {
		add("schedule.published_by", text.T(ctx, "schedule.published_on", "name", v.PublishedName, "day", clock.DateOf(v.PublishedAt.Time).VN()))
	}
	add("schedule.publish_by", v.because(ctx))
	if v.Online {
		add("schedule.tested", v.TestedOn.VN())
		add("schedule.recording", v.Recording)
		add("schedule.connect", v.Connect().Format("15:04"))
	}
	return terms
}

func (v dayView) bookings(ctx context.Context) ui.TableView[Booking] {
	return ui.TableView[Booking]{ID: "bookings", Caption: text.T(ctx, "schedule.bookings"), Rows: v.Bookings, Live: "council:" + v.CouncilID, LiveURL: home + "/" + v.ID,
		Empty: ui.Empty{Title: text.T(ctx, "schedule.bookings_none")},
		Columns: []ui.Column[Booking]{
			{Key: "slot", Label: text.T(ctx, "schedule.slot"), Narrow: true, Text: func(b Booking) string { return b.Slot }},
			{Key: "name", Label: text.T(ctx, "schedule.name"), Cell: func(b Booking) templ.Component { return twoLines(b.who(ctx), b.Contact) }},
			{Key: "people", Label: text.T(ctx, "schedule.people"), Number: true, Text: func(b Booking) string { return strconv.Itoa(b.People) }},
			{Key: "subject", Label: text.T(ctx, "schedule.subject"), Text: func(b Booking) string { return b.Subject }},
			{Key: "state", Label: text.T(ctx, "schedule.state"), Text: func(b Booking) string { return text.T(ctx, "schedule.booking."+string(b.State)) }},
			{Key: "told", Label: text.T(ctx, "schedule.told"), Cell: func(b Booking) templ.Component {
				return toldCell(b, v.MayChange || v.State == Cancelled && v.SeesNames)
			}},
		}}
}

func (b Booking) who(ctx context.Context) string {
	if b.Unnamed || b.Name == "" {
		return text.T(ctx, "schedule.unnamed")
	}
	return b.Name
}

// news is how it stands with telling somebody.
func (b Booking) news(ctx context.Context) string {
	switch {
	case b.News == "":
		return ""
	case b.ToldAt.IsZero():
		return text.T(ctx, "schedule.told_not")
	}
	return text.T(ctx, "schedule.told_on", "day", clock.DateOf(b.ToldAt.Time).VN())
}

// hoursView is the form of the usual hours.
type hoursView struct {
	Hours
	Form   *web.Form
	Errors ui.Errors
}

func (d *Desk) hoursPage(w http.ResponseWriter, r *http.Request) error {
	return d.showHours(w, r, hoursView{}, http.StatusOK)
}

func (d *Desk) showHours(w http.ResponseWriter, r *http.Request, v hoursView, status int) error {
	var err error
	if v.Hours, err = d.Hours(r.Context(), web.Actor(r)); err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "schedule.hours_title"), Section: home, Status: status}, hoursBody(v))
}

func (v hoursView) said(name, now string) string {
	if v.Form.Has(name) {
		return v.Form.Text(name)
	}
	return now
}

func revisionOf(d Day) string { return strconv.FormatInt(d.Revision, 10) }

func hoursRevision(h Hours) string { return strconv.FormatInt(h.Revision, 10) }

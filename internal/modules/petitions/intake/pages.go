package intake

import (
	"cmp"
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// linesShown is how many empty lines the rapid form has.
const linesShown = 10

func show(w http.ResponseWriter, r *http.Request, title string, wrong error, body templ.Component) error {
	return web.Page(w, r, web.Head{Title: title, Status: web.StatusOf(wrong), Wide: true}, body)
}

// meetingsScreen is the list of meetings with the form of a new one.
type meetingsScreen struct {
	MeetingList
	Wards  []org.Unit
	Form   *web.Form
	Errors ui.Errors
	Today  clock.Date
}

func (d *Desk) meetingsPage(w http.ResponseWriter, r *http.Request) error {
	return d.showMeetings(w, r, nil, nil)
}

func (d *Desk) showMeetings(w http.ResponseWriter, r *http.Request, form *web.Form, wrong error) error {
	list, err := d.Meetings(r.Context(), web.Actor(r), r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	wards, err := d.Wards(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	s := meetingsScreen{MeetingList: list, Wards: wards, Form: form, Errors: ui.ErrorsOf(wrong), Today: clock.Today(d.Clock)}
	return show(w, r, text.T(r.Context(), "intake.menu_meetings"), wrong, meetingsBody(s))
}

func (s meetingsScreen) day() string {
	if s.Form.Has("held_on") {
		return s.Form.Line("held_on")
	}
	return s.Today.VN()
}

func (s meetingsScreen) table(ctx context.Context) ui.TableView[VoterMeeting] {
	return ui.TableView[VoterMeeting]{ID: "meetings", Caption: text.T(ctx, "intake.menu_meetings"), Rows: s.Rows, Empty: ui.Empty{Title: text.T(ctx, "intake.meetings_none")},
		URL: func(m VoterMeeting) string { return "/intake/meetings/" + m.ID },
		Columns: []ui.Column[VoterMeeting]{
			{Key: "place", Label: text.T(ctx, "intake.field_place"), Text: func(m VoterMeeting) string { return m.Place }},
			{Key: "day", Label: text.T(ctx, "intake.field_held_on"), Narrow: true, Text: func(m VoterMeeting) string { return m.HeldOn.VN() }},
			{Key: "wards", Label: text.T(ctx, "intake.field_wards"), Text: VoterMeeting.wards},
			{Key: "session", Label: text.T(ctx, "intake.field_session"), Text: func(m VoterMeeting) string { return m.Session }},
			{Key: "taken", Label: text.T(ctx, "intake.col_taken"), Number: true, Text: func(m VoterMeeting) string { return number(ctx, s.Taken[m.ID]) }},
		}}
}

func (m VoterMeeting) wards() string {
	names := make([]string, len(m.Units.V))
	for i, u := range m.Units.V {
		names[i] = u.Name
	}
	return strings.Join(names, ", ")
}

func (m VoterMeeting) deputies() string {
	names := make([]string, len(m.Deputies.V))
	for i, p := range m.Deputies.V {
		names[i] = p.Name
	}
	return strings.Join(names, ", ")
}

func number(ctx context.Context, n int64) string { return text.Number(text.LangOf(ctx), n) }

// lineResult is what the rapid form brought.
type lineResult struct {
	Taken  []Told
	Again  []Line         // to be mended
	Wrong  []*fault.Fault // of Again, by number
	Deputy string         // who was chosen to bring them
	Errors ui.Errors      // of the form as a whole
}

// meetingScreen is a meeting: the rapid form above, its petitions below.
type meetingScreen struct {
	MeetingView
	lineResult
	Wards    []org.Unit
	Deputies []Deputy
	Lines    []Line
}

func (d *Desk) meetingPage(w http.ResponseWriter, r *http.Request) error {
	return d.showMeeting(w, r, lineResult{})
}

func (d *Desk) showMeeting(w http.ResponseWriter, r *http.Request, result lineResult) error {
	v, err := d.MeetingView(r.Context(), web.Actor(r), r.PathValue("meeting"), r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	wards, err := d.Wards(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	deputies, err := d.Deputies(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	s := meetingScreen{MeetingView: v, lineResult: result, Wards: wards, Deputies: deputies, Lines: result.Again}
	for len(s.Lines) < linesShown {
		s.Lines = append(s.Lines, Line{Once: rand.Text()})
	}
	status := http.StatusOK
	if len(result.Again) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return web.Page(w, r, web.Head{Title: v.Meeting.Place, Section: "/intake/meetings", Status: status, Wide: true}, meetingBody(s))
}

// wrong is what is wrong with line i; nil when nothing is.
func (s meetingScreen) wrong(i int) *fault.Fault {
	if i < len(s.Wrong) {
		return s.Wrong[i]
	}
	return nil
}

// focus is the line that the cursor stands in: the first to be mended, or the
// first empty one.
func (s meetingScreen) focus(i int) bool { return i == 0 }

func (s meetingScreen) about(ctx context.Context) []ui.Term {
	m := s.Meeting
	all := []ui.Term{{Name: text.T(ctx, "intake.field_held_on"), Text: m.HeldOn.VN()}, {Name: text.T(ctx, "intake.field_wards"), Text: m.wards()}}
	for _, t := range []ui.Term{{Name: text.T(ctx, "intake.field_session"), Text: m.Session}, {Name: text.T(ctx, "intake.field_constituency"), Text: m.Constituency},
		{Name: text.T(ctx, "intake.field_deputies"), Text: m.deputies()}} {
		if t.Text != "" {
			all = append(all, t)
		}
	}
	return append(all, ui.Term{Name: text.T(ctx, "intake.col_taken"), Text: number(ctx, s.Total)})
}

func (s meetingScreen) table(ctx context.Context) ui.TableView[Raised] {
	return ui.TableView[Raised]{ID: "raised", Caption: text.T(ctx, "intake.raised_title"), Rows: s.Rows, Empty: ui.Empty{Title: text.T(ctx, "intake.raised_none")},
		URL: func(p Raised) string { return "/petitions/" + p.ID },
		Columns: []ui.Column[Raised]{
			{Key: "code", Label: text.T(ctx, "intake.col_code"), Narrow: true, Text: func(p Raised) string { return p.Code }},
			{Key: "title", Label: text.T(ctx, "intake.column.text"), Text: func(p Raised) string { return p.Title }},
			{Key: "state", Label: text.T(ctx, "intake.col_state"), Text: func(p Raised) string { return text.T(ctx, "petitions.state."+string(p.State)) }},
		}}
}

// letterScreen is the form of a letter or call.
type letterScreen struct {
	Wards    []org.Unit
	Deputies []Deputy
	Form     *web.Form
	Errors   ui.Errors
	Today    clock.Date
	Channel  string
	Once     string
}

func (d *Desk) letterPage(w http.ResponseWriter, r *http.Request) error {
	return d.showLetter(w, r, nil, nil)
}

func (d *Desk) showLetter(w http.ResponseWriter, r *http.Request, form *web.Form, wrong error) error {
	wards, err := d.Wards(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	deputies, err := d.Deputies(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	s := letterScreen{Wards: wards, Deputies: deputies, Form: form, Errors: ui.ErrorsOf(wrong), Today: clock.Today(d.Clock), Channel: cmp.Or(r.URL.Query().Get("channel"), string(Letter)), Once: form.Once()}
	if form.Has("channel") {
		s.Channel = form.Line("channel")
	}
	if s.Once == "" {
		s.Once = rand.Text()
	}
	return show(w, r, text.T(r.Context(), "intake.menu_letters"), wrong, letterBody(s))
}

func (s letterScreen) day() string {
	if s.Form.Has("day") {
		return s.Form.Line("day")
	}
	return s.Today.VN()
}

// deputyOptions are deputies to choose from.
func deputyOptions(all []Deputy) []ui.Option {
	options := make([]ui.Option, len(all))
	for i, d := range all {
		options[i] = ui.Option{Value: d.PersonID, Label: d.Name + " (" + d.Group + ")"}
	}
	return options
}

// channelOptions are channels in words.
func channelOptions(ctx context.Context, channels ...Channel) []ui.Option {
	all := make([]ui.Option, len(channels))
	for i, c := range channels {
		all[i] = ui.Option{Value: string(c), Label: text.T(ctx, "intake.channel."+string(c))}
	}
	return all
}

// with is the page's address with a value in its query.
func with(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func atoi(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0 // nonsense in an address is the beginning
	}
	return n
}

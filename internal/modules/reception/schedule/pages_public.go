package schedule

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"

	"github.com/a-h/templ"
)

func (d *Desk) publicPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	b, err := d.Board(r.Context(), q.Get("hd"), q.Get("after"))
	if err != nil {
		return err
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "schedule.menu_public"), Public: true, Section: publicHome}, boardBody(boardView{b}))
}

type boardView struct{ Board }

func (v boardView) query(key, value string) string {
	return publicHome + "?" + url.Values{"hd": {v.Council.Code}, key: {value}}.Encode()
}

func (v boardView) next() string {
	if v.Next == "" {
		return ""
	}
	return v.query("after", v.Next)
}

func (v boardView) feed() string {
	return publicHome + ".ics?" + url.Values{"hd": {v.Council.Code}}.Encode()
}

func councilName(ctx context.Context, c org.Council) string {
	if text.LangOf(ctx) == text.En && c.NameEn != "" {
		return c.NameEn
	}
	return c.Name
}

func (v boardView) councils(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "hd", Label: text.T(ctx, "schedule.council"), Value: v.Council.Code}
	for _, one := range v.Councils {
		c.Options = append(c.Options, ui.Option{Value: one.Code, Label: councilName(ctx, one)})
	}
	return c
}

func (v boardView) hours(ctx context.Context) []ui.Term {
	var terms []ui.Term
	for _, one := range [][2]string{{"place", v.Hours.Place}, {"regular_hours", v.Hours.Hours}, {"office_contact", v.Hours.Contact}, {"note", v.Hours.Note}} {
		if one[1] != "" {
			terms = append(terms, ui.Term{Name: text.T(ctx, "schedule."+one[0]), Text: one[1]})
		}
	}
	return terms
}

func (v boardView) table(ctx context.Context) ui.TableView[Day] {
	return ui.TableView[Day]{ID: "days", Caption: text.T(ctx, "schedule.menu_public"), Rows: v.Days, URL: func(d Day) string { return publicHome + "/" + d.ID },
		Empty: ui.Empty{Title: text.T(ctx, "schedule.none"), Text: text.T(ctx, "schedule.public_none_text")},
		Columns: []ui.Column[Day]{
			{Key: "day", Label: text.T(ctx, "schedule.day"), Narrow: true, Text: func(d Day) string { return d.Date.VN() }},
			{Key: "hours", Label: text.T(ctx, "schedule.hours"), Narrow: true, Text: func(d Day) string { return d.Starts + "–" + d.Ends }},
			{Key: "host", Label: text.T(ctx, "schedule.host"), Cell: func(d Day) templ.Component { return twoLines(d.HostName, d.HostTitle) }},
			{Key: "place", Label: text.T(ctx, "schedule.place"), Text: func(d Day) string { return d.where(ctx) }},
			{Key: "kind", Label: text.T(ctx, "schedule.kind_label"), Cell: func(d Day) templ.Component { return publicState(d) }},
		}}
}

// feed is the calendar that programs follow.
func (d *Desk) feed(w http.ResponseWriter, r *http.Request) error {
	b, err := d.Board(r.Context(), r.URL.Query().Get("hd"), "")
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := WriteCalendar(&out, b, d.Address, func(key string, args ...any) string { return text.T(r.Context(), key, args...) }); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Content-Disposition", `inline; filename="lich-tiep-cong-dan.ics"`)
	w.Header().Set("Cache-Control", "max-age=300")
	_, err = w.Write(out.Bytes())
	return err
}

// publicView is the page of one published day, with the form to book a time.
type publicView struct {
	Public
	Form   *web.Form
	Errors ui.Errors
	Now    time.Time
}

func (d *Desk) publicDayPage(w http.ResponseWriter, r *http.Request) error {
	return d.showPublicDay(w, r, publicView{}, http.StatusOK)
}

func (d *Desk) showPublicDay(w http.ResponseWriter, r *http.Request, v publicView, status int) error {
	ctx := r.Context()
	var err error
	if v.Public, err = d.Public(ctx, r.PathValue("id")); err != nil {
		return err
	}
	v.Now = d.Clock.Now()
	return web.Page(w, r, web.Head{Title: v.title(ctx), Public: true, Section: publicHome, Status: status}, publicBody(v))
}

// bookable reports whether any time is left.
func (v publicView) bookable() bool {
	for _, s := range v.Slots {
		if s.Open {
			return true
		}
	}
	return false
}

func (v publicView) slots(ctx context.Context) ui.Choice {
	c := ui.Choice{Name: "slot", Label: text.T(ctx, "schedule.slot"), Value: v.Form.Line("slot"), Required: true, Errors: v.Errors, Inline: true}
	for _, s := range v.Slots {
		o := ui.Option{Value: s.At, Label: s.At, Hint: text.T(ctx, "schedule.slot_left", "n", s.Left), Disabled: !s.Open}
		if !s.Open {
			o.Hint = text.T(ctx, "schedule.slot_none_left")
		}
		c.Options = append(c.Options, o)
	}
	return c
}

func (v publicView) people() string {
	if v.Form.Has("people") {
		return v.Form.Line("people")
	}
	return "1"
}

func (v publicView) facts(ctx context.Context) []ui.Term {
	terms := []ui.Term{
		{Name: text.T(ctx, "schedule.council"), Text: councilName(ctx, v.Council)},
		{Name: text.T(ctx, "schedule.day"), Text: v.Date.VN() + ", " + v.Starts + "–" + v.Ends},
		{Name: text.T(ctx, "schedule.kind_label"), Text: v.kindWords(ctx)},
		{Name: text.T(ctx, "schedule.host"), Text: v.HostName + ", " + v.HostTitle},
		{Name: text.T(ctx, "schedule.place"), Text: v.where(ctx)},
	}
	for _, one := range [][2]string{{"for_whom", v.ForWhom}, {"joining", v.Joining}, {"participants", v.Participants}, {"subjects", v.Subjects}, {"late_reason", v.LateReason}, {"change_note", v.ChangeNote}} {
		if one[1] != "" {
			terms = append(terms, ui.Term{Name: text.T(ctx, "schedule."+one[0]), Text: one[1]})
		}
	}
	return terms
}

// bookingView is the page of a booking, found by its code.
type bookingView struct {
	Found
	Code   string
	There  bool
	Errors ui.Errors
	Open   bool // may be given up
}

func (d *Desk) bookingPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v := bookingView{Code: text.Line(r.URL.Query().Get("code"))}
	status := http.StatusOK
	if v.Code != "" {
		var err error
		v.Found, err = d.Find(ctx, v.Code)
		switch {
		case fault.Is(err, "schedule.no_booking"):
			v.Errors, status = ui.ErrorsOf(fault.New(fault.Invalid, "schedule.no_booking").At("code")), http.StatusNotFound
		case err != nil:
			return err
		default:
			v.There, v.Open = true, v.State == Booked && v.Day.Over().After(d.Clock.Now())
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.Page(w, r, web.Head{Title: text.T(ctx, "schedule.booking_title"), Public: true, Section: publicHome, Status: status}, bookingBody(v))
}

func (v bookingView) facts(ctx context.Context) []ui.Term {
	terms := []ui.Term{
		{Name: text.T(ctx, "schedule.code"), Text: CodeWords(v.Booking.Code)},
		{Name: text.T(ctx, "schedule.state"), Text: text.T(ctx, "schedule.booking."+string(v.State))},
		{Name: text.T(ctx, "schedule.day"), Text: v.Day.Date.VN()},
		{Name: text.T(ctx, "schedule.slot"), Text: v.Slot},
		{Name: text.T(ctx, "schedule.host"), Text: v.Day.HostName + ", " + v.Day.HostTitle},
		{Name: text.T(ctx, "schedule.place"), Text: v.Day.where(ctx)},
		{Name: text.T(ctx, "schedule.people"), Text: strconv.Itoa(v.People)},
	}
	if v.Day.ChangeNote != "" {
		terms = append(terms, ui.Term{Name: text.T(ctx, "schedule.change_note"), Text: v.Day.ChangeNote})
	}
	return terms
}

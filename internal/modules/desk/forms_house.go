package desk

import (
	"net/http"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// rangeMax bounds the days of one entry; the longest holiday has nine.
const rangeMax = 20

func (s *Service) takeDays(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	days, err := typedDays(form)
	if err == nil {
		err = s.enterDays(r.Context(), web.Actor(r), days)
	}
	if web.Mendable(err, fault.Refused) {
		return s.yearPage(w, r, form, err)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "desk.days_entered", "n", len(days))
	return web.SeeOther(w, r, with(r))
}

// typedDays reads the form: a run of days of one kind, a day worked for them
// and a day in lieu, all of one decision.
func typedDays(form *web.Form) ([]calendar.Day, error) {
	from, f1 := form.Date("date")
	until, f2 := form.Date("until")
	works, f3 := form.Date("swap_work")
	lieu, f4 := form.Date("lieu")
	lieuFor, f5 := form.Date("lieu_for")
	since, f6 := form.Date("from")
	if f1 == nil && from.IsZero() {
		f1 = fault.New(fault.Invalid, "desk.bad_date").At("date")
	}
	if until.IsZero() {
		until = from
	}
	if f2 == nil && (until.Before(from) || until.Sub(from) >= rangeMax) {
		f2 = fault.New(fault.Invalid, "desk.bad_range", "max", rangeMax).At("until")
	}
	if err := fault.Join(f1, f2, f3, f4, f5, f6); err != nil {
		return nil, err
	}
	shared := calendar.Day{Kind: calendar.Kind(form.Line("kind")), Feast: calendar.Feast(form.Line("feast")), Name: form.Line("name"), NameEn: form.Line("name_en"),
		Source: form.Line("source"), Confirmed: form.Bool("confirmed"), From: since}
	var days []calendar.Day
	for d := from; !d.After(until); d = d.AddDays(1) {
		one := shared
		one.Date = d
		switch one.Kind {
		case calendar.SwapOff:
			one.For = works
		case calendar.Compensation:
			one.For = lieuFor
		}
		days = append(days, one)
	}
	if !works.IsZero() {
		days = append(days, other(shared, calendar.SwapWork, works, from))
	}
	if !lieu.IsZero() {
		days = append(days, other(shared, calendar.Compensation, lieu, lieuFor))
	}
	return days, nil
}

func other(d calendar.Day, kind calendar.Kind, on, standsFor clock.Date) calendar.Day {
	d.Kind, d.Date, d.For = kind, on, standsFor
	return d
}

func (s *Service) takeWithdrawal(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	err = s.withdrawDay(r.Context(), web.Actor(r), r.PathValue("id"), form.Text("why"))
	if web.Mendable(err, fault.Refused) {
		return s.withdrawalPage(w, r, form, err)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "desk.day_withdrawn")
	return web.SeeOther(w, r, "/administration/calendar")
}

func (s *Service) takeAppointment(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	starts, f1 := form.Date("starts")
	ends, f2 := form.Date("ends")
	err = fault.Join(f1, f2)
	a := org.Appointment{PersonID: form.Line("person"), Name: form.Line("name"), Email: form.Line("email"), BodyID: form.Line("body"), Title: form.Line("title"), Starts: starts, Ends: ends}
	for _, role := range form.Texts("roles") {
		a.Roles = append(a.Roles, org.Role(role))
	}
	if err == nil && a.BodyID == "" {
		err = fault.New(fault.Invalid, "desk.choose_body").At("body")
	}
	if err == nil {
		err = s.appoint(r.Context(), web.Actor(r), a)
	}
	if web.Mendable(err, fault.Refused) {
		return s.peoplePage(w, r, form, err)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "desk.appointed")
	return web.SeeOther(w, r, "/administration/people")
}

func (s *Service) takePostEnd(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	on, wrong := form.Date("ends")
	if err = fault.Join(wrong); err == nil {
		err = s.Org.EndPost(r.Context(), web.Actor(r), r.PathValue("id"), on)
	}
	if web.Mendable(err, fault.Refused) {
		return s.postEndPage(w, r, form, err)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, "desk.post_ended")
	return web.SeeOther(w, r, "/administration/people")
}

// takeMerger asks first: a merger moves every open case of a body.
func (s *Service) takeMerger(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	on, wrong := form.Date("on")
	m := org.Succession{FromBody: form.Line("from_body"), ToBody: form.Line("to_body"), Document: form.Line("document"), On: on}
	if err = fault.Join(wrong, missing(m.FromBody, "from_body"), missing(m.ToBody, "to_body")); err == nil {
		err = m.Check(clock.Today(s.Clock))
	}
	if err == nil && form.Has("sure") {
		err = s.Org.Succeed(r.Context(), web.Actor(r), m)
	}
	if web.Mendable(err, fault.Refused) {
		return s.mergerPage(w, r, form, err)
	}
	if err != nil {
		return err
	}
	if !form.Has("sure") {
		return s.askMerger(w, r, form, m)
	}
	web.Flash(w, r, "desk.merged")
	return web.SeeOther(w, r, "/administration/mergers")
}

func missing(id, field string) *fault.Fault {
	if id == "" {
		return fault.New(fault.Invalid, "desk.choose_body").At(field)
	}
	return nil
}

func (s *Service) askMerger(w http.ResponseWriter, r *http.Request, form *web.Form, m org.Succession) error {
	named, err := s.namedBodies(r.Context(), m.FromBody, m.ToBody)
	if err != nil {
		return err
	}
	ctx := r.Context()
	question := ui.Confirm{Title: text.T(ctx, "desk.merge_sure"), URL: "/administration/mergers", Back: "/administration/mergers", Danger: true, Yes: text.T(ctx, "desk.merge_do"),
		Text:   text.T(ctx, "desk.merge_text", "from", named[m.FromBody].Name, "to", named[m.ToBody].Name, "on", m.On.VN(), "document", m.Document),
		Hidden: append(form.Kept("sure"), ui.Kept{Name: "sure", Value: "yes"})}
	return page(w, r, question.Title, http.StatusOK, ui.ConfirmPage(question))
}

package desk

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

func underscored(s string) string { return strings.ReplaceAll(s, ".", "_") }

// yearView is the calendar page with what was typed into its form.
type yearView struct {
	yearOfDays
	Form   *web.Form
	Errors ui.Errors
}

func (s *Service) showYear(w http.ResponseWriter, r *http.Request) error {
	return s.yearPage(w, r, nil, nil)
}

func (s *Service) yearPage(w http.ResponseWriter, r *http.Request, form *web.Form, wrong error) error {
	y, err := s.year(r.Context(), web.Actor(r), number(r.URL.Query().Get("year")))
	if err != nil {
		return err
	}
	return page(w, r, text.T(r.Context(), "desk.menu_calendar"), web.StatusOf(wrong), calendarPage(yearView{y, form, ui.ErrorsOf(wrong)}))
}

func (v yearView) tabs() []ui.Tab {
	var all []ui.Tab
	for year := v.Year - 1; year <= v.Year+1; year++ {
		all = append(all, ui.Tab{Label: strconv.Itoa(year), URL: "/administration/calendar?year=" + strconv.Itoa(year), Here: year == v.Year})
	}
	return all
}

func daysTable(ctx context.Context, v yearView) ui.TableView[calendar.Day] {
	return ui.TableView[calendar.Day]{ID: "days", Caption: text.T(ctx, "desk.days_title", "year", strconv.Itoa(v.Year)), Rows: v.Days,
		Empty: ui.Empty{Title: text.T(ctx, "desk.days_none")},
		Tone: func(d calendar.Day) ui.Tone {
			if !d.Confirmed {
				return ui.Warning
			}
			return ui.Plain
		},
		Columns: []ui.Column[calendar.Day]{
			{Key: "day", Label: text.T(ctx, "desk.col_day"), Narrow: true, Text: func(d calendar.Day) string { return calendar.Weekday(d.Date).In(ctx) + ", " + d.Date.VN() }},
			{Key: "lunar", Label: text.T(ctx, "desk.col_lunar"), Text: func(d calendar.Day) string { return calendar.LunarOf(d.Date).Words().In(ctx) }},
			{Key: "kind", Label: text.T(ctx, "desk.col_kind"), Text: func(d calendar.Day) string { return kindWords(ctx, d.Kind) }},
			{Key: "name", Label: text.T(ctx, "desk.col_name"), Text: func(d calendar.Day) string { return dayName(ctx, d) }},
			{Key: "source", Label: text.T(ctx, "desk.col_source"), Text: func(d calendar.Day) string { return d.Source }},
			{Key: "sure", Label: text.T(ctx, "desk.col_sure"), Narrow: true, Text: func(d calendar.Day) string {
				if d.Confirmed {
					return text.T(ctx, "desk.confirmed")
				}
				return text.T(ctx, "desk.provisional")
			}},
		}}
}

func dayName(ctx context.Context, d calendar.Day) string {
	if text.LangOf(ctx) == text.En && d.NameEn != "" {
		return d.NameEn
	}
	return d.Name
}

func enteredTable(ctx context.Context, v yearView) ui.TableView[calendar.Entered] {
	return ui.TableView[calendar.Entered]{ID: "entered", Caption: text.T(ctx, "desk.entered_title"), Rows: v.Entered,
		Empty: ui.Empty{Title: text.T(ctx, "desk.entered_none")},
		Columns: []ui.Column[calendar.Entered]{
			{Key: "day", Label: text.T(ctx, "desk.col_day"), Narrow: true, Text: func(d calendar.Entered) string { return d.Date.VN() }},
			{Key: "kind", Label: text.T(ctx, "desk.col_kind"), Text: func(d calendar.Entered) string { return kindWords(ctx, d.Kind) }},
			{Key: "name", Label: text.T(ctx, "desk.col_name"), Text: func(d calendar.Entered) string { return dayName(ctx, d.Day) }},
			{Key: "source", Label: text.T(ctx, "desk.col_source"), Text: func(d calendar.Entered) string { return d.Source }},
			{Key: "by", Label: text.T(ctx, "desk.col_entered"), Text: func(d calendar.Entered) string { return d.EnteredByName + ", " + moment(d.EnteredAt.Time) }},
			{Key: "act", Label: text.T(ctx, "desk.col_do"), Cell: func(d calendar.Entered) templ.Component { return enteredAct(d, v.MayEnter) }},
		}}
}

// kindWords names a kind of day, at the beginning of a line.
func kindWords(ctx context.Context, k calendar.Kind) string {
	words := k.Words().In(ctx)
	first, size := utf8.DecodeRuneInString(words)
	return string(unicode.ToUpper(first)) + words[size:]
}

func kindOptions(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, k := range []calendar.Kind{calendar.Holiday, calendar.Compensation, calendar.SwapOff, calendar.Doubtful} {
		all = append(all, ui.Option{Value: string(k), Label: kindWords(ctx, k)})
	}
	return all
}

func feastOptions(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, f := range []calendar.Feast{calendar.NewYear, calendar.Tet, calendar.HungKings, calendar.Reunion, calendar.LabourDay, calendar.NationalDay, calendar.CultureDay} {
		all = append(all, ui.Option{Value: string(f), Label: text.T(ctx, "desk.feast_"+string(f))})
	}
	return all
}

func (s *Service) askWithdrawal(w http.ResponseWriter, r *http.Request) error {
	return s.withdrawalPage(w, r, nil, nil)
}

func (s *Service) withdrawalPage(w http.ResponseWriter, r *http.Request, form *web.Form, wrong error) error {
	all, err := s.Calendar.Days(r.Context())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(e calendar.Entered) bool { return e.ID == r.PathValue("id") && e.InForce() })
	if i < 0 {
		return fault.New(fault.Missing, "calendar.no_day")
	}
	return page(w, r, text.T(r.Context(), "desk.withdraw_title"), web.StatusOf(wrong), withdrawPage(all[i], form.Text("why"), ui.ErrorsOf(wrong)))
}

// peopleView is the page of people with what was typed into its form.
type peopleView struct {
	staff
	Form   *web.Form
	Errors ui.Errors
}

func (s *Service) showPeople(w http.ResponseWriter, r *http.Request) error {
	return s.peoplePage(w, r, nil, nil)
}

func (s *Service) peoplePage(w http.ResponseWriter, r *http.Request, form *web.Form, wrong error) error {
	p, err := s.staff(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	return page(w, r, text.T(r.Context(), "desk.menu_people"), web.StatusOf(wrong), peopleScreen(peopleView{p, form, ui.ErrorsOf(wrong)}))
}

func peopleTable(ctx context.Context, v peopleView) ui.TableView[org.Directory] {
	return ui.TableView[org.Directory]{ID: "people", Caption: text.T(ctx, "desk.menu_people"), Rows: v.Lines,
		Empty: ui.Empty{Title: text.T(ctx, "desk.people_none")},
		Columns: []ui.Column[org.Directory]{
			{Key: "name", Label: text.T(ctx, "desk.col_name_of_person"), Text: func(l org.Directory) string { return l.Name }},
			{Key: "title", Label: text.T(ctx, "desk.col_title"), Text: func(l org.Directory) string { return l.Title }},
			{Key: "body", Label: text.T(ctx, "desk.col_body"), Text: func(l org.Directory) string { return l.BodyName }},
			{Key: "roles", Label: text.T(ctx, "desk.col_roles"), Text: func(l org.Directory) string { return roleWords(ctx, l.Roles.V) }},
			{Key: "since", Label: text.T(ctx, "desk.col_since"), Narrow: true, Text: func(l org.Directory) string { return term(l.Starts.VN(), l.Ends.VN()) }},
			{Key: "act", Label: text.T(ctx, "desk.col_do"), Narrow: true, Cell: func(l org.Directory) templ.Component { return postActs(l) }},
		}}
}

func term(from, until string) string {
	if until == "" {
		return from
	}
	return from + " – " + until
}

func bodyOptions(bodies []org.Body, councils map[string]org.Council) []ui.Option {
	all := make([]ui.Option, len(bodies))
	for i, b := range bodies {
		all[i] = ui.Option{Value: b.ID, Label: b.Name, Group: councils[b.CouncilID].Name}
	}
	return all
}

func roleOptions(ctx context.Context, roles []org.Role) []ui.Option {
	all := make([]ui.Option, len(roles))
	for i, role := range roles {
		all[i] = ui.Option{Value: string(role), Label: text.T(ctx, "org.role."+string(role))}
	}
	return all
}

// personOptions lists each person of the council once.
func personOptions(lines []org.Directory) []ui.Option {
	var all []ui.Option
	for _, l := range lines {
		if !slices.ContainsFunc(all, func(o ui.Option) bool { return o.Value == l.PersonID }) {
			all = append(all, ui.Option{Value: l.PersonID, Label: l.Name})
		}
	}
	return all
}

func postOptions(lines []org.Directory) []ui.Option {
	all := make([]ui.Option, len(lines))
	for i, l := range lines {
		all[i] = ui.Option{Value: l.PostID, Label: l.Name + ", " + l.Title, Group: l.BodyName}
	}
	return all
}

func (s *Service) askPostEnd(w http.ResponseWriter, r *http.Request) error {
	return s.postEndPage(w, r, nil, nil)
}

func (s *Service) postEndPage(w http.ResponseWriter, r *http.Request, form *web.Form, wrong error) error {
	l, err := s.postLine(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	return page(w, r, text.T(r.Context(), "desk.end_post_title"), web.StatusOf(wrong), endPostPage(l, form.Line("ends"), ui.ErrorsOf(wrong)))
}

// mergerView is the page of mergers with what was typed into its form.
type mergerView struct {
	mergers
	Form   *web.Form
	Errors ui.Errors
}

func (s *Service) showMergers(w http.ResponseWriter, r *http.Request) error {
	return s.mergerPage(w, r, nil, nil)
}

func (s *Service) mergerPage(w http.ResponseWriter, r *http.Request, form *web.Form, wrong error) error {
	p, err := s.mergers(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	return page(w, r, text.T(r.Context(), "desk.menu_mergers"), web.StatusOf(wrong), mergerScreen(mergerView{p, form, ui.ErrorsOf(wrong)}))
}

package desk

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// calculation is the deadline calculator with what was typed and its answer.
type calculation struct {
	Start, Count, Unit string
	Today              clock.Date
	Errors             ui.Errors
	Deadline           *calendar.Deadline
}

// showCalculator counts a deadline. It is a GET form, so that an answer can be
// sent on as an address.
func (s *Service) showCalculator(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	c := calculation{Start: text.Line(q.Get("start")), Count: text.Line(q.Get("count")), Unit: q.Get("unit"), Today: clock.Today(s.Clock)}
	status := http.StatusOK
	if q.Has("start") || q.Has("count") {
		d, err := c.count(s.Calendar.Current())
		switch {
		case fault.KindOf(err) == fault.Invalid:
			c.Errors, status = ui.ErrorsOf(err), http.StatusUnprocessableEntity
		case err != nil:
			return err
		default:
			c.Deadline = &d
		}
	} else {
		c.Start, c.Count, c.Unit = c.Today.VN(), "15", string(calendar.WorkingDays)
	}
	return web.Page(w, r, web.Head{Title: text.T(r.Context(), "desk.calculator_title"), Public: !web.Actor(r).SignedIn(), Status: status}, calculatorPage(c))
}

func (c calculation) count(days *calendar.Calendar) (calendar.Deadline, error) {
	var faults []*fault.Fault
	start, wrong := dateOf("start", c.Start)
	if wrong == nil && start.IsZero() {
		wrong = fault.New(fault.Invalid, "desk.bad_date").At("start")
	}
	faults = append(faults, wrong)
	count, err := strconv.Atoi(strings.TrimSpace(c.Count))
	if err != nil {
		faults = append(faults, fault.New(fault.Invalid, "desk.bad_count").At("count"))
	}
	if err := fault.Join(faults...); err != nil {
		return calendar.Deadline{}, err
	}
	d, err := days.Count(calendar.Run{Start: start, Count: count, Unit: calendar.Unit(c.Unit)})
	if f := fault.Of(err); f != nil {
		fields := map[string]string{"calendar.out_of_range": "start", "calendar.bad_count": "count", "calendar.unknown_unit": "unit", "calendar.no_limit": "unit"}
		f.Field = fields[f.Key]
	}
	return d, err
}

func unitOptions(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, u := range []calendar.Unit{calendar.WorkingDays, calendar.Days, calendar.Months} {
		all = append(all, ui.Option{Value: string(u), Label: text.T(ctx, "desk.unit_"+strings.ReplaceAll(string(u), "-", "_"))})
	}
	return all
}

func skipTable(ctx context.Context, d calendar.Deadline) ui.TableView[calendar.Skip] {
	name := func(s calendar.Skip) string {
		if text.LangOf(ctx) == text.En && s.NameEn != "" {
			return s.NameEn
		}
		return s.Name
	}
	return ui.TableView[calendar.Skip]{ID: "skipped", Caption: text.T(ctx, "desk.skipped_title"), Rows: d.Skipped,
		Empty: ui.Empty{Title: text.T(ctx, "calendar.due_none_skipped")},
		Columns: []ui.Column[calendar.Skip]{
			{Key: "day", Label: text.T(ctx, "desk.col_day"), Narrow: true, Text: func(s calendar.Skip) string { return calendar.Weekday(s.Date).In(ctx) + ", " + s.Date.VN() }},
			{Key: "reason", Label: text.T(ctx, "desk.col_reason"), Text: func(s calendar.Skip) string { return text.T(ctx, s.Reason) }},
			{Key: "name", Label: text.T(ctx, "desk.col_name"), Text: name},
			{Key: "source", Label: text.T(ctx, "desk.col_source"), Text: func(s calendar.Skip) string { return s.Source }},
		}}
}

func stepEvents(ctx context.Context, d calendar.Deadline) []string {
	var all []string
	for _, s := range d.Explain() {
		if s.Kind != calendar.StepSkip { // the table has these
			all = append(all, s.In(ctx))
		}
	}
	return all
}

// Package course shows how a letter or a matter has come along (quá trình xử lý):
// its acts, newest first, and its clocks as they stand today. The module's pages
// and its parts share it; it reads no table.
package course

import (
	"context"
	"slices"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web/ui"
)

// DeputyTells is the act by which a deputy tells the citizen.
const DeputyTells = "deputy_tells"

// badge is a deadline as it stands today.
func badge(d cases.Deadline, today clock.Date, why string) ui.Due {
	due := ui.Due{Date: d.Due, Today: today, Provisional: d.Provisional || !d.Confirmed, Why: why}
	switch d.Status {
	case cases.Paused:
		due.State = ui.Paused
	case cases.Met:
		due.State = ui.Met
	case cases.MetLate:
		due.State = ui.MetLate
	}
	return due
}

// clocks are the deadlines worth showing: those that run first.
func shownClocks(all []cases.Deadline, today clock.Date) []cases.Deadline {
	var running, over []cases.Deadline
	for _, d := range slices.Backward(all) {
		switch {
		case d.Window && d.Live() && today.After(d.Due):
			// a chance that has passed is no duty that is late
		case d.Live():
			running = append(running, d)
		case d.Status != cases.Cancelled:
			over = append(over, d)
		}
	}
	return append(running, over...)
}

// ClockTime is a moment as people write it.
func ClockTime(t time.Time) string { return t.In(clock.Hanoi).Format("15:04 02/01/2006") }

// Events are the acts of a case, the newest first, with what was written; from is who sent the letter on.
func Events(ctx context.Context, acts []cases.Act, notes map[int]string, sealed bool, from string) []ui.Event {
	all := make([]ui.Event, 0, len(acts))
	for _, a := range slices.Backward(acts) {
		e := ui.Event{When: ClockTime(a.At.Time), Title: text.T(ctx, "reception.act."+a.Verb), Who: actor(ctx, a)}
		var lines []string
		if a.Document != "" {
			lines = append(lines, text.T(ctx, "reception.act_document", "document", a.Document))
		}
		if a.Fields.V["instead"] != "" {
			lines = append(lines, strings.TrimSpace(text.T(ctx, "reception.act_instead")+" "+from))
		}
		if a.Verb == DeputyTells {
			lines = append(lines, text.T(ctx, "reception.act_way", "way", text.T(ctx, "duties.told_"+a.Fields.V["way"])))
		}
		if f := a.Fields.V; a.Verb == "relaw" {
			lines = append(lines, text.T(ctx, "reception.act_relaw", "rule", text.T(ctx, "limits.name."+f["rule"]), "was", dayWords(f["was"]), "due", dayWords(f["due"]), "name", f["decided_by"]))
		}
		if words := notes[a.Number]; words != "" {
			lines = append(lines, words)
		} else if sealed && a.Verb != "register" && a.PersonName != "" {
			lines = append(lines, text.T(ctx, "reception.note_sealed"))
		}
		e.Text = strings.Join(lines, "\n")
		if a.Late {
			e.Tone = ui.Bad
		}
		all = append(all, e)
	}
	return all
}

// dayWords is a date that an act kept, as people write it.
func dayWords(s string) string {
	d, err := clock.ParseDate(s)
	if err != nil {
		return "–"
	}
	return d.VN()
}

func actor(ctx context.Context, a cases.Act) string {
	if a.PersonName == "" {
		return text.T(ctx, "reception.by_program")
	}
	line := a.PersonName
	for _, part := range []string{a.PostTitle, a.BodyName} {
		if part != "" {
			line += ", " + part
		}
	}
	if a.OnBehalf != "" {
		line += " (" + text.T(ctx, "reception.on_behalf", "name", a.OnBehalf) + ")"
	}
	return line
}

// Reckoned is a deadline with the reason for its date.
//
// vi: -
type Reckoned struct {
	Code     string
	Deadline cases.Deadline
	Counted  calendar.Deadline
	Why      []string // keys of sentences
	Today    clock.Date
	Back     string // the case's own page
}

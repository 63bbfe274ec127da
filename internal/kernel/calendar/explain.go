package calendar

import (
	"context"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
)

// Sentence is a text key with its values, to be said in the reader's language.
// A value may be a Word, a Sentence or a Name itself.
type Sentence struct {
	Key  string
	Args []any // name, value pairs
}

// Word is a text key that stands as a value in a sentence.
type Word string

// Name is a proper name from the data, in both languages.
type Name struct{ Vi, En string }

// Say says the sentence out of a catalogue.
func (s Sentence) Say(c *text.Catalogue, lang text.Lang) string {
	return s.with(lang, func(key string, args ...any) string { return c.Say(lang, key, args...) })
}

// In says the sentence in the language of ctx; pages use it.
func (s Sentence) In(ctx context.Context) string {
	return s.with(text.LangOf(ctx), func(key string, args ...any) string { return text.T(ctx, key, args...) })
}

func (s Sentence) with(lang text.Lang, say func(key string, args ...any) string) string {
	args := make([]any, len(s.Args))
	for i, a := range s.Args {
		switch a := a.(type) {
		case Word:
			args[i] = say(string(a))
		case Sentence:
			args[i] = a.with(lang, say)
		case Name:
			args[i] = a.Vi
			if lang == text.En && a.En != "" {
				args[i] = a.En
			}
		default:
			args[i] = a
		}
	}
	return say(s.Key, args...)
}

// StepKind says what a step of an explanation is about, for icons and tests.
type StepKind string

// The steps, in the order in which they are told.
const (
	StepStart       StepKind = "start"
	StepTerm        StepKind = "term"
	StepSkip        StepKind = "skip"
	StepPause       StepKind = "pause"
	StepExtension   StepKind = "extension"
	StepRaw         StepKind = "raw"
	StepRoll        StepKind = "roll"
	StepDue         StepKind = "due"
	StepStopped     StepKind = "stopped"
	StepProvisional StepKind = "provisional"
	StepBasis       StepKind = "basis"
	StepUnconfirmed StepKind = "unconfirmed"
	StepMethod      StepKind = "method"
)

// Step is one line of "Vì sao hạn này?".
type Step struct {
	Kind StepKind
	Date clock.Date // the day the step is about, if one
	Sentence
}

// Explain tells how the deadline came about. While the rule is not confirmed no
// step names an article.
func (d Deadline) Explain() []Step {
	if d.Backward {
		return d.explainBack()
	}
	steps := []Step{d.startStep(), {Kind: StepTerm, Sentence: Sentence{
		Key: "calendar.step_term", Args: []any{"term", term(d.Count, d.Unit)},
	}}}
	for _, s := range d.Skipped {
		// A rest day on which the time limit would end is told with the roll,
		// after the sentence that names it as the last day.
		if s.Reason != "calendar.reason_paused" && !d.rolledOver(s) {
			steps = append(steps, s.step())
		}
	}
	for _, p := range d.Pauses {
		steps = append(steps, d.pauseStep(p))
	}
	for _, x := range d.Extensions {
		steps = append(steps, d.extensionStep(x))
	}
	steps = append(steps, d.end()...)
	return append(steps, d.authority()...)
}

func (d Deadline) startStep() Step {
	event := Word("calendar.event")
	if d.Event != "" {
		event = Word(d.Event)
	}
	return dated(StepStart, d.Start, "calendar.step_start", "event", event)
}

// dated makes a step about a day, which its sentence may name as {weekday} and {date}.
func dated(kind StepKind, on clock.Date, key string, args ...any) Step {
	return Step{Kind: kind, Date: on, Sentence: Sentence{
		Key: key, Args: append([]any{"weekday", Word(weekdayKey(on)), "date", on.VN()}, args...),
	}}
}

func (s Skip) step() Step {
	if s.Name == "" || s.Reason == "calendar.reason_weekly" {
		return dated(StepSkip, s.Date, "calendar.step_skip_plain", "reason", Word(s.Reason))
	}
	return dated(StepSkip, s.Date, "calendar.step_skip", "name", Name{s.Name, s.NameEn}, "reason", Word(s.Reason))
}

func (d Deadline) pauseStep(p Pause) Step {
	args := []any{
		"from", p.From.VN(), "until", p.Until.VN(), "why", why(p.Reason), "paper", paper(p.Document),
	}
	key := "calendar.step_pause"
	switch {
	case d.Running && p.From.After(d.Due):
		key = "calendar.step_pause_late"
	case p.Until.IsZero():
		key = "calendar.step_pause_open"
	}
	return Step{Kind: StepPause, Date: p.From, Sentence: Sentence{Key: key, Args: args}}
}

func (d Deadline) extensionStep(x Extension) Step {
	args := []any{"term", term(x.Count, x.Unit), "paper", paper(x.Document), "on", x.On.VN()}
	key := "calendar.step_extension"
	if x.On.IsZero() {
		key = "calendar.step_extension_undated"
	}
	s := Step{Kind: StepExtension, Date: x.On, Sentence: Sentence{Key: key, Args: args}}
	if x.Basis != "" && !d.unconfirmed() {
		s.Sentence = Sentence{Key: "calendar.with_basis", Args: []any{"sentence", s.Sentence, "basis", x.Basis}}
	}
	return s
}

// end is the last counted day, its roll, and the due date; or that there is none.
func (d Deadline) end() []Step {
	if !d.Running {
		return []Step{{Kind: StepStopped, Sentence: Sentence{Key: "calendar.step_stopped"}}}
	}
	var steps []Step
	if d.PausedDays > 0 {
		steps = append(steps, Step{Kind: StepPause, Sentence: Sentence{
			Key: "calendar.step_paused_days", Args: []any{"term", term(d.PausedDays, d.pausedUnit())},
		}})
	}
	steps = append(steps, dated(StepRaw, d.Raw, "calendar.step_raw"))
	for _, s := range d.Skipped {
		if s.Reason != "calendar.reason_paused" && d.rolledOver(s) {
			steps = append(steps, s.step())
		}
	}
	if d.Raw != d.Due {
		steps = append(steps, dated(StepRoll, d.Due, "calendar.step_roll"))
	}
	return append(steps, dated(StepDue, d.Due, "calendar.step_due"))
}

// rolledOver reports whether a day left out lies on or after the last counted day.
func (d Deadline) rolledOver(s Skip) bool {
	return d.Running && !s.Date.Before(d.Raw)
}

// pausedUnit is the unit of PausedDays.
func (d Deadline) pausedUnit() Unit {
	if d.Unit == WorkingDays {
		return WorkingDays
	}
	return Days
}

// authority is what the deadline rests on.
func (d Deadline) authority() []Step {
	var steps []Step
	if d.Provisional {
		steps = append(steps, Step{Kind: StepProvisional, Sentence: Sentence{Key: "calendar.step_provisional"}})
	}
	switch {
	case d.Basis != "":
		steps = append(steps, Step{Kind: StepBasis, Sentence: Sentence{
			Key: "calendar.step_basis", Args: []any{"basis", d.Basis},
		}})
	case d.unconfirmed():
		return append(steps, Step{Kind: StepUnconfirmed, Sentence: Sentence{Key: "calendar.step_unconfirmed"}})
	}
	return append(steps, Step{Kind: StepMethod, Sentence: Sentence{Key: "calendar.step_method"}})
}

func (d Deadline) unconfirmed() bool { return d.Rule != "" && d.Basis == "" }

// Unconfirmed is what stands where the article of an unconfirmed rule would.
func Unconfirmed() Sentence { return Sentence{Key: "calendar.unconfirmed"} }

// paper names a document in brackets, or nothing.
func paper(name string) any {
	if name == "" {
		return ""
	}
	return Sentence{Key: "calendar.paper", Args: []any{"name", name}}
}

// why gives a reason, or nothing.
func why(reason string) any {
	if reason == "" {
		return ""
	}
	return Sentence{Key: "calendar.why", Args: []any{"reason", reason}}
}

// term is a number of units.
func term(n int, u Unit) Sentence {
	key := "calendar.term_days"
	switch u {
	case WorkingDays:
		key = "calendar.term_working_days"
	case Months:
		key = "calendar.term_months"
	}
	return Sentence{Key: key, Args: []any{"count", n}}
}

// Term is the run's length in words.
func (r Run) Term() Sentence { return term(r.Count, r.Unit) }

// Weekday names d's day of the week.
func Weekday(d clock.Date) Sentence { return Sentence{Key: weekdayKey(d)} }

func weekdayKey(d clock.Date) string {
	switch weekdayOf(julian(d)) {
	case time.Monday:
		return "calendar.monday"
	case time.Tuesday:
		return "calendar.tuesday"
	case time.Wednesday:
		return "calendar.wednesday"
	case time.Thursday:
		return "calendar.thursday"
	case time.Friday:
		return "calendar.friday"
	case time.Saturday:
		return "calendar.saturday"
	}
	return "calendar.sunday"
}

func lunarMonthKey(month int) string {
	return [...]string{
		"calendar.lunar_month_1", "calendar.lunar_month_2", "calendar.lunar_month_3", "calendar.lunar_month_4",
		"calendar.lunar_month_5", "calendar.lunar_month_6", "calendar.lunar_month_7", "calendar.lunar_month_8",
		"calendar.lunar_month_9", "calendar.lunar_month_10", "calendar.lunar_month_11", "calendar.lunar_month_12",
	}[month-1]
}

// stemKey and branchKey name a lunar year in the cycle of sixty (can chi).
func stemKey(year int) string {
	return [...]string{
		"calendar.stem_giap", "calendar.stem_at", "calendar.stem_binh", "calendar.stem_dinh", "calendar.stem_mau",
		"calendar.stem_ky", "calendar.stem_canh", "calendar.stem_tan", "calendar.stem_nham", "calendar.stem_quy",
	}[(year+6)%10]
}

func branchKey(year int) string {
	return [...]string{
		"calendar.branch_ty_rat", "calendar.branch_suu", "calendar.branch_dan", "calendar.branch_mao",
		"calendar.branch_thin", "calendar.branch_ty_snake", "calendar.branch_ngo", "calendar.branch_mui",
		"calendar.branch_than", "calendar.branch_dau", "calendar.branch_tuat", "calendar.branch_hoi",
	}[(year+8)%12]
}

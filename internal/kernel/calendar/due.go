package calendar

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
)

// WriteDue answers "hdnd calendar due": the due date alone on the first line,
// for programs that read one line; then how it came about and each day left out
// with its reason. With asJSON it writes one JSON object instead.
func WriteDue(w io.Writer, c *Calendar, run Run, lang text.Lang, asJSON bool) error {
	d, err := c.Count(run)
	if err != nil {
		return err
	}
	words, err := text.Load(Files)
	if err != nil {
		return err
	}
	if asJSON {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(d.report(words, lang))
	}
	var b strings.Builder
	fmt.Fprintln(&b, d.Due)
	for _, step := range d.Explain() {
		if step.Kind != StepSkip {
			fmt.Fprintln(&b, step.Say(words, lang))
		}
	}
	if len(d.Skipped) == 0 {
		fmt.Fprintln(&b, words.Say(lang, "calendar.due_none_skipped"))
	} else {
		fmt.Fprintln(&b, words.Say(lang, "calendar.due_skipped", "count", len(d.Skipped)))
	}
	for _, s := range d.Skipped {
		fmt.Fprintf(&b, "  %s  %s", s.Date, s.line(words, lang))
		if s.Source != "" {
			fmt.Fprintf(&b, " [%s]", words.Say(lang, "calendar.due_source", "source", s.Source))
		}
		fmt.Fprintln(&b)
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// line is the skip's day and why it was left out.
func (s Skip) line(words *text.Catalogue, lang text.Lang) string {
	reason := words.Say(lang, s.Reason)
	name := Sentence{Key: "calendar.due_skip", Args: []any{"name", Name{s.Name, s.NameEn}, "reason", Word(s.Reason)}}
	if s.Name == "" || s.Reason == "calendar.reason_weekly" {
		return fmt.Sprintf("%s, %s", Weekday(s.Date).Say(words, lang), reason)
	}
	return fmt.Sprintf("%s, %s", Weekday(s.Date).Say(words, lang), name.Say(words, lang))
}

// report is the stable shape of the JSON answer.
type report struct {
	Start       clock.Date   `json:"start"`
	Count       int          `json:"count"`
	Unit        Unit         `json:"unit"`
	Raw         clock.Date   `json:"raw"`
	Due         clock.Date   `json:"due"`
	Weekday     string       `json:"weekday,omitempty"`
	Running     bool         `json:"running"`
	PausedDays  int          `json:"paused_days"`
	Provisional bool         `json:"provisional"`
	Skipped     []reportSkip `json:"skipped"`
	Steps       []reportStep `json:"steps"`
}

type reportSkip struct {
	Date    clock.Date `json:"date"`
	Weekday string     `json:"weekday"`
	Reason  string     `json:"reason"`
	Text    string     `json:"text"`
	Name    string     `json:"name,omitempty"`
	Source  string     `json:"source,omitempty"`
}

type reportStep struct {
	Kind StepKind   `json:"kind"`
	Date clock.Date `json:"date,omitzero"`
	Text string     `json:"text"`
}

func (d Deadline) report(words *text.Catalogue, lang text.Lang) report {
	r := report{
		Start: d.Start, Count: d.Count, Unit: d.Unit, Raw: d.Raw, Due: d.Due, Running: d.Running,
		PausedDays: d.PausedDays, Provisional: d.Provisional, Skipped: []reportSkip{}, Steps: []reportStep{},
	}
	if d.Running {
		r.Weekday = Weekday(d.Due).Say(words, lang)
	}
	for _, s := range d.Skipped {
		name := s.Name
		if lang == text.En && s.NameEn != "" {
			name = s.NameEn
		}
		r.Skipped = append(r.Skipped, reportSkip{
			Date: s.Date, Weekday: Weekday(s.Date).Say(words, lang),
			Reason: strings.TrimPrefix(s.Reason, "calendar.reason_"), Text: words.Say(lang, s.Reason),
			Name: name, Source: s.Source,
		})
	}
	for _, step := range d.Explain() {
		r.Steps = append(r.Steps, reportStep{Kind: step.Kind, Date: step.Date, Text: step.Say(words, lang)})
	}
	return r
}

package settings

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

// Kind is what a change is about.
//
// vi: -
type Kind string

// The kinds, in the order in which they are applied: rules and templates come
// after the fields they name.
const (
	FieldKind     Kind = "field"
	OutcomeKind   Kind = "outcome"
	ReasonKind    Kind = "reason"
	TemplateKind  Kind = "template"
	RuleKind      Kind = "rule"
	DeadlineKind  Kind = "deadline"
	RetentionKind Kind = "retention"
)

// Kinds lists the kinds.
func Kinds() []Kind {
	return []Kind{FieldKind, OutcomeKind, ReasonKind, TemplateKind, RuleKind, DeadlineKind, RetentionKind}
}

// own reports whether every council sets it for itself. All else the city's
// council sets for all, so that reports can be compared.
func (k Kind) own() bool { return k == TemplateKind || k == RuleKind }

// Action is what is done to a thing.
//
// vi: -
type Action string

// The actions.
const (
	Add    Action = "add"
	Rename Action = "rename"
	Revise Action = "change"
	End    Action = "end"
)

// actions are those that a kind knows; the first is meant when none is named.
func (k Kind) actions() []Action {
	switch k {
	case FieldKind:
		return []Action{Add, Rename, End}
	case OutcomeKind, ReasonKind:
		return []Action{Rename, End}
	case TemplateKind, RuleKind:
		return []Action{Add, Revise, End}
	}
	return []Action{Revise}
}

// Change is one thing that a set changes. Each kind has a type of its own.
//
// vi: -
type Change interface {
	kind() Kind
	// tidy cleans what was typed and says what is wrong with it by itself.
	tidy() (Change, []*fault.Fault)
	// apply changes what is in force; a fault when it does not fit.
	apply(st *state, in place) *fault.Fault
	// thing names what is changed, so that a set changes it once; empty for
	// what is new.
	thing() string
}

// The limits of what may be typed.
const (
	nameMax     = 120   // characters
	titleMax    = 200   // characters
	templateMax = 5_000 // characters; the log takes a change as a whole
	wordMax     = 60    // characters of one word or phrase of a rule
	wordsMax    = 50
	priorityMax = 1000
	articleMax  = 300 // characters
	noteMax     = 300 // characters
	countMax    = 3660
	monthsMax   = 600
)

// FieldChange adds, renames or ends a field of work (lĩnh vực).
//
// vi: -
type FieldChange struct {
	Action   Action `json:"action"`
	Code     string `json:"code"` // branch.name
	Vi       string `json:"vi,omitempty"`
	En       string `json:"en,omitempty"`
	BranchVi string `json:"branch_vi,omitempty"` // of a branch that is new
	BranchEn string `json:"branch_en,omitempty"`
}

// TermChange renames or ends an outcome or a reason of refusal.
//
// vi: -
type TermChange struct {
	Of     Kind   `json:"-"`
	Action Action `json:"action"`
	Code   string `json:"code"`
	Vi     string `json:"vi,omitempty"`
	En     string `json:"en,omitempty"`
}

// TemplateChange adds, changes or ends a template of words to voters.
//
// vi: -
type TemplateChange struct {
	Action Action `json:"action"`
	Of     string `json:"of,omitempty"`    // the template that is changed or ended
	Field  string `json:"field,omitempty"` // a field, a branch, or empty for all
	Verb   string `json:"verb,omitempty"`
	Title  string `json:"title,omitempty"`
	Text   string `json:"text,omitempty"`
}

// RuleChange adds, changes or ends a routing rule.
//
// vi: -
type RuleChange struct {
	Action Action `json:"action"`
	Of     string `json:"of,omitempty"` // the rule that is changed or ended
	RuleBody
}

// DeadlineChange sets a time limit for what begins on the set's day or later.
//
// vi: -
type DeadlineChange struct {
	Key       string        `json:"key"`
	Count     int           `json:"count"`
	Unit      calendar.Unit `json:"unit"`
	Article   string        `json:"article,omitempty"`
	Confirmed bool          `json:"confirmed"`
	Note      string        `json:"note,omitempty"`
}

// RetentionChange sets how long what voters told of themselves is kept.
//
// vi: -
type RetentionChange struct {
	Keep   Keep   `json:"keep"`
	Months int    `json:"months"` // after the case was closed
	Basis  string `json:"basis"`
}

func (FieldChange) kind() Kind     { return FieldKind }
func (c TermChange) kind() Kind    { return c.Of }
func (TemplateChange) kind() Kind  { return TemplateKind }
func (RuleChange) kind() Kind      { return RuleKind }
func (DeadlineChange) kind() Kind  { return DeadlineKind }
func (RetentionChange) kind() Kind { return RetentionKind }

func (c FieldChange) thing() string     { return c.Code }
func (c TermChange) thing() string      { return c.Code }
func (c TemplateChange) thing() string  { return c.Of }
func (c RuleChange) thing() string      { return c.Of }
func (c DeadlineChange) thing() string  { return c.Key }
func (c RetentionChange) thing() string { return string(c.Keep) }

// decode reads a kept change.
func decode(kind Kind, body string) (c Change, err error) {
	switch kind {
	case FieldKind:
		c, err = read[FieldChange](body)
	case OutcomeKind, ReasonKind:
		var t TermChange
		t, err = read[TermChange](body)
		t.Of = kind
		c = t
	case TemplateKind:
		c, err = read[TemplateChange](body)
	case RuleKind:
		c, err = read[RuleChange](body)
	case DeadlineKind:
		c, err = read[DeadlineChange](body)
	case RetentionKind:
		c, err = read[RetentionChange](body)
	default:
		err = fmt.Errorf("settings: unknown kind %q", kind)
	}
	return c, err
}

func read[T any](body string) (v T, err error) {
	err = json.Unmarshal([]byte(body), &v)
	return v, err
}

// typist collects what is wrong with what was typed.
type typist struct{ faults []*fault.Fault }

func (t *typist) wrong(field, key string, args ...any) {
	t.faults = append(t.faults, fault.New(fault.Invalid, key, args...).At(field))
}

// line cleans a field of one line and checks its length.
func (t *typist) line(field, value string, most int, needed bool) string {
	value = text.Line(value)
	n := utf8.RuneCountInString(value)
	switch {
	case needed && n == 0:
		t.faults = append(t.faults, fault.New(fault.Invalid, "settings.empty").At(field))
	case n > most:
		t.faults = append(t.faults, fault.New(fault.Invalid, "settings.long", "max", most, "have", n).At(field))
	}
	return value
}

func (t *typist) action(kind Kind, a Action) {
	if !slices.Contains(kind.actions(), a) {
		t.faults = append(t.faults, fault.New(fault.Invalid, "settings.action_unknown").At("action"))
	}
}

var codeForm = regexp.MustCompile(`^[a-z][a-z0-9_]{1,19}\.[a-z][a-z0-9_]{1,29}$`)

func (c FieldChange) tidy() (Change, []*fault.Fault) {
	var t typist
	t.action(FieldKind, c.Action)
	c.Code = strings.ToLower(text.Line(c.Code))
	if !codeForm.MatchString(c.Code) {
		t.wrong("code", "settings.code_form")
	}
	named := c.Action != End
	c.Vi, c.En = t.line("vi", c.Vi, nameMax, named), t.line("en", c.En, nameMax, named)
	c.BranchVi, c.BranchEn = t.line("branch_vi", c.BranchVi, nameMax, c.BranchEn != ""), t.line("branch_en", c.BranchEn, nameMax, c.BranchVi != "")
	if !named {
		c.Vi, c.En = "", ""
	}
	if c.Action != Add {
		c.BranchVi, c.BranchEn = "", ""
	}
	return c, t.faults
}

func (c TermChange) tidy() (Change, []*fault.Fault) {
	var t typist
	t.action(c.Of, c.Action)
	c.Code = t.line("code", c.Code, nameMax, true)
	named := c.Action != End
	c.Vi, c.En = t.line("vi", c.Vi, nameMax, named), t.line("en", c.En, nameMax, named)
	if !named {
		c.Vi, c.En = "", ""
	}
	return c, t.faults
}

func (c DeadlineChange) tidy() (Change, []*fault.Fault) {
	var t typist
	c.Key = t.line("key", c.Key, nameMax, true)
	if c.Count < 1 || c.Count > countMax {
		t.wrong("count", "settings.count_wrong", "max", countMax)
	}
	if !slices.Contains(units(), c.Unit) {
		t.wrong("unit", "settings.choose")
	}
	c.Article, c.Note = t.line("article", c.Article, articleMax, false), t.line("note", c.Note, noteMax, false)
	if c.Confirmed && c.Article == "" {
		t.wrong("article", "settings.article_needed")
	}
	return c, t.faults
}

func units() []calendar.Unit {
	return []calendar.Unit{calendar.Days, calendar.WorkingDays, calendar.Months}
}

func (c RetentionChange) tidy() (Change, []*fault.Fault) {
	var t typist
	if !slices.Contains(keeps(), c.Keep) {
		t.wrong("keep", "settings.choose")
	}
	if c.Months < 1 || c.Months > monthsMax {
		t.wrong("months", "settings.months_wrong", "max", monthsMax)
	}
	c.Basis = t.line("basis", c.Basis, articleMax, true)
	return c, t.faults
}

package cases

import (
	"fmt"
	"slices"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/org"
)

// State is where a case stands in its procedure.
type State string

// Procedure is one version of a way of handling cases, as its file says it.
// Every property is written out there; nothing is inferred.
type Procedure struct {
	Name      string         `yaml:"procedure"`
	Module    string         `yaml:"-" json:"-"` // whose procedure it is; set by the engine
	Version   int            `yaml:"version"`
	Basis     string         `yaml:"basis"`
	Confirmed bool           `yaml:"confirmed"` // whether Basis was read in the law itself
	Effective Effective      `yaml:"effective"`
	Opens     string         `yaml:"opens"` // the verb that makes a case
	States    []StateRule    `yaml:"states"`
	Verbs     []Verb         `yaml:"verbs"`
	Deadlines []DeadlineRule `yaml:"deadlines"`
}

// Effective says for which days a version is chosen for new cases. Running
// cases keep the version they began under.
type Effective struct {
	From  clock.Date `yaml:"from"`
	Until clock.Date `yaml:"until"` // first day on which it is no longer chosen; empty while open
}

// StateRule describes a state.
type StateRule struct {
	Name  State `yaml:"name"`
	Waits Place `yaml:"waits"` // whose move it is; "nobody" in a final state
	Final bool  `yaml:"final"`
}

// Place says which side of a case a person stands on. It is worked out for
// each person and each case: being an agency's clerk opens that agency's cases only.
type Place string

// The places.
const (
	Owner    Place = "owner"    // the council's office
	Standing Place = "standing" // the council's standing committee
	Examiner Place = "examiner" // the committee that examines the matter
	Holder   Place = "holder"   // the body that must answer
	Voter    Place = "voter"    // the person who brought it, by their code
	Deputy   Place = "deputy"   // the deputy through whom it came; the module asks which
	Program  Place = "program"  // this program: clocks and hand-overs
	Nobody   Place = "nobody"
)

// Verb is an act that the procedure allows.
type Verb struct {
	Name     string     `yaml:"name"`
	From     []State    `yaml:"from"`                   // empty for the opening verb
	To       State      `yaml:"to"`                     // empty: the state stays
	Place    Place      `yaml:"place"`                  // the side that may do it
	Also     []Place    `yaml:"also" json:",omitempty"` // further sides that may
	Roles    []org.Role `yaml:"roles"`                  // and the roles there; empty for voter and program
	Requires []string   `yaml:"requires"`               // input that must be given
	Guards   []string   `yaml:"guards"`                 // checks named from code
	Steps    []string   `yaml:"steps"`                  // further work in the same transaction, named from code
	Apart    []string   `yaml:"apart"`                  // separation of duties: not who did one of these in this round
	FourEyes bool       `yaml:"four_eyes"`              // not who did the act that led here
	Starts   []string   `yaml:"starts"`                 // deadlines
	Stops    []string   `yaml:"stops"`
	Pauses   []string   `yaml:"pauses"`
	Resumes  []string   `yaml:"resumes"`
	Extends  string     `yaml:"extends"` // the deadline it lengthens, on a document
	// Rechooses are deadlines whose rule is picked anew, when what it hangs on
	// has become known: their beginning, pauses and extensions stay.
	Rechooses []string `yaml:"rechooses" json:",omitempty"`
	NewRound  bool     `yaml:"new_round"`
	Public    bool     `yaml:"public"` // shown to the voter who follows the case
	Basis     string   `yaml:"basis"`
}

// DeadlineRule ties a dated rule of the calendar to a procedure.
type DeadlineRule struct {
	Name       string       `yaml:"name"`
	Rule       string       `yaml:"rule"`       // key of the rule in the calendar
	Window     bool         `yaml:"window"`     // a time in which something may be done, not a duty
	Public     bool         `yaml:"public"`     // shown to the voter
	Warns      []int        `yaml:"warns"`      // working days before the due date
	Escalates  []Escalation `yaml:"escalates"`  // working days after it
	Extensions int          `yaml:"extensions"` // how often it may be lengthened
	ExtendMax  int          `yaml:"extend_max"` // by at most so many of the rule's units each time
	// Choose names code that picks the rule for the case at hand, when the law
	// sets several: Rule or one of Variants. Without it Rule counts.
	Choose   string   `yaml:"choose" json:",omitempty"`
	Variants []string `yaml:"variants" json:",omitempty"`
}

// Escalation is a rung of the ladder after a missed deadline.
type Escalation struct {
	After int        `yaml:"after"` // working days after the due date
	Place Place      `yaml:"place"`
	Roles []org.Role `yaml:"roles"`
}

// Key names the procedure and its version: "petition/1".
func (p *Procedure) Key() string { return fmt.Sprintf("%s/%d", p.Name, p.Version) }

// Verb finds a verb by name.
func (p *Procedure) Verb(name string) (Verb, bool) {
	i := slices.IndexFunc(p.Verbs, func(v Verb) bool { return v.Name == name })
	if i < 0 {
		return Verb{}, false
	}
	return p.Verbs[i], true
}

// State finds a state by name.
func (p *Procedure) State(name State) (StateRule, bool) {
	i := slices.IndexFunc(p.States, func(s StateRule) bool { return s.Name == name })
	if i < 0 {
		return StateRule{}, false
	}
	return p.States[i], true
}

// Deadline finds a deadline by name.
func (p *Procedure) Deadline(name string) (DeadlineRule, bool) {
	i := slices.IndexFunc(p.Deadlines, func(d DeadlineRule) bool { return d.Name == name })
	if i < 0 {
		return DeadlineRule{}, false
	}
	return p.Deadlines[i], true
}

// holds reports whether the version is chosen for a case that begins on day d.
func (e Effective) holds(d clock.Date) bool {
	return !d.Before(e.From) && (e.Until.IsZero() || d.Before(e.Until))
}

package calendar

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
)

// Rule is one time limit of the law, or of our own until the law is confirmed,
// as it stood between two dates.
//
// vi: thời hạn theo quy định
type Rule struct {
	Key       string
	Count     int
	Unit      Unit
	Backward  bool   // counted back from a coming event, e.g. a notice three days before a meeting
	Article   string // where we believe it stands; people are shown Basis
	Confirmed bool
	Read      Reading // of a confirmed one that was shipped; of others none
	From      clock.Date
	Until     clock.Date // last day in force; none while still in force
	Source    string     // where we have it from
	Note      string

	file string
	line int
}

// Reading is where the text of a confirmed rule was read. Confirmed alone does not
// say that it was compared with the Official Gazette.
type Reading string

// The readings, the weakest last. A rule that people put in force has none: they
// say for themselves that they compared it.
const (
	Gazette  Reading = "gazette"  // in the Official Gazette
	Seen     Reading = "seen"     // in a public source
	Mirror   Reading = "mirror"   // in somebody's copy of the text
	Codified Reading = "codified" // in somebody's copy of the codification, older than the last amendment
)

// Basis is the article a page may print: none while the rule is not confirmed.
func (r Rule) Basis() string {
	if !r.Confirmed {
		return ""
	}
	return r.Article
}

// Run starts a clock of this rule with an event on the day start.
func (r Rule) Run(start clock.Date, event string) Run {
	return Run{
		Start: start, Count: r.Count, Unit: r.Unit, Backward: r.Backward,
		Event: event, Rule: r.Key, Basis: r.Basis(),
	}
}

// Words is the basis, or that the limit is provisional and not confirmed.
func (r Rule) Words() Sentence {
	if basis := r.Basis(); basis != "" {
		return Sentence{Key: "calendar.step_basis", Args: []any{"basis", basis}}
	}
	return Unconfirmed()
}

// Rules are all time limits by key and date: those we ship, and over them those
// an office has set for itself (see Register.PutRule).
type Rules struct {
	byKey map[string][]Rule
	set   atomic.Pointer[map[string][]Rule] // oldest first; none until the register has read them
}

// LoadRules reads the rules we ship.
func LoadRules() (*Rules, error) { return ReadRules(Files) }

// ReadRules reads rules/*.toml. An unknown field, an impossible value, two rules
// of one key for the same day or a gap between them is an error that names file
// and line.
func ReadRules(files fs.FS) (*Rules, error) {
	names, err := fs.Glob(files, "rules/*.toml")
	if err != nil {
		return nil, err
	}
	all := &Rules{byKey: map[string][]Rule{}}
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		rules, err := readRules(name, b)
		if err != nil {
			return nil, err
		}
		for _, r := range rules {
			all.byKey[r.Key] = append(all.byKey[r.Key], r)
		}
	}
	for _, key := range all.Keys() {
		if err := inOrder(all.byKey[key]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// At is the rule of key in force on a day: of a shipped rule and one that the
// office has set, the one that began later, for a new law outdates what an
// office set under the old one.
func (r *Rules) At(key string, on clock.Date) (Rule, error) {
	found := Rule{}
	for _, rule := range r.byKey[key] {
		if !on.Before(rule.From) && (rule.Until.IsZero() || !on.After(rule.Until)) {
			found = rule
		}
	}
	if found.Key == "" {
		return found, fault.New(fault.Missing, "calendar.no_rule", "rule", key, "date", on.VN())
	}
	for _, rule := range r.setOf(key) {
		if !rule.From.After(on) && !rule.From.Before(found.From) {
			found = rule
		}
	}
	return found, nil
}

func (r *Rules) setOf(key string) []Rule {
	if set := r.set.Load(); set != nil {
		return (*set)[key]
	}
	return nil
}

// Keys lists the keys in order.
func (r *Rules) Keys() []string { return slices.Sorted(maps.Keys(r.byKey)) }

// History is every version of a rule, oldest first.
func (r *Rules) History(key string) []Rule {
	all := append(slices.Clone(r.byKey[key]), r.setOf(key)...)
	slices.SortStableFunc(all, func(a, b Rule) int { return a.From.Compare(b.From) })
	return all
}

// put takes over what the office has set, in the order it was set.
func (r *Rules) put(all []Rule) {
	set := map[string][]Rule{}
	for _, rule := range all {
		set[rule.Key] = append(set[rule.Key], rule)
	}
	for _, versions := range set {
		slices.SortStableFunc(versions, func(a, b Rule) int { return a.From.Compare(b.From) })
	}
	r.set.Store(&set)
}

type ruleRow struct {
	Key       string     `toml:"key"`
	Count     int        `toml:"count"`
	Unit      Unit       `toml:"unit"`
	Backward  bool       `toml:"backward"`
	Basis     string     `toml:"basis"`
	Confirmed *bool      `toml:"confirmed"`
	Read      Reading    `toml:"read"`
	From      clock.Date `toml:"from"`
	Until     clock.Date `toml:"until"`
	Source    string     `toml:"source"`
	Note      string     `toml:"note"`
}

func readRules(file string, b []byte) ([]Rule, error) {
	rows, err := readRows(file, b, "rule")
	if err != nil {
		return nil, err
	}
	rules := make([]Rule, 0, len(rows))
	for _, row := range rows {
		if err := addRow(row, &rules, ruleRow.rule); err != nil {
			return nil, err
		}
		rules[len(rules)-1].file, rules[len(rules)-1].line = row.file, row.line
	}
	return rules, nil
}

func (r ruleRow) rule() (Rule, error) {
	if err := r.check(); err != nil {
		return Rule{}, err
	}
	return Rule{
		Key: r.Key, Count: r.Count, Unit: r.Unit, Backward: r.Backward, Article: r.Basis,
		Confirmed: *r.Confirmed, Read: r.Read, From: r.From, Until: r.Until, Source: r.Source, Note: r.Note,
	}, nil
}

func (r ruleRow) check() error {
	module, name, ok := strings.Cut(r.Key, ".")
	switch {
	case !ok || module == "" || name == "":
		return fmt.Errorf("key %q is not module.name", r.Key)
	case r.Confirmed == nil:
		return errors.New("confirmed is needed")
	case r.From.IsZero():
		return errors.New("from is needed")
	case !r.Until.IsZero() && r.Until.Before(r.From):
		return errors.New("until is before from")
	case r.Source == "":
		return errors.New("source is needed")
	case *r.Confirmed && r.Basis == "":
		return errors.New("a confirmed rule needs its basis")
	case *r.Confirmed != slices.Contains([]Reading{Gazette, Seen, Mirror, Codified}, r.Read):
		return errors.New("read says where the text of a confirmed rule was read: gazette, seen, mirror or codified")
	case r.Unit == None && r.Count == 0:
		return nil
	case r.Unit != Days && r.Unit != WorkingDays && r.Unit != Months:
		return fmt.Errorf("unit %q is unknown", r.Unit)
	case r.Count < 1 || r.Count > countMax:
		return fmt.Errorf("count %d is not between 1 and %d", r.Count, countMax)
	}
	return nil
}

// inOrder sorts one key's rules by date and refuses overlaps and gaps.
func inOrder(rules []Rule) error {
	slices.SortStableFunc(rules, func(a, b Rule) int { return a.From.Compare(b.From) })
	for i := 1; i < len(rules); i++ {
		a, b := rules[i-1], rules[i]
		if a.Until.IsZero() || !b.From.After(a.Until) {
			return complain(b.file, b.line, "%s from %s overlaps the rule at %s:%d", b.Key, b.From, a.file, a.line)
		}
		if b.From != a.Until.AddDays(1) {
			return complain(b.file, b.line, "%s has a gap between %s (%s:%d) and %s", b.Key, a.Until, a.file, a.line, b.From)
		}
	}
	return nil
}

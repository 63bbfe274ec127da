package validity

import (
	"embed"
	"fmt"
	"strings"

	"github.com/BurntSushi/toml"

	"example.vn/hdnd/internal/kernel/clock"
)

//go:embed rules.toml
var rulesFile embed.FS

// Rule is one dated rule of effect, with where it is from and whether it was
// held against the law.
//
// vi: quy tắc hiệu lực
type Rule struct {
	Key       string     `toml:"key"`
	Level     Level      `toml:"level"` // whose texts; empty: all
	From      clock.Date `toml:"from"`  // days of the event it is about
	Until     clock.Date `toml:"until"` // last one; none: still
	LastDay   clock.Date `toml:"last_day"`
	Value     string     `toml:"value"`
	Days      int        `toml:"days"`
	Basis     string     `toml:"basis"`
	Confirmed bool       `toml:"confirmed"`
	Source    string     `toml:"source"`
	Note      string     `toml:"note"`
}

// The keys of rules.
const (
	districtLapse    = "district_lapse"
	annulmentUndoes  = "annulment_undoes"
	repealRevives    = "repeal_revives"
	guidedLapse      = "guided_lapse"
	daysBeforeEffect = "days_before_effect"
)

// Rules are the rules of effect.
//
// vi: bộ quy tắc hiệu lực
type Rules struct{ all []Rule }

// LoadRules reads the rules we ship.
func LoadRules() (Rules, error) {
	b, err := rulesFile.ReadFile("rules.toml")
	if err != nil {
		return Rules{}, err
	}
	return ReadRules(string(b))
}

// ReadRules reads rules. An unknown field or key, a value that the program does
// not know, or two rules for one day are errors.
func ReadRules(s string) (Rules, error) {
	var file struct {
		Rule []Rule `toml:"rule"`
	}
	meta, err := toml.Decode(s, &file)
	if err != nil {
		return Rules{}, fmt.Errorf("validity: rules: %w", err)
	}
	if extra := meta.Undecoded(); len(extra) > 0 {
		return Rules{}, fmt.Errorf("validity: rules: unknown field %s", extra[0])
	}
	values := map[string]string{districtLapse: "", annulmentUndoes: "yes no", repealRevives: "yes no", guidedLapse: "unfit expired none", daysBeforeEffect: ""}
	for i, r := range file.Rule {
		allowed, known := values[r.Key]
		switch {
		case !known:
			return Rules{}, fmt.Errorf("validity: rules: unknown key %q", r.Key)
		case r.Value != "" != (allowed != "") || allowed != "" && !strings.Contains(" "+allowed+" ", " "+r.Value+" "):
			return Rules{}, fmt.Errorf("validity: rules: %s cannot be %q", r.Key, r.Value)
		case r.Key == districtLapse && r.LastDay.IsZero(), r.Key == daysBeforeEffect && (r.Days < 0 || r.Days > 366), r.From.IsZero(), r.Basis == "" || r.Note == "":
			return Rules{}, fmt.Errorf("validity: rules: %s lacks a value", r.Key)
		}
		for _, o := range file.Rule[:i] {
			if o.Key == r.Key && o.Level == r.Level && (o.Until.IsZero() || !o.Until.Before(r.From)) && (r.Until.IsZero() || !r.Until.Before(o.From)) {
				return Rules{}, fmt.Errorf("validity: rules: two of %s for one day", r.Key)
			}
		}
	}
	return Rules{file.Rule}, nil
}

// at finds the rule for an event on a day; a rule for the level goes before one
// for all. The zero Rule when there is none.
func (r Rules) at(key string, level Level, on day) (Rule, bool) {
	best, found := Rule{}, false
	for _, one := range r.all {
		if one.Key != key || one.Level != "" && one.Level != level || on < dayOf(one.From, always) || on > dayOf(one.Until, never) {
			continue
		}
		if !found || best.Level == "" {
			best, found = one, true
		}
	}
	return best, found
}

// All lists the rules, for the page that says what is not confirmed.
func (r Rules) All() []Rule { return r.all }

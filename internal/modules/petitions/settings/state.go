package settings

import (
	"cmp"
	"maps"
	"slices"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

// Field is a field of work.
//
// vi: lĩnh vực
type Field struct {
	Code, Vi, En string
	Ended        bool // stays readable on old cases, is no longer offered
	Source
}

// Branch is the committee's part of a field code.
func (f Field) Branch() string { return branchOf(f.Code) }

// Term is an outcome of an answer, or a reason for not taking a petition in.
//
// vi: -
type Term struct {
	Code, Vi, En string
	Ended        bool
	Source
}

// limit is a time limit that a set decided.
type limit struct {
	DeadlineChange
	Source
}

// state is all that is in force on a day.
type state struct {
	from       clock.Date // until the next state begins
	fields     []Field
	branches   []Term
	terms      map[Kind][]Term
	templates  map[string][]Template // by council
	rules      map[string][]Rule     // by council, in the order they are asked
	limits     map[string]limit      // by key
	retentions map[Keep]Retention
	words      map[text.Lang]map[string]string // that differ from the shipped ones

	endable     map[Kind][]string
	authorities []string
	channels    []string
	deadlines   []string
}

// place is where and on what a change is applied.
type place struct {
	itemID, councilID string
	Source
	// units and bodies that may be named; nil asks for none, since what is in
	// force was asked for when it came into force.
	units, bodies map[string]bool
}

// shipped is what is in force before any set.
func (d *Desk) shipped() *state {
	st := &state{terms: map[Kind][]Term{}, templates: map[string][]Template{}, rules: map[string][]Rule{}, limits: map[string]limit{}, retentions: map[Keep]Retention{},
		words:   map[text.Lang]map[string]string{text.Vi: {}, text.En: {}},
		endable: map[Kind][]string{OutcomeKind: d.EndOutcomes, ReasonKind: d.EndReasons}, authorities: d.Authorities, deadlines: d.Deadlines}
	say := func(family, code string) (vi, en string) {
		return d.Text.Say(text.Vi, family+code), d.Text.Say(text.En, family+code)
	}
	for _, code := range d.Deps.Fields {
		f := Field{Code: code}
		f.Vi, f.En = say("petitions.field.", code)
		st.fields = append(st.fields, f)
		if !st.hasBranch(f.Branch()) {
			b := Term{Code: f.Branch()}
			b.Vi, b.En = say("petitions.branch.", b.Code)
			st.branches = append(st.branches, b)
		}
	}
	for kind, codes := range map[Kind][]string{OutcomeKind: d.Deps.Outcomes, ReasonKind: d.Deps.Reasons} {
		for _, code := range codes {
			t := Term{Code: code}
			t.Vi, t.En = say("petitions."+string(kind)+".", code)
			st.terms[kind] = append(st.terms[kind], t)
		}
	}
	for _, c := range d.Channels {
		st.channels = append(st.channels, c.Code)
	}
	return st
}

// copied is a state that can be changed without changing st.
func (st *state) copied() *state {
	c := *st
	c.fields, c.branches = slices.Clone(st.fields), slices.Clone(st.branches)
	c.terms, c.limits, c.retentions = maps.Clone(st.terms), maps.Clone(st.limits), maps.Clone(st.retentions)
	for k, v := range c.terms {
		c.terms[k] = slices.Clone(v)
	}
	c.templates, c.rules = maps.Clone(st.templates), maps.Clone(st.rules)
	for k, v := range c.templates {
		c.templates[k] = slices.Clone(v)
	}
	for k, v := range c.rules {
		c.rules[k] = slices.Clone(v)
	}
	c.words = map[text.Lang]map[string]string{}
	for lang, words := range st.words {
		c.words[lang] = maps.Clone(words)
	}
	return &c
}

func (st *state) field(code string) (*Field, bool) {
	i := slices.IndexFunc(st.fields, func(f Field) bool { return f.Code == code })
	if i < 0 {
		return nil, false
	}
	return &st.fields[i], true
}

// offers reports whether a field can be chosen now.
func (st *state) offers(code string) bool {
	f, ok := st.field(code)
	return ok && !f.Ended
}

func (st *state) hasBranch(code string) bool {
	return slices.ContainsFunc(st.branches, func(b Term) bool { return b.Code == code })
}

func (st *state) call(key, vi, en string) {
	st.words[text.Vi][key], st.words[text.En][key] = vi, en
}

func wrong(field, key string, args ...any) *fault.Fault {
	return fault.New(fault.Invalid, key, args...).At(field)
}

func (c FieldChange) apply(st *state, in place) *fault.Fault {
	if c.Action != End {
		same := func(f Field) bool { return !f.Ended && f.Code != c.Code && text.Fold(f.Vi) == text.Fold(c.Vi) }
		if i := slices.IndexFunc(st.fields, same); i >= 0 {
			return wrong("vi", "settings.name_taken", "code", st.fields[i].Code)
		}
	}
	if c.Action == Add {
		return c.add(st, in)
	}
	f, ok := st.field(c.Code)
	switch {
	case !ok:
		return wrong("code", "settings.field_unknown", "code", c.Code)
	case f.Ended:
		return wrong("code", "settings.field_ended", "code", c.Code)
	case c.Action == End:
		f.Ended, f.Source = true, in.Source
	default:
		f.Vi, f.En, f.Source = c.Vi, c.En, in.Source
		st.call("petitions.field."+c.Code, c.Vi, c.En)
	}
	return nil
}

// add puts a new field behind the others of its branch. A code that was ever
// used is not used again: old cases bear it.
func (c FieldChange) add(st *state, in place) *fault.Fault {
	if _, ok := st.field(c.Code); ok {
		return wrong("code", "settings.code_used", "code", c.Code)
	}
	branch := branchOf(c.Code)
	if !st.hasBranch(branch) {
		if c.BranchVi == "" {
			return wrong("branch_vi", "settings.branch_new", "branch", branch)
		}
		st.branches = append(st.branches, Term{Code: branch, Vi: c.BranchVi, En: c.BranchEn, Source: in.Source})
		st.call("petitions.branch."+branch, c.BranchVi, c.BranchEn)
	}
	at := len(st.fields)
	for i, f := range st.fields {
		if f.Branch() == branch {
			at = i + 1
		}
	}
	st.fields = slices.Insert(st.fields, at, Field{Code: c.Code, Vi: c.Vi, En: c.En, Source: in.Source})
	st.call("petitions.field."+c.Code, c.Vi, c.En)
	return nil
}

func (c TermChange) apply(st *state, in place) *fault.Fault {
	i := slices.IndexFunc(st.terms[c.Of], func(t Term) bool { return t.Code == c.Code })
	if i < 0 || st.terms[c.Of][i].Ended {
		return wrong("code", "settings.term_unknown", "code", c.Code)
	}
	t := &st.terms[c.Of][i]
	if c.Action == End {
		if !slices.Contains(st.endable[c.Of], c.Code) {
			return wrong("code", "settings.term_counted", "name", t.Vi)
		}
		t.Ended, t.Source = true, in.Source
		return nil
	}
	t.Vi, t.En, t.Source = c.Vi, c.En, in.Source
	st.call("petitions."+string(c.Of)+"."+c.Code, c.Vi, c.En)
	return nil
}

func (c TemplateChange) apply(st *state, in place) *fault.Fault {
	all := st.templates[in.councilID]
	i := slices.IndexFunc(all, func(t Template) bool { return t.ID == c.Of })
	if c.Action != Add && i < 0 {
		return wrong("of", "settings.template_unknown")
	}
	if c.Action == End {
		st.templates[in.councilID] = slices.Delete(all, i, i+1)
		return nil
	}
	if c.Field != "" && !st.hasBranch(c.Field) && !st.offers(c.Field) {
		return wrong("field", "settings.field_unknown", "code", c.Field)
	}
	t := Template{ID: cmp.Or(c.Of, in.itemID), Field: c.Field, Verb: c.Verb, Title: c.Title, Text: c.Text, Source: in.Source}
	if c.Action == Add {
		st.templates[in.councilID] = append(all, t)
	} else {
		all[i] = t
	}
	return nil
}

func (c RuleChange) apply(st *state, in place) *fault.Fault {
	all := st.rules[in.councilID]
	i := slices.IndexFunc(all, func(r Rule) bool { return r.ID == c.Of })
	if c.Action != Add && i < 0 {
		return wrong("of", "settings.rule_unknown")
	}
	if c.Action == End {
		st.rules[in.councilID] = slices.Delete(all, i, i+1)
		return nil
	}
	if f := c.RuleBody.fits(st, in); f != nil {
		return f
	}
	r, err := compiled(cmp.Or(c.Of, in.itemID), c.RuleBody, in.Source)
	if err != nil {
		return wrong("title", "settings.rule_unknown").Because(err)
	}
	if c.Action == Add {
		all = append(all, r)
	} else {
		all[i] = r
	}
	sortRules(all)
	st.rules[in.councilID] = all
	return nil
}

// fits says which name of a rule is not known.
func (b RuleBody) fits(st *state, in place) *fault.Fault {
	known := func(of map[string]bool, code string) bool { return code == "" || of == nil || of[code] }
	switch {
	case b.Field != "" && !st.hasBranch(b.Field) && !st.offers(b.Field):
		return wrong("field", "settings.field_unknown", "code", b.Field)
	case b.ToField != "" && !st.offers(b.ToField):
		return wrong("to_field", "settings.field_unknown", "code", b.ToField)
	case b.Authority != "" && !slices.Contains(st.authorities, b.Authority):
		return wrong("authority", "settings.choose")
	case b.ToAuthority != "" && !slices.Contains(st.authorities, b.ToAuthority):
		return wrong("to_authority", "settings.choose")
	case b.Channel != "" && !slices.Contains(st.channels, b.Channel):
		return wrong("channel", "settings.choose")
	case !known(in.units, b.Ward):
		return wrong("ward", "settings.ward_unknown")
	case !known(in.bodies, b.ToBody):
		return wrong("to_body", "settings.body_unknown")
	}
	return nil
}

func (c DeadlineChange) apply(st *state, in place) *fault.Fault {
	if !slices.Contains(st.deadlines, c.Key) {
		return wrong("key", "settings.choose")
	}
	st.limits[c.Key] = limit{c, in.Source}
	return nil
}

// rule is the dated version for the calendar.
func (c DeadlineChange) rule(s Set) calendar.Rule {
	return calendar.Rule{Key: c.Key, Count: c.Count, Unit: c.Unit, Article: c.Article, Confirmed: c.Confirmed, From: s.From, Source: s.Basis(), Note: c.Note}
}

func (c RetentionChange) apply(st *state, in place) *fault.Fault {
	st.retentions[c.Keep] = Retention{Keep: c.Keep, Months: c.Months, Basis: c.Basis, Source: in.Source}
	return nil
}

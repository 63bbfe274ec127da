package settings

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

// RuleBody is what a routing rule asks for and what it proposes.
//
// vi: -
type RuleBody struct {
	Title       string   `json:"title,omitempty"`
	Any         []string `json:"any,omitempty"` // one of these words or phrases
	All         []string `json:"all,omitempty"` // and each of these
	Field       string   `json:"field,omitempty"`
	Ward        string   `json:"ward,omitempty"` // code
	Authority   string   `json:"authority,omitempty"`
	Channel     string   `json:"channel,omitempty"`
	ToField     string   `json:"to_field,omitempty"`
	ToAuthority string   `json:"to_authority,omitempty"`
	ToBody      string   `json:"to_body,omitempty"`  // id
	Priority    int      `json:"priority,omitempty"` // the higher comes first
}

// Rule is a routing rule of a council.
//
// vi: quy tắc phân luồng
type Rule struct {
	ID string
	RuleBody
	Source
	any, all []string // as needles
	content  string   // orders rules that are equal in all else
}

// Facts are what rules look at. Unknown facts are empty.
//
// vi: -
type Facts struct {
	Text                            string
	Field, Ward, Authority, Channel string

	said string // the text as a needle, when it is known already
}

// Hit is a rule that meets a petition, with what it proposes; empty where it
// proposes nothing.
//
// vi: -
type Hit struct {
	RuleID, Title            string
	Priority                 int
	Field, Authority, BodyID string
	Words                    []string // of the rule, found in the text
}

// Proposal is what several hits propose together.
//
// vi: -
type Proposal struct{ Field, Authority, BodyID string }

// Propose takes, for field, authority and body each, what the first hit says.
func Propose(hits []Hit) (p Proposal) {
	for _, h := range hits {
		p.Field, p.Authority, p.BodyID = cmp.Or(p.Field, h.Field), cmp.Or(p.Authority, h.Authority), cmp.Or(p.BodyID, h.BodyID)
	}
	return p
}

func (c RuleChange) tidy() (Change, []*fault.Fault) {
	var t typist
	t.action(RuleKind, c.Action)
	if c.Of = text.Line(c.Of); c.Action != Add && c.Of == "" {
		t.wrong("of", "settings.choose")
	}
	if c.Action == Add {
		c.Of = ""
	}
	if c.Action == End {
		return RuleChange{Action: End, Of: c.Of}, t.faults
	}
	b := &c.RuleBody
	b.Title = t.line("title", b.Title, titleMax, true)
	b.Any, b.All = t.words("any", b.Any), t.words("all", b.All)
	for _, s := range []*string{&b.Field, &b.Ward, &b.Authority, &b.Channel, &b.ToField, &b.ToAuthority, &b.ToBody} {
		*s = text.Line(*s)
	}
	if len(b.Any)+len(b.All) == 0 && b.Field+b.Ward+b.Authority+b.Channel == "" {
		t.wrong("any", "settings.rule_asks_nothing")
	}
	if b.ToField+b.ToAuthority+b.ToBody == "" {
		t.wrong("to_field", "settings.rule_proposes_nothing")
	}
	if b.Priority < 1 || b.Priority > priorityMax {
		t.wrong("priority", "settings.priority_wrong", "max", priorityMax)
	}
	return c, t.faults
}

// words cleans a list of words, each once; a word without letters matches nothing.
func (t *typist) words(field string, in []string) (out []string) {
	seen := map[string]bool{}
	for _, w := range in {
		w = text.Line(w)
		key := needle(w)
		switch {
		case w == "" || seen[key]:
			continue
		case key == " ":
			t.wrong(field, "settings.word_without_letters", "word", w)
		case utf8.RuneCountInString(w) > wordMax:
			t.wrong(field, "settings.word_long", "word", string([]rune(w)[:20])+"…", "max", wordMax)
		}
		seen[key] = true
		out = append(out, w)
	}
	if len(out) > wordsMax {
		t.wrong(field, "settings.words_many", "max", wordsMax)
	}
	return out
}

// needle writes words so that they are found whole, with or without accents:
// lower case, one space before, between and behind.
func needle(s string) string {
	words := strings.FieldsFunc(text.Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return " "
	}
	return " " + strings.Join(words, " ") + " "
}

// compiled makes a rule ready to be asked.
func compiled(id string, b RuleBody, src Source) (Rule, error) {
	content, err := json.Marshal(b)
	r := Rule{ID: id, RuleBody: b, Source: src, content: string(content)}
	for _, w := range b.Any {
		r.any = append(r.any, needle(w))
	}
	for _, w := range b.All {
		r.all = append(r.all, needle(w))
	}
	return r, err
}

// asks counts the conditions of a rule: the more, the more exact it is.
func (r Rule) asks() int {
	n := len(r.all)
	if len(r.any) > 0 {
		n++
	}
	for _, s := range []string{r.Field, r.Ward, r.Authority, r.Channel} {
		if s != "" {
			n++
		}
	}
	return n
}

// before orders rules: the higher priority, then the more exact, then by what
// they say. When they were entered never matters.
func (r Rule) before(o Rule) int {
	return cmp.Or(cmp.Compare(o.Priority, r.Priority), cmp.Compare(o.asks(), r.asks()), cmp.Compare(r.content, o.content))
}

// meets tells whether a rule meets a petition, and which of its words are there.
func (r Rule) meets(f Facts) (words []string, ok bool) {
	if r.Field != "" && !within(f.Field, r.Field) || r.Ward != "" && r.Ward != f.Ward ||
		r.Authority != "" && r.Authority != f.Authority || r.Channel != "" && r.Channel != f.Channel {
		return nil, false
	}
	for i, n := range r.all {
		if !strings.Contains(f.said, n) {
			return nil, false
		}
		words = append(words, r.All[i])
	}
	some := len(r.any) == 0
	for i, n := range r.any {
		if strings.Contains(f.said, n) {
			some = true
			words = append(words, r.Any[i])
		}
	}
	return words, some
}

// route asks the rules of a council. A field that has ended is not proposed.
func (st *state) route(councilID string, f Facts) []Hit {
	var hits []Hit
	if f.said == "" {
		f.said = needle(f.Text)
	}
	for _, r := range st.rules[councilID] {
		words, ok := r.meets(f)
		if !ok {
			continue
		}
		h := Hit{RuleID: r.ID, Title: r.Title, Priority: r.Priority, Field: r.ToField, Authority: r.ToAuthority, BodyID: r.ToBody, Words: words}
		if !st.offers(h.Field) {
			h.Field = ""
		}
		hits = append(hits, h)
	}
	return hits
}

// Route says which of a council's rules meet a petition today, the first in
// priority first.
func (d *Desk) Route(_ context.Context, councilID string, f Facts) []Hit {
	return d.at(d.today()).route(councilID, f)
}

func sortRules(rules []Rule) { slices.SortStableFunc(rules, Rule.before) }

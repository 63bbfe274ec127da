package settings

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

// Template is a text with places for the facts of a petition.
//
// vi: mẫu trả lời
type Template struct {
	ID    string
	Field string // a field, a branch, or empty for all
	Verb  string
	Title string
	Text  string
	Source
}

// Verbs lists what templates are for: to answer, to refuse, to return, and the
// closing words of a transfer letter.
func Verbs() []string { return []string{"answer", "refuse", "return", "transfer"} }

// Places lists what a template may leave open.
func Places() []string { return []string{"code", "body", "ward", "due", "voter_salutation"} }

// Filling is what the places of a template are filled with.
//
// vi: -
type Filling struct {
	Code, Body, Ward string
	Due              clock.Date
	Salutation       string // "Ông/Bà" when empty
}

// blank stands where a fact is not known, so that the writer sees the gap.
const blank = "……"

var braced = regexp.MustCompile(`\{[^{}]*\}`)

func (c TemplateChange) tidy() (Change, []*fault.Fault) {
	var t typist
	t.action(TemplateKind, c.Action)
	if c.Of = text.Line(c.Of); c.Action != Add && c.Of == "" {
		t.wrong("of", "settings.choose")
	}
	if c.Action == Add {
		c.Of = ""
	}
	if c.Action == End {
		return TemplateChange{Action: End, Of: c.Of}, t.faults
	}
	c.Field = text.Line(c.Field)
	if !slices.Contains(Verbs(), c.Verb) {
		t.wrong("verb", "settings.choose")
	}
	c.Title = t.line("title", c.Title, titleMax, true)
	c.Text = text.Clean(c.Text)
	switch n := utf8.RuneCountInString(c.Text); {
	case n == 0:
		t.wrong("text", "settings.empty")
	case n > templateMax:
		t.wrong("text", "settings.long", "max", templateMax, "have", n)
	default:
		if f := checkPlaces(c.Text); f != nil {
			t.faults = append(t.faults, f)
		}
	}
	return c, t.faults
}

// checkPlaces refuses a place that nothing fills, and a brace that opens or
// closes none.
func checkPlaces(s string) *fault.Fault {
	known := "{" + strings.Join(Places(), "}, {") + "}"
	for _, p := range braced.FindAllString(s, -1) {
		if !slices.Contains(Places(), p[1:len(p)-1]) {
			return fault.New(fault.Invalid, "settings.place_unknown", "place", p, "known", known).At("text")
		}
	}
	if strings.ContainsAny(braced.ReplaceAllString(s, ""), "{}") {
		return fault.New(fault.Invalid, "settings.brace_alone", "known", known).At("text")
	}
	return nil
}

// Render fills a template. It fills once: a fact that looks like a place stays
// as it is.
func Render(t Template, f Filling) string {
	return strings.NewReplacer(
		"{code}", cmp.Or(f.Code, blank), "{body}", cmp.Or(f.Body, blank), "{ward}", cmp.Or(f.Ward, blank),
		"{due}", cmp.Or(f.Due.VN(), blank), "{voter_salutation}", cmp.Or(f.Salutation, "Ông/Bà")).Replace(t.Text)
}

// Templates lists a council's own templates for a field and verb on a day: those
// of the field first, then those of its branch, then those for all.
func (d *Desk) Templates(_ context.Context, councilID, field, verb string, today clock.Date) []Template {
	var all []Template
	for _, t := range d.at(today).templates[councilID] {
		if t.Verb == verb && (t.Field == "" || within(field, t.Field)) {
			all = append(all, t)
		}
	}
	slices.SortStableFunc(all, func(a, b Template) int {
		return cmp.Or(cmp.Compare(len(b.Field), len(a.Field)), cmp.Compare(text.SortKey(a.Title), text.SortKey(b.Title)), cmp.Compare(a.Text, b.Text))
	})
	return all
}

// within reports whether a field is the wanted one or of the wanted branch.
func within(field, wanted string) bool {
	return field == wanted || branchOf(field) == wanted
}

func branchOf(field string) string {
	b, _, _ := strings.Cut(field, ".")
	return b
}

package ui

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

// Errors are the faults of one form, found by field.
type Errors struct{ faults []*fault.Fault }

// ErrorsOf lists the faults of err; none of nil.
func ErrorsOf(err error) Errors {
	if err == nil {
		return Errors{}
	}
	f := fault.Of(err)
	if len(f.Faults) > 0 {
		return Errors{f.Faults}
	}
	return Errors{[]*fault.Fault{f}}
}

// Any reports whether anything is wrong.
func (e Errors) Any() bool { return len(e.faults) > 0 }

// In are the faults of one form among several on a page, whose fields bear its
// name before their own: "move.note". Without, two fields would have one id, and
// a label would name the wrong one.
func (e Errors) In(form string) Errors {
	all := make([]*fault.Fault, len(e.faults))
	for i, f := range e.faults {
		named := *f
		if f.Field != "" {
			named.Field = form + "." + f.Field
		}
		all[i] = &named
	}
	return Errors{all}
}

// At is the fault of field; nil when the field is well.
func (e Errors) At(field string) *fault.Fault {
	for _, f := range e.faults {
		if f.Field == field {
			return f
		}
	}
	return nil
}

// Sentence is what f says to a person. A fault without a sentence, and every
// internal one, gives the sentence of its kind, so that no cause leaks.
func Sentence(ctx context.Context, f *fault.Fault) string {
	if f.Kind == fault.Internal || !text.Known(ctx, f.Key) {
		return text.T(ctx, "web.fault_"+string(f.Kind))
	}
	args := make([]any, 0, 2*len(f.Args))
	for name, value := range f.Args {
		args = append(args, name, value)
	}
	return text.T(ctx, f.Key, args...)
}

// Field is a field to type in.
type Field struct {
	Name, Label, Hint, Value string
	Errors                   Errors
	Required                 bool
	ReadOnly                 bool
	Type                     string // text (when empty), email, tel, password, search, number, url
	Autocomplete, Mode       string // the browser's autocomplete and inputmode
	Max                      int    // characters; TextArea counts down to it
	Rows                     int    // TextArea
	Short                    bool   // dates, codes, numbers
	Focus                    bool   // the one field that has the focus at first
}

func (f Field) id() string { return fieldID(f.Name) }

func (f Field) kind() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

func (f Field) rows() int {
	if f.Rows == 0 {
		return 5
	}
	return f.Rows
}

func (f Field) left() int { return f.Max - utf8.RuneCountInString(f.Value) }

// Option is one answer to choose.
type Option struct {
	Value, Label, Hint, Group string
	Disabled                  bool
}

// Choice is a field to choose in: one answer, or several with Checkboxes.
type Choice struct {
	Name, Label, Hint string
	Value             string   // Select and Radios
	Values            []string // Checkboxes
	Options           []Option
	Errors            Errors
	Required          bool
	Empty             string // Select: label of the answer "none"; empty offers none
	Inline            bool   // Radios and Checkboxes side by side
	SubmitOnChange    bool   // Select in a FilterBar; needs JavaScript, else the button
}

func (c Choice) id() string { return fieldID(c.Name) }

func (c Choice) has(v string) bool { return v == c.Value || slices.Contains(c.Values, v) }

// groups gives the options' groups in their order; the empty group first.
func (c Choice) groups() []string {
	var names []string
	for _, o := range c.Options {
		if o.Group != "" && !slices.Contains(names, o.Group) {
			names = append(names, o.Group)
		}
	}
	return names
}

func (c Choice) in(group string) []Option {
	var in []Option
	for _, o := range c.Options {
		if o.Group == group {
			in = append(in, o)
		}
	}
	return in
}

// Check is one box to tick.
type Check struct {
	Name, Label, Hint string
	Value             string // sent when ticked; "1" when empty
	Checked           bool
	Errors            Errors
	Required          bool
}

func (c Check) value() string {
	if c.Value == "" {
		return "1"
	}
	return c.Value
}

// FileField is a field to choose files in.
type FileField struct {
	Name, Label, Hint string
	Accept            string // ".pdf,.jpg"
	Files             int    // how many; 1 when zero
	FileBytes         int64  // largest size of one, shown and checked before sending
	Errors            Errors
	Required          bool
}

// fieldID is the id of a field's element. Error summaries link to it.
func fieldID(name string) string { return "f-" + strings.ReplaceAll(name, ".", "-") }

// wiring gives the ids that describe a field to a screen reader.
func wiring(name, hint string, errs Errors, more ...string) string {
	ids := more
	if hint != "" {
		ids = append(ids, fieldID(name)+"-hint")
	}
	if errs.At(name) != nil {
		ids = append(ids, fieldID(name)+"-error")
	}
	return strings.Join(ids, " ")
}

func invalid(name string, errs Errors) string {
	if errs.At(name) != nil {
		return "true"
	}
	return "false"
}

// newOnce is a fresh token; two sendings of one page carry the same.
func newOnce() string { return rand.Text() }

// Size writes a number of bytes as people read it.
func Size(lang text.Lang, bytes int64) string {
	const kB, MB, GB = 1 << 10, 1 << 20, 1 << 30
	amount, unit := float64(bytes), "byte"
	switch {
	case bytes >= GB:
		amount, unit = amount/GB, "GB"
	case bytes >= MB:
		amount, unit = amount/MB, "MB"
	case bytes >= kB:
		amount, unit = amount/kB, "kB"
	}
	s := strings.TrimSuffix(fmt.Sprintf("%.1f", amount), ".0")
	if lang == text.Vi {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s + " " + unit
}

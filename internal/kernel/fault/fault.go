// Package fault holds the one error type that people may read.
//
// A Fault has a kind for the machine, a key for the sentence shown to a person,
// the rule that refuses where the law refuses, and a cause for the operator's
// log. Any error that is not a Fault is internal: nothing of it is shown.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of failure this is; the web shell maps it to a status.
type Kind string

// The kinds. Unclassified errors count as Internal.
const (
	Invalid     Kind = "invalid"     // the input is wrong; the person can mend it
	Missing     Kind = "missing"     // no such thing, or not for this person to know of
	Forbidden   Kind = "forbidden"   // known, but this act is not theirs
	SignIn      Kind = "sign_in"     // nobody is signed in, or no longer
	Refused     Kind = "refused"     // a rule of the field refuses the act now
	Conflict    Kind = "conflict"    // somebody else changed it meanwhile
	TooLarge    Kind = "too_large"   // more bytes or items than we take
	TooMany     Kind = "too_many"    // more requests than we take
	Unavailable Kind = "unavailable" // database, disk or a service is away
	Internal    Kind = "internal"    // our mistake
)

// Fault is an error that can be shown to a person.
type Fault struct {
	Kind   Kind
	Key    string         // text key of the sentence, e.g. "petitions.already_answered"
	Args   map[string]any // values for the sentence's {names}
	Field  string         // form field the fault belongs to; empty for the whole form
	Rule   string         // article that refuses; empty when no rule applies
	Err    error          // cause, for the log only
	Faults []*Fault       // further faults of the same form, one per field
}

// New makes a fault; args are name, value pairs for the sentence.
func New(kind Kind, key string, args ...any) *Fault {
	f := &Fault{Kind: kind, Key: key}
	for i := 0; i+1 < len(args); i += 2 {
		if f.Args == nil {
			f.Args = make(map[string]any, len(args)/2)
		}
		f.Args[fmt.Sprint(args[i])] = args[i+1]
	}
	return f
}

// At names the form field that is wrong.
func (f *Fault) At(field string) *Fault { f.Field = field; return f }

// By names the article that refuses.
func (f *Fault) By(rule string) *Fault { f.Rule = rule; return f }

// Because keeps the cause for the log.
func (f *Fault) Because(err error) *Fault { f.Err = err; return f }

// Error is for logs and tests; people read the sentence of Key.
func (f *Fault) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", f.Kind, f.Key)
	if f.Field != "" {
		fmt.Fprintf(&b, " (field %s)", f.Field)
	}
	for _, more := range f.Faults {
		fmt.Fprintf(&b, "; %s", more.Error())
	}
	if f.Err != nil {
		fmt.Fprintf(&b, ": %v", f.Err)
	}
	return b.String()
}

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Err }

// Join makes one Invalid fault of several field faults, nil of none.
func Join(faults ...*Fault) error {
	var all []*Fault
	for _, f := range faults {
		if f != nil {
			all = append(all, f)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return &Fault{Kind: Invalid, Key: "fault.form", Faults: all}
}

// Of finds the Fault in err's chain. Any other error becomes an Internal fault
// that carries err as its cause.
func Of(err error) *Fault {
	if err == nil {
		return nil
	}
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return &Fault{Kind: Internal, Key: "fault.internal", Err: err}
}

// KindOf is the kind of err; empty for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	return Of(err).Kind
}

// Is reports whether err is a fault with this key, or has one among its fields.
func Is(err error, key string) bool {
	f := Of(err)
	if f == nil {
		return false
	}
	if f.Key == key {
		return true
	}
	for _, more := range f.Faults {
		if more.Key == key {
			return true
		}
	}
	return false
}

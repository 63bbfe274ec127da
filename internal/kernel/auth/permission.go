package auth

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"example.vn/hdnd/internal/kernel/org"
)

// Permission is a right to do one thing, as a route or a verb asks for it.
// Which records it reaches is the verb's own check.
type Permission struct {
	Name   string     // module.verb, e.g. "petitions.answer"
	Roles  []org.Role // posts with any of these roles have it
	System bool       // the program itself may too: reminders, nightly jobs
}

// Public is for everybody, signed in or not. It has to be typed out on a route.
var Public = Permission{Name: "public", System: true}

// SignedIn is for every person in a post, whatever its roles.
var SignedIn = Permission{Name: "signed_in"}

// Allows reports whether a has the right. Who acts by delegation has it only
// within the delegation's scope: a delegation for signing answers does not
// open the rest of the post's desk.
func (p Permission) Allows(a org.Actor) bool {
	switch {
	case p.Name == Public.Name:
		return true
	case a.System:
		return p.System
	case !a.SignedIn():
		return false
	case p.Name == SignedIn.Name:
		return true
	case len(a.Via) > 0 && len(a.Scope) > 0 && !p.within(a.Scope):
		return false
	}
	return slices.ContainsFunc(p.Roles, a.Has)
}

// within reports whether a delegation's scope covers the right. Who may act on
// a module's records by delegation may read them, else the delegated right
// could not be used.
func (p Permission) within(scope []string) bool {
	module, verb, _ := strings.Cut(p.Name, ".")
	return slices.Contains(scope, p.Name) ||
		verb == "read" && slices.ContainsFunc(scope, func(s string) bool { return strings.HasPrefix(s, module+".") })
}

// Zero reports whether no right was named at all, which is a mistake: the
// start-up refuses such a route.
func (p Permission) Zero() bool { return p.Name == "" }

// WriteTable prints who may do what, a line for each permission and a column
// for each role, for review by people who read no code.
func WriteTable(w io.Writer, perms []Permission) error {
	perms = slices.Clone(perms)
	slices.SortFunc(perms, func(a, b Permission) int { return strings.Compare(a.Name, b.Name) })
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	heads := []string{"permission"}
	for _, r := range org.Roles() {
		heads = append(heads, string(r))
	}
	if _, err := fmt.Fprintln(t, strings.Join(append(heads, "system"), "\t")); err != nil {
		return err
	}
	for _, p := range perms {
		cells := []string{p.Name}
		for _, r := range org.Roles() {
			holds := p.Name == Public.Name || p.Name == SignedIn.Name || slices.Contains(p.Roles, r)
			cells = append(cells, mark(holds))
		}
		if _, err := fmt.Fprintln(t, strings.Join(append(cells, mark(p.System)), "\t")); err != nil {
			return err
		}
	}
	return t.Flush()
}

func mark(holds bool) string {
	if holds {
		return "x"
	}
	return "-"
}

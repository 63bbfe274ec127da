package auth_test

import (
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

func TestAllows(t *testing.T) {
	answer := auth.Permission{Name: "petitions.answer", Roles: []org.Role{org.BodyClerk, org.Handler}}
	remind := auth.Permission{Name: "petitions.remind", Roles: []org.Role{org.Head}, System: true}
	clerk := org.Actor{PostID: "p", Roles: []org.Role{org.Clerk}}
	handler := org.Actor{PostID: "p", Roles: []org.Role{org.Deputy, org.Handler}}
	standIn := org.Actor{PostID: "p", Roles: []org.Role{org.Handler}, Via: []org.Proxy{{Name: "A"}}}
	narrow, wide := standIn, standIn
	narrow.Scope, wide.Scope = []string{"petitions.view"}, []string{"petitions.view", "petitions.answer"}
	for _, tc := range []struct {
		name string
		p    auth.Permission
		who  org.Actor
		want bool
	}{
		{"public, nobody", auth.Public, org.Actor{}, true},
		{"public, voter", auth.Public, org.Voter("10.0.0.1"), true},
		{"public, system", auth.Public, org.System("c"), true},
		{"signed in, nobody", auth.SignedIn, org.Actor{}, false},
		{"signed in, clerk", auth.SignedIn, clerk, true},
		{"signed in, system", auth.SignedIn, org.System("c"), false},
		{"signed in, narrow stand-in", auth.SignedIn, narrow, true},
		{"other role", answer, clerk, false},
		{"one role of two", answer, handler, true},
		{"roles without a post", answer, org.Actor{Roles: []org.Role{org.Handler}}, false},
		{"stand-in without limits", answer, standIn, true},
		{"stand-in outside the scope", answer, narrow, false},
		{"stand-in within the scope", answer, wide, true},
		{"system where not said", answer, org.System("c"), false},
		{"system where said", remind, org.System("c"), true},
		{"no right named", auth.Permission{}, clerk, false},
	} {
		if got := tc.p.Allows(tc.who); got != tc.want {
			t.Errorf("%s: %v", tc.name, got)
		}
	}
	if !(auth.Permission{}).Zero() || answer.Zero() {
		t.Error("Zero")
	}
}

func TestWriteTable(t *testing.T) {
	var b strings.Builder
	must(t, auth.WriteTable(&b, []auth.Permission{auth.SignedIn, {Name: "petitions.answer", Roles: []org.Role{org.Handler}, System: true}}))
	const want = "" +
		"permission        clerk  head  standing  chair  committee  deputy  body_clerk  handler  body_head  admin  security  auditor  system\n" +
		"petitions.answer  -      -     -         -      -          -       -           x        -          -      -         -        x\n" +
		"signed_in         x      x     x         x      x          x       x           x        x          x      x         x        -\n"
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
}

func TestTexts(t *testing.T) {
	_, err := text.Load(auth.Files)
	must(t, err)
}

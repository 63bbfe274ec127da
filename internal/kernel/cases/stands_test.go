package cases_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/org"
)

var rewrite = flag.Bool("rewrite", false, "write testdata/stands.txt anew")

const standsFile = "testdata/stands.txt"

func bodyKinds() []org.BodyKind {
	return []org.BodyKind{org.Office, org.StandingCommittee, org.Committee, org.DeputiesGroup, org.PeoplesCommittee, org.Agency, org.Delegation}
}

// actorAt is somebody in a body of a kind, so near to the case.
func actorAt(kind org.BodyKind, near string, role org.Role) org.Actor {
	a := org.Actor{PersonID: "p", PostID: "post", CouncilID: "hn", BodyKind: kind, Roles: []org.Role{role}}
	switch {
	case near == "other council":
		a.CouncilID, a.BodyID = "bd", "elsewhere"
	case near == "holds it, other council":
		a.CouncilID, a.BodyID = "bd", "sxd"
	case near == "other body":
		a.BodyID = "beside"
	case kind == org.Office:
		a.BodyID = "vp"
	case kind == org.Committee:
		a.BodyID = "ban"
	default:
		a.BodyID = "sxd"
	}
	return a
}

func theCase(sealed bool) cases.Case {
	return cases.Case{CouncilID: "hn", OwnerBodyID: "vp", HolderBodyID: "sxd", ExaminerBodyID: "ban", AssigneePostID: "another", Sealed: sealed}
}

// cell tells where somebody stands and whether they see the case.
func cell(c cases.Case, a org.Actor) string {
	var places []string
	for _, p := range c.Stands(a) {
		places = append(places, string(p))
	}
	seen := "–"
	if c.CanSee(a) {
		seen = "sees"
	}
	return strings.TrimSpace(strings.Join(places, "+") + " " + seen)
}

// TestStands keeps the table of who stands where, and who sees what, under
// review: a change of rights is a changed line in testdata/stands.txt.
func TestStands(t *testing.T) {
	var b strings.Builder
	for _, sealed := range []bool{false, true} {
		c := theCase(sealed)
		fmt.Fprintf(&b, "# sealed: %v\n", sealed)
		for _, kind := range bodyKinds() {
			for _, near := range []string{"body of the case", "other body", "other council", "holds it, other council"} {
				groups := map[string][]string{}
				var order []string
				for _, role := range org.Roles() {
					got := cell(c, actorAt(kind, near, role))
					if groups[got] == nil {
						order = append(order, got)
					}
					groups[got] = append(groups[got], string(role))
				}
				for _, got := range order {
					who := strings.Join(groups[got], " ")
					if len(order) == 1 {
						who = "every role"
					}
					fmt.Fprintf(&b, "%-18s %-23s %-16s %s\n", kind, near, got, who)
				}
			}
		}
	}
	if *rewrite {
		if err := os.WriteFile(standsFile, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(standsFile)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the table changed; review it, then go test -rewrite\n%s", b.String())
	}
}

// What must hold whatever the table says.
func TestStandsByHand(t *testing.T) {
	for _, kind := range bodyKinds() {
		for _, role := range org.Roles() {
			for _, sealed := range []bool{false, true} {
				c := theCase(sealed)
				if a := actorAt(kind, "other council", role); c.CanSee(a) || len(c.Stands(a)) > 0 {
					t.Errorf("another council's %s %s reaches the case", kind, role)
				}
				if a := actorAt(kind, "holds it, other council", role); a.CouncilID == c.CouncilID || slices.Contains(c.Stands(a), cases.Owner) || slices.Contains(c.Stands(a), cases.Standing) {
					t.Errorf("another council's %s %s stands as %v", kind, role, c.Stands(a))
				}
				if a := actorAt(kind, "other body", role); (kind == org.Agency || kind == org.PeoplesCommittee || kind == org.Delegation) && role != org.Deputy && (c.CanSee(a) || len(c.Stands(a)) > 0) {
					t.Errorf("another %s's %s reaches the case", kind, role)
				}
				a := actorAt(kind, "body of the case", role)
				if office := kind == org.Office && (role == org.Clerk || role == org.Head); sealed && c.CanSee(a) != office {
					t.Errorf("sealed: %s %s sees: %v", kind, role, c.CanSee(a))
				}
			}
		}
	}
}

func TestStandsOfOthers(t *testing.T) {
	open, sealed := theCase(false), theCase(true)
	handler := actorAt(org.Agency, "body of the case", org.Handler)
	if open.CanSee(handler) {
		t.Error("a handling officer sees what was assigned to another")
	}
	handler.PostID = "another"
	if !open.CanSee(handler) || !slices.Equal(open.Stands(handler), []cases.Place{cases.Holder}) {
		t.Error("the assigned officer does not see it")
	}
	if sealed.CanSee(handler) {
		t.Error("the assigned officer sees a sealed case")
	}
	for name, who := range map[string]org.Actor{"a voter": org.Voter("203.0.113.9"), "nobody": {}} {
		if open.CanSee(who) || len(open.Stands(who)) > 0 {
			t.Errorf("%s reaches the case", name)
		}
	}
	if system := org.System("hn"); !sealed.CanSee(system) || !slices.Equal(sealed.Stands(system), []cases.Place{cases.Program}) {
		t.Error("the program does not reach a sealed case")
	}
	empty := cases.Case{CouncilID: "hn", OwnerBodyID: "vp"} // held by nobody yet
	if who := (org.Actor{PostID: "x", CouncilID: "hn", BodyKind: org.Agency, Roles: []org.Role{org.BodyHead}}); len(empty.Stands(who)) > 0 {
		t.Error("a body without an id holds a case that nobody holds")
	}
}

package worklist

import (
	"slices"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/org"
)

// Scope is the side from which a person looks at the petitions.
//
// vi: phạm vi xem
type Scope string

// The scopes.
const (
	ScopeCouncil  Scope = "council"  // all of the council
	ScopeExaminer Scope = "examiner" // those the committee examines
	ScopeHolder   Scope = "holder"   // those forwarded to the body
	ScopeAssignee Scope = "assignee" // those assigned to the officer
)

// Scopes lists the sides a person may look from, the nearest first. It says
// of lists what Case.CanSee says of one case.
func Scopes(who org.Actor) []Scope {
	var all []Scope
	switch {
	case !who.SignedIn():
		return nil
	case who.BodyKind == org.Office && (who.Has(org.Clerk) || who.Has(org.Head)), who.BodyKind == org.StandingCommittee:
		all = append(all, ScopeCouncil)
	case who.BodyKind == org.Committee:
		all = append(all, ScopeExaminer)
	case who.BodyKind.Answers() && (who.Has(org.BodyHead) || who.Has(org.BodyClerk)):
		all = append(all, ScopeHolder)
	case who.BodyKind.Answers() && who.Has(org.Handler):
		all = append(all, ScopeAssignee)
	}
	if who.Has(org.Deputy) && !slices.Contains(all, ScopeCouncil) {
		all = append(all, ScopeCouncil)
	}
	return all
}

// OnlyReads reports whether a person looks on without a side in the council's
// cases: a deputy. Such readers get what is public of a petition's words.
func OnlyReads(who org.Actor, s Scope) bool {
	return s == ScopeCouncil && who.BodyKind != org.StandingCommittee && (who.BodyKind != org.Office || !who.Has(org.Clerk) && !who.Has(org.Head))
}

// ReachOf is what a person sees from a side; their nearest when none is asked.
func ReachOf(who org.Actor, asked Scope) (Reach, bool) {
	scopes := Scopes(who)
	if len(scopes) == 0 {
		return Reach{}, false
	}
	s := scopes[0]
	if slices.Contains(scopes, asked) {
		s = asked
	}
	var r Reach
	switch s {
	case ScopeCouncil:
		r.CouncilID = who.CouncilID
		r.Sealed = who.BodyKind == org.Office && (who.Has(org.Clerk) || who.Has(org.Head))
	case ScopeExaminer:
		r.ExaminerID = who.BodyID
	case ScopeHolder:
		r.HolderID = who.BodyID
	case ScopeAssignee:
		r.AssigneeID = who.PostID
	}
	return r, true
}

func scopeOf(r Reach) Scope {
	switch {
	case r.ExaminerID != "":
		return ScopeExaminer
	case r.AssigneeID != "":
		return ScopeAssignee
	case r.CouncilID != "":
		return ScopeCouncil
	}
	return ScopeHolder
}

// States are the states in which the next step is this person's: they
// stand where the case waits, and have the role for a verb that leads on. A
// verb that only ends the case, such as refusing, makes nothing wait.
func (d *Desk) States(who org.Actor) []cases.State {
	var states []cases.State
	for _, p := range d.Cases.Procedures() {
		if p.Name != "petition" {
			continue
		}
		for _, state := range p.States {
			if !slices.Contains(states, state.Name) && slices.ContainsFunc(Leading(p, state), func(v cases.Verb) bool {
				return slices.ContainsFunc(v.Roles, who.Has) && atPlace(who, v.Place)
			}) {
				states = append(states, state.Name)
			}
		}
	}
	return states
}

// Leading lists the verbs by which a case goes on from where it waits.
func Leading(p *cases.Procedure, state cases.StateRule) []cases.Verb {
	var all []cases.Verb
	for _, v := range p.Verbs {
		to, moves := p.State(v.To)
		if moves && v.Place == state.Waits && slices.Contains(v.From, state.Name) && (!to.Final || to.Name == "closed") {
			all = append(all, v)
		}
	}
	return all
}

func atPlace(who org.Actor, p cases.Place) bool {
	switch p {
	case cases.Owner:
		return who.BodyKind == org.Office
	case cases.Standing:
		return who.BodyKind == org.StandingCommittee
	case cases.Examiner:
		return who.BodyKind == org.Committee
	case cases.Holder:
		return who.BodyKind.Answers()
	}
	return false
}

// MayExtend reports whether requests for more time wait for this person.
func MayExtend(who org.Actor) bool { return who.BodyKind == org.Office && who.Has(org.Head) }

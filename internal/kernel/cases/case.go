package cases

import (
	"slices"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
)

// Case is one run of a procedure. Its row is what work lists show, so it
// carries the facets people filter by.
type Case struct {
	ID             string     `db:"id"`
	CouncilID      string     `db:"council_id"`
	Procedure      string     `db:"procedure"`
	Version        int        `db:"procedure_version"`
	Code           string     `db:"code"` // what people write down: KN26-7F3K-9QXD
	Title          string     `db:"title"`
	State          State      `db:"state"`
	Waits          Place      `db:"waits"`
	Open           bool       `db:"open"`
	Round          int        `db:"round"`
	OpenedAt       db.Time    `db:"opened_at"`
	ChangedAt      db.Time    `db:"changed_at"`
	ClosedAt       db.Time    `db:"closed_at"`
	OwnerBodyID    string     `db:"owner_body_id"`
	HolderBodyID   string     `db:"holder_body_id"`
	ExaminerBodyID string     `db:"examiner_body_id"`
	AssigneePostID string     `db:"assignee_post_id"`
	Field          string     `db:"field"`
	UnitCode       string     `db:"unit_code"`
	Public         bool       `db:"public"`
	Sealed         bool       `db:"sealed"`
	Due            clock.Date `db:"due"` // of the running duty that ends first; none when no duty runs
	Revision       int64      `db:"revision"`
}

// Late reports whether a duty has been missed on the day today.
func (c Case) Late(today clock.Date) bool {
	return c.Open && !c.Due.IsZero() && c.Due.Before(today)
}

// Act is one thing that happened to a case.
type Act struct {
	ID         string                     `db:"id"`
	CaseID     string                     `db:"case_id"`
	Number     int                        `db:"number"` // 1, 2, … within the case
	Verb       string                     `db:"verb"`
	At         db.Time                    `db:"at"`
	From       State                      `db:"from_state"`
	To         State                      `db:"to_state"`
	Round      int                        `db:"round"`
	PersonID   string                     `db:"person_id"`
	PersonName string                     `db:"person_name"`
	PostTitle  string                     `db:"post_title"`
	BodyID     string                     `db:"body_id"`
	BodyName   string                     `db:"body_name"`
	OnBehalf   string                     `db:"on_behalf"` // the holder of the post, when a delegate acted
	Note       string                     `db:"note"`
	Fields     db.JSON[map[string]string] `db:"fields"`
	Document   string                     `db:"document"`
	Papers     db.JSON[[]string]          `db:"papers"`
	Late       bool                       `db:"late"`
	Public     bool                       `db:"public"`
	LeafID     string                     `db:"leaf_id"`
}

// DeadlineStatus says how a deadline stands.
type DeadlineStatus string

// The statuses of a deadline.
const (
	Running   DeadlineStatus = "running"
	Paused    DeadlineStatus = "paused"
	Met       DeadlineStatus = "met"
	MetLate   DeadlineStatus = "met_late"
	Cancelled DeadlineStatus = "cancelled"
)

// Deadline is one clock of a case. Run holds all it was counted from, so it can
// be counted again; Due is the legal date, Planned what the handler promised.
type Deadline struct {
	ID          string                `db:"id"`
	CaseID      string                `db:"case_id"`
	Name        string                `db:"name"`
	Round       int                   `db:"round"`
	RuleKey     string                `db:"rule_key"`
	RuleFrom    clock.Date            `db:"rule_from"` // which dated version of the rule
	Basis       string                `db:"basis"`
	Confirmed   bool                  `db:"confirmed"`
	Run         db.JSON[calendar.Run] `db:"run"`
	Raw         clock.Date            `db:"raw"`
	Due         clock.Date            `db:"due"`
	Planned     clock.Date            `db:"planned"`
	Provisional bool                  `db:"provisional"`
	Status      DeadlineStatus        `db:"status"`
	Window      bool                  `db:"is_window"`
	MetOn       clock.Date            `db:"met_on"`
	Rung        int                   `db:"rung"`       // how many warnings and escalations have gone out
	NextAlarm   clock.Date            `db:"next_alarm"` // none when the ladder is done
}

// Live reports whether the clock still counts.
func (d Deadline) Live() bool { return d.Status == Running || d.Status == Paused }

// Stands tells on which sides of the case a person stands. It is the one place
// that decides whose record is whose.
func (c Case) Stands(who org.Actor) []Place {
	if who.System {
		return []Place{Program}
	}
	if !who.SignedIn() {
		return nil
	}
	var at []Place
	if who.CouncilID == c.CouncilID {
		switch who.BodyKind {
		case org.Office:
			at = append(at, Owner)
		case org.StandingCommittee:
			if who.Has(org.Standing) || who.Has(org.Chair) {
				at = append(at, Standing)
			}
		}
	}
	if c.ExaminerBodyID != "" && who.BodyID == c.ExaminerBodyID && who.Has(org.CommitteeMember) {
		at = append(at, Examiner)
	}
	if c.HolderBodyID != "" && who.BodyID == c.HolderBodyID && c.heldBy(who) {
		at = append(at, Holder)
	}
	return at
}

// heldBy: within the answering body, its head and its contact see all that was
// forwarded there; a handling officer sees what was assigned to that post.
func (c Case) heldBy(who org.Actor) bool {
	return who.Has(org.BodyHead) || who.Has(org.BodyClerk) || c.AssigneePostID != "" && who.PostID == c.AssigneePostID
}

// CanSee reports whether a person may know of the case at all. Deputies read
// the open matters of their council; what is sealed stays with the office.
func (c Case) CanSee(who org.Actor) bool {
	at := c.Stands(who)
	if c.Sealed {
		return slices.Contains(at, Owner) && (who.Has(org.Clerk) || who.Has(org.Head)) || slices.Contains(at, Program)
	}
	for _, place := range at {
		if place != Owner || who.Has(org.Clerk) || who.Has(org.Head) {
			return true
		}
	}
	return who.CouncilID == c.CouncilID && who.Has(org.Deputy)
}

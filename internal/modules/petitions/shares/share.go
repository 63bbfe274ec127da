package shares

import (
	"slices"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
)

// State says how a request to another body stands.
//
// vi: trạng thái đề nghị phối hợp
type State string

// The states.
const (
	Asked     State = "asked"
	Again     State = "again" // given back by the lead
	Answered  State = "answered"
	Declined  State = "declined"
	Withdrawn State = "withdrawn"
	Over      State = "ended" // by itself: the petition left the lead
)

// Reason is the coded reason for which a body declines its part.
//
// vi: lý do từ chối phối hợp
type Reason string

// The reasons.
const (
	NotCompetent Reason = "not_competent"
	NoData       Reason = "no_data"
	DoneAlready  Reason = "done_already"
)

var reasons = []Reason{NotCompetent, NoData, DoneAlready}

// Share is one body's part in the answer to one round of a petition.
//
// vi: đề nghị phối hợp trả lời
type Share struct {
	ID          string            `db:"id"`
	PetitionID  string            `db:"petition_id"`
	Round       int               `db:"round"`
	CouncilID   string            `db:"council_id"` // the petition's
	LeadID      string            `db:"lead_id"`    // the body that answers to the council
	BodyID      string            `db:"body_id"`    // the body asked
	Question    string            `db:"question"`
	Due         clock.Date        `db:"due"`
	State       State             `db:"state"`
	Open        bool              `db:"open"` // the asked body's move
	AssigneeID  string            `db:"assignee_post_id"`
	Document    string            `db:"document"`
	Reason      Reason            `db:"reason"`
	Note        string            `db:"note"`      // why it was declined
	BackNote    string            `db:"back_note"` // why it was given back
	EndNote     string            `db:"end_note"`  // why it was withdrawn
	Papers      db.JSON[[]string] `db:"papers"`    // hashes of the evidence
	Mark        string            `db:"mark"`      // of the form that asked
	AskedAt     db.Time           `db:"asked_at"`
	AskedBy     string            `db:"asked_by"`
	AskedName   string            `db:"asked_name"`
	AskedPostID string            `db:"asked_post_id"`
	AskedBodyID string            `db:"asked_body_id"`
	RepliedAt   db.Time           `db:"replied_at"` // answered or declined
	RepliedBy   string            `db:"replied_by"`
	RepliedName string            `db:"replied_name"`
	RepliedPost string            `db:"replied_title"`
	EndedAt     db.Time           `db:"ended_at"`
	NextAlarm   clock.Date        `db:"next_alarm"`
	Revision    int64             `db:"revision"`
}

// Asking is what is asked about one point, as it read when it was asked, and
// the reply.
//
// vi: nội dung đề nghị phối hợp
type Asking struct {
	ShareID  string     `db:"share_id"`
	Number   int        `db:"number"`
	Asked    string     `db:"asked"`
	Reply    string     `db:"reply"`
	Promised clock.Date `db:"promised"` // none when no date was promised
}

// Part is a request with its points and the names of its bodies.
//
// vi: phần phối hợp
type Part struct {
	Share
	Body, Lead string
	Points     []Asking
	sortKey    string
}

// Late reports whether a part is, or came, later than it was asked for.
func (s Share) Late(today clock.Date) bool {
	if !s.RepliedAt.IsZero() {
		today = clock.DateOf(s.RepliedAt.Time)
	}
	return (s.Open || s.State == Answered || s.State == Declined) && s.Due.Before(today)
}

// fits reports whether the request still belongs to the petition as it stands:
// the same body leads it, in the same round, and has yet to answer.
func (s Share) fits(c *cases.Case) bool {
	return s.Round == c.Round && s.LeadID == c.HolderBodyID && shareable(c)
}

// shareable reports whether others may be asked about a case: a body has it, and
// has not answered.
func shareable(c *cases.Case) bool {
	return !c.Sealed && c.Open && c.HolderBodyID != "" && c.Waits == cases.Holder
}

// leads reports whether a person asks on behalf of the petition: the lead, or
// the office's head.
func leads(c *cases.Case, who org.Actor) bool {
	at := c.Stands(who)
	return c.CanSee(who) && mayAsk.Allows(who) && (slices.Contains(at, cases.Holder) || slices.Contains(at, cases.Owner) && who.Has(org.Head))
}

// has reports whether a part is a person's own: the head and the contact of the
// asked body have all that is asked of it, an officer what is assigned to the post.
func (s Share) has(who org.Actor) bool {
	return who.BodyID == s.BodyID && who.SignedIn() && (who.Has(org.BodyHead) || who.Has(org.BodyClerk) || s.AssigneeID != "" && who.PostID == s.AssigneeID)
}

// seen reports whether a person may know of a part. A petition that was sealed
// is no longer there for the bodies that were asked.
func (s Share) seen(c *cases.Case, who org.Actor) bool {
	return !c.Sealed && s.has(who) || sides(c, who)
}

// sides reports whether a person stands on a side of the petition itself.
func sides(c *cases.Case, who org.Actor) bool { return c.CanSee(who) && len(c.Stands(who)) > 0 }

// gone reports whether an asked body has nothing more to read.
func (s Share) gone() bool { return s.State == Withdrawn || s.State == Over }

// dated reports whether the day to answer by still says something: a body that
// declined has kept none.
func (s Share) dated() bool { return !s.gone() && s.State != Declined }

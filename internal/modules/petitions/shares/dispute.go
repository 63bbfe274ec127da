package shares

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// DisputeState says how a dispute stands.
//
// vi: -
type DisputeState string

// The states of a dispute.
const (
	Undecided DisputeState = "open"
	Decided   DisputeState = "decided"
	Settled   DisputeState = "over" // a body accepted the petition, or it ended, undecided
)

// Dispute is a petition that both the body it was sent to and a body asked to
// help say is not theirs.
//
// vi: tranh chấp thẩm quyền trả lời
type Dispute struct {
	ID           string       `db:"id"`
	PetitionID   string       `db:"petition_id"`
	Round        int          `db:"round"`
	CouncilID    string       `db:"council_id"`
	LeadID       string       `db:"lead_id"`   // the body that returned the petition
	LeadNote     string       `db:"lead_note"` // what it said
	Since        db.Time      `db:"since"`
	State        DisputeState `db:"state"`
	BodyID       string       `db:"body_id"` // the competent body, once decided
	Reason       string       `db:"reason"`
	DecidedAt    db.Time      `db:"decided_at"`
	DecidedBy    string       `db:"decided_by"`
	DecidedName  string       `db:"decided_name"`
	DecidedTitle string       `db:"decided_title"`
	Revision     int64        `db:"revision"`
}

// Decision says which body is competent, by whose word and why.
//
// vi: quyết định cơ quan có thẩm quyền
type Decision struct {
	DisputeID string
	BodyID    string
	Body      string
	Reason    string
	By        string // name and post
	At        db.Time
}

// disputed begins a dispute when a body returns a petition as not its own which
// another body declined for the same reason, and ends one that is over.
func (d *Desk) disputed(ctx context.Context, tx *db.Tx, m cases.Move) error {
	c := m.Case
	if !c.Open || c.Sealed || m.Act.To == "accepted" && m.Act.From != m.Act.To {
		return settleDispute(ctx, tx, c.ID)
	}
	if m.Verb.Name != "return" || m.Input.Field("reason") != string(NotCompetent) {
		return nil
	}
	parts, err := declinedShares(ctx, tx, c.ID, c.Round)
	if err != nil || !slices.ContainsFunc(parts, func(s Share) bool { return s.BodyID != m.Act.BodyID }) {
		return err
	}
	x := Dispute{ID: db.NewID(m.Act.At.Time), PetitionID: c.ID, Round: c.Round, CouncilID: c.CouncilID, LeadID: m.Act.BodyID, LeadNote: m.Act.Note, Since: m.Act.At, State: Undecided, Revision: 1}
	first, err := insertDispute(ctx, tx, x)
	if err != nil || !first {
		return err
	}
	if _, err := d.Audit.Append(ctx, tx, audit.Entry{CouncilID: c.CouncilID, Subject: c.ID, Ref: c.Code, Verb: "petitions.dispute_share", At: m.Act.At.Time, Who: org.System(c.CouncilID),
		Details: map[string]any{"dispute": x.ID, "lead": x.LeadID}}); err != nil {
		return err
	}
	notice := notify.Notice{Key: "shares.notice_dispute", Args: []any{"code", c.Code}, Link: disputesHome + "/" + x.ID, CaseID: c.ID, CouncilID: c.CouncilID}
	if err := d.Notify.Tell(ctx, tx, notify.Recipients{Body: c.OwnerBodyID, Roles: []org.Role{org.Head}}, notice); err != nil {
		return err
	}
	to, err := d.Cases.People(ctx, tx, c, cases.Standing, nil)
	if err != nil || to.Body == "" {
		return err
	}
	return d.Notify.Tell(ctx, tx, to, notice)
}

// decides reports whether a person may decide who is competent for a petition.
func decides(c *cases.Case, who org.Actor) bool {
	return !c.Sealed && mayDecide.Allows(who) && sides(c, who) && slices.ContainsFunc(c.Stands(who), func(p cases.Place) bool {
		return p == cases.Standing || p == cases.Owner && who.Has(org.Head)
	})
}

// dispute loads a dispute for those who decide it.
func (d *Desk) dispute(ctx context.Context, tx *db.Tx, who org.Actor, id string) (x Dispute, c *cases.Case, err error) {
	if x, err = disputeOf(ctx, tx, id); err != nil {
		if fault.Is(err, "db.no_row") {
			err = fault.New(fault.Missing, "shares.no_dispute")
		}
		return x, nil, err
	}
	if c, err = cases.Load(ctx, tx, x.PetitionID); err != nil {
		return x, nil, err
	}
	if !decides(c, who) {
		return x, nil, fault.New(fault.Missing, "shares.no_dispute")
	}
	return x, c, nil
}

// Ruling decides a dispute.
//
// vi: -
type Ruling struct {
	BodyID   string
	Reason   string
	Revision int64
}

// Decide says which body is competent, with a reason. It binds the clerk who
// classifies the petition again.
func (d *Desk) Decide(ctx context.Context, who org.Actor, id string, r Ruling) error {
	r.Reason = text.Clean(r.Reason)
	faults := long("reason", r.Reason)
	if r.BodyID == "" {
		faults = append(faults, fault.New(fault.Invalid, "shares.competent_none").At("body"))
	}
	if r.Reason == "" {
		faults = append(faults, fault.New(fault.Invalid, "shares.reason_empty").At("reason"))
	}
	if err := fault.Join(faults...); err != nil {
		return err
	}
	now := d.Clock.Now()
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		x, c, err := d.dispute(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if x.State == Decided && x.DecidedBy == who.PersonID && x.BodyID == r.BodyID && x.Reason == r.Reason {
			return nil // the second click of two
		}
		if r.Revision != 0 && r.Revision != x.Revision {
			return fault.New(fault.Conflict, "db.stale")
		}
		if x.State != Undecided {
			return fault.New(fault.Refused, "shares.dispute_over")
		}
		bodies, err := d.Bodies(ctx, tx, c.CouncilID, clock.DateOf(now))
		if err != nil {
			return err
		}
		i := slices.IndexFunc(bodies, func(b org.Body) bool { return b.ID == r.BodyID && b.Kind.Answers() })
		if i < 0 {
			return fault.New(fault.Invalid, "shares.body_unknown").At("body")
		}
		x.State, x.BodyID, x.Reason = Decided, r.BodyID, r.Reason
		x.DecidedAt, x.DecidedBy, x.DecidedName, x.DecidedTitle = db.At(now), who.PersonID, who.Name, who.PostTitle
		if err := updateDispute(ctx, tx, x); err != nil {
			return err
		}
		if _, err := d.Audit.Append(ctx, tx, audit.Entry{CouncilID: c.CouncilID, Subject: c.ID, Ref: c.Code, Verb: "petitions.decide_share", At: now, Who: who,
			Details: map[string]any{"dispute": x.ID, "body": r.BodyID, "reason": r.Reason}}); err != nil {
			return err
		}
		d.wake(tx, c, nil)
		return d.Notify.Tell(ctx, tx, notify.Recipients{Body: c.OwnerBodyID, Roles: []org.Role{org.Clerk, org.Head}, Except: who.PersonID},
			notify.Notice{Key: "shares.notice_decided", Args: []any{"code", c.Code, "body", bodies[i].Name}, Link: "/petitions/" + c.ID, CaseID: c.ID, CouncilID: c.CouncilID})
	})
}

// DecidedBody is the body that was decided to be competent for a petition, when
// the last dispute about it was decided: whoever classifies is bound by it.
func DecidedBody(ctx context.Context, tx *db.Tx, petitionID string) (Decision, bool, error) {
	x, err := lastDispute(ctx, tx, petitionID)
	if fault.Is(err, "db.no_row") || err == nil && x.State != Decided {
		return Decision{}, false, nil
	}
	if err != nil {
		return Decision{}, false, err
	}
	body, err := org.BodyOf(ctx, tx, x.BodyID)
	return x.decision(body.Name), err == nil, err
}

// Bound refuses to send a petition to another body than the one that was decided
// to be competent, in the round of the decision and until that body itself says
// once more that it is not.
func Bound(ctx context.Context, tx *db.Tx, c *cases.Case, bodyID string, today clock.Date) error {
	decision, ok, err := DecidedBody(ctx, tx, c.ID)
	if err != nil || !ok || decision.BodyID == bodyID {
		return err
	}
	body, err := org.BodyOf(ctx, tx, decision.BodyID)
	if err != nil || !body.Open(today) {
		return err
	}
	acts, err := cases.Acts(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	for _, a := range acts {
		if !a.At.After(decision.At.Time) {
			continue
		}
		if a.Verb == "return" && a.BodyID == decision.BodyID || a.Verb == "contest" || a.Verb == "reopen" {
			return nil // it was wrong, or belongs to a round that is over
		}
	}
	return fault.New(fault.Refused, "shares.bound", "body", decision.Body, "by", decision.By).At("body")
}

func (x Dispute) decision(body string) Decision {
	return Decision{DisputeID: x.ID, BodyID: x.BodyID, Body: body, Reason: x.Reason, By: x.DecidedName + ", " + x.DecidedTitle, At: x.DecidedAt}
}

package shares

import (
	"context"
	"slices"
	"strconv"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Limits of a reply, in characters, and of its files.
const (
	replyMin    = 15
	documentMax = 200
	filesMax    = 5
)

// Reply is what an asked body answers.
//
// vi: ý kiến phối hợp
type Reply struct {
	Points   []PointReply
	Document string // number, symbol and date of the body's letter
	Evidence []documents.Draft
	Revision int64
}

// PointReply is the reply to one point.
//
// vi: -
type PointReply struct {
	Number   int
	Reply    string
	Promised clock.Date // none when no date is promised
}

// tidy cleans what was typed and says what is missing for the points asked.
func (r *Reply) tidy(today clock.Date) error {
	r.Document = text.Line(r.Document)
	var faults []*fault.Fault
	switch n := utf8.RuneCountInString(r.Document); {
	case n == 0:
		faults = append(faults, fault.New(fault.Invalid, "shares.document_empty").At("document"))
	case n > documentMax:
		faults = append(faults, fault.New(fault.Invalid, "shares.too_long", "max", documentMax, "have", n).At("document"))
	}
	if len(r.Evidence) > filesMax {
		faults = append(faults, fault.New(fault.Invalid, "shares.files_many", "max", filesMax).At("files"))
	}
	for i := range r.Points {
		p := &r.Points[i]
		p.Reply = text.Clean(p.Reply)
		at := strconv.Itoa(p.Number)
		if utf8.RuneCountInString(p.Reply) < replyMin {
			faults = append(faults, fault.New(fault.Invalid, "shares.reply_short", "number", p.Number, "min", replyMin).At("reply_"+at))
		}
		faults = append(faults, long("reply_"+at, p.Reply)...)
		if !p.Promised.IsZero() && p.Promised.Before(today) {
			faults = append(faults, fault.New(fault.Invalid, "shares.promise_past").At("promised_"+at))
		}
	}
	return fault.Join(faults...)
}

// of gives the reply to a point.
func (r Reply) of(number int) (PointReply, bool) {
	i := slices.IndexFunc(r.Points, func(p PointReply) bool { return p.Number == number })
	if i < 0 {
		return PointReply{}, false
	}
	return r.Points[i], true
}

// given reports whether a part says just this.
func (r Reply) given(p Part) bool {
	return p.State == Answered && p.Document == r.Document && len(p.Points) == len(r.Points) && !slices.ContainsFunc(p.Points, func(a Asking) bool {
		said, ok := r.of(a.Number)
		return !ok || said.Reply != a.Reply || said.Promised != a.Promised
	})
}

// Answer records what an asked body says to each point it was asked.
func (d *Desk) Answer(ctx context.Context, who org.Actor, id string, r Reply) error {
	now := d.Clock.Now()
	if err := r.tidy(clock.DateOf(now)); err != nil {
		return err
	}
	papers := make([]string, len(r.Evidence))
	for i, f := range r.Evidence {
		papers[i] = f.Hash
	}
	return d.act(ctx, who, id, now, deed{verb: "petitions.answer_share", needs: mayAnswer, revision: r.Revision, from: []State{Asked, Again}, papers: papers,
		done: func(p Part) bool { return p.RepliedBy == who.PersonID && r.given(p) },
		do: func(tx *db.Tx, p *Part, c *cases.Case) (map[string]any, error) {
			said := map[string]string{}
			for i := range p.Points {
				a := &p.Points[i]
				one, ok := r.of(a.Number)
				if !ok {
					return nil, fault.New(fault.Invalid, "shares.reply_short", "number", a.Number, "min", replyMin).At("reply_" + strconv.Itoa(a.Number))
				}
				a.Reply, a.Promised = one.Reply, one.Promised
				said[strconv.Itoa(a.Number)] = one.Reply
				if err := saveReply(ctx, tx, *a); err != nil {
					return nil, err
				}
			}
			if err := d.Keep(ctx, tx, r.Evidence, c, p.BodyID, who); err != nil {
				return nil, err
			}
			p.reply(Answered, who, db.At(now))
			p.Document, p.Reason, p.Note = r.Document, "", ""
			for _, h := range papers {
				if !slices.Contains(p.Papers.V, h) {
					p.Papers.V = append(p.Papers.V, h)
				}
			}
			return map[string]any{"document": r.Document, "replies": said, "late": p.Late(clock.DateOf(now))}, nil
		},
		tell: func(tx *db.Tx, p Part, c *cases.Case) error {
			return d.tellLead(ctx, tx, p.Share, c, who, "shares.notice_answered")
		}})
}

// reply closes the body's move.
func (s *Share) reply(state State, who org.Actor, at db.Time) {
	s.State, s.Open, s.NextAlarm = state, false, clock.Date{}
	s.RepliedAt, s.RepliedBy, s.RepliedName, s.RepliedPost = at, who.PersonID, who.Name, who.PostTitle
}

// Refusal declines a part.
//
// vi: từ chối phối hợp
type Refusal struct {
	Reason   Reason
	Note     string
	Revision int64
}

// Decline gives a part back unanswered, with a coded reason and a note.
func (d *Desk) Decline(ctx context.Context, who org.Actor, id string, r Refusal) error {
	r.Note = text.Clean(r.Note)
	faults := long("note", r.Note)
	if !slices.Contains(reasons, r.Reason) {
		faults = append(faults, fault.New(fault.Invalid, "shares.reason_none").At("reason"))
	}
	if r.Note == "" {
		faults = append(faults, fault.New(fault.Invalid, "shares.note_empty").At("note"))
	}
	if err := fault.Join(faults...); err != nil {
		return err
	}
	now := d.Clock.Now()
	return d.act(ctx, who, id, now, deed{verb: "petitions.decline_share", needs: mayAnswer, revision: r.Revision, from: []State{Asked, Again},
		done: func(p Part) bool {
			return p.State == Declined && p.RepliedBy == who.PersonID && p.Reason == r.Reason && p.Note == r.Note
		},
		do: func(_ *db.Tx, p *Part, _ *cases.Case) (map[string]any, error) {
			p.reply(Declined, who, db.At(now))
			p.Reason, p.Note = r.Reason, r.Note
			return map[string]any{"reason": string(r.Reason), "note": r.Note}, nil
		},
		tell: func(tx *db.Tx, p Part, c *cases.Case) error {
			return d.tellLead(ctx, tx, p.Share, c, who, "shares.notice_declined")
		}})
}

// Assign gives a part to an officer of the asked body.
func (d *Desk) Assign(ctx context.Context, who org.Actor, id, postID string, revision int64) error {
	now := d.Clock.Now()
	return d.act(ctx, who, id, now, deed{verb: "petitions.assign_share", needs: mayAssign, revision: revision, from: []State{Asked, Again},
		done: func(p Part) bool { return postID != "" && p.AssigneeID == postID },
		do: func(tx *db.Tx, p *Part, _ *cases.Case) (map[string]any, error) {
			holders, err := org.Holders(ctx, tx, p.BodyID, clock.DateOf(now))
			if err != nil {
				return nil, err
			}
			i := slices.IndexFunc(holders, func(h org.Holder) bool { return h.PostID == postID })
			if i < 0 {
				return nil, fault.New(fault.Invalid, "shares.officer_unknown").At("post")
			}
			p.AssigneeID = postID
			return map[string]any{"officer": holders[i].Name, "post": postID}, nil
		},
		tell: func(tx *db.Tx, p Part, c *cases.Case) error {
			return d.Notify.Tell(ctx, tx, notify.Recipients{Posts: []string{p.AssigneeID}, Except: who.PersonID},
				notify.Notice{Key: "shares.notice_assigned", Args: []any{"code", c.Code, "due", p.Due.VN()}, Link: home + "/" + p.ID, CaseID: c.ID, CouncilID: c.CouncilID, Mail: true})
		}})
}

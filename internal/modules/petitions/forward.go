package petitions

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/petitions/letters"
)

// Forward approves the classification and sends the petition to the competent
// body. The letter takes its number from the office's own series in the same
// transaction; its PDF is drawn by a job.
func (s *Service) Forward(ctx context.Context, who org.Actor, id, note string, revision int64) error {
	return s.act(ctx, who, id, "forward", cases.Input{Note: text.Clean(note), Revision: revision}, nil)
}

// Accept takes a forwarded petition in at the competent body, which may name
// the date it plans to answer by.
func (s *Service) Accept(ctx context.Context, who org.Actor, id string, planned clock.Date, revision int64) error {
	if !planned.IsZero() && planned.Before(clock.Today(s.Clock)) {
		return fault.New(fault.Invalid, "petitions.planned_past").At("planned")
	}
	return s.act(ctx, who, id, "accept", cases.Input{Planned: planned, Revision: revision}, nil)
}

// Return sends a petition back to the office that forwarded it, with a reason;
// a request for more time goes with it.
func (s *Service) Return(ctx context.Context, who org.Actor, id string, reason ReturnReason, note string, revision int64) error {
	in := cases.Input{Note: text.Clean(note), Revision: revision, Fields: map[string]string{"reason": string(reason)}}
	return s.act(ctx, who, id, "return", in, func(_ *db.Tx, p *Petition, _ *cases.Case) error {
		p.AskedDays, p.AskedPaper = 0, ""
		return nil
	})
}

// Assign gives a petition to an officer of the body.
func (s *Service) Assign(ctx context.Context, who org.Actor, id, postID, note string, revision int64) error {
	return s.act(ctx, who, id, "assign", cases.Input{Note: text.Clean(note), Revision: revision, Fields: map[string]string{"post": postID}}, nil)
}

// knownReturn guards the reason, and that the body has not answered: whoever has
// answered and is asked to answer better cannot say that it is not theirs.
func (s *Service) knownReturn(ctx context.Context, tx *db.Tx, m cases.Move) error {
	if !slices.Contains(returnReasons, ReturnReason(m.Input.Field("reason"))) {
		return fault.New(fault.Invalid, "cases.required").At("reason")
	}
	given, err := answersOf(ctx, tx, m.Case.ID)
	if err == nil && answeredIn(m.Case.Round, given) {
		err = fault.New(fault.Refused, "petitions.return_answered")
	}
	return err
}

func answeredIn(round int, all []Answer) bool {
	return slices.ContainsFunc(all, func(a Answer) bool { return a.Round == round })
}

// ownOfficer guards that the chosen post is open in the answering body.
func (s *Service) ownOfficer(ctx context.Context, tx *db.Tx, m cases.Move) error {
	holders, err := org.Holders(ctx, tx, m.Case.HolderBodyID, clock.Today(s.Clock))
	if err != nil {
		return err
	}
	for _, h := range holders {
		if h.PostID == m.Input.Field("post") {
			m.Input.Fields["officer"] = h.Name
			return nil
		}
	}
	return fault.New(fault.Invalid, "petitions.officer_unknown").At("post")
}

func (s *Service) assignOfficer(_ context.Context, _ *db.Tx, m cases.Move) error {
	m.Case.AssigneePostID = m.Input.Field("post")
	return nil
}

// handOver makes the competent body the holder.
func (s *Service) handOver(ctx context.Context, tx *db.Tx, m cases.Move) error {
	p, err := petitionOf(ctx, tx, m.Case.ID)
	if err != nil {
		return err
	}
	m.Case.HolderBodyID, m.Case.AssigneePostID = p.BodyID, ""
	return s.indexed(ctx, tx, m)
}

// takeBack leaves the petition with the office alone, and tells the officer who
// had it.
func (s *Service) takeBack(ctx context.Context, tx *db.Tx, m cases.Move) error {
	if post := m.Case.AssigneePostID; post != "" {
		err := s.Notify.Tell(ctx, tx, notify.Recipients{Posts: []string{post}, Except: m.Who.PersonID}, notify.Notice{Key: "petitions.notice.taken_back",
			Args: []any{"code", m.Case.Code, "title", m.Case.Title}, Link: "/petitions", CaseID: m.Case.ID, CouncilID: m.Case.CouncilID})
		if err != nil {
			return err
		}
	}
	m.Case.HolderBodyID, m.Case.AssigneePostID = "", ""
	return s.indexed(ctx, tx, m)
}

// transferLetter numbers the letter and queues its drawing.
func (s *Service) transferLetter(ctx context.Context, tx *db.Tx, m cases.Move) error {
	return s.letters.Number(ctx, tx, m)
}

// matter is what a transfer letter says of a petition.
func matter(ctx context.Context, tx *db.Tx, id string) (letters.Matter, error) {
	p, err := petitionOf(ctx, tx, id)
	if err != nil {
		return letters.Matter{}, err
	}
	points, err := pointsOf(ctx, tx, id)
	m := letters.Matter{Text: p.Text, Received: clock.DateOf(p.CreatedAt.Time)}
	for _, one := range points {
		m.Points = append(m.Points, one.Text)
	}
	return m, err
}

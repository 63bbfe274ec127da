package petitions

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/petitions/letters"
)

// Forwarding is one sending of a petition to a competent body, with its
// transfer letter.
//
// vi: phiếu chuyển kiến nghị
type Forwarding struct {
	ID         string     `db:"id"`
	PetitionID string     `db:"petition_id"`
	Round      int        `db:"round"`
	ToBodyID   string     `db:"to_body_id"`
	FromBodyID string     `db:"from_body_id"`
	Number     int        `db:"number"`
	Symbol     string     `db:"symbol"`
	Signer     string     `db:"signer"`
	SignerPost string     `db:"signer_title"`
	OnBehalf   string     `db:"on_behalf"`
	Due        clock.Date `db:"due"`
	At         db.Time    `db:"at"`
	PaperID    string     `db:"paper_id"` // empty until the letter is drawn
}

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

// Return sends a petition back to the office that forwarded it, with a reason.
func (s *Service) Return(ctx context.Context, who org.Actor, id string, reason ReturnReason, note string, revision int64) error {
	return s.act(ctx, who, id, "return", cases.Input{Note: text.Clean(note), Revision: revision, Fields: map[string]string{"reason": string(reason)}}, nil)
}

// Assign gives a petition to an officer of the body.
func (s *Service) Assign(ctx context.Context, who org.Actor, id, postID, note string, revision int64) error {
	return s.act(ctx, who, id, "assign", cases.Input{Note: text.Clean(note), Revision: revision, Fields: map[string]string{"post": postID}}, nil)
}

func (s *Service) knownReturn(_ context.Context, _ *db.Tx, m cases.Move) error {
	if !slices.Contains(returnReasons, ReturnReason(m.Input.Field("reason"))) {
		return fault.New(fault.Invalid, "cases.required").At("reason")
	}
	return nil
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

// takeBack leaves the petition with the office alone.
func (s *Service) takeBack(ctx context.Context, tx *db.Tx, m cases.Move) error {
	m.Case.HolderBodyID, m.Case.AssigneePostID = "", ""
	return s.indexed(ctx, tx, m)
}

// transferLetter numbers the letter and queues its drawing.
func (s *Service) transferLetter(ctx context.Context, tx *db.Tx, m cases.Move) error {
	series, err := s.Documents.SeriesOf(ctx, tx, m.Case.OwnerBodyID, "PC", m.Act.At.Year())
	if err != nil {
		return err
	}
	if series.Body == "" {
		office, err := org.BodyOf(ctx, tx, m.Case.OwnerBodyID)
		if err != nil {
			return err
		}
		series.Body = office.Symbol
	}
	n, err := s.Documents.Number(ctx, tx, series)
	if err != nil {
		return err
	}
	due, err := replyDue(ctx, tx, m.Case)
	if err != nil {
		return err
	}
	f := Forwarding{ID: db.NewID(m.Act.At.Time), PetitionID: m.Case.ID, Round: m.Case.Round, ToBodyID: m.Case.HolderBodyID, FromBodyID: m.Case.OwnerBodyID,
		Number: n.No, Symbol: n.Symbol, Signer: m.Who.Name, SignerPost: m.Who.PostTitle, OnBehalf: m.Who.OnBehalf(), Due: due, At: m.Act.At}
	if err := insertForwarding(ctx, tx, f); err != nil {
		return err
	}
	m.Act.Document = n.Symbol
	m.Input.Document = n.Symbol
	return s.Jobs.Enqueue(ctx, tx, jobs.Job{Kind: "petitions.write_letter", Key: f.ID, Args: f.ID, CouncilID: m.Case.CouncilID})
}

func replyDue(ctx context.Context, tx *db.Tx, c *cases.Case) (clock.Date, error) {
	all, err := cases.Deadlines(ctx, tx, c.ID)
	if err != nil {
		return clock.Date{}, err
	}
	for _, d := range all {
		if d.Name == "reply" && d.Live() {
			return d.Due, nil
		}
	}
	return clock.Date{}, nil
}

// writeLetter draws a numbered transfer letter, keeps it and ties it to the
// petition. Drawing it twice gives the same bytes, so the job may run twice.
func (s *Service) writeLetter(ctx context.Context, w jobs.Work) error {
	var id string
	if err := w.Read(&id); err != nil {
		return err
	}
	var l letterFacts
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		l, err = s.letterFacts(ctx, tx, id)
		return err
	})
	if err != nil || l.Forwarding.PaperID != "" {
		return err
	}
	var pdf bytes.Buffer
	if err := documents.WriteLetter(&pdf, s.Fonts, l.letter(s.closing(ctx, l))); err != nil {
		return err
	}
	name := "phieu-chuyen-" + strings.ReplaceAll(text.Fold(l.Forwarding.Symbol), "/", "-") + ".pdf"
	draft, err := s.Documents.Keep(ctx, name, "application/pdf", func(w io.Writer) error {
		_, err := w.Write(pdf.Bytes())
		return err
	})
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(tx *db.Tx) error { return s.keepLetter(ctx, tx, l, draft) })
}

func (s *Service) keepLetter(ctx context.Context, tx *db.Tx, l letterFacts, draft documents.Draft) error {
	f := l.Forwarding
	paper, err := s.Documents.Attach(ctx, tx, draft, documents.For{CouncilID: l.Case.CouncilID, BodyID: f.FromBodyID, Subject: documents.Subject{Kind: "petition", ID: f.PetitionID},
		Kind: "PC", Number: documents.Number{No: f.Number, Symbol: f.Symbol}, Title: "Phiếu chuyển " + f.Symbol, At: f.At.Time})
	if err != nil {
		return err
	}
	if err := setForwardingPaper(ctx, tx, f.ID, paper.ID); err != nil {
		return err
	}
	_, err = s.Audit.Append(ctx, tx, audit.Entry{CouncilID: l.Case.CouncilID, Subject: l.Case.ID, Ref: l.Case.Code, Verb: "petitions.write_letter", At: s.Clock.Now(),
		Who: org.System(l.Case.CouncilID), Papers: []string{draft.Hash}, Details: map[string]any{"symbol": f.Symbol}, Sealed: l.Case.Sealed})
	return err
}

// letterFacts is all that a transfer letter says.
type letterFacts struct {
	Forwarding Forwarding
	Case       cases.Case
	Petition   Petition
	Points     []Point
	From, To   org.Body
	Council    org.Council
	Unit       org.Unit
}

func (s *Service) letterFacts(ctx context.Context, tx *db.Tx, forwardingID string) (l letterFacts, err error) {
	if l.Forwarding, err = forwardingOf(ctx, tx, forwardingID); err != nil {
		return l, err
	}
	c, err := cases.Load(ctx, tx, l.Forwarding.PetitionID)
	if err != nil {
		return l, err
	}
	l.Case = *c
	if l.Petition, err = petitionOf(ctx, tx, c.ID); err != nil {
		return l, err
	}
	if l.Points, err = pointsOf(ctx, tx, c.ID); err != nil {
		return l, err
	}
	if l.From, err = org.BodyOf(ctx, tx, l.Forwarding.FromBodyID); err != nil {
		return l, err
	}
	if l.To, err = org.BodyOf(ctx, tx, l.Forwarding.ToBodyID); err != nil {
		return l, err
	}
	if l.Council, err = org.CouncilOf(ctx, tx, c.CouncilID); err != nil {
		return l, err
	}
	l.Unit, err = org.UnitOf(ctx, tx, c.UnitCode, clock.DateOf(l.Forwarding.At.Time))
	return l, err
}

func (l letterFacts) letter(closing string) documents.Letter {
	f := l.Forwarding
	t := letters.Transfer{From: l.From, To: l.To, Council: l.Council, Unit: l.Unit, Code: l.Case.Code, Received: clock.DateOf(l.Petition.CreatedAt.Time), Text: l.Petition.Text,
		Due: f.Due, Symbol: f.Symbol, Signer: f.Signer, SignerPost: f.SignerPost, OnBehalf: f.OnBehalf, Closing: closing, At: f.At.Time}
	for _, p := range l.Points {
		t.Points = append(t.Points, p.Text)
	}
	return t.Letter()
}

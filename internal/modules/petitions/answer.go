package petitions

import (
	"context"
	"slices"
	"strconv"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/petitions/matching"
)

// Reply is a body's answer: one reply and outcome for each point, the number of
// its own letter, and evidence.
//
// vi: trả lời kiến nghị
type Reply struct {
	Answers  []Answer
	Document string // number, symbol and date of the body's letter
	Evidence []documents.Draft
	Revision int64
}

// replyMin is the least a reply to a point may say, in characters. A reply of
// "đã xem xét" is not one.
const replyMin = 15

// Answer records the competent body's reply and stops its clock.
func (s *Service) Answer(ctx context.Context, who org.Actor, id string, r Reply) error {
	if err := r.tidy(); err != nil {
		return err
	}
	if err := s.knownOutcomes(r.Answers); err != nil {
		return err
	}
	in := cases.Input{Document: r.Document, Papers: hashes(r.Evidence), Revision: r.Revision,
		Fields: map[string]string{"outcome": string(overall(r.Answers)), "points": strconv.Itoa(len(r.Answers))}, Details: map[string]any{"replies_sha256": repliesHash(r.Answers)}}
	return s.act(ctx, who, id, "answer", in, func(tx *db.Tx, p *Petition, c *cases.Case) error {
		for _, a := range r.Answers {
			a.Round = c.Round
			if err := saveAnswer(ctx, tx, p.ID, a); err != nil {
				return err
			}
		}
		p.AskedDays, p.AskedPaper = 0, ""
		return s.keepFiles(ctx, tx, r.Evidence, *p, c.HolderBodyID, "evidence", who)
	})
}

// AnswerTogether answers a petition, and by the same words those of its group
// that wait for the same body: each under its own code, with its own notice to
// its voter. One whose points cannot be told from the others' is left for an
// answer of its own.
func (s *Service) AnswerTogether(ctx context.Context, who org.Actor, id string, r Reply) (matching.Joint, error) {
	if err := s.Answer(ctx, who, id, r); err != nil {
		return matching.Joint{}, err
	}
	return s.matching.Together(ctx, who, id, func(ctx context.Context, other string) (told bool, err error) {
		var points []Point
		err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
			points, err = pointsOf(ctx, tx, other)
			return err
		})
		same, told := r.toldOf(points)
		if err != nil || !told {
			return false, err
		}
		return true, s.Answer(ctx, who, other, same)
	})
}

// toldOf turns an answer into that of a petition with other points: point by
// point when there are as many, all of it when there is only one.
func (r Reply) toldOf(points []Point) (Reply, bool) {
	r.Revision = 0
	switch len(points) {
	case len(r.Answers):
		return r, true
	case 1:
		one := Answer{Number: points[0].Number, Outcome: overall(r.Answers)}
		for i, a := range r.Answers {
			one.Reply += strconv.Itoa(i+1) + ". " + a.Reply + "\n"
			if !a.Promised.IsZero() && (one.Promised.IsZero() || a.Promised.Before(one.Promised)) {
				one.Promised = a.Promised
			}
		}
		r.Answers = []Answer{one}
		return r, true
	}
	return r, false
}

func (r *Reply) tidy() error {
	r.Document = text.Line(r.Document)
	var faults []*fault.Fault
	if r.Document == "" {
		faults = append(faults, fault.New(fault.Invalid, "petitions.reply_document").At("document"))
	}
	if len(r.Evidence) > filesMax {
		faults = append(faults, fault.New(fault.Invalid, "petitions.files_many", "max", filesMax).At("files"))
	}
	for i := range r.Answers {
		a := &r.Answers[i]
		a.Reply = text.Clean(a.Reply)
		at := strconv.Itoa(a.Number)
		switch n := utf8.RuneCountInString(a.Reply); {
		case n < replyMin:
			faults = append(faults, fault.New(fault.Invalid, "petitions.reply_short", "number", a.Number, "min", replyMin).At("reply_"+at))
		case n > noteMax:
			faults = append(faults, fault.New(fault.Invalid, "petitions.reply_long", "number", a.Number, "max", noteMax).At("reply_"+at))
		}
		if !slices.Contains(outcomes, a.Outcome) {
			faults = append(faults, fault.New(fault.Invalid, "petitions.outcome_empty", "number", a.Number).At("outcome_"+at))
		} else if !a.settled() && a.Promised.IsZero() {
			faults = append(faults, fault.New(fault.Invalid, "petitions.promise_empty", "number", a.Number).At("promised_"+at))
		}
	}
	return fault.Join(faults...)
}

// overall is the outcome that stands for a whole answer: that of its weakest
// point, so that one unsolved point is not hidden behind solved ones.
func overall(all []Answer) Outcome {
	worst := -1
	order := []Outcome{Done, Explained, Duplicate, Passed, Partly, Underway, Lasting, NoMeans, NotPossible}
	for _, a := range all {
		worst = max(worst, slices.Index(order, a.Outcome))
	}
	if worst < 0 {
		return ""
	}
	return order[worst]
}

func repliesHash(all []Answer) string {
	var joined string
	for _, a := range all {
		joined += strconv.Itoa(a.Number) + "\x1f" + string(a.Outcome) + "\x1f" + a.Reply + "\x1e"
	}
	return textHash(joined)
}

func (s *Service) knownOutcome(_ context.Context, _ *db.Tx, m cases.Move) error {
	if !slices.Contains(outcomes, Outcome(m.Input.Field("outcome"))) {
		return fault.New(fault.Invalid, "cases.required").At("outcome")
	}
	return nil
}

// everyPoint guards that no point of the petition is left without a reply.
func (s *Service) everyPoint(ctx context.Context, tx *db.Tx, m cases.Move) error {
	asked, err := pointsOf(ctx, tx, m.Case.ID)
	if err != nil {
		return err
	}
	given, err := answersOf(ctx, tx, m.Case.ID)
	if err != nil {
		return err
	}
	for _, p := range asked {
		if !slices.ContainsFunc(given, func(a Answer) bool { return a.Round == m.Case.Round && a.Number == p.Number }) {
			return fault.New(fault.Invalid, "petitions.point_unanswered", "number", p.Number).At("reply_" + strconv.Itoa(p.Number))
		}
	}
	return nil
}

// ExtensionRequest asks for more time, on a document.
//
// vi: đề nghị gia hạn
type ExtensionRequest struct {
	Days     int
	Reason   string
	Document string
	Revision int64
}

// AskExtension asks the council's office for more time. The due date moves only
// when the request is granted.
func (s *Service) AskExtension(ctx context.Context, who org.Actor, id string, r ExtensionRequest) error {
	in := cases.Input{Note: text.Clean(r.Reason), Document: text.Line(r.Document), Revision: r.Revision, Fields: map[string]string{"days": strconv.Itoa(r.Days)}}
	return s.act(ctx, who, id, "ask_extension", in, func(_ *db.Tx, p *Petition, _ *cases.Case) error {
		if p.AskedDays > 0 {
			return fault.New(fault.Refused, "petitions.already_asked")
		}
		p.AskedDays, p.AskedPaper = r.Days, text.Line(r.Document)
		return nil
	})
}

// GrantExtension gives the time that was asked for, on a document of the office.
func (s *Service) GrantExtension(ctx context.Context, who org.Actor, id, document string, revision int64) error {
	in := cases.Input{Document: text.Line(document), Revision: revision, Fields: map[string]string{}}
	return s.act(ctx, who, id, "extend", in, func(_ *db.Tx, p *Petition, _ *cases.Case) error {
		in.Fields["days"], in.Fields["asked_document"] = strconv.Itoa(p.AskedDays), p.AskedPaper
		p.AskedDays, p.AskedPaper = 0, ""
		return nil
	})
}

// RefuseExtension turns the request down; the due date stays.
func (s *Service) RefuseExtension(ctx context.Context, who org.Actor, id, note string, revision int64) error {
	return s.act(ctx, who, id, "refuse_extension", cases.Input{Note: text.Clean(note), Revision: revision}, func(_ *db.Tx, p *Petition, _ *cases.Case) error {
		if p.AskedDays == 0 {
			return fault.New(fault.Refused, "petitions.nothing_asked")
		}
		p.AskedDays, p.AskedPaper = 0, ""
		return nil
	})
}

func (s *Service) daysAsked(_ context.Context, _ *db.Tx, m cases.Move) error {
	if n, err := strconv.Atoi(m.Input.Field("days")); err != nil || n < 1 || n > extensionMax {
		return fault.New(fault.Invalid, "cases.extension_length", "max", extensionMax).At("days")
	}
	return nil
}

// extensionMax is the most that may be asked at once; the procedure's own limit
// is asked again when it is granted.
const extensionMax = 30

// extensionAsked guards that a request waits, and hands its days to the engine.
func (s *Service) extensionAsked(_ context.Context, _ *db.Tx, m cases.Move) error {
	if m.Verb.Extends == "" {
		return nil
	}
	n, err := strconv.Atoi(m.Input.Field("days"))
	if err != nil || n < 1 {
		return fault.New(fault.Refused, "petitions.nothing_asked")
	}
	m.Input.Extend = calendar.Extension{Count: n}
	return nil
}

// Judge is the committee's view of the answer's quality.
func (s *Service) Judge(ctx context.Context, who org.Actor, id string, q Quality, note string, revision int64) error {
	return s.act(ctx, who, id, "judge", cases.Input{Note: text.Clean(note), Revision: revision, Fields: map[string]string{"quality": string(q)}}, nil)
}

func (s *Service) knownQuality(_ context.Context, _ *db.Tx, m cases.Move) error {
	q := Quality(m.Input.Field("quality"))
	if !slices.Contains(qualities, q) {
		return fault.New(fault.Invalid, "cases.required").At("quality")
	}
	if q != Good && m.Input.Note == "" {
		return fault.New(fault.Invalid, "petitions.quality_needs_note").At("note")
	}
	return nil
}

// Close ends a petition whose answer was judged.
func (s *Service) Close(ctx context.Context, who org.Actor, id, note string, revision int64) error {
	return s.act(ctx, who, id, "close", cases.Input{Note: text.Clean(note), Revision: revision}, nil)
}

// SendAgain sends an answer back to the body, with what is missing.
func (s *Service) SendAgain(ctx context.Context, who org.Actor, id, note string, revision int64) error {
	return s.act(ctx, who, id, "send_again", cases.Input{Note: text.Clean(note), Revision: revision}, nil)
}

// Reopen begins a new round of a closed or refused petition.
func (s *Service) Reopen(ctx context.Context, who org.Actor, id, note string, revision int64) error {
	return s.act(ctx, who, id, "reopen", cases.Input{Note: text.Clean(note), Revision: revision}, nil)
}

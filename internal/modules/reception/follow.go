package reception

import (
	"context"
	"slices"
	"strconv"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/reception/clocks"
	"example.vn/hdnd/internal/modules/reception/sendings"
	"example.vn/hdnd/internal/modules/reception/wording"
)

// The judgements of an answer's content.
var satisfactions = []string{"yes", "partly", "no"}

// urgeRule is how long a body is given after one urging until the next rung.
const urgeRule = "letters.urge_again"

// Urge presses for an overdue answer by a paper of its own, each time a rung
// higher: the office urges the body twice, then reports to the standing committee,
// which then asks the body to explain. Nobody climbs two rungs at once.
func (s *Service) Urge(ctx context.Context, who org.Actor, id string, g Signature) error {
	in := cases.Input{Note: g.Note, Revision: g.Revision, Fields: map[string]string{}}
	return s.act(withWords(ctx, text.Clean(g.Words)), who, id, "urge", &in, func(tx *db.Tx, l *Letter, _ *cases.Case) error {
		l.Urged++
		if wording.RungOf(l.Urged) == PaperExplain && !who.Has(org.Standing) && !who.Has(org.Chair) {
			return fault.New(fault.Forbidden, "reception.rung_standing")
		}
		sent, err := sendings.Of(ctx, tx, id)
		if err != nil {
			return err
		}
		next, err := s.urgeFrom(*l, sent)
		if err != nil {
			return err
		}
		if today := clock.Today(s.Clock); today.Before(next) {
			return fault.New(fault.Refused, "reception.urged_lately", "from", next.VN())
		}
		in.Fields["time"] = strconv.Itoa(l.Urged)
		return s.forwarded(ctx, tx, id, func(f *Sending) { f.Urged++ })
	})
}

// urgeFrom is the first day on which a letter's next urging may go; none when it
// would be the first.
func (s *Service) urgeFrom(l Letter, sent []Sending) (clock.Date, error) {
	for _, f := range slices.Backward(sent) {
		if !PaperKind(f.Kind).Urges() || l.Urged < 2 {
			continue
		}
		on := clock.DateOf(f.At.Time)
		rule, err := s.Calendar.Rules().At(urgeRule, on)
		if err != nil || rule.Unit == calendar.None {
			return clock.Date{}, err
		}
		counted, err := s.Calendar.Current().Count(rule.Run(on, ""))
		return counted.Due, err
	}
	return clock.Date{}, nil
}

// standingOf is the standing committee of a council.
func (s *Service) standingOf(ctx context.Context, tx *db.Tx, councilID string) (string, error) {
	all, err := org.BodiesOf(ctx, tx, councilID, org.StandingCommittee)
	for _, b := range all {
		if b.Open(clock.Today(s.Clock)) {
			return b.ID, nil
		}
	}
	if err == nil {
		err = fault.New(fault.Refused, "reception.no_standing")
	}
	return "", err
}

// Reply is what a body answered about a letter that was forwarded to it.
//
// vi: văn bản trả lời của cơ quan giải quyết
type Reply struct {
	Document  string
	On        clock.Date // the day it came
	SettledOn clock.Date // the day the body settled the matter; none when it says none
	Satisfied string
	Note      string
	Revision  int64
}

// Answer enters the body's answer in the register.
func (s *Service) Answer(ctx context.Context, who org.Actor, id string, r Reply) error {
	r.Document = text.Line(r.Document)
	if !slices.Contains(satisfactions, r.Satisfied) {
		return fault.New(fault.Invalid, "reception.satisfied_empty").At("satisfied")
	}
	on := r.On
	if on.IsZero() {
		on = clock.Today(s.Clock)
	}
	told, err := s.bodyTells(r, on)
	if err != nil {
		return err
	}
	in := cases.Input{Note: r.Note, Document: r.Document, On: r.On, Revision: r.Revision, Fields: map[string]string{"satisfied": r.Satisfied}}
	return s.act(ctx, who, id, "answer", &in, func(tx *db.Tx, l *Letter, _ *cases.Case) error {
		l.Satisfied = r.Satisfied
		of, err := following(ctx, tx, *l)
		if err == nil {
			err = s.duties.Answered(ctx, tx, of, on)
		}
		if err != nil {
			return err
		}
		return s.forwarded(ctx, tx, id, func(f *Sending) {
			f.AnswerNumber, f.AnswerOn, f.Satisfied, f.TellDue = r.Document, on, r.Satisfied, told
		})
	})
}

// bodyTells is the day by which the body had to tell what came of the letter
// (Luật Tiếp công dân, Điều 27 khoản 2); none when it is not known when it was
// settled.
func (s *Service) bodyTells(r Reply, on clock.Date) (clock.Date, error) {
	if r.SettledOn.IsZero() {
		return clock.Date{}, nil
	}
	if r.SettledOn.After(on) {
		return clock.Date{}, fault.New(fault.Invalid, "reception.settled_after", "settled", r.SettledOn.VN()).At("day")
	}
	k, err := clocks.Reckon(s.Calendar.Rules(), s.Calendar.Current(), clocks.Facts{Kind: clocks.Proposal, Step: clocks.BodyTells, On: r.SettledOn}, nil, nil)
	return k.Deadline.Due, err
}

// forwarded changes the register's newest line of a letter, if it has one.
func (s *Service) forwarded(ctx context.Context, tx *db.Tx, letterID string, change func(f *Sending)) error {
	all, err := sendings.Of(ctx, tx, letterID)
	if err != nil {
		return err
	}
	for _, f := range slices.Backward(all) {
		if f.Kind == string(PaperForward) {
			change(&f)
			return sendings.Update(ctx, tx, f)
		}
	}
	return nil
}

// Insist sends an answer back that does not say enough, and waits for another.
func (s *Service) Insist(ctx context.Context, who org.Actor, id string, g Signature) error {
	if text.Clean(g.Words) == "" {
		return fault.New(fault.Invalid, "cases.required").At("words")
	}
	in := cases.Input{Note: g.Note, Revision: g.Revision}
	return s.act(withWords(ctx, text.Clean(g.Words)), who, id, "insist", &in, nil)
}

// Note enters a paper that a step of the law asks for, such as the notice to who
// sent the letter on, and stops that step's clock.
func (s *Service) Note(ctx context.Context, who org.Actor, id, verb, document string, on clock.Date, note string, revision int64) error {
	if verb != "tell_citizen" && verb != "tell_sender" {
		return fault.New(fault.Missing, "cases.no_such_case")
	}
	return s.act(ctx, who, id, verb, &cases.Input{Document: text.Line(document), On: on, Note: note, Revision: revision}, nil)
}

// Close ends the following of a letter.
func (s *Service) Close(ctx context.Context, who org.Actor, id, note string, revision int64) error {
	return s.act(ctx, who, id, "close", &cases.Input{Note: note, Revision: revision}, func(tx *db.Tx, _ *Letter, _ *cases.Case) error {
		return s.forwarded(ctx, tx, id, func(f *Sending) { f.Ended = true })
	})
}

// Withdrawal takes a letter back, wholly or in part.
//
// vi: rút đơn
type Withdrawal struct {
	All      bool   // everything, by everybody
	Senders  []int  // who withdraws, of several; empty: nobody by name
	Part     string // the content that is withdrawn
	Document string // the form or the minutes
	On       clock.Date
	Revision int64
}

// Withdraw enters a withdrawal. One member who withdraws does not stop the case
// of the others; a content that is withdrawn does not stop the other contents.
func (s *Service) Withdraw(ctx context.Context, who org.Actor, id string, w Withdrawal) (whole bool, err error) {
	w.Document, w.Part = text.Line(w.Document), text.Clean(w.Part)
	if !w.All && len(w.Senders) == 0 && w.Part == "" {
		return false, fault.New(fault.Invalid, "reception.withdrawal_empty").At("all")
	}
	on := w.On
	if on.IsZero() {
		on = clock.Today(s.Clock)
	}
	whole = w.All
	if !whole && len(w.Senders) > 0 {
		if whole, err = s.everybody(ctx, who, id, w.Senders); err != nil {
			return false, err
		}
	}
	verb := "withdraw_part"
	if whole {
		verb = "withdraw"
	}
	in := cases.Input{Document: w.Document, On: w.On, Note: w.Part, Revision: w.Revision, Fields: map[string]string{"all": yes(w.All), "senders": strconv.Itoa(len(w.Senders))}}
	return whole, s.act(ctx, who, id, verb, &in, func(tx *db.Tx, l *Letter, _ *cases.Case) error {
		if on.Before(l.ReceivedOn) {
			return fault.New(fault.Invalid, "cases.before_event", "day", on.VN(), "event", l.ReceivedOn.VN()).At("on")
		}
		senders, err := sendersOf(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, p := range senders {
			if p.WithdrawnOn.IsZero() && (w.All || slices.Contains(w.Senders, p.Number)) {
				if err := withdrawSender(ctx, tx, id, p.Number, on); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// everybody reports whether those who withdraw now are the last.
func (s *Service) everybody(ctx context.Context, who org.Actor, id string, now []int) (all bool, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := s.Cases.Case(ctx, tx, who, id); err != nil {
			return err
		}
		senders, err := sendersOf(ctx, tx, id)
		all = len(senders) > 0 && !slices.ContainsFunc(senders, func(p Sender) bool { return p.WithdrawnOn.IsZero() && !slices.Contains(now, p.Number) })
		return err
	})
	return all, err
}

// allWithdraw guards that nobody is left.
func (s *Service) allWithdraw(ctx context.Context, tx *db.Tx, m cases.Move) error {
	senders, err := sendersOf(ctx, tx, m.Case.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(senders, func(p Sender) bool { return p.WithdrawnOn.IsZero() }) {
		return fault.New(fault.Refused, "reception.not_all_withdraw")
	}
	return nil
}

// answerLate guards that a body is urged only once its time is over.
func (s *Service) answerLate(ctx context.Context, tx *db.Tx, m cases.Move) error {
	all, err := cases.Deadlines(ctx, tx, m.Case.ID)
	if err != nil {
		return err
	}
	for _, d := range slices.Backward(all) {
		if d.Name == "answer" && d.Live() {
			if !clock.DateOf(s.Clock.Now()).After(d.Due) {
				return fault.New(fault.Refused, "reception.not_overdue", "due", d.Due.VN())
			}
			return nil
		}
	}
	return fault.New(fault.Refused, "reception.nothing_awaited")
}

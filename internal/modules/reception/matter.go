package reception

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/reception/clocks"
	"example.vn/hdnd/internal/modules/reception/rulings"
)

// Matter is a complaint or a denunciation that the council settles itself.
//
// vi: vụ việc khiếu nại, tố cáo
type Matter struct {
	ID                 string                      `db:"id"` // also the case's
	CouncilID          string                      `db:"council_id"`
	LetterID           string                      `db:"letter_id"`
	Kind               Kind                        `db:"kind"`
	Source             Source                      `db:"source"`
	Instance           int                         `db:"instance"`
	Remote             bool                        `db:"remote"`
	AcceptedOn         clock.Date                  `db:"accepted_on"`
	Complexity         clocks.Complexity           `db:"complexity"`
	Criteria           db.JSON[[]clocks.Criterion] `db:"criteria"`
	ComplexityDocument string                      `db:"complexity_document"`
	DialogueOn         clock.Date                  `db:"dialogue_on"`
	CreatedAt          db.Time                     `db:"created_at"`
}

// facts are what the matter's limits hang on.
func (m Matter) facts(step clocks.Step, on clock.Date) clocks.Facts {
	return clocks.Facts{Kind: limitKind(m.Kind), Step: step, On: on, Accepted: m.AcceptedOn, Second: m.Instance == 2, Remote: m.Remote, Complexity: m.Complexity, Criteria: m.Criteria.V,
		Document: m.ComplexityDocument}
}

// takeUp opens the matter of a letter that is accepted, in the same transaction.
func (s *Service) takeUp(ctx context.Context, tx *db.Tx, who org.Actor, l Letter, c *cases.Case, h Handed, on clock.Date) error {
	if on.Before(l.ReceivedOn) {
		return fault.New(fault.Invalid, "cases.before_event", "day", on.VN(), "event", l.ReceivedOn.VN()).At("on")
	}
	m := Matter{ID: h.ID, CouncilID: l.CouncilID, LetterID: l.ID, Kind: l.Kind, Source: l.Source, Instance: l.Instance, Remote: l.Remote, AcceptedOn: on,
		Criteria: db.JSON[[]clocks.Criterion]{V: []clocks.Criterion{}}, CreatedAt: db.At(s.Clock.Now())}
	in := cases.Input{On: on, Fields: map[string]string{"letter": l.ID, "instance": strconv.Itoa(l.Instance), "remote": yes(l.Remote), "source": string(l.Source)}}
	if limitKind(l.Kind) == clocks.Denunciation && !c.Sealed {
		return fault.New(fault.Refused, "reception.not_sealed")
	}
	_, _, err := s.Cases.Begin(ctx, tx, cases.Opening{Procedure: string(l.Kind), Who: who, Input: in, Case: cases.Case{ID: m.ID, CouncilID: l.CouncilID, Code: h.Code, Title: "Vụ việc từ " + inSentence(l.Title()),
		OwnerBodyID: c.OwnerBodyID, UnitCode: c.UnitCode, Field: string(l.Kind), Sealed: c.Sealed}})
	if err != nil {
		return err
	}
	return insertMatter(ctx, tx, m)
}

// Course is one step of settling a matter, as it is entered.
//
// vi: bước giải quyết vụ việc
type Course struct {
	Verb       string
	Document   string     // number, symbol and date of the paper it rests on
	On         clock.Date // the day it happened; none: today
	Day        clock.Date // of the dialogue
	Reason     string     // coded: why suspended or stopped
	Complexity clocks.Complexity
	Criteria   []clocks.Criterion
	Note       string
	Words      string // of who signs, for the paper that is drawn here
	Revision   int64
}

// stopReasons say why a matter is suspended or stopped (Luật Khiếu nại, Điều
// 10, 11a; Luật Tố cáo, Điều 34).
var (
	suspendReasons = []string{"force_majeure", "waits_for_result", "needs_expert"}
	stopReasons    = []string{"withdrawn", "party_dead", "settled_elsewhere", "no_longer_ours"}
)

// Proceed takes a matter one step on.
func (s *Service) Proceed(ctx context.Context, who org.Actor, id string, g Course) error {
	g.Document = text.Line(g.Document)
	on := g.On
	if on.IsZero() {
		on = clock.Today(s.Clock)
	}
	ruling, at, typed := db.NewID(s.Clock.Now()), db.At(s.Clock.Now()), g.Document
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		in, g := cases.Input{On: g.On, Note: g.Note, Revision: g.Revision, Fields: map[string]string{"reason": g.Reason}}, g
		c, err := s.Cases.Case(ctx, tx, who, id)
		if err != nil {
			return err
		}
		m, err := matterOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.first(c, who, g.Verb, g.Revision); err != nil {
			return err
		}
		drawn := typed == "" && rulings.Draws(g.Verb)
		if drawn {
			o := rulings.Order{MatterID: m.ID, OwnerBodyID: c.OwnerBodyID, Verb: g.Verb, On: on, Reason: g.grounds(), Words: g.Words, Sealed: c.Sealed}
			if _, g.Document, err = s.rulings.Issue(ctx, tx, who, o, ruling, at); err != nil {
				return err
			}
		}
		in.Document = g.Document
		if err := s.prepare(ctx, tx, &m, g, on, &in); err != nil {
			return err
		}
		if err := updateMatter(ctx, tx, m); err != nil {
			return err
		}
		if err := s.note(ctx, tx, who, c, m.LetterID, &in); err != nil {
			return err
		}
		if _, err = s.Cases.Do(ctx, tx, who, c, g.Verb, in); err != nil || !drawn {
			return err
		}
		d, err := liveOf(ctx, tx, m.ID, "settle")
		if err != nil || d == nil {
			return err
		}
		return s.rulings.Settled(ctx, tx, ruling, d.Due)
	})
}

// grounds are the coded reasons that a step's paper gives.
func (g Course) grounds() string {
	if g.Verb != "determine_complex" {
		return g.Reason
	}
	level := g.Complexity
	if level == clocks.Plain {
		level = clocks.Complex
	}
	all := []string{string(level)}
	for _, c := range g.Criteria {
		all = append(all, string(c))
	}
	return strings.Join(all, " ")
}

// ruled is what the papers of a matter say of it.
func (s *Service) ruled(ctx context.Context, tx *db.Tx, id string) (of rulings.Matter, err error) {
	c, err := cases.Load(ctx, tx, id)
	if err != nil {
		return of, err
	}
	m, err := matterOf(ctx, tx, id)
	if err != nil {
		return of, err
	}
	l, err := letterOf(ctx, tx, m.LetterID)
	if err != nil {
		return of, err
	}
	of = rulings.Matter{Code: c.Code, Sealed: c.Sealed, Denunciation: m.Kind == Denunciation, Second: m.Instance == 2, Letter: inSentence(l.Title()), ReceivedOn: l.ReceivedOn, AcceptedOn: m.AcceptedOn}
	if !c.Sealed {
		of.Sender, of.Summary, of.Respondent = l.SenderLine, l.Summary, l.Respondent
	}
	return of, nil
}

// prepare asks of a step what its law asks, and keeps what it settles.
func (s *Service) prepare(ctx context.Context, tx *db.Tx, m *Matter, g Course, on clock.Date, in *cases.Input) error {
	if on.Before(m.AcceptedOn) {
		return fault.New(fault.Invalid, "cases.before_event", "day", on.VN(), "event", m.AcceptedOn.VN()).At("on")
	}
	switch g.Verb {
	case "determine_complex":
		return m.determine(g, on, in)
	case "call_dialogue":
		if g.Day.IsZero() {
			return fault.New(fault.Invalid, "cases.required").At("day")
		}
		if g.Day.Before(on) {
			return fault.New(fault.Invalid, "reception.dialogue_past").At("day")
		}
		if _, err := clocks.Choose(m.facts(clocks.DialogueNotice, g.Day)); err != nil {
			return err
		}
		m.DialogueOn = g.Day
		in.Fields["day"] = g.Day.String()
		in.Events = map[string]clock.Date{"dialogue_notice": g.Day}
	case "suspend":
		if !slices.Contains(suspendReasons, g.Reason) {
			return fault.New(fault.Invalid, "reception.reason_empty").At("reason")
		}
	case "stop":
		if !slices.Contains(stopReasons, g.Reason) {
			return fault.New(fault.Invalid, "reception.reason_empty").At("reason")
		}
	case "extend":
		return s.lengthen(ctx, tx, *m, g, on, in)
	}
	return nil
}

// determine holds a matter for complex, in writing and on the criteria of the law.
func (m *Matter) determine(g Course, on clock.Date, in *cases.Input) error {
	if g.Complexity == clocks.Plain {
		g.Complexity = clocks.Complex
	}
	f := m.facts(clocks.Settle, m.AcceptedOn)
	f.Complexity, f.Criteria, f.Document, f.Determined = g.Complexity, g.Criteria, g.Document, on
	if g.Complexity == clocks.Very && f.Kind == clocks.Complaint {
		return fault.New(fault.Invalid, "reception.clock_very_is_for_denunciations").At("complexity")
	}
	if err := f.CheckComplex(); err != nil {
		return err
	}
	m.Complexity, m.ComplexityDocument = g.Complexity, g.Document
	m.Criteria = db.JSON[[]clocks.Criterion]{V: append([]clocks.Criterion{}, g.Criteria...)}
	in.Fields["complexity"] = string(g.Complexity)
	for i, c := range g.Criteria {
		in.Fields["criterion_"+strconv.Itoa(i+1)] = string(c)
	}
	return nil
}

// lengthen hands the engine the extension that the law of the day allows.
func (s *Service) lengthen(ctx context.Context, tx *db.Tx, m Matter, g Course, on clock.Date, in *cases.Input) error {
	all, err := cases.Deadlines(ctx, tx, m.ID)
	if err != nil {
		return err
	}
	f := m.facts(clocks.Extend, on)
	f.Document = g.Document
	for _, d := range all {
		if d.Name == "settle" && d.Live() {
			f.Extensions = len(d.Run.V.Extensions)
		}
	}
	in.Extend, err = clocks.Extension(s.Calendar.Rules(), f)
	return err
}

// byMatter picks the limits of a matter that the council settles.
func (s *Service) byMatter(ctx context.Context, tx *db.Tx, mv cases.Move, deadline string, on clock.Date) (string, error) {
	m := Matter{Kind: Complaint, Remote: mv.Input.Field("remote") != "", AcceptedOn: on, Source: Source(mv.Input.Field("source"))}
	if mv.Input.Field("instance") == "2" {
		m.Instance = 2
	}
	if mv.Act.Number > 1 {
		var err error
		if m, err = matterOf(ctx, tx, mv.Case.ID); err != nil {
			return "", err
		}
	}
	if deadline == "answer_front" && m.Source != OfFront {
		return "", nil
	}
	f := m.facts(clocks.Step(deadline), on)
	f.Determined = clock.DateOf(mv.Act.At.Time)
	if len(f.Criteria) == 0 {
		f.Determined = on // it was determined before the law asked for criteria
	}
	l, err := clocks.Choose(f)
	return l.Rule, err
}

func (s *Service) maySuspend(_ context.Context, _ *db.Tx, m cases.Move) error {
	return clocks.Suspendable(clocks.Complaint, s.happened(m))
}

func (s *Service) mayWithdrawPart(_ context.Context, _ *db.Tx, m cases.Move) error {
	return clocks.PartWithdrawable(clocks.Complaint, s.happened(m))
}

// happened is the day of an act.
func (s *Service) happened(m cases.Move) clock.Date {
	if !m.Input.On.IsZero() {
		return m.Input.On
	}
	return clock.Today(s.Clock)
}

// mayExtend guards that an extension was weighed.
func (s *Service) mayExtend(_ context.Context, _ *db.Tx, m cases.Move) error {
	if m.Input.Extend == (calendar.Extension{}) {
		return fault.New(fault.Refused, "reception.clock_extension_needs_complex")
	}
	return nil
}

func (s *Service) settleLate(ctx context.Context, tx *db.Tx, m cases.Move) error {
	return s.passed(ctx, tx, m, "settle", "reception.settle_not_late")
}

func (s *Service) effectReached(ctx context.Context, tx *db.Tx, m cases.Move) error {
	return s.passed(ctx, tx, m, "take_effect", "reception.effect_not_reached")
}

// passed guards that the day of a clock is over.
func (s *Service) passed(ctx context.Context, tx *db.Tx, m cases.Move, name, key string) error {
	d, err := liveOf(ctx, tx, m.Case.ID, name)
	if err != nil || d == nil {
		return err
	}
	if !s.happened(m).After(d.Due) {
		return fault.New(fault.Refused, key, "due", d.Due.VN())
	}
	return nil
}

// withinGoOn guards that a second complaint, or a suit, comes in time.
func (s *Service) withinGoOn(ctx context.Context, tx *db.Tx, m cases.Move) error {
	d, err := liveOf(ctx, tx, m.Case.ID, "go_on")
	if err != nil || d == nil {
		return err
	}
	if s.happened(m).After(d.Due) {
		return fault.New(fault.Refused, "reception.go_on_over", "due", d.Due.VN())
	}
	return nil
}

// nothingRuns guards that no duty is left.
func (s *Service) nothingRuns(ctx context.Context, tx *db.Tx, m cases.Move) error {
	all, err := cases.Deadlines(ctx, tx, m.Case.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(d cases.Deadline) bool { return d.Live() && !d.Window }) {
		return fault.New(fault.Refused, "reception.duties_left")
	}
	return nil
}

func liveOf(ctx context.Context, tx *db.Tx, caseID, name string) (*cases.Deadline, error) {
	all, err := cases.Deadlines(ctx, tx, caseID)
	for _, d := range slices.Backward(all) {
		if d.Name == name && d.Live() {
			return &d, err
		}
	}
	return nil, err
}

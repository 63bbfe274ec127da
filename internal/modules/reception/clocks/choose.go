package clocks

import (
	"slices"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
)

// Kind is what a letter is, as far as time limits go.
//
// vi: loại đơn
type Kind string

// The kinds. What is neither complaint nor denunciation is a proposal.
const (
	Complaint    Kind = "complaint"
	Denunciation Kind = "denunciation"
	Proposal     Kind = "proposal"
)

// Step is a step of the law with a limit of its own, in the order of the law
// notes' table.
//
// vi: bước có thời hạn
type Step string

// The steps.
const (
	Accept            Step = "accept"             // 1
	Settle            Step = "settle"             // 2, 5, 15
	SendDecision      Step = "send_decision"      // 3
	GoOn              Step = "go_on"              // 4
	TakeEffect        Step = "take_effect"        // 6
	SendSuspension    Step = "send_suspension"    // 7, 16
	DialogueNotice    Step = "dialogue_notice"    // 8
	DetermineComplex  Step = "determine_complex"  // 9
	HandleFirst       Step = "handle_first"       // 10
	PassOn            Step = "pass_on"            // 11
	NoHandling        Step = "no_handling"        // 12
	TellSender        Step = "tell_sender"        // 13
	NotifyAcceptance  Step = "notify_acceptance"  // 14
	Extend            Step = "extend"             // 15
	ActOnConclusion   Step = "act_on_conclusion"  // 17
	ReportBack        Step = "report_back"        // 17
	ReviewFurther     Step = "review_further"     // 18
	SuperiorAsks      Step = "superior_asks"      // 19
	BodyReports       Step = "body_reports"       // 19
	PublishConclusion Step = "publish_conclusion" // 20
	AnswerFront       Step = "answer_front"       // 21
	AnswerCouncil     Step = "answer_council"     // 22
	TellResult        Step = "tell_result"
	BodyTells         Step = "body_tells"
	TellCitizen       Step = "tell_citizen"
)

// Complexity of a matter.
//
// vi: tính chất phức tạp
type Complexity string

// The complexities; Very is known to the law on denunciations alone.
const (
	Plain   Complexity = ""
	Complex Complexity = "complex"
	Very    Complexity = "very"
)

// Criterion is a ground on which a complaint may be held for complex
// (Nghị định 155/2026/NĐ-CP, Điều 3a).
//
// vi: tiêu chí vụ việc phức tạp
type Criterion string

// Criteria are the seven of the decree.
func Criteria() []Criterion {
	return []Criterion{"places", "contents", "people", "foreign", "bodies", "disagreement", "evidence"}
}

// Facts are what the choice of a limit hangs on.
//
// vi: -
type Facts struct {
	Kind     Kind
	Step     Step
	On       clock.Date // the day of the event that the limit begins with
	Accepted clock.Date // when the matter was accepted; for Settle and what follows from it
	Second   bool       // second instance
	Remote   bool       // vùng sâu, vùng xa
	Places   bool       // a denunciation that has to be looked into at several places first

	Complexity Complexity
	Criteria   []Criterion
	Document   string     // that determines the matter complex
	Determined clock.Date // the day of that document
	Extensions int        // given before this one
}

// Limit is the rule that applies, and where the law notes have it.
//
// vi: căn cứ thời hạn
type Limit struct {
	Rule string // key in the calendar's rules
	Row  int    // of the table in the law notes, §3.3; 0: §2.6
	Law  clock.Date
	Why  []Reason
}

// Reason is a text key that says why this rule and no other.
//
// vi: -
type Reason string

// The days on which laws changed.
var (
	// amended is the day of Luật 136/2025/QH15 and its decrees.
	amended = clock.NewDate(2026, time.July, 1)
	// overseen is the day of Luật 121/2025/QH15, which has no limit of its own
	// for answers that the old supervision law set.
	overseen = clock.NewDate(2026, time.March, 1)
)

// Choose finds the limit of one step.
func Choose(f Facts) (Limit, error) {
	if f.On.IsZero() {
		return Limit{}, fault.New(fault.Invalid, "reception.clock_no_event").At("on")
	}
	l := Limit{Law: f.On}
	if rule, ok := simple[f.Step]; ok {
		if rule.kind != "" && rule.kind != f.Kind {
			return l, f.none()
		}
		l.Rule, l.Row = rule.key, rule.row
		return l, l.since(f)
	}
	switch f.Step {
	case Accept:
		return f.accept(l)
	case Settle:
		return f.settle(l)
	case GoOn:
		return f.byPlace(l, "complaints.go_on", 4)
	case TakeEffect:
		return f.byPlace(l, "complaints.take_effect", 6)
	case SendSuspension:
		return f.suspension(l)
	case DetermineComplex:
		l.Rule, l.Row = "complaints.determine_complex", 9
		f.Determined = f.On
		return l, f.CheckComplex()
	case HandleFirst:
		return f.handleFirst(l)
	case Extend:
		l.Rule, l.Row = "denunciations.settle_extension", 15
		return l, f.CheckExtension()
	case AnswerCouncil:
		l.Rule, l.Row = "letters.answer_forwarded", 22
		if f.On.Before(overseen) {
			l.Rule = "supervision.answer_demand"
		}
		return l, nil
	}
	return l, f.none()
}

// simple are the steps with one rule.
var simple = map[Step]struct {
	key  string
	row  int
	kind Kind
}{
	SendDecision:      {"complaints.send_first_decision", 3, Complaint},
	DialogueNotice:    {"complaints.dialogue_notice", 8, Complaint},
	PassOn:            {"denunciations.forward", 11, Denunciation},
	NoHandling:        {"denunciations.no_handling", 12, Denunciation},
	TellSender:        {"denunciations.tell_sender", 13, Denunciation},
	NotifyAcceptance:  {"denunciations.notify_acceptance", 14, Denunciation},
	ActOnConclusion:   {"denunciations.act_on_conclusion", 17, Denunciation},
	ReportBack:        {"denunciations.report_back", 17, Denunciation},
	ReviewFurther:     {"denunciations.review_further", 18, Denunciation},
	SuperiorAsks:      {"denunciations.superior_asks", 19, Denunciation},
	BodyReports:       {"denunciations.body_reports", 19, Denunciation},
	PublishConclusion: {"denunciations.publish_conclusion", 20, Denunciation},
	AnswerFront:       {"complaints.answer_front", 21, Complaint},
	TellResult:        {"reception.tell_citizen", 0, ""},
	BodyTells:         {"reception.forwarded_result", 0, ""},
	TellCitizen:       {"reception.deputy_tells", 0, ""},
}

// since refuses steps that the law did not know on their day, and says under
// which law a matter stands that was accepted before it changed.
func (l *Limit) since(f Facts) error {
	if f.Step == DialogueNotice && f.On.Before(amended) {
		return fault.New(fault.Refused, "reception.clock_not_yet_law", "day", f.On.VN(), "since", amended.VN())
	}
	if f.Step == DialogueNotice && !f.Accepted.IsZero() && f.Accepted.Before(amended) {
		l.Why = append(l.Why, "reception.clock_why_new_dialogue")
	}
	return nil
}

func (f Facts) none() error {
	return fault.New(fault.Refused, "reception.clock_no_limit", "step", string(f.Step), "kind", string(f.Kind))
}

// accept: the acceptance or refusal of a complaint, row 1.
func (f Facts) accept(l Limit) (Limit, error) {
	if f.Kind != Complaint {
		return l, f.none()
	}
	l.Rule, l.Row = "complaints.accept_first", 1
	if f.Second {
		l.Rule = "complaints.accept_second"
		l.Why = append(l.Why, "reception.clock_why_second")
	}
	if f.On.Before(amended) {
		l.Why = append(l.Why, "reception.clock_why_received_before")
	} else {
		l.Why = append(l.Why, "reception.clock_why_received_since")
	}
	return l, nil
}

// settle: rows 2, 5 and 15. A matter accepted before the law changed keeps the
// limit of the day of its acceptance.
func (f Facts) settle(l Limit) (Limit, error) {
	if f.Kind == Denunciation {
		l.Rule, l.Row = "denunciations.settle", 15
		return l, nil
	}
	if f.Kind != Complaint {
		return l, f.none()
	}
	if f.Complexity == Very {
		return l, fault.New(fault.Invalid, "reception.clock_very_is_for_denunciations").At("complexity")
	}
	l.Rule, l.Row = "complaints.settle_first", 2
	if f.Second {
		l.Rule, l.Row = "complaints.settle_second", 5
		l.Why = append(l.Why, "reception.clock_why_second")
	}
	if f.Remote {
		l.Rule += "_remote"
		l.Why = append(l.Why, "reception.clock_why_remote")
	}
	if f.Complexity == Complex {
		if err := f.CheckComplex(); err != nil {
			return l, err
		}
		l.Rule += "_complex"
		l.Why = append(l.Why, "reception.clock_why_complex")
	}
	if f.On.Before(amended) {
		l.Why = append(l.Why, "reception.clock_why_accepted_before")
	}
	return l, nil
}

func (f Facts) byPlace(l Limit, key string, row int) (Limit, error) {
	if f.Kind != Complaint {
		return l, f.none()
	}
	l.Rule, l.Row = key, row
	if f.Remote {
		l.Rule += "_remote"
		l.Why = append(l.Why, "reception.clock_why_remote")
	}
	return l, nil
}

// suspension: rows 7 and 16. Of complaints the law knows it since it was
// amended, and then for those too that were accepted before.
func (f Facts) suspension(l Limit) (Limit, error) {
	switch f.Kind {
	case Denunciation:
		l.Rule, l.Row = "denunciations.send_suspension", 16
		return l, nil
	case Complaint:
		l.Rule, l.Row = "complaints.send_suspension", 7
		if f.On.Before(amended) {
			return l, fault.New(fault.Refused, "reception.clock_not_yet_law", "day", f.On.VN(), "since", amended.VN())
		}
		if !f.Accepted.IsZero() && f.Accepted.Before(amended) {
			l.Why = append(l.Why, "reception.clock_why_new_suspension")
		}
		return l, nil
	}
	return l, f.none()
}

func (f Facts) handleFirst(l Limit) (Limit, error) {
	if f.Kind != Denunciation {
		return l, f.none()
	}
	l.Rule, l.Row = "denunciations.handle_first", 10
	if f.Places {
		l.Rule = "denunciations.handle_first_max"
		l.Why = append(l.Why, "reception.clock_why_places")
	}
	return l, nil
}

// CheckComplex asks for what a longer limit needs: a document, and, since the
// decree, at least one of its criteria.
func (f Facts) CheckComplex() error {
	var faults []*fault.Fault
	if f.Document == "" {
		faults = append(faults, fault.New(fault.Invalid, "reception.clock_complex_needs_document").At("document"))
	}
	for _, c := range f.Criteria {
		if !slices.Contains(Criteria(), c) {
			faults = append(faults, fault.New(fault.Invalid, "reception.clock_criterion_unknown").At("criteria"))
		}
	}
	day := f.Determined
	if day.IsZero() {
		day = f.On
	}
	if f.Kind == Complaint && !day.Before(amended) && len(f.Criteria) == 0 {
		faults = append(faults, fault.New(fault.Invalid, "reception.clock_complex_needs_criterion").At("criteria"))
	}
	return fault.Join(faults...)
}

// CheckExtension says whether one more extension may be given: a complex
// denunciation once, a very complex one twice, each on a document (Luật Tố cáo,
// Điều 30). A complaint is not extended: it is complex or not.
func (f Facts) CheckExtension() error {
	if f.Kind != Denunciation {
		return f.none()
	}
	most := map[Complexity]int{Complex: 1, Very: 2}[f.Complexity]
	if most == 0 {
		return fault.New(fault.Refused, "reception.clock_extension_needs_complex")
	}
	if f.Extensions >= most {
		return fault.New(fault.Refused, "reception.clock_no_more_extensions", "times", most)
	}
	if f.Document == "" {
		return fault.New(fault.Invalid, "reception.clock_extension_needs_document").At("document")
	}
	return nil
}

// Suspendable says whether a matter of this kind could be suspended on a day.
func Suspendable(kind Kind, on clock.Date) error {
	_, err := Choose(Facts{Kind: kind, Step: SendSuspension, On: on})
	return err
}

// PartWithdrawable says whether a part of a complaint could be withdrawn on a
// day: the law knows it since it was amended (Luật Khiếu nại, Điều 10).
func PartWithdrawable(kind Kind, on clock.Date) error {
	if kind == Complaint && on.Before(amended) {
		return fault.New(fault.Refused, "reception.clock_not_yet_law", "day", on.VN(), "since", amended.VN())
	}
	return nil
}

package reports

import (
	"slices"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
)

// Kind is which report it is (law notes §1.6).
//
// vi: loại báo cáo
type Kind string

// The kinds of reports.
const (
	Results  Kind = "pl1"     // Bảng tổng hợp kết quả giải quyết, trả lời kiến nghị
	Issued   Kind = "pl2"     // văn bản đã ban hành liên quan việc tiếp thu
	Pondered Kind = "pl3"     // đang xem xét sửa đổi
	Backlog  Kind = "pl4"     // kết quả giải quyết kiến nghị tồn đọng qua nhiều kỳ
	Stuck    Kind = "pl5"     // tồn đọng đang giải quyết
	Fresh    Kind = "pl5b"    // gửi tới kỳ này, đang giải quyết
	Summary  Kind = "summary" // số liệu của báo cáo thẩm tra
)

// Kinds lists the kinds in the order of the form.
func Kinds() []Kind { return []Kind{Summary, Results, Issued, Pondered, Backlog, Stuck, Fresh} }

// Query is what a report asks. Together with its moment it says all that the
// numbers depend on.
//
// vi: điều kiện báo cáo
type Query struct {
	CouncilID   string     `json:"council"`
	Kind        Kind       `json:"kind"`
	From        clock.Date `json:"from"`
	Until       clock.Date `json:"until"` // inclusive
	BeforeFrom  clock.Date `json:"before_from,omitzero"`
	BeforeUntil clock.Date `json:"before_until,omitzero"` // the period it is compared with; Summary alone
	Fields      []string   `json:"fields,omitempty"`      // fields, or committees' branches of them; none: all
	BodyID      string     `json:"body,omitempty"`
	CommitteeID string     `json:"committee,omitempty"` // whose report it is; empty: the council's
}

// Limits of reports.
const (
	yearsMax    = 12               // of a period: two terms and some
	settleTime  = 10 * time.Second // acts of a moment are all in the database by then
	directMost  = 5_000            // rows that are read while the person waits; more is a job
	batchRows   = 1_000
	summaryMost = 600 // characters of a reply that stand for it
)

// check says what is wrong with a query, field by field.
func (q Query) check() error {
	var faults []*fault.Fault
	wrong := func(field, key string, args ...any) {
		faults = append(faults, fault.New(fault.Invalid, key, args...).At(field))
	}
	if !slices.Contains(Kinds(), q.Kind) {
		wrong("kind", "reports.kind_unknown")
	}
	if q.From.IsZero() {
		wrong("from", "reports.from_empty")
	}
	if q.Until.IsZero() {
		wrong("until", "reports.until_empty")
	}
	switch {
	case q.From.IsZero() || q.Until.IsZero():
	case q.Until.Before(q.From):
		wrong("until", "reports.period_backwards")
	case q.Until.Sub(q.From) > yearsMax*366:
		wrong("until", "reports.period_long", "years", yearsMax)
	}
	switch {
	case q.BeforeFrom.IsZero() != q.BeforeUntil.IsZero():
		wrong("before_from", "reports.before_half")
	case !q.BeforeFrom.IsZero() && (q.BeforeUntil.Before(q.BeforeFrom) || !q.BeforeUntil.Before(q.From)):
		wrong("before_until", "reports.before_wrong")
	}
	return fault.Join(faults...)
}

// whole fills in what the asker left to us: the period before, of equal length.
func (q Query) whole() Query {
	if q.Kind != Summary {
		q.BeforeFrom, q.BeforeUntil = clock.Date{}, clock.Date{}
	} else if q.BeforeFrom.IsZero() {
		q.BeforeUntil = q.From.AddDays(-1)
		q.BeforeFrom = q.BeforeUntil.AddDays(q.From.Sub(q.Until))
	}
	slices.Sort(q.Fields)
	q.Fields = slices.Compact(q.Fields)
	return q
}

// before is the same question of the period before, at a moment as long after
// its end: a fresh period is not compared with one that had a year more.
func (q Query) before(at time.Time) (Query, time.Time) {
	age := at.Sub(q.Until.End())
	earlier := q
	earlier.From, earlier.Until = q.BeforeFrom, q.BeforeUntil
	earlier.BeforeFrom, earlier.BeforeUntil = clock.Date{}, clock.Date{}
	return earlier, q.BeforeUntil.End().Add(age)
}

// opened is when the petitions were handed in that can be in the report.
func (q Query) opened(at time.Time) (from, until time.Time) {
	if q.sees() {
		from = q.From.Time()
	}
	until = q.Until.End()
	if next := at.Add(time.Microsecond); next.Before(until) {
		until = next
	}
	return from, until
}

// sees reports whether the report is of petitions handed in within the period
// alone. The others look back at what came before it.
func (q Query) sees() bool { return q.Kind == Summary || q.Kind == Results || q.Kind == Fresh }

// among reports whether a petition passes the filters.
func (q Query) among(s Standing) bool {
	if len(q.Fields) > 0 && (s.Field == "" || !slices.Contains(q.Fields, s.Field) && !slices.Contains(q.Fields, s.Branch())) {
		return false
	}
	return q.BodyID == "" || s.BodyID == q.BodyID
}

// within reports whether a moment lies in the period.
func (q Query) within(t time.Time) bool {
	return !t.IsZero() && !t.Before(q.From.Time()) && t.Before(q.Until.End())
}

// lists reports whether a petition may be shown as a row today. One that was
// split off since stays with the office; a committee reads of those it examines
// now, and of what everybody may read.
func (q Query) lists(c candidate) bool {
	return !c.Sealed && (q.CommitteeID == "" || c.ExaminerID == q.CommitteeID || c.Public)
}

// withdrawn is the reason of what the office entered by mistake and took back:
// no voter ever sent it.
const withdrawn = "withdrawn"

// holds reports whether a petition is a row of the report. At the start of the
// period it stood as asOfFrom, which is asked for of Backlog alone.
func (q Query) holds(s Standing, asOfFrom func() (Standing, error)) (bool, error) {
	if !q.among(s) || s.State == "split" || s.Reason == withdrawn {
		return false, nil
	}
	old := s.OpenedAt.Before(q.From.Time()) || s.Newness == "repeated" || s.Newness == "outstanding"
	switch q.Kind {
	case Summary:
		return true, nil
	case Results:
		return s.Taken(), nil
	case Issued:
		return q.within(s.AnsweredAt) && (s.Outcome == Done || s.Outcome == Partly) && s.Document != "", nil
	case Pondered:
		return q.within(s.AnsweredAt) && s.Outcome == Underway, nil
	case Stuck:
		return old && s.Taken() && !s.Settled(), nil
	case Fresh:
		return !old && s.Taken() && !s.Settled(), nil
	case Backlog:
		if !s.Taken() || !old {
			return false, nil
		}
		if !s.OpenedAt.Before(q.From.Time()) {
			return true, nil
		}
		then, err := asOfFrom()
		return err == nil && then.Taken() && !then.Settled(), err
	}
	return false, nil
}

package reports

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
)

// Act is what reports read of an act of a case.
//
// vi: -
type Act struct {
	CaseID   string      `db:"case_id"`
	Number   int         `db:"number"`
	Verb     string      `db:"verb"`
	At       db.Time     `db:"at"`
	To       cases.State `db:"to_state"`
	Round    int         `db:"round"`
	BodyID   string      `db:"body_id"`
	BodyName string      `db:"body_name"`
	Document string      `db:"document"`
	Fields   string      `db:"fields"` // JSON, read only of the verbs that need it
	Late     bool        `db:"late"`
}

// Term is the time that a transfer letter gave the body. The letter is never
// changed, so it may be asked about the past.
//
// vi: thời hạn trên phiếu chuyển
type Term struct {
	CaseID string     `db:"petition_id"`
	At     db.Time    `db:"at"`
	Due    clock.Date `db:"due"`
}

// Standing is how a petition stood at a moment, as its acts tell.
//
// vi: tình trạng kiến nghị tại thời điểm
type Standing struct {
	ID          string      `json:"id"`
	Code        string      `json:"code"`
	OpenedAt    time.Time   `json:"opened"`
	State       cases.State `json:"state"`
	Round       int         `json:"round"`
	Field       string      `json:"field,omitempty"`
	Authority   string      `json:"authority,omitempty"`
	Newness     string      `json:"newness,omitempty"`
	Ward        string      `json:"ward,omitempty"`
	BodyID      string      `json:"body,omitempty"` // competent; who answered, once answered
	BodyName    string      `json:"-"`              // as the act names it; empty before the answer
	ForwardedAt time.Time   `json:"forwarded,omitzero"`
	Due         clock.Date  `json:"due,omitzero"` // of the reply
	AnsweredAt  time.Time   `json:"answered,omitzero"`
	Document    string      `json:"document,omitempty"` // the body's own letter
	Outcome     Outcome     `json:"outcome,omitempty"`
	Late        bool        `json:"late,omitempty"` // the answer came late
	Quality     string      `json:"quality,omitempty"`
	ClosedAt    time.Time   `json:"closed,omitzero"`
	Reason      string      `json:"reason,omitempty"`  // of a refusal
	Earlier     int         `json:"earlier,omitempty"` // answers that no longer stand: contested, or sent back

	termDays int // of the letter, for an answer that is asked for again
}

// Outcome is what became of a petition, in the body's own statement.
//
// vi: -
type Outcome string

// The outcomes; they are those of petitions (law notes §1.5).
const (
	Done        Outcome = "done"
	Partly      Outcome = "partly"
	Underway    Outcome = "underway"
	NoMeans     Outcome = "no_means"
	Explained   Outcome = "explained"
	Passed      Outcome = "passed"
	Duplicate   Outcome = "duplicate"
	Lasting     Outcome = "outstanding"
	NotPossible Outcome = "not_possible"
)

// Outcomes lists the outcomes in the order of tables.
func Outcomes() []Outcome {
	return []Outcome{Done, Partly, Underway, NoMeans, Explained, Passed, Duplicate, Lasting, NotPossible}
}

// Fold tells how a case stood at a moment from its acts, oldest first. Acts
// after the moment are not looked at.
func Fold(acts []Act, terms []Term, at time.Time) (Standing, error) {
	var s Standing
	for i := range acts {
		a := &acts[i]
		if a.At.After(at) {
			continue
		}
		if err := s.take(a, terms); err != nil {
			return s, fmt.Errorf("reports: act %d of %s: %w", a.Number, a.CaseID, err)
		}
	}
	return s, nil
}

// take moves a standing on by one act. A verb it does not know moves state and
// round alone: procedures grow.
func (s *Standing) take(a *Act, terms []Term) error {
	var in fields
	switch a.Verb {
	case "receive", "classify", "refuse", "extend", "answer", "judge":
		if err := json.Unmarshal([]byte(a.Fields), &in); err != nil {
			return err
		}
	}
	if a.Number == 1 {
		s.ID, s.OpenedAt = a.CaseID, a.At.Time
	}
	s.State, s.Round = a.To, a.Round
	switch a.Verb {
	case "receive":
		s.Ward = in.Ward
	case "classify":
		s.Field, s.Authority, s.Newness, s.Ward, s.BodyID, s.BodyName = in.Field, in.Authority, in.Newness, in.Ward, in.Body, ""
	case "refuse":
		s.Reason, s.ClosedAt = in.Reason, a.At.Time
	case "forward":
		s.ForwardedAt = a.At.Time
		s.given(a.At.Time, terms)
	case "return":
		s.ForwardedAt, s.Due, s.termDays = time.Time{}, clock.Date{}, 0
	case "extend":
		s.extend(in)
	case "answer":
		s.AnsweredAt, s.Document, s.Outcome, s.Late, s.Quality = a.At.Time, a.Document, Outcome(in.Outcome), a.Late, ""
		if a.BodyID != "" {
			s.BodyID, s.BodyName = a.BodyID, a.BodyName
		}
	case "judge":
		s.Quality = in.Quality
	case "close":
		s.ClosedAt = a.At.Time
	case "send_again":
		s.unanswer()
		if s.termDays > 0 {
			s.Due = clock.DateOf(a.At.Time).AddDays(s.termDays)
		}
	case "contest", "reopen":
		s.unanswer()
		s.ForwardedAt, s.ClosedAt, s.Due, s.Reason, s.termDays = time.Time{}, time.Time{}, clock.Date{}, "", 0
		if a.Verb == "contest" {
			s.Newness = "repeated"
		}
	}
	return nil
}

// fields are the values of acts that reports speak of.
type fields struct {
	Field, Authority, Newness, Ward, Body, Reason, Days, Due, Outcome, Quality string
}

// given sets the due date that the letter of this forwarding names.
func (s *Standing) given(at time.Time, terms []Term) {
	s.Due, s.termDays = clock.Date{}, 0
	for _, t := range terms {
		if t.At.Equal(at) && !t.Due.IsZero() {
			s.Due, s.termDays = t.Due, t.Due.Sub(clock.DateOf(at))
		}
	}
}

// extend moves the due date to the one that the act names. Acts from before
// acts named it say how many days were given; days off are not known there.
func (s *Standing) extend(in fields) {
	if due, err := clock.ParseDate(in.Due); err == nil && !due.IsZero() {
		s.Due = due
	} else if n, err := strconv.Atoi(in.Days); err == nil && !s.Due.IsZero() {
		s.Due = s.Due.AddDays(n)
	}
}

// unanswer takes back an answer that does not stand any more.
func (s *Standing) unanswer() {
	if s.Answered() {
		s.Earlier++
	}
	s.AnsweredAt, s.Document, s.Outcome, s.Late, s.Quality = time.Time{}, "", "", false, ""
}

// Answered reports whether an answer stands (đã trả lời).
func (s Standing) Answered() bool { return !s.AnsweredAt.IsZero() }

// Taken reports whether the petition was taken in: neither refused nor split off.
func (s Standing) Taken() bool { return s.State != "refused" && s.State != "split" && s.ID != "" }

// Settled reports whether nothing more is to be done (đã giải quyết): another
// question than whether it was answered.
func (s Standing) Settled() bool {
	switch s.Outcome {
	case Done, Explained, Passed, Duplicate, NotPossible:
		return true
	}
	return false
}

// Overdue reports whether an answer was owed and missing at the moment.
func (s Standing) Overdue(at time.Time) bool {
	return s.Taken() && !s.Answered() && !s.Due.IsZero() && clock.DateOf(at).After(s.Due)
}

// Branch is the committee's part of the field: "urban" of "urban.roads".
func (s Standing) Branch() string { return branch(s.Field) }

func branch(field string) string {
	for i := range field {
		if field[i] == '.' {
			return field[:i]
		}
	}
	return field
}

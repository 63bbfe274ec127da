package reception

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/reception/sendings"
	"example.vn/hdnd/internal/modules/reception/wording"
)

// PaperKind is what a paper is that goes out for a letter.
//
// vi: loại văn bản xử lý đơn
type PaperKind = wording.Kind

// The papers that the verbs themselves look at.
const (
	PaperGuide   = wording.Guide
	PaperForward = wording.Forward
	PaperTold    = wording.Told
	PaperRefused = wording.Refused
	PaperUrge    = wording.Urge
	PaperReport  = wording.Report
	PaperExplain = wording.Explain
)

// Sending is one paper that went out for a letter.
//
// vi: -
type Sending = sendings.Sending

// sendLetter numbers the papers of a verb from the office's own series and
// queues their drawing, in the verb's transaction.
func (s *Service) sendLetter(ctx context.Context, tx *db.Tx, m cases.Move) error {
	l, err := letterOf(ctx, tx, m.Case.ID)
	if err != nil {
		return err
	}
	due, err := s.answerDue(ctx, tx, m.Case.ID)
	if err != nil {
		return err
	}
	before, err := sendings.Of(ctx, tx, l.ID)
	if err != nil {
		return err
	}
	var symbols []string
	for _, kind := range wording.Of(m.Verb.Name, l.Urged) {
		if !kind.ToBody() && l.Anonymous {
			continue // nobody to write to
		}
		f := Sending{ID: db.NewID(m.Act.At.Time), LetterID: l.ID, Ordinal: len(before) + len(symbols) + 1, CouncilID: l.CouncilID, Kind: string(kind), FromBodyID: m.Case.OwnerBodyID, At: m.Act.At, Signer: m.Who.Name, SignerTitle: m.Who.PostTitle,
			OnBehalf: m.Who.OnBehalf()}
		if kind.ToBody() || kind == PaperTold || kind == PaperGuide {
			f.ToBodyID = l.BodyID
		}
		if kind == PaperReport {
			if f.ToBodyID, err = s.standingOf(ctx, tx, l.CouncilID); err != nil {
				return err
			}
		} else if kind.ToBody() {
			f.Due = due
		}
		if !m.Case.Sealed {
			f.Words = wordsIn(ctx)
		}
		n, err := s.number(ctx, tx, m.Case.OwnerBodyID, kind, m.Act.At.Year())
		if err != nil {
			return err
		}
		f.Number, f.Symbol = n.No, n.Symbol
		if err := sendings.Insert(ctx, tx, f); err != nil {
			return err
		}
		if kind == PaperForward {
			if _, err := s.delivery.Enclose(ctx, tx, f.ID, l.ID, enclosedIn(ctx)); err != nil {
				return err
			}
		}
		symbols = append(symbols, f.Symbol)
		if err := s.Jobs.Enqueue(ctx, tx, jobs.Job{Kind: writeKind, Key: f.ID, Args: f.ID, CouncilID: l.CouncilID}); err != nil {
			return err
		}
	}
	m.Act.Document = strings.Join(symbols, ", ")
	m.Input.Document = m.Act.Document
	return nil
}

// answerDue is the day by which the body has to answer; none when nothing is
// awaited.
func (s *Service) answerDue(ctx context.Context, tx *db.Tx, letterID string) (clock.Date, error) {
	d, err := liveOf(ctx, tx, letterID, "answer")
	if err != nil || d == nil {
		return clock.Date{}, err
	}
	return d.Due, nil
}

// askable lists the bodies that a council may send letters to today.
func (s *Service) askable(ctx context.Context, tx *db.Tx, councilID string) ([]org.Body, error) {
	council, err := org.CouncilOf(ctx, tx, councilID)
	if err != nil {
		return nil, err
	}
	today := clock.Today(s.Clock)
	all, err := org.AnsweringTo(ctx, tx, council)
	return slices.DeleteFunc(all, func(b org.Body) bool { return !b.Open(today) }), err
}

// inSentence writes a name inside a sentence: "đơn số 3/2026".
func inSentence(name string) string {
	r, n := utf8.DecodeRuneInString(name)
	return string(unicode.ToLower(r)) + name[n:]
}

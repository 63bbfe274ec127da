package reception

import (
	"cmp"
	"context"
	"crypto/rand"
	"strconv"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/reception/senders"
)

// Handed is what a clerk gives the sender of a letter.
//
// vi: biên nhận đơn
type Handed struct {
	ID, Code string
	Key      string // printed once, on the receipt
	Again    bool   // the same form had entered it before
}

// Register enters a letter in the council's book and opens its case. Of a
// denunciation nothing that was typed reaches an ordinary table.
func (s *Service) Register(ctx context.Context, who org.Actor, e Entry) (h Handed, err error) {
	now := s.Clock.Now()
	if err := e.tidy(clock.DateOf(now)); err != nil {
		return h, err
	}
	if who.BodyKind != org.Office {
		return h, fault.New(fault.Forbidden, "cases.not_yours_to_do")
	}
	fresh := freshLetter(now)
	err = s.DB.Tx(ctx, func(tx *db.Tx) error {
		h = fresh
		before, err := keepOnce(ctx, tx, e.Once, h.ID, db.At(now))
		if err != nil {
			return err
		}
		if before != "" {
			c, err := s.Cases.Case(ctx, tx, who, before)
			if err != nil {
				return err
			}
			h = Handed{ID: before, Code: c.Code, Again: true}
			return nil
		}
		_, err = s.enter(ctx, tx, who, e, entering{Handed: h, at: now})
		return err
	})
	return h, err
}

func freshLetter(now time.Time) Handed {
	return Handed{ID: db.NewID(now), Code: cases.NewCode("DT", now.Year()), Key: freshKey()}
}

// freshKey is the second factor of the look-up: 60 bits of chance.
func freshKey() string { return rand.Text()[:12] }

// entering is a letter on its way into the book.
type entering struct {
	Handed
	at      time.Time
	parent  string // the letter that it is a part of
	unit    string // known already; else looked for by the entry's ward
	office  string // that keeps the book, when it is not the person's
	instead bool   // the office enters it for a deputy
}

// enter writes one letter down, in a transaction that may hold several.
func (s *Service) enter(ctx context.Context, tx *db.Tx, who org.Actor, e Entry, n entering) (Letter, error) {
	unit, err := s.unitOf(ctx, tx, who, e.Ward, n.unit)
	if err != nil {
		return Letter{}, err
	}
	l := e.letter(n)
	l.CouncilID, l.CreatedBy = who.CouncilID, who.PersonID
	l.Key = s.Digest("letter/key", n.Key)
	if l.Number, err = nextNumber(ctx, tx, l.CouncilID, l.Year); err != nil {
		return l, err
	}
	in := cases.Input{On: l.ReceivedOn, Fields: map[string]string{"kind": string(l.Kind), "source": string(l.Source), "instance": strconv.Itoa(l.Instance),
		"places": yes(l.ManyPlaces), "book": l.Title()}}
	if n.instead { // which one stands with the letter: the act stays when that is sealed
		in.Fields["instead"] = "deputy"
	}
	if !l.Kind.Sealed() {
		in.Details = map[string]any{"words": s.Digest("letter/words", e.Summary+"\x1f"+e.Content)} // keyed: a plain hash would prove a guess after it is sealed
	}
	_, _, err = s.Cases.Begin(ctx, tx, cases.Opening{Procedure: "letter", Who: who, Input: in, Case: cases.Case{ID: l.ID, CouncilID: l.CouncilID, Code: n.Code, Title: l.Title(),
		OwnerBodyID: cmp.Or(n.office, who.BodyID), UnitCode: unit, Field: string(l.Kind), Sealed: l.Kind.Sealed()}})
	if err != nil {
		return l, err
	}
	if err := insertLetter(ctx, tx, l); err != nil {
		return l, err
	}
	if err := s.mark(ctx, tx, l, e.Respondent, e.Content, e.Summary, e.Senders); err != nil {
		return l, err
	}
	if l.Kind.Sealed() {
		return l, s.Seal(ctx, tx, l.ID, who, e.items())
	}
	for _, p := range e.Senders {
		p.LetterID = l.ID
		if err := insertSender(ctx, tx, p); err != nil {
			return l, err
		}
	}
	return l, s.held.Hold(ctx, tx, l.ID, l.CouncilID, e.Scans)
}

// letter is the row of an entry: of a denunciation without what tells who, whom
// and what.
func (e Entry) letter(n entering) Letter {
	l := Letter{ID: n.ID, Year: e.ReceivedOn.Year, Kind: e.Kind, Source: e.Source, ReceivedOn: e.ReceivedOn, WrittenOn: e.WrittenOn, Anonymous: e.Anonymous, Evidence: e.Evidence,
		Originals: e.Originals, Instance: e.Instance, Remote: e.Remote, ManyPlaces: e.ManyPlaces, ParentID: n.parent, Conditions: codes{V: []string{}}, CreatedAt: db.At(n.at)}
	if !e.Kind.Sealed() {
		l.FromBody, l.Respondent, l.Summary, l.Content = e.FromBody, e.Respondent, e.Summary, e.Content
		l.SenderLine, l.SenderCount = senders.Line(e.Senders), len(e.Senders)
	}
	return l
}

// unitOf is the ward a letter comes from; the council's own unit when none is named.
func (s *Service) unitOf(ctx context.Context, tx *db.Tx, who org.Actor, ward, known string) (string, error) {
	if known != "" {
		return known, nil
	}
	if ward == "" {
		c, err := org.CouncilOf(ctx, tx, who.CouncilID)
		return c.UnitCode, err
	}
	u, err := org.FindUnit(ctx, tx, ward, clock.Today(s.Clock))
	if err != nil {
		return "", err
	}
	return u.Code, nil
}

func subject(letterID string) documents.Subject {
	return documents.Subject{Kind: "letter", ID: letterID}
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// Opened gives the case whose receipt bears the key, for the citizen's look-up.
// A wrong key and a wrong code are told in the same words.
func (s *Service) Opened(ctx context.Context, tx *db.Tx, code, key string) (*cases.Case, error) {
	none := fault.New(fault.Missing, "reception.no_such_receipt")
	c, err := cases.ByCode(ctx, tx, cases.TidyCode(code))
	if fault.KindOf(err) == fault.Missing {
		return nil, none
	}
	if err != nil {
		return nil, err
	}
	l, err := letterOf(ctx, tx, c.ID)
	if fault.KindOf(err) == fault.Missing {
		return nil, none
	}
	if err != nil {
		return nil, err
	}
	if !sameDigest(l.Key, s.Digest("letter/key", strings.ToUpper(text.Line(key)))) {
		return nil, none
	}
	return c, nil
}

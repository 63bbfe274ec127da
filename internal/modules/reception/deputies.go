package reception

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/reception/course"
	"example.vn/hdnd/internal/modules/reception/duties"
	"example.vn/hdnd/internal/modules/reception/held"
	"example.vn/hdnd/internal/modules/reception/senders"
)

// ofDeputy checks a letter that a deputy hands on and takes its files. A
// denunciation goes to its compartment by the way of every other.
func (s *Service) ofDeputy(ctx context.Context, who org.Actor, of duties.Deputy, p duties.Paper) (func(context.Context, *db.Tx) (duties.Entered, error), error) {
	now := s.Clock.Now()
	e := Entry{Kind: Kind(p.Kind), Source: OfDeputy, FromBody: of.Title + " " + of.Name, ReceivedOn: p.ReceivedOn, WrittenOn: p.WrittenOn, Ward: p.Ward, Senders: senders.Read(p.Senders),
		Anonymous: p.Anonymous, Respondent: p.Respondent, Summary: p.Summary, Content: p.Content}
	err := e.tidy(clock.DateOf(now))
	if err == nil {
		e.Scans, err = held.Take(p.Files)
	}
	n := entering{Handed: freshLetter(now), at: now, instead: of.For}
	return func(ctx context.Context, tx *db.Tx) (duties.Entered, error) {
		n := n
		var err error
		if n.office, err = officeOf(ctx, tx, who.CouncilID, clock.DateOf(now)); err == nil {
			_, err = s.enter(ctx, tx, who, e, n)
		}
		return duties.Entered{LetterID: n.ID, Code: n.Code, Key: n.Key}, err
	}, err
}

// officeOf is the office that keeps a council's book.
func officeOf(ctx context.Context, tx *db.Tx, councilID string, on clock.Date) (string, error) {
	all, err := org.BodiesOf(ctx, tx, councilID, org.Office)
	for _, b := range all {
		if b.Open(on) {
			return b.ID, nil
		}
	}
	return "", err
}

// toldByDeputy ends the office's clocks that what a deputy told the citizen
// answers: of the letter they handed on, or of its parts. Letters that began under
// version 1 have no such act: there the clock runs until the office notes it. What came after the
// day of telling is still to be told.
func (s *Service) toldByDeputy(ctx context.Context, tx *db.Tx, who org.Actor, letterID string, word duties.Word) error {
	parts, err := partsOf(ctx, tx, letterID)
	if err != nil {
		return err
	}
	ids := []string{letterID}
	for _, p := range parts {
		ids = append(ids, p.ID)
	}
	for _, id := range ids {
		if err := s.toldOf(ctx, tx, who, id, word); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) toldOf(ctx context.Context, tx *db.Tx, who org.Actor, id string, word duties.Word) error {
	c, err := cases.Load(ctx, tx, id)
	if err != nil || c.Sealed {
		return err
	}
	p, err := s.Cases.Procedure(c.Procedure, c.Version)
	if err != nil {
		return err
	}
	if v, has := p.Verb(course.DeputyTells); !has || !slices.Contains(v.From, c.State) {
		return nil
	}
	all, err := cases.Deadlines(ctx, tx, id)
	if err != nil {
		return err
	}
	owed := false
	for _, d := range all {
		if d.Name != "tell_citizen" || !d.Live() {
			continue
		}
		if word.On.Before(d.Run.V.Start) {
			return nil
		}
		owed = true
	}
	if !owed {
		return nil
	}
	_, err = s.Cases.Do(ctx, tx, who, c, course.DeputyTells, cases.Input{On: word.On, Fields: map[string]string{"way": string(word.Way)}})
	return err
}

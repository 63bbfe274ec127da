package petitions

import (
	"context"
	"crypto/subtle"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/petitions/gate"
	"example.vn/hdnd/internal/modules/petitions/ratings"
)

// Contest lets the voter say, once and within the set days, that the answer
// does not settle the matter. It opens a new round under the same code. The key
// printed on the receipt shows that it is the same voter.
func (s *Service) Contest(ctx context.Context, who org.Actor, code, key, reason string) error {
	reason = text.Clean(reason)
	if len([]rune(reason)) < textMin {
		return fault.New(fault.Invalid, "petitions.contest_short", "min", textMin).At("note")
	}
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		c, p, err := s.byCode(ctx, tx, code, key)
		if err != nil {
			return err
		}
		if !p.opens(ctx, key) {
			return fault.New(fault.Invalid, "petitions.key_wrong").At("key")
		}
		p.Newness = Repeated
		if err := updatePetition(ctx, tx, p); err != nil {
			return err
		}
		_, err = s.Cases.Do(ctx, tx, org.Voter(who.Address), c, "contest", cases.Input{Note: reason})
		return err
	})
}

// Rate keeps what the voter says of the answer: a score of 1 to 5, and whether
// the matter was put right (yes, partly, no).
func (s *Service) Rate(ctx context.Context, who org.Actor, code, key string, score int, fixed, comment string) error {
	return s.ratings.Rate(ctx, who, code, key, ratings.Rating{Score: score, Fixed: ratings.Fixed(fixed), Comment: comment})
}

// opened finds the case whose receipt bears the key.
func (s *Service) opened(ctx context.Context, tx *db.Tx, code, key string) (*cases.Case, error) {
	c, p, err := s.byCode(ctx, tx, code, key)
	if err == nil && !p.opens(ctx, key) {
		return nil, fault.New(fault.Missing, "petitions.key_wrong")
	}
	return c, err
}

// opens reports whether key is the one on the petition's receipt. The time it
// takes tells nothing; a wrong one is counted.
func (p Petition) opens(ctx context.Context, key string) bool {
	is := p.Key != "" && subtle.ConstantTimeCompare([]byte(p.Key), []byte(text.Line(key))) == 1
	if !is && key != "" {
		gate.Wrong(ctx)
	}
	return is
}

func (s *Service) withinContest(ctx context.Context, tx *db.Tx, m cases.Move) error {
	all, err := cases.Deadlines(ctx, tx, m.Case.ID)
	if err != nil {
		return err
	}
	today := clock.Today(s.Clock)
	for _, d := range all {
		if d.Name == "contest" && d.Live() && !today.After(d.Due) {
			return nil
		}
	}
	return fault.New(fault.Refused, "petitions.contest_over")
}

func (s *Service) contestOnce(ctx context.Context, tx *db.Tx, m cases.Move) error {
	acts, err := cases.Acts(ctx, tx, m.Case.ID)
	if err != nil {
		return err
	}
	for _, a := range acts {
		if a.Verb == "contest" {
			return fault.New(fault.Refused, "petitions.contest_twice")
		}
	}
	return nil
}

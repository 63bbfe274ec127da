package petitions

import (
	"context"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/search"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/petitions/gate"
	"example.vn/hdnd/internal/modules/petitions/worklist"
)

// guarding is what the gate needs.
func (s *Service) guarding() gate.Deps {
	return gate.Deps{DB: s.DB, Clock: s.Clock, Audit: s.Audit, Queue: s.Jobs, Notify: s.Notify, Secret: s.Secret, Limits: s.GateLimits,
		Office: func(ctx context.Context, tx *db.Tx, councilID string) (string, error) {
			office, err := officeOf(ctx, tx, councilID, clock.Today(s.Clock))
			return office.ID, err
		},
		Refuse: s.invalidate, Restore: s.restore, Released: s.released, Similar: s.alikeIDs}
}

// graded lets the gate grade what is handed in, and has its trace kept with the
// petition. A flood is refused here.
func (s *Service) graded(ctx context.Context, sub *Submission, a gate.Attempt) (gate.Verdict, error) {
	if err := sub.tidy(a.Who); err != nil {
		return gate.Verdict{}, err
	}
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		unit, council, err := s.addressee(ctx, tx, *sub)
		a.CouncilID, a.UnitCode = council.ID, unit.Code
		return err
	})
	if err != nil {
		return gate.Verdict{}, err
	}
	a.Text, a.Email, a.Phone = sub.Text, sub.Email, sub.Phone
	v, err := s.gate.Judge(ctx, a)
	if err == nil {
		err = v.Fault()
	}
	sub.Note = func(ctx context.Context, tx *db.Tx, id string) error { return s.gate.Noted(ctx, tx, id, v) }
	return v, err
}

// invalidate takes a petition out as abuse, when nobody has worked on it.
func (s *Service) invalidate(ctx context.Context, who org.Actor, id, reason, note string) (bool, error) {
	return s.takeBackUntouched(ctx, who, id, RefusalReason(reason), note)
}

// restore brings back what was invalidated by mistake; its clock begins anew.
func (s *Service) restore(ctx context.Context, who org.Actor, id, note string) (bool, error) {
	in := cases.Input{Note: text.Clean(note)}
	err := s.act(ctx, who, id, "restore", in, func(tx *db.Tx, p *Petition, c *cases.Case) error { return dropRefusal(ctx, tx, c) })
	switch fault.KindOf(err) {
	case fault.Refused, fault.Conflict:
		return false, nil // it was reopened meanwhile
	}
	return err == nil, err
}

// released has search read a petition that is held back no more.
func (s *Service) released(ctx context.Context, tx *db.Tx, id string) error {
	for _, kind := range []string{worklist.OfficialKind, worklist.PublicKind} {
		if err := s.Search.Changed(ctx, tx, kind, id); err != nil {
			return err
		}
	}
	return nil
}

// alikeIDs finds a council's petitions whose words are near those of one.
func (s *Service) alikeIDs(ctx context.Context, councilID, id string, most int) ([]string, error) {
	var words string
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		p, err := petitionOf(ctx, tx, id)
		words = p.Text
		return err
	})
	if err != nil {
		return nil, err
	}
	hits, err := s.Search.Similar(ctx, words, search.Filter{All: map[string][]string{"kind": {worklist.OfficialKind}, "council": {councilID}}}, most)
	if fault.KindOf(err) == fault.Unavailable {
		return nil, nil
	}
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	return ids, err
}

// lookedAt refuses to go on with a petition that the gate holds back.
func lookedAt(ctx context.Context, tx *db.Tx, id string) error {
	held, err := gate.HeldAmong(ctx, tx, []string{id})
	if err == nil && held[id] {
		err = fault.New(fault.Refused, "petitions.held")
	}
	return err
}

package reception

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/reception/watchlist"
)

// watched reads letters for supervision lists, by id.
func (s *Service) watched(ctx context.Context, tx *db.Tx, ids []string) (map[string]watchlist.Letter, error) {
	all, err := overviews(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	letters, err := s.forLists(ctx, tx, all)
	of := make(map[string]watchlist.Letter, len(all))
	for _, l := range letters {
		of[l.ID] = l
	}
	return of, err
}

// ordinary finds letters of the person's council that a list may take.
func (s *Service) ordinary(ctx context.Context, tx *db.Tx, who org.Actor, f watchlist.Filter, before string, limit int) ([]watchlist.Letter, error) {
	all, err := ordinaryRows(ctx, tx, who.CouncilID, f, clock.Today(s.Clock), before, limit)
	if err != nil {
		return nil, err
	}
	if err := filled(ctx, tx, all); err != nil {
		return nil, err
	}
	return s.forLists(ctx, tx, all)
}

func (s *Service) forLists(ctx context.Context, tx *db.Tx, all []overview) ([]watchlist.Letter, error) {
	today, units := clock.Today(s.Clock), map[string]string{}
	letters := make([]watchlist.Letter, len(all))
	for i, o := range all {
		letters[i] = watchlist.Letter{ID: o.ID, CouncilID: o.CouncilID, Sealed: o.Sealed}
		if o.Sealed {
			continue
		}
		if _, known := units[o.UnitCode]; !known {
			u, err := org.UnitOf(ctx, tx, o.UnitCode, today)
			if err != nil && !fault.Is(err, "db.no_row") {
				return nil, err
			}
			units[o.UnitCode] = u.FullName
		}
		l := watchlist.Letter{ID: o.ID, CouncilID: o.CouncilID, Title: o.Title, Kind: text.T(ctx, "reception.kind."+string(o.Kind)), State: text.T(ctx, "reception.state."+string(o.State)), Unit: units[o.UnitCode],
			Body: o.Body, ReceivedOn: o.ReceivedOn, Due: o.Due, Late: o.Open && !o.Due.IsZero() && o.Due.Before(today), Sender: Row{SenderLine: o.SenderLine, SenderCount: o.SenderCount}.sender(ctx),
			Summary: o.Summary, Answer: o.Forward.AnswerNumber, AnsweredOn: o.Forward.AnswerOn}
		if o.Result != "" {
			l.Result = text.T(ctx, "reception.result."+string(o.Result))
		}
		letters[i] = l
	}
	return letters, nil
}

// listChoices are what a person may filter letters by.
func (s *Service) listChoices(ctx context.Context, tx *db.Tx, who org.Actor) (c watchlist.Choices, err error) {
	for _, k := range kinds {
		if !k.Sealed() {
			c.Kinds = append(c.Kinds, watchlist.Choice{Code: string(k), Label: text.T(ctx, "reception.kind."+string(k))})
		}
	}
	for _, r := range results {
		c.Results = append(c.Results, watchlist.Choice{Code: string(r), Label: text.T(ctx, "reception.result."+string(r))})
	}
	bodies, err := s.askable(ctx, tx, who.CouncilID)
	if err != nil {
		return c, err
	}
	for _, b := range bodies {
		c.Bodies = append(c.Bodies, watchlist.Choice{Code: b.ID, Label: b.Name})
	}
	council, err := org.CouncilOf(ctx, tx, who.CouncilID)
	if err != nil {
		return c, err
	}
	units, err := org.UnitsOf(ctx, tx, council.UnitCode, clock.Today(s.Clock))
	for _, u := range units {
		c.Units = append(c.Units, watchlist.Choice{Code: u.Code, Label: u.FullName})
	}
	return c, err
}

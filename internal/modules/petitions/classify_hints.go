package petitions

import (
	"context"

	"example.vn/hdnd/internal/modules/petitions/matching"
	"example.vn/hdnd/internal/modules/petitions/settings"
)

// hints are what helps the clerk to classify; a person decides.
type hints struct {
	Similar []Published // others of the same matter
	Text    matching.Suggestion
	Field   string // the likeliest, when it is likely enough
	Level   string
	BodyID  string
	Rules   []settings.Hit // of the office, that meet the petition
}

// likely is the share from which a guess is filled in.
const likely = 0.4

func (s *Service) hints(ctx context.Context, v Sheet) (h hints, err error) {
	like, err := s.matching.Similar(ctx, v.Case.CouncilID, matching.Candidate{ID: v.Case.ID, Text: v.Petition.Text, Unit: v.Case.UnitCode, At: v.Case.OpenedAt.Time})
	if err != nil {
		return h, err
	}
	ids := make([]string, min(len(like), similarMost))
	for i := range ids {
		ids[i] = like[i].ID
	}
	if h.Similar, err = s.listed(ctx, ids); err != nil {
		return h, err
	}
	if h.Text, err = s.matching.Suggest(ctx, v.Case.CouncilID, v.Petition.Text); err != nil {
		return h, err
	}
	h.Field, h.Level = best(h.Text.Fields), best(h.Text.Authorities)
	if all := h.Text.Bodies; len(all) > 0 && all[0].Score >= likely {
		h.BodyID = matching.Pick(all[:1], v.Asked, v.Case.UnitCode)
	}
	h.Rules = s.routed(ctx, v)
	return h.lead(v), nil
}

func best(all []matching.Guess) string {
	if len(all) == 0 || all[0].Score < likely {
		return ""
	}
	return all[0].Code
}

package petitions

import (
	"context"
	"regexp"
	"strings"

	"example.vn/hdnd/internal/modules/petitions/matching"
)

// hints are what helps the clerk to classify; a person decides.
type hints struct {
	Similar []Published // others of the same matter
	Text    matching.Suggestion
	Field   string // the likeliest, when it is likely enough
	Level   string
	BodyID  string
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
	return h, nil
}

func best(all []matching.Guess) string {
	if len(all) == 0 || all[0].Score < likely {
		return ""
	}
	return all[0].Code
}

var (
	anyEmail = regexp.MustCompile(`[\w.+-]+@[\w-]+(\.[\w-]+)+`)
	anyPhone = regexp.MustCompile(`(\+84|\b0)([ .-]?\d){8,10}\b`)
	anyID    = regexp.MustCompile(`\b\d{12}\b`)
)

// masked takes out of a text what surely is personal: the voter's name, e-mail
// addresses, telephone and identity numbers. The clerk reads the rest over.
func masked(text, name string) string {
	const gap = "[…]"
	for _, r := range []*regexp.Regexp{anyEmail, anyID, anyPhone} {
		text = r.ReplaceAllString(text, gap)
	}
	if len(strings.Fields(name)) > 1 {
		text = strings.ReplaceAll(text, name, gap)
	}
	return text
}

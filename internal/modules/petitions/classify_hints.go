package petitions

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/search"
	"example.vn/hdnd/internal/modules/petitions/worklist"
)

// alike finds petitions to the same council that speak of the same thing, and
// the field that most of them were given: hints for the clerk, who decides.
func (s *Service) alike(ctx context.Context, v Sheet) (like []Published, field string, err error) {
	hits, err := s.Search.Similar(ctx, v.Petition.Text, search.Filter{All: map[string][]string{"kind": {worklist.OfficialKind}, "council": {v.Case.CouncilID}}}, similarMost+1)
	if fault.KindOf(err) == fault.Unavailable {
		return nil, "", nil // classifying goes on without hints
	}
	if err != nil {
		return nil, "", err
	}
	votes := map[string]float64{}
	var ids []string
	for _, h := range hits {
		if h.ID == v.Case.ID || h.Score < similarLeast {
			continue
		}
		ids = append(ids, h.ID)
		for _, f := range h.Facets["field"] {
			if slices.Contains(fields, f) {
				votes[f] += h.Score
			}
		}
	}
	for f, n := range votes {
		if field == "" || n > votes[field] || n == votes[field] && f < field {
			field = f
		}
	}
	like, err = s.listed(ctx, ids)
	return like, field, err
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

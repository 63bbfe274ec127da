package petitions

import (
	"context"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/petitions/redaction"
	"example.vn/hdnd/internal/modules/petitions/shares"
)

// sharing is what bodies need to answer together.
func (s *Service) sharing() shares.Deps {
	return shares.Deps{DB: s.DB, Clock: s.Clock, Audit: s.Audit, Cases: s.Cases, Notify: s.Notify, Documents: s.Documents, Text: s.Text, MayRead: mayRead, Words: sharedWords, Bodies: asked,
		Keep: func(ctx context.Context, tx *db.Tx, files []documents.Draft, c *cases.Case, bodyID string, who org.Actor) error {
			return s.keepFiles(ctx, tx, files, Petition{ID: c.ID, CouncilID: c.CouncilID}, bodyID, "evidence", who)
		},
		Take: s.taken}
}

// sharedWords are what a body that was asked to help reads of petitions: the
// voter's words without what tells who wrote them.
func sharedWords(ctx context.Context, tx *db.Tx, ids []string) (map[string]shares.Words, error) {
	rows, err := namedTexts(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	points, err := pointsIn(ctx, tx, ids)
	all := make(map[string]shares.Words, len(rows))
	for _, p := range rows {
		w := shares.Words{Text: redaction.Masked(p.Text, p.VoterName)}
		for _, one := range points[p.ID] {
			w.Points = append(w.Points, shares.Point{Number: one.Number, Text: redaction.Masked(one.Text, p.VoterName)})
		}
		all[p.ID] = w
	}
	return all, err
}

func numbers(points []Point) []int {
	all := make([]int, len(points))
	for i, p := range points {
		all[i] = p.Number
	}
	return all
}

// proposed is the draft of the answer to a point: what stood there, else what
// the bodies that were asked to help say.
func (p stepPage) proposed(number int) string {
	if r := p.reply(number).Reply; r != "" {
		return r
	}
	return p.Merged[number]
}

// Shares lets the application tell the parts of bodies that close.
func (s *Service) Shares() org.BodyFollower { return s.shares }

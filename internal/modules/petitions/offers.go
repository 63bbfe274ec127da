package petitions

import (
	"context"

	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/search"
	"example.vn/hdnd/internal/modules/petitions/worklist"
)

// petitionSource gives the search index what officials may read. Sealed cases
// are left out altogether; names and contacts are in no index.
type petitionSource struct{}

// Kind implements search.Source.
func (petitionSource) Kind() string { return worklist.OfficialKind }

// Load implements search.Source.
func (p petitionSource) Load(ctx context.Context, tx *db.Tx, ids []string) ([]search.Doc, error) {
	all, err := foundByID(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	return p.docs(ctx, tx, all)
}

// All implements search.Source.
func (p petitionSource) All(ctx context.Context, tx *db.Tx, afterID string, n int) ([]search.Doc, error) {
	all, err := foundAfter(ctx, tx, afterID, n)
	if err != nil {
		return nil, err
	}
	return p.docs(ctx, tx, all)
}

func (petitionSource) docs(ctx context.Context, tx *db.Tx, all []found) ([]search.Doc, error) {
	replies, err := repliesOf(ctx, tx, idsOf(all))
	if err != nil {
		return nil, err
	}
	docs := make([]search.Doc, len(all))
	for i, f := range all {
		docs[i] = search.Doc{Kind: worklist.OfficialKind, ID: f.ID, At: f.OpenedAt.Time, Facets: f.facets(), Fields: []search.Field{
			{Name: "code", Text: f.Code, Weight: 6}, {Name: "title", Text: f.Title, Weight: 3}, {Name: "text", Text: f.Text}, {Name: "replies", Text: replies[f.ID]}}}
	}
	return docs, nil
}

// publicSource gives the search index what everybody may read.
type publicSource struct{}

// Kind implements search.Source.
func (publicSource) Kind() string { return worklist.PublicKind }

// Load implements search.Source.
func (p publicSource) Load(ctx context.Context, tx *db.Tx, ids []string) ([]search.Doc, error) {
	all, err := foundByID(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	var docs []search.Doc
	for _, f := range all {
		if f.Public {
			docs = append(docs, p.doc(f))
		}
	}
	return docs, nil
}

// All implements search.Source. It reads on over what is not public, because
// an empty page would mean the end.
func (p publicSource) All(ctx context.Context, tx *db.Tx, afterID string, n int) ([]search.Doc, error) {
	for {
		all, err := foundAfter(ctx, tx, afterID, n)
		if err != nil || len(all) == 0 {
			return nil, err
		}
		docs, err := p.Load(ctx, tx, idsOf(all))
		if err != nil || len(docs) > 0 {
			return docs, err
		}
		afterID = all[len(all)-1].ID
	}
}

func (publicSource) doc(f found) search.Doc {
	return search.Doc{Kind: worklist.PublicKind, ID: f.ID, At: f.OpenedAt.Time, Facets: f.facets(), Fields: []search.Field{
		{Name: "code", Text: f.Code, Weight: 6}, {Name: "title", Text: f.Title, Weight: 3}, {Name: "text", Text: f.PublicText}}}
}

// facets are what filters ask for. "body" names every body with a side in the
// case, "public" says "yes" or "no".
func (f found) facets() map[string][]string {
	yes := "no"
	if f.Public {
		yes = "yes"
	}
	all := map[string][]string{"council": {f.CouncilID}, "state": {string(f.State)}, "ward": {f.UnitCode}, "public": {yes}}
	for name, id := range map[string]string{"owner": f.OwnerBodyID, "holder": f.HolderBodyID, "examiner": f.ExaminerBodyID, "assignee": f.AssigneePostID} {
		if id == "" {
			continue
		}
		all[name] = []string{id}
		if name != "assignee" {
			all["body"] = append(all["body"], id)
		}
	}
	if f.Field != "" {
		all["field"] = []string{f.Field, branch(f.Field)}
	}
	return all
}

func idsOf(all []found) []string {
	ids := make([]string, len(all))
	for i, f := range all {
		ids[i] = f.ID
	}
	return ids
}

// indexed notes, in the verb's transaction, that search has to read the
// petition again.
func (s *Service) indexed(ctx context.Context, tx *db.Tx, m cases.Move) error {
	for _, kind := range []string{worklist.OfficialKind, worklist.PublicKind} {
		if err := s.Search.Changed(ctx, tx, kind, m.Case.ID); err != nil {
			return err
		}
	}
	return nil
}

// indicatorMost bounds what an indicator counts to.
const indicatorMost = 100_000

// indicators are the numbers that leaders follow. Each counts only what the
// person asking may see.
func (s *Service) indicators() []kernel.Indicator {
	count := func(change func(r *worklist.Reach, today clock.Date)) func(ctx context.Context, tx *db.Tx, who org.Actor) (int64, error) {
		return func(ctx context.Context, tx *db.Tx, who org.Actor) (int64, error) {
			r, ok := worklist.ReachOf(who, "")
			if !ok {
				return 0, nil
			}
			change(&r, clock.Today(s.Clock))
			n, err := worklist.Count(ctx, tx, r, indicatorMost)
			return int64(n), err
		}
	}
	return []kernel.Indicator{
		{Key: "petitions.indicator.open", Link: "/petitions", Count: count(func(r *worklist.Reach, _ clock.Date) { r.ByDue = true })},
		{Key: "petitions.indicator.soon", Link: "/petitions?tab=soon", Count: count(func(r *worklist.Reach, today clock.Date) {
			r.DueFrom, r.DueUntil = today, today.AddDays(worklist.SoonDays)
		})},
		{Key: "petitions.indicator.late", Link: "/petitions?tab=late", Count: count(func(r *worklist.Reach, today clock.Date) { r.DueUntil = today.AddDays(-1) })},
	}
}

// lists is the module's part that gives people their work.
func (s *Service) lists() *worklist.Desk {
	return &worklist.Desk{DB: s.DB, Clock: s.Clock, Cases: s.Cases, Search: s.Search, Under: fieldsUnder}
}

// waiting counts the cases whose next step is this person's.
func (s *Service) waiting(ctx context.Context, who org.Actor) (int, error) {
	return s.lists().Waiting(ctx, who)
}

package worklist

import (
	"context"
	"strings"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/search"
)

// Sources give the search index what officials and what everybody may read.
func Sources() []search.Source { return []search.Source{petitionSource{}, publicSource{}} }

// petitionSource gives the search index what officials may read. Sealed cases
// are left out altogether; names and contacts are in no index.
type petitionSource struct{}

// Kind implements search.Source.
func (petitionSource) Kind() string { return OfficialKind }

// Load implements search.Source.
func (p petitionSource) Load(ctx context.Context, tx *db.Tx, ids []string) ([]search.Doc, error) {
	all, err := FoundByID(ctx, tx, ids)
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

func (petitionSource) docs(ctx context.Context, tx *db.Tx, all []Found) ([]search.Doc, error) {
	replies, err := repliesOf(ctx, tx, idsOf(all))
	if err != nil {
		return nil, err
	}
	docs := make([]search.Doc, len(all))
	for i, f := range all {
		docs[i] = search.Doc{Kind: OfficialKind, ID: f.ID, At: f.OpenedAt.Time, Facets: f.facets(), Fields: []search.Field{
			{Name: "code", Text: f.Code, Weight: 6}, {Name: "title", Text: f.Title, Weight: 3}, {Name: "text", Text: f.Text}, {Name: "replies", Text: replies[f.ID]}}}
	}
	return docs, nil
}

// publicSource gives the search index what everybody may read.
type publicSource struct{}

// Kind implements search.Source.
func (publicSource) Kind() string { return PublicKind }

// Load implements search.Source.
func (p publicSource) Load(ctx context.Context, tx *db.Tx, ids []string) ([]search.Doc, error) {
	all, err := FoundByID(ctx, tx, ids)
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

func (publicSource) doc(f Found) search.Doc {
	return search.Doc{Kind: PublicKind, ID: f.ID, At: f.OpenedAt.Time, Facets: f.facets(), Fields: []search.Field{
		{Name: "code", Text: f.Code, Weight: 6}, {Name: "title", Text: f.Title, Weight: 3}, {Name: "text", Text: f.PublicText}}}
}

// facets are what filters ask for. "body" names every body with a side in the
// case, "public" says "yes" or "no".
func (f Found) facets() map[string][]string {
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
		all["field"] = []string{f.Field, branchOf(f.Field)}
	}
	return all
}

func idsOf(all []Found) []string {
	ids := make([]string, len(all))
	for i, f := range all {
		ids[i] = f.ID
	}
	return ids
}

// branchOf is the committee's part of a field code: "urban" of "urban.roads".
func branchOf(field string) string {
	branch, _, _ := strings.Cut(field, ".")
	return branch
}

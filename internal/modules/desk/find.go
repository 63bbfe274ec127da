package desk

import (
	"context"
	"strings"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/search"
)

// Place says where what a search finds is shown. The application lists one for
// each kind of document.
//
// vi: -
type Place struct {
	Kind string
	// Public kinds hold only what everybody may read. The others are looked
	// through within the reader's own side, and each hit is judged again by
	// the case it belongs to.
	Public bool
	Link   func(h search.Hit) string
}

// usualPlaces are those of the first field of work.
func usualPlaces() []Place {
	return []Place{
		{Kind: "petition", Link: func(h search.Hit) string { return "/petitions/" + h.ID }},
		{Kind: "petition.public", Public: true, Link: func(h search.Hit) string { return "/kien-nghi/" + h.Passage("code").Text }},
	}
}

// found is one hit as it is shown.
type found struct {
	Code  string
	Title search.Passage
	Text  search.Passage // the best part of the rest
	Link  string
	When  string
}

const (
	foundPageMax = 20
	foundMost    = 200
)

// finding is one page of a search.
type finding struct {
	Query  string
	Public bool // what everybody may read, instead of the reader's own work
	Own    bool // the reader has work of their own to look through
	Hits   []found
	Total  int
	Next   int
	Stale  bool // the index is still being built
}

// find looks for words in what the person may see.
func (s *Service) find(ctx context.Context, who org.Actor, query string, public bool, from int) (finding, error) {
	f := finding{Query: query, Public: public, Stale: !s.Search.CaughtUp()}
	facet, id, own := searchSide(who)
	f.Own = own
	f.Public = public || !own
	if strings.TrimSpace(query) == "" {
		return f, nil
	}
	all := map[string][]string{}
	for _, p := range s.places {
		if p.Public == f.Public {
			all["kind"] = append(all["kind"], p.Kind)
		}
	}
	if !f.Public {
		all[facet] = []string{id}
	}
	if len(all["kind"]) == 0 {
		return f, nil
	}
	res, err := s.Search.Search(ctx, search.Query{Text: query, Filter: search.Filter{All: all}, Limit: foundPageMax, Offset: from, Typing: true})
	if err != nil {
		return f, err
	}
	f.Total = res.Total
	if from+foundPageMax < min(res.Total, foundMost) {
		f.Next = from + foundPageMax
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		for _, h := range res.Hits {
			ok, err := s.maySee(ctx, tx, who, h, f.Public)
			if err != nil {
				return err
			}
			if ok {
				f.Hits = append(f.Hits, s.shown(h))
			}
		}
		return nil
	})
	return f, err
}

// maySee judges a hit by the row as it is now: the index follows within a
// second, and what has just been sealed must not be shown in that second.
func (s *Service) maySee(ctx context.Context, tx *db.Tx, who org.Actor, h search.Hit, public bool) (bool, error) {
	if public {
		c, err := cases.Load(ctx, tx, h.ID)
		if fault.KindOf(err) == fault.Missing {
			return false, nil
		}
		return err == nil && c.Public && !c.Sealed, err
	}
	_, err := s.Cases.Case(ctx, tx, who, h.ID)
	if fault.KindOf(err) == fault.Missing {
		return false, nil
	}
	return err == nil, err
}

// searchSide is the part of the index somebody looks through, as side is of
// the tables.
func searchSide(who org.Actor) (facet, id string, ok bool) {
	column, id, ok := side(who)
	names := map[string]string{"council_id": "council", "examiner_body_id": "examiner", "holder_body_id": "holder", "assignee_post_id": "assignee"}
	return names[column], id, ok
}

func (s *Service) shown(h search.Hit) found {
	f := found{Code: h.Passage("code").Text, Title: h.Passage("title"), When: clockDate(h)}
	for _, p := range h.Passages {
		if p.Field == "code" || p.Field == "title" {
			continue
		}
		if f.Text.Text == "" || len(p.Marks) > len(f.Text.Marks) {
			f.Text = p
		}
	}
	for _, p := range s.places {
		if p.Kind == h.Kind {
			f.Link = p.Link(h)
		}
	}
	return f
}

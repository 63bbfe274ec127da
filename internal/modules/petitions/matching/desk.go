package matching

import (
	"context"
	"slices"
	"time"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

const (
	candidatesMost = 50 // of the index, for ranking
	shownMost      = 20 // of them on the page
	modelAge       = 10 * time.Minute
)

// Suggest says what a text to a council looks like, by the lexicon and by what
// the council's own petitions taught.
func (d *Desk) Suggest(ctx context.Context, councilID, words string) (Suggestion, error) {
	l, err := d.learned(ctx, councilID)
	if err != nil {
		return Suggestion{}, err
	}
	return reader{d.words, l}.suggest(words), nil
}

// learned gives a council's model, read again every few minutes.
func (d *Desk) learned(ctx context.Context, councilID string) (*learned, error) {
	now := d.Clock.Now()
	if v, ok := d.models.Load(councilID); ok {
		if m, ok := v.(model); ok && now.Before(m.until) {
			return m.learned, nil
		}
	}
	var rows []lesson
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		rows, err = lessonsOf(ctx, tx, councilID)
		return err
	})
	if err != nil {
		return nil, err
	}
	l := learnedFrom(rows)
	d.models.Store(councilID, model{l, now.Add(modelAge)})
	return l, nil
}

// Pick finds the body that a guess means among those that may be asked: by its
// name, and of People's Committees that of the petition's own unit. Empty when
// there is none.
func Pick(guesses []BodyGuess, bodies []org.Body, unitCode string) string {
	for _, g := range guesses {
		key := text.Fold(g.Name)
		for _, b := range bodies {
			own := b.Kind == org.PeoplesCommittee && unitCode != "" && b.UnitCode == unitCode
			switch {
			case b.Kind != g.Kind:
			case g.Kind == org.Delegation, g.Kind == org.PeoplesCommittee && own && g.Code() == ward:
				return b.ID
			case len(key) <= len(text.Fold(b.Name)) && text.Fold(b.Name)[:len(key)] == key:
				return b.ID
			}
		}
	}
	return ""
}

// Code is the level of authority a body stands for.
func (b BodyGuess) Code() string {
	switch {
	case b.Kind == org.Delegation:
		return central
	case b.Kind == org.PeoplesCommittee && b.Name != cityCommittee:
		return ward
	}
	return city
}

// Similar finds what other petitions to a council say the same as a text.
func (d *Desk) Similar(ctx context.Context, councilID string, one Candidate) ([]Alike, error) {
	candidates, err := d.Candidates(ctx, councilID, one.Text, candidatesMost+1)
	if err != nil {
		return nil, err
	}
	candidates = slices.DeleteFunc(slices.Clone(candidates), func(c Candidate) bool { return c.ID == one.ID })
	all := Rank(one, candidates[:min(len(candidates), candidatesMost)])
	return slices.DeleteFunc(all, func(a Alike) bool { return a.Score < ShownLeast }), nil
}

// Likes is the page of one petition's like petitions.
//
// vi: -
type Likes struct {
	Case    cases.Case
	Text    string
	GroupID string // the group it is in; empty for none
	Rows    []Like
}

// Like is a candidate with the case it is and the group it is in.
//
// vi: -
type Like struct {
	Alike
	Case    cases.Case
	GroupID string
}

// Same reports whether the program holds it for the same matter.
func (l Like) Same() bool { return l.Score >= SameLeast }

// LikesOf lists what a clerk may group with a petition, the likest first.
func (d *Desk) LikesOf(ctx context.Context, who org.Actor, id string) (p Likes, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		p = Likes{}
		all, err := d.reachable(ctx, tx, who, []string{id})
		if err != nil {
			return err
		}
		texts, err := d.Texts(ctx, tx, []string{id})
		p.Case, p.Text = all[0], texts[id]
		return err
	})
	if err != nil {
		return p, err
	}
	alike, err := d.Similar(ctx, p.Case.CouncilID, Candidate{ID: id, Text: p.Text, Unit: p.Case.UnitCode, At: p.Case.OpenedAt.Time})
	if err != nil {
		return p, err
	}
	return p, d.DB.Read(ctx, func(tx *db.Tx) error {
		p.Rows, p.GroupID = nil, ""
		ids := []string{id}
		for _, a := range alike {
			ids = append(ids, a.ID)
		}
		found, err := casesOf(ctx, tx, ids)
		if err != nil {
			return err
		}
		in, err := membershipsOf(ctx, tx, ids)
		if err != nil {
			return err
		}
		groups := map[string]string{}
		for _, m := range in {
			groups[m.PetitionID] = m.GroupID
		}
		p.GroupID = groups[id]
		for _, a := range alike {
			i := slices.IndexFunc(found, func(c cases.Case) bool { return c.ID == a.ID })
			if i >= 0 && !found[i].Sealed && owns(who, found[i]) && len(p.Rows) < shownMost {
				p.Rows = append(p.Rows, Like{a, found[i], groups[a.ID]})
			}
		}
		return nil
	})
}

// over is the fault of a letter that is no longer kept.
func over() error { return fault.New(fault.Missing, "matching.letter_over") }

package reception

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/modules/reception/counter"
	"example.vn/hdnd/internal/modules/reception/figures"
)

// LettersCounted tells the statistical reports of letters: codes and kinds, of
// nobody's name. A letter that was split is counted by its parts.
func LettersCounted(ctx context.Context, tx *db.Tx, a figures.Ask) ([]figures.Letter, error) {
	rows, err := lettersFor(ctx, tx, a)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	replies, err := repliesTo(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	of := map[string][]clock.Date{}
	for _, r := range replies {
		of[r.LetterID] = append(of[r.LetterID], r.On)
	}
	all := make([]figures.Letter, len(rows))
	for i, r := range rows {
		all[i] = r.fact(of[r.ID])
		if !r.SplitAt.IsZero() {
			// It has to be in the list, for the reading goes on after its last
			// row; received on no day of the period, it counts for nothing.
			all[i] = figures.Letter{ID: r.ID, Ref: r.Code, Received: a.Period.Until.AddDays(1)}
		}
	}
	return all, nil
}

// fact is a letter in the words of the forms.
func (r counted) fact(replies []clock.Date) figures.Letter {
	f := figures.Letter{ID: r.ID, Ref: r.Code, Received: r.ReceivedOn, Eligible: r.Result != File && r.Result != Return, Matter: r.JoinedTo, Kind: string(r.Kind),
		Standing: "open", Own: r.Authority == Own, Replies: replies}
	if f.Matter == "" {
		f.Matter = r.ID
	}
	if !r.HandledAt.IsZero() {
		f.Handled = clock.DateOf(r.HandledAt.Time)
	}
	if r.Kind == Proposal {
		f.Kind = "reflection"
	}
	switch {
	case r.SettledAt.IsZero():
	case r.Instance > 1:
		f.Standing = "again"
	default:
		f.Standing = "first"
	}
	switch r.Result {
	case Guide:
		f.Result = "guided"
	case Forward:
		f.Result = "forwarded"
	case Follow:
		f.Result = "urged"
	}
	return f
}

// visitsCounted tells the reports of what the reception desk wrote down.
func visitsCounted(desk *counter.Desk) func(context.Context, *db.Tx, figures.Ask) ([]figures.Visit, error) {
	return func(ctx context.Context, tx *db.Tx, a figures.Ask) ([]figures.Visit, error) {
		facts, err := desk.Facts(ctx, tx, counter.Question{CouncilID: a.CouncilID, From: a.Period.From, Until: a.Period.Until, Moment: a.Moment, After: a.After, Limit: a.Limit})
		all := make([]figures.Visit, len(facts))
		for i, f := range facts {
			all[i] = figures.Visit{ID: f.ID, Ref: f.Ref(), On: f.On, By: f.By(), Session: f.DayID, People: f.People, First: f.First, Again: f.Again, Unclear: f.Unclear, Group: f.Group(), Sealed: f.Sealed}
		}
		return all, err
	}
}

// visitsMany is about how many visits the reports go through.
func visitsMany(ctx context.Context, tx *db.Tx, a figures.Ask) (int, error) {
	return counter.Many(ctx, tx, counter.Question{CouncilID: a.CouncilID, From: a.Period.From, Until: a.Period.Until})
}

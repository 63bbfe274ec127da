package petitions

import (
	"context"

	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/petitions/worklist"
)

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

// noted stands for a step of the procedure's files that tell does with every act.
func noted(context.Context, *db.Tx, cases.Move) error { return nil }

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

// waiting counts the cases whose next step is this person's.
func (s *Service) waiting(ctx context.Context, who org.Actor) (int, error) {
	return s.lists().Waiting(ctx, who)
}

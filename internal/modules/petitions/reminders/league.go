package reminders

import (
	"cmp"
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/org"
)

// Standing is one body's line in the comparison.
//
// vi: kết quả của một cơ quan
type Standing struct {
	BodyID    string
	CouncilID string
	Name      string
	Asked     int64 // petitions that it was asked to answer in the period, without those it sent back
	Returned  int64
	OnTime    int64
	Late      int64
	Waiting   int64 // of them overdue: Overdue
	Overdue   int64
	Days      int64 // of all answers together, from asking to answering
	Kept      int64
	Broken    int64
	Ratings   int64
	Score     int64 // the sum of the ratings' scores
	Letters   [RungMost]int64
	Points    Points
}

// Points is a score with its parts, in hundredths of a point. A part about which
// nothing is known counts neither way.
//
// vi: điểm và cách tính
type Points struct {
	InTime, Promises, Ratings, Letters int64
	Weight                             int64 // of the parts that count, in whole points
	HasTime, HasPromises, HasRatings   bool
	Total                              int64 // scaled to 100 points
}

// points applies the formula. Every step rounds to hundredths of a point, half up.
func (f formula) points(s Standing) (p Points) {
	sum := f.Letters * 100
	for i, n := range s.Letters {
		sum -= n * f.PerLetter[i] * 100
	}
	p.Letters, p.Weight = max(sum, 0), f.Letters
	if due := s.due(); due > 0 {
		p.HasTime, p.Weight = true, p.Weight+f.InTime
		switch {
		case s.OnTime*100 >= f.FullPercent*due:
			p.InTime = f.InTime * 100
		case s.OnTime*100 >= f.PartPercent*due:
			p.InTime = f.InTime * f.PartShare
		}
	}
	if n := s.Kept + s.Broken; n > 0 {
		p.HasPromises, p.Weight = true, p.Weight+f.Promises
		p.Promises = share(f.Promises*100*s.Kept, n)
	}
	if s.Ratings > 0 {
		p.HasRatings, p.Weight = true, p.Weight+f.Ratings
		p.Ratings = share(f.Ratings*100*max(s.Score-s.Ratings, 0), 4*s.Ratings)
	}
	if p.known() {
		p.Total = share((p.InTime+p.Promises+p.Ratings+p.Letters)*100, p.Weight)
	}
	return p
}

// known reports whether there is anything to judge a body by: that no letter
// had to be written says nothing of a body whose answers are not due yet.
func (p Points) known() bool { return p.HasTime || p.HasPromises || p.HasRatings }

// share divides and rounds half up.
func share(n, by int64) int64 { return (2*n + by) / (2 * by) }

// due is how many answers ought to be there: those given, and those missing.
func (s Standing) due() int64 { return s.OnTime + s.Late + s.Overdue }

// League compares the answering bodies over a period.
//
// vi: bảng xếp hạng cơ quan trả lời
type League struct {
	From, Until clock.Date // both inclusive
	Bodies      []Standing
	Own         bool // the reader's own line alone
	formula     formula
}

// League compares the bodies that a council asked in a period: all of them to
// its own leaders and committees, the reader's own to an answering body.
func (d *Desk) League(ctx context.Context, who org.Actor, from, until clock.Date, sort string) (l League, err error) {
	today := clock.Today(d.Clock)
	if until.IsZero() || until.After(today) {
		until = today
	}
	if from.IsZero() || from.After(until) {
		from = until.AddDays(-365)
	}
	l = League{From: from, Until: until, formula: d.rules.scoreOn(today)}
	scope := leagueScope{councilID: who.CouncilID, from: from, until: until, today: today}
	switch {
	case ofBody(who, org.BodyHead, org.BodyClerk):
		l.Own, scope.councilID, scope.bodyID = true, "", who.BodyID
	case !ofOffice(who, org.Head) && !ofStanding(who) && (who.BodyKind != org.Committee || !who.Has(org.CommitteeMember)):
		return l, fault.New(fault.Missing, "web.fault_missing")
	}
	counted, err := d.leagues.Get(ctx, live.Acts(scope.councilID), scope.key(), func(ctx context.Context) ([]Standing, error) { return d.counted(ctx, l, scope) })
	l.Bodies = slices.Clone(counted) // others look at it too
	l.order(sort)
	return l, err
}

// counted fills a league's lines.
func (d *Desk) counted(ctx context.Context, l League, scope leagueScope) ([]Standing, error) {
	err := d.DB.Read(ctx, func(tx *db.Tx) error {
		l.Bodies = nil
		found, err := d.standingsOf(ctx, tx, scope)
		if err != nil {
			return err
		}
		for _, s := range found {
			s.Points = l.formula.points(*s)
			l.Bodies = append(l.Bodies, *s)
		}
		return l.name(ctx, tx)
	})
	return l.Bodies, err
}

// lineKey is a body in the eyes of one council.
type lineKey struct{ council, body string }

// standingsOf counts everything about the bodies of a scope.
func (d *Desk) standingsOf(ctx context.Context, tx *db.Tx, scope leagueScope) (map[lineKey]*Standing, error) {
	all := map[lineKey]*Standing{}
	at := func(council, body string) *Standing {
		k := lineKey{council, body}
		if all[k] == nil {
			all[k] = &Standing{CouncilID: council, BodyID: body}
		}
		return all[k]
	}
	rows, err := countHandled(ctx, tx, scope)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		s := at(r.CouncilID, r.BodyID)
		switch r.Status {
		case statusBack:
			s.Returned += r.N
			continue
		case statusOnTime:
			s.OnTime += r.N
			s.Days += r.Days
		case statusLate:
			s.Late += r.N
			s.Days += r.Days
		case statusWaiting:
			s.Waiting += r.N
		}
		s.Asked += r.N
	}
	if err := countRest(ctx, tx, scope, at); err != nil {
		return nil, err
	}
	councils := map[string]bool{}
	for k := range all {
		councils[k.council] = true
	}
	for council := range councils { // one for a leader; for a body those few that asked it
		rated, err := d.Ratings(ctx, tx, council, scope.from, scope.until)
		if err != nil {
			return nil, err
		}
		for _, r := range rated {
			if s := all[lineKey{council, r.BodyID}]; s != nil {
				s.Ratings, s.Score = r.Count, r.Score
			}
		}
	}
	return all, nil
}

func (l *League) name(ctx context.Context, tx *db.Tx) error {
	ids := make([]string, len(l.Bodies))
	for i, s := range l.Bodies {
		ids[i] = s.BodyID
	}
	named, err := org.BodiesNamed(ctx, tx, ids)
	if err != nil {
		return err
	}
	for i := range l.Bodies {
		s := &l.Bodies[i]
		s.Name = named[s.BodyID].Name
		if !l.Own {
			continue
		}
		council, err := org.CouncilOf(ctx, tx, s.CouncilID) // of a body's own few lines
		if err != nil {
			return err
		}
		s.Name = council.Name
	}
	return nil
}

// sorts are the columns by which the comparison can be put in order.
var sorts = []string{"score", "name", "asked", "on_time", "late", "overdue", "days", "kept", "broken", "rating", "letters"}

// order sorts by a column; "-late" the other way round. The best score stands first
// unless something else is asked.
func (l *League) order(by string) {
	down := len(by) > 0 && by[0] == '-'
	if down {
		by = by[1:]
	}
	if !slices.Contains(sorts, by) {
		by, down = "score", true
	}
	slices.SortFunc(l.Bodies, func(a, b Standing) int {
		var n int
		if by == "name" {
			n = cmp.Compare(a.Name, b.Name)
		} else {
			n = cmp.Compare(a.figure(by), b.figure(by))
		}
		if down {
			n = -n
		}
		return cmp.Or(n, cmp.Compare(a.Name, b.Name), cmp.Compare(a.BodyID+a.CouncilID, b.BodyID+b.CouncilID))
	})
}

// figure is a column's number.
func (s Standing) figure(by string) int64 {
	switch by {
	case "asked":
		return s.Asked
	case "on_time":
		return share(s.OnTime*10_000, max(s.due(), 1))
	case "late":
		return s.Late
	case "overdue":
		return s.Overdue
	case "days":
		return s.meanDays()
	case "kept":
		return s.Kept
	case "broken":
		return s.Broken
	case "rating":
		return share(s.Score*100, max(s.Ratings, 1))
	case "letters":
		return s.Letters[0] + s.Letters[1] + s.Letters[2]
	}
	return s.Points.Total
}

// meanDays is the average time of an answer, in hundredths of a day.
func (s Standing) meanDays() int64 { return share(s.Days*100, max(s.OnTime+s.Late, 1)) }

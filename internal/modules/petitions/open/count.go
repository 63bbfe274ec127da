package open

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
)

// countJob is the job that keeps the statistics.
const countJob = "petitions.count"

const (
	countBatch = 2000 // petitions in one transaction
	// countOverlap is how far each counting looks back before the last one: an
	// act has the time at which its transaction began, and may commit later.
	countOverlap = 10 * time.Minute
)

// The periods that are no year.
const (
	periodAll = "all"
	periodNow = "now"
)

// What is counted.
const (
	aboutAll     = "all"
	aboutWaiting = "waiting" // for its first classification
	aboutState   = "state"
	aboutField   = "field"
	aboutUnit    = "unit"
	aboutBody    = "body"
	aboutMonth   = "month" // of receipt
	aboutOutcome = "outcome"
	aboutReason  = "reason"
	aboutOnTime  = "on_time" // answers, by the body that gave them
	aboutLate    = "late"
	aboutOverdue = "overdue" // answers that are missing at this moment, by body
)

// counted is what one petition has added to the counters: numbers by
// "about:value". It holds codes only, no words.
type counted struct {
	CouncilID string           `json:"council,omitempty"`
	Month     string           `json:"month,omitempty"`
	N         map[string]int64 `json:"n,omitempty"`
}

func (p *counted) add(about, value string) {
	if value != "" || about == aboutAll || about == aboutWaiting {
		p.N[about+":"+value]++
	}
}

// facts are what is counted of a petition.
type facts struct {
	Case     cases.Case
	Outcomes []outcomeRow
	Answers  []answerRow
	Reason   string // of its last refusal
	Held     bool   // looked at before it is a number
}

// withdrawn is the reason of what the office entered by mistake and took back:
// no voter ever sent it.
const withdrawn = "withdrawn"

// counts says what a petition adds. It looks at nothing but the petition as it
// stands, so that counting twice, or in another order, gives the same.
func (f facts) counts() counted {
	c := f.Case
	if c.Sealed || c.State == "split" || c.ID == "" || f.Held || c.State == "refused" && f.Reason == withdrawn {
		return counted{}
	}
	p := counted{CouncilID: c.CouncilID, Month: monthOf(c.OpenedAt.Time), N: map[string]int64{}}
	if c.State == "received" && c.Round == 1 {
		p.add(aboutWaiting, "")
		return p
	}
	p.add(aboutAll, "")
	p.add(aboutState, string(c.State))
	p.add(aboutField, c.Field)
	p.add(aboutUnit, c.UnitCode)
	p.add(aboutBody, c.HolderBodyID)
	p.add(aboutMonth, p.Month)
	if c.State == "refused" {
		p.add(aboutReason, f.Reason)
	}
	for _, a := range f.Answers {
		if a.Late {
			p.add(aboutLate, a.BodyID)
		} else {
			p.add(aboutOnTime, a.BodyID)
		}
	}
	if slices.Contains([]cases.State{"answered", "judged", "closed"}, c.State) {
		for _, o := range f.Outcomes {
			if o.Round == f.Outcomes[len(f.Outcomes)-1].Round {
				p.add(aboutOutcome, o.Outcome)
			}
		}
	}
	return p
}

func monthOf(t time.Time) string { return hanoi(t).Format("2006-01") }

// cell is one counter.
type cell struct{ CouncilID, Period, About, Value string }

// periods are those that a contribution counts in.
func (p counted) periods() []string {
	if p.Month == "" {
		return []string{periodNow}
	}
	return []string{p.Month[:4], periodAll}
}

// change is how much a counter moves.
type change struct {
	cell
	N int64
}

// changes are the moves from what was added before to what is added now, in a
// fixed order so that two transactions never wait for each other.
func changes(before, now map[string]counted) []change {
	sums := map[cell]int64{}
	move := func(all map[string]counted, sign int64) {
		for _, p := range all {
			for key, n := range p.N {
				about, value, _ := strings.Cut(key, ":")
				for _, period := range p.periods() {
					sums[cell{p.CouncilID, period, about, value}] += sign * n
					sums[cell{"", period, about, value}] += sign * n
				}
			}
		}
	}
	move(before, -1)
	move(now, 1)
	var all []change
	for c, n := range sums {
		if n != 0 {
			all = append(all, change{c, n})
		}
	}
	slices.SortFunc(all, func(a, b change) int {
		return cmp.Or(cmp.Compare(a.CouncilID, b.CouncilID), cmp.Compare(a.Period, b.Period), cmp.Compare(a.About, b.About), cmp.Compare(a.Value, b.Value))
	})
	return all
}

// same reports whether two contributions are equal.
func (p counted) same(q counted) bool {
	return p.CouncilID == q.CouncilID && p.Month == q.Month && maps.Equal(p.N, q.N)
}

// count is the job: it counts what was done since the last time, or everything
// when nothing was counted yet.
func (s *Service) count(ctx context.Context, _ jobs.Work) error { return s.Count(ctx) }

// Count brings the statistics up to now: it counts anew the petitions that had
// an act since the last counting, and those that were held and let go.
func (s *Service) Count(ctx context.Context) error {
	start := s.Clock.Now()
	at, err := s.position(ctx)
	if err != nil {
		return err
	}
	if at.Build == 0 {
		return s.Recount(ctx)
	}
	for after := db.NewID(at.Seen.Add(-countOverlap)); ; {
		var acts []actRow
		err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
			acts, err = actsAfter(ctx, tx, after, countBatch)
			return err
		})
		if err != nil {
			return err
		}
		var ids []string
		for _, a := range acts {
			ids = append(ids, a.CaseID)
		}
		slices.Sort(ids)
		if err := s.countCases(ctx, &at, at.Build, slices.Compact(ids)); err != nil {
			return err
		}
		if len(acts) < countBatch {
			break
		}
		after = acts[len(acts)-1].ID
	}
	if err := s.countLet(ctx, &at); err != nil {
		return err
	}
	return s.finish(ctx, at, at.Build, start)
}

// countLet counts petitions that were let go since the last counting: that is no
// act of theirs.
func (s *Service) countLet(ctx context.Context, at *position) error {
	if s.Let == nil {
		return nil
	}
	since, after := db.At(at.Seen.Add(-countOverlap)), ""
	for {
		var ids []string
		err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
			ids, since, err = s.Let(ctx, tx, since, after, countBatch)
			return err
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		after = ids[len(ids)-1]
		slices.Sort(ids)
		if err := s.countCases(ctx, at, at.Build, ids); err != nil || len(ids) < countBatch {
			return err
		}
	}
}

// Recount counts everything anew, beside what the pages show meanwhile.
func (s *Service) Recount(ctx context.Context) error {
	start := s.Clock.Now()
	at, err := s.position(ctx)
	if err != nil {
		return err
	}
	old, build := at.Build, at.Build+1
	if err := s.clear(ctx, build); err != nil { // what an interrupted recount left
		return err
	}
	for after := ""; ; {
		var ids []string
		err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
			ids, err = petitionsAfter(ctx, tx, after, countBatch)
			return err
		})
		if err != nil {
			return err
		}
		if err := s.countCases(ctx, &at, build, ids); err != nil {
			return err
		}
		if len(ids) < countBatch {
			break
		}
		after = ids[len(ids)-1]
	}
	if err := s.finish(ctx, at, build, start); err != nil {
		return err
	}
	return s.clear(ctx, old)
}

// countCases counts some petitions anew. It reads outside the transaction that
// writes: on PostgreSQL a serializable reader of the newest acts would clash
// with everybody who hands something in. The position's revision keeps two
// counters from overtaking each other.
func (s *Service) countCases(ctx context.Context, at *position, build int64, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	var before map[string]counted
	var all map[string]facts
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if before, err = countedBefore(ctx, tx, build, ids); err != nil {
			return err
		}
		if all, err = factsOf(ctx, tx, ids); err != nil || s.Held == nil {
			return err
		}
		held, err := s.Held(ctx, tx, ids)
		for id := range held {
			f := all[id]
			f.Held = true
			all[id] = f
		}
		return err
	})
	if err != nil {
		return err
	}
	now := map[string]counted{}
	for _, id := range ids {
		if p := all[id].counts(); !p.same(before[id]) {
			now[id] = p
		} else {
			delete(before, id)
		}
	}
	if len(now) == 0 {
		return nil
	}
	err = s.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := claim(ctx, tx, at.Revision); err != nil {
			return err
		}
		if err := saveCounted(ctx, tx, build, now); err != nil {
			return err
		}
		return saveChanges(ctx, tx, build, changes(before, now))
	})
	if err == nil {
		at.Revision++
	}
	return err
}

// finish makes a counting the one that is shown, with the answers that are
// overdue on its day.
func (s *Service) finish(ctx context.Context, at position, build int64, start time.Time) error {
	var late []overdueRow
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		late, err = overdue(ctx, tx, clock.DateOf(start))
		return err
	})
	if err != nil {
		return err
	}
	now := map[string]counted{}
	for _, l := range late {
		now[l.CouncilID+" "+l.BodyID] = counted{CouncilID: l.CouncilID, N: map[string]int64{aboutOverdue + ":" + l.BodyID: l.N}}
	}
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := claim(ctx, tx, at.Revision); err != nil {
			return err
		}
		if err := dropOverdue(ctx, tx, build); err != nil {
			return err
		}
		if err := saveChanges(ctx, tx, build, changes(nil, now)); err != nil {
			return err
		}
		if s.Live != nil {
			s.Live.PublishAfter(tx, countedTopic)
		}
		return savePosition(ctx, tx, build, db.At(start))
	})
}

func (s *Service) clear(ctx context.Context, build int64) error {
	for more := true; more; {
		err := s.DB.Tx(ctx, func(tx *db.Tx) (err error) {
			more, err = dropBuild(ctx, tx, build)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) position(ctx context.Context) (at position, err error) {
	err = s.DB.Tx(ctx, func(tx *db.Tx) (err error) {
		at, err = beginPosition(ctx, tx)
		return err
	})
	return at, err
}

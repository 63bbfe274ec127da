package intake

import (
	"context"
	"slices"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

const (
	deputiesKind  = "petitions.count_deputies"
	deputiesEvery = 2    // minutes that the figures may be behind
	deputiesPiece = 1000 // petitions looked at together
	// deputiesOverlap is how far each counting looks back before the last one: an
	// act has the time at which its transaction began, and may commit later.
	deputiesOverlap = 5 * time.Minute
)

// sessionKey makes spellings of one session one.
func sessionKey(session string) string {
	return strings.Join(strings.Fields(text.Fold(session)), " ")
}

func (d *Desk) countDeputiesJob(ctx context.Context, _ jobs.Work) error {
	err := d.CountDeputies(ctx)
	if fault.Is(err, "db.stale") {
		return nil // another node counts; its figures are as good
	}
	return err
}

// CountDeputies brings the figures of deputies up to now: petitions with an act
// since the last time are looked at anew, and the names that they bear are
// added up. It looks at nothing but the petitions as they stand, so that
// counting twice gives the same.
func (d *Desk) CountDeputies(ctx context.Context) error {
	now := d.Clock.Now()
	var at counting
	err := d.DB.Tx(ctx, func(tx *db.Tx) (err error) {
		if err = beginCounting(ctx, tx); err == nil {
			at, err = countingPosition(ctx, tx)
		}
		return err
	})
	if err != nil {
		return err
	}
	c := deputyCounter{desk: d, at: at, today: clock.DateOf(now), terms: map[string][]org.Term{}, names: map[countedName]bool{}}
	if err := c.all(ctx); err != nil {
		return err
	}
	c.at.Seen, c.at.Day = db.At(now), c.today
	return c.write(ctx, func(tx *db.Tx) error { return finishCounting(ctx, tx, c.at) })
}

// deputyCounter is one counting.
type deputyCounter struct {
	desk  *Desk
	at    counting
	today clock.Date
	terms map[string][]org.Term // by council
	names map[countedName]bool  // to be added up
}

// write keeps a piece, as long as nobody else counts.
func (c *deputyCounter) write(ctx context.Context, do func(tx *db.Tx) error) error {
	err := c.desk.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := claimCounting(ctx, tx, c.at); err != nil {
			return err
		}
		return do(tx)
	})
	if err == nil {
		c.at.Revision++
	}
	return err
}

func (c *deputyCounter) all(ctx context.Context) error {
	if c.at.Seen.IsZero() {
		if err := c.sources(ctx); err != nil {
			return err
		}
	}
	for after := c.since(); ; {
		var acts []actedRow
		err := c.desk.DB.Read(ctx, func(tx *db.Tx) (err error) {
			acts, err = actedAfter(ctx, tx, after, deputiesPiece)
			return err
		})
		if err != nil {
			return err
		}
		ids := make([]string, len(acts))
		for i, a := range acts {
			ids[i] = a.CaseID
		}
		slices.Sort(ids)
		if err := c.look(ctx, slices.Compact(ids)); err != nil {
			return err
		}
		if len(acts) < deputiesPiece {
			break
		}
		after = acts[len(acts)-1].ID
	}
	if c.at.Day != c.today { // a promise passes without anybody doing anything
		err := c.desk.DB.Read(ctx, func(tx *db.Tx) error {
			names, err := promisedNames(ctx, tx)
			for _, n := range names {
				c.names[n] = true
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	for n := range c.names {
		if err := c.sum(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

func (c *deputyCounter) since() string {
	if c.at.Seen.IsZero() {
		return ""
	}
	return db.NewID(c.at.Seen.Add(-deputiesOverlap))
}

// sources reads, the first time, who is named in the petitions there are.
func (c *deputyCounter) sources(ctx context.Context) error {
	for after := ""; ; {
		var rows []Source
		err := c.desk.DB.Read(ctx, func(tx *db.Tx) (err error) {
			rows, err = namedSources(ctx, tx, after, deputiesPiece)
			return err
		})
		if err != nil || len(rows) == 0 {
			return err
		}
		err = c.write(ctx, func(tx *db.Tx) error {
			for _, s := range rows {
				if err := noteBrought(ctx, tx, s, namesIn(s.Deputy)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		after = rows[len(rows)-1].PetitionID
	}
}

// look works out anew what is counted of some petitions.
func (c *deputyCounter) look(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	var before, changed []broughtFacts
	err := c.desk.DB.Read(ctx, func(tx *db.Tx) (err error) {
		before, changed = nil, nil
		if before, err = factsBefore(ctx, tx, ids); err != nil || len(before) == 0 {
			return err
		}
		ids = ids[:0:0]
		for _, f := range before {
			ids = append(ids, f.ID)
		}
		now, err := c.facts(ctx, tx, slices.Compact(ids))
		for _, f := range before {
			want := now[f.ID]
			want.ID, want.Key, want.CouncilID = f.ID, f.Key, f.CouncilID
			if want != f {
				changed = append(changed, want)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, f := range before {
		c.names[countedName{f.CouncilID, f.Key}] = true
	}
	if len(changed) == 0 {
		return nil
	}
	return c.write(ctx, func(tx *db.Tx) error {
		for _, f := range changed {
			if err := saveFacts(ctx, tx, f); err != nil {
				return err
			}
		}
		return nil
	})
}

// facts are what is counted of petitions as they stand. What is sealed, split
// off, or was entered by mistake is counted nowhere.
func (c *deputyCounter) facts(ctx context.Context, tx *db.Tx, ids []string) (map[string]broughtFacts, error) {
	stands, err := standsOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	acts, err := weighedActs(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	promises, err := promisesIn(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	acted, promised, all := map[string][]weighedAct{}, map[string][]promisedRow{}, make(map[string]broughtFacts, len(ids))
	for _, a := range acts {
		acted[a.CaseID] = append(acted[a.CaseID], a)
	}
	for _, p := range promises {
		promised[p.ID] = append(promised[p.ID], p)
	}
	for _, s := range stands {
		if s.Sealed || s.State == "split" {
			continue
		}
		f := broughtFacts{Shown: true, Open: s.Open}
		if f.TermID, err = c.term(ctx, tx, s); err != nil {
			return nil, err
		}
		for _, a := range acted[s.ID] {
			f.take(a, s)
		}
		for _, p := range promised[s.ID] {
			if p.Round == s.Round && f.Outcome != "" && f.Promised.IsZero() {
				f.Promised = p.Promised
			}
		}
		if f.Shown {
			all[s.ID] = f
		}
	}
	return all, nil
}

// take adds what an act says.
func (f *broughtFacts) take(a weighedAct, s standRow) {
	switch a.Verb {
	case "forward":
		f.Forwarded = true
	case "answer":
		f.Answered = "in_time"
		if a.Late {
			f.Answered = "late"
		}
		if a.Round == s.Round && slices.Contains([]string{"answered", "judged", "closed"}, s.State) {
			f.Outcome = a.Fields.V["outcome"]
		}
	case "refuse":
		if s.State == "refused" && a.Round == s.Round && a.Fields.V["reason"] == "withdrawn" {
			f.Shown = false
		}
	}
}

// term is the council's term in which a petition was handed in.
func (c *deputyCounter) term(ctx context.Context, tx *db.Tx, s standRow) (string, error) {
	terms, known := c.terms[s.CouncilID]
	if !known {
		var err error
		if terms, err = termsOf(ctx, tx, s.CouncilID); err != nil {
			return "", err
		}
		c.terms[s.CouncilID] = terms
	}
	day := clock.DateOf(s.OpenedAt.Time)
	for _, t := range terms {
		if !day.Before(t.Starts) && (t.Ends.IsZero() || day.Before(t.Ends)) {
			return t.ID, nil
		}
	}
	return "", nil
}

// sum adds one name up.
func (c *deputyCounter) sum(ctx context.Context, n countedName) error {
	var counts []nameCount
	err := c.desk.DB.Read(ctx, func(tx *db.Tx) error {
		rows, err := sumsOf(ctx, tx, n, c.today)
		counts = nil
		for _, r := range rows {
			if last := len(counts) - 1; last < 0 || counts[last].TermID != r.TermID || counts[last].SessionKey != r.SessionKey {
				counts = append(counts, nameCount{Key: n.Key, TermID: r.TermID, SessionKey: r.SessionKey, Session: r.Session, Written: r.Written})
			}
			f := Figures{Brought: r.N, Forwarded: r.Forwarded, InTime: r.InTime, Late: r.Late, Open: r.Open, Promises: r.Promises, Passed: r.Passed}
			if r.Outcome != "" {
				f.Outcomes = map[string]int64{r.Outcome: r.N}
			}
			counts[len(counts)-1].Figures.V.add(f)
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.write(ctx, func(tx *db.Tx) error { return replaceCounts(ctx, tx, n, counts) })
}

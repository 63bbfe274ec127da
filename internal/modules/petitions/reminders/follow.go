package reminders

import (
	"context"
	"slices"
	"strconv"
	"time"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
)

// followKind is the morning's job: it reads what was done since, reminds of
// promised dates, and closes the ladder of bodies that owe nothing.
const followKind = "petitions.follow_promises"

const (
	followBatch = 500
	// followOverlap is how far each reading looks back before the last one: an act
	// has the time at which its transaction began, and may commit later.
	followOverlap = time.Hour
	alarmsAtOnce  = 50
)

// Followed reports whether an act of a petition changes what is followed here.
func Followed(verb string) bool { return slices.Contains(followed, verb) }

var followed = []string{"answer", "forward", "return", "split_off", "refuse"}

// Follow brings promises and figures of one petition up to its acts, in the
// transaction of the act. Following twice changes nothing.
func (d *Desk) Follow(ctx context.Context, tx *db.Tx, petitionID string) error {
	return d.follow(ctx, tx, []string{petitionID})
}

// Forget takes a petition that was split off out of every list and figure. The
// log keeps what was promised and written.
func Forget(ctx context.Context, tx *db.Tx, petitionID string) error {
	return forget(ctx, tx, petitionID)
}

func (d *Desk) follow(ctx context.Context, tx *db.Tx, ids []string) error {
	all, err := followedCases(ctx, tx, ids)
	if err != nil {
		return err
	}
	acts, err := followedActs(ctx, tx, ids)
	if err != nil {
		return err
	}
	told, err := stories(ctx, tx, ids)
	if err != nil {
		return err
	}
	had, err := promisesOf(ctx, tx, ids)
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.Sealed || c.State == "split" {
			if err := forget(ctx, tx, c.ID); err != nil {
				return err
			}
			continue
		}
		if err := saveHandled(ctx, tx, handlings(c, acts[c.ID], told[c.ID])); err != nil {
			return err
		}
		if err := d.followPromises(ctx, tx, c, acts[c.ID], told[c.ID], had[c.ID]); err != nil {
			return err
		}
	}
	return nil
}

// handled is one time a body was asked.
type handled struct {
	PetitionID string
	Number     int // of the act that asked
	CouncilID  string
	BodyID     string
	AskedOn    clock.Date
	Status     string
	Days       int // from asking to the first answer
}

// What became of a petition in the hands of a body.
const (
	statusWaiting = "waiting"
	statusOnTime  = "on_time"
	statusLate    = "late"
	statusBack    = "returned" // the body sent it back: it is not measured by it
)

// handlings folds a petition's acts into the times that bodies were asked. The
// first answer counts; one that is sent again for a better answer is the same time.
func handlings(c cases.Case, acts []actRow, s Story) (all []handled) {
	open := -1
	for _, a := range acts {
		switch a.Verb {
		case "forward":
			h := handled{PetitionID: c.ID, Number: a.Number, CouncilID: c.CouncilID, AskedOn: clock.DateOf(a.At.Time), Status: statusWaiting}
			for _, to := range s.Sent {
				if to.At.Equal(a.At.Time) {
					h.BodyID = to.ToBodyID
				}
			}
			open = -1
			if h.BodyID != "" {
				all, open = append(all, h), len(all)
			}
		case "return", "refuse":
			if open >= 0 && all[open].Status == statusWaiting {
				all[open].Status = statusBack
			}
		case "answer":
			if open >= 0 && all[open].Status == statusWaiting {
				h := &all[open]
				h.Status, h.Days = statusOnTime, max(clock.DateOf(a.At.Time).Sub(h.AskedOn), 0)
				if a.Late {
					h.Status = statusLate
				}
				if a.BodyID != "" {
					h.BodyID = a.BodyID // the one the body was merged into
				}
			}
		}
	}
	return all
}

// GivenBack is a promise of a day to answer by whose petition the body has
// returned since: it is not measured by it.
const GivenBack PromiseState = "returned"

// giveBack ends what a body promised in reply to a letter about a petition that
// it has returned, unless the petition came to it again.
func (d *Desk) giveBack(ctx context.Context, tx *db.Tx, acts []actRow, s Story, had []Promise) error {
	for i := range had {
		p := &had[i]
		if p.Source != FromLetter || !p.EndedOn.IsZero() {
			continue
		}
		var back actRow
		for _, a := range acts {
			if a.Verb == "return" && a.BodyID == p.BodyID && !clock.DateOf(a.At.Time).Before(p.MadeOn) {
				back = a
			}
		}
		again := slices.ContainsFunc(s.Sent, func(to Sending) bool { return to.ToBodyID == p.BodyID && to.At.After(back.At.Time) })
		if back.Verb == "" || again {
			continue
		}
		p.State, p.EndedOn, p.NextAlarm = GivenBack, clock.DateOf(back.At.Time), clock.Date{}
		if p.EndedOn.After(p.Due) && p.BrokenOn.IsZero() {
			p.BrokenOn = p.Due.AddDays(1)
		}
		if err := d.ended(ctx, tx, back.actor(), p, Act{Verb: "give_back", FromDue: p.Due}); err != nil {
			return err
		}
	}
	return nil
}

// followPromises begins the promises of a petition's answers and ends those that
// a later answer fulfils or replaces, and those of a body that returned it.
func (d *Desk) followPromises(ctx context.Context, tx *db.Tx, c cases.Case, acts []actRow, s Story, had []Promise) error {
	if err := d.giveBack(ctx, tx, acts, s, had); err != nil {
		return err
	}
	answered := map[int]actRow{} // the last answer of each round
	var last actRow
	for _, a := range acts {
		if a.Verb == "answer" {
			answered[a.Round], last = a, a
		}
	}
	if last.Verb == "" {
		return nil
	}
	rule := d.rules.ladderOn(clock.DateOf(last.At.Time))
	latest := map[int]Given{}
	for _, g := range s.Answers {
		if g.Round >= latest[g.Number].Round {
			latest[g.Number] = g
		}
		a, ok := answered[g.Round]
		if !ok || g.Promised.IsZero() {
			continue
		}
		origin := strconv.Itoa(g.Round)
		if slices.ContainsFunc(had, func(p Promise) bool {
			return p.Source == FromAnswer && p.Origin == origin && p.Number == g.Number
		}) {
			continue
		}
		made := clock.DateOf(a.At.Time)
		p := Promise{ID: db.NewID(a.At.Time), PetitionID: c.ID, CouncilID: c.CouncilID, BodyID: a.BodyID, Source: FromAnswer, Origin: origin, Number: g.Number, Promised: g.Promised, Due: g.Promised,
			State: Open, MadeOn: made, NextAlarm: rule.nextAlarm(g.Promised, made), Revision: 1}
		if err := d.begin(ctx, tx, a.actor(), p, Act{Document: a.Document}); err != nil {
			return err
		}
		had = append(had, p)
	}
	for _, p := range had {
		if err := d.resolve(ctx, tx, p, latest, answered, last, rule); err != nil {
			return err
		}
	}
	return nil
}

// resolve says what a later answer makes of a promise.
func (d *Desk) resolve(ctx context.Context, tx *db.Tx, p Promise, latest map[int]Given, answered map[int]actRow, last actRow, rule ladder) error {
	if !p.EndedOn.IsZero() {
		return nil
	}
	on, a := clock.DateOf(last.At.Time), Act{FromDue: p.Due}
	if p.Source == FromLetter {
		if on.Before(p.MadeOn) {
			return nil
		}
		p.keep(on)
		a.Verb = "keep"
		return d.ended(ctx, tx, last.actor(), &p, a)
	}
	g, ok := latest[p.Number]
	if !ok {
		return nil
	}
	on = clock.DateOf(answered[g.Round].At.Time)
	same := strconv.Itoa(g.Round) == p.Origin
	switch {
	case g.Done:
		p.keep(on)
		a.Verb = "keep"
	case same && g.Promised == p.Promised:
		return nil
	case same && !g.Promised.IsZero(): // answered again in the same round, with another date
		p.Promised = g.Promised
		p.moveTo(g.Promised, on, rule)
		a.Verb, a.ToDue = "answer_again", p.Due
	default:
		p.State, p.EndedOn, p.NextAlarm = Replaced, on, clock.Date{}
		if on.After(p.Due) && p.BrokenOn.IsZero() {
			p.BrokenOn = p.Due.AddDays(1)
		}
		a.Verb = "replace"
	}
	return d.ended(ctx, tx, answered[g.Round].actor(), &p, a)
}

// ended saves what an answer made of a promise. The answer has its own entry in
// the log, which says all of it.
func (d *Desk) ended(ctx context.Context, tx *db.Tx, who org.Actor, p *Promise, a Act) error {
	p.Asked, p.AskedDue, p.AskedOn = "", clock.Date{}, clock.Date{}
	if err := updatePromise(ctx, tx, p); err != nil {
		return err
	}
	return d.add(ctx, tx, who, *p, a)
}

// morning is the job.
func (d *Desk) morning(ctx context.Context, _ jobs.Work) error {
	if err := d.CatchUp(ctx); err != nil {
		return err
	}
	if _, err := d.Alarms(ctx); err != nil {
		return err
	}
	return d.settleLadders(ctx)
}

// CatchUp follows the acts done since the last time, or all of them the first
// time: of petitions from before these tables, and of what came in past Follow.
func (d *Desk) CatchUp(ctx context.Context) error {
	start := db.NewID(d.Clock.Now().Add(-followOverlap))
	var after string
	if err := d.DB.Read(ctx, func(tx *db.Tx) (err error) { after, err = seen(ctx, tx); return err }); err != nil {
		return err
	}
	for {
		var acts []seenAct
		if err := d.DB.Read(ctx, func(tx *db.Tx) (err error) { acts, err = actsAfter(ctx, tx, after, followBatch); return err }); err != nil {
			return err
		}
		var ids []string
		for _, a := range acts {
			if Followed(a.Verb) {
				ids = append(ids, a.CaseID)
			}
		}
		slices.Sort(ids)
		if ids = slices.Compact(ids); len(ids) > 0 {
			if err := d.DB.Tx(ctx, func(tx *db.Tx) error { return d.follow(ctx, tx, ids) }); err != nil {
				return err
			}
		}
		if len(acts) < followBatch {
			break
		}
		after = acts[len(acts)-1].ID
	}
	return d.DB.Tx(ctx, func(tx *db.Tx) error { return saveSeen(ctx, tx, start) })
}

// Alarms reminds bodies of promised dates that come near, and says of those that
// passed that they were broken. Running it twice says nothing twice.
func (d *Desk) Alarms(ctx context.Context) (given int, err error) {
	today := clock.Today(d.Clock)
	for {
		n := 0
		err := d.DB.Tx(ctx, func(tx *db.Tx) error {
			due, err := dueAlarms(ctx, tx, today, alarmsAtOnce)
			if err != nil {
				return err
			}
			n = len(due)
			for _, p := range due {
				if err := d.alarm(ctx, tx, p, today); err != nil {
					return err
				}
			}
			return nil
		})
		given += n
		if err != nil || n < alarmsAtOnce {
			return given, err
		}
	}
}

func (d *Desk) alarm(ctx context.Context, tx *db.Tx, p Promise, today clock.Date) error {
	c, err := cases.Load(ctx, tx, p.PetitionID)
	if err != nil {
		return err
	}
	p.NextAlarm = clock.Date{}
	if c.Sealed || c.State == "split" {
		return updatePromise(ctx, tx, &p)
	}
	a := Act{Verb: "warn", FromDue: p.Due}
	if today.After(p.Due) {
		a.Verb, p.State = "break", Passed
		if p.BrokenOn.IsZero() {
			p.BrokenOn = p.Due.AddDays(1)
		}
	} else {
		p.NextAlarm = p.Due.AddDays(1)
	}
	if err := updatePromise(ctx, tx, &p); err != nil {
		return err
	}
	who := org.System(p.CouncilID)
	if err := d.add(ctx, tx, who, p, a); err != nil {
		return err
	}
	if err := d.logPromise(ctx, tx, who, p, c, a); err != nil {
		return err
	}
	return d.tellPromise(ctx, tx, who, p, c, a.Verb)
}

// settleLadders lets the ladder begin anew for bodies that owe nothing any more.
func (d *Desk) settleLadders(ctx context.Context) error {
	today := clock.Today(d.Clock)
	var open []ladderRow
	if err := d.DB.Read(ctx, func(tx *db.Tx) (err error) { open, err = openLadders(ctx, tx); return err }); err != nil {
		return err
	}
	for _, r := range open {
		err := d.DB.Tx(ctx, func(tx *db.Tx) error {
			oldest, err := oldestOwed(ctx, tx, r.CouncilID, r.BodyID, today)
			if err != nil || !oldest.IsZero() {
				return err
			}
			_, err = settle(ctx, tx, r, today)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

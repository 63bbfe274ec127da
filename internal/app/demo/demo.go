// Package demo builds the demonstration council: Hanoi's city council and its
// 126 wards and communes with their bodies, people in every role, some sixty
// petitions in every stage, days of citizen reception with letters, and a small
// library of documents.
//
// Units, bodies and their names are real; every person is invented, and so is
// everything that happens to a petition (data/README.md names the sources).
// The petitions are not written into tables: Build moves the clock back a year
// and plays each script through the verbs that people use, day by day, so that
// reminders, letters and the log are what they would have been.
//
// It is data with a player. It has no pages and signs nobody in.
package demo

import (
	"context"
	"embed"
	"fmt"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/library"
	"example.vn/hdnd/internal/modules/petitions"
	"example.vn/hdnd/internal/modules/reception"
)

// Files holds this package's sentences.
//
//go:embed text
var Files embed.FS

// Deps is what the demonstration is built with: the same services that run
// afterwards, all on one movable clock that stands at the present.
type Deps struct {
	DB        *db.DB
	Clock     *clock.Movable
	Org       *org.Desk
	Petitions *petitions.Service
	Reception *reception.Service
	Library   *library.Service
	Jobs      *jobs.Queue // with the handlers of all modules, not yet running
	Documents *documents.Registry
	Audit     *audit.Log
}

// yearLength is how far back the played time reaches.
const yearLength = 365 // days

// Built reports whether this database holds a finished demonstration. One that
// was interrupted is neither built nor empty; Build refuses it.
func Built(ctx context.Context, tx *db.Tx) (bool, error) {
	return markedCouncils(ctx, tx)
}

// Build makes the demonstration in an empty database. The clock stands at the
// present when Build begins and stands there again when it ends. It must run
// before the queue does: the daily jobs begin a year ago.
func Build(ctx context.Context, deps Deps) error {
	now := deps.Clock.Now()
	defer deps.Clock.Set(now)
	p := &player{Deps: deps, days: timetable{now: now, days: deps.Petitions.Calendar.Current()}, handed: map[string]petitions.Handed{}, grants: map[string]string{}}
	house, err := ReadHouse()
	if err != nil {
		return err
	}
	start := p.days.day(yearLength)
	if start.Before(house.Units[0].ValidFrom) {
		return fault.New(fault.Refused, "demo.too_early", "from", house.Units[0].ValidFrom.AddDays(yearLength+10).VN())
	}
	if err := p.read(house); err != nil {
		return err
	}
	deps.Clock.Set(at(start, 0))
	if err := p.found(ctx, house); err != nil {
		return err
	}
	if err := p.playAll(ctx); err != nil {
		return err
	}
	deps.Clock.Set(now)
	if err := p.drain(ctx); err != nil {
		return err
	}
	if err := p.readInboxes(ctx); err != nil {
		return err
	}
	if err := p.finish(ctx); err != nil {
		return err
	}
	return p.sequence(ctx)
}

// unreadFewest is how many notices are left for everybody to open; some people
// have up to three more.
const unreadFewest = 3

// readInboxes has people read what reached them in the year but for the newest:
// nobody who works every day has a hundred unread notices.
func (p *player) readInboxes(ctx context.Context) error {
	return p.DB.Tx(ctx, func(tx *db.Tx) error {
		all, err := unreadPeople(ctx, tx)
		if err != nil {
			return err
		}
		for _, person := range all {
			upTo, err := unreadBefore(ctx, tx, person, unreadFewest+len(person)%4)
			if err != nil {
				return err
			}
			if upTo == "" {
				continue
			}
			if err := p.Reception.Notify.MarkAllRead(ctx, tx, person, upTo); err != nil {
				return err
			}
		}
		return nil
	})
}

// found enters the house. Units and councils come first, since everything else
// refers to them; a transaction takes some hundreds of rows, so that a database
// under other load is not held up.
func (p *player) found(ctx context.Context, h *House) error {
	err := p.DB.Tx(ctx, func(tx *db.Tx) error {
		empty, err := noCouncils(ctx, tx)
		if err != nil {
			return err
		}
		if !empty {
			return fault.New(fault.Refused, "demo.not_empty")
		}
		for _, c := range h.Councils {
			c.Demonstration = false // until finish: see Built
			if err := org.AddCouncil(ctx, tx, c); err != nil {
				return err
			}
			if err := p.Org.Recorder.Record(ctx, tx, org.System(c.ID), c.ID, "org.found", c.ID, map[string]any{"council": c.Name, "demonstration": true}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return firstOf(
		func() error { return enter(ctx, p.DB, h.Units, org.AddUnit) },
		func() error { return enter(ctx, p.DB, h.Successors, org.AddSuccessor) },
		func() error { return enter(ctx, p.DB, h.Terms, org.AddTerm) },
		func() error { return enter(ctx, p.DB, h.Bodies, org.AddBody) },
		func() error { return enter(ctx, p.DB, h.People, org.AddPerson) },
		func() error { return enter(ctx, p.DB, h.Posts, org.AddPost) },
	)
}

// rowsAtOnce is how many rows go into one transaction.
const rowsAtOnce = 1000

func enter[T any](ctx context.Context, d *db.DB, all []T, add func(context.Context, *db.Tx, T) error) error {
	for from := 0; from < len(all); from += rowsAtOnce {
		some := all[from:min(from+rowsAtOnce, len(all))]
		err := d.Tx(ctx, func(tx *db.Tx) error {
			for _, row := range some {
				if err := add(ctx, tx, row); err != nil {
					return fmt.Errorf("demo: entering %+v: %w", row, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// firstOf runs steps until one fails.
func firstOf(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// finish marks the councils as a finished demonstration.
func (p *player) finish(ctx context.Context) error {
	return p.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := markCouncils(ctx, tx); err != nil {
			return err
		}
		city := CouncilID("hn")
		return p.Org.Recorder.Record(ctx, tx, org.System(city), city, "demo.build", city, map[string]any{"petitions": len(p.scripts)})
	})
}

// morning is what the program does by itself before people come: reminders,
// letters, the log's next checkpoint. The nightly chores of a whole installation
// would take most of the time and leave nothing to see, so the queue runs on
// Mondays, and in the last weeks whenever a letter waits to be drawn.
func (p *player) morning(ctx context.Context) error {
	now := p.Clock.Now()
	recent := p.days.now.Sub(now) < recentDays*24*time.Hour
	if now.Weekday() == time.Monday || p.letters && recent {
		return p.drain(ctx)
	}
	if _, err := p.Petitions.Cases.Alarms(ctx); err != nil {
		return fmt.Errorf("demo: reminders of %s: %w", now.Format(time.DateTime), err)
	}
	return p.sequence(ctx)
}

// recentDays is how far back people will look closely.
const recentDays = 30

// drain runs the queue as a whole day would.
func (p *player) drain(ctx context.Context) error {
	p.letters = false
	if _, err := p.Jobs.Drain(ctx); err != nil {
		return fmt.Errorf("demo: jobs of %s: %w", p.Clock.Now().Format(time.DateTime), err)
	}
	return p.sequence(ctx)
}

// sequence gives every waiting entry of the log its place.
func (p *player) sequence(ctx context.Context) error {
	for {
		n, err := p.Audit.Sequence(ctx)
		if err != nil || n == 0 {
			return err
		}
	}
}

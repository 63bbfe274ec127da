package schedule

import (
	"context"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// The time limits this package stands on (kernel/calendar/rules/reception.toml).
const (
	publishRule = "reception.publish"
	noticeRule  = "reception.online_notice"
	testRule    = "reception.online_test"
)

// before counts a rule back from a coming reception: the last day on which
// something is done in time.
func (d *Desk) before(key string, coming clock.Date) (calendar.Deadline, calendar.Rule, error) {
	r, err := d.Calendar.Rules().At(key, coming)
	if err != nil {
		return calendar.Deadline{}, r, err
	}
	due, err := d.Calendar.Current().Count(r.Run(coming, "schedule.event"))
	return due, r, err
}

// PublishBy is the last day on which a reception of the day on is published in
// time (Luật Tiếp công dân, Điều 24), with the rule it follows from.
func (d *Desk) PublishBy(on clock.Date) (clock.Date, calendar.Rule, error) {
	due, r, err := d.before(publishRule, on)
	return due.Due, r, err
}

// Draft enters a reception as a draft and gives its id. The same form sent
// twice enters one.
func (d *Desk) Draft(ctx context.Context, who org.Actor, w Draw) (id string, err error) {
	if !mayDraft.Allows(who) {
		return "", fault.New(fault.Forbidden, "schedule.not_yours")
	}
	now := d.Clock.Now()
	if err := w.tidy(clock.DateOf(now)); err != nil {
		return "", err
	}
	until, _, err := d.PublishBy(w.Date)
	if err != nil {
		return "", err
	}
	fresh := db.NewID(now)
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		if id, err = markedDay(ctx, tx, who.CouncilID, w.Once); err != nil || id != "" {
			return err
		}
		id = fresh
		day := Day{ID: fresh, CouncilID: who.CouncilID, State: Draft, DraftedBy: who.PersonID, DraftedName: who.Name, ChangedAt: db.At(now), PublishBy: until, Mark: w.Once, Revision: 1}
		if err := take(ctx, tx, &day, w); err != nil {
			return err
		}
		if err := insertDay(ctx, tx, day); err != nil {
			return err
		}
		return d.note(ctx, tx, who, day, "reception.draft_day", now, map[string]any{"host": day.HostPostID, "kind": string(day.Kind)})
	})
	return id, err
}

// take puts what was entered into a day.
func take(ctx context.Context, tx *db.Tx, day *Day, w Draw) error {
	p, err := host(ctx, tx, day.CouncilID, w.HostPostID, w.Date)
	if err != nil {
		return err
	}
	day.Kind, day.Date, day.Starts, day.Ends, day.Place, day.Online, day.Joining = w.Kind, w.Date, w.Starts, w.Ends, w.Place, w.Online, w.Joining
	day.HostPostID, day.HostPersonID, day.HostName, day.HostTitle, day.Leader = p.PostID, p.PersonID, p.Name, p.Title, leads(p) || w.ForWhom != ""
	day.ForWhom = w.ForWhom
	day.Participants, day.Subjects, day.SlotMinutes, day.SlotSeats = w.Participants, w.Subjects, w.SlotMinutes, w.SlotSeats
	return nil
}

// Change changes a reception. A draft changes at will. Once it is published its
// date and kind stay, a word says what is new, and those who booked are told;
// whose time is no more keeps the booking and is told to choose another.
func (d *Desk) Change(ctx context.Context, who org.Actor, id string, w Draw) error {
	now := d.Clock.Now()
	if err := w.tidy(clock.DateOf(now)); err != nil {
		return err
	}
	until, _, err := d.PublishBy(w.Date)
	if err != nil {
		return err
	}
	return d.act(ctx, who, id, now, deed{verb: "reception.change_day", needs: mayChange, revision: w.Revision, from: []State{Draft, Published}, done: w.made, do: func(tx *db.Tx, day *Day) (map[string]any, error) {
		was := *day
		if was.State == Published {
			if err := w.mayFollow(was); err != nil {
				return nil, err
			}
		}
		if err := take(ctx, tx, day, w); err != nil {
			return nil, err
		}
		day.PublishBy, day.ChangedAt, day.ChangeNote = until, db.At(now), w.Note
		if was.State == Draft {
			day.ChangeNote = ""
			return map[string]any{"host": day.HostPostID}, nil
		}
		told, err := d.tellBooked(ctx, tx, *day, newsChanged, now)
		return map[string]any{"host": day.HostPostID, "note": w.Note, "told": told}, err
	}})
}

// made reports whether a day already is what was typed: the second click of two.
func (w Draw) made(d Day) bool {
	return d.Revision == w.Revision+1 && d.Kind == w.Kind && d.Date == w.Date && d.Starts == w.Starts && d.Ends == w.Ends && d.Place == w.Place && d.Online == w.Online && d.Joining == w.Joining &&
		d.HostPostID == w.HostPostID && d.ForWhom == w.ForWhom && d.Participants == w.Participants && d.Subjects == w.Subjects && d.SlotMinutes == w.SlotMinutes && d.SlotSeats == w.SlotSeats &&
		(d.State == Draft || d.ChangeNote == w.Note)
}

// mayFollow refuses what a published day may not become: people rely on its date.
func (w Draw) mayFollow(was Day) error {
	var faults []*fault.Fault
	if w.Date != was.Date {
		faults = append(faults, fault.New(fault.Invalid, "schedule.date_published").At("date"))
	}
	if w.Kind != was.Kind {
		faults = append(faults, fault.New(fault.Invalid, "schedule.kind_published").At("kind"))
	}
	if w.Note == "" {
		faults = append(faults, fault.New(fault.Invalid, "schedule.note_none").At("note"))
	}
	return fault.Join(faults...)
}

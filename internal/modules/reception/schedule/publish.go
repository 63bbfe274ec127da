package schedule

import (
	"context"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// reasonMin is how short a reason may not be.
const reasonMin = 10

// Publishing is the head's word by which a day becomes known.
//
// vi: -
type Publishing struct {
	Extraordinary bool   // published too late for anything else
	Reason        string // why; needed with Extraordinary
	Revision      int64
}

// Publish makes a day known to the public. It is done at least so many working
// days ahead; later only as an extraordinary reception, with the reason that is
// shown to everybody.
func (d *Desk) Publish(ctx context.Context, who org.Actor, id string, p Publishing) error {
	now := d.Clock.Now()
	reason, err := reasoned("reason", p.Reason, p.Extraordinary)
	if err != nil {
		return err
	}
	return d.act(ctx, who, id, now, deed{verb: "reception.publish_day", needs: mayPublish, revision: p.Revision, from: []State{Draft}, done: func(day Day) bool { return day.State == Published },
		do: func(_ *db.Tx, day *Day) (map[string]any, error) {
			if !day.Begins().After(now) {
				return nil, fault.New(fault.Refused, "schedule.begun")
			}
			latest, rule, err := d.PublishBy(day.Date)
			if err != nil {
				return nil, err
			}
			late := clock.DateOf(now).After(latest)
			switch {
			case late && p.Extraordinary:
				day.Kind, day.LateReason = Extraordinary, reason
			case late && day.Kind == Extraordinary:
				return nil, fault.New(fault.Invalid, "schedule.reason_short", "min", reasonMin).At("reason")
			case late:
				return nil, fault.New(fault.Refused, "schedule.too_late", "latest", latest.VN(), "count", rule.Count).By(rule.Basis())
			default:
				day.LateReason = reason
			}
			day.State, day.PublishBy, day.PublishedAt, day.PublishedBy, day.PublishedName, day.ChangedAt = Published, latest, db.At(now), who.PersonID, who.Name, db.At(now)
			return map[string]any{"latest": latest.String(), "late": late, "kind": string(day.Kind), "reason": day.LateReason, "rule": rule.Key, "confirmed": rule.Confirmed}, nil
		}})
}

// reasoned cleans a reason and refuses one that says too little.
func reasoned(field, reason string, needed bool) (string, error) {
	reason = text.Clean(reason)
	n := utf8.RuneCountInString(reason)
	switch {
	case needed && n < reasonMin:
		return reason, fault.New(fault.Invalid, "schedule.reason_short", "min", reasonMin).At(field)
	case n > textMax:
		return reason, fault.New(fault.Invalid, "schedule.too_long", "max", textMax, "have", n).At(field)
	}
	return reason, nil
}

// Cancel takes a reception out: those who booked are told, the public page says
// why. A draft is just gone.
func (d *Desk) Cancel(ctx context.Context, who org.Actor, id, reason string, revision int64) error {
	now := d.Clock.Now()
	reason, err := reasoned("cancel_reason", reason, true)
	if err != nil {
		return err
	}
	return d.act(ctx, who, id, now, deed{verb: "reception.cancel_day", needs: mayChange, revision: revision, from: []State{Draft, Published}, done: func(day Day) bool { return day.State == Cancelled },
		do: func(tx *db.Tx, day *Day) (map[string]any, error) {
			if day.State == Published && !mayPublish.Allows(who) {
				return nil, fault.New(fault.Forbidden, "schedule.head_cancels")
			}
			if day.State == Published && !day.Over().After(now) {
				return nil, fault.New(fault.Refused, "schedule.over")
			}
			day.State, day.ChangeNote, day.ChangedAt = Cancelled, reason, db.At(now)
			told, err := d.tellBooked(ctx, tx, *day, newsCancelled, now)
			return map[string]any{"reason": reason, "told": told}, err
		}})
}

// Online notes, for a reception online, that the connection was tested and where
// the recording is kept (NĐ 154/2026: both are duties).
func (d *Desk) Online(ctx context.Context, who org.Actor, id string, tested clock.Date, recording string, revision int64) error {
	now := d.Clock.Now()
	recording = text.Line(recording)
	if n := utf8.RuneCountInString(recording); n > lineMax {
		return fault.New(fault.Invalid, "schedule.too_long", "max", lineMax, "have", n).At("recording")
	}
	if tested.After(clock.DateOf(now)) {
		return fault.New(fault.Invalid, "schedule.tested_future").At("tested")
	}
	return d.act(ctx, who, id, now, deed{verb: "reception.note_online", needs: mayChange, revision: revision, from: []State{Published}, done: func(day Day) bool { return day.TestedOn == tested && day.Recording == recording }, do: func(_ *db.Tx, day *Day) (map[string]any, error) {
		if !day.Online {
			return nil, fault.New(fault.Refused, "schedule.not_online")
		}
		if !tested.IsZero() && tested.After(day.Date) {
			return nil, fault.New(fault.Invalid, "schedule.tested_after").At("tested")
		}
		day.TestedOn, day.Recording = tested, recording
		return map[string]any{"tested": tested.String(), "recording": recording}, nil
	}})
}

// Hours are a council's usual place and hours of reception (Luật Tiếp công dân,
// Điều 24: what is published beside the schedule).
//
// vi: nơi và giờ tiếp công dân thường xuyên
type Hours struct {
	CouncilID string  `db:"council_id"`
	Place     string  `db:"place"`
	Hours     string  `db:"hours"`
	Contact   string  `db:"contact"`
	Note      string  `db:"note"`
	SetAt     db.Time `db:"set_at"`
	SetBy     string  `db:"set_by"`
	SetName   string  `db:"set_name"`
	Revision  int64   `db:"revision"`
}

// SetHours writes the usual place and hours of the person's council.
func (d *Desk) SetHours(ctx context.Context, who org.Actor, h Hours) error {
	if !mayPublish.Allows(who) {
		return fault.New(fault.Forbidden, "schedule.not_yours")
	}
	h.Place, h.Hours, h.Contact, h.Note = text.Line(h.Place), text.Clean(h.Hours), text.Line(h.Contact), text.Clean(h.Note)
	var faults []*fault.Fault
	for _, f := range []struct {
		field, typed string
		max          int
		needed       bool
	}{{"place", h.Place, lineMax, true}, {"hours", h.Hours, textMax, true}, {"contact", h.Contact, lineMax, false}, {"note", h.Note, textMax, false}} {
		switch n := utf8.RuneCountInString(f.typed); {
		case n == 0 && f.needed:
			faults = append(faults, fault.New(fault.Invalid, "schedule.needed").At(f.field))
		case n > f.max:
			faults = append(faults, fault.New(fault.Invalid, "schedule.too_long", "max", f.max, "have", n).At(f.field))
		}
	}
	if err := fault.Join(faults...); err != nil {
		return err
	}
	now := d.Clock.Now()
	h.CouncilID, h.SetAt, h.SetBy, h.SetName = who.CouncilID, db.At(now), who.PersonID, who.Name
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		was, err := hoursOf(ctx, tx, h.CouncilID)
		if err != nil || was.Place == h.Place && was.Hours == h.Hours && was.Contact == h.Contact && was.Note == h.Note {
			return err
		}
		if err := saveHours(ctx, tx, h); err != nil {
			return err
		}
		return d.note(ctx, tx, who, Day{ID: "hours-" + h.CouncilID, CouncilID: h.CouncilID}, "reception.set_hours", now, map[string]any{"place": h.Place, "hours": h.Hours})
	})
}

package counter

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Accusation is a denunciation heard at the desk. It goes to the vault as it
// stands here and is kept nowhere else.
//
// vi: -
type Accusation struct {
	Name, Address, Contact string // may be empty: what the person would not say
	PaperKind              PaperKind
	PaperNumber            string
	Content                string
	// Apart leaves the visit as it is: only a part of what was said denounces.
	// The sealed record then has no tie to the visit.
	Apart    bool
	Revision int64
	Once     string // the form's own mark
}

func (a *Accusation) items(today clock.Date) (map[string][]byte, error) {
	a.Name, a.Address, a.Contact, a.Content = text.Line(a.Name), text.Line(a.Address), text.Line(a.Contact), text.Clean(a.Content)
	faults := wrong(typed{"sealed_name", a.Name, lineMax, false}, typed{"sealed_address", a.Address, lineMax, false}, typed{"sealed_contact", a.Contact, lineMax, false}, typed{"sealed_content", a.Content, textMax, true})
	number := ""
	if text.Line(a.PaperNumber) != "" {
		var err error
		if number, _, err = CheckNumber(a.PaperKind, a.PaperNumber, today); err != nil {
			faults = append(faults, fault.New(fault.Invalid, fault.Of(err).Key).At("sealed_number"))
		}
	}
	items := map[string][]byte{}
	for name, value := range map[string]string{"name": a.Name, "address": a.Address, "contact": a.Contact, "number": number, "content": a.Content} {
		if value != "" {
			items[name] = []byte(value)
		}
	}
	return items, fault.Join(faults...)
}

// Denounce takes a denunciation in and gives the id of the sealed record. Of the
// visit itself nothing stays: people, contents, receipts and the booking's words
// are taken out, and its number reads like one that left the queue. A row with
// the date alone is added, so that neither number nor time lead to the person.
func (d *Desk) Denounce(ctx context.Context, who org.Actor, visitID string, a Accusation) (id string, err error) {
	if d.Seal == nil {
		return "", fault.New(fault.Unavailable, "counter.no_vault")
	}
	now := d.Clock.Now()
	today := clock.DateOf(now)
	items, err := a.items(today)
	if err != nil {
		return "", err
	}
	fresh, line := db.NewID(today.Time()), db.NewID(today.Time()) // of the day, not of the moment
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		if id, err = visitMarked(ctx, tx, who.CouncilID, a.Once, ""); err != nil || id != "" {
			return err
		}
		v, err := d.visit(ctx, tx, who, visitID)
		if err != nil {
			return err
		}
		switch {
		case v.Sealed:
			return fault.New(fault.Refused, "counter.is_sealed")
		case a.Revision != 0 && a.Revision != v.Revision:
			return fault.New(fault.Conflict, "db.stale")
		case v.State != Called && !(a.Apart && v.State == Done):
			return fault.New(fault.Refused, "counter.wrong_state")
		case v.Online:
			return fault.New(fault.Refused, "counter.not_online")
		}
		if !a.Apart {
			if err := d.wipe(ctx, tx, v); err != nil {
				return err
			}
		}
		id = fresh
		s := Visit{ID: fresh, CouncilID: v.CouncilID, On: v.On, DayID: v.DayID, HostPostID: v.HostPostID, Leader: v.Leader, Delegated: v.Delegated, Kind: v.Kind, State: Done, Sealed: true, People: 1, Mark: a.Once, Revision: 1}
		if err := insertVisit(ctx, tx, s); err != nil {
			return err
		}
		no, err := take(ctx, tx, logName(v.CouncilID, v.On.Year), 1)
		if err != nil {
			return err
		}
		if err := insertLine(ctx, tx, Line{ID: line, VisitID: fresh, CouncilID: v.CouncilID, On: v.On, Position: 1, Year: v.On.Year, No: no, Class: Denunciation, Sealed: true, People: 1, Revision: 1}); err != nil {
			return err
		}
		if err := d.Seal(ctx, tx, fresh, who, items); err != nil {
			return err
		}
		return d.note(ctx, tx, who, s, "reception.seal", now, nil)
	})
	return id, err
}

// wipe takes out all that was written on a visit.
func (d *Desk) wipe(ctx context.Context, tx *db.Tx, v Visit) error {
	tx.Erase()
	if err := clearVisit(ctx, tx, v.ID); err != nil {
		return err
	}
	if v.BookingID != "" {
		if err := d.Plan.Forget(ctx, tx, v.BookingID); err != nil {
			return err
		}
	}
	v.State, v.BookingID, v.People, v.Appointment, v.Minutes, v.MinutesRead, v.MinutesSign = Gone, "", 1, "", "", false, Unsigned
	v.CalledAt, v.CalledBy, v.CalledName, v.DeskName = db.Time{}, "", "", ""
	return updateVisit(ctx, tx, v)
}

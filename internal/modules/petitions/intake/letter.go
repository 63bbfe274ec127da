package intake

import (
	"context"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// LetterIn is what a clerk types of a paper letter or a telephone call.
//
// vi: -
type LetterIn struct {
	Channel                                           Channel
	Day                                               clock.Date // received
	Text, Ward, Name, Email, Phone, Address, Ref, Ask string     // Ref: number in the book of incoming papers; Ask: session
	DeputyID                                          string     // who brought it, of the council's register
	Files                                             []documents.Draft
	Once                                              string
}

// TakeLetter takes in what came on paper, by post or by telephone.
func (d *Desk) TakeLetter(ctx context.Context, who org.Actor, l LetterIn) (Taken, error) {
	if err := allowed(who); err != nil {
		return Taken{}, err
	}
	today := clock.Today(d.Clock)
	var faults []*fault.Fault
	if l.Channel != Letter && l.Channel != Phone && l.Channel != Front {
		faults = append(faults, fault.New(fault.Invalid, "intake.channel_empty").At("channel"))
	}
	if f := wrongDay(l.Day, today); f != nil {
		faults = append(faults, f.At("day"))
	}
	for name, v := range map[string]string{"address": l.Address, "ref": l.Ref, "session": l.Ask} {
		if utf8.RuneCountInString(v) > lineMax {
			faults = append(faults, fault.New(fault.Invalid, "intake.line_long", "max", lineMax).At(name))
		}
	}
	var council org.Council
	var unit org.Unit
	var by []Bringer
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if council, err = org.CouncilOf(ctx, tx, who.CouncilID); err != nil {
			return err
		}
		if by, err = chosenDeputy(ctx, tx, who.CouncilID, l.DeputyID); fault.KindOf(err) == fault.Invalid {
			faults = append(faults, fault.Of(err))
		} else if err != nil {
			return err
		}
		written := l.Ward
		if text.Line(written) == "" && council.Level == org.Commune {
			written = council.UnitCode
		}
		unit, err = placeOf(ctx, tx, council, written, today)
		if fault.KindOf(err) == fault.Invalid {
			faults = append(faults, fault.Of(err))
			return nil
		}
		return err
	})
	if err != nil {
		return Taken{}, err
	}
	o := Opinion{To: addressee(council), Text: l.Text, Ward: unit.Code, Name: l.Name, Email: l.Email, Phone: l.Phone, Channel: l.Channel, RaisedOn: l.Day, Files: l.Files,
		Once: actorsMark(who, "letter", l.Once)}
	o.Note = d.noting(who, Source{Channel: l.Channel, RaisedOn: l.Day, Address: text.Line(l.Address), Session: text.Line(l.Ask), Note: text.Line(l.Ref)}, by...)
	if len(faults) > 0 {
		// What is wrong with the words is told in the same breath.
		if err := d.Check(o); fault.KindOf(err) == fault.Invalid {
			f := fault.Of(err)
			if len(f.Faults) > 0 {
				faults = append(faults, f.Faults...)
			} else {
				faults = append(faults, f)
			}
		}
		return Taken{}, fault.Join(faults...)
	}
	return d.Receive(ctx, who, o)
}

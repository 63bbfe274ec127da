package reception

import (
	"context"
	"slices"
	"strconv"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Part is one content of a letter, with those it is against.
//
// vi: nội dung tách từ đơn
type Part struct {
	Kind       Kind
	Respondent string
	Summary    string
}

// Split makes a letter of its own of each content. When one of them is a
// denunciation the whole letter is sealed, and the other parts lead nowhere to
// it: nobody who reads a complaint learns that its writer denounced too.
func (s *Service) Split(ctx context.Context, who org.Actor, id string, parts []Part, reason string, revision int64) (made []Handed, err error) {
	if err := tidyParts(parts); err != nil {
		return nil, err
	}
	e, c, l, err := s.whole(ctx, who, id, reason)
	if err != nil {
		return nil, err
	}
	if err := s.first(&c, who, "split", revision); err != nil {
		return nil, err
	}
	secret := c.Sealed || slices.ContainsFunc(parts, func(p Part) bool { return p.Kind.Sealed() })
	now := s.Clock.Now()
	for range parts {
		made = append(made, Handed{ID: db.NewID(now), Code: cases.NewCode("DT", now.Year()), Key: freshKey()})
	}
	in := cases.Input{Revision: c.Revision, Fields: map[string]string{"parts": strconv.Itoa(len(parts))}}
	err = s.act(ctx, who, id, "split", &in, func(tx *db.Tx, whole *Letter, c *cases.Case) error {
		for i, p := range parts {
			one := e.part(l, p)
			n := entering{Handed: made[i], at: now, unit: c.UnitCode}
			if !secret || p.Kind.Sealed() {
				n.parent = id
			}
			if secret && !p.Kind.Sealed() {
				one.Scans = nil // they show the denunciation
			}
			if _, err := s.enter(ctx, tx, who, one, n); err != nil {
				return err
			}
		}
		if secret && !c.Sealed {
			whole.Kind = MixedDenunciation
			c.Field = string(whole.Kind)
			return s.sealLetter(ctx, tx, who, whole, c, e.Scans)
		}
		return nil
	})
	return made, err
}

func tidyParts(parts []Part) error {
	var faults []*fault.Fault
	for i := range parts {
		p := &parts[i]
		p.Respondent, p.Summary = text.Clean(p.Respondent), text.Clean(p.Summary)
		n := strconv.Itoa(i + 1)
		if !slices.Contains([]Kind{Complaint, Denunciation, Proposal}, p.Kind) {
			faults = append(faults, fault.New(fault.Invalid, "reception.kind_empty").At("kind_"+n))
		}
		if p.Summary == "" {
			faults = append(faults, fault.New(fault.Invalid, "reception.summary_empty").At("summary_"+n))
		}
	}
	if len(parts) < 2 || len(parts) > partsMax {
		faults = append(faults, fault.New(fault.Invalid, "reception.parts_few", "max", partsMax).At("kind_1"))
	}
	return fault.Join(faults...)
}

// part is the entry of one content of a letter.
func (e Entry) part(l Letter, p Part) Entry {
	one := e
	one.Kind, one.Respondent, one.Summary = p.Kind, p.Respondent, p.Summary
	one.Content = "" // the whole stands with the whole letter
	one.Source, one.ReceivedOn, one.WrittenOn = l.Source, l.ReceivedOn, l.WrittenOn
	one.Anonymous, one.Evidence, one.Originals, one.Instance, one.Remote = l.Anonymous, l.Evidence, l.Originals, l.Instance, l.Remote
	return one
}

// whole reads all of a letter, out of its compartment when it is sealed: who
// splits such a letter has to give a reason, like everybody who opens one.
func (s *Service) whole(ctx context.Context, who org.Actor, id, reason string) (e Entry, c cases.Case, l Letter, err error) {
	var senders []Sender
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		found, err := s.Cases.Case(ctx, tx, who, id)
		if err != nil {
			return err
		}
		c = *found
		if l, err = letterOf(ctx, tx, id); err != nil {
			return err
		}
		senders, err = sendersOf(ctx, tx, id)
		return err
	})
	if err != nil {
		return e, c, l, err
	}
	if c.Sealed {
		items, err := s.Reveal(ctx, who, id, allItems(), reason)
		return entryOf(items), c, l, err
	}
	e = Entry{Summary: l.Summary, Content: l.Content, Respondent: l.Respondent, FromBody: l.FromBody, Senders: senders}
	e.Scans, err = s.scansOf(ctx, who, id)
	return e, c, l, err
}

package gate

import (
	"context"
	"slices"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// releaseMost is how many held petitions are let go by one act: some pages of
// the list, and little enough for one transaction.
const releaseMost = 200

// Freed is what became of held petitions that were let go together.
//
// vi: kết quả cho qua nhiều kiến nghị
type Freed struct {
	Now    int // let go by this act
	Before int // already, by somebody or by the first of two clicks
	Ended  int // taken out as abuse meanwhile
}

// ReleaseAll lets several held petitions go for one reason, each with its own
// entry in the log. All of them or none: one that is not of the person's council
// stops the act.
func (d *Desk) ReleaseAll(ctx context.Context, who org.Actor, ids []string, note string) (f Freed, err error) {
	if err := allowed(mayRelease, who); err != nil {
		return f, err
	}
	if ids, err = chosen(ids); err != nil {
		return f, err
	}
	note = text.Clean(note)
	if n := utf8.RuneCountInString(note); n < noteLeast || n > noteMost {
		return f, fault.New(fault.Invalid, "gate.note_needed", "min", noteLeast, "max", noteMost).At("note")
	}
	now := d.Clock.Now()
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		f = Freed{}
		all, err := heldIn(ctx, tx, who.CouncilID, ids)
		if err != nil {
			return err
		}
		if len(all) != len(ids) {
			return fault.New(fault.Missing, "gate.not_held")
		}
		for _, h := range all {
			switch h.State {
			case Let:
				f.Before++
				continue
			case Invalidated:
				f.Ended++
				continue
			}
			f.Now++
			if err := d.letGo(ctx, tx, who, h, db.At(now), map[string]any{"why": h.Why, "note": note}); err != nil {
				return err
			}
		}
		return nil
	})
	return f, err
}

// chosen are the petitions of a form, each once and in a fixed order, so that
// two acts never wait for each other.
func chosen(ids []string) ([]string, error) {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == "" })
	slices.Sort(ids)
	switch ids = slices.Compact(ids); {
	case len(ids) == 0:
		return nil, fault.New(fault.Invalid, "gate.none_chosen").At("id")
	case len(ids) > releaseMost:
		return nil, fault.New(fault.TooLarge, "gate.many_chosen", "max", releaseMost, "have", len(ids)).At("id")
	}
	return ids, nil
}

// letGo ends the hold of one petition, with its entry in the log.
func (d *Desk) letGo(ctx context.Context, tx *db.Tx, who org.Actor, h HeldPetition, at db.Time, details map[string]any) error {
	if err := endHold(ctx, tx, h.ID, Let, at, who.PersonID); err != nil {
		return err
	}
	if err := d.Released(ctx, tx, h.ID); err != nil {
		return err
	}
	_, err := d.Audit.Append(ctx, tx, audit.Entry{CouncilID: h.CouncilID, Subject: h.ID, Ref: h.Code, Verb: "petitions.release", At: at.Time, Who: who, Details: details})
	return err
}

// Chosen loads the held petitions of a form, for the page that asks for the reason.
func (d *Desk) Chosen(ctx context.Context, who org.Actor, ids []string) (all []HeldPetition, err error) {
	if err := allowed(mayRelease, who); err != nil {
		return nil, err
	}
	if ids, err = chosen(ids); err != nil {
		return nil, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = heldIn(ctx, tx, who.CouncilID, ids)
		return err
	})
	return slices.DeleteFunc(all, func(h HeldPetition) bool { return h.State != Waiting }), err
}

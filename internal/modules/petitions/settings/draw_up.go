package settings

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// itemsMost bounds the changes of a set, so that a person can look them over.
const itemsMost = 100

// Head is what a set says of itself.
//
// vi: -
type Head struct {
	Title, Paper    string
	PaperDate, From clock.Date
	Revision        int64
}

func (h *Head) tidy(today clock.Date) error {
	var t typist
	h.Title, h.Paper = t.line("title", h.Title, titleMax, true), t.line("paper", h.Paper, titleMax, true)
	switch {
	case h.PaperDate.IsZero():
		t.wrong("paper_date", "settings.empty")
	case h.PaperDate.After(today):
		t.wrong("paper_date", "settings.paper_to_come")
	}
	switch {
	case h.From.IsZero():
		t.wrong("from", "settings.empty")
	case h.From.Before(today):
		t.wrong("from", "settings.from_past", "today", today.VN())
	}
	return fault.Join(t.faults...)
}

// DrawUp begins a set. The same form sent twice makes one.
func (d *Desk) DrawUp(ctx context.Context, who org.Actor, h Head, once string) (id string, err error) {
	if !ofOffice(who) || !MayDrawUp.Allows(who) {
		return "", fault.New(fault.Forbidden, "settings.not_office")
	}
	if err := h.tidy(d.today()); err != nil {
		return "", err
	}
	now := d.Clock.Now()
	s := Set{ID: db.NewID(now), CouncilID: who.CouncilID, Title: h.Title, Paper: h.Paper, PaperDate: h.PaperDate, From: h.From, State: Draft,
		Authors: db.JSON[[]string]{V: []string{who.PersonID}}, ByPerson: who.PersonID, ByName: who.Name, At: db.At(now)}
	s.Mark = markOf(who, once, s.ID)
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		var fresh bool
		if id, fresh, err = insertSet(ctx, tx, s); err != nil || !fresh {
			return err
		}
		return d.note(ctx, tx, who, s, now, "settings.draw_up", map[string]any{"title": s.Title, "paper": s.Paper, "paper_date": s.PaperDate.String(), "from": s.From.String()})
	})
	return id, err
}

// markOf tells two sendings of one form from two forms.
func markOf(who org.Actor, once, id string) string {
	if once == "" {
		return id
	}
	return who.PersonID + " " + once
}

// ofOffice reports whether a person administers a council's settings: its
// office, and its administrator.
func ofOffice(who org.Actor) bool {
	return who.SignedIn() && (who.BodyKind == org.Office || who.Has(org.Admin))
}

// reach loads a set for a person. Another council's is not found.
func reach(ctx context.Context, tx *db.Tx, who org.Actor, id string) (Set, error) {
	s, err := setOf(ctx, tx, id)
	if fault.Is(err, "db.no_row") || err == nil && (s.CouncilID != who.CouncilID || !ofOffice(who)) {
		return Set{}, fault.New(fault.Missing, "settings.no_set")
	}
	return s, err
}

// note writes the entry of an act on a set.
func (d *Desk) note(ctx context.Context, tx *db.Tx, who org.Actor, s Set, at time.Time, verb string, details map[string]any) error {
	_, err := d.Audit.Append(ctx, tx, audit.Entry{CouncilID: s.CouncilID, Subject: s.ID, Ref: s.ID, Verb: verb, At: at, Who: who, Details: details})
	return err
}

// change is what all verbs share that write in a set: it must be open, goes back
// to a draft, and remembers who wrote in it.
func (d *Desk) change(ctx context.Context, who org.Actor, id, verb string, write func(tx *db.Tx, s *Set) (map[string]any, error)) error {
	if !MayDrawUp.Allows(who) {
		return fault.New(fault.Forbidden, "settings.not_office")
	}
	now := d.Clock.Now()
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		s, err := reach(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if !s.Open() {
			return fault.New(fault.Refused, "settings.set_closed")
		}
		told, err := write(tx, &s)
		if err != nil || told == nil {
			return err
		}
		s.State, s.TestedAt, s.TestedHash = Draft, db.Time{}, ""
		if !slices.Contains(s.Authors.V, who.PersonID) {
			s.Authors.V = append(slices.Clone(s.Authors.V), who.PersonID)
		}
		if err := updateSet(ctx, tx, s); err != nil {
			return err
		}
		return d.note(ctx, tx, who, s, now, verb, told)
	})
}

// Amend changes what a set says of itself.
func (d *Desk) Amend(ctx context.Context, who org.Actor, id string, h Head) error {
	if err := h.tidy(d.today()); err != nil {
		return err
	}
	return d.change(ctx, who, id, "settings.amend", func(_ *db.Tx, s *Set) (map[string]any, error) {
		s.Title, s.Paper, s.PaperDate, s.From, s.Revision = h.Title, h.Paper, h.PaperDate, h.From, h.Revision
		return map[string]any{"title": s.Title, "paper": s.Paper, "paper_date": s.PaperDate.String(), "from": s.From.String()}, nil
	})
}

// Enter adds a change to a set. The same form sent twice adds one.
func (d *Desk) Enter(ctx context.Context, who org.Actor, setID string, c Change, once string) (id string, err error) {
	c, faults := c.tidy()
	if err := fault.Join(faults...); err != nil {
		return "", err
	}
	body, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	now := d.Clock.Now()
	fresh := db.NewID(now)
	err = d.change(ctx, who, setID, "settings.enter", func(tx *db.Tx, s *Set) (map[string]any, error) {
		items, err := itemsOf(ctx, tx, s.ID)
		if err != nil {
			return nil, err
		}
		if len(items) >= itemsMost {
			return nil, fault.New(fault.TooLarge, "settings.items_many", "max", itemsMost)
		}
		it := item{ID: fresh, Mark: markOf(who, once, fresh), SetID: s.ID, Number: 1, Kind: c.kind(), Body: string(body), ByName: who.Name, At: db.At(now)}
		if i := slices.IndexFunc(items, func(o item) bool { return o.Mark == it.Mark }); i >= 0 {
			id = items[i].ID
			return nil, nil // sent twice
		}
		if n := len(items); n > 0 {
			it.Number = items[n-1].Number + 1
		}
		id = it.ID
		if err := d.fits(ctx, tx, *s, append(items, it), it.ID); err != nil {
			return nil, err
		}
		added, err := insertItem(ctx, tx, it)
		if err != nil || !added {
			return nil, err
		}
		return map[string]any{"item": it.ID, "kind": string(it.Kind), "change": it.Body}, nil
	})
	return id, err
}

// Revise changes an item of a set.
func (d *Desk) Revise(ctx context.Context, who org.Actor, setID, itemID string, revision int64, c Change) error {
	c, faults := c.tidy()
	if err := fault.Join(faults...); err != nil {
		return err
	}
	body, err := json.Marshal(c)
	if err != nil {
		return err
	}
	now := d.Clock.Now()
	return d.change(ctx, who, setID, "settings.revise", func(tx *db.Tx, s *Set) (map[string]any, error) {
		items, err := itemsOf(ctx, tx, s.ID)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(items, func(o item) bool { return o.ID == itemID && o.Kind == c.kind() })
		if i < 0 {
			return nil, fault.New(fault.Missing, "settings.no_item")
		}
		// What it was stands in an earlier entry; its hash says which.
		was := sha256.Sum256([]byte(items[i].Body))
		items[i].Body, items[i].ByName, items[i].At, items[i].Revision = string(body), who.Name, db.At(now), revision
		if err := d.fits(ctx, tx, *s, items, itemID); err != nil {
			return nil, err
		}
		return map[string]any{"item": itemID, "change": items[i].Body, "was": hex.EncodeToString(was[:])}, updateItem(ctx, tx, items[i])
	})
}

// Remove takes an item out of a set.
func (d *Desk) Remove(ctx context.Context, who org.Actor, setID, itemID string) error {
	return d.change(ctx, who, setID, "settings.remove", func(tx *db.Tx, s *Set) (map[string]any, error) {
		return map[string]any{"item": itemID}, deleteItem(ctx, tx, s.ID, itemID)
	})
}

// Drop ends a set that shall not take effect.
func (d *Desk) Drop(ctx context.Context, who org.Actor, id, why string, revision int64) error {
	var t typist
	if why = t.line("why", text.Clean(why), noteMax, true); len(t.faults) > 0 {
		return fault.Join(t.faults...)
	}
	if !MayDrawUp.Allows(who) {
		return fault.New(fault.Forbidden, "settings.not_office")
	}
	now := d.Clock.Now()
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		s, err := reach(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if !s.Open() {
			return fault.New(fault.Refused, "settings.set_closed")
		}
		s.State, s.Why, s.Revision = Dropped, why, revision
		s.DecidedAt, s.DecidedBy, s.DecidedName, s.OnBehalf = db.At(now), who.PersonID, who.Name, who.OnBehalf()
		if err := updateSet(ctx, tx, s); err != nil {
			return err
		}
		return d.note(ctx, tx, who, s, now, "settings.drop", map[string]any{"why": why})
	})
}

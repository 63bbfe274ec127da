package settings

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// drafted is what would be in force on a set's day, with what does not fit.
type drafted struct {
	prior         *state // the day before
	before, after *state
	council       org.Council
	units         []org.Unit
	bodies        []org.Body
	changes       map[string]Change       // by item
	faults        map[string]*fault.Fault // by item
}

// draft applies the items of a set to what will be in force on its day.
func (d *Desk) draft(ctx context.Context, tx *db.Tx, s Set, items []item) (*drafted, error) {
	b, err := d.bookIn(ctx, tx)
	if err != nil {
		return nil, err
	}
	dr := &drafted{prior: b.at(s.From.AddDays(-1)), before: b.at(s.From), changes: map[string]Change{}, faults: map[string]*fault.Fault{}}
	dr.after = dr.before.copied()
	if dr.council, err = org.CouncilOf(ctx, tx, s.CouncilID); err != nil {
		return nil, err
	}
	if dr.units, err = unitsOn(ctx, tx, s.From); err != nil {
		return nil, err
	}
	if dr.bodies, err = bodiesOn(ctx, tx, dr.council, s.From); err != nil {
		return nil, err
	}
	in := place{councilID: s.CouncilID, Source: s.source(), units: map[string]bool{}, bodies: map[string]bool{}}
	for _, u := range dr.units {
		in.units[u.Code] = true
	}
	for _, b := range dr.bodies {
		in.bodies[b.ID] = true
	}
	seen := map[string]bool{}
	for _, it := range inOrder(items) {
		c, err := decode(it.Kind, it.Body)
		if err != nil {
			return nil, err
		}
		dr.changes[it.ID] = c
		in.itemID = it.ID
		if f := dr.refuse(d, b, s, c, seen); f != nil {
			dr.faults[it.ID] = f
		} else if f := c.apply(dr.after, in); f != nil {
			dr.faults[it.ID] = f
		}
	}
	return dr, nil
}

// refuse says what stands against a change besides what is in force that day.
func (dr *drafted) refuse(d *Desk, b *book, s Set, c Change, seen map[string]bool) *fault.Fault {
	if !c.kind().own() && dr.council.Level != org.City {
		return fault.New(fault.Forbidden, "settings.city_only")
	}
	if t := c.thing(); t != "" {
		key := string(c.kind()) + " " + t
		if seen[key] {
			return fault.New(fault.Invalid, "settings.twice")
		}
		seen[key] = true
	}
	switch c := c.(type) {
	case FieldChange:
		if c.Action == Add && b.codes[c.Code] {
			return wrong("code", "settings.code_used", "code", c.Code)
		}
	case DeadlineChange:
		// Versions of a limit follow each other: none is put in before another.
		for _, r := range d.Rules().History(c.Key) {
			if !r.From.Before(s.From) {
				return wrong("key", "settings.rule_later", "date", r.From.VN())
			}
		}
	}
	return nil
}

// fits refuses an item that does not fit what will be in force.
func (d *Desk) fits(ctx context.Context, tx *db.Tx, s Set, items []item, id string) error {
	dr, err := d.draft(ctx, tx, s, items)
	if err != nil {
		return err
	}
	if f := dr.faults[id]; f != nil {
		return f
	}
	return nil
}

// digest is the SHA-256 of what a test looked at: the day of effect and every
// item.
func digest(from clock.Date, items []item) (string, error) {
	type line struct {
		ID   string `json:"id"`
		Kind Kind   `json:"kind"`
		Body string `json:"body"`
	}
	lines := make([]line, 0, len(items))
	for _, it := range inOrder(items) {
		lines = append(lines, line{it.ID, it.Kind, it.Body})
	}
	b, err := json.Marshal(struct {
		From  clock.Date `json:"from"`
		Items []line     `json:"items"`
	}{from, lines})
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), err
}

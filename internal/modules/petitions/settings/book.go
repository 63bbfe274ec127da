package settings

import (
	"context"
	"maps"
	"slices"
	"sort"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/text"
)

// book is all that was put in force, as states by day. It never changes; a
// verb makes a new one.
type book struct {
	base   *state
	states []*state // each from its day on, in the order of days
	codes  map[string]bool
}

// bound makes the book of the sets in force. Items come ordered by day, by when
// their set was put in force, by kind and number. What does not fit is left
// out: it was asked for when it came into force.
func bound(base *state, all []inForce) (*book, error) {
	b := &book{base: base, codes: map[string]bool{}}
	for _, one := range all {
		c, err := decode(one.Kind, one.Body)
		if err != nil {
			return nil, err
		}
		if f, ok := c.(FieldChange); ok && f.Action == Add {
			b.codes[f.Code] = true
		}
		last := base
		if n := len(b.states); n > 0 {
			last = b.states[n-1]
		}
		if last == base || last.from.Before(one.Set.From) {
			last = last.copied()
			last.from = one.Set.From
			b.states = append(b.states, last)
		}
		c.apply(last, place{itemID: one.ID, councilID: one.Set.CouncilID, Source: one.Set.source()})
	}
	return b, nil
}

// at is what is in force on a day.
func (b *book) at(today clock.Date) *state {
	i := sort.Search(len(b.states), func(i int) bool { return b.states[i].from.After(today) })
	if i == 0 {
		return b.base
	}
	return b.states[i-1]
}

func (d *Desk) at(today clock.Date) *state { return d.current.Load().at(today) }

// Refresh reads what is in force and tells of the names of today. The verbs
// call it themselves; a process that shares its database with others, and one
// that runs past midnight, calls it from time to time.
func (d *Desk) Refresh(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var b *book
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		b, err = d.bookIn(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	d.current.Store(b)
	if words := b.at(d.today()).words; d.Renamed != nil && !sameWords(words, d.told) {
		d.Renamed(words)
		d.told = words
	}
	return nil
}

func sameWords(a, b map[text.Lang]map[string]string) bool {
	return maps.EqualFunc(a, b, func(x, y map[string]string) bool { return maps.Equal(x, y) })
}

func (d *Desk) bookIn(ctx context.Context, tx *db.Tx) (*book, error) {
	all, err := itemsInForce(ctx, tx)
	if err != nil {
		return nil, err
	}
	return bound(d.base, all)
}

// Words are the names of fields, branches, outcomes and reasons that differ
// from the shipped ones today, by text key.
func (d *Desk) Words() map[text.Lang]map[string]string { return d.at(d.today()).words }

// Fields lists the fields of work that are offered on a day: the shipped ones in
// their order, new ones behind those of their branch.
func (d *Desk) Fields(today clock.Date) []Field {
	return slices.DeleteFunc(d.EveryField(today), func(f Field) bool { return f.Ended })
}

// FieldCodes lists the codes of the fields that are offered on a day.
func (d *Desk) FieldCodes(today clock.Date) []string {
	var all []string
	for _, f := range d.Fields(today) {
		all = append(all, f.Code)
	}
	return all
}

// Codes lists the codes of outcomes or reasons.
func Codes(terms []Term) []string {
	all := make([]string, len(terms))
	for i, t := range terms {
		all[i] = t.Code
	}
	return all
}

// EveryField lists the ended fields too, for filters and reports.
func (d *Desk) EveryField(today clock.Date) []Field { return slices.Clone(d.at(today).fields) }

// Branches lists the committees' parts of field codes.
func (d *Desk) Branches(today clock.Date) []Term { return slices.Clone(d.at(today).branches) }

// Outcomes lists the outcomes that are offered on a day.
func (d *Desk) Outcomes(today clock.Date) []Term { return d.at(today).offered(OutcomeKind) }

// Reasons lists the reasons of refusal that are offered on a day.
func (d *Desk) Reasons(today clock.Date) []Term { return d.at(today).offered(ReasonKind) }

func (st *state) offered(kind Kind) []Term {
	return slices.DeleteFunc(slices.Clone(st.terms[kind]), func(t Term) bool { return t.Ended })
}

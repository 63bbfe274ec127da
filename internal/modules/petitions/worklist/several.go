package worklist

import (
	"context"
	"slices"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Export gives the rows of a filter to write out, in pieces; it stops at
// ExportMax and says so.
func (d *Desk) Export(ctx context.Context, who org.Actor, f Filter, write func([]Row) error) (cut bool, err error) {
	const piece = 500
	r, some, err := d.asked(ctx, who, f)
	if err != nil {
		return false, err
	}
	if !some || f.Text+f.Code != "" {
		l, err := d.List(ctx, who, f)
		if err != nil {
			return false, err
		}
		return l.Cut || l.Next != "", write(l.Rows)
	}
	r.Limit = piece
	for n := 0; ; {
		var rows []Row
		var last cases.Case
		err := d.DB.Read(ctx, func(tx *db.Tx) error {
			units, err := UnitsOfCity(ctx, tx, clock.Today(d.Clock))
			if err != nil {
				return err
			}
			all, err := casesIn(ctx, tx, r)
			if err != nil || len(all) == 0 {
				return err
			}
			withhold(who, all)
			last = all[len(all)-1]
			rows, err = Named(ctx, tx, units, slices.DeleteFunc(all, func(c cases.Case) bool { return !c.CanSee(who) }))
			return err
		})
		if err != nil || last.ID == "" {
			return false, err
		}
		if err := write(rows); err != nil {
			return false, err
		}
		if n += piece; n >= ExportMax {
			return true, nil
		}
		r.After = placeOf(keyOf(last, r.ByDue), r.ByDue)
	}
}

// SaveView keeps a filter under a name; the same name replaces.
func (d *Desk) SaveView(ctx context.Context, who org.Actor, name, query string) error {
	name = text.Line(name)
	const nameMost, queryMost = 80, 2000
	switch {
	case name == "":
		return fault.New(fault.Invalid, "petitions.view_name_empty").At("name")
	case utf8.RuneCountInString(name) > nameMost || len(query) > queryMost:
		return fault.New(fault.Invalid, "petitions.view_long", "max", nameMost).At("name")
	}
	now := d.Clock.Now()
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		have, err := viewsOf(ctx, tx, who.PersonID)
		if err != nil {
			return err
		}
		if len(have) >= viewsMax && !slices.ContainsFunc(have, func(v View) bool { return v.Name == name }) {
			return fault.New(fault.Refused, "petitions.views_many", "max", viewsMax)
		}
		return saveView(ctx, tx, who.PersonID, View{ID: db.NewID(now), Name: name, Query: query}, db.At(now))
	})
}

// RemoveView deletes one's own saved filter.
func (d *Desk) RemoveView(ctx context.Context, who org.Actor, id string) error {
	return d.DB.Tx(ctx, func(tx *db.Tx) error { return removeView(ctx, tx, who.PersonID, id) })
}

// Told is what became of one petition of several.
//
// vi: kết quả từng dòng
type Told struct {
	ID, Code, Title string
	Err             error
}

// bulkMax bounds how many petitions one sending may act on.
const bulkMax = 200

// Each does one verb on several petitions, each in a transaction of its own:
// one that cannot be done does not stop the others.
func (d *Desk) Each(ctx context.Context, who org.Actor, ids []string, do func(id string) error) ([]Told, error) {
	if len(ids) == 0 {
		return nil, fault.New(fault.Invalid, "petitions.none_selected")
	}
	if len(ids) > bulkMax {
		return nil, fault.New(fault.TooLarge, "petitions.many_selected", "max", bulkMax)
	}
	chosen, err := d.chosen(ctx, who, ids)
	if err != nil {
		return nil, err
	}
	for i := range chosen {
		if chosen[i].Err == nil {
			chosen[i].Err = do(chosen[i].ID)
		}
	}
	return chosen, nil
}

// chosen names the selected petitions; what the person may not see is not there.
func (d *Desk) chosen(ctx context.Context, who org.Actor, ids []string) (all []Told, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		rows, err := casesByID(ctx, tx, ids)
		if err != nil {
			return err
		}
		all = nil
		for _, id := range ids {
			i := slices.IndexFunc(rows, func(c cases.Case) bool { return c.ID == id && c.CanSee(who) })
			if i < 0 {
				all = append(all, Told{ID: id, Err: fault.New(fault.Missing, "cases.no_such_case")})
				continue
			}
			all = append(all, Told{ID: id, Code: rows[i].Code, Title: rows[i].Title})
		}
		return nil
	})
	return all, err
}

// Officers lists who of a person's own body can be given a petition.
func (d *Desk) Officers(ctx context.Context, who org.Actor) (all []org.Holder, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = org.Holders(ctx, tx, who.BodyID, clock.Today(d.Clock))
		return err
	})
	return all, err
}

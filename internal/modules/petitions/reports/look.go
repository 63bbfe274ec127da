package reports

import (
	"context"
	"errors"
	"slices"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// Choices is what the form offers to a person.
//
// vi: -
type Choices struct {
	Fields []string // codes; of a committee its own
	Bodies []org.Body
	Today  clock.Date
}

// Choices lists what a person may ask about.
func (d *Desk) Choices(ctx context.Context, who org.Actor) (c Choices, err error) {
	c.Today = clock.Today(d.Clock)
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		q, err := d.allowed(ctx, tx, who, Query{})
		if err != nil && !fault.Is(err, "reports.not_your_field") {
			return err
		}
		c.Fields = nil
		for _, f := range d.Fields() {
			if q.CommitteeID == "" || slices.Contains(q.Fields, branch(f)) || slices.Contains(q.Fields, f) {
				c.Fields = append(c.Fields, f)
			}
		}
		council, err := org.CouncilOf(ctx, tx, who.CouncilID)
		if err != nil {
			return err
		}
		c.Bodies, err = org.AnsweringTo(ctx, tx, council)
		return err
	})
	return c, err
}

// View is a report as its page shows it.
//
// vi: -
type View struct {
	Report
	Rows  []Row // the first of them; none of a large report
	Units []org.Unit
}

// viewRows is how many rows the page shows; the files have all.
const viewRows = 50

var errEnough = errors.New("reports: enough rows")

// View gives a report with its first rows, as they stand at its moment.
func (d *Desk) View(ctx context.Context, who org.Actor, id string) (v View, err error) {
	if v.Report, err = d.Report(ctx, who, id); err != nil {
		return v, err
	}
	if err := d.named(ctx, &v.Report); err != nil {
		return v, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		v.Units, err = unitsOf(ctx, tx, who.CouncilID, clock.Today(d.Clock))
		return err
	})
	if err != nil || v.Status != Made || v.Total > directMost || v.Kind == Summary {
		return v, err
	}
	r := newRun(v.Query.V, v.Moment.Time)
	r.words = true
	r.row = func(row Row) error {
		if v.Rows = append(v.Rows, row); len(v.Rows) == viewRows {
			return errEnough
		}
		return nil
	}
	if err = d.read(ctx, r); errors.Is(err, errEnough) {
		err = nil
	}
	return v, err
}

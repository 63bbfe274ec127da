package figures

import (
	"context"
	"fmt"
	"io"

	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
)

const countJob = "reception.count_figures"

// counting is the job's arguments.
type counting struct {
	ID    string
	Again bool
}

// Jobs lists the later work of this part.
func (d *Desk) Jobs() []kernel.Job { return []kernel.Job{{Kind: countJob, Handle: d.run}} }

// run counts a report and keeps the numbers, or, again, whether they are the same.
func (d *Desk) run(ctx context.Context, w jobs.Work) error {
	var c counting
	if err := w.Read(&c); err != nil {
		return err
	}
	r, far, err := d.begin(ctx, c)
	if err != nil {
		return err
	}
	if err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		r.Table.V, err = d.count(ctx, tx, r, far)
		return err
	}); err != nil {
		return err
	}
	if !c.Again {
		sum, err := d.records(ctx, r, io.Discard, far)
		if err != nil {
			return err
		}
		r.Table.V.Records = &sum
	}
	now := db.At(d.Clock.Now())
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		if d.Live != nil {
			d.Live.PublishAfter(tx, "person:"+r.MadeBy)
		}
		if c.Again {
			r.CheckedAt, r.CheckedHash = now, r.Table.V.Hash
			if err := keepCheck(ctx, tx, r); err != nil {
				return err
			}
			return d.record(ctx, tx, org.System(r.CouncilID), r, "reception.check_figures")
		}
		r.Hash = r.Table.V.Hash
		fresh, err := finish(ctx, tx, r)
		if err != nil || !fresh {
			return err
		}
		return d.record(ctx, tx, org.System(r.CouncilID), r, "reception.count_figures")
	})
}

// begin loads a report and looks how much there is to read for it.
func (d *Desk) begin(ctx context.Context, c counting) (r Report, far *progress, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		r, err = reportOf(ctx, tx, c.ID)
		return err
	})
	if err != nil {
		return r, nil, err
	}
	times := 2
	if c.Again {
		times = 1
	}
	far, err = d.progressOf(ctx, r, times)
	return r, far, err
}

// count counts a report on one view of the database.
func (d *Desk) count(ctx context.Context, tx *db.Tx, r Report, far *progress) (Table, error) {
	ask := Ask{Period: r.Period.V, Moment: r.Moment.Time, Limit: readRows}
	if c, ok := d.book.visits[r.Form]; ok {
		return fold(ctx, tx, newTally(c, ask.Period), r.Councils.V, ask, far, d.Visits, func(v Visit) (id, ref string) { return v.ID, v.Ref })
	}
	if c, ok := d.book.letters[r.Form]; ok {
		return fold(ctx, tx, newTally(c, ask.Period), r.Councils.V, ask, far, d.Letters, func(l Letter) (id, ref string) { return l.ID, l.Ref })
	}
	return Table{}, fmt.Errorf("figures: report %s was made by the form %q, which is not there", r.ID, r.Form)
}

// fold reads the registers of the councils, one after another, page by page.
func fold[F any](ctx context.Context, tx *db.Tx, t *tally[F], councils []string, ask Ask, far *progress, read func(context.Context, *db.Tx, Ask) ([]F, error), name func(F) (id, ref string)) (Table, error) {
	for _, id := range councils {
		c, err := org.CouncilOf(ctx, tx, id)
		if err != nil {
			return Table{}, err
		}
		t.council(c.ID, c.Name)
		ask.CouncilID, ask.After = c.ID, ""
		for {
			rows, err := read(ctx, tx, ask)
			if err != nil {
				return Table{}, err
			}
			for _, row := range rows {
				id, ref := name(row)
				t.add(id, ref, row)
				ask.After = id
			}
			if err := far.read(ctx, len(rows)); err != nil {
				return Table{}, err
			}
			if len(rows) < ask.Limit {
				break
			}
		}
	}
	return t.result(), nil
}

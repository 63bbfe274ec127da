package figures

import (
	"context"

	"example.vn/hdnd/internal/kernel/db"
)

// progressEvery is how many rows are read between two marks.
const progressEvery = 5 * readRows

// progress tells how far the job of a report has come.
type progress struct {
	desk               *Desk
	report             Report
	total, done, noted int
}

// progressOf looks how much there is to read. A report that is made reads all
// twice: to count, and to sum up the rows behind it.
func (d *Desk) progressOf(ctx context.Context, r Report, times int) (*progress, error) {
	p := &progress{desk: d, report: r}
	many := d.LettersMany
	if _, ok := d.book.visits[r.Form]; ok {
		many = d.VisitsMany
	}
	if many == nil {
		return p, nil
	}
	err := d.DB.Read(ctx, func(tx *db.Tx) error {
		p.total = 0
		for _, council := range r.Councils.V {
			n, err := many(ctx, tx, Ask{CouncilID: council, Period: r.Period.V, Moment: r.Moment.Time})
			if err != nil {
				return err
			}
			p.total += times * n
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return p, p.note(ctx)
}

// read notes rows that were read, now and then. It never reaches the total: the
// end is told by the report itself.
func (p *progress) read(ctx context.Context, rows int) error {
	if p == nil {
		return nil
	}
	p.done += rows
	if p.total == 0 || p.done-p.noted < progressEvery {
		return nil
	}
	p.noted = p.done
	return p.note(ctx)
}

func (p *progress) note(ctx context.Context) error {
	return p.desk.DB.Tx(ctx, func(tx *db.Tx) error {
		if p.desk.Live != nil {
			p.desk.Live.PublishAfter(tx, "person:"+p.report.MadeBy)
		}
		return noteProgress(ctx, tx, p.report.ID, p.total, min(p.done, max(0, p.total-1)))
	})
}

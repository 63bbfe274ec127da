package intake

import (
	"context"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
)

// checkedAtOnce is how many rows are looked at while the clerk waits, in about
// a third of a second; a larger workbook is a job.
const checkedAtOnce = 2_000

// Matching is what a clerk says of a workbook's columns.
//
// vi: -
type Matching struct {
	HeaderRow int64 // 0: the workbook has none
	Columns   Mapping
	Defaults  Defaults
}

// CheckBatch maps the columns and has every row looked at, without taking any
// in: at once, or by a job when there are many. A dry run that was begun before
// is overtaken by this one.
func (d *Desk) CheckBatch(ctx context.Context, who org.Actor, id string, m Matching) error {
	m.Columns = m.Columns.tidy()
	b, council, err := d.batchAndCouncil(ctx, who, id)
	if err != nil {
		return err
	}
	if !b.unbegun() {
		return fault.New(fault.Refused, "intake.batch_begun")
	}
	b.HeaderRow, b.Columns.V, b.Defaults.V = m.HeaderRow, m.Columns, m.Defaults
	if err := d.wrongMatching(ctx, b, council); err != nil {
		return err
	}
	now := d.Clock.Now()
	var later bool
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		last, err := lastRow(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := beginCheck(ctx, tx, b); err != nil {
			return err
		}
		if later = last > checkedAtOnce && d.Queue != nil; later {
			job := jobs.Job{Kind: checkKind, Key: id, Args: batchArgs{id}, CouncilID: b.CouncilID}
			if err := d.Queue.Enqueue(ctx, tx, job); err != nil {
				return err
			}
		}
		_, err = d.Audit.Append(ctx, tx, audit.Entry{CouncilID: b.CouncilID, Subject: id, Verb: "intake.check_workbook", At: now, Who: who,
			Details: map[string]any{"file": b.FileName, "header_row": b.HeaderRow, "columns": b.Columns.V}})
		return err
	})
	if fault.Is(err, "db.stale") {
		return nil // pressed twice at once: the other one is on its way
	}
	if err != nil || later {
		return err
	}
	return d.checkRows(ctx, id)
}

// unbegun reports whether the columns of a batch may still be mapped.
func (b Batch) unbegun() bool {
	return b.State == BatchRead || b.State == BatchChecking || b.State == BatchChecked
}

// checkJob does the dry run of a large workbook.
func (d *Desk) checkJob(ctx context.Context, w jobs.Work) error {
	var args batchArgs
	if err := w.Read(&args); err != nil {
		return err
	}
	return d.checkRows(ctx, args.Batch)
}

// checkRows looks at the rows from the first to the last. Each piece is kept
// only while this dry run is the batch's own: the clerk may have stopped it, or
// begun another with other columns.
func (d *Desk) checkRows(ctx context.Context, id string) error {
	var b Batch
	var council org.Council
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if b, err = batchOf(ctx, tx, id); err == nil {
			council, err = org.CouncilOf(ctx, tx, b.CouncilID)
		}
		return err
	})
	if fault.Is(err, "db.no_row") || err == nil && b.State != BatchChecking {
		return nil
	}
	if err != nil {
		return err
	}
	c := newChecker(d, council, b)
	for last := int64(0); ; {
		var rows []Row
		err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
			if rows, err = rowsAfter(ctx, tx, b.ID, last, chunkRows); err != nil {
				return err
			}
			return c.look(ctx, tx, rows)
		})
		if err != nil {
			return err
		}
		state := BatchChecked
		if len(rows) > 0 {
			state, last = BatchChecking, rows[len(rows)-1].Number
		}
		err = d.DB.Tx(ctx, func(tx *db.Tx) error {
			if err := advanceCheck(ctx, tx, b, state, last); err != nil {
				return err
			}
			return saveChecked(ctx, tx, b.ID, rows)
		})
		if fault.Is(err, "db.stale") {
			return nil
		}
		if err != nil || state == BatchChecked {
			return err
		}
	}
}

// wrongMatching says what the mapping lacks.
func (d *Desk) wrongMatching(ctx context.Context, b Batch, council org.Council) error {
	today := clock.Today(d.Clock)
	var faults []*fault.Fault
	if b.Columns.V[toText] == 0 {
		faults = append(faults, fault.New(fault.Invalid, "intake.text_unmapped").At("column."+string(toText)))
	}
	by := map[int]Target{}
	for _, to := range targets() {
		col := b.Columns.V[to]
		if other, twice := by[col]; twice && col != 0 {
			faults = append(faults, fault.New(fault.Invalid, "intake.column_twice", "column", columnName(col), "other", other).At("column."+string(to)))
		}
		by[col] = to
	}
	if b.HeaderRow < 0 || b.HeaderRow > rowsMax {
		faults = append(faults, fault.New(fault.Invalid, "intake.header_row").At("header_row"))
	}
	if day := b.Defaults.V.Day; !day.IsZero() {
		if f := wrongDay(day, today); f != nil {
			faults = append(faults, f.At("day"))
		}
	}
	if c := b.Defaults.V.Channel; c != "" && !known(c) {
		faults = append(faults, fault.New(fault.Invalid, "intake.channel_empty").At("channel"))
	}
	if utf8.RuneCountInString(b.Defaults.V.Session) > lineMax {
		faults = append(faults, fault.New(fault.Invalid, "intake.line_long", "max", lineMax).At("session"))
	}
	if b.Defaults.V.Ward != "" {
		err := d.DB.Read(ctx, func(tx *db.Tx) error {
			_, err := placeOf(ctx, tx, council, b.Defaults.V.Ward, today)
			return err
		})
		if err != nil && fault.KindOf(err) != fault.Invalid {
			return err
		}
		if err != nil {
			faults = append(faults, fault.Of(err).At("ward"))
		}
	}
	return fault.Join(faults...)
}

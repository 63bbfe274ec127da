package settings

import (
	"context"
	"time"

	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
)

// Keep is what is kept for some time only.
//
// vi: -
type Keep string

// What is kept. Petitions that were refused have a time of their own; without
// one they are not erased.
const (
	VoterContact   Keep = "voter_contact"   // of cases that were settled and closed
	RefusedContact Keep = "refused_contact" // of petitions that were not taken in
)

func keeps() []Keep { return []Keep{VoterContact, RefusedContact} }

// Retention is how long something is kept after the case is closed.
//
// vi: thời gian lưu dữ liệu
type Retention struct {
	Keep   Keep
	Months int
	Basis  string
	Source
}

// Erasing asks for a batch of petitions whose voters' contacts are past their
// time.
//
// vi: -
type Erasing struct {
	Keep   Keep
	Before time.Time // the case was closed earlier than this
	After  string    // id that the batch follows
	Most   int
}

// EraseKind is the daily job that erases contacts past their time.
const EraseKind = "settings.erase"

const (
	batchMost    = 200
	batchesMost  = 500 // a night; the next goes on
	eraseJobTime = "03:40"
)

// Jobs is the nightly erasing.
func (d *Desk) Jobs() []kernel.Job {
	return []kernel.Job{{Kind: EraseKind, Handle: d.erase, Daily: eraseJobTime}}
}

// Retentions says how long what is kept on a day.
func (d *Desk) Retentions(today clock.Date) []Retention {
	var all []Retention
	for _, k := range keeps() {
		if r, ok := d.at(today).retentions[k]; ok {
			all = append(all, r)
		}
	}
	return all
}

// erase works through what is past its time, in batches with an entry each.
// What to erase is looked for outside the writing transaction, which stays
// short.
func (d *Desk) erase(ctx context.Context, _ jobs.Work) error {
	if err := d.Refresh(ctx); err != nil {
		return err
	}
	for _, r := range d.Retentions(d.today()) {
		e := Erasing{Keep: r.Keep, Before: monthsBefore(d.today(), r.Months).Time(), Most: batchMost}
		for range batchesMost {
			var ids []string
			err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
				ids, err = d.Expired(ctx, tx, e)
				return err
			})
			if err != nil {
				return err
			}
			if len(ids) == 0 {
				break
			}
			if err := d.eraseBatch(ctx, r, e, ids); err != nil {
				return err
			}
			e.After = ids[len(ids)-1]
		}
	}
	return nil
}

func (d *Desk) eraseBatch(ctx context.Context, r Retention, e Erasing, ids []string) error {
	now := d.Clock.Now()
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		set, err := setOf(ctx, tx, r.SetID)
		if err != nil {
			return err
		}
		n, err := d.Erase(ctx, tx, ids)
		if err != nil || n == 0 {
			return err
		}
		_, err = d.Audit.Append(ctx, tx, audit.Entry{CouncilID: set.CouncilID, Subject: set.ID, Ref: set.ID, Verb: "settings.erase", At: now, Who: org.System(set.CouncilID),
			Details: map[string]any{"keep": string(r.Keep), "months": r.Months, "before": clock.DateOf(e.Before).String(), "count": n, "basis": r.Basis}})
		return err
	})
}

// monthsBefore is the same day some months ago; where that month has no such
// day, its last, so that nothing is erased too early.
func monthsBefore(d clock.Date, months int) clock.Date {
	back := clock.NewDate(d.Year, d.Month-time.Month(months), 1)
	last := clock.NewDate(back.Year, back.Month+1, 1).AddDays(-1)
	return clock.NewDate(back.Year, back.Month, min(d.Day, last.Day))
}

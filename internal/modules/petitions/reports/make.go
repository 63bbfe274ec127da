package reports

import (
	"context"
	"io"
	"slices"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
)

// Status says whether a report's numbers are there.
//
// vi: -
type Status string

// The statuses of a report.
const (
	Waiting Status = "waiting" // a job counts
	Made    Status = "made"
)

// Report is a report that was made: question, moment, hash, and the figures
// that its page draws.
//
// vi: báo cáo đã lập
type Report struct {
	ID          string              `db:"id"`
	CouncilID   string              `db:"council_id"`
	CommitteeID string              `db:"committee_id"`
	Kind        Kind                `db:"kind"`
	Query       db.JSON[Query]      `db:"query"`
	Moment      db.Time             `db:"moment"`
	Status      Status              `db:"status"`
	Done        int                 `db:"done"`  // petitions gone through
	Total       int                 `db:"total"` // to go through
	Hash        string              `db:"hash"`  // SHA-256 of question, moment and rows, in hex
	Rows        int64               `db:"rows_count"`
	Figures     db.JSON[Comparison] `db:"figures"`
	MadeBy      string              `db:"made_by"`
	MadeName    string              `db:"made_name"`
	MadeAt      db.Time             `db:"made_at"`
	CheckedAt   db.Time             `db:"checked_at"` // when it was run again; zero: never
	CheckedHash string              `db:"checked_hash"`
	Withheld    int64               `db:"withheld"` // counted, but not listed when it was last run
	PaperID     string              `db:"paper_id"` // workbook of a large report

	names   map[string]string // of the bodies it speaks of; see Desk.named
	council string            // its name
	place   string            // where it sits, for the head of a paper
}

// Same reports whether running it again gave the same numbers.
func (r Report) Same() bool { return r.CheckedHash == r.Hash }

// Comparison is the figures of a report beside those of the period before.
//
// vi: so sánh với kỳ trước
type Comparison struct {
	Now    Figures  `json:"now"`
	Before *Figures `json:"before,omitempty"`
}

// circle is whose petitions a person reports on: those of the whole council, or
// those that one committee examines.
type circle struct {
	councilID   string
	committeeID string // empty: the whole council
}

// circleOf says of reports what Case.Stands says of one case: it goes by the
// body that a person acts for, and not by roles alone. Who has no side gets
// nothing, so that an empty id never means everybody's.
func circleOf(who org.Actor) (circle, error) {
	switch {
	case !who.SignedIn() || who.CouncilID == "" || who.BodyID == "":
	case who.BodyKind == org.Office && (who.Has(org.Clerk) || who.Has(org.Head)), who.BodyKind == org.StandingCommittee && (who.Has(org.Standing) || who.Has(org.Chair)):
		return circle{councilID: who.CouncilID}, nil
	case who.BodyKind == org.Committee && who.Has(org.CommitteeMember):
		return circle{councilID: who.CouncilID, committeeID: who.BodyID}, nil
	}
	return circle{}, fault.New(fault.Missing, "reports.no_such_report")
}

// reads reports whether a made report is of this circle.
func (c circle) reads(r Report) bool {
	return r.CouncilID == c.councilID && (c.committeeID == "" || r.CommitteeID == c.committeeID)
}

// allowed narrows a question to what this person may ask: a committee reports
// on its own fields.
func (d *Desk) allowed(ctx context.Context, tx *db.Tx, who org.Actor, q Query) (Query, error) {
	c, err := circleOf(who)
	if err != nil {
		return q, err
	}
	q.CouncilID, q.CommitteeID = c.councilID, c.committeeID
	if c.committeeID == "" {
		return q, nil
	}
	body, err := org.BodyOf(ctx, tx, c.committeeID)
	if err != nil {
		return q, err
	}
	own := func(field string) bool {
		return slices.Contains(body.Fields.V, field) || slices.Contains(body.Fields.V, branch(field))
	}
	if len(q.Fields) == 0 {
		q.Fields = slices.Clone(body.Fields.V)
	}
	if len(q.Fields) == 0 || !allOf(q.Fields, own) {
		return q, fault.New(fault.Forbidden, "reports.not_your_field").At("field")
	}
	return q, nil
}

func allOf(all []string, ok func(string) bool) bool {
	return !slices.ContainsFunc(all, func(s string) bool { return !ok(s) })
}

// Make makes a report as of a moment; the zero moment is now. What is more
// than a person waits for is left to a job.
func (d *Desk) Make(ctx context.Context, who org.Actor, q Query, at time.Time) (Report, error) {
	now := d.Clock.Now()
	latest := now.Add(-settleTime).Truncate(time.Second)
	if at.IsZero() {
		at = latest
	}
	if err := q.check(); err != nil {
		return Report{}, err
	}
	if at.After(latest) {
		return Report{}, fault.New(fault.Invalid, "reports.moment_ahead").At("moment")
	}
	r := Report{ID: db.NewID(now), Moment: db.At(at), MadeBy: who.PersonID, MadeName: who.Name, MadeAt: db.At(now), Status: Made}
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if q, err = d.allowed(ctx, tx, who, q.whole()); err != nil {
			return err
		}
		from, until := q.opened(at)
		asked := span{councilID: q.CouncilID, from: from, until: until}
		if r.Total, err = countIn(ctx, tx, asked, directMost+1); err != nil || r.Total <= directMost {
			return err
		}
		r.Total, err = countIn(ctx, tx, asked, countMost) // for the progress of the job
		return err
	})
	if err != nil {
		return r, err
	}
	r.CouncilID, r.CommitteeID, r.Kind, r.Query = q.CouncilID, q.CommitteeID, q.Kind, db.JSON[Query]{V: q}
	if r.Total > directMost {
		r.Status = Waiting
		return r, d.order(ctx, who, r, now)
	}
	if err := d.count(ctx, &r, nil, nil); err != nil {
		return r, err
	}
	return r, d.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := insertReport(ctx, tx, r); err != nil {
			return err
		}
		return d.record(ctx, tx, who, r, "petitions.make_report", r.Hash, now)
	})
}

// order leaves a report to a job.
func (d *Desk) order(ctx context.Context, who org.Actor, r Report, now time.Time) error {
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := insertReport(ctx, tx, r); err != nil {
			return err
		}
		if err := d.record(ctx, tx, who, r, "petitions.order_report", "", now); err != nil {
			return err
		}
		return d.leaveToJob(ctx, tx, makeJob, r)
	})
}

func (d *Desk) leaveToJob(ctx context.Context, tx *db.Tx, kind string, r Report) error {
	return d.Deps.Jobs.Enqueue(ctx, tx, jobs.Job{Kind: kind, Key: r.ID, Args: r.ID, CouncilID: r.CouncilID, AttemptsMax: 3})
}

// record writes what was done with a report into the log.
func (d *Desk) record(ctx context.Context, tx *db.Tx, who org.Actor, r Report, verb, hash string, now time.Time) error {
	_, err := d.Audit.Append(ctx, tx, audit.Entry{CouncilID: r.CouncilID, Subject: r.ID, Ref: r.ID, Verb: verb, At: now, Who: who,
		Details: map[string]any{"kind": string(r.Kind), "query": r.Query.V, "moment": r.Moment.In(clock.Hanoi).Format(time.RFC3339Nano), "hash": hash, "rows": r.Rows}})
	return err
}

// count runs a report and fills in its numbers. row sees every row, with words.
func (d *Desk) count(ctx context.Context, r *Report, row func(Row) error, progress func(int) error) error {
	q, at := r.Query.V, r.Moment.Time
	now := newRun(q, at)
	now.row, now.words, now.progress = row, row != nil, progress
	if err := d.read(ctx, now); err != nil {
		return err
	}
	r.Rows, r.Done, r.Hash = now.rows, now.done, now.total()
	r.Figures.V = Comparison{Now: *now.figures}
	if q.Kind != Summary {
		r.Withheld = now.withheld
		return nil
	}
	earlier := newRun(q.before(at))
	if err := d.read(ctx, earlier); err != nil {
		return err
	}
	r.Figures.V.Before = earlier.figures
	r.Hash = hashOf(r.Hash, earlier.total())
	return nil
}

const (
	countMost = 50_000_000
	makeJob   = "petitions.make_report"
	checkJob  = "petitions.check_report"
	xlsxType  = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	// progressEvery is how many petitions are gone through between two marks.
	progressEvery = 20 * batchRows
)

// makeLarge makes an ordered report and its workbook in one reading. It may run
// again after a crash: nothing is kept before the end. Of a report that is made
// it writes the workbook anew, if that lists what must not be listed any more.
func (d *Desk) makeLarge(ctx context.Context, w jobs.Work) error {
	began := d.Clock.Now()
	r, err := d.ordered(ctx, w)
	if err != nil {
		return err
	}
	old, stale, err := d.workbookKept(ctx, r)
	if err != nil || old.ID != "" && !stale {
		return err
	}
	draft, err := d.Documents.Keep(ctx, r.fileName("xlsx"), xlsxType, func(out io.Writer) error {
		return d.writeRows(ctx, &r, workbookOf, out, d.progress(ctx, r))
	})
	if err != nil {
		return err
	}
	r.Status = Made
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		paper, err := d.file(ctx, tx, old.ID, draft, documents.For{CouncilID: r.CouncilID, BodyID: r.CommitteeID, Subject: documents.Subject{Kind: "petition_report", ID: r.ID},
			Kind: "report", Title: r.fileName(""), By: r.MadeBy, At: began})
		if err != nil {
			return err
		}
		now := r
		now.PaperID = paper.ID
		if err := finishReport(ctx, tx, now, old.ID); err != nil {
			return err
		}
		return d.record(ctx, tx, org.System(r.CouncilID), now, "petitions.make_report", r.Hash, began)
	})
}

// file keeps a workbook, in the place of the one before.
func (d *Desk) file(ctx context.Context, tx *db.Tx, oldID string, draft documents.Draft, f documents.For) (documents.Paper, error) {
	if oldID == "" {
		return d.Documents.Attach(ctx, tx, draft, f)
	}
	return d.Documents.NewVersion(ctx, tx, oldID, draft, f)
}

// workbookKept finds the workbook of a large report; stale, when a petition that
// it may list has been split off since it was written.
func (d *Desk) workbookKept(ctx context.Context, r Report) (paper documents.Paper, stale bool, err error) {
	if r.PaperID == "" {
		return paper, false, nil
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if paper, err = d.Documents.Find(ctx, tx, r.PaperID); err != nil {
			return err
		}
		from, until := r.Query.V.opened(r.Moment.Time)
		n, err := sealedSince(ctx, tx, span{councilID: r.CouncilID, from: from, until: until}, paper.CreatedAt.Add(-settleTime))
		stale = n > 0
		return err
	})
	return paper, stale, err
}

func (d *Desk) ordered(ctx context.Context, w jobs.Work) (r Report, err error) {
	var id string
	if err := w.Read(&id); err != nil {
		return r, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		r, err = reportOf(ctx, tx, id)
		return err
	})
	return r, err
}

// progress notes how far a job has come, now and then.
func (d *Desk) progress(ctx context.Context, r Report) func(done int) error {
	return func(done int) error {
		if done%progressEvery != 0 || r.Status == Made {
			return nil
		}
		return d.DB.Tx(ctx, func(tx *db.Tx) error { return noteProgress(ctx, tx, r.ID, done) })
	}
}

// Check runs a made report again and notes whether the numbers are the same. A
// large one is run by a job; then the report comes back as it was.
func (d *Desk) Check(ctx context.Context, who org.Actor, id string) (Report, error) {
	r, err := d.Report(ctx, who, id)
	if err != nil {
		return r, err
	}
	if r.Status != Made {
		return r, fault.New(fault.Refused, "reports.still_counting")
	}
	if r.Total > directMost {
		return r, d.DB.Tx(ctx, func(tx *db.Tx) error { return d.leaveToJob(ctx, tx, checkJob, r) })
	}
	return d.recheck(ctx, who, r)
}

func (d *Desk) checkLarge(ctx context.Context, w jobs.Work) error {
	r, err := d.ordered(ctx, w)
	if err == nil {
		_, err = d.recheck(ctx, org.System(r.CouncilID), r)
	}
	return err
}

func (d *Desk) recheck(ctx context.Context, who org.Actor, r Report) (Report, error) {
	again := r
	if err := d.count(ctx, &again, nil, nil); err != nil {
		return r, err
	}
	now := d.Clock.Now()
	r.CheckedHash, r.CheckedAt, r.Withheld = again.Hash, db.At(now), again.Withheld
	return r, d.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := noteCheck(ctx, tx, r); err != nil {
			return err
		}
		return d.record(ctx, tx, who, r, "petitions.check_report", r.CheckedHash, now)
	})
}

// Report gives a report to who may read it: the council's own people, and of a
// committee only what it had made.
func (d *Desk) Report(ctx context.Context, who org.Actor, id string) (r Report, err error) {
	c, err := circleOf(who)
	if err != nil {
		return r, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		r, err = reportOf(ctx, tx, id)
		return err
	})
	if fault.Is(err, "db.no_row") || err == nil && !c.reads(r) {
		return Report{}, fault.New(fault.Missing, "reports.no_such_report")
	}
	return r, err
}

// listRows is one page of the list of reports.
const listRows = 30

// Reports lists what was made, the newest first, after the one with id before.
func (d *Desk) Reports(ctx context.Context, who org.Actor, before string) (all []Report, next string, err error) {
	c, err := circleOf(who)
	if err != nil {
		return nil, "", err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = reportsOf(ctx, tx, c.councilID, c.committeeID, before, listRows+1)
		return err
	})
	if len(all) > listRows {
		all = all[:listRows]
		next = all[listRows-1].ID
	}
	return all, next, err
}

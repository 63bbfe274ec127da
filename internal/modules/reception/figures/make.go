package figures

import (
	"context"
	"slices"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// MayMake is the right to make and read statistical reports of reception and
// letters: of one's own council, and for the city of its wards too.
var MayMake = auth.Permission{Name: "reception.make_figures", Roles: []org.Role{org.Clerk, org.Head, org.Standing, org.Chair}}

// Permissions lists the rights of this part.
func Permissions() []auth.Permission { return []auth.Permission{MayMake} }

// Deps is what reports need.
//
// vi: -
type Deps struct {
	DB    *db.DB
	Clock clock.Clock
	Audit *audit.Log
	Queue *jobs.Queue
	Fonts documents.Fonts
	Text  *text.Catalogue
	// Visits and Letters read the registers, at most Limit rows after After.
	Visits  func(ctx context.Context, tx *db.Tx, a Ask) ([]Visit, error)
	Letters func(ctx context.Context, tx *db.Tx, a Ask) ([]Letter, error)
	// VisitsMany and LettersMany tell about how many rows the two have to read, for
	// the progress of a report; nil: nobody knows.
	VisitsMany, LettersMany func(ctx context.Context, tx *db.Tx, a Ask) (int, error)
	Live                    *live.Hub // nil: nobody looks on
}

// Desk makes reports.
//
// vi: -
type Desk struct {
	Deps
	book *Book
}

// New reads the forms; a wrong one stops the start-up.
func New(deps Deps) (*Desk, error) {
	book, err := ReadForms(Files)
	return &Desk{Deps: deps, book: book}, err
}

func (d *Desk) paper(r Report, f *Form) paper {
	return paper{Report: r, Of: f, say: func(key string, args ...any) string { return d.Text.Say(text.Vi, key, args...) }}
}

// Status says whether a report's numbers are there.
//
// vi: -
type Status string

// The statuses of a report.
const (
	Waiting Status = "waiting" // a job counts
	Made    Status = "made"
)

// Report is a report that was asked for.
//
// vi: báo cáo thống kê
type Report struct {
	ID          string            `db:"id"`
	CouncilID   string            `db:"council_id"`
	Form        string            `db:"form"` // key of the form and its version
	Period      db.JSON[Period]   `db:"period"`
	Councils    db.JSON[[]string] `db:"councils"` // one line each
	Moment      db.Time           `db:"moment"`
	Status      Status            `db:"status"`
	Table       db.JSON[Table]    `db:"counted"`
	Hash        string            `db:"hash"`
	MadeBy      string            `db:"made_by"`
	MadeName    string            `db:"made_name"`
	MadeAt      db.Time           `db:"made_at"`
	CheckedAt   db.Time           `db:"checked_at"` // when it was counted again; zero: never
	CheckedHash string            `db:"checked_hash"`
	Total       int               `db:"total"` // rows to read, about; 0: not known
	Done        int               `db:"done"`  // rows read
}

// Counting reports whether a job reads the registers for the report now.
func (r Report) Counting() bool { return r.Status == Waiting || r.Done < r.Total }

// Same reports whether counting again gave the same.
func (r Report) Same() bool { return r.CheckedHash == r.Hash }

// Query is what a person asks for.
//
// vi: -
type Query struct {
	Form   string
	Period Period
	Wards  bool // the wards of the city too, one line each
	Moment time.Time
}

// The limits of reports.
const (
	yearsMost  = 6                // of a period: a term and some
	settleTime = 10 * time.Second // acts of a moment are all in the database by then
	pageRows   = 20
	readRows   = 2_000
)

// Make asks for a report. A job counts it at once.
func (d *Desk) Make(ctx context.Context, who org.Actor, q Query) (Report, error) {
	now := d.Clock.Now()
	latest := now.Add(-settleTime).Truncate(time.Second)
	if q.Moment.IsZero() {
		q.Moment = latest
	}
	if err := d.check(q, latest); err != nil {
		return Report{}, err
	}
	if err := office(who); err != nil {
		return Report{}, err
	}
	r := Report{ID: db.NewID(now), CouncilID: who.CouncilID, Form: q.Form, Period: db.JSON[Period]{V: q.Period}, Moment: db.At(q.Moment),
		Status: Waiting, MadeBy: who.PersonID, MadeName: who.Name, MadeAt: db.At(now)}
	err := d.DB.Tx(ctx, func(tx *db.Tx) error {
		r.Councils.V = []string{who.CouncilID}
		if q.Wards {
			wards, err := wardsOf(ctx, tx, who.CouncilID)
			if err != nil {
				return err
			}
			for _, w := range wards {
				r.Councils.V = append(r.Councils.V, w.ID)
			}
		}
		if err := insertReport(ctx, tx, r); err != nil {
			return err
		}
		if err := d.record(ctx, tx, who, r, "reception.order_figures"); err != nil {
			return err
		}
		return d.Queue.Enqueue(ctx, tx, jobs.Job{Kind: countJob, Key: r.ID, Args: counting{ID: r.ID}, CouncilID: r.CouncilID, AttemptsMax: 3})
	})
	return r, err
}

// office refuses whoever does not work in a council's office or its standing
// committee: a body that answers has no such register.
func office(who org.Actor) error {
	if who.CouncilID == "" || (who.BodyKind != org.Office && who.BodyKind != org.StandingCommittee) || !MayMake.Allows(who) {
		return fault.New(fault.Missing, "figures.no_such_report")
	}
	return nil
}

func (d *Desk) check(q Query, latest time.Time) error {
	var faults []*fault.Fault
	form, ok := d.book.Form(q.Form)
	p := q.Period
	switch {
	case !ok:
		faults = append(faults, fault.New(fault.Invalid, "figures.form_unknown").At("form"))
	case p.From.IsZero() || p.Until.IsZero():
	case p.Until.Before(form.From), !form.Until.IsZero() && p.Until.After(form.Until):
		faults = append(faults, fault.New(fault.Invalid, "figures.form_not_then", "form", form.Key(), "from", form.From.VN()).At("form"))
	}
	switch {
	case p.From.IsZero():
		faults = append(faults, fault.New(fault.Invalid, "figures.day_missing").At("from"))
	case p.Until.IsZero():
		faults = append(faults, fault.New(fault.Invalid, "figures.day_missing").At("until"))
	case p.Until.Before(p.From):
		faults = append(faults, fault.New(fault.Invalid, "figures.ends_first", "from", p.From.VN()).At("until"))
	case p.Until.Sub(p.From) > yearsMost*366:
		faults = append(faults, fault.New(fault.Invalid, "figures.too_long", "years", yearsMost).At("until"))
	}
	if q.Moment.After(latest) {
		faults = append(faults, fault.New(fault.Invalid, "figures.moment_ahead").At("moment"))
	}
	return fault.Join(faults...)
}

// wardsOf lists the councils below a city's, in Vietnamese order of their names.
func wardsOf(ctx context.Context, tx *db.Tx, cityID string) ([]org.Council, error) {
	every, err := org.Councils(ctx, tx)
	return slices.DeleteFunc(every, func(c org.Council) bool { return c.ParentID != cityID }), err
}

func (d *Desk) record(ctx context.Context, tx *db.Tx, who org.Actor, r Report, verb string) error {
	_, err := d.Audit.Append(ctx, tx, audit.Entry{CouncilID: r.CouncilID, Subject: r.ID, Ref: r.ID, Verb: verb, At: d.Clock.Now(), Who: who,
		Details: map[string]any{"form": r.Form, "from": r.Period.V.From.String(), "until": r.Period.V.Until.String(), "councils": len(r.Councils.V),
			"moment": r.Moment.In(clock.Hanoi).Format(time.RFC3339), "hash": r.Hash, "checked": r.CheckedHash}})
	return err
}

// Again counts a made report again, as of its own moment.
func (d *Desk) Again(ctx context.Context, who org.Actor, id string) error {
	r, err := d.Report(ctx, who, id)
	if err != nil {
		return err
	}
	if r.Status != Made {
		return fault.New(fault.Conflict, "figures.still_counting")
	}
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := d.record(ctx, tx, who, r, "reception.recount_figures"); err != nil {
			return err
		}
		return d.Queue.Enqueue(ctx, tx, jobs.Job{Kind: countJob, Key: r.ID + ".again", Args: counting{ID: r.ID, Again: true}, CouncilID: r.CouncilID, AttemptsMax: 3})
	})
}

// Report reads a report of one's own council.
func (d *Desk) Report(ctx context.Context, who org.Actor, id string) (r Report, err error) {
	if err := office(who); err != nil {
		return r, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		r, err = reportOf(ctx, tx, id)
		return err
	})
	if fault.Is(err, "db.no_row") || err == nil && r.CouncilID != who.CouncilID {
		return Report{}, fault.New(fault.Missing, "figures.no_such_report")
	}
	return r, err
}

// Reports lists the reports of one's own council, newest first.
func (d *Desk) Reports(ctx context.Context, who org.Actor, before string) (some []Report, next string, err error) {
	if err := office(who); err != nil {
		return nil, "", err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		some, err = reportsOf(ctx, tx, who.CouncilID, before, pageRows+1)
		return err
	})
	if len(some) > pageRows {
		some = some[:pageRows]
		next = some[pageRows-1].ID
	}
	return some, next, err
}

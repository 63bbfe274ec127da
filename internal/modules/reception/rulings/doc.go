// Package rulings is the papers of matters that the council settles itself (văn
// bản giải quyết khiếu nại, tố cáo): notices of acceptance and of complexity,
// decisions to suspend, resume, stop and extend, the decision on a complaint, the conclusion on a
// denunciation. Each takes its number in the transaction of its step and is
// drawn afterwards as PDF and for word processors.
//
// It owns reception_rulings. The matter, its letter and its steps belong to the
// module. A paper of a sealed matter names nobody and says nothing of it: who may
// open the file completes it by hand.
//
// Legal basis: Nghị định 30/2020/NĐ-CP on layout; Luật Khiếu nại, Điều 11a, 27,
// 31; Luật Tố cáo, Điều 29, 30, 34, 35 (as amended in 2025).
package rulings

import (
	"context"
	"embed"

	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Files holds this package's sentences and schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is this package's schema.
var Migrations = db.Migrations{Name: "reception_rulings", Files: Files}

// Kind is what a paper is: the verb of the step that it belongs to.
//
// vi: loại văn bản giải quyết
type Kind string

// The kinds.
const (
	Accepted    Kind = "notify_acceptance"
	Determined  Kind = "determine_complex"
	Extended    Kind = "extend"
	Suspended   Kind = "suspend"
	Resumed     Kind = "resume"
	Stopped     Kind = "stop"
	Decided     Kind = "decide"
	Concluded   Kind = "conclude"
	NotReviewed Kind = "refuse_further"
)

// series is the short form of NĐ 30/2020 under which a paper is numbered; empty
// when a step has no paper of ours.
func (k Kind) series() string {
	switch k {
	case Accepted, Determined, NotReviewed:
		return "TB"
	case Extended, Suspended, Resumed, Stopped, Decided:
		return "QĐ"
	case Concluded:
		return "KL"
	}
	return ""
}

// needsWords reports whether a paper is nothing without the signer's own words.
func (k Kind) needsWords() bool { return k == Decided || k == Concluded }

// Draws reports whether the paper of a step can be made here.
func Draws(verb string) bool { return Kind(verb).series() != "" }

// Ruling is one paper of a matter.
//
// vi: văn bản giải quyết vụ việc
type Ruling struct {
	ID          string     `db:"id"`
	MatterID    string     `db:"matter_id"`
	Ordinal     int        `db:"ordinal"`
	CouncilID   string     `db:"council_id"`
	Kind        Kind       `db:"kind"`
	FromBodyID  string     `db:"from_body_id"`
	Number      int        `db:"number"`
	Symbol      string     `db:"symbol"`
	At          db.Time    `db:"at"`
	On          clock.Date `db:"on_day"`
	Due         clock.Date `db:"due"` // of settling, after the step
	Reason      string     `db:"reason"`
	Signer      string     `db:"signer"`
	SignerTitle string     `db:"signer_title"`
	OnBehalf    string     `db:"on_behalf"`
	Words       string     `db:"words"`
	PaperID     string     `db:"paper_id"` // the PDF; empty until it is drawn
	DraftID     string     `db:"draft_id"`
}

// Matter is what a paper says of its matter. Of a sealed one Sender, Summary and
// Respondent are empty.
//
// vi: -
type Matter struct {
	Code                        string
	Sealed                      bool
	Denunciation                bool
	Second                      bool // a second complaint
	Letter                      string
	Sender, Summary, Respondent string
	ReceivedOn, AcceptedOn      clock.Date
}

// Deps is what the papers need.
//
// vi: -
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Audit     *audit.Log
	Queue     *jobs.Queue
	Documents *documents.Registry
	Fonts     documents.Fonts
	// Matter tells of a matter what its papers say.
	Matter func(ctx context.Context, tx *db.Tx, id string) (Matter, error)
}

// Desk writes the papers.
//
// vi: -
type Desk struct{ Deps }

// New makes the desk.
func New(deps Deps) *Desk { return &Desk{deps} }

// Order is a paper that a step asks for.
//
// vi: -
type Order struct {
	MatterID, OwnerBodyID string
	Verb                  string
	On                    clock.Date
	Reason                string // of a determination the level, then the criteria
	Words                 string
	Sealed                bool
}

// Issue numbers the paper of a step in the step's transaction and queues its
// drawing. It gives the number, symbol and day by which the step names it.
func (d *Desk) Issue(ctx context.Context, tx *db.Tx, who org.Actor, o Order, id string, at db.Time) (Ruling, string, error) {
	r := Ruling{ID: id, MatterID: o.MatterID, CouncilID: who.CouncilID, Kind: Kind(o.Verb), FromBodyID: o.OwnerBodyID, At: at, On: o.On, Reason: o.Reason, Signer: who.Name, SignerTitle: who.PostTitle, OnBehalf: who.OnBehalf()}
	if !o.Sealed {
		r.Words = text.Clean(o.Words)
		if r.Kind.needsWords() && r.Words == "" {
			return r, "", fault.New(fault.Invalid, "rulings.words_empty").At("words")
		}
	}
	if today := clock.DateOf(at.Time); o.On != today {
		return r, "", fault.New(fault.Invalid, "rulings.only_today", "day", today.VN()).At("on")
	}
	before, err := rulingsOf(ctx, tx, o.MatterID)
	if err != nil {
		return r, "", err
	}
	r.Ordinal = len(before) + 1
	n, err := d.number(ctx, tx, r)
	if err != nil {
		return r, "", err
	}
	r.Number, r.Symbol = n.No, n.Symbol
	if err := insert(ctx, tx, r); err != nil {
		return r, "", err
	}
	return r, r.Symbol + " ngày " + r.On.VN(), d.Queue.Enqueue(ctx, tx, jobs.Job{Kind: writeKind, Key: r.ID, Args: r.ID, CouncilID: r.CouncilID})
}

// Settled notes until when the matter has to be settled once its step was done.
func (d *Desk) Settled(ctx context.Context, tx *db.Tx, rulingID string, due clock.Date) error {
	return setDue(ctx, tx, rulingID, due)
}

func (d *Desk) number(ctx context.Context, tx *db.Tx, r Ruling) (documents.Number, error) {
	series, err := d.Documents.SeriesOf(ctx, tx, r.FromBodyID, r.Kind.series(), r.On.Year)
	if err != nil {
		return documents.Number{}, err
	}
	if series.Body == "" {
		office, err := org.BodyOf(ctx, tx, r.FromBodyID)
		if err != nil {
			return documents.Number{}, err
		}
		series.Body = office.Symbol
	}
	return d.Documents.Number(ctx, tx, series)
}

// Of lists the papers of a matter, oldest first. Who asks has asked whether the
// person may see the matter.
func (d *Desk) Of(ctx context.Context, tx *db.Tx, matterID string) ([]Ruling, error) {
	return rulingsOf(ctx, tx, matterID)
}

// Subject is what the drawn files belong to in the registry of documents.
func Subject(matterID string) documents.Subject {
	return documents.Subject{Kind: "matter", ID: matterID}
}

// Jobs lists the later work.
func (d *Desk) Jobs() []kernel.Job { return []kernel.Job{{Kind: writeKind, Handle: d.write}} }

package letters

import (
	"bytes"
	"context"
	"io"
	"strings"

	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Forwarding is one sending of a petition to a competent body, with its
// transfer letter.
//
// vi: phiếu chuyển kiến nghị
type Forwarding struct {
	ID         string     `db:"id"`
	PetitionID string     `db:"petition_id"`
	Round      int        `db:"round"`
	ToBodyID   string     `db:"to_body_id"`
	FromBodyID string     `db:"from_body_id"`
	Number     int        `db:"number"`
	Symbol     string     `db:"symbol"`
	Signer     string     `db:"signer"`
	SignerPost string     `db:"signer_title"`
	OnBehalf   string     `db:"on_behalf"`
	Due        clock.Date `db:"due"`
	At         db.Time    `db:"at"`
	PaperID    string     `db:"paper_id"` // empty until the letter is drawn
}

// Matter is what a letter says of a petition.
//
// vi: -
type Matter struct {
	Text     string // the voter's own words
	Points   []string
	Received clock.Date
}

// Deps is what letters need.
//
// vi: -
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Audit     *audit.Log
	Documents *documents.Registry
	Fonts     documents.Fonts
	Jobs      *jobs.Queue
	Matter    func(ctx context.Context, tx *db.Tx, petitionID string) (Matter, error)
	// Closing gives the council's own words at the end of a letter; empty for none.
	Closing func(ctx context.Context, f Facts) string
}

// Desk numbers transfer letters, has them drawn, and keeps them.
//
// vi: -
type Desk struct{ Deps }

// New makes the desk.
func New(deps Deps) *Desk { return &Desk{deps} }

const writeKind = "petitions.write_letter"

// Work lists the later work.
func (d *Desk) Work() []kernel.Job { return []kernel.Job{{Kind: writeKind, Handle: d.write}} }

// Number gives a sending its letter's number from the office's own series and
// queues the drawing, in the transaction of the verb.
func (d *Desk) Number(ctx context.Context, tx *db.Tx, m cases.Move) error {
	series, err := d.Documents.SeriesOf(ctx, tx, m.Case.OwnerBodyID, "PC", m.Act.At.Year())
	if err != nil {
		return err
	}
	if series.Body == "" {
		office, err := org.BodyOf(ctx, tx, m.Case.OwnerBodyID)
		if err != nil {
			return err
		}
		series.Body = office.Symbol
	}
	n, err := d.Documents.Number(ctx, tx, series)
	if err != nil {
		return err
	}
	due, err := replyDue(ctx, tx, m.Case)
	if err != nil {
		return err
	}
	f := Forwarding{ID: db.NewID(m.Act.At.Time), PetitionID: m.Case.ID, Round: m.Case.Round, ToBodyID: m.Case.HolderBodyID, FromBodyID: m.Case.OwnerBodyID,
		Number: n.No, Symbol: n.Symbol, Signer: m.Who.Name, SignerPost: m.Who.PostTitle, OnBehalf: m.Who.OnBehalf(), Due: due, At: m.Act.At}
	if err := insert(ctx, tx, f); err != nil {
		return err
	}
	m.Act.Document = n.Symbol
	m.Input.Document = n.Symbol
	return d.Jobs.Enqueue(ctx, tx, jobs.Job{Kind: writeKind, Key: f.ID, Args: f.ID, CouncilID: m.Case.CouncilID})
}

func replyDue(ctx context.Context, tx *db.Tx, c *cases.Case) (clock.Date, error) {
	all, err := cases.Deadlines(ctx, tx, c.ID)
	if err != nil {
		return clock.Date{}, err
	}
	for _, d := range all {
		if d.Name == "reply" && d.Live() {
			return d.Due, nil
		}
	}
	return clock.Date{}, nil
}

// write draws a numbered transfer letter, keeps it and ties it to the petition.
// Drawing it twice gives the same bytes, so the job may run twice.
func (d *Desk) write(ctx context.Context, w jobs.Work) error {
	var id string
	if err := w.Read(&id); err != nil {
		return err
	}
	var f Facts
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		f, err = d.facts(ctx, tx, id)
		return err
	})
	if err != nil || f.Forwarding.PaperID != "" {
		return err
	}
	var pdf bytes.Buffer
	if err := documents.WriteLetter(&pdf, d.Fonts, f.transfer(d.Closing(ctx, f)).Letter()); err != nil {
		return err
	}
	name := "phieu-chuyen-" + strings.ReplaceAll(text.Fold(f.Forwarding.Symbol), "/", "-") + ".pdf"
	draft, err := d.Documents.Keep(ctx, name, "application/pdf", func(w io.Writer) error {
		_, err := w.Write(pdf.Bytes())
		return err
	})
	if err != nil {
		return err
	}
	now := d.Clock.Now()
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		paper, err := d.Documents.Attach(ctx, tx, draft, documents.For{CouncilID: f.Case.CouncilID, BodyID: f.Forwarding.FromBodyID, Subject: documents.Subject{Kind: "petition", ID: f.Forwarding.PetitionID},
			Kind: "PC", Number: documents.Number{No: f.Forwarding.Number, Symbol: f.Forwarding.Symbol}, Title: "Phiếu chuyển " + f.Forwarding.Symbol, At: f.Forwarding.At.Time})
		if err != nil {
			return err
		}
		if err := setPaper(ctx, tx, f.Forwarding.ID, paper.ID); err != nil {
			return err
		}
		_, err = d.Audit.Append(ctx, tx, audit.Entry{CouncilID: f.Case.CouncilID, Subject: f.Case.ID, Ref: f.Case.Code, Verb: writeKind, At: now,
			Who: org.System(f.Case.CouncilID), Papers: []string{draft.Hash}, Details: map[string]any{"symbol": f.Forwarding.Symbol}, Sealed: f.Case.Sealed})
		return err
	})
}

// Facts are all that a transfer letter says.
//
// vi: -
type Facts struct {
	Forwarding Forwarding
	Case       cases.Case
	Matter     Matter
	From, To   org.Body
	Council    org.Council
	Unit       org.Unit
}

func (d *Desk) facts(ctx context.Context, tx *db.Tx, forwardingID string) (f Facts, err error) {
	if f.Forwarding, err = one(ctx, tx, forwardingID); err != nil {
		return f, err
	}
	c, err := cases.Load(ctx, tx, f.Forwarding.PetitionID)
	if err != nil {
		return f, err
	}
	f.Case = *c
	if f.Matter, err = d.Matter(ctx, tx, c.ID); err != nil {
		return f, err
	}
	if f.From, err = org.BodyOf(ctx, tx, f.Forwarding.FromBodyID); err != nil {
		return f, err
	}
	if f.To, err = org.BodyOf(ctx, tx, f.Forwarding.ToBodyID); err != nil {
		return f, err
	}
	if f.Council, err = org.CouncilOf(ctx, tx, c.CouncilID); err != nil {
		return f, err
	}
	f.Unit, err = org.UnitOf(ctx, tx, c.UnitCode, clock.DateOf(f.Forwarding.At.Time))
	return f, err
}

func (f Facts) transfer(closing string) Transfer {
	s := f.Forwarding
	return Transfer{From: f.From, To: f.To, Council: f.Council, Unit: f.Unit, Code: f.Case.Code, Received: f.Matter.Received, Text: f.Matter.Text, Points: f.Matter.Points,
		Due: s.Due, Symbol: s.Symbol, Signer: s.Signer, SignerPost: s.SignerPost, OnBehalf: s.OnBehalf, Closing: closing, At: s.At.Time}
}

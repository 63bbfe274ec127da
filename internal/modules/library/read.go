package library

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/library/reading"
	"example.vn/hdnd/internal/modules/library/validity"
)

// Doubtful is the confidence below which a person is asked to look.
const Doubtful = 0.8

// Reading is what the machine read of a document, beside the document's own
// fields, for the person who checks it.
//
// vi: kết quả bóc tách
type Reading struct {
	Confidence map[string]float64 `json:"confidence,omitempty"` // of each field
	Bases      []string           `json:"bases,omitempty"`      // căn cứ, a line each
	Recipients []string           `json:"recipients,omitempty"`
	Repairs    []string           `json:"repairs,omitempty"` // "QHI15 → QH15"
	PageStarts []int              `json:"pages,omitempty"`
}

// readJob reads what a new document is. A document that a person has touched
// meanwhile keeps the person's fields.
func (s *Service) readJob(ctx context.Context, w jobs.Work) error {
	var args readArgs
	if err := w.Read(&args); err != nil {
		return err
	}
	var t written
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		t, err = textOf(ctx, tx, args.Document)
		return err
	})
	if fault.Is(err, "db.no_row") {
		return nil // gone
	}
	if err != nil {
		return err
	}
	paper := reading.Read(t.Body, nil)
	t.Body, t.Reading.V = paper.Text, readingOf(paper)
	machine := org.System(args.Council)
	now := s.Clock.Now()
	err = s.DB.Tx(ctx, func(tx *db.Tx) error {
		d, err := documentOf(ctx, tx, args.Document)
		if err != nil {
			return err
		}
		if d.State != Unread {
			return nil
		}
		fill(&d, paper)
		d.State, d.ChangedAt = Read, db.At(now)
		if err := updateDocument(ctx, tx, d); err != nil {
			return err
		}
		if err := updateText(ctx, tx, t); err != nil {
			return err
		}
		if err := replaceProvisions(ctx, tx, d.ID, provisions(d.ID, paper)); err != nil {
			return err
		}
		if err := s.changed(ctx, tx, d); err != nil {
			return err
		}
		if err := s.validity.Arrived(ctx, tx, machine, now, d.ID); err != nil {
			return err
		}
		_, err = s.Audit.Append(ctx, tx, audit.Entry{CouncilID: d.CouncilID, Subject: d.ID, Ref: d.ID, Verb: "library.read_by_machine", At: now, Who: machine, Details: map[string]any{"confidence": d.Confidence}})
		return err
	})
	if err != nil {
		return err
	}
	_, err = s.validity.Propose(ctx, machine, args.Document, relations(paper))
	return err
}

// fill takes over what was read.
func fill(d *Document, p reading.Paper) {
	d.Kind, d.Symbol, d.Subject = p.Kind.Value, p.Symbol.Value, strings.Join(strings.Fields(p.Subject.Value), " ")
	d.Issuer, d.Place, d.IssuedOn, d.EffectiveOn = p.Issuer.Value, p.Place.Value, p.Issued.Value, p.Effect.Value
	if p.Term.Value > 0 {
		d.Term = strconv.Itoa(p.Term.Value)
	}
	if p.Session.Value > 0 {
		d.Session = strconv.Itoa(p.Session.Value)
	}
	if len(p.Signers) > 0 {
		d.Signer, d.SignerTitle = p.Signers[0].Name.Value, p.Signers[0].Position
	}
	d.Level = levelOf(d.Issuer)
	if d.Level == "district" || d.Level == "commune" {
		d.Unit = unitOf(d.Issuer)
	}
	d.Normative = normative(d.Kind, d.Symbol)
	if !d.EffectiveOn.IsZero() && d.EffectiveOn.Before(d.IssuedOn) {
		d.EffectiveOn = clock.Date{} // one of the two was misread: a person decides
	}
	if d.Access = Internal; !slices.Contains(Kinds(), d.Kind) {
		d.Kind = ""
	}
	if err := d.tidy(); err != nil {
		d.cutToFit()
	}
}

// cutToFit shortens what a machine read to what a field holds; the person who
// checks sees the page beside it.
func (d *Document) cutToFit() {
	cut := func(s string, most int) string {
		if r := []rune(s); len(r) > most {
			return string(r[:most])
		}
		return s
	}
	for _, f := range []*string{&d.Symbol, &d.Issuer, &d.Unit, &d.Field, &d.Term, &d.Session, &d.Place, &d.Signer, &d.SignerTitle} {
		*f = cut(*f, lineMax)
	}
	d.Subject = cut(d.Subject, subjectMax)
}

// unitOf is the unit in the name of a body: "Hội đồng nhân dân quận Ba Đình" is
// of "Quận Ba Đình".
func unitOf(issuer string) string {
	words := strings.Fields(issuer)
	for i, w := range words {
		for _, kind := range []string{"quận", "huyện", "thị", "xã", "phường", "đặc"} {
			if strings.EqualFold(w, kind) {
				unit := []rune(strings.Join(words[i:], " "))
				return strings.ToUpper(string(unit[:1])) + string(unit[1:])
			}
		}
	}
	return ""
}

// normative reports whether a document is one of general rules: kinds that always
// are, and council resolutions and decisions with the year in their symbol
// (Luật 64/2025/QH15; "57/2025/NQ-HĐND" is, "482/NQ-HĐND" is not).
func normative(kind, symbol string) bool {
	switch kind {
	case "HP", "L", "PL", "NĐ", "TT", "TTLT", "NQLT":
		return true
	case "NQ", "QĐ":
		return strings.Count(symbol, "/") == 2
	}
	return false
}

func readingOf(p reading.Paper) Reading {
	r := Reading{PageStarts: p.Pages, Confidence: map[string]float64{"kind": p.Kind.Confidence, "symbol": p.Symbol.Confidence, "subject": p.Subject.Confidence, "issuer": p.Issuer.Confidence,
		"place": p.Place.Confidence, "issued_on": p.Issued.Confidence, "effective_on": p.Effect.Confidence, "term": p.Term.Confidence, "session": p.Session.Confidence}}
	if len(p.Signers) > 0 {
		r.Confidence["signer"] = p.Signers[0].Name.Confidence
	}
	for _, b := range p.Bases {
		r.Bases = append(r.Bases, b.Value)
	}
	for _, to := range p.Recipients {
		r.Recipients = append(r.Recipients, to.Value)
	}
	for _, m := range p.Repairs {
		r.Repairs = append(r.Repairs, m.Read+" → "+m.Meant)
	}
	return r
}

func provisions(id string, p reading.Paper) []Provision {
	all := make([]Provision, len(p.Provisions))
	for i, u := range p.Provisions {
		all[i] = Provision{DocumentID: id, Seq: int64(i), Parent: int64(u.Parent), Anchor: u.Anchor, Level: string(u.Level), Number: u.Number, Heading: u.Heading,
			From: int64(u.At.Start), Body: int64(u.HeadingAt.End), To: int64(u.At.End)}
	}
	return all
}

// relations are what was read for a person to confirm.
func relations(p reading.Paper) []validity.Entry {
	var all []validity.Entry
	for _, r := range p.Relations {
		if r.Symbol == "" {
			continue
		}
		e := validity.Entry{Kind: validity.Kind(r.Kind), FromAnchor: r.From, Symbol: r.Symbol, ToAnchor: r.Target, Quote: p.Text[r.At.Start:r.At.End], Confidence: r.Confidence}
		if len(all) < relationsMost {
			all = append(all, e)
		}
	}
	return all
}

const relationsMost = 1000

package reception

import (
	"bytes"
	"context"
	"io"
	"strings"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/reception/delivery"
	"example.vn/hdnd/internal/modules/reception/sendings"
	"example.vn/hdnd/internal/modules/reception/wording"
)

const writeKind = "reception.write_letter"

// number takes the next number of the office's series for a kind of paper.
func (s *Service) number(ctx context.Context, tx *db.Tx, officeID string, kind PaperKind, year int) (documents.Number, error) {
	series, err := s.Documents.SeriesOf(ctx, tx, officeID, kind.Series(), year)
	if err != nil {
		return documents.Number{}, err
	}
	if series.Body == "" {
		office, err := org.BodyOf(ctx, tx, officeID)
		if err != nil {
			return documents.Number{}, err
		}
		series.Body = office.Symbol
	}
	return s.Documents.Number(ctx, tx, series)
}

// write draws a numbered paper as PDF and as a file for word processors, keeps
// both and ties them to the letter. Drawing twice gives the same bytes, so the
// job may run twice.
func (s *Service) write(ctx context.Context, w jobs.Work) error {
	var id string
	if err := w.Read(&id); err != nil {
		return err
	}
	var f facts
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		f, err = s.facts(ctx, tx, id)
		return err
	})
	if err != nil || f.sending.PaperID != "" {
		return err
	}
	letter := f.letter()
	name := string(f.sending.Kind) + "-" + strings.ReplaceAll(text.Fold(f.sending.Symbol), "/", "-")
	pdf, err := s.keepDrawn(ctx, name+".pdf", "application/pdf", func(w io.Writer) error { return documents.WriteLetter(w, s.Fonts, letter) })
	if err != nil {
		return err
	}
	docx, err := s.keepDrawn(ctx, name+".docx", documents.WordMedia, func(w io.Writer) error { return documents.WriteWords(w, letter) })
	if err != nil {
		return err
	}
	now := s.Clock.Now()
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		to := documents.For{CouncilID: f.kase.CouncilID, BodyID: f.sending.FromBodyID, Subject: subject(f.kase.ID), Kind: PaperKind(f.sending.Kind).Series(),
			Number: documents.Number{No: f.sending.Number, Symbol: f.sending.Symbol}, Title: letter.Title(), At: f.sending.At.Time}
		paper, err := s.Documents.Attach(ctx, tx, pdf, to)
		if err != nil {
			return err
		}
		to.Kind, to.Number = "draft", documents.Number{}
		draft, err := s.Documents.Attach(ctx, tx, docx, to)
		if err != nil {
			return err
		}
		if err := sendings.SetPapers(ctx, tx, f.sending.ID, paper.ID, draft.ID); err != nil {
			return err
		}
		if f.sending.Kind == string(PaperForward) {
			if err := s.delivery.Arrived(ctx, tx, f.forwarding()); err != nil {
				return err
			}
		}
		_, err = s.Audit.Append(ctx, tx, audit.Entry{CouncilID: f.kase.CouncilID, Subject: f.kase.ID, Verb: writeKind, At: now, Who: org.System(f.kase.CouncilID),
			Papers: []string{pdf.Hash, docx.Hash}, Details: map[string]any{"symbol": f.sending.Symbol}, Sealed: true})
		return err
	})
}

func (s *Service) keepDrawn(ctx context.Context, name, media string, draw func(io.Writer) error) (documents.Draft, error) {
	var b bytes.Buffer
	if err := draw(&b); err != nil {
		return documents.Draft{}, err
	}
	return s.Documents.Keep(ctx, name, media, func(w io.Writer) error {
		_, err := w.Write(b.Bytes())
		return err
	})
}

// facts are all that a paper says.
type facts struct {
	sending  Sending
	kase     cases.Case
	of       Letter
	senders  []Sender
	from, to org.Body
	council  org.Council
	before   []Sending // papers that went out earlier
	standing org.Body
	accepted clock.Date
	with     []string // what goes along
}

func (s *Service) facts(ctx context.Context, tx *db.Tx, sendingID string) (f facts, err error) {
	if f.sending, err = sendings.One(ctx, tx, sendingID); err != nil {
		return f, err
	}
	c, err := cases.Load(ctx, tx, f.sending.LetterID)
	if err != nil {
		return f, err
	}
	f.kase = *c
	if f.of, err = letterOf(ctx, tx, c.ID); err != nil {
		return f, err
	}
	if f.senders, err = sendersOf(ctx, tx, c.ID); err != nil {
		return f, err
	}
	if f.from, err = org.BodyOf(ctx, tx, f.sending.FromBodyID); err != nil {
		return f, err
	}
	if f.sending.ToBodyID != "" {
		if f.to, err = org.BodyOf(ctx, tx, f.sending.ToBodyID); err != nil {
			return f, err
		}
	}
	if f.sending.Kind == string(PaperReport) { // it goes to the standing committee and is about the body
		if f.standing = f.to; f.of.BodyID != "" {
			if f.to, err = org.BodyOf(ctx, tx, f.of.BodyID); err != nil {
				return f, err
			}
		}
	}
	if f.of.MatterID != "" {
		m, err := matterOf(ctx, tx, f.of.MatterID)
		if err != nil {
			return f, err
		}
		f.accepted = m.AcceptedOn
	}
	along, err := s.delivery.Of(ctx, tx, c.ID)
	if err != nil {
		return f, err
	}
	f.with = delivery.Lines(along, f.sending.ID)
	all, err := sendings.Of(ctx, tx, c.ID)
	for _, one := range all {
		if one.Ordinal < f.sending.Ordinal {
			f.before = append(f.before, one)
		}
	}
	if err != nil {
		return f, err
	}
	f.council, err = org.CouncilOf(ctx, tx, c.CouncilID)
	return f, err
}

// letter hands the facts to who words them.
func (f facts) letter() documents.Letter {
	s, l := f.sending, f.of
	w := wording.Facts{Kind: PaperKind(s.Kind), Symbol: s.Symbol, At: s.At.Time, Due: s.Due, Signer: s.Signer, SignerTitle: s.SignerTitle, OnBehalf: s.OnBehalf, Words: s.Words, Rung: l.Urged,
		Code: f.kase.Code, Sealed: f.kase.Sealed, LetterKind: string(l.Kind), Number: l.Number, Year: l.Year, ReceivedOn: l.ReceivedOn, WrittenOn: l.WrittenOn, AcceptedOn: f.accepted,
		Summary: l.Summary, Reason: l.Reason, Sender: l.SenderLine, Senders: len(f.senders),
		Council: f.council.Name, From: f.from.Name, Place: f.from.Place, To: f.to.Name, Standing: f.standing.Name, With: f.with}
	for _, p := range f.senders {
		if p.Name == l.SenderLine && w.Address == "" {
			w.Address = p.Address
		}
	}
	for _, b := range f.before {
		w.Before = append(w.Before, wording.Sent{Kind: PaperKind(b.Kind), Symbol: b.Symbol, On: clock.DateOf(b.At.Time)})
	}
	return w.Letter()
}

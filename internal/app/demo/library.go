package demo

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/library"
	"example.vn/hdnd/internal/modules/library/imports"
	"example.vn/hdnd/internal/modules/library/validity"
)

// libraryFile is library.toml: the documents of the library.
type libraryFile struct{ Batch []batchLine }

// batchLine is documents that come in together. Days are counted back from today.
type batchLine struct {
	Key, Name              string
	By, Checker, Publisher string // seats
	Ago                    int
	Checked, Published     int
	Papers                 []paperLine
}

// paperLine is one document and what a person corrects of what was read.
type paperLine struct {
	File                   string
	Issuer, Field          string
	Effective              clock.Date
	Access                 library.Access  // empty: everybody
	Confirm                []validity.Kind // of relations that are confirmed
	Unchecked, Unpublished bool
}

func libraryWork() (f libraryFile, err error) { return f, read("library.toml", &f) }

// libraryEvents puts the library beside the petitions.
func (p *player) libraryEvents(ctx context.Context) (all []event) {
	for _, b := range p.library.Batch {
		all = append(all,
			event{at(p.days.day(b.Ago), takeMinute), "library " + b.Key + " taken in", func() error { return p.bringIn(ctx, b) }},
			event{at(p.days.day(b.Checked), takeMinute), "library " + b.Key + " checked", func() error { return p.eachPaper(ctx, b, b.Checker, p.check) }},
			event{at(p.days.day(b.Published), sayMinute), "library " + b.Key + " published", func() error { return p.eachPaper(ctx, b, b.Publisher, p.publish) }})
	}
	return all
}

// bringIn takes a batch in and lets the machine read it.
func (p *player) bringIn(ctx context.Context, b batchLine) error {
	who, err := p.actor(ctx, b.By, "")
	if err != nil {
		return err
	}
	up := imports.Upload{Name: b.Name}
	for _, l := range b.Papers {
		content, err := data.ReadFile("data/library/" + l.File)
		if err != nil {
			return err
		}
		up.Files = append(up.Files, documents.Upload{Name: l.File, Size: int64(len(content)), Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }})
	}
	desk := p.Library.Imports()
	begun, err := desk.Begin(ctx, who, up)
	if err != nil {
		return err
	}
	if err := p.drain(ctx); err != nil {
		return err
	}
	got, err := desk.Look(ctx, who, begun.ID, imports.Taken, 0)
	if err != nil {
		return err
	}
	for _, i := range got.Items {
		p.ids[i.Name] = i.DocumentID
	}
	for _, l := range b.Papers {
		if p.ids[l.File] == "" {
			return fmt.Errorf("demo: %s was not taken in", l.File)
		}
	}
	return nil
}

// eachPaper lets a person do something with each document of a batch.
func (p *player) eachPaper(ctx context.Context, b batchLine, seat string, do func(context.Context, org.Actor, paperLine) error) error {
	who, err := p.actor(ctx, seat, "")
	if err != nil {
		return err
	}
	for _, l := range b.Papers {
		if l.Unchecked {
			continue
		}
		if err := do(ctx, who, l); err != nil {
			return fmt.Errorf("demo: %s: %w", l.File, err)
		}
	}
	return nil
}

// check stands for the fields as they were read, with a person's corrections,
// and for the relations that were read rightly.
func (p *player) check(ctx context.Context, who org.Actor, l paperLine) error {
	id := p.ids[l.File]
	d, err := p.Library.Whole(ctx, who, id)
	if err != nil {
		return err
	}
	f := library.Fields{Kind: d.Kind, Symbol: d.Symbol, Subject: d.Subject, Issuer: d.Issuer, Unit: d.Unit, Field: l.Field, Term: d.Term, Session: d.Session, Place: d.Place, Signer: d.Signer, SignerTitle: d.SignerTitle,
		IssuedOn: d.IssuedOn, EffectiveOn: d.EffectiveOn, ExpiresOn: d.ExpiresOn, Normative: d.Normative, Access: library.Public, Revision: d.Revision}
	if l.Issuer != "" {
		f.Issuer = l.Issuer
	}
	if l.Access != "" {
		f.Access = l.Access
	}
	if !l.Effective.IsZero() {
		f.EffectiveOn = l.Effective
	}
	if err := p.Library.Check(ctx, who, id, f); err != nil {
		return err
	}
	desk := p.Library.Validity()
	for _, r := range d.Related.Proposals {
		if r.Out && slices.Contains(l.Confirm, r.Kind) {
			if err := desk.Confirm(ctx, who, r.ID, "", r.Revision); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *player) publish(ctx context.Context, who org.Actor, l paperLine) error {
	if l.Unpublished {
		return nil
	}
	d, err := p.Library.Whole(ctx, who, p.ids[l.File])
	if err != nil {
		return err
	}
	return p.Library.Publish(ctx, who, d.ID, d.Revision)
}

package reception

import (
	"bytes"
	"context"
	"errors"
	"io"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/reception/held"
)

// scansOf reads the bytes of a letter's scans, to be sealed or to go along with its
// parts: those that are held, and those that stand in the ordinary store since an
// earlier classification.
func (s *Service) scansOf(ctx context.Context, who org.Actor, id string) ([]Scan, error) {
	var papers []documents.Paper
	var waiting []held.File
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := s.Cases.Case(ctx, tx, who, id); err != nil {
			return err
		}
		var err error
		if waiting, err = s.held.Read(ctx, tx, id); err != nil {
			return err
		}
		papers, err = s.Documents.List(ctx, tx, subject(id))
		return err
	})
	if err != nil {
		return nil, err
	}
	all := append([]Scan(nil), waiting...)
	for _, p := range papers {
		if p.Kind != "scan" {
			continue // papers of ours are made anew from what is kept
		}
		b, err := s.Documents.Bytes(ctx, p)
		if err != nil {
			return nil, err
		}
		all = append(all, Scan{Name: p.Title, Bytes: b})
	}
	return all, nil
}

// opened are the scans of a letter on their way into the ordinary store.
type opened struct {
	drafts  []documents.Draft
	refused []int // by their numbers: the store does not take them, and they stay sealed
}

// scansFor prepares what a classification does to scans: those of a denunciation
// are read to be sealed, those of another letter that are held are checked and
// taken into the ordinary store.
func (s *Service) scansFor(ctx context.Context, who org.Actor, id string, k Kind) (all []Scan, o opened, err error) {
	if k.Sealed() {
		all, err = s.scansOf(ctx, who, id)
		return all, o, err
	}
	var waiting []held.File
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := s.Cases.Case(ctx, tx, who, id)
		if err != nil || c.Sealed {
			return err
		}
		if err := s.first(c, who, "classify", 0); err != nil {
			return err
		}
		waiting, err = s.held.Read(ctx, tx, id)
		return err
	})
	if err != nil {
		return nil, o, err
	}
	for i, f := range waiting {
		d, err := s.Documents.Take(ctx, documents.Upload{Name: f.Name, Size: int64(len(f.Bytes)), Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(f.Bytes)), nil }}, documents.UsualLimits())
		switch kind := fault.KindOf(err); {
		case err == nil:
			o.drafts = append(o.drafts, d)
		case kind == fault.Internal || kind == fault.Unavailable:
			return nil, o, s.unopen(ctx, o, err)
		default:
			o.refused = append(o.refused, i+1)
		}
	}
	return nil, o, nil
}

// openScans makes papers of the scans that were held. Their text is not read out:
// letters are in no search.
func (s *Service) openScans(ctx context.Context, tx *db.Tx, who org.Actor, c *cases.Case, o opened) error {
	for _, d := range o.drafts {
		_, err := s.Documents.Attach(ctx, tx, d, documents.For{CouncilID: c.CouncilID, BodyID: c.OwnerBodyID, Subject: subject(c.ID), Kind: "scan", Title: d.Name, By: who.PersonID, At: s.Clock.Now()})
		if err != nil {
			return err
		}
	}
	return s.held.Drop(ctx, tx, c.ID, o.refused...)
}

// unopen takes the bytes of scans off the disk again whose letter was not
// classified after all: by now it may be a denunciation.
func (s *Service) unopen(ctx context.Context, o opened, cause error) error {
	for _, d := range o.drafts {
		if err := s.Documents.Forget(context.WithoutCancel(ctx), d.Hash); err != nil {
			cause = errors.Join(cause, err)
		}
	}
	return cause
}

func (s *Service) dropHeld(ctx context.Context, tx *db.Tx, letterID string) error {
	return s.held.Drop(ctx, tx, letterID)
}

// dropPapers takes a letter's papers out of the registry and queues the taking
// of their bytes off the disk.
func (s *Service) dropPapers(ctx context.Context, tx *db.Tx, letterID string) error {
	gone, err := s.Documents.Remove(ctx, tx, subject(letterID))
	if err != nil {
		return err
	}
	for _, hash := range gone {
		if err := s.Jobs.Enqueue(ctx, tx, jobs.Job{Kind: forgetKind, Key: hash, Args: hash}); err != nil {
			return err
		}
	}
	return nil
}

const forgetKind = "reception.forget_bytes"

// forget takes bytes off the disk that belonged to a letter that was sealed.
func (s *Service) forget(ctx context.Context, w jobs.Work) error {
	var hash string
	if err := w.Read(&hash); err != nil {
		return err
	}
	return s.Documents.Forget(ctx, hash)
}

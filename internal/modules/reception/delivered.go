package reception

import (
	"context"
	"strconv"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/reception/delivery"
	"example.vn/hdnd/internal/modules/reception/sendings"
)

// mayEnclose lists what of a letter may go along with its forwarding: of a sealed
// one the released copies alone, whatever else there is.
func (s *Service) mayEnclose(ctx context.Context, tx *db.Tx, letterID string) (all []delivery.Enclosure, err error) {
	c, err := cases.Load(ctx, tx, letterID)
	if err != nil {
		return nil, err
	}
	if c.Sealed {
		copies, err := s.scans.Releases(ctx, tx, letterID)
		for _, one := range copies {
			all = append(all, delivery.Enclosure{LetterID: letterID, Kind: delivery.Copy, Ref: strconv.FormatInt(one.Number, 10), Pages: one.Pages})
		}
		return all, err
	}
	papers, err := s.Documents.List(ctx, tx, subject(letterID))
	for _, p := range papers {
		if p.Kind == "scan" {
			all = append(all, delivery.Enclosure{LetterID: letterID, Kind: delivery.Plain, Ref: p.ID, Title: p.Title, Pages: p.Pages})
		}
	}
	return all, err
}

func (f facts) forwarding() delivery.Forwarding {
	g := f.sending
	return delivery.Forwarding{ID: g.ID, LetterID: g.LetterID, CouncilID: g.CouncilID, BodyID: g.ToBodyID, From: f.from.Name, Symbol: g.Symbol, Sealed: f.kase.Sealed}
}

// forwarding finds what a body received.
func (s *Service) forwarding(ctx context.Context, tx *db.Tx, id string) (f delivery.Forwarding, err error) {
	rows, err := sendings.ForwardedOne(ctx, tx, id)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.Missing, "db.no_row")
	}
	if err != nil {
		return f, err
	}
	all, err := named(ctx, tx, rows)
	return all[0], err
}

// forwardedTo lists what a body received.
func forwardedTo(ctx context.Context, tx *db.Tx, bodyID string, sealed bool, before string, limit int) ([]delivery.Forwarding, error) {
	rows, err := sendings.ForwardedPage(ctx, tx, bodyID, sealed, before, limit)
	if err != nil {
		return nil, err
	}
	return named(ctx, tx, rows)
}

// named adds the names of the offices.
func named(ctx context.Context, tx *db.Tx, rows []sendings.Forwarded) ([]delivery.Forwarding, error) {
	var ids []string
	for _, r := range rows {
		ids = append(ids, r.FromBodyID)
	}
	bodies, err := org.BodiesNamed(ctx, tx, ids)
	all := make([]delivery.Forwarding, len(rows))
	for i, r := range rows {
		all[i] = delivery.Forwarding{ID: r.ID, LetterID: r.LetterID, CouncilID: r.CouncilID, BodyID: r.ToBodyID, From: bodies[r.FromBodyID].Name, Symbol: r.Symbol, At: r.At, Due: r.Due, Answered: r.AnswerOn,
			PaperID: r.PaperID, Sealed: r.Sealed}
	}
	return all, err
}

// paperBytes reads a paper for whoever has been asked about.
func (s *Service) paperBytes(ctx context.Context, id string) (c delivery.Content, err error) {
	var p documents.Paper
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		p, err = s.Documents.Find(ctx, tx, id)
		return err
	})
	if err != nil {
		return c, err
	}
	b, err := s.Documents.Bytes(ctx, p)
	return delivery.Content{Name: p.Name, Bytes: b}, err
}

// enclosed reads what goes along.
func (s *Service) enclosed(ctx context.Context, e delivery.Enclosure) (delivery.Content, error) {
	if e.Kind != delivery.Copy {
		return s.paperBytes(ctx, e.Ref)
	}
	n, err := strconv.ParseInt(e.Ref, 10, 64)
	if err != nil {
		return delivery.Content{}, err
	}
	b, err := s.scans.Delivered(ctx, e.LetterID, n)
	return delivery.Content{Name: "ban-quet-da-che-" + e.Ref + ".pdf", Bytes: b}, err
}

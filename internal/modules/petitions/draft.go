package petitions

import (
	"context"
	"crypto/rand"
	"slices"
	"time"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/search"
	"example.vn/hdnd/internal/modules/petitions/worklist"
)

// fileDraft holds the files of a form that was sent and not yet confirmed. The
// form carries the token, nobody can guess it, and the row holds nothing that
// was typed: what a voter wrote stays with the voter until it is handed in. So
// no key has to be shared between the nodes of a cluster.
type fileDraft struct {
	Token string                     `db:"token"`
	Files db.JSON[[]documents.Draft] `db:"files"`
}

// draftAge is shorter than the day after which documents sweeps blobs that no
// paper names.
const draftAge = 12 * time.Hour

// keepDraft notes the files of a form; no files, no token.
func (s *Service) keepDraft(ctx context.Context, files []documents.Draft) (token string, err error) {
	if len(files) == 0 {
		return "", nil
	}
	now := s.Clock.Now()
	d := fileDraft{Token: rand.Text(), Files: db.JSON[[]documents.Draft]{V: files}}
	return d.Token, s.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := dropDrafts(ctx, tx, db.At(now.Add(-draftAge))); err != nil {
			return err
		}
		return saveDraft(ctx, tx, d, db.At(now))
	})
}

// kept gives the files of an earlier sending of the form that were not
// unticked since. A token that is over gives none: the page says so.
func (s *Service) kept(ctx context.Context, token string, ticked []string) (files []documents.Draft, err error) {
	if token == "" {
		return nil, nil
	}
	since := db.At(s.Clock.Now().Add(-draftAge))
	var d fileDraft
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		d, err = draftOf(ctx, tx, token, since)
		return err
	})
	if fault.Is(err, "db.no_row") {
		return nil, fault.New(fault.Invalid, "petitions.files_over").At("files")
	}
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(d.Files.V, func(f documents.Draft) bool { return !slices.Contains(ticked, f.Hash) }), nil
}

// Handing is a submission looked at before it is sent: where it goes, and what
// others asked already.
//
// vi: bản xem trước khi gửi
type Handing struct {
	Council string
	Unit    org.Unit
	Similar []Published
}

// similarMost is how many like petitions are shown before sending;
// similarLeast is the likeness from which they are worth showing.
const (
	similarMost  = 5
	similarLeast = 0.2
)

// Look checks a submission as Receive will, and finds like public petitions.
func (s *Service) Look(ctx context.Context, sub Submission) (h Handing, err error) {
	if err := sub.tidy(org.Actor{}); err != nil {
		return h, err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		unit, council, err := s.addressee(ctx, tx, sub)
		h.Unit, h.Council = unit, council.Name
		return err
	})
	if err != nil {
		return h, err
	}
	h.Similar, err = s.Similar(ctx, sub.Text)
	return h, err
}

// Similar finds public petitions that speak of the same thing.
func (s *Service) Similar(ctx context.Context, text string) ([]Published, error) {
	hits, err := s.Search.Similar(ctx, text, search.Filter{All: map[string][]string{"kind": {worklist.PublicKind}}}, similarMost)
	if err != nil {
		if fault.KindOf(err) == fault.Unavailable {
			return nil, nil // an index that is being mended must not keep anybody from handing in
		}
		return nil, err
	}
	var ids []string
	for _, h := range hits {
		if h.Score >= similarLeast {
			ids = append(ids, h.ID)
		}
	}
	return s.published(ctx, ids)
}

// Units lists the wards and communes that a voter may choose.
func (s *Service) Units(ctx context.Context) (all []org.Unit, err error) {
	today := s.today()
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = worklist.UnitsOfCity(ctx, tx, today)
		return err
	})
	return all, err
}

package library

import (
	"context"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

func noDocument() error { return fault.New(fault.Missing, "library.no_document") }

// own loads a document of the person's council for an act that a right allows.
func own(ctx context.Context, tx *db.Tx, who org.Actor, id string, right auth.Permission) (Document, error) {
	d, err := documentOf(ctx, tx, id)
	if err != nil {
		return d, err
	}
	if !d.seenBy(who) {
		return d, noDocument()
	}
	if !right.Allows(who) || !d.ownedBy(who) {
		return d, fault.New(fault.Forbidden, "library.not_yours")
	}
	return d, nil
}

// Fields are what a person checks of a document.
//
// vi: thông tin văn bản
type Fields struct {
	Kind, Symbol, Subject, Issuer, Unit, Field, Term, Session, Place, Signer, SignerTitle string
	IssuedOn, EffectiveOn, ExpiresOn                                                      clock.Date
	Normative                                                                             bool
	Access                                                                                Access
	Revision                                                                              int64
}

// Check writes down the fields that a person stands for. A published document
// stays published: its readers see the correction, the log what it was.
func (s *Service) Check(ctx context.Context, who org.Actor, id string, f Fields) error {
	now := s.Clock.Now()
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		d, err := own(ctx, tx, who, id, mayKeep)
		if err != nil {
			return err
		}
		if d.State == Unread {
			return fault.New(fault.Refused, "library.still_being_read")
		}
		before := d
		d.Revision = f.Revision
		d.Kind, d.Symbol, d.Subject, d.Issuer, d.Unit, d.Field, d.Term, d.Session, d.Place = f.Kind, f.Symbol, f.Subject, f.Issuer, f.Unit, f.Field, f.Term, f.Session, f.Place
		d.Signer, d.SignerTitle, d.IssuedOn, d.EffectiveOn, d.ExpiresOn, d.Normative, d.Access = f.Signer, f.SignerTitle, f.IssuedOn, f.EffectiveOn, f.ExpiresOn, f.Normative, f.Access
		if err := d.tidy(); err != nil {
			return err
		}
		if err := d.complete(); err != nil {
			return err
		}
		d.Level = levelOf(d.Issuer)
		if d.State == Read {
			d.State = Checked
		}
		d.ChangedAt = db.At(now)
		return s.keep(ctx, tx, who, d, "library.check", map[string]any{"before": before.facts(), "after": d.facts()})
	})
}

// Publish gives a checked document to its readers, at an address that stays.
func (s *Service) Publish(ctx context.Context, who org.Actor, id string, revision int64) error {
	now := s.Clock.Now()
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		d, err := own(ctx, tx, who, id, mayPublish)
		if err != nil {
			return err
		}
		if d.State == Published {
			return nil // the second of two clicks
		}
		d.Revision = revision
		if err := d.publishable(); err != nil {
			return err
		}
		if d.Slug == "" {
			if d.Slug, err = s.address(ctx, tx, d, clock.DateOf(now)); err != nil {
				return err
			}
		}
		if d.PublishedAt.IsZero() {
			d.PublishedAt = db.At(now)
		}
		d.State, d.ChangedAt = Published, db.At(now)
		return s.keep(ctx, tx, who, d, "library.publish", map[string]any{"access": string(d.Access)})
	})
}

// Withdraw takes a document back from its readers. Its address stays its own.
func (s *Service) Withdraw(ctx context.Context, who org.Actor, id, reason string, revision int64) error {
	now := s.Clock.Now()
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return fault.New(fault.Invalid, "library.reason_missing").At("reason")
	}
	if len([]rune(reason)) > lineMax {
		return fault.New(fault.Invalid, "library.too_long", "max", lineMax).At("reason")
	}
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		d, err := own(ctx, tx, who, id, mayPublish)
		if err != nil {
			return err
		}
		if d.State != Published {
			return fault.New(fault.Refused, "library.withdraw_unpublished")
		}
		d.Revision, d.State, d.ChangedAt = revision, Withdrawn, db.At(now)
		return s.keep(ctx, tx, who, d, "library.withdraw", map[string]any{"reason": reason})
	})
}

// keep saves a document with all that follows from it: the index, its relations
// and status, and the entry in the log.
func (s *Service) keep(ctx context.Context, tx *db.Tx, who org.Actor, d Document, verb string, details map[string]any) error {
	if err := updateDocument(ctx, tx, d); err != nil {
		return err
	}
	if err := s.changed(ctx, tx, d); err != nil {
		return err
	}
	if err := s.Documents.Publish(ctx, tx, d.PaperID, d.open()); err != nil {
		return err
	}
	if err := s.validity.Arrived(ctx, tx, who, d.ChangedAt.Time, d.ID); err != nil {
		return err
	}
	_, err := s.Audit.Append(ctx, tx, audit.Entry{CouncilID: d.CouncilID, Subject: d.ID, Ref: d.ID, Verb: verb, At: d.ChangedAt.Time, Who: who, Papers: []string{d.FileHash}, Details: details})
	return err
}

// facts are the fields as the log commits to them.
func (d Document) facts() map[string]any {
	return map[string]any{"kind": d.Kind, "symbol": d.Symbol, "subject": d.Subject, "issuer": d.Issuer, "issued_on": d.IssuedOn.String(), "effective_on": d.EffectiveOn.String(),
		"expires_on": d.ExpiresOn.String(), "signer": d.Signer, "access": string(d.Access), "normative": d.Normative, "field": d.Field, "term": d.Term, "session": d.Session}
}

// address makes the permanent address: the council's unit and the symbol, and a
// number where two bear the same. It stays when either changes: it was cited.
func (s *Service) address(ctx context.Context, tx *db.Tx, d Document, on clock.Date) (string, error) {
	place, err := placeName(ctx, tx, d.CouncilID, on)
	if err != nil {
		return "", err
	}
	slug := strings.ReplaceAll(documents.SymbolKey(d.Symbol), "/", "-")
	if slug == "" {
		slug = strings.ToLower(d.ID)
	}
	slug = place + "/" + slug
	taken, err := slugsLike(ctx, tx, slug)
	if err != nil {
		return "", err
	}
	is := map[string]bool{}
	for _, t := range taken {
		is[t] = true
	}
	free := slug
	for n := 2; is[free]; n++ {
		free = slug + "~" + strconv.Itoa(n)
	}
	return free, nil
}

// placeName names a council in an address by its unit: "phuong-ba-dinh"; by its
// code where it has none.
func placeName(ctx context.Context, tx *db.Tx, councilID string, on clock.Date) (string, error) {
	council, err := org.CouncilOf(ctx, tx, councilID)
	if err != nil {
		return "", err
	}
	name := council.Code
	switch unit, err := org.UnitOf(ctx, tx, council.UnitCode, on); {
	case err == nil:
		name = unit.FullName
	case !fault.Is(err, "db.no_row"):
		return "", err
	}
	return strings.Join(strings.FieldsFunc(text.Fold(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }), "-"), nil
}

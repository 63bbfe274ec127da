package petitions

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/petitions/gate"
	"example.vn/hdnd/internal/modules/petitions/ratings"
	"example.vn/hdnd/internal/modules/petitions/redaction"
	"example.vn/hdnd/internal/modules/petitions/shares"
)

// Classification is the clerk's reading of a petition.
//
// vi: phân loại kiến nghị
type Classification struct {
	Field      string
	Authority  Authority
	Newness    Newness
	Ward       string
	BodyID     string // the competent body
	Points     string // one a line; empty: the whole text is one point
	PublicText string // what everybody may read
	Publish    bool
	Looked     bool             // at each personal detail that is left in what is published
	Withheld   redaction.Reason // why it is not published
	Note       string
	Revision   int64
}

// Classify sets field, authority, newness, ward and the competent body, and
// decides what of it the public sees.
func (s *Service) Classify(ctx context.Context, who org.Actor, id string, k Classification) error {
	if err := k.whole(); err != nil {
		return err
	}
	in := cases.Input{Note: text.Clean(k.Note), Revision: k.Revision, Fields: map[string]string{
		"field": k.Field, "authority": string(k.Authority), "newness": string(k.Newness), "ward": k.Ward, "body": k.BodyID}}
	if !k.Publish {
		in.Fields["withheld"] = string(k.Withheld)
	}
	today := clock.Today(s.Clock)
	return s.act(ctx, who, id, "classify", in, func(tx *db.Tx, p *Petition, c *cases.Case) error {
		if err := lookedAt(ctx, tx, id); err != nil {
			return err
		}
		if err := shares.Bound(ctx, tx, c, k.BodyID, today); err != nil {
			return err
		}
		if err := k.redact(p); err != nil {
			return err
		}
		unit, err := org.FindUnit(ctx, tx, k.Ward, today)
		if err != nil {
			return err
		}
		c.UnitCode, c.Public = unit.Code, k.Publish
		p.Authority, p.Newness, p.BodyID = k.Authority, k.Newness, k.BodyID
		if k.Publish {
			c.Title = title(p.PublicText)
		}
		if err := redaction.Decide(ctx, tx, c, k.Withheld, today); err != nil {
			return err
		}
		return savePoints(ctx, tx, p.ID, points(k.Points, p.PublicText))
	})
}

// redact settles what of the petition is published; with nothing written, what
// surely is personal is taken out of the voter's own words.
func (k Classification) redact(p *Petition) error {
	if p.PublicText = text.Clean(k.PublicText); p.PublicText == "" {
		p.PublicText = redaction.Masked(p.Text, p.VoterName)
	}
	return fault.Join(redaction.Check(k.Publish, k.Looked, k.Withheld, p.PublicText, points(k.Points, p.PublicText), p.VoterName)...)
}

// whole says what is missing, all at once.
func (k Classification) whole() error {
	var faults []*fault.Fault
	for _, f := range []struct{ name, value string }{
		{"field", k.Field}, {"authority", string(k.Authority)}, {"newness", string(k.Newness)}, {"ward", k.Ward}, {"body", k.BodyID}} {
		if text.Line(f.value) == "" {
			faults = append(faults, fault.New(fault.Invalid, "cases.required").At(f.name))
		}
	}
	return fault.Join(faults...)
}

// act is what all verbs on a petition share: load it for this person, change
// its own row, move the case, save. One transaction.
func (s *Service) act(ctx context.Context, who org.Actor, id, verb string, in cases.Input, change func(tx *db.Tx, p *Petition, c *cases.Case) error) error {
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		c, err := s.Cases.Case(ctx, tx, who, id)
		if err != nil {
			return err
		}
		p, err := petitionOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if change != nil {
			if err := change(tx, &p, c); err != nil {
				return err
			}
		}
		if err := updatePetition(ctx, tx, p); err != nil {
			return err
		}
		_, err = s.Cases.Do(ctx, tx, who, c, verb, in)
		return err
	})
}

// Refuse ends a petition with a coded reason and a sentence for the voter.
func (s *Service) Refuse(ctx context.Context, who org.Actor, id string, reason RefusalReason, note string, revision int64) error {
	today := clock.Today(s.Clock)
	in := cases.Input{Note: text.Clean(note), Revision: revision, Fields: map[string]string{"reason": string(reason)}}
	return s.act(ctx, who, id, "refuse", in, func(tx *db.Tx, _ *Petition, c *cases.Case) error { return insertRefusal(ctx, tx, c, reason, today) })
}

// SplitOff takes a complaint or denunciation out of the petitions. From then
// on the office alone sees it, and it leaves search, lists of others and the
// public pages, and what was said of its answers is no longer counted.
func (s *Service) SplitOff(ctx context.Context, who org.Actor, id string, kind SplitKind, note string, revision int64) error {
	if !slices.Contains(splitKinds, kind) {
		return fault.New(fault.Invalid, "cases.required").At("kind")
	}
	in := cases.Input{Note: text.Clean(note), Revision: revision, Fields: map[string]string{"kind": string(kind)}}
	return s.act(ctx, who, id, "split_off", in, func(tx *db.Tx, p *Petition, c *cases.Case) error {
		p.Split, p.PublicText = kind, ""
		if err := redaction.Forget(ctx, tx, id); err != nil {
			return err
		}
		return ratings.Forget(ctx, tx, id)
	})
}

// SendBack returns a classification to the clerk.
func (s *Service) SendBack(ctx context.Context, who org.Actor, id, note string, revision int64) error {
	return s.act(ctx, who, id, "send_back", cases.Input{Note: text.Clean(note), Revision: revision}, nil)
}

// knownField guards that the field is one of ours.
func (s *Service) knownField(_ context.Context, _ *db.Tx, m cases.Move) error {
	var faults []*fault.Fault
	if !slices.Contains(s.offered().Fields, m.Input.Field("field")) {
		faults = append(faults, fault.New(fault.Invalid, "petitions.field_unknown").At("field"))
	}
	if !slices.Contains(authorities, Authority(m.Input.Field("authority"))) {
		faults = append(faults, fault.New(fault.Invalid, "cases.required").At("authority"))
	}
	if !slices.Contains(newnesses, Newness(m.Input.Field("newness"))) {
		faults = append(faults, fault.New(fault.Invalid, "cases.required").At("newness"))
	}
	return fault.Join(faults...)
}

// knownBody guards that the competent body exists today, answers petitions,
// and is one that this council may ask.
func (s *Service) knownBody(ctx context.Context, tx *db.Tx, m cases.Move) error {
	id := m.Input.Field("body")
	if id == "" {
		p, err := petitionOf(ctx, tx, m.Case.ID)
		if err != nil {
			return err
		}
		id = p.BodyID
	}
	body, err := org.BodyOf(ctx, tx, id)
	if fault.Is(err, "db.no_row") {
		return fault.New(fault.Invalid, "petitions.body_unknown").At("body")
	}
	if err != nil {
		return err
	}
	council, err := org.CouncilOf(ctx, tx, m.Case.CouncilID)
	if err != nil {
		return err
	}
	mayAsk := body.CouncilID == council.ID || council.Level == org.City || body.CouncilID == council.ParentID
	if !body.Kind.Answers() || !body.Open(clock.Today(s.Clock)) || !mayAsk {
		return fault.New(fault.Invalid, "petitions.body_unknown").At("body")
	}
	return nil
}

func (s *Service) knownReason(_ context.Context, _ *db.Tx, m cases.Move) error {
	if r := m.Input.Field("reason"); RefusalReason(r) != withdrawn && !slices.Contains(gate.Reasons(), r) && !slices.Contains(s.offered().Reasons, r) {
		return fault.New(fault.Invalid, "cases.required").At("reason")
	}
	return nil
}

// assignField gives the case the facets that lists filter by.
func (s *Service) assignField(ctx context.Context, tx *db.Tx, m cases.Move) error {
	m.Case.Field = m.Input.Field("field")
	return s.indexed(ctx, tx, m)
}

// assignExaminer finds the committee of this council whose fields include the
// petition's.
func (s *Service) assignExaminer(ctx context.Context, tx *db.Tx, m cases.Move) error {
	committees, err := org.BodiesOf(ctx, tx, m.Case.CouncilID, org.Committee)
	if err != nil {
		return err
	}
	for _, b := range committees {
		if b.Open(clock.Today(s.Clock)) && slices.Contains(b.Fields.V, branch(m.Case.Field)) {
			m.Case.ExaminerBodyID = b.ID
			return nil
		}
	}
	return fault.New(fault.Invalid, "petitions.no_committee").At("field")
}

// seal closes a case that is a complaint or denunciation: out of search, out of
// every list but the office's.
func (s *Service) seal(ctx context.Context, tx *db.Tx, m cases.Move) error {
	m.Case.Sealed, m.Case.Public, m.Act.Public = true, false, false
	m.Case.Title = "—"
	return s.indexed(ctx, tx, m)
}

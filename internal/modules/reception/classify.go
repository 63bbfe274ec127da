package reception

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/reception/clocks"
	"example.vn/hdnd/internal/modules/reception/conditions"
	"example.vn/hdnd/internal/modules/reception/sealed"
)

// Classification is the clerk's reading of a letter and what they propose.
//
// vi: phân loại và đề xuất xử lý đơn
type Classification struct {
	Kind       Kind
	Conditions []string // codes that hold
	Authority  Authority
	BodyID     string
	Result     Result
	Reason     string
	Proposal   string // in the clerk's words, for who signs
	Anonymous  bool
	Evidence   bool
	Originals  bool
	Instance   int
	Remote     bool
	ManyPlaces bool
	Outside    bool // the original is on paper or in the closed installation; delete it here
	Revision   int64
}

// Classify settles what a letter is, what it lacks, whose it is to settle, and
// proposes how it is handled. From the moment it is a denunciation it is sealed.
func (s *Service) Classify(ctx context.Context, who org.Actor, id string, k Classification) error {
	if k.Instance != 2 {
		k.Instance = 1
	}
	in := cases.Input{Revision: k.Revision, Note: k.Proposal, Fields: map[string]string{"kind": string(k.Kind), "authority": string(k.Authority), "result": string(k.Result), "reason": k.Reason,
		"body": k.BodyID, "instance": itoa(k.Instance), "remote": yes(k.Remote), "places": yes(k.ManyPlaces)}}
	scans, opened, err := s.scansFor(ctx, who, id, k.Kind)
	if err != nil {
		return err
	}
	err = s.act(ctx, who, id, "classify", &in, func(tx *db.Tx, l *Letter, c *cases.Case) error {
		if c.Sealed && !k.Kind.Sealed() {
			return fault.New(fault.Refused, "reception.stays_sealed").At("kind")
		}
		l.Kind, l.Authority, l.BodyID, l.Result, l.Reason = k.Kind, k.Authority, k.BodyID, k.Result, k.Reason
		l.Anonymous, l.Evidence, l.Originals, l.Instance, l.Remote, l.ManyPlaces = k.Anonymous, k.Evidence, k.Originals, k.Instance, k.Remote, k.ManyPlaces
		l.Conditions = codes{V: present(k.Kind, k.Conditions)}
		if !l.Result.asks() && l.Result != Guide {
			l.BodyID = ""
		}
		if err := l.handling(); err != nil {
			return err
		}
		in.Events = map[string]day{"pass_on": l.ReceivedOn, "tell_sender": l.ReceivedOn}
		c.Field = string(l.Kind)
		if c.Sealed {
			return nil
		}
		if !l.Kind.Sealed() {
			return s.openScans(ctx, tx, who, c, opened)
		}
		place, err := sealed.PlaceOf(ctx, tx, c.CouncilID, clock.Today(s.Clock))
		switch {
		case err != nil:
			return err
		case place == sealed.Here:
			return s.sealLetter(ctx, tx, who, l, c, scans)
		case !k.Outside:
			return fault.New(fault.Invalid, "reception.outside_unconfirmed").At("outside")
		}
		in.Note = "" // there is no compartment for it
		return s.leaveOut(ctx, tx, who, l, c, place)
	})
	if err != nil {
		return s.unopen(ctx, opened, err)
	}
	return nil
}

// present keeps the conditions that a letter of this kind has.
func present(k Kind, codes []string) []string {
	all := []string{}
	for _, c := range conditions.Of(string(k)) {
		if slices.Contains(codes, c.Code) {
			all = append(all, c.Code)
		}
	}
	return all
}

// act is what all verbs on a letter share: load it for this person, change its
// own row, move the case, keep the note, save. One transaction.
func (s *Service) act(ctx context.Context, who org.Actor, id, verb string, in *cases.Input, change func(tx *db.Tx, l *Letter, c *cases.Case) error) error {
	given := *in
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		*in = given
		c, err := s.Cases.Case(ctx, tx, who, id)
		if err != nil {
			return err
		}
		l, err := letterOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.first(c, who, verb, in.Revision); err != nil {
			return err
		}
		if change != nil {
			if err := change(tx, &l, c); err != nil {
				return err
			}
		}
		if err := s.note(ctx, tx, who, c, id, in); err != nil {
			return err
		}
		if err := updateLetter(ctx, tx, l); err != nil {
			return err
		}
		_, err = s.Cases.Do(ctx, tx, who, c, verb, *in)
		return err
	})
}

// first asks whether this may be done at all before anything is looked at: else
// a person would be told what is missing in a form that is not theirs.
func (s *Service) first(c *cases.Case, who org.Actor, verb string, revision int64) error {
	if revision != 0 && revision != c.Revision {
		return fault.New(fault.Conflict, "db.stale")
	}
	may, err := s.Cases.May(c, who)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(may, func(v cases.Verb) bool { return v.Name == verb }) {
		return nil
	}
	p, err := s.Cases.Procedure(c.Procedure, c.Version)
	if err != nil {
		return err
	}
	if v, ok := p.Verb(verb); ok && !slices.Contains(v.From, c.State) && slices.ContainsFunc(v.Roles, who.Has) {
		return fault.New(fault.Refused, "cases.wrong_state")
	}
	return fault.New(fault.Forbidden, "cases.not_yours_to_do")
}

// SendBack returns a proposal to the clerk.
func (s *Service) SendBack(ctx context.Context, who org.Actor, id, note string, revision int64) error {
	if text.Clean(note) == "" {
		return fault.New(fault.Invalid, "cases.required").At("note")
	}
	return s.act(ctx, who, id, "send_back", &cases.Input{Note: note, Revision: revision}, nil)
}

// byLetter picks the limits of a letter's handling.
func (s *Service) byLetter(ctx context.Context, tx *db.Tx, m cases.Move, deadline string, on day) (string, error) {
	f := clocks.Facts{On: on}
	source, authority := Source(m.Input.Field("source")), Authority(m.Input.Field("authority"))
	if m.Act.Number == 1 {
		f.Kind, f.Second, f.Places = limitKind(Kind(m.Input.Field("kind"))), m.Input.Field("instance") == "2", m.Input.Field("places") != ""
	} else {
		l, err := letterOf(ctx, tx, m.Case.ID)
		if err != nil {
			return "", err
		}
		f.Kind, f.Second, f.Places = limitKind(l.Kind), l.Instance == 2, l.ManyPlaces
		source, authority = l.Source, l.Authority
	}
	if deadline != "handle" {
		wanted := deadline == "pass_on" && authority == Other || deadline == "tell_sender" && source.passedOn()
		if f.Kind != clocks.Denunciation || !wanted {
			return "", nil
		}
	}
	f.Step = stepOf(deadline, f.Kind)
	l, err := clocks.Choose(f)
	return l.Rule, err
}

// limitKind is what a letter is as far as time limits go. One that holds a
// denunciation beside other things runs by the denunciation's.
func limitKind(k Kind) clocks.Kind {
	switch k {
	case Complaint:
		return clocks.Complaint
	case Denunciation, MixedDenunciation:
		return clocks.Denunciation
	}
	return clocks.Proposal
}

// asProposed guards that what is signed is what was proposed, and that it is
// still allowed.
func (s *Service) asProposed(ctx context.Context, tx *db.Tx, m cases.Move) error {
	l, err := letterOf(ctx, tx, m.Case.ID)
	if err != nil {
		return err
	}
	if string(l.Result) != m.Verb.Name {
		return fault.New(fault.Refused, "reception.not_proposed")
	}
	return l.handling()
}

// openBody guards that the competent body exists today and may be asked by
// this council.
func (s *Service) openBody(ctx context.Context, tx *db.Tx, m cases.Move) error {
	l, err := letterOf(ctx, tx, m.Case.ID)
	if err != nil {
		return err
	}
	return s.mayAsk(ctx, tx, m.Case.CouncilID, l.BodyID)
}

func (s *Service) mayAsk(ctx context.Context, tx *db.Tx, councilID, bodyID string) error {
	all, err := s.askable(ctx, tx, councilID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(b org.Body) bool { return b.ID == bodyID }) {
		return fault.New(fault.Invalid, "reception.body_unknown").At("body")
	}
	return nil
}

package reception

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/reception/senders"
)

// The marks by which a letter is found again.
const (
	markPerson     = "person"
	markRespondent = "respondent"
	markContent    = "content"
)

// mark notes keyed digests of who wrote, against whom and what. The purposes of
// denunciations are others, so that their marks never meet those of ordinary
// letters: a table must not tell that a denouncer also complained.
func (s *Service) mark(ctx context.Context, tx *db.Tx, l Letter, respondent, content, summary string, people []Sender) error {
	purpose := "letter/"
	if l.Kind.Sealed() {
		purpose = "denunciation/"
	}
	put := func(kind, value string) error {
		if value == "" {
			return nil
		}
		// Within a council: two councils must not be able to compare theirs.
		return insertMark(ctx, tx, l.ID, l.CouncilID, kind, s.Digest(purpose+kind, l.CouncilID+"\x1f"+value))
	}
	for _, p := range people {
		if err := put(markPerson, senders.PersonKey(p)); err != nil {
			return err
		}
	}
	for _, one := range senders.Respondents(respondent) {
		if err := put(markRespondent, one); err != nil {
			return err
		}
	}
	if content == "" {
		content = summary
	}
	return put(markContent, senders.Folded(content))
}

// Twin is another letter that seems to be the same matter.
//
// vi: đơn trùng
type Twin struct {
	Letter     Letter
	State      cases.State
	Open       bool // it, or what became of it, goes on
	Suspended  bool
	Person     bool // the same person
	Respondent bool // against the same
	Content    bool // in the same words
	Alike      int  // of a hundred, how much the summaries say the same; ordinary letters only
}

// Same reports whether person, respondent and content agree: the key of a
// duplicate.
func (t Twin) Same() bool {
	return t.Person && t.Respondent && (t.Content || t.Alike >= alikeLeast)
}

// alikeLeast is from where on two summaries say the same: half of their words.
const alikeLeast = 50

// Twins finds earlier letters of the same person, against the same or in the
// same words, the likeliest first.
func (s *Service) Twins(ctx context.Context, who org.Actor, id string) (all []Twin, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := s.Cases.Case(ctx, tx, who, id)
		if err != nil {
			return err
		}
		l, err := letterOf(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		all, err = s.twins(ctx, tx, who, l)
		return err
	})
	return all, err
}

func (s *Service) twins(ctx context.Context, tx *db.Tx, who org.Actor, l Letter) ([]Twin, error) {
	var marks []sharedMark
	for _, kind := range []string{markPerson, markContent, markRespondent} { // many write against the same: they must not hide who wrote before
		some, err := sharing(ctx, tx, l.ID, kind)
		if err != nil {
			return nil, err
		}
		marks = append(marks, some...)
	}
	found := map[string]*Twin{}
	for _, m := range marks {
		if found[m.LetterID] == nil {
			found[m.LetterID] = &Twin{}
		}
		t := found[m.LetterID]
		t.Person, t.Respondent, t.Content = t.Person || m.Kind == markPerson, t.Respondent || m.Kind == markRespondent, t.Content || m.Kind == markContent
	}
	others, err := lettersNamed(ctx, tx, slices.Sorted(maps.Keys(found)))
	if err != nil {
		return nil, err
	}
	var all []Twin
	for _, o := range others {
		t := *found[o.ID]
		if o.ParentID == l.ID || l.ParentID == o.ID || l.ParentID != "" && l.ParentID == o.ParentID {
			continue // parts of one letter
		}
		if t.Letter = o; !l.Kind.Sealed() {
			t.Alike = senders.Alike(l.Summary+" "+l.Content, o.Summary+" "+o.Content)
		}
		if err := s.standing(ctx, tx, who, &t); err != nil {
			if fault.KindOf(err) == fault.Missing {
				continue // not this person's to know
			}
			return nil, err
		}
		all = append(all, t)
	}
	slices.SortStableFunc(all, func(a, b Twin) int { return b.weight() - a.weight() })
	return all[:min(len(all), 20)], nil
}

// standing tells where another letter, or the matter it became, stands.
func (s *Service) standing(ctx context.Context, tx *db.Tx, who org.Actor, t *Twin) error {
	c, err := s.Cases.Case(ctx, tx, who, t.Letter.ID)
	if err != nil {
		return err
	}
	t.State, t.Open = c.State, c.Open
	if t.Letter.MatterID == "" {
		return nil
	}
	m, err := cases.Load(ctx, tx, t.Letter.MatterID)
	if err != nil {
		return err
	}
	t.State, t.Open, t.Suspended = m.State, m.Open, m.State == "suspended"
	return nil
}

func (t Twin) weight() int {
	w := t.Alike
	for _, one := range []struct {
		is bool
		n  int
	}{{t.Person, 100}, {t.Respondent, 60}, {t.Content, 120}, {t.Open, 10}} {
		if one.is {
			w += one.n
		}
	}
	return w
}

// Join adds a letter to the open file of the same matter instead of opening
// another one. A file that is suspended is open.
func (s *Service) Join(ctx context.Context, who org.Actor, id, into, note string, revision int64) error {
	if into == "" || into == id {
		return fault.New(fault.Invalid, "reception.join_empty").At("into")
	}
	in := cases.Input{Note: note, Revision: revision, Fields: map[string]string{"into": into}}
	return s.act(ctx, who, id, "join", &in, func(tx *db.Tx, l *Letter, _ *cases.Case) error {
		all, err := s.twins(ctx, tx, who, *l)
		if err != nil {
			return err
		}
		for _, t := range all {
			if t.Letter.ID != into {
				continue
			}
			if !t.Open {
				return fault.New(fault.Refused, "reception.join_closed", "letter", t.Letter.Title())
			}
			l.JoinedTo = into
			in.Fields["number"] = strconv.Itoa(t.Letter.Number)
			return nil
		}
		return fault.New(fault.Invalid, "reception.join_other").At("into")
	})
}

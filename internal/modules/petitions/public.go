package petitions

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/search"
	"example.vn/hdnd/internal/modules/petitions/gate"
	"example.vn/hdnd/internal/modules/petitions/ratings"
	"example.vn/hdnd/internal/modules/petitions/shares"
	"example.vn/hdnd/internal/modules/petitions/worklist"
)

// Published is a petition as the public's lists show it.
//
// vi: kiến nghị công khai
type Published struct {
	ID       string
	Code     string
	Title    string
	State    cases.State
	Field    string
	Unit     string
	Body     string
	OpenedAt time.Time
	Changed  time.Time
}

// PublicFilter is what a visitor asks of the public list.
//
// vi: bộ lọc công khai
type PublicFilter struct {
	Ward, Field string
	State       cases.State
	Text        string
	After       string
	Before      string
}

// PublicList is one page of the petitions everybody may read.
//
// vi: danh sách kiến nghị công khai
type PublicList struct {
	Filter   PublicFilter
	Rows     []Published
	Next     string
	Previous string
	Units    []org.Unit
	Refused  []Tally // in the last year, by reason
}

// publicRows is one page of the public list.
const publicRows = 20

// PublicList gives one page of the public petitions, the newest first.
func (s *Service) PublicList(ctx context.Context, f PublicFilter) (l PublicList, err error) {
	l.Filter = f
	var ids []string
	if f.Text != "" {
		if ids, err = s.findPublic(ctx, f); err != nil {
			return l, err
		}
	}
	today := s.today()
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		var rows []cases.Case
		var page worklist.Leaf
		if f.Text != "" {
			all, err := worklist.FoundRows(ctx, tx, ids, worklist.Reach{})
			if err != nil {
				return err
			}
			rows = slices.DeleteFunc(all, func(c cases.Case) bool { return !c.Public })
		} else {
			if page, err = s.publicPage(ctx, tx, f); err != nil {
				return err
			}
			rows = page.Rows
		}
		l.Next, l.Previous = page.Next, page.Previous
		if l.Units, err = worklist.UnitsOfCity(ctx, tx, today); err != nil {
			return err
		}
		if l.Rows, err = publish(ctx, tx, l.Units, rows); err != nil {
			return err
		}
		l.Refused, err = refusalsSince(ctx, tx, today.AddDays(-365))
		return err
	})
	return l, err
}

func (s *Service) today() clock.Date { return clock.Today(s.Clock) }

func (s *Service) findPublic(ctx context.Context, f PublicFilter) ([]string, error) {
	facets := map[string][]string{"kind": {worklist.PublicKind}}
	for name, value := range map[string]string{"ward": f.Ward, "field": f.Field, "state": string(f.State)} {
		if value != "" {
			facets[name] = []string{value}
		}
	}
	res, err := s.Search.Search(ctx, search.Query{Text: f.Text, Filter: search.Filter{All: facets}, Limit: worklist.FoundMost / 4, Typing: true})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(res.Hits))
	for i, h := range res.Hits {
		ids[i] = h.ID
	}
	return ids, nil
}

func (s *Service) publicPage(ctx context.Context, tx *db.Tx, f PublicFilter) (worklist.Leaf, error) {
	r := worklist.Reach{Public: true, Unit: f.Ward, Field: f.Field, Branch: s.fieldsUnder(f.Field)}
	if f.State != "" {
		r.States = []cases.State{f.State}
	}
	return worklist.Turn(ctx, tx, r, f.After, f.Before, publicRows)
}

// published loads public petitions by id, in that order.
func (s *Service) published(ctx context.Context, ids []string) ([]Published, error) {
	return s.named(ctx, ids, func(c cases.Case) bool { return c.Public })
}

// listed loads petitions for the office, in that order.
func (s *Service) listed(ctx context.Context, ids []string) ([]Published, error) {
	return s.named(ctx, ids, func(cases.Case) bool { return true })
}

func (s *Service) named(ctx context.Context, ids []string, keep func(cases.Case) bool) (all []Published, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	today := s.today()
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		rows, err := worklist.FoundRows(ctx, tx, ids, worklist.Reach{})
		if err != nil {
			return err
		}
		units, err := worklist.UnitsOfCity(ctx, tx, today)
		if err != nil {
			return err
		}
		all, err = publish(ctx, tx, units, slices.DeleteFunc(rows, func(c cases.Case) bool { return !keep(c) }))
		return err
	})
	return all, err
}

func publish(ctx context.Context, tx *db.Tx, units []org.Unit, rows []cases.Case) ([]Published, error) {
	withNames, err := worklist.Named(ctx, tx, units, rows)
	if err != nil {
		return nil, err
	}
	all := make([]Published, len(rows))
	for i, r := range withNames {
		all[i] = Published{ID: r.ID, Code: r.Code, Title: r.Title, State: r.State, Field: r.Field, Unit: r.Unit, Body: r.Body, OpenedAt: r.OpenedAt.Time, Changed: r.ChangedAt.Time}
	}
	return all, nil
}

// Followed is a petition as its voter, or anybody with its code, follows it.
// Without the key on the receipt it holds only what is public.
//
// vi: tình trạng kiến nghị
type Followed struct {
	Code      string
	Mine      bool // the key on the receipt was given
	Sealed    bool
	Case      cases.Case
	Text      string
	Unit      string
	Council   string
	Body      string
	Points    []Point
	Answers   []Answer
	Acts      []cases.Act // public ones; without people, and without notes unless it is one's own
	Deadlines []cases.Deadline
	Papers    []documents.Paper
	Contest   *cases.Deadline  // the window in which the answer may be contested now
	Mail      bool             // letters or messages are sent to the voter
	Ratings   []ratings.Rating // one's own
	Shares    []shares.Part    // of this round
	Held      bool             // looked at before it goes on
	Invalid   *gate.Invalidation
	Today     clock.Date
}

// Follow shows a petition to the public by its code.
func (s *Service) Follow(ctx context.Context, code, key string) (f Followed, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		c, p, err := s.byCode(ctx, tx, code, key)
		if err != nil {
			return err
		}
		f = Followed{Code: c.Code, Mine: p.opens(ctx, key), Sealed: c.Sealed, Case: *c, Today: s.today(), Mail: p.Email+p.Phone != ""}
		if c.Sealed {
			return nil
		}
		return f.load(ctx, tx, s, p)
	})
	return f, err
}

// byCode finds a petition for somebody of the public. One that is sealed is not
// there, except for who has its key.
func (s *Service) byCode(ctx context.Context, tx *db.Tx, code, key string) (*cases.Case, Petition, error) {
	none := fault.New(fault.Missing, "petitions.no_such_code", "code", cases.TidyCode(code))
	c, err := cases.ByCode(ctx, tx, cases.TidyCode(code))
	if fault.Is(err, "cases.no_such_case") {
		if key != "" {
			gate.Wrong(ctx) // codes are guessed together with keys
		}
		return nil, Petition{}, none
	}
	if err != nil {
		return nil, Petition{}, err
	}
	p, err := petitionOf(ctx, tx, c.ID)
	if err == nil && c.Sealed && !p.opens(ctx, key) {
		return nil, Petition{}, none
	}
	return c, p, err
}

func (f *Followed) load(ctx context.Context, tx *db.Tx, s *Service, p Petition) (err error) {
	c := f.Case
	open := c.Public || f.Mine
	switch {
	case f.Mine:
		f.Text = p.Text
	case c.Public:
		f.Text = p.PublicText
	}
	if open {
		if f.Shares, err = shares.Of(ctx, tx, c.ID, c.Round); err != nil {
			return err
		}
	}
	units, err := worklist.UnitsOfCity(ctx, tx, f.Today)
	if err != nil {
		return err
	}
	f.Unit = worklist.UnitName(units, c.UnitCode)
	council, err := org.CouncilOf(ctx, tx, c.CouncilID)
	if err != nil {
		return err
	}
	f.Council = council.Name
	bodies, err := org.BodiesNamed(ctx, tx, []string{c.HolderBodyID})
	if err != nil {
		return err
	}
	f.Body = bodies[c.HolderBodyID].Name
	if open {
		if f.Points, err = pointsOf(ctx, tx, c.ID); err != nil {
			return err
		}
		if f.Answers, err = answersOf(ctx, tx, c.ID); err != nil {
			return err
		}
	}
	if err := f.history(ctx, tx, s); err != nil {
		return err
	}
	if f.Mine {
		if err := f.gated(ctx, tx); err != nil {
			return err
		}
		if f.Ratings, err = ratings.Of(ctx, tx, c.ID); err != nil {
			return err
		}
	}
	papers, err := s.Documents.List(ctx, tx, documents.Subject{Kind: "petition", ID: c.ID})
	f.Papers = slices.DeleteFunc(papers, func(p documents.Paper) bool { return !f.reads(p) })
	return err
}

// gated tells the voter what the gate did with the petition.
func (f *Followed) gated(ctx context.Context, tx *db.Tx) error {
	held, err := gate.HeldAmong(ctx, tx, []string{f.Case.ID})
	if err != nil {
		return err
	}
	f.Held = held[f.Case.ID]
	invalid, ok, err := gate.InvalidationOf(ctx, tx, f.Case.ID)
	if ok {
		f.Invalid = &invalid
	}
	return err
}

// reads: voters read what they handed in and what answers them; the letters
// between offices stay there.
func (f *Followed) reads(p documents.Paper) bool {
	return p.Public && f.Case.Public || f.Mine && (p.Kind == "attachment" || p.Kind == "evidence")
}

func (f *Followed) history(ctx context.Context, tx *db.Tx, s *Service) error {
	acts, err := cases.Acts(ctx, tx, f.Case.ID)
	if err != nil {
		return err
	}
	contested := false
	for _, a := range acts {
		contested = contested || a.Verb == "contest"
		if a.Public {
			f.Acts = append(f.Acts, forPublic(a, f.Mine))
		}
	}
	rules, err := s.Cases.Procedure(f.Case.Procedure, f.Case.Version)
	if err != nil {
		return err
	}
	all, err := cases.Deadlines(ctx, tx, f.Case.ID)
	if err != nil {
		return err
	}
	for i, d := range slices.Backward(all) {
		rule, ok := rules.Deadline(d.Name)
		if !ok || !rule.Public || d.Status == cases.Cancelled {
			continue
		}
		if d.Window {
			if f.Mine && !contested && d.Live() && !f.Today.After(d.Due) && f.Case.State == "closed" {
				f.Contest = &all[i]
			}
			continue
		}
		f.Deadlines = append(f.Deadlines, d)
	}
	return nil
}

// toVoter are the acts whose notes are written for the voter; notes between
// desks stay there.
var toVoter = []string{"refuse", "send_again", "close", "reopen", "contest"}

// forPublic is an act without the people in it. What was written to the voter,
// only the voter reads.
func forPublic(a cases.Act, mine bool) cases.Act {
	b := cases.Act{ID: a.ID, Number: a.Number, Verb: a.Verb, At: a.At, From: a.From, To: a.To, Round: a.Round, BodyID: a.BodyID, BodyName: a.BodyName, Late: a.Late, Public: a.Public}
	b.Fields.V = map[string]string{"reason": a.Fields.V["reason"]}
	if mine && slices.Contains(toVoter, a.Verb) {
		b.Note = a.Note
	}
	if mine || a.Verb == "answer" || a.Verb == "extend" {
		b.Document = a.Document
	}
	return b
}

// ExplainPublic tells the public why one of a petition's public deadlines is
// when it is.
func (s *Service) ExplainPublic(ctx context.Context, code, key, deadlineID string) (x Reckoned, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		c, _, err := s.byCode(ctx, tx, code, key)
		if err != nil {
			return err
		}
		if x, err = s.explained(ctx, tx, c, deadlineID); err != nil {
			return err
		}
		p, err := s.Cases.Procedure(c.Procedure, c.Version)
		if err != nil {
			return err
		}
		if rule, ok := p.Deadline(x.Deadline.Name); !ok || !rule.Public || c.Sealed {
			return fault.New(fault.Missing, "petitions.no_deadline")
		}
		return nil
	})
	return x, err
}

// PublicPaper opens a paper for somebody of the public.
func (s *Service) PublicPaper(ctx context.Context, code, key, paperID string) (documents.Paper, io.ReadCloser, error) {
	f := Followed{}
	p, err := s.paper(ctx, paperID, func(tx *db.Tx) (*cases.Case, error) {
		c, p, err := s.byCode(ctx, tx, code, key)
		if err == nil {
			f = Followed{Case: *c, Mine: p.opens(ctx, key)}
		}
		return c, err
	}, func(c *cases.Case, p documents.Paper) bool { return !c.Sealed && f.reads(p) })
	if err != nil {
		return p, nil, err
	}
	return s.openPaper(ctx, p, 0)
}

// PublicActReceipt is the log's word for one public act.
func (s *Service) PublicActReceipt(ctx context.Context, code, key string, number int) (r audit.Receipt, err error) {
	var leaf string
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		c, _, err := s.byCode(ctx, tx, code, key)
		if err != nil {
			return err
		}
		leaf, err = leafOf(ctx, tx, c.ID, number, func(a cases.Act) bool { return a.Public && !c.Sealed })
		return err
	})
	if err != nil {
		return r, err
	}
	return s.Audit.Receipt(ctx, leaf)
}

// StopLetters ends the letters and messages about a petition, from the link in
// each letter or the voter's own page: address and number are deleted.
func (s *Service) StopLetters(ctx context.Context, who org.Actor, code, key string) error {
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		c, p, err := s.byCode(ctx, tx, code, key)
		if err != nil {
			return err
		}
		if !p.opens(ctx, key) {
			return fault.New(fault.Invalid, "petitions.key_wrong").At("key")
		}
		if p.Email+p.Phone == "" {
			return nil
		}
		if err := dropContact(ctx, tx, p.ID); err != nil {
			return err
		}
		_, err = s.Audit.Append(ctx, tx, audit.Entry{CouncilID: c.CouncilID, Subject: c.ID, Ref: c.Code, Verb: "petitions.stop_letters", At: s.Clock.Now(), Who: org.Voter(who.Address), Sealed: c.Sealed})
		return err
	})
}

// followPath is where a petition is followed; with its key the voter also sees
// their own words there.
func followPath(code, key string) string {
	if key == "" {
		return "/kien-nghi/" + code
	}
	return "/kien-nghi/" + code + "?key=" + key
}

func (s *Service) absolute(path string) string { return strings.TrimRight(s.Address, "/") + path }

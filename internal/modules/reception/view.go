package reception

import (
	"context"
	"io"
	"slices"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/reception/clocks"
	"example.vn/hdnd/internal/modules/reception/conditions"
	"example.vn/hdnd/internal/modules/reception/course"
	"example.vn/hdnd/internal/modules/reception/delivery"
	"example.vn/hdnd/internal/modules/reception/held"
	"example.vn/hdnd/internal/modules/reception/rulings"
	"example.vn/hdnd/internal/modules/reception/sealed"
	"example.vn/hdnd/internal/modules/reception/sendings"
)

// Filter chooses letters of the book.
//
// vi: -
type Filter struct {
	State cases.State
	Kind  Kind
	Late  bool
	Today clock.Date
	After RowKey
}

// RowKey is a row's place in a list.
//
// vi: -
type RowKey struct {
	At  int64
	Due clock.Date
	ID  string
}

// RegisterKey is a line's place in a register.
//
// vi: -
type RegisterKey struct {
	At int64
	ID string
}

// Row is a letter in the book's list. Of a sealed one it names nobody.
//
// vi: dòng trong sổ đơn
type Row struct {
	ID          string      `db:"id"`
	Code        string      `db:"code"`
	Title       string      `db:"title"`
	State       cases.State `db:"state"`
	Due         clock.Date  `db:"due"`
	Sealed      bool        `db:"sealed"`
	OpenedAt    db.Time     `db:"opened_at"`
	Kind        Kind        `db:"kind"`
	Source      Source      `db:"source"`
	ReceivedOn  clock.Date  `db:"received_on"`
	SenderLine  string      `db:"sender_line"`
	SenderCount int         `db:"sender_count"`
	Summary     string      `db:"summary"`
}

// List is one page of the book.
//
// vi: sổ đơn
type List struct {
	Filter Filter
	Rows   []Row
	Next   RowKey // of the following page; no ID: there is none
}

const pageRows = 50

// knowsSealed: the standing committee and the chair do not see sealed letters in
// lists; of the office those do who may see one (kernel/cases, CanSee).
func knowsSealed(who org.Actor) bool {
	return who.BodyKind == org.Office && (who.Has(org.Clerk) || who.Has(org.Head))
}

// final reports whether letters in a state have ended.
func final(s cases.State) bool {
	return !slices.Contains([]cases.State{"received", "proposed", "following", "answered"}, s)
}

// states are all of a letter's, in the order of the work.
var states = []cases.State{"received", "proposed", "following", "answered", "accepted", "refused", "guided", "returned", "filed", "joined", "split", "withdrawn", "closed"}

// List gives one page of the council's book.
func (s *Service) List(ctx context.Context, who org.Actor, f Filter) (l List, err error) {
	f.Today = clock.Today(s.Clock)
	l.Filter = f
	if f.Kind.Sealed() && !knowsSealed(who) {
		return l, nil // to find that out row by row takes longer the more of them there are
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		l.Rows, err = rows(ctx, tx, f, who.CouncilID, knowsSealed(who), pageRows+1)
		return err
	})
	l.Next = RowKey{}
	if len(l.Rows) > pageRows {
		l.Rows = l.Rows[:pageRows]
		last := l.Rows[pageRows-1]
		l.Next = RowKey{At: last.OpenedAt.UnixMicro(), Due: last.Due, ID: last.ID}
	}
	return l, err
}

// Sheet is one letter as an official may see it.
//
// vi: hồ sơ đơn
type Sheet struct {
	Case      cases.Case
	Letter    Letter
	Senders   []Sender
	Papers    []documents.Paper
	Held      []held.Note // scans that wait for the classification; for who may open them
	HeldMany  int
	Along     []delivery.Enclosure // what goes along with sendings
	Offered   []delivery.Enclosure // what may; only while the forwarding may be signed
	Sendings  []Sending
	Twins     []Twin
	Parts     []Letter
	Joined    []Letter
	Parent    Letter
	Into      Letter
	Acts      []cases.Act
	Notes     map[int]string // by act
	Deadlines []cases.Deadline
	May       []cases.Verb
	Bodies    map[string]org.Body
	Unit      org.Unit
	Asked     []org.Body // bodies that may be asked
	Today     clock.Date
	Sealed    string       // the address where it is read; empty: nowhere
	Place     sealed.Place // where the council keeps denunciations; only while the letter may be classified
}

// Can reports whether the person could do a verb as the case stands.
func (v Sheet) Can(verb string) bool {
	return slices.ContainsFunc(v.May, func(m cases.Verb) bool { return m.Name == verb })
}

// Sheet loads one letter for a person.
func (s *Service) Sheet(ctx context.Context, who org.Actor, id string) (v Sheet, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := s.Cases.Case(ctx, tx, who, id)
		if err != nil {
			return err
		}
		v = Sheet{Case: *c, Today: clock.Today(s.Clock)}
		if len(c.Stands(who)) == 0 {
			return fault.New(fault.Missing, "cases.no_such_case") // deputies read petitions, not letters
		}
		if v.Letter, err = letterOf(ctx, tx, id); err != nil {
			return err
		}
		if v.May, err = s.Cases.May(c, who); err != nil {
			return err
		}
		if c.Sealed {
			v.Sealed = sealed.PageOf(id)
		}
		return v.load(ctx, tx, s, who)
	})
	return v, err
}

func (v *Sheet) load(ctx context.Context, tx *db.Tx, s *Service, who org.Actor) (err error) {
	id := v.Case.ID
	loads := []func() error{
		func() (err error) { v.Senders, err = sendersOf(ctx, tx, id); return err },
		func() (err error) { v.Papers, err = s.Documents.List(ctx, tx, subject(id)); return err },
		func() (err error) { v.Held, err = s.held.Of(ctx, tx, id); return err },
		func() (err error) { v.Sendings, err = sendings.Of(ctx, tx, id); return err },
		func() (err error) { v.Along, err = s.delivery.Of(ctx, tx, id); return err },
		func() (err error) { v.Parts, err = partsOf(ctx, tx, id); return err },
		func() (err error) { v.Joined, err = joinedTo(ctx, tx, id); return err },
		func() (err error) { v.Acts, err = cases.Acts(ctx, tx, id); return err },
		func() (err error) { v.Notes, err = notesOf(ctx, tx, id); return err },
		func() (err error) { v.Deadlines, err = cases.Deadlines(ctx, tx, id); return err },
	}
	if v.Case.Open {
		loads = append(loads, func() (err error) { v.Twins, err = s.twins(ctx, tx, who, v.Letter); return err })
	}
	for _, other := range []struct {
		id string
		at *Letter
	}{{v.Letter.ParentID, &v.Parent}, {v.Letter.JoinedTo, &v.Into}} {
		if other.id != "" {
			loads = append(loads, func() (err error) { *other.at, err = letterOf(ctx, tx, other.id); return err })
		}
	}
	for _, load := range loads {
		if err := load(); err != nil {
			return err
		}
	}
	if v.HeldMany = len(v.Held); !held.MayOpen(who) {
		v.Held = nil
	}
	ids := []string{v.Case.OwnerBodyID, v.Letter.BodyID}
	for _, f := range v.Sendings {
		ids = append(ids, f.ToBodyID)
	}
	if v.Bodies, err = org.BodiesNamed(ctx, tx, ids); err != nil {
		return err
	}
	if v.Can(string(Forward)) {
		if v.Offered, err = s.mayEnclose(ctx, tx, id); err != nil {
			return err
		}
	}
	if v.Can("classify") {
		if v.Asked, err = s.askable(ctx, tx, v.Case.CouncilID); err != nil {
			return err
		}
		if v.Place, err = sealed.PlaceOf(ctx, tx, v.Case.CouncilID, v.Today); err != nil {
			return err
		}
	}
	if v.Unit, err = org.UnitOf(ctx, tx, v.Case.UnitCode, v.Today); fault.Is(err, "db.no_row") {
		v.Unit, err = org.Unit{Code: v.Case.UnitCode, FullName: v.Case.UnitCode}, nil
	}
	return err
}

// Reckoned is a deadline of a letter or matter with the reason for its date.
//
// vi: giải trình thời hạn xử lý đơn
type Reckoned struct {
	Case     cases.Case
	Deadline cases.Deadline
	Counted  calendar.Deadline
	Why      []clocks.Reason // this rule and no other
	Today    clock.Date
}

func (x Reckoned) shown(path string) course.Reckoned {
	v := course.Reckoned{Code: x.Case.Code, Deadline: x.Deadline, Counted: x.Counted, Today: x.Today, Back: path + "/" + x.Case.ID}
	for _, why := range x.Why {
		v.Why = append(v.Why, string(why))
	}
	return v
}

// Explain tells a person why a deadline is when it is.
func (s *Service) Explain(ctx context.Context, who org.Actor, id, deadlineID string) (x Reckoned, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := s.Cases.Case(ctx, tx, who, id)
		if err != nil {
			return err
		}
		d, err := cases.DeadlineOf(ctx, tx, id, deadlineID)
		if fault.Is(err, "db.no_row") {
			return fault.New(fault.Missing, "cases.no_such_case")
		}
		if err != nil {
			return err
		}
		counted, err := s.Cases.Explain(d)
		if err != nil {
			return err
		}
		x = Reckoned{Case: *c, Deadline: d, Counted: counted, Today: clock.Today(s.Clock)}
		x.Why, err = s.whyRule(ctx, tx, c, d)
		return err
	})
	return x, err
}

// stepOf is the step of the law that a clock of a letter measures.
func stepOf(deadline string, k clocks.Kind) clocks.Step {
	switch {
	case deadline == "handle" && k == clocks.Complaint:
		return clocks.Accept
	case deadline == "handle" && k == clocks.Denunciation:
		return clocks.HandleFirst
	case deadline == "handle":
		return clocks.TellResult
	case deadline == "answer":
		return clocks.AnswerCouncil
	}
	return clocks.Step(deadline)
}

// whyRule says why a clock runs by its rule. Of a clock that began under other
// facts, or that follows from nothing else, there is nothing to say.
func (s *Service) whyRule(ctx context.Context, tx *db.Tx, c *cases.Case, d cases.Deadline) ([]clocks.Reason, error) {
	f := clocks.Facts{On: d.Run.V.Start}
	if c.Procedure == "letter" {
		l, err := letterOf(ctx, tx, c.ID)
		if err != nil {
			return nil, err
		}
		f.Kind, f.Second, f.Places = limitKind(l.Kind), l.Instance == 2, l.ManyPlaces
		f.Step = stepOf(d.Name, f.Kind)
	} else {
		m, err := matterOf(ctx, tx, c.ID)
		if err != nil {
			return nil, err
		}
		f = m.facts(clocks.Step(d.Name), d.Run.V.Start)
	}
	l, err := clocks.Choose(f)
	if err != nil || l.Rule != d.RuleKey {
		return nil, nil
	}
	return l.Why, nil
}

// Paper opens one paper of a letter for a person.
func (s *Service) Paper(ctx context.Context, who org.Actor, id, paperID string) (p documents.Paper, r io.ReadCloser, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := s.Cases.Case(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if p, err = s.Documents.Find(ctx, tx, paperID); err != nil {
			return err
		}
		if p.SubjectKind != "letter" && p.SubjectKind != "matter" || p.SubjectID != c.ID || len(c.Stands(who)) == 0 {
			return fault.New(fault.Missing, "documents.no_paper")
		}
		return nil
	})
	if err != nil {
		return p, nil, err
	}
	r, err = s.Documents.Open(ctx, p)
	return p, r, err
}

// RegisterLine is a line of the register of forwarded letters.
//
// vi: dòng sổ theo dõi đơn đã chuyển
type RegisterLine struct {
	Sending
	Letter Letter // briefly; Summary and SenderLine are empty when it is sealed
	Body   string
	Late   bool
}

// Register is one page of it.
//
// vi: sổ theo dõi đơn đã chuyển
type Register struct {
	Lines []RegisterLine
	Next  RegisterKey
	Today clock.Date
}

// Forwarded gives one page of the register of forwarded letters, the newest first.
func (s *Service) Forwarded(ctx context.Context, who org.Actor, after RegisterKey) (g Register, err error) {
	g.Today = clock.Today(s.Clock)
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		g.Lines, g.Next = nil, RegisterKey{}
		all, err := sendings.Register(ctx, tx, who.CouncilID, after.At, after.ID, pageRows+1)
		if err != nil {
			return err
		}
		if len(all) > pageRows {
			all = all[:pageRows]
			g.Next = RegisterKey{At: all[pageRows-1].At.UnixMicro(), ID: all[pageRows-1].ID}
		}
		var ids, bodies []string
		for _, f := range all {
			ids, bodies = append(ids, f.LetterID), append(bodies, f.ToBodyID)
		}
		letters, err := lettersBriefly(ctx, tx, ids)
		if err != nil {
			return err
		}
		of := map[string]Letter{}
		for _, l := range letters {
			of[l.ID] = l
		}
		named, err := org.BodiesNamed(ctx, tx, bodies)
		for _, f := range all {
			if of[f.LetterID].Kind.Sealed() && !knowsSealed(who) {
				continue
			}
			g.Lines = append(g.Lines, RegisterLine{Sending: f, Letter: of[f.LetterID], Body: named[f.ToBodyID].Name, Late: f.AnswerOn.IsZero() && !f.Ended && !f.Due.IsZero() && f.Due.Before(g.Today)})
		}
		return err
	})
	return g, err
}

// MatterRow is a matter in the list of those that the council settles itself.
//
// vi: -
type MatterRow struct {
	ID         string      `db:"id"`
	Code       string      `db:"code"`
	Title      string      `db:"title"`
	State      cases.State `db:"state"`
	Due        clock.Date  `db:"due"`
	Sealed     bool        `db:"sealed"`
	OpenedAt   db.Time     `db:"opened_at"`
	Kind       Kind        `db:"kind"`
	Instance   int         `db:"instance"`
	AcceptedOn clock.Date  `db:"accepted_on"`
	LetterID   string      `db:"letter_id"`
}

// Matters gives one page of complaints or denunciations that the council settles.
func (s *Service) Matters(ctx context.Context, who org.Actor, kind Kind, after RegisterKey) (all []MatterRow, next RegisterKey, err error) {
	if kind == Denunciation && !knowsSealed(who) {
		return nil, next, fault.New(fault.Missing, "cases.no_such_case")
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = matterRows(ctx, tx, who.CouncilID, kind, after, pageRows+1)
		return err
	})
	if len(all) > pageRows {
		all = all[:pageRows]
		next = RegisterKey{At: all[pageRows-1].OpenedAt.UnixMicro(), ID: all[pageRows-1].ID}
	}
	return all, next, err
}

// Dossier is one matter as an official may see it.
//
// vi: hồ sơ vụ việc
type Dossier struct {
	Case      cases.Case
	Matter    Matter
	Letter    Letter
	Joined    []Letter
	Acts      []cases.Act
	Notes     map[int]string
	Deadlines []cases.Deadline
	May       []cases.Verb
	Rulings   []rulings.Ruling
	Today     clock.Date
}

// Can reports whether the person could do a verb as the matter stands.
func (v Dossier) Can(verb string) bool {
	return slices.ContainsFunc(v.May, func(m cases.Verb) bool { return m.Name == verb })
}

// Dossier loads one matter for a person.
func (s *Service) Dossier(ctx context.Context, who org.Actor, id string) (v Dossier, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := s.Cases.Case(ctx, tx, who, id)
		if err != nil {
			return err
		}
		v = Dossier{Case: *c, Today: clock.Today(s.Clock)}
		if len(c.Stands(who)) == 0 {
			return fault.New(fault.Missing, "cases.no_such_case")
		}
		if v.Matter, err = matterOf(ctx, tx, id); err != nil {
			return err
		}
		if v.Letter, err = letterOf(ctx, tx, v.Matter.LetterID); err != nil {
			return err
		}
		if v.Joined, err = joinedTo(ctx, tx, v.Letter.ID); err != nil {
			return err
		}
		if v.May, err = s.Cases.May(c, who); err != nil {
			return err
		}
		if v.Acts, err = cases.Acts(ctx, tx, id); err != nil {
			return err
		}
		if v.Notes, err = notesOf(ctx, tx, id); err != nil {
			return err
		}
		if v.Rulings, err = s.rulings.Of(ctx, tx, id); err != nil {
			return err
		}
		v.Deadlines, err = cases.Deadlines(ctx, tx, id)
		return err
	})
	return v, err
}

// waiting counts what waits for a person, for the menu, to waitingMost.
func (s *Service) waiting(ctx context.Context, who org.Actor) (n int, err error) {
	state := "received"
	if who.Has(org.Head) || who.Has(org.Standing) || who.Has(org.Chair) {
		state = "proposed"
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		n, err = waiting(ctx, tx, who.CouncilID, state, knowsSealed(who))
		return err
	})
	return n, err
}

// reasonsFor are the reasons a proposal of this kind and result may give, for
// the form: all of the kind, by result.
func reasonsFor(k Kind) map[Result][]string {
	all := map[Result][]string{}
	for _, r := range results {
		if g := conditions.Grounds(string(k), string(r)); len(g) > 0 {
			all[r] = g
		}
	}
	return all
}

// criteria are the seven of the decree, for the form.
func criteria() []clocks.Criterion { return clocks.Criteria() }

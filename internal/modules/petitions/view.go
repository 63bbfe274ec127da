package petitions

import (
	"context"
	"io"
	"slices"
	"strconv"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/petitions/constituencies"
	"example.vn/hdnd/internal/modules/petitions/gate"
	"example.vn/hdnd/internal/modules/petitions/intake"
	"example.vn/hdnd/internal/modules/petitions/letters"
	"example.vn/hdnd/internal/modules/petitions/matching"
	"example.vn/hdnd/internal/modules/petitions/ratings"
	"example.vn/hdnd/internal/modules/petitions/redaction"
	"example.vn/hdnd/internal/modules/petitions/reminders"
	"example.vn/hdnd/internal/modules/petitions/reports"
	"example.vn/hdnd/internal/modules/petitions/shares"
	"example.vn/hdnd/internal/modules/petitions/worklist"
)

// Sheet is one petition as an official may see it: what is not theirs to read
// is not in it.
//
// vi: hồ sơ kiến nghị
type Sheet struct {
	Case        cases.Case
	Petition    Petition // Text, VoterName, Email and Phone only for those who may read them
	WholeText   bool     // Petition.Text is there
	Contact     bool     // name, e-mail and telephone are
	Points      []Point
	Answers     []Answer
	Forwardings []letters.Forwarding
	Papers      []documents.Paper
	Ratings     []ratings.Rating
	Source      intake.Source // when it did not come by the public page
	Memory      reports.Memory
	Shares      shares.CardView
	Named       []reminders.Named // letters that press for its answer
	Merged      map[int]string    // what other bodies say, for the answer's draft
	Withheld    redaction.Reason
	Held        bool              // the gate holds it back
	Fellows     []matching.Fellow // others of its group, for those with a side in the case
	Acts        []cases.Act
	Deadlines   []cases.Deadline
	May         []cases.Verb
	Bodies      map[string]org.Body // those named in the case
	Unit        org.Unit
	District    constituencies.Constituency // Number 0: none was entered
	Officer     string
	Today       clock.Date
	// Choices for the forms; empty when the person may not use them.
	Units    []org.Unit
	Asked    []org.Body // bodies that may be asked to answer
	Officers []org.Holder
	// Extends is how much more time may be granted at once, in days.
	ExtendMax int
}

// Can reports whether the person could do a verb as the case stands.
func (v Sheet) Can(verb string) bool {
	return slices.ContainsFunc(v.May, func(m cases.Verb) bool { return m.Name == verb })
}

// Running is the live deadline of a name; nil when none runs.
func (v Sheet) Running(name string) *cases.Deadline {
	for i := range v.Deadlines {
		if d := &v.Deadlines[i]; d.Name == name && d.Live() {
			return d
		}
	}
	return nil
}

// Sheet loads one petition for a person.
func (s *Service) Sheet(ctx context.Context, who org.Actor, id string) (v Sheet, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := s.Cases.Case(ctx, tx, who, id)
		if err != nil {
			return err
		}
		v = Sheet{Case: *c, Today: clock.Today(s.Clock), ExtendMax: extensionMax}
		if v.May, err = s.Cases.May(c, who); err != nil {
			return err
		}
		if err := v.load(ctx, tx, s, who); err != nil {
			return err
		}
		return v.offer(ctx, tx, who)
	})
	return v, err
}

func (v *Sheet) load(ctx context.Context, tx *db.Tx, s *Service, who org.Actor) (err error) {
	id := v.Case.ID
	if v.Petition, err = petitionOf(ctx, tx, id); err != nil {
		return err
	}
	if v.Points, err = pointsOf(ctx, tx, id); err != nil {
		return err
	}
	if v.Answers, err = answersOf(ctx, tx, id); err != nil {
		return err
	}
	if v.Forwardings, err = letters.Of(ctx, tx, id); err != nil {
		return err
	}
	if v.Acts, err = cases.Acts(ctx, tx, id); err != nil {
		return err
	}
	if v.Deadlines, err = cases.Deadlines(ctx, tx, id); err != nil {
		return err
	}
	if v.Ratings, err = ratings.Of(ctx, tx, id); err != nil {
		return err
	}
	if v.Source, err = intake.SourceOf(ctx, tx, id); err != nil {
		return err
	}
	held, err := gate.HeldAmong(ctx, tx, []string{id})
	if err != nil {
		return err
	}
	v.Held = held[id] && v.Can("classify")
	if v.Withheld, err = redaction.Of(ctx, tx, id); err != nil {
		return err
	}
	if len(v.Case.Stands(who)) > 0 {
		if v.Fellows, _, err = matching.FellowsOf(ctx, tx, who, &v.Case); err != nil {
			return err
		}
		if v.Memory, err = s.reports.MemoryOf(ctx, tx, who, id); err != nil {
			return err
		}
	}
	if v.Named, err = s.reminders.Of(ctx, tx, who, &v.Case); err != nil {
		return err
	}
	if v.Shares, err = s.shares.CardOf(ctx, tx, who, &v.Case); err != nil {
		return err
	}
	if v.Can("answer") {
		v.Merged = s.shares.Merged(v.Shares.Current(), numbers(v.Points))
	}
	papers, err := s.Documents.List(ctx, tx, documents.Subject{Kind: "petition", ID: id})
	if err != nil {
		return err
	}
	for _, p := range papers {
		if readsPaper(v.Case, who, p) {
			v.Papers = append(v.Papers, p)
		}
	}
	v.withhold(who)
	return v.names(ctx, tx)
}

// withhold takes out what this person may not read: contact is for the office,
// the voter's own words for those with a side in the case.
func (v *Sheet) withhold(who org.Actor) {
	p := &v.Petition
	p.Key = ""
	if v.Contact = readsContact(v.Case, who); !v.Contact {
		p.VoterName, p.Email, p.Phone = "", "", ""
	}
	if v.WholeText = len(v.Case.Stands(who)) > 0; !v.WholeText {
		p.Text, v.Ratings, v.Source, v.Withheld = "", nil, intake.Source{}, ""
		if !v.Case.Public {
			v.Case.Title, p.PublicText, v.Points = "", "", nil
		}
		for i := range v.Acts {
			v.Acts[i].Note = "" // written between those who have a side in the case
		}
	}
}

// readsContact: names and addresses of voters are for the office that takes
// petitions in, and for nobody else.
func readsContact(c cases.Case, who org.Actor) bool {
	return slices.Contains(c.Stands(who), cases.Owner) && (who.Has(org.Clerk) || who.Has(org.Head))
}

// readsPaper: whoever has a side in the case reads its papers; others only
// those that were published.
func readsPaper(c cases.Case, who org.Actor, p documents.Paper) bool {
	return len(c.Stands(who)) > 0 || p.Public
}

func (v *Sheet) names(ctx context.Context, tx *db.Tx) (err error) {
	ids := []string{v.Case.OwnerBodyID, v.Case.HolderBodyID, v.Case.ExaminerBodyID, v.Petition.BodyID}
	for _, f := range v.Forwardings {
		ids = append(ids, f.ToBodyID)
	}
	if v.District, _, err = constituencies.OfUnit(ctx, tx, v.Case.CouncilID, v.Case.UnitCode, clock.DateOf(v.Case.OpenedAt.Time)); err != nil {
		return err
	}
	if v.Bodies, err = org.BodiesNamed(ctx, tx, ids); err != nil {
		return err
	}
	if v.Unit, err = org.UnitOf(ctx, tx, v.Case.UnitCode, v.Today); fault.Is(err, "db.no_row") {
		v.Unit, err = org.Unit{Code: v.Case.UnitCode, FullName: v.Case.UnitCode}, nil
	}
	if err != nil || v.Case.AssigneePostID == "" {
		return err
	}
	post, err := org.PostOf(ctx, tx, v.Case.AssigneePostID)
	if err != nil {
		return err
	}
	person, err := org.PersonOf(ctx, tx, post.PersonID)
	v.Officer = person.Name + ", " + post.Title
	return err
}

// offer loads what the person's forms choose from.
func (v *Sheet) offer(ctx context.Context, tx *db.Tx, who org.Actor) (err error) {
	if v.Can("classify") {
		if v.Units, err = worklist.UnitsOfCity(ctx, tx, v.Today); err != nil {
			return err
		}
		if v.Asked, err = asked(ctx, tx, v.Case.CouncilID, v.Today); err != nil {
			return err
		}
	}
	if v.Can("assign") {
		v.Officers, err = org.Holders(ctx, tx, who.BodyID, v.Today)
	}
	return err
}

// asked lists the bodies a council may ask: its own, of a ward also the city's,
// of the city also every ward's People's Committee.
func asked(ctx context.Context, tx *db.Tx, councilID string, today clock.Date) ([]org.Body, error) {
	council, err := org.CouncilOf(ctx, tx, councilID)
	if err != nil {
		return nil, err
	}
	all, err := org.AnsweringTo(ctx, tx, council)
	return slices.DeleteFunc(all, func(b org.Body) bool { return !b.Open(today) }), err
}

// Reckoned is a deadline with the reason for its date.
//
// vi: giải trình thời hạn
type Reckoned struct {
	Case     cases.Case
	Deadline cases.Deadline
	Counted  calendar.Deadline
	Today    clock.Date
}

// Explain tells a person why a deadline of a petition is when it is.
func (s *Service) Explain(ctx context.Context, who org.Actor, id, deadlineID string) (x Reckoned, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := s.Cases.Case(ctx, tx, who, id)
		if err != nil {
			return err
		}
		x, err = s.explained(ctx, tx, c, deadlineID)
		return err
	})
	return x, err
}

func (s *Service) explained(ctx context.Context, tx *db.Tx, c *cases.Case, deadlineID string) (Reckoned, error) {
	d, err := cases.DeadlineOf(ctx, tx, c.ID, deadlineID)
	if fault.Is(err, "db.no_row") {
		return Reckoned{}, fault.New(fault.Missing, "petitions.no_deadline")
	}
	if err != nil {
		return Reckoned{}, err
	}
	counted, err := s.Cases.Explain(d)
	return Reckoned{Case: *c, Deadline: d, Counted: counted, Today: clock.Today(s.Clock)}, err
}

// Paper opens one paper of a petition for a person; page > 0 asks for the
// picture of that page instead of the paper itself.
func (s *Service) Paper(ctx context.Context, who org.Actor, id, paperID string, page int) (documents.Paper, io.ReadCloser, error) {
	p, err := s.paper(ctx, paperID, func(tx *db.Tx) (*cases.Case, error) { return s.Cases.Case(ctx, tx, who, id) },
		func(c *cases.Case, p documents.Paper) bool { return readsPaper(*c, who, p) })
	if err != nil {
		return p, nil, err
	}
	return s.openPaper(ctx, p, page)
}

func (s *Service) paper(ctx context.Context, paperID string, find func(tx *db.Tx) (*cases.Case, error), reads func(*cases.Case, documents.Paper) bool) (p documents.Paper, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := find(tx)
		if err != nil {
			return err
		}
		p, err = s.Documents.Find(ctx, tx, paperID)
		if err != nil {
			return err
		}
		if p.SubjectKind != "petition" || p.SubjectID != c.ID || !reads(c, p) {
			return fault.New(fault.Missing, "documents.no_paper")
		}
		return nil
	})
	return p, err
}

func (s *Service) openPaper(ctx context.Context, p documents.Paper, page int) (documents.Paper, io.ReadCloser, error) {
	if page <= 0 {
		r, err := s.Documents.Open(ctx, p)
		return p, r, err
	}
	b, err := s.Documents.Preview(ctx, p.Hash, page)
	if err != nil {
		return p, nil, err
	}
	if b.Hash != p.Hash {
		p.MediaType, p.Name = "image/png", p.Name+"-"+strconv.Itoa(page)+".png"
	}
	r, err := s.Documents.Blobs.Open(ctx, b.Hash)
	return p, r, err
}

// ActReceipt is the log's word for one act of a petition.
func (s *Service) ActReceipt(ctx context.Context, who org.Actor, id string, number int) (c cases.Case, r audit.Receipt, err error) {
	var leaf string
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		found, err := s.Cases.Case(ctx, tx, who, id)
		if err != nil {
			return err
		}
		c = *found
		leaf, err = leafOf(ctx, tx, id, number, func(cases.Act) bool { return true })
		return err
	})
	if err != nil {
		return c, r, err
	}
	r, err = s.Audit.Receipt(ctx, leaf)
	return c, r, err
}

// leafOf finds the leaf of an act that may be shown.
func leafOf(ctx context.Context, tx *db.Tx, caseID string, number int, shown func(cases.Act) bool) (string, error) {
	acts, err := cases.Acts(ctx, tx, caseID)
	if err != nil {
		return "", err
	}
	for _, a := range acts {
		if a.Number == number && shown(a) {
			return a.LeafID, nil
		}
	}
	return "", fault.New(fault.Missing, "petitions.no_act")
}

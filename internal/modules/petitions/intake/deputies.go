package intake

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// mayCompare is the right to see what each deputy brought and what became of it.
var mayCompare = auth.Permission{Name: "petitions.deputies", Roles: []org.Role{org.Clerk, org.Head, org.Standing, org.Chair, org.Deputy}}

// Limits of what is read of deputies.
const (
	namesMax     = 10  // deputies of one petition
	nameRunesMax = 120 // characters of one name
	unknownPage  = 30
	broughtPage  = 50
	broughtMost  = 5_000 // rows of an export
)

// Bringer is who brought a petition: a person of the register by Key "@id", or
// a name as somebody wrote it.
//
// vi: đại biểu chuyển kiến nghị
type Bringer struct{ Key, Written string }

// chosen is a deputy of the register.
func chosen(personID, name string) Bringer { return Bringer{"@" + personID, name} }

// titles are the words before names, folded. Some of them are surnames too, so
// two words are always left.
var titles = []string{"dong chi ", "dai bieu ", "ong ", "ba ", "db ", "dc ", "pgs ", "gs ", "ts ", "ths "}

// nameKey is what makes two spellings of a name one: without accents, case,
// signs and titles.
func nameKey(written string) string {
	key := strings.Join(strings.FieldsFunc(text.Fold(written), func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') }), " ")
	for i := 0; i < len(titles); i++ {
		if rest, ok := strings.CutPrefix(key, titles[i]); ok && strings.Contains(rest, " ") {
			key, i = rest, -1
		}
	}
	return key
}

// namesIn reads the deputies named in a cell: "ông Trần Văn An; bà Lê Thị Bình".
func namesIn(written string) (all []Bringer) {
	written = strings.NewReplacer("đ/c", " ", "Đ/c", " ", "Đ/C", " ", " và ", ",", "&", ",", "+", ",").Replace(text.Clean(written))
	for _, name := range severalOf(written) {
		key := nameKey(name)
		if key == "" || utf8.RuneCountInString(name) > nameRunesMax || len(all) == namesMax || slices.ContainsFunc(all, func(b Bringer) bool { return b.Key == key }) {
			continue
		}
		all = append(all, Bringer{key, name})
	}
	return all
}

// Deputy is a deputy of a council, past ones too.
//
// vi: đại biểu HĐND
type Deputy struct {
	PersonID string `db:"person_id"`
	Name     string `db:"name"`
	Group    string `db:"body_name"`
}

// register is a council's deputies and what the clerk decided of names.
type register struct {
	deputies []Deputy
	ties     map[string]string // by name; '' for nobody
	byName   map[string]string // the only deputy of a name; '' when there are several
}

func registerOf(ctx context.Context, tx *db.Tx, councilID string) (r register, err error) {
	if r.deputies, err = deputiesOf(ctx, tx, councilID); err != nil {
		return r, err
	}
	r.byName = map[string]string{}
	for _, d := range r.deputies {
		key := nameKey(d.Name)
		if _, twice := r.byName[key]; twice {
			r.byName[key] = ""
		} else {
			r.byName[key] = d.PersonID
		}
	}
	r.ties, err = tiesOf(ctx, tx, councilID)
	return r, err
}

// person is the deputy whose a name is; empty when nobody knows.
func (r register) person(key string) string {
	if id, ok := strings.CutPrefix(key, "@"); ok {
		return id
	}
	if id, decided := r.ties[key]; decided {
		return id
	}
	return r.byName[key]
}

// names are the keys of all names that are a person's.
func (r register) names(personID string) []string {
	all := []string{"@" + personID}
	for key, id := range r.byName {
		if _, decided := r.ties[key]; id == personID && !decided {
			all = append(all, key)
		}
	}
	for key, id := range r.ties {
		if id == personID {
			all = append(all, key)
		}
	}
	slices.Sort(all)
	return all
}

func (r register) find(personID string) (Deputy, bool) {
	i := slices.IndexFunc(r.deputies, func(d Deputy) bool { return d.PersonID == personID })
	if i < 0 {
		return Deputy{}, false
	}
	return r.deputies[i], true
}

// compares refuses whoever sees nothing of what deputies brought: the right on
// the address names roles only.
func compares(who org.Actor) error {
	switch {
	case oversees(who), who.SignedIn() && who.Has(org.Deputy):
		return nil
	}
	return fault.New(fault.Missing, "web.fault_missing")
}

// oversees reports whether a person may read every deputy's petitions.
func oversees(who org.Actor) bool {
	return who.BodyKind == org.Office && (who.Has(org.Clerk) || who.Has(org.Head)) || who.BodyKind == org.StandingCommittee && (who.Has(org.Standing) || who.Has(org.Chair))
}

// reads reports whether a person may read the list of one deputy's petitions.
func reads(who org.Actor, personID string) bool {
	return oversees(who) || who.Has(org.Deputy) && personID != "" && who.PersonID == personID
}

// Figures are what became of the petitions that somebody brought.
//
// vi: kết quả kiến nghị của đại biểu
type Figures struct {
	Brought   int64            `json:"brought"`
	Forwarded int64            `json:"forwarded"`
	InTime    int64            `json:"in_time"`
	Late      int64            `json:"late"`
	Open      int64            `json:"open"`
	Promises  int64            `json:"promises"` // with a date, not yet kept
	Passed    int64            `json:"passed"`   // of these, whose date has passed
	Outcomes  map[string]int64 `json:"outcomes"` // by the outcome of the answer that stands
}

func (f *Figures) add(g Figures) {
	f.Brought, f.Forwarded, f.InTime, f.Late = f.Brought+g.Brought, f.Forwarded+g.Forwarded, f.InTime+g.InTime, f.Late+g.Late
	f.Open, f.Promises, f.Passed = f.Open+g.Open, f.Promises+g.Promises, f.Passed+g.Passed
	for name, n := range g.Outcomes {
		if f.Outcomes == nil {
			f.Outcomes = map[string]int64{}
		}
		f.Outcomes[name] += n
	}
}

// DeputyRow is a deputy with their figures.
//
// vi: -
type DeputyRow struct {
	Deputy
	Figures
	Reads bool // the list of the petitions too
}

// Period is which petitions are counted; empty parts mean all.
//
// vi: -
type Period struct{ TermID, Session string }

// Comparison is what each deputy of a council brought and what became of it.
//
// vi: kết quả theo đại biểu
type Comparison struct {
	Period
	Rows     []DeputyRow
	Terms    []org.Term
	Sessions map[string]string // as written, by key
	Until    db.Time           // what happened later is not counted yet
	Unknown  []UnknownName     // for the clerk
	Next     string            // the last of Unknown; empty at the end
	Ties     []Tie             // for the clerk
}

// UnknownName is a name that is of no deputy, or of several.
//
// vi: tên đại biểu chưa gắn
type UnknownName struct {
	Key     string `db:"name_key"`
	Written string `db:"written"`
	N       int64  `db:"n"`
}

// Tie is a name that the clerk said whose it is.
//
// vi: tên đại biểu đã gắn
type Tie struct {
	Key  string
	Name string // of the deputy; empty: nobody's
}

// Compare gives the figures of all deputies of the person's council.
func (d *Desk) Compare(ctx context.Context, who org.Actor, p Period, after string) (c Comparison, err error) {
	if err := compares(who); err != nil {
		return c, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		c = Comparison{Period: p, Sessions: map[string]string{}}
		r, err := registerOf(ctx, tx, who.CouncilID)
		if err != nil {
			return err
		}
		at, err := countingPosition(ctx, tx)
		if err != nil {
			return err
		}
		c.Until = at.Seen
		if c.Terms, err = termsOf(ctx, tx, who.CouncilID); err != nil {
			return err
		}
		if err := c.sum(ctx, tx, who, r); err != nil || allowed(who) != nil {
			return err
		}
		return c.unknown(ctx, tx, who.CouncilID, r, after)
	})
	return c, err
}

// sum adds the counters of each deputy's names.
func (c *Comparison) sum(ctx context.Context, tx *db.Tx, who org.Actor, r register) error {
	var keys []string
	rows := map[string]*DeputyRow{}
	for _, dep := range r.deputies {
		rows[dep.PersonID] = &DeputyRow{Deputy: dep, Reads: reads(who, dep.PersonID)}
		keys = append(keys, r.names(dep.PersonID)...)
	}
	counts, err := countsOf(ctx, tx, who.CouncilID, keys)
	if err != nil {
		return err
	}
	for _, n := range counts {
		if n.SessionKey != "" {
			c.Sessions[n.SessionKey] = n.Session
		}
		if row := rows[r.person(n.Key)]; row != nil && (c.TermID == "" || c.TermID == n.TermID) && (c.Session == "" || c.Session == n.SessionKey) {
			row.add(n.Figures.V)
		}
	}
	for _, dep := range r.deputies {
		c.Rows = append(c.Rows, *rows[dep.PersonID])
	}
	return nil
}

// unknown lists for the clerk what names are nobody's, and what was decided.
func (c *Comparison) unknown(ctx context.Context, tx *db.Tx, councilID string, r register, after string) (err error) {
	var known []string
	for key, id := range r.byName {
		if _, decided := r.ties[key]; id != "" && !decided {
			known = append(known, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(r.ties)) {
		dep, _ := r.find(r.ties[key])
		c.Ties = append(c.Ties, Tie{key, dep.Name})
		if dep.Name != "" {
			known = append(known, key)
		}
	}
	if c.Unknown, err = unknownNames(ctx, tx, councilID, known, after, unknownPage+1); len(c.Unknown) > unknownPage {
		c.Unknown = c.Unknown[:unknownPage]
		c.Next = c.Unknown[unknownPage-1].Key
	}
	return err
}

// TieName says whose a written name is: a deputy's of the clerk's council, or
// nobody's when personID is empty. What is so already is not said again.
func (d *Desk) TieName(ctx context.Context, who org.Actor, key, personID string) error {
	if err := allowed(who); err != nil {
		return err
	}
	if key == "" || key != nameKey(key) || utf8.RuneCountInString(key) > nameRunesMax {
		return fault.New(fault.Invalid, "intake.no_name").At("key")
	}
	now := d.Clock.Now()
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		r, err := registerOf(ctx, tx, who.CouncilID)
		if err != nil {
			return err
		}
		dep, known := r.find(personID)
		if personID != "" && !known {
			return fault.New(fault.Invalid, "intake.no_deputy").At("person")
		}
		if before, decided := r.ties[key]; decided && before == personID {
			return nil
		}
		if err := saveTie(ctx, tx, who.CouncilID, key, personID, who.PersonID, db.At(now)); err != nil {
			return err
		}
		verb := "intake.tie_deputy"
		if personID == "" {
			verb = "intake.untie_deputy"
		}
		_, err = d.Audit.Append(ctx, tx, audit.Entry{CouncilID: who.CouncilID, Subject: who.CouncilID, Verb: verb, At: now, Who: who,
			Details: map[string]any{"name": key, "person": personID, "deputy": dep.Name, "before": r.person(key)}})
		return err
	})
}

// Brought is a petition that a deputy brought.
//
// vi: kiến nghị do đại biểu chuyển
type Brought struct {
	cases.Case
	Session  string     `db:"session"`
	Outcome  string     `db:"outcome"`
	Promised clock.Date `db:"promised"`
}

// BroughtList is a page of a deputy's petitions.
//
// vi: -
type BroughtList struct {
	Period
	Deputy Deputy
	Rows   []Brought
	Next   string
}

// BroughtBy lists the petitions of a deputy of the person's council, the newest
// first. What was sealed or split off since is not there.
func (d *Desk) BroughtBy(ctx context.Context, who org.Actor, personID string, p Period, after string, limit int) (l BroughtList, err error) {
	if err := compares(who); err != nil {
		return l, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		l = BroughtList{Period: p}
		r, err := registerOf(ctx, tx, who.CouncilID)
		if err != nil {
			return err
		}
		known := false
		if l.Deputy, known = r.find(personID); !known || !reads(who, personID) {
			return fault.New(fault.Missing, "intake.no_such_deputy")
		}
		ids, err := broughtIDs(ctx, tx, who.CouncilID, r.names(personID), p, after, limit+1)
		if err != nil {
			return err
		}
		if len(ids) > limit {
			ids = ids[:limit]
			l.Next = ids[limit-1]
		}
		l.Rows, err = broughtByID(ctx, tx, who.CouncilID, ids)
		return err
	})
	slices.SortFunc(l.Rows, func(a, b Brought) int { return cmp.Compare(b.ID, a.ID) })
	l.Rows = slices.CompactFunc(l.Rows, func(a, b Brought) bool { return a.ID == b.ID }) // named twice, in two spellings
	for i := range l.Rows {
		// The voter's own words are for those with a side in the case.
		if c := &l.Rows[i].Case; !c.Public && len(c.Stands(who)) == 0 {
			c.Title = ""
		}
	}
	return l, err
}

// Deputies lists the deputies that a form of the clerk's council may choose.
func (d *Desk) Deputies(ctx context.Context, who org.Actor) (all []Deputy, err error) {
	if err := allowed(who); err != nil {
		return nil, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = deputiesOf(ctx, tx, who.CouncilID)
		return err
	})
	return all, err
}

// chosenDeputy is the deputy that a form named; nobody when it named none.
func chosenDeputy(ctx context.Context, tx *db.Tx, councilID, personID string) ([]Bringer, error) {
	if personID == "" {
		return nil, nil
	}
	all, err := deputiesOf(ctx, tx, councilID)
	if err != nil {
		return nil, err
	}
	dep, known := register{deputies: all}.find(personID)
	if !known {
		return nil, fault.New(fault.Invalid, "intake.no_deputy").At("deputy")
	}
	return []Bringer{chosen(dep.PersonID, dep.Name)}, nil
}

// brought are the deputies of a meeting, who bring what is said there.
func (m VoterMeeting) brought() (all []Bringer) {
	for _, p := range m.Deputies.V {
		if p.PersonID != "" {
			all = append(all, chosen(p.PersonID, p.Name))
		} else if named := namesIn(p.Name); len(named) > 0 {
			all = append(all, named[0])
		}
	}
	return all
}

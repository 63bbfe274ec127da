package petitions

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/search"
	"example.vn/hdnd/internal/kernel/text"
)

// Limits of the work list.
const (
	pageRows  = 50
	countMost = 1000  // beyond it the list says "1.000+"
	foundMost = 200   // hits of a text search that are looked at
	exportMax = 5_000 // rows of an export
	soonDays  = 7     // "due soon" on the list: within a week
)

// Tab is a standing part of the work list.
//
// vi: nhóm việc
type Tab string

// The tabs.
const (
	TabAll   Tab = ""
	TabMine  Tab = "mine" // the next step is this person's
	TabLate  Tab = "late"
	TabSoon  Tab = "soon"
	TabAsked Tab = "asked" // more time was asked for and waits for an answer
)

// Scope is the side from which a person looks at the petitions.
//
// vi: phạm vi xem
type Scope string

// The scopes.
const (
	ScopeCouncil  Scope = "council"  // all of the council
	ScopeExaminer Scope = "examiner" // those the committee examines
	ScopeHolder   Scope = "holder"   // those forwarded to the body
	ScopeAssignee Scope = "assignee" // those assigned to the officer
)

// Filter is what a person asks of the work list.
//
// vi: bộ lọc
type Filter struct {
	Scope  Scope
	Tab    Tab
	State  cases.State
	Field  string // of a petition, or a committee's whole branch
	Ward   string // code
	BodyID string // whose desk it is on
	From   clock.Date
	Until  clock.Date // due within
	Text   string
	ByDue  bool
	After  string // place of the last row of the page before
	Before string // place of the first row of the page after
}

// Row is a petition on the work list.
//
// vi: dòng danh sách
type Row struct {
	cases.Case
	Body string // whose desk it is on, or will answer
	Unit string
}

// List is one page of the work list, with what its filters offer.
//
// vi: danh sách công việc
type List struct {
	Filter   Filter
	Scopes   []Scope
	Rows     []Row
	Next     string // place; empty at the end
	Previous string
	Count    int // of all rows, counted no further than Capped
	Capped   bool
	Cut      bool // a text search looked at its best hits only
	Units    []org.Unit
	Bodies   []org.Body
	Views    []View
	Today    clock.Date
	Tabs     []TabCount
	CanBulk  bool // accept and assign several at once
}

// TabCount is a tab and how much it holds, counted to 100.
//
// vi: số việc theo nhóm
type TabCount struct {
	Tab   Tab
	Count int
}

// scopesOf lists the sides a person may look from, the nearest first. It says
// of lists what Case.CanSee says of one case.
func scopesOf(who org.Actor) []Scope {
	var all []Scope
	switch {
	case !who.SignedIn():
		return nil
	case who.BodyKind == org.Office && (who.Has(org.Clerk) || who.Has(org.Head)), who.BodyKind == org.StandingCommittee:
		all = append(all, ScopeCouncil)
	case who.BodyKind == org.Committee:
		all = append(all, ScopeExaminer)
	case who.BodyKind.Answers() && (who.Has(org.BodyHead) || who.Has(org.BodyClerk)):
		all = append(all, ScopeHolder)
	case who.BodyKind.Answers() && who.Has(org.Handler):
		all = append(all, ScopeAssignee)
	}
	if who.Has(org.Deputy) && !slices.Contains(all, ScopeCouncil) {
		all = append(all, ScopeCouncil)
	}
	return all
}

// onlyReads reports whether a person looks on without a side in the council's
// cases: a deputy. Such readers get what is public of a petition's words.
func onlyReads(who org.Actor, s Scope) bool {
	return s == ScopeCouncil && who.BodyKind != org.StandingCommittee && (who.BodyKind != org.Office || !who.Has(org.Clerk) && !who.Has(org.Head))
}

// reachOf is what a person sees from a side; their nearest when none is asked.
func reachOf(who org.Actor, asked Scope) (reach, bool) {
	scopes := scopesOf(who)
	if len(scopes) == 0 {
		return reach{}, false
	}
	s := scopes[0]
	if slices.Contains(scopes, asked) {
		s = asked
	}
	var r reach
	switch s {
	case ScopeCouncil:
		r.CouncilID = who.CouncilID
		r.Sealed = who.BodyKind == org.Office && (who.Has(org.Clerk) || who.Has(org.Head))
	case ScopeExaminer:
		r.ExaminerID = who.BodyID
	case ScopeHolder:
		r.HolderID = who.BodyID
	case ScopeAssignee:
		r.AssigneeID = who.PostID
	}
	return r, true
}

// deskStates are the states in which the next step is this person's: they
// stand where the case waits, and have the role for a verb that leads on. A
// verb that only ends the case, such as refusing, makes nothing wait.
func (s *Service) deskStates(who org.Actor) []cases.State {
	var states []cases.State
	for _, p := range s.Cases.Procedures() {
		if p.Name != "petition" {
			continue
		}
		for _, state := range p.States {
			if !slices.Contains(states, state.Name) && slices.ContainsFunc(leading(p, state), func(v cases.Verb) bool {
				return slices.ContainsFunc(v.Roles, who.Has) && atPlace(who, v.Place)
			}) {
				states = append(states, state.Name)
			}
		}
	}
	return states
}

// leading lists the verbs by which a case goes on from where it waits.
func leading(p *cases.Procedure, state cases.StateRule) []cases.Verb {
	var all []cases.Verb
	for _, v := range p.Verbs {
		to, moves := p.State(v.To)
		if moves && v.Place == state.Waits && slices.Contains(v.From, state.Name) && (!to.Final || to.Name == "closed") {
			all = append(all, v)
		}
	}
	return all
}

func atPlace(who org.Actor, p cases.Place) bool {
	switch p {
	case cases.Owner:
		return who.BodyKind == org.Office
	case cases.Standing:
		return who.BodyKind == org.StandingCommittee
	case cases.Examiner:
		return who.BodyKind == org.Committee
	case cases.Holder:
		return who.BodyKind.Answers()
	}
	return false
}

// mayExtend reports whether requests for more time wait for this person.
func mayExtend(who org.Actor) bool { return who.BodyKind == org.Office && who.Has(org.Head) }

// reach turns a filter into what is read.
func (s *Service) reach(who org.Actor, f Filter) (reach, bool) {
	r, ok := reachOf(who, f.Scope)
	if !ok {
		return r, false
	}
	today := clock.Today(s.Clock)
	if f.State != "" {
		r.States = []cases.State{f.State}
	}
	r.Field, r.Unit, r.DueFrom, r.DueUntil, r.ByDue = f.Field, f.Ward, f.From, f.Until, f.ByDue
	if f.BodyID != "" && r.HolderID == "" {
		r.HolderID = f.BodyID
	}
	switch f.Tab {
	case TabMine:
		mine := s.deskStates(who)
		if f.State != "" {
			mine = slices.DeleteFunc(mine, func(st cases.State) bool { return st != f.State })
		}
		if len(mine) == 0 {
			return r, false
		}
		r.States = mine
	case TabLate:
		r.ByDue = true
		if r.DueUntil.IsZero() || r.DueUntil.After(today.AddDays(-1)) {
			r.DueUntil = today.AddDays(-1)
		}
	case TabSoon:
		r.ByDue, r.DueFrom, r.DueUntil = true, today, today.AddDays(soonDays)
	case TabAsked:
		if r.CouncilID == "" {
			return r, false
		}
		r.Asked = true
	}
	if !f.From.IsZero() || !f.Until.IsZero() {
		r.ByDue = true
	}
	return r, true
}

// List gives one page of the work list to a person, from one consistent view.
func (s *Service) List(ctx context.Context, who org.Actor, f Filter) (List, error) {
	l := List{Filter: f, Scopes: scopesOf(who), Today: clock.Today(s.Clock), CanBulk: mayAccept.Allows(who)}
	r, some := s.reach(who, f)
	r.Limit = pageRows + 1
	var hits []string
	if some && f.Text != "" {
		var err error
		if hits, err = s.search(ctx, who, f, r); err != nil {
			return l, err
		}
		l.Cut = len(hits) == foundMost
	}
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		var rows []cases.Case
		var err error
		switch {
		case !some:
		case f.Text != "":
			rows, err = foundRows(ctx, tx, hits, r)
			l.Count = len(rows)
		default:
			rows, err = l.page(ctx, tx, r)
		}
		if err != nil {
			return err
		}
		if f.Text != "" {
			rows = l.pageOfFound(rows)
		}
		rows = slices.DeleteFunc(rows, func(c cases.Case) bool { return !c.CanSee(who) })
		return s.furnish(ctx, tx, who, &l, rows)
	})
	return l, err
}

// page reads one page by key and says where its neighbours begin.
func (l *List) page(ctx context.Context, tx *db.Tx, r reach) (rows []cases.Case, err error) {
	if l.Count, err = countIn(ctx, tx, r, countMost+1); err != nil {
		return nil, err
	}
	if l.Capped = l.Count > countMost; l.Capped {
		l.Count = countMost
	}
	return l.turn(ctx, tx, r, pageRows)
}

// turn reads the page of n rows that the filter's place asks for; r.Limit is
// one more, which tells whether there is a further page.
func (l *List) turn(ctx context.Context, tx *db.Tx, r reach, n int) (rows []cases.Case, err error) {
	if l.Filter.Before != "" {
		r.Back, r.After = true, placeOf(l.Filter.Before, r.ByDue)
	} else if l.Filter.After != "" {
		r.After = placeOf(l.Filter.After, r.ByDue)
	}
	if rows, err = casesIn(ctx, tx, r); err != nil || len(rows) == 0 {
		return rows, err
	}
	more := len(rows) > n
	if more && r.Back {
		rows = rows[1:]
	} else if more {
		rows = rows[:n]
	}
	if more || r.Back {
		l.Next = keyOf(rows[len(rows)-1], r.ByDue)
	}
	if r.Back && more || !r.Back && l.Filter.After != "" {
		l.Previous = keyOf(rows[0], r.ByDue)
	}
	return rows, nil
}

// pageOfFound pages through the hits of a text search by number: there are few.
func (l *List) pageOfFound(rows []cases.Case) []cases.Case {
	from, err := strconv.Atoi(l.Filter.After)
	if err != nil || from < 0 || from > len(rows) {
		from = 0
	}
	until := min(from+pageRows, len(rows))
	if until < len(rows) {
		l.Next = strconv.Itoa(until)
	}
	return rows[from:until]
}

// search finds petitions by their words among those the person may see.
func (s *Service) search(ctx context.Context, who org.Actor, f Filter, r reach) ([]string, error) {
	facets := map[string][]string{"kind": {officialKind}}
	if onlyReads(who, scopeOf(r)) {
		facets["kind"] = []string{publicKind}
	}
	for name, value := range map[string]string{"council": r.CouncilID, "holder": r.HolderID, "examiner": r.ExaminerID, "assignee": r.AssigneeID, "ward": r.Unit, "field": r.Field} {
		if value != "" {
			facets[name] = []string{value}
		}
	}
	for _, state := range r.States {
		facets["state"] = append(facets["state"], string(state))
	}
	if code := tidyCode(f.Text); len(code) == codeLen && strings.HasPrefix(code, "KN") {
		return s.byWholeCode(ctx, code)
	}
	res, err := s.Search.Search(ctx, search.Query{Text: f.Text, Filter: search.Filter{All: facets}, Limit: foundMost, Typing: true})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(res.Hits))
	for i, h := range res.Hits {
		ids[i] = h.ID
	}
	return ids, nil
}

// byWholeCode finds a petition by its code in the table itself, which knows of
// it the moment it is handed in. Whether the person may see it is asked later.
func (s *Service) byWholeCode(ctx context.Context, code string) (ids []string, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := cases.ByCode(ctx, tx, code)
		if fault.Is(err, "cases.no_such_case") {
			return nil
		}
		if err == nil {
			ids = []string{c.ID}
		}
		return err
	})
	return ids, err
}

func scopeOf(r reach) Scope {
	switch {
	case r.ExaminerID != "":
		return ScopeExaminer
	case r.AssigneeID != "":
		return ScopeAssignee
	case r.CouncilID != "":
		return ScopeCouncil
	}
	return ScopeHolder
}

// foundRows loads hits in the order of the search and asks of them what the
// index does not know: dates, requests, and who may see them now.
func foundRows(ctx context.Context, tx *db.Tx, ids []string, r reach) ([]cases.Case, error) {
	rows, err := casesByID(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(c cases.Case) bool {
		return !r.DueFrom.IsZero() && (c.Due.IsZero() || c.Due.Before(r.DueFrom)) || !r.DueUntil.IsZero() && (c.Due.IsZero() || c.Due.After(r.DueUntil)) || c.Sealed && !r.Sealed
	})
	slices.SortFunc(rows, func(a, b cases.Case) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	return rows, nil
}

// furnish adds names to the rows, and what the filters offer.
func (s *Service) furnish(ctx context.Context, tx *db.Tx, who org.Actor, l *List, rows []cases.Case) (err error) {
	if l.Units, err = unitsOfCity(ctx, tx, l.Today); err != nil {
		return err
	}
	if l.Rows, err = named(ctx, tx, l.Units, rows); err != nil {
		return err
	}
	if l.Bodies, err = s.deskBodies(ctx, tx, who, l.Filter); err != nil {
		return err
	}
	if l.Views, err = viewsOf(ctx, tx, who.PersonID); err != nil {
		return err
	}
	return s.countTabs(ctx, tx, who, l)
}

// named gives rows the names of their bodies and wards.
func named(ctx context.Context, tx *db.Tx, units []org.Unit, rows []cases.Case) ([]Row, error) {
	var ids []string
	for _, c := range rows {
		if c.HolderBodyID != "" {
			ids = append(ids, c.HolderBodyID)
		}
	}
	bodies, err := org.BodiesNamed(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	all := make([]Row, len(rows))
	for i, c := range rows {
		all[i] = Row{Case: c, Body: bodies[c.HolderBodyID].Name, Unit: unitName(units, c.UnitCode)}
	}
	return all, nil
}

func unitName(units []org.Unit, code string) string {
	if i := slices.IndexFunc(units, func(u org.Unit) bool { return u.Code == code }); i >= 0 {
		return units[i].FullName
	}
	return code
}

// unitsOfCity lists the wards and communes of the installation's cities today.
func unitsOfCity(ctx context.Context, tx *db.Tx, today clock.Date) ([]org.Unit, error) {
	councils, err := org.Councils(ctx, tx)
	if err != nil {
		return nil, err
	}
	var all []org.Unit
	for _, c := range councils {
		if c.Level != org.City {
			break // cities come first
		}
		units, err := org.UnitsOf(ctx, tx, c.UnitCode, today)
		if err != nil {
			return nil, err
		}
		all = append(all, units...)
	}
	return all, nil
}

// deskBodies are the answering bodies that the filter offers to a council.
func (s *Service) deskBodies(ctx context.Context, tx *db.Tx, who org.Actor, f Filter) ([]org.Body, error) {
	if r, ok := reachOf(who, f.Scope); !ok || r.CouncilID == "" {
		return nil, nil
	}
	return org.BodiesOf(ctx, tx, who.CouncilID, org.Agency, org.PeoplesCommittee, org.Delegation)
}

// countTabs counts what is behind each tab.
func (s *Service) countTabs(ctx context.Context, tx *db.Tx, who org.Actor, l *List) error {
	tabs := []Tab{TabAll, TabMine, TabLate, TabSoon}
	if mayExtend(who) {
		tabs = append(tabs, TabAsked)
	}
	for _, tab := range tabs {
		count := TabCount{Tab: tab}
		if r, ok := s.reach(who, Filter{Scope: l.Filter.Scope, Tab: tab}); ok && tab != TabAll {
			n, err := countIn(ctx, tx, r, waitingMost)
			if err != nil {
				return err
			}
			count.Count = n
		}
		l.Tabs = append(l.Tabs, count)
	}
	return nil
}

// keyOf writes a row's place for the address of the next page.
func keyOf(c cases.Case, byDue bool) string {
	if byDue {
		return c.Due.String() + "." + c.ID
	}
	return strconv.FormatInt(c.OpenedAt.UnixMicro(), 10) + "." + c.ID
}

// placeOf reads what keyOf wrote; nonsense is the beginning.
func placeOf(s string, byDue bool) place {
	key, id, ok := strings.Cut(s, ".")
	if !ok || id == "" {
		return place{}
	}
	if byDue {
		d, err := clock.ParseDate(key)
		if err != nil {
			return place{}
		}
		return place{Due: d, ID: id}
	}
	at, err := strconv.ParseInt(key, 10, 64)
	if err != nil {
		return place{}
	}
	return place{At: at, ID: id}
}

// Export gives the rows of a filter to write out, in pieces; it stops at
// exportMax and says so.
func (s *Service) Export(ctx context.Context, who org.Actor, f Filter, write func([]Row) error) (cut bool, err error) {
	const piece = 500
	r, some := s.reach(who, f)
	if !some || f.Text != "" {
		l, err := s.List(ctx, who, f)
		if err != nil {
			return false, err
		}
		return l.Cut || l.Next != "", write(l.Rows)
	}
	r.Limit = piece
	for n := 0; ; {
		var rows []Row
		var last cases.Case
		err := s.DB.Read(ctx, func(tx *db.Tx) error {
			units, err := unitsOfCity(ctx, tx, clock.Today(s.Clock))
			if err != nil {
				return err
			}
			all, err := casesIn(ctx, tx, r)
			if err != nil || len(all) == 0 {
				return err
			}
			last = all[len(all)-1]
			rows, err = named(ctx, tx, units, slices.DeleteFunc(all, func(c cases.Case) bool { return !c.CanSee(who) }))
			return err
		})
		if err != nil || last.ID == "" {
			return false, err
		}
		if err := write(rows); err != nil {
			return false, err
		}
		if n += piece; n >= exportMax {
			return true, nil
		}
		r.After = placeOf(keyOf(last, r.ByDue), r.ByDue)
	}
}

// SaveView keeps a filter under a name; the same name replaces.
func (s *Service) SaveView(ctx context.Context, who org.Actor, name, query string) error {
	name = text.Line(name)
	const nameMost, queryMost = 80, 2000
	switch {
	case name == "":
		return fault.New(fault.Invalid, "petitions.view_name_empty").At("name")
	case utf8.RuneCountInString(name) > nameMost || len(query) > queryMost:
		return fault.New(fault.Invalid, "petitions.view_long", "max", nameMost).At("name")
	}
	now := s.Clock.Now()
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		have, err := viewsOf(ctx, tx, who.PersonID)
		if err != nil {
			return err
		}
		if len(have) >= viewsMax && !slices.ContainsFunc(have, func(v View) bool { return v.Name == name }) {
			return fault.New(fault.Refused, "petitions.views_many", "max", viewsMax)
		}
		return saveView(ctx, tx, who.PersonID, View{ID: db.NewID(now), Name: name, Query: query}, db.At(now))
	})
}

// RemoveView deletes one's own saved filter.
func (s *Service) RemoveView(ctx context.Context, who org.Actor, id string) error {
	return s.DB.Tx(ctx, func(tx *db.Tx) error { return removeView(ctx, tx, who.PersonID, id) })
}

// Told is what became of one petition of several.
//
// vi: kết quả từng dòng
type Told struct {
	ID, Code, Title string
	Err             error
}

// bulkMax bounds how many petitions one sending may act on.
const bulkMax = 200

// Each does one verb on several petitions, each in a transaction of its own:
// one that cannot be done does not stop the others.
func (s *Service) Each(ctx context.Context, who org.Actor, ids []string, do func(id string) error) ([]Told, error) {
	if len(ids) == 0 {
		return nil, fault.New(fault.Invalid, "petitions.none_selected")
	}
	if len(ids) > bulkMax {
		return nil, fault.New(fault.TooLarge, "petitions.many_selected", "max", bulkMax)
	}
	chosen, err := s.chosen(ctx, who, ids)
	if err != nil {
		return nil, err
	}
	for i := range chosen {
		if chosen[i].Err == nil {
			chosen[i].Err = do(chosen[i].ID)
		}
	}
	return chosen, nil
}

// chosen names the selected petitions; what the person may not see is not there.
func (s *Service) chosen(ctx context.Context, who org.Actor, ids []string) (all []Told, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		rows, err := casesByID(ctx, tx, ids)
		if err != nil {
			return err
		}
		all = nil
		for _, id := range ids {
			i := slices.IndexFunc(rows, func(c cases.Case) bool { return c.ID == id && c.CanSee(who) })
			if i < 0 {
				all = append(all, Told{ID: id, Err: fault.New(fault.Missing, "cases.no_such_case")})
				continue
			}
			all = append(all, Told{ID: id, Code: rows[i].Code, Title: rows[i].Title})
		}
		return nil
	})
	return all, err
}

// Officers lists who of a person's own body can be given a petition.
func (s *Service) Officers(ctx context.Context, who org.Actor) (all []org.Holder, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = org.Holders(ctx, tx, who.BodyID, clock.Today(s.Clock))
		return err
	})
	return all, err
}

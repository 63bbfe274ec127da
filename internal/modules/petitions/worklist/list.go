package worklist

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/search"
)

// Limits of the work list.
const (
	pageRows  = 50
	countMost = 1000  // beyond it the list says "1.000+"
	FoundMost = 200   // hits of a text search that are looked at
	ExportMax = 5_000 // rows of an export
	SoonDays  = 7     // "due soon" on the list: within a week
	// WaitingMost is where the numbers beside tabs and menus stop: "99+".
	WaitingMost = 100
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

// Filter is what a person asks of the work list.
//
// vi: bộ lọc
type Filter struct {
	Scope Scope
	Tab   Tab
	State cases.State
	Field string // of a petition, or a committee's whole branch
	Ward  string // code
	// Constituency is the number of one of the council's; 0 for all.
	Constituency int
	BodyID       string // whose desk it is on
	From         clock.Date
	Until        clock.Date // due within
	Text         string
	Code         string // the whole code of one petition, instead of Text
	ByDue        bool
	After        string // place of the last row of the page before
	Before       string // place of the first row of the page after
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
	// Constituencies are those of the council today.
	Constituencies []Constituency
	Bodies         []org.Body
	Views          []View
	Today          clock.Date
	Tabs           []TabCount
}

// TabCount is a tab and how much it holds, counted to 100.
//
// vi: số việc theo nhóm
type TabCount struct {
	Tab   Tab
	Count int
}

// Reach turns a filter into what is read.
func (d *Desk) reach(who org.Actor, f Filter) (Reach, bool) {
	r, ok := ReachOf(who, f.Scope)
	if !ok {
		return r, false
	}
	today := clock.Today(d.Clock)
	if f.State != "" {
		r.States = []cases.State{f.State}
	}
	r.Field, r.Unit, r.DueFrom, r.DueUntil, r.ByDue = f.Field, f.Ward, f.From, f.Until, f.ByDue
	r.Branch = d.Under(f.Field)
	if f.BodyID != "" && r.HolderID == "" {
		r.HolderID = f.BodyID
	}
	switch f.Tab {
	case TabMine:
		mine := d.States(who)
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
		r.ByDue, r.DueFrom, r.DueUntil = true, today, today.AddDays(SoonDays)
	case TabAsked:
		if r.CouncilID == "" {
			return r, false
		}
		r.Asked = true
	}
	if len(r.States) > 0 {
		r.Open, r.Ended = d.stand(r.States)
	}
	if !f.From.IsZero() || !f.Until.IsZero() {
		r.ByDue = true
	}
	return r, true
}

// stand reports whether cases in these states go on, or have ended, under every
// version of the procedure. Neither is so of a mixture.
func (d *Desk) stand(states []cases.State) (open, ended bool) {
	open, ended = true, true
	for _, p := range d.Cases.Procedures() {
		for _, state := range states {
			if rule, known := p.State(state); p.Name == "petition" && known {
				open, ended = open && !rule.Final, ended && rule.Final
			}
		}
	}
	return open, ended && !open
}

// List gives one page of the work list to a person, from one consistent view.
func (d *Desk) List(ctx context.Context, who org.Actor, f Filter) (List, error) {
	l := List{Filter: f, Scopes: Scopes(who), Today: clock.Today(d.Clock)}
	r, some, err := d.asked(ctx, who, f)
	if err != nil {
		return l, err
	}
	var hits []string
	if some && f.Text+f.Code != "" {
		if hits, err = d.search(ctx, who, f, r); err != nil {
			return l, err
		}
		l.Cut = len(hits) == FoundMost
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		var rows []cases.Case
		var err error
		switch {
		case !some:
		case f.Text+f.Code != "":
			rows, err = FoundRows(ctx, tx, hits, r)
			l.Count = len(rows)
		default:
			rows, err = l.page(ctx, tx, r)
		}
		if err != nil {
			return err
		}
		if f.Text+f.Code != "" {
			rows = l.pageOfFound(rows)
		}
		rows = slices.DeleteFunc(rows, func(c cases.Case) bool { return !c.CanSee(who) })
		return d.furnish(ctx, tx, who, &l, rows)
	})
	return l, err
}

// asked is what a filter reads; a constituency stands for its wards of today.
func (d *Desk) asked(ctx context.Context, who org.Actor, f Filter) (r Reach, some bool, err error) {
	r, some = d.reach(who, f)
	if !some || f.Constituency == 0 {
		return r, some, nil
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := d.Constituencies(ctx, tx, who.CouncilID)
		for _, c := range all {
			if c.Number == f.Constituency {
				r.Units = c.Units
			}
		}
		return err
	})
	return r, len(r.Units) > 0, err
}

// page reads one page by key and says where its neighbours begin.
func (l *List) page(ctx context.Context, tx *db.Tx, r Reach) (rows []cases.Case, err error) {
	if l.Count, err = Count(ctx, tx, r, countMost+1); err != nil {
		return nil, err
	}
	if l.Capped = l.Count > countMost; l.Capped {
		l.Count = countMost
	}
	t, err := Turn(ctx, tx, r, l.Filter.After, l.Filter.Before, pageRows)
	l.Next, l.Previous = t.Next, t.Previous
	return t.Rows, err
}

// Leaf is one page of a list, with the places where its neighbours begin.
//
// vi: -
type Leaf struct {
	Rows           []cases.Case
	Next, Previous string // empty at the ends
}

// Turn reads the page of n rows after one place or before another.
func Turn(ctx context.Context, tx *db.Tx, r Reach, after, before string, n int) (t Leaf, err error) {
	r.Limit = n + 1 // one more tells whether there is a further page
	if before != "" {
		r.Back, r.After = true, placeOf(before, r.ByDue)
	} else if after != "" {
		r.After = placeOf(after, r.ByDue)
	}
	if t.Rows, err = casesIn(ctx, tx, r); err != nil || len(t.Rows) == 0 {
		return t, err
	}
	more := len(t.Rows) > n
	if more && r.Back {
		t.Rows = t.Rows[1:]
	} else if more {
		t.Rows = t.Rows[:n]
	}
	if more || r.Back {
		t.Next = keyOf(t.Rows[len(t.Rows)-1], r.ByDue)
	}
	if r.Back && more || !r.Back && after != "" {
		t.Previous = keyOf(t.Rows[0], r.ByDue)
	}
	return t, nil
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
func (d *Desk) search(ctx context.Context, who org.Actor, f Filter, r Reach) ([]string, error) {
	facets := map[string][]string{"kind": {OfficialKind}}
	if OnlyReads(who, scopeOf(r)) {
		facets["kind"] = []string{PublicKind}
	}
	for name, value := range map[string]string{"council": r.CouncilID, "holder": r.HolderID, "examiner": r.ExaminerID, "assignee": r.AssigneeID, "ward": r.Unit, "field": r.Field} {
		if value != "" {
			facets[name] = []string{value}
		}
	}
	if len(r.Units) > 0 {
		facets["ward"] = r.Units
	}
	for _, state := range r.States {
		facets["state"] = append(facets["state"], string(state))
	}
	if f.Code != "" {
		return d.byWholeCode(ctx, f.Code)
	}
	res, err := d.Search.Search(ctx, search.Query{Text: f.Text, Filter: search.Filter{All: facets}, Limit: FoundMost, Typing: true})
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
func (d *Desk) byWholeCode(ctx context.Context, code string) (ids []string, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
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

// FoundRows loads hits in the order of the search and asks of them what the
// index does not know: dates, requests, and who may see them now.
func FoundRows(ctx context.Context, tx *db.Tx, ids []string, r Reach) ([]cases.Case, error) {
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
func (d *Desk) furnish(ctx context.Context, tx *db.Tx, who org.Actor, l *List, rows []cases.Case) (err error) {
	if l.Units, err = UnitsOfCity(ctx, tx, l.Today); err != nil {
		return err
	}
	if l.Constituencies, err = d.Constituencies(ctx, tx, who.CouncilID); err != nil {
		return err
	}
	withhold(who, rows)
	if l.Rows, err = Named(ctx, tx, l.Units, rows); err != nil {
		return err
	}
	if l.Bodies, err = d.deskBodies(ctx, tx, who, l.Filter); err != nil {
		return err
	}
	if l.Views, err = viewsOf(ctx, tx, who.PersonID); err != nil {
		return err
	}
	return d.countTabs(ctx, tx, who, l)
}

// withhold takes out titles that are the voter's own words, which those without
// a side in the case may not read.
func withhold(who org.Actor, rows []cases.Case) {
	for i := range rows {
		if !rows[i].Public && len(rows[i].Stands(who)) == 0 {
			rows[i].Title = ""
		}
	}
}

// Named gives rows the names of their bodies and wards.
func Named(ctx context.Context, tx *db.Tx, units []org.Unit, rows []cases.Case) ([]Row, error) {
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
		all[i] = Row{Case: c, Body: bodies[c.HolderBodyID].Name, Unit: UnitName(units, c.UnitCode)}
	}
	return all, nil
}

// UnitName is a unit's full name; its code when it is not among units.
func UnitName(units []org.Unit, code string) string {
	if i := slices.IndexFunc(units, func(u org.Unit) bool { return u.Code == code }); i >= 0 {
		return units[i].FullName
	}
	return code
}

// UnitsOfCity lists the wards and communes of the installation's cities today.
func UnitsOfCity(ctx context.Context, tx *db.Tx, today clock.Date) ([]org.Unit, error) {
	cities, err := org.Cities(ctx, tx)
	if err != nil {
		return nil, err
	}
	var all []org.Unit
	for _, c := range cities {
		units, err := org.UnitsOf(ctx, tx, c.UnitCode, today)
		if err != nil {
			return nil, err
		}
		all = append(all, units...)
	}
	return all, nil
}

// deskBodies are the answering bodies that the filter offers to a council.
func (d *Desk) deskBodies(ctx context.Context, tx *db.Tx, who org.Actor, f Filter) ([]org.Body, error) {
	if r, ok := ReachOf(who, f.Scope); !ok || r.CouncilID == "" {
		return nil, nil
	}
	return org.BodiesOf(ctx, tx, who.CouncilID, org.Agency, org.PeoplesCommittee, org.Delegation)
}

// countTabs counts what is behind each tab.
func (d *Desk) countTabs(ctx context.Context, tx *db.Tx, who org.Actor, l *List) error {
	tabs := []Tab{TabAll, TabMine, TabLate, TabSoon}
	if MayExtend(who) {
		tabs = append(tabs, TabAsked)
	}
	for _, tab := range tabs {
		count := TabCount{Tab: tab}
		if r, ok := d.reach(who, Filter{Scope: l.Filter.Scope, Tab: tab}); ok && tab != TabAll {
			n, err := Count(ctx, tx, r, WaitingMost)
			if err != nil {
				return err
			}
			count.Count = n
		}
		l.Tabs = append(l.Tabs, count)
	}
	return nil
}

// Waiting counts, to WaitingMost for each, what a person has to do and what
// was asked of them.
func (d *Desk) Waiting(ctx context.Context, who org.Actor) (n int, err error) {
	tabs := []Tab{TabMine}
	if MayExtend(who) {
		tabs = append(tabs, TabAsked)
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		for _, tab := range tabs {
			r, some := d.reach(who, Filter{Tab: tab})
			if !some {
				continue
			}
			more, err := Count(ctx, tx, r, WaitingMost)
			if err != nil {
				return err
			}
			n += more
		}
		return nil
	})
	return n, err
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

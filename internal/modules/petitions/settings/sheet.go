package settings

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// Item is a change of a set as people see it.
//
// vi: -
type Item struct {
	ID       string
	Kind     Kind
	Change   Change
	ByName   string
	Revision int64
	Problem  *fault.Fault // it does not fit what will be in force
	What     string       // name of the thing, when it is known by a code or id only
}

// Test is the last test of a set.
//
// vi: -
type Test struct {
	At     db.Time
	ByName string
	Hash   string
	Trial
	Current bool // of the items as they are
	Hidden  int  // petitions that the reader may not open
}

// Sheet is the page of a set.
//
// vi: -
type Sheet struct {
	Set
	Items   []Item
	Test    *Test
	MayPut  bool
	WhyNot  *fault.Fault // the reader may not put it in force
	City    bool         // the council sets city-wide kinds too
	Choices Choices
}

// Choices are what forms offer, as it would be on the set's day.
//
// vi: -
type Choices struct {
	Fields      []Field
	Branches    []Term
	Terms       map[Kind][]Term
	Templates   []Template
	Rules       []Rule
	Units       []org.Unit
	Bodies      []org.Body
	Endable     map[Kind][]string
	Authorities []string
	Channels    []Channel
	Limits      []calendar.Rule   // as they stand that day
	BodyNames   map[string]string // of every body that a rule names, by id
}

const setsMost = 30

// Sets lists the sets of a person's council, the newest first; next is the key
// of the following page.
func (d *Desk) Sets(ctx context.Context, who org.Actor, after string) (all []Set, next string, err error) {
	if !ofOffice(who) {
		return nil, "", fault.New(fault.Forbidden, "settings.not_office")
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = setsOf(ctx, tx, who.CouncilID, after, setsMost+1)
		return err
	})
	if len(all) > setsMost {
		all = all[:setsMost]
		next = all[setsMost-1].ID
	}
	for i := range all {
		all[i].Waiting = all[i].waits(d.today())
	}
	return all, next, err
}

// Sheet reads a set for a person.
func (d *Desk) Sheet(ctx context.Context, who org.Actor, id string) (p Sheet, err error) {
	today := d.today()
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		p = Sheet{}
		if p.Set, err = reach(ctx, tx, who, id); err != nil {
			return err
		}
		items, err := itemsOf(ctx, tx, id)
		if err != nil {
			return err
		}
		dr, err := d.draft(ctx, tx, p.Set, items)
		if err != nil {
			return err
		}
		p.City = dr.council.Level == org.City
		if p.Choices, err = d.choices(ctx, tx, dr, p.Set); err != nil {
			return err
		}
		for _, it := range inOrder(items) {
			one := Item{ID: it.ID, Kind: it.Kind, Change: dr.changes[it.ID], ByName: it.ByName, Revision: it.Revision}
			if p.Open() {
				one.Problem = dr.faults[it.ID]
			}
			if one.What = dr.before.name(p.CouncilID, one.Change); one.What == "" {
				one.What = dr.prior.name(p.CouncilID, one.Change) // a set in force has ended it
			}
			p.Items = append(p.Items, one)
		}
		p.Waiting = p.waits(today)
		p.WhyNot = p.hinders(who)
		p.MayPut = p.WhyNot == nil
		return d.tested(ctx, tx, who, &p, items)
	})
	return p, err
}

func (d *Desk) choices(ctx context.Context, tx *db.Tx, dr *drafted, s Set) (Choices, error) {
	st := dr.after
	c := Choices{Fields: st.fields, Branches: st.branches, Terms: st.terms, Templates: st.templates[s.CouncilID], Rules: st.rules[s.CouncilID], Units: dr.units, Bodies: dr.bodies,
		Endable: st.endable, Authorities: d.Authorities, Channels: d.Channels, BodyNames: map[string]string{}}
	for _, key := range d.Deadlines {
		// A key without a rule that day is not offered.
		if r, err := d.Rules().At(key, s.From); err == nil {
			c.Limits = append(c.Limits, r)
		}
	}
	var ids []string
	for _, r := range slices.Concat(dr.before.rules[s.CouncilID], c.Rules) {
		ids = append(ids, r.ToBody)
	}
	for _, change := range dr.changes {
		if r, ok := change.(RuleChange); ok {
			ids = append(ids, r.ToBody)
		}
	}
	slices.Sort(ids)
	bodies, err := org.BodiesNamed(ctx, tx, slices.Compact(ids))
	for id, b := range bodies {
		c.BodyNames[id] = b.Name
	}
	return c, err
}

// name is what a template or rule is called that a change names by its id.
func (st *state) name(councilID string, c Change) string {
	switch c := c.(type) {
	case TemplateChange:
		if i := slices.IndexFunc(st.templates[councilID], func(t Template) bool { return t.ID == c.Of }); i >= 0 {
			return st.templates[councilID][i].Title
		}
	case RuleChange:
		if i := slices.IndexFunc(st.rules[councilID], func(r Rule) bool { return r.ID == c.Of }); i >= 0 {
			return st.rules[councilID][i].Title
		}
	}
	return ""
}

// tested adds the last test, without the petitions that the person may not open.
func (d *Desk) tested(ctx context.Context, tx *db.Tx, who org.Actor, p *Sheet, items []item) error {
	tests, err := lastTests(ctx, tx, p.ID, 1)
	if err != nil || len(tests) == 0 {
		return err
	}
	hash, err := digest(p.From, items)
	if err != nil {
		return err
	}
	k := tests[0]
	t := &Test{At: k.At, ByName: k.ByName, Hash: k.Hash, Trial: k.Result.V, Current: hash == k.Hash}
	p.Test = t
	var ids []string
	for _, r := range t.Rules {
		ids = append(ids, idsOf(r.Found)...)
	}
	for _, e := range t.Ended {
		ids = append(ids, idsOf(e.Found)...)
	}
	for _, l := range t.Limits {
		for _, k := range l.Clocks {
			ids = append(ids, k.ID)
		}
	}
	for _, f := range t.Templates {
		ids = append(ids, f.ID)
	}
	slices.Sort(ids)
	may, err := visible(ctx, tx, who, slices.Compact(ids))
	if err != nil {
		return err
	}
	t.only(may)
	return nil
}

// only takes out of a test the petitions that may not be named.
func (t *Test) only(may map[string]bool) {
	leave := func(all []Found) []Found {
		n := len(all)
		all = slices.DeleteFunc(all, func(f Found) bool { return !may[f.ID] })
		t.Hidden += n - len(all)
		return all
	}
	for i := range t.Rules {
		t.Rules[i].Found = leave(t.Rules[i].Found)
	}
	for i := range t.Ended {
		t.Ended[i].Found = leave(t.Ended[i].Found)
	}
	for i := range t.Limits {
		n := len(t.Limits[i].Clocks)
		t.Limits[i].Clocks = slices.DeleteFunc(t.Limits[i].Clocks, func(c ClockFinding) bool { return !may[c.ID] })
		t.Hidden += n - len(t.Limits[i].Clocks)
	}
	for i, f := range t.Templates {
		if f.ID != "" && !may[f.ID] {
			t.Templates[i].ID, t.Templates[i].Code, t.Templates[i].Text = "", "", ""
			t.Hidden++
		}
	}
}

// Standing is one thing in force.
//
// vi: -
type Standing struct {
	Kind   Kind
	Change Change // what is in force, as a change would write it
	Ended  bool
	Source
}

// Past is one change that was put in force, or will be.
//
// vi: -
type Past struct {
	Item
	Source
	ToCome bool
}

// Board is what is in force of one kind, and every change that was put in
// force, the latest first.
//
// vi: -
type Board struct {
	Kind    Kind
	Now     []Standing
	History []Past
	Next    string // key of the following page of the history
	Choices Choices
}

const historyMost = 50

// InForce shows what is in force today. Templates and rules are the council's
// own; all else holds for everybody.
func (d *Desk) InForce(ctx context.Context, who org.Actor, kind Kind, after string) (p Board, err error) {
	if !ofOffice(who) {
		return p, fault.New(fault.Forbidden, "settings.not_office")
	}
	today := d.today()
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		p = Board{Kind: kind}
		all, err := itemsInForce(ctx, tx)
		if err != nil {
			return err
		}
		b, err := bound(d.base, all)
		if err != nil {
			return err
		}
		dr, err := d.draft(ctx, tx, Set{CouncilID: who.CouncilID, From: today}, nil)
		if err != nil {
			return err
		}
		p.Now = d.standing(b.at(today), who.CouncilID, kind, today)
		if err := p.past(b, who.CouncilID, all, after, today); err != nil {
			return err
		}
		for _, h := range p.History {
			dr.changes[h.ID] = h.Change
		}
		p.Choices, err = d.choices(ctx, tx, dr, Set{CouncilID: who.CouncilID, From: today})
		return err
	})
	return p, err
}

// past lists the changes that were put in force, the latest first.
func (p *Board) past(b *book, councilID string, all []inForce, after string, today clock.Date) error {
	begun := after == ""
	for _, one := range slices.Backward(all) {
		if one.Kind != p.Kind || p.Kind.own() && one.Set.CouncilID != councilID {
			continue
		}
		if !begun {
			begun = one.ID == after
			continue
		}
		if len(p.History) == historyMost {
			p.Next = p.History[historyMost-1].ID
			return nil
		}
		c, err := decode(one.Kind, one.Body)
		if err != nil {
			return err
		}
		h := Past{Item: Item{ID: one.ID, Kind: one.Kind, Change: c, ByName: one.ByName}, Source: one.Set.source(), ToCome: one.Set.From.After(today)}
		// What a change names by its id was in force the day before.
		h.What = b.at(one.Set.From.AddDays(-1)).name(councilID, c)
		p.History = append(p.History, h)
	}
	return nil
}

func (d *Desk) standing(st *state, councilID string, kind Kind, today clock.Date) (all []Standing) {
	switch kind {
	case FieldKind:
		for _, f := range st.fields {
			all = append(all, Standing{kind, FieldChange{Code: f.Code, Vi: f.Vi, En: f.En}, f.Ended, f.Source})
		}
	case OutcomeKind, ReasonKind:
		for _, t := range st.terms[kind] {
			all = append(all, Standing{kind, TermChange{Of: kind, Code: t.Code, Vi: t.Vi, En: t.En}, t.Ended, t.Source})
		}
	case TemplateKind:
		for _, t := range st.templates[councilID] {
			all = append(all, Standing{kind, TemplateChange{Of: t.ID, Field: t.Field, Verb: t.Verb, Title: t.Title, Text: t.Text}, false, t.Source})
		}
	case RuleKind:
		for _, r := range st.rules[councilID] {
			all = append(all, Standing{kind, RuleChange{Of: r.ID, RuleBody: r.RuleBody}, false, r.Source})
		}
	case DeadlineKind:
		for _, key := range d.Deadlines {
			// A key without a rule today has nothing to show.
			r, err := d.Rules().At(key, today)
			if err != nil {
				continue
			}
			c := DeadlineChange{Key: key, Count: r.Count, Unit: r.Unit, Article: r.Article, Confirmed: r.Confirmed, Note: r.Note}
			all = append(all, Standing{kind, c, false, st.limits[key].Source})
		}
	case RetentionKind:
		for _, k := range keeps() {
			if r, ok := st.retentions[k]; ok {
				all = append(all, Standing{kind, RetentionChange{k, r.Months, r.Basis}, false, r.Source})
			}
		}
	}
	return all
}

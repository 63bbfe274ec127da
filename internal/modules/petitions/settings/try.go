package settings

import (
	"cmp"
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// bench is what a test works on.
type bench struct {
	set     Set
	items   []item
	drafted *drafted
	samples []Sample
	// bearing are the committees' branches of the council.
	bearing map[string]bool
}

// bench reads a set with what it is tried on; without samples when most is 0.
func (d *Desk) bench(ctx context.Context, who org.Actor, id string, most int) (b bench, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		b = bench{bearing: map[string]bool{}}
		if b.set, err = reach(ctx, tx, who, id); err != nil {
			return err
		}
		if b.items, err = itemsOf(ctx, tx, id); err != nil {
			return err
		}
		if b.drafted, err = d.draft(ctx, tx, b.set, b.items); err != nil {
			return err
		}
		committees, err := org.BodiesOf(ctx, tx, b.set.CouncilID, org.Committee)
		if err != nil {
			return err
		}
		for _, c := range committees {
			for _, f := range c.Fields.V {
				b.bearing[f] = c.Open(b.set.From) || b.bearing[f]
			}
		}
		if most == 0 {
			return nil
		}
		newest, err := d.Newest(ctx, tx, b.set.CouncilID, most)
		b.samples = slices.Clone(newest)
		return err
	})
	for i := range b.samples {
		b.samples[i].said = needle(b.samples[i].Text)
	}
	return b, err
}

// Try runs a set over the council's newest petitions and keeps what it found.
// Nothing of any petition is changed.
func (d *Desk) Try(ctx context.Context, who org.Actor, id string) error {
	if !MayDrawUp.Allows(who) {
		return fault.New(fault.Forbidden, "settings.not_office")
	}
	b, err := d.bench(ctx, who, id, samplesMost)
	if err != nil {
		return err
	}
	switch {
	case !b.set.Open():
		return fault.New(fault.Refused, "settings.set_closed")
	case len(b.items) == 0:
		return fault.New(fault.Refused, "settings.set_empty")
	case len(b.drafted.faults) > 0:
		return fault.New(fault.Refused, "settings.items_wrong", "n", len(b.drafted.faults))
	case b.set.From.Before(d.today()):
		return fault.New(fault.Refused, "settings.from_over", "from", b.set.From.VN())
	}
	found, err := d.found(b)
	if err != nil {
		return err
	}
	hash, err := digest(b.set.From, b.items)
	if err != nil {
		return err
	}
	now := d.Clock.Now()
	k := kept{ID: db.NewID(now), SetID: id, At: db.At(now), ByName: who.Name, Hash: hash, Result: db.JSON[Trial]{V: found}}
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		s, err := reach(ctx, tx, who, id)
		if err != nil {
			return err
		}
		// Somebody may have changed the set while it was tried.
		if s.Revision != b.set.Revision {
			return fault.New(fault.Conflict, "settings.changed_meanwhile")
		}
		s.State, s.TestedAt, s.TestedHash = Tested, db.At(now), hash
		if err := updateSet(ctx, tx, s); err != nil {
			return err
		}
		if err := insertTest(ctx, tx, k); err != nil {
			return err
		}
		return d.note(ctx, tx, who, s, now, "settings.test", map[string]any{"items": hash, "petitions": found.Looked})
	})
}

// found is the test itself: it reads only what it is handed.
func (d *Desk) found(b bench) (t Trial, err error) {
	st, now := b.drafted.after, b.drafted.before
	t.Looked = len(b.samples)
	for _, s := range b.samples {
		t.Routed[0].count(s, now.route(b.set.CouncilID, s.facts()))
		t.Routed[1].count(s, st.route(b.set.CouncilID, s.facts()))
	}
	for _, it := range inOrder(b.items) {
		switch c := b.drafted.changes[it.ID].(type) {
		case RuleChange:
			if c.Action != End {
				r, err := compiled(cmp.Or(c.Of, it.ID), c.RuleBody, Source{})
				if err != nil {
					return t, err
				}
				t.Rules = append(t.Rules, st.finding(it.ID, r, b.samples))
			}
		case FieldChange:
			t.look(c, b)
		case DeadlineChange:
			l, err := d.limited(b.set, c, b.samples)
			if err != nil {
				return t, err
			}
			t.Limits = append(t.Limits, l)
		case TemplateChange:
			if c.Action != End {
				t.Templates = append(t.Templates, rendered(c, b.samples))
			}
		}
	}
	return t, nil
}

func (s Sample) facts() Facts {
	return Facts{Text: s.Text, Field: s.Field, Ward: s.Ward, Authority: s.Authority, Channel: s.Channel, said: s.said}
}

// same says whether a clerk chose what is proposed: in all of it.
func (p Proposal) same(s Sample) string {
	switch {
	case s.Field == "":
		return ""
	case p.Field != "" && p.Field != s.Field, p.Authority != "" && p.Authority != s.Authority, p.BodyID != "" && p.BodyID != s.BodyID:
		return "other"
	}
	return "same"
}

func (r *Reached) count(s Sample, hits []Hit) (same string, ok bool) {
	if len(hits) == 0 {
		return "", false
	}
	r.Hits++
	same = Propose(hits).same(s)
	switch same {
	case "same":
		r.Decided++
		r.Same++
	case "other":
		r.Decided++
	}
	return same, true
}

// finding runs one rule alone over the samples.
func (st *state) finding(itemID string, r Rule, samples []Sample) RuleFinding {
	alone := *st
	alone.rules = map[string][]Rule{"": {r}}
	f := RuleFinding{ItemID: itemID, Title: r.Title, Priority: r.Priority}
	for _, s := range samples {
		same, ok := f.count(s, alone.route("", s.facts()))
		if ok && len(f.Found) < toldMost {
			f.Found = append(f.Found, Found{s.ID, s.Code, same})
		}
	}
	return f
}

// look finds what a change of fields leaves behind.
func (t *Trial) look(c FieldChange, b bench) {
	if branch := branchOf(c.Code); c.Action == Add && !b.bearing[branch] && !slices.Contains(t.Unexamined, branch) {
		t.Unexamined = append(t.Unexamined, branch)
	}
	if c.Action != End {
		return
	}
	e := EndFinding{Code: c.Code}
	for _, s := range b.samples {
		if s.Field != c.Code {
			continue
		}
		if e.Count++; len(e.Found) < toldMost {
			e.Found = append(e.Found, Found{ID: s.ID, Code: s.Code})
		}
	}
	t.Ended = append(t.Ended, e)
	for _, r := range b.drafted.after.rules[b.set.CouncilID] {
		if r.ToField == c.Code {
			t.Orphaned = append(t.Orphaned, r.Title)
		}
	}
}

// limited compares a time limit with the one that would stand without the set.
func (d *Desk) limited(s Set, c DeadlineChange, samples []Sample) (l LimitFinding, err error) {
	was, err := d.Rules().At(c.Key, s.From)
	if err != nil {
		return l, err
	}
	cal := d.Calendar()
	then := c.rule(s)
	l = LimitFinding{Key: c.Key, From: s.From}
	for i, r := range []calendar.Rule{was, then} {
		counted, err := cal.Count(r.Run(s.From, ""))
		if err != nil {
			return l, err
		}
		l.Terms[i] = Span{r.Count, r.Unit, counted.Due, counted.Due.Sub(s.From)}
		l.Provisional = l.Provisional || counted.Provisional
	}
	for _, sample := range samples {
		for _, k := range sample.Clocks {
			if k.Rule != c.Key {
				continue
			}
			if l.Running++; len(l.Clocks) >= clocksMost {
				continue
			}
			counted, err := cal.Count(then.Run(k.Start, ""))
			if err != nil {
				return l, err
			}
			l.Clocks = append(l.Clocks, ClockFinding{sample.ID, sample.Code, k.Start, k.Due, counted.Due})
		}
	}
	return l, nil
}

// rendered fills a template with the newest petition that it is for.
func rendered(c TemplateChange, samples []Sample) TemplateFinding {
	f := TemplateFinding{Title: c.Title, Verb: c.Verb}
	i := slices.IndexFunc(samples, func(s Sample) bool { return c.Field == "" || within(s.Field, c.Field) })
	var fill Filling
	if i < 0 && len(samples) > 0 {
		i = 0
	}
	if i >= 0 {
		s := samples[i]
		f.ID, f.Code = s.ID, s.Code
		fill = Filling{Code: s.Code, Body: s.BodyName, Ward: s.WardName, Due: s.Due}
	}
	f.Text = Render(Template{Text: c.Text}, fill)
	return f
}

// Tried is what the rules of a draft say to a text that somebody typed.
//
// vi: -
type Tried struct {
	Hits     []Hit
	Proposal Proposal
}

// TryText asks the rules, as they would be on a set's day, about a text.
func (d *Desk) TryText(ctx context.Context, who org.Actor, id string, f Facts) (t Tried, err error) {
	if text.Clean(f.Text) == "" {
		return t, fault.New(fault.Invalid, "settings.try_empty").At("try")
	}
	b, err := d.bench(ctx, who, id, 0)
	if err != nil {
		return t, err
	}
	t.Hits = b.drafted.after.route(b.set.CouncilID, f)
	t.Proposal = Propose(t.Hits)
	return t, nil
}

// Preview says which of the newest petitions a rule would meet, before it is
// entered. It asks as Route does.
func (d *Desk) Preview(ctx context.Context, who org.Actor, setID string, c RuleChange) (f RuleFinding, looked int, err error) {
	tidied, faults := c.tidy()
	if err := fault.Join(faults...); err != nil {
		return f, 0, err
	}
	c, _ = tidied.(RuleChange)
	b, err := d.bench(ctx, who, setID, samplesMost)
	if err != nil {
		return f, 0, err
	}
	r, err := compiled("", c.RuleBody, Source{})
	if err != nil {
		return f, 0, err
	}
	f = b.drafted.after.finding("", r, b.samples)
	return f, len(b.samples), d.DB.Read(ctx, func(tx *db.Tx) error {
		f.Found, err = seen(ctx, tx, who, f.Found)
		return err
	})
}

// seen leaves of the named petitions those that a person may open now: one that
// was sealed since is gone.
func seen(ctx context.Context, tx *db.Tx, who org.Actor, all []Found) ([]Found, error) {
	may, err := visible(ctx, tx, who, idsOf(all))
	return slices.DeleteFunc(all, func(f Found) bool { return !may[f.ID] }), err
}

func idsOf(all []Found) []string {
	ids := make([]string, len(all))
	for i, f := range all {
		ids[i] = f.ID
	}
	return ids
}

func visible(ctx context.Context, tx *db.Tx, who org.Actor, ids []string) (map[string]bool, error) {
	rows, err := casesOf(ctx, tx, ids)
	may := map[string]bool{}
	for _, c := range rows {
		may[c.ID] = !c.Sealed && c.CanSee(who)
	}
	return may, err
}

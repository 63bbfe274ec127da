package validity

import (
	"cmp"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
)

// Reason is why something has a status: a reader sees who did it, where, and
// since when.
//
// vi: căn cứ của tình trạng hiệu lực
type Reason struct {
	Kind       Kind
	RelationID string
	Document   string // the acting one; empty: the document's own words or a rule
	Symbol     string
	Anchor     string // of the acting document
	Target     string // anchor acted upon; empty: the whole document
	Since      clock.Date
	Until      clock.Date // last day; none: open
	Basis      string     // of a rule
	Doubtful   bool       // by a rule that is not confirmed
	URL        string     // of the acting document's page
}

// Verdict is what holds of a document on a day, and why.
//
// vi: tình trạng hiệu lực tại một ngày
type Verdict struct {
	Document string
	On       clock.Date
	Status   Status
	Part     bool // Halted: a part of it only
	Since    clock.Date
	Doubtful bool // follows from a rule that is not confirmed
	Reasons  []Reason
	Articles []ArticleVerdict // those that differ from "in force", by anchor
	Rules    []Rule           // on what an act does when its own text was ended later
}

// ArticleVerdict is what holds of one article.
//
// vi: tình trạng hiệu lực của điều
type ArticleVerdict struct {
	Anchor  string
	Status  Status
	Part    bool // of a part of the article only
	Since   clock.Date
	Reasons []Reason
}

// At tells what holds of a document on a day; false when it is not in the graph.
func (g *Graph) At(id string, on clock.Date) (Verdict, bool) {
	n, ok := g.index[id]
	if !ok {
		return Verdict{}, false
	}
	return g.at(n, dayOf(on, always)), true
}

func (g *Graph) at(n int, on day) Verdict {
	doc := &g.nodes[n]
	v := Verdict{Document: doc.ID, On: on.date()}
	var valid []*mark
	for i := range doc.marks {
		if m := &doc.marks[i]; g.valid(m, doc.born, on) {
			valid = append(valid, m)
		}
	}
	slices.SortStableFunc(valid, func(a, b *mark) int {
		return cmp.Or(cmp.Compare(a.from, b.from), strings.Compare(a.id(), b.id()), strings.Compare(string(a.kind), string(b.kind)))
	})
	v.Articles = g.articles(doc, valid, on)
	g.decide(&v, n, valid, on)
	g.explain(&v, doc, on)
	return v
}

// explain names the rules by which marks stayed, or fell, although the texts that
// made them were ended. A status by an annulment that undoes is doubtful until
// the rule is confirmed.
func (g *Graph) explain(v *Verdict, doc *node, on day) {
	for i := range doc.marks {
		m := &doc.marks[i]
		if m.author < 0 || m.kind.pauses() || on < m.from || on > m.until {
			continue
		}
		author := &g.nodes[m.author]
		for j := range author.marks {
			end := &author.marks[j]
			key := map[Kind]string{Annuls: annulmentUndoes, Repeals: repealRevives, Replaces: repealRevives}[end.kind]
			if key == "" || !author.covers(end.anchor, m.rel.FromAnchor) || !g.valid(end, author.born, on) {
				continue
			}
			rule, ok := g.rules.at(key, "", end.from)
			if !ok || slices.ContainsFunc(v.Rules, func(r Rule) bool { return r.Key == key && r.From == rule.From }) {
				continue
			}
			v.Rules = append(v.Rules, rule)
			v.Doubtful = v.Doubtful || key == annulmentUndoes && !rule.Confirmed
		}
	}
	slices.SortFunc(v.Rules, func(a, b Rule) int { return cmp.Or(strings.Compare(a.Key, b.Key), a.From.Compare(b.From)) })
}

func (m *mark) id() string {
	if m.rel == nil {
		return ""
	}
	return m.rel.ID
}

// decide finds the one status of the whole document, in the order in which one
// goes before another.
func (g *Graph) decide(v *Verdict, n int, valid []*mark, on day) {
	doc := &g.nodes[n]
	is := func(s Status, part bool, since day, marks []*mark) {
		v.Status, v.Part, v.Since = s, part, since.date()
		for _, m := range marks {
			r := g.reason(m)
			v.Doubtful = v.Doubtful || r.Doubtful
			v.Reasons = append(v.Reasons, r)
		}
	}
	whole := func(k func(Kind) bool) []*mark {
		return filter(valid, func(m *mark) bool { return k(m.kind) && m.anchor == "" })
	}
	ends, partEnds := whole(Kind.ends), filter(valid, func(m *mark) bool { return m.kind.ends() })
	since, byParts := g.allGone(doc, v.Articles)
	switch {
	case byParts && (len(ends) == 0 || since < ends[0].from):
		is(Expired, false, since, partEnds)
		return
	case len(ends) > 0:
		is(Expired, false, ends[0].from, ends)
		return
	}
	if on < doc.starts {
		is(Pending, false, doc.starts, nil)
		return
	}
	if halts := whole(Kind.pauses); len(halts) > 0 {
		is(Halted, false, halts[0].from, halts)
		return
	}
	if f := g.fallen(n, on); f.ok {
		rule, _ := g.rules.at(guidedLapse, "", f.on)
		v.Status, v.Since, v.Doubtful = Status(rule.Value), f.on.date(), !rule.Confirmed
		v.Reasons = []Reason{{Kind: Guides, RelationID: f.rel, Document: g.nodes[f.by].ID, Symbol: g.nodes[f.by].Name(), Since: v.Since, Basis: rule.Basis, Doubtful: !rule.Confirmed}}
		return
	}
	for _, s := range []struct {
		status Status
		part   bool
		marks  []*mark
	}{
		{Partly, false, partEnds},
		{Halted, true, filter(valid, func(m *mark) bool { return m.kind.pauses() })},
		{Amended, false, filter(valid, func(m *mark) bool { return m.kind == Amends })},
		{Corrected, false, filter(valid, func(m *mark) bool { return m.kind == Corrects })},
	} {
		if len(s.marks) > 0 {
			is(s.status, s.part, max(s.marks[0].from, doc.starts), s.marks)
			return
		}
	}
	is(InForce, false, doc.starts, nil)
}

// allGone reports whether every article of a document has ended by itself.
func (g *Graph) allGone(doc *node, said []ArticleVerdict) (since day, all bool) {
	gone := map[string]day{}
	for _, a := range said {
		if a.Status == Expired {
			gone[a.Anchor] = dayOf(a.Since, always)
		}
	}
	if len(gone) == 0 {
		return 0, false
	}
	since = always
	for _, anchor := range doc.Anchors {
		if Article(anchor) != anchor || strings.HasPrefix(anchor, "annex") {
			continue
		}
		on, ended := gone[anchor]
		if !ended {
			return 0, false
		}
		since, all = max(since, on), true
	}
	return since, all
}

// articles tells what holds of the articles that somebody touched.
func (g *Graph) articles(doc *node, valid []*mark, on day) []ArticleVerdict {
	touched := map[string]bool{}
	for _, m := range valid {
		if m.anchor == "" {
			continue
		}
		if a := Article(m.anchor); a != "" {
			touched[a] = true
			continue
		}
		for _, a := range doc.Anchors { // a chapter's articles
			if Article(a) == a && doc.covers(m.anchor, a) {
				touched[a] = true
			}
		}
	}
	all := make([]ArticleVerdict, 0, len(touched))
	for a := range touched {
		all = append(all, g.article(doc, a, valid, on))
	}
	slices.SortFunc(all, func(a, b ArticleVerdict) int { return compareAnchors(a.Anchor, b.Anchor) })
	return all
}

func (g *Graph) article(doc *node, anchor string, valid []*mark, on day) ArticleVerdict {
	v := ArticleVerdict{Anchor: anchor, Status: InForce, Since: doc.starts.date()}
	pick := func(kind func(Kind) bool, whole bool) []*mark {
		return filter(valid, func(m *mark) bool {
			if m.anchor == "" || !kind(m.kind) {
				return false
			}
			return doc.covers(m.anchor, anchor) || !whole && within(m.anchor, anchor)
		})
	}
	of := func(k Kind) func(Kind) bool { return func(one Kind) bool { return one == k } }
	for _, s := range []struct {
		status Status
		part   bool
		marks  []*mark
	}{
		{Expired, false, pick(Kind.ends, true)}, {Halted, false, pick(Kind.pauses, true)},
		{Partly, true, pick(Kind.ends, false)}, {Halted, true, pick(Kind.pauses, false)},
		{Amended, false, pick(of(Amends), false)}, {Corrected, false, pick(of(Corrects), false)},
	} {
		if len(s.marks) == 0 {
			continue
		}
		since := s.marks[0].from
		if s.status != Expired {
			since = max(since, doc.starts)
		}
		v.Status, v.Part, v.Since = s.status, s.part, since.date()
		for _, m := range s.marks {
			v.Reasons = append(v.Reasons, g.reason(m))
		}
		break
	}
	if on < doc.starts && v.Status != Expired {
		v.Status, v.Part, v.Since, v.Reasons = Pending, false, doc.starts.date(), nil
	}
	return v
}

func (g *Graph) reason(m *mark) Reason {
	r := Reason{Kind: m.kind, Target: m.anchor, Since: m.from.date(), Until: m.until.date(), Basis: m.rule.Basis, Doubtful: m.rule.Key != "" && !m.rule.Confirmed}
	if m.author >= 0 {
		r.RelationID, r.Document, r.Symbol, r.Anchor = m.rel.ID, g.nodes[m.author].ID, g.nodes[m.author].Name(), m.rel.FromAnchor
	}
	return r
}

func filter(all []*mark, keep func(*mark) bool) (kept []*mark) {
	for _, m := range all {
		if keep(m) {
			kept = append(kept, m)
		}
	}
	return kept
}

// Next is the first day after a given one on which the status of a document will
// be another, as far as is known now; none when it stays.
func (g *Graph) Next(id string, after clock.Date) clock.Date {
	n, ok := g.index[id]
	if !ok {
		return clock.Date{}
	}
	from := dayOf(after, always)
	now := g.at(n, from)
	for _, d := range g.days(n) {
		if d <= from || d >= never {
			continue
		}
		if v := g.at(n, d); v.Status != now.Status || v.Part != now.Part || v.Since != now.Since {
			return d.date()
		}
	}
	return clock.Date{}
}

// Days lists the days on which something may change for a document: its own and
// those of all that bear on it.
func (g *Graph) Days(id string) []clock.Date {
	n, ok := g.index[id]
	if !ok {
		return nil
	}
	var all []clock.Date
	for _, d := range g.days(n) {
		if d > always && d < never {
			all = append(all, d.date())
		}
	}
	return all
}

func (g *Graph) days(n int) []day {
	seen := map[int]bool{n: true}
	queue := []int{n}
	var all []day
	for len(queue) > 0 {
		doc := &g.nodes[queue[0]]
		queue = queue[1:]
		all = append(all, doc.starts)
		next := slices.Clone(doc.guides)
		for i := range doc.marks {
			m := &doc.marks[i]
			all = append(all, m.from)
			if m.until != never {
				all = append(all, m.until+1)
			}
			if m.author >= 0 {
				next = append(next, m.author)
			}
		}
		for _, a := range next {
			if !seen[a] {
				seen[a] = true
				queue = append(queue, a)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

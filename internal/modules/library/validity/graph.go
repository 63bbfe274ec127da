package validity

import (
	"cmp"
	"slices"
	"sort"
	"strings"
)

// Graph is a set of documents with what they do to each other, worked out: for
// each document the marks that others left on it, and from when to when.
//
// The order in which acts happen is the law's: by the day of effect; on one day
// the acts of the text issued later go before those of the earlier one (so a
// text that is repealed on the day it would come into force does nothing), and
// those of texts issued on one day happen at once. A text acts only on texts
// issued no later than itself. So there is no circle: loops of amendments, two
// texts that repeal each other, and any order of the input give one answer.
//
// What is done is done: an act that took effect stays when its text is later
// repealed (rule repeal_revives), and falls when its text is annulled (rule
// annulment_undoes). A suspension lasts as long as its text holds. The act of a
// text that is suspended on the day waits until it holds again; the act of one
// that has ended never happens.
//
// vi: đồ thị quan hệ văn bản
type Graph struct {
	rules  Rules
	nodes  []node
	index  map[string]int
	acts   []act
	voids  []Void
	memo   map[question]bool
	falls  map[int]fall
	fallOn day // the day that falls answers for
}

type node struct {
	Document
	born, starts, ends day
	marks              []mark
	did                []int    // acts of this document, by number
	guides             []int    // whom it guides
	guidedBy           []string // ids of those relations, beside guides
	inside             map[string][]string
}

// act is a relation that changes what holds.
type act struct {
	*Relation
	from, to int
	day      day
}

// mark is what an act, or a rule, left on a document.
type mark struct {
	kind        Kind
	anchor      string // of the marked document
	from, until day
	author      int // -1: the document's own words or a rule
	rel         *Relation
	rule        Rule
}

// Why an act has no effect.
//
// vi: lý do quan hệ không có tác dụng
type Why string

// The reasons.
const (
	OfItself   Why = "of_itself"   // a document cannot act on itself
	NotHeld    Why = "not_held"    // the other document is not in the library
	OnLater    Why = "on_later"    // it was issued before the text it acts on
	NoDate     Why = "no_date"     // nobody knows when
	ActorEnded Why = "actor_ended" // its text had ended, or was annulled, before that day
	Waits      Why = "waits"       // its text is suspended, without end so far
)

// Void is a relation that has no effect.
//
// vi: quan hệ không có tác dụng
type Void struct {
	Relation Relation
	Why      Why
}

// Voids lists the confirmed relations without effect, by id.
func (g *Graph) Voids() []Void { return g.voids }

// New works out what the documents do to each other. Relations that no person
// stands for are left out. Documents or relations given twice count once.
func New(docs []Document, relations []Relation, rules Rules) *Graph {
	g := &Graph{rules: rules, index: make(map[string]int, len(docs)), memo: map[question]bool{}, falls: map[int]fall{}, fallOn: always}
	for _, d := range docs {
		if _, twice := g.index[d.ID]; !twice {
			g.index[d.ID] = len(g.nodes)
			g.nodes = append(g.nodes, g.born(d))
		}
	}
	seen := make(map[string]bool, len(relations))
	for i := range relations {
		r := &relations[i]
		if !r.Counts() || seen[r.ID] {
			continue
		}
		seen[r.ID] = true
		g.take(r)
	}
	g.sweep()
	slices.SortFunc(g.voids, func(a, b Void) int { return cmp.Compare(a.Relation.ID, b.Relation.ID) })
	return g
}

// born makes a document's node, with the end it carries itself.
func (g *Graph) born(d Document) node {
	n := node{Document: d}
	n.born = dayOf(d.Issued, dayOf(d.Effect, always))
	n.starts = dayOf(d.Effect, dayOf(d.Issued, always))
	n.ends = dayOf(d.Expires, never)
	if n.ends != never {
		n.marks = append(n.marks, mark{kind: Expires, from: n.ends, until: never, author: -1})
	}
	if d.Level == District {
		if rule, ok := g.rules.at(districtLapse, District, n.born); ok && n.born != always {
			last := dayOf(rule.LastDay, never) + 1
			n.marks = append(n.marks, mark{kind: Lapses, from: last, until: never, author: -1, rule: rule})
			n.ends = min(n.ends, last)
		}
	}
	n.inside = containers(d.Anchors)
	return n
}

// containers tells in which chapters, sections and parts an article stands,
// since articles do not carry them in their anchors.
func containers(anchors []string) map[string][]string {
	var part, chapter, section string
	in := map[string][]string{}
	for _, a := range anchors {
		last := strings.TrimPrefix(a, Parent(a)+below)
		switch {
		case strings.HasPrefix(last, "part_"):
			part, chapter, section = a, "", ""
		case strings.HasPrefix(last, "chp_"):
			chapter, section = a, ""
		case strings.HasPrefix(last, "sec_"):
			section = a
		case strings.HasPrefix(a, "art_") && Parent(a) == "":
			for _, outer := range []string{part, chapter, section} {
				if outer != "" {
					in[a] = append(in[a], outer)
				}
			}
		}
	}
	return in
}

// covers reports whether what is said of outer holds for anchor too.
func (n *node) covers(outer, anchor string) bool {
	if within(anchor, outer) {
		return true
	}
	return slices.ContainsFunc(n.inside[Article(anchor)], func(c string) bool { return within(c, outer) })
}

// take sorts a relation into acts, guidance and what has no effect.
func (g *Graph) take(r *Relation) {
	if !r.Kind.Acts() && r.Kind != Guides {
		return
	}
	from, ok := g.index[r.From]
	if !ok {
		return
	}
	to, held := g.index[r.To]
	switch {
	case r.From == r.To:
		g.void(r, OfItself)
	case !held:
		g.void(r, NotHeld)
	case g.nodes[from].born < g.nodes[to].born && g.nodes[from].born != always:
		g.void(r, OnLater)
	case r.Kind == Guides:
		g.nodes[from].guides = append(g.nodes[from].guides, to)
		g.nodes[from].guidedBy = append(g.nodes[from].guidedBy, r.ID)
	default:
		starts := g.nodes[from].starts
		if r.Kind == Corrects { // a letter of correction works when it is signed
			starts = g.nodes[from].born
		}
		on := max(dayOf(r.EffectiveOn, starts), starts)
		if on == always {
			g.void(r, NoDate)
			return
		}
		g.nodes[from].did = append(g.nodes[from].did, len(g.acts))
		g.acts = append(g.acts, act{r, from, to, on})
	}
}

func (g *Graph) void(r *Relation, why Why) { g.voids = append(g.voids, Void{*r, why}) }

// sweep lets the acts happen, day by day.
func (g *Graph) sweep() {
	order := make([]int, len(g.acts))
	days := make([]day, 0, 2*len(g.acts))
	for i := range order {
		order[i] = i
		a := g.acts[i]
		days = append(days, a.day)
		if a.Kind.pauses() && !a.EndsOn.IsZero() {
			days = append(days, dayOf(a.EndsOn, never)+1)
		}
	}
	for i := range g.nodes {
		if len(g.nodes[i].did) > 0 && g.nodes[i].ends != never {
			days = append(days, g.nodes[i].ends)
		}
	}
	slices.Sort(days)
	sort.SliceStable(order, func(i, j int) bool { return g.acts[order[i]].day < g.acts[order[j]].day })
	var waiting []int
	next := 0
	for _, today := range slices.Compact(days) {
		ready := waiting
		for ; next < len(order) && g.acts[order[next]].day <= today; next++ {
			ready = append(ready, order[next])
		}
		waiting = g.happen(today, ready)
	}
	for _, i := range waiting {
		g.void(g.acts[i].Relation, Waits)
	}
}

// happen lets the acts of one day happen, the later text's first, and gives
// back those that wait.
func (g *Graph) happen(today day, ready []int) (waiting []int) {
	sort.SliceStable(ready, func(i, j int) bool {
		return g.nodes[g.acts[ready[i]].from].born > g.nodes[g.acts[ready[j]].from].born
	})
	for start := 0; start < len(ready); {
		end := start + 1
		for end < len(ready) && g.nodes[g.acts[ready[end]].from].born == g.nodes[g.acts[ready[start]].from].born {
			end++
		}
		stands := make([]stand, 0, end-start) // all before any: they happen at once
		for _, i := range ready[start:end] {
			stands = append(stands, g.stands(g.acts[i].from, g.acts[i].FromAnchor, today))
		}
		for k, i := range ready[start:end] {
			switch stands[k] {
			case ended:
				g.void(g.acts[i].Relation, ActorEnded)
			case paused:
				waiting = append(waiting, i)
			default:
				g.leave(g.acts[i], today)
			}
		}
		if len(g.memo) > 0 {
			clear(g.memo) // new marks, new answers
		}
		start = end
	}
	return waiting
}

// leave puts the mark of an act on the other document.
func (g *Graph) leave(a act, today day) {
	target := &g.nodes[a.to]
	m := mark{kind: a.Kind, anchor: a.ToAnchor, from: today, until: never, author: a.from, rel: a.Relation}
	switch {
	case a.Kind == Corrects: // the text never truly said otherwise
		m.from = min(target.starts, today)
	case a.Kind.pauses():
		m.until = dayOf(a.EndsOn, never)
	}
	target.marks = append(target.marks, m)
}

type stand int

const (
	standing stand = iota
	paused
	ended
)

// stands tells whether a document, at an anchor, can act on a day.
func (g *Graph) stands(n int, anchor string, on day) stand {
	switch {
	case g.asks(question{n, anchor, on, ending, false}):
		return ended
	case g.asks(question{n, anchor, on, pausing, false}):
		return paused
	}
	return standing
}

package validity

// question is what is asked of a document's marks.
type question struct {
	node   int
	anchor string
	on     day
	what   quest
	later  bool // only by the marks of texts issued after it
}

type quest int

const (
	ending  quest = iota // has it ended, or been annulled
	pausing              // is it suspended
	undoing              // was it ended in a way that undoes what it did
)

// asks answers. Every mark is of a text issued no earlier than the marked one,
// and among texts of one day the answer looks at later ones alone: so each step
// leads to later texts, and ends.
func (g *Graph) asks(q question) bool {
	n := &g.nodes[q.node]
	if len(n.marks) == 0 {
		return false
	}
	if answer, known := g.memo[q]; known {
		return answer
	}
	answer := false
	for i := range n.marks {
		m := &n.marks[i]
		if !g.counts(q, m) || !n.covers(m.anchor, q.anchor) || q.later && m.author >= 0 && g.nodes[m.author].born <= n.born {
			continue
		}
		if g.valid(m, n.born, q.on) {
			answer = true
			break
		}
	}
	g.memo[q] = answer
	return answer
}

// counts reports whether a mark bears on a question.
func (g *Graph) counts(q question, m *mark) bool {
	switch q.what {
	case ending:
		return m.kind.ends()
	case pausing:
		return m.kind.pauses()
	}
	key := ""
	switch m.kind {
	case Annuls:
		key = annulmentUndoes
	case Repeals, Replaces:
		key = repealRevives
	default:
		return false
	}
	rule, ok := g.rules.at(key, "", m.from)
	return ok && rule.Value == "yes"
}

// valid reports whether a mark on a text that was issued on a day counts on
// another: it was made, it has not run out, and its author still stands behind it.
func (g *Graph) valid(m *mark, born, on day) bool {
	if on < m.from || on > m.until {
		return false
	}
	if m.author < 0 {
		return true
	}
	later := g.nodes[m.author].born <= born
	if !m.kind.pauses() {
		return !g.asks(question{m.author, m.rel.FromAnchor, on, undoing, later})
	}
	return !g.asks(question{m.author, m.rel.FromAnchor, on, ending, later}) && !g.asks(question{m.author, m.rel.FromAnchor, on, pausing, later})
}

// fall is the day from which all texts that one guides have ended.
type fall struct {
	on  day
	by  int // the last one of them to end
	rel string
	ok  bool
}

// fallen tells since when a document that guides others has nothing left to
// guide. It looks at earlier texts only, so chains end.
func (g *Graph) fallen(n int, on day) fall {
	if len(g.nodes[n].guides) == 0 {
		return fall{}
	}
	if g.fallOn != on {
		clear(g.falls)
		g.fallOn = on
	}
	if f, known := g.falls[n]; known {
		return f
	}
	all := fall{on: always, ok: true}
	for i, to := range g.nodes[n].guides {
		since, gone := g.over(to, on)
		if !gone && g.nodes[to].born < g.nodes[n].born {
			if f := g.fallen(to, on); f.ok {
				since, gone = f.on, true
			}
		}
		if !gone {
			all = fall{}
			break
		}
		rel := g.nodes[n].guidedBy[i]
		if since > all.on || since == all.on && rel < all.rel {
			all.on, all.by, all.rel = since, to, rel
		}
	}
	if all.ok {
		rule, ok := g.rules.at(guidedLapse, "", all.on)
		all.ok = ok && rule.Value != "none"
	}
	g.falls[n] = all
	return all
}

// over tells since when a whole document has ended.
func (g *Graph) over(n int, on day) (since day, gone bool) {
	since = never
	for i := range g.nodes[n].marks {
		m := &g.nodes[n].marks[i]
		if m.kind.ends() && m.anchor == "" && g.valid(m, g.nodes[n].born, on) {
			since, gone = min(since, m.from), true
		}
	}
	return since, gone
}

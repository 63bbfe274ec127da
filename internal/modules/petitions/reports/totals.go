package reports

import (
	"maps"
	"slices"
)

// total is a line of the figures of a report.
type total struct {
	name   string
	tally  Tally
	before *Tally // of the period before; nil when nothing is compared
	part   bool   // a heading over the lines that follow
}

// totals writes the figures as the lines of a table: all, by committee and
// field, by body. Names of bodies are handed over.
func (d *Desk) totals(c Comparison, bodies map[string]string) []total {
	beside := func(pick func(Figures) map[string]*Tally, key string) *Tally {
		if c.Before == nil {
			return nil
		}
		if t := pick(*c.Before)[key]; t != nil {
			return t
		}
		return &Tally{}
	}
	first := total{name: d.say("reports.total_all"), tally: c.Now.All}
	if c.Before != nil {
		first.before = &c.Before.All
	}
	all := []total{first, {name: d.say("reports.total_fields"), part: true}}
	for _, code := range slices.Sorted(maps.Keys(c.Now.ByBranch)) {
		if code == "" {
			continue
		}
		byBranch := func(f Figures) map[string]*Tally { return f.ByBranch }
		all = append(all, total{name: d.say("petitions.branch." + code), tally: *c.Now.ByBranch[code], before: beside(byBranch, code)})
		for _, field := range slices.Sorted(maps.Keys(c.Now.ByField)) {
			if branch(field) == code {
				byField := func(f Figures) map[string]*Tally { return f.ByField }
				all = append(all, total{name: "– " + d.say("petitions.field."+field), tally: *c.Now.ByField[field], before: beside(byField, field)})
			}
		}
	}
	if t := c.Now.ByField[""]; t != nil {
		all = append(all, total{name: d.say("reports.unclassified"), tally: *t, before: beside(func(f Figures) map[string]*Tally { return f.ByField }, "")})
	}
	all = append(all, total{name: d.say("reports.total_bodies"), part: true})
	for _, id := range byCount(c.Now.ByBody) {
		name := bodies[id]
		if id == "" {
			name = d.say("reports.no_body")
		}
		all = append(all, total{name: name, tally: *c.Now.ByBody[id], before: beside(func(f Figures) map[string]*Tally { return f.ByBody }, id)})
	}
	return all
}

// byCount orders keys by what they count, the most first.
func byCount(m map[string]*Tally) []string {
	return slices.SortedFunc(maps.Keys(m), func(a, b string) int {
		if m[a].Count != m[b].Count {
			return int(m[b].Count - m[a].Count)
		}
		if a < b {
			return -1
		}
		return 1
	})
}

// counts are figures that are not tallies: outcome, quality, level, newness.
type counts struct {
	name string
	rows []cellPair
}

type cellPair struct {
	name        string
	now, before int64
}

// sections writes those figures as lists, in the order of the form.
func (d *Desk) sections(c Comparison) []counts {
	list := func(title, family string, codes []string, pick func(Figures) map[string]int64) counts {
		out := counts{name: title}
		for _, code := range codes {
			p := cellPair{name: d.say(family + code), now: pick(c.Now)[code]}
			if c.Before != nil {
				p.before = pick(*c.Before)[code]
			}
			out.rows = append(out.rows, p)
		}
		return out
	}
	var outcomes []string
	for _, o := range Outcomes() {
		outcomes = append(outcomes, string(o))
	}
	return []counts{
		list(d.say("reports.by_outcome"), "petitions.outcome.", outcomes, func(f Figures) map[string]int64 { return f.ByOutcome }),
		list(d.say("reports.by_quality"), "petitions.quality.", []string{"good", "no_schedule", "off_point"}, func(f Figures) map[string]int64 { return f.ByQuality }),
		list(d.say("reports.by_authority"), "petitions.authority.", []string{"central", "city", "ward"}, func(f Figures) map[string]int64 { return f.ByLevel }),
		list(d.say("reports.by_newness"), "petitions.newness.", []string{"new", "repeated", "outstanding"}, func(f Figures) map[string]int64 { return f.ByNewness }),
	}
}

// grid is a table of the summary: a head and lines of cells.
type grid struct {
	title string
	head  []string
	rows  [][]cell
}

// grids lays the summary out as tables, for all three kinds of file.
func (d *Desk) grids(c Comparison, bodies map[string]string) []grid {
	head := []string{d.say("reports.col.what"), d.say("reports.col.count"), d.say("reports.col.replied"), d.say("reports.col.on_time"), d.say("reports.col.late"),
		d.say("reports.col.overdue"), d.say("reports.col.settled")}
	if c.Before != nil {
		head = append(head, d.say("reports.col.before"), d.say("reports.col.before_settled"))
	}
	main := grid{title: d.say("reports.total_title"), head: head}
	for _, t := range d.totals(c, bodies) {
		row := []cell{written(t.name)}
		if !t.part {
			y := t.tally
			row = append(row, counted(y.Count), counted(y.Answered), counted(y.OnTime), counted(y.Late), counted(y.Overdue), counted(y.Settled))
			if t.before != nil {
				row = append(row, counted(t.before.Count), counted(t.before.Settled))
			}
		}
		main.rows = append(main.rows, row)
	}
	all := []grid{main}
	for _, s := range d.sections(c) {
		g := grid{title: s.name, head: []string{d.say("reports.col.what"), d.say("reports.col.count")}}
		if c.Before != nil {
			g.head = append(g.head, d.say("reports.col.before"))
		}
		for _, p := range s.rows {
			row := []cell{written(p.name), counted(p.now)}
			if c.Before != nil {
				row = append(row, counted(p.before))
			}
			g.rows = append(g.rows, row)
		}
		all = append(all, g)
	}
	return all
}

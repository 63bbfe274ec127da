package cases

import (
	"fmt"
	"html"
	"slices"
	"strings"
)

// Picture is a procedure to be drawn: its states from the opening down, its
// verbs as arrows, what does not move the case inside the state's box.
type Picture struct {
	Procedure *Procedure
	State     func(State) string  // the name people read; the state's own when nil
	Verb      func(string) string // likewise
	Here      State               // where a case stands; empty when none is meant
	Title     string              // for screen readers; the procedure's key when empty
}

// box is a drawn state.
type box struct {
	rule     StateRule
	row, col int
	title    []string
	acts     []string // verbs that leave the case where it is
	x, y, h  int
	ports    map[side][]*arrow
}

// arrow is one or more verbs that lead from one state to another.
type arrow struct {
	from, to *box
	labels   []string
	back     bool // against the direction of the procedure
	way      way
	lane     int // in its gutter, or its track in the channel
}

// way is how an arrow runs.
type way int

const (
	down   way = iota // to the box just below
	branch            // through the channel below, to a box of the next row further right
	left              // through the gutter left of the main column
	middle            // through the gutter right of the main column
)

// drawing is a picture being laid out.
type drawing struct {
	Picture
	boxes  []*box
	arrows []*arrow
	rows   []int // where each row begins, and the end of the last
	sheet
}

// SVG draws the picture. It carries classes and attributes only, for the
// content policy forbids styles; it scales to the width it is given, and is
// readable without any style sheet.
func (pic Picture) SVG() string {
	if pic.State == nil {
		pic.State = func(s State) string { return string(s) }
	}
	if pic.Verb == nil {
		pic.Verb = func(name string) string { return name }
	}
	if pic.Title == "" {
		pic.Title = pic.Procedure.Key()
	}
	d := &drawing{Picture: pic}
	d.gather()
	d.layer()
	d.columns()
	d.route()
	d.place()
	return d.write()
}

// gather makes the boxes and arrows. Verbs between the same two states share
// an arrow.
func (d *drawing) gather() {
	for _, s := range d.Procedure.States {
		d.boxes = append(d.boxes, &box{rule: s, title: wrap(d.State(s.Name), titleWide), ports: map[side][]*arrow{}})
	}
	for _, v := range d.Procedure.Verbs {
		for _, name := range v.From {
			from := d.box(name)
			if v.To == "" || v.To == name {
				from.acts = append(from.acts, wrap("↻ "+d.Verb(v.Name), titleWide)...)
				continue
			}
			to := d.box(v.To)
			i := slices.IndexFunc(d.arrows, func(a *arrow) bool { return a.from == from && a.to == to })
			if i < 0 {
				d.arrows, i = append(d.arrows, &arrow{from: from, to: to}), len(d.arrows)
			}
			d.arrows[i].labels = append(d.arrows[i].labels, wrap(d.Verb(v.Name), labelWide)...)
		}
	}
}

func (d *drawing) box(name State) *box {
	i := slices.IndexFunc(d.boxes, func(b *box) bool { return b.rule.Name == name })
	return d.boxes[i] // the reader has checked that it is there
}

// layer puts each state on the row of its longest way from the opening, along
// the arrows that do not lead back to where the way came from.
func (d *drawing) layer() {
	opening, _ := d.Procedure.Verb(d.Procedure.Opens)
	seen, above := map[*box]bool{}, map[*box]bool{}
	var order []*box
	var walk func(b *box)
	walk = func(b *box) {
		seen[b], above[b] = true, true
		for _, a := range d.arrows {
			if a.from != b {
				continue
			}
			if above[a.to] {
				a.back = true
			} else if !seen[a.to] {
				walk(a.to)
			}
		}
		above[b] = false
		order = append(order, b)
	}
	walk(d.box(opening.To))
	slices.Reverse(order)
	for _, b := range order {
		for _, a := range d.arrows {
			if a.from == b && !a.back {
				a.to.row = max(a.to.row, b.row+1)
			}
		}
	}
}

// columns keeps the longest way straight, in column 0; the other states of a
// row stand to its right, in the order of the file.
func (d *drawing) columns() {
	last := d.boxes[0]
	for _, b := range d.boxes {
		b.col = -1
		if b.row > last.row {
			last = b
		}
	}
	for b := last; b != nil; {
		b.col = 0
		i := slices.IndexFunc(d.arrows, func(a *arrow) bool { return a.to == b && !a.back && a.from.row == b.row-1 })
		if i < 0 {
			break
		}
		b = d.arrows[i].from
	}
	used := map[int]int{}
	for _, b := range d.boxes {
		if b.col < 0 {
			used[b.row]++
			b.col = used[b.row]
		}
	}
}

// write gives the finished picture.
func (d *drawing) write() string {
	var b strings.Builder
	id := strings.NewReplacer("/", "-", "_", "-").Replace("procedure-" + d.Procedure.Key())
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" class="procedure-picture" viewBox="0 0 %d %d" role="img" aria-labelledby="%s-title %s-desc" fill="none" stroke="none" font-size="%d">`,
		d.wide, d.high, id, id, fontSize)
	fmt.Fprintf(&b, `<title id="%s-title">%s</title><desc id="%s-desc">%s</desc>`, id, html.EscapeString(d.Title), id, html.EscapeString(d.told()))
	fmt.Fprintf(&b, `<defs><marker id="%s-tip" class="procedure-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="currentColor"/></marker></defs>`, id)
	for _, a := range d.arrows {
		class := "procedure-arrow"
		if a.back {
			class += " procedure-back"
		}
		fmt.Fprintf(&b, `<path class="%s" d="%s" stroke="currentColor" stroke-width="1.5"%s marker-end="url(#%s-tip)"/>`, class, d.path(a), dashes(a), id)
	}
	for _, s := range d.boxes {
		d.writeBox(&b, s)
	}
	for _, a := range d.arrows {
		x, y, anchor := d.labelAt(a)
		lines(&b, "procedure-verb", x, y, anchor, "", a.labels)
	}
	b.WriteString("</svg>")
	return b.String()
}

// dashes tell the ways back from the ways forward without colour.
func dashes(a *arrow) string {
	if a.back {
		return ` stroke-dasharray="5 4"`
	}
	return ""
}

func (d *drawing) writeBox(b *strings.Builder, s *box) {
	class, thick := "procedure-state procedure-waits-"+string(s.rule.Waits), "1.5"
	if s.rule.Name == d.Here {
		class, thick = class+" procedure-here", "3.5"
	}
	if s.rule.Final {
		class += " procedure-final"
	}
	fmt.Fprintf(b, `<g class="%s"><rect x="%d" y="%d" width="%d" height="%d" rx="8" stroke="currentColor" stroke-width="%s"/>`, class, s.x, s.y, boxWide, s.h, thick)
	if s.rule.Final {
		fmt.Fprintf(b, `<rect class="procedure-inner" x="%d" y="%d" width="%d" height="%d" rx="5" stroke="currentColor" stroke-width="1.5"/>`, s.x+4, s.y+4, boxWide-8, s.h-8)
	}
	if s.rule.Name == d.Here {
		fmt.Fprintf(b, `<path class="procedure-mark" d="M%d %dl9 6-9 6z" fill="currentColor"/>`, s.x+9, s.y+boxPad+1)
	}
	y := s.y + (s.h-s.words())/2 + fontSize - 2
	lines(b, "procedure-name", s.x+boxWide/2, y, "middle", ` font-weight="600"`, s.title)
	lines(b, "procedure-act", s.x+boxWide/2, y+len(s.title)*lineHigh+actsGap, "middle", "", s.acts)
	b.WriteString("</g>")
}

func lines(b *strings.Builder, class string, x, y int, anchor, more string, all []string) {
	if len(all) == 0 {
		return
	}
	fmt.Fprintf(b, `<text class="%s" text-anchor="%s" fill="currentColor"%s>`, class, anchor, more)
	for i, line := range all {
		fmt.Fprintf(b, `<tspan x="%d" y="%d">%s</tspan>`, x, y+i*lineHigh, html.EscapeString(line))
	}
	b.WriteString("</text>")
}

// told is the picture in words: each state with its ways out.
func (d *drawing) told() string {
	var all []string
	for _, s := range d.boxes {
		mark := ""
		if s.rule.Name == d.Here {
			mark = "▶ "
		}
		var ways []string
		for _, a := range d.arrows {
			if a.from == s {
				ways = append(ways, strings.Join(a.labels, " ")+" → "+strings.Join(a.to.title, " "))
			}
		}
		said := mark + strings.Join(s.title, " ")
		if len(ways) > 0 {
			said += ": " + strings.Join(ways, "; ")
		}
		all = append(all, said+".")
	}
	return strings.Join(all, " ")
}

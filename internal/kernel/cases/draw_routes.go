package cases

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Measures of a picture, in its own units. A letter of fontSize is about
// letterWide wide.
const (
	fontSize    = 13
	letterWide  = 7
	lineHigh    = 17
	boxWide     = 196
	boxPad      = 12
	actsGap     = 4
	titleWide   = 23 // letters on a line in a box
	labelWide   = 16 // letters on a line beside an arrow
	columnGap   = 36
	laneGap     = 16
	trackGap    = 12
	channelHigh = 40 // between two rows, without tracks and labels
	margin      = 12
	cornerRound = 10
)

// side of a box.
type side int

const (
	leftSide side = iota
	rightSide
)

// sheet holds the measures of one picture.
type sheet struct {
	wide, high int
	mainX      int   // left edge of the main column
	sideX      int   // left edge of column 1
	leftLanes  []int // how wide the labels of each lane of the left gutter are
	lanes      int   // of the middle gutter
	tracks     map[int]int
}

// route decides how each arrow runs, in which lane or track.
func (d *drawing) route() {
	d.tracks = map[int]int{}
	for _, a := range d.arrows {
		next := a.to.row == a.from.row+1
		switch {
		case next && a.from.col == a.to.col:
			a.way = down
		case next && a.to.col > a.from.col:
			a.way = branch
		case a.from.col == 0 && a.to.col == 0:
			a.way = left
		default:
			a.way = middle
		}
	}
	// The far ones take the upper tracks, so that branches do not cross.
	branches := d.on(branch)
	slices.SortStableFunc(branches, func(a, b *arrow) int { return cmp.Compare(b.to.col, a.to.col) })
	for _, a := range branches {
		a.lane = d.tracks[a.from.row]
		d.tracks[a.from.row]++
	}
	d.leftLanes = make([]int, assign(d.on(left)))
	for _, a := range d.on(left) {
		d.leftLanes[a.lane] = max(d.leftLanes[a.lane], labelPixels(a))
		a.from.ports[leftSide], a.to.ports[leftSide] = append(a.from.ports[leftSide], a), append(a.to.ports[leftSide], a)
	}
	d.lanes = assign(d.on(middle))
	for _, a := range d.on(middle) {
		for _, b := range []*box{a.from, a.to} {
			switch b.col {
			case 0:
				b.ports[rightSide] = append(b.ports[rightSide], a)
			case 1:
				b.ports[leftSide] = append(b.ports[leftSide], a)
			}
		}
	}
	for _, b := range d.boxes {
		b.sortPorts()
	}
}

func (d *drawing) on(w way) []*arrow {
	var all []*arrow
	for _, a := range d.arrows {
		if a.way == w {
			all = append(all, a)
		}
	}
	return all
}

// assign gives arrows of one gutter their lanes: short ones inside, and no two
// side by side in one lane. It tells how many lanes it took.
func assign(all []*arrow) int {
	slices.SortStableFunc(all, func(a, b *arrow) int { return cmp.Compare(a.span(), b.span()) })
	var lanes [][]*arrow
	for _, a := range all {
		for a.lane = 0; a.lane < len(lanes) && slices.ContainsFunc(lanes[a.lane], a.beside); a.lane++ {
		}
		if a.lane == len(lanes) {
			lanes = append(lanes, nil)
		}
		lanes[a.lane] = append(lanes[a.lane], a)
	}
	return len(lanes)
}

func (a *arrow) span() int { return max(a.from.row, a.to.row) - min(a.from.row, a.to.row) }

func (a *arrow) beside(b *arrow) bool {
	return min(a.from.row, a.to.row) <= max(b.from.row, b.to.row) && min(b.from.row, b.to.row) <= max(a.from.row, a.to.row)
}

// sortPorts orders the arrows on a side so that they do not cross there: those
// that go up from inside to outside, then those that go down from outside to
// inside.
func (b *box) sortPorts() {
	place := func(a *arrow) int {
		other := a.from
		if other == b {
			other = a.to
		}
		if other.row < b.row {
			return a.lane
		}
		return 1000 - a.lane
	}
	for _, all := range b.ports {
		slices.SortStableFunc(all, func(x, y *arrow) int { return cmp.Compare(place(x), place(y)) })
	}
}

// port is the height at which an arrow meets a side of a box. Across the middle
// gutter two boxes of a row face each other: the right one's arrows meet it a
// little lower, so that none seems to lead straight over.
func (b *box) port(s side, a *arrow) int {
	all, lower := b.ports[s], 0
	if b.col > 0 {
		lower = lineHigh / 2
	}
	return b.y + b.h*(slices.Index(all, a)+1)/(len(all)+1) + lower
}

func labelPixels(a *arrow) int {
	n := 0
	for _, line := range a.labels {
		n = max(n, utf8.RuneCountInString(line))
	}
	return n * letterWide
}

// place gives every box its place and the sheet its size.
func (d *drawing) place() {
	d.mainX = margin
	for _, w := range d.leftLanes {
		d.mainX += w + laneGap
	}
	for _, a := range d.on(down) { // their words stand left of the arrow
		d.mainX = max(d.mainX, margin+labelPixels(a)-boxWide/2+8)
	}
	gutter, columns, beside := columnGap, 0, 0
	for _, a := range d.on(middle) {
		beside = max(beside, labelPixels(a))
	}
	if d.lanes > 0 {
		gutter = laneGap + d.lanes*laneGap + beside + laneGap
	}
	d.sideX = d.mainX + boxWide + gutter
	last := 0
	for _, b := range d.boxes {
		b.h = b.words() + 2*boxPad
		// Every arrow on a side wants room for itself.
		for _, all := range b.ports {
			b.h = max(b.h, (len(all)+1)*lineHigh)
		}
		b.x = d.mainX
		if b.col > 0 {
			b.x = d.sideX + (b.col-1)*(boxWide+columnGap)
		}
		columns, last = max(columns, b.col), max(last, b.row)
	}
	d.wide = d.mainX + boxWide + margin
	if columns > 0 {
		d.wide = d.sideX + columns*(boxWide+columnGap) - columnGap + margin
	}
	for _, a := range d.on(branch) { // theirs right of it
		d.wide = max(d.wide, a.to.x+boxWide/2+8+labelPixels(a)+margin)
	}
	y := margin
	for row := range last + 1 {
		d.rows = append(d.rows, y)
		high := 0
		for _, b := range d.boxes {
			if b.row == row {
				b.y, high = y, max(high, b.h)
			}
		}
		y += high + d.channel(row)
	}
	d.high = y - d.channel(last) + margin
	d.rows = append(d.rows, y)
}

// words is how high the words of a box stand.
func (b *box) words() int {
	high := len(b.title)*lineHigh - 4
	if len(b.acts) > 0 {
		high += len(b.acts)*lineHigh + actsGap
	}
	return high
}

// channel is the room below a row: its tracks, and the labels of what leads down.
func (d *drawing) channel(row int) int {
	words := 1
	for _, a := range d.arrows {
		if a.from.row == row && (a.way == down || a.way == branch) {
			words = max(words, len(a.labels))
		}
	}
	return channelHigh + d.tracks[row]*trackGap + (words-1)*lineHigh
}

// point is a corner of an arrow's way.
type point struct{ x, y int }

func (d *drawing) path(a *arrow) string {
	from, to := a.from, a.to
	center := to.x + boxWide/2
	switch a.way {
	case down:
		return rounded(point{center, from.y + from.h}, point{center, to.y})
	case branch:
		// Each branch leaves at its own place; the upper track furthest right.
		out := from.x + boxWide - 20 - a.lane*trackGap
		y := d.track(from.row, a.lane)
		return rounded(point{out, from.y + from.h}, point{out, y}, point{center, y}, point{center, to.y})
	case left:
		x := d.leftX(a)
		return rounded(point{from.x, from.port(leftSide, a)}, point{x, from.port(leftSide, a)}, point{x, to.port(leftSide, a)}, point{to.x, to.port(leftSide, a)})
	}
	x := d.mainX + boxWide + laneGap + a.lane*laneGap
	way := d.toGutter(from, a, x)
	back := d.toGutter(to, a, x)
	slices.Reverse(back)
	return rounded(append(way, back...)...)
}

// toGutter leads from a box to a lane of the middle gutter. From further right
// it goes through the channel above the box, where nothing stands.
func (d *drawing) toGutter(b *box, a *arrow, x int) []point {
	switch b.col {
	case 0:
		y := b.port(rightSide, a)
		return []point{{b.x + boxWide, y}, {x, y}}
	case 1:
		y := b.port(leftSide, a)
		return []point{{b.x, y}, {x, y}}
	}
	y := b.y - trackGap
	return []point{{b.x + 20, b.y}, {b.x + 20, y}, {x, y}}
}

func (d *drawing) leftX(a *arrow) int {
	x := d.mainX - laneGap
	for i := range a.lane {
		x -= d.leftLanes[i] + laneGap
	}
	return x
}

// track is the height of a track in the channel below a row.
func (d *drawing) track(row, lane int) int {
	return d.rows[row+1] - d.channel(row) + 10 + lane*trackGap
}

// labelAt is where an arrow's first line of words stands.
func (d *drawing) labelAt(a *arrow) (x, y int, anchor string) {
	more := (len(a.labels) - 1) * lineHigh
	switch a.way {
	case down:
		return a.to.x + boxWide/2 - 8, (a.from.y+a.from.h+a.to.y-more)/2 + 4, "end"
	case branch:
		return a.to.x + boxWide/2 + 8, a.to.y - 12 - more, "start"
	case left:
		return d.leftX(a) - 6, (a.from.port(leftSide, a)+a.to.port(leftSide, a)-more)/2 + 4, "end"
	}
	// Beside the box it leaves, clear of the lanes.
	if y = a.from.y - trackGap; a.from.col == 1 {
		y = a.from.port(leftSide, a)
	} else if a.from.col == 0 {
		return d.mainX + boxWide + (d.lanes+1)*laneGap, a.from.port(rightSide, a) - more/2 + 4, "start"
	}
	return a.from.x - 6, y - 6 - more, "end"
}

// rounded joins points by lines with round corners.
func rounded(points ...point) string {
	var b strings.Builder
	fmt.Fprintf(&b, "M%d %d", points[0].x, points[0].y)
	for i := 1; i < len(points)-1; i++ {
		before, at, after := points[i-1], points[i], points[i+1]
		in, out := toward(at, before), toward(at, after)
		fmt.Fprintf(&b, "L%d %dQ%d %d %d %d", in.x, in.y, at.x, at.y, out.x, out.y)
	}
	fmt.Fprintf(&b, "L%d %d", points[len(points)-1].x, points[len(points)-1].y)
	return b.String()
}

// toward is the point on the way from a corner to its neighbour where the round
// part begins: never past the middle.
func toward(at, next point) point {
	dx, dy := next.x-at.x, next.y-at.y
	far := max(dx, -dx, dy, -dy)
	if far == 0 {
		return at
	}
	r := min(cornerRound, far/2)
	return point{at.x + dx*r/far, at.y + dy*r/far}
}

// wrap breaks words into lines of at most wide letters, where it can.
func wrap(s string, wide int) []string {
	var all []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= wide:
			line += " " + word
		default:
			all, line = append(all, line), word
		}
	}
	if line != "" {
		all = append(all, line)
	}
	return all
}

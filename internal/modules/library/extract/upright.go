package extract

import (
	"image"
	"math"
	"slices"
)

// glance is what a look at a small copy of a page tells, before any letter is
// read. It costs a hundredth of reading.
type glance struct {
	ink     float64 // share of the page that is dark
	dark    bool    // has large dark areas, which may hold white letters
	turned  int     // by how much the page must be turned clockwise: 0, 90, 180, 270
	sure    bool    // of turned
	skew    float64 // degrees by which its lines fall to the right, when turned
	specks  float64 // share of the ink that is single points
	upDown  float64 // how much more stands above the lines than below: -1…1
	acrossV float64 // how much more the rows alternate than the columns
	level   byte    // of brightness: what is darker is ink
	few     bool    // less ink than a dozen words
	columns bool    // set in columns, parted by a gutter
}

// mixed reports a page that is not one block of lines.
func (v glance) mixed() bool { return v.dark || v.columns || !v.sure }

// blank reports a page on which nothing stands.
func (v glance) blank() bool { return v.ink < blankInk }

const (
	smallSide = 1100 // pixels of the longer side of the small copy: A4 at 94 dpi
	blankInk  = 0.0006
	skewMost  = 8.0
	// pointsLeast is how much ink there must be for a judgement: some six lines.
	pointsLeast = 8000
	// A page whose marks above and below its lines are so unequal stands upright or
	// on its head; Vietnamese has its marks above. Between, tesseract is asked.
	upDownSure = 0.10
	acrossSure = 1.35
)

// look glances at a page.
func look(g *image.Gray) glance {
	s := shrink(g)
	level := threshold(s)
	pts, ink := inkOf(s, level)
	v := glance{ink: ink, dark: hasDarkAreas(s, level), level: level, sure: true}
	if v.blank() {
		return v
	}
	v.few = len(pts) < pointsLeast
	v.specks = specks(g, level)
	rows, cols := lean(pts, s.Rect.Dy(), false), lean(pts, s.Rect.Dx(), true)
	v.acrossV = rows.energy / max(cols.energy, 1e-9)
	if v.acrossV >= 1 {
		v.skew = rows.degrees
		v.columns = hasGutter(pts, s.Rect.Dx(), s.Rect.Dy(), rows.degrees, false)
		v.upDown = upDown(pts, s.Rect.Dy(), rows.degrees, false)
		if v.upDown < 0 {
			v.turned = 180
		}
	} else {
		// Turned a quarter clockwise, column x becomes row x read from the right end: see turn.
		v.skew = -cols.degrees
		v.columns = hasGutter(pts, s.Rect.Dy(), s.Rect.Dx(), cols.degrees, true)
		v.upDown = upDown(pts, s.Rect.Dx(), cols.degrees, true)
		v.turned = 90
		if v.upDown < 0 {
			v.turned = 270
		}
	}
	v.sure = !v.few && math.Abs(v.upDown) >= upDownSure && (v.acrossV >= acrossSure || v.acrossV <= 1/acrossSure)
	return v
}

// shrink averages the picture down to a small copy.
func shrink(g *image.Gray) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	n := max(1, (max(w, h)+smallSide-1)/smallSide)
	if n == 1 {
		return g
	}
	sw, sh := w/n, h/n
	if sw == 0 || sh == 0 {
		return g
	}
	s := image.NewGray(image.Rect(0, 0, sw, sh))
	sums := make([]uint32, sw)
	for y := range sh {
		clear(sums)
		for i := range n {
			row := g.Pix[(y*n+i)*g.Stride:]
			row = row[:sw*n]
			for x := range sums {
				var t uint32
				for _, p := range row[x*n : x*n+n] {
					t += uint32(p)
				}
				sums[x] += t
			}
		}
		out := s.Pix[y*s.Stride:]
		for x, t := range sums {
			out[x] = byte(t / uint32(n*n))
		}
	}
	return s
}

// threshold is the brightness that best parts ink and paper (Otsu).
func threshold(g *image.Gray) byte {
	var count [256]float64
	for y := range g.Rect.Dy() {
		for _, p := range g.Pix[y*g.Stride : y*g.Stride+g.Rect.Dx()] {
			count[p]++
		}
	}
	var all, sum float64
	for i, c := range count {
		all, sum = all+c, sum+float64(i)*c
	}
	var below, belowSum, best float64
	level := 128
	for i, c := range count {
		below, belowSum = below+c, belowSum+float64(i)*c
		if below == 0 || below == all {
			continue
		}
		d := belowSum/below - (sum-belowSum)/(all-below)
		if between := below * (all - below) * d * d; between > best {
			best, level = between, i
		}
	}
	// Paper that is grey all over has no ink, however it is parted.
	return byte(min(level, 200))
}

type point struct{ x, y int16 }

// edge is the share of each side that is not looked at: shadows of the scanner,
// holes, the neighbouring page.
const edge = 40

func inkOf(s *image.Gray, level byte) (pts []point, share float64) {
	w, h := s.Rect.Dx(), s.Rect.Dy()
	mx, my := w/edge, h/edge
	pts = make([]point, 0, 1<<15)
	for y := my; y < h-my; y++ {
		row := s.Pix[y*s.Stride:]
		for x := mx; x < w-mx; x++ {
			if row[x] < level {
				pts = append(pts, point{int16(x), int16(y)})
			}
		}
	}
	return pts, float64(len(pts)) / float64(max(1, (w-2*mx)*(h-2*my)))
}

// hasDarkAreas looks for squares of solid ink, larger than any letter.
func hasDarkAreas(s *image.Gray, level byte) bool {
	const side = 12
	w, h := s.Rect.Dx(), s.Rect.Dy()
	found := 0
	for y := h / edge; y+side < h-h/edge; y += side {
		for x := w / edge; x+side < w-w/edge; x += side {
			dark := 0
			for i := range side {
				for _, p := range s.Pix[(y+i)*s.Stride+x : (y+i)*s.Stride+x+side] {
					if p < level {
						dark++
					}
				}
			}
			if dark > side*side*6/10 {
				found++
			}
		}
	}
	return found >= 3
}

// leaning is the angle at which the lines of a page are parted best.
type leaning struct {
	degrees float64
	energy  float64
}

// lean tries angles: where lines run level, the count of ink changes most from
// row to row. It goes by columns when down.
func lean(pts []point, size int, down bool) leaning {
	hist := make([]int32, size+512)
	try := func(deg float64) float64 {
		clear(hist)
		// 16 bits behind the point: an angle costs one multiplication a point.
		slope := int32(math.Tan(deg*math.Pi/180) * 65536)
		for _, p := range pts {
			a, b := int32(p.y), int32(p.x)
			if down {
				a, b = b, a
			}
			i := a - (b*slope)>>16 + 256
			if i >= 0 && int(i) < len(hist) {
				hist[i]++
			}
		}
		var e float64
		for i := 1; i < len(hist); i++ {
			d := float64(hist[i] - hist[i-1])
			e += d * d
		}
		return e
	}
	best := leaning{energy: -1}
	over := func(from, to, step float64) {
		for d := from; d <= to+1e-9; d += step {
			if e := try(d); e > best.energy {
				best = leaning{d, e}
			}
		}
	}
	over(-skewMost, skewMost, 1)
	over(best.degrees-0.75, best.degrees+0.75, 0.25)
	over(best.degrees-0.2, best.degrees+0.2, 0.1)
	return best
}

// hasGutter looks for a strip without ink that runs down most of the middle of the
// page with text at both sides.
func hasGutter(pts []point, width, height int, deg float64, down bool) bool {
	const cell, strips = 8, 64
	rows := height/cell + 1
	ink := make([][strips]bool, rows)
	slope := math.Tan(deg * math.Pi / 180)
	for _, p := range pts {
		y, x := float64(p.y), float64(p.x)
		if down {
			y, x = x, y
		}
		// Columns lean as much as lines do, the other way.
		x += (y - float64(height)/2) * slope
		i, j := int(y)/cell, int(x)*strips/width
		if i >= 0 && i < rows && j >= 0 && j < strips {
			ink[i][j] = true
		}
	}
	for j := strips * 3 / 8; j < strips*5/8; j++ {
		written, parted := 0, 0
		for _, row := range ink {
			left, right := slices.Contains(row[:j], true), slices.Contains(row[j+1:], true)
			if left || right {
				written++
			}
			if left && right && !row[j] {
				parted++
			}
		}
		if parted*10 > written*7 {
			return true
		}
	}
	return false
}

// upDown compares the ink above the bodies of the letters with that below them,
// line by line.
func upDown(pts []point, size int, deg float64, down bool) float64 {
	hist := make([]int, size+512)
	slope := math.Tan(deg * math.Pi / 180)
	for _, p := range pts {
		a, b := float64(p.y), float64(p.x)
		if down {
			// Turned a quarter clockwise, what stood at the left stands above.
			a, b = b, a
		}
		if i := int(a-b*slope) + 256; i >= 0 && i < len(hist) {
			hist[i]++
		}
	}
	peak := 0
	for _, n := range hist {
		peak = max(peak, n)
	}
	var above, below int
	for i := 0; i < len(hist); {
		if hist[i] <= peak/200 {
			i++
			continue
		}
		j := i
		for j < len(hist) && hist[j] > peak/200 {
			j++
		}
		a, b := aroundBody(hist[i:j])
		above, below = above+a, below+b
		i = j
	}
	if above+below == 0 {
		return 0
	}
	return float64(above-below) / float64(above+below)
}

// aroundBody finds where a line's small letters are, which is the densest, and
// sums up what is above and below.
func aroundBody(line []int) (above, below int) {
	const lowMost, highMost = 4, 60
	if len(line) < lowMost || len(line) > highMost {
		return 0, 0
	}
	most := 0
	for _, n := range line {
		most = max(most, n)
	}
	top, bottom := 0, len(line)-1
	for line[top] < most/2 {
		top++
	}
	for line[bottom] < most/2 {
		bottom--
	}
	for i, n := range line {
		switch {
		case i < top:
			above += n
		case i > bottom:
			below += n
		}
	}
	return above, below
}

// specks is the share of dark points that stand alone, looked for in a middle
// part of the page at full size.
func specks(g *image.Gray, level byte) float64 {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	x0, x1, y0, y1 := max(1, w/3), min(w-1, 2*w/3), max(1, h/3), min(h-1, h/2)
	alone, dark := 0, 0
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			at := y*g.Stride + x
			if g.Pix[at] >= level {
				continue
			}
			dark++
			n := 0
			for _, d := range [8]int{-g.Stride - 1, -g.Stride, -g.Stride + 1, -1, 1, g.Stride - 1, g.Stride, g.Stride + 1} {
				if g.Pix[at+d] < level {
					n++
				}
			}
			if n <= 1 {
				alone++
			}
		}
	}
	if dark == 0 {
		return 0
	}
	return float64(alone) / float64(dark)
}

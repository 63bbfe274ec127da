package extract

import (
	"image"
	"math"
)

// turn gives the picture turned clockwise by 90, 180 or 270 degrees.
func turn(g *image.Gray, degrees int) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	switch degrees {
	case 180:
		t := image.NewGray(image.Rect(0, 0, w, h))
		for y := range h {
			from, to := g.Pix[y*g.Stride:], t.Pix[(h-1-y)*t.Stride:]
			for x := range w {
				to[w-1-x] = from[x]
			}
		}
		return t
	case 90, 270:
		t := image.NewGray(image.Rect(0, 0, h, w))
		for y := range h {
			from := g.Pix[y*g.Stride:]
			for x := range w {
				if degrees == 90 {
					t.Pix[x*t.Stride+h-1-y] = from[x]
				} else {
					t.Pix[(w-1-x)*t.Stride+y] = from[x]
				}
			}
		}
		return t
	}
	return g
}

// level turns the picture back by an angle by which its lines fall to the right,
// between its points smoothly. What comes in from outside is paper.
func level(g *image.Gray, degrees float64) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	t := image.NewGray(image.Rect(0, 0, w, h))
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	const one = 1 << 16
	dx, dy := int64(cos*one), int64(sin*one)
	cx, cy := float64(w)/2, float64(h)/2
	for y := range h {
		// Where the first point of this row comes from, 16 bits behind the point.
		fx := int64((cx - cos*cx - sin*(float64(y)-cy)) * one)
		fy := int64((cy - sin*cx + cos*(float64(y)-cy)) * one)
		to := t.Pix[y*t.Stride:]
		for x := range w {
			ix, iy := int(fx>>16), int(fy>>16)
			if ix < 0 || iy < 0 || ix >= w-1 || iy >= h-1 {
				to[x] = 255
			} else {
				ax, ay := int(fx>>8&255), int(fy>>8&255)
				a := g.Pix[iy*g.Stride+ix:]
				b := g.Pix[(iy+1)*g.Stride+ix:]
				top := int(a[0])*(256-ax) + int(a[1])*ax
				bottom := int(b[0])*(256-ax) + int(b[1])*ax
				to[x] = byte((top*(256-ay) + bottom*ay) >> 16)
			}
			fx, fy = fx+dx, fy+dy
		}
	}
	return t
}

// despeckle lightens dark points that have no neighbour, or one: dust and the
// noise of a copier. The dot of ạ is larger at any resolution that can be read.
func despeckle(g *image.Gray, level byte) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	t := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		copy(t.Pix[y*t.Stride:y*t.Stride+w], g.Pix[y*g.Stride:y*g.Stride+w])
	}
	for y := 1; y < h-1; y++ {
		for x := 1; x < w-1; x++ {
			at := y*g.Stride + x
			if g.Pix[at] >= level {
				continue
			}
			n := 0
			for _, d := range [8]int{-g.Stride - 1, -g.Stride, -g.Stride + 1, -1, 1, g.Stride - 1, g.Stride, g.Stride + 1} {
				if g.Pix[at+d] < level {
					n++
				}
			}
			if n <= 1 {
				t.Pix[y*t.Stride+x] = 255
			}
		}
	}
	return t
}

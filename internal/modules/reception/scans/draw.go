package scans

import (
	"image"
	"image/color"
	"image/draw"
	"strconv"

	scale "golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// Hide gives the page with its areas black. The picture that comes out is a new
// one with whole colours: nothing of what was there is kept in it.
func Hide(page image.Image, areas []Area) *image.RGBA {
	b := page.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src) // where the page is transparent
	draw.Draw(out, out.Rect, page, b.Min, draw.Over)
	for _, a := range areas {
		draw.Draw(out, a.pixels(out.Rect), image.Black, image.Point{}, draw.Src)
	}
	return out
}

// Ruled gives the page with a line at each tenth of its width and height, named
// in percent, for whoever types where an area lies.
func Ruled(page image.Image) *image.RGBA {
	out := Hide(page, nil)
	line := image.NewUniform(color.NRGBA{B: 160, A: 90})
	for n := 1; n < 10; n++ {
		x, y, name := n*out.Rect.Dx()/10, n*out.Rect.Dy()/10, strconv.Itoa(n*10)
		draw.Draw(out, image.Rect(x, 0, x+1, out.Rect.Dy()), line, image.Point{}, draw.Over)
		draw.Draw(out, image.Rect(0, y, out.Rect.Dx(), y+1), line, image.Point{}, draw.Over)
		label(out, x+2, 2, name)
		label(out, 2, y+2, name)
	}
	return out
}

// label writes a number of the ruler on a white ground, large enough for a page
// that is shown at half its size.
func label(out draw.Image, x, y int, words string) {
	small := image.NewRGBA(image.Rect(0, 0, 7*len(words)+2, 15))
	draw.Draw(small, small.Rect, image.White, image.Point{}, draw.Src)
	d := font.Drawer{Dst: small, Src: image.NewUniform(color.RGBA{B: 160, A: 255}), Face: basicfont.Face7x13, Dot: fixed.P(1, 12)}
	d.DrawString(words)
	scale.NearestNeighbor.Scale(out, image.Rect(x, y, x+2*small.Rect.Dx(), y+2*small.Rect.Dy()), small, small.Rect, scale.Src, nil)
}

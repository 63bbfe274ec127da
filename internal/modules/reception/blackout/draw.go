package blackout

import (
	"image"
	"image/color"
	"image/draw"
	"strconv"

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

// Map gives the page with the grid over it, its fields named along the edges and
// the areas already chosen veiled, for the person who chooses.
func Map(page image.Image, areas []Area) *image.RGBA {
	out := Hide(page, nil)
	veil := image.NewUniform(color.RGBA{R: 160, A: 160})
	for _, a := range areas {
		draw.Draw(out, a.pixels(out.Rect), veil, image.Point{}, draw.Over)
	}
	line := image.NewUniform(color.RGBA{B: 160, A: 110})
	for n := range Across {
		x := n * out.Rect.Dx() / Across
		draw.Draw(out, image.Rect(x, 0, x+1, out.Rect.Dy()), line, image.Point{}, draw.Over)
		label(out, x+3, 12, string(rune('A'+n)))
		label(out, x+3, out.Rect.Dy()-3, string(rune('A'+n)))
	}
	for n := range Down {
		y := n * out.Rect.Dy() / Down
		draw.Draw(out, image.Rect(0, y, out.Rect.Dx(), y+1), line, image.Point{}, draw.Over)
		label(out, 2, y+25, strconv.Itoa(n+1))
		label(out, out.Rect.Dx()-18, y+25, strconv.Itoa(n+1))
	}
	return out
}

// label writes a name of the grid on a white ground.
func label(out draw.Image, x, y int, words string) {
	d := font.Drawer{Dst: out, Src: image.NewUniform(color.RGBA{B: 160, A: 255}), Face: basicfont.Face7x13, Dot: fixed.P(x, y)}
	draw.Draw(out, image.Rect(x-1, y-11, x+d.MeasureString(words).Ceil()+1, y+3), image.White, image.Point{}, draw.Src)
	d.DrawString(words)
}

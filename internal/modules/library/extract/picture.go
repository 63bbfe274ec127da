package extract

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"os"

	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"

	"example.vn/hdnd/internal/kernel/fault"
)

// pixelsMax bounds a picture before any of it takes memory: A3 at 600 dpi has 70
// million, a page of a large plan more.
const pixelsMax = 120_000_000

var errUnknownPicture = errors.New("a picture in a form we cannot read")

// decoded is a picture in memory, in greys.
type decoded struct {
	grey *image.Gray
}

// measure tells a picture's size from its head.
func measure(kind Kind, f io.Reader) (image.Config, error) {
	switch kind {
	case JPEG:
		return jpeg.DecodeConfig(f)
	case PNG:
		return png.DecodeConfig(f)
	case WEBP:
		return webp.DecodeConfig(f)
	case TIFF:
		return tiff.DecodeConfig(f)
	}
	return image.Config{}, errUnknownPicture
}

// decode reads a picture that measure has let through.
func decode(kind Kind, f io.Reader) (d decoded, err error) {
	defer func() {
		// A decoder that stumbles over hostile bytes is a damaged file, no crash.
		if p := recover(); p != nil {
			err = fmt.Errorf("picture: %v", p)
		}
	}()
	var m image.Image
	switch kind {
	case JPEG:
		m, err = jpeg.Decode(f)
	case PNG:
		m, err = png.Decode(f)
	case WEBP:
		m, err = webp.Decode(f)
	case TIFF:
		m, err = tiff.Decode(f)
	default:
		err = errUnknownPicture
	}
	if err != nil {
		return d, err
	}
	return greyOf(m), nil
}

// greyOf takes the brightness of a picture; that of a photograph is there already.
func greyOf(m image.Image) decoded {
	b := m.Bounds()
	switch p := m.(type) {
	case *image.Gray:
		return decoded{grey: p}
	case *image.YCbCr:
		return decoded{grey: &image.Gray{Pix: p.Y, Stride: p.YStride, Rect: image.Rect(0, 0, b.Dx(), b.Dy())}}
	case *image.Paletted:
		if len(p.Palette) <= 2 {
			return decoded{grey: twoColours(p)}
		}
	}
	g := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	// What is transparent is paper.
	draw.Draw(g, g.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(g, g.Rect, m, b.Min, draw.Over)
	return decoded{grey: g}
}

func twoColours(p *image.Paletted) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, p.Rect.Dx(), p.Rect.Dy()))
	var tone [256]byte
	for i, c := range p.Palette {
		r, gr, b, _ := c.RGBA()
		tone[i] = byte((299*r + 587*gr + 114*b) / 1000 >> 8)
	}
	for y := range g.Rect.Dy() {
		from, to := p.Pix[y*p.Stride:], g.Pix[y*g.Stride:]
		for x := range g.Rect.Dx() {
			to[x] = tone[from[x]]
		}
	}
	return g
}

// readPGM reads what pdftoppm writes when it need not pack it.
func readPGM(b []byte) (*image.Gray, error) {
	var w, h, most int
	if n, err := fmt.Sscanf(string(b[:min(len(b), 64)]), "P5\n%d %d\n%d", &w, &h, &most); n != 3 || most != 255 || w < 1 || h < 1 || w > pixelsMax/h {
		return nil, fmt.Errorf("%w: %w", errUnknownPicture, err)
	}
	head := 0
	for lines := 0; lines < 3; head++ {
		if head >= len(b) {
			return nil, io.ErrUnexpectedEOF
		}
		if b[head] == '\n' {
			lines++
		}
	}
	if len(b)-head < w*h {
		return nil, io.ErrUnexpectedEOF
	}
	return &image.Gray{Pix: b[head : head+w*h], Stride: w, Rect: image.Rect(0, 0, w, h)}, nil
}

// isBits reports a picture of black and white only. Tesseract reads it faster when
// it is told so.
func isBits(g *image.Gray) bool {
	for y := range g.Rect.Dy() {
		for _, p := range g.Pix[y*g.Stride : y*g.Stride+g.Rect.Dx()] {
			if p != 0 && p != 255 {
				return false
			}
		}
	}
	return true
}

// packBits is a row as a bitmap holds it: eight points in a byte, ink is 1.
func packBits(to, row []byte) {
	clear(to)
	for x, p := range row {
		if p < 128 {
			to[x>>3] |= 0x80 >> (x & 7)
		}
	}
}

// writePNM is the picture as tesseract reads it fastest.
func writePNM(path string, g *image.Gray, bits bool) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriterSize(f, 1<<20)
	width, height := g.Rect.Dx(), g.Rect.Dy()
	head, packed := "P5\n%d %d\n255\n", []byte(nil)
	if bits {
		head, packed = "P4\n%d %d\n", make([]byte, (width+7)/8)
	}
	if _, err := fmt.Fprintf(w, head, width, height); err != nil {
		return err
	}
	for y := range height {
		row := g.Pix[y*g.Stride : y*g.Stride+width]
		if bits {
			packBits(packed, row)
			row = packed
		}
		if _, err := w.Write(row); err != nil {
			return err
		}
	}
	return w.Flush()
}

// openPicture decodes a file that holds one picture.
func (r *Reader) openPicture(ctx context.Context, kind Kind, path, name string) (decoded, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return decoded{}, err
	}
	size, err := measure(kind, bytes.NewReader(b))
	if err != nil {
		return decoded{}, refuse("extract.damaged_picture", name).Because(err)
	}
	if size.Width < 1 || size.Height < 1 || size.Width > pixelsMax/size.Height {
		return decoded{}, fault.New(fault.TooLarge, "extract.pixels", "name", name, "max", pixelsMax/1_000_000)
	}
	if err := ctx.Err(); err != nil {
		return decoded{}, err
	}
	d, err := decode(kind, bytes.NewReader(b))
	if err != nil {
		return decoded{}, refuse("extract.damaged_picture", name).Because(err)
	}
	return d, nil
}

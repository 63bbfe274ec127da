package documents

import (
	"bytes"
	"errors"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"strings"

	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"
)

const (
	jpegQuality = 85
	sideMax     = 30_000 // pixels; wider or higher is no photograph and no scan
)

// redraw decodes a picture and writes it anew: upright, and without what the
// camera noted about place, time and device. A picture that cannot be drawn is
// refused, so nothing that only looks like one gets in.
func redraw(c *check) error {
	b := make([]byte, c.size)
	if _, err := c.file.ReadAt(b, 0); err != nil {
		return err
	}
	if err := c.measure(b); err != nil {
		return err
	}
	if c.media == mediaTIFF && tiffPages(b) > 1 {
		return refuse("documents.tiff_pages", c.name)
	}
	picture, err := decoders()[c.media].full(bytes.NewReader(b))
	if err != nil {
		return refuse("documents.damaged_picture", c.name).Because(err)
	}
	picture = upright(picture, orientation(b))
	media := mediaPNG
	if c.media == mediaJPEG || c.media == mediaWEBP && isPhoto(b, picture) {
		media = mediaJPEG
	}
	return c.draw(picture, media)
}

// measure refuses a picture by the size it states, before any pixel of it
// takes memory.
func (c *check) measure(b []byte) error {
	size, err := decoders()[c.media].size(bytes.NewReader(b))
	if err != nil {
		return refuse("documents.damaged_picture", c.name).Because(err)
	}
	if size.Width <= 0 || size.Height <= 0 {
		return refuse("documents.damaged_picture", c.name)
	}
	if size.Width > sideMax || size.Height > sideMax || int64(size.Width)*int64(size.Height) > c.limits.PixelsMax {
		return refuse("documents.pixels", c.name, "max", c.limits.PixelsMax/1_000_000)
	}
	return nil
}

func (c *check) draw(picture image.Image, media string) (err error) {
	out, err := c.scratch()
	if err != nil {
		return err
	}
	if media == mediaJPEG {
		err = jpeg.Encode(out, picture, &jpeg.Options{Quality: jpegQuality})
	} else {
		err = png.Encode(out, picture)
	}
	if err != nil {
		return diskFault(err)
	}
	if _, end := splitEnding(c.name); endingFormat(strings.ToLower(end)).media != media {
		c.name = withEnding(c.name, giving(media))
	}
	// The marks on a picture are seen only by people, until it was read by OCR.
	c.file, c.media, c.pages, c.unread = out, media, 1, true
	return nil
}

type decoder struct {
	size func(io.Reader) (image.Config, error)
	full func(io.Reader) (image.Image, error)
}

func decoders() map[string]decoder {
	return map[string]decoder{
		mediaJPEG: {jpeg.DecodeConfig, jpeg.Decode},
		mediaPNG:  {png.DecodeConfig, png.Decode},
		mediaWEBP: {webp.DecodeConfig, webp.Decode},
		mediaTIFF: {tiff.DecodeConfig, tiff.Decode},
	}
}

// isPhoto tells whether a WEBP is better kept as JPEG: it was compressed with
// loss and has nothing transparent.
func isPhoto(b []byte, picture image.Image) bool {
	if bytes.Contains(b[:min(len(b), 64)], []byte("VP8L")) {
		return false
	}
	o, ok := picture.(interface{ Opaque() bool })
	return !ok || o.Opaque()
}

// upright turns a picture as the camera's note of orientation (1 to 8) asks.
// JPEG planes are turned as they are, which saves two thirds of the memory.
func upright(picture image.Image, o int) image.Image {
	if o <= 1 || o > 8 {
		return picture
	}
	switch p := picture.(type) {
	case *image.Gray:
		w, h := p.Rect.Dx(), p.Rect.Dy()
		pix, w2, h2 := turn(p.Pix, p.Stride, w, h, 1, o)
		return &image.Gray{Pix: pix, Stride: w2, Rect: image.Rect(0, 0, w2, h2)}
	case *image.YCbCr:
		if turned, err := turnYCbCr(p, o); err == nil {
			return turned
		}
	}
	w, h := picture.Bounds().Dx(), picture.Bounds().Dy()
	flat := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.Draw(flat, flat.Rect, picture, picture.Bounds().Min, draw.Src)
	pix, w2, h2 := turn(flat.Pix, flat.Stride, w, h, 4, o)
	return &image.NRGBA{Pix: pix, Stride: 4 * w2, Rect: image.Rect(0, 0, w2, h2)}
}

var errUnturnable = errors.New("no such subsampling when turned")

func turnYCbCr(p *image.YCbCr, o int) (*image.YCbCr, error) {
	ratio := p.SubsampleRatio
	if o >= 5 {
		switch ratio {
		case image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio420:
		case image.YCbCrSubsampleRatio422:
			ratio = image.YCbCrSubsampleRatio440
		case image.YCbCrSubsampleRatio440:
			ratio = image.YCbCrSubsampleRatio422
		default:
			return nil, errUnturnable
		}
	}
	w, h := p.Rect.Dx(), p.Rect.Dy()
	cw, ch := w, h
	switch p.SubsampleRatio {
	case image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420:
		cw = (w + 1) / 2
	}
	switch p.SubsampleRatio {
	case image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio420:
		ch = (h + 1) / 2
	}
	y, w2, h2 := turn(p.Y, p.YStride, w, h, 1, o)
	cb, cw2, _ := turn(p.Cb, p.CStride, cw, ch, 1, o)
	cr, _, _ := turn(p.Cr, p.CStride, cw, ch, 1, o)
	return &image.YCbCr{Y: y, Cb: cb, Cr: cr, YStride: w2, CStride: cw2,
		SubsampleRatio: ratio, Rect: image.Rect(0, 0, w2, h2)}, nil
}

// turn copies w×h pixels of n bytes into the order that orientation o asks for.
func turn(from []byte, stride, w, h, n, o int) (to []byte, w2, h2 int) {
	w2, h2 = w, h
	if o >= 5 {
		w2, h2 = h, w
	}
	to = make([]byte, w2*h2*n)
	for y := range h2 {
		for x := range w2 {
			sx, sy := x, y
			if o >= 5 {
				sx, sy = y, x
			}
			switch o {
			case 2, 3, 7, 8:
				sx = w - 1 - sx
			}
			switch o {
			case 3, 4, 6, 7:
				sy = h - 1 - sy
			}
			copy(to[(y*w2+x)*n:(y*w2+x)*n+n], from[sy*stride+sx*n:])
		}
	}
	return to, w2, h2
}

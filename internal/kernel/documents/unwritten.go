package documents

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"regexp"
	"strconv"

	"example.vn/hdnd/internal/kernel/fault"
)

// PDFs that are under seal are read from memory and never written to a disk.

// pageBytesMax bounds the picture of one page, three bytes a point: a page may say
// that it is as large as a house, and be white.
const pageBytesMax = 120 << 20

var pagesLine = regexp.MustCompile(`(?m)^Pages:\s+(\d+)$`)

// PageCount counts the pages of a PDF.
func (t Tools) PageCount(ctx context.Context, pdf []byte) (int, error) {
	out, err := t.feed(ctx, bytes.NewReader(pdf), 1<<20, t.PDFInfo, "-")
	if err != nil {
		return 0, unreadable(err)
	}
	m := pagesLine.FindSubmatch(out)
	if m == nil {
		return 0, unreadable(errors.New("pdfinfo names no pages"))
	}
	return strconv.Atoi(string(m[1]))
}

// DrawPage draws a page of a PDF, the first is 1, at so many dots per inch.
func (t Tools) DrawPage(ctx context.Context, pdf []byte, page, dpi int) (image.Image, error) {
	out, err := t.feed(ctx, bytes.NewReader(pdf), pageBytesMax, t.PDFToPPM, "-r", strconv.Itoa(dpi), "-f", strconv.Itoa(page), "-l", strconv.Itoa(page), "-")
	if err != nil {
		return nil, unreadable(err)
	}
	picture, err := points(out)
	if err != nil {
		return nil, unreadable(fmt.Errorf("page %d: %w", page, err))
	}
	return picture, nil
}

// points reads a picture as pdftoppm writes it when it need not be packed, which
// takes it a tenth of the time: "P6", width, height, 255, then the points.
func points(b []byte) (image.Image, error) {
	m := pointsHead.FindSubmatch(b[:min(len(b), 40)])
	if m == nil {
		return nil, errors.New("no picture came out")
	}
	wide, _ := strconv.Atoi(string(m[1])) // at most six figures
	high, _ := strconv.Atoi(string(m[2]))
	b = b[len(m[0]):]
	if wide == 0 || high == 0 || len(b) != 3*wide*high {
		return nil, fmt.Errorf("%d bytes are no picture of %d×%d", len(b), wide, high)
	}
	out := image.NewRGBA(image.Rect(0, 0, wide, high))
	for i := range wide * high {
		out.Pix[4*i], out.Pix[4*i+1], out.Pix[4*i+2], out.Pix[4*i+3] = b[3*i], b[3*i+1], b[3*i+2], 0xff
	}
	return out, nil
}

var pointsHead = regexp.MustCompile(`^P6\s(\d{1,6}) (\d{1,6})\s255\n`)

// DrawPicture decodes a picture, upright, without what the camera noted.
func DrawPicture(b []byte, pixelsMax int64) (image.Image, error) {
	for _, d := range decoders() {
		size, err := d.size(bytes.NewReader(b))
		if err != nil {
			continue
		}
		if size.Width <= 0 || size.Height <= 0 || int64(size.Width)*int64(size.Height) > pixelsMax {
			break
		}
		picture, err := d.full(bytes.NewReader(b))
		if err != nil {
			break
		}
		return upright(picture, orientation(b)), nil
	}
	return nil, unreadable(errors.New("no picture of a known kind"))
}

func unreadable(why error) error {
	if f := fault.Of(why); f.Kind == fault.Unavailable {
		return why
	}
	return fault.New(fault.Invalid, "documents.unreadable").Because(why)
}

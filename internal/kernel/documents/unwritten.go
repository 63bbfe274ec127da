package documents

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"regexp"
	"strconv"

	"example.vn/hdnd/internal/kernel/fault"
)

// PDFs that are under seal are read from memory and never written to a disk.

// pageBytesMax bounds the picture of one page.
const pageBytesMax = 64 << 20

// pagePixelsMax bounds it once it is decoded: a page may say that it is as large
// as a house, and be white.
const pagePixelsMax = 40_000_000

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
	out, err := t.feed(ctx, bytes.NewReader(pdf), pageBytesMax, t.PDFToPPM, "-png", "-r", strconv.Itoa(dpi), "-f", strconv.Itoa(page), "-l", strconv.Itoa(page), "-")
	if err != nil {
		return nil, unreadable(err)
	}
	size, err := png.DecodeConfig(bytes.NewReader(out))
	if err == nil && int64(size.Width)*int64(size.Height) > pagePixelsMax {
		err = errors.New("the page is too large")
	}
	if err != nil {
		return nil, unreadable(fmt.Errorf("page %d: %w", page, err))
	}
	picture, err := png.Decode(bytes.NewReader(out))
	if err != nil {
		return nil, unreadable(fmt.Errorf("page %d: %w", page, err))
	}
	return picture, nil
}

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

package scans

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"io"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"
	scale "golang.org/x/image/draw"

	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
)

// The measures of copies.
const (
	dpi       = 150
	quality   = 80         // of the pages' pictures; they are drawn after the black
	pagesMost = 200        // of one scan
	pixelsMax = 50_000_000 // of a photograph: the largest cameras of telephones people carry
	sideMost  = 3000       // pixels of one page: more shows nothing that reading needs
)

// Original is a scan or a copy of one, opened in memory.
//
// vi: bản quét đã mở
type Original struct {
	tools documents.Tools
	bytes []byte
	pdf   bool
	Pages int
}

// OpenOriginal opens a scan: a PDF, or a picture, which has one page.
func OpenOriginal(ctx context.Context, tools documents.Tools, original []byte) (*Original, error) {
	s := &Original{tools: tools, bytes: original, Pages: 1}
	if !bytes.HasPrefix(original, []byte("%PDF-")) {
		_, err := documents.DrawPicture(original, pixelsMax)
		return s, err
	}
	s.pdf = true
	var err error
	if s.Pages, err = tools.PageCount(ctx, original); err != nil {
		return nil, err
	}
	if s.Pages < 1 || s.Pages > pagesMost {
		return nil, fault.New(fault.Invalid, "scans.page_count", "n", s.Pages, "max", pagesMost)
	}
	return s, nil
}

// Page draws a page; the first is 1.
func (s *Original) Page(ctx context.Context, n int) (image.Image, error) {
	if n < 1 || n > s.Pages {
		return nil, fault.New(fault.Missing, "scans.page_missing", "n", n)
	}
	var page image.Image
	var err error
	if s.pdf {
		page, err = s.tools.DrawPage(ctx, s.bytes, n, dpi)
	} else {
		page, err = documents.DrawPicture(s.bytes, pixelsMax)
	}
	if err != nil {
		return nil, err
	}
	return smaller(page), nil
}

// smaller draws a page anew that is larger than sideMost.
func smaller(page image.Image) image.Image {
	b := page.Bounds()
	long := max(b.Dx(), b.Dy())
	if long <= sideMost {
		return page
	}
	out := image.NewRGBA(image.Rect(0, 0, max(1, b.Dx()*sideMost/long), max(1, b.Dy()*sideMost/long)))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	scale.ApproxBiLinear.Scale(out, out.Rect, page, b, scale.Over, nil)
	return out
}

// Copy writes the copy as a PDF of pictures. areas are by page. Neither who made
// it nor when is written into it.
func (s *Original) Copy(ctx context.Context, w io.Writer, areas map[int][]Area) error {
	pdf := fpdf.New("P", "pt", "A4", "")
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCreationDate(time.Unix(0, 0).UTC())
	pdf.SetModificationDate(time.Unix(0, 0).UTC())
	pdf.SetProducer("", true)
	for n := 1; n <= s.Pages; n++ {
		page, err := s.Page(ctx, n)
		if err != nil {
			return err
		}
		hidden := Hide(page, areas[n])
		var picture bytes.Buffer
		if err := WritePicture(&picture, hidden); err != nil {
			return fmt.Errorf("scans: page %d: %w", n, err)
		}
		wide, high := float64(hidden.Rect.Dx())*72/dpi, float64(hidden.Rect.Dy())*72/dpi
		if wide > 1200 || high > 1700 { // a photograph says nothing of paper: A4 at most twice
			scale := min(1200/wide, 1700/high)
			wide, high = wide*scale, high*scale
		}
		options := fpdf.ImageOptions{ImageType: "JPEG"}
		pdf.RegisterImageOptionsReader(strconv.Itoa(n), options, &picture)
		pdf.AddPageFormat("P", fpdf.SizeType{Wd: wide, Ht: high})
		pdf.ImageOptions(strconv.Itoa(n), 0, 0, wide, high, false, options, 0, "")
	}
	return pdf.Output(w)
}

// WritePicture writes the picture of a page.
func WritePicture(w io.Writer, page image.Image) error {
	return jpeg.Encode(w, page, &jpeg.Options{Quality: quality})
}

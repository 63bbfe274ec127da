package extract_test

import (
	"image"
	"image/color"
	"strings"
	"testing"

	"example.vn/hdnd/internal/modules/library/extract"
)

// TestScansStanding reads a page however it lies: turned, leaning, dusty.
func TestScansStanding(t *testing.T) {
	t.Parallel()
	page := sheet(t, 200, paper())
	for quarters := range 4 {
		res := mustRead(t, "quét.png", asPNG(t, turned(page, quarters)))
		p := res.Pages[0]
		if want := (4 - quarters) % 4 * 90; p.Turned != want {
			t.Errorf("turned by %d quarters: set upright by %d", quarters, p.Turned)
		}
		if quarters > 0 != warned(p.Warnings, "extract.turned") {
			t.Errorf("warnings: %v", p.Warnings)
		}
		if p.How != extract.Recognised || p.Width != 1653 || p.Confidence < 0.8 {
			t.Errorf("page: %+v", p)
		}
		near(t, p, paper())
	}
}

func TestScansDust(t *testing.T) {
	t.Parallel()
	page := sheet(t, 200, paper())
	seed := uint32(7)
	for range 40_000 {
		seed = seed*1664525 + 1013904223
		x := int(seed>>8) % page.Rect.Dx()
		seed = seed*1664525 + 1013904223
		page.SetGray(x, int(seed>>8)%page.Rect.Dy(), color.Gray{})
	}
	near(t, mustRead(t, "bụi.jpg", asJPEG(t, page)).Pages[0], paper())
}

// TestScansMany reads a TIFF of several pages in order: one upside down, one blank.
func TestScansMany(t *testing.T) {
	t.Parallel()
	page := sheet(t, 150, paper())
	blank := sheet(t, 150, nil)
	b := tiffOf(page, blank, turned(page, 2))
	var seen []int
	var told [][2]int
	_, err := read(t, "ba trang.tif", b, extract.Request{Each: func(p extract.Page) error {
		seen = append(seen, p.Number)
		if p.Blank != (p.Number == 2) {
			t.Errorf("page %d blank: %v", p.Number, p.Blank)
		}
		if p.Number != 2 {
			near(t, p, paper())
		}
		return nil
	}, Progress: func(done, all int) { told = append(told, [2]int{done, all}) }})
	must(t, err)
	if len(seen) != 3 || seen[0] != 1 || seen[2] != 3 || len(told) != 3 || told[2] != [2]int{3, 3} {
		t.Errorf("pages %v, progress %v", seen, told)
	}
	res, err := read(t, "ba trang.tif", b, extract.Request{From: 3, To: 3})
	must(t, err)
	if res.PageCount != 3 || len(res.Pages) != 1 || res.Pages[0].Number != 3 || res.Pages[0].Turned != 180 {
		t.Errorf("the third page alone: %+v", res)
	}
}

// TestScansHostile refuses pictures that are none.
func TestScansHostile(t *testing.T) {
	t.Parallel()
	whole := asJPEG(t, sheet(t, 72, paper()))
	ring := tiffOf(image.NewGray(image.Rect(0, 0, 8, 8)))
	copy(ring[len(ring)-4:], ring[4:8]) // the last page points at the first
	for name, c := range map[string]struct {
		b   []byte
		key string
	}{
		"cut.jpg":  {whole[:300], "extract.damaged_picture"},
		"huge.png": {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x86\xa0\x00\x01\x86\xa0\x08\x00\x00\x00\x00\x00\x00\x00\x00"), ""},
		"a.tif":    {[]byte("II*\x00\xff\xff\xff\xff"), "extract.damaged_picture"},
		"ring.tif": {ring, "none"},
	} {
		res, err := read(t, name, c.b, extract.Request{})
		switch {
		case c.key == "none":
			if err != nil || res.PageCount != 1 {
				t.Errorf("%s: %v %+v", name, err, res)
			}
		case err == nil:
			t.Errorf("%s was read", name)
		case c.key != "" && !strings.Contains(err.Error(), c.key):
			t.Errorf("%s: %v", name, err)
		}
	}
}

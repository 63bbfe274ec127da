package scans_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/modules/reception/scans"
	"example.vn/hdnd/web"
)

var ctx = context.Background()

func TestReadArea(t *testing.T) {
	for s, want := range map[string]scans.Area{
		"0 0 100 100": {Width: 1000, Height: 1000}, "12,5 7.3 10% 0,1": {Left: 125, Top: 73, Width: 100, Height: 1}, "90 95 50 50": {Left: 900, Top: 950, Width: 100, Height: 50}, "33.333333 0 1 1": {Left: 333, Width: 10, Height: 10},
	} {
		f := strings.Fields(s)
		if got, err := scans.ReadArea(f[0], f[1], f[2], f[3]); err != nil || got != want {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"-1", "101", "1e1", "", "a", "1,2,3", "٣", "99999999999999999999", "+5", ",5"} {
		if _, err := scans.ReadArea(s, "0", "5", "5"); !fault.Is(err, "scans.no_percent") {
			t.Errorf("%q: %v", s, err)
		}
	}
	for _, f := range [][4]string{{"100", "0", "5", "5"}, {"0", "0", "0", "5"}, {"0", "0", "5", "0,0"}} {
		if _, err := scans.ReadArea(f[0], f[1], f[2], f[3]); !fault.Is(err, "scans.empty_area") {
			t.Errorf("%q: %v", f, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 1000).Draw(t, "n")
		if got, err := scans.ReadArea("0", "0", scans.Percent(max(n, 1)), "100"); err != nil || got.Width != max(n, 1) {
			t.Fatalf("%d is written %s and read %v, %v", n, scans.Percent(n), got, err)
		}
	})
}

// Every pixel of a chosen field is black, and every other is as it was.
func TestHide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 200).Draw(t, "w"), rapid.IntRange(1, 200).Draw(t, "h")
		from := image.Pt(rapid.IntRange(-50, 50).Draw(t, "x"), rapid.IntRange(-50, 50).Draw(t, "y"))
		page := image.NewRGBA(image.Rectangle{from, from.Add(image.Pt(w, h))})
		for i := range page.Pix {
			page.Pix[i] = uint8(i*7 + 13)
			if i%4 == 3 {
				page.Pix[i] = 255
			}
		}
		area := scans.Area{Left: rapid.IntRange(0, 999).Draw(t, "left"), Top: rapid.IntRange(0, 999).Draw(t, "top")}
		area.Width, area.Height = rapid.IntRange(1, 1000-area.Left).Draw(t, "width"), rapid.IntRange(1, 1000-area.Top).Draw(t, "height")
		out := scans.Hide(page, []scans.Area{area})
		right, bottom := area.Left+area.Width, area.Top+area.Height
		for y := range h {
			for x := range w {
				// Whether a pixel's ground lies in the area, wholly or in part.
				inside := (x+1)*1000 > area.Left*w && x*1000 < right*w && (y+1)*1000 > area.Top*h && y*1000 < bottom*h
				got, was := out.RGBAAt(x, y), page.RGBAAt(from.X+x, from.Y+y)
				if inside && got != (color.RGBA{A: 255}) {
					t.Fatalf("%d,%d of %v on %d×%d shows %v", x, y, area, w, h, got)
				}
				if !inside && got != was {
					t.Fatalf("%d,%d of %v on %d×%d was changed", x, y, area, w, h)
				}
			}
		}
	})
}

// secret is what the denouncer's letter holds; it must not be in the copy.
const secret = "Nguyễn Thị Bảo Mật, số 5 phố Kín"

func letterPDF(t testing.TB) []byte {
	t.Helper()
	fonts, err := documents.ReadFonts(web.Files)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	body := []documents.Block{documents.Paragraph{Text: "Tôi là " + secret + ", xin tố cáo như sau."}}
	for range 60 {
		body = append(body, documents.Paragraph{Text: "Nội dung được kể lại tại trang này của đơn gửi Hội đồng nhân dân."})
	}
	err = documents.WriteLetter(&out, fonts, documents.Letter{Head: documents.Head{Issuer: "ĐƠN TỐ CÁO", Date: clock.NewDate(2026, 11, 2)}, Kind: "ĐƠN", Subject: secret, Body: body})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func run(t testing.TB, name string, in []byte, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return out
}

// forms are the ways in which a text may lie in a file.
func forms(s string) [][]byte {
	var wide bytes.Buffer
	for _, r := range s {
		_ = binary.Write(&wide, binary.BigEndian, uint16(r)) // a Buffer never fails
	}
	return [][]byte{[]byte(s), wide.Bytes()}
}

func TestCopyHoldsNothingOfTheOriginal(t *testing.T) {
	tools, original := documents.FindTools(), letterPDF(t)
	before := run(t, "pdftotext", original, "-", "-")
	if !bytes.Contains(before, []byte("Bảo Mật")) {
		t.Fatal("the original has no text to remove")
	}
	scan, err := scans.OpenOriginal(ctx, tools, original)
	if err != nil || scan.Pages < 2 {
		t.Fatalf("%v, %+v", err, scan)
	}
	areas := []scans.Area{{Width: 1000, Height: 375}}
	var first bytes.Buffer
	if err := scan.Copy(ctx, &first, map[int][]scans.Area{1: areas}); err != nil {
		t.Fatal(err)
	}
	if words := bytes.TrimSpace(run(t, "pdftotext", first.Bytes(), "-", "-")); len(words) != 0 {
		t.Errorf("the copy has text: %q", words)
	}
	plain := filepath.Join(t.TempDir(), "copy.pdf")
	if err := os.WriteFile(plain, first.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	loose := run(t, "qpdf", nil, "--qdf", "--object-streams=disable", plain, "-")
	for _, part := range strings.FieldsFunc(secret+" TỐ CÁO Nội dung", func(r rune) bool { return r == ' ' || r == ',' }) {
		if len([]rune(part)) < 3 {
			continue
		}
		for _, f := range forms(part) {
			if bytes.Contains(loose, f) || bytes.Contains(first.Bytes(), f) {
				t.Errorf("the copy holds %q", part)
			}
		}
	}
	for _, mark := range []string{"/Type /Font", "/Metadata", "/Annot", "/Filespec", "/OCG", "/Thumb"} {
		if bytes.Contains(loose, []byte(mark)) {
			t.Errorf("the copy has a %s", mark)
		}
	}
	drawn, err := tools.DrawPage(ctx, first.Bytes(), 1, 72)
	if err != nil {
		t.Fatal(err)
	}
	dark, light := 0, 0
	for y := range drawn.Bounds().Dy() * 9 / 24 {
		for x := range drawn.Bounds().Dx() {
			if r, g, b, _ := drawn.At(x, y).RGBA(); r|g|b > 0x2000 {
				light++
			} else {
				dark++
			}
		}
	}
	if light > dark/200 { // the last row lies on the edge
		t.Errorf("%d of %d pixels under the black are light", light, dark+light)
	}
	if n, err := tools.PageCount(ctx, first.Bytes()); err != nil || n != scan.Pages {
		t.Errorf("%d pages of %d, %v", n, scan.Pages, err)
	}
}

// photo is a JPEG with what a camera notes, turned on its side.
func photo(t testing.TB) []byte {
	t.Helper()
	page := image.NewRGBA(image.Rect(0, 0, 320, 240))
	for i := range page.Pix {
		page.Pix[i] = 200
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, page, nil); err != nil {
		t.Fatal(err)
	}
	note := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00GPS 21.0285N 105.8542E " + secret
	marker := append([]byte{0xff, 0xe1, byte((len(note) + 2) >> 8), byte(len(note) + 2)}, note...)
	b := out.Bytes()
	return append(append(append([]byte{}, b[:2]...), marker...), b[2:]...)
}

func TestPhotographs(t *testing.T) {
	scan, err := scans.OpenOriginal(ctx, documents.FindTools(), photo(t))
	if err != nil {
		t.Fatal(err)
	}
	page, err := scan.Page(ctx, 1)
	if err != nil || page.Bounds().Dx() != 240 {
		t.Errorf("the page is not upright: %v, %v", page.Bounds(), err)
	}
	if over := scans.Ruled(page); over.Bounds().Dx() != 240 {
		t.Errorf("%v", over.Bounds())
	}
	var out bytes.Buffer
	if err := scan.Copy(ctx, &out, nil); err != nil {
		t.Fatal(err)
	}
	for _, f := range [][]byte{[]byte("Exif"), []byte("GPS"), []byte("21.0285"), []byte(secret)} {
		if bytes.Contains(out.Bytes(), f) {
			t.Errorf("the copy holds %q", f)
		}
	}
	for _, n := range []int{0, 2, -1} {
		if _, err := scan.Page(ctx, n); !fault.Is(err, "scans.page_missing") {
			t.Errorf("page %d: %v", n, err)
		}
	}
}

func TestBadScans(t *testing.T) {
	tools := documents.FindTools()
	for name, b := range map[string][]byte{"nothing": nil, "words": []byte("xin chào"), "half a PDF": letterPDF(t)[:900], "half a picture": photo(t)[:400], "PDF in name": []byte("%PDF-1.7\nvirus")} {
		if _, err := scans.OpenOriginal(ctx, tools, b); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A picture that is larger than it looks does not take the memory of all.
func TestLargePictures(t *testing.T) {
	wide := image.NewGray(image.Rect(0, 0, 9000, 4000))
	var out bytes.Buffer
	if err := png.Encode(&out, wide); err != nil {
		t.Fatal(err)
	}
	scan, err := scans.OpenOriginal(ctx, documents.FindTools(), out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if page, err := scan.Page(ctx, 1); err != nil || page.Bounds().Dx() != 3000 || page.Bounds().Dy() != 1333 {
		t.Errorf("%v, %v", page.Bounds(), err)
	}
	house := bytes.Replace(out.Bytes(), []byte{0, 0, 0x23, 0x28, 0, 0, 0x0f, 0xa0}, []byte{0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff}, 1)
	if _, err := scans.OpenOriginal(ctx, documents.FindTools(), house); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a picture of 65535×65535: %v", err)
	}
	// A page of 5 × 5 m, white: a small file, a large picture.
	pdf := "%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]>>endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF"
	for side, fits := range map[int]bool{595: true, 5000: false} {
		scan, err := scans.OpenOriginal(ctx, documents.FindTools(), fmt.Appendf(nil, pdf, side, side))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := scan.Page(ctx, 1); fits != (err == nil) || err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("a page of %d points: %v", side, err)
		}
	}
}

func BenchmarkPage(b *testing.B) {
	scan, err := scans.OpenOriginal(ctx, documents.FindTools(), photo(b))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := scan.Copy(ctx, new(bytes.Buffer), nil); err != nil {
			b.Fatal(err)
		}
	}
}

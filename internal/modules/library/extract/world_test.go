package extract_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/modules/library/extract"
)

var ctx = context.Background()

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func fonts(t testing.TB) documents.Fonts {
	t.Helper()
	f, err := documents.ReadFonts(os.DirFS("../../../../web/dist/type"))
	must(t, err)
	return f
}

// paper is a resolution in our own words, line by line.
func paper() []string {
	return []string{
		"HỘI ĐỒNG NHÂN DÂN PHƯỜNG NGỌC HÀ",
		"Số: 27/NQ-HĐND",
		"NGHỊ QUYẾT",
		"Về việc phân bổ kinh phí sửa chữa đường ngõ năm 2026",
		"Căn cứ Luật Tổ chức chính quyền địa phương;",
		"Xét tờ trình của Ủy ban nhân dân phường và ý kiến thảo luận",
		"của các đại biểu tại kỳ họp thứ ba,",
		"QUYẾT NGHỊ:",
		"Điều 1. Phân bổ hai tỷ đồng để sửa chữa mười hai tuyến ngõ",
		"bị xuống cấp, ưu tiên những nơi có trường học và trạm y tế.",
		"Điều 2. Ủy ban nhân dân phường tổ chức thực hiện, công khai",
		"kết quả tại nhà văn hóa và trên trang thông tin điện tử.",
		"Điều 3. Thường trực Hội đồng nhân dân, các Ban và đại biểu",
		"giám sát việc thực hiện Nghị quyết này.",
		"Nghị quyết đã được thông qua ngày mười tháng bảy và có hiệu",
		"lực kể từ ngày ký ban hành.",
	}
}

// sheet draws lines of text on an A4 page at a resolution.
func sheet(t testing.TB, dpi int, lines []string) *image.Gray {
	t.Helper()
	parsed, err := opentype.Parse(fonts(t).Regular)
	must(t, err)
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: 13, DPI: float64(dpi), Hinting: font.HintingNone})
	must(t, err)
	page := image.NewGray(image.Rect(0, 0, 210*dpi*10/254, 297*dpi*10/254))
	draw.Draw(page, page.Rect, image.White, image.Point{}, draw.Src)
	d := font.Drawer{Dst: page, Src: image.NewUniform(color.Black), Face: face}
	for i, l := range lines {
		d.Dot = fixed.P(dpi, dpi+i*dpi*30/100)
		d.DrawString(l)
	}
	return page
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, png.Encode(&b, m))
	return b.Bytes()
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, m, &jpeg.Options{Quality: 70}))
	return b.Bytes()
}

// turned is the picture turned clockwise by quarters, slowly and surely.
func turned(g *image.Gray, quarters int) *image.Gray {
	for range quarters {
		w, h := g.Rect.Dx(), g.Rect.Dy()
		t := image.NewGray(image.Rect(0, 0, h, w))
		for y := range h {
			for x := range w {
				t.SetGray(h-1-y, x, g.GrayAt(x, y))
			}
		}
		g = t
	}
	return g
}

// tiffOf packs pages into one TIFF, not compressed.
func tiffOf(pages ...*image.Gray) []byte {
	out := []byte("II*\x00\x00\x00\x00\x00")
	link := 4
	for _, p := range pages {
		strip := len(out)
		out = append(out, p.Pix...)
		if len(out)%2 == 1 {
			out = append(out, 0)
		}
		binary.LittleEndian.PutUint32(out[link:], uint32(len(out)))
		tags := [][3]uint32{{256, 4, uint32(p.Rect.Dx())}, {257, 4, uint32(p.Rect.Dy())}, {258, 3, 8}, {259, 3, 1}, {262, 3, 1}, {273, 4, uint32(strip)}, {277, 3, 1}, {278, 4, uint32(p.Rect.Dy())}, {279, 4, uint32(len(p.Pix))}}
		out = binary.LittleEndian.AppendUint16(out, uint16(len(tags)))
		for _, g := range tags {
			out = binary.LittleEndian.AppendUint16(out, uint16(g[0]))
			out = binary.LittleEndian.AppendUint16(out, uint16(g[1]))
			out = binary.LittleEndian.AppendUint32(out, 1)
			out = binary.LittleEndian.AppendUint32(out, g[2])
		}
		link = len(out)
		out = append(out, 0, 0, 0, 0)
	}
	return out
}

// pdfOf makes a PDF: a page for each, of lines or of a picture.
func pdfOf(t testing.TB, change func(*fpdf.Fpdf), pages ...any) []byte {
	t.Helper()
	p := fpdf.New("P", "mm", "A4", "")
	p.AddUTF8FontFromBytes("tinos", "", fonts(t).Regular)
	p.SetFont("tinos", "", 13)
	for i, page := range pages {
		p.AddPage()
		switch page := page.(type) {
		case []string:
			for _, l := range page {
				p.CellFormat(0, 7, l, "", 1, "", false, 0, "")
			}
		case []byte:
			name := "p" + string(rune('a'+i))
			p.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "jpg"}, bytes.NewReader(page))
			p.ImageOptions(name, 0, 0, 210, 297, false, fpdf.ImageOptions{}, 0, "")
		}
	}
	if change != nil {
		change(p)
	}
	var b bytes.Buffer
	must(t, p.Output(&b))
	return b.Bytes()
}

func zipOf(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		p, err := z.Create(parts[i])
		must(t, err)
		_, err = p.Write([]byte(parts[i+1]))
		must(t, err)
	}
	must(t, z.Close())
	return b.Bytes()
}

const wordHead = `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`

// docxOf makes a Word file of the mark-up of its body and of other parts.
func docxOf(t testing.TB, body string, parts ...string) []byte {
	t.Helper()
	return zipOf(t, append([]string{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"word/document.xml", wordHead + body + `</w:body></w:document>`}, parts...)...)
}

// read reads bytes as a file of that name.
func read(t testing.TB, name string, b []byte, q extract.Request) (extract.Result, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x")
	must(t, os.WriteFile(path, b, 0o600))
	return reader(t).Read(ctx, path, name, q)
}

func mustRead(t testing.TB, name string, b []byte) extract.Result {
	t.Helper()
	res, err := read(t, name, b, extract.Request{})
	must(t, err)
	return res
}

// near holds that a page says what was drawn, but for some letters.
func near(t testing.TB, p extract.Page, lines []string) {
	t.Helper()
	if share := wrongShare(p.Text, strings.Join(lines, "\n")); share > 0.03 {
		t.Errorf("page %d: %.1f %% of the letters are wrong (turned %d, skew %.1f):\n%s", p.Number, 100*share, p.Turned, p.Skew, p.Text)
	}
}

func warned(all []extract.Warning, key string) bool {
	for _, w := range all {
		if w.Key == key {
			return true
		}
	}
	return false
}

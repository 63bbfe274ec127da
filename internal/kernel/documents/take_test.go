package documents_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/tiff"

	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/testkit"
)

func upload(name string, b []byte) documents.Upload {
	return documents.Upload{Name: name, Size: int64(len(b)), Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}
}

// desk is a registry without a database, with its folders in sight.
func desk(t testing.TB) (r *documents.Registry, root, scratch string) {
	t.Helper()
	f, root := folder(t)
	scratch = t.TempDir()
	return documents.New(documents.Deps{Blobs: f, Clock: testkit.Clock(t), Tools: documents.FindTools(), Scratch: scratch}), root, scratch
}

// counted counts what is read of it.
type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

type endless struct{}

func (endless) Read(b []byte) (int, error) { return len(b), nil }

func TestTwoGigabytes(t *testing.T) {
	t.Parallel()
	r, root, scratch := desk(t)
	const size = 2 << 30
	for _, announced := range []int64{size, 1000, 0} {
		from := &counted{r: io.LimitReader(endless{}, size)}
		_, err := r.Take(context.Background(), documents.Upload{Name: "to.pdf", Size: announced,
			Open: func() (io.ReadCloser, error) { return io.NopCloser(from), nil }}, documents.Limits{})
		if !fault.Is(err, "documents.too_large") || fault.KindOf(err) != fault.TooLarge {
			t.Fatalf("announced as %d: %v", announced, err)
		}
		if from.n > 25<<20+1 {
			t.Errorf("announced as %d: %d bytes were read", announced, from.n)
		}
	}
	if left := append(files(t, root), files(t, scratch)...); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func zipped(parts ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err == nil {
			_, err = io.WriteString(w, parts[i+1])
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

const wordTypes = `<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`

func word(body string, more ...string) []byte {
	return zipped(append([]string{"[Content_Types].xml", wordTypes, "word/document.xml",
		`<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>` + body + `</w:t></w:r></w:p></w:body></w:document>`}, more...)...)
}

func pdf(change func(p *fpdf.Fpdf)) []byte {
	p := fpdf.New("P", "mm", "A4", "")
	p.SetCompression(true)
	p.AddPage()
	p.SetFont("Helvetica", "", 12)
	p.Text(20, 20, "Kien nghi")
	if change != nil {
		change(p)
	}
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// packed puts a PDF's objects into compressed object streams, where a plain
// search does not see them.
func packed(t *testing.T, b []byte) []byte {
	t.Helper()
	in, out := filepath.Join(t.TempDir(), "in.pdf"), filepath.Join(t.TempDir(), "out.pdf")
	must(t, os.WriteFile(in, b, 0o600))
	if msg, err := exec.Command("qpdf", "--object-streams=generate", in, out).CombinedOutput(); err != nil {
		t.Fatalf("qpdf: %v %s", err, msg)
	}
	b, err := os.ReadFile(out)
	must(t, err)
	if bytes.Contains(b, []byte("JavaScript")) {
		t.Fatal("the script was to be hidden")
	}
	return b
}

func picture(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.NRGBA{uint8(255 * x / w), uint8(255 * y / h), 90, 255})
		}
	}
	return m
}

func encoded(encode func(w io.Writer) error) []byte {
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func jpg(m image.Image) []byte {
	return encoded(func(w io.Writer) error { return jpeg.Encode(w, m, nil) })
}

func pngOf(m image.Image) []byte { return encoded(func(w io.Writer) error { return png.Encode(w, m) }) }

// hugePNG states a size and holds nothing.
func hugePNG(w, h uint32) []byte {
	head := binary.BigEndian.AppendUint32([]byte("IHDR"), w)
	head = append(binary.BigEndian.AppendUint32(head, h), 8, 6, 0, 0, 0)
	b := binary.BigEndian.AppendUint32([]byte("\x89PNG\r\n\x1a\n"), 13)
	return binary.BigEndian.AppendUint32(append(b, head...), crc32.ChecksumIEEE(head))
}

// refusal is a file and the sentence it is refused with.
type refusal struct {
	what string
	up   documents.Upload
	key  string
}

// refused takes each file in and looks that nothing of it stays anywhere.
func refused(t *testing.T, all []refusal) {
	for _, c := range all {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			r, root, scratch := desk(t)
			d, err := r.Take(context.Background(), c.up, documents.Limits{})
			if !fault.Is(err, c.key) {
				t.Fatalf("wanted %s, got %v (%+v)", c.key, err, d)
			}
			if left := append(files(t, root), files(t, scratch)...); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestKindsRefused(t *testing.T) {
	t.Parallel()
	plain := pdf(nil)
	heic := append([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), make([]byte, 200)...)
	refused(t, []refusal{
		{"nothing", upload("a.pdf", nil), "documents.empty"},
		{"a zip named .pdf", upload("a.pdf", zipped("x", "y")), "documents.mismatch"},
		{"a zip", upload("a.zip", zipped("x", "y")), "documents.type"},
		{"a program", upload("a.exe", append([]byte("MZ"), make([]byte, 300)...)), "documents.type"},
		{"a program named .txt", upload("a.txt", append([]byte("MZ\x90\x00"), make([]byte, 300)...)), "documents.mismatch"},
		{"HTML named .txt", upload("a.txt", []byte("<!DOCTYPE html><script>alert(1)</script>")), "documents.mismatch"},
		{"SVG", upload("a.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`)), "documents.type"},
		{"a PDF named .jpg", upload("a.jpg", plain), "documents.mismatch"},
		{"a PDF named .exe", upload("a.exe", plain), "documents.type"},
		{"HEIC", upload("IMG_1.HEIC", heic), "documents.heic"},
		{"HEIC named .jpg", upload("IMG_1.jpg", heic), "documents.heic"},
		{"old Word", upload("a.doc", append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 3000)...)), "documents.old_office"},
	})
}

func TestPDFsRefused(t *testing.T) {
	t.Parallel()
	script := pdf(func(p *fpdf.Fpdf) { p.SetJavascript("app.alert(1)") })
	plain := pdf(nil)
	escaped := bytes.Replace(plain, []byte("/Type /Catalog"), []byte("/Type /Catalog /OpenAction << /S /J#61vaScript /JS (x) >>"), 1)
	refused(t, []refusal{
		{"script", upload("a.pdf", script), "documents.script"},
		{"script in an object stream", upload("a.pdf", packed(t, script)), "documents.script"},
		{"script by an escaped name", upload("a.pdf", escaped), "documents.script"},
		{"password", upload("a.pdf", pdf(func(p *fpdf.Fpdf) { p.SetProtection(0, "a", "b") })), "documents.encrypted"},
		{"file in a PDF", upload("a.pdf", pdf(func(p *fpdf.Fpdf) {
			p.SetAttachments([]fpdf.Attachment{{Content: []byte("MZ"), Filename: "a.exe"}})
		})), "documents.embedded"},
		{"half a PDF", upload("a.pdf", plain[:len(plain)/2]), "documents.damaged_pdf"},
		{"a PDF of rubbish", upload("a.pdf", []byte("%PDF-1.7\n<<<< rubbish %%EOF")), "documents.damaged_pdf"},
	})
}

func TestOfficeFilesRefused(t *testing.T) {
	t.Parallel()
	refused(t, []refusal{
		{"bomb", upload("a.docx", word("x", "word/media/x", strings.Repeat("\x00", 150<<20))), "documents.bomb"},
		{"too many parts", upload("a.docx", word("x", func() (p []string) {
			for range 4000 {
				p = append(p, "word/x", "")
			}
			return p
		}()...)), "documents.bomb"},
		{"macros", upload("a.docx", word("x", "word/vbaProject.bin", "x")), "documents.macros"},
		{"macros by type", upload("a.docx", zipped("[Content_Types].xml", strings.ReplaceAll(wordTypes,
			"vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "vnd.ms-word.document.macroEnabled.main+xml"))), "documents.macros"},
		{"program in a document", upload("a.odt", zipped("mimetype", "application/vnd.oasis.opendocument.text", "Basic/Standard/x.xml", "x")), "documents.macros"},
		{"template from elsewhere", upload("a.docx", word("x", "word/_rels/settings.xml.rels",
			`<Relationships><Relationship Type="http://x/attachedTemplate" Target="http://evil/" TargetMode="External"/></Relationships>`)), "documents.remote_parts"},
		{"broken Word", upload("a.docx", word("<x")), "documents.damaged_office"},
	})
}

func TestPicturesAndTextRefused(t *testing.T) {
	t.Parallel()
	refused(t, []refusal{
		{"picture bomb", upload("a.png", hugePNG(30_000, 30_000)), "documents.pixels"},
		{"wide picture", upload("a.png", hugePNG(4_000_000_000, 1)), "documents.damaged_picture"},
		{"half a picture", upload("a.jpg", jpg(picture(64, 64))[:400]), "documents.damaged_picture"},
		{"old letters", upload("a.txt", []byte("\xa7\xb5ng h\xe1ng \xae\xad\xeang li\xean x\xb7")), "documents.encoding"},
	})
}

func TestSecretsRefused(t *testing.T) {
	t.Parallel()
	utf16Secret := append([]byte{0xFF, 0xFE}, func() (b []byte) {
		for _, u := range utf16.Encode([]rune("TỐI MẬT\nKế hoạch")) {
			b = binary.LittleEndian.AppendUint16(b, u)
		}
		return b
	}()...)
	secretPDF := transferLetter()
	secretPDF.Kind = "TUYỆT MẬT"
	refused(t, []refusal{
		{"secret text", upload("a.txt", []byte("ỦY BAN NHÂN DÂN          MẬT\nBáo cáo")), "documents.secret_level"},
		{"secret in Windows' Unicode", upload("a.txt", utf16Secret), "documents.secret_level"},
		{"secret PDF", upload("a.pdf", write(t, secretPDF)), "documents.secret_level"},
		{"secret title of a PDF", upload("a.pdf", pdf(func(p *fpdf.Fpdf) { p.SetTitle("TỐI MẬT", true) })), "documents.secret_level"},
		{"secret Word", upload("a.docx", word("T U Y Ệ T  M Ậ T")), "documents.secret_level"},
		{"secret page head", upload("a.docx", word("x", "word/header1.xml", `<h xmlns:w="w"><w:p><w:t>MẬT</w:t></w:p></h>`)), "documents.secret_level"},
		{"secret about", upload("a.docx", word("x", "docProps/core.xml", `<c><keywords>Độ mật: Mật</keywords></c>`)), "documents.secret_level"},
		{"secret name", upload("TỐI MẬT.txt", []byte("x")), "documents.secret_level"},
	})
}

// TestRefusedWithoutTools: our own reading finds scripts when qpdf and poppler
// are not installed.
func TestRefusedWithoutTools(t *testing.T) {
	t.Parallel()
	r, _, _ := desk(t)
	r.Tools = documents.Tools{}
	script := pdf(func(p *fpdf.Fpdf) { p.SetJavascript("app.alert(1)") })
	for _, b := range [][]byte{script, packed(t, script)} {
		if _, err := r.Take(context.Background(), upload("a.pdf", b), documents.Limits{}); !fault.Is(err, "documents.script") {
			t.Errorf("a script got in: %v", err)
		}
	}
	d, err := r.Take(context.Background(), upload("a.pdf", pdf(nil)), documents.Limits{})
	if err != nil || !d.Unread || d.Pages != 0 {
		t.Errorf("a plain PDF: %+v %v", d, err)
	}
	if missing := r.Tools.Missing(); len(missing) != 7 {
		t.Errorf("missing: %v", missing)
	}
}

func TestTaken(t *testing.T) {
	t.Parallel()
	small := picture(40, 30)
	sheet := `<Types><Override ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`
	for _, c := range []struct {
		up    documents.Upload
		name  string
		media string
	}{
		{upload("đơn.pdf", pdf(nil)), "đơn.pdf", "application/pdf"},
		{upload("ảnh.jpg", jpg(small)), "ảnh.jpg", "image/jpeg"},
		{upload("ảnh.jpg", pngOf(small)), "ảnh.png", "image/png"}, // chat programs name pictures wrongly
		{upload("ảnh", jpg(small)), "ảnh.jpg", "image/jpeg"},
		{upload("quét.tif", encoded(func(w io.Writer) error { return tiff.Encode(w, small, nil) })), "quét.png", "image/png"},
		{upload("đơn.docx", word("Giữ bí mật cho tôi. Mật ong.")), "đơn.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		{upload("bảng.xlsx", zipped("[Content_Types].xml", sheet, "xl/printerSettings1.bin", "x")), "bảng.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		{upload("đơn.odt", zipped("mimetype", "application/vnd.oasis.opendocument.text", "content.xml", "<x><p>Đơn</p></x>")), "đơn.odt", "application/vnd.oasis.opendocument.text"},
		{upload("../../Ý kiến.TXT", []byte("Đường hỏng, mật độ xe cao")), "Ý kiến.TXT", "text/plain; charset=utf-8"},
	} {
		r, _, scratch := desk(t)
		d, err := r.Take(context.Background(), c.up, documents.Limits{})
		if err != nil || d.Name != c.name || d.MediaType != c.media {
			t.Errorf("%s: %+v %v", c.up.Name, d, err)
			continue
		}
		if has, err := r.Blobs.Has(context.Background(), d.Hash); !has || err != nil {
			t.Errorf("%s is not kept: %v", c.up.Name, err)
		}
		if left := files(t, scratch); len(left) != 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

// noted puts a camera's notes into a JPEG: orientation and a place.
func noted(b []byte, orientation uint16) []byte {
	tiff := []byte("MM\x00*\x00\x00\x00\x08\x00\x02\x01\x12\x00\x03\x00\x00\x00\x01")
	tiff = append(binary.BigEndian.AppendUint16(tiff, orientation), 0, 0)
	tiff = append(tiff, []byte("\x88\x25\x00\x04\x00\x00\x00\x01\x00\x00\x00\x26\x00\x00\x00\x00GPS 21.0285N 105.8542E Nokia")...)
	body := append([]byte("Exif\x00\x00"), tiff...)
	app := binary.BigEndian.AppendUint16([]byte{0xFF, 0xE1}, uint16(len(body)+2))
	return append(append(append([]byte{}, b[:2]...), append(app, body...)...), b[2:]...)
}

func TestPicturesStandUprightAndTellNoPlace(t *testing.T) {
	t.Parallel()
	// The picture's corners have colours of their own, so that any turn shows.
	for _, kind := range []string{"colour", "grey"} {
		for o := uint16(1); o <= 8; o++ {
			var m image.Image = picture(48, 32)
			if kind == "grey" {
				g := image.NewGray(image.Rect(0, 0, 48, 32))
				for i := range g.Pix {
					g.Pix[i] = uint8(i % 48 * 5)
				}
				m = g
			}
			b := noted(jpg(m), o)
			if documents.Orientation(b) != int(o) {
				t.Fatalf("orientation %d is read as %d", o, documents.Orientation(b))
			}
			r, root, _ := desk(t)
			_, err := r.Take(context.Background(), upload("IMG.jpg", b), documents.Limits{})
			must(t, err)
			got, err := os.ReadFile(files(t, root)[0])
			must(t, err)
			for _, trace := range []string{"Exif", "GPS", "Nokia", "105.8542"} {
				if bytes.Contains(got, []byte(trace)) {
					t.Errorf("%s is still told", trace)
				}
			}
			turned, err := jpeg.Decode(bytes.NewReader(got))
			must(t, err)
			checkTurn(t, m, turned, int(o))
		}
	}
}

// checkTurn compares the corners with where the orientation (EXIF 2.3, 4.6.4 A) puts them.
func checkTurn(t *testing.T, from, to image.Image, o int) {
	t.Helper()
	w, h := from.Bounds().Dx()-1, from.Bounds().Dy()-1
	w2, h2 := to.Bounds().Dx()-1, to.Bounds().Dy()-1
	// What stands top left, and top right, in the upright picture.
	want := map[int][2]image.Point{
		1: {{0, 0}, {w, 0}}, 2: {{w, 0}, {0, 0}}, 3: {{w, h}, {0, h}}, 4: {{0, h}, {w, h}},
		5: {{0, 0}, {0, h}}, 6: {{0, h}, {0, 0}}, 7: {{w, h}, {w, 0}}, 8: {{w, 0}, {w, h}},
	}[o]
	if o >= 5 != (w2 == h && h2 == w) || o < 5 && (w2 != w || h2 != h) {
		t.Fatalf("orientation %d gives %d×%d", o, w2+1, h2+1)
	}
	for i, at := range []image.Point{{0, 0}, {w2, 0}} {
		if !near(from.At(want[i].X, want[i].Y), to.At(at.X, at.Y)) {
			t.Errorf("orientation %d: corner %d is %v, not %v", o, i, to.At(at.X, at.Y), from.At(want[i].X, want[i].Y))
		}
	}
}

func near(a, b color.Color) bool {
	r1, g1, b1, _ := a.RGBA()
	r2, g2, b2, _ := b.RGBA()
	for _, d := range []int{int(r1) - int(r2), int(g1) - int(g2), int(b1) - int(b2)} {
		if d > 12000 || d < -12000 {
			return false
		}
	}
	return true
}

func TestManyFiles(t *testing.T) {
	t.Parallel()
	r, root, _ := desk(t)
	ctx := context.Background()
	ok := upload("a.txt", []byte("được"))
	if _, err := r.TakeAll(ctx, []documents.Upload{ok, ok, ok, ok, ok, ok}, documents.Limits{}); !fault.Is(err, "documents.too_many") {
		t.Errorf("six files: %v", err)
	}
	_, err := r.TakeAll(ctx, []documents.Upload{ok, upload("b.pdf", nil), upload("c.zip", zipped("x", "y"))}, documents.Limits{})
	if !fault.Is(err, "documents.empty") || !fault.Is(err, "documents.type") {
		t.Errorf("both bad files should be named: %v", err)
	}
	if all, err := r.TakeAll(ctx, []documents.Upload{ok, ok}, documents.Limits{}); err != nil || len(all) != 2 || len(files(t, root)) != 1 {
		t.Errorf("%v %v", all, err)
	}
}

func TestTakeOnFullDisk(t *testing.T) {
	t.Parallel()
	f, root := folder(t)
	f.Through(func(w io.Writer) io.Writer { return &fullDisk{w, 10} })
	r := documents.New(documents.Deps{Blobs: f, Clock: testkit.Clock(t), Scratch: t.TempDir()})
	_, err := r.TakeAll(context.Background(), []documents.Upload{upload("a.txt", []byte(strings.Repeat("đầy ", 100)))}, documents.Limits{})
	if !fault.Is(err, "documents.disk_full") || len(files(t, root)) != 0 {
		t.Errorf("%v, left: %v", err, files(t, root))
	}
	_, err = r.Take(context.Background(), documents.Upload{Name: "a.txt", Open: func() (io.ReadCloser, error) { return nil, errors.New("line cut") }}, documents.Limits{})
	if err == nil {
		t.Error("a file that could not be read was taken")
	}
}

// TestToolsAreBounded: a tool that writes or runs without end is stopped.
func TestToolsAreBounded(t *testing.T) {
	t.Parallel()
	r, _, _ := desk(t)
	stuck := filepath.Join(t.TempDir(), "stuck")
	must(t, os.WriteFile(stuck, []byte("#!/bin/sh\nsleep 600 & wait\n"), 0o700))
	endless := filepath.Join(t.TempDir(), "endless")
	must(t, os.WriteFile(endless, []byte("#!/bin/sh\nwhile :; do echo MAT MAT MAT; done\n"), 0o700))
	r.Tools.PDFToText, r.Tools.TimeMax = stuck, 300*time.Millisecond
	if _, err := r.Take(context.Background(), upload("a.pdf", pdf(nil)), documents.Limits{}); !fault.Is(err, "documents.too_slow") {
		t.Errorf("stuck: %v", err)
	}
	r.Tools.PDFToText, r.Tools.TimeMax = endless, 20*time.Second
	if _, err := r.Take(context.Background(), upload("a.pdf", pdf(nil)), documents.Limits{}); err != nil {
		t.Errorf("endless: %v", err)
	}
}

func TestFindMark(t *testing.T) {
	t.Parallel()
	for head, want := range map[string]string{
		"MẬT": "MẬT", "  TỐI MẬT  ": "TỐI MẬT", "[TUYỆT MẬT]": "TUYỆT MẬT",
		"ỦY BAN NHÂN DÂN        TỐI MẬT        CỘNG HÒA XÃ HỘI": "TỐI MẬT",
		"Độ mật: tuyệt mật":                                     "TUYỆT MẬT", "độ mật: thường": "",
		"M\u00c2\u0323T": "MẬT", // half composed
		"Mật":            "", "BÍ MẬT GIA ĐÌNH": "", "mật ong rừng": "", "MẬT ONG": "",
		strings.Repeat("dòng\n", 60) + "MẬT": "",
	} {
		if got := documents.FindMark(head); got != want {
			t.Errorf("%q: %q, not %q", head, got, want)
		}
	}
}

func TestSentences(t *testing.T) {
	t.Parallel()
	if _, err := text.Load(documents.Files); err != nil {
		t.Error(err)
	}
}

func FuzzTake(f *testing.F) {
	for _, b := range [][]byte{pdf(nil), word("x"), jpg(picture(8, 8)), noted(jpg(picture(8, 8)), 6), pngOf(picture(8, 8)), hugePNG(9, 9), []byte("chữ"),
		encoded(func(w io.Writer) error { return tiff.Encode(w, picture(8, 8), nil) })} {
		f.Add("a.pdf", b)
		f.Add("a", b)
	}
	r, _, scratch := desk(f)
	r.Tools = documents.Tools{} // the tools are fuzzed by their makers; starting them would take all the time
	f.Fuzz(func(t *testing.T, name string, b []byte) {
		_, err := r.Take(context.Background(), upload(name, b), documents.Limits{PixelsMax: 1_000_000})
		if kind := fault.KindOf(err); kind == fault.Internal {
			t.Fatalf("%q: %v", name, err)
		}
		if left := files(t, scratch); len(left) != 0 {
			t.Fatalf("left behind: %v", left)
		}
	})
}

package extract_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"

	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/modules/library/extract"
	"example.vn/hdnd/internal/testkit"
)

// TestPDFMixed takes the text layer where it is good and recognises the other pages.
func TestPDFMixed(t *testing.T) {
	t.Parallel()
	scan := asJPEG(t, sheet(t, 150, paper()))
	upside := asJPEG(t, turned(sheet(t, 150, paper()), 2))
	torn := []string{"Hội đ ồ ng nhân dân quy ết đ ị nh nh ữ ng v ấ n đ ề do lu ậ t đ ị nh;", "giám sát vi ệ c tuân theo Hi ế n pháp và pháp lu ậ t ở đ ị a ph ươ ng", "và vi ệ c th ự c hi ệ n ngh ị quy ế t c ủ a H ộ i đ ồ ng nhân dân."}
	b := pdfOf(t, nil, paper(), scan, upside, torn, []string{}, []string{"KT. CHỦ TỊCH"})
	res := mustRead(t, "hỗn hợp.pdf", b)
	if res.PageCount != 6 || len(res.Pages) != 6 {
		t.Fatalf("%d pages", len(res.Pages))
	}
	for i, want := range []extract.How{extract.TextLayer, extract.Recognised, extract.Recognised, extract.TextLayer} {
		if res.Pages[i].How != want {
			t.Errorf("page %d by %s", i+1, res.Pages[i].How)
		}
	}
	for _, p := range res.Pages[:3] {
		near(t, p, paper())
	}
	if res.Pages[2].Turned != 180 {
		t.Errorf("upside down: %+v", res.Pages[2])
	}
	if p := res.Pages[3]; !warned(p.Warnings, "extract.rejoined") || strings.Join(strings.Fields(p.Text), " ") !=
		"Hội đồng nhân dân quyết định những vấn đề do luật định; giám sát việc tuân theo Hiến pháp và pháp luật ở địa phương và việc thực hiện nghị quyết của Hội đồng nhân dân." {
		t.Errorf("rejoined: %q %v", p.Text, p.Warnings)
	}
	if !res.Pages[4].Blank || !strings.Contains(res.Pages[5].Text, "KT. CHỦ TỊCH") {
		t.Errorf("blank and short: %+v", res.Pages[4:])
	}
}

// TestPDFPiecewise reads a long scan in turns, as after restarts, and stops when told.
func TestPDFPiecewise(t *testing.T) {
	t.Parallel()
	pages := make([]any, 70)
	for i := range pages {
		pages[i] = append([]string{"Trang thứ " + strings.Repeat("I", i+1) + "."}, paper()...)
	}
	b := pdfOf(t, nil, pages...)
	enough := errors.New("enough")
	next := 1
	for next <= 70 {
		n := 0
		_, err := read(t, "dài.pdf", b, extract.Request{From: next, Each: func(p extract.Page) error {
			if p.Number != next+n {
				t.Errorf("page %d comes after %d", p.Number, next+n-1)
			}
			if !strings.HasPrefix(strings.TrimSpace(p.Text), "Trang thứ "+strings.Repeat("I", p.Number)+".") {
				t.Errorf("page %d says %.60q", p.Number, p.Text)
			}
			if n++; n == 33 {
				return enough
			}
			return nil
		}})
		if err != nil && !errors.Is(err, enough) {
			t.Fatal(err)
		}
		next += n
	}
	_, err := read(t, "dài.pdf", b, extract.Request{From: 71})
	testkit.Refused(t, err, "extract.no_pages")
}

func TestPDFRefused(t *testing.T) {
	t.Parallel()
	locked := pdfOf(t, func(p *fpdf.Fpdf) { p.SetProtection(0, "mở", "chủ") }, paper())
	whole := pdfOf(t, nil, paper())
	for name, c := range map[string]struct {
		b   []byte
		key string
	}{
		"khóa.pdf": {locked, "extract.locked"},
		"cụt.pdf":  {whole[:200], "extract.damaged_pdf"},
		"mật.pdf":  {pdfOf(t, nil, append([]string{"TUYỆT MẬT"}, paper()...)), "documents.secret_level"},
		"quét mật": {asPNG(t, sheet(t, 150, append([]string{"TỐI MẬT", ""}, paper()...))), "documents.secret_level"},
		"rỗng.pdf": {nil, "extract.empty"},
		"x.rar":    {[]byte("Rar!\x1a\x07\x00xxxx"), "extract.archive"},
		"x.exe":    {append([]byte("MZ\x00\x01\x02"), make([]byte, 100)...), "extract.type"},
	} {
		_, err := read(t, name, c.b, extract.Request{})
		if !fault.Is(err, c.key) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWithoutTools says which package is missing.
func TestWithoutTools(t *testing.T) {
	t.Parallel()
	r := extract.New(extract.Deps{Tools: documents.Tools{}, Scratch: t.TempDir()})
	for name, c := range map[string]struct {
		b   []byte
		key string
	}{
		"a.pdf": {pdfOf(t, nil, paper()), "extract.no_poppler"},
		"a.png": {asPNG(t, sheet(t, 72, paper())), "extract.no_tesseract"},
		"a.rtf": {[]byte(`{\rtf1 x}`), "extract.no_soffice"},
	} {
		if _, err := r.ReadFrom(ctx, bytes.NewReader(c.b), name, extract.Request{}); !fault.Is(err, c.key) || fault.KindOf(err) != fault.Refused {
			t.Errorf("%s: %v", name, err)
		}
	}
	if missing := r.Tools.Missing(); missing["tesseract-ocr-vie"] == "" || missing["libreoffice-writer-nogui"] == "" || missing["ocrmypdf"] == "" {
		t.Errorf("missing: %v", missing)
	}
}

// TestPDFStopped ends a reading at once and leaves nothing behind.
func TestPDFStopped(t *testing.T) {
	t.Parallel()
	scan := asJPEG(t, sheet(t, 150, paper()))
	b := pdfOf(t, nil, scan, scan, scan, scan)
	stopped, stop := context.WithCancel(ctx)
	r := reader(t)
	_, err := r.ReadFrom(stopped, bytes.NewReader(b), "a.pdf", extract.Request{Each: func(extract.Page) error { stop(); return nil }})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

// TestSearchable makes a scan searchable with what is installed here, and says so.
func TestSearchable(t *testing.T) {
	t.Parallel()
	tools := documents.FindTools()
	b := pdfOf(t, nil, asJPEG(t, sheet(t, 150, paper())))
	for _, with := range []bool{true, false} {
		use := tools
		if !with {
			use.OCRMyPDF = ""
		}
		r := extract.New(extract.Deps{Tools: use, Scratch: t.TempDir()})
		from, to := t.TempDir()+"/in.pdf", t.TempDir()+"/out.pdf"
		write(t, from, b)
		made, err := r.MakeSearchable(ctx, from, "quét.pdf", to)
		must(t, err)
		if made.Pages != 1 || made.Archive != (use.OCRMyPDF != "") {
			t.Errorf("made: %+v", made)
		}
		res, err := r.Read(ctx, to, "quét.pdf", extract.Request{})
		must(t, err)
		if p := res.Pages[0]; p.How != extract.TextLayer || !strings.Contains(p.Text, "Phân bổ hai tỷ đồng") {
			t.Errorf("with ocrmypdf %v: %s %q", with, p.How, p.Text)
		}
	}
	_, err := reader(t).MakeSearchable(ctx, write(t, t.TempDir()+"/a.txt", []byte("Nghị quyết")), "a.txt", t.TempDir()+"/b.pdf")
	testkit.Refused(t, err, "extract.not_a_scan")
}

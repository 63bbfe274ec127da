package scans_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// manyPages is a PDF of so many empty pages, of so many points a side.
func manyPages(pages, side int) []byte {
	var kids, objects strings.Builder
	for n := range pages {
		fmt.Fprintf(&kids, "%d 0 R ", n+3)
		fmt.Fprintf(&objects, "%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]>>endobj\n", n+3, side, side)
	}
	return fmt.Appendf(nil, "%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[%s]/Count %d>>endobj\n%strailer<</Root 1 0 R>>\n%%%%EOF", kids.String(), pages, objects.String())
}

// bomb is a small PNG that says that it is 60,000 points wide and high.
func bomb(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	must(t, png.Encode(&out, image.NewGray(image.Rect(0, 0, 8, 8))))
	b := out.Bytes()
	binary.BigEndian.PutUint32(b[16:], 60_000)
	binary.BigEndian.PutUint32(b[20:], 60_000)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

// locked is a PDF with a password.
func locked(t testing.TB, b []byte) []byte {
	t.Helper()
	at := filepath.Join(t.TempDir(), "in.pdf")
	must(t, os.WriteFile(at, b, 0o600))
	return run(t, "qpdf", nil, "--encrypt", "geheim", "owner", "256", "--", at, "-")
}

// TestHostileFiles: what cannot be opened gives a sentence, and nothing is half done.
func TestHostileFiles(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		letter := letterPDF(t)
		before := w.kept(t)
		for name, f := range map[string]struct {
			status int
			says   string
			files  []upload
		}{
			"nothing":        {422, "Hãy chọn ít nhất một tệp", nil},
			"empty":          {422, "Không mở được tệp thứ 1", []upload{{"a.pdf", nil}}},
			"half a PDF":     {422, "Không mở được tệp thứ 1", []upload{{"a.pdf", letter[:len(letter)/3]}}},
			"PDF in name":    {422, "Không mở được tệp thứ 1", []upload{{"a.pdf", []byte("%PDF-1.7\nvirus")}}},
			"a page":         {422, "Không mở được tệp thứ 1", []upload{{"a.png", []byte("<html><script>alert(1)</script>")}}},
			"a program":      {422, "Không mở được tệp thứ 1", []upload{{"a.jpg", []byte("MZ\x90\x00\x03")}}},
			"an archive":     {422, "Không mở được tệp thứ 1", []upload{{"a.docx", []byte("PK\x03\x04\x14\x00")}}},
			"half a picture": {422, "Không mở được tệp thứ 1", []upload{{"a.jpg", photo(t)[:400]}}},
			"a bomb":         {422, "Không mở được tệp thứ 1", []upload{{"a.png", bomb(t)}}},
			"a wide page":    {422, "Không mở được tệp thứ 1", []upload{{"a.pdf", manyPages(1, 5000)}}},
			"a password":     {422, "Không mở được tệp thứ 1", []upload{{"a.pdf", locked(t, letter)}}},
			"300 pages":      {422, "Tệp thứ 1 có 300 trang", []upload{{"a.pdf", manyPages(300, 595)}}},
			"the second":     {422, "Không mở được tệp thứ 2", []upload{{"a.jpg", photo(t)}, {"b.pdf", []byte("x")}}},
			"too large":      {422, "25 MB", []upload{{"a.pdf", append([]byte("%PDF-1.4\n"), make([]byte, 26<<20)...)}}},
			"six files":      {422, "5", []upload{{"1", photo(t)}, {"2", photo(t)}, {"3", photo(t)}, {"4", photo(t)}, {"5", photo(t)}, {"6", photo(t)}}},
		} {
			status, page := w.upload(t, "keeper1", "", f.files...)
			if status != f.status || !strings.Contains(page, f.says) {
				t.Errorf("%s: %d, %q", name, status, errorsOf(page))
			}
			if after := w.kept(t); after != before {
				t.Fatalf("%s: something was kept", name)
			}
		}
		if status, _ := w.post(t, "keeper1", home, "files", "a.pdf"); status != http.StatusUnprocessableEntity {
			t.Errorf("no file at all: %d", status)
		}
		w.brokenLater(t)
	})
}

// brokenLater: a scan whose second page cannot be drawn, and one that came with
// the letter and is none.
func (w *world) brokenLater(t *testing.T) {
	t.Helper()
	broken := bytes.Replace(manyPages(2, 595), []byte("4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 595]"), []byte("4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 5000 5000]"), 1)
	if status, _ := w.upload(t, "keeper1", "", upload{"a.pdf", broken}); status != http.StatusSeeOther {
		t.Fatalf("not taken: %d", status)
	}
	look := w.open(t, "keeper1", "1")
	if rec := w.get("keeper1", look+"/2"); rec.Code != http.StatusUnprocessableEntity || strings.HasPrefix(rec.Header().Get("Content-Type"), "image/") {
		t.Errorf("a page that cannot be drawn: %d", rec.Code)
	}
	before := w.kept(t)
	status, page := w.post(t, "keeper1", look, append([]string{"make", "1"}, top...)...)
	if status != http.StatusUnprocessableEntity || !strings.Contains(page, "Không mở được") || w.count(t, `SELECT count(*) FROM reception_scan_copies`) != 0 {
		t.Errorf("a copy of it: %d", status)
	}
	if after := w.kept(t); after != before {
		t.Error("half a copy is there")
	}
	must(t, w.App.DB.Tx(ctx, sealing(w, "scan/2", []byte("xin chào"))))
	status, to := w.post(t, "keeper1", home+"/open", "open_items", "2", "open_reason", why)
	if status == http.StatusSeeOther {
		status, to = w.pages.Ask(t, "keeper1", to, nil)
	}
	if status != http.StatusUnprocessableEntity || !strings.Contains(to, "Không mở được tệp này") {
		t.Errorf("what came with the letter and is no scan: %d", status)
	}
}

// kept counts what lies in the compartment and beside it.
func (w *world) kept(t testing.TB) int {
	return w.count(t, `SELECT (SELECT count(*) FROM vault_items) + 100 * (SELECT count(*) FROM reception_scans) + 10000 * (SELECT count(*) FROM reception_scan_copies) + 1000000 * (SELECT count(*) FROM reception_scan_pieces)`)
}

// errorsOf is what a page says is wrong.
func errorsOf(page string) string {
	_, after, _ := strings.Cut(page, "error-summary")
	words, _, _ := strings.Cut(after, "</ul>")
	return words
}

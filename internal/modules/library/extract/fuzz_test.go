package extract_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"example.vn/hdnd/internal/modules/library/extract"
)

func FuzzWord(f *testing.F) {
	f.Add([]byte(`<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>Phạm vi</w:t></w:r></w:p>`))
	f.Add([]byte(`<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr></w:p></w:tc></w:tr></w:tbl>`))
	f.Add([]byte(`</w:p></w:tr><w:tc><w:tr></w:tc><w:del><w:p>`))
	numbers := `<w:numbering xmlns:w="x"><w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num></w:numbering>`
	f.Fuzz(func(t *testing.T, body []byte) {
		res, err := read(t, "a.docx", docxOf(t, string(body), "word/numbering.xml", numbers), extract.Request{})
		if err == nil && !norm.NFC.IsNormalString(res.Text()) {
			t.Errorf("not composed: %q", res.Text())
		}
	})
}

func FuzzHTML(f *testing.F) {
	for _, s := range []string{"<p>Điều 1.</p>", "<table><tr><td>a<td>b", "<script>x</scrip", "<!-- -- >", `<a title="'>x`, "<pre>\n a</pre>&#x41;&nbsp", "< b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := extract.HTMLText(s)
		if len(got) > 4*len(s)+16 {
			t.Errorf("%d bytes of %d", len(got), len(s))
		}
	})
}

func FuzzMembers(f *testing.F) {
	var t0 testing.T
	f.Add(zipOf(&t0, "a/b.pdf", "x", "../c", "y"))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := extract.Members(bytes.NewReader(b), int64(len(b)), "a.zip", extract.FolderLimits{})
		if err != nil {
			return
		}
		for _, m := range all {
			if m.Wrong != nil {
				continue
			}
			if strings.Contains("/"+m.Name+"/", "/../") || strings.HasPrefix(m.Name, "/") || !utf8.ValidString(m.Name) {
				t.Errorf("name %q", m.Name)
			}
			r, err := m.Open()
			if err != nil {
				continue
			}
			n, _ := io.Copy(io.Discard, io.LimitReader(r, 1<<24))
			if n > m.Size {
				t.Errorf("%s gave %d bytes and states %d", m.Name, n, m.Size)
			}
		}
	})
}

func FuzzRejoin(f *testing.F) {
	f.Add("đ ượ c c ủa h ội đ ồng\n  cột  hai")
	f.Fuzz(func(t *testing.T, s string) {
		got, _ := extract.Rejoin(s)
		if strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(s, " ", "") {
			t.Errorf("%q became %q", s, got)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("H\xe9i \xae\xe5ng"))
	f.Add([]byte("\xFF\xFEa\x00\x01"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, _, ok := extract.Decode(b); ok && len(s) > 4*len(b)+16 {
			t.Errorf("%d bytes of %d", len(s), len(b))
		}
	})
}

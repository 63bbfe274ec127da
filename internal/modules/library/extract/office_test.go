package extract_test

import (
	"os"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/modules/library/extract"
)

func write(t testing.TB, path string, b []byte) string {
	t.Helper()
	must(t, os.WriteFile(path, b, 0o600))
	return path
}

func para(s string) string { return `<w:p><w:r><w:t xml:space="preserve">` + s + `</w:t></w:r></w:p>` }

func same(t testing.TB, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// TestWord reads paragraphs, tables, numbers, tracked changes and headers.
func TestWord(t *testing.T) {
	t.Parallel()
	cell := func(all ...string) string {
		return `<w:tc><w:tcPr/>` + strings.Join(all, "") + `</w:tc>`
	}
	numbered := func(list, level, s string) string {
		return `<w:p><w:pPr><w:numPr><w:ilvl w:val="` + level + `"/><w:numId w:val="` + list + `"/></w:numPr></w:pPr><w:r><w:t>` + s + `</w:t></w:r></w:p>`
	}
	body := `<w:tbl><w:tr>` + cell(para("HỘI ĐỒNG NHÂN DÂN"), para("PHƯỜNG NGỌC HÀ")) + cell(para("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), para("Độc lập - Tự do - Hạnh phúc")) + `</w:tr></w:tbl>` +
		`<w:p><w:r><w:rPr><w:caps/></w:rPr><w:t>Nghị quyết</w:t></w:r></w:p>` +
		numbered("1", "0", "Phạm vi") + numbered("1", "1", "Trong phường.") + numbered("1", "1", "Ngoài phường.") + numbered("1", "2", "nơi có chợ;") + numbered("1", "0", "Hiệu lực") + numbered("1", "1", "Từ ngày ký.") +
		`<w:p><w:r><w:t xml:space="preserve">Kinh phí là </w:t></w:r><w:del><w:r><w:delText>một</w:delText></w:r></w:del><w:ins><w:r><w:t>hai</w:t></w:r></w:ins><w:r><w:t xml:space="preserve"> tỷ</w:t></w:r><w:r><w:noBreakHyphen/><w:t>đồng.</w:t></w:r></w:p>` +
		`<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t xml:space="preserve">Hai đoạn </w:t></w:r></w:p>` + para("thành một.") +
		`<w:tbl><w:tr>` + cell(para("STT")) + cell(para("Tuyến ngõ")) + `</w:tr><w:tr>` + cell(para("1")) + cell(para("Ngõ 12")) + `</w:tr><w:tr><w:trPr><w:del/></w:trPr>` + cell(para("2")) + cell(para("Ngõ bỏ")) + `</w:tr></w:tbl>` +
		`<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>chữ ẩn</w:t></w:r><w:r><w:br w:type="page"/></w:r></w:p>` + para("Trang sau.")
	numbers := `<w:numbering xmlns:w="x"><w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Điều %1."/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl><w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%3)"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num></w:numbering>`
	header := `<w:hdr xmlns:w="x">` + para("Dự thảo lần hai") + `</w:hdr>`
	res := mustRead(t, "a.docx", docxOf(t, body, "word/numbering.xml", numbers, "word/header1.xml", header, "word/header2.xml", `<w:hdr xmlns:w="x">`+para("2")+`</w:hdr>`))
	same(t, res.Text(), "Dự thảo lần hai\nHỘI ĐỒNG NHÂN DÂN\nPHƯỜNG NGỌC HÀ\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nNGHỊ QUYẾT\n"+
		"Điều 1. Phạm vi\n1. Trong phường.\n2. Ngoài phường.\na) nơi có chợ;\nĐiều 2. Hiệu lực\n1. Từ ngày ký.\nKinh phí là hai tỷ-đồng.\nHai đoạn thành một.\nSTT\tTuyến ngõ\n1\tNgõ 12\fTrang sau.")
	if !warned(res.Warnings, "extract.changes") {
		t.Errorf("warnings: %v", res.Warnings)
	}
}

// TestWordOldFonts tells code pages by the names of fonts, also through styles.
func TestWordOldFonts(t *testing.T) {
	t.Parallel()
	in := func(font, s string) string {
		return `<w:r><w:rPr><w:rFonts w:ascii="` + font + `"/></w:rPr><w:t xml:space="preserve">` + s + `</w:t></w:r>`
	}
	styles := `<w:styles xmlns:w="x"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman"/></w:rPr></w:rPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:styleId="Cu"><w:rPr><w:rFonts w:ascii=".VnTime"/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="Con"><w:basedOn w:val="Cu"/></w:style></w:styles>`
	body := `<w:p>` + in(".VnTimeH", "Héi ®ång nh©n d©n") + `</w:p>` +
		`<w:p><w:pPr><w:pStyle w:val="Con"/></w:pPr><w:r><w:t>NghÞ quyÕt</w:t></w:r>` + in("Times New Roman", " số 27") + `</w:p>` +
		`<w:p>` + in("VNI-Times", "Hoäi ño") + in("VNI-Times", "àng") + `</w:p>`
	res := mustRead(t, "cũ.docx", docxOf(t, body, "word/styles.xml", styles))
	same(t, res.Text(), "HỘI ĐỒNG NHÂN DÂN\nNghị quyết số 27\nHội đồng")
	if !warned(res.Warnings, "extract.old_font") {
		t.Errorf("warnings: %v", res.Warnings)
	}
}

func TestWordHostile(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"deep.docx": strings.Repeat("<w:p>", 100_000), "broken.docx": "<w:p><w:r", "more.docx": `</w:p></w:tc></w:tr><w:tr><w:p></w:tr></w:p>` + para("x"),
	} {
		if _, err := read(t, name, docxOf(t, body), extract.Request{}); err != nil && !fault.Is(err, "extract.damaged_office") {
			t.Errorf("%s: %v", name, err)
		}
	}
	ole := append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"...)
	if _, err := read(t, "khóa.docx", ole, extract.Request{}); !fault.Is(err, "extract.locked") {
		t.Errorf("locked: %v", err)
	}
}

// TestOldOffice converts where LibreOffice is installed, and names the package where
// it is not; both are right answers of a machine.
func TestOldOffice(t *testing.T) {
	t.Parallel()
	rtf := []byte(`{\rtf1\ansi{\fonttbl{\f0 .VnTime;}{\f1 Times New Roman;}}\f1 {\u272?}i\u7873?u 1. Ph\u7841?m vi\par\f0 Ngh\'de quy\'d5t\par}`)
	res, err := read(t, "cũ.rtf", rtf, extract.Request{})
	if documents.FindTools().Soffice == "" {
		t.Log("LibreOffice is not installed: what is tested is the sentence")
		if !fault.Is(err, "extract.no_soffice") {
			t.Error(err)
		}
		return
	}
	must(t, err)
	same(t, res.Text(), "Điều 1. Phạm vi\nNghị quyết")
	if _, err := read(t, "hỏng.doc", append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "W\x00o\x00r\x00d\x00D\x00o\x00c\x00u\x00m\x00e\x00n\x00t\x00"...), extract.Request{}); err == nil {
		t.Error("a broken file was read")
	}
}

// TestODTWithout reads the words of an ODT also without LibreOffice.
func TestODTWithout(t *testing.T) {
	t.Parallel()
	odt := zipOf(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", `<office:document-content xmlns:office="o" xmlns:text="t"><office:body><text:p>Điều 1. Phạm vi</text:p><text:p>Trong phường.</text:p></office:body></office:document-content>`)
	r := extract.New(extract.Deps{Scratch: t.TempDir()})
	res, err := r.Read(ctx, write(t, t.TempDir()+"/x", odt), "a.odt", extract.Request{})
	must(t, err)
	same(t, res.Text(), "Điều 1. Phạm vi\nTrong phường.")
	if !warned(res.Warnings, "extract.words_only") {
		t.Errorf("warnings: %v", res.Warnings)
	}
}

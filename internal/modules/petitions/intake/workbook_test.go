package intake

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
)

// zipped packs entries as a renamed file would have them.
func zipped(t testing.TB, entries ...[2]string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, e := range entries {
		w, err := z.Create(e[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, e[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestNoWorkbook: whatever is not a workbook is told apart by a sentence.
func TestNoWorkbook(t *testing.T) {
	bomb := zipped(t, [2]string{"xl/workbook.xml", "<workbook/>"}, [2]string{"xl/worksheets/sheet1.xml", strings.Repeat(" ", unzippedMax+1)})
	for name, c := range map[string]struct {
		file []byte
		key  string
	}{
		"empty":          {nil, "intake.file_empty"},
		"old excel":      {append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600)...), "intake.file_xls"},
		"csv":            {[]byte("STT,Nội dung\n1,Đường hỏng\n"), "intake.file_text"},
		"pdf":            {[]byte("%PDF-1.7\n"), "intake.file_pdf"},
		"picture":        {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "intake.file_other"},
		"word":           {zipped(t, [2]string{"word/document.xml", "<w/>"}), "intake.file_no_workbook"},
		"binary":         {zipped(t, [2]string{"xl/workbook.bin", "x"}), "intake.file_xlsb"},
		"cut zip":        {sheet(t, []any{"STT", "Nội dung"})[:400], "intake.file_broken"},
		"empty parts":    {zipped(t, [2]string{"xl/workbook.xml", "<workbook/>"}), "intake.file_broken"},
		"bomb":           {bomb, "intake.file_bomb"},
		"no rows at all": {sheet(t), "intake.file_no_rows"},
	} {
		w, err := openWorkbook(c.file)
		if err == nil {
			_, err = w.read("")
		}
		if !fault.Is(err, c.key) {
			t.Errorf("%s: got %v, want %s", name, err, c.key)
		}
	}
}

// read opens and reads a workbook that is sound.
func read(t testing.TB, file []byte) table {
	t.Helper()
	w, err := openWorkbook(file)
	if err != nil {
		t.Fatal(err)
	}
	got, err := w.read("")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return got
}

// TestTitlesAndMerges reads a sheet as offices make them: titles over merged
// cells, a header of two ways of writing, numbering, a session merged down.
func TestTitlesAndMerges(t *testing.T) {
	f := excelize.NewFile()
	const s = "Sheet1"
	for cell, v := range map[string]any{
		"A1": "HỘI ĐỒNG NHÂN DÂN THÀNH PHỐ", "A2": "BẢNG TỔNG HỢP KIẾN NGHỊ CỬ TRI", "A4": "STT", "B4": "Kỳ họp", "C4": "Nội dung\nkiến nghị", "D4": "Địa bàn", "E4": "Đơn vị giải quyết",
		"F4": "Kết quả giải quyết, trả lời", "A5": "(1)", "B5": "(2)", "C5": "(3)", "D5": "(4)", "E5": "(5)", "A6": 1, "B6": "Kỳ họp thứ 5", "C6": "Sửa đường", "D6": "Phường Ngọc Hà",
		"A7": 2, "C7": "Sửa cống", "A9": 3, "B9": "Kỳ họp thứ 6", "C9": "Sửa đèn",
	} {
		if err := f.SetCellValue(s, cell, v); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range [][2]string{{"A1", "F1"}, {"A2", "F2"}, {"B6", "B7"}, {"D6", "D9"}} {
		if err := f.MergeCell(s, m[0], m[1]); err != nil {
			t.Fatal(err)
		}
	}
	got := read(t, written(t, f))
	if got.Header != 4 {
		t.Fatalf("header in row %d, want 4", got.Header)
	}
	byRow := map[int64][]string{}
	for _, r := range got.Rows {
		byRow[r.Number] = r.Cells
	}
	m := guess(byRow[4])
	want := Mapping{toNumber: 1, toSession: 2, toText: 3, toWard: 4, toBody: 5}
	if fmt.Sprint(m) != fmt.Sprint(want) {
		t.Errorf("mapping %v, want %v", m, want)
	}
	if !isNumbering(byRow[5]) || isNumbering(byRow[6]) {
		t.Errorf("numbering: %q %q", byRow[5], byRow[6])
	}
	if m.cell(byRow[7], toSession) != "Kỳ họp thứ 5" || m.cell(byRow[9], toSession) != "Kỳ họp thứ 6" || m.cell(byRow[9], toWard) != "Phường Ngọc Hà" {
		t.Errorf("merged cells are not filled: %q %q", byRow[7], byRow[9])
	}
	if _, empty := byRow[8]; empty {
		t.Error("an empty row became one")
	}
}

// TestCells: formulas give their stored value, macros are passed over, old
// letters come out composed.
func TestCells(t *testing.T) {
	f := excelize.NewFile()
	const s = "Sheet1"
	tcvn3 := "§Ò nghÞ söa ®\u00AD\u00EAng tr\u00ADíc cæng tr\u00ADêng häc"
	header := []any{"Nội dung", "Xã/phường", "Ngày nhận", "Họ tên"}
	row := []any{norm.NFD.String("Đề nghị sửa đường trước cổng trường"), "Ngọc Hà", time.Date(2026, 11, 5, 0, 0, 0, 0, time.UTC), tcvn3}
	for cell, r := range map[string]*[]any{"A1": &header, "A2": &row} {
		if err := f.SetSheetRow(s, cell, r); err != nil {
			t.Fatal(err)
		}
	}
	got := read(t, written(t, f))
	cells := got.Rows[1].Cells
	if cells[0] != "Đề nghị sửa đường trước cổng trường" {
		t.Errorf("not composed: %q", cells[0])
	}
	if d, ok := dayOf(cells[2], false); !ok || d != clock.NewDate(2026, 11, 5) {
		t.Errorf("Excel's date %q became %v", cells[2], d)
	}
	if strings.Contains(cells[3], "§") || !strings.Contains(cells[3], "Đề nghị") {
		t.Errorf("TCVN3 stays: %q", cells[3])
	}
}

const ns = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`

// around makes a macro workbook around the text of one sheet.
func around(t testing.TB, sheet string) []byte {
	t.Helper()
	return zipped(t,
		[2]string{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
		[2]string{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		[2]string{"xl/workbook.xml", `<workbook ` + ns + ` xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sổ" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		[2]string{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
		[2]string{"xl/vbaProject.bin", "Sub AutoOpen()"},
		[2]string{"xl/worksheets/sheet1.xml", sheet})
}

// TestFormulas: the stored value of a formula is taken, without computing it;
// macros lie in the file and are never looked at.
func TestFormulas(t *testing.T) {
	got := read(t, around(t, `<worksheet `+ns+`><sheetData><row r="1"><c r="A1" t="str"><f>"Nội"&amp;" dung"</f><v>Nội dung</v></c><c r="B1" t="inlineStr"><is><t>Địa bàn</t></is></c></row>`+
		`<row r="3"><c r="A3" t="str"><f>B9</f><v>Đề nghị sửa đường</v></c><c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c></row></sheetData></worksheet>`))
	if got.Sheet != "Sổ" || got.Header != 1 || len(got.Rows) != 2 {
		t.Fatalf("%+v", got)
	}
	if c := got.Rows[1].Cells; c[0] != "Đề nghị sửa đường" || !isErrorValue(c[1]) {
		t.Errorf("%q", c)
	}
}

func TestDays(t *testing.T) {
	want := clock.NewDate(2026, 11, 5)
	for _, s := range []string{"05/11/2026", "5/11/2026", "05-11-26", "5.11.26", "2026-11-05", "2026-11-05 00:00:00", "46331", "46331.5", "ngày 5 tháng 11 năm 2026", "Hà Nội, ngày 05 tháng 11 năm 2026", " 05/11/2026 08:30 "} {
		if d, ok := dayOf(s, false); !ok || d != want {
			t.Errorf("%q is %v %v", s, d, ok)
		}
	}
	if d, ok := dayOf("44869", true); !ok || d != want {
		t.Errorf("1904: %v %v", d, ok)
	}
	for _, s := range []string{"", "31/02/2026", "11/13/2026", "hôm qua", "2026", "5", "1e99", "NaN", "-3", "99/99/9999", "05/2026"} {
		if d, ok := dayOf(s, false); ok {
			t.Errorf("%q is taken for %v", s, d)
		}
	}
}

func TestPhones(t *testing.T) {
	for in, want := range map[string]string{"912345678": "0912345678", "9.12345678E+8": "0912345678", "0912 345 678": "0912 345 678", "02438251234": "02438251234", "2438251234": "02438251234",
		"+84 912 345 678": "+84 912 345 678", "không có": "không có", "": ""} {
		if got := phoneOf(in); got != want {
			t.Errorf("%q gave %q, want %q", in, got, want)
		}
	}
}

// TestGuess maps the headers of the template and of other programs.
func TestGuess(t *testing.T) {
	for _, c := range []struct {
		header string
		want   Mapping
	}{
		{"STT|Kỳ họp|Ngày tiếp nhận|Nguồn|Họ tên cử tri|Địa chỉ, xã/phường|Số điện thoại|Nội dung kiến nghị|Lĩnh vực|Cơ quan giải quyết|Ghi chú",
			Mapping{toNumber: 1, toSession: 2, toDay: 3, toOrigin: 4, toName: 5, toWard: 6, toPhone: 7, toText: 8, toField: 9, toBody: 10, toNote: 11}},
		// columns of the public sheet tool and of app.hdnd.vn (anchors-cases.md §2, law notes §1.6)
		{"ma_kn|noi_dung|nhom_linh_vuc|don_vi_giai_quyet|ngay_tiep_nhan|thoi_han_giai_quyet|trang_thai|ket_qua|ghi_chu|nguon_du_lieu",
			Mapping{toText: 2, toField: 3, toBody: 4, toDay: 5, toNote: 9}},
		{"STT|Kỳ họp|Cử tri|Địa bàn|Nội dung|Trả lời", Mapping{toNumber: 1, toSession: 2, toName: 3, toWard: 4, toText: 5}},
		{"TT|Ý kiến, kiến nghị của cử tri|Đơn vị trả lời|Nội dung trả lời|Ngày trả lời", Mapping{toNumber: 1, toText: 2, toBody: 3}},
		{"NO.|DATE RECEIVED|PETITION CONTENT|WARD", Mapping{toNumber: 1, toDay: 2, toText: 3, toWard: 4}},
		{"a|b|c", Mapping{}},
	} {
		if got := guess(strings.Split(c.header, "|")); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s\n got %v\nwant %v", c.header, got, c.want)
		}
	}
}

func TestWardParts(t *testing.T) {
	for in, first := range map[string]string{
		"Số 5 ngõ 3 phố Đội Cấn, phường Ngọc Hà, quận Ba Đình": "phường Ngọc Hà", "P. Ngọc Hà - Ba Đình": "P.Ngọc Hà - Ba Đình", "P Ngọc Hà": "P.Ngọc Hà", "Tổ 4, P.Ngọc Hà": "P.Ngọc Hà",
		"00008": "00008", "Ngọc Hà": "Ngọc Hà", "": "",
	} {
		got := append(wardParts(in), "")
		if got[0] != first {
			t.Errorf("%q: %q, want first %q", in, got, first)
		}
	}
}

// TestTemplate: what the template gives is recognised again whole.
func TestTemplate(t *testing.T) {
	w := newWorld(t, testOpen(t))
	ctx := w.vietnamese()
	var out bytes.Buffer
	if err := WriteTemplate(ctx, &out); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if names := f.GetSheetList(); len(names) != 2 || names[1] != "Hướng dẫn" {
		t.Errorf("sheets %q", names)
	}
	if err := f.SetSheetRow("Kiến nghị cử tri", "A2", &[]any{1, "Kỳ họp thứ 5", "05/11/2026", "MTTQ", "Lê A", "Phường Ngọc Hà", "0912345678", "Đề nghị sửa đường trước cổng trường học", "Giao thông", "Sở Xây dựng", "x"}); err != nil {
		t.Fatal(err)
	}
	got := read(t, written(t, f))
	if got.Header != 1 || len(guess(got.Rows[0].Cells)) != len(templateColumns()) || got.Sheet != "Kiến nghị cử tri" {
		t.Errorf("header %d of %q: %v", got.Header, got.Sheet, guess(got.Rows[0].Cells))
	}
}

// FuzzWorkbook: no file may panic the reader or bring more than the limits.
func FuzzWorkbook(f *testing.F) {
	good := sheet(f, []any{"STT", "Nội dung", "Ngày"}, []any{1, "Đề nghị sửa đường", "05/11/2026"})
	f.Add(good, false)
	f.Add(good[:len(good)/2], false)
	f.Add([]byte(`<worksheet `+ns+`><sheetData><row r="1"><c r="XFD1" t="s"><v>9</v></c></row></sheetData></worksheet>`), true)
	f.Add([]byte(`<worksheet `+ns+`><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Nội dung</t></is></c></row><row r="2"><c r="A2" s="1"><v>46331</v></c></row><row r="3"><c r="B3"/></row></sheetData><mergeCells count="1"><mergeCell ref="A2:A9"/></mergeCells></worksheet>`), true)
	f.Fuzz(func(t *testing.T, file []byte, inside bool) {
		if inside {
			file = around(t, string(file))
		}
		w, err := openWorkbook(file)
		if err != nil {
			return
		}
		got, err := w.read("")
		if err == nil && (len(got.Rows) > rowsMax+headRows+1 || slices.ContainsFunc(got.Rows, func(r sheetRow) bool { return len(r.Cells) > columnsMax })) {
			t.Errorf("beyond the limits: %d rows", len(got.Rows))
		}
		if err := w.Close(); err != nil {
			t.Log(err)
		}
	})
}

// TestOverlappingMerges: a hostile file lays thousands of merged blocks over each
// other; each row must not cost what all of them cost.
func TestOverlappingMerges(t *testing.T) {
	f := filler{}
	for i := range mergesMax {
		f.merges = append(f.merges, merge{row: 1 + i/1000, col: 1, lastRow: rowsMax, lastCol: 1})
	}
	for row := 1; row <= 60; row++ {
		f.fill(row, []string{"x"})
		if len(f.open) > columnsMax {
			t.Fatalf("row %d carries %d blocks", row, len(f.open))
		}
	}
}

// TestSharedText: one long text that stands in every cell of a small file is not
// kept a million times.
func TestSharedText(t *testing.T) {
	f := excelize.NewFile()
	long := strings.Repeat("x", cellRunesMax)
	for row := 1; row <= textBytesMax/cellRunesMax/50+2; row++ {
		cells := make([]any, 50)
		for i := range cells {
			cells[i] = long
		}
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", row), &cells); err != nil {
			t.Fatal(err)
		}
	}
	w, err := openWorkbook(written(t, f))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.read(""); !fault.Is(err, "intake.file_bomb") {
		t.Errorf("%v", err)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

// TestNoHeader: a sheet whose header nobody knows can still be mapped by hand.
func TestNoHeader(t *testing.T) {
	w, err := openWorkbook(sheet(t, []any{"Đề nghị sửa đường", "Ngọc Hà"}, []any{"Đề nghị lắp đèn", "Ba Đình"}))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := w.read(""); err != nil || got.Header != 0 || len(got.Rows) != 2 {
		t.Errorf("%+v %v", got, err)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

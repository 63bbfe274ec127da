package reports

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/web"
)

var rewrite = flag.Bool("rewrite", false, "write the golden reports anew")

// paperDesk is a desk that can write files and reads no database.
func paperDesk(t *testing.T) *Desk {
	t.Helper()
	words, err := text.Load(os.DirFS(".."), documents.Files, Files)
	if err != nil {
		t.Fatal(err)
	}
	fonts, err := documents.ReadFonts(web.Files)
	if err != nil {
		t.Fatal(err)
	}
	return New(Deps{Text: words, Fonts: fonts})
}

// sample is a small report with what tries a file: a formula, markup, long and
// empty texts, letters outside the type.
func sample(t *testing.T, k Kind) (Report, []Row) {
	t.Helper()
	at := begin.AddDate(0, 6, 0)
	q := Query{CouncilID: "hn", Kind: k, From: clock.NewDate(2026, 7, 1), Until: clock.NewDate(2026, 12, 31), Fields: []string{"urban"}}.whole()
	r := Report{ID: "06f0000000000000000000000", CouncilID: "hn", Kind: k, Query: db.JSON[Query]{V: q}, Moment: db.At(at), Status: Made, MadeAt: db.At(at), council: "Hội đồng nhân dân thành phố Hà Nội", place: "Hà Nội",
		names: map[string]string{"sxd": "Sở Xây dựng"}}
	var rows []Row
	for i, one := range []struct {
		steps []step
		text  string
	}{
		{[]step{receive, classify, forward, accept, answer("done", false), judge("good"), finish}, "Đề nghị sửa đường Nguyễn Trãi."},
		{[]step{receive, classify, forward, accept, answer("underway", true), judge("no_schedule")}, "=HYPERLINK(\"http://xấu.example\";\"bấm vào đây\") <b>& 'thế'</b>"},
		{[]step{receive, classify, forward, accept}, strings.Repeat("Nước ngập sau mỗi trận mưa lớn ở ngõ nhỏ. ", 30) + "😀"},
		{[]step{receive}, ""},
	} {
		acts := story(one.steps...)
		s, err := Fold(acts, letters(acts), at)
		if err != nil {
			t.Fatal(err)
		}
		s.ID, s.Code = "k", []string{"KN26-AAAA-2222", "KN26-BBBB-3333", "KN26-CCCC-4444", "KN26-DDDD-5555"}[i]
		s.OpenedAt = s.OpenedAt.In(clock.Hanoi)
		row := Row{Standing: s, Text: one.text, Unit: "Phường Ba Đình"}
		if s.BodyID != "" {
			row.Body = "Sở Xây dựng"
		}
		if s.Answered() {
			row.Reply, row.Promised = "Sở đã kiểm tra, sẽ sửa xong trong quý tới.", clock.NewDate(2027, 3, 31)
		}
		rows = append(rows, row)
	}
	counted := newRun(q, at)
	for _, row := range rows {
		if err := counted.take(row); err != nil {
			t.Fatal(err)
		}
	}
	r.Rows, r.Hash, r.Figures.V = counted.rows, counted.total(), Comparison{Now: *counted.figures}
	if k == Summary {
		before := newFigures()
		before.add(rows[0].Standing, at)
		r.Figures.V.Before = before
	}
	return r, rows
}

func fileOf(t *testing.T, d *Desk, with maker, r Report, rows []Row) []byte {
	t.Helper()
	f, err := with(d, r)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if r.Kind == Summary {
			break
		}
		if err := f.row(row); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := f.write(&out, r); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func golden(t *testing.T, name, have string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *rewrite {
		if err := os.WriteFile(path, []byte(have), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != have {
		t.Errorf("%s differs from what is made now (%v); look at it, and write it with -rewrite:\n%s", path, err, have)
	}
}

// The numbers of a small report, and the hash: a change of either is a change
// of every report that was ever made.
func TestGoldenFigures(t *testing.T) {
	for _, k := range []Kind{Results, Summary} {
		r, _ := sample(t, k)
		b, err := json.MarshalIndent(map[string]any{"figures": r.Figures.V, "hash": r.Hash, "query": r.Query.V}, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		golden(t, string(k)+".json", string(b)+"\n")
	}
}

func TestGoldenDocument(t *testing.T) {
	d := paperDesk(t)
	for _, k := range []Kind{Results, Summary} {
		r, rows := sample(t, k)
		content := fileOf(t, d, documentOf, r, rows)
		z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		part, err := z.Open("word/document.xml")
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, string(k)+".document.xml", strings.NewReplacer("</w:p>", "</w:p>\n", "</w:tr>", "</w:tr>\n").Replace(string(b))+"\n")
		if k == Results && (strings.Count(string(b), "<w:tblHeader/>") < 2 || !strings.Contains(string(b), `w:orient="landscape"`) || strings.Contains(string(b), "<b>")) {
			t.Error("no repeated head, not across, or a citizen's markup got through")
		}
	}
}

func TestGoldenPrint(t *testing.T) {
	d := paperDesk(t)
	r, rows := sample(t, Results)
	content := fileOf(t, d, printOf, r, rows)
	if again := fileOf(t, d, printOf, r, rows); !bytes.Equal(content, again) {
		t.Error("printed again it gives other bytes")
	}
	path := filepath.Join(t.TempDir(), "pl1.pdf")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("qpdf", "--check", path).CombinedOutput(); err != nil {
		t.Errorf("qpdf: %s", out)
	}
	words, err := exec.Command("pdftotext", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	plain := strings.Join(strings.Fields(string(words)), " ")
	for _, want := range []string{"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Phụ lục 1.", "KN26-AAAA-2222", "Đang giải quyết, có lộ trình", r.Hash, "=HYPERLINK"} {
		if !strings.Contains(plain, want) {
			t.Errorf("the print lacks %q:\n%s", want, plain)
		}
	}
	var many []Row
	for range 60 {
		many = append(many, rows...)
	}
	if err := os.WriteFile(path, fileOf(t, d, printOf, r, many), 0o600); err != nil {
		t.Fatal(err)
	}
	if words, err = exec.Command("pdftotext", "-f", "2", "-l", "2", path, "-").Output(); err != nil || !strings.Contains(strings.Join(strings.Fields(string(words)), " "), "Nội dung kiến nghị") {
		t.Errorf("no head on the second page: %v\n%s", err, words)
	}
}

// The widest code that can be drawn stands on one line: broken, it could not be
// looked up.
func TestCodesStayWhole(t *testing.T) {
	d := paperDesk(t)
	for _, k := range Kinds() {
		p, err := d.newPrintout(Report{Kind: k})
		if err != nil {
			t.Fatal(err)
		}
		p.turn()
		p.pdf.SetFont("tinos", "", 12)
		widths := make([]float64, len(p.columns))
		for i, c := range p.columns {
			widths[i] = c.width
		}
		for i, w := range shared(widths) {
			if key := p.columns[i].key; key != "where" && key != "code" {
				continue
			}
			if lines := p.broken("KN26-WWWW-WWWW", w-2*printPad); len(lines) != 1 {
				t.Errorf("%s breaks a code: %q", k, lines)
			}
		}
	}
}

// A workbook has real numbers and dates, and a voter's formula is a text.
func TestWorkbook(t *testing.T) {
	r, rows := sample(t, Results)
	book, err := excelize.OpenReader(bytes.NewReader(fileOf(t, paperDesk(t), workbookOf, r, rows)))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	sheet := book.GetSheetName(0)
	const first = 6 // title, period, filter, an empty line, head
	value := func(column string, line int) (string, excelize.CellType) {
		at := column + string(rune('0'+line))
		v, err := book.GetCellValue(sheet, at, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		kind, err := book.GetCellType(sheet, at)
		if err != nil {
			t.Fatal(err)
		}
		if f, err := book.GetCellFormula(sheet, at); err != nil || f != "" {
			t.Errorf("%s is the formula %q", at, f)
		}
		return v, kind
	}
	if v, kind := value("A", first); v != "1" || kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString {
		t.Errorf("number: %q %v", v, kind)
	}
	days := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC).Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24
	if v, kind := value("C", first); v != "46204" || days != 46204 || kind == excelize.CellTypeInlineString {
		t.Errorf("date: %q %v, want %v", v, kind, days)
	}
	if v, kind := value("F", first+1); !strings.HasPrefix(v, "=HYPERLINK") || kind != excelize.CellTypeInlineString {
		t.Errorf("a voter's formula: %q %v", v, kind)
	}
	layout, err := book.GetPageLayout(sheet)
	if err != nil || *layout.Size != 9 || *layout.Orientation != "landscape" {
		t.Errorf("%+v, %v", layout, err)
	}
	if panes, err := book.GetPanes(sheet); err != nil || !panes.Freeze || panes.YSplit != first-1 {
		t.Errorf("%+v, %v", panes, err)
	}
	names := book.GetDefinedName()
	if len(names) != 1 || names[0].Name != "_xlnm.Print_Titles" || !strings.HasSuffix(names[0].RefersTo, "$5:$5") {
		t.Errorf("%+v", names)
	}
}

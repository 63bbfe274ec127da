package intake

import (
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"example.vn/hdnd/internal/kernel/text"
)

// Target is what a column of a workbook is taken for.
//
// vi: cột của sổ theo dõi
type Target string

// The targets, in the order of the template (law notes: annexes of the session
// reports, and what a small office tracks in its own sheet).
const (
	toNumber  Target = "number"
	toSession Target = "session"
	toDay     Target = "day"
	toOrigin  Target = "origin"
	toName    Target = "name"
	toWard    Target = "ward"
	toPhone   Target = "phone"
	toEmail   Target = "email"
	toText    Target = "text"
	toField   Target = "field"
	toBody    Target = "body"
	toDeputy  Target = "deputy"
	toNote    Target = "note"
)

// targets lists what a clerk may map, in the order of the form. The running
// number is recognised and left alone.
func targets() []Target {
	return []Target{toText, toWard, toDay, toName, toPhone, toEmail, toSession, toOrigin, toField, toBody, toDeputy, toNote}
}

// headerWords are the words of headers without accents, by target, longest
// phrases first: "nội dung trả lời" must not be taken for the petition.
func headerWords() []struct {
	to    Target
	words []string
} {
	return []struct {
		to    Target
		words []string
	}{
		{"", []string{"noi dung tra loi", "ket qua giai quyet", "ket qua tra loi", "tra loi cu tri", "ngay tra loi", "han giai quyet", "thoi han giai quyet", "han tra loi", "thoi han", "trang thai",
			"ket qua", "tra loi", "so van ban", "ma kien nghi", "ma kn", "nguon du lieu", "cccd", "ngay sinh", "nghe nghiep", "answer", "status"}},
		{toNumber, []string{"so thu tu", "stt", "tt", "no"}},
		{toSession, []string{"truoc sau ky hop", "ky hop thu", "ky hop", "dot tiep xuc", "session"}},
		{toDay, []string{"ngay tiep nhan", "ngay tiep xuc", "ngay kien nghi", "ngay phan anh", "ngay thang nam", "ngay nhan", "ngay gui", "ngay thang", "thoi gian", "ngay", "date received", "date"}},
		{toOrigin, []string{"nguon kien nghi", "nguon tiep nhan", "hinh thuc tiep nhan", "kenh tiep nhan", "nguon", "hinh thuc", "kenh", "source"}},
		{toName, []string{"ho va ten cu tri", "ho ten cu tri", "ho ten nguoi kien nghi", "nguoi kien nghi", "nguoi phan anh", "ten cu tri", "nguoi gui", "ho va ten", "ho ten", "cu tri", "voter", "name"}},
		{toWard, []string{"dia chi xa phuong", "don vi hanh chinh", "xa phuong thi tran", "phuong xa", "xa phuong", "dia ban", "dia chi", "dia phuong", "noi o", "noi cu tru", "phuong", "xa", "ward", "address"}},
		{toPhone, []string{"so dien thoai", "dien thoai lien he", "dien thoai", "so dt", "sdt", "dtdd", "lien he", "phone"}},
		{toEmail, []string{"thu dien tu", "dia chi email", "email", "e mail"}},
		{toText, []string{"noi dung y kien kien nghi", "noi dung kien nghi", "noi dung phan anh", "y kien kien nghi cua cu tri", "y kien kien nghi", "kien nghi cua cu tri", "noi dung y kien", "noi dung kn",
			"noi dung", "kien nghi", "y kien", "petition", "content"}},
		{toField, []string{"nhom linh vuc", "linh vuc", "nganh", "field"}},
		{toBody, []string{"co quan giai quyet tra loi", "co quan giai quyet", "don vi giai quyet", "co quan tra loi", "don vi tra loi", "co quan tham quyen", "tham quyen giai quyet", "co quan phu trach",
			"tham quyen", "co quan", "don vi", "answering body"}},
		{toDeputy, []string{"dai bieu tiep nhan", "to dai bieu", "dai bieu", "deputy"}},
		{toNote, []string{"ghi chu", "luu y", "note"}},
	}
}

// targetOf guesses what a header means: the longest phrase in it decides, and
// among equal ones the one it begins with. A cell too long to be a header is
// none.
func targetOf(header string) (Target, int) {
	folded := " " + strings.Join(strings.FieldsFunc(text.Fold(header), func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') }), " ") + " "
	const headerMax = 80
	if len(folded) > headerMax {
		return "", 0
	}
	var to Target
	score := 0
	for _, t := range headerWords() {
		for _, w := range t.words {
			if at := strings.Index(folded, " "+w+" "); at >= 0 {
				worth := 2 * len(w)
				if at == 0 {
					worth++
				}
				if worth > score {
					to, score = t.to, worth
				}
			}
		}
	}
	if to == "" {
		return "", 0
	}
	return to, score
}

// Mapping says which column, counted from 1, is taken for what; 0 and no entry
// mean none.
//
// vi: ghép cột
type Mapping map[Target]int

// guess maps a header row. Of two columns for one target the surer wins, and
// of equal ones the first.
func guess(header []string) Mapping {
	m, sure := Mapping{}, map[Target]int{}
	for i, h := range header {
		if to, score := targetOf(h); to != "" && score > sure[to] {
			m[to], sure[to] = i+1, score
		}
	}
	return m
}

// headerOf finds the header among the first rows: the one with most different
// targets. score is -1 when no row has two of them.
func headerOf(head []sheetRow) (row int64, score int) {
	score = -1
	for _, r := range head {
		n := len(guess(r.Cells))
		if n >= 2 && n > score {
			row, score = r.Number, n
		}
	}
	return row, score
}

// isNumbering knows the row "(1) (2) (3)…" that stands below many headers.
func isNumbering(cells []string) bool {
	n, last := 0, 0
	for _, c := range cells {
		if c == "" {
			continue
		}
		v, err := strconv.Atoi(strings.Trim(c, "()[]. "))
		if err != nil || v != last+1 && n > 0 {
			return false
		}
		n, last = n+1, v
	}
	return n >= 3
}

// columnName is the letter of a column, as Excel shows it.
func columnName(col int) string {
	name, err := excelize.ColumnNumberToName(col)
	if err != nil {
		return "" // no column
	}
	return name
}

// cell is the cell of a target; empty when the column is not mapped or the row
// ends before it.
func (m Mapping) cell(cells []string, to Target) string {
	if col := m[to]; col >= 1 && col <= len(cells) {
		return cells[col-1]
	}
	return ""
}

// tidy leaves out what is no target and no column.
func (m Mapping) tidy() Mapping {
	clean := Mapping{}
	for to, col := range m {
		if col >= 1 && col <= columnsMax && slices.Contains(targets(), to) {
			clean[to] = col
		}
	}
	return clean
}

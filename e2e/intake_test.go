package e2e_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/xuri/excelize/v2"
)

// TestIntakeFromEverywhere: what reaches the office by the Front's workbook, at
// a voter meeting, by post and by telephone becomes petitions; the public's own
// form is TestStory's.
func TestIntakeFromEverywhere(t *testing.T) {
	s := begin(t)
	clerk := s.as("văn-thư")
	rapid(clerk)
	paper(clerk)
	at := imports(clerk, workbook(t, 0))
	undoes(clerk, at)
	imports(s.plain("văn-thư-hai"), workbook(t, 10))
	clerk.open("/petitions?state=received")
	clerk.reads("Đề nghị xây nhà vệ sinh công cộng", "Thay nắp cống ngõ 11 phố Vọng")
	clerk.lacks("Thay nắp cống ngõ 1 phố Vọng")
}

// workbook is the Front's own sheet: merged titles, columns in its own order and
// words, dates in three styles; one date that is none, one row too short, one twice.
func workbook(t *testing.T, from int) string {
	t.Helper()
	f := excelize.NewFile()
	rows := [][]any{{"BẢNG TỔNG HỢP Ý KIẾN CỬ TRI"}, {"TT", "Ông/bà", "Ý kiến phản ánh", "Ngày", "Xã, phường", "Ghi chú"}}
	for i, day := range []string{"10/11/2026", "10-11-2026", "ngày 10 tháng 11 năm 2026", "31/02/2026", "10/11/2026"} {
		rows = append(rows, []any{i + 1, fmt.Sprintf("Cử tri số %d", i+1), fmt.Sprintf("Thay nắp cống ngõ %d phố Vọng đã vỡ từ lâu, rất nguy hiểm.", from+i+1), day, "Phường Ba Đình", ""})
	}
	rows[6][2] = "Sửa cống"
	rows = append(rows, append([]any{6}, rows[2][1:]...))
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.MergeCell("Sheet1", "A1", "F1"); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return keptAs(t, "tổng hợp MTTQ.xlsx", out.Bytes())
}

// imports uploads a workbook, says which column is what, reads what the trial
// found and takes in what is right.
func imports(v *visitor, file string) (at string) {
	v.t.Helper()
	v.open("/intake/imports")
	if !v.plain && !bytes.HasPrefix(v.fetch(`a[href$="template.xlsx"]`), []byte("PK")) {
		v.t.Error("the template is no workbook")
	}
	v.maps(file)
	v.afterWork("Hợp lệ")
	v.reads("Hợp lệ 3", "Có lỗi 2", "Trùng trong tệp 1", "31/02/2026", "chưa ghi kiến nghị nào")
	if !v.plain {
		v.lookWell()
	}
	v.button("Nhập 3 dòng hợp lệ")
	v.afterWork("Đã tiếp nhận 3")
	at = v.where()
	v.open("/intake/imports")
	v.maps(file)
	v.afterWork("Đã nhập trước đây 3")
	v.lacks("Nhập 3 dòng hợp lệ")
	return at
}

// maps uploads a workbook and says which of its columns is what.
func (v *visitor) maps(file string) {
	v.t.Helper()
	v.upload(file)
	v.button("Tải lên và xem các cột")
	v.reads("Ghép cột", "tổng hợp MTTQ.xlsx")
	v.chooseWords("column.text", "Ý kiến phản ánh")
	v.chooseWords("column.name", "Ông/bà")
	if v.value(`select[name="column.ward"]`) == "" {
		v.t.Error("the column of the ward was not recognised")
	}
	v.choose("channel", "mttq")
	v.button("Kiểm tra các dòng")
}

// afterWork follows the progress of a batch until its result says so; with
// scripts the page follows by itself.
func (v *visitor) afterWork(result string) {
	v.t.Helper()
	v.until("the batch says "+result, func() bool {
		if strings.Contains(v.words(), result) {
			return true
		}
		if v.plain || strings.Contains(v.words(), "Xem kết quả từng dòng") {
			v.press("#progress a")
		}
		return false
	})
}

// undoes takes a batch back, which asks for a reason.
func undoes(v *visitor, at string) {
	v.t.Helper()
	v.open(at)
	v.fill("reason", "Nhầm tệp của phường khác.")
	v.press("#undo button")
	v.afterWork("Đã rút 3")
}

// rapid is a voter meeting typed in as it is spoken, from opening the meeting to
// the last opinion without touching the mouse.
func rapid(v *visitor) {
	v.t.Helper()
	v.open("/intake/meetings")
	for _, field := range [][2]string{{"place", "Nhà văn hóa phường Ba Đình"}, {"wards", "Phường Ba Đình"}, {"session", "Kỳ họp thứ 30"}} {
		v.tab(fmt.Sprintf("input[name=%s]", field[0]))
		v.do(chromedp.KeyEvent(field[1]))
	}
	v.key(kb.Enter)
	v.reads("Đã mở hội nghị", "Ghi nhanh ý kiến")
	opinions := []string{"Đề nghị xây nhà vệ sinh công cộng ở vườn hoa Hàng Đậu.", "Đèn đường ngõ 5 phố Vọng hỏng đã hai tháng.", "Xe tải chạy vào giờ học trước cổng trường tiểu học."}
	presses, from := 0, v.clock.Now()
	press := func(keys string) {
		presses++
		v.do(chromedp.KeyEvent(keys))
	}
	for i, words := range opinions {
		if !ask[bool](v, fmt.Sprintf(`document.activeElement?.name === "line-%d-text"`, i)) {
			v.fatal("the opinion's field is not where the keys go, but %s", ask[string](v, "document.activeElement?.outerHTML"))
		}
		v.do(chromedp.KeyEvent(words))
		press(kb.Tab)
		v.do(chromedp.KeyEvent(fmt.Sprintf("Cử tri %d", i+1)))
		if i+1 < len(opinions) {
			for range 3 {
				press(kb.Tab)
			}
		}
	}
	presses++
	v.key(kb.Enter)
	v.reads("Đã tiếp nhận 3 ý kiến", "Đèn đường ngõ 5")
	if each := float64(presses) / float64(len(opinions)); each > 5 {
		v.t.Errorf("an opinion takes %.1f keys beside its words: %d presses since %v", each, presses, from)
	}
	// The next sheet waits for the next opinion; one that says too little stays, marked.
	if !ask[bool](v, `document.activeElement?.name === "line-0-text" && document.activeElement.value === ""`) {
		v.t.Error("after saving the keys do not go to the first line")
	}
	v.do(chromedp.KeyEvent("Sửa"))
	v.key(kb.Enter)
	v.reads("Còn 1 dòng chưa lưu được")
	if !ask[bool](v, `document.activeElement?.name === "line-0-text" && document.activeElement.value === "Sửa"`) {
		v.t.Error("the wrong line is not where the keys go")
	}
}

// paper enters a letter that came by post, with its scan.
func paper(v *visitor) {
	v.t.Helper()
	v.open("/intake/letters")
	v.pick("channel", "letter")
	v.fill("ref", "312")
	v.fill("text", "Đơn của tổ dân phố số 7 đề nghị nạo vét mương thoát nước sau chợ Ngọc Hà.")
	v.fill("ward", "Phường Ngọc Hà")
	v.fill("name", "Trần Thị Sáu")
	v.upload(photograph(v.t))
	v.button("Tiếp nhận")
	v.reads("Đã tiếp nhận với mã KN26-")
	v.pick("channel", "phone")
	v.fill("text", "Gọi điện báo trạm bơm tiêu úng không chạy khi mưa.")
	v.fill("ward", "Phường Ba Đình")
	v.button("Tiếp nhận")
	v.reads("Đã tiếp nhận với mã KN26-")
	v.open("/petitions?q=muong+thoat+nuoc")
	v.reads("nạo vét mương")
	v.press("main table tbody a")
	v.reads("ảnh mặt đường.jpg", "Trần Thị Sáu", "Đơn, thư")
}

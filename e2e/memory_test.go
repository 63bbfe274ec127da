package e2e_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"example.vn/hdnd/internal/testkit/council"
)

// TestMemory: what was said before is linked, and the page tells how often with
// the chain of answers; open promises by body; what a deputy brought and what
// became of it.
func TestMemory(t *testing.T) {
	s := begin(t)
	earlier := s.HandIn(t, council.Petition{Words: "Cầu vượt bộ hành trước bến xe xuống cấp, đề nghị sửa.", Public: "Sửa cầu vượt bộ hành.", Reply: "Sở đã đưa cầu vào kế hoạch duy tu.",
		Steps: "classify forward accept answer:underway judge:good close"})
	s.pass(40 * 24 * time.Hour) // the promise is broken by then
	clerk := s.as("văn-thư")
	clerk.open("/intake/letters")
	clerk.pick("channel", "letter")
	clerk.fill("text", "Cầu vượt bộ hành trước bến xe vẫn chưa được sửa, đề nghị làm ngay.")
	clerk.fill("ward", "Phường Ba Đình")
	clerk.fill("session", "Kỳ họp thứ 31")
	clerk.chooseWords("deputy", "Ngô Xuân Phúc")
	clerk.button("Tiếp nhận")
	clerk.reads("Đã tiếp nhận với mã KN26-")
	clerk.open("/petitions?q=cau+vuot+bo+hanh&state=received")
	clerk.press("main table tbody a")
	clerk.follow("Xem lịch sử và liên kết kiến nghị")
	clerk.fill("earlier", strings.ToLower(earlier.Code))
	clerk.button("Liên kết")
	clerk.reads("Đã được nhắc lại 1 lần kể từ ngày 16/11/2026", "Đang giải quyết, có lộ trình", "cam kết xong ngày", earlier.Code)

	chair := s.plain("chủ-tịch")
	chair.open("/petitions/promises")
	chair.reads("Chưa thực hiện, theo cơ quan", "Sở Xây dựng", "quá hạn 1")
	deputy := s.as("đại-biểu")
	s.pass(10 * time.Minute) // figures are counted anew
	deputy.until("the deputy's figures are counted", func() bool {
		deputy.open("/petitions/deputies")
		return strings.Contains(deputy.words(), "Số liệu tính đến")
	})
	deputy.lookWell()
	deputy.follow("Ngô Xuân Phúc")
	deputy.reads("Kỳ họp thứ 31", "Mới tiếp nhận")
}

// TestSessionReports: a report of the session is made, its files carry its
// figures and its hash, and run again later it is the same.
func TestSessionReports(t *testing.T) {
	s := begin(t)
	first := s.HandIn(t, council.Petition{Public: "Đề nghị thay nắp cống.", Steps: council.Done})
	s.HandIn(t, council.Petition{Steps: "classify forward accept"})
	later := s.HandIn(t, council.Petition{Steps: "classify forward accept"})
	s.days(1)
	head := s.as("lãnh-đạo-văn-phòng")
	head.open("/reports/petitions")
	head.choose("kind", "pl1")
	head.fill("from", "01/11/2026")
	head.fill("until", "30/11/2026")
	head.fill("moment", "16/11/2026")
	head.button("Lập báo cáo")
	head.reads("Phụ lục 1.", first.Code, "Đề nghị thay nắp cống.", "Mã kiểm tra SHA-256", "Kiến nghị tiếp nhận", "Theo cơ quan giải quyết")
	head.lookWell()
	hash := sha256Of(head.words())
	for as, begins := range map[string]string{"xlsx": "PK\x03\x04", "docx": "PK\x03\x04", "pdf": "%PDF-"} {
		if file := head.fetch(`a[href$="as=` + as + `"]`); !bytes.HasPrefix(file, []byte(begins)) {
			t.Errorf("%s begins with %.8q", as, file)
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(head.fetch(`a[href$="as=xlsx"]`)))
	if err != nil {
		t.Fatal(err)
	}
	var cells strings.Builder
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Error(err)
		}
		for _, row := range rows {
			cells.WriteString(strings.Join(row, " ") + "\n")
		}
	}
	if !strings.Contains(cells.String(), first.Code) || !strings.Contains(cells.String(), hash) {
		t.Errorf("the workbook lacks the petition or the hash %s: %s", hash, cells.String())
	}
	if said := pdfText(head, `a[href$="as=pdf"]`); !strings.Contains(strings.ReplaceAll(said, " ", ""), hash) {
		t.Errorf("the paper lacks the hash %s: %s", hash, said)
	}
	report := head.where()
	// What happens afterwards changes nothing of what was then.
	s.Lead(t, later.ID, council.Petition{}, "answer:done")
	head.open(report)
	head.button("Chạy lại và đối chiếu")
	head.reads("các số giống hệt lần lập")
	if again := sha256Of(head.words()); again != hash {
		t.Errorf("the hash was %s and is %s", hash, again)
	}
	plain := s.plain("văn-thư")
	plain.open("/reports/petitions")
	plain.choose("kind", "summary")
	plain.fill("from", "01/11/2026")
	plain.fill("until", "30/11/2026")
	plain.button("Lập báo cáo")
	plain.reads("So sánh với kỳ trước", "Đúng hạn và chậm", "Theo phường, xã")
}

// sha256Of is the hash that stands on a page.
func sha256Of(words string) string { return hexHash.FindString(words) }

package e2e_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestDeputiesLetters: a deputy hands in a letter that a citizen gave them, the
// office forwards it and enters the answer, the deputy tells the citizen; the
// office puts the letter on a supervision list and closes it.
func TestDeputiesLetters(t *testing.T) {
	s := begin(t)
	deputy := s.as("đại-biểu")
	handsLetterIn(deputy)
	clerk, head := s.as("văn-thư"), s.as("lãnh-đạo-văn-phòng")
	clerk.open("/reception/letters")
	clerk.press(`main table a[href^="/reception/letters/"]`)
	clerk.reads("Trần Thị Bưởi", "Đại biểu HĐND")
	at := proposes(clerk)
	head.open(at)
	head.press(`main a[href$="/forwarding"]`)
	head.send()
	head.reads("Đang theo dõi")
	clerk.open(at)
	clerk.press(`main a[href$="/answer"]`)
	clerk.fill("document", "125/SXD-HT ngày 16/11/2026")
	clerk.tick("satisfied", "yes")
	clerk.send()
	clerk.reads("125/SXD-HT")
	tellsCitizen(deputy)
	supervises(clerk, head, at)
}

// handsLetterIn leaves the kind out first, as people do.
func handsLetterIn(v *visitor) {
	v.t.Helper()
	v.open("/reception/deputies")
	v.follow("Chuyển đơn đến Văn phòng")
	v.tick("way", "meeting")
	v.fill("senders", "Trần Thị Bưởi; ngõ 12 phố Đội Cấn; 0900000123")
	v.fill("summary", "Ngõ 12 phố Đội Cấn mất nước sạch từ tháng 9.")
	v.wrong = true
	v.send()
	if got := v.value("[name=senders]"); !strings.Contains(got, "Trần Thị Bưởi") {
		v.t.Errorf("what was typed is gone: %q", got)
	}
	v.tick("kind", "proposal")
	v.lookWell()
	v.send()
	v.reads("Mã tra cứu", "Đơn 1/2026 của đại biểu", "Nghiên cứu và chuyển đơn")
	v.lookWell()
}

func tellsCitizen(v *visitor) {
	v.t.Helper()
	v.open("/reception/deputies?tab=waiting")
	v.reads("Thông báo kết quả cho công dân", "125/SXD-HT")
	v.lookWell()
	v.press(`main table a[href^="/reception/deputies/"]`)
	v.tick("told", "telephone")
	v.button("Ghi nhận đã thông báo")
	v.reads("Đã ghi nhận việc thông báo cho công dân", "Qua điện thoại")
	v.lookWell()
}

// supervises puts the letter on a list, notes what came of it and closes the list.
func supervises(clerk, head *visitor, letter string) {
	clerk.t.Helper()
	clerk.open("/reception/watchlists/new")
	clerk.fill("title", "Đơn về nước sạch")
	clerk.fill("document", "15/KH-HĐND ngày 10/11/2026")
	clerk.fill("from", "01/01/2026")
	clerk.fill("until", "31/12/2026")
	clerk.send()
	clerk.reads("Đang giám sát")
	list := clerk.where()
	clerk.open(letter)
	clerk.follow("Đưa đơn vào danh sách giám sát")
	clerk.tick("list", strings.TrimPrefix(list, "/reception/watchlists/"))
	clerk.send()
	clerk.reads("Giám sát đơn này")
	clerk.fill("asked", "Báo cáo kết quả cấp nước trở lại.")
	clerk.lookWell()
	clerk.button("Lưu")
	clerk.open(list)
	clerk.reads("Đã yêu cầu, chờ trả lời", "Sở Xây dựng")
	clerk.lookWell()
	if !bytes.HasPrefix(clerk.fetch(`a[href$="/file"]`), []byte("PK")) {
		clerk.t.Error("the file is no workbook")
	}
	head.open(list)
	head.do(chromedp.Click(chromedp.CSS("main details.sure > summary")))
	head.fill("document", "30/BC-HĐND ngày 16/11/2026")
	head.lookWell()
	head.button("Kết thúc danh sách")
	head.reads("Đã kết thúc", "30/BC-HĐND")
}

package e2e_test

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/modules/reception/schedule"
)

// bookedAs is a booking's code as its page shows it; handedOver are the code and
// the key that a citizen gets for a letter.
var (
	bookedAs   = regexp.MustCompile(`TCD-\w{4}-\w{4}-\w{4}`)
	handedOver = regexp.MustCompile(`Mã hồ sơ: ([\w-]+)\. Mã tra cứu: (\w+)\.`)
)

// TestReception: a citizen books a time without scripts and is received; what
// they bring becomes a letter that is classified, signed and forwarded; they
// look it up with code and key; the clerk takes the statistics along.
func TestReception(t *testing.T) {
	s := begin(t)
	dayID := announced(s)
	citizen := s.voter("công dân", true)
	code := books(citizen)
	s.days(9)
	clerk := s.as("văn-thư")
	receivesCitizen(clerk, dayID, code)
	letter, key := handsOver(clerk)
	at := proposes(clerk)
	head := s.as("lãnh-đạo-văn-phòng")
	head.open(at)
	head.press(`main a[href$="/forwarding"]`)
	head.fill("words", "Đề nghị Sở trả lời công dân trong thời hạn.")
	head.lookWell()
	head.send()
	head.reads("Đang theo dõi", "PC-VP", "Sở Xây dựng")
	looksUp(s.voter("công dân ở nhà", false), letter, key)
	figures(clerk)
}

// announced is a reception that the office has published in time.
func announced(s *story) (dayID string) {
	s.t.Helper()
	desk := s.App.Reception.Desks().Schedule
	dayID, err := desk.Draft(s.t.Context(), s.People["văn-thư"], schedule.Draw{Kind: schedule.Periodic, Date: clock.NewDate(2026, 11, 25), Starts: "8h00", Ends: "11h00", Place: "Phòng tiếp công dân",
		HostPostID: s.People["chủ-tịch"].PostID, Subjects: "Tiếp công dân định kỳ", SlotMinutes: 30, SlotSeats: 1})
	if err == nil {
		err = desk.Publish(s.t.Context(), s.People["lãnh-đạo-văn-phòng"], dayID, schedule.Publishing{})
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return dayID
}

// books takes a time on the public page and gives the code of the booking.
func books(v *visitor) string {
	v.t.Helper()
	v.open("/lich-tiep-cong-dan")
	v.reads("25/11/2026", "Lê Hoàng Sơn")
	v.press(`main table a[href^="/lich-tiep-cong-dan/"]`)
	v.fill("name", "Trần Thị Bưởi")
	v.fill("contact", "0900000123")
	v.wrong = true
	v.button("Đăng ký")
	if got := v.value("[name=name]"); got != "Trần Thị Bưởi" {
		v.t.Errorf("what was typed is gone: %q", got)
	}
	v.tick("slot", "08:30")
	v.fill("subject", "Cấp nước sạch cho ngõ 12")
	v.button("Đăng ký")
	v.reads("Đăng ký của Ông/Bà", "08:30")
	v.lacks("0900000123")
	code := bookedAs.FindString(v.words())
	if code == "" {
		v.fatal("there is no code")
	}
	return code
}

// receivesCitizen takes the booked citizen in at the desk and writes down what
// they say.
func receivesCitizen(v *visitor, dayID, code string) {
	v.t.Helper()
	v.open("/reception/desk?day=" + dayID)
	v.reads("Trần Thị Bưởi", "08:30")
	v.lookWell()
	v.fill("code", strings.ToLower(code))
	v.button("Lấy số")
	v.reads("Phiếu số thứ tự")
	v.follow("Quay lại")
	v.fill("desk", "Bàn 2")
	v.button("Gọi người tiếp theo")
	v.fill("name", "Trần Thị Bưởi")
	v.fill("address", "Ngõ 12 phố Đội Cấn, phường Ba Đình")
	v.tick("paper_kind", "citizen")
	v.fill("paper_number", "001 175 000 456")
	v.button("Ghi người đến")
	v.reads("********0456")
	v.tick("class", "proposal")
	v.fill("summary", "Ngõ 12 phố Đội Cấn mất nước sạch từ tháng 9, phải mua nước bình.")
	v.fill("request", "Đề nghị cấp nước trở lại và cho biết thời gian.")
	v.tick("outcome", "forwarded")
	v.fill("to_body", "Sở Xây dựng")
	v.button("Thêm nội dung")
	v.reads("mất nước sạch từ tháng 9")
	v.lookWell()
	v.button("Kết thúc lượt tiếp")
	v.reads("1/2026", "Thông báo kết luận")
}

// handsOver makes a letter of what the visit brought and gives its code and key.
func handsOver(v *visitor) (code, key string) {
	v.t.Helper()
	v.press(`main table a[href^="/reception/visit-matters/"]`)
	v.button("Chuyển vào sổ đơn thư")
	v.reads("Đã chuyển vào sổ đơn thư")
	m := handedOver.FindStringSubmatch(v.words())
	if m == nil {
		v.fatal("the citizen gets no code and key")
	}
	v.lookWell()
	v.follow("Mở đơn trong sổ đơn thư")
	v.reads(m[1], "Chờ phân loại", "Trần Thị Bưởi")
	return m[1], m[2]
}

// proposes classifies the open letter and proposes to forward it; it gives the
// letter's address.
func proposes(v *visitor) string {
	v.t.Helper()
	at := v.where()
	v.press(`main a[href$="/classification"]`)
	v.tick("authority", "other")
	v.tick("result", "forward")
	v.wrong = true
	v.send()
	v.choose("body", "hn-sxd")
	for _, code := range ask[[]string](v, `[...document.querySelectorAll("main input[name=conditions]")].map(e => e.value)`) {
		v.pick("conditions", code)
	}
	v.fill("note", "Thuộc thẩm quyền của Sở Xây dựng, đề nghị chuyển đơn.")
	v.lookWell()
	v.send()
	v.reads("Chờ ký duyệt", "Sở Xây dựng")
	return at
}

// looksUp asks for a letter with the code and the key of its receipt, and with a
// wrong one.
func looksUp(v *visitor, code, key string) {
	v.t.Helper()
	typed := func(key string) {
		v.open("/tra-cuu-don")
		v.fill("code", strings.ToLower(code))
		v.fill("key", key)
	}
	typed(key)
	v.button("Tra cứu")
	v.reads(code, "Đang theo dõi", "25/11/2026")
	v.lacks("Trần Thị Bưởi", "mất nước")
	v.until("the notice is there to take away", func() bool {
		typed(key)
		v.button("Tra cứu")
		return strings.Contains(v.words(), "Thông báo")
	})
	v.lookWell()
	typed("SAISAISAISAI")
	if err := pressRefused(v, "main form button.btn-primary"); err != 404 || strings.Contains(v.words(), "Đang theo dõi") {
		v.t.Errorf("a wrong key gives %d: %s", err, v.words())
	}
}

// figures makes form 01/XLD and takes it along as a workbook.
func figures(v *visitor) {
	v.t.Helper()
	v.open("/reception/figures")
	v.chooseWords("form", "01/XLD")
	v.fill("from", "01/11/2026")
	v.fill("until", "30/11/2026")
	v.lookWell()
	v.button("Lập biểu")
	at := v.where()
	v.until("the form is counted", func() bool {
		v.open(at)
		return strings.Contains(v.words(), "XLSX")
	})
	v.lookWell()
	if !bytes.HasPrefix(v.fetch(`a[href$="as=xlsx"]`), []byte("PK")) {
		v.t.Error("the file is no workbook")
	}
}

// pressRefused presses what is refused and gives the status.
func pressRefused(v *visitor, selector string) int64 {
	v.t.Helper()
	limited, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	res, err := chromedp.RunResponse(limited, chromedp.Click(chromedp.CSS(selector)))
	if err != nil || res == nil {
		v.fatal("pressing %s: %v", selector, err)
	}
	return res.Status
}

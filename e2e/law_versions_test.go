package e2e_test

import (
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/modules/reception"
)

// TestLawVersions: the administrator draws up a new version of a time limit that
// the law gives to running files too, and sees which would change; the head puts
// it in force; the file then has its new date with the reason, and a clerk
// without scripts reads what holds since when.
func TestLawVersions(t *testing.T) {
	s := begin(t)
	s.Keepers(t)
	letter := complains(s, reception.Complaint)
	complains(s, reception.Denunciation)
	admin, head := s.as("quản-trị"), s.as("lãnh-đạo-văn-phòng")
	admin.open("/reception/limits")
	admin.reads("Thời hạn theo luật", "Thụ lý khiếu nại lần đầu", "luật không đặt số ngày")
	admin.follow("Chưa đối chiếu bản đang có hiệu lực")
	admin.lacks("Thụ lý khiếu nại lần đầu")
	at := drawsUp(admin)
	admin.button("Thử với hồ sơ đang mở")
	admin.reads("Đã thử. Chưa có gì thay đổi.", "26/11/2026", "07/12/2026", "đổi hạn", "Đỗ Minh Quang đã lập bản này")
	admin.lacks("KN26", "Bình")
	admin.lookWell()
	head.open("/reception/letters/" + letter)
	head.reads("26/11/2026")
	head.open(at)
	head.button("Cho áp dụng")
	head.reads("đã cho áp dụng", "Hồ sơ đã tính lại")
	s.pass(0)
	head.open(at)
	head.reads("Đã tính xong", "07/12/2026")
	head.lookWell()
	head.open("/reception/letters/" + letter)
	head.reads("Tính lại hạn theo bản luật mới", "26/11/2026 → 07/12/2026", "Trần Văn Bách")
	plain := s.plain("văn-thư-hai")
	plain.open("/reception/limits/rules/complaints.accept_first")
	plain.reads("21 ngày", "từ 01/11/2026", "01/07/2026 – 31/10/2026")
	plain.open("/inbox")
	plain.reads("1 hồ sơ của cơ quan Ông/Bà đã được tính lại hạn")
}

// complains enters a letter today.
func complains(s *story, kind reception.Kind) string {
	s.t.Helper()
	h, err := s.App.Reception.Register(s.t.Context(), s.People["văn-thư"], reception.Entry{Kind: kind, Source: reception.ByPost, ReceivedOn: clock.Today(s.Clock), Ward: "00004", Respondent: "Chủ tịch UBND phường",
		Senders: []reception.Sender{{Name: "Nguyễn Văn Bình", Address: "Số 5 ngõ 12", Contact: "0912345678"}}, Summary: "Không đồng ý với quyết định thu hồi đất."})
	if err != nil {
		s.t.Fatal(err)
	}
	return h.ID
}

// drawsUp enters a version, at first without the article that it needs.
func drawsUp(v *visitor) (at string) {
	v.t.Helper()
	v.open("/reception/limits/rules/complaints.accept_first")
	v.follow("Lập bản mới")
	v.fill("count", "21")
	v.choose("unit", "day")
	v.fill("from", "1/11/2026")
	v.fill("article", "Luật Khiếu nại, Điều 27")
	v.fill("source", "Công báo số 1234, ngày 20/10/2026, trang 5")
	v.tick("confirmed", "1")
	v.tick("reach", "running")
	v.wrong = true
	v.button("Lập bản mới")
	v.reads("phải có điều khoản quy định như vậy")
	if got := v.value("[name=count]"); got != "21" {
		v.t.Errorf("what was typed is gone: %q", got)
	}
	v.lookWell()
	v.fill("reach_article", "Luật Khiếu nại, Điều 70 khoản 2")
	v.button("Lập bản mới")
	v.reads("Đã lập bản mới. Chưa có gì thay đổi.")
	at, _, _ = strings.Cut(v.where(), "?")
	return at
}

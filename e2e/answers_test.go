package e2e_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/testkit"
	"example.vn/hdnd/internal/testkit/council"
)

// TestSeveralBodiesAnswer: the lead asks a ward and another department, the ward
// answers its part, the draft holds what was said, the voter reads who answered
// together. Where both refuse, the head decides. This story is PostgreSQL's.
func TestSeveralBodiesAnswer(t *testing.T) {
	t.Parallel()
	s := beginAt(t, testkit.PostgresAddress(t, app.Migrations()...))
	const way = "classify forward accept"
	both := s.HandIn(t, council.Petition{Words: "Đường gom trước trường học hư hỏng và vướng mặt bằng hai hộ dân, đề nghị sửa.", Steps: way})
	nobodys := s.HandIn(t, council.Petition{Words: "Sân chơi chung giữa trường và khu tập thể xuống cấp, đề nghị sửa.", Steps: "classify forward"})
	lead := s.as("đầu-mối-xây-dựng")
	lead.open("/petitions/" + both.ID)
	asksFor(lead, "hn-sgd", "bd-ub")
	lead.reads("Đã gửi đề nghị phối hợp tới 2 cơ quan", "UBND phường Ba Đình", "Sở Giáo dục")

	ward := s.as("ubnd-phường")
	ward.open("/petition-shares")
	ward.press("main table tbody a")
	ward.lookWell()
	ward.fill("reply_1", "Phường đã vận động hai hộ bàn giao mặt bằng trước ngày 10/12/2026.")
	ward.fill("document", "55/UBND ngày 16/11/2026")
	ward.button("Gửi ý kiến")
	ward.reads("Đã gửi ý kiến cho cơ quan chủ trì.")
	declines(s.as("đầu-mối-giáo-dục"))

	lead.open("/petitions/" + both.ID + "/answer")
	draft := lead.value("textarea[name=reply_1]")
	if !strings.Contains(draft, "Phường đã vận động hai hộ") || strings.Contains(draft, "Sở Giáo dục") {
		t.Errorf("the merged draft holds not what was answered alone: %s", draft)
	}
	lead.reads("Từ chối", "Sở Giáo dục") // beside the form
	lead.fill("reply_1", "Sở và phường đã thống nhất: bàn giao mặt bằng trước 10/12/2026, sửa xong trước Tết.")
	lead.choose("outcome_1", "done")
	lead.fill("document", "1400/SXD-HT ngày 16/11/2026")
	lead.send()
	voter := s.voter("cử tri", true)
	voter.open("/kien-nghi/" + both.Code + "?key=" + both.Key)
	voter.reads("Sở và phường đã thống nhất", "Phối hợp:", "UBND phường Ba Đình")
	bothRefuse(s, nobodys.ID)
}

// asksFor asks other bodies for their part, on the page of the petition.
func asksFor(v *visitor, bodies ...string) {
	v.t.Helper()
	v.press(`main a[href$="/shares"]`)
	v.wrong = true
	v.button("Gửi đề nghị")
	v.reads("Nội dung đề nghị quá ngắn")
	if !ask[bool](v, `document.querySelector("main input[name=point]").checked`) {
		v.tick("point", "1")
	}
	v.fill("question", "Đề nghị cho ý kiến về phần việc thuộc trách nhiệm của cơ quan.")
	for _, b := range bodies {
		v.unfold()
		v.pick("body", b)
	}
	v.button("Gửi đề nghị")
}

// declines says of the first part that waits that it is not the body's matter.
func declines(v *visitor) {
	v.t.Helper()
	v.open("/petition-shares")
	v.press("main table tbody a")
	v.unfold()
	v.tick("reason", "not_competent")
	v.fill("note", "Việc này không thuộc ngành giáo dục.")
	v.button("Từ chối")
	v.reads("Đã báo cơ quan chủ trì về việc từ chối.")
}

// bothRefuse: nobody takes a petition for their own, the head decides, and the
// clerk who classifies it anew reads so.
func bothRefuse(s *story, id string) {
	s.t.Helper()
	lead := s.as("đầu-mối-xây-dựng")
	lead.open("/petitions/" + id)
	asksFor(lead, "hn-sgd")
	declines(s.as("đầu-mối-giáo-dục"))
	lead.open("/petitions/" + id + "/return")
	lead.choose("reason", "not_competent")
	lead.fill("note", "Sân thuộc trường quản lý.")
	lead.press("main form[method=post] .form-actions button")
	head, clerk := s.as("lãnh-đạo-văn-phòng"), s.as("văn-thư")
	head.open("/petition-disputes")
	head.press("main table tbody a")
	head.lookWell()
	head.reads("Hai cơ quan cùng cho là không thuộc thẩm quyền", "Sân thuộc trường quản lý.", "Việc này không thuộc ngành giáo dục.")
	head.choose("body", "hn-sgd")
	head.fill("reason", "Sân nằm trong khuôn viên nhà trường.")
	head.button("Ghi quyết định")
	head.reads("Đã ghi quyết định về thẩm quyền.")
	clerk.open("/petitions/" + id + "/classification")
	clerk.reads("Đã quyết định: Sở Giáo dục và Đào tạo có thẩm quyền", "Sân nằm trong khuôn viên nhà trường.")
}

// TestOneLetterAnswersMany: a reply letter as a DOCX file is laid against the
// petitions that wait, and nothing is answered before somebody confirms it.
func TestOneLetterAnswersMany(t *testing.T) {
	s := begin(t)
	const way = "classify forward accept"
	lamp := s.HandIn(t, council.Petition{Words: "Ngõ 5 phố Vọng tối, đề nghị lắp đèn chiếu sáng.", Steps: way})
	road := s.HandIn(t, council.Petition{Words: "Đường 179 từ đình Giang Cao hỏng nặng, đề nghị sửa.", Steps: way})
	other := s.HandIn(t, council.Petition{Words: "Đề nghị trồng cây xanh dọc phố Liễu Giai.", Steps: way})
	agency := s.as("đầu-mối-xây-dựng")
	agency.open("/petition-replies")
	agency.fill("document", "900/SXD-HT ngày 16/11/2026")
	agency.upload(keptAs(t, "trả lời.docx", docx(t, "Kính gửi: Văn phòng Đoàn ĐBQH và HĐND thành phố",
		"1. Cử tri kiến nghị: sửa đường 179 từ đình Giang Cao.", "Trả lời: Đường 179 đã có dự án, dự kiến hoàn thành trong quý II/2027.",
		"2. Cử tri đề nghị: lắp đèn chiếu sáng ngõ 5 phố Vọng.", "Trả lời: Công ty chiếu sáng đã hoàn thành việc lắp 12 đèn.")))
	agency.button("Tách văn bản và ghép với kiến nghị")
	agency.reads("Văn bản có 2 đoạn trả lời; 3 kiến nghị", "Chưa có câu trả lời nào được gửi", "khớp")
	agency.lookWell()
	reply := func(id, what string) string { return "[name=" + what + "_" + id + "_1]" }
	if got := agency.value(reply(road.ID, "reply")); !strings.Contains(got, "đã có dự án") {
		t.Errorf("the road is proposed %q", got)
	}
	if got := agency.value(reply(road.ID, "promised")); got != "30/06/2027" {
		t.Errorf("the road is promised on %q", got)
	}
	if got := agency.value(reply(lamp.ID, "reply")); !strings.Contains(got, "lắp 12 đèn") {
		t.Errorf("the lamp is proposed %q", got)
	}
	agency.wrong = true
	agency.button("Trả lời các kiến nghị đã xác nhận")
	agency.reads("Chưa xác nhận kiến nghị nào")
	agency.choose("outcome_"+road.ID+"_1", "underway")
	agency.choose("outcome_"+lamp.ID+"_1", "done")
	agency.tick("take", road.ID)
	agency.tick("take", lamp.ID)
	agency.button("Trả lời các kiến nghị đã xác nhận")
	agency.open("/petitions/" + lamp.ID)
	agency.reads("lắp 12 đèn", "900/SXD-HT", "trả lời.docx")
	agency.open("/petitions/" + other.ID)
	agency.lacks("900/SXD-HT")
}

// TestRemindersAndPromises: a body owes an answer, a clerk draws a letter up, the
// head signs it, the body names a day and later moves it.
func TestRemindersAndPromises(t *testing.T) {
	s := begin(t)
	owed := s.HandIn(t, council.Petition{Words: "Vỉa hè phố Phan Kế Bính lún sụt, đề nghị lát lại.", Steps: "classify forward accept"})
	s.pass(80 * 24 * time.Hour)
	clerk, head, agency := s.as("văn-thư"), s.as("lãnh-đạo-văn-phòng"), s.as("đầu-mối-xây-dựng")
	clerk.open("/petitions/reminders")
	clerk.reads("Sở Xây dựng", "Bậc 1", "chưa có văn bản nào")
	clerk.follow("Soạn văn bản")
	clerk.reads(owed.Code, "Bậc 1 – Nhắc")
	clerk.fill("words", "Đề nghị Sở trả lời dứt điểm trong tháng.")
	clerk.button("Soạn văn bản")
	clerk.reads("Đã soạn dự thảo", owed.Code)
	const sign = `form[action$="/signature"] button`
	if ask[bool](clerk, "document.querySelector('"+sign+"') !== null") {
		t.Error("who drew the letter up is offered to sign it")
	}
	letter := clerk.where()
	head.open(letter)
	head.unfold()
	head.press(sign)
	head.reads("Đã ký, cấp số và gửi văn bản.")
	head.until("the letter is drawn", func() bool {
		return strings.HasPrefix(ask[string](head, "fetch(document.querySelector('main a[href$=\"/file\"]').href).then(r => r.headers.get('content-type') ?? '')"), "application/pdf")
	})
	said := pdfText(head, `a[href$="/file"]`)
	for _, want := range []string{"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Sở Xây dựng", owed.Code, "Đề nghị Sở trả lời dứt điểm trong tháng."} {
		if !strings.Contains(said, want) {
			t.Errorf("the letter does not say %q: %s", want, said)
		}
	}
	agency.open(letter)
	agency.button("Xác nhận đã nhận")
	agency.reads("Đã xác nhận nhận văn bản.")
	agency.lookWell()
	agency.fill("day_"+owed.ID, s.today(10))
	agency.fill("document", "60/SXD")
	agency.button("Gửi ngày cam kết")
	agency.reads("Đã gửi ngày cam kết", s.today(10))
	clerk.open("/petitions/" + owed.ID)
	clerk.reads("Văn bản đôn đốc (1)")
	moves(s, owed.Code)
	head.open("/petitions/reminders/league")
	head.reads("Cách tính điểm", "Trả lời đúng hạn", "Sở Xây dựng")
}

// moves: the body asks for a later day, the head agrees; the first day stays to be read.
func moves(s *story, code string) {
	s.t.Helper()
	agency, head := s.as("đầu-mối-xây-dựng"), s.as("lãnh-đạo-văn-phòng")
	agency.open("/petitions/promises")
	agency.reads(code, s.today(10))
	agency.press("main table tbody a")
	at := agency.where()
	move := `main form[action$="/move"] `
	agency.lookWell()
	agency.do(chromedp.SendKeys(chromedp.CSS(move+`[name="move.due"]`), s.today(30)), chromedp.SendKeys(chromedp.CSS(move+`[name="move.note"]`), "Nhà thầu phải đặt lại đá lát."), chromedp.SendKeys(chromedp.CSS(move+`[name="move.document"]`), "89/SXD"))
	agency.press(move + "button.btn-primary")
	agency.reads("Đã gửi đề nghị dời ngày")
	head.open(at)
	head.reads("Cơ quan xin dời sang "+s.today(30), "Nhà thầu phải đặt lại đá lát.")
	head.button("Đồng ý")
	head.reads("Đồng ý dời từ "+s.today(10)+" sang "+s.today(30), "Ngày cam kết đầu tiên")
}

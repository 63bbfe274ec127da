package e2e_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"example.vn/hdnd/internal/testkit/council"
)

// TestDuplicates: a voter sees what others asked while typing, the clerk puts
// together what is one matter, one answer ends them all, and each voter keeps a
// receipt and gets a letter of their own.
func TestDuplicates(t *testing.T) {
	s := begin(t)
	first := s.HandIn(t, council.Petition{Words: "Ngã tư Kim Mã - Ngọc Khánh mất đèn tín hiệu, đề nghị lắp lại đèn tín hiệu giao thông.", Public: "Đề nghị lắp lại đèn tín hiệu giao thông ở ngã tư Kim Mã - Ngọc Khánh.", Steps: "classify forward accept"})
	other := s.HandIn(t, council.Petition{Words: "de nghi lap den tin hieu giao thong nga tu Kim Ma Ngoc Khanh"})
	voter := s.voter("cử tri", false)
	voter.open("/kien-nghi/gui")
	voter.takeTime()
	voter.do(chromedp.SendKeys(chromedp.CSS("#f-text"), "Đèn tín hiệu giao thông ngã tư Kim Mã - Ngọc Khánh hỏng, đề nghị lắp lại."))
	voter.reads(s.App.Text.Say("vi", "petitions.similar"), "Đề nghị lắp lại đèn tín hiệu giao thông ở ngã tư")
	voter.pick("to", "city")
	voter.fill("ward", "Phường Ba Đình")
	voter.fill("email", "cutri@example.vn")
	voter.tick("consent", "1")
	voter.press("main button[name=act][value=look]")
	voter.press("main button[name=act][value=send]")
	code, key := voter.codeAndKey()
	id := grouped(s, code, first.Code, other.Code)

	p := council.Petition{}
	for _, step := range []string{"classify", "forward", "accept"} {
		s.Lead(t, id, p, step)
	}
	agency := s.as("đầu-mối-xây-dựng")
	agency.open("/petitions/" + id + "/answer")
	agency.fill("reply_1", "Sở đã lắp lại toàn bộ đèn tín hiệu của nút giao ngày 16/11/2026.")
	agency.choose("outcome_1", "done")
	agency.fill("document", "1300/SXD-HT ngày 16/11/2026")
	agency.reads("Trả lời cùng lúc cho 1 kiến nghị khác trong nhóm")
	agency.tick("together", "1")
	agency.send()
	for _, receipt := range [][2]string{{code, key}, {first.Code, first.Key}} {
		voter.open("/kien-nghi/" + receipt[0] + "?key=" + receipt[1])
		voter.reads("Sở đã lắp lại toàn bộ đèn")
	}
	voter.open("/kien-nghi/" + other.Code + "?key=" + other.Key)
	voter.lacks("Sở đã lắp lại toàn bộ đèn")
	admin := s.as("quản-trị")
	admin.until("each voter gets a letter", func() bool {
		admin.open("/administration/mails")
		said := admin.words()
		return strings.Contains(said, "Kiến nghị "+code+": Đã trả lời") && strings.Contains(said, "Kiến nghị "+first.Code+": Đã trả lời")
	})
	admin.lacks("Kiến nghị " + other.Code + ": Đã trả lời")
}

// grouped puts the voter's petition together with two others; one is taken out
// again, with a reason.
func grouped(s *story, code, first, other string) (id string) {
	s.t.Helper()
	clerk := s.as("văn-thư")
	clerk.openCase(code)
	id = strings.TrimPrefix(clerk.where(), "/petitions/")
	clerk.press(`main a[href$="/similar"]`)
	clerk.wrong = true
	clerk.button("Gộp vào một nhóm")
	clerk.reads("Chưa chọn kiến nghị nào để gộp")
	for _, code := range []string{first, other} {
		box := ask[string](clerk, `[...document.querySelectorAll("main input[name=id]")].find(b => b.closest(".box").innerText.includes("`+code+`"))?.value ?? ""`)
		if box == "" {
			clerk.fatal("%s is not proposed", code)
		}
		clerk.tick("id", box)
	}
	clerk.button("Gộp vào một nhóm")
	clerk.reads(code, first, other, "kiến nghị đại diện", "những bước xử lý khác nhau")
	clerk.lookWell()
	clerk.chooseWords("petition", other)
	clerk.wrong = true
	clerk.button("Đưa ra khỏi nhóm")
	clerk.reads("Chưa ghi lý do đưa ra khỏi nhóm")
	clerk.chooseWords("petition", other)
	clerk.fill("reason", "Nói về nút giao khác cùng phố.")
	clerk.button("Đưa ra khỏi nhóm")
	clerk.reads("Đã đưa kiến nghị ra khỏi nhóm", "Nói về nút giao khác cùng phố.")
	return id
}

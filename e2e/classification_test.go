package e2e_test

import (
	"testing"

	"example.vn/hdnd/internal/testkit/council"
)

// TestClassification: the office writes a routing rule, sees what it would hit,
// a second person puts it in force, and the form proposes what it says. What is
// a denunciation is split off, and nobody outside the office sees who sent it.
func TestClassification(t *testing.T) {
	s := begin(t)
	flooded := s.HandIn(t, council.Petition{Words: "Ngõ 79 Đội Cấn ngập úng mỗi khi mưa, đề nghị làm lại cống."})
	accuses := s.HandIn(t, council.Petition{Words: "Tôi tố cáo ông trưởng phòng nhận hối lộ khi cấp phép xây dựng, đề nghị xác minh xử lý."})
	clerk, head := s.as("văn-thư"), s.as("lãnh-đạo-văn-phòng")
	set := drawnUp(clerk, "Phân luồng mùa mưa")
	clerk.press(`main a[href*="kind=rule"][href*="action=add"]`)
	clerk.fill("title", "Ngập úng về Sở Xây dựng")
	clerk.fill("any", "ngập úng")
	clerk.choose("to_field", "urban.drainage")
	clerk.choose("to_body", "hn-sxd")
	clerk.fill("priority", "50")
	clerk.button("Xem quy tắc này trúng những kiến nghị nào")
	clerk.reads("Trúng 1 trong 2 kiến nghị mới nhất", flooded.Code)
	clerk.lacks(accuses.Code)
	clerk.lookWell()
	clerk.button("Lưu")
	clerk.reads("Đã thêm nội dung")
	putInForce(clerk, head, set)

	clerk.open("/petitions/" + flooded.ID + "/classification")
	clerk.reads("Quy tắc phân luồng trúng", "Ngập úng về Sở Xây dựng", "Gợi ý phân loại")
	if field, body := clerk.value("select[name=field]"), clerk.value("select[name=body]"); field != "urban.drainage" || body != "hn-sxd" {
		t.Errorf("the form proposes %q for %q", field, body)
	}
	clerk.wrong = true // what no rule says is still asked for
	clerk.send()
	clerk.pick("authority", "city")
	clerk.pick("newness", "repeated")
	clerk.pick("publish", "1")
	clerk.send()
	clerk.reads("Sở Xây dựng", "Kiến nghị nhiều lần", "Phường Ba Đình")

	clerk.open("/petitions/" + accuses.ID + "/classification")
	clerk.reads("Có thể là đơn thuộc loại: Tố cáo")
	splitter := s.plain("văn-thư-hai")
	splitter.open("/petitions/" + accuses.ID)
	splitter.press(`main a[href$="/splitting"]`)
	splitter.tick("kind", "denunciation")
	splitter.fill("note", "Nội dung là tố cáo, chuyển Ban Tiếp công dân theo Luật Tố cáo.")
	splitter.press("main form[method=post] .form-actions button")
	splitter.reads("chỉ Văn phòng xem", "Đã tách đơn")
	for _, alias := range []string{"chủ-tịch", "ban-đô-thị", "đại-biểu", "đầu-mối-xây-dựng", "quản-trị", "kiểm-tra"} {
		v := s.as(alias)
		v.do(navigate(v, "/petitions/"+accuses.ID))
		v.lacks("Lê Thị Kín", "kin@example.vn", "hối lộ")
	}
	voter := s.voter("người khác", true)
	voter.open("/kien-nghi/" + accuses.Code)
	voter.lacks("hối lộ", "Tố cáo", "Lê Thị Kín")
}

// drawnUp opens a change set and gives its address.
func drawnUp(v *visitor, title string) (at string) {
	v.t.Helper()
	v.open("/petitions/settings")
	v.follow("Lập đợt thay đổi")
	v.fill("title", title)
	v.wrong = true
	v.button("Lưu")
	v.reads("Mục này còn trống")
	v.fill("paper", "12/QĐ-VP")
	v.fill("paper_date", "10/11/2026")
	v.fill("from", v.clock.Now().Format("02/01/2006"))
	v.button("Lưu")
	v.reads("Đã lập đợt thay đổi", title)
	return v.where()
}

// putInForce tests a set; its writer cannot put it in force, another can.
func putInForce(writer, other *visitor, set string) {
	writer.t.Helper()
	other.open(set)
	other.lacks("Đưa vào áp dụng ")
	writer.open(set)
	writer.button("Chạy thử")
	writer.reads("Đã chạy thử. Không kiến nghị nào bị thay đổi.", "Kết quả chạy thử")
	writer.lookWell()
	if ask[bool](writer, `document.querySelector('main a[href$="/effect"]') !== null`) {
		writer.t.Error("who wrote the set is offered to put it in force")
	}
	other.open(set)
	other.press(`main a[href$="/effect"]`)
	other.reads("Đưa đợt thay đổi vào áp dụng?", "12/QĐ-VP")
	other.button("Đưa vào áp dụng")
	other.reads("Đã đưa vào áp dụng.")
}

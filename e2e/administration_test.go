package e2e_test

import (
	"testing"

	"example.vn/hdnd/internal/testkit/council"
)

// TestAdministration: a change set renames a field, adds a template, sets a time
// limit and how long contacts are kept; it is tested on real petitions without
// changing them, put in force by a second person, and shows in the forms.
func TestAdministration(t *testing.T) {
	s := begin(t)
	running := s.HandIn(t, council.Petition{Steps: "classify forward accept"})
	fresh := s.HandIn(t, council.Petition{})
	clerk, head := s.as("văn-thư"), s.as("lãnh-đạo-văn-phòng")
	set := drawnUp(clerk, "Đổi tên lĩnh vực, thêm mẫu trả lời")
	clerk.press(`main a[href*="kind=field"][href*="action=rename"]`)
	clerk.choose("code", "urban.roads")
	clerk.fill("vi", "Giao thông và hạ tầng đường bộ")
	clerk.fill("en", "Roads and transport")
	clerk.button("Lưu")
	clerk.reads("Đã thêm nội dung", "Giao thông và hạ tầng đường bộ")
	clerk.press(`main a[href*="kind=template"][href*="action=add"]`)
	clerk.choose("verb", "answer")
	clerk.fill("title", "Trả lời về duy tu")
	clerk.fill("text", "Cơ quan đã đưa nội dung {không có} vào kế hoạch duy tu.")
	clerk.wrong = true
	clerk.button("Lưu")
	clerk.reads("Chỗ trống {không có} không có")
	clerk.fill("text", "Cơ quan đã kiểm tra và đưa nội dung này vào kế hoạch duy tu năm 2027.")
	clerk.button("Lưu")
	clerk.reads("Trả lời về duy tu")
	clerk.press(`main a[href*="kind=deadline"]`)
	clerk.chooseWords("key", "Phân loại")
	clerk.fill("count", "5")
	clerk.choose("unit", "working-day")
	clerk.button("Lưu")
	clerk.press(`main a[href*="kind=retention"]`)
	clerk.choose("keep", "voter_contact")
	clerk.fill("months", "36")
	clerk.fill("basis", "Quyết định 12/QĐ-VP")
	clerk.button("Lưu")
	clerk.fill("try", "Đường trước nhà nhiều ổ gà.")
	clerk.button("Thử")
	clerk.reads("Không quy tắc nào trúng")
	clerk.open("/petitions/" + fresh.ID + "/classification")
	clerk.lacks("Giao thông và hạ tầng đường bộ")
	putInForce(clerk, head, set)

	clerk.open("/petitions/" + fresh.ID + "/classification")
	clerk.chooseWords("field", "Giao thông và hạ tầng đường bộ")
	agency := s.as("đầu-mối-xây-dựng")
	agency.open("/petitions/" + running.ID + "/answer")
	agency.unfold()
	agency.follow("Trả lời về duy tu")
	if got := agency.value("textarea[name=reply_1]"); got != "Cơ quan đã kiểm tra và đưa nội dung này vào kế hoạch duy tu năm 2027." {
		t.Errorf("the template fills in %q", got)
	}
	plain := s.plain("văn-thư-hai")
	for kind, says := range map[string]string{"field": "Giao thông và hạ tầng đường bộ", "deadline": "5 ngày làm việc", "retention": "36 tháng"} {
		plain.open("/petitions/settings/in-force?kind=" + kind)
		plain.reads(says, "12/QĐ-VP", "Trần Văn Bách")
	}
	auditor := s.as("kiểm-tra")
	auditor.open("/log")
	auditor.reads("Trần Văn Bách")
	guest := s.voter("cử tri", true)
	guest.open("/kien-nghi")
	guest.chooseWords("field", "Giao thông và hạ tầng đường bộ")
}

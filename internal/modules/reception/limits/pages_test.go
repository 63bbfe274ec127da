package limits_test

import (
	"net/http"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/modules/reception"
	"example.vn/hdnd/internal/modules/reception/limits"
	"example.vn/hdnd/internal/testkit"
)

var pageForm = testkit.Form("count", "21", "unit", "day", "from", "1/12/2026", "source", "Công báo số 1234", "reach", "running", "reach_article", "Nghị định 155/2026/NĐ-CP, Điều 40")

// The way of a version through its pages, without a script.
func TestPages(t *testing.T) {
	each(t, func(o *office) {
		o.letter(reception.Complaint, on("2026-11-10"), false)
		o.letter(reception.Denunciation, on("2026-11-10"), false)
		o.at(on("2026-11-16"))
		p := o.World.Pages(t, o.Menu(), o.Routes(), calendar.Files, reception.Files, limits.Files)
		const home, rule = "/reception/limits", "/reception/limits/rules/" + key
		status, page := p.Ask(t, "văn-thư-phường", home, nil)
		testkit.Has(t, page, "Thụ lý khiếu nại lần đầu", "7 ngày làm việc", "01/07/2012 – 30/06/2026", "Chưa đối chiếu bản đang có hiệu lực (", "Luật Tố cáo 2018, Điều 30", "luật không đặt số ngày", "tính lùi")
		_, only := p.Ask(t, "quản-trị", home+"?show=unconfirmed", nil)
		testkit.Hides(t, only, "Thụ lý khiếu nại lần đầu")
		testkit.Has(t, page, "mới đọc ở bản chép</", "mới đọc ở bản chép Pháp điển</", "còn phải đối chiếu với Công báo")
		testkit.Hides(t, page, "đã xác nhận", "đã đối chiếu Công báo", "đã đối chiếu bản đang có hiệu lực") // nobody has
		testkit.Has(t, only, "Giải quyết khiếu nại lần hai")
		if status != http.StatusOK {
			t.Error(status)
		}
		for person, want := range map[string]int{"quản-trị": 200, "văn-thư": 404, "lãnh-đạo-phường": 403, "": 303} {
			if status, _ := p.Ask(t, person, rule+"/new", nil); status != want {
				t.Errorf("%q opens the form: %d", person, status)
			}
		}
		bad := testkit.Form("count", "hai mươi", "unit", "day", "from", "31/2/2026", "source", "<script>alert(1)</script>", "reach", "running")
		status, page = p.Ask(t, "quản-trị", rule+"/new", bad)
		testkit.Has(t, page, "hai mươi", "31/2/2026", "&lt;script&gt;")
		testkit.Hides(t, page, "<script>alert(1)")
		if status != http.StatusUnprocessableEntity {
			t.Error(status)
		}
		bad.Set("count", "20")
		bad.Set("from", "1/12/2026")
		_, page = p.Ask(t, "quản-trị", rule+"/new", bad)
		testkit.Has(t, page, "phải có điều khoản quy định như vậy")
		_, version := p.Ask(t, "quản-trị", rule+"/new", pageForm)
		o.walk(p, version)
	})
}

func (o *office) walk(p *testkit.Pages, version string) {
	t := o.t
	t.Helper()
	_, page := p.Ask(t, "quản-trị", version, nil)
	testkit.Has(t, page, "Thử với hồ sơ đang mở", "Đỗ Minh Quang đã lập bản này")
	testkit.Hides(t, page, "Cho áp dụng</button>")
	if status, _ := p.Ask(t, "văn-thư", version+"/trial", testkit.Form()); status != http.StatusNotFound {
		t.Error(status)
	}
	_, page = p.Ask(t, "lãnh-đạo-văn-phòng", version+"/force", testkit.Form())
	testkit.Has(t, page, "Hãy thử bản này")
	if status, to := p.Ask(t, "quản-trị", version+"/trial", testkit.Form()); status != http.StatusSeeOther || to != version {
		t.Error(status, to)
	}
	_, page = p.Ask(t, "lãnh-đạo-văn-phòng", version, nil)
	testkit.Has(t, page, "Hồ sơ thay đổi", "19/11/2026", "01/12/2026", "đổi hạn", "Cho áp dụng", "href=\"/reception/")
	_, page = p.Ask(t, "lãnh-đạo-văn-phòng", version+"?show=stays", nil)
	testkit.Has(t, page, "Không có hồ sơ nào")
	_, page = p.Ask(t, "quản-trị", version+"/force", testkit.Form())
	testkit.Has(t, page, "Người khác phải cho áp dụng")
	_, page = p.Ask(t, "lãnh-đạo-văn-phòng", version+"/force", testkit.Form("revision", "1"))
	if status, to := p.Ask(t, "lãnh-đạo-văn-phòng", version+"/force", testkit.Form("revision", "2")); status != http.StatusSeeOther || to != version {
		t.Error(status, to, page)
	}
	_, page = p.Ask(t, "quản-trị", version, nil)
	testkit.Has(t, page, "Rút bản chưa bắt đầu", "đã cho áp dụng", "Trần Văn Bách")
	o.at(on("2026-12-01"))
	o.Work(t)
	_, page = p.Ask(t, "văn-thư", version, nil)
	testkit.Has(t, page, "Hồ sơ đã tính lại", "Đã tính xong", "01/12/2026")
	testkit.Hides(t, page, "Rút bản", "tố cáo")
	_, page = p.Ask(t, "quản-trị", strings.Replace(version, version[strings.LastIndex(version, "/"):], "/nonsense", 1), nil)
	testkit.Has(t, page, "Không tìm thấy")
}

package reception_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"example.vn/hdnd/internal/modules/reception"
	"example.vn/hdnd/internal/testkit/council"
	"golang.org/x/text/unicode/norm"
)

const letters = "/reception/letters"

func typed(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

// sends fills a form in: its hidden fields and what is typed.
func sends(d *desk, b *council.Browser, at, to string, form url.Values) council.Page {
	d.t.Helper()
	page := b.Get(d.t, at)
	if page.Status != http.StatusOK {
		d.t.Fatalf("%s: %d %s", at, page.Status, page.Text())
	}
	for name, v := range page.Hidden() {
		form[name] = v
	}
	return b.Post(d.t, to, form)
}

func says(d *desk, p council.Page, status int, words ...string) {
	d.t.Helper()
	if p.Status != status {
		d.t.Fatalf("%s: %d, want %d: %.600s", p.URL, p.Status, status, p.Text())
	}
	for _, w := range words {
		if !strings.Contains(p.Text(), w) {
			d.t.Errorf("%s does not say %q: %.900s", p.URL, w, p.Text())
		}
	}
}

var openLetter = regexp.MustCompile(`/reception/letters/([0-9a-z]{26})`)

// A letter goes its way through the pages alone, by those who may.
func TestThroughThePages(t *testing.T) {
	each(t, func(d *desk) {
		clerk, head := d.w.Browse(d.t, "văn-thư"), d.w.Browse(d.t, "lãnh-đạo-văn-phòng")
		says(d, clerk.Get(d.t, letters), 200, "Đơn thư", "Chưa có đơn nào")
		form := typed("kind", "complaint", "source", "post", "received_on", "12/11/2026", "senders", norm.NFD.String("*Nguyễn Văn Bình; phố Đội Cấn; 0912345678; 001080012345")+"\nTrần Thị Lan; Ngọc Hà",
			"summary", `Không đồng ý <script>alert(1)</script> thu hồi đất.`, "ward", "Phường Ba Đình", "respondent", "UBND phường")
		bad := typed("kind", "complaint", "summary", "Chỉ có tóm tắt.", "received_on", "31/02/2026", "source", "press")
		says(d, sends(d, clerk, letters+"/new", letters, bad), 422, "Chỉ có tóm tắt.")
		got := sends(d, clerk, letters+"/new", letters, form)
		says(d, got, 200, "Đã vào sổ", "DT26-", "Mã tra cứu")
		m := openLetter.FindStringSubmatch(got.URL)
		if m == nil {
			d.t.Fatal("no way to the letter")
		}
		at := letters + "/" + m[1]
		page := clerk.Get(d.t, at)
		says(d, page, 200, "Đơn số 1/2026", "Nguyễn Văn Bình", "Trần Thị Lan", "người đại diện", "Phân loại và đề xuất")
		if strings.Contains(page.Body, "<script>alert") {
			d.t.Error("what a citizen wrote runs as a program")
		}
		says(d, clerk.Get(d.t, letters), 200, "Đơn số 1/2026", "Nguyễn Văn Bình và 1 người khác", "Khiếu nại")
		says(d, head.Get(d.t, at+"/classification"), 404)
		says(d, sends(d, clerk, at+"/classification", at+"/classification", typed("kind", "complaint", "authority", "other", "result", "forward")), 422, "Hãy chọn cơ quan có thẩm quyền")
		conditions := url.Values{"kind": {"complaint"}, "authority": {"other"}, "result": {"forward"}, "body": {"bd-ub"}, "conditions": all(reception.Complaint), "note": {"Đề nghị chuyển UBND phường."}, "instance": {"1"}}
		says(d, sends(d, clerk, at+"/classification", at+"/classification", conditions), 200, "Chờ ký duyệt", "Đề nghị chuyển UBND phường.")
		says(d, head.Get(d.t, "/inbox"), 200, "Đơn số 1/2026")
		says(d, head.Get(d.t, letters+"?state=proposed"), 200, "Đơn số 1/2026")
		says(d, sends(d, head, at+"/forwarding", at+"/forwarding", typed("words", "Đề nghị trả lời trước kỳ họp.")), 200, "Đang theo dõi", "01/PC-VP")
		d.w.Work(d.t)
		says(d, clerk.Get(d.t, at), 200, "PDF", "DOCX", "hạn trả lời 16/12/2026")
		says(d, clerk.Get(d.t, "/reception/forwarded"), 200, "01/PC-VP", "UBND phường Ba Đình", "Đang chờ trả lời")
		for _, paper := range regexp.MustCompile(`href="([^"]+/papers/[^"]+)"`).FindAllStringSubmatch(clerk.Get(d.t, at).Body, -1) {
			if p := clerk.Get(d.t, paper[1]); p.Status != 200 || !strings.HasPrefix(p.Body, "%PDF") && !strings.HasPrefix(p.Body, "PK") {
				d.t.Errorf("%s: %d", paper[1], p.Status)
			}
		}
		why := regexp.MustCompile(`href="([^"]+/deadlines/[^"]+)"`).FindStringSubmatch(clerk.Get(d.t, at).Body)
		says(d, clerk.Get(d.t, why[1]), 200, "Vì sao hạn này?", "16/12/2026")
		says(d, clerk.Get(d.t, "/reception/"+m[1]), 200, "Đơn số 1/2026")
		d.at("2026-12-15") // the desk's list of what is due leads to the letter
		clerk = d.w.Browse(d.t, "văn-thư")
		says(d, clerk.Get(d.t, "/desk"), 200, "Đơn số 1/2026")
		if !strings.Contains(clerk.Get(d.t, "/desk").Body, `href="/reception/`+m[1]+`"`) {
			d.t.Error("the desk does not lead to the letter")
		}
		says(d, d.w.Browse(d.t, "quản-trị").Get(d.t, "/administration/procedures"), 200, "Xử lý đơn", "Giải quyết khiếu nại", "Giải quyết tố cáo")
		says(d, d.w.Browse(d.t, "quản-trị").Get(d.t, "/administration/procedures/letter/1"), 200, "Chờ phân loại", "Ký chuyển đơn")
		for _, other := range []string{"đại-biểu", "đầu-mối-xây-dựng", "an-toàn", "văn-thư-phường"} {
			if p := d.w.Browse(d.t, other).Get(d.t, at); p.Status == 200 {
				d.t.Errorf("%s reads the letter", other)
			}
		}
		says(d, d.w.Browse(d.t, "thường-trực").Get(d.t, at), 200, "Đơn số 1/2026")
	})
}

// The pages of a matter, and of a sealed letter.
func TestMatterPages(t *testing.T) {
	each(t, func(d *desk) {
		clerk, head, chair := d.w.Browse(d.t, "văn-thư"), d.w.Browse(d.t, "lãnh-đạo-văn-phòng"), d.w.Browse(d.t, "chủ-tịch")
		m := d.accepted(reception.Complaint, "2026-11-13", "2026-11-16", nil)
		at := "/reception/matters/" + m
		says(d, chair.Get(d.t, "/reception/matters"), 200, "Vụ việc từ đơn số 1/2026")
		says(d, chair.Get(d.t, at), 200, "Xác định vụ việc phức tạp", "16/12/2026")
		says(d, sends(d, chair, at+"/complexity", at+"/complexity", typed("document", "5/QĐ")), 422, "ít nhất một tiêu chí")
		says(d, sends(d, chair, at+"/complexity", at+"/complexity", typed("document", "5/QĐ", "criteria", "people")), 200, "31/12/2026", "Nhiều người cùng khiếu nại")
		says(d, sends(d, chair, at+"/suspension", at+"/suspension", typed("document", "6/QĐ", "reason", "force_majeure", "note", "Chờ hết bão lũ.")), 200, "Tạm đình chỉ", "Chờ hết bão lũ.")
		says(d, sends(d, clerk, at+"/suspension-notice", at+"/suspension-notice", typed("document", "7/CV")), 200)
		says(d, sends(d, head, at+"/resumption", at+"/resumption", typed("document", "8/QĐ")), 200, "Đang giải quyết")
		secretID := d.register(reception.Denunciation, secret)
		page := clerk.Get(d.t, letters+"/"+secretID)
		says(d, page, 200, "Hồ sơ niêm phong", "Tố cáo")
		list := clerk.Get(d.t, letters)
		says(d, list, 200, "(niêm phong)")
		for _, w := range planted {
			if strings.Contains(page.Body, w) || strings.Contains(list.Body, w) {
				d.t.Errorf("a page says %q", w)
			}
		}
		if p := chair.Get(d.t, letters+"/"+secretID); p.Status != 404 {
			d.t.Errorf("%d", p.Status)
		}
		if p := chair.Get(d.t, letters); strings.Contains(p.Text(), "(niêm phong)") {
			d.t.Error("a sealed letter stands in the chair's list")
		}
		says(d, chair.Get(d.t, "/reception/matters?kind=denunciation"), 404)
		form := typed("kind", "denunciation", "source", "post", "received_on", "16/11/2026", "senders", "Phan Thị Kín; Số 9 Hẻm Bí Mật", "summary", "Đỗ Tham Ô nhận tiền để cấp phép.")
		says(d, sends(d, clerk, letters+"/new", letters, form), 200, "Đã vào sổ")
		d.leaks()
	})
}

// A form that is sent twice enters once; two who act at once do not both.
func TestTwice(t *testing.T) {
	each(t, func(d *desk) {
		e := d.entry(reception.Complaint, func(e *reception.Entry) { e.Once = "mark-of-the-form" })
		var wait sync.WaitGroup
		ids := make([]string, 4)
		for i := range ids {
			wait.Go(func() {
				h, err := d.Register(d.t.Context(), d.clerk(), e)
				if err != nil {
					d.t.Error(err)
				}
				ids[i] = h.ID
			})
		}
		wait.Wait()
		for _, id := range ids {
			if id != ids[0] {
				d.t.Fatalf("entered more than once: %v", ids)
			}
		}
		d.classify(ids[0], reception.Complaint, reception.Guide, nil)
		results := make([]error, 2)
		for i, who := range []string{"lãnh-đạo-văn-phòng", "chủ-tịch"} {
			wait.Go(func() {
				results[i] = d.Sign(d.t.Context(), d.who(who), ids[0], reception.Guide, reception.Signature{})
			})
		}
		wait.Wait()
		if (results[0] == nil) == (results[1] == nil) {
			d.t.Fatalf("both or none signed: %v", results)
		}
		if s := d.sheet(ids[0]).Sendings; len(s) != 1 || s[0].Symbol != "01/HD-VP" {
			d.t.Errorf("%+v", s)
		}
		report, err := d.w.App.Verify(d.t.Context())
		if err != nil || !report.OK() {
			d.t.Errorf("%+v, %v", report.Findings, err)
		}
	})
}

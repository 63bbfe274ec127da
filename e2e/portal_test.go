package e2e_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"example.vn/hdnd/internal/testkit/council"
)

// TestPortal: what everybody can see, at a telephone with and without scripts:
// the list and its feed, one petition, figures, open data, and whether a receipt
// is right, on the page and on a saved file without any network.
func TestPortal(t *testing.T) {
	s := begin(t)
	whole := s.HandIn(t, council.Petition{Words: "Nhà bà Kín ở số 5 ngõ 3, điện thoại 0912345678, kiến nghị sửa cống ngõ 3.", Public: "Kiến nghị sửa cống ngõ 3 phố Vĩnh Phúc.", Reply: "Đã thay 40 nắp cống.", Steps: council.Done})
	s.HandIn(t, council.Petition{Public: "Đề nghị mở thêm lớp mầm non.", Field: "culture.education", Steps: "classify forward accept"})
	secret := s.HandIn(t, council.Petition{Words: "Chuyện riêng của gia đình tôi với hàng xóm.", Public: "Chuyện riêng.", Secret: true, Steps: "classify"})
	s.pass(10 * time.Minute)
	for _, v := range []*visitor{s.voter("cử tri", false), s.voter("cử tri không script", true)} {
		v.open("/")
		v.open("/kien-nghi")
		v.reads("Kiến nghị sửa cống ngõ 3", "Đề nghị mở thêm lớp mầm non")
		v.lacks("Chuyện riêng")
		v.do(chromedp.SetValue(chromedp.CSS("main .filters-search input"), "sua cong"), chromedp.Submit(chromedp.CSS("main form.filters")))
		v.reads("Kiến nghị sửa cống ngõ 3")
		v.until("the list is filtered", func() bool { return !strings.Contains(v.words(), "lớp mầm non") })
		v.follow("Kiến nghị sửa cống ngõ 3")
		v.reads("Kết thúc", "Đã thay 40 nắp cống.", "Quá trình giải quyết", "Sở Xây dựng")
		v.lacks("0912345678", "bà Kín", "Lê Thị Kín")
		v.open("/kien-nghi/" + secret.Code)
		v.lacks("hàng xóm")
		v.until("the figures are counted", func() bool {
			v.open("/kien-nghi/thong-ke")
			return strings.Contains(v.words(), "Xếp hạng trả lời đúng hạn")
		})
		v.reads("Theo lĩnh vực", "Sở Xây dựng")
		v.follow("Dữ liệu mở")
		v.reads("Tệp theo tháng tiếp nhận", "CC-BY")
	}
	v := s.voter("cử tri", false)
	openData(v, whole.Code)
	checks(s, whole.Code, whole.Key)
	redacts(s)
}

// openData holds the feed and the files against their formats.
func openData(v *visitor, code string) {
	v.t.Helper()
	v.open("/kien-nghi/du-lieu")
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(v.fetchAt(v.base+"/kien-nghi/du-lieu.csv?nam=2026"), []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) < 2 || !strings.Contains(strings.Join(rows[1], " ")+strings.Join(rows[len(rows)-1], " "), "KN26-") {
		v.t.Errorf("the CSV file: %v %q", err, rows)
	}
	for _, path := range []string{"/kien-nghi/du-lieu.json?nam=2026", "/kien-nghi/thong-ke.json", "/kien-nghi/du-lieu/tu-dien.json"} {
		if b := v.fetchAt(v.base + path); !json.Valid(b) {
			v.t.Errorf("%s is no JSON: %.200s", path, b)
		}
	}
	var feed struct {
		Entries []struct {
			Title string `xml:"title"`
		} `xml:"entry"`
	}
	b := v.fetchAt(v.base + "/kien-nghi.atom?state=closed")
	if err := xml.Unmarshal(b, &feed); err != nil || len(feed.Entries) != 1 || !bytes.Contains(b, []byte(code)) {
		v.t.Errorf("the feed: %v %s", err, b)
	}
}

// checks asks whether a receipt is right: the page with and without scripts, and
// the saved file with the network off; one letter changed makes it wrong.
func checks(s *story, code, key string) {
	s.t.Helper()
	v := s.voter("cử tri", false)
	v.until("the log has placed the petition", func() bool {
		v.open("/kien-nghi/bien-nhan/" + code + "?key=" + key)
		return strings.Contains(v.words(), "Đã có chỗ") || ask[bool](v, `document.querySelector("#proof pre").textContent.includes("c2sp.org/tlog-proof")`)
	})
	proof := v.fetch(`a[href*="bien-nhan.txt"]`)
	file := keptAs(s.t, "biên nhận.txt", proof)
	for _, v := range []*visitor{v, s.voter("cử tri không script", true)} {
		v.open("/bien-nhan/kiem-tra")
		v.upload(file)
		v.button("Kiểm tra")
		v.reads("Biên nhận đúng", code)
	}
	v.open("/bien-nhan/kiem-tra")
	saved := keptAs(s.t, "kiem-tra.html", v.fetch(`a[href$="kiem-tra-ngoai-tuyen.html"]`))
	off := network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{{Offline: true, DownloadThroughput: -1, UploadThroughput: -1}}}
	if _, err := chromedp.Call(v.ctx, network.EmulateNetworkConditionsByRule, off); err != nil {
		s.t.Fatal(err)
	}
	if ask[bool](v, `fetch("/").then(() => true, () => false)`) {
		s.t.Fatal("the network is not off")
	}
	v.heard.take() // which the browser told
	v.do(chromedp.Navigate("file://" + saved))
	v.upload(file)
	v.reads("ĐÚNG: ", code)
	wrong := strings.Replace(string(proof), code, "KN26-AAAA-AAAA", 1)
	ask[bool](v, "document.getElementById('receipt').value = '', true")
	v.do(chromedp.SetValue(chromedp.CSS("#receipt"), wrong), chromedp.Click(chromedp.CSS("#do")))
	v.reads("KHÔNG ĐÚNG")
	if all := v.heard.take(); len(all) > 0 {
		s.t.Errorf("the saved file: %q", all)
	}
}

// redacts: before it is public the clerk sees both versions side by side, with
// what is still somebody's own marked.
func redacts(s *story) {
	s.t.Helper()
	h := s.HandIn(s.t, council.Petition{Words: "Tôi là Lê Thị Kín, điện thoại 0912345678, đề nghị lắp biển báo trước cổng trường."})
	clerk := s.as("văn-thư")
	clerk.open("/petitions/" + h.ID + "/classification")
	clerk.choose("field", "urban.roads")
	clerk.pick("authority", "city")
	clerk.pick("newness", "new")
	clerk.choose("body", "hn-sxd")
	clerk.pick("publish", "1")
	clerk.fill("public_text", "Tôi là cử tri, điện thoại 0912345678, đề nghị lắp biển báo trước cổng trường.")
	clerk.button("Xem trước bản công khai")
	clerk.reads("Văn phòng đọc (nội bộ)", "Mọi người đọc (công khai)", "Bản công khai còn 1 chỗ chắc là thông tin cá nhân", "số điện thoại")
	clerk.lookWell()
	if ask[int](clerk, `document.querySelectorAll("#preview mark").length`) != 1 {
		s.t.Error("what is left is not marked")
	}
	clerk.wrong = true
	clerk.send()
	clerk.reads("Còn 1 chỗ là thông tin cá nhân")
	clerk.fill("public_text", "Đề nghị lắp biển báo trước cổng trường.")
	clerk.send()
	guest := s.voter("cử tri không script", true)
	guest.open("/kien-nghi/" + h.Code)
	guest.reads("Đề nghị lắp biển báo trước cổng trường.")
	guest.lacks("0912345678", "Lê Thị Kín")
}

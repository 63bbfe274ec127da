package settings

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/testkit"
)

// house serves the pages to the people of the world.
func house(t *testing.T, w *world) *testkit.Pages {
	t.Helper()
	people := map[string]org.Actor{"lan": lan, "hoa": hoa, "quan": quan, "tam": tam, "minh": minh, "yen": yen}
	return testkit.Serve(t, web.Options{Catalogue: w.words, Clock: w.clock, Routes: w.Routes(), Menu: w.Menu()}, func(name string) org.Actor { return people[name] })
}

// post sends a form that must be taken, and gives where it leads.
func post(t *testing.T, h *testkit.Pages, who, target string, form url.Values) string {
	t.Helper()
	status, at := h.Ask(t, who, target, form)
	if status != http.StatusSeeOther {
		t.Fatalf("%s: %d %s", target, status, wordsOf(at))
	}
	return at
}

// wordsOf is enough of a page to see what it says.
func wordsOf(page string) string {
	if i := strings.Index(page, "error-summary"); i >= 0 {
		return page[i:min(len(page), i+700)]
	}
	return page[:min(len(page), 300)]
}

func TestPagesFromDraftToForce(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		w.hand(t, petition{id: "p1", state: "classified"})
		w.samples["hn"] = []Sample{{ID: "p1", Code: "KN26-p1", Text: "Phố Huế ngập úng", Field: "urban.drainage", Authority: "city", BodyID: "sxd", BodyName: "Sở Xây dựng", WardName: "Phường Ba Đình", Ward: "00004",
			Due: clock.NewDate(2027, 1, 4), Clocks: []Clock{{"petitions.reply", clock.NewDate(2026, 11, 2), clock.NewDate(2027, 1, 4)}}}}
		h := house(t, w)
		_, page := h.Ask(t, "lan", "/petitions/settings", nil)
		testkit.Has(t, page, "Chưa có đợt thay đổi nào", "Lập đợt thay đổi")
		status, page := h.Ask(t, "lan", "/petitions/settings/sets", url.Values{"title": {"Bổ sung <b>lĩnh vực</b>"}, "paper_date": {"31/02/2026"}, "from": {"01/01/2020"}})
		if status != 422 {
			t.Fatalf("%d", status)
		}
		testkit.Has(t, page, "Bổ sung &lt;b&gt;lĩnh vực", "31/02/2026")
		status, page = h.Ask(t, "lan", "/petitions/settings/sets", url.Values{"title": {"Bổ sung"}, "paper_date": {"10/11/2027"}, "from": {"01/01/2020"}})
		if status != 422 {
			t.Fatalf("%d", status)
		}
		testkit.Has(t, page, "Ngày văn bản chưa đến", "Ngày áp dụng đã qua", "Mục này còn trống")
		at := post(t, h, "lan", "/petitions/settings/sets", url.Values{"title": {"Bổ sung <b>lĩnh vực</b>"}, "paper": {"12/QĐ-VP"}, "paper_date": {"10/11/2026"}, "from": {"15/12/2026"}, "once": {"a"}})
		if again := post(t, h, "lan", "/petitions/settings/sets", url.Values{"title": {"Bổ sung"}, "paper": {"12/QĐ-VP"}, "paper_date": {"10/11/2026"}, "from": {"15/12/2026"}, "once": {"a"}}); again != at {
			t.Errorf("a double click makes two: %s %s", at, again)
		}
		rule := url.Values{"kind": {"rule"}, "action": {"add"}, "title": {"Ngập"}, "any": {"ngập úng\nlụt, triều cường"}, "to_field": {"urban.drainage"}, "to_body": {"sxd"}, "priority": {"50"}}
		formsAsk(t, h, at, rule)
		post(t, h, "lan", at+"/items", rule)
		post(t, h, "lan", at+"/items", url.Values{"kind": {"field"}, "action": {"add"}, "code": {"urban.parks"}, "vi": {"Công viên"}, "en": {"Parks"}})
		post(t, h, "lan", at+"/items", url.Values{"kind": {"field"}, "action": {"end"}, "code": {"urban.drainage"}})
		post(t, h, "lan", at+"/items", url.Values{"kind": {"outcome"}, "action": {"rename"}, "code": {"done"}, "vi": {"Xong"}, "en": {"Done"}})
		post(t, h, "lan", at+"/items", url.Values{"kind": {"reason"}, "action": {"end"}, "code": {"abusive"}})
		post(t, h, "lan", at+"/items", url.Values{"kind": {"template"}, "action": {"add"}, "verb": {"answer"}, "title": {"Mẫu chung"}, "text": {"{voter_salutation},\n{body} trả lời {code} trước {due}. <i>x</i>"}})
		post(t, h, "lan", at+"/items", url.Values{"kind": {"deadline"}, "action": {"change"}, "key": {"petitions.reply"}, "count": {"30"}, "unit": {string(calendar.WorkingDays)}, "article": {"Nghị quyết 5"}, "confirmed": {"1"}})
		post(t, h, "lan", at+"/items", url.Values{"kind": {"retention"}, "action": {"change"}, "keep": {"voter_contact"}, "months": {"24"}, "basis": {"Luật 91/2025/QH15"}})
		_, page = h.Ask(t, "lan", at, nil)
		// The rule proposes the field that the same set ends: it is marked.
		testkit.Has(t, page, "Không có lĩnh vực urban.drainage", "30 ngày làm việc", "24 tháng", "Chạy thử", "Bản nháp")
		if status, page = h.Ask(t, "lan", at+"/test", url.Values{}); status != 422 || !strings.Contains(page, "1 nội dung không còn phù hợp") {
			t.Errorf("%d", status)
		}
		item := page[strings.Index(page, at+"/items/"):]
		item = item[:strings.Index(item, `"`)]
		for _, link := range allItems(page, at) {
			if status, p := h.Ask(t, "lan", link, nil); status != 200 {
				t.Errorf("%s: %d", link, status)
			} else if strings.Contains(p, `value="field"`) && strings.Contains(p, "Ngừng dùng: Lĩnh vực") {
				item = link
			}
		}
		post(t, h, "lan", item+"/removal", url.Values{})
		post(t, h, "lan", at+"/test", url.Values{})
		_, page = h.Ask(t, "lan", at, nil)
		testkit.Has(t, page, "Đã chạy thử", "Mức hiện nay", "Mức mới", "04/01/2027", "Ông/Bà,", "Sở Xây dựng trả lời KN26-p1 trước 04/01/2027. &lt;i&gt;", "SHA-256", "Chỉ lãnh đạo Văn phòng")
		status, page = h.Ask(t, "lan", at+"/trial", url.Values{"try": {"Lut loi qua"}})
		testkit.Has(t, page, "Ngập", "Thoát nước")
		if status != 200 {
			t.Errorf("%d", status)
		}
		strangersAsk(t, h, at, rule)
		if status, _ := h.Ask(t, "yen", at, nil); status < 400 {
			t.Errorf("an agency: %d", status)
		}
		if status, _ := h.Ask(t, "lan", at+"/effect", url.Values{}); status < 400 {
			t.Errorf("a clerk puts in force: %d", status)
		}
		status, page = h.Ask(t, "hoa", at+"/effect", nil)
		testkit.Has(t, page, "Đưa đợt thay đổi vào áp dụng?", "12/QĐ-VP, 10/11/2026", "không rút lại được")
		revision := page[strings.Index(page, `name="revision" value="`)+len(`name="revision" value="`):]
		revision = revision[:strings.Index(revision, `"`)]
		if status, _ := h.Ask(t, "hoa", at+"/effect", url.Values{"revision": {"1"}}); status != 409 {
			t.Errorf("an old page: %d", status)
		}
		post(t, h, "hoa", at+"/effect", url.Values{"revision": {revision}})
		_, page = h.Ask(t, "lan", at, nil)
		testkit.Has(t, page, "Chờ đến ngày áp dụng", "Xem toàn văn")
		w.clock.Set(clock.NewDate(2026, 12, 15).Time())
		if err := w.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		for kind, want := range map[Kind]string{FieldKind: "Công viên (urban.parks)", OutcomeKind: "Xong / Done", ReasonKind: "Đã ngừng dùng", TemplateKind: "Mẫu chung", RuleKind: "có một trong “ngập úng”", DeadlineKind: "30 ngày làm việc · Nghị quyết 5", RetentionKind: "24 tháng"} {
			_, page = h.Ask(t, "lan", "/petitions/settings/in-force?kind="+string(kind), nil)
			testkit.Has(t, page, want, "12/QĐ-VP, 10/11/2026", "Lê Hòa", "15/12/2026")
		}
		_, page = h.Ask(t, "hoa", at, nil)
		testkit.Has(t, page, "Đã đưa vào áp dụng")
		_, page = h.Ask(t, "lan", "/petitions/settings?lang=en", nil)
		if status != 200 || len(page) == 0 {
			t.Errorf("%d", status)
		}
	})
}

// formsAsk opens every form of a set, and sends what must be refused or shown
// again.
func formsAsk(t *testing.T, h *testkit.Pages, at string, rule url.Values) {
	t.Helper()
	for _, kind := range Kinds() {
		for _, action := range kind.actions() {
			if status, page := h.Ask(t, "lan", at+"/items?kind="+string(kind)+"&action="+string(action), nil); status != 200 || !strings.Contains(page, "<h1>") {
				t.Errorf("%s %s: %d", kind, action, status)
			}
		}
	}
	status, page := h.Ask(t, "lan", at+"/items", url.Values{"kind": {"field"}, "action": {"add"}, "code": {"Công viên"}, "vi": {"Công viên"}})
	if status != 422 {
		t.Fatalf("%d", status)
	}
	testkit.Has(t, page, "Mã chưa đúng dạng", `value="Công viên"`, "Mục này còn trống")
	status, page = h.Ask(t, "lan", at+"/preview", rule)
	if status != 200 {
		t.Fatalf("%d %s", status, wordsOf(page))
	}
	testkit.Has(t, page, "Trúng 1 trong 1 kiến nghị mới nhất", "/petitions/p1", "Giống", "triều cường")
	_, page = h.Ask(t, "quan", at+"/preview", rule)
	if strings.Contains(page, "KN26-p1") {
		t.Error("the administrator sees a petition's code")
	}
}

// strangersAsk tries a set of another council.
func strangersAsk(t *testing.T, h *testkit.Pages, at string, rule url.Values) {
	t.Helper()
	for _, who := range []string{"tam", "minh"} {
		for _, target := range []string{at, at + "/head", at + "/items?kind=rule", at + "/preview", at + "/trial"} {
			var form url.Values
			if strings.HasSuffix(target, "preview") || strings.HasSuffix(target, "trial") {
				form = rule
			}
			if status, _ := h.Ask(t, who, target, form); status != 404 {
				t.Errorf("%s at %s: %d", who, target, status)
			}
		}
	}
}

// allItems lists the addresses of the items on a set's page.
func allItems(page, at string) []string {
	var all []string
	for _, part := range strings.Split(page, `href="`)[1:] {
		link, _, _ := strings.Cut(part, `"`)
		if strings.HasPrefix(link, at+"/items/") {
			all = append(all, link)
		}
	}
	return all
}

func TestWardPages(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		h := house(t, w)
		at := post(t, h, "tam", "/petitions/settings/sets", url.Values{"title": {"Mẫu của phường"}, "paper": {"1/TB"}, "paper_date": {"10/11/2026"}, "from": {"16/11/2026"}})
		_, page := h.Ask(t, "tam", at, nil)
		if strings.Contains(page, "kind=field") || !strings.Contains(page, "kind=rule") {
			t.Error("a ward is offered what the city sets, or not its own")
		}
		if status, _ := h.Ask(t, "tam", at+"/items?kind=deadline", nil); status != 404 {
			t.Errorf("%d", status)
		}
		status, page := h.Ask(t, "tam", at+"/items", url.Values{"kind": {"retention"}, "action": {"change"}, "keep": {"voter_contact"}, "months": {"1"}, "basis": {"x"}})
		if status != 403 {
			t.Errorf("%d %s", status, wordsOf(page))
		}
		if status, _ := h.Ask(t, "tam", at+"/items", url.Values{"kind": {"../x"}}); status != 404 {
			t.Errorf("%d", status)
		}
		status, page = h.Ask(t, "tam", at+"/drop", url.Values{"revision": {"1"}})
		if status != 422 {
			t.Errorf("%d", status)
		}
		testkit.Has(t, page, "Mục này còn trống")
		post(t, h, "tam", at+"/drop", url.Values{"revision": {"1"}, "why": {"Lập nhầm"}})
		_, page = h.Ask(t, "tam", at, nil)
		testkit.Has(t, page, "Đã bỏ", "Lập nhầm")
	})
}

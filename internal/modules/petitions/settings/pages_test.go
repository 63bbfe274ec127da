package settings

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/web"
)

// house serves the pages of the world; the cookie "who" says who asks.
func house(t *testing.T, w *world) http.Handler {
	t.Helper()
	people := map[string]org.Actor{"lan": lan, "hoa": hoa, "quan": quan, "tam": tam, "minh": minh, "yen": yen}
	s, err := web.NewServer(web.Options{Catalogue: w.words, Clock: w.clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Routes: w.Routes(), Menu: w.Menu(), TempDir: t.TempDir(),
		Resolve: func(r *http.Request) (org.Actor, error) {
			if c, err := r.Cookie("who"); err == nil {
				return people[c.Value], nil
			}
			return org.Actor{}, nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// ask sends a request and gives the status and the page; form nil means GET.
func ask(t *testing.T, h http.Handler, who, target string, form url.Values) (int, string) {
	t.Helper()
	r := httptest.NewRequest("GET", target, nil)
	if form != nil {
		r = httptest.NewRequest("POST", target, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.AddCookie(&http.Cookie{Name: "who", Value: who})
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	page := rec.Body.String()
	if i := strings.Index(page, "⟦"); i >= 0 {
		t.Errorf("%s: a sentence is missing: %.80s", target, page[i:])
	}
	if rec.Code == http.StatusSeeOther {
		return rec.Code, rec.Header().Get("Location")
	}
	return rec.Code, page
}

func has(t *testing.T, page string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(page, p) {
			t.Errorf("the page lacks %q", p)
		}
	}
}

// post sends a form that must be taken, and gives where it leads.
func post(t *testing.T, h http.Handler, who, target string, form url.Values) string {
	t.Helper()
	status, at := ask(t, h, who, target, form)
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
		_, page := ask(t, h, "lan", "/petitions/settings", nil)
		has(t, page, "Chưa có đợt thay đổi nào", "Lập đợt thay đổi")
		status, page := ask(t, h, "lan", "/petitions/settings/sets", url.Values{"title": {"Bổ sung <b>lĩnh vực</b>"}, "paper_date": {"31/02/2026"}, "from": {"01/01/2020"}})
		if status != 422 {
			t.Fatalf("%d", status)
		}
		has(t, page, "Bổ sung &lt;b&gt;lĩnh vực", "31/02/2026")
		status, page = ask(t, h, "lan", "/petitions/settings/sets", url.Values{"title": {"Bổ sung"}, "paper_date": {"10/11/2027"}, "from": {"01/01/2020"}})
		if status != 422 {
			t.Fatalf("%d", status)
		}
		has(t, page, "Ngày văn bản chưa đến", "Ngày áp dụng đã qua", "Mục này còn trống")
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
		_, page = ask(t, h, "lan", at, nil)
		// The rule proposes the field that the same set ends: it is marked.
		has(t, page, "Không có lĩnh vực urban.drainage", "30 ngày làm việc", "24 tháng", "Chạy thử", "Bản nháp")
		if status, page = ask(t, h, "lan", at+"/test", url.Values{}); status != 422 || !strings.Contains(page, "1 nội dung không còn phù hợp") {
			t.Errorf("%d", status)
		}
		item := page[strings.Index(page, at+"/items/"):]
		item = item[:strings.Index(item, `"`)]
		for _, link := range allItems(page, at) {
			if status, p := ask(t, h, "lan", link, nil); status != 200 {
				t.Errorf("%s: %d", link, status)
			} else if strings.Contains(p, `value="field"`) && strings.Contains(p, "Ngừng dùng: Lĩnh vực") {
				item = link
			}
		}
		post(t, h, "lan", item+"/removal", url.Values{})
		post(t, h, "lan", at+"/test", url.Values{})
		_, page = ask(t, h, "lan", at, nil)
		has(t, page, "Đã chạy thử", "Mức hiện nay", "Mức mới", "04/01/2027", "Ông/Bà,", "Sở Xây dựng trả lời KN26-p1 trước 04/01/2027. &lt;i&gt;", "SHA-256", "Chỉ lãnh đạo Văn phòng")
		status, page = ask(t, h, "lan", at+"/trial", url.Values{"try": {"Lut loi qua"}})
		has(t, page, "Ngập", "Thoát nước")
		if status != 200 {
			t.Errorf("%d", status)
		}
		strangersAsk(t, h, at, rule)
		if status, _ := ask(t, h, "yen", at, nil); status < 400 {
			t.Errorf("an agency: %d", status)
		}
		if status, _ := ask(t, h, "lan", at+"/effect", url.Values{}); status < 400 {
			t.Errorf("a clerk puts in force: %d", status)
		}
		status, page = ask(t, h, "hoa", at+"/effect", nil)
		has(t, page, "Đưa đợt thay đổi vào áp dụng?", "12/QĐ-VP, 10/11/2026", "không rút lại được")
		revision := page[strings.Index(page, `name="revision" value="`)+len(`name="revision" value="`):]
		revision = revision[:strings.Index(revision, `"`)]
		if status, _ := ask(t, h, "hoa", at+"/effect", url.Values{"revision": {"1"}}); status != 409 {
			t.Errorf("an old page: %d", status)
		}
		post(t, h, "hoa", at+"/effect", url.Values{"revision": {revision}})
		_, page = ask(t, h, "lan", at, nil)
		has(t, page, "Chờ đến ngày áp dụng", "Xem toàn văn")
		w.clock.Set(clock.NewDate(2026, 12, 15).Time())
		if err := w.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		for kind, want := range map[Kind]string{FieldKind: "Công viên (urban.parks)", OutcomeKind: "Xong / Done", ReasonKind: "Đã ngừng dùng", TemplateKind: "Mẫu chung", RuleKind: "có một trong “ngập úng”", DeadlineKind: "30 ngày làm việc · Nghị quyết 5", RetentionKind: "24 tháng"} {
			_, page = ask(t, h, "lan", "/petitions/settings/in-force?kind="+string(kind), nil)
			has(t, page, want, "12/QĐ-VP, 10/11/2026", "Lê Hòa", "15/12/2026")
		}
		_, page = ask(t, h, "hoa", at, nil)
		has(t, page, "Đã đưa vào áp dụng")
		_, page = ask(t, h, "lan", "/petitions/settings?lang=en", nil)
		if status != 200 || len(page) == 0 {
			t.Errorf("%d", status)
		}
	})
}

// formsAsk opens every form of a set, and sends what must be refused or shown
// again.
func formsAsk(t *testing.T, h http.Handler, at string, rule url.Values) {
	t.Helper()
	for _, kind := range Kinds() {
		for _, action := range kind.actions() {
			if status, page := ask(t, h, "lan", at+"/items?kind="+string(kind)+"&action="+string(action), nil); status != 200 || !strings.Contains(page, "<h1>") {
				t.Errorf("%s %s: %d", kind, action, status)
			}
		}
	}
	status, page := ask(t, h, "lan", at+"/items", url.Values{"kind": {"field"}, "action": {"add"}, "code": {"Công viên"}, "vi": {"Công viên"}})
	if status != 422 {
		t.Fatalf("%d", status)
	}
	has(t, page, "Mã chưa đúng dạng", `value="Công viên"`, "Mục này còn trống")
	status, page = ask(t, h, "lan", at+"/preview", rule)
	if status != 200 {
		t.Fatalf("%d %s", status, wordsOf(page))
	}
	has(t, page, "Trúng 1 trong 1 kiến nghị mới nhất", "/petitions/p1", "Giống", "triều cường")
	_, page = ask(t, h, "quan", at+"/preview", rule)
	if strings.Contains(page, "KN26-p1") {
		t.Error("the administrator sees a petition's code")
	}
}

// strangersAsk tries a set of another council.
func strangersAsk(t *testing.T, h http.Handler, at string, rule url.Values) {
	t.Helper()
	for _, who := range []string{"tam", "minh"} {
		for _, target := range []string{at, at + "/head", at + "/items?kind=rule", at + "/preview", at + "/trial"} {
			var form url.Values
			if strings.HasSuffix(target, "preview") || strings.HasSuffix(target, "trial") {
				form = rule
			}
			if status, _ := ask(t, h, who, target, form); status != 404 {
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
		_, page := ask(t, h, "tam", at, nil)
		if strings.Contains(page, "kind=field") || !strings.Contains(page, "kind=rule") {
			t.Error("a ward is offered what the city sets, or not its own")
		}
		if status, _ := ask(t, h, "tam", at+"/items?kind=deadline", nil); status != 404 {
			t.Errorf("%d", status)
		}
		status, page := ask(t, h, "tam", at+"/items", url.Values{"kind": {"retention"}, "action": {"change"}, "keep": {"voter_contact"}, "months": {"1"}, "basis": {"x"}})
		if status != 403 {
			t.Errorf("%d %s", status, wordsOf(page))
		}
		if status, _ := ask(t, h, "tam", at+"/items", url.Values{"kind": {"../x"}}); status != 404 {
			t.Errorf("%d", status)
		}
		status, page = ask(t, h, "tam", at+"/drop", url.Values{"revision": {"1"}})
		if status != 422 {
			t.Errorf("%d", status)
		}
		has(t, page, "Mục này còn trống")
		post(t, h, "tam", at+"/drop", url.Values{"revision": {"1"}, "why": {"Lập nhầm"}})
		_, page = ask(t, h, "tam", at, nil)
		has(t, page, "Đã bỏ", "Lập nhầm")
	})
}

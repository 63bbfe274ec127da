package desk_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"example.vn/hdnd/internal/testkit/council"
)

const bodiesAddress = "/administration/bodies"

// TestEstablish enters bodies of each kind that needs more than a name, and has
// a person appointed to one of them.
func TestEstablish(t *testing.T) {
	council.Each(t, func(t *testing.T, w *council.World) {
		admin := w.Browse(t, "quản-trị")
		wants(t, "way from the people", admin.Get(t, "/administration/people"), http.StatusOK, "Cơ quan của Hội đồng")
		form := url.Values{"name": {"Ban Pháp chế"}, "kind": {"committee"}, "symbol": {"BPC"}, "place": {"Hà Nội"}, "fields": {"legal", "economy"}}
		done := admin.Post(t, bodiesAddress, form)
		wants(t, "committee", done, http.StatusOK, "Đã lập cơ quan.", "Ban Pháp chế Ban của Hội đồng nhân dân BPC Pháp chế; Kinh tế, ngân sách 16/11/2026 Đang hoạt động")
		if done.URL != bodiesAddress {
			t.Errorf("ended on %s", done.URL)
		}
		form = url.Values{"name": {"UBND phường Ngọc Hà"}, "kind": {"peoples_committee"}, "symbol": {"UBND"}, "unit": {"phuong ngoc ha"}}
		wants(t, "people's committee", admin.Post(t, bodiesAddress, form), http.StatusOK, "UBND phường Ngọc Hà Uỷ ban nhân dân UBND 00008 16/11/2026")
		wants(t, "log", admin.Get(t, "/log?verb=org."), http.StatusOK, "Lập cơ quan", "Đỗ Minh Quang")

		id := bodyOption(t, admin.Get(t, "/administration/people"), "Ban Pháp chế")
		post := url.Values{"name": {"Lò Thị Hạnh"}, "body": {id}, "title": {"Trưởng Ban Pháp chế"}, "roles": {"committee"}, "starts": {"16/11/2026"}}
		wants(t, "appoint there", admin.Post(t, "/administration/people", post), http.StatusOK, "Trưởng Ban Pháp chế Ban Pháp chế Thành viên Ban")
	})
}

// bodyOption finds a body in the form's list by its name.
func bodyOption(t *testing.T, p council.Page, name string) string {
	t.Helper()
	before, _, ok := strings.Cut(p.Body, ">"+name+"</option>")
	if !ok {
		t.Fatalf("no body %q to choose\n%.1500s", name, p.Text())
	}
	_, id, _ := strings.Cut(before[strings.LastIndex(before, "<option"):], `value="`)
	id, _, _ = strings.Cut(id, `"`)
	return id
}

func TestEstablishRefused(t *testing.T) {
	council.Each(t, func(t *testing.T, w *council.World) {
		admin := w.Browse(t, "quản-trị")
		for what, c := range map[string]struct {
			form url.Values
			says []string
		}{
			"nothing":           {url.Values{}, []string{"Hãy ghi tên cơ quan.", "Hãy chọn loại cơ quan."}},
			"no name":           {url.Values{"name": {" "}, "kind": {"agency"}, "symbol": {"SYT"}}, []string{"Hãy ghi tên cơ quan."}},
			"no such kind":      {url.Values{"name": {"Sở Y tế"}, "kind": {"party"}}, []string{"Hãy chọn loại cơ quan."}},
			"no such field":     {url.Values{"name": {"Ban Mới"}, "kind": {"committee"}, "fields": {"space"}}, []string{"không có trong danh sách"}},
			"agency's fields":   {url.Values{"name": {"Sở Y tế"}, "kind": {"agency"}, "fields": {"urban"}}, []string{"Chỉ Ban của Hội đồng nhân dân mới có lĩnh vực"}},
			"no unit":           {url.Values{"name": {"UBND phường"}, "kind": {"peoples_committee"}}, []string{"Hãy ghi mã hoặc tên đơn vị hành chính"}},
			"no such unit":      {url.Values{"name": {"UBND phường"}, "kind": {"peoples_committee"}, "unit": {"99999"}}, []string{"Không tìm thấy phường, xã “99999”"}},
			"agency's unit":     {url.Values{"name": {"Sở Y tế"}, "kind": {"agency"}, "unit": {"00004"}}, []string{"Chỉ Uỷ ban nhân dân mới gắn với đơn vị hành chính"}},
			"name far too long": {url.Values{"name": {strings.Repeat("Sở ", 200)}, "kind": {"agency"}}, []string{"dài quá 300 ký tự"}},
		} {
			p := admin.Post(t, bodiesAddress, c.form)
			wants(t, what, p, http.StatusUnprocessableEntity, c.says...)
			if s := c.form.Get("symbol"); s != "" && !strings.Contains(p.Body, `value="`+s+`"`) {
				t.Errorf("%s: what was typed is lost", what)
			}
		}
		lacks(t, "log", admin.Get(t, "/log?verb=org."), "Lập cơ quan")
	})
}

// TestBodiesListed: every council sees its own bodies, those that closed too,
// and only its administrator sees the page.
func TestBodiesListed(t *testing.T) {
	council.Each(t, func(t *testing.T, w *council.World) {
		admin := w.Browse(t, "quản-trị")
		merge := url.Values{"from_body": {"hn-sgd"}, "to_body": {"hn-sxd"}, "on": {"16/11/2026"}, "document": {"Nghị quyết 1/NQ-HĐND"}, "sure": {"yes"}}
		wants(t, "merge", admin.Post(t, "/administration/mergers", merge), http.StatusOK)
		list := admin.Get(t, bodiesAddress)
		wants(t, "list", list, http.StatusOK, "Ban Đô thị Ban của Hội đồng nhân dân BĐT Đô thị", "Kết thúc từ 16/11/2026; Sở Xây dựng tiếp nhận", "Tổ đại biểu số 1")
		lacks(t, "other councils' bodies", list, "Ba Đình</td>", "UBND phường Ba Đình", "Ban Kinh tế - Ngân sách", "Ngọc Hà")
		if standing, agency := strings.Index(list.Text(), "Thường trực HĐND thành phố"), strings.Index(list.Text(), "Sở Xây dựng Cơ quan chuyên môn"); standing < 0 || agency < standing {
			t.Errorf("the council's own house does not come first: %d, %d", standing, agency)
		}
		for _, who := range []string{"văn-thư", "chủ-tịch", "văn-thư-phường"} {
			b := w.Browse(t, who)
			wants(t, who, b.Get(t, bodiesAddress), http.StatusNotFound)
			wants(t, who+" establishes", b.Post(t, bodiesAddress, url.Values{"name": {"Ban Lạ"}, "kind": {"committee"}}), http.StatusNotFound)
		}
		lacks(t, "after strangers", admin.Get(t, bodiesAddress), "Ban Lạ")
	})
}

// TestBranches: every field that a petition can be classified by is some
// committee's.
func TestBranches(t *testing.T) {
	council.Each(t, func(t *testing.T, w *council.World) {
		w.Browse(t, "").Post(t, "/kien-nghi/gui", handIn(t, w))
		w.Work(t)
		clerk := w.Browse(t, "văn-thư")
		petition := regexp.MustCompile(`/petitions/[a-z0-9]{26}`).FindString(clerk.Get(t, "/petitions").Body)
		choices := regexp.MustCompile(`<option value="([a-z]+)\.[a-z_]+"`).FindAllStringSubmatch(clerk.Get(t, petition+"/classification").Body, -1)
		if len(choices) < 10 {
			t.Fatalf("only %d fields to choose on %s", len(choices), petition)
		}
		form := w.Browse(t, "quản-trị").Get(t, bodiesAddress).Body
		for _, c := range choices {
			if !strings.Contains(form, `value="`+c[1]+`"`) {
				t.Errorf("no committee can be given the petitions of %s", c[1])
			}
		}
	})
}

package validity_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/modules/library/validity"
	"example.vn/hdnd/internal/testkit"
)

func (w *world) house(t *testing.T) *testkit.Pages {
	t.Helper()
	return testkit.Serve(t, web.Options{Catalogue: w.words, Clock: w.clock, Routes: w.Routes(), Menu: w.Menu()}, as)
}

// furnish is a small library with something on every page.
func (w *world) furnish(t testing.TB) {
	t.Helper()
	named := func(id, symbol, title, dates string) validity.Document {
		d := doc(id + " " + dates)
		d.Symbol, d.Key, d.Title = symbol, strings.ToLower(strings.ReplaceAll(strings.TrimLeft(symbol, "0"), "Đ", "d")), title
		return d
	}
	a := named("A", "8/2020/NQ-HĐND", "Quy định mức thu phí trông giữ xe", "01/07/2020 11/07/2020")
	w.texts["B"] = []validity.Provision{{Anchor: "art_1", Heading: "Điều 1. Sửa đổi", Text: "Sửa đổi Nghị quyết số 8/2020/NQ-HĐND; áp dụng tại quận Ba Đình."}}
	w.put(t, a, named("B", "15/2025/NQ-HĐND", "Sửa đổi mức thu phí trông giữ xe", "01/08/2025 11/08/2025"), named("C", "3/2019/NQ-HĐND", "Phí cũ", "01/01/2019"), named("D", "20/2026/NQ-HĐND", "Ngưng hiệu lực", "01/10/2026"))
	h := named("H", "5/2021/QĐ-UBND", "Quy chế của quận Ba Đình", "01/01/2021 district")
	h.Unit = "Quận Ba Đình"
	w.put(t, h)
	must(w.Add(ctx, as("lan"), "A", validity.Entry{Kind: validity.Replaces, Symbol: "3/2019/NQ-HĐND"}))(t)
	must(w.Add(ctx, as("lan"), "B", validity.Entry{Kind: validity.Amends, Symbol: "8/2020/NQ-HĐND", FromAnchor: "art_1", ToAnchor: "art_2__para_2", Op: validity.Put, NewText: "2. Xe máy: 6.000 đồng."}))(t)
	must(w.Add(ctx, as("lan"), "B", validity.Entry{Kind: validity.BasedOn, Symbol: "3/2019/NQ-HĐND"}))(t)
	must(w.Add(ctx, as("lan"), "D", validity.Entry{Kind: validity.Halts, Symbol: "8/2020/NQ-HĐND", ToAnchor: "art_3", EndsOn: date("31/12/2026")}))(t)
	must(w.Propose(ctx, org.System("hn"), "B", []validity.Entry{{Kind: validity.Repeals, Symbol: "77/2018/NQ-HĐND", FromAnchor: "art_3", Place: "trang 2", Quote: "bãi bỏ Nghị quyết số <77/2018/NQ-HĐND>", Confidence: 0.62}}))(t)
	w.drain(t)
}

func TestPages(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.furnish(t)
		h := w.house(t)
		keep := os.Getenv("HDND_PAGES") // a folder to look at them in
		show := func(name, person, at string, has ...string) string {
			t.Helper()
			status, page := h.Ask(t, person, at, nil)
			if status != 200 {
				t.Fatalf("%s: %d", at, status)
			}
			testkit.Has(t, page, has...)
			if keep != "" {
				if err := os.WriteFile(filepath.Join(keep, name+".html"), []byte(page), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			return page
		}
		show("relations", "lan", "/library/documents/B/relations", "bãi bỏ Nghị quyết số &lt;77/2018/NQ-HĐND&gt;", "trang 2", "62 %", "khoản 2 Điều 2", "Căn cứ đã hết"[:8], "đã chấm dứt từ 01/07/2025", "Thêm quan hệ")
		show("relations-of", "phúc", "/library/documents/A/relations", "Ngưng hiệu lực một phần", "Được sửa đổi, bổ sung bởi", "Thay thế", "3/2019/NQ-HĐND", "Đến hết 31/12/2026")
		page := show("relations-read", "phúc", "/library/documents/B/relations")
		testkit.Hides(t, page, "Thêm quan hệ", "/confirmation")
		show("graph", "phúc", "/library/documents/A/graph", "<svg", "8/2020/NQ-HĐND", "sửa đổi, bổ sung", "làm ngưng hiệu lực", `href="/library/documents/B/graph"`)
		page = show("at-before", "phúc", "/library/documents/A/at?date=01/08/2020", "2. Xe máy: 5.000 đồng.", "Còn hiệu lực")
		testkit.Hides(t, page, "6.000")
		show("at", "phúc", "/library/documents/A/at", "2. Xe máy: 6.000 đồng.", "Điều 1 của 15/2025/NQ-HĐND", "từ 11/08/2025", "Đang ngưng hiệu lực", "note-1")
		show("compare", "phúc", "/library/documents/A/compare", "<del>5.000</del>", "<ins>6.000</ins>", "Sửa lời")
		show("compare-other", "phúc", "/library/documents/A/compare?with="+url.QueryEscape("15 / 2025 / NQ-HĐND"), "Bản thứ hai: 15/2025/NQ-HĐND")
		show("lapsing", "phúc", "/library/lapsing", "Phường Ba Đình", "Phường Ngọc Hà", "5/2021/QĐ-UBND", "28/02/2027")
		show("lapsing-one", "phúc", "/library/lapsing?unit=00008", "5/2021/QĐ-UBND")
		show("warnings", "phúc", "/library/warnings", "15/2025/NQ-HĐND", "Căn cứ vào 3/2019/NQ-HĐND")
		show("warnings-units", "phúc", "/library/warnings?alarm=unit_gone", "Quận Ba Đình", "quận Ba Đình")
		for at, want := range map[string]int{
			"/library/documents/A/at?date=hôm+qua": 422, "/library/documents/A/compare?with=999": 422, "/library/documents/A/compare?a=x": 422, "/library/documents/zz/relations": 404, "/library/documents/zz/graph": 404,
			"/library/documents/zz/at": 404, "/library/documents/zz/compare": 404, "/library/lapsing?unit=zz": 404, "/library/warnings?alarm=zz&after=1": 200, "/library/documents/A/compare?with=&a=&b=": 200, "/library/documents/A/compare?a=0001-01-01": 200,
		} {
			if status, _ := h.Ask(t, "phúc", strings.ReplaceAll(at, "ô", "%C3%B4"), nil); status != want {
				t.Errorf("%s gives %d, want %d", at, status, want)
			}
		}
		for _, at := range []string{"/library/documents/A/relations", "/library/documents/A/graph", "/library/documents/A/at", "/library/documents/A/compare"} {
			if status, _ := h.Ask(t, "tâm", at, nil); status != 404 {
				t.Errorf("another council's: %s gives %d", at, status)
			}
			if status, _ := h.Ask(t, "", at, nil); status == 200 {
				t.Errorf("the public opens %s", at)
			}
		}
	})
}

func TestForms(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.furnish(t)
		h := w.house(t)
		at := "/library/documents/B/relations"
		status, page := h.Ask(t, "lan", at, testkit.Form("kind", "", "symbol", "không <số>", "from_anchor", "đâu đó", "effective_on", "mai", "op", "put"))
		if status != 422 {
			t.Error(status)
		}
		testkit.Has(t, page, "không &lt;số&gt;", "đâu đó", "Vị trí không đúng", "mai")
		form := testkit.Form("kind", "repeals", "symbol", "8/2020/NQ-HĐND", "from_anchor", "Điều 1", "to_anchor", "điểm đ khoản 2 Điều 4", "once", "x")
		for range 2 {
			if status, _ := h.Ask(t, "lan", at, form); status != 303 {
				t.Error(status)
			}
		}
		_, page = h.Ask(t, "lan", "/library/documents/A/relations", nil)
		testkit.Has(t, page, "điểm đ khoản 2 Điều 4", "Hết hiệu lực một phần")
		for _, who := range []string{"phúc", "tâm", "quân", ""} {
			if status, _ := h.Ask(t, who, at, form); status == 303 && who != "" {
				t.Errorf("%s adds a relation", who)
			}
		}
		var proposed validity.Relation
		for _, r := range w.relations(t, "B") {
			if r.State == validity.Proposed {
				proposed = r
			}
		}
		if status, _ := h.Ask(t, "lan", "/library/relations/"+proposed.ID+"/confirmation", testkit.Form("revision", "9", "document", "B")); status != 409 {
			t.Error("an older version is confirmed: ", status)
		}
		for _, who := range []string{"phúc", "tâm"} {
			if status, _ := h.Ask(t, who, "/library/relations/"+proposed.ID+"/confirmation", testkit.Form("revision", "1", "document", "B")); status != 403 && status != 404 {
				t.Errorf("%s: %d", who, status)
			}
		}
		for range 2 {
			status, to := h.Ask(t, "lan", "/library/relations/"+proposed.ID+"/refusal", testkit.Form("revision", "1", "document", "B"))
			if status != 303 || to != at {
				t.Error(status, to)
			}
		}
		status, to := h.Ask(t, "lan", "/library/relations/"+w.relations(t, "D")[0].ID+"/removal", testkit.Form("revision", "1", "document", "//evil.example"))
		if status != 303 || strings.HasPrefix(to, "//") || strings.Contains(to, "://") {
			t.Error(status, to)
		}
		if s := w.status(t, "A"); !strings.HasPrefix(s, "partly") {
			t.Error(s)
		}
	})
}

// A document that a person may not see is named nowhere, and its words are not shown.
func TestNothingLeaks(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.furnish(t)
		w.secrets["B"] = true
		h := w.house(t)
		for _, at := range []string{"/library/documents/A/relations", "/library/documents/A/graph", "/library/documents/A/at", "/library/documents/A/compare", "/library/documents/C/relations", "/library/documents/C/graph", "/library/warnings", "/library/warnings?alarm=unit_gone", "/library/lapsing"} {
			status, page := h.Ask(t, "lan", at, nil)
			if status != 200 {
				t.Errorf("%s: %d", at, status)
			}
			testkit.Hides(t, page, "15/2025", "6.000", "documents/B", "Sửa đổi mức thu")
			if _, page = h.Ask(t, "hùng", at, nil); strings.Contains(at, "documents/A") && !strings.Contains(page, "15/2025") {
				t.Errorf("who may see it does not: %s", at)
			}
		}
		if status, _ := h.Ask(t, "lan", "/library/documents/B/at", nil); status != 404 {
			t.Error(status)
		}
		if status, _ := h.Ask(t, "lan", "/library/documents/A/compare?with=15/2025/NQ-HĐND", nil); status != 422 {
			t.Error(status)
		}
		got := read(t, w, func(tx *db.Tx) (validity.Verdict, error) { return w.At(ctx, tx, as("lan"), "A", date("01/09/2025")) })
		if got.Status != validity.Amended || got.Reasons[0].Symbol != "" {
			t.Errorf("%+v", got)
		}
	})
}

func TestReadAnchors(t *testing.T) {
	for typed, want := range map[string]string{
		"": "", "Điều 5": "art_5", "điều 5a.": "art_5a", "khoản 2 Điều 5": "art_5__para_2", "Điểm đ, khoản 2, Điều 5": "art_5__para_2__point_dd", "Chương II": "chp_II", "Điều 3 Chương II": "art_3", "mục 1 chương iv": "chp_IV__sec_1",
		"Phụ lục I": "annex_I", "Điều 1 Phụ lục I": "annex_I__art_1", "art_5__para_2": "art_5__para_2", "Đie\u0302\u0300u 7": "art_7",
	} {
		if got, ok := validity.ReadAnchor(typed); !ok || got != want {
			t.Errorf("%q is %q, %v", typed, got, ok)
		}
	}
	for _, bad := range []string{"Điều", "5", "Điều thứ năm nhé", "art 5", "x_5", "Điều <5>", strings.Repeat("khoản 1 ", 40)} {
		if got, ok := validity.ReadAnchor(bad); ok {
			t.Errorf("%q is taken for %q", bad, got)
		}
	}
}

func FuzzReadAnchor(f *testing.F) {
	f.Add("điểm a khoản 2 Điều 5")
	f.Fuzz(func(t *testing.T, typed string) {
		if a, ok := validity.ReadAnchor(typed); ok {
			if again, ok := validity.ReadAnchor(a); !ok || again != a {
				t.Fatalf("%q became %q, and that %q", typed, a, again)
			}
		}
	})
}

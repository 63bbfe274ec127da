package sealed_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"example.vn/hdnd/internal/modules/reception/sealed"
	"example.vn/hdnd/internal/testkit"
)

// TestMatrix: everybody at every address of this part.
func TestMatrix(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.seal(t, "case1", sealedItems())
		before := w.marks(t)
		office := " keeper1 keeper2 reader1 văn-thư văn-thư-hai lãnh-đạo-văn-phòng chủ-tịch thường-trực an-toàn "
		wards := " văn-thư-phường lãnh-đạo-phường chủ-tịch-phường văn-thư-phường-khác lãnh-đạo-phường-khác "
		for _, a := range []struct{ to, may string }{
			{"/reception/sealed", office + wards},
			{"/reception/sealed/case1", office},
			{"/reception/sealed/none", ""},
			{"/reception/sealing", " chủ-tịch thường-trực an-toàn chủ-tịch-phường "},
			{"/reception/sealing/watch", " an-toàn "},
			{"/reception/sealing/watch?book=glasses", " an-toàn "},
			{"/reception/sealing/watch?book=changes", " an-toàn "},
			{"/reception/sealing/watch?before=%27%3B--", ""},
		} {
			for person := range w.People {
				rec := w.ask(t, person, a.to, nil)
				if may := strings.Contains(a.may, " "+person+" "); may != (rec.Code == 200) || !may && rec.Code != 404 {
					t.Errorf("%s: %s gives %d", person, a.to, rec.Code)
				}
				body := rec.Body.String()
				if sees := strings.Contains(body, "Cán bộ reader1</td>") || strings.Contains(body, `value="reader1"`); sees && !slices.Contains([]string{"keeper1", "keeper2", "an-toàn", "chủ-tịch", "thường-trực"}, person) {
					t.Errorf("%s sees the list at %s", person, a.to)
				}
				if a.to == "/reception/sealed/case1" && rec.Code == 200 && strings.Contains(body, `name="reveal_reason"`) != slices.Contains(named, person) {
					t.Errorf("%s is offered to open, or is not", person)
				}
			}
			if rec := w.ask(t, "", a.to, nil); rec.Code == 200 {
				t.Errorf("nobody opens %s", a.to)
			}
		}
		acts := map[string]url.Values{
			"/reveal": testkit.Form("reveal_items", "name", "reveal_reason", why), "/admit": testkit.Form("admit_person", "văn-thư", "admit_reason", why), "/dismiss": testkit.Form("dismiss_person", "reader1", "dismiss_reason", why),
			"/glass/none/grant": testkit.Form("x", "1"), "/glass/none/end": testkit.Form("x", "1"), "/copies": testkit.Form("copy_reason", why), "/copies/propose": testkit.Form("copy", "Nội dung", "reason", why),
			"/copies/1/read": testkit.Form("read_reason", why), "/copies/1/decide": testkit.Form("yes", "1", "looked", "1", "reason", why), "/copies/x/withdraw": testkit.Form("x", "1"),
		}
		for person := range w.People {
			for act, f := range acts {
				if slices.Contains(named, person) {
					continue
				}
				if rec := w.ask(t, person, "/reception/sealed/case1"+act, f); rec.Code != 404 {
					t.Errorf("%s: %s gives %d", person, act, rec.Code)
				}
			}
			want := 404
			if person == "lãnh-đạo-văn-phòng" {
				want = 303
			}
			if rec := w.ask(t, person, "/reception/sealed/case1/glass", testkit.Form("glass_reason", why)); rec.Code != want {
				t.Errorf("%s asks for an emergency opening: %d", person, rec.Code)
			}
		}
		for act, f := range acts {
			if rec := w.ask(t, "", "/reception/sealed/case1"+act, f); rec.Code < 400 {
				t.Errorf("nobody: %s gives %d", act, rec.Code)
			}
		}
		for _, act := range []string{"/admit", "/dismiss"} {
			if rec := w.ask(t, "reader1", "/reception/sealed/case1"+act, acts[act]); rec.Code != 403 {
				t.Errorf("a reader: %s gives %d", act, rec.Code)
			}
		}
		if after := w.marks(t); after != before {
			t.Errorf("what was refused has changed something: %d, then %d", before, after)
		}
		if n := w.count(t, `SELECT count(*) FROM vault_reveals WHERE outcome = 'shown'`); n != 0 {
			t.Errorf("%d reveals by who may not", n)
		}
		if n := w.count(t, `SELECT count(DISTINCT person_id) FROM vault_reveals WHERE outcome = 'refused'`); n != 14 { // six of the office, five of the wards, and the list itself, whom no emergency opening is for
			t.Errorf("the refused attempts of %d people are kept", n)
		}
	})
}

// marks counts what an act that is refused must not change.
func (w *world) marks(t testing.TB) int {
	return w.count(t, `SELECT (SELECT count(*) FROM reception_copies) + 100 * (SELECT count(*) FROM vault_items) + 10000 * (SELECT count(*) FROM vault_readers WHERE ended_at = 0)`)
}

// TestPages: keepers admit, dismiss, are told what is wrong; the two sides settle.
func TestPages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.seal(t, "case1", sealedItems())
		at := "/reception/sealed/case1"
		page := w.ask(t, "keeper1", at, nil)
		for _, s := range []string{"Bản quét được mở từng trang", "Số giấy tờ", "Cán bộ keeper2", "Người giữ danh sách"} {
			if !strings.Contains(page.Body.String(), s) {
				t.Errorf("the page lacks %q", s)
			}
		}
		if !strings.Contains(page.Header().Get("Cache-Control"), "no-store") {
			t.Error("a denunciation's page may be kept")
		}
		rec := w.ask(t, "keeper1", at+"/reveal", testkit.Form("reveal_items", "name", "reveal_reason", "vì"))
		if rec.Code != 422 || !strings.Contains(rec.Body.String(), "ít nhất 10") || !strings.Contains(rec.Body.String(), "\nvì</textarea>") {
			t.Errorf("a short reason: %d", rec.Code)
		}
		rec = w.ask(t, "keeper1", at+"/reveal", testkit.Form("reveal_reason", why))
		if rec.Code != 422 || !strings.Contains(rec.Body.String(), "ít nhất một mục") || !strings.Contains(rec.Body.String(), why) {
			t.Errorf("nothing chosen: %d", rec.Code)
		}
		if rec = w.ask(t, "keeper1", at+"/dismiss", testkit.Form("dismiss_person", "reader1", "dismiss_reason", why)); rec.Code != 303 {
			t.Errorf("dismiss: %d", rec.Code)
		}
		if rec = w.ask(t, "reader1", at+"/reveal", testkit.Form("reveal_items", "name", "reveal_reason", why)); rec.Code != 404 {
			t.Errorf("who was dismissed: %d", rec.Code)
		}
		if rec = w.ask(t, "keeper1", at+"/admit", testkit.Form("admit_person", "reader1", "admit_until", "32/13/2026", "admit_reason", why)); rec.Code != 422 {
			t.Errorf("admit with no day: %d", rec.Code)
		}
		if rec = w.ask(t, "keeper1", at+"/admit", testkit.Form("admit_person", "reader1", "admit_until", "30/11/2026", "admit_reason", why)); rec.Code != 303 {
			t.Errorf("admit: %d", rec.Code)
		}
		stub := testkit.Form("book", "12/2026", "day", "15/11/2026")
		if rec = w.ask(t, "văn-thư", "/reception/sealed", stub); rec.Code == 303 {
			t.Error("a stub is noted where denunciations are sealed")
		}
		w.settle(t)
		if rec = w.ask(t, "văn-thư", "/reception/sealed", stub); rec.Code != 303 {
			t.Errorf("the place has changed, and no stub is noted: %d", rec.Code)
		}
		if rec = w.ask(t, "văn-thư", "/reception/sealed", testkit.Form("book", "Bà Kín", "day", "15/11/2026")); rec.Code != 422 {
			t.Errorf("a name as a number: %d", rec.Code)
		}
		watch := w.ask(t, "an-toàn", "/reception/sealing/watch", nil).Body.String()
		if !strings.Contains(watch, "Bị từ chối") || !strings.Contains(watch, at) {
			t.Error("the security officer does not see what was refused")
		}
	})
}

func (w *world) settle(t *testing.T) {
	t.Helper()
	rec := w.ask(t, "chủ-tịch", "/reception/sealing", testkit.Form("kind", "place", "place_place", string(sealed.Stub), "place_starts", "hôm qua", "place_reason", "vì"))
	if rec.Code != 422 {
		t.Errorf("nonsense is proposed: %d", rec.Code)
	}
	rec = w.ask(t, "chủ-tịch", "/reception/sealing", testkit.Form("kind", "add", "add_person", "văn-thư", "add_reason", "vì"))
	if rec.Code != 422 || !strings.Contains(rec.Body.String(), "\nvì</textarea>") {
		t.Errorf("a short reason: %d", rec.Code)
	}
	rec = w.ask(t, "chủ-tịch", "/reception/sealing", testkit.Form("kind", "place", "place_place", string(sealed.Stub), "place_reason", "Chờ xác định độ mật"))
	if rec.Code != 303 {
		t.Fatalf("propose: %d %s", rec.Code, rec.Body)
	}
	page := w.ask(t, "an-toàn", "/reception/sealing", nil).Body.String()
	i := strings.Index(page, `action="/reception/sealing/`)
	if i < 0 {
		t.Fatal("nothing waits for the other side")
	}
	to, _, _ := strings.Cut(page[i+len(`action="`):], `"`)
	if rec = w.ask(t, "chủ-tịch", to, testkit.Form("yes", "1")); rec.Code == 303 {
		t.Error("who proposed confirms")
	}
	if rec = w.ask(t, "an-toàn", to, testkit.Form("yes", "1")); rec.Code != 303 {
		t.Errorf("confirm: %d", rec.Code)
	}
}

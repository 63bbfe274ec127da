package scans_test

import (
	"bytes"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.vn/hdnd/internal/testkit"
)

// office are those who may know that there is a denunciation, besides the list.
var office = []string{"văn-thư", "văn-thư-hai", "lãnh-đạo-văn-phòng", "chủ-tịch", "thường-trực", "an-toàn"}

// top hides the upper part of page 1, where the letter names its writer.
var top = []string{"page", "1", "left", "0", "top", "0", "width", "100", "height", "37,5"}

// TestLife: a scan is added, opened, looked at, hidden in part, released, had by
// everybody, withdrawn and made anew.
func TestLife(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if status, to := w.upload(t, "reader1", "o1", upload{"don-Bao-Mat.pdf", letterPDF(t)}, upload{"anh.jpg", photo(t)}); status != http.StatusSeeOther || to != home {
			t.Fatalf("the scans are not taken: %d %s", status, to)
		}
		if status, _ := w.upload(t, "reader1", "o1", upload{"don-Bao-Mat.pdf", letterPDF(t)}); status != http.StatusSeeOther || w.count(t, `SELECT count(*) FROM reception_scans`) != 2 {
			t.Errorf("a double click adds twice: %d", status)
		}
		look := w.open(t, "reader1", "1")
		w.looks(t, look)
		status, page := w.post(t, "reader1", look, append(top, "page", "1", "left", "", "top", "", "width", "", "height", "", "shown", "1")...)
		if status != http.StatusSeeOther || page != look+"?page=1" {
			t.Fatalf("the areas are not saved: %d %s", status, page)
		}
		_, page = w.pages.Ask(t, "reader1", page, nil)
		testkit.Has(t, page, `value="37,5"`, `<rect x="0" y="0" width="1000" height="375">`, "Trang này sau khi che")
		dark(t, w.get("reader1", look+"/1?as=hidden").Body.Bytes())

		form := append(slices.Clone(top), "make", "1", "once", "m1")
		if status, to := w.post(t, "reader1", look, form...); status != http.StatusSeeOther || to != home {
			t.Fatalf("the copy is not made: %d %s", status, to)
		}
		if w.post(t, "reader1", look, form...); w.count(t, `SELECT count(*) FROM reception_scan_copies`) != 1 {
			t.Error("a double click makes two copies")
		}
		w.releases(t)
		w.withdraws(t)
	})
}

// looks: the pages of an original, before the person who opened it.
func (w *world) looks(t *testing.T, look string) {
	t.Helper()
	rec := w.get("reader1", look)
	page := rec.Body.String()
	testkit.Has(t, page, "Trang 1 trên 3", `data-areas="1"`, `name="left"`)
	testkit.Hides(t, page, "Bao-Mat")
	kept(t, rec)
	picture := w.get("reader1", imageOf.FindStringSubmatch(page)[1])
	kept(t, picture)
	if p, err := jpeg.Decode(picture.Body); err != nil || p.Bounds().Dx() < 1000 {
		t.Errorf("the picture of the page: %v", err)
	}
	_, page = w.pages.Ask(t, "reader1", look+"?page=99", nil)
	testkit.Has(t, page, "Trang 3 trên 3")
	for _, wrong := range []string{"/0", "/4", "/x", "/-1", "/99999999999999999999"} {
		if rec := w.get("reader1", look+wrong); rec.Code != http.StatusNotFound {
			t.Errorf("page %s: %d", wrong, rec.Code)
		}
	}
}

// kept holds that nothing keeps an answer.
func kept(t *testing.T, rec *httptest.ResponseRecorder) {
	t.Helper()
	if h := rec.Header(); rec.Code != 200 || !strings.Contains(h.Get("Cache-Control"), "no-store") || h.Get("Referrer-Policy") != "no-referrer" || h.Get("ETag") != "" {
		t.Errorf("%d %v", rec.Code, h)
	}
}

// dark holds that the upper part of a page's picture is black.
func dark(t *testing.T, picture []byte) {
	t.Helper()
	p, err := jpeg.Decode(bytes.NewReader(picture))
	must(t, err)
	light := 0
	for y := range p.Bounds().Dy()*375/1000 - 8 { // a picture's blocks of 8 lie over the edge
		for x := range p.Bounds().Dx() {
			if r, g, b, _ := p.At(x, y).RGBA(); r|g|b > 0x1800 {
				light++
			}
		}
	}
	if light > 0 {
		t.Errorf("%d pixels under the black are light", light)
	}
}

// releases: a keeper looks at the copy and lets everybody have it.
func (w *world) releases(t *testing.T) {
	t.Helper()
	file := "/reception/sealed/case1/scan-copies/1"
	for _, who := range append(slices.Clone(office), named...) {
		if rec := w.get(who, file); rec.Code != http.StatusNotFound {
			t.Errorf("%s has a copy that waits: %d", who, rec.Code)
		}
	}
	if n := w.count(t, `SELECT count(*) FROM reception_scan_pieces`); n != 0 {
		t.Error("a copy that nobody has looked at lies open")
	}
	if status, _ := w.post(t, "reader1", w.openCopy(t, "reader1", "1"), "yes", "1", "looked", "1"); status != http.StatusForbidden {
		t.Errorf("who keeps no list releases: %d", status)
	}
	look := w.openCopy(t, "keeper2", "1")
	_, page := w.pages.Ask(t, "keeper2", look, nil)
	testkit.Has(t, page, "Trang 1 trên 3", "Tôi đã xem đủ 3 trang")
	dark(t, w.get("keeper2", look+"/1").Body.Bytes())
	if status, page := w.post(t, "keeper2", look, "yes", "1"); status != http.StatusUnprocessableEntity || !strings.Contains(page, "Hãy xem hết các trang") {
		t.Errorf("released unseen: %d", status)
	}
	if status, to := w.post(t, "keeper2", look, "yes", "1", "looked", "1"); status != http.StatusSeeOther {
		t.Fatalf("not released: %d %s", status, to)
	}
	if status, _ := w.post(t, "keeper2", look, "yes", "1", "looked", "1"); status != http.StatusConflict {
		t.Errorf("released twice: %d", status)
	}
	for _, who := range append(slices.Clone(office), named...) {
		rec := w.get(who, file)
		kept(t, rec)
		if got := rec.Header().Get("Content-Disposition"); got != "attachment; filename=ban-quet-da-che-1.pdf" {
			t.Errorf("the file is called %s", got)
		}
	}
	removed(t, w.get("văn-thư", file).Body.Bytes())
	_, page = w.pages.Ask(t, "văn-thư", home, nil)
	testkit.Has(t, page, file)
	testkit.Hides(t, page, "Cán bộ reader1", `name="open_reason"`, `name="files"`, "Các bản đã lập")
}

// removed holds that a copy has nothing but pictures, and these no hidden part.
func removed(t *testing.T, copied []byte) {
	t.Helper()
	at := filepath.Join(t.TempDir(), "copy.pdf")
	must(t, os.WriteFile(at, copied, 0o600))
	loose := run(t, "qpdf", nil, "--qdf", "--object-streams=disable", at, "-")
	for _, part := range append(strings.Fields(secret), "Exif", "TỐ CÁO", "/Type /Font", "/Metadata", "/Annot", "/Type /EmbeddedFile", "/EF ", "/Author", "/JavaScript", "/Filespec", "/XObject /Form") {
		if len([]rune(part)) < 3 {
			continue
		}
		for _, f := range forms(part) {
			if bytes.Contains(loose, f) || bytes.Contains(copied, f) {
				t.Errorf("the copy holds %q", part)
			}
		}
	}
	if words := bytes.TrimSpace(run(t, "pdftotext", copied, "-", "-")); len(words) != 0 {
		t.Errorf("the copy has text: %q", words)
	}
	dir := t.TempDir()
	run(t, "pdfimages", copied, "-all", "-", filepath.Join(dir, "p"))
	all, err := filepath.Glob(filepath.Join(dir, "p-*"))
	must(t, err)
	if len(all) != 3 {
		t.Fatalf("the copy has the pictures %v", all)
	}
	first, err := os.ReadFile(all[0])
	must(t, err)
	dark(t, first)
}

// withdraws: what was released is gone at once, and a new copy takes its place.
func (w *world) withdraws(t *testing.T) {
	t.Helper()
	copies := "/reception/sealed/case1/scan-copies/"
	for _, who := range office {
		if status, _ := w.post(t, who, copies+"1/withdraw"); status != http.StatusNotFound {
			t.Errorf("%s withdraws: %d", who, status)
		}
	}
	if status, _ := w.post(t, "reader1", copies+"1/withdraw"); status != http.StatusSeeOther {
		t.Errorf("not withdrawn: %d", status)
	}
	if rec := w.get("văn-thư", copies+"1"); rec.Code != http.StatusNotFound || w.count(t, `SELECT count(*) FROM reception_scan_pieces`) != 0 {
		t.Errorf("what was withdrawn is still there: %d", rec.Code)
	}
	look := w.open(t, "reader1", "2")
	for _, n := range []string{"2", "3"} {
		if status, to := w.post(t, "reader1", look, append(slices.Clone(top), "make", "1")...); status != http.StatusSeeOther {
			t.Fatalf("copy %s: %d %s", n, status, to)
		}
		if status, _ := w.post(t, "keeper1", w.openCopy(t, "keeper1", n), "yes", "1", "looked", "1"); status != http.StatusSeeOther {
			t.Errorf("copy %s is not released: %d", n, status)
		}
	}
	if a, b := w.get("văn-thư", copies+"2"), w.get("văn-thư", copies+"3"); a.Code != http.StatusNotFound || b.Code != http.StatusOK {
		t.Errorf("of two copies of one scan: %d, %d", a.Code, b.Code)
	}
	if status, _ := w.post(t, "reader1", look, append(slices.Clone(top), "make", "1")...); status != http.StatusSeeOther {
		t.Error("copy 4 is not made")
	}
	if status, _ := w.post(t, "keeper1", w.openCopy(t, "keeper1", "4"), "no", "1"); status != http.StatusSeeOther || w.get("văn-thư", copies+"4").Code != http.StatusNotFound {
		t.Errorf("what was declined: %d", status)
	}
	verbs := w.count(t, `SELECT count(DISTINCT verb) FROM audit_entries WHERE verb LIKE 'scans.%' AND subject = 'vault/case1'`)
	if public := w.count(t, `SELECT count(*) FROM audit_entries WHERE verb LIKE 'scans.%' AND NOT sealed`); verbs != 6 || public != 0 {
		t.Errorf("%d verbs are in the log, %d entries in the public one", verbs, public)
	}
	if n := w.count(t, `SELECT count(*) FROM vault_reveals WHERE outcome = 'shown'`); n != 7 { // both originals once, copy 1 by two people, the others by one
		t.Errorf("%d openings are kept", n)
	}
}

// TestMatrix: everybody at every address, also with the ticket of somebody else,
// after its time, and when they are on the list no more.
func TestMatrix(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.upload(t, "reader1", "", upload{"a.jpg", photo(t)})
		look := w.open(t, "reader1", "1")
		w.post(t, "reader1", look, append(slices.Clone(top), "make", "1")...)
		waiting := w.openCopy(t, "keeper1", "1")
		before := w.marks(t)
		for who := range w.People {
			status, want := w.get(who, home).Code, http.StatusNotFound
			if slices.Contains(office, who) || slices.Contains(named, who) {
				want = http.StatusOK
			}
			if status != want {
				t.Errorf("%s: the page of scans gives %d", who, status)
			}
			for _, path := range []string{look, look + "/1", look + "/1?as=hidden", waiting, waiting + "/1"} {
				if who == "reader1" && strings.HasPrefix(path, look) || who == "keeper1" && strings.HasPrefix(path, waiting) {
					continue
				}
				if rec := w.get(who, path); rec.Code != http.StatusNotFound || strings.HasPrefix(rec.Header().Get("Content-Type"), "image/") {
					t.Errorf("%s at somebody else's %s: %d", who, path, rec.Code)
				}
			}
			if slices.Contains(named, who) {
				continue
			}
			for path, form := range map[string][]string{home + "/open": {"open_items", "1", "open_reason", why}, "/reception/sealed/case1/scan-copies/open": {"read_items", "1", "read_reason", why},
				look: append(slices.Clone(top), "make", "1"), waiting: {"yes", "1", "looked", "1"}, "/reception/sealed/case1/scan-copies/1/withdraw": {}} {
				if status, _ := w.post(t, who, path, form...); status != http.StatusNotFound {
					t.Errorf("%s posts to %s: %d", who, path, status)
				}
			}
			if status, _ := w.upload(t, who, "", upload{"a.jpg", photo(t)}); status != http.StatusNotFound {
				t.Errorf("%s adds a scan: %d", who, status)
			}
		}
		if rec := w.get("", home); rec.Code == http.StatusOK {
			t.Error("nobody opens the page of scans")
		}
		if after := w.marks(t); after != before {
			t.Errorf("what was refused has changed something: %d, then %d", before, after)
		}
		if n := w.count(t, `SELECT count(DISTINCT person_id) FROM vault_reveals WHERE outcome = 'refused'`); n != 11 { // six of the office, five of the wards
			t.Errorf("the refused attempts of %d people are kept", n)
		}
		w.ends(t, look)
	})
}

// marks counts what an act that is refused must not change.
func (w *world) marks(t testing.TB) int {
	return w.count(t, `SELECT (SELECT count(*) FROM reception_scan_copies WHERE state = 'waiting') + 100 * (SELECT count(*) FROM vault_items) + 10000 * (SELECT count(*) FROM reception_scan_areas)`)
}

// ends: a ticket is good for half an hour, and for who is on the list.
func (w *world) ends(t *testing.T, look string) {
	t.Helper()
	for _, broken := range []string{look + "0", look[:len(look)-1], strings.Replace(look, "/1/look", "/2/look", 1), strings.Replace(look, "case1", "case2", 1)} {
		if rec := w.get("reader1", broken); rec.Code != http.StatusNotFound {
			t.Errorf("a ticket that is none: %d", rec.Code)
		}
	}
	w.Clock.Advance(29 * time.Minute)
	if rec := w.get("reader1", look+"/1"); rec.Code != http.StatusOK {
		t.Errorf("after 29 minutes: %d", rec.Code)
	}
	w.Clock.Advance(time.Minute)
	for _, path := range []string{look, look + "/1"} {
		if rec := w.get("reader1", path); rec.Code != http.StatusConflict {
			t.Errorf("after half an hour: %d", rec.Code)
		}
	}
	if status, page := w.post(t, "reader1", look, append(slices.Clone(top), "make", "1")...); status != http.StatusConflict || !strings.Contains(page, "đã quá 30 phút") {
		t.Errorf("a copy after half an hour: %d", status)
	}
	look = w.open(t, "reader1", "1")
	if status, _ := w.post(t, "keeper1", "/reception/sealed/case1/dismiss", "dismiss_person", "reader1", "dismiss_reason", why); status != http.StatusSeeOther {
		t.Errorf("dismiss: %d", status)
	}
	if rec := w.get("reader1", look+"/1"); rec.Code != http.StatusNotFound {
		t.Errorf("who was dismissed looks on: %d", rec.Code)
	}
}

// TestReasons: no reason, no page.
func TestReasons(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.upload(t, "keeper1", "", upload{"a.jpg", photo(t)})
		for reason, says := range map[string]string{"": "ít nhất 10", "vì": "ít nhất 10", "Gọi số 0987604513 để hẹn gặp": "số điện thoại", "Xem đơn của " + secret: "nhắc lại một thông tin"} {
			status, page := w.post(t, "keeper1", home+"/open", "open_items", "1", "open_reason", reason)
			if status != http.StatusUnprocessableEntity || !strings.Contains(page, says) || strings.Contains(page, "look/") {
				t.Errorf("%q: %d", reason, status)
			}
			if len(reason) > 10 && strings.Contains(page, reason) {
				t.Errorf("%q is shown again", reason)
			}
		}
		for _, scan := range []string{"", "0", "-1", "2", "x", "1; DROP"} {
			if status, _ := w.post(t, "keeper1", home+"/open", "open_items", scan, "open_reason", why); status != http.StatusNotFound && status != http.StatusUnprocessableEntity {
				t.Errorf("scan %q: %d", scan, status)
			}
		}
		told := w.count(t, `SELECT count(*) FROM notify_messages WHERE sentence = 'vault.told_revealed'`)
		look := w.open(t, "keeper1", "1")
		for range 5 {
			w.get("keeper1", look+"/1")
		}
		if n := w.count(t, `SELECT count(*) FROM notify_messages WHERE sentence = 'vault.told_revealed'`) - told; n != 1 {
			t.Errorf("the security officer is told %d times of one opening", n)
		}
	})
}

// TestAreas: what is typed wrong comes back with what was typed.
func TestAreas(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.upload(t, "keeper1", "", upload{"a.jpg", photo(t)})
		look := w.open(t, "keeper1", "1")
		for _, bad := range [][]string{{"1", "abc", "0", "10", "10"}, {"1", "0", "0", "0", "10"}, {"2", "0", "0", "10", "10"}, {"x", "0", "0", "10", "10"}, {"1", "0", "", "10", "10"}} {
			status, page := w.post(t, "keeper1", look, "page", bad[0], "left", bad[1], "top", bad[2], "width", bad[3], "height", bad[4])
			if status != http.StatusUnprocessableEntity || !strings.Contains(page, `value="`+bad[1]+`"`) {
				t.Errorf("%q: %d", bad, status)
			}
		}
		if status, page := w.post(t, "keeper1", look, "make", "1"); status != http.StatusUnprocessableEntity || !strings.Contains(page, "Chưa có vùng che nào") {
			t.Errorf("a copy with nothing hidden: %d", status)
		}
		if status, _ := w.post(t, "keeper1", look, "make", "1", "none", "1"); status != http.StatusSeeOther {
			t.Errorf("a scan with nothing to hide: %d", status)
		}
		var many []string
		for range 151 {
			many = append(many, top...)
		}
		if status, _ := w.post(t, "keeper1", look, many...); status != http.StatusUnprocessableEntity {
			t.Errorf("151 areas: %d", status)
		}
	})
}

// TestTwoKeepers: two decide at once; one of them does.
func TestTwoKeepers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.upload(t, "keeper1", "", upload{"a.jpg", photo(t)})
		w.post(t, "keeper1", w.open(t, "keeper1", "1"), append(slices.Clone(top), "make", "1")...)
		looks := map[string]string{"keeper1": w.openCopy(t, "keeper1", "1"), "keeper2": w.openCopy(t, "keeper2", "1")}
		var both sync.WaitGroup
		for who, look := range looks {
			both.Go(func() { w.post(t, who, look, "yes", "1", "looked", "1") })
		}
		both.Wait()
		if n := w.count(t, `SELECT count(*) FROM audit_entries WHERE verb = 'scans.release'`); n != 1 {
			t.Errorf("released %d times", n)
		}
		if rec := w.get("chủ-tịch", "/reception/sealed/case1/scan-copies/1"); !bytes.HasPrefix(rec.Body.Bytes(), []byte("%PDF-")) || rec.Code != 200 {
			t.Errorf("the copy: %d", rec.Code)
		}
	})
}

package app_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"html"
	"image"
	"image/png"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/text/unicode/norm"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/testkit/council"
)

// What people may do to a form by mistake, by haste or by malice. Each case asks
// three things: a plain sentence, nothing typed is lost, nothing is half done.

const asked = "Đề nghị nạo vét cống trước số nhà 12 phố Đội Cấn vì nước ngập mỗi khi mưa to."

// voterForm is a petition as a browser sends it.
func voterForm(t testing.TB, w *council.World, change ...string) url.Values {
	form := w.HandInForm(t)
	maps.Copy(form, url.Values{"to": {"city"}, "ward": {"Phường Ba Đình"}, "text": {asked}, "act": {"look"}})
	for i := 0; i+1 < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	return form
}

func say(w *council.World, key string, args ...any) string {
	return w.App.Text.Say(text.Vi, key, args...)
}

// rows counts what an act would leave behind.
func rows(t *testing.T, w *council.World) map[string]int64 {
	t.Helper()
	got := map[string]int64{}
	err := w.App.DB.Read(t.Context(), func(tx *db.Tx) error {
		for _, table := range []string{"cases_cases", "petitions_petitions", "cases_acts", "cases_deadlines", "audit_entries", "documents_papers", "jobs_jobs", "petitions_once", "notify_mails"} {
			n, err := db.One[int64](t.Context(), tx, `SELECT count(*) FROM `+table)
			if err != nil {
				return err
			}
			got[table] = n
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// unchanged looks that nothing was written since before.
func unchanged(t *testing.T, w *council.World, before map[string]int64) {
	t.Helper()
	if after := rows(t, w); !maps.Equal(before, after) {
		t.Errorf("something was written: before %v, after %v", before, after)
	}
}

// wants checks status and sentence.
func wants(t *testing.T, p council.Page, status int, sentence string) {
	t.Helper()
	if p.Status != status || strings.Contains(sentence, "⟦") || !strings.Contains(p.Text(), strings.Join(strings.Fields(sentence), " ")) {
		t.Errorf("%s: status %d, want %d and %q:\n%s", p.URL, p.Status, status, sentence, short(p.Text()))
	}
}

func short(s string) string {
	if len(s) > 3000 {
		return s[:3000] + "…"
	}
	return s
}

// keeps looks that what was typed stands on the page, in a field or to be sent again.
func keeps(t *testing.T, p council.Page, typed ...string) {
	t.Helper()
	body := html.UnescapeString(p.Body)
	for _, s := range typed {
		if !strings.Contains(body, s) {
			t.Errorf("%s lost %q", p.URL, short(s))
		}
	}
}

// confirmed sends the look at the petition on, as the voter's second click does.
func confirmed(t *testing.T, b *council.Browser, look council.Page) (sent council.Page, code, key string) {
	t.Helper()
	if look.Status != http.StatusOK {
		t.Fatalf("the form was refused: %d %s", look.Status, short(look.Text()))
	}
	form := look.Hidden()
	form.Set("act", "send")
	sent = b.Post(t, "/kien-nghi/gui", form)
	m := receiptLink.FindStringSubmatch(sent.URL)
	if m == nil {
		t.Fatalf("no receipt: %d %s", sent.Status, short(sent.Text()))
	}
	return sent, m[1], m[2]
}

func caseOf(t *testing.T, w *council.World, code string) (c *cases.Case) {
	t.Helper()
	err := w.App.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		c, err = cases.ByCode(t.Context(), tx, code)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestBadText: what cannot be taken comes back with a sentence beside the field.
func TestBadText(t *testing.T) {
	t.Parallel()
	council.Each(t, func(t *testing.T, w *council.World) {
		long := strings.Repeat("Đường hỏng. ", 200_000/12) // 12 characters each
		over := strings.Repeat("Đường hỏng. ", 200_000/12+10)
		before := rows(t, w)
		for name, c := range map[string]struct {
			form     url.Values
			sentence string
			kept     []string
		}{
			"empty":           {voterForm(t, w, "text", "", "name", "Cử tri Ba Đình"), say(w, "petitions.text_empty"), []string{`value="Cử tri Ba Đình"`, `list="wards" value="Phường Ba Đình"`}},
			"spaces":          {voterForm(t, w, "text", " \n\t \u200b"), say(w, "petitions.text_empty"), []string{`list="wards" value="Phường Ba Đình"`}},
			"a word":          {voterForm(t, w, "text", "Đường hỏng"), say(w, "petitions.text_short", "min", 20), []string{"Đường hỏng"}},
			"signs only":      {voterForm(t, w, "text", "!!!! ???? .... ---- ++++ ****"), say(w, "petitions.text_short", "min", 20), []string{"!!!! ????"}},
			"200,000 letters": {voterForm(t, w, "text", long), say(w, "petitions.text_long", "max", "20.000", "have", text.Number(text.Vi, int64(len([]rune(strings.TrimSpace(long)))))), []string{strings.TrimSpace(long)}},
			"more than that":  {voterForm(t, w, "text", over, "name", "Nguyễn Văn Dài"), say(w, "web.field_too_long", "max", "200.000", "n", text.Number(text.Vi, int64(len([]rune(strings.TrimSpace(over)))))), []string{strings.TrimSpace(over), "Nguyễn Văn Dài"}},
			"no consent":      {voterForm(t, w, "name", "Nguyễn Thị Kín"), say(w, "petitions.consent_needed"), []string{asked, "Nguyễn Thị Kín"}},
			"a wrong phone":   {voterForm(t, w, "phone", "không có", "consent", "1"), say(w, "petitions.phone_wrong"), []string{asked, "không có"}},
			"no addressee":    {voterForm(t, w, "to", "cả hai"), say(w, "petitions.addressee_empty"), []string{asked}},
			"no ward":         {voterForm(t, w, "ward", "  "), say(w, "petitions.ward_empty"), []string{asked}},
			"an unknown ward": {voterForm(t, w, "ward", "Phường Không Có"), say(w, "org.no_such_unit", "name", "Phường Không Có"), []string{asked, `value="Phường Không Có"`}},
			"a divided ward": {voterForm(t, w, "ward", "Phường Đội Cấn"), say(w, "org.unit_divided", "name", "Phường Đội Cấn", "choices", "Phường Ba Đình, Phường Ngọc Hà"),
				[]string{asked, `value="Phường Đội Cấn"`}},
		} {
			t.Run(name, func(t *testing.T) {
				for _, act := range []string{"look", "send"} {
					form := maps.Clone(c.form)
					form.Set("act", act)
					p := w.Browse(t, "").Post(t, "/kien-nghi/gui", form)
					wants(t, p, http.StatusUnprocessableEntity, c.sentence)
					keeps(t, p, c.kept...)
				}
				unchanged(t, w, before)
			})
		}
	})
}

// TestStrangeText: what can be taken is taken, made clean, and shown as text
// wherever it is shown.
func TestStrangeText(t *testing.T) {
	t.Parallel()
	council.Each(t, func(t *testing.T, w *council.World) {
		clerk := w.Browse(t, "văn-thư")
		for name, c := range map[string]struct{ typed, stored string }{
			"control characters": {"Đường\x00 hỏng\x1b[31m nặng\x07, đề nghị\x7f sửa\u200b chữa gấp.", "Đường hỏng[31m nặng, đề nghị sửa chữa gấp."},
			"decomposed letters": {norm.NFD.String(asked), asked},
			"line ends":          {"Đường hỏng nhiều năm.\r\nĐề nghị sửa chữa sớm.\rXin cảm ơn.", "Đường hỏng nhiều năm.\nĐề nghị sửa chữa sớm.\nXin cảm ơn."},
			"TCVN3": {"®\u00adêng liªn x· bÞ ngËp, d©n sè cña c¸c ph\u00adêng hµng b¹c, hµng bå kh«ng ®i l¹i ®\u00adîc",
				"đường liên xã bị ngập, dân số của các phường hàng bạc, hàng bồ không đi lại được"},
			"emoji":            {"Đường hỏng nặng 😡🚧👍🏽, đề nghị sửa sớm 🇻🇳.", "Đường hỏng nặng 😡🚧👍🏽, đề nghị sửa sớm 🇻🇳."},
			"markup":           {`<script>alert(1)</script><img src=x onerror=alert(2)> "Đường" & 'ngõ' hỏng {{7*7}} ${x} %3Cb%3E`, `<script>alert(1)</script><img src=x onerror=alert(2)> "Đường" & 'ngõ' hỏng {{7*7}} ${x} %3Cb%3E`},
			"turned direction": {"Đề nghị sửa \u202Egnôđ gnờưđ\u202C và cống\u2066 thoát\u2069 nước\u200f.", "Đề nghị sửa gnôđ gnờưđ và cống thoát nước."},
		} {
			t.Run(name, func(t *testing.T) {
				b := w.Browse(t, "")
				look := b.Post(t, "/kien-nghi/gui", voterForm(t, w, "text", c.typed))
				_, code, key := confirmed(t, b, look)
				w.Work(t)
				id := caseOf(t, w, code).ID
				pages := []council.Page{look, b.Get(t, "/kien-nghi/bien-nhan/"+code+"?key="+key), b.Get(t, "/kien-nghi/"+code+"?key="+key), b.Get(t, "/kien-nghi/theo-doi/"+code),
					clerk.Get(t, "/petitions"), clerk.Get(t, "/petitions/"+id), clerk.Get(t, "/petitions/"+id+"/classification"), clerk.Get(t, "/search?q="+url.QueryEscape("đường hỏng"))}
				for i, p := range pages {
					if p.Status != http.StatusOK || strings.Contains(p.Body, "<script>alert") || strings.Contains(p.Body, "<img src=x") || strings.ContainsAny(p.Body, "\x00\x1b\x07\u202e") {
						t.Errorf("page %d (%s): %d, or it holds what was typed as it was typed", i, p.URL, p.Status)
					}
				}
				want := strings.Join(strings.Fields(c.stored), " ")
				for _, i := range []int{0, 2, 5} {
					if !strings.Contains(pages[i].Text(), want) {
						t.Errorf("page %d (%s) does not say %q", i, pages[i].URL, want)
					}
				}
				if pdf := b.Get(t, "/kien-nghi/bien-nhan/"+code+"/bien-nhan.pdf?key="+key); pdf.Status != http.StatusOK || !strings.HasPrefix(pdf.Body, "%PDF-") {
					t.Errorf("the receipt on paper: %d", pdf.Status)
				}
			})
		}
	})
}

// TestFormerWard: the name of a ward that went into another is understood, and
// the page says which it is today.
func TestFormerWard(t *testing.T) {
	t.Parallel()
	council.Each(t, func(t *testing.T, w *council.World) {
		for _, written := range []string{"Phường Trúc Bạch", "truc bach", "  PHƯỜNG TRÚC BẠCH ", norm.NFD.String("Phường Trúc Bạch")} {
			b := w.Browse(t, "")
			look := b.Post(t, "/kien-nghi/gui", voterForm(t, w, "ward", written))
			wants(t, look, http.StatusOK, "Phường Ba Đình")
			_, code, _ := confirmed(t, b, look)
			if got := caseOf(t, w, code).UnitCode; got != "00004" {
				t.Errorf("%q: unit %s", written, got)
			}
		}
	})
}

func zipFile(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if _, err := z.Create("don.exe"); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngFile(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// hugePNG states a size and holds nothing.
func hugePNG(side uint32) []byte {
	head := binary.BigEndian.AppendUint32([]byte("IHDR"), side)
	head = append(binary.BigEndian.AppendUint32(head, side), 8, 6, 0, 0, 0)
	b := binary.BigEndian.AppendUint32([]byte("\x89PNG\r\n\x1a\n"), 13)
	return binary.BigEndian.AppendUint32(append(b, head...), crc32.ChecksumIEEE(head))
}

func scriptPDF(t *testing.T) []byte {
	t.Helper()
	p := fpdf.New("P", "mm", "A4", "")
	p.AddPage()
	p.SetJavascript("app.alert(1)")
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestBadFiles: each bad file is named with what is wrong; the text stays, and
// a good file sent afterwards goes with it.
func TestBadFiles(t *testing.T) {
	t.Parallel()
	council.Each(t, func(t *testing.T, w *council.World) {
		good := pngFile(t)
		many := map[string][]byte{}
		for i := range 6 {
			many[fmt.Sprintf("anh-%d.png", i)] = good
		}
		before := rows(t, w)
		for name, c := range map[string]struct {
			files    map[string][]byte
			status   int
			sentence string
		}{
			"a zip named .pdf":  {map[string][]byte{"don.pdf": zipFile(t)}, 422, say(w, "documents.mismatch", "name", "don.pdf", "ending", ".pdf")},
			"a picture bomb":    {map[string][]byte{"bom.png": hugePNG(30_000)}, 422, say(w, "documents.pixels", "name", "bom.png", "max", 50)},
			"a PDF with script": {map[string][]byte{"don.pdf": scriptPDF(t)}, 422, say(w, "documents.script", "name", "don.pdf")},
			"six files":         {many, 422, say(w, "web.files_too_many", "max", 5)},
			"an empty file":     {map[string][]byte{"trong.pdf": {}}, 422, say(w, "documents.empty", "name", "trong.pdf")},
			"a program":         {map[string][]byte{"anh.png.exe": []byte("MZ\x90\x00 this program cannot be run")}, 422, say(w, "documents.type", "name", "anh.png.exe")},
			"a path as name":    {map[string][]byte{"../../../etc/passwd.pdf": zipFile(t)}, 422, say(w, "documents.mismatch", "name", "passwd.pdf", "ending", ".pdf")},
		} {
			t.Run(name, func(t *testing.T) {
				b := w.Browse(t, "")
				p := b.Upload(t, "/kien-nghi/gui", voterForm(t, w), c.files)
				wants(t, p, c.status, c.sentence)
				keeps(t, p, asked, `name="ward" type="text" list="wards" value="Phường Ba Đình"`)
				unchanged(t, w, before)
			})
		}
		b := w.Browse(t, "")
		look := b.Upload(t, "/kien-nghi/gui", voterForm(t, w), map[string][]byte{"ảnh cống.png": good})
		unchanged(t, w, before)
		_, code, key := confirmed(t, b, look)
		if p := b.Get(t, "/kien-nghi/"+code+"?key="+key); !strings.Contains(p.Text(), "ảnh cống.png") {
			t.Errorf("the good file did not go with it: %s", short(p.Text()))
		}
	})
}

// TestSentTwice: a double click, a reload and a tired thumb hand in once.
func TestSentTwice(t *testing.T) {
	t.Parallel()
	council.Each(t, func(t *testing.T, w *council.World) {
		b := w.Browse(t, "")
		form := b.Post(t, "/kien-nghi/gui", voterForm(t, w)).Hidden()
		form.Set("act", "send")
		before := rows(t, w)
		pages := make([]council.Page, 6)
		var clicks sync.WaitGroup
		for i := range pages {
			clicks.Go(func() { pages[i] = b.Post(t, "/kien-nghi/gui", form) })
		}
		clicks.Wait()
		pages = append(pages, b.Post(t, "/kien-nghi/gui", form))
		receipts := map[string]bool{}
		for _, p := range pages {
			if p.Status != http.StatusOK || receiptLink.FindString(p.URL) == "" {
				t.Errorf("%d %s: %s", p.Status, p.URL, short(p.Text()))
			}
			receipts[p.URL] = true
		}
		after := rows(t, w)
		if len(receipts) != 1 || after["cases_cases"] != before["cases_cases"]+1 || after["audit_entries"] != before["audit_entries"]+1 {
			t.Errorf("receipts %v; before %v, after %v", slices.Collect(maps.Keys(receipts)), before, after)
		}
	})
}

// handed is a fresh petition at the office.
func handed(t *testing.T, w *council.World) (path string) {
	t.Helper()
	b := w.Browse(t, "")
	_, code, _ := confirmed(t, b, b.Post(t, "/kien-nghi/gui", voterForm(t, w)))
	w.Work(t)
	return "/petitions/" + caseOf(t, w, code).ID
}

func classification(p council.Page, change ...string) url.Values {
	form := url.Values{"field": {"urban.drainage"}, "authority": {"city"}, "newness": {"new"}, "ward": {"00004"}, "body": {"hn-sxd"}, "publish": {"1"}, "points": {"Nạo vét cống phố Đội Cấn"}}
	maps.Copy(form, url.Values{"revision": {p.Hidden().Get("revision")}, "seen": {p.Hidden().Get("seen")}})
	for i := 0; i+1 < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	return form
}

// TestTwoClerks: of two at once the first is heard; the second sees both
// versions and loses nothing. The back button is the same with oneself.
func TestTwoClerks(t *testing.T) {
	t.Parallel()
	council.Each(t, func(t *testing.T, w *council.World) {
		path := handed(t, w) + "/classification"
		first, second := w.Browse(t, "văn-thư"), w.Browse(t, "văn-thư-hai")
		one, two := first.Get(t, path), second.Get(t, path)
		if p := first.Post(t, path, classification(one)); p.Status != http.StatusOK {
			t.Fatalf("%d %s", p.Status, short(p.Text()))
		}
		w.Work(t)
		before := rows(t, w)
		mine := classification(two, "field", "urban.roads", "points", "Vá lại mặt đường phố Đội Cấn", "note", "Đã gọi điện cho cử tri.")
		p := second.Post(t, path, mine)
		wants(t, p, http.StatusConflict, say(w, "ui.version_theirs"))
		wants(t, p, http.StatusConflict, say(w, "petitions.field.urban.drainage"))
		wants(t, p, http.StatusConflict, "Nguyễn Thị Hường")
		keeps(t, p, "Vá lại mặt đường phố Đội Cấn", "Nạo vét cống phố Đội Cấn", "Đã gọi điện cho cử tri.")
		unchanged(t, w, before)

		back := first.Post(t, path, classification(one, "note", "Bấm nút quay lại rồi gửi lần nữa."))
		wants(t, back, http.StatusConflict, say(w, "ui.version_mine"))
		keeps(t, back, "Bấm nút quay lại rồi gửi lần nữa.")
		unchanged(t, w, before)
	})
}

// TestSignInOver: somebody types for long, the sign-in ends meanwhile; the words
// stay on the page and can be sent after signing in again.
func TestSignInOver(t *testing.T) {
	t.Parallel()
	council.Each(t, func(t *testing.T, w *council.World) {
		path := handed(t, w) + "/classification"
		for name, end := range map[string]func(b *council.Browser){
			"ended by another": func(*council.Browser) {
				if err := w.App.Auth.EndAllSignIns(t.Context(), w.People["an-toàn"], "văn-thư"); err != nil {
					t.Fatal(err)
				}
			},
			"too old": func(*council.Browser) { w.Clock.Advance(9 * 24 * time.Hour) },
		} {
			clerk := w.Browse(t, "văn-thư")
			page := clerk.Get(t, path)
			form := classification(page, "note", "Ghi chú dài viết trong cả buổi sáng, không được mất.")
			end(clerk)
			before := rows(t, w)
			p := clerk.Post(t, path, form)
			wants(t, p, http.StatusUnauthorized, say(w, "web.fault_sign_in_kept"))
			keeps(t, p, "Ghi chú dài viết trong cả buổi sáng, không được mất.", "Nạo vét cống phố Đội Cấn")
			unchanged(t, w, before)
			if name == "too old" {
				if p := clerk.Post(t, "/demo/sign-in", url.Values{"person": {"văn-thư"}}); p.Status != http.StatusOK {
					t.Fatalf("%d", p.Status)
				}
				again := p.Hidden()
				if p := clerk.Post(t, path, again); p.Status != http.StatusOK || !strings.Contains(p.Text(), "Ghi chú dài") {
					t.Errorf("sending again: %d %s", p.Status, short(p.Text()))
				}
			}
		}
	})
}

// TestClockSetBack: somebody sets the machine's clock back a day; people go on
// working, and the log still verifies.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	council.Each(t, func(t *testing.T, w *council.World) {
		path := handed(t, w)
		w.Pass(t, 1)
		clerk := w.Browse(t, "văn-thư")
		page := clerk.Get(t, path+"/classification")
		w.Clock.Advance(-24 * time.Hour)
		if p := clerk.Post(t, path+"/classification", classification(page)); p.Status != http.StatusOK {
			t.Fatalf("%d %s", p.Status, short(p.Text()))
		}
		head := w.Browse(t, "lãnh-đạo-văn-phòng")
		if p := head.Post(t, path+"/forwarding", head.Get(t, path+"/forwarding").Hidden()); p.Status != http.StatusOK {
			t.Fatalf("%d %s", p.Status, short(p.Text()))
		}
		handed(t, w)
		w.Pass(t, 2)
		report, err := w.App.Verify(t.Context())
		if err != nil || !report.OK() {
			t.Errorf("the log does not verify: %+v, %v", report.Findings, err)
		}
	})
}

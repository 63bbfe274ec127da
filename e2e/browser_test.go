package e2e_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/testkit"
	"example.vn/hdnd/internal/testkit/council"
)

// house is the standard council with everything running as in the program:
// jobs, search and log work by themselves.
func house(t *testing.T) *council.World {
	t.Helper()
	w := council.Open(t, testkit.SQLiteAddress(t, app.Migrations()...))
	running(t, w.App)
	return w
}

// running starts what app.Run starts beside the server.
func running(t *testing.T, a *app.App) {
	ctx, stop := context.WithCancel(context.Background())
	var working sync.WaitGroup
	for _, run := range []func(context.Context){a.Audit.Run, a.Search.Run, a.Jobs.Run} {
		working.Go(func() { run(ctx) })
	}
	t.Cleanup(func() {
		a.Server.Close()
		stop()
		working.Wait()
	})
}

// photograph is a picture file as a telephone gives it.
func photograph(t *testing.T) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 640, 480))
	for y := range 480 {
		for x := range 640 {
			m.Set(x, y, color.RGBA{uint8(90 + x/8), uint8(110 + y/8), 120, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "ảnh mặt đường.jpg")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const wish = "Mặt đường phố Đội Cấn đoạn trước chợ hư hỏng nặng, nhiều ổ gà gây tai nạn. Đề nghị sửa chữa trước Tết."

// handIn fills the voter's form in, looks at it, sends it, and gives the code
// and the key of the receipt.
func (v *visitor) handIn(picture string) (code, key string) {
	v.t.Helper()
	v.open("/kien-nghi/gui")
	v.takeTime()
	v.pick("to", "city")
	v.fill("text", wish)
	v.fill("ward", "Phường Ba Đình")
	v.fill("name", "Nguyễn Văn Cử")
	v.fill("email", "cutri@example.vn")
	v.tick("consent", "1")
	if picture != "" {
		v.do(chromedp.SetUploadFiles(chromedp.CSS("main input[type=file]"), []string{picture}))
	}
	v.press("main button[name=act][value=look]")
	v.reads(wish, "Phường Ba Đình", "Nguyễn Văn Cử", "cutri@example.vn")
	if picture != "" {
		v.reads(filepath.Base(picture))
	}
	v.press("main button[name=act][value=send]")
	code, key = v.codeAndKey()
	v.reads(code, "Vì sao hạn này?")
	return code, key
}

// takeTime lets as much time go by as a person needs for the form; machines are faster.
func (v *visitor) takeTime() {
	if v.clock != nil {
		v.clock.Advance(10 * time.Second)
	}
}

// TestStory is one petition's whole life, each step on its page by the person
// whose step it is.
func TestStory(t *testing.T) {
	w := house(t)
	ctx, base := chrome(t), w.Server.URL
	person := func(alias string) *visitor {
		v := enter(t, ctx, base, alias, false)
		v.signIn(alias)
		return v
	}
	clerk := person("văn-thư")
	clerk.open("/petitions")
	voter := enter(t, ctx, base, "cử tri", false)
	voter.clock = w.Clock
	voter.open("/")
	voter.press(`main a[href="/kien-nghi/gui"]`)
	code, key := voter.handIn(photograph(t))

	// The clerk's list stood open all the time and was not loaded again.
	since := time.Now()
	clerk.until("the list shows "+code, func() bool { return strings.Contains(clerk.words(), code) })
	if took := time.Since(since); took > time.Second {
		t.Errorf("the clerk's list took %v to show the petition", took)
	} else {
		t.Logf("the clerk's list showed the petition after %v", took)
	}
	byKeys(clerk)

	head := person("lãnh-đạo-văn-phòng")
	head.openCase(code)
	head.press(`main a[href$="/forwarding"]`)
	head.send()
	head.reads("Sở Xây dựng")
	letter(head)

	agency := person("đầu-mối-xây-dựng")
	agency.openCase(code)
	agency.press(`main a[href$="/acceptance"]`)
	agency.fill("planned", "20/12/2026")
	agency.send()
	agency.press(`main a[href$="/assignment"]`)
	agency.choose("post", "post-cán-bộ-xây-dựng")
	agency.send()
	agency.reads("Tạ Quang Huy")
	answers(person("cán-bộ-xây-dựng"), code)

	committee := person("ban-đô-thị")
	committee.openCase(code)
	committee.press(`main a[href$="/judgement"]`)
	committee.reads("kế hoạch duy tu quý I")
	committee.pick("quality", "good")
	committee.send()

	chair := person("chủ-tịch")
	chair.open("/petitions/overview")
	chair.reads("Đã thẩm tra")
	chair.openCase(code)
	chair.press(`main a[href$="/closure"]`)
	chair.fill("note", "Đồng ý kết thúc, theo dõi cam kết.")
	chair.send()

	contests(voter, code, key)
	clerk.openCase(code)
	clerk.reads("mới vá tạm")
	report, err := w.App.Verify(t.Context())
	if err != nil || !report.OK() {
		t.Errorf("the log does not verify: %+v, %v", report.Findings, err)
	}
}

// openCase finds a petition on the work list and opens it.
func (v *visitor) openCase(code string) {
	v.t.Helper()
	v.open("/petitions")
	v.reads(code)
	at := ask[string](v, fmt.Sprintf(`[...document.querySelectorAll("main table a")].find(a => a.textContent.includes(%q))?.getAttribute("href") ?? ""`, code))
	v.press(fmt.Sprintf("main table a[href=%q]", at))
	v.reads(code)
}

// byKeys classifies the first petition of the open list without a mouse.
func byKeys(v *visitor) {
	v.t.Helper()
	v.do(chromedp.KeyEvent("j"))
	v.key(kb.Enter)
	v.tab(`a[href$="/classification"]`)
	v.key(kb.Enter)
	v.tab("select[name=field]")
	v.arrow("urban.roads")
	v.tab("input[name=authority]")
	v.arrow("city")
	v.tab("input[name=newness]")
	v.arrow("new")
	v.tab("select[name=body]")
	v.arrow("hn-sxd")
	v.tab("textarea[name=points]")
	v.do(chromedp.KeyEvent("Sửa mặt đường phố Đội Cấn"))
	v.tab("input[name=publish]")
	if !ask[bool](v, "document.activeElement.checked") {
		v.do(chromedp.KeyEvent(" "))
	}
	v.tab("form[method=post] button.btn-primary")
	v.key(kb.Enter)
	v.reads("Sửa mặt đường phố Đội Cấn", "Sở Xây dựng")
}

// tab goes on with the tabulator until the focus is there, and can be seen.
func (v *visitor) tab(selector string) {
	v.t.Helper()
	for range 120 {
		v.do(chromedp.KeyEvent(kb.Tab))
		if ask[bool](v, fmt.Sprintf("document.activeElement.matches(%q)", "main "+selector)) {
			if !ask[bool](v, `(e => { const s = getComputedStyle(e); return e.matches(":focus-visible") && (s.outlineStyle !== "none" || s.boxShadow !== "none") })(document.activeElement)`) {
				v.t.Errorf("%s at %s: nobody sees that %s has the focus", v.name, v.where(), selector)
			}
			return
		}
	}
	v.fatal("the tabulator does not reach %s", selector)
}

// arrow walks a list or a group of buttons to a value.
func (v *visitor) arrow(value string) {
	v.t.Helper()
	for range 200 {
		switch {
		case ask[string](v, "document.activeElement.value") != value:
			v.do(chromedp.KeyEvent(kb.ArrowDown))
		case ask[bool](v, `document.activeElement.type === "radio" && !document.activeElement.checked`):
			v.do(chromedp.KeyEvent(" "))
		default:
			return
		}
	}
	v.fatal("the arrows do not reach %s", value)
}

// letter opens the transfer letter, which is drawn a moment after forwarding
// and appears on the open page by itself.
func letter(v *visitor) {
	v.t.Helper()
	v.reads("Xem phiếu chuyển (PDF)")
	said := pdfText(v, `li:has(strong) > a[href*="/papers/"]`)
	for _, want := range []string{"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Kính gửi: Sở Xây dựng", "01/PC-VP", "Sửa mặt đường phố Đội Cấn"} {
		if !strings.Contains(said, want) {
			v.t.Errorf("the letter does not say %q: %s", want, said)
		}
	}
}

// answers is the officer's reply with its evidence.
func answers(v *visitor, code string) {
	v.t.Helper()
	v.openCase(code)
	v.press(`main a[href$="/answer"]`)
	v.fill("reply_1", "Sở đã đưa đoạn đường vào kế hoạch duy tu quý I năm 2027, trước mắt vá các ổ gà.")
	v.choose("outcome_1", "underway")
	v.fill("promised_1", "31/03/2027")
	v.fill("document", "1234/SXD-QLHT ngày 16/11/2026")
	v.do(chromedp.SetUploadFiles(chromedp.CSS("main input[type=file]"), []string{photograph(v.t)}))
	v.send()
	v.reads("kế hoạch duy tu quý I", "1234/SXD-QLHT")
}

// contests looks the petition up by its code and does not accept the answer.
func contests(v *visitor, code, key string) {
	v.t.Helper()
	v.open("/kien-nghi/tra-cuu")
	v.fill("code", strings.ToLower(strings.ReplaceAll(code, "-", " ")))
	v.press("main form button.btn-primary")
	v.reads(code, "kế hoạch duy tu quý I")
	if strings.Contains(v.words(), "Nguyễn Văn Cử") || strings.Contains(v.words(), "cutri@example.vn") {
		v.t.Error("the code alone shows who the voter is")
	}
	v.open("/kien-nghi/" + code + "?key=" + key)
	v.fill("note", "Đơn vị thi công mới vá tạm, mưa một trận lại hỏng như cũ.")
	v.send()
	v.reads("Đã nhận ý kiến của Ông/Bà")
}

// pdfOf fetches a linked PDF as the reader's browser gets it.
func pdfOf(v *visitor, selector string) []byte {
	v.t.Helper()
	v.until("the paper is linked", func() bool { return ask[bool](v, fmt.Sprintf("document.querySelector(%q) !== null", "main "+selector)) })
	got := ask[string](v, fmt.Sprintf(`fetch(document.querySelector(%q).href).then(r => r.ok ? r.blob() : Promise.reject(r.status)).then(
		b => new Promise(done => { const f = new FileReader(); f.onload = () => done(f.result); f.readAsDataURL(b) }))`, "main "+selector))
	_, encoded, _ := strings.Cut(got, ";base64,")
	b, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || !bytes.HasPrefix(b, []byte("%PDF-")) {
		v.fatal("this is no PDF: %.60s %v", got, err)
	}
	return b
}

func pdfText(v *visitor, selector string) string {
	v.t.Helper()
	cmd := exec.Command("pdftotext", "-layout", "-", "-")
	cmd.Stdin = bytes.NewReader(pdfOf(v, selector))
	out, err := cmd.Output()
	if err != nil {
		v.t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}

// TestSavedFilter: what one types filters the list at once, and is what "save
// this filter" keeps.
func TestSavedFilter(t *testing.T) {
	w := house(t)
	v := enter(t, chrome(t), w.Server.URL, "văn-thư", false)
	v.clock = w.Clock
	code, _ := v.handIn("")
	v.signIn("văn-thư")
	v.open("/petitions")
	v.reads(code)
	v.fill("q", "nghĩa trang liệt sĩ")
	v.until("the list is filtered", func() bool { return !strings.Contains(v.words(), code) })
	v.fill("q", "doi can")
	v.reads(code)
	v.do(chromedp.Click(chromedp.CSS("main .view-save summary")), chromedp.SendKeys(chromedp.CSS("#f-name"), "Phố Đội Cấn"))
	v.press("main .view-save form button")
	v.press(`main .view a[href*="q=doi+can"]`)
	v.reads(code, "Phố Đội Cấn")
}

// TestWithoutScript goes the main path with scripts switched off.
func TestWithoutScript(t *testing.T) {
	w := house(t)
	ctx, base := chrome(t), w.Server.URL
	person := func(alias string) *visitor {
		v := enter(t, ctx, base, alias, true)
		v.signIn(alias)
		return v
	}
	voter := enter(t, ctx, base, "cử tri", true)
	voter.clock = w.Clock
	code, key := voter.handIn(photograph(t))
	voter.open("/kien-nghi/tra-cuu")
	voter.fill("code", code)
	voter.press("main form button.btn-primary")
	voter.reads(code)
	clerk := person("văn-thư")
	clerk.openCase(code)
	clerk.press(`main a[href$="/classification"]`)
	clerk.choose("field", "urban.roads")
	clerk.pick("authority", "city")
	clerk.pick("newness", "new")
	clerk.choose("body", "hn-sxd")
	clerk.fill("points", "Sửa mặt đường phố Đội Cấn")
	clerk.pick("publish", "1")
	clerk.send()
	for _, step := range []struct {
		who, noun string
		do        func(v *visitor)
	}{
		{"lãnh-đạo-văn-phòng", "forwarding", nil},
		{"giám-đốc-xây-dựng", "acceptance", nil},
		{"ban-đô-thị", "judgement", func(v *visitor) { v.pick("quality", "good") }},
		{"thường-trực", "closure", nil},
	} {
		v := person(step.who)
		v.openCase(code)
		v.press(fmt.Sprintf("main a[href$=%q]", "/"+step.noun))
		if step.do != nil {
			step.do(v)
		}
		v.send()
		if step.noun == "acceptance" {
			answers(v, code)
		}
	}
	voter.open("/kien-nghi/" + code + "?key=" + key)
	voter.reads("kế hoạch duy tu quý I", w.App.Text.Say("vi", "petitions.contest_title"))
}

package e2e_test

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestPictures takes the pictures of the README from the demonstration council.
// Without HDND_PICTURES it only looks that each can be taken.
func TestPictures(t *testing.T) {
	base := demonstration(t)
	ctx := chrome(t)
	p := pictures{t: t, folder: os.Getenv("HDND_PICTURES")}
	if p.folder != "" && !filepath.IsAbs(p.folder) {
		p.folder = filepath.Join("..", p.folder)
	}
	guest := enter(t, ctx, base, "khách", false)
	guest.open("/sign-in")
	p.take(guest, "sign-in-demo", 1440, 900)
	p.ofVoter(enter(t, ctx, base, "cử tri", false))
	clerk := enter(t, ctx, base, "văn thư", false)
	clerk.signIn("p-hn-clerk-1")
	p.ofClerk(clerk)
	chair := enter(t, ctx, base, "chủ tịch", false)
	chair.signIn("p-hn-chair")
	chair.open("/petitions/overview")
	p.take(chair, "chair-overview", 1440, 900)
	for _, g := range guides {
		v := enter(t, ctx, base, g.person, false)
		if g.person != "" {
			v.signIn(g.person)
		}
		for _, s := range g.shots {
			p.show(v, s, g.phone)
		}
	}
}

type pictures struct {
	t      *testing.T
	folder string
}

func (p pictures) ofVoter(v *visitor) {
	p.t.Helper()
	v.do(chromedp.EmulateViewport(390, 844))
	v.open("/kien-nghi/gui")
	v.fill("text", wish)
	v.fill("ward", "Phường Ba Đình")
	p.take(v, "voter-form-phone", 390, 844)
	code, key := v.handIn("")
	p.take(v, "receipt-phone", 390, 844)
	v.until("the log has placed the petition", func() bool {
		v.open("/kien-nghi/bien-nhan/" + code + "?key=" + key)
		return strings.Contains(v.words(), "Đã có chỗ") || ask[bool](v, `document.querySelector("#proof pre").textContent.includes("c2sp.org/tlog-proof")`)
	})
	p.paper(v, "receipt-pdf", `a[href*="bien-nhan.pdf"]`)
}

func (p pictures) ofClerk(v *visitor) {
	p.t.Helper()
	v.open("/petitions")
	p.take(v, "clerk-list", 1440, 900)
	p.take(v, "phone-list", 390, 844)
	v.cookie("theme", "dark")
	v.open("/petitions")
	p.take(v, "dark-list", 1440, 900)
	v.cookie("theme", "light")
	v.open(v.find(place{"/petitions?state=accepted&sort=due", "/petitions/*", "/petitions/*/deadlines/*"}))
	p.take(v, "why-this-date", 1440, 900)
	v.open(v.find(place{"/petitions?state=closed", "/petitions/*"}))
	p.take(v, "case-page", 1440, 900)
	p.paper(v, "letter-pdf", `li:has(strong) > a[href*="/papers/"]`)
}

// shot is a picture of a guide: where it is taken, the heading that the page is
// scrolled to, and what is typed before. A step "~words" of the way is the link
// in the row that has these words.
type shot struct {
	name string
	way  []string
	at   string
}

// guides are the pictures of docs/guides, by the person who sees them.
var guides = []struct {
	person string
	phone  bool
	shots  []shot
}{
	{"p-hn-clerk-1", false, []shot{
		{"vt-ban-lam-viec", []string{"/desk"}, ""},
		{"vt-phan-loai", []string{"/petitions?state=received", "~Cây xà cừ", "/petitions/*/classification"}, ""},
		{"vt-trung", []string{"/petitions?state=received", "~Rào chắn thi công", "/petitions/*/similar"}, ""},
		{"vt-tiep-xuc", []string{"/intake/meetings", "~phường Ba Đình"}, "Ghi nhanh ý kiến"},
		{"vt-excel", []string{"/intake/imports", "~To dai bieu"}, ""},
		{"vt-don-doc", []string{"/petitions/reminders"}, ""},
		{"vt-cho-xem-xet", []string{"/petitions/gate/held"}, ""},
		{"vt-cau-hinh", []string{"/petitions/settings", "~trạm sạc"}, ""},
	}},
	{"p-hn-clerk-1", false, []shot{
		{"tcd-lich", []string{"/reception/schedule"}, ""},
		{"tcd-quay", []string{"/reception/desk"}, ""},
		{"tcd-so", []string{"/reception/log"}, ""},
		{"tcd-don", []string{"/reception/letters"}, ""},
		{"tcd-dai-bieu", []string{"/reception/deputies"}, ""},
	}},
	{"p-hn-head", false, []shot{
		{"tcd-ky", []string{"/reception/letters?state=proposed", "~Đơn số"}, ""},
		{"tcd-chuyen-de", []string{"/reception/watchlists", "/reception/watchlists/*"}, ""},
		{"tcd-thoi-han", []string{"/reception/limits"}, ""},
	}},
	{"p-sxd-clerk", false, []shot{
		{"cq-ban-lam-viec", []string{"/desk"}, ""},
		{"cq-tiep-nhan", []string{"/petitions?state=forwarded", "/petitions/*"}, ""},
		{"cq-nhieu", []string{"/petition-replies"}, ""},
	}},
	{"p-sxd-handler-1", false, []shot{{"cq-tra-loi", []string{"/petitions?state=accepted", "~Mỗi khi mưa trên 50", "/petitions/*/answer"}, ""}}},
	{"p-snnmt-clerk", false, []shot{{"cq-phoi-hop", []string{"/petition-shares", "/petition-shares/*"}, ""}}},
	{"p-ptqd-clerk", false, []shot{{"cq-don-doc", []string{"/petitions/reminders/received", "/petition-reminders/*"}, ""}}},
	{"p-sxd-head", false, []shot{
		{"cq-loi-hua", []string{"/petitions/promises"}, ""},
		{"cq-diem", []string{"/petitions/reminders/league"}, ""},
	}},
	{"p-hn-urban-head", false, []shot{
		{"ban-danh-sach", []string{"/petitions?state=answered"}, ""},
		{"ban-tham-tra", []string{"/petitions?state=answered", "~khu tập thể cũ", "/petitions/*/judgement"}, ""},
		{"ban-lich-su", []string{"/petitions?state=accepted", "~xã Sóc Sơn đã có đèn", "/petitions/*/memory"}, ""},
		{"ban-bao-cao", []string{"/reports/petitions"}, ""},
	}},
	{"p-hn-chair", false, []shot{
		{"ct-ket-thuc", []string{"/petitions?state=judged", "/petitions/*", "/petitions/*/closure"}, ""},
		{"ct-tranh-chap", []string{"/petition-disputes", "/petition-disputes/*"}, ""},
		{"ct-xep-hang", []string{"/petitions/reminders/league"}, "Kết quả theo cơ quan"},
		{"ct-hai-long", []string{"/petitions/satisfaction"}, ""},
		{"ct-loi-hua", []string{"/petitions/promises"}, ""},
	}},
	{"", true, []shot{
		{"ctri-trang-dau", []string{"/"}, ""},
		{"ctri-tra-cuu", []string{"/kien-nghi/tra-cuu"}, ""},
		{"ctri-theo-doi", []string{"/kien-nghi?state=closed", "/kien-nghi/KN*"}, ""},
		{"ctri-vi-sao", []string{"/kien-nghi?state=closed", "/kien-nghi/KN*", "/kien-nghi/han/*/*"}, ""},
		{"ctri-kiem-tra", []string{"/bien-nhan/kiem-tra"}, ""},
	}},
	{"p-hn-deputy-1", false, []shot{
		{"db-ban-lam-viec", []string{"/desk"}, ""},
		{"db-theo-dai-bieu", []string{"/petitions/deputies"}, ""},
		{"db-cua-toi", []string{"/petitions/deputies", "/intake/deputies/*"}, ""},
	}},
	{"p-hn-deputy-4", false, []shot{{"db-don", []string{"/reception/deputies"}, ""}}},
	{"p-hn-deputy-1", true, []shot{{"db-dien-thoai", []string{"/desk"}, ""}}},
}

// show takes a picture of a guide.
func (p pictures) show(v *visitor, s shot, phone bool) {
	p.t.Helper()
	at := s.way[0]
	for _, next := range s.way[1:] {
		if words, row := strings.CutPrefix(next, "~"); row {
			v.do(chromedp.Navigate(v.base + at))
			at = ask[string](v, fmt.Sprintf(`(a => a ? a.getAttribute("href") : "")([...document.querySelectorAll("main a[href]")].find(
				a => (a.closest("tr, li, article") ?? a).innerText.includes(%q) && !a.getAttribute("href").includes("?")))`, words))
			if at == "" {
				v.fatal("no row with %s", words)
			}
			continue
		}
		at = v.find(place{at, next})
	}
	width, height := int64(1200), int64(800)
	if slices.Contains([]string{"vt-don-doc", "ct-xep-hang", "db-theo-dai-bieu", "tcd-so", "tcd-don"}, s.name) {
		width, height = 1600, 900 // wide tables
	}
	if phone {
		width, height = 390, 844
	}
	v.do(chromedp.EmulateViewport(width, height, chromedp.EmulateScale(1)))
	v.open(at)
	ask[bool](v, "document.fonts.ready.then(() => true)")
	ask[bool](v, fmt.Sprintf(`new Promise(done => {
		document.activeElement.blur();
		const heading = [...document.querySelectorAll("main h2, main h3")].find(h => %[1]q !== "" && h.innerText.includes(%[1]q));
		scrollTo({top: heading ? heading.getBoundingClientRect().top + scrollY - 80 : 0, behavior: "instant"});
		requestAnimationFrame(() => requestAnimationFrame(() => done(true)));
	})`, s.at))
	v.fine()
	picture, err := chromedp.Run(v.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	p.keep(s.name, picture)
}

// take photographs what the window shows.
func (p pictures) take(v *visitor, name string, width, height int64) {
	p.t.Helper()
	v.do(chromedp.EmulateViewport(width, height, chromedp.EmulateScale(1)))
	ask[bool](v, "document.fonts.ready.then(() => true)")
	v.until("the page stands at its top", func() bool {
		return ask[bool](v, `new Promise(done => {
			document.activeElement.blur();
			scrollTo({top: 0, behavior: "instant"});
			requestAnimationFrame(() => requestAnimationFrame(() => done(scrollY === 0 && visualViewport.offsetTop === 0)));
		})`)
	})
	v.fine()
	picture, err := chromedp.Run(v.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	p.keep(name, picture)
}

// paper draws the first page of a linked PDF.
func (p pictures) paper(v *visitor, name, selector string) {
	p.t.Helper()
	cmd := exec.Command("pdftoppm", "-png", "-r", "80", "-singlefile", "-")
	cmd.Stdin = bytes.NewReader(pdfOf(v, selector))
	picture, err := cmd.Output()
	if err != nil {
		p.t.Fatalf("pdftoppm: %v", err)
	}
	p.keep(name, picture)
}

func (p pictures) keep(name string, picture []byte) {
	p.t.Helper()
	m, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		p.t.Fatalf("%s: %v", name, err)
	}
	small := fewColours(m)
	if len(small.Palette) < 8 {
		p.t.Errorf("%s: the picture is empty", name)
	}
	if p.folder == "" {
		return
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.folder, name+".png"), out.Bytes(), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// fewColours keeps the most frequent colours of a picture, which are nearly all
// of a page's, and takes the nearest of them for the others.
func fewColours(m image.Image) *image.Paletted {
	const most = 64
	counts := map[color.RGBA]int{}
	at := func(x, y int) color.RGBA {
		r, g, b, _ := m.At(x, y).RGBA()
		return color.RGBA{uint8(r>>8) & 0xfc, uint8(g>>8) & 0xfc, uint8(b>>8) & 0xfc, 0xff}
	}
	area := m.Bounds()
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			counts[at(x, y)]++
		}
	}
	all := slices.Collect(maps.Keys(counts))
	slices.SortFunc(all, func(a, b color.RGBA) int {
		return cmp.Or(counts[b]-counts[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B))
	})
	var few color.Palette
	for _, c := range all[:min(len(all), most)] {
		few = append(few, color.RGBA{c.R | c.R>>6, c.G | c.G>>6, c.B | c.B>>6, 0xff})
	}
	small, place := image.NewPaletted(area, few), map[color.RGBA]uint8{}
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			c := at(x, y)
			i, known := place[c]
			if !known {
				i = uint8(few.Index(c))
				place[c] = i
			}
			small.SetColorIndex(x, y, i)
		}
	}
	return small
}

package e2e_test

import (
	"bytes"
	"fmt"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
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
	colours := map[string]bool{}
	for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y += 7 {
		for x := m.Bounds().Min.X; x < m.Bounds().Max.X; x += 7 {
			colours[fmt.Sprint(m.At(x, y))] = true
		}
	}
	if len(colours) < 8 {
		p.t.Errorf("%s: the picture is empty", name)
	}
	if p.folder == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(p.folder, name+".png"), picture, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

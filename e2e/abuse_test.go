package e2e_test

import (
	"net/netip"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/testkit"
)

// lowLimits are the shipped limits but for single addresses: the second sending
// is asked to prove itself, the eighth is refused.
func lowLimits(t *testing.T) string {
	t.Helper()
	shipped, err := os.ReadFile("../internal/modules/petitions/gate/limits.toml")
	if err != nil {
		t.Fatal(err)
	}
	low := regexp.MustCompile(`(?s)(\[edition\.address[46]\]\nburst = )[^\n]*`).ReplaceAllString(string(shipped), "${1}{ask = 2, hold = 6, stop = 8}")
	if strings.Count(low, "ask = 2, hold = 6, stop = 8") != 2 {
		t.Fatal("the limits are not what this test knows")
	}
	return low
}

// TestAbuse: from one address come more and more petitions. The browser proves
// by work that it is none of a machine, without scripts the voter waits; what
// fills fields that nobody sees waits for the clerk; a flood is refused.
func TestAbuse(t *testing.T) {
	t.Parallel()
	own := netip.MustParsePrefix("127.0.0.0/8")
	s := beginWith(t, testkit.SQLiteAddress(t, app.Migrations()...), app.Config{GateLimits: lowLimits(t), TrustedProxies: []netip.Prefix{own}})
	voter, plain := s.voter("cử tri", false), s.voter("cử tri không script", true)
	for _, v := range []*visitor{voter, plain} {
		v.from("203.0.113.7")
	}
	first := sends(voter, "Đề nghị sửa mặt đường ngõ 1 phố Đội Cấn.", "")
	sends(voter, "Đề nghị trồng cây ở sân chơi phường Ngọc Hà.", "")
	if proved := looked(voter, "Đề nghị thêm thùng rác ở vườn hoa Vạn Xuân."); !proved {
		t.Error("the third sending from one address is not asked to prove itself")
	}
	voter.lookWell()
	voter.press("main button[name=act][value=send]")
	voter.codeAndKey()

	if proved := looked(plain, "Đề nghị xử lý tiếng ồn quán hát ban đêm."); !proved {
		t.Error("without scripts nothing is asked")
	}
	plain.press("main button[name=act][value=send]")
	plain.reads("Chưa đủ thời gian", "nội dung đã nhập được giữ nguyên")
	s.Clock.Advance(2 * time.Minute)
	plain.press("main button[name=act][value=send]")
	plain.codeAndKey()

	code := sends(voter, "Mua thuốc rẻ tại trang của chúng tôi, giao tận nhà.", "https://quang-cao.example")
	released(s, code)
	clerk := s.as("văn-thư")
	clerk.open("/petitions?q=" + first)
	clerk.lacks("đang chờ xem xét")
	for range 8 {
		if strings.Contains(floods(plain), "hệ thống tạm dừng nhận") {
			return
		}
	}
	t.Error("a flood is not refused")
}

// from has everything come from one address, as a proxy tells it: what comes
// from the machine itself is not limited.
func (v *visitor) from(address string) {
	v.t.Helper()
	_, err := chromedp.Call(v.ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"X-Forwarded-For": address}})
	if err != nil {
		v.t.Fatal(err)
	}
}

// looked fills the form in and looks at it; true when a proof is asked for.
func looked(v *visitor, words string) bool {
	v.t.Helper()
	v.open("/kien-nghi/gui")
	v.takeTime()
	v.pick("to", "city")
	v.fill("text", words)
	v.fill("ward", "Phường Ba Đình")
	v.press("main button[name=act][value=look]")
	return ask[bool](v, `document.querySelector("[data-proof]") !== null`)
}

// sends hands in as a person or, with something in the trap, as a machine does.
func sends(v *visitor, words, trap string) (code string) {
	v.t.Helper()
	v.open("/kien-nghi/gui")
	v.takeTime()
	if trap != "" {
		v.do(chromedp.SetValue(chromedp.CSS("#f-website"), trap))
	}
	v.pick("to", "city")
	v.fill("text", words)
	v.fill("ward", "Phường Ba Đình")
	v.press("main button[name=act][value=look]")
	v.press("main button[name=act][value=send]")
	code, _ = v.codeAndKey()
	return code
}

// released: what waits is not public; the clerk reads why and lets it go.
func released(s *story, code string) {
	s.t.Helper()
	guest := s.voter("người khác", true)
	clerk := s.as("văn-thư")
	clerk.open("/petitions/gate")
	clerk.reads("Đang chờ xem xét")
	clerk.follow("Chờ xem xét")
	clerk.reads(code, "Có nội dung trong ô mà người dùng không nhìn thấy")
	clerk.press("main table tbody a")
	clerk.lacks("Loại bỏ kiến nghị") // for the head to decide
	clerk.button("Cho qua")
	clerk.reads("Đã cho kiến nghị qua.")
	guest.open("/kien-nghi/" + code)
	guest.reads(code)
}

// floods sends without looking at what comes back.
func floods(v *visitor) string {
	v.t.Helper()
	v.open("/kien-nghi/gui")
	v.takeTime()
	v.pick("to", "city")
	v.fill("text", "Đề nghị kiểm tra việc đổ rác trộm ở bãi đất trống cuối ngõ.")
	v.fill("ward", "Phường Ba Đình")
	v.do(chromedp.Click(chromedp.CSS("main button[name=act][value=look]")))
	v.until("there is an answer", func() bool {
		return ask[bool](v, `document.readyState === "complete" && document.querySelector("main button[value=send], .failure") !== null`)
	})
	if ask[bool](v, `document.querySelector("main button[value=send]") !== null`) {
		v.clock.Advance(2 * time.Minute)
		v.do(chromedp.Click(chromedp.CSS("main button[name=act][value=send]")))
		v.until("there is an answer", func() bool {
			return ask[bool](v, `document.readyState === "complete" && document.querySelector("main button[value=send]") === null`)
		})
	}
	return v.words()
}

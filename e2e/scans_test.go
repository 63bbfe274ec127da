package e2e_test

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/modules/reception"
	"example.vn/hdnd/web"
)

const asAssigned = "Che thông tin để chuyển đơn theo phân công"

// TestScans: the scan of a denunciation is sealed, opened with a reason, hidden in
// part by drawing and by typing; the head of the office looks at the copy and
// releases it without scripts; another clerk has the copy and nothing else.
func TestScans(t *testing.T) {
	s := begin(t)
	s.Keepers(t)
	handed, err := s.App.Reception.Register(t.Context(), s.People["văn-thư"], reception.Entry{Kind: reception.Denunciation, Source: reception.ByPost, ReceivedOn: clock.NewDate(2026, 11, 16),
		Senders: []reception.Sender{{Number: 1, Name: "Phan Thị Kín", Address: "Số 9 Hẻm Bí Mật"}}, Respondent: "Đỗ Tham Ô", Summary: "Cán bộ nhận tiền để cấp phép."})
	if err != nil {
		t.Fatal(err)
	}
	home := "/reception/sealed/" + handed.ID
	clerk := s.as("văn-thư")
	addsScan(clerk, home)
	draws(clerk)
	types(s.plain("văn-thư"), home)
	releases(s.plain("lãnh-đạo-văn-phòng"), home)
	other := s.as("văn-thư-hai")
	other.open(home)
	other.follow("Bản quét và bản đã che")
	other.reads("Bản quét 1", "không có tên trong danh sách được biết")
	other.lookWell()
	hidden(t, other.fetch(`a[href*="/scan-copies/"]`))
	clerk.open(home + "/scans")
	clerk.button("Thu hồi")
	clerk.reads("Đã thu hồi bản này")
	other.open(home + "/scans")
	other.reads("Chưa có bản nào được phát hành")
}

// addsScan puts the letter into the compartment and opens it.
func addsScan(v *visitor, home string) {
	v.t.Helper()
	v.open(home)
	v.follow("Bản quét và bản đã che")
	v.lookWell()
	v.upload(keptAs(v.t, "hỏng.pdf", []byte("%PDF-1.7 không phải")))
	v.wrong = true
	v.button("Niêm phong bản quét")
	v.reads("Không mở được tệp thứ 1")
	v.upload(keptAs(v.t, "don Phan Thi Kin.pdf", denouncing(v.t)))
	v.button("Niêm phong bản quét")
	v.reads("Đã niêm phong bản quét", "Bản quét 1")
	v.lacks("Phan Thi Kin.pdf")
	v.tick("open_items", "1")
	v.fill("open_reason", "vì")
	v.wrong = true
	v.button("Mở bản quét")
	v.fill("open_reason", asAssigned)
	v.tick("open_items", "1")
	v.button("Mở bản quét")
	v.reads("Trang 1 trên 2", "Đang mở đến 08:30")
}

// denouncing is a letter of two pages that says who wrote it.
func denouncing(t *testing.T) []byte {
	t.Helper()
	fonts, err := documents.ReadFonts(web.Files)
	if err != nil {
		t.Fatal(err)
	}
	body := []documents.Block{documents.Paragraph{Text: "Tôi là Phan Thị Kín, số 9 Hẻm Bí Mật, xin tố cáo như sau."}}
	for range 30 {
		body = append(body, documents.Paragraph{Text: "Cán bộ địa chính nhận tiền của nhiều hộ để cấp phép xây dựng trái quy định, việc này kéo dài từ năm 2025."})
	}
	var out bytes.Buffer
	err = documents.WriteLetter(&out, fonts, documents.Letter{Head: documents.Head{Issuer: "ĐƠN TỐ CÁO", Date: clock.NewDate(2026, 11, 2)}, Kind: "ĐƠN", Subject: "Phan Thị Kín tố cáo", Body: body})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// draws hides the head of the first page with the mouse.
func draws(v *visitor) {
	v.t.Helper()
	v.until("the page's picture is there", func() bool {
		return ask[bool](v, `(i => i.complete && i.naturalWidth > 1000)(document.querySelector(".scan-page img"))`)
	})
	v.lookWell()
	v.drag(0, 0, 1, 0.28)
	v.until("the row holds what was drawn", func() bool {
		return v.value(`[name=width]`) == "100" && strings.HasPrefix(v.value(`[name=height]`), "2")
	})
	v.drag(0.2, 0.4, 0.5, 0.5)
	if n := ask[int](v, `document.querySelectorAll(".scan-page rect").length`); n != 2 {
		v.t.Errorf("%d areas are drawn", n)
	}
	v.tap(`main [data-area-row]:nth-child(2) [data-area-drop]`)
	if n := ask[int](v, `document.querySelectorAll(".scan-page rect").length`); n != 1 {
		v.t.Errorf("after one was dropped there are %d areas", n)
	}
	v.button("Lưu và xem trước")
	v.reads("Đã lưu các vùng che", "Trang này sau khi che")
	v.lookWell()
}

// drag draws from one corner to another, in parts of the page's picture.
func (v *visitor) drag(x, y, u, w float64) {
	v.t.Helper()
	box := ask[[]float64](v, `(e => { e.scrollIntoView({ block: "start", behavior: "instant" }); scrollBy({ top: -140, behavior: "instant" }); const b = e.getBoundingClientRect(); return [b.left, b.top, b.width, b.height] })(document.querySelector(".scan-page svg"))`)
	at := func(kind input.DispatchMouseEventType, x, y float64) chromedp.Action[chromedp.Void] {
		return chromedp.MouseEvent(kind, box[0]+1+x*(box[2]-2), box[1]+1+y*(box[3]-2), chromedp.ButtonType(input.MouseButtonLeft))
	}
	v.do(at(chromedp.MousePressed, x, y), at(chromedp.MouseMoved, (x+u)/2, (y+w)/2), at(chromedp.MouseMoved, u, w), at(chromedp.MouseReleased, u, w))
}

// tap clicks what leads nowhere.
func (v *visitor) tap(selector string) {
	v.t.Helper()
	v.do(chromedp.Click(chromedp.CSS(selector)))
}

// types goes on without scripts: another area by its numbers, and the copy.
func types(v *visitor, home string) {
	v.t.Helper()
	v.open(home + "/scans")
	v.tick("open_items", "1")
	v.fill("open_reason", asAssigned)
	v.button("Mở bản quét")
	for _, side := range []struct{ name, value string }{{"left", "0"}, {"top", "80"}, {"width", "40"}, {"height", "chín"}} {
		v.typeAt(side.name, side.value)
	}
	v.wrong = true
	v.button("Lưu và xem trước")
	v.reads("“chín” không phải là số phần trăm")
	v.typeAt("height", "19,5")
	v.button("Lưu và xem trước")
	if n := ask[int](v, `document.querySelectorAll(".scan-page rect").length`); n != 2 {
		v.t.Errorf("%d areas are saved", n)
	}
	v.button("Lập bản đã che")
	v.reads("Đã lập bản đã che và niêm phong", "Chờ phát hành")
}

// typeAt fills a field of the second row.
func (v *visitor) typeAt(side, value string) {
	v.t.Helper()
	field := fmt.Sprintf("main [data-area-row]:nth-child(2) [name=%s]", side)
	ask[bool](v, fmt.Sprintf("document.querySelector(%q).value = '', true", field))
	v.do(chromedp.SendKeys(chromedp.CSS(field), value))
}

// releases looks at the copy that waits.
func releases(v *visitor, home string) {
	v.t.Helper()
	v.open(home + "/scans")
	v.tick("read_items", "1")
	v.fill("read_reason", asAssigned)
	v.button("Mở bản đang chờ")
	v.reads("Trang 1 trên 2")
	v.wrong = true
	v.button("Phát hành bản này")
	v.reads("Hãy xem hết các trang")
	v.tick("looked", "1")
	v.button("Phát hành bản này")
	v.reads("Đã phát hành")
}

// hidden holds that a copy says nothing.
func hidden(t *testing.T, pdf []byte) {
	t.Helper()
	cmd := exec.Command("pdftotext", "-", "-")
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil || len(bytes.TrimSpace(out)) > 0 || bytes.Contains(pdf, []byte("Phan")) {
		t.Errorf("the copy says %q, %v", out, err)
	}
}

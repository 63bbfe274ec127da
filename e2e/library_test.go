package e2e_test

import (
	"bytes"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/web"
)

// TestLibrary: a clerk brings the scan of a resolution in; the machine
// recognises and reads it; the clerk checks it beside its picture; the head
// publishes it without scripts; a citizen at a telephone asks and reads.
func TestLibrary(t *testing.T) {
	s := begin(t)
	clerk := s.as("văn-thư")
	clerk.open("/library/imports")
	clerk.lookWell()
	clerk.upload(scanOf(t))
	clerk.button("Đưa lên và đọc")
	clerk.reads("nghị quyết chợ.png")
	clerk.until("the file is a document", func() bool {
		clerk.open("/library?state=read")
		return strings.Contains(clerk.words(), "61/2026/NQ-HĐND")
	})
	clerk.lookWell()
	clerk.follow("61/2026/NQ-HĐND")
	clerk.reads("chưa có người soát", "Điều 2. Mức thu")
	clerk.lookWell()
	clerk.follow("Soát thông tin")
	clerk.until("the page's picture is there", func() bool {
		return ask[bool](clerk, `(i => i.complete && i.naturalWidth > 600)(document.querySelector("main img"))`)
	})
	clerk.lookWell()
	clerk.fill("issued_on", "31/02/2026")
	clerk.wrong = true
	clerk.button("Lưu và soát")
	clerk.fill("issued_on", "10/07/2026")
	clerk.pick("access", "public")
	clerk.button("Lưu và soát")
	clerk.reads("Không còn văn bản nào chờ soát")
	head := s.plain("lãnh-đạo-văn-phòng")
	head.open("/library?state=checked")
	head.follow("61/2026/NQ-HĐND")
	head.button("Công bố")
	head.reads("Đã công bố văn bản")
	citizen := s.voter("cư dân", false)
	citizen.open("/van-ban")
	citizen.reads("61/2026/NQ-HĐND")
	citizen.lookWell()
	citizen.open("/hoi-van-ban?q=" + url.QueryEscape("mức thu phí chợ dân sinh đối với chỗ ngồi bán ngoài trời là bao nhiêu"))
	citizen.until("the article answers", func() bool {
		citizen.open(citizen.where())
		return strings.Contains(citizen.words(), "4.000 đồng")
	})
	citizen.reads("Điều 2", "Còn hiệu lực")
	citizen.lookWell()
	citizen.follow("Đọc trong văn bản")
	citizen.reads("Điều 3. Hiệu lực thi hành", "Địa chỉ cố định")
	citizen.lookWell()
}

// scanOf is the picture of a resolution that was printed and put on a scanner.
func scanOf(t *testing.T) string {
	t.Helper()
	fonts, err := documents.ReadFonts(web.Files)
	if err != nil {
		t.Fatal(err)
	}
	var body []documents.Block
	for _, words := range []string{"Căn cứ Luật Tổ chức chính quyền địa phương số 72/2025/QH15;", "QUYẾT NGHỊ:", "Điều 1. Phạm vi điều chỉnh", "Nghị quyết này quy định mức thu phí sử dụng điểm bán hàng tại chợ dân sinh.",
		"Điều 2. Mức thu", "1. Quầy, sạp có mái che: 8.000 đồng một ngày.", "2. Chỗ ngồi bán ngoài trời: 4.000 đồng một ngày.", "Điều 3. Hiệu lực thi hành", "Nghị quyết này có hiệu lực thi hành kể từ ngày 01 tháng 8 năm 2026."} {
		body = append(body, documents.Paragraph{Text: words})
	}
	var out bytes.Buffer
	err = documents.WriteLetter(&out, fonts, documents.Letter{Head: documents.Head{Issuer: "HỘI ĐỒNG NHÂN DÂN THÀNH PHỐ HÀ NỘI", Place: "Hà Nội", Date: clock.NewDate(2026, 7, 10)},
		Symbol: "61/2026/NQ-HĐND", Kind: "NGHỊ QUYẾT", Subject: "Quy định mức thu phí sử dụng điểm bán hàng tại chợ dân sinh", Body: body})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	pdf, picture := filepath.Join(dir, "a.pdf"), filepath.Join(dir, "nghị quyết chợ")
	if err := os.WriteFile(pdf, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command("pdftoppm", "-png", "-r", "150", "-singlefile", pdf, picture).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return picture + ".png"
}

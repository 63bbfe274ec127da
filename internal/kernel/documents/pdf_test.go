package documents_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/text"
)

// fonts reads Tinos from the built front end, or from the folder that
// HDND_TEST_FONTS names.
func fonts(t testing.TB) documents.Fonts {
	t.Helper()
	dir := os.Getenv("HDND_TEST_FONTS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "web", "dist", "type")
	}
	f, err := documents.ReadFonts(os.DirFS(dir))
	if err != nil {
		t.Fatalf("no type to set letters in: run `make build`, or name a folder with Tinos in HDND_TEST_FONTS: %v", err)
	}
	return f
}

// saved writes a PDF where a person can look at it: into HDND_TEST_SHOW if set.
func saved(t *testing.T, name string, b []byte) string {
	t.Helper()
	dir := os.Getenv("HDND_TEST_SHOW")
	if dir == "" {
		dir = t.TempDir()
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// readBack checks a PDF with qpdf and gives its text with all spaces as one.
func readBack(t *testing.T, path string) string {
	t.Helper()
	tool(t, "qpdf", "--check", path)
	if info := tool(t, "pdffonts", path); strings.Contains(info, "Tinos") && !strings.Contains(info, "yes yes yes") {
		t.Errorf("type not embedded, cut down and mapped to Unicode:\n%s", info)
	}
	return strings.Join(strings.Fields(text.NFC(tool(t, "pdftotext", "-enc", "UTF-8", path, "-"))), " ")
}

func transferLetter() documents.Letter {
	long := "Cử tri phản ánh tuyến đường liên xã từ thôn Đông đến thôn Đoài xuống cấp nghiêm trọng, nhiều ổ gà, mùa mưa ngập sâu, xe cộ đi lại rất khó khăn và nguy hiểm cho học sinh; " +
		"đề nghị cơ quan có thẩm quyền kiểm tra, sửa chữa và thông báo thời gian thực hiện để Nhân dân được biết, giám sát."
	return documents.Letter{
		Head: documents.Head{
			Superior: "Hội đồng nhân dân thành phố Hà Nội", Issuer: "Văn phòng",
			Place: "Hà Nội", Date: clock.NewDate(2026, 1, 5),
		},
		Symbol: "12/PC-VP", Kind: "Phiếu chuyển", Subject: "V/v chuyển kiến nghị của cử tri đến cơ quan có thẩm quyền giải quyết",
		To: []string{"Sở Xây dựng thành phố Hà Nội"},
		Body: []documents.Block{
			documents.Paragraph{Text: "Văn phòng Hội đồng nhân dân Thành phố nhận được kiến nghị của cử tri, mã số KN-2026-000123, ngày 02 tháng 01 năm 2026, với nội dung như sau:"},
			documents.Paragraph{Text: long + "\n" + long},
			documents.Points{{Text: long, Under: []string{"Kiểm tra hiện trạng;", "Lập phương án sửa chữa " + long}}, {Text: "Trả lời cử tri bằng văn bản."}},
			documents.Paragraph{Text: "Xem thêm tại https://kien-nghi.hanoi.example.vn/tra-cuu/KN-2026-000123?nguon=phieu-chuyen&ngay=2026-01-05&lan=1&chu-ky=0123456789abcdef0123456789abcdef0123456789abcdef và tệp kèm theo."},
			documents.Table{
				Columns: []documents.Column{{Title: "TT", Share: 0.5}, {Title: "Nội dung kiến nghị", Share: 5}, {Title: "Phường, xã", Share: 2}, {Title: "Số lượt", Share: 1, Right: true}},
				Rows: [][]string{
					{"1", "Sửa chữa đường liên xã, lắp đèn chiếu sáng", "Xã Đại Thanh", "12"},
					{"2", long, "Phường Hoàn Kiếm", "1.204"},
					{"3", "Nước sạch nông thôn", "Xã Nội Bài", "7"},
				},
			},
			documents.Paragraph{Text: strings.Repeat(long+" ", 5) + "./."},
		},
		Recipients: []string{"Như trên", "Thường trực HĐND Thành phố (để báo cáo)", "Ban Đô thị HĐND Thành phố", "Lưu: VT, DN"},
		Sign:       documents.Signature{Authority: []string{"TL. Chánh Văn phòng"}, Title: "Trưởng phòng Dân nguyện", Name: "Nguyễn Thị Thuỳ Dương"},
		Created:    time.Date(2026, 1, 5, 9, 30, 0, 0, clock.Hanoi),
	}
}

func write(t *testing.T, l documents.Letter) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := documents.WriteLetter(&b, fonts(t), l); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestLetter(t *testing.T) {
	t.Parallel()
	b := write(t, transferLetter())
	path := saved(t, "letter.pdf", b)
	got := readBack(t, path)
	for _, want := range []string{
		"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Số: 12/PC-VP",
		"Hà Nội, ngày 05 tháng 01 năm 2026", "PHIẾU CHUYỂN", "Kính gửi: Sở Xây dựng thành phố Hà Nội",
		"xuống cấp nghiêm trọng", "Nơi nhận:", "- Như trên;", "- Lưu: VT, DN.", "TL. CHÁNH VĂN PHÒNG",
		"TRƯỞNG PHÒNG DÂN NGUYỆN", "Nguyễn Thị Thuỳ Dương", "đ" + "ề nghị cơ quan",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the letter lacks %q", want)
		}
	}
	info := tool(t, "pdfinfo", path)
	if !strings.Contains(info, "Pages:           3") && !strings.Contains(info, "Pages:           2") || !strings.Contains(info, "A4") {
		t.Errorf("unexpected pages:\n%s", info)
	}
	if !bytes.Equal(b, write(t, transferLetter())) {
		t.Error("the same letter gave other bytes")
	}
}

func TestOfficialLetterWithoutNumber(t *testing.T) {
	t.Parallel()
	l := transferLetter()
	l.Kind, l.Symbol, l.Subject = "", "", "trả lời kiến nghị của cử tri phường Hoàn Kiếm 🙂 trước Kỳ họp thứ 28"
	l.Head.Date = clock.NewDate(2026, 11, 16)
	l.To = []string{"Thường trực Hội đồng nhân dân thành phố Hà Nội", "Ban Đô thị Hội đồng nhân dân thành phố Hà Nội", "Uỷ ban nhân dân phường Hoàn Kiếm"}
	l.Recipients = nil
	for range 60 {
		l.Recipients = append(l.Recipients, "Uỷ ban nhân dân các phường, xã có tên trong danh sách kèm theo công văn này")
	}
	got := readBack(t, saved(t, "official.pdf", write(t, l)))
	for _, want := range []string{"V/v trả lời kiến nghị", "ngày 16 tháng 11 năm 2026", "- Uỷ ban nhân dân phường Hoàn Kiếm."} {
		if !strings.Contains(got, want) {
			t.Errorf("the letter lacks %q", want)
		}
	}
}

func TestLetterOfAnyLength(t *testing.T) {
	t.Parallel()
	l := transferLetter()
	l.Body = []documents.Block{
		documents.Paragraph{Text: strings.Repeat("Đường hỏng nặng. ", 12000)},
		documents.Paragraph{Text: strings.Repeat("x", 9000)},
		documents.Table{Columns: []documents.Column{{Title: "Nội dung"}, {}}, Rows: [][]string{{strings.Repeat("dài ", 9000)}, {}}},
		documents.Paragraph{}, documents.Table{}, documents.Points{},
	}
	got := readBack(t, saved(t, "long.pdf", write(t, l)))
	if n := strings.Count(got, "hỏng"); n != 12000 {
		t.Errorf("%d of 12000 words were set", n)
	}
	empty := readBack(t, saved(t, "empty.pdf", write(t, documents.Letter{})))
	if !strings.Contains(empty, "ngày … tháng … năm …") {
		t.Errorf("a letter without anything reads: %s", empty)
	}
}

const proofText = `c2sp.org/tlog-proof@v1
index 10482
q0Jv6oZ8mN2t1bqkq3b7oCw9kX7cXcBfWw4gqzqA5Ec=
Yp1p8nX1rGk0n0Fz4mD0q7c1pVJxq2m8l7yZ5aH0q3s=
0m1Yt8cJ3r4v5b6n7m8k9l0p1o2i3u4y5t6r7e8w9q0=

hdnd.example.vn/log
10483
4dHk2mCj0Q1q8rVn3Zb7w5x9y1u2i3o4p5a6s7d8f9g=

— hdnd.example.vn/log 7y3k1AZk8pQ2m4n6b8v0c2x4z6l8k0j2h4g6f8d0s2a4p6o8i0u2y4t6r8e0w2q4==
— witness.example.org 9a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0c1d2e3f4a5b6c7d8e9f0a1b==
`

func voterReceipt() documents.Receipt {
	return documents.Receipt{
		Head:  documents.Head{Superior: "Hội đồng nhân dân thành phố Hà Nội", Issuer: "Văn phòng", Place: "Hà Nội", Date: clock.NewDate(2026, 11, 16)},
		About: "Đã tiếp nhận kiến nghị của cử tri", Code: "KN-2026-000123",
		Address: "https://hdnd.hanoi.example.vn/tra-cuu/KN-2026-000123",
		Fields: []documents.Field{
			{"Người gửi", "Trần Văn Đức"}, {"Phường, xã", "Phường Hoàn Kiếm"}, {"Thời điểm nhận", "08:00 ngày 16/11/2026"},
			{"Nội dung", "Đường liên xã hư hỏng nặng, đề nghị sửa chữa trước mùa mưa để học sinh đi học an toàn."}, {"Tệp kèm theo", "duong-hong-1.jpg\nđơn kiến nghị.pdf"},
		},
		Dues: []documents.Due{
			{What: "Phân loại, chuyển cơ quan có thẩm quyền", On: clock.NewDate(2026, 11, 30), Basis: "", Unconfirmed: true},
			{What: "Trả lời cử tri", On: clock.NewDate(2027, 1, 15), Basis: "Điều 28 khoản 1 Luật Tiếp công dân", Provisional: true},
		},
		Consent: []string{"Họ tên và số điện thoại của Ông/Bà chỉ dùng để giải quyết kiến nghị này, không công khai. Ông/Bà có quyền yêu cầu sửa hoặc xoá."},
		Proof:   proofText,
		Check: []string{"Lưu biên nhận này. Sau một phút, mở trang tra cứu, chọn “Tải chứng nhận” và giữ cùng biên nhận.",
			"Không cần mạng: chạy lệnh “hdnd verify bien-nhan.txt” trên máy của Ông/Bà, hoặc quét mã bên trên bằng trang kiểm tra đã lưu."},
		Created: time.Date(2026, 11, 16, 8, 0, 0, 0, clock.Hanoi),
	}
}

func TestReceipt(t *testing.T) {
	t.Parallel()
	draw := func(r documents.Receipt) []byte {
		var b bytes.Buffer
		if err := documents.WriteReceipt(&b, fonts(t), r); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	b := draw(voterReceipt())
	got := readBack(t, saved(t, "receipt.pdf", b))
	for _, want := range []string{"BIÊN NHẬN", "KN-2026-000123", "15/01/2027 (tạm tính)", "mức tạm thời, chưa xác nhận",
		"Điều 28 khoản 1 Luật Tiếp công dân", "c2sp.org/tlog-proof@v1", "— hdnd.example.vn/log", "Cách kiểm tra"} {
		if !strings.Contains(got, want) {
			t.Errorf("the receipt lacks %q", want)
		}
	}
	if !bytes.Equal(b, draw(voterReceipt())) {
		t.Error("the same receipt gave other bytes")
	}
	english := voterReceipt()
	english.Lang = text.En
	english.Proof = strings.Repeat(proofText, 10) // too long for one QR code
	if got := readBack(t, saved(t, "receipt-en.pdf", draw(english))); !strings.Contains(got, "RECEIPT") {
		t.Error("no English receipt")
	}
}

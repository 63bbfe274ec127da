package reading_test

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/modules/library/reading"
)

// resolution is a paper of a council as pdftotext -layout gives it, written for
// this test.
const resolution = `HỘI ĐỒNG NHÂN DÂN              CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
THÀNH PHỐ HÀ NỘI                  Độc lập - Tự do - Hạnh phúc
KHÓA XVI, KỲ HỌP THỨ 28
      ___________                        _______________
Số: 57 /2026/NQ-HĐND               Hà Nội, ngày 16 tháng 11 năm 2026

                          NGHỊ QUYẾT
     Sửa đổi, bồ sung một số điều của Nghị quyết số 08/2025/NQ-HĐND
      ngày 10 tháng 7 năm 2025 quy định mức hỗ trợ học phí

HỘI ĐỒNG NHÂN DÂN THÀNH PHỐ HÀ NỘI
KHÓA XVI, KỲ HỌP THỨ 28

Căn cứ Luật Tổ chức chính quyền địa phương số 72/2025⁄QHI15;
Căn cứ Luật Giáo dục số 43/2019/QH14 ngày 14 tháng 6 năm 2019;
Xét Tờ trình số 431/TTr-UBND ngày 02 tháng 11 năm 2026; Báo cáo thẩm tra số 423/BC-
BVHXH của Ban Văn hóa - Xã hội,

QUYẾT NGHỊ:

Điều 1. Sửa đổi, bổ sung một số điều của Nghị quyết số 08/2025/NQ-HĐND

1. Sửa đổi khoản 2 Điều 5 như sau:
“2. Mức hỗ trợ là một triệu đồng.
Điều 6. Không phải là điều của nghị quyết này.”.
2. Bổ sung điểm đ khoản 1 Điều 7 như sau:
“đ) Con của người có công.”
3. Bãi bỏ Điều 9.

Điều 2. Tổ chức thực hiện
1. Giao Ủy ban nhân dân Thành phố:
a) Hướng dẫn các phường, xã;
b) Cân đối ngân sách;
c) Kiểm tra việc thực hiện;
d) Báo cáo kết quả;
d) Công khai danh sách theo khoản 2 Điều 5 của Nghị quyết số 08/2025/NQ-HĐND.

Điều 3. Hiệu lực thi hành
1. Nghị quyết này có hiệu lực thi hành từ ngày 01 tháng 12 năm 2026, trừ quy định tại khoản 2 Điều này.
2. Quy định tại điểm a khoản 1 Điều 2 có hiệu lực thi hành từ ngày 01 tháng 01 năm 2027.
3. Nghị quyết số 12/2020/NQ-HĐND ngày 05 tháng 12 năm 2020 hết hiệu lực kể từ ngày Nghị quyết này có hiệu lực thi hành.

Nghị quyết này được Hội đồng nhân dân thành phố Hà Nội khóa XVI, kỳ họp thứ 28 thông qua ngày 16 tháng 11 năm 2026./.

Nơi nhận:                                        CHỦ TỊCH
- Ủy ban Thường vụ Quốc hội;
- Ủy ban nhân dân Thành phố;
- Lưu: VT.                                    Trần Thị Bình

PHỤ LỤC I
MỨC HỖ TRỢ
(Kèm theo Nghị quyết số 57/2026/NQ-HĐND)
Điều 1. Mức chung
1. Một triệu đồng.
`

type book map[string]bool

func (b book) Symbol(key string) bool { return b[key] }
func (b book) Body(string) bool       { return false }

func TestResolution(t *testing.T) {
	p := reading.Read(resolution, nil)
	for field, pair := range map[string][2]string{
		"symbol": {p.Symbol.Value, "57/2026/NQ-HĐND"}, "number": {p.Number.Value, "57"}, "kind": {p.Kind.Value, "NQ"},
		"issuer": {p.Issuer.Value, "Hội đồng nhân dân thành phố Hà Nội"}, "place": {p.Place.Value, "Hà Nội"},
		"issued": {p.Issued.Value.String(), "2026-11-16"}, "effect": {p.Effect.Value.String(), "2026-12-01"},
		"subject": {p.Subject.Value, "Sửa đổi, bổ sung một số điều của Nghị quyết số 08/2025/NQ-HĐND ngày 10 tháng 7 năm 2025 quy định mức hỗ trợ học phí"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %q, want %q", field, pair[0], pair[1])
		}
	}
	if p.Term.Value != 16 || p.Session.Value != 28 {
		t.Errorf("term %d, session %d", p.Term.Value, p.Session.Value)
	}
	if len(p.Signers) != 1 || p.Signers[0].Name.Value != "Trần Thị Bình" || p.Signers[0].Position != "CHỦ TỊCH" {
		t.Errorf("signers %+v", p.Signers)
	}
	if len(p.Recipients) != 3 || p.Recipients[0].Value != "Ủy ban Thường vụ Quốc hội" {
		t.Errorf("recipients %+v", p.Recipients)
	}
	if len(p.Bases) != 3 || !p.Bases[2].Proposal || p.Bases[0].Cites[0].Symbol != "72/2025/QH15" || p.Bases[1].Cites[0].Issued.String() != "2019-06-14" || p.Bases[2].Cites[1].Symbol != "423/BC-BVHXH" {
		t.Errorf("bases %+v", p.Bases)
	}
}

func TestResolutionStructure(t *testing.T) {
	p := reading.Read(resolution, nil)
	var anchors []string
	for _, u := range p.Provisions {
		anchors = append(anchors, u.Anchor)
	}
	want := "art_1 art_1__para_1 art_1__para_2 art_1__para_3 art_2 art_2__para_1 art_2__para_1__point_a art_2__para_1__point_b art_2__para_1__point_c art_2__para_1__point_d art_2__para_1__point_dd art_3 art_3__para_1 art_3__para_2 art_3__para_3 annex_I annex_I__art_1 annex_I__art_1__para_1"
	if got := strings.Join(anchors, " "); got != want {
		t.Errorf("anchors\n%s\nwant\n%s", got, want)
	}
	if len(p.Quotes) != 2 || p.Quotes[0].In != "art_1__para_1" || strings.Join(p.Quotes[0].Provisions, " ") != "para_2 art_6" || strings.Join(p.Quotes[1].Provisions, " ") != "point_dd" {
		t.Errorf("quotes %+v", p.Quotes)
	}
	if h := p.Provisions[4].Heading; h != "Tổ chức thực hiện" {
		t.Errorf("heading %q", h)
	}
}

func TestResolutionRelations(t *testing.T) {
	p := reading.Read(resolution, nil)
	have := map[string]bool{}
	for _, r := range p.Relations {
		have[r.Kind+" "+r.From+" "+r.Symbol+" "+r.Target] = true
	}
	for _, want := range []string{
		"based_on  72/2025/QH15 ", "based_on  43/2019/QH14 ", "refers  431/TTr-UBND ", "amends  08/2025/NQ-HĐND ",
		"amends art_1__para_1 08/2025/NQ-HĐND art_5__para_2", "amends art_1__para_2 08/2025/NQ-HĐND art_7__para_1__point_dd", "repeals art_1__para_3 08/2025/NQ-HĐND art_9",
		"refers art_2__para_1__point_dd 08/2025/NQ-HĐND art_5__para_2", "repeals art_3__para_3 12/2020/NQ-HĐND ",
	} {
		if !have[want] {
			t.Errorf("no relation %q in %v", want, have)
		}
	}
	if len(p.Effects) != 2 || strings.Join(p.Effects[1].Anchors, " ") != "art_2__para_1__point_a" || p.Effects[1].From.String() != "2027-01-01" {
		t.Errorf("effects %+v", p.Effects)
	}
	whys := map[string]string{}
	for _, r := range p.Repairs {
		whys[r.Why] = r.Read + " → " + r.Meant
	}
	for why, want := range map[string]string{"word": "bồ sung → bổ sung", "mark": "d → đ", "slash": "72/2025⁄QHI15 → 72/2025/QH15", "term": "72/2025⁄QHI15 → 72/2025/QH15", "hyphen": "423/BC- BVHXH → 423/BC-BVHXH"} {
		if whys[why] != want {
			t.Errorf("repair %s: %q, want %q", why, whys[why], want)
		}
	}
}

func TestSymbolsBrokenByRecognition(t *testing.T) {
	for read, want := range map[string]string{
		"72/2025/QHI15": "72/2025/QH15", "118/2025/QH135": "118/2025/QH15", "15/201 2/QI113": "15/2012/QH13", "54/201 49H13": "54/2014/QH13",
		"18/201 7QHI4": "18/2017/QH14", "203/2025⁄QH15": "203/2025/QH15", "369/ÐĐA-CP": "369/ĐA-CP", "01/ĐKTĐ-HĐĐT": "01/ĐKTĐ-HĐĐT", "145/2025/0H13": "145/2025/QH15", "165/2024/NĐ CP": "165/2024/NĐ-CP", "18/2023/NĐ- -CP": "18/2023/NĐ-CP", "18/2024/NĐ": "18/2024/NĐ-CP", "12/2026/NÐ-CP": "12/2026/NĐ-CP", "1656/NQ-UBTVQHI15": "1656/NQ-UBTVQH15",
		"1 10/2025/QH15": "110/2025/QH15", "34/2014/QHi3": "34/2014/QH13", "60-NQ/TW": "60-NQ/TW", "117/BC-BĐT": "117/BC-BĐT", "6266/UBND-NNMT": "6266/UBND-NNMT", "66.18/2026/NQ-CP": "66.18/2026/NQ-CP", "08 / 2025 / NQ–HĐND": "08/2025/NQ-HĐND",
	} {
		p := reading.Read("NGHỊ QUYẾT\nVề một việc\nCăn cứ văn bản số "+read+", được sửa đổi;\nĐiều 1. Một\n", nil)
		if len(p.Bases) != 1 || len(p.Bases[0].Cites) != 1 || p.Bases[0].Cites[0].Symbol != want {
			t.Errorf("%q: %+v", read, p.Bases)
			continue
		}
		if told := len(p.Repairs) > 0; told != (read != want) {
			t.Errorf("%q → %q, repairs %+v", read, want, p.Repairs)
		}
	}
	for _, none := range []string{"26/6/2026", "12/2025", "1/2 diện tích", "24/7", "khoản 1/ Điều 2", "100.000/ha"} {
		if p := reading.Read("Căn cứ số "+none+" gì đó;\nĐiều 1. Một\n", nil); len(p.Relations) != 0 {
			t.Errorf("%q was read as %+v", none, p.Relations)
		}
	}
}

func TestRegisterDecides(t *testing.T) {
	known := book{documents.SymbolKey("72/2025/QH15"): true}
	paper := "Căn cứ Luật số 72/2025/QHI15;\nĐiều 1. Một\n"
	sure, alone := reading.Read(paper, known).Bases[0].Cites[0], reading.Read(paper, nil).Bases[0].Cites[0]
	strange := reading.Read(paper, book{}).Bases[0].Cites[0]
	if !(sure.Confidence > alone.Confidence && alone.Confidence > strange.Confidence) {
		t.Errorf("confidence with the register %v, without %v, unknown to it %v", sure.Confidence, alone.Confidence, strange.Confidence)
	}
	if r := reading.Read(paper, known).Repairs; len(r) != 1 || !r[0].Checked {
		t.Errorf("repairs %+v", r)
	}
}

func TestATermThatDidNotMeetThatYear(t *testing.T) {
	cite := func(paper string, known reading.Register) reading.Citation {
		return reading.Read(paper, known).Bases[0].Cites[0]
	}
	if c := cite("Căn cứ Luật số 126/2025/QH13;\nĐiều 1. Một\n", nil); c.Symbol != "126/2025/QH13" || c.Confidence >= reading.Sure {
		t.Errorf("alone it is kept for a person to look at: %+v", c)
	}
	if c := cite("Căn cứ Luật số 126/2025/QH13;\nĐiều 1. Theo Luật số 126/2025/QH15\n", nil); c.Symbol != "126/2025/QH15" {
		t.Errorf("another mention: %+v", c)
	}
	if c := cite("Căn cứ Nghị quyết số 254/2015/QH15;\nĐiều 1. Một\n", book{documents.SymbolKey("254/2025/QH15"): true}); c.Symbol != "254/2025/QH15" {
		t.Errorf("the register: %+v", c)
	}
}

func TestRegisterChoosesTheTerm(t *testing.T) {
	known := book{documents.SymbolKey("12/2021/QH15"): true}
	p := reading.Read("Căn cứ Luật số 12/2021/QHI4;\nĐiều 1. Một\n", known)
	if got := p.Bases[0].Cites[0].Symbol; got != "12/2021/QH15" {
		t.Errorf("the term is %s", got)
	}
	if last := p.Repairs[len(p.Repairs)-1]; last.Why != "register" || !last.Checked {
		t.Errorf("repairs %+v", p.Repairs)
	}
}

func TestEffectOfParts(t *testing.T) {
	paper := func(articles string) reading.Paper {
		return reading.Read("QUYẾT ĐỊNH\nVề một việc\nHà Nội, ngày 02 tháng 3 năm 2026\nCăn cứ Luật A;\nĐiều 1. Một\n1. a\n2. b\nĐiều 2. Hai\n1. a\na) b\nđ) c\nĐiều 3. Hiệu lực thi hành\n"+articles, nil)
	}
	for text, want := range map[string]string{
		"Quyết định này có hiệu lực thi hành kể từ ngày ký ban hành.":                                                                  "2026-03-02",
		"Quyết định này có hiệu\nlực sau 45 ngày kể từ ngày ký.":                                                                       "2026-04-16",
		"1. Quyết định này có hiệu lực từ ngày 01/7/2026 đến hết ngày 28 tháng 02 năm 2027.":                                           "2026-07-01–2027-02-28",
		"1. Quyết định này có hiệu lực từ ngày 01/7/2026.\n2. Riêng khoản 1, khoản 2 Điều 1 có hiệu lực từ ngày 01/01/2027.":           "2026-07-01 art_1__para_1,art_1__para_2:2027-01-01",
		"1. Quyết định này có hiệu lực từ ngày 01/7/2026.\n2. Quy định tại Phụ lục của Quyết định này có hiệu lực từ ngày 01/01/2027.": "2026-07-01",
		"Nghị định số 5/2020/NĐ-CP có hiệu lực từ ngày 01/7/2020.":                                                                     "",
	} {
		var got []string
		for _, e := range paper(text).Effects {
			one := e.From.String()
			if len(e.Anchors) > 0 {
				one = strings.Join(e.Anchors, ",") + ":" + one
			}
			if !e.Until.IsZero() {
				one += "–" + e.Until.String()
			}
			got = append(got, one)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %v, want %s", text, got, want)
		}
	}
}

func TestRelationsByTheirVerbs(t *testing.T) {
	for sentence, want := range map[string]string{
		"Nghị quyết này thay thế Nghị quyết số 1/2020/NQ-HĐND.":                                                     "replaces 1/2020/NQ-HĐND",
		"Bãi bỏ Nghị quyết số 1/2020/NQ-HĐND sửa đổi, bổ sung Nghị quyết số 2/2019/NQ-HĐND.":                        "repeals 1/2020/NQ-HĐND, refers 2/2019/NQ-HĐND",
		"Thực hiện theo Nghị định số 3/2024/NĐ-CP được sửa đổi, bổ sung bởi Nghị định số 4/2025/NĐ-CP.":             "refers 3/2024/NĐ-CP, refers 4/2025/NĐ-CP",
		"Nghị quyết này đính chính Nghị quyết số 1/2020/NQ-HĐND.":                                                   "corrects 1/2020/NQ-HĐND",
		"Nghị quyết số 1/2020/NQ-HĐND ngày 02 tháng 3 năm 2020 hết hiệu lực kể từ ngày Nghị quyết này có hiệu lực.": "repeals 1/2020/NQ-HĐND",
		"Các văn bản sau đây hết hiệu lực:\na) Nghị quyết số 1/2020/NQ-HĐND;\nb) Nghị quyết số 2/2020/NQ-HĐND.":     "repeals 1/2020/NQ-HĐND, repeals 2/2020/NQ-HĐND",
		"Thực hiện quy định chính sách tại Nghị quyết số 1/2020/NQ-HĐND.":                                           "refers 1/2020/NQ-HĐND",
		"Áp dụng quy định chi phí đi lại tại Nghị quyết số 1/2020/NQ-HĐND.":                                         "refers 1/2020/NQ-HĐND",
		"Ngưng hiệu lực Điều 4 Nghị quyết số 1/2020/NQ-HĐND.":                                                       "halts 1/2020/NQ-HĐND art_4",
	} {
		p := reading.Read("NGHỊ QUYẾT\nVề một việc\nĐiều 1. Hiệu lực thi hành\n1. "+sentence+"\n", nil)
		var got []string
		for _, r := range p.Relations {
			got = append(got, strings.TrimSpace(r.Kind+" "+r.Symbol+" "+r.Target))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%q: %v", sentence, got)
		}
	}
}

func TestGuidesFindsTheLawsNumber(t *testing.T) {
	p := reading.Read("NGHỊ ĐỊNH\nQuy định chi tiết một số điều của Luật Nhà giáo\nCăn cứ Luật Nhà giáo số 73/2025/QH15;\nĐiều 1. Một\n", nil)
	for _, r := range p.Relations {
		if r.Kind == reading.Guides && r.Symbol == "73/2025/QH15" {
			return
		}
	}
	t.Errorf("relations %+v", p.Relations)
}

func TestBodyIsWithoutHeadingAndChildren(t *testing.T) {
	p := reading.Read("Điều 1. Phạm vi\nMở đầu:\n1. Khoản một:\na) Điểm a;\nđ) Không phải.\n2. Khoản hai.\nĐiều 2. Hết\nLời.\n", nil)
	var got []string
	for i := range p.Provisions {
		got = append(got, p.Provisions[i].Anchor+"="+strings.ReplaceAll(p.Body(i), "\n", "/"))
	}
	want := "art_1=Mở đầu: art_1__para_1=Khoản một: art_1__para_1__point_a=Điểm a;/đ) Không phải. art_1__para_2=Khoản hai. art_2=Lời."
	if strings.Join(got, " ") != want {
		t.Errorf("%s", strings.Join(got, " "))
	}
}

func TestAnchorsAndNumbers(t *testing.T) {
	text := "PHẦN THỨ NHẤT\nQUY ĐỊNH CHUNG\nChương I\nMỘT\nĐiều 1. Một\nChương II\nHAI\nMục 1\nA\nĐiều 2. Hai\nMục 2\nB\nĐiều 2a. Hai a\nChương HI\nBA\nĐiều 3. Ba\nChương IV\nBỐN\nĐiều 4. Bốn\n1. Một.\n1a. Một a.\n2. Hai.\n" +
		"PHỤ LỤC I\nBIỂU\nPHỤ LỤC II\nBIỂU\nPHỤ LỤC I\nBIỂU\n"
	var got []string
	for _, u := range reading.Read(text, nil).Provisions {
		got = append(got, u.Anchor)
	}
	want := "part_I part_I__chp_I art_1 part_I__chp_II part_I__chp_II__sec_1 art_2 part_I__chp_II__sec_2 art_2a part_I__chp_III art_3 part_I__chp_IV art_4 art_4__para_1 art_4__para_1a art_4__para_2 annex_I annex_II annex_I-2"
	if strings.Join(got, " ") != want {
		t.Errorf("%s", strings.Join(got, " "))
	}
}

func TestQuoteEndsWhereItsMarkCloses(t *testing.T) {
	p := reading.Read("Điều 1. Sửa đổi Nghị quyết số 1/2025/NQ-HĐND\n1. Sửa đổi Điều 2 như sau:\n“Điều 2. Mới\n1. Một “trong” ngoặc.\n2. Hai.”.\nCâu này là của khoản 1.\n2. Bãi bỏ Điều 3.\n", nil)
	if len(p.Quotes) != 1 || !strings.HasSuffix(p.Text[p.Quotes[0].At.Start:p.Quotes[0].At.End], "2. Hai.”.") || p.Quotes[0].Confidence < reading.Sure {
		t.Errorf("quotes %+v", p.Quotes)
	}
	if len(p.Provisions) != 3 {
		t.Errorf("provisions %+v", p.Provisions)
	}
}

func TestVeryLongTextIsCut(t *testing.T) {
	p := reading.Read(strings.Repeat("Một hai ba bốn năm sáu bảy tám chín mười\n", reading.MaxText/40), nil)
	if !p.Cut || len(p.Text) > reading.MaxText {
		t.Errorf("cut %v at %d", p.Cut, len(p.Text))
	}
	if f := sound(p); f != "" {
		t.Error(f)
	}
}

func TestOtherPapers(t *testing.T) {
	letter := "ỦY BAN NHÂN DÂN\nTHÀNH PHỐ HÀ NỘI\nSố: 6266/UBND-NNMT\nV/v xử lý kiến nghị của cử tri\nHà Nội, ngày 02 tháng 11 năm 2026\nKính gửi: Thường trực Hội đồng nhân dân Thành phố\nNội dung.\nTM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\nNguyễn Văn Minh\n"
	p := reading.Read(letter, nil)
	if p.Kind.Value != "CV" || p.Symbol.Value != "6266/UBND-NNMT" || p.Subject.Value != "V/v xử lý kiến nghị của cử tri" || p.Issuer.Value != "Ủy ban nhân dân thành phố Hà Nội" {
		t.Errorf("letter: %+v %+v %+v %+v", p.Kind, p.Symbol, p.Subject, p.Issuer)
	}
	if len(p.Signers) != 1 || strings.Join(p.Signers[0].Forms, "") != "TM.KT." || p.Signers[0].Name.Value != "Nguyễn Văn Minh" || p.Signers[0].Position != "PHÓ CHỦ TỊCH" {
		t.Errorf("letter's signer: %+v", p.Signers)
	}
	report := "HỘI ĐỒNG NHÂN DÂN\nTHÀNH PHỐ HÀ NỘI\nBAN ĐÔ THỊ\nSố: 117/BC-BĐT\nHà Nội, ngày 12 tháng 11 năm 2026\nBÁO CÁO\nThẩm tra dự thảo nghị quyết\n\nBan đã họp.\nI. Sự cần thiết\n1. Về căn cứ\na) Một;\nb) Hai.\n2. Về nội dung\nII. Kiến nghị\n"
	p = reading.Read(report, nil)
	var anchors []string
	for _, u := range p.Provisions {
		anchors = append(anchors, u.Anchor)
	}
	if got := strings.Join(anchors, " "); got != "sec_I sec_I__para_1 sec_I__para_1__point_a sec_I__para_1__point_b sec_I__para_2 sec_II" || p.Kind.Value != "BC" || p.Issuer.Value != "Ban đô thị" {
		t.Errorf("report: %s %+v %+v", got, p.Kind, p.Issuer)
	}
	decision := "QUYẾT ĐỊNH\nBan hành Quy chế làm việc\nĐiều 1. Ban hành kèm theo Quyết định này Quy chế.\nĐiều 2. Quyết định này có hiệu lực thi hành kể từ ngày ký.\nKT. CHỦ TỊCH\nLê Văn Nam\nQUY CHẾ LÀM VIỆC\n(Ban hành kèm theo Quyết định số 12/QĐ-HĐND ngày 01 tháng 3 năm 2026 của Thường trực Hội đồng nhân dân)\nChương I\nQUY ĐỊNH CHUNG\nĐiều 1. Phạm vi\n1. Một.\nĐiều 2. Đối tượng\n"
	anchors = nil
	for _, u := range reading.Read(decision, nil).Provisions {
		anchors = append(anchors, u.Anchor)
	}
	if got := strings.Join(anchors, " "); got != "art_1 art_2 annex_I annex_I__chp_I annex_I__art_1 annex_I__art_1__para_1 annex_I__art_2" {
		t.Errorf("decision: %s", got)
	}
}

// sound says what is wrong with a reading whatever the text: "" is nothing.
func sound(p reading.Paper) string {
	seen := map[string]bool{}
	inside := func(s reading.Span) bool { return s.Start >= 0 && s.Start <= s.End && s.End <= len(p.Text) }
	for i, u := range p.Provisions {
		switch {
		case u.Anchor == "" || seen[u.Anchor]:
			return "anchor twice or empty: " + u.Anchor
		case !inside(u.At) || !inside(u.HeadingAt) || u.HeadingAt.Start < u.At.Start || u.HeadingAt.End > u.At.End:
			return "range of " + u.Anchor
		case u.Parent >= i:
			return "parent after child: " + u.Anchor
		case u.Parent >= 0 && (u.At.Start < p.Provisions[u.Parent].At.Start || u.At.End > p.Provisions[u.Parent].At.End):
			return "not within its parent: " + u.Anchor
		case i > 0 && u.At.Start < p.Provisions[i-1].At.Start:
			return "out of order: " + u.Anchor
		case u.Confidence <= 0 || u.Confidence > 1:
			return "confidence of " + u.Anchor
		}
		seen[u.Anchor] = true
	}
	for _, q := range p.Quotes {
		if !inside(q.At) {
			return "range of a quote"
		}
	}
	for _, r := range p.Relations {
		if !inside(r.At) || r.Confidence <= 0 || r.Confidence > 1 || r.Symbol == "" && r.Title == "" {
			return "relation " + r.Kind
		}
	}
	for _, r := range p.Repairs {
		if !inside(r.At) || r.Read == r.Meant || r.Why == "" {
			return "repair " + r.Read
		}
	}
	for _, e := range p.Effects {
		if !inside(e.At) || e.From.IsZero() {
			return "effect"
		}
	}
	for _, b := range p.Bases {
		if !inside(b.At) {
			return "basis"
		}
	}
	for _, s := range []reading.Span{p.Symbol.At, p.Kind.At, p.Issuer.At, p.Place.At, p.Issued.At, p.Effect.At, p.Subject.At} {
		if !inside(s) {
			return "range of a field"
		}
	}
	return ""
}

func TestReadingOfAnything(t *testing.T) {
	pieces := append(strings.SplitAfter(resolution, "\n"), "Chương I\n", "Chương HI\n", "Mục 1\n", "PHẦN THỨ NHẤT\n", "Điều 1. Một\n", "Điều 2a. Hai\n", "1. \n", "a) \n", "đ) Một\n", "“", "”", "\"", "như sau:\n", "\f", "\n\n", "| a | b |\n", "PHỤ LỤC\n", "# ", "---\n", "Số: 1/2025/QHI15", "TM. ", "\u00a0", "_", "**", "\xff", "e\u0302\u0323")
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 60).Draw(t, "pieces"), "") + rapid.String().Draw(t, "tail")
		p := reading.Read(text, nil)
		if f := sound(p); f != "" {
			t.Fatal(f)
		}
		same(t, p, reading.Read(text, nil))
		same(t, p, reading.Read(norm.NFD.String(strings.ToValidUTF8(text, "\ufffd")), nil))
		same(t, p, reading.Read(p.Text, nil))
	})
}

func FuzzRead(f *testing.F) {
	f.Add(resolution)
	f.Add("Điều 1. Sửa đổi như sau:\n“Điều 2.\nChương II\n1. a) đ)\n")
	f.Add("Số: 15/201 2/QI113 \n1 1⁄2022/QH15\n---\nso_hieu: 1\n")
	f.Fuzz(func(t *testing.T, text string) {
		if fault := sound(reading.Read(text, nil)); fault != "" {
			t.Fatal(fault)
		}
	})
}

// TestTimeIsLinear reads hostile texts of two sizes: four times the text may
// not take much more than four times the time.
func TestTimeIsLinear(t *testing.T) {
	for name, unit := range map[string]string{
		"lines": "\n.", "quotes": "“Điều 2. như sau:\n", "open quotes": "1. Sửa đổi như sau:\n“a\n", "articles": "Điều 1. Một\n", "clauses": "1. Một\n2. Hai\n", "digits": "1/2025/QH15 ", "slashes": "1/", "columns": "a    b|c   ",
		"titles": "Căn cứ Luật Luật Luật số ", "effect": "có hiệu lực thi hành từ ngày 1/1/2025 ", "adopted": "này được thông qua ngày ", "notices": "# thông tin\na: b\n", "one line": "điểm a khoản 1 Điều 1 ", "words": "sửa đổi bổ sung thay thế 1/2025/QH15 ", "caps": "A B C\n", "accents": "e\u0302\u0323",
	} {
		head := "Điều 1. Sửa đổi, bổ sung một số điều\n"
		took := func(n int) time.Duration {
			text := head + strings.Repeat(unit, n/len(unit))
			start := time.Now()
			reading.Read(text, nil)
			return time.Since(start)
		}
		// A busy machine may stop any one reading: only what is slow each time counts.
		for tries := 1; ; tries++ {
			small, large := took(30_000), took(120_000)
			if large < 10*small+200*time.Millisecond {
				break
			}
			if tries == 6 {
				t.Errorf("%s: 30 kB in %v, 120 kB in %v", name, small, large)
				break
			}
		}
	}
}

// TestPolicyIsNotACorrection: "quy định chính sách" folds like "đính chính".
func TestPolicyIsNotACorrection(t *testing.T) {
	for _, subject := range []string{"Quy định chính sách hỗ trợ trồng cây xanh", "Đính chính Nghị quyết số 1/2020/NQ-HĐND"} {
		p := reading.Read("Số: 7/2026/NQ-HĐND\n\nNGHỊ QUYẾT\n"+subject+"\n\nĐiều 1. Một việc\n", nil)
		if p.Subject.Value != subject || len(p.Repairs) > 0 {
			t.Errorf("%q was read as %q: %+v", subject, p.Subject.Value, p.Repairs)
		}
	}
}

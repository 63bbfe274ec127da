package matching

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
)

const letterHead = `ỦY BAN NHÂN DÂN                     CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
THÀNH PHỐ HÀ NỘI                        Độc lập - Tự do - Hạnh phúc
SỞ XÂY DỰNG
Số: 1234/SXD-HT                     Hà Nội, ngày 16 tháng 11 năm 2026
V/v trả lời kiến nghị của cử tri

Kính gửi: Văn phòng Đoàn ĐBQH và HĐND thành phố

`

const letterTail = `
Trân trọng./.

Nơi nhận:
- Như trên;
- Lưu: VT.
1. GIÁM ĐỐC`

// layouts are letters as bodies write them, with what must come out of them.
func layouts() []struct {
	name, letter string
	layout       Layout
	asks         []string // begin with this; "" for none
	replies      []string
} {
	return []struct {
		name, letter string
		layout       Layout
		asks         []string
		replies      []string
	}{
		{"one reply without marks", letterHead + "Sở Xây dựng nhận được kiến nghị của cử tri về ngập úng. Sở đã nạo vét tuyến cống và sẽ theo dõi trong mùa mưa tới.\n\nViệc thay cống lớn hơn được đưa vào kế hoạch năm 2027." + letterTail,
			OneReply, []string{""}, []string{"Sở Xây dựng nhận được"}},
		{"one petition, one reply", letterHead + "Cử tri phường Tây Mỗ kiến nghị: lập dự án tiêu thoát nước cho khu vực.\n\nTrả lời:\nSở đã trình Ủy ban nhân dân thành phố chủ trương đầu tư. Nội dung gồm:\n1. Cải tạo cống.\n2. Xây trạm bơm." + letterTail,
			OneReply, []string{"Cử tri phường Tây Mỗ"}, []string{"Sở đã trình"}},
		{"pairs", letterHead + "1. Cử tri phường Tây Mỗ kiến nghị: lập dự án tiêu thoát nước.\nTrả lời: Sở đã trình dự án.\n\n2. Cử tri xã Sóc Sơn đề nghị: khôi phục điểm dừng xe buýt\ntrước bệnh viện.\nTrả lời: Sở sẽ khôi phục trong quý I/2027.\n" + letterTail,
			InPairs, []string{"1. Cử tri phường Tây Mỗ", "2. Cử tri xã Sóc Sơn"}, []string{"Sở đã trình", "Sở sẽ khôi phục"}},
		{"pairs by number", letterHead + "Câu 1. Đề nghị sửa đường 179.\nÝ kiến trả lời: Đường 179 đã có dự án.\nCâu 2. Đề nghị lắp đèn ngõ 5.\nÝ kiến trả lời: Đã lắp xong 12 đèn.\nCâu 3. Đề nghị bố trí bãi đỗ xe.\nÝ kiến trả lời: Chưa có quỹ đất.",
			InPairs, []string{"Câu 1", "Câu 2", "Câu 3"}, []string{"Đường 179", "Đã lắp", "Chưa có"}},
		{"pairs with titles", letterHead + "a) Nội dung kiến nghị: Thay nắp cống vỡ ngõ 12.\nKết quả giải quyết: Đã thay ngày 01/11/2026.\nb) Nội dung kiến nghị: Trồng lại cây xanh phố Huế.\nKết quả giải quyết: Đang trồng, gồm:\n- 20 cây bằng lăng;\n- 10 cây sấu.",
			InPairs, []string{"Thay nắp cống", "Trồng lại"}, []string{"Đã thay", "Đang trồng"}},
		{"lists first", letterHead + "I. NỘI DUNG KIẾN NGHỊ\n1. Cử tri phường A đề nghị sửa đường 179.\n2. Cử tri phường B đề nghị lắp đèn ngõ 5.\n\nII. NỘI DUNG TRẢ LỜI\n1. Đường 179 đã có dự án, khởi công quý II/2027.\n2. Đã lắp xong 12 đèn trong ngõ 5.\n" + letterTail,
			ListFirst, []string{"1. Cử tri phường A", "2. Cử tri phường B"}, []string{"1. Đường 179", "2. Đã lắp"}},
		{"lists first, other words", letterHead + "Cử tri kiến nghị các nội dung sau:\n1) Sửa đường 179 hư hỏng.\n2) Lắp đèn ngõ 5 phố Vọng.\n3) Nạo vét mương Thụy Phương.\nSở Xây dựng có ý kiến như sau:\nĐối với kiến nghị số 1: đường 179 đã có dự án.\nĐối với kiến nghị số 2: đã lắp xong 12 đèn.\nĐối với kiến nghị số 3: đang nạo vét.",
			ListFirst, []string{"1) Sửa", "2) Lắp", "3) Nạo"}, []string{"Đối với kiến nghị số 1", "Đối với kiến nghị số 2", "Đối với kiến nghị số 3"}},
		{"titled passages", letterHead + "1. Về việc sửa đường 179: dự án đã được duyệt.\n2. Về việc lắp đèn ngõ 5: đã lắp xong.\n3. Về bãi đỗ xe: chưa có quỹ đất." + letterTail,
			OtherWay, []string{"", "", ""}, []string{"1. Về việc sửa", "2. Về việc lắp", "3. Về bãi"}},
		{"nothing", "", OneReply, nil, nil},
	}
}

func TestLayouts(t *testing.T) {
	t.Parallel()
	for _, c := range layouts() {
		layout, got := Split(c.letter)
		if layout != c.layout || len(got) != len(c.replies) {
			t.Errorf("%s: %s with %d passages, want %s with %d: %+v", c.name, layout, len(got), c.layout, len(c.replies), got)
			continue
		}
		for i, p := range got {
			if !strings.HasPrefix(p.Ask, c.asks[i]) || c.asks[i] == "" && p.Ask != "" || !strings.HasPrefix(p.Reply, c.replies[i]) {
				t.Errorf("%s: passage %d is %q → %q", c.name, i+1, p.Ask, p.Reply)
			}
			if strings.Contains(p.Reply, "Nơi nhận") || strings.Contains(p.Reply, "Trân trọng") || strings.Contains(p.Reply, "Kính gửi") {
				t.Errorf("%s: the head or end of the letter is in passage %d: %q", c.name, i+1, p.Reply)
			}
		}
	}
}

func TestWrappedLines(t *testing.T) {
	t.Parallel()
	_, got := Split("1. Cử tri phường A kiến nghị: sửa đường 179 đoạn qua đình Giang Cao đã hỏng nhiều năm,\n   cử tri đã kiến nghị nhiều lần\nmà chưa được trả lời.\n   Trả lời: Sở đã giao đơn vị thi công,\n   trả lời cử tri trong tháng 12/2026.\n2. Cử tri phường B kiến nghị: lắp đèn.\n   Trả lời: Đã lắp.")
	if len(got) != 2 || !strings.HasSuffix(got[0].Ask, "mà chưa được trả lời.") || !strings.HasSuffix(got[0].Reply, "trong tháng 12/2026.") {
		t.Errorf("%+v", got)
	}
}

func FuzzSplit(f *testing.F) {
	for _, c := range layouts() {
		f.Add(c.letter)
	}
	f.Add("1.\n2.\nTrả lời:\n1.\n2.")
	f.Add("Trả lời\n\n\nTrả lời: \xff\nII. Trả lời\n1)")
	f.Fuzz(func(t *testing.T, s string) {
		layout, got := Split(s)
		if len(got) > passagesMax {
			t.Errorf("%d passages", len(got))
		}
		if layout == "" {
			t.Error("no layout")
		}
		for _, p := range got {
			if strings.TrimSpace(p.Reply) == "" {
				t.Errorf("an empty passage: %+v", p)
			}
		}
		for _, p := range pairUp([]Asked{{ID: "a", Text: s}}, got) {
			if p.Passage >= len(got) || p.Score < 0 || p.Score > 1 {
				t.Errorf("pair %+v", p)
			}
		}
	})
}

// replySet writes letters in all layouts to the petitions of testdata, as a body
// would: it shortens and rewords what was asked, and leaves some out.
func replySet(tb testing.TB, layout Layout) (letter string, waiting []Asked, want map[string]int) {
	all := ownPetitions(tb)
	answers := []string{
		"Đơn vị quản lý đã kiểm tra hiện trường và đã hoàn thành việc khắc phục ngày 05/11/2026.", "Hiện đang lập hồ sơ, dự kiến hoàn thành trong quý II/2027.",
		"Do chưa bố trí được kinh phí nên sẽ đưa vào kế hoạch năm 2028.", "Việc này theo quy định được thực hiện như sau, xin thông tin để cử tri biết.",
	}
	var asks, replies []string
	want = map[string]int{}
	for i, p := range all {
		id := fmt.Sprintf("p%02d", i)
		waiting = append(waiting, Asked{ID: id, Code: fmt.Sprintf("KN26-%04d-TEST", i), Text: p.Text, At: time.Date(2026, 10, 1, 0, 0, i, 0, clock.Hanoi)})
		if i%5 == 4 {
			want[id] = -1 // the letter does not speak of it
			continue
		}
		n := len(asks) + 1
		want[id] = n - 1
		sentences := strings.Split(strings.TrimSuffix(p.Text, "."), ". ")
		topic := sentences[0]
		if words := strings.Fields(topic); len(words) > 22 {
			topic = strings.Join(words[:22], " ")
		}
		asks = append(asks, sentences[len(sentences)-1])
		replies = append(replies, "Về nội dung "+strings.ToLower(topic[:1])+topic[1:]+": "+answers[i%len(answers)])
		asks[n-1] = topic + "; " + asks[n-1]
	}
	var b strings.Builder
	b.WriteString(letterHead)
	for i := range asks {
		switch layout {
		case InPairs:
			fmt.Fprintf(&b, "%d. Cử tri kiến nghị: %s.\nTrả lời: %s\n", i+1, asks[i], replies[i])
		case ListFirst:
			fmt.Fprintf(&b, "%d. %s.\n", i+1, asks[i])
		default:
			fmt.Fprintf(&b, "%d. %s\n", i+1, replies[i])
		}
	}
	if layout == ListFirst {
		b.WriteString("Sở Xây dựng trả lời như sau:\n")
		for i := range replies {
			fmt.Fprintf(&b, "%d. %s\n", i+1, answers[i%len(answers)])
		}
	}
	return b.String() + letterTail, waiting, want
}

func TestPairs(t *testing.T) {
	t.Parallel()
	for _, layout := range []Layout{InPairs, ListFirst, OtherWay} {
		letter, waiting, want := replySet(t, layout)
		have, passages := Split(letter)
		if have != layout {
			t.Errorf("%s was read as %s (%d passages)", layout, have, len(passages))
			continue
		}
		right, asked, wrong, none := 0, 0, 0, 0
		low, high := 1.0, 0.0
		for _, p := range pairUp(waiting, passages) {
			switch n := want[p.Asked.ID]; {
			case n < 0 && p.Fits():
				wrong++
				high = max(high, p.Score)
			case n < 0:
				none++
				high = max(high, p.Score)
			case p.Fits() && p.Passage == n:
				right++
				asked++
				low = min(low, p.Score)
			default:
				asked++
				t.Logf("%s: %s → %d %.2f, want %d", layout, p.Asked.Text, p.Passage, p.Score, n)
			}
		}
		t.Logf("%s: top-1 %d/%d, proposed although the letter says nothing %d of %d; scores: right from %.2f, without passage up to %.2f", layout, right, asked, wrong, wrong+none, low, high)
		if right*100 < 92*asked || wrong > 0 {
			t.Errorf("%s: pairing got worse", layout)
		}
	}
}

func TestCodesDecide(t *testing.T) {
	t.Parallel()
	_, passages := Split("1. Về kiến nghị KN26-7F3K-9QXD: đã giải quyết xong việc thay nắp cống.\n2. Về kiến nghị KN26 1111 2222: đang sửa đường 179.")
	got := pairUp([]Asked{{ID: "a", Code: "KN26-1111-2222", Text: "Thay nắp cống vỡ"}}, passages)
	if len(got) != 1 || got[0].Passage != 1 || got[0].Score < 0.9 {
		t.Errorf("%+v", got)
	}
}

func TestOutcomesAndPromises(t *testing.T) {
	t.Parallel()
	d := &Desk{Deps: Deps{Outcomes: []string{"done", "partly", "underway", "no_means", "explained", "passed", "not_possible"}}}
	today := clock.NewDate(2026, 11, 16)
	for _, c := range []struct{ reply, outcome, date string }{
		{"Đã hoàn thành việc sửa chữa ngày 05/11/2026.", "done", ""},
		{"Đang lập hồ sơ, dự kiến hoàn thành trong quý II/2027.", "underway", "2027-06-30"},
		{"Dự kiến khởi công tháng 2 năm 2027, xong trước ngày 31/12/2027.", "underway", "2027-02-28"},
		{"Do chưa bố trí được kinh phí nên chưa thực hiện; sẽ làm trong năm 2028.", "no_means", "2028-12-31"},
		{"Nội dung này không thuộc thẩm quyền của phường, đã chuyển đến Sở Y tế.", "passed", ""},
		{"Xin thông tin để cử tri rõ: theo quy định mức phụ cấp là 30%.", "explained", ""},
		{"Hoàn thành ngày 31/02/2027.", "done", ""},
		{"", "", ""},
	} {
		outcome, date := d.outcomeOf(c.reply, today)
		if outcome != c.outcome || date.String() != c.date {
			t.Errorf("%q: %s %s, want %s %s", c.reply, outcome, date, c.outcome, c.date)
		}
	}
}

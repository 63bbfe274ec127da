package app_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/clock"
)

// What is to become of a petition, in the plan.
const (
	plain      = "plain"      // answered in time, judged good, closed
	refused    = "refused"    // not taken in, with a coded reason
	split      = "split"      // really a complaint or denunciation
	grouped    = "grouped"    // one of several about one matter, closed by one answer
	returned   = "returned"   // sent to the wrong body, which sends it back
	disputed   = "disputed"   // both bodies say that it is not theirs
	shared     = "shared"     // two bodies answer
	extended   = "extended"   // more time asked for and given
	unextended = "unextended" // more time asked for and refused
	oneLetter  = "one letter" // answered by one letter for many
	late       = "late"       // answered late, before the session
	later      = "later"      // answered late, after the session
	poor       = "poor"       // the answer is judged not good; every other one is sent again
	promised   = "promised"   // the answer names a date
	contested  = "contested"  // the voter does not accept the answer
	waiting    = "waiting"    // not classified before the session
	repeat     = "repeat"     // says again what was said in the first cycle
)

// lot is so many petitions of one fate that come one way.
type lot struct {
	cycle int
	way   string
	n     int
	fate  string
}

// cyclesPlan is all that happens, three hundred petitions in two cycles.
var cyclesPlan = []lot{
	{1, "meeting", 31, plain}, {1, "meeting", 8, promised}, {1, "meeting", 4, late}, {1, "meeting", 3, later}, {1, "meeting", 3, returned}, {1, "meeting", 2, shared},
	{1, "meeting", 2, extended}, {1, "meeting", 1, split}, {1, "meeting", 1, refused}, {1, "meeting", 2, poor}, {1, "meeting", 3, waiting},
	{1, "letter", 10, plain}, {1, "letter", 2, promised}, {1, "letter", 2, refused}, {1, "letter", 1, split}, {1, "letter", 1, extended}, {1, "letter", 1, unextended},
	{1, "letter", 1, late}, {1, "letter", 1, later}, {1, "letter", 1, returned},
	{1, "phone", 13, plain}, {1, "phone", 2, promised}, {1, "phone", 1, later}, {1, "phone", 1, extended}, {1, "phone", 1, unextended}, {1, "phone", 1, shared}, {1, "phone", 1, disputed},
	{1, "mttq", 25, plain}, {1, "mttq", 8, oneLetter}, {1, "mttq", 4, promised}, {1, "mttq", 3, late}, {1, "mttq", 1, later}, {1, "mttq", 2, waiting}, {1, "mttq", 1, returned},
	{1, "mttq", 1, shared}, {1, "mttq", 1, disputed}, {1, "mttq", 1, unextended}, {1, "mttq", 3, poor},
	{1, "public", 17, plain}, {1, "public", 9, grouped}, {1, "public", 4, contested}, {1, "public", 2, split}, {1, "public", 3, refused}, {1, "public", 2, late}, {1, "public", 2, promised}, {1, "public", 1, poor},
	{1, "open311", 8, plain}, {1, "open311", 1, promised}, {1, "open311", 1, extended},
	{2, "meeting", 17, plain}, {2, "meeting", 8, repeat}, {2, "meeting", 2, refused}, {2, "meeting", 3, later},
	{2, "letter", 16, plain}, {2, "letter", 4, repeat},
	{2, "public", 30, plain}, {2, "public", 8, repeat}, {2, "public", 1, split}, {2, "public", 1, refused},
	{2, "open311", 8, plain}, {2, "open311", 2, promised},
}

// topic is a kind of matter: its field, who answers it, and how voters say it.
type topic struct {
	field, body string // no body: the People's Committee of the ward
	says        []string
}

var topics = []topic{
	{"urban.roads", "hn-sxd", []string{"Mặt đường phố %s %s hư hỏng, nhiều ổ gà gây tai nạn, đề nghị sửa chữa.", "Vỉa hè phố %s %s lún sụt, gạch vỡ, người già khó đi, đề nghị lát lại."}},
	{"urban.drainage", "hn-sxd", []string{"Phố %s %s ngập úng sau mỗi trận mưa lớn, đề nghị nạo vét hệ thống thoát nước.", "Cống thoát nước phố %s %s tắc lâu ngày, bốc mùi hôi, đề nghị thông cống."}},
	{"urban.lighting", "hn-sxd", []string{"Đèn chiếu sáng phố %s %s hỏng đã lâu, buổi tối rất nguy hiểm, đề nghị thay bóng đèn."}},
	{"culture.education", "hn-sgd", []string{"Trường tiểu học phố %s %s thiếu phòng học, sĩ số lớp quá đông, đề nghị xây thêm phòng học.", "Trường mầm non công lập phố %s %s thiếu giáo viên, đề nghị bổ sung biên chế."}},
	{"economy.environment", "", []string{"Điểm tập kết rác thải phố %s %s ô nhiễm, mùi hôi, đề nghị di dời."}},
	{"culture.venues", "", []string{"Nhà văn hóa tổ dân phố ở phố %s %s xuống cấp, dột nát, đề nghị tu sửa."}},
}

var (
	streets = []string{"Đội Cấn", "Ngọc Hà", "Liễu Giai", "Kim Mã", "Giang Văn Minh", "Quán Thánh", "Phan Đình Phùng", "Hoàng Hoa Thám", "Thụy Khuê", "Nguyễn Thái Học", "Trần Phú", "Điện Biên Phủ", "Cửa Bắc", "Châu Long", "Trúc Bạch"}
	places  = []string{"đoạn gần chợ", "đoạn qua trường học", "cạnh công viên", "đoạn gần bệnh viện", "đoạn đầu cầu vượt", "đoạn gần ga tàu"}
)

// matter is one petition of the plan: what is to become of it, what the pages
// gave back, and how it stands by our own count.
type matter struct {
	n         int
	lot       lot
	topic     topic
	ward      string
	words     string
	email     string
	deputies  []string // persons who brought it
	withheld  string   // why it is not published; empty: it is
	repeats   *matter
	id        string
	code, key string // the key where the voter holds the receipt
	standing         // now
	forwarded bool   // ever
	answers   [2]int // in time, late
	lastLate  bool
}

// standing is how a petition stands by our own count.
type standing struct {
	state, holder, outcome, quality, newness, reason string
	opened, due, answeredOn                          clock.Date
	answered, late, classified, sealed               bool
	round                                            int
}

func (m *matter) body() string {
	switch {
	case m.topic.body != "":
		return m.topic.body
	case m.ward == "00004":
		return "bd-ub"
	}
	return "nh-ub"
}

// settled: nothing more is to be done.
func (s standing) settled() bool {
	return slices.Contains([]string{"done", "explained", "passed", "duplicate", "not_possible"}, s.outcome)
}

func (s standing) taken() bool { return s.state != "refused" && s.state != "split" }

// isFinal: nobody waits for anything.
func (s standing) isFinal() bool {
	return slices.Contains([]string{"refused", "split", "closed"}, s.state)
}

// draw writes the plan's petitions out, always the same ones.
func draw(t *testing.T) []*matter {
	t.Helper()
	chance := rand.New(rand.NewPCG(2026, 11))
	var all []*matter
	said := map[string]bool{}
	for _, l := range cyclesPlan {
		for range l.n {
			m := &matter{n: len(all), lot: l, ward: []string{"00004", "00008"}[chance.IntN(2)]}
			for m.words == "" || said[m.words] {
				m.choose(chance)
			}
			said[m.words] = true
			if l.way == "public" || l.way == "open311" {
				m.email = fmt.Sprintf("cutri%d@example.vn", m.n)
			}
			all = append(all, m)
		}
	}
	first := pick(all, func(m *matter) bool { return m.lot.cycle == 1 && m.lot.fate == plain && m.lot.way != "meeting" })
	for i, reason := range []string{"private", "third_party", "child", "accusation", "security", "unlawful", "private", "child"} {
		first[3*i].withheld = reason
	}
	repeatEarlier(all)
	if len(all) != 300 {
		t.Fatalf("the plan has %d petitions", len(all))
	}
	return all
}

// choose finds what a petition is about.
func (m *matter) choose(chance *rand.Rand) {
	m.topic = topics[chance.IntN(len(topics))]
	switch m.lot.fate {
	case grouped:
		m.topic = topics[1]
	case returned, oneLetter, disputed:
		m.topic = topics[3]
	case shared, extended, unextended:
		m.topic = topics[chance.IntN(3)]
	}
	street, place := streets[chance.IntN(len(streets))], places[chance.IntN(len(places))]
	m.words = fmt.Sprintf(m.topic.says[chance.IntN(len(m.topic.says))], street, place)
	switch m.lot.fate {
	case grouped: // one matter, each voter in other words
		m.words = fmt.Sprintf("Phố Vĩnh Phúc đoạn gần chợ ngập úng mỗi khi mưa, nước tràn vào nhà, đề nghị nạo vét cống phố Vĩnh Phúc; hộ thứ %d của tổ kiến nghị.", m.n)
	case split:
		m.words = fmt.Sprintf("Tôi tố cáo cán bộ phụ trách dự án phố %s %s nhận tiền của người dân, dấukín%dxyz.", street, place, m.n)
	case refused:
		m.words = fmt.Sprintf("Xin hỏi giờ mở cửa của thư viện phố %s %s vào cuối tuần, hỏi lần %d.", street, place, m.n)
	}
}

// repeatEarlier ties the petitions that say again what was said before: each
// repeats another one, and the last four repeat a repetition.
func repeatEarlier(all []*matter) {
	again := pick(all, func(m *matter) bool { return m.lot.fate == repeat })
	earlier := pick(all, func(m *matter) bool {
		return m.lot.cycle == 1 && (m.lot.fate == promised || m.lot.fate == late) && m.withheld == ""
	})
	for i, m := range again {
		m.repeats = earlier[i%16]
		if i >= 16 {
			m.repeats = again[i-16]
		}
		m.topic, m.ward = m.repeats.topic, m.repeats.ward
		m.words = strings.Replace(m.repeats.words, " đề nghị", " đã kiến nghị mà chưa xong, cử tri tiếp tục đề nghị", 1)
	}
}

func pick(all []*matter, keep func(*matter) bool) (some []*matter) {
	for _, m := range all {
		if keep(m) {
			some = append(some, m)
		}
	}
	return some
}

func ofFate(all []*matter, fates ...string) []*matter {
	return pick(all, func(m *matter) bool { return slices.Contains(fates, m.lot.fate) })
}

func ofWay(all []*matter, cycle int, ways ...string) []*matter {
	return pick(all, func(m *matter) bool { return m.lot.cycle == cycle && slices.Contains(ways, m.lot.way) })
}

package calendar

import (
	"slices"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

func loadRules(t testing.TB) *Rules {
	t.Helper()
	r, err := LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The rules that petitions stand on, written out a second time by hand.
func TestRulesOfPetitions(t *testing.T) {
	rules := loadRules(t)
	on := day(t, "2026-11-16")
	for _, v := range []struct {
		key       string
		count     int
		unit      Unit
		confirmed bool
	}{
		{"voter_contact.decide_outside", 5, WorkingDays, true},
		{"voter_contact.notify_place", 3, WorkingDays, true},
		{"petitions.reply", 60, Days, false},
		{"petitions.classify", 3, WorkingDays, false},
		{"petitions.forward", 5, WorkingDays, false},
		{"petitions.accept", 5, WorkingDays, false},
		{"petitions.judge", 15, WorkingDays, false},
		{"petitions.close", 15, WorkingDays, false},
		{"petitions.contest", 30, Days, false},
		{"supervision.explain", 15, Days, false},
		{"supervision.explain_complex", 30, Days, false},
	} {
		r, err := rules.At(v.key, on)
		if err != nil {
			t.Error(err)
			continue
		}
		if r.Count != v.count || r.Unit != v.unit || r.Confirmed != v.confirmed || (r.Basis() != "") != v.confirmed {
			t.Errorf("%s: %d %s confirmed %v basis %q", v.key, r.Count, r.Unit, r.Confirmed, r.Basis())
		}
	}
}

// The law of complaints changed on 1 July 2026.
// A source that a clerk reads names a law, a decree or a joint resolution, or
// says that there is none: nobody can look up our own notes.
func TestSourcesAreReadable(t *testing.T) {
	rules := loadRules(t)
	for _, key := range rules.Keys() {
		for _, r := range rules.History(key) {
			named := slices.ContainsFunc([]string{"Luật ", "Nghị định ", "Nghị quyết ", "Chưa có căn cứ chính thức"}, func(start string) bool { return strings.HasPrefix(r.Source, start) })
			if !named || strings.ContainsAny(r.Source, "§[]") || strings.Contains(r.Source, "ghi chép") {
				t.Errorf("%s from %s: the source %q is none that a clerk can look up", key, r.From, r.Source)
			}
		}
	}
}

func TestRulesByDate(t *testing.T) {
	rules := loadRules(t)
	for _, v := range []struct {
		key, on string
		count   int
		unit    Unit
		basis   string
	}{
		{"complaints.accept_first", "2026-06-30", 10, Days, "Luật Khiếu nại 2011, Điều 27"},
		{"complaints.accept_first", "2026-07-01", 7, WorkingDays, "Nghị định 155/2026/NĐ-CP, Điều 10 (sửa đổi Điều 16 khoản 1 Nghị định 124/2020/NĐ-CP)"},
		{"complaints.accept_second", "2026-06-30", 10, Days, "Luật Khiếu nại 2011, Điều 36"},
		{"complaints.settle_first_remote_complex", "2026-01-01", 60, Days, "Luật Khiếu nại 2011, Điều 28"},
		{"complaints.settle_second_remote_complex", "2026-01-01", 70, Days, "Luật Khiếu nại 2011, Điều 37"},
		{"denunciations.forward", "2026-06-30", 5, WorkingDays, "Luật Tố cáo 2018, Điều 24 khoản 2"},
		{"denunciations.forward", "2026-07-01", 5, WorkingDays, ""}, // Luật 136/2025 may have changed it
		{"supervision.answer_demand", "2026-02-28", 30, Days, "Luật Hoạt động giám sát 87/2015/QH13"},
		{"supervision.explain", "2026-03-01", 15, Days, ""},
	} {
		r, err := rules.At(v.key, day(t, v.on))
		if err != nil {
			t.Error(err)
			continue
		}
		if r.Count != v.count || r.Unit != v.unit || r.Basis() != v.basis {
			t.Errorf("%s on %s: %d %s %q", v.key, v.on, r.Count, r.Unit, r.Basis())
		}
	}
	for key, on := range map[string]string{
		"supervision.answer_demand": "2026-03-01", "complaints.dialogue_notice": "2026-06-30", "petitions.unheard_of": "2026-01-01",
	} {
		if _, err := rules.At(key, day(t, on)); !fault.Is(err, "calendar.no_rule") {
			t.Errorf("%s on %s: %v", key, on, err)
		}
	}
}

// An unconfirmed rule prints no article anywhere in its explanation, even where
// the clock was extended with one.
func TestUnconfirmedPrintsNoArticle(t *testing.T) {
	c, rules := load(t), loadRules(t)
	words, err := text.Load(Files)
	if err != nil {
		t.Fatal(err)
	}
	on := day(t, "2026-11-16")
	for _, key := range rules.Keys() {
		r, err := rules.At(key, on)
		if err != nil || r.Confirmed || r.Unit == None || r.Backward {
			continue
		}
		run := r.Run(on, "calendar.event")
		run.Extensions = []Extension{{Count: 10, Unit: Days, Document: "15/UBND", Basis: "Điều 99", On: on}}
		d, err := c.Count(run)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, lang := range []text.Lang{text.Vi, text.En} {
			for _, s := range d.Explain() {
				all = append(all, s.Say(words, lang))
			}
		}
		said := strings.Join(all, "\n")
		if strings.Contains(said, "Điều") || strings.Contains(said, "Article") || !strings.Contains(said, "mức tạm thời, chưa xác nhận") {
			t.Errorf("%s:\n%s", key, said)
		}
		if got := r.Words().Say(words, text.Vi); got != "mức tạm thời, chưa xác nhận" {
			t.Errorf("%s: %s", key, got)
		}
	}
}

func TestExplanation(t *testing.T) {
	c, rules := load(t), loadRules(t)
	words, err := text.Load(Files)
	if err != nil {
		t.Fatal(err)
	}
	r, err := rules.At("voter_contact.decide_outside", day(t, "2026-11-18"))
	if err != nil {
		t.Fatal(err)
	}
	run := r.Run(day(t, "2026-11-18"), "")
	run.Pauses = []Pause{pause(t, "2026-11-20", "2026-11-23")}
	run.Extensions = []Extension{{Count: 4, Unit: Days, Document: "15/UBND", Basis: "Điều 7", On: day(t, "2026-11-25")}}
	d, err := c.Count(run)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range d.Explain() {
		got = append(got, s.Say(words, text.Vi))
	}
	// 19, 23, 25, 26, 27 November are the five working days: 20 is paused, 24 a
	// holiday. Four days on is 1 December.
	want := []string{
		"Sự kiện làm bắt đầu thời hạn: Thứ Tư, 18/11/2026. Ngày này không tính vào thời hạn; bắt đầu tính từ ngày tiếp theo.",
		"Thời hạn là 5 ngày làm việc.",
		"Không tính Thứ Bảy, 21/11/2026: ngày nghỉ hằng tuần.",
		"Không tính Chủ nhật, 22/11/2026: ngày nghỉ hằng tuần.",
		"Không tính Thứ Ba, 24/11/2026: Ngày Văn hóa Việt Nam (ngày nghỉ lễ, tết).",
		"Tạm dừng từ 20/11/2026, tiếp tục tính từ 23/11/2026, lý do: chờ tài liệu (văn bản: 12/QĐ).",
		"Gia hạn thêm 4 ngày (văn bản: 15/UBND), ngày 25/11/2026. Căn cứ: Điều 7.",
		"Các lần tạm dừng làm lùi hạn thêm 1 ngày làm việc.",
		"Ngày cuối cùng tính được là Thứ Ba, 01/12/2026.",
		"Hạn: Thứ Ba, 01/12/2026, đến hết 24 giờ.",
		"Căn cứ: Nghị quyết liên tịch 72/2025/NQLT/UBTVQH15-CP-ĐCTUBTWMTTQVN, Điều 32.",
		"Cách tính theo Bộ luật Dân sự 2015, Điều 145 đến Điều 148.",
	}
	if !slices.Equal(got, want) {
		t.Errorf("explained\n%s", strings.Join(got, "\n"))
	}
}

func TestExplanationOfOddEnds(t *testing.T) {
	c := load(t)
	words, err := text.Load(Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []struct {
		run  Run
		want string
	}{
		{Run{Start: day(t, "2026-11-09"), Count: 5, Unit: Days}, "nên thời hạn kết thúc vào ngày làm việc tiếp theo: Thứ Hai, 16/11/2026."},
		{Run{Start: day(t, "2026-11-09"), Count: 5, Unit: Days, Pauses: []Pause{{From: day(t, "2026-11-10")}}}, "Tạm dừng từ 10/11/2026 đến nay."},
		{Run{Start: day(t, "2026-11-09"), Count: 5, Unit: Days, Pauses: []Pause{{From: day(t, "2026-11-10")}}}, "Thời hạn đang tạm dừng, chưa có ngày hết hạn"},
		{Run{Start: day(t, "2026-11-02"), Count: 3, Unit: Days, Pauses: []Pause{{From: day(t, "2026-11-10")}}}, "Khi đó đã hết hạn nên việc tạm dừng không làm lùi hạn."},
		{Run{Start: day(t, "2027-02-01"), Count: 3, Unit: Days}, "Hạn này là tạm tính"},
		{Run{Start: day(t, "2026-03-10"), Count: 1, Unit: Months, Extensions: []Extension{{Count: 1, Unit: Months}}}, "Gia hạn thêm 1 tháng."},
	} {
		d, err := c.Count(v.run)
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, s := range d.Explain() {
			all.WriteString(s.Say(words, text.Vi) + "\n")
		}
		if !strings.Contains(all.String(), v.want) || strings.Contains(all.String(), "⟦") || strings.Contains(all.String(), "{") {
			t.Errorf("want %q in\n%s", v.want, all.String())
		}
	}
}

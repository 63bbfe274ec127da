package redaction_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/modules/petitions/redaction"
	"example.vn/hdnd/internal/testkit"
)

func TestMasked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, name, out string }{
		{"Gọi tôi 0912 345 678 nhé", "", "Gọi tôi […] nhé"},
		{"Gọi +84 912.345.678", "", "Gọi […]"},
		{"Thư a.b@vi-du.vn, căn cước 001199012345.", "", "Thư […], căn cước […]."},
		{"Tôi là Lê Thị Thử ở số 10 đường 30/4", "Lê Thị Thử", "Tôi là […] ở số 10 đường 30/4"},
		{"Toi la LE  THI thu, o to 5", "Lê Thị Thử", "Toi la […], o to 5"},
		{"Lê Thị Thửa không phải Lê Thị Thử", "Lê Thị Thử", "Lê Thị Thửa không phải […]"},
		{"Đường 179 hỏng từ 2024, dài 12.500 m", "Thử", "Đường 179 hỏng từ 2024, dài 12.500 m"},
		{"Kinh phí 1.234.567.890 đồng cho 120 hộ", "", "Kinh phí 1.234.567.890 đồng cho 120 hộ"},
		{"Xe 29A-123.45 chạy quá tải, xe 30K 12345 cũng vậy", "", "Xe […] chạy quá tải, xe […] cũng vậy"},
		{"STK: 0123 4567 8901 ngân hàng X", "", "STK: […] ngân hàng X"},
		{"CMND số 012345678 cấp 2010", "", "CMND số […] cấp 2010"},
		{"hộ chiếu C1234567", "", "hộ chiếu […]"},
		{"Sổ đỏ số BA 123456 bị cấp sai", "", "Sổ đỏ số […] bị cấp sai"},
		{"Quyết định 12/2025/QĐ-UBND ngày 01/02/2025, thửa 123 tờ 45", "", "Quyết định 12/2025/QĐ-UBND ngày 01/02/2025, thửa 123 tờ 45"},
		{"Điện thoại bàn 024 3825 3536", "", "Điện thoại bàn […]"},
		{"Đề nghị phố Nguyễn Du và đường Trần Phú có đèn", "Nguyễn Du", "Đề nghị phố […] và đường Trần Phú có đèn"},
		{"", "", ""},
	} {
		if got := redaction.Masked(c.in, c.name); got != c.out {
			t.Errorf("Masked(%q) = %q, want %q", c.in, got, c.out)
		}
	}
}

// What only may be personal is pointed out, not taken out.
func TestDoubtful(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Nhà tôi ở số nhà 12 ngõ 5 bị ngập":                    "home:số nhà 12 ngõ 5",
		"Gia đình ông Nguyễn Văn An lấn chiếm vỉa hè":          "person:Nguyễn Văn An",
		"đề nghị bà Trần Thị Bình và anh Lê Cường trả lời":     "person:Trần Thị Bình person:Lê Cường",
		"Phố Bà Triệu và đường Ông Ích Khiêm tối":              "",
		"ông chủ tịch phường chưa trả lời":                     "",
		"Trường Nguyễn Trãi, phường Trần Hưng Đạo cần mở rộng": "",
	} {
		var got []string
		for _, m := range redaction.Find(in, "") {
			if m.Sure {
				t.Errorf("%q: %q is thought sure", in, in[m.From:m.To])
			}
			got = append(got, string(m.Kind)+":"+in[m.From:m.To])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
		if redaction.Masked(in, "") != in {
			t.Errorf("%q was changed", in)
		}
	}
}

func words() *rapid.Generator[string] {
	word := rapid.SampledFrom([]string{"Tôi", "là", "Lê", "Thị", "Thử", "lê", "THU", "0912345678", "đường", "[…]", "a@b.vn", "căn cước", "001199012345", "12345678", "stk", "12 34", "\n", ",", "29A-12345", "é", "e\u0301"})
	return rapid.Map(rapid.SliceOf(word), func(all []string) string { return strings.Join(all, " ") })
}

// Masking twice changes nothing more, and leaves nothing that surely is
// personal; marks are in order and apart.
func TestMaskedIsDone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := words().Draw(t, "text")
		once := redaction.Masked(s, "Lê Thị Thử")
		if left := redaction.Sure(redaction.Find(once, "Lê Thị Thử")); len(left) > 0 {
			t.Fatalf("%q: %d left in %q", s, len(left), once)
		}
		at := 0
		for _, m := range redaction.Find(s, "Lê Thị Thử") {
			if m.From < at || m.To <= m.From || m.To > len(s) {
				t.Fatalf("mark %+v after %d", m, at)
			}
			at = m.To
		}
	})
}

// A number is taken whole, and every number after one word that names its kind.
func TestNumbersGoWhole(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"căn cước 0912345678 001199012345":        "căn cước […]",
		"cccd 012345678, 023456789 và 034567890":  "cccd […], […] và […]",
		"stk 1234 5678 9012 3456 7890 12345678 ạ": "stk […] […] ạ",
		"0912 345 678 hoặc máy bàn 024 3825 3536": "[…] hoặc máy bàn […]",
	} {
		if got := redaction.Masked(in, ""); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

// Whatever is compared, the office's text is what is the same and gone, and the
// published one what is the same and added.
func TestCompareLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := words().Draw(t, "inside"), words().Draw(t, "public")
		var inside, public strings.Builder
		for _, p := range redaction.Compare(a, b) {
			if p.Change != redaction.Added {
				inside.WriteString(p.Text)
			}
			if p.Change != redaction.Gone {
				public.WriteString(p.Text)
			}
		}
		if inside.String() != a || public.String() != b {
			t.Fatalf("%q and %q became %q and %q", a, b, inside.String(), public.String())
		}
	})
}

func TestCompare(t *testing.T) {
	t.Parallel()
	var got []string
	for _, p := range redaction.Compare("Gọi tôi 0912345678, nhà số 5.", "Gọi tôi […], nhà.") {
		got = append(got, string(p.Change)+":"+p.Text)
	}
	if want := "same:Gọi tôi |gone:0912345678|added:[…]|same:, nhà|gone: số 5|same:."; strings.Join(got, "|") != want {
		t.Errorf("compared %q, want %q", strings.Join(got, "|"), want)
	}
	long := strings.Repeat("một hai ba ", 5000)
	if all := redaction.Compare(long+"x", "y"+long); len(all) > 4 {
		t.Errorf("a very long text was cut into %d pieces", len(all))
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		publish, looked bool
		reason          redaction.Reason
		public          string
		points          []string
		want            string
	}{
		"clean":                             {publish: true, public: "Đường hỏng", points: []string{"sửa đường"}},
		"a number left":                     {publish: true, public: "Gọi 0912345678", want: "public_text redaction.left"},
		"in a point":                        {publish: true, public: "Đường hỏng", points: []string{"gọi 0912345678"}, want: "points redaction.left"},
		"looked at":                         {publish: true, looked: true, public: "Gọi 0912345678"},
		"kept back":                         {reason: "child", public: "Gọi 0912345678"},
		"kept back for no reason":           {want: "withheld redaction.reason_empty"},
		"kept back for a reason of no list": {reason: "because", want: "withheld redaction.reason_empty"},
	} {
		var got []string
		for _, f := range redaction.Check(c.publish, c.looked, c.reason, c.public, c.points, "") {
			got = append(got, f.Field+" "+f.Key)
		}
		if strings.Join(got, ",") != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if fault.Join(redaction.Check(true, false, "", "x", nil, "")...) != nil {
		t.Error("a clean text is a fault")
	}
}

func TestCounts(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		day := clock.NewDate(2026, 11, 16)
		decide := func(id, council string, public, sealed bool, reason redaction.Reason) {
			t.Helper()
			c := &cases.Case{ID: id, CouncilID: council, Public: public, Sealed: sealed}
			if err := d.Tx(ctx, func(tx *db.Tx) error { return redaction.Decide(ctx, tx, c, reason, day) }); err != nil {
				t.Fatal(err)
			}
		}
		decide("1", "hn", false, false, "child")
		decide("2", "hn", false, false, "private")
		decide("2", "hn", false, false, "child")
		decide("3", "hn", false, false, "child")
		decide("3", "hn", true, false, "")
		decide("4", "bd", false, false, "child")
		decide("5", "hn", false, false, "security")
		decide("5", "hn", false, true, "security")
		err := d.Read(ctx, func(tx *db.Tx) error {
			all, err := redaction.Counts(ctx, tx, "hn", day, day)
			if err != nil {
				return err
			}
			if len(all) != 1 || all[0] != (redaction.Count{Reason: "child", N: 2}) {
				t.Errorf("counted %+v", all)
			}
			later, err := redaction.Counts(ctx, tx, "", day.AddDays(1), day.AddDays(9))
			if err != nil || len(later) != 0 {
				t.Errorf("on other days: %+v, %v", later, err)
			}
			reason, err := redaction.Of(ctx, tx, "3")
			if err != nil || reason != "" {
				t.Errorf("a published petition has the reason %q, %v", reason, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}, redaction.Migrations)
}

func FuzzFind(f *testing.F) {
	f.Add("Tôi là Lê Thị Thử, 0912345678", "Lê Thị Thử")
	f.Add("\xff\xfe 29A-12345", "\xff \xfe")
	f.Fuzz(func(t *testing.T, s, voter string) {
		once := redaction.Masked(s, voter)
		if len(redaction.Find(s, voter)) == 0 && once != s {
			t.Errorf("%q changed without a mark", s)
		}
		redaction.Look(s, once, voter, true)
	})
}

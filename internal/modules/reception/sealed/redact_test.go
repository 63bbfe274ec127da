package sealed_test

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/reception/sealed"
)

var writer = sealed.Identity{Names: []string{"Đặng Thị Kỳ Quặc"}, Homes: []string{"Số 12, ngõ 77 Lạc Long Viễn, phường Ba Đình, Hà Nội"},
	Contacts: []string{"0987 604 513, kyquac77@example.vn"}, Numbers: []string{"001181004513"}}

// TestRedact: each line is written as people write, with what must be gone and
// what the matter needs.
func TestRedact(t *testing.T) {
	for _, c := range []struct{ words, gone, kept string }{
		{"Tôi là Đặng Thị Kỳ Quặc, tố cáo ông Nguyễn Văn Biến.", "Quặc", "tố cáo ông Nguyễn Văn Biến"},
		{"TÔI LÀ ĐẶNG THỊ KỲ QUẶC TỐ CÁO", "QUẶC", "TỐ CÁO"},
		{"toi la dang thi ky quac to cao", "quac", "to cao"},
		{norm.NFD.String("Bà Kỳ Quặc bị đe doạ"), "Quặc", "bị đe doạ"},
		{"Đặng-Thị-Kỳ-Quặc ký tên", "Quặc", "ký tên"},
		{"Đ ặ n g  T h ị  K ỳ  Q u ặ c ký tên", "Q u", "ký tên"},
		{"Người viết: Đ.T.K. Quặc.", "Đ.T", "Người viết"},
		{"Ký tắt ĐTKQ dưới đơn", "ĐTKQ", "dưới đơn"},
		{"Đ.T.K.Q. viết", "K.Q", "viết"},
		{"ông Biến gọi bà Quặc lên trụ sở", "Quặc", "lên trụ sở"},
		{"ông Biến mắng bà quac giữa chợ", "quac", "giữa chợ"},
		{"ông Biến chửi bà Kỳ giữa chợ", "bà Kỳ ", "giữa chợ"},
		{"trang dangthikyquac1960 đăng bài", "kyquac", "đăng bài"},
		{"Đặng\u200bThị\u00adKỳ Quặc", "Quặc", ""},
		{"Ｑｕặｃ ký", "Quặc", "ký"},
		{"Quac, Dang Thi Ky", "Quac", ""},
		{"gọi 0987604513 hoặc +84 987.604.513 nhé", "604", "nhé"},
		{"gọi 0 9 8 7 6 0 4 5 1 3 nhé", "8 7", "nhé"},
		{"số khác 0912 345 678 của người làm chứng", "345", "của người làm chứng"},
		{"thư kyquac77@example.vn hoặc kyquac77 (tại) example", "kyquac77", "hoặc"},
		{"thư người khác abc@example.com", "abc@", "thư người khác"},
		{"CCCD 0011 8100 4513", "4513", "CCCD"},
		{"nhà tôi ở số 12 ngõ 77 Lạc Long Viễn bị phá", "ngõ 77", "bị phá"},
		{"nhà 77 phố Lạc Long Viễn bị phá", "77", "bị phá"},
		{"UBND phường Ba Đình chi 1.200.000.000 đồng ngày 03.03.2026", "", "UBND phường Ba Đình chi 1.200.000.000 đồng ngày 03.03.2026"},
		{"ông Đặng Văn Biến và bà Lê Thị Mai", "", "ông Đặng Văn Biến và bà Lê Thị Mai"},
	} {
		got := sealed.Redact(c.words, writer)
		if c.gone != "" && strings.Contains(got.Words, c.gone) || !strings.Contains(got.Words, c.kept) {
			t.Errorf("%q became %q", c.words, got.Words)
		}
		if (c.gone != "") != (got.Taken > 0) {
			t.Errorf("%q: %d places", c.words, got.Taken)
		}
	}
	if got := sealed.Redact("UBND phường Ba Đình", sealed.Identity{Homes: []string{"phường Ba Đình, Hà Nội"}, Names: []string{""}, Contacts: []string{""}}); got.Taken != 0 {
		t.Errorf("a ward is taken for a home: %q", got.Words)
	}
	got := sealed.Redact("Tôi mở quán phở đối diện trụ sở trên đường Lạc Long Viễn", sealed.Identity{Homes: writer.Homes, Marks: []string{"mo quan pho"}})
	if strings.Contains(got.Words, "quán") || len(got.Doubts) != 1 {
		t.Errorf("a keeper's mark was left, or a street is no doubt: %+v", got)
	}
}

// TestRedactAnyName: whoever writes, in whatever way, is not found again by
// somebody who looks for the name without accents and signs; and what was
// redacted stays as it is.
func TestRedactAnyName(t *testing.T) {
	family := rapid.SampledFrom([]string{"Nguyễn", "Đặng", "Quách", "Vũ", "Tô"})
	middle := rapid.SampledFrom([]string{"Thị", "Văn", "Hữu", "Kỳ Diệu", "Thị Thuý"})
	given := rapid.SampledFrom([]string{"Quặc", "Hoà", "Uyển", "Nghiêm", "Yến"})
	way := rapid.SampledFrom([]func(string) string{
		func(s string) string { return s }, strings.ToUpper, strings.ToLower, text.Unaccented, norm.NFD.String,
		func(s string) string { return strings.ReplaceAll(s, " ", "  \n") }, func(s string) string { return strings.ReplaceAll(s, " ", "-") },
		func(s string) string { return strings.ReplaceAll(s, " ", ". ") }, func(s string) string { return strings.ReplaceAll(s, " ", "") },
	})
	around := rapid.SampledFrom([]string{"tôi làm đơn này", "ông Chủ tịch nhận 200.000.000 đồng", "[…]", "bà", "(kèm 2 ảnh)", "ngày 3/3/2026;", "\n\n", "*", "[***]"})
	flat := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' {
				return r
			}
			return -1
		}, text.Fold(s))
	}
	rapid.Check(t, func(t *rapid.T) {
		name := family.Draw(t, "family") + " " + middle.Draw(t, "middle") + " " + given.Draw(t, "given")
		words := around.Draw(t, "before") + " " + way.Draw(t, "way")(name) + " " + around.Draw(t, "after") + " " + way.Draw(t, "way again")(name) + " " + around.Draw(t, "end")
		who := sealed.Identity{Names: []string{name}}
		got := sealed.Redact(words, who)
		if strings.Contains(flat(got.Words), flat(name)) {
			t.Fatalf("%q is left in %q", name, got.Words)
		}
		if again := sealed.Redact(got.Words, who); again.Words != got.Words || again.Taken != 0 {
			t.Fatalf("redacting again changes %q to %q", got.Words, again.Words)
		}
	})
}

func FuzzRedact(f *testing.F) {
	f.Add("Tôi là Đặng Thị Kỳ Quặc 0987604513", "Đặng Thị Kỳ Quặc", "0987 604 513")
	f.Add("[***] [***", "[***]", "*")
	f.Add("ﬁ\u0300 ẞ İ", "İ", "１２３４５６")
	f.Fuzz(func(t *testing.T, words, name, contact string) {
		who := sealed.Identity{Names: []string{name}, Homes: []string{name}, Contacts: []string{contact}, Marks: []string{name}}
		once := sealed.Redact(words, who)
		if again := sealed.Redact(once.Words, who); again.Words != once.Words {
			t.Fatalf("%q, then %q", once.Words, again.Words)
		}
	})
}

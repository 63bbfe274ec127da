package text

import (
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestCanonToneUnifiesBothPlaces(t *testing.T) {
	for _, c := range [][2]string{
		{"hòa", "hoà"}, {"HÒA", "HOÀ"}, {"Hòa", "Hoà"}, {"thúy", "thuý"}, {"khỏe", "khoẻ"}, {"ủy", "uỷ"}, {"Ủy", "Uỷ"},
		{"qúy", "quý"}, {"gìa", "già"}, {"qủa", "quả"}, {"hòan", "hoàn"}, {"tòan", "toàn"}, {"lọai", "loại"},
		{"súyt", "suýt"}, {"qúet", "quét"}, {"múôn", "muốn"}, {"tíên", "tiến"}, {"ngừơi", "người"}, {"khủyu", "khuỷu"},
	} {
		if got := CanonTone(c[0]); got != c[1] {
			t.Errorf("CanonTone(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}

func TestCanonToneKeepsWhatIsRight(t *testing.T) {
	for _, w := range []string{
		"", "a", "nhà", "quý", "quỳ", "già", "giếng", "giặt", "gịa", "giạ", "gì", "gìn", "giữ", "bìa", "mía", "tủa", "lửa", "chùa",
		"muốn", "thuở", "người", "rượu", "yếu", "khuya", "ngoài", "xoáy", "ngoèo", "hoàn", "khuỷu", "quốc", "quyết",
		"thuế", "tuệ", "bảo", "máy", "kéo", "núi", "gửi", "cứu", "đã", "Đỗ", "soóc", "đ", "ô", "café", "Gaudí", "naïve", "déjà", "日本", "ßà",
		"hoa", "duong", "hôm",
	} {
		if got := CanonTone(w); got != w {
			t.Errorf("CanonTone(%q) = %q, want it unchanged", w, got)
		}
		if got := CanonTone(norm.NFD.String(w)); got != w {
			t.Errorf("CanonTone of decomposed %q = %q", w, got)
		}
	}
}

func FuzzCanonTone(f *testing.F) {
	for _, s := range []string{"hòa", "qúy", "g\u0323ia", "\xff", "\xf1ǹ", "ượượượượượượượượ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := CanonTone(s)
		if twice := CanonTone(once); twice != once {
			t.Fatalf("%q → %q → %q", s, once, twice)
		}
		if Fold(once) != Fold(s) {
			t.Fatalf("%q and %q differ without accents", s, once)
		}
	})
}

func BenchmarkCanonTone(b *testing.B) {
	for b.Loop() {
		CanonTone("thúy")
		CanonTone("người")
		CanonTone("cong")
	}
}

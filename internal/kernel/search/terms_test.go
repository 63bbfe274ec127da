package search

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func keys(s string) (words, codes []string) {
	for _, t := range newLexer().tokens(s) {
		switch {
		case t.code:
			codes = append(codes, t.key)
		case !t.aside:
			words = append(words, t.key)
		}
	}
	return words, codes
}

func TestWordsAreTheSameHoweverTheyAreTyped(t *testing.T) {
	for _, group := range [][]string{
		{"hòa bình", "hoà bình", "HÒA BÌNH", "hoa binh", norm.NFD.String("hòa bình")},
		{"Đường", "Ðường", "Ɖường", "duong", "ĐƯỜNG", norm.NFD.String("đường")},
		{"quý", "quí", "qúy", "QUY", "qui"},
		{"kỹ sư Mỹ", "kĩ sư Mĩ", "ki su mi"},
		{"UBND phường", "Ủy ban nhân dân phường", "uỷ ban nhân dân phường", "ubnd phuong"},
		{"TP Hà Nội", "TP. Hà Nội", "TP.Hà Nội", "thành phố Hà Nội", "thanh pho ha noi"},
		{"P.5", "P. 5", "P5", "p.05", "phường 5"},
		{"Q. Ba Đình", "Q.Ba Đình", "quận Ba Đình"},
		{"1.500.000 đồng", "1500000 đồng"},
		{"khỏe", "khoẻ"}, {"thúy", "thuý"}, {"ủy", "uỷ"},
	} {
		want, _ := keys(group[0])
		for _, s := range group[1:] {
			if got, _ := keys(s); !slices.Equal(got, want) {
				t.Errorf("%q gives %q, %q gives %q", group[0], want, s, got)
			}
		}
	}
}

func TestWordsThatDifferStayApart(t *testing.T) {
	for _, pair := range [][2]string{{"thúy", "thúi"}, {"tay", "tai"}, {"p", "phường"}, {"2025", "2026"}, {"10", "1"}, {"yên", "iên"}} {
		a, _ := keys(pair[0])
		b, _ := keys(pair[1])
		if slices.Equal(a, b) {
			t.Errorf("%q and %q both give %q", pair[0], pair[1], a)
		}
	}
}

func TestCodes(t *testing.T) {
	for in, want := range map[string]string{
		"08/2025/NQ-HĐND": "8/2025/nq/hdnd", "8/2025/nq-hdnd": "8/2025/nq/hdnd", "08⁄2025⁄NQ-HĐND": "8/2025/nq/hdnd",
		"NQ 08/2025": "8/2025", "KN-2026-000123": "kn/2026/123", "1656/NQ-UBTVQH15": "1656/nq/ubtvqh15",
	} {
		_, got := keys(in)
		if !contains(got, want) {
			t.Errorf("codes of %q are %q, want %q among them", in, got, want)
		}
	}
	if _, got := keys("nhà văn-hoá ở xã/phường"); len(got) != 0 {
		t.Errorf("words without a digit made codes: %q", got)
	}
}

func FuzzLexer(f *testing.F) {
	for _, s := range []string{"", "Đường P. 5, 08/2025/NQ-HĐND", "\xff\xfe", "a\u0301\u0301", "p.", "1.000.", strings.Repeat("ư", 300), "👍🏽", "UBND"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		last := 0
		for _, tok := range newLexer().tokens(s) {
			if tok.start < 0 || tok.end > len(s) || tok.start >= tok.end {
				t.Fatalf("%q: token %q at %d…%d", s, tok.key, tok.start, tok.end)
			}
			if !tok.code && tok.start < last {
				t.Fatalf("%q: token %q goes back", s, tok.key)
			}
			last = max(last, tok.start)
			if tok.key == "" && strings.Trim(s[tok.start:tok.end], "0.") != "" && utf8.ValidString(s) {
				t.Fatalf("%q: no key for %q", s, s[tok.start:tok.end])
			}
			if len(tok.key) > 2*keyMax+8 {
				t.Fatalf("%q: key of %d bytes", s, len(tok.key))
			}
		}
	})
}

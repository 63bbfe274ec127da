package text

import (
	"strings"
	"testing"
	"unicode"
)

const paved = "Đường liên xã bị ngập khi mưa lớn, cử tri đề nghị sửa chữa cống thoát nước và lắp đèn chiếu sáng ở ngõ 12."

// encode writes Unicode text as the old code page shows it when read as Latin-1.
func encode(page []rune, from rune, s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 {
			return r
		}
		for i, p := range page {
			if p == r && i+int(from) != 0xA0 {
				return from + rune(i)
			}
		}
		return r
	}, s)
}

// encodeVNI writes Unicode text as VNI read as Latin-1.
func encodeVNI(s string) string {
	back := make(map[rune]string)
	for k, v := range pageVNI {
		if unicode.IsLower(k[1]) && unicode.IsLower(k[0]) == unicode.IsLower(v) {
			back[v] = string(k[0]) + string(k[1])
		}
	}
	for k, v := range vniSingle {
		back[v] = string(k)
	}
	var b strings.Builder
	for _, r := range s {
		if w, ok := back[r]; ok {
			b.WriteString(w)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// as1252 shows the bytes 0x80–0x9F as Windows does.
func as1252(s string) string {
	win := []rune(page1252)
	return strings.Map(func(r rune) rune {
		if r >= 0x80 && r < 0xA0 && win[r-0x80] != '\ufffd' {
			return win[r-0x80]
		}
		return r
	}, s)
}

func TestFromLegacyConverts(t *testing.T) {
	for _, want := range []string{paved, "đường", "Hàng Bồ, Hàng Đào, Lý Thái Tổ", "Kính gửi Thường trực HĐND: tôi ở tổ 5, phường Cửa Nam"} {
		lower := strings.ToLower(want) // capitals with tones do not exist in TCVN3
		for name, c := range map[string][2]string{
			"TCVN3":               {encode(runesTCVN3, 0xA0, lower), lower},
			"VNI":                 {encodeVNI(want), want},
			"VISCII":              {encode(runesVISCII, 0x80, want), want},
			"VISCII read as 1252": {as1252(encode(runesVISCII, 0x80, want)), want},
		} {
			got, ok := FromLegacy(c[0])
			if !ok || got != c[1] {
				t.Errorf("%s: FromLegacy(%q) = %q, %v; want %q", name, c[0], got, ok, c[1])
			}
		}
	}
}

// Written out, so that the test does not only mirror the tables.
func TestFromLegacyKnownPieces(t *testing.T) {
	for in, want := range map[string]string{
		"d©n sè cña c¸c ph\u00adêng hµng b¹c, hµng bå": "dân số của các phường hàng bạc, hàng bồ",
		"®\u00adêng liªn x· bÞ ngËp":                   "đường liên xã bị ngập",
		"daân soá cuûa caùc phöôøng haøng baïc":        "dân số của các phường hàng bạc",
		"UÛy ban nhaân daân thaønh phoá Haø Noäi":      "Ủy ban nhân dân thành phố Hà Nội",
		"dân s¯ cüa các phß¶ng hàng bÕc, hàng b°":      "dân số của các phường hàng bạc, hàng bồ",
	} {
		if got, ok := FromLegacy(in); !ok || got != want {
			t.Errorf("FromLegacy(%q) = %q, %v; want %q", in, got, ok, want)
		}
	}
}

func TestFromLegacyLeavesGoodTextAlone(t *testing.T) {
	for _, s := range []string{
		"", "   ", "12/2025", paved, strings.ToUpper(paved), "hòa bình", "có", "là gì", "à", "Tôi có nhà ở đó", "ê", "ô tô",
		"Đồng chí", "cà phê và bánh mì", "Bàn ghế nhà trẻ",
		"Le conseil municipal a été élu ; où sont les procès-verbaux de l'été dernier ? Ça dépend, à Noël, peut-être.",
		"« Voilà », dit-elle, très énervée. Élève, forêt, garçon, naïve, cœur.", "voilà", "été", "où", "déjà vu", "Müller", "São Paulo", "jalapeño",
		"The council's café reopened; naïve façade, £5 or €6 — “quoted”, 25 °C, §4, ® ™ ©", "It costs €5.", "© 2026 HĐND", "±5 %", "50 m² đất", "km² ở xã",
		"Straße, Größe, Übung, für Köln", "El niño comió piñas en la montaña según él", "日本語のテキスト", "Привет, мир", "👍🏽 đường hỏng", "\xff\xfe",
	} {
		if got, ok := FromLegacy(s); ok || got != s {
			t.Errorf("FromLegacy(%q) = %q, %v; want it unchanged", s, got, ok)
		}
	}
}

func FuzzFromLegacy(f *testing.F) {
	f.Add(paved)
	f.Add(encodeVNI(paved))
	f.Add(encode(runesVISCII, 0x80, paved))
	f.Fuzz(func(t *testing.T, s string) {
		out, ok := FromLegacy(s)
		if !ok && out != s {
			t.Fatalf("changed without saying so: %q → %q", s, out)
		}
		if again, ok := FromLegacy(out); ok && again == out {
			t.Fatalf("%q converted twice", s)
		}
	})
}

package documents

import (
	"strings"

	"example.vn/hdnd/internal/kernel/text"
)

// SymbolKey is a number and symbol in the one form in which two spellings of it
// are equal: lower case, đ in all its code points as d, no accents, spaces or
// dots, / for the slash that text recognition makes of it, numbers without
// leading zeros. "08/2025/NQ-HĐND", "8/2025/nq-hdnd" and "08 / 2025 / NQ–HĐND"
// are one: "8/2025/nq-hdnd". A text that holds no digit has no key.
//
// vi: số, ký hiệu
func SymbolKey(symbol string) string {
	s := text.Fold(symbolSigns.Replace(text.NFC(symbol)))
	var b strings.Builder
	digit := false
	for i := 0; i < len(s); {
		n := 0
		for i+n < len(s) && s[i+n] >= '0' && s[i+n] <= '9' {
			n++
		}
		if n > 0 {
			digit = true
			run := s[i : i+n]
			if fresh := b.Len() == 0 || !wordByte(b.String()[b.Len()-1]); fresh {
				run = withoutZeros(run)
			}
			b.WriteString(run)
			i += n
			continue
		}
		if c := s[i]; wordByte(c) || c == '/' || c == '-' {
			b.WriteByte(c)
		}
		i++
	}
	if !digit {
		return ""
	}
	return strings.Trim(b.String(), "/-")
}

// symbolSigns are the other faces of / and - and đ.
var symbolSigns = strings.NewReplacer("\u2044", "/", "\u2215", "/", "\uff0f", "/", "\u2013", "-", "\u2014", "-", "\u2010", "-", "\u2011", "-", "\u2212", "-",
	"Ð", "Đ", "ð", "đ", "Ɖ", "Đ", "ɖ", "đ")

func wordByte(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

func withoutZeros(digits string) string {
	if short := strings.TrimLeft(digits, "0"); short != "" {
		return short
	}
	return "0"
}

package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/unicode/norm"
)

// NFC composes s. Macs send decomposed letters; the database holds composed ones only.
func NFC(s string) string { return norm.NFC.String(s) }

// Clean makes typed text fit to keep: NFC, line ends as \n, no control or
// direction-changing characters, no spaces at the ends of lines or of the text.
func Clean(s string) string {
	s = norm.NFC.String(strings.ToValidUTF8(s, ""))
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.Is(unicode.Cc, r), r == '\uFEFF', r == '\u200B', isDirection(r):
			return -1
		case r == '\u00A0' || r == '\u202F':
			return ' '
		}
		return r
	}, s)
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// Line is Clean for a field of one line: line ends and runs of spaces become one space.
func Line(s string) string { return strings.Join(strings.Fields(Clean(s)), " ") }

// isDirection reports the marks that can make text read other than it is stored.
func isDirection(r rune) bool {
	return r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069' || r == '\u200E' || r == '\u200F'
}

// Fold is the search key of s: lower case, no accents, đ as d. Neither
// database folds đ or decomposed Vietnamese, so both store this.
func Fold(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			plain = false
			break
		}
	}
	if plain {
		return strings.ToLower(s)
	}
	return strings.ToLower(Unaccented(s))
}

// Unaccented is s without accents, đ as d, capitals kept: what telephones show
// where accents cost half the room.
func Unaccented(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'đ' || r == 'ð' || r == 'ɖ':
			b.WriteByte('d')
		case r == 'Đ' || r == 'Ð' || r == 'Ɖ':
			b.WriteByte('D')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// SortKey orders s as Vietnamese readers expect (A Ă Â … D Đ …) when compared
// byte by byte, which is how both databases compare. It is lower-case hex.
func SortKey(s string) string {
	c := collate.New(language.Vietnamese)
	var buf collate.Buffer
	key := c.KeyFromString(&buf, NFC(s))
	const digits = "0123456789abcdef"
	out := make([]byte, 0, 2*len(key))
	for _, k := range key {
		out = append(out, digits[k>>4], digits[k&15])
	}
	return string(out)
}

// NameKey orders people's names: by given name, which is the last word, then the rest.
func NameKey(name string) string {
	words := strings.Fields(name)
	if len(words) < 2 {
		return SortKey(name)
	}
	last := len(words) - 1
	return SortKey(words[last] + " " + strings.Join(words[:last], " "))
}

// Number writes n with the language's digit grouping: 1.234.567 or 1,234,567.
func Number(lang Lang, n int64) string {
	return message.NewPrinter(language.Make(string(lang))).Sprintf("%d", n)
}

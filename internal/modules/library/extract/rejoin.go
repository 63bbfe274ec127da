package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/text"
)

// Fonts without Vietnamese letters make programs take those letters from another
// font, and the text layer then has a space wherever the font changes: "c ủa",
// "đ ượ c". splitLeast is the share of such orphans that tells a page of this sort.
const (
	splitLeast  = 0.03
	orphanLeast = 3
	piecesMost  = 6 // of one syllable
)

// Rejoin puts syllables together that a PDF's fonts have torn apart, and reports
// whether the text was of that sort. It takes away single spaces only.
func Rejoin(s string) (string, bool) {
	orphans, words := 0, 0
	for line := range strings.Lines(s) {
		for column := range strings.SplitSeq(strings.TrimRight(line, "\r\n"), "  ") {
			o, n := orphansOf(strings.Split(column, " "))
			orphans, words = orphans+o, words+n
		}
	}
	if orphans < orphanLeast || float64(orphans) < splitLeast*float64(words) {
		return s, false
	}
	var b strings.Builder
	b.Grow(len(s))
	for line := range strings.Lines(s) {
		rejoinLine(&b, line)
	}
	return b.String(), true
}

// orphansOf counts the pieces that are no syllables and become one with a neighbour.
func orphansOf(pieces []string) (orphans, words int) {
	for i, p := range pieces {
		if p == "" {
			continue
		}
		words++
		if text.Syllable(trimmed(p)) || !lettersOnly(p) {
			continue
		}
		if i+1 < len(pieces) && torn(p, pieces[i+1]) && whole(p+pieces[i+1]) ||
			i > 0 && torn(pieces[i-1], p) && whole(pieces[i-1]+p) ||
			i > 0 && i+1 < len(pieces) && torn(pieces[i-1], p) && torn(p, pieces[i+1]) && whole(pieces[i-1]+p+pieces[i+1]) {
			orphans++
		}
	}
	return orphans, words
}

// rejoinLine copies a line; what two spaces part are columns, which stay apart.
func rejoinLine(b *strings.Builder, line string) {
	for len(line) > 0 {
		n := strings.Index(line, "  ")
		if n < 0 {
			n = len(line)
		}
		b.WriteString(rejoinColumn(line[:n]))
		line = line[n:]
		gap := len(line) - len(strings.TrimLeft(line, " "))
		b.WriteString(line[:gap])
		line = line[gap:]
	}
}

// rejoinColumn finds the joining with the fewest pieces that are no syllables, and
// among these the one with the fewest pieces: from right to left, by what is best
// for the rest.
func rejoinColumn(s string) string {
	pieces := strings.Split(s, " ")
	if len(pieces) < 2 {
		return s
	}
	type way struct {
		bad, parts int
		take       int // pieces of the first part
	}
	best := make([]way, len(pieces)+1)
	for i := len(pieces) - 1; i >= 0; i-- {
		joined := ""
		for n := 1; n <= piecesMost && i+n <= len(pieces); n++ {
			if n > 1 && !torn(pieces[i+n-2], pieces[i+n-1]) {
				break
			}
			joined += pieces[i+n-1]
			good := whole(joined)
			if n > 1 && !good {
				if utf8.RuneCountInString(joined) > 16 {
					break
				}
				continue
			}
			w := way{best[i+n].bad, best[i+n].parts + 1, n}
			if !good && lettersOnly(joined) {
				w.bad++
			}
			if n == 1 || w.bad < best[i].bad || w.bad == best[i].bad && w.parts < best[i].parts {
				best[i] = w
			}
		}
	}
	parts := make([]string, 0, best[0].parts)
	for i := 0; i < len(pieces); i += best[i].take {
		parts = append(parts, strings.Join(pieces[i:i+best[i].take], ""))
	}
	return strings.Join(parts, " ")
}

// whole reports whether pieces joined make a syllable, or the letters of a symbol
// such as 27/NQ-HĐND.
func whole(s string) bool {
	s = trimmed(s)
	if text.Syllable(s) {
		return true
	}
	known := false
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '-' || r == '/' || r == '.' }) {
		switch part {
		case "HĐND", "QĐ", "NĐ", "HĐ", "ĐA", "CĐ", "ĐBQH", "ĐĐBQH", "TĐKT", "LĐ", "LĐTBXH", "BĐT", "TĐ", "ĐVHC", "GDĐT", "HĐBC":
			known = true
			continue
		}
		if strings.ContainsFunc(part, func(r rune) bool { return (r < 'A' || r > 'Z') && (r < '0' || r > '9') }) {
			return false
		}
	}
	return known
}

// torn reports whether the font may have changed between two pieces: a letter that
// few fonts have stands at one side.
func torn(a, b string) bool {
	l, _ := utf8.DecodeLastRuneInString(a)
	r, _ := utf8.DecodeRuneInString(b)
	if !unicode.IsLetter(l) || !unicode.IsLetter(r) {
		return false
	}
	return rare(l) || rare(r)
}

// rare reports the letters that Western fonts lack.
func rare(r rune) bool {
	return r >= 0x1EA0 && r <= 0x1EF9 || strings.ContainsRune("ăĂđĐĩĨũŨơƠưƯ", r)
}

func trimmed(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
}

func lettersOnly(s string) bool {
	t := trimmed(s)
	return t != "" && !strings.ContainsFunc(t, func(r rune) bool { return !unicode.IsLetter(r) })
}

package documents

import (
	"strings"
	"unicode"

	"example.vn/hdnd/internal/kernel/text"
)

const (
	nameMaxChars   = 120
	endingMaxChars = 10
	// nameless stands for a file whose name had nothing fit to show.
	nameless = "van-ban"
)

// CleanName makes the name somebody gave a file fit to be shown and offered
// for a download: the last part of any path, composed letters, no control,
// invisible or direction-changing characters, at most 120 characters. It is
// still never used as a path.
func CleanName(name string) string {
	name = strings.ToValidUTF8(name, "")
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = text.Line(strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`<>:"|?*`, r):
			return ' ' // Windows cannot save such names
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp):
			return -1
		}
		return r
	}, name))
	name = strings.Trim(name, ". ")
	stem, end := splitEnding(name)
	stem = strings.TrimRight(cut(stem, nameMaxChars-len(end)), ". ")
	if end == "" { // what was cut may end in an ending now
		stem, end = splitEnding(stem)
		stem = strings.TrimRight(stem, ". ")
	}
	if stem == "" {
		stem = nameless
	}
	return stem + end
}

// cut shortens s to at most n characters.
func cut(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// splitEnding parts "Đơn.PDF" into "Đơn" and ".PDF". What follows the last dot
// of "Báo cáo 1.2 tháng nay" is no ending.
func splitEnding(name string) (stem, end string) {
	i := strings.LastIndexByte(name, '.')
	if i < 0 || len(name)-i < 2 || len(name)-i > endingMaxChars {
		return name, ""
	}
	for _, c := range []byte(name[i+1:]) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return name, ""
		}
	}
	return name[:i], name[i:]
}

// withEnding replaces the ending of name.
func withEnding(name, end string) string {
	stem, _ := splitEnding(name)
	return cut(stem, nameMaxChars-len(end)) + end
}

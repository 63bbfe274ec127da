package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// toneRows lists each vowel without tone, then with huyền, sắc, hỏi, ngã, nặng.
var toneRows = []string{
	"aàáảãạ", "ăằắẳẵặ", "âầấẩẫậ", "eèéẻẽẹ", "êềếểễệ", "iìíỉĩị",
	"oòóỏõọ", "ôồốổỗộ", "ơờớởỡợ", "uùúủũụ", "ưừứửữự", "yỳýỷỹỵ",
	"AÀÁẢÃẠ", "ĂẰẮẲẴẶ", "ÂẦẤẨẪẬ", "EÈÉẺẼẸ", "ÊỀẾỂỄỆ", "IÌÍỈĨỊ",
	"OÒÓỎÕỌ", "ÔỒỐỔỖỘ", "ƠỜỚỞỠỢ", "UÙÚỦŨỤ", "ƯỪỨỬỮỰ", "YỲÝỶỸỴ",
}

// tone is one of the six tones: 0 for ngang, which is not written, to 5 for nặng.
type tone uint8

const heavy tone = 5

// vowel is a letter taken apart: the letter that carries the tone, and the tone.
type vowel struct {
	row  []rune
	tone tone
}

var vowels = vowelTable()

func vowelTable() map[rune]vowel {
	m := make(map[rune]vowel, len(toneRows)*6)
	for _, row := range toneRows {
		rs := []rune(row)
		for t, r := range rs {
			m[r] = vowel{row: rs, tone: tone(t)}
		}
	}
	return m
}

// CanonTone puts the tone mark of a Vietnamese syllable where Decision
// 1989/QĐ-BGDĐT, article 8 puts it, so that hòa and hoà, thúy and thuý, qúy
// and quý compare equal. Words that are no Vietnamese syllable stay as they
// are. The case is kept and the result is NFC; what is no text at all, with bytes
// that mean nothing, stays as it is.
func CanonTone(word string) string {
	if isASCII(word) || !utf8.ValidString(word) {
		return word
	}
	word = norm.NFC.String(word)
	var buf [16]rune
	letters := buf[:0]
	at, marked := -1, tone(0)
	for _, r := range word {
		if v, ok := vowels[r]; ok && v.tone != 0 {
			if at >= 0 {
				return word // two tones: two syllables written together, or no Vietnamese
			}
			at, marked, r = len(letters), v.tone, v.row[0]
		}
		if len(letters) == cap(buf) {
			return word // no Vietnamese syllable is that long
		}
		letters = append(letters, r)
	}
	if at < 0 {
		return word
	}
	want := tonePlace(letters, marked)
	if want < 0 || want == at {
		return word
	}
	letters[want] = vowels[letters[want]].row[marked]
	return string(letters)
}

// tonePlace is the index of the letter that carries the tone in a syllable
// whose letters bear none, or -1 if this is not one syllable.
func tonePlace(letters []rune, t tone) int {
	first := 0
	for first < len(letters) && !isVowel(letters[first]) {
		first++
	}
	end := first
	for end < len(letters) && isVowel(letters[end]) {
		end++
	}
	for _, r := range letters[end:] {
		if isVowel(r) || !unicode.IsLetter(r) {
			return -1
		}
	}
	if first == end {
		return -1
	}
	if isHeavyGia(letters, t) {
		return -1
	}
	first = skipGlide(letters, first, end)
	// ă â ê ô ơ ư take the tone themselves, the second of iê, uô, ươ.
	for i := end - 1; i >= first; i-- {
		if strings.ContainsRune("ăâêôơưĂÂÊÔƠƯ", letters[i]) {
			return i
		}
	}
	switch n := end - first; {
	case n == 1:
		return first
	case n == 3:
		return first + 1 // oai, oay, oeo, uya, uyu
	case n > 3:
		return -1
	case end < len(letters) || isRounded(letters[first], letters[first+1]):
		return first + 1
	}
	return first
}

// isHeavyGia reports "gịa" (giặt gịa), the one word in which the i of gi is the
// vowel. It must not become "giạ", a measure of grain, so both stay as written.
func isHeavyGia(letters []rune, t tone) bool {
	return t == heavy && strings.EqualFold(string(letters), "gia")
}

// skipGlide leaves out the u of qu and the i of gi, which belong to the consonant: quý, già.
func skipGlide(letters []rune, first, end int) int {
	if first != 1 || end-first < 2 {
		return first
	}
	head, glide := unicode.ToLower(letters[0]), unicode.ToLower(letters[1])
	if head == 'q' && glide == 'u' || head == 'g' && glide == 'i' {
		return first + 1
	}
	return first
}

// isRounded reports oa, oe, uy and uê without a final consonant, whose first letter is only a glide.
func isRounded(a, b rune) bool {
	switch string([]rune{unicode.ToLower(a), unicode.ToLower(b)}) {
	case "oa", "oe", "uy", "ue":
		return true
	}
	return false
}

func isVowel(r rune) bool {
	_, ok := vowels[r]
	return ok
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

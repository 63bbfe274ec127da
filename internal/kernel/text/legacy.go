package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The code pages of Vietnamese before Unicode, from byte 0x80 (VISCII) and
// 0xA0 (TCVN3) on. Pasted from an old file they arrive read as Latin-1 or
// Windows-1252. Capitals of TCVN3 are a matter of its fonts (.VnTimeH).
const (
	pageVISCII = "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
	pageTCVN3  = "\u00a0ĂÂÊÔƠƯĐăâêôơưđẶ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
	// page1252 is what Windows-1252 shows for 0x80–0x9F; U+FFFD stands for a byte it leaves free.
	page1252 = "€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ"
)

// pageVNI maps a letter and the mark VNI writes after it. The mark carries the
// circumflex, breve or tone, or two of them.
var (
	pageVNI   = vniTable()
	vniSingle = map[rune]rune{
		'ñ': 'đ', 'Ñ': 'Đ', 'ô': 'ơ', 'Ô': 'Ơ', 'ö': 'ư', 'Ö': 'Ư',
		'í': 'í', 'ì': 'ì', 'æ': 'ỉ', 'ó': 'ĩ', 'ò': 'ị', 'Í': 'Í', 'Ì': 'Ì', 'Æ': 'Ỉ', 'Ó': 'Ĩ', 'Ò': 'Ị', 'î': 'ỵ', 'Î': 'Ỵ',
	}
)

func vniTable() map[[2]rune]rune {
	m := make(map[[2]rune]rune)
	row := func(base, marks, letters string) {
		ms, ls := []rune(marks), []rune(letters)
		for _, b := range base {
			for i, l := range ls {
				if unicode.IsUpper(b) {
					l = unicode.ToUpper(l)
				}
				m[[2]rune{b, ms[i]}] = l
				m[[2]rune{b, unicode.ToUpper(ms[i])}] = l
			}
		}
	}
	row("aA", "ùøûõïâáàåãäêéèúüë", "áàảãạâấầẩẫậăắằẳẵặ")
	row("eE", "ùøûõïâáàåãä", "éèẻẽẹêếềểễệ")
	row("oO", "ùøûõïâáàåãä", "óòỏõọôốồổỗộ")
	row("ôÔ", "ùøûõï", "ớờởỡợ")
	row("uU", "ùøûõï", "úùủũụ")
	row("öÖ", "ùøûõï", "ứừửữự")
	row("yY", "ùøûõ", "ýỳỷỹ")
	return m
}

// FromLegacy turns Vietnamese pasted from a TCVN3, VNI or VISCII file into
// Unicode and reports whether it did. Text that already is Unicode Vietnamese,
// or French or English, is returned as it is: text is changed only when its
// words are no Vietnamese syllables before and nearly all are after.
//
// Call it before Clean: some of these code pages use control characters as letters.
func FromLegacy(s string) (string, bool) {
	if !mayBeLegacy(s) {
		return s, false
	}
	before := syllableShare(s)
	best, share := "", 0.0
	for _, decode := range []func(string) string{fromTCVN3, fromVNI, fromVISCII} {
		out := norm.NFC.String(decode(s))
		if got := syllableShare(out); got > share {
			best, share = out, got
		}
	}
	if share < 0.85 || share-before < 0.25 {
		return s, false
	}
	return best, true
}

// legacyShareMin is the least share of letters beyond ASCII, and of letters
// only Unicode Vietnamese has, that counts: measured 22.8 % of TCVN3 text and
// 19.8 % of Unicode Vietnamese lie above, French and English Unicode far below.
const legacyShareMin = 0.05

// mayBeLegacy is the cheap look: enough letters of the upper half, hardly any of Unicode Vietnamese.
func mayBeLegacy(s string) bool {
	letters, upper, own := 0, 0, 0
	for _, r := range s {
		switch {
		case r < 0x80:
			if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
				letters++
			}
			continue
		case r < 0x100 && r != 0xA0, legacyByte(r) != 0:
			upper++
		case r >= 0x1EA0 && r <= 0x1EF9, strings.ContainsRune("ăĂđĐĩĨũŨơƠưƯ", r), unicode.Is(unicode.Mn, r):
			own++
		}
		letters++
	}
	least := legacyShareMin * float64(letters)
	return upper > 0 && float64(upper) >= least && float64(own) < least
}

// legacyByte is the byte that r was in the old file, 0 if none above 0x7F.
func legacyByte(r rune) byte {
	if r >= 0x80 && r <= 0xFF {
		return byte(r)
	}
	if r < 0x100 || r == unicode.ReplacementChar {
		return 0
	}
	b := byte(0x80)
	for _, w := range page1252 {
		if w == r {
			return b
		}
		b++
	}
	return 0
}

var runesTCVN3, runesVISCII = []rune(pageTCVN3), []rune(pageVISCII)

// FromTCVN3 decodes text of which its font tells that it is TCVN3 (.VnTime).
func FromTCVN3(s string) string { return norm.NFC.String(fromTCVN3(s)) }

// FromVNI decodes text of which its font tells that it is VNI (VNI-Times).
func FromVNI(s string) string { return norm.NFC.String(fromVNI(s)) }

func fromTCVN3(s string) string {
	return strings.Map(func(r rune) rune {
		if b := legacyByte(r); b >= 0xA0 {
			return runesTCVN3[b-0xA0]
		}
		return r
	}, s)
}

func fromVISCII(s string) string {
	return strings.Map(func(r rune) rune {
		switch r { // six capitals stand where control characters do
		case 0x02:
			return 'Ẳ'
		case 0x05:
			return 'Ẵ'
		case 0x06:
			return 'Ẫ'
		case 0x14:
			return 'Ỷ'
		case 0x19:
			return 'Ỹ'
		case 0x1E:
			return 'Ỵ'
		}
		if b := legacyByte(r); b != 0 {
			return runesVISCII[b-0x80]
		}
		return r
	}, s)
}

func fromVNI(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	rs := []rune(s)
	for i := 0; i < len(rs); i++ {
		if i+1 < len(rs) {
			if l, ok := pageVNI[[2]rune{rs[i], rs[i+1]}]; ok {
				b.WriteRune(l)
				i++
				continue
			}
		}
		if l, ok := vniSingle[rs[i]]; ok {
			b.WriteRune(l)
			continue
		}
		b.WriteRune(rs[i])
	}
	return b.String()
}

// syllableShare is the share of Vietnamese syllables among the words that have
// a letter beyond ASCII. A word here ends at ASCII that is no letter only,
// because the old code pages use signs such as § and ® as letters.
func syllableShare(s string) float64 {
	words, good := 0, 0
	for w := range strings.FieldsFuncSeq(s, endsLegacyWord) {
		if isASCII(w) || !strings.ContainsFunc(w, func(r rune) bool { return r < 0x80 }) {
			continue
		}
		words++
		if isSyllable(w) {
			good++
		}
	}
	if words == 0 {
		return 0
	}
	return float64(good) / float64(words)
}

func endsLegacyWord(r rune) bool {
	switch {
	case r >= 0x80, r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
		return false
	case r == 0x02, r == 0x05, r == 0x06, r == 0x14, r == 0x19, r == 0x1E:
		return false
	}
	return true
}

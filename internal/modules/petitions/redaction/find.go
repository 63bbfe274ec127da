package redaction

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/text"
)

// Kind is the kind of a personal detail.
//
// vi: loại thông tin cá nhân
type Kind string

// The kinds. Names and homes of others are only pointed out: the name may be
// that of an official, and the place what the petition is about.
const (
	Voter    Kind = "voter"    // the voter's own name
	Mail     Kind = "mail"     // thư điện tử
	Phone    Kind = "phone"    // số điện thoại
	Identity Kind = "identity" // số căn cước, chứng minh nhân dân, hộ chiếu
	Account  Kind = "account"  // số tài khoản ngân hàng
	Plate    Kind = "plate"    // biển số xe
	Deed     Kind = "deed"     // số giấy chứng nhận quyền sử dụng đất
	Person   Kind = "person"   // tên người khác
	Home     Kind = "home"     // nơi ở
)

// Mark is one personal detail of a text: the bytes from From to before To.
//
// vi: chỗ có thông tin cá nhân
type Mark struct {
	From, To int
	Kind     Kind
	Sure     bool // taken out by the program; else a clerk decides
}

// Gap stands in a published text for what was taken out.
const Gap = "[…]"

// pattern finds one kind; group is the part of the match that is personal.
type pattern struct {
	kind  Kind
	sure  bool
	group int
	expr  *regexp.Regexp
}

// patterns are in order of trust: of two that overlap the first one counts.
var patterns = []pattern{
	{Mail, true, 0, regexp.MustCompile(`[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+`)},
	{Account, true, 2, regexp.MustCompile(`(?i)(số tài khoản|tài khoản số|tài khoản ngân hàng|\bstk)[^\d\n]{0,30}(\d[\d .-]{6,22}\d)`)},
	{Deed, true, 2, regexp.MustCompile(`(?i)(sổ đỏ|sổ hồng|giấy chứng nhận)[^\d\n]{0,50}?(\b[A-Z]{1,2} ?\d{6,8})\b`)},
	{Identity, true, 2, regexp.MustCompile(`(?i)(căn cước|cccd|cmnd|cmtnd|chứng minh|định danh|hộ chiếu|giấy tờ)[^\d\n]{0,30}?(\b[A-Z]?\d[\d .]{5,13}\d)`)},
	{Identity, true, 0, regexp.MustCompile(`\b0\d{11}\b`)},
	{Phone, true, 0, regexp.MustCompile(`(?:\+84|\b84|\b0)(?:[ .-]?\d){9,10}\b`)},
	{Phone, true, 2, regexp.MustCompile(`(?i)(điện thoại|\bsđt|\bđt|\btel|\bgọi|zalo)[^\d\n]{0,15}(\+?\d[\d .-]{6,13}\d)`)},
	{Plate, true, 0, regexp.MustCompile(`\b\d{2}[A-Z][A-Z\d]?[ -]?\d{3}\.?\d{2}\b`)},
	{Home, false, 2, regexp.MustCompile(`(?i)(nhà tôi(?: ở)?|gia đình tôi(?: ở)?|tôi ở|trú tại|thường trú|địa chỉ)[: ]{0,2}(số(?: nhà)? \d+\p{L}?(?:,? ?(?:ngõ|ngách|hẻm|kiệt|tổ) [\d/]+)*)`)},
	{Person, false, 2, regexp.MustCompile(`(?:^|[^\p{L}])((?i:tôi là|tôi tên là|tên tôi là|ông|bà|anh|chị|cô|chú|bác|cháu|em|con tôi là|vợ tôi là|chồng tôi là))(?: [\p{Ll}]+){0,3}? ((?:` + families + `)(?: \p{Lu}\p{Ll}*){1,4})`)},
}

// possible reports whether a text may hold a match at all; expressions are slow
// and most texts have no long number in them.
func (p pattern) possible(s string, long bool) bool {
	switch p.kind {
	case Mail:
		return strings.Contains(s, "@")
	case Person, Home:
		return true
	}
	return long
}

// longMin is the shortest run of figures, with what divides them, that is a part
// of any pattern: of a plate's.
const longMin = 5

// longNumber reports whether a text holds figures in a row, divided by blanks,
// points and hyphens at most.
func longNumber(s string) bool {
	first := -1
	for i := range len(s) {
		switch b := s[i]; {
		case b >= '0' && b <= '9':
			if first < 0 {
				first = i
			}
			if i-first >= longMin-1 {
				return true
			}
		case b != ' ' && b != '.' && b != '-':
			first = -1
		}
	}
	return false
}

// families are the family names of nine in ten people.
const families = `Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đào|Đoàn|Vương|Trịnh|Trương|Đinh|Lâm|Phùng|Mai|Tô|Hà|Tạ|Chu|Cao|Lương|Lưu|Quách|Thái|Tống|Triệu|Kiều|Khuất|Nghiêm|Doãn|Bạch`

// Find gives the personal details of a text from its beginning to its end; no
// two overlap. voter is the sender's name; a name of one word is too common to
// look for.
func Find(s, voter string) []Mark { return find(s, voter, patterns) }

// surePatterns stand first among the patterns, so that nothing that is unsure
// ever takes a place from them.
var surePatterns = patterns[:slices.IndexFunc(patterns, func(p pattern) bool { return !p.sure })]

func find(s, voter string, patterns []pattern) []Mark {
	var all []Mark
	add := func(m Mark) {
		for _, have := range all {
			if m.From < have.To && have.From < m.To {
				return
			}
		}
		all = append(all, m)
	}
	for _, m := range named(s, voter) {
		add(m)
	}
	long := longNumber(s)
	for _, p := range patterns {
		if !p.possible(s, long) {
			continue
		}
		for _, at := range p.expr.FindAllStringSubmatchIndex(s, -1) {
			m := Mark{From: at[2*p.group], To: at[2*p.group+1], Kind: p.kind, Sure: p.sure}
			if p.sure {
				m.To = wholeNumber(s, m.To)
			}
			add(m)
		}
	}
	slices.SortFunc(all, func(a, b Mark) int { return a.From - b.From })
	return all
}

// Sure keeps what surely is personal.
func Sure(all []Mark) []Mark {
	return slices.DeleteFunc(slices.Clone(all), func(m Mark) bool { return !m.Sure })
}

// wholeNumber gives where the number ends that a match stopped in: half a number
// left behind is a half of somebody's.
func wholeNumber(s string, to int) int {
	if to == 0 || s[to-1] < '0' || s[to-1] > '9' {
		return to
	}
	for to < len(s) && s[to] >= '0' && s[to] <= '9' {
		to++
	}
	return to
}

// Masked is a text without what surely is personal. It looks again after each
// time something went: the word "căn cước" may stand before two numbers, and a
// match takes one. Each time figures, an address or a name go, so it ends.
func Masked(s, voter string) string {
	for {
		all := find(s, voter, surePatterns)
		if len(all) == 0 {
			return s
		}
		var b strings.Builder
		at := 0
		for _, m := range all {
			b.WriteString(s[at:m.From] + Gap)
			at = m.To
		}
		b.WriteString(s[at:])
		s = b.String()
	}
}

// named finds the voter's name as people write it: with or without accents, in
// capitals, with several blanks.
func named(s, voter string) []Mark {
	words := strings.Fields(text.Fold(voter))
	if len(words) < 2 {
		return nil
	}
	var all []Mark
	for from := range wordStarts(s) {
		if to := follows(s, from, words); to > 0 {
			all = append(all, Mark{From: from, To: to, Kind: Voter, Sure: true})
		}
	}
	return all
}

// wordStarts yields the byte at which each word of s begins.
func wordStarts(s string) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		inside := false
		for i, r := range s {
			letter := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
			if letter && !inside && !yield(i) {
				return
			}
			inside = letter
		}
	}
}

// follows gives where the folded words end if they stand in s at from, or 0.
func follows(s string, from int, words []string) int {
	at := from
	for i, want := range words {
		if i > 0 {
			blanks := len(s[at:]) - len(strings.TrimLeft(s[at:], " \t\n\u00a0"))
			if blanks == 0 {
				return 0
			}
			at += blanks
		}
		end := at
		for end < len(s) {
			r, n := utf8.DecodeRuneInString(s[end:])
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) {
				break
			}
			end += n
		}
		if text.Fold(s[at:end]) != want {
			return 0
		}
		at = end
	}
	return at
}

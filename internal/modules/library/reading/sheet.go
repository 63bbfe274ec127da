package reading

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/text"
)

// MaxText bounds what is read of one paper: 2,000 dense pages are about 6 MB.
const MaxText = 12 << 20

// maxLines bounds the lines that are kept: a text of nothing but ends of lines
// would otherwise cost many times its size.
const maxLines = 600_000

// sheet is a text laid out for reading. flow is the text without accents, in
// lower case, without marks of layout, one space for many; pos says for each
// of its bytes where it stood.
type sheet struct {
	text  string
	flow  string
	pos   []int32
	lines []line
	pages []int
}

// line is one line that is not empty.
type line struct {
	fs, fe int // in flow
	ts, te int // in text, without marks at its ends
	gap    bool
	caps   bool
	head   bool // a heading by its mark
	row    bool // a row of a table
	page   bool // first of its page
	wrap   bool // front matter or a notice of who published: no part of the paper
}

// plain maps the letters of Vietnamese to those without accents.
var plain = plainTable()

func plainTable() map[rune]byte {
	m := map[rune]byte{'–': '-', '—': '-', '‐': '-', '‑': '-', '−': '-', '⁄': '/', '∕': '/', '／': '/', '\u00a0': ' ', '\u3000': ' ', '“': '"', '”': '"', '„': '"', '‟': '"', '«': '"', '»': '"', '’': '\'', '‘': '\''}
	for _, r := range "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđðɖäëïöüåîûç" {
		f := text.Fold(string(r))
		if len(f) == 1 {
			m[r] = f[0]
			m[unicode.ToUpper(r)] = f[0]
		}
	}
	m['Ð'], m['Ɖ'] = 'd', 'd'
	return m
}

func fold(r rune) byte {
	switch {
	case r >= 'A' && r <= 'Z':
		return byte(r) + 'a' - 'A'
	case r < 0x80:
		return byte(r)
	}
	if b, ok := plain[r]; ok {
		return b
	}
	return '?'
}

// folded is s as it stands in a flow, without layout.
func folded(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteByte(fold(r))
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func lay(given string) (*sheet, bool) {
	cut := len(given) > MaxText
	if cut {
		end := MaxText
		for end > 0 && !utf8.RuneStart(given[end]) {
			end--
		}
		given = given[:end]
	}
	s := &sheet{text: text.NFC(strings.ToValidUTF8(given, "\ufffd")), pages: []int{0}}
	s.pos = make([]int32, 0, len(s.text))
	flow := make([]byte, 0, len(s.text))
	gap, page := true, true
	for at := 0; at < len(s.text); {
		end := at
		for end < len(s.text) && s.text[end] != '\n' && s.text[end] != '\f' {
			end++
		}
		if len(s.lines) >= maxLines {
			return s.end(flow), true
		}
		l := line{gap: gap, page: page}
		flow = s.write(flow, at, end, &l)
		if l.fe > l.fs {
			s.lines = append(s.lines, l)
			gap, page = false, false
		} else {
			gap = true
		}
		if end < len(s.text) && s.text[end] == '\f' {
			page, gap = true, true
			s.pages = append(s.pages, end+1)
		}
		at = end + 1
	}
	return s.end(flow), cut
}

func (s *sheet) end(flow []byte) *sheet {
	s.flow = string(flow)
	s.wrapped()
	return s
}

// write adds the line text[at:end] to the flow.
func (s *sheet) write(flow []byte, at, end int, l *line) []byte {
	l.fs, l.fe, l.ts, l.te = len(flow), len(flow), at, at
	i, ok := s.marks(at, end, l)
	if !ok {
		return flow
	}
	upper, lower, space := 0, 0, false
	l.ts = -1
	for i < end {
		r, n := utf8.DecodeRuneInString(s.text[i:end])
		b := fold(r)
		switch {
		case b == ' ' || b == '\t' || b == '\r' || b == '|' || b == '\v':
			space = true
		case b == '*' || b == '\\' || b == '`' || b == 0 || r == '\ufeff' || r == '\u200b' || r == '\u00ad':
		case b == '_' && (l.ts < 0 || space || !s.wordBefore(i) || i+1 >= end || !wordStart(s.text[i+1:])):
		default:
			if space && l.ts >= 0 {
				flow, s.pos = append(flow, ' '), append(s.pos, int32(i-1))
			}
			if l.ts < 0 {
				l.ts = i
			}
			space = false
			flow, s.pos = append(flow, b), append(s.pos, int32(i))
			l.te = i + n
			if unicode.IsUpper(r) {
				upper++
			} else if unicode.IsLower(r) {
				lower++
			}
		}
		i += n
	}
	if l.ts < 0 {
		l.ts = at
	}
	l.fe = len(flow)
	if l.fe == l.fs {
		return flow
	}
	l.caps = upper >= 2 && upper > 6*lower
	return append(s.ended(flow, end), '\n')
}

// wordBefore and wordStart: a _ within a word is no mark.
func (s *sheet) wordBefore(i int) bool {
	r, _ := utf8.DecodeLastRuneInString(s.text[:i])
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

func wordStart(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

func (s *sheet) ended(flow []byte, end int) []byte {
	s.pos = append(s.pos, int32(min(end, len(s.text)-1)))
	return flow
}

// marks passes what stands before the words of a line: marks of headings and
// quotations. A rule, or a number of a page alone, is no line.
func (s *sheet) marks(at, end int, l *line) (int, bool) {
	i := at
	for i < end && (s.text[i] == ' ' || s.text[i] == '\t' || s.text[i] == '#' || s.text[i] == '>' || s.text[i] == '\r') {
		l.head = l.head || s.text[i] == '#'
		i++
	}
	l.row = i < end && (s.text[i] == '|' || s.text[i] == '+')
	words, digits, dashes := 0, 0, 0
	for _, r := range s.text[i:end] {
		switch {
		case unicode.IsLetter(r):
			return i, true
		case unicode.IsDigit(r):
			digits++
		case strings.ContainsRune("-–—=_~+:| \t\r*\\.", r):
			if r == '.' {
				dashes++
			}
		default:
			words++
		}
	}
	if words == 0 && (digits == 0 || digits <= 4 && dashes == 0 && !l.head) {
		return i, false
	}
	return i, true
}

// at is where flow[start:end] stood in the text.
func (s *sheet) at(start, end int) Span {
	if start >= end || start >= len(s.pos) {
		p := len(s.text)
		if start < len(s.pos) {
			p = int(s.pos[start])
		}
		return Span{p, p}
	}
	last := int(s.pos[min(end, len(s.pos))-1])
	_, n := utf8.DecodeRuneInString(s.text[last:])
	return Span{int(s.pos[start]), last + n}
}

// words is what stood at flow[start:end], without marks of layout, in one line.
func (s *sheet) words(start, end int) string {
	var b strings.Builder
	space := false
	for i := start; i < end && i < len(s.flow); i++ {
		if c := s.flow[i]; c == ' ' || c == '\n' {
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		r, _ := utf8.DecodeRuneInString(s.text[s.pos[i]:])
		b.WriteRune(r)
	}
	return b.String()
}

func (s *sheet) lineFlow(i int) string { return s.flow[s.lines[i].fs:s.lines[i].fe] }

// lineAt is the index of the line that holds flow offset f.
func (s *sheet) lineAt(f int) int {
	lo, hi := 0, len(s.lines)
	for lo < hi {
		m := (lo + hi) / 2
		if s.lines[m].fe < f {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}

package matching

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/text"
)

// word is a syllable or number of a text: as folded for comparing, and as it
// was written, in lower case with its tone mark at the usual place.
type word struct {
	key    string
	id     uint64 // of the key, within one memory
	shown  string
	proper bool // written with a capital and not at the beginning of a sentence
	first  bool // begins a clause: what stands before ends one
	digit  bool // holds a number
	common bool // of set phrases, see boilerplate
	place  bool // stands before the names of places, see placeKinds
}

// accented reports whether the syllable was typed with marks.
func (w word) accented() bool { return w.key != w.shown }

// shorts are the abbreviations that people and offices use, folded, written out
// in folded syllables. One letter stands for a word only with its full stop.
var shorts = map[string]string{
	"ubnd": "uy ban nhan dan", "hdnd": "hoi dong nhan dan", "mttq": "mat tran to quoc", "tp": "thanh pho", "tphn": "thanh pho ha noi", "hn": "ha noi",
	"dc": "dong chi", "d/c": "dong chi", "gd": "gia dinh", "gddt": "giao duc dao tao", "gd-dt": "giao duc dao tao", "gtvt": "giao thong van tai", "gpmb": "giai phong mat bang",
	"qsd": "quyen su dung", "qsdd": "quyen su dung dat", "gcn": "giay chung nhan", "gcnqsdd": "giay chung nhan quyen su dung dat", "tdp": "to dan pho", "kdc": "khu dan cu",
	"ktxh": "kinh te xa hoi", "thcs": "trung hoc co so", "thpt": "trung hoc pho thong", "bhyt": "bao hiem y te", "bhxh": "bao hiem xa hoi", "csgt": "canh sat giao thong",
	"ca": "cong an", "atgt": "an toan giao thong", "vsmt": "ve sinh moi truong", "nvh": "nha van hoa", "tttm": "trung tam thuong mai", "kcn": "khu cong nghiep", "ql": "quoc lo", "tl": "tinh lo",
	"dt": "duong tinh", "ko": "khong", "k": "khong", "dc.": "duoc", "ng": "nguoi", "sx": "san xuat", "htx": "hop tac xa", "vh": "van hoa", "kp": "khu pho",
}

// memory keeps what it made of words while several texts are read: the texts of
// one council have few different words. It is not for several at a time.
type memory struct {
	made map[string][]word // by the word as written
	ids  map[string]uint64 // by key, from 1
}

func newMemory() *memory { return &memory{map[string][]word{}, map[string]uint64{}} }

// memories go from one comparison to the next: a council's petitions are written
// with the same few thousand syllables every day.
var memories = sync.Pool{New: func() any { return newMemory() }}

// memoryMost bounds what is kept of texts that are noise.
const memoryMost = 50_000

// done gives the memory back; what was read with it must be out of use.
func (m *memory) done() {
	if len(m.made) > memoryMost {
		return
	}
	memories.Put(m)
}

// readWords takes one text apart.
func readWords(s string) []word { return newMemory().read(s) }

// read takes a text apart. Abbreviations are written out, so that "UBND TP" and
// "Ủy ban nhân dân thành phố" are the same words.
func (m *memory) read(s string) []word {
	s = text.NFC(s)
	all := make([]word, 0, len(s)/5+1)
	first := true
	start := -1
	flush := func(end int) {
		if start >= 0 {
			all = m.add(all, s[start:end], first)
			first, start = false, -1
		}
	}
	for i, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r):
			if start < 0 {
				start = i
			}
		case start >= 0 && joins(s, i, r):
			// 17/2025, N02-T2 and đ/c are one word each
		default:
			flush(i)
			first = first || strings.ContainsRune(".,;:!?\n()–", r)
		}
	}
	flush(len(s))
	return all
}

// joins reports whether a sign stands inside a word: between figures or capitals.
func joins(s string, i int, r rune) bool {
	if !strings.ContainsRune("/-.", r) || i+1 >= len(s) || i == 0 {
		return false
	}
	before, after := s[i-1], s[i+1]
	digit := func(b byte) bool { return b >= '0' && b <= '9' }
	switch r {
	case '/':
		return digit(before) && digit(after) || strings.HasSuffix(strings.ToLower(s[:i]), "đ") && (after == 'c' || after == 'C')
	case '-':
		return digit(before) && after < 0x80 && unicode.IsUpper(rune(after)) || before < 0x80 && unicode.IsUpper(rune(before)) && digit(after)
	}
	return digit(before) && digit(after)
}

func (m *memory) add(all []word, written string, first bool) []word {
	parts, ok := m.made[written]
	if !ok {
		written = strings.Clone(written) // the memory outlives the text, and must not hold it
		parts = m.words(written)
		m.made[written] = parts
	}
	for i, w := range parts {
		w.first = first && i == 0
		w.proper = w.proper && !first
		all = append(all, w)
	}
	return all
}

// words makes the words that a written one stands for: several when it is an
// abbreviation.
func (m *memory) words(written string) []word {
	lower := strings.ToLower(written)
	key := stem(text.Fold(lower))
	if long, ok := shorts[key]; ok {
		var parts []word
		for part := range strings.FieldsSeq(long) {
			parts = append(parts, m.word(part, part))
		}
		return parts
	}
	first, _ := utf8.DecodeRuneInString(written)
	w := m.word(key, text.CanonTone(lower))
	w.proper = unicode.IsUpper(first)
	return []word{w}
}

func (m *memory) word(key, shown string) word {
	return word{key: key, shown: shown, id: m.id(key), digit: hasDigit(key), common: boilerplate[key], place: placeKinds[key]}
}

func (m *memory) id(key string) uint64 {
	id, ok := m.ids[key]
	if !ok {
		id = uint64(len(m.ids) + 1)
		m.ids[key] = id
	}
	return id
}

// stem makes one key of spellings that differ by habit only: kỹ and kĩ, quy and qui.
func stem(key string) string {
	const open = "hklmst"
	switch {
	case len(key) == 2 && key[1] == 'y' && strings.IndexByte(open, key[0]) >= 0:
		return key[:1] + "i"
	case key == "quy":
		return "qui"
	}
	return key
}

// keysOf are the folded words of a text.
func keysOf(all []word) []string {
	keys := make([]string, len(all))
	for i, w := range all {
		keys[i] = w.key
	}
	return keys
}

// hasDigit reports whether a word holds a number.
func hasDigit(key string) bool { return strings.ContainsAny(key, "0123456789") }

package search

import (
	"hash/fnv"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/text"
)

// word is one syllable or number as the index knows it.
type word struct {
	key      string // lower case, no accents, i for y in open syllables
	exact    string // lower case with accents, tone in its one place
	accented bool
	accent   uint8  // class of exact, see accentOf
	id       uint64 // of key, so that texts are compared without strings
}

// token is a word where it stands in a text.
type token struct {
	word
	start, end int
	code       bool // a whole number or symbol of a document, beside its parts
	aside      bool // stands beside the running words, so it has no neighbours
}

// lexer cuts text into tokens. It remembers the syllables it has met, of
// which Vietnamese has few; it is not for two goroutines at once.
type lexer struct {
	known map[string][]word
	out   []token
}

func newLexer() *lexer { return &lexer{known: make(map[string][]word, 4096)} }

// knownMax bounds the lexer's memory when the text is noise.
const knownMax = 50_000

// tokens cuts s. The result is valid until the next call.
func (l *lexer) tokens(s string) []token {
	l.out = l.out[:0]
	for at := 0; at < len(s); {
		n := wordLen(s[at:])
		if n == 0 {
			_, size := utf8.DecodeRuneInString(s[at:])
			at += size
			continue
		}
		end, joined := at+n, false
		for { // words joined without a space: 08/2025/NQ-HĐND, TP.HCM, 1.500.000
			j := joinerLen(s[end:])
			if j == 0 {
				break
			}
			n := wordLen(s[end+j:])
			if n == 0 {
				break
			}
			end, joined = end+j+n, true
		}
		if joined {
			l.chain(s, at, end)
		} else {
			l.word(s, at, end)
		}
		at = end
	}
	return l.out
}

// wordLen is the length of the word that s begins with.
func wordLen(s string) int {
	n := 0
	for n < len(s) {
		if c := s[n]; c < utf8.RuneSelf {
			if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
				n++
				continue
			}
			return n
		}
		r, size := utf8.DecodeRuneInString(s[n:])
		if vietnameseRange(r) {
			n += size
			continue
		}
		if r == utf8.RuneError && size == 1 || !unicode.IsLetter(r) && !unicode.IsDigit(r) && (n == 0 || !unicode.Is(unicode.Mn, r)) {
			return n
		}
		n += size
	}
	return n
}

// vietnameseRange holds the letters that Vietnamese is written with beside
// ASCII; nearly all text needs no wider look.
func vietnameseRange(r rune) bool {
	return r >= 0x1E00 && r <= 0x1EFF || r >= 0xC0 && r <= 0x24F && r != 0xD7 && r != 0xF7
}

// joinerLen is the length of the sign that joins parts of a number or symbol.
// U+2044 is what text recognition makes of a slash.
func joinerLen(s string) int {
	switch {
	case s == "":
		return 0
	case s[0] == '/' || s[0] == '-' || s[0] == '.' || s[0] == '_':
		return 1
	case strings.HasPrefix(s, "\u2044"):
		return len("\u2044")
	}
	return 0
}

// chain cuts words that are joined by signs: the parts, and the whole if it is
// the number of a document or a code.
func (l *lexer) chain(s string, start, end int) {
	if whole, ok := plainNumber(s[start:end]); ok {
		l.out = append(l.out, token{word: plain(whole), start: start, end: end})
		return
	}
	var parts []string
	for at := start; at < end; {
		n := wordLen(s[at:end])
		l.word(s, at, at+n)
		parts = append(parts, text.Fold(s[at:at+n]))
		at += n
		at += joinerLen(s[at:end])
	}
	for _, c := range codes(s[start:end], parts) {
		l.out = append(l.out, token{word: plain(c), start: start, end: end, code: true, aside: true})
	}
}

// plainNumber joins 1.500.000, which is one number in Vietnamese.
func plainNumber(s string) (string, bool) {
	groups := strings.Split(s, ".")
	if len(groups) < 2 || len(groups) > 6 || len(groups[0]) > 3 {
		return "", false
	}
	for i, g := range groups {
		if !allDigits(g) || i > 0 && len(g) != 3 {
			return "", false
		}
	}
	return strings.TrimLeft(strings.Join(groups, ""), "0"), strings.Trim(s, "0.") != ""
}

// codes are the keys of a joined whole that holds a digit: all its parts; its
// number and year alone, as people cite it ("NQ 08/2025"); and the parts run
// together, as people type a petition's code.
func codes(whole string, parts []string) []string {
	if len(whole) > 2*keyMax || !strings.ContainsAny(whole, "0123456789") {
		return nil
	}
	run := strings.Join(parts, "")
	trimmed := make([]string, len(parts))
	for i, p := range parts {
		trimmed[i] = trimNumber(p)
	}
	keys := []string{strings.Join(trimmed, "/")}
	if len(parts) > 2 && allDigits(parts[0]) && allDigits(parts[1]) {
		keys = append(keys, trimmed[0]+"/"+trimmed[1])
	}
	if !allDigits(parts[0]) {
		keys = append(keys, run)
	}
	return keys
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// trimNumber drops the leading zeros of a number: 08 is 8.
func trimNumber(s string) string {
	if len(s) < 2 || s[0] != '0' || !allDigits(s) {
		return s
	}
	if t := strings.TrimLeft(s, "0"); t != "" {
		return t
	}
	return "0"
}

// word adds the token of s[start:end], or several if it is a short form.
func (l *lexer) word(s string, start, end int) {
	raw := s[start:end]
	if len(raw) == 1 && end < len(s) && s[end] == '.' {
		if long, ok := dotted[string(raw[0]|0x20)]; ok && unitFollows(s[end+1:]) {
			l.spread(long, start, end)
			return
		}
	}
	words, ok := l.known[raw]
	if !ok {
		if len(l.known) >= knownMax {
			clear(l.known)
		}
		words = l.read(strings.Clone(raw))
		l.known[strings.Clone(raw)] = words
	}
	if len(words) > 1 { // the short form itself can be found too, while it is being typed
		short := cutKey(text.Fold(raw))
		l.out = append(l.out, token{word: plain(short), start: start, end: end, aside: true})
	}
	for _, w := range words {
		l.out = append(l.out, token{word: w, start: start, end: end})
	}
}

func (l *lexer) spread(long string, start, end int) {
	for w := range strings.FieldsSeq(long) {
		l.out = append(l.out, token{word: syllable(w), start: start, end: end})
	}
}

// unitFollows reports that a name or number comes next, so that "p." is a ward's.
func unitFollows(s string) bool {
	s = strings.TrimPrefix(s, " ")
	return wordLen(s) > 0
}

// read makes the words of one run of letters and digits.
func (l *lexer) read(raw string) []word {
	w := syllable(raw)
	if long, ok := abbreviations[w.key]; ok {
		var words []word
		for part := range strings.FieldsSeq(long) {
			words = append(words, syllable(part))
		}
		return words
	}
	if n := len(w.key); n >= 2 && n <= 3 && allDigits(w.key[1:]) {
		if long, ok := dotted[w.key[:1]]; ok { // P12
			num := trimNumber(w.key[1:])
			return []word{syllable(long), plain(num)}
		}
	}
	return []word{w}
}

// oneBarredD folds the letters that look like đ: the Icelandic and African ones
// that keyboards and text recognition put in its place.
var oneBarredD = strings.NewReplacer("Ð", "đ", "ð", "đ", "Ɖ", "đ", "ɖ", "đ")

// syllable makes one word.
func syllable(raw string) word {
	raw = text.NFC(raw)
	exact := text.CanonTone(strings.ToLower(oneBarredD.Replace(raw)))
	folded := text.Fold(exact)
	w := plain(cutKey(trimNumber(openY(folded))))
	w.exact, w.accented = exact, exact != folded
	if w.accented {
		w.accent = accentOf(exact)
	}
	return w
}

// plain is a word of its own key: a number, a code, a short form.
func plain(key string) word {
	h := fnv.New64a()
	h.Write([]byte(key))
	return word{key: key, exact: key, accent: bare, id: h.Sum64()}
}

// openY writes i for y at the end of hy, ky, ly, my, sy, ty, quy, which are
// spelled either way: quy and qui, kỹ and kĩ.
func openY(s string) string {
	switch s {
	case "hy", "ky", "ly", "my", "sy", "ty", "quy":
		return s[:len(s)-1] + "i"
	}
	return s
}

// cutKey bounds a key, at a whole letter.
func cutKey(s string) string {
	if len(s) <= keyMax {
		return s
	}
	n := keyMax
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// accentOf sorts spellings of the same key into eight classes: 0 without any
// accent, the others by chance. Two spellings may share a class; then a word
// counts as exact that is not, which costs a little order and nothing else.
func accentOf(exact string) uint8 {
	h := fnv.New32a()
	h.Write([]byte(exact)) // never fails
	v := h.Sum32()
	return 1 + uint8((v^v>>15)%7)
}

// bare is the class of a word, or a pair, without accents.
const bare = 0

// pairAccent is the class of two neighbours.
func pairAccent(a, b uint8) uint8 {
	if a == bare && b == bare {
		return bare
	}
	return 1 + (a*3+b)%7
}

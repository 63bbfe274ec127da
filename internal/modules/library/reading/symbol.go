package reading

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/documents"
)

// symbol is a number and symbol found in the flow.
type symbol struct {
	text       string // cleaned
	number     string
	year       int
	fs, fe     int
	confidence float64
	whys       []string
	checked    bool
	strange    bool // its term did not meet in its year
}

// mixedCase are the short forms of kinds and posts with lower-case letters.
var mixedCase = map[string]string{"ttg": "TTg", "ttr": "TTr", "qyd": "QyĐ", "ctr": "CTr", "trs": "TrS", "tandtc": "TANDTC"}

// dropped strokes: pieces of symbols that are words only with their đ.
var strokes = map[string]string{"ND": "NĐ", "QD": "QĐ", "CD": "CĐ", "DA": "ĐA", "HDND": "HĐND", "HDBCQG": "HĐBCQG", "HDTP": "HĐTP", "BGDDT": "BGDĐT", "BDT": "BĐT", "LDTBXH": "LĐTBXH", "BLDTBXH": "BLĐTBXH", "TLD": "TLĐ", "DCTUBTWMTTQVN": "ĐCTUBTWMTTQVN"}

// runeAt is the letter of the text that stands at flow offset i.
func (s *sheet) runeAt(i int) rune {
	if i < 0 || i >= len(s.flow) {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(s.text[s.pos[i]:])
	return r
}

func digit(b byte) bool  { return b >= '0' && b <= '9' }
func letter(b byte) bool { return b >= 'a' && b <= 'z' }

// symbolScan is the state of reading one symbol.
type symbolScan struct {
	s    *sheet
	i    int
	end  int
	out  strings.Builder
	why  map[string]bool
	year int
}

func (c *symbolScan) peek() byte {
	if c.i < c.end {
		return c.s.flow[c.i]
	}
	return 0
}

// blank passes at most n spaces and ends of lines and says how many there were.
func (c *symbolScan) blank(n int) int {
	k := 0
	for k < n && (c.peek() == ' ' || c.peek() == '\n') {
		c.i++
		k++
	}
	return k
}

// run takes letters and digits that belong together in a symbol: capitals, or
// one of the short forms with lower-case letters.
func (c *symbolScan) run() string {
	start, lower := c.i, 0
	for c.i < c.end && c.i-start < 16 && (letter(c.peek()) || digit(c.peek())) {
		if r := c.s.runeAt(c.i); unicode.IsLower(r) && !((r == 'i' || r == 'l') && strings.HasSuffix(c.s.flow[start:c.i], "qh")) {
			lower++
		}
		c.i++
	}
	key := c.s.flow[start:c.i]
	if lower > 0 {
		if known, ok := mixedCase[key]; ok {
			return known
		}
		c.i = start
		return ""
	}
	var b strings.Builder
	var last rune
	for k := start; k < c.i; k++ {
		r := c.s.runeAt(k)
		eth := r == 'Ð' || r == 'Ɖ'
		if eth {
			c.why["stroke"] = true
		}
		// Both code points side by side are one letter read twice; ĐĐ is two
		// (HĐĐT, hóa đơn điện tử).
		if eth && last == 'Đ' || r == 'Đ' && last == 'Ð' {
			last = 0
			continue
		}
		last = r
		if eth {
			r, last = 'Đ', 'Ð'
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	seg := b.String()
	if full, ok := strokes[seg]; ok {
		c.why["stroke"] = true
		seg = full
	}
	return seg
}

// symbolAt reads the symbol that begins at flow offset i, if one does.
func (s *sheet) symbolAt(i int) (symbol, bool) {
	if !digit(s.flow[i]) || i > 0 && (digit(s.flow[i-1]) || letter(s.flow[i-1]) || strings.IndexByte("/-.", s.flow[i-1]) >= 0 || s.flow[i-1] == ',' && (i < 2 || s.flow[i-2] != ' ')) {
		return symbol{}, false
	}
	c := &symbolScan{s: s, i: i, end: min(len(s.flow), i+90), why: map[string]bool{}}
	number := c.number()
	if number == "" {
		return symbol{}, false
	}
	party := c.peek() == '-'
	if c.blank(8) > 0 {
		c.why["spaces"] = true
		party = false
	}
	if !party && c.peek() != '/' {
		return symbol{}, false
	}
	c.out.WriteString(number)
	c.slash()
	if party {
		return c.party(i, number)
	}
	if !c.takeYear() || !c.tail() {
		return symbol{}, false
	}
	return c.done(i, number), true
}

func (c *symbolScan) number() string {
	start := c.i
	for c.i-start < 5 && digit(c.peek()) {
		c.i++
	}
	if n := c.split(start); n > 0 {
		whole := c.s.flow[start:c.i] + c.s.flow[c.i+1:c.i+1+n]
		c.i += 1 + n
		c.why["spaces"], c.why["split"] = true, true
		return whole
	}
	if c.peek() == '.' && c.i+1 < c.end && digit(c.s.flow[c.i+1]) && c.i-start <= 3 {
		for k := 0; k < 4 && (k == 0 || digit(c.peek())); k++ {
			c.i++
		}
	} else if letter(c.peek()) && c.i+1 < c.end && c.s.flow[c.i+1] == '/' {
		c.i++
	}
	if digit(c.peek()) {
		return ""
	}
	return strings.ToUpper(c.s.flow[start:c.i])
}

// split is how many digits of the number stand after a space: "số 1 10/2025".
func (c *symbolScan) split(start int) int {
	before := strings.TrimRight(c.s.flow[max(0, start-5):start], " ,.")
	if c.peek() != ' ' || !strings.HasSuffix(before, "so") || c.i-start > 2 {
		return 0
	}
	k := c.i + 1
	for k < c.end && k <= c.i+3 && digit(c.s.flow[k]) {
		k++
	}
	if n := k - c.i - 1; n > 0 && n < 3 && k < c.end && c.s.flow[k] == '/' {
		return n
	}
	return 0
}

// slash takes the / or - at hand.
func (c *symbolScan) slash() {
	r := c.s.runeAt(c.i)
	if r != '/' && r != '-' {
		c.why["slash"] = true
	}
	c.out.WriteByte(c.peek())
	c.i++
	if c.blank(3) > 0 {
		c.why["spaces"] = true
	}
}

// party reads the symbols of the Party: 60-NQ/TW.
func (c *symbolScan) party(i int, number string) (symbol, bool) {
	kind := c.run()
	if !capital(kind) || utf8.RuneCountInString(kind) > 4 || c.peek() != '/' {
		return symbol{}, false
	}
	c.out.WriteString(kind)
	c.slash()
	body := c.run()
	if !capital(body) {
		return symbol{}, false
	}
	c.out.WriteString(body)
	return c.done(i, number), true
}

func capital(seg string) bool {
	r, _ := utf8.DecodeRuneInString(seg)
	return unicode.IsUpper(r)
}

// takeYear reads the year, if there is one, and the / after it, which the text
// may have lost.
func (c *symbolScan) takeYear() bool {
	start, digits, year := c.i, 0, 0
	for c.i < c.end && digits < 4 {
		b := c.peek()
		if digit(b) {
			year, digits = year*10+int(b-'0'), digits+1
		} else if b != ' ' && b != '\n' || digits == 0 || c.i+1 >= c.end || !digit(c.s.flow[c.i+1]) {
			break
		} else {
			c.why["spaces"] = true
		}
		c.i++
	}
	if digits == 0 {
		return true
	}
	if digits < 4 || year < 1945 || year > 2100 {
		c.i = start
		return false
	}
	c.year = year
	c.out.WriteString(strconv.Itoa(year))
	if k := c.i; c.blank(2) > 0 {
		if c.peek() != '/' {
			c.i = k
			return false
		}
		c.why["spaces"] = true
	}
	if c.peek() == '/' {
		c.slash()
		return true
	}
	if c.i+1 < c.end && strings.IndexByte("q90o", c.peek()) >= 0 && (c.s.flow[c.i+1] == 'h' || c.s.flow[c.i+1] == 'i') {
		c.why["slash"] = true
		c.out.WriteByte('/')
		return true
	}
	return false
}

// tail reads the letters: kind, bodies, term.
func (c *symbolScan) tail() bool {
	first := c.run()
	if first == "" || c.year == 0 && !capital(first) {
		return false
	}
	segs, seps := []string{c.term(first)}, []byte{}
	for len(segs) < 8 {
		back := c.i
		spaces := c.blank(1)
		sep := c.peek()
		if spaces == 1 && len(segs) == 1 && c.year != 0 && c.governs() {
			c.why["spaces"] = true
			seps, segs = append(seps, '-'), append(segs, c.run())
			break
		}
		if sep != '-' && (sep != '/' || spaces > 0) {
			c.i = back
			break
		}
		c.i++
		around := spaces
		spaces += c.blank(2)
		if sep == '-' && c.peek() == '-' {
			c.i++
			spaces += 1 + c.blank(1)
			around = spaces
		}
		seg := c.run()
		if around > 0 && spaces > around && len(segs) > 1 {
			c.i = back
			break
		}
		if seg == "" || !capital(seg) || spaces > 0 && (utf8.RuneCountInString(seg) < 2 || c.spelled(segs[0])) {
			c.i = back
			break
		}
		if spaces > 0 {
			c.why["hyphen"] = true
		}
		seps, segs = append(seps, sep), append(segs, c.term(seg))
	}
	if utf8.RuneCountInString(segs[0]) < 2 && len(segs) == 1 || c.year == 0 && len(segs) == 1 && !loneTails[segs[0]] || !strings.ContainsFunc(segs[0], unicode.IsLetter) {
		return false
	}
	if len(segs) == 1 && c.year != 0 && bodyless[segs[0]] {
		c.why["cut"] = true
		if segs[0] == "NĐ" { // only the Government issues nghị định
			seps, segs = append(seps, '-'), append(segs, "CP")
		}
	}
	for k, seg := range segs {
		if k > 0 {
			c.out.WriteByte(seps[k-1])
		}
		c.out.WriteString(seg)
	}
	return true
}

// governs: "CP" or "TTg" stands next, before which a hyphen was lost.
func (c *symbolScan) governs() bool {
	i := c.i
	seg := c.run()
	c.i = i
	return seg == "CP" || seg == "TTg"
}

// bodyless: a symbol with a year that ends so has lost the body that issued it.
var bodyless = map[string]bool{"NĐ": true, "TT": true, "NQ": true, "QĐ": true, "CT": true, "TTLT": true, "PL": true}

// loneTails end symbols that have neither year nor hyphen.
var loneTails = map[string]bool{"CP": true, "TTg": true, "HĐBT": true, "QH": true}

// spelled: after this first piece a hyphen with spaces begins a new thought.
func (c *symbolScan) spelled(first string) bool {
	return strings.HasPrefix(first, "QH") || strings.HasPrefix(first, "UBTVQH")
}

// term sets right the National Assembly's term, the piece that text
// recognition breaks most: QHI15, QH135, QI113, 9H13 are QH15, QH15, QH13, QH13
// once the year says which terms there can be.
func (c *symbolScan) term(seg string) string {
	if (seg == "QH" || seg == "UBTVQH") && c.i+2 < c.end && c.peek() == ' ' && digit(c.s.flow[c.i+1]) && digit(c.s.flow[c.i+2]) {
		c.why["spaces"] = true
		seg += c.s.flow[c.i+1 : c.i+3]
		c.i += 3
	}
	if strange(seg, c.year) {
		c.why["strange"] = true
		return seg
	}
	fixed, sure := mendTerm(seg, c.year)
	if fixed != seg {
		c.why["term"] = true
		if !sure {
			c.why["guess"] = true
		}
	}
	return fixed
}

// strange: the term is well written but did not meet in that year. Term or year
// was misread; only another mention or the register can say which.
func strange(seg string, year int) bool {
	tail, ok := strings.CutPrefix(strings.TrimPrefix(seg, "UBTV"), "QH")
	n, err := strconv.Atoi(tail)
	terms := termsIn(year)
	return ok && err == nil && len(tail) == 2 && n >= 9 && n <= 17 && year != 0 && len(terms) > 0 && !slices.Contains(terms, n)
}

func mendTerm(seg string, year int) (string, bool) {
	head, rest := "", seg
	for _, h := range []string{"UBTV", "UBIV", "UBTY"} {
		if r, ok := strings.CutPrefix(seg, h); ok {
			head, rest = "UBTV", r
		}
	}
	if len(rest) < 3 || len(rest) > 7 || strings.IndexByte("QO09CG", rest[0]) < 0 || strings.Trim(rest, "QOCGHILTSJ0123456789") != "" {
		return seg, true
	}
	if strings.IndexByte("HI1L", rest[1]) < 0 || strings.Trim(rest[1:], "QCG") != rest[1:] {
		return seg, true
	}
	terms := termsIn(year)
	if len(rest) == 4 && strings.HasPrefix(rest, "QH") && digit(rest[2]) && digit(rest[3]) {
		if n, _ := strconv.Atoi(rest[2:]); year == 0 || len(terms) == 0 || n == terms[0] || n == terms[len(terms)-1] {
			return head + rest, true
		}
	}
	if !strings.ContainsAny(rest, "0123456789") {
		return seg, true
	}
	tail := strings.NewReplacer("I", "1", "L", "1", "T", "1", "J", "1", "S", "5", "O", "0", "H", "").Replace(rest[1:])
	for _, n := range terms {
		if strings.HasSuffix(tail, strconv.Itoa(n)) {
			return head + "QH" + strconv.Itoa(n), true
		}
	}
	for _, n := range terms {
		if year != 0 && strings.HasSuffix(tail, strconv.Itoa(n%10)) {
			return head + "QH" + strconv.Itoa(n), true
		}
	}
	if year != 0 && len(terms) == 1 && (rest[0] == 'Q' || rest[1] == 'H') {
		return head + "QH" + strconv.Itoa(terms[0]), false
	}
	return seg, true
}

// termsIn are the terms of the National Assembly that met in a year; without a
// year, all whose symbols name them.
func termsIn(year int) []int {
	begins := []int{1992, 1997, 2002, 2007, 2011, 2016, 2021, 2026, 2031}
	var in []int
	for k, b := range begins {
		last := b + 5
		if k+1 < len(begins) {
			last = begins[k+1]
		}
		if year == 0 || year >= b && year <= last {
			in = append(in, 9+k)
		}
	}
	return in
}

func (c *symbolScan) done(start int, number string) symbol {
	sym := symbol{text: c.out.String(), number: number, year: c.year, fs: start, fe: c.i, confidence: 0.97}
	for _, w := range []string{"slash", "stroke", "spaces", "hyphen", "term", "cut"} {
		if c.why[w] {
			sym.whys = append(sym.whys, w)
			sym.confidence -= 0.03
		}
	}
	if c.why["split"] {
		sym.confidence = 0.75
	}
	if c.why["cut"] {
		sym.confidence = 0.5
	}
	if c.why["strange"] {
		sym.confidence, sym.strange = 0.5, true
	}
	if c.why["guess"] {
		sym.confidence = 0.6
	}
	return sym
}

// symbol asks the register about a symbol and tells its repairs.
func (r *reader) symbol(sym *symbol) {
	if (len(sym.whys) > 0 || sym.strange) && !r.symbolKnown(sym.text) {
		if other := r.otherTerm(*sym, r.symbolKnown); other != "" {
			sym.text, sym.whys = other, append(sym.whys, "register")
		}
	}
	if r.known != nil && r.known.Symbol(documents.SymbolKey(sym.text)) {
		sym.confidence, sym.checked = 0.99, true
	} else if r.known != nil && len(sym.whys) > 0 {
		sym.confidence -= 0.1
	}
	for _, why := range sym.whys {
		if why == "spaces" && strings.ReplaceAll(r.words(sym.fs, sym.fe), " ", "") == r.words(sym.fs, sym.fe) {
			continue
		}
		r.repair(Repair{At: r.at(sym.fs, sym.fe), Read: r.words(sym.fs, sym.fe), Meant: sym.text, Why: why, Checked: sym.checked})
	}
}

// otherTerm is the broken symbol with another term its year allows, or another
// year its term allows, when that one is known.
func (r *reader) otherTerm(sym symbol, known func(string) bool) string {
	i := strings.LastIndex(sym.text, "QH")
	if i < 0 || sym.year == 0 {
		return ""
	}
	for _, n := range termsIn(sym.year) {
		if other := sym.text[:i] + "QH" + strconv.Itoa(n); other != sym.text && known(other) {
			return other
		}
	}
	for _, year := range []int{sym.year + 10, sym.year - 10} {
		other := strings.Replace(sym.text, "/"+strconv.Itoa(sym.year)+"/", "/"+strconv.Itoa(year)+"/", 1)
		if sym.strange && known(other) {
			return other
		}
	}
	return ""
}

// symbolKnown asks the register, if there is one.
func (r *reader) symbolKnown(symbol string) bool {
	return r.known != nil && r.known.Symbol(documents.SymbolKey(symbol))
}

// settle sets strange symbols right by the other mentions in the same paper.
func (r *reader) settle() {
	clean := map[string]bool{}
	for _, sym := range r.syms {
		if !sym.strange {
			clean[sym.text] = true
		}
	}
	for i := range r.syms {
		sym := &r.syms[i]
		if !sym.strange || sym.checked {
			continue
		}
		if other := r.otherTerm(*sym, func(s string) bool { return clean[s] }); other != "" {
			r.repair(Repair{At: r.at(sym.fs, sym.fe), Read: r.words(sym.fs, sym.fe), Meant: other, Why: "term"})
			sym.text, sym.confidence = other, Sure
		}
	}
}

// findSymbols finds all symbols of the flow, once.
func (r *reader) findSymbols() {
	for i := 0; i < len(r.flow) && len(r.syms) < maxFinds; i++ {
		if !digit(r.flow[i]) {
			continue
		}
		sym, ok := r.symbolAt(i)
		if !ok {
			for i+1 < len(r.flow) && digit(r.flow[i+1]) {
				i++
			}
			continue
		}
		r.symbol(&sym)
		r.syms = append(r.syms, sym)
		i = sym.fe - 1
	}
	r.settle()
}

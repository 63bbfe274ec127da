package sealed

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"example.vn/hdnd/internal/kernel/text"
)

// Gap stands in a copy for what was taken out, whatever its length.
const Gap = "[***]"

// Identity is what tells who a denouncer is: what the copy may not have.
//
// vi: thông tin nhận biết người tố cáo
type Identity struct {
	Names, Homes []string
	Contacts     []string // telephone numbers, mail addresses, accounts
	Numbers      []string // of papers
	Marks        []string // what a keeper wants out besides
}

// Redacted is a text without its writer.
//
// vi: bản đã che thông tin
type Redacted struct {
	Words  string
	Taken  int      // places where something was taken out
	Doubts []string // what may still tell who it was: a person decides
}

// Redact takes a person out of a text, for good: the words that are left are
// all there is. Names are found with and without accents, in capitals, spelt
// apart or run together, in part, and as initials beside a part; numbers however
// they are grouped. It rather takes too much than too little: an over-long gap
// harms nobody. What it gives stays as it is when it is redacted again.
func Redact(words string, who Identity) Redacted {
	p := read(words)
	for _, n := range who.Names {
		p.name(n)
	}
	for _, h := range who.Homes {
		p.home(h)
	}
	for _, c := range slices.Concat(who.Contacts, who.Numbers) {
		p.contact(c)
	}
	for _, m := range who.Marks {
		p.find(folded(m), true, nil)
	}
	p.anybody()
	out, taken := p.out()
	return Redacted{Words: out, Taken: taken, Doubts: doubts(out, who.Homes)}
}

// word is a run of letters and digits of the text, by its runes.
type word struct {
	from, to int
	fold     string
}

// paper is a text on its way to the copy.
type paper struct {
	runes []rune
	words []word
	gone  []bool
}

// read cuts a text into words. Letters of other widths become the usual ones, and
// what nobody sees, such as joiners within a name, is left out.
func read(s string) *paper {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, norm.NFKC.String(s))
	p := &paper{runes: []rune(text.Clean(s))}
	p.gone = make([]bool, len(p.runes))
	for i := 0; i < len(p.runes); i++ {
		if !inWord(p.runes[i]) {
			if p.runes[i] == '[' && strings.HasPrefix(string(p.runes[i:min(len(p.runes), i+len(Gap))]), Gap) { // nothing is joined over a gap
				p.words = append(p.words, word{i, i + len(Gap), "*"})
			}
			continue
		}
		from := i
		for i < len(p.runes) && inWord(p.runes[i]) {
			i++
		}
		p.words = append(p.words, word{from, i, text.Fold(string(p.runes[from:i]))})
		i--
	}
	return p
}

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

// folded are the words of s as they are compared, run together.
func folded(s string) string { return strings.Join(parts(s), "") }

func parts(s string) []string {
	var all []string
	for _, w := range read(s).words {
		if w.fold != "*" {
			all = append(all, w.fold)
		}
	}
	return all
}

// find takes out every place where the words of the text, run together, give
// the key. A bounded key begins and ends with a word. fit may refuse a place.
func (p *paper) find(key string, bounded bool, fit func(runes []rune) bool) {
	p.findIn(p.words, key, bounded, fit)
}

func (p *paper) findIn(words []word, key string, bounded bool, fit func(runes []rune) bool) {
	if len(key) < 2 {
		return
	}
	var stream strings.Builder
	starts, ends := map[int]int{}, map[int]int{} // byte → word
	var at []int
	for i, w := range words {
		starts[stream.Len()] = i
		stream.WriteString(w.fold)
		ends[stream.Len()] = i
		for range w.fold {
			at = append(at, i)
		}
		for len(at) < stream.Len() { // letters of several bytes
			at = append(at, i)
		}
	}
	s := stream.String()
	for from := 0; ; from++ {
		i := strings.Index(s[from:], key)
		if i < 0 {
			return
		}
		from += i
		_, begins := starts[from]
		_, finishes := ends[from+len(key)]
		if bounded && (!begins || !finishes) {
			continue
		}
		a, b := words[at[from]].from, words[at[from+len(key)-1]].to
		if fit == nil || fit(p.runes[a:b]) {
			p.take(a, b)
		}
	}
}

func (p *paper) take(from, to int) {
	for i := from; i < to; i++ {
		p.gone[i] = true
	}
}

// safeLetters is the length from which a key is looked for within words too:
// addresses on the net run names together.
const safeLetters = 8

// name takes out a person's name.
func (p *paper) name(name string) {
	words := parts(name)
	n := len(words)
	if n == 0 {
		return
	}
	if n == 1 {
		p.given(name, 0)
		return
	}
	full, last := strings.Join(words, ""), words[n-1]
	p.find(full, len(full) < safeLetters, nil)
	for i := range n {
		for j := i + 2; j <= n; j++ {
			if j-i >= 3 || j == n {
				p.find(strings.Join(words[i:j], ""), true, nil)
			}
		}
	}
	p.find(last+words[0], true, nil)
	p.initials(words)
	for i := 1; i < n; i++ {
		p.given(name, i)
	}
}

// initials takes out a name of which letters are left: "Đ.T.K. Quặc", "ĐTKQ".
func (p *paper) initials(words []string) {
	n := len(words)
	var letters strings.Builder
	for _, w := range words {
		r := []rune(w)
		letters.WriteRune(r[0])
	}
	all := letters.String()
	last := words[n-1]
	for i := range n - 1 {
		p.find(all[i:n-1]+last, true, nil)
	}
	p.find(all[:1]+last, true, nil)
	p.find(all, true, func(runes []rune) bool {
		s := string(runes)
		return strings.ToUpper(s) == s && (n > 2 || strings.Contains(s, "."))
	})
}

// before are words after which a name stands even when it has no capital.
const before = " ông bà anh chị cô chú bác em cháu thầy tên mẹ bố vợ chồng dì cậu mợ thím cụ "

// common are middle names of half the country.
const common = " thi van "

// given takes out one word of a name where it stands alone: the given name when
// it is written as a name or called upon, another only when called upon.
func (p *paper) given(name string, i int) {
	own := strings.Fields(text.Line(name))
	if i >= len(own) || strings.Contains(common, " "+text.Fold(own[i])+" ") {
		return
	}
	last := i == len(own)-1
	for k, w := range p.words {
		said := string(p.runes[w.from:w.to])
		if !sounds(said, own[i]) {
			continue
		}
		called := false
		if k > 0 {
			was := string(p.runes[p.words[k-1].from:p.words[k-1].to])
			for _, b := range strings.Fields(before) {
				called = called || sounds(was, b)
			}
		}
		if called || last && unicode.IsUpper(p.runes[w.from]) {
			p.take(w.from, w.to)
		}
	}
}

// sounds reports whether a typed word is the other one, be it without accents.
func sounds(typed, other string) bool {
	lower := text.CanonTone(strings.ToLower(text.NFC(typed)))
	return lower == text.CanonTone(strings.ToLower(text.NFC(other))) || lower == text.Fold(other)
}

// fillers stand in one writing of an address and not in the next.
const fillers = " so nha duong pho ngo ngach hem kiet to thon xom khu "

// wide are units too large to find a home by.
var wide = regexp.MustCompile(`^(phuong|xa|quan|huyen|tinh|thanhpho|tp|thitran|thixa|hanoi|vietnam)`)

// cuts stands between the parts of an address.
func cuts(r rune) bool { return r == ',' || r == ';' || r == '\n' }

// home takes out an address: whole, and each part of it by which a house is found.
func (p *paper) home(home string) {
	var bare []word // the text without the words that come and go
	for _, w := range p.words {
		if !strings.Contains(fillers, " "+w.fold+" ") {
			bare = append(bare, w)
		}
	}
	all := strings.FieldsFunc(home, cuts)
	if !slices.ContainsFunc(all, func(part string) bool { return !wide.MatchString(folded(part)) }) {
		return // a ward or a city alone, which the matter may be about
	}
	whole := ""
	for _, part := range all {
		key := folded(part)
		whole += key
		if len(whole) > len(key) {
			p.find(whole, true, nil)
		}
		if wide.MatchString(key) || len(parts(part)) < 2 {
			continue
		}
		p.find(key, true, nil)
		core := slices.DeleteFunc(parts(part), func(w string) bool { return strings.Contains(fillers, " "+w+" ") })
		if len(core) > 1 && strings.ContainsAny(part, "0123456789") {
			p.findIn(bare, strings.Join(core, ""), true, nil)
		}
	}
	p.find(folded(home), len(folded(home)) < safeLetters, nil)
}

var (
	mail     = regexp.MustCompile(`[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)*`)
	spaced   = regexp.MustCompile(`\d(?:[\s.()–-]{0,3}\d){5,}`)
	grouped  = regexp.MustCompile(`\+?\d(?:[ .-]?\d){8,}`)
	money    = regexp.MustCompile(`^[1-9]\d{0,2}(?:[. ]\d{3})+$`)
	notDigit = regexp.MustCompile(`\D`)
)

// shortNumber is the length from which digits lead to a person.
const shortNumber = 6

// contact takes out a telephone number, a mail address, an account's name or the
// number of a paper.
func (p *paper) contact(c string) {
	for _, m := range mail.FindAllString(c, -1) {
		local, _, _ := strings.Cut(m, "@")
		if key := folded(local); len(key) > 3 {
			p.find(key, len(key) < safeLetters, nil)
		}
	}
	for part := range strings.FieldsFuncSeq(c, func(r rune) bool { return strings.ContainsRune(",;/|\n", r) }) {
		if key := folded(part); len(key) > 3 {
			p.find(key, true, nil)
		}
	}
	for _, one := range spaced.FindAllString(c, -1) {
		digits := notDigit.ReplaceAllString(one, "")
		if len(digits) >= 9 && len(digits) <= 11 { // a telephone number, with 0 or 84 before it
			digits = digits[len(digits)-9:]
		}
		if len(digits) < shortNumber {
			continue
		}
		p.match(spaced, func(s string) bool { return strings.Contains(notDigit.ReplaceAllString(s, ""), digits) })
	}
}

// anybody takes out what leads to some person, whoever it is.
func (p *paper) anybody() {
	p.match(mail, func(string) bool { return true })
	p.match(grouped, func(s string) bool { return !money.MatchString(s) })
}

// leads reports whether words hold a telephone number, the number of a paper or a
// mail address, of whomever.
func leads(words string) bool { return Redact(words, Identity{}).Taken > 0 }

// match takes out what an expression finds.
func (p *paper) match(e *regexp.Regexp, fit func(s string) bool) {
	s := string(p.runes)
	runeAt := make([]int, len(s)+1)
	n := 0
	for i := range s {
		runeAt[i] = n
		n++
	}
	runeAt[len(s)] = n
	for _, at := range e.FindAllStringIndex(s, -1) {
		if fit(s[at[0]:at[1]]) {
			p.take(runeAt[at[0]], runeAt[at[1]])
		}
	}
}

// out is the text that is left. Gaps with nothing said between them are one.
func (p *paper) out() (string, int) {
	for _, w := range p.words { // a word is gone whole or not at all
		if slices.Contains(p.gone[w.from:w.to], true) {
			p.take(w.from, w.to)
		}
	}
	last := -1
	for i, r := range p.runes {
		switch {
		case p.gone[i]:
			if last >= 0 && i-last < 5 {
				p.take(last, i)
			}
			last = i
		case inWord(r) || r == '\n' || r == '[':
			last = -1
		}
	}
	var b strings.Builder
	taken := 0
	for i, r := range p.runes {
		if !p.gone[i] {
			b.WriteRune(r)
		} else if i == 0 || !p.gone[i-1] {
			b.WriteString(Gap)
			taken++
		}
	}
	return b.String(), taken
}

var houses = regexp.MustCompile(`(?i)(?:số nhà|nhà số|ngõ|ngách|hẻm|kiệt|tổ dân phố(?: số)?|tổ)\s+\d+\p{L}?(?:/\d+)*`)

// doubts are left where they may be what the matter is about: other houses, and
// the street of the denouncer.
func doubts(words string, homes []string) []string {
	var all []string
	for _, s := range houses.FindAllString(words, -1) {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	stream := folded(words)
	for _, h := range homes {
		for _, part := range strings.FieldsFunc(h, cuts) {
			street := part
			for w := range strings.FieldsSeq(part) {
				if strings.ContainsAny(w, "0123456789") {
					_, street, _ = strings.Cut(part, w)
				}
			}
			street = strings.TrimSpace(street)
			if street != strings.TrimSpace(part) && len(parts(street)) > 1 && strings.Contains(stream, folded(street)) && !slices.Contains(all, street) {
				all = append(all, street)
			}
		}
	}
	return all
}

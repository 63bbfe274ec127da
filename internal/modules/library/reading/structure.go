package reading

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	articleLine = regexp.MustCompile(`^(?:[^a-z0-9"]{1,3} ?|[a-z] )?d[ij]?[ie]?eu ?(\d{1,3})([a-z]?) ?([.:;,)-]?)( ?)`)
	clauseLine  = regexp.MustCompile(`^[-+]? ?(\d{1,3})([a-z]?) ?([.)]) ?`)
	pointLine   = regexp.MustCompile(`^[-+~]? ?([a-z]) ?\) ?`)
	chapterLine = regexp.MustCompile(`^ch[uo]{1,2}ng ([ivxlch1]{1,7}|\d{1,2})([.: -]|$)`)
	sectionLine = regexp.MustCompile(`^(tieu )?muc (?:so )?(\d{1,2}|[ivx]{1,5})([a-z]?)([.: -]|$)`)
	partLine    = regexp.MustCompile(`^phan (?:thu )?(nhat|hai|ba|tu|nam|sau|bay|tam|chin|muoi|[ivxl]{1,6}|\d{1,2})([.: -]|$)`)
	annexLine   = regexp.MustCompile(`^phu luc(?: so)?(?: ([ivxlc]{1,7}|\d{1,2})([a-z]?(?:\.\d{1,2})?))?([.: (-]|$)`)
	romanLine   = regexp.MustCompile(`^([ivx]{1,6})[.)] ?`)
	issuedWith  = regexp.MustCompile(`^\(? ?(?:ban hanh )?kem theo `)
	pointOrder  = []rune("abcdđeghiklmnopqrstuvxyz")
)

// rank orders levels from outside to inside.
var rank = map[Level]int{Annex: 0, Part: 1, Chapter: 2, Section: 3, Subsection: 4, Article: 5, Clause: 6, Point: 7}

// builder finds the structure line by line.
type builder struct {
	*reader
	open    [8]int // index of the open provision of each rank, -1
	last    [8]int // last number given at each rank
	suffix  string // letter of the last article or clause: "5a"
	anchors map[string]int
	annexes int
	tail    bool // past the signatures
	free    bool // a paper without articles: report, plan, letter
	// seenLast is the last line on which a điều of a number seems to begin.
	seenLast [1001]int
	budget   int // lines that may still be looked at for the ends of quotations
}

// structure finds phần, chương, mục, điều, khoản, điểm and phụ lục.
func (r *reader) structure() {
	b := &builder{reader: r, anchors: map[string]int{}, budget: 4*len(r.lines) + 1000, free: true}
	for k := range b.open {
		b.open[k] = -1
	}
	r.after = len(r.lines)
	for i := r.zone; i < len(r.lines); i++ {
		m := articleLine.FindStringSubmatch(r.lineFlow(i))
		if m == nil || r.lines[i].wrap {
			continue
		}
		b.free = b.free && m[1] != "1"
		if n, err := strconv.Atoi(m[1]); err == nil && m[3] == "." && b.capitalD(r.lines[i].fs, len(m[0])) {
			b.seenLast[n] = i
		}
	}
	for i := r.zone; i < len(r.lines); i++ {
		if l := r.lines[i]; l.wrap || l.row && !b.signs(i) {
			continue
		}
		if end := b.quote(i); end >= 0 {
			if f := r.lineFlow(i); f[0] != '"' && f[0] != '\'' {
				b.line(i)
			}
			b.noteQuote(i, end)
			i = end
			continue
		}
		i = b.line(i)
	}
	b.close(0, len(r.lines))
	b.tables()
}

// line looks at one line and returns the last line its heading takes.
func (b *builder) line(i int) int {
	flow := b.lineFlow(i)
	if n, ok := b.annex(i, flow); ok {
		return n
	}
	if b.tail {
		if !b.restarts(i, flow) {
			return i
		}
	} else if b.open[rank[Annex]] < 0 && i > b.zone && b.signs(i) {
		b.close(0, i)
		b.tail, b.after = true, i
		return i
	}
	for _, try := range []func(int, string) (int, bool){b.part, b.chapter, b.section, b.article, b.roman, b.clause, b.point} {
		if n, ok := try(i, flow); ok {
			return n
		}
	}
	return i
}

// restarts: after the signatures a paper issued with this one begins.
func (b *builder) restarts(i int, flow string) bool {
	m := articleLine.FindStringSubmatch(flow)
	c := chapterLine.FindStringSubmatch(flow)
	if m != nil && m[1] == "1" && m[3] == "." || c != nil && (c[1] == "i" || c[1] == "1") && len(flow) < 90 {
		b.begin(Annex, "", 0.6, i, b.lines[i].ts)
		b.tail = false
		return true
	}
	return false
}

// begin opens a provision at line i.
func (b *builder) begin(level Level, number string, sure float64, i, ts int) *Provision {
	k := rank[level]
	b.close(k, i)
	parent := -1
	for j := k - 1; j >= 0 && parent < 0; j-- {
		parent = b.open[j]
	}
	for j := k + 1; j < len(b.last); j++ {
		if level == Annex || level == Part && j <= rank[Subsection] && j != rank[Chapter] || j > rank[Article] || level == Chapter && j < rank[Article] || level == Section && j == rank[Subsection] {
			b.last[j] = 0
		}
	}
	if level == Annex {
		b.annexes++
		if number == "" {
			number = numeral(b.annexes)
		}
	}
	p := Provision{Level: level, Number: number, Parent: parent, Confidence: sure, At: Span{ts, ts}, HeadingAt: Span{ts, ts}}
	p.Anchor = b.anchor(level, number, parent)
	b.open[k] = len(b.paper.Provisions)
	b.paper.Provisions = append(b.paper.Provisions, p)
	return &b.paper.Provisions[b.open[k]]
}

// close ends all open provisions of rank k and inside, before line i.
func (b *builder) close(k, i int) {
	end := 0
	if i > 0 {
		end = b.lines[i-1].te
	}
	for j := k; j < len(b.open); j++ {
		if p := b.open[j]; p >= 0 {
			at := &b.paper.Provisions[p].At
			at.End = max(end, b.paper.Provisions[p].HeadingAt.End, at.Start)
			b.open[j] = -1
		}
	}
}

// anchor names a provision by the convention of eIds.
func (b *builder) anchor(level Level, number string, parent int) string {
	short := map[Level]string{Part: "part_", Chapter: "chp_", Section: "sec_", Subsection: "subsec_", Article: "art_", Clause: "para_", Point: "point_", Annex: "annex_"}
	name := short[level] + strings.ReplaceAll(number, "đ", "dd")
	above := ""
	switch {
	case level == Article:
		parent = b.open[rank[Annex]]
	case level == Clause && parent >= 0 && b.paper.Provisions[parent].Level == Annex:
		name = "p_" + number
	}
	if parent >= 0 {
		above = b.paper.Provisions[parent].Anchor + "__"
	}
	name = above + name
	b.anchors[name]++
	if n := b.anchors[name]; n > 1 {
		name += "-" + strconv.Itoa(n)
		b.anchors[name]++
	}
	return name
}

// shown: the line is set apart as a heading is, by its mark, by bold, by
// capitals or by what stands around it.
func (b *builder) shown(i int) bool {
	l := b.lines[i]
	if l.head || l.gap || l.page {
		return true
	}
	return i == 0 || b.marked(i) || strings.IndexByte(".;:/\")", b.flow[b.lines[i-1].fe-1]) >= 0 || b.lines[i-1].head || b.lines[i-1].caps
}

// marked: a mark makes the line a heading, or bold.
func (b *builder) marked(i int) bool {
	l := b.lines[i]
	return l.head || l.ts >= 2 && b.text[l.ts-2:l.ts] == "**"
}

func (b *builder) part(i int, flow string) (int, bool) {
	m := partLine.FindStringSubmatch(flow)
	l := b.lines[i]
	if m == nil || !(l.caps || l.head) || b.open[rank[Annex]] >= 0 {
		return 0, false
	}
	n := ordinal(m[1])
	if n == 0 || n != b.last[rank[Part]]+1 && !l.head {
		return 0, false
	}
	p := b.begin(Part, numeral(n), 0.9, i, l.ts)
	b.last[rank[Part]] = n
	return b.heading(p, i, len(m[0]), true), true
}

func (b *builder) chapter(i int, flow string) (int, bool) {
	m := chapterLine.FindStringSubmatch(flow)
	if m == nil {
		return 0, false
	}
	l := b.lines[i]
	rest := strings.Trim(flow[len(m[0]):], trimEnds)
	if !(rest == "" || l.caps || l.head || shouted(b.words(l.fs+len(m[0]), l.fe))) {
		return 0, false
	}
	k := rank[Chapter]
	n, sure := b.chapterNumber(m[1], l.head)
	if n == 0 || sure < Sure && !b.shown(i) {
		return 0, false
	}
	if printed := strings.ToUpper(m[1]); sure < 0.95 && !digit(m[1][0]) && printed != numeral(n) {
		b.repair(Repair{At: b.at(l.fs, l.fs+len(m[0])), Read: printed, Meant: numeral(n), Why: "mark"})
	}
	p := b.begin(Chapter, numeral(n), sure, i, l.ts)
	b.last[k] = n
	return b.heading(p, i, len(m[0]), true), true
}

// chapterNumber is the number of a chương. Recognition makes H of II and loses
// strokes; the chapter before says what can be meant. 0: none can.
func (b *builder) chapterNumber(read string, head bool) (int, float64) {
	last := b.last[rank[Chapter]]
	n := ordinal(read)
	if !digit(read[0]) {
		n = roman(strings.NewReplacer("1", "i", "l", "i", "h", "ii").Replace(read))
	}
	switch {
	case n == last+1 && !strings.Contains(read, "h"):
		return n, 0.95
	case n == last+1 || strings.Contains(read, "h") && roman(strings.ReplaceAll(read, "h", "i")) == last+1:
		return last + 1, 0.85
	case n > last+1 && n <= last+6:
		return n, 0.6
	case n > 0 && n <= last && n >= last-1 && head:
		return last + 1, 0.5
	}
	return 0, 0
}

func (b *builder) section(i int, flow string) (int, bool) {
	m := sectionLine.FindStringSubmatch(flow)
	if m == nil {
		return 0, false
	}
	l := b.lines[i]
	rest := strings.Trim(flow[len(m[0]):], trimEnds)
	if !(rest == "" || l.caps || l.head || shouted(b.words(l.fs+len(m[0]), l.fe))) {
		return 0, false
	}
	level := Section
	if m[1] != "" {
		level = Subsection
	}
	n, k := ordinal(m[2]), rank[level]
	lost := n > b.last[k] && n <= b.last[k]+2 && b.open[rank[Chapter]] >= 0 && b.shown(i)
	if n == 0 || n != b.last[k]+1 && !lost || b.open[rank[Article]] >= 0 && b.open[rank[Chapter]] < 0 && b.amending() {
		return 0, false
	}
	p := b.begin(level, strings.ToUpper(m[2]), 0.92, i, l.ts)
	b.last[k] = n
	return b.heading(p, i, len(m[0]), true), true
}

func (b *builder) annex(i int, flow string) (int, bool) {
	l := b.lines[i]
	m := annexLine.FindStringSubmatch(flow)
	if m == nil {
		return 0, false
	}
	rest := strings.Trim(flow[len(m[0]):], trimEnds)
	own := rest == "" || l.caps || shouted(b.words(l.fs+len(m[0]), l.fe)) || issuedWith.MatchString(rest)
	seen := len(b.paper.Provisions) > 0
	first := b.runeAt(l.fs + 1)
	set := l.head || unicode.IsUpper(first) || b.tail || b.open[rank[Annex]] >= 0
	if !seen || !set || !(own || l.head) || !b.shown(i) && !l.caps {
		return 0, false
	}
	if l.head && rest != "" && strings.Contains(flow, "cac phu luc") {
		return 0, false
	}
	number := strings.ToUpper(m[1]) + m[2]
	if number != "" && b.open[rank[Annex]] >= 0 && b.paper.Provisions[b.open[rank[Annex]]].Number == number {
		return i, true // the same annex goes on on another page
	}
	b.tail = false
	if b.after > i {
		b.after = i
	}
	p := b.begin(Annex, number, 0.9, i, l.ts)
	return b.heading(p, i, len(m[0]), true), true
}

// suffixOf is the letter after a number, with its đ.
func (b *builder) suffixOf(fs int, plain string) string {
	if plain == "d" && (b.runeAt(fs) == 'đ' || b.runeAt(fs) == 'Đ') {
		return "đ"
	}
	return plain
}

func (b *builder) article(i int, flow string) (int, bool) {
	at := articleLine.FindStringSubmatchIndex(flow)
	if at == nil {
		return 0, false
	}
	l := b.lines[i]
	n, _ := strconv.Atoi(flow[at[2]:at[3]])
	suffix, sep := b.suffixOf(l.fs+at[4], flow[at[4]:at[5]]), flow[at[6]:at[7]]
	rest, next := flow[at[1]:], b.runeAt(l.fs+at[1])
	if !b.capitalD(l.fs, at[2]) || suffix != "" && rest != "" && at[8] == at[9] && sep == "" {
		return 0, false
	}
	titled := rest == "" || unicode.IsUpper(next) || next == '“' || next == '"'
	strong := (sep == "." || sep == ":") && titled || l.head && (sep != "" && sep != ")" && sep != "," || titled)
	k, sure := rank[Article], 0.97
	last := b.last[k]
	switch {
	case !strong && sep == "," && n == last+1 && suffix == "" && rest != "" && titled && b.shown(i):
		sure = 0.7
	case !strong || !l.head && !b.shown(i) && n != last+1 && (n != last || suffix == ""):
		return 0, false
	case n == last+1 && suffix == "" || n == last && n > 0 && suffix > b.suffix:
		if rest == "" && !l.head && !b.shown(i) {
			return 0, false
		}
	case n == 1 && last > 0 && suffix == "":
		if b.open[rank[Annex]] >= 0 && !b.regulation(i) {
			return 0, false
		}
		if !b.regulation(i) && b.open[rank[Article]] >= 0 {
			return 0, false
		}
		b.begin(Annex, "", 0.7, i, l.ts)
	case n > last && last > 0 && b.seenLast[last+1] > i:
		return 0, false // the article between is yet to come: this one is only named
	case n > last && (n <= last+4 && !b.amending() || n <= last+40 && b.marked(i) && !b.amending() || n == last+2 && l.head || last == 0):
		sure = 0.6
	default:
		return 0, false
	}
	p := b.begin(Article, strconv.Itoa(n)+suffix, sure, i, l.ts)
	b.last[k], b.suffix = n, suffix
	return b.heading(p, i, at[1], false), true
}

// regulation: just above stands "(Ban hành kèm theo …)" or the name of what is
// issued with the paper.
func (b *builder) regulation(i int) bool {
	for j := i - 1; j >= max(b.zone, i-14); j-- {
		if f := b.lineFlow(j); issuedWith.MatchString(f) || strings.Contains(f, "ban hanh kem theo") && len(f) < 200 {
			return true
		}
	}
	return false
}

// capitalD: the word Điều before a number begins with a capital.
func (b *builder) capitalD(fs, n int) bool {
	for k := fs; k < fs+n; k++ {
		if b.flow[k] == 'd' {
			return unicode.IsUpper(b.runeAt(k))
		}
	}
	return false
}

func (b *builder) clause(i int, flow string) (int, bool) {
	at := clauseLine.FindStringSubmatchIndex(flow)
	if at == nil || b.open[rank[Article]] < 0 && b.open[rank[Annex]] < 0 && !b.free {
		return 0, false
	}
	l, k := b.lines[i], rank[Clause]
	n, _ := strconv.Atoi(flow[at[2]:at[3]])
	suffix := b.suffixOf(l.fs+at[4], flow[at[4]:at[5]])
	if rest := flow[at[1]:]; rest == "" && !l.head || rest != "" && digit(rest[0]) && at[1] > 0 && flow[at[1]-1] != ' ' || flow[at[6]:at[7]] == ")" && !b.free {
		return 0, false
	}
	sure := 0.95
	switch last := b.last[k]; {
	case n == last+1 && suffix == "":
		if !b.shown(i) {
			sure = 0.85
		}
	case n == last && n > 0 && suffix != "":
		sure = 0.9
	case n == last+2 && last > 0 && b.shown(i) && unicode.IsUpper(b.runeAt(l.fs+at[1])):
		sure = 0.6
	default:
		return 0, false
	}
	p := b.begin(Clause, strconv.Itoa(n)+suffix, sure, i, l.ts)
	b.last[k], b.last[k+1] = n, 0
	if b.free || b.open[rank[Article]] < 0 {
		return b.title(p, i, at[1]), true
	}
	p.HeadingAt = b.at(l.fs, l.fs+at[1])
	return i, true
}

func (b *builder) point(i int, flow string) (int, bool) {
	at := pointLine.FindStringSubmatchIndex(flow)
	if at == nil || b.open[rank[Article]] < 0 && b.open[rank[Clause]] < 0 {
		return 0, false
	}
	l, k := b.lines[i], rank[Point]
	read := []rune(b.suffixOf(l.fs+at[2], flow[at[2]:at[3]]))[0]
	n, last := 1+strings.IndexRune(string(pointOrder), read), b.last[k]
	if n > 0 {
		n = 1 + utf8.RuneCountInString(string(pointOrder)[:n-1])
	}
	sure := 0.95
	switch {
	case n == last+1:
	case read == 'd' && last == 4, read == 'đ' && last == 3:
		meant := pointOrder[last]
		b.repair(Repair{At: b.at(l.fs+at[2], l.fs+at[3]), Read: string(read), Meant: string(meant), Why: "mark"})
		n, sure = last+1, 0.85
	case n == last+2 && last > 0 && b.shown(i):
		sure = 0.6
	default:
		return 0, false
	}
	b.begin(Point, string(pointOrder[n-1]), sure, i, l.ts).HeadingAt = b.at(l.fs, l.fs+at[1])
	b.last[k] = n
	return i, true
}

// roman reads "I. …" in papers without articles and in annexes.
func (b *builder) roman(i int, flow string) (int, bool) {
	if !b.free && b.open[rank[Annex]] < 0 || b.open[rank[Article]] >= 0 {
		return 0, false
	}
	m := romanLine.FindStringSubmatch(flow)
	l, k := b.lines[i], rank[Section]
	if m == nil || !(l.caps || l.head || b.free || b.shown(i)) || !unicode.IsUpper(b.runeAt(l.fs)) {
		return 0, false
	}
	n := roman(m[1])
	if n != b.last[k]+1 {
		return 0, false
	}
	p := b.begin(Section, numeral(n), 0.85, i, l.ts)
	b.last[k], b.last[rank[Clause]] = n, 0
	return b.title(p, i, len(m[0])), true
}

// tables notes the rows of tables that stand together.
func (b *builder) tables() {
	for i := 0; i < len(b.lines); i++ {
		if !b.lines[i].row || b.lines[i].wrap {
			continue
		}
		j := i
		for j+1 < len(b.lines) && b.lines[j+1].row {
			j++
		}
		if j > i && len(b.paper.Tables) < maxFinds {
			b.paper.Tables = append(b.paper.Tables, Span{lineStart(b.text, b.lines[i].ts), b.lines[j].te})
		}
		i = j
	}
}

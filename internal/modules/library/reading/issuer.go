package reading

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	noIssuer   = regexp.MustCompile(`^(?:so\b|s. ?:|v/v|\(|khoa |ky hop|nhiem ky|ngay |\d|page|trang |mau so|du thao|phu luc|ban hanh|toan van|noi dung|van ban$|mat$|khan$|hoa toc)`)
	actingBody = regexp.MustCompile(`^(?:chinh phu|quoc hoi|uy ban thuong vu quoc hoi|hoi dong nhan dan.{0,60}|bo truong .{0,60}|thu tuong chinh phu|uy ban nhan dan.{0,60}|chu tich .{0,60}|tong kiem toan .{0,20}|thong doc .{0,40}|thuong truc .{0,60}|giam doc .{0,60}|chanh an .{0,60}|vien truong .{0,60}|tong thanh tra .{0,20})$`)
	trimEnds   = " .,;:-–_*\"“”'|"
)

// headIssuer reads the names of bodies that stand, in capitals, before the kind
// of the paper. The nation's title and motto, which two columns or a picture
// of them put on the same lines, are cut out.
func (r *reader) headIssuer() {
	last := r.zone
	if r.kindAt >= 0 {
		last = r.kindAt
	}
	var names []string
	var at Span
	for i := r.first; i < last && len(names) < 6; i++ {
		l := r.lines[i]
		if l.wrap {
			continue
		}
		for _, piece := range r.pieces(l) {
			text, flow := r.words(piece[0], piece[1]), strings.Trim(r.flow[piece[0]:piece[1]], " .-_:;,")
			if flow == "" || noIssuer.MatchString(flow) || len(flow) < 3 || len(flow) > 120 || !shouted(text) || headDate.MatchString(flow) {
				continue
			}
			if len(names) == 0 {
				at = r.at(piece[0], piece[1])
			}
			at.End = r.at(piece[0], piece[1]).End
			names = append(names, strings.Trim(text, trimEnds))
		}
	}
	r.weighIssuer(names, at)
}

// pieces are the stretches of a line that are neither the nation's title nor
// its motto, nor what stands in another column than the first.
func (r *reader) pieces(l line) [][2]int {
	var out [][2]int
	from := l.fs
	for _, m := range nationTitle.FindAllStringIndex(r.flow[l.fs:l.fe], 4) {
		if l.fs+m[0] > from {
			out = append(out, [2]int{from, l.fs + m[0]})
		}
		from = l.fs + m[1]
	}
	if from < l.fe {
		out = append(out, [2]int{from, l.fe})
	}
	return out
}

// shouted: all letters are capitals.
func shouted(s string) bool {
	n := 0
	for _, c := range s {
		if unicode.IsLower(c) {
			return false
		}
		if unicode.IsUpper(c) {
			n++
		}
	}
	return n >= 3
}

// weighIssuer joins the lines of a name and weighs it against the symbol, the
// register and the notice.
func (r *reader) weighIssuer(names []string, at Span) {
	bySymbol := bodyShort(r.paper.Symbol.Value)
	f := &r.paper.Issuer
	if len(names) > 0 {
		name, known := bodyNamed(strings.Join(names, " "))
		for k := len(names) - 1; k > 0 && !known; k-- {
			if plain := folded(names[k]) + " "; startsBody(plain) && !continues(names[:k], plain) {
				name, known = bodyNamed(strings.Join(names[k:], " "))
				break
			}
		}
		f.Value, f.At, f.Confidence = name, at, 0.8
		switch {
		case known && (bySymbol == "" || bySymbol == name):
			f.Confidence = 0.97
		case r.known != nil && r.known.Body(name):
			f.Confidence = 0.97
		case bySymbol != "" && bySymbol != name:
			f.Value, f.Confidence = bySymbol, 0.7
		case !startsBody(folded(name) + " "):
			f.Confidence = 0.4
		}
		return
	}
	if bySymbol != "" {
		*f = Field[string]{bySymbol, min(0.88, r.paper.Symbol.Confidence), r.paper.Symbol.At}
		return
	}
	if n, ok := r.noted("coquanbanhanh", "cquanbanhanh", "coquan", "noibanhanh"); ok {
		*f = Field[string]{n.value, noticeConfidence, n.at}
	}
}

func startsBody(plain string) bool {
	for _, w := range bodyWords {
		if strings.HasPrefix(plain, w) {
			return true
		}
	}
	return false
}

// continues: a line such as "QUỐC HỘI" after "ỦY BAN THƯỜNG VỤ" goes on with the
// name, though a name may begin so.
func continues(before []string, plain string) bool {
	whole := folded(strings.Join(before, " ")) + " " + strings.TrimSpace(plain)
	for _, b := range centralBodies {
		if strings.HasPrefix(folded(b.name), whole) {
			return true
		}
	}
	return false
}

// headSubject reads the trích yếu or the name of the paper: the lines under its
// kind, or "V/v …" of an official letter.
func (r *reader) headSubject(rest int) {
	i := r.kindAt + 1
	var from, to int
	switch {
	case r.kindAt >= 0 && rest >= 0:
		from, to = rest, r.lines[r.kindAt].fe
	case r.kindAt < 0:
		if i = r.aboutLine(); i < 0 && r.paper.Symbol.Confidence > 0.8 {
			i = r.lineAt(r.flowFrom(max(r.paper.Symbol.At.Start, r.paper.Place.At.End))) + 1
			if i > r.zone-1 || i < r.first {
				i = -1
			}
		}
	}
	for n := 0; i >= 0 && i < r.zone && n < 14; i++ {
		l := r.lines[i]
		if l.wrap || r.endsSubject(i, from < to) {
			break
		}
		if from >= to && r.headField(i) {
			continue
		}
		if l.fe-l.fs < 3 || nationTitle.MatchString(r.lineFlow(i)) {
			continue
		}
		if from >= to {
			from = l.fs
		}
		to = l.fe
		n++
	}
	if from < to {
		sure := 0.93
		if r.kindAt < 0 {
			sure = 0.75
		}
		r.paper.Subject = Field[string]{strings.Trim(r.mended(from, to), trimEnds), sure, r.at(from, to)}
		return
	}
	if n, ok := r.noted("trichyeu", "noidungtrichyeu", "tenvanban", "title"); ok {
		r.paper.Subject = Field[string]{untitled(n.value), noticeConfidence - 0.1, n.at}
	}
}

// portalTitle is how portals begin a title: with the kind and the symbol.
var portalTitle = regexp.MustCompile(`^(?i:(?:nghị định|thông tư|nghị quyết|quyết định|luật|chỉ thị|công điện|thông báo)(?: số)? )?[\p{L}\d./-]*/[\p{L}\d./-]+(?: của [^:–—-]{3,60})?[ :–—-]+`)

// untitled is a subject without the kind and symbol before it.
func untitled(title string) string {
	rest := portalTitle.ReplaceAllString(title, "")
	if len(rest) < 12 {
		return title
	}
	return upperFirst(rest)
}

// aboutLine is the line of "V/v …" in the head, or -1.
func (r *reader) aboutLine() int {
	for i := r.first; i < r.zone; i++ {
		if f := r.lineFlow(i); !r.lines[i].wrap && (strings.HasPrefix(f, "v/v") || strings.HasPrefix(f, "ve viec")) {
			return i
		}
	}
	return -1
}

// endsSubject: line i is no longer the subject.
func (r *reader) endsSubject(i int, begun bool) bool {
	l, flow := r.lines[i], strings.Trim(r.lineFlow(i), trimEnds)
	if r.headField(i) {
		return begun
	}
	if actingBody.MatchString(flow) && l.caps || strings.HasPrefix(flow, "kinh gui") {
		return true
	}
	if strings.HasPrefix(flow, "(") && begun {
		return true
	}
	if !begun || !l.gap {
		return false
	}
	prev := r.lines[i-1]
	return !(unicode.IsLower(r.runeAt(l.fs)) || prev.caps && l.caps)
}

// headField: line i holds the number or the day, not the subject.
func (r *reader) headField(i int) bool {
	l, flow := r.lines[i], strings.Trim(r.lineFlow(i), trimEnds)
	if strings.HasPrefix(flow, "so:") || strings.HasPrefix(flow, "so ") && len(r.symbolsIn(l.fs, l.fs+8)) > 0 {
		return true
	}
	m := headDate.FindStringIndex(flow)
	return m != nil && m[1] == len(flow) && (m[0] == 0 || strings.HasSuffix(strings.TrimRight(flow[:m[0]], " "), ","))
}

// fixedTerms are words of law that recognition misspells and that can mean
// nothing else: only whole, only these.
var fixedTerms = []string{"sửa đổi", "bổ sung", "bãi bỏ", "hủy bỏ", "thay thế", "đính chính", "một số điều", "quy định chi tiết", "hướng dẫn thi hành", "hiệu lực thi hành", "nghị quyết", "nghị định", "thông tư", "hội đồng nhân dân", "ủy ban nhân dân", "thành phố", "xử phạt vi phạm hành chính"}

var fixedTerm = func() *regexp.Regexp {
	var alts []string
	for _, t := range fixedTerms {
		alts = append(alts, strings.ReplaceAll(folded(t), " ", `\s`))
	}
	return regexp.MustCompile(`\b(?:` + strings.Join(alts, "|") + `)\b`)
}()

// mended is words(from, to) with the fixed terms spelled right; each repair is
// told. Tone marks on the other vowel (hoà, huỷ) are no misreading.
func (r *reader) mended(from, to int) string {
	var b strings.Builder
	at := from
	for _, m := range fixedTerm.FindAllStringIndex(r.flow[from:to], 200) {
		fs, fe := from+m[0], from+m[1]
		if r.provides(fs, fe) {
			continue
		}
		read := r.words(fs, fe)
		meant := likeCase(termFor(r.flow[fs:fe]), read)
		if !sameTones(read, meant) {
			r.repair(Repair{At: r.at(fs, fe), Read: read, Meant: meant, Why: "word", Checked: true})
			b.WriteString(spaced(&b, r.words(at, fs), r.gapBefore(at, fs)))
			b.WriteString(spaced(&b, meant, r.gapBefore(fs, fe)))
			at = fe
		}
	}
	b.WriteString(spaced(&b, r.words(at, to), r.gapBefore(at, to)))
	return b.String()
}

// provides: what folds like đính chính or đình chỉ is the end of "quy định" and the
// word behind it: "quy định chính sách", "quy định chi phí".
func (r *reader) provides(fs, fe int) bool {
	return strings.HasPrefix(strings.ToLower(r.words(fs, fe)), "định ")
}

// gapBefore: the flow has a space at or just before from.
func (r *reader) gapBefore(from, to int) bool {
	blank := func(i int) bool { return i >= 0 && i < len(r.flow) && (r.flow[i] == ' ' || r.flow[i] == '\n') }
	return from < to && (blank(from) || blank(from-1))
}

func spaced(b *strings.Builder, s string, gap bool) string {
	if gap && b.Len() > 0 && s != "" {
		return " " + s
	}
	return s
}

func termFor(plain string) string {
	plain = strings.Join(strings.Fields(plain), " ")
	for _, t := range fixedTerms {
		if folded(t) == plain {
			return t
		}
	}
	return plain
}

// likeCase is a term with the capitals of another text of as many letters.
func likeCase(term, like string) string {
	t, l := []rune(term), []rune(like)
	for i := range t {
		if i < len(l) && unicode.IsUpper(l[i]) {
			t[i] = unicode.ToUpper(t[i])
		}
	}
	return string(t)
}

func sameTones(a, b string) bool {
	x, y := strings.Fields(strings.ToLower(a)), strings.Fields(strings.ToLower(b))
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if canonical(x[i]) != canonical(y[i]) {
			return false
		}
	}
	return true
}

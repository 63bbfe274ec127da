package reading

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/documents"
)

// headLines bounds how far the head of a paper reaches.
const headLines = 160

var (
	bodyStart   = regexp.MustCompile(`^(?:can cu|xet |theo de nghi|quyet nghi|quyet dinh ?:|dieu \d|chuong [ivx1]|phan (?:thu|[i1]\b)|kinh gui|muc 1|i\. |1\. |[-~]? ?thuc hien )`)
	nationTitle = regexp.MustCompile(`cong h.{0,2}a xa h.{0,2}i chu ngh.{0,2}a v.{0,3}t nam|doc l.p ?[-.~]{0,3} ?t. do ?[-.~]{0,3} ?h.nh ph.{0,2}c|socialist republic of viet ?nam`)
	headDate    = regexp.MustCompile(`ng.y\s{0,3}([0-9il]{1,2})\s{0,4}th.ng\s{0,3}([0-9il]{1,2})\s{0,4}n.m\s{0,3}(\d\s?\d\s?\d\s?\d)`)
	termOf      = regexp.MustCompile(`\bkhoa ([ivxl]{1,6}|\d{1,2})\b`)
	sessionOf   = regexp.MustCompile(`\bky hop(?: chuyen de)?(?: lan)? thu ([a-z]+(?: (?:mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin|muoi|nhat))*|\d{1,3})`)
	symbolHead  = regexp.MustCompile(`(?:^|^[^a-z0-9]{0,6}|^(?:bo )?(?:luat|nghi quyet|phap lenh|lenh) )s.{1,2} ?[:.;,]{0,2} {0,2}$`)
	ofBody      = regexp.MustCompile(`^[^.;()]{0,60}? cua ([a-z][a-z ,-]{3,90})[).]`)
	adopted     = regexp.MustCompile(`thong qua ngay (\d{1,2}) thang (\d{1,2}) nam (\d{4})`)
)

// head reads what stands before the first căn cứ or điều.
func (r *reader) head() {
	r.first = 0
	for r.first < len(r.lines) && r.lines[r.first].wrap {
		r.first++
	}
	r.zone = r.first
	for r.zone < len(r.lines) && r.zone < r.first+headLines && (r.lines[r.zone].wrap || !bodyStart.MatchString(r.lineFlow(r.zone))) {
		r.zone++
	}
	rest, anew := -1, false
	for i := r.first; i < r.zone; i++ {
		if r.lines[i].wrap {
			continue
		}
		// Portals print the kind once more above the paper: the one under the
		// nation's title or the number counts.
		anew = anew || r.headField(i) || nationTitle.MatchString(r.lineFlow(i))
		if code, at := r.kindLine(i); code != "" && (r.kindAt < 0 || anew && at < 0 && code == r.paper.Kind.Value) {
			l := r.lines[i]
			r.kindAt, rest, anew = i, at, false
			r.paper.Kind = Field[string]{code, 0.97, Span{l.ts, l.te}}
		}
	}
	r.headSymbol()
	r.headDay()
	if r.paper.Issuer.Confidence == 0 {
		r.headIssuer()
	}
	r.headSubject(rest)
	r.headKind()
	r.headTerm()
}

// zoneEnd is the flow offset where the head ends.
func (r *reader) zoneEnd() int {
	if r.zone < len(r.lines) {
		return r.lines[r.zone].fs
	}
	return len(r.flow)
}

// headSymbol reads "Số: …" and weighs it against what the notice and the
// annexes say.
func (r *reader) headSymbol() {
	var noted, attached symbol
	for _, sym := range r.syms {
		l := r.lineAt(sym.fs)
		before := r.flow[max(r.lines[l].fs, sym.fs-40):sym.fs]
		if m := nationTitle.FindStringIndex(before); m != nil {
			before = strings.TrimLeft(before[m[1]:], " ")
		}
		if strings.Trim(before, " ") == "" && l > 0 && strings.Trim(r.lineFlow(l-1), " :.") == "so" {
			before = "so "
		}
		switch {
		case r.lines[l].wrap:
			if noted.text == "" && r.lines[l].head {
				noted = sym
			}
		case l < r.zone && r.paper.Symbol.Confidence == 0 && symbolHead.MatchString(before) && !r.goesOn(sym, l):
			r.paper.Symbol = Field[string]{sym.text, sym.confidence, r.at(sym.fs, sym.fe)}
			r.paper.Number = Field[string]{sym.number, sym.confidence, r.at(sym.fs, sym.fe)}
		case attached.text == "" && issuedWith.MatchString(r.lineFlow(l)) && strings.HasSuffix(before, " so ") && len(before) < 40:
			attached = sym
		}
	}
	if n, ok := r.noted("sokyhieu", "sohieu", "sohieuvanban", "sokihieu", "sovanban", "title"); ok && (noted.text == "" || r.notice["title"] != n) {
		if in := r.symbolsIn(r.flowFrom(n.at.Start), r.flowFrom(n.at.End)); len(in) > 0 {
			noted = in[0]
		}
	}
	same := func(a, b string) bool { return documents.SymbolKey(a) == documents.SymbolKey(b) }
	f := &r.paper.Symbol
	switch {
	case f.Confidence > 0:
		if noted.text != "" && same(noted.text, f.Value) || attached.text != "" && same(attached.text, f.Value) {
			f.Confidence = max(f.Confidence, 0.98)
		} else if noted.text != "" && attached.text != "" && same(noted.text, attached.text) {
			f.Confidence = 0.5
		}
		return
	case noted.text != "":
		*f = Field[string]{noted.text, noticeConfidence, r.at(noted.fs, noted.fe)}
		r.paper.Number = Field[string]{noted.number, noticeConfidence, f.At}
		if same(attached.text, noted.text) {
			f.Confidence = 0.85
		}
	case attached.text != "":
		*f = Field[string]{attached.text, 0.75, r.at(attached.fs, attached.fe)}
		r.paper.Number = Field[string]{attached.number, 0.75, f.At}
		r.attachedTo(attached)
	}
}

// attachedTo reads what an annex without its paper says of that paper: "(Ban
// hành kèm theo Công văn số … ngày … của Cục Thống kê)".
func (r *reader) attachedTo(sym symbol) {
	after := r.flow[sym.fe:min(len(r.flow), sym.fe+160)]
	if m := dayAfterS.FindStringIndex(after); m != nil {
		r.paper.Issued = Field[clock.Date]{dayAfter(dayAfterS, after), 0.75, r.at(sym.fe+m[0], sym.fe+m[1])}
	}
	if m := ofBody.FindStringSubmatchIndex(after); m != nil {
		at := r.at(sym.fe+m[2], sym.fe+m[3])
		r.paper.Issuer = Field[string]{strings.Trim(r.words(sym.fe+m[2], sym.fe+m[3]), trimEnds), 0.75, at}
	}
	if code, _ := kindOf(strings.TrimSpace(strings.TrimPrefix(issuedWith.ReplaceAllString(r.lineFlow(r.lineAt(sym.fs)), ""), "theo "))); code != "" {
		r.paper.Kind = Field[string]{code, 0.75, r.paper.Symbol.At}
	}
}

// goesOn: after the symbol the line goes on as a sentence: another paper is
// spoken of.
func (r *reader) goesOn(sym symbol, l int) bool {
	k := sym.fe
	for k < r.lines[l].fe && strings.IndexByte(" ,;.", r.flow[k]) >= 0 {
		k++
	}
	return k < r.lines[l].fe && unicode.IsLower(r.runeAt(k))
}

// flowFrom is the flow offset of text offset t.
func (s *sheet) flowFrom(t int) int {
	lo, hi := 0, len(s.pos)
	for lo < hi {
		m := (lo + hi) / 2
		if int(s.pos[m]) < t {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}

// day is a date of its three numbers, in which l and i may stand for 1.
func day(d, m, y string) (clock.Date, bool) {
	fix := strings.NewReplacer("l", "1", "i", "1", " ", "", "\n", "")
	dd, e1 := strconv.Atoi(fix.Replace(d))
	mm, e2 := strconv.Atoi(fix.Replace(m))
	yy, e3 := strconv.Atoi(fix.Replace(y))
	if e1 != nil || e2 != nil || e3 != nil || yy < 1930 || yy > 2100 || mm < 1 || mm > 12 || dd < 1 {
		return clock.Date{}, false
	}
	date := clock.NewDate(yy, time.Month(mm), dd)
	return date, date.Day == dd
}

// headDay reads "Hà Nội, ngày 16 tháng 11 năm 2026".
func (r *reader) headDay() {
	start, end := 0, r.zoneEnd()
	if r.first < len(r.lines) {
		start = r.lines[r.first].fs
	}
	for _, m := range headDate.FindAllStringSubmatchIndex(r.flow[min(start, end):end], 12) {
		fs, fe := start+m[0], start+m[1]
		l := r.lineAt(fs)
		if r.lines[l].wrap {
			continue
		}
		sub := func(k int) string { return r.flow[start+m[2*k] : start+m[2*k+1]] }
		date, ok := day(sub(1), sub(2), sub(3))
		before := strings.TrimRight(r.flow[r.lines[l].fs:fs], " ")
		if !ok || before != "" && strings.IndexByte(",.;", before[len(before)-1]) < 0 {
			continue
		}
		r.paper.Issued = Field[clock.Date]{date, 0.95, r.at(fs, fe)}
		r.headPlace(r.lines[l].fs, r.lines[l].fs+len(before))
		break
	}
	noted := clock.Date{}
	if n, ok := r.noted("ngaybanhanh", "ngayky", "ngaythongqua"); ok {
		if date, ok := noticeDay(n.value); ok {
			noted = date
			if r.paper.Issued.Confidence == 0 {
				r.paper.Issued = Field[clock.Date]{date, noticeConfidence, n.at}
			}
		}
	}
	if r.paper.Issued.Confidence > noticeConfidence && !noted.IsZero() && noted != r.paper.Issued.Value {
		r.paper.Issued.Confidence = 0.6
	}
}

// headPlace reads the place before ", ngày": the last words that are no symbol
// and no motto.
func (r *reader) headPlace(fs, fe int) {
	for _, sym := range r.symbolsIn(fs, fe) {
		fs = max(fs, sym.fe)
	}
	for _, m := range nationTitle.FindAllStringIndex(r.flow[fs:fe], 4) {
		fs = max(fs, fs+m[1])
	}
	for i := fs; i < fe; i++ {
		if b := r.flow[i]; b == ':' || digit(b) || b == '/' {
			fs = i + 1
		}
	}
	for fs < fe && !unicode.IsUpper(r.runeAt(fs)) {
		fs++
	}
	place := strings.Trim(r.words(fs, fe), " ,.;:-")
	if n := len(strings.Fields(place)); n >= 1 && n <= 6 {
		r.paper.Place = Field[string]{place, 0.9, r.at(fs, fe-1)}
	}
}

// headKind fills in and weighs the kind.
func (r *reader) headKind() {
	f := &r.paper.Kind
	bySymbol := kindOfSymbol(r.paper.Symbol.Value)
	if f.Confidence > 0 {
		if bySymbol != "" && bySymbol != f.Value {
			f.Confidence = 0.6
		}
		return
	}
	if bySymbol != "" {
		*f = Field[string]{bySymbol, min(0.9, r.paper.Symbol.Confidence), r.paper.Symbol.At}
		return
	}
	if n, ok := r.noted("loaivanban", "loai"); ok {
		if code, _ := kindOf(folded(n.value)); code != "" {
			*f = Field[string]{code, noticeConfidence, n.at}
		}
	}
}

// headTerm reads "KHÓA XVI, KỲ HỌP THỨ 28", in the head or in the sentence that
// says who passed the paper.
func (r *reader) headTerm() {
	from, to := 0, r.zoneEnd()
	if r.first < len(r.lines) {
		from = r.lines[r.first].fs
	}
	if r.kindAt >= 0 {
		to = r.lines[r.kindAt].fe
	}
	look := func(from, to int, sure float64) {
		part := r.flow[min(from, to):to]
		if m := termOf.FindStringSubmatchIndex(part); m != nil && r.paper.Term.Confidence == 0 {
			if n := ordinal(part[m[2]:m[3]]); n > 0 {
				r.paper.Term = Field[int]{n, sure, r.at(from+m[0], from+m[1])}
			}
		}
		if m := sessionOf.FindStringSubmatchIndex(part); m != nil && r.paper.Session.Confidence == 0 {
			if n := ordinal(part[m[2]:m[3]]); n > 0 {
				r.paper.Session = Field[int]{n, sure, r.at(from+m[0], from+m[1])}
			}
		}
	}
	look(from, to, 0.95)
	for at := 0; at < len(r.flow); {
		i := strings.Index(r.flow[at:], "thong qua ngay ")
		if i < 0 {
			break
		}
		at += i + 1
		if k := strings.LastIndex(r.flow[max(0, at-260):at], " nay "); k >= 0 && strings.Contains(r.flow[max(0, at-260)+k:at], "duoc ") {
			look(max(0, at-260)+k, at, 0.9)
			if m := adopted.FindStringSubmatchIndex(r.flow[at-1 : min(len(r.flow), at+60)]); m != nil && r.paper.Issued.Confidence <= noticeConfidence {
				sub := func(k int) string { return r.flow[at-1+m[2*k] : at-1+m[2*k+1]] }
				if date, ok := day(sub(1), sub(2), sub(3)); ok {
					r.paper.Issued = Field[clock.Date]{date, 0.85, r.at(at-1+m[0], at-1+m[1])}
				}
			}
		}
	}
}

var ordinals = map[string]int{"nhat": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "lam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9}

// ordinal is a number written in digits, Roman numerals or words ("hai mươi ba").
func ordinal(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	if n := roman(s); n > 0 {
		return n
	}
	total := 0
	for _, w := range strings.Fields(s) {
		if w == "muoi" {
			total = max(total, 1) * 10
		} else if n, ok := ordinals[w]; ok {
			total += n
		} else {
			return total
		}
	}
	return total
}

// roman is the value of a Roman numeral in lower case, 0 when it is none.
func roman(s string) int {
	values := map[byte]int{'i': 1, 'v': 5, 'x': 10, 'l': 50, 'c': 100}
	if len(s) == 0 || len(s) > 9 {
		return 0
	}
	n := 0
	for i := 0; i < len(s); i++ {
		v, ok := values[s[i]]
		if !ok {
			return 0
		}
		if i+1 < len(s) && values[s[i+1]] > v {
			n -= v
		} else {
			n += v
		}
	}
	return n
}

// numeral is n in Roman numerals.
func numeral(n int) string {
	var b strings.Builder
	for _, p := range []struct {
		v int
		s string
	}{{100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for n >= p.v {
			b.WriteString(p.s)
			n -= p.v
		}
	}
	return b.String()
}

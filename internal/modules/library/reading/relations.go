package reading

import (
	"regexp"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/documents"
)

// Codes of relations, from this paper to the one named.
const (
	BasedOn      = "based_on"     // căn cứ
	Refers       = "refers"       // dẫn chiếu
	Amends       = "amends"       // sửa đổi, bổ sung
	Replaces     = "replaces"     // thay thế
	Repeals      = "repeals"      // bãi bỏ
	Annuls       = "annuls"       // hủy bỏ
	Suspends     = "suspends"     // đình chỉ
	Halts        = "halts"        // ngưng hiệu lực
	Guides       = "guides"       // hướng dẫn, quy định chi tiết
	Consolidates = "consolidates" // hợp nhất
	Corrects     = "corrects"     // đính chính
)

// deed is a verb and what it does. Passive deeds ("được sửa đổi bởi") are done
// by another paper.
var (
	deedWord = regexp.MustCompile(`\b(sua doi|bo sung|thay the|bai bo|huy bo|dinh chinh|ngung hieu luc|dinh chi|hop nhat|quy dinh chi tiet|huong dan thi hanh|chi tiet (?:thi hanh|mot so)|huong dan (?:mot so|thuc hien mot so))\b`)
	deeds    = map[string]string{"sua doi": Amends, "bo sung": Amends, "thay the": Replaces, "bai bo": Repeals, "huy bo": Annuls, "dinh chinh": Corrects, "ngung hieu luc": Halts, "dinh chi": Suspends, "hop nhat": Consolidates}
	doneTo   = regexp.MustCompile(`\b(?:da|duoc|bi)(?:\s(?:duoc|bi))?\s$`)
	leadUnit = regexp.MustCompile(`^["' ]*(?:(?:dieu )?\d{1,3}[a-z]?[.:)]|[a-z]\)|-)? ?(sua doi|bo sung|bai bo|thay the|huy bo|dinh chinh|sua ten)`)
	lawName  = regexp.MustCompile(`\b(?:cua|thi hanh)\s((?:bo luat|luat|phap lenh)\s[^.;:]{3,140}$)`)
)

// relations reads what the paper does to others.
func (r *reader) relations() {
	seen := map[Relation]bool{}
	add := func(rel Relation) {
		key := rel
		key.At, key.Confidence, key.Title = Span{}, 0, ""
		if rel.Symbol == "" && rel.Title == "" || documents.SymbolKey(rel.Symbol) == r.ownKey() && rel.Symbol != "" || seen[key] || len(r.paper.Relations) >= maxFinds {
			return
		}
		seen[key] = true
		r.paper.Relations = append(r.paper.Relations, rel)
	}
	inBasis, based := map[int]bool{}, map[string]bool{}
	for _, b := range r.paper.Bases {
		for _, c := range b.Cites {
			rel := Relation{Kind: BasedOn, Symbol: c.Symbol, Title: c.Title, Target: c.Anchor, At: c.At, Confidence: min(c.Confidence, b.Confidence)}
			if b.Proposal {
				rel.Kind = Refers
			}
			inBasis[c.At.End] = true
			based[c.Symbol] = true
			add(rel)
		}
	}
	r.guides(add)
	low := 0
	for _, sym := range r.syms {
		at := r.at(sym.fs, sym.fe)
		l := r.lineAt(sym.fs)
		if r.lines[l].wrap || inBasis[at.End] || r.quoted(at) || l < r.first {
			continue
		}
		c := r.citation(sym, max(low, sym.fs-240))
		low = sym.fe
		rel := Relation{Kind: Refers, Symbol: c.Symbol, Title: c.Title, Target: c.Anchor, At: c.At, Confidence: 0.85 * c.Confidence}
		if p := r.provisionAt(at.Start); p >= 0 {
			rel.From = r.paper.Provisions[p].Anchor
		}
		if kind, sure := r.deed(sym, at); kind != "" {
			rel.Kind, rel.Confidence = kind, sure*c.Confidence
		}
		if rel.Kind != Refers || rel.From != "" || !based[rel.Symbol] {
			add(rel)
		}
	}
	r.instructions(add)
}

// deed is what the sentence does to the paper with this symbol.
func (r *reader) deed(sym symbol, at Span) (string, float64) {
	from := r.sentenceStart(sym.fs)
	if s := r.paper.Subject; s.Confidence > 0 && at.Start >= s.At.Start && at.Start < s.At.End {
		from = r.flowFrom(s.At.Start)
	}
	before := oneLine(r.flow[from:sym.fs])
	after := oneLine(r.flow[sym.fe:min(len(r.flow), sym.fe+260)])
	var ms [][]int
	if mayDo(before) {
		ms = slices.DeleteFunc(deedWord.FindAllStringIndex(before, 60), func(m []int) bool { return r.provides(from+m[0], from+m[1]) })
	}
	if len(ms) > 0 {
		m := ms[len(ms)-1]
		word := strings.Join(strings.Fields(before[m[0]:m[1]]), " ")
		if len(ms) > 1 && word == "bo sung" && m[0]-ms[len(ms)-2][1] <= 2 {
			m = ms[len(ms)-2]
		}
		if len(r.symbolsIn(from, from+m[0])) > 0 {
			return r.named(from, from+m[0])
		}
		kind := deeds[word]
		if kind == "" {
			kind = Guides
		}
		if doneTo.MatchString(before[:m[0]]) || strings.Contains(before[m[1]:], " boi ") || strings.Contains(before[m[1]:], "theo quy dinh") {
			if kind != Guides && !lapses(after) {
				return Refers, 0.85
			}
		}
		if kind == Guides && at.Start >= r.paper.Subject.At.End {
			return "", 0
		}
		if r.acts(sym.fs, before) {
			return kind, 0.88
		}
		return Refers, 0.7
	}
	if lapses(after) && !strings.Contains(before, " nay ") {
		return Repeals, 0.85
	}
	return r.inherited(at.Start)
}

// oneLine is a flow of as many bytes without ends of lines.
func oneLine(flow string) string { return strings.ReplaceAll(flow, "\n", " ") }

// mayDo spares most sentences the look for a verb.
func mayDo(flow string) bool {
	for _, w := range []string{"sua doi", "bo sung", "thay the", "bai bo", "huy bo", "dinh chi", "hieu luc", "hop nhat", "chi tiet", "huong dan"} {
		if strings.Contains(flow, w) {
			return true
		}
	}
	return false
}

// lapses: the sentence goes on to say that what was named no longer holds.
func lapses(after string) bool {
	if k := strings.IndexAny(after, ".;"); k >= 0 {
		after = after[:k]
	}
	k := strings.Index(after, " het hieu luc")
	return k >= 0 && k < 220
}

// named: the verb belongs to the title of a paper cited before ("bãi bỏ Nghị
// định số A sửa đổi Nghị định số B"): this one is only named.
func (r *reader) named(from, to int) (string, float64) {
	last := r.symbolsIn(from, to)
	if between := r.flow[last[len(last)-1].fe:to]; strings.IndexByte(between, ';') >= 0 {
		return "", 0
	}
	return Refers, 0.8
}

// acts: the sentence stands where papers act on others: in the name of the
// paper, in an article on effect, in an instruction, or says that it does.
func (r *reader) acts(f int, before string) bool {
	at := int(r.pos[f])
	if s := r.paper.Subject.At; at >= s.Start && at < s.End && r.paper.Subject.Confidence > 0 {
		return true
	}
	if leadUnit.MatchString(strings.TrimSpace(before)) || strings.Contains(before, " nay ") {
		return true
	}
	for p := r.provisionAt(at); p >= 0; p = r.paper.Provisions[p].Parent {
		if h := folded(r.paper.Provisions[p].Heading); strings.Contains(h, "hieu luc") || strings.Contains(h, "dieu khoan thi hanh") || amendingHead.MatchString(h) {
			return true
		}
	}
	return false
}

// inherited is the deed of the text that introduces a list: "Bãi bỏ các văn bản
// sau đây:".
func (r *reader) inherited(at int) (string, float64) {
	for p := r.provisionAt(at); p >= 0; p = r.paper.Provisions[p].Parent {
		lead := r.lead(p)
		if strings.Contains(lead, "het hieu luc") && strings.Contains(lead, "sau") {
			return Repeals, 0.82
		}
		if m := leadUnit.FindStringSubmatch(lead); m != nil && (strings.Contains(lead, "sau") || strings.HasSuffix(strings.TrimSpace(lead), ":")) {
			if kind := deeds[m[1]]; kind != "" {
				return kind, 0.82
			}
		}
	}
	if p := r.provisionAt(at); p >= 0 && strings.HasPrefix(folded(r.paper.Subject.Value), "bai bo") && at-r.paper.Provisions[p].At.Start < 60 {
		return Repeals, 0.75
	}
	return "", 0
}

// lead is the flow of a provision before what it holds, shortened.
func (r *reader) lead(p int) string {
	ps := r.paper.Provisions
	end := ps[p].At.End
	if p+1 < len(ps) && ps[p+1].At.Start < end {
		end = ps[p+1].At.Start
	}
	from := r.flowFrom(ps[p].At.Start)
	return oneLine(r.flow[from:min(r.flowFrom(end), from+500)])
}

// guides reads "Quy định chi tiết một số điều của Luật Nhà giáo", whose number
// only the căn cứ tells.
func (r *reader) guides(add func(Relation)) {
	s := r.paper.Subject
	plain := folded(s.Value)
	if s.Confidence == 0 || !strings.Contains(plain, "chi tiet") && !strings.Contains(plain, "huong dan") && !strings.Contains(plain, "bien phap") {
		return
	}
	m := lawName.FindStringSubmatch(plain)
	if m == nil {
		return
	}
	for _, b := range r.paper.Bases {
		for _, c := range b.Cites {
			if t := folded(c.Title); t != "" && (c.Kind == "L" || c.Kind == "PL") && strings.HasPrefix(m[1]+" ", t+" ") {
				add(Relation{Kind: Guides, Symbol: c.Symbol, Title: c.Title, At: s.At, Confidence: 0.85})
				return
			}
		}
	}
}

// instructions reads "Sửa đổi, bổ sung khoản 2 Điều 5 như sau", whose target
// document the article or the name of the paper has said.
func (r *reader) instructions(add func(Relation)) {
	target := r.onlySymbol(r.paper.Subject.At)
	for p := range r.paper.Provisions {
		pr := r.paper.Provisions[p]
		if pr.Level != Article && pr.Level != Clause && pr.Level != Point {
			continue
		}
		lead := r.lead(p)
		m := leadUnit.FindStringSubmatch(lead)
		if m == nil {
			continue
		}
		symbol := target
		for q := p; q >= 0; q = r.paper.Provisions[q].Parent {
			if s := r.onlySymbol(r.leadSpan(q)); s != "" {
				symbol = s
				break
			}
		}
		kind := deeds[m[1]]
		if kind == "" || kind == Replaces {
			kind = Amends // "thay thế cụm từ", "sửa tên điều"
		}
		if symbol == "" {
			continue
		}
		from := r.flowFrom(pr.At.Start)
		own := min(len(lead), 400)
		if k := strings.Index(lead, `"`); k >= 0 {
			own = k
		}
		if k := strings.Index(lead, "vao sau"); k >= 0 {
			own = min(own, k)
		}
		skip := strings.Index(lead, m[1])
		for _, anchor := range r.targets(p, from+skip, from+max(own, skip)) {
			add(Relation{Kind: kind, From: pr.Anchor, Symbol: symbol, Target: anchor, At: r.at(from, from+own), Confidence: 0.85})
		}
	}
}

// targets are the provisions an instruction names. "Sửa đổi khoản 2 như sau"
// means a khoản of the điều that the article above names.
func (r *reader) targets(p, from, to int) []string {
	if units := r.unitsIn(from, to); len(units) > 0 {
		return units
	}
	for q := r.paper.Provisions[p].Parent; q >= 0; q = r.paper.Provisions[q].Parent {
		at := r.flowFrom(r.paper.Provisions[q].At.Start)
		lead := r.lead(q)
		m := leadUnit.FindStringSubmatchIndex(lead)
		if m == nil {
			continue
		}
		end := len(lead)
		if k := strings.Index(lead, `"`); k >= m[3] {
			end = k
		}
		if units := r.unitsIn(at+m[2], at+end); len(units) > 0 {
			return r.partsIn(units[0], from, to)
		}
	}
	return nil
}

func (r *reader) leadSpan(p int) Span {
	from := r.flowFrom(r.paper.Provisions[p].At.Start)
	return r.at(from, from+len(r.lead(p)))
}

// onlySymbol is the first symbol of another paper in a span, when it is the
// one spoken of.
func (r *reader) onlySymbol(at Span) string {
	for _, sym := range r.symbolsIn(r.flowFrom(at.Start), r.flowFrom(at.End)) {
		if documents.SymbolKey(sym.text) != r.ownKey() && !r.quoted(r.at(sym.fs, sym.fe)) {
			return sym.text
		}
	}
	return ""
}

package reading

import (
	"regexp"
	"strings"
	"unicode"

	"example.vn/hdnd/internal/kernel/documents"
)

var (
	basisLine   = regexp.MustCompile(`^[-+*]? ?(can cu|xet|theo de nghi|theo to trinh|tren co so|thuc hien) `)
	basisEnd    = regexp.MustCompile(`^(?:dieu \d|chuong [ivx1]|phan (?:thu|i\b)|muc \d|i\. |1\. |quyet nghi|quyet dinh ?:|kinh gui|[a-z ,]{3,90} ban hanh |[a-z ,]{3,60} quyet nghi)`)
	dayAfterS   = regexp.MustCompile(`^[,\s]{0,3}(?:ngay\s(\d{1,2})\sthang\s(\d{1,2})\snam\s(\d{4})|ngay\s(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}))`)
	sentenceEnd = regexp.MustCompile(`[;:]|\.\s`)
	citeKind    = regexp.MustCompile(`\b(?:bo luat|luat|hien phap|phap lenh|nghi dinh|nghi quyet lien tich|nghi quyet|thong tu lien tich|thong tu|quyet dinh|chi thi|to trinh|bao cao|thong bao|ket luan|ke hoach|cong van|cong dien|de an|lenh|huong dan|van ban hop nhat|quy dinh)\b`)
)

// citations are the papers cited in flow[from:to].
func (r *reader) citations(from, to int) []Citation {
	var out []Citation
	low := from
	for _, sym := range r.symbolsIn(from, to) {
		c := r.citation(sym, max(low, sym.fs-240))
		out = append(out, c)
		low = sym.fe
	}
	return out
}

// citation reads what stands around a symbol: its kind and name before, its
// day after, the provision meant before the kind.
func (r *reader) citation(sym symbol, low int) Citation {
	c := Citation{Symbol: sym.text, At: r.at(sym.fs, sym.fe), Confidence: sym.confidence}
	before := r.flow[low:sym.fs]
	if m := sentenceEnd.FindAllStringIndex(before, 40); len(m) > 0 {
		if k := m[len(m)-1][1]; k < len(before)-4 {
			low += k
			before = before[k:]
		}
	}
	start := -1
	for _, m := range citeKind.FindAllStringIndex(before, 20) {
		if unicode.IsUpper(r.runeAt(low + m[0])) {
			start = m[0]
		}
	}
	if start >= 0 {
		c.Kind, _ = kindOf(strings.Join(strings.Fields(before[start:]), " "))
		title := strings.TrimSuffix(strings.Trim(r.words(low+start, sym.fs), " :."), " số")
		if _, rest := kindOf(folded(title)); rest < len(folded(title)) && len(title) < 200 {
			c.Title = title
		}
		c.Anchor = r.targetBefore(low, low+start)
		c.At.Start = r.at(low+start, sym.fe).Start
	}
	if c.Kind == "" || kindOfSymbol(sym.text) != "" {
		c.Kind = kindOfSymbol(sym.text)
	}
	after := r.flow[sym.fe:min(len(r.flow), sym.fe+60)]
	c.Issued = dayAfter(dayAfterS, after)
	return c
}

// targetBefore is the anchor of the last provision named in flow[low:end], when
// the name reaches the end: "khoản 2 Điều 5 của".
func (r *reader) targetBefore(low, end int) string {
	part := strings.TrimRight(r.flow[low:end], " \n")
	part = strings.TrimRight(strings.TrimSuffix(strings.TrimSuffix(part, " cua"), " tai"), " \n")
	from := max(0, len(part)-120)
	var last []int
	for _, m := range unitList.FindAllStringIndex(part[from:], 20) {
		last = m
	}
	if last == nil || from+last[1] < len(part) {
		return ""
	}
	units := r.unitsIn(low+from+last[0], low+from+last[1])
	if len(units) == 0 {
		return ""
	}
	return units[len(units)-1]
}

// bases reads the căn cứ, and what the paper was proposed with.
func (r *reader) bases() {
	from, to := r.zone, len(r.lines)
	if len(r.paper.Provisions) > 0 {
		to = r.lineAt(r.flowFrom(r.paper.Provisions[0].At.Start))
	}
	to = min(to, from+250)
	for i := r.first; i < to && i < len(r.lines); i++ {
		l, flow := r.lines[i], r.lineFlow(i)
		if l.wrap {
			continue
		}
		if l.head && strings.HasPrefix(flow, "can cu") {
			i = r.basisList(i+1, to) - 1
			continue
		}
		if !basisLine.MatchString(flow) || i < r.zone && !strings.HasPrefix(flow, "can cu") {
			continue
		}
		end := i
		for end+1 < to && end < i+12 && !r.basisOver(end+1) {
			end++
		}
		r.basis(l.fs, r.lines[end].fe, 0.95)
		i = end
	}
}

// basisOver: line i is no longer the căn cứ before it.
func (r *reader) basisOver(i int) bool {
	l, flow := r.lines[i], r.lineFlow(i)
	last := r.flow[r.lines[i-1].fe-1]
	return l.wrap || l.head || l.caps || basisLine.MatchString(flow) || basisEnd.MatchString(flow) && l.gap ||
		l.gap && unicode.IsUpper(r.runeAt(l.fs)) || (last == ';' || last == '.') && unicode.IsUpper(r.runeAt(l.fs))
}

// basisList reads "## Căn cứ pháp lý" with its items, to the next heading.
func (r *reader) basisList(i, to int) int {
	for ; i < to && !r.lines[i].head && !r.lines[i].wrap; i++ {
		if l := r.lines[i]; r.flow[l.fs] == '-' || basisLine.MatchString(r.lineFlow(i)) {
			r.basis(l.fs, l.fe, noticeConfidence)
		}
	}
	return i
}

func (r *reader) basis(from, to int, sure float64) {
	if len(r.paper.Bases) >= 300 {
		return
	}
	for from < to && strings.IndexByte("-+* ", r.flow[from]) >= 0 {
		from++
	}
	b := Basis{Field: Field[string]{strings.Trim(r.mended(from, to), " ;,."), sure, r.at(from, to)}}
	b.Proposal = !strings.HasPrefix(r.flow[from:to], "can cu") && strings.IndexAny(r.flow[from:from+1], "xt") == 0 && basisLine.MatchString(r.flow[from:to])
	b.Cites = r.citations(from, to)
	r.paper.Bases = append(r.paper.Bases, b)
}

// ownKey is the key of the paper's own symbol.
func (r *reader) ownKey() string { return documents.SymbolKey(r.paper.Symbol.Value) }

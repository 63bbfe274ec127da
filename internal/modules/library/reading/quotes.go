package reading

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// maxQuoteLines bounds one quotation: an amended chapter, not a whole code.
const maxQuoteLines = 8000

var (
	quotedUnit = regexp.MustCompile(`^["' ]*(?:(dieu) (\d{1,3})([a-z]?)(?:[.:]|$)|(\d{1,3})([a-z]?)\. ?|([a-z]) ?\)|(chuong) ([ivx]{1,6})\b|(muc) (\d{1,2})\b|(phu luc)(?: ([ivx\d]{1,6}))?)`)
	instructed = regexp.MustCompile(`^(?:\d{1,3}[a-z]?\.|[a-z]\)|dieu \d{1,3}[.:]?) (?:sua doi|bo sung|bai bo|thay the|bo cum|bo cac|dinh chinh|huy bo|sua ten|thay cum)`)
	newArticle = regexp.MustCompile(`^dieu (\d{1,3})[.:] (?:sua doi|bo sung|bai bo|thay the|hieu luc|dieu khoan|to chuc|trach nhiem|quy dinh chuyen tiep|thay doi|ban hanh)`)
)

// quote says on which line the quotation ends that begins on line i, -1 when
// none begins there. A quotation that amends begins a line, or follows a colon.
func (b *builder) quote(i int) int {
	l := b.lines[i]
	flow := b.lineFlow(i)
	from := -1
	if c := flow[0]; c == '"' || c == '\'' {
		prev := byte(0)
		if i > 0 {
			prev = b.flow[b.lines[i-1].fe-1]
		}
		if prev == ':' && (b.amending() || b.saysSo(i)) || quotedUnit.MatchString(flow) && flow[1:] != "" && b.amending() {
			from = l.fs
		}
	} else if k := strings.Index(flow, `: "`); k >= 0 && b.opensNowhereElse(l, k+2) && (b.amending() || strings.Contains(flow[:k], "nhu sau")) {
		from = l.fs + k + 2
	}
	if from < 0 && b.unmarked(i, flow) {
		end := i
		for end+1 < len(b.lines) && end-i < maxQuoteLines && b.budget > 0 && !b.ownNext(end+1) {
			b.budget--
			end++
		}
		return end
	}
	if from < 0 {
		return -1
	}
	return b.quoteEnd(i, from)
}

// unmarked: an article that stands without marks right where the article at
// hand says it gives another's new words: "Điều 1. Sửa đổi Điều 4 như sau".
func (b *builder) unmarked(i int, flow string) bool {
	m := articleLine.FindStringSubmatch(flow)
	p := b.open[rank[Article]]
	if m == nil || p < 0 || m[3] != "." || !b.amending() || !b.shown(i) {
		return false
	}
	n, _ := strconv.Atoi(m[1])
	if n == b.last[rank[Article]]+1 && m[2] == "" {
		return false
	}
	for k := len(b.open) - 1; k >= rank[Article]; k-- {
		if q := b.open[k]; q >= 0 && strings.Contains(b.soFar(q, i), "dieu "+m[1]+m[2]) && strings.Contains(b.soFar(q, i), "nhu sau") {
			return true
		}
	}
	return false
}

// soFar is the flow of an open provision up to line i, its last 500 bytes.
func (b *builder) soFar(p, i int) string {
	from := b.flowFrom(b.paper.Provisions[p].At.Start)
	to := max(b.lines[i].fs, from)
	return oneLine(b.flow[max(from, to-500):to])
}

// ownNext: line i is the next article or instruction of this paper.
func (b *builder) ownNext(i int) bool {
	flow := b.lineFlow(i)
	if b.lines[i].wrap || b.signs(i) || b.ownAgain(flow) {
		return true
	}
	m := articleLine.FindStringSubmatch(flow)
	return m != nil && b.lines[i].head && m[1] == strconv.Itoa(b.last[rank[Article]]+1)
}

// amending: the paper has said that it amends, in its name or in the heading
// of the article at hand.
func (b *builder) amending() bool {
	if p := b.open[rank[Article]]; p >= 0 {
		h := folded(b.paper.Provisions[p].Heading)
		if amendingHead.MatchString(h) || strings.Contains(h, "sua doi") || strings.Contains(h, "bo sung") {
			return true
		}
	}
	return strings.Contains(folded(b.paper.Subject.Value), "sua doi") || strings.Contains(folded(b.paper.Subject.Value), "bo sung")
}

// saysSo: the line before introduces new words of another paper.
func (b *builder) saysSo(i int) bool {
	l := b.lines[i-1]
	before := oneLine(b.flow[max(0, l.fs-160):l.fe])
	return strings.Contains(before, "nhu sau") || strings.Contains(before, "sua doi") || strings.Contains(before, "bo sung") || strings.Contains(before, "thay the")
}

// opensNowhereElse: the quotation after a colon is not closed on its own line.
func (b *builder) opensNowhereElse(l line, k int) bool {
	return strings.IndexByte(b.flow[l.fs+k+1:l.fe], '"') < 0
}

// quoteEnd looks for the line where the marks are balanced again. Recognition
// loses closing marks: then the next instruction of this paper ends it.
func (b *builder) quoteEnd(i, from int) int {
	depth := 0
	for j := i; j < len(b.lines) && j < i+maxQuoteLines; j++ {
		b.budget--
		if b.budget < 0 {
			return -1
		}
		l := b.lines[j]
		flow := b.lineFlow(j)
		if j > i && (b.ownAgain(flow) || b.signs(j) || l.wrap) {
			return j - 1
		}
		start := l.fs
		if j == i {
			start = from
		}
		for k := start; k < l.fe; k++ {
			if b.flow[k] != '"' {
				continue
			}
			switch before, after := k == l.fs || strings.IndexByte(` (["'`, b.flow[k-1]) >= 0, k+1 < l.fe && b.flow[k+1] != ' ' && strings.IndexByte(".;,:)", b.flow[k+1]) < 0; {
			case before && after:
				depth++
			case depth > 0:
				depth--
			}
		}
		if depth == 0 && b.flow[start] == '"' || depth == 0 && j > i {
			return j
		}
		if b.flow[from] == '\'' && strings.HasSuffix(strings.TrimRight(flow, ".;,:"), "'") && (j > i || l.fe-from > 3) {
			return j
		}
	}
	return -1
}

// ownAgain: the line is an instruction of this paper in its turn.
func (b *builder) ownAgain(flow string) bool {
	if m := articleLine.FindStringSubmatch(flow); m != nil && m[2] == "" && (m[3] == "." || m[3] == ":") && (newArticle.MatchString(flow) || !b.amending()) {
		n, _ := strconv.Atoi(m[1])
		return n == b.last[rank[Article]]+1
	}
	if !instructed.MatchString(flow) {
		return false
	}
	if m := clauseLine.FindStringSubmatch(flow); m != nil {
		n, _ := strconv.Atoi(m[1])
		return n == b.last[rank[Clause]]+1
	}
	return true
}

// noteQuote keeps the quotation of lines i to end.
func (b *builder) noteQuote(i, end int) {
	q := Quote{Confidence: 0.9}
	for k := len(b.open) - 1; k >= 0 && q.In == ""; k-- {
		if p := b.open[k]; p >= 0 {
			q.In = b.paper.Provisions[p].Anchor
		}
	}
	l := b.lines[i]
	from := l.fs
	if k := strings.Index(b.lineFlow(i), `: "`); k >= 0 && b.flow[from] != '"' && b.flow[from] != '\'' {
		from += k + 2
	}
	q.At = b.at(from, b.lines[end].fe)
	if tail := strings.TrimRight(b.lineFlow(end), " .;,:)"); tail == "" || tail[len(tail)-1] != '"' && tail[len(tail)-1] != '\'' {
		q.Confidence = 0.6
	}
	for j := i; j <= end && len(q.Provisions) < 500; j++ {
		start := b.lines[j].fs
		if j == i {
			start = from
		}
		if anchor := b.quotedAnchor(start, b.lines[j].fe, j == i); anchor != "" {
			q.Provisions = append(q.Provisions, anchor)
		}
	}
	b.paper.Quotes = append(b.paper.Quotes, q)
}

// quotedAnchor names what a quoted line begins: any unit on the first line,
// điều, chương and mục on the others.
func (b *builder) quotedAnchor(from, to int, first bool) string {
	flow := b.flow[from:to]
	m := quotedUnit.FindStringSubmatchIndex(flow)
	if m == nil {
		return ""
	}
	sub := func(k int) string {
		if m[2*k] < 0 {
			return ""
		}
		return flow[m[2*k]:m[2*k+1]]
	}
	letterAt := func(k int) string {
		return strings.ReplaceAll(b.suffixOf(from+max(m[2*k], 0), sub(k)), "đ", "dd")
	}
	switch {
	case sub(1) != "":
		if !unicode.IsUpper(b.runeAt(from + m[2])) {
			return ""
		}
		return "art_" + sub(2) + letterAt(3)
	case sub(7) != "":
		return "chp_" + strings.ToUpper(sub(8))
	case sub(9) != "" && unicode.IsUpper(b.runeAt(from+m[18])):
		return "sec_" + sub(10)
	case !first:
		return ""
	case sub(4) != "":
		return "para_" + sub(4) + letterAt(5)
	case sub(6) != "":
		return "point_" + letterAt(6)
	case sub(11) != "":
		return "annex_" + strings.ToUpper(sub(12))
	}
	return ""
}

package reading

import (
	"regexp"
	"strings"
	"unicode"

	"example.vn/hdnd/internal/kernel/text"
)

// maxHeading is where a heading becomes a sentence, in bytes of the flow.
const maxHeading = 420

var unitLine = regexp.MustCompile(`^(?:dieu \d|chuong [ivx\d]|muc \d|tieu muc|phu luc|phan thu|\d{1,3}[a-z]?[.)]|[a-z] ?\)|mau (?:so )?\d|[-~+] |\(|"|page\b|can cu )`)

// heading reads the heading of the provision that begins on line i, after skip
// bytes of its flow, and returns the last line it takes. Headings of chương,
// mục, phụ lục stand under the number, in capitals; that of a điều beside it.
func (b *builder) heading(p *Provision, i, skip int, under bool) int {
	l := b.lines[i]
	from, to, last := l.fs+skip, l.fe, i
	for from < to && strings.IndexByte(" .:-)", b.flow[from]) >= 0 {
		from++
	}
	switch {
	case from >= to:
		from, to, last = b.below(i, under)
	default:
		to, last = b.onward(i, from, under)
	}
	if from >= to {
		p.HeadingAt = b.at(l.fs, l.fe)
		return i
	}
	p.HeadingAt = Span{l.ts, b.at(from, to).End}
	if !under && b.sentence(from, to) {
		p.HeadingAt = b.at(l.fs, l.fs+min(skip, l.fe-l.fs))
		return i
	}
	p.Heading = strings.Trim(b.mended(from, to), " *_")
	if !under {
		p.Heading = strings.TrimRight(p.Heading, ".:")
	}
	return last
}

// below is the heading on the lines under a number that stands alone.
func (b *builder) below(i int, under bool) (from, to, last int) {
	last = i
	for j := i + 1; j < len(b.lines) && j <= i+6; j++ {
		l, flow := b.lines[j], b.lineFlow(j)
		if l.wrap || l.row || unitLine.MatchString(flow) || issuedWith.MatchString(flow) || b.signs(j) {
			break
		}
		if j > i+1 && under && !(l.caps || !b.lines[i+1].caps && unicode.IsLower(b.runeAt(l.fs)) && !l.gap) {
			break
		}
		if !under && (j > i+1 || len(flow) > 160 || strings.IndexByte(".;:", flow[len(flow)-1]) >= 0) {
			break
		}
		if under && j == i+1 && !l.caps && !l.head && (len(flow) > 160 || strings.IndexByte(".;:,", flow[len(flow)-1]) >= 0) {
			break
		}
		if j == i+1 {
			from = l.fs
		}
		to, last = l.fe, j
	}
	return from, to, last
}

// onward is where a heading that begins on line i ends: it may go on on the
// lines below.
func (b *builder) onward(i, from int, under bool) (to, last int) {
	to, last = b.lines[i].fe, i
	for j := i + 1; j < len(b.lines) && j <= i+7 && to-from < maxHeading; j++ {
		l, flow := b.lines[j], b.lineFlow(j)
		if l.gap || l.wrap || l.row || l.head || unitLine.MatchString(flow) || strings.IndexByte(".;:", b.flow[to-1]) >= 0 {
			break
		}
		if under && !l.caps && !unicode.IsLower(b.runeAt(l.fs)) {
			break
		}
		if !under && !unicode.IsLower(b.runeAt(l.fs)) && !(digit(b.flow[l.fs]) && strings.HasSuffix(b.flow[from:to], "so")) {
			break
		}
		to, last = l.fe, j
	}
	return to, last
}

// amendingHead: headings of amending articles are sentences that end with a
// colon and are headings all the same.
var amendingHead = regexp.MustCompile(`^(?:sua doi|bo sung|bai bo|thay the|dinh chinh|huy bo|bo cum tu)`)

// sentence: what stands beside the number of a điều is its text, not a heading.
func (b *builder) sentence(from, to int) bool {
	flow := b.flow[from:to]
	if to-from > maxHeading {
		return true
	}
	switch end := flow[len(flow)-1]; {
	case end == ':' || end == '.' && amendingHead.MatchString(flow) && to-from < 260:
		return !amendingHead.MatchString(flow)
	case end == '.' || end == ';' || end == '/':
		return to-from > 60 || strings.Contains(flow, " nay ")
	}
	return strings.Contains(flow, " nay co hieu luc ")
}

// title reads the heading of "I. …" and of "1. …" in papers without điều: the
// line, when it is not a sentence.
func (b *builder) title(p *Provision, i, skip int) int {
	l := b.lines[i]
	from := l.fs + skip
	if from >= l.fe {
		p.HeadingAt = b.at(l.fs, l.fe)
		return i
	}
	to, last := b.onward(i, from, false)
	flow := b.flow[from:to]
	if to-from > 200 || strings.IndexByte(".;,", flow[len(flow)-1]) >= 0 {
		p.HeadingAt = b.at(l.fs, from)
		return i
	}
	p.HeadingAt = Span{l.ts, b.at(from, to).End}
	p.Heading = strings.Trim(b.mended(from, to), " *_:")
	return last
}

func canonical(word string) string { return text.CanonTone(word) }

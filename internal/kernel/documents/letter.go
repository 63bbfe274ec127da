package documents

import (
	"fmt"
	"io"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
)

// Head is the top of every paper a body issues.
type Head struct {
	Superior string // the body above, "HỘI ĐỒNG NHÂN DÂN THÀNH PHỐ HÀ NỘI"; may be empty
	Issuer   string // the body that issues, "VĂN PHÒNG"
	Place    string // "Hà Nội"
	Date     clock.Date
}

// Signature is who signs and by what authority.
type Signature struct {
	Authority []string // lines such as "TL. CHÁNH VĂN PHÒNG", "KT. CHỦ TỊCH"; may be empty
	Title     string   // "TRƯỞNG PHÒNG DÂN NGUYỆN"
	Name      string
}

// Letter is a paper in the form of NĐ 30/2020/NĐ-CP, Phụ lục I.
//
// vi: văn bản hành chính
type Letter struct {
	Head
	Symbol     string // "12/PC-VP"; empty before it is numbered
	Kind       string // "PHIẾU CHUYỂN"; empty makes it a công văn, with its subject under the number
	Subject    string
	To         []string // Kính gửi
	Body       []Block
	Recipients []string // Nơi nhận, without signs at the ends
	Sign       Signature
	Created    time.Time // written into the file; zero means the start of Date
}

// Block is a part of a letter's body: Paragraph, Points or Table.
type Block interface{ set(s *sheet) }

// Paragraph is running text, filled to both edges, its first line indented.
type Paragraph struct{ Text string }

// Points are numbered 1, 2, 3; what stands under a point a), b), c).
type Points []Point

// Point is one numbered point.
type Point struct {
	Text  string
	Under []string
}

// Table is a table with a head that is repeated on each page.
type Table struct {
	Columns []Column
	Rows    [][]string
}

// Column is a column of a table.
type Column struct {
	Title string
	Share float64 // of the width, against the other columns; 0 counts as 1
	Right bool    // figures are set to the right
}

const (
	bodySize  = 14.0
	firstLine = 10.0 // mm; NĐ 30/2020 asks for 1 cm or 1.27 cm
	paraGap   = 6 * pointMM
	signSpace = 26.0 // mm between title and name, for the signature's picture and the seal's
)

// WriteLetter draws a letter as a PDF. The same letter gives the same bytes.
func WriteLetter(w io.Writer, fonts Fonts, l Letter) error {
	title := strings.TrimSpace(l.Kind + " " + l.Symbol + " " + l.Subject)
	s, err := newSheet(fonts, text.Line(title), text.Vi, orStart(l.Created, l.Date))
	if err != nil {
		return err
	}
	s.head(l.Head, s.numberLines(l))
	s.title(l)
	s.addressees(l.To)
	for _, b := range l.Body {
		b.set(s)
	}
	s.foot(l)
	s.flow(func(page int) {
		if page > 1 { // the first page bears no number
			s.put(leftEdge, topEdge-9, textWidth, fmt.Sprint(page), face{"", 13}, "C")
		}
	})
	return s.write(w)
}

func orStart(t time.Time, d clock.Date) time.Time {
	if !t.IsZero() {
		return t.In(clock.Hanoi)
	}
	return d.Time()
}

// styled is a line in a column of the head.
type styled struct {
	text string
	face face
}

// numberLines are the lines under the issuing body: number, and the subject of a công văn.
func (s *sheet) numberLines(l Letter) []styled {
	symbol := l.Symbol
	if symbol == "" {
		symbol = "        "
	}
	lines := []styled{{s.say("documents.letter.number", "symbol", symbol), face{"", 13}}}
	if l.Kind == "" && l.Subject != "" {
		lines = append(lines, styled{s.say("documents.letter.about", "subject", l.Subject), face{"", 12}})
	}
	return lines
}

// head sets the two columns: the bodies and what follows on the left, the name
// of the state, its motto, place and date on the right. The second parts of
// both columns begin at the same height.
func (s *sheet) head(h Head, under []styled) {
	state, motto := s.say("documents.letter.state"), s.say("documents.letter.motto")
	stateFace, mottoFace := face{"B", 12}, face{"B", 13}
	right := s.wide(state, stateFace) + 1
	leftWidth := textWidth - right - 3
	x := leftEdge + leftWidth + 3

	var bodies []styled
	for _, b := range []styled{{strings.ToUpper(h.Superior), face{"", 12}}, {strings.ToUpper(h.Issuer), face{"B", 12}}} {
		bodies = append(bodies, s.broken(b, leftWidth)...)
	}
	var below []styled
	for _, u := range under {
		below = append(below, s.broken(u, leftWidth)...)
	}
	second := max(height(bodies), stateFace.high()+mottoFace.high()) + 3.5
	dated := s.broken(styled{s.dated(h), face{"I", 13}}, right)
	high := second + max(height(below), height(dated))
	s.block(0, high, false, func(y float64) {
		s.stack(leftEdge, y, leftWidth, bodies)
		if n := len(bodies); n > 0 {
			short := min(s.wide(bodies[n-1].text, bodies[n-1].face)*0.45, leftWidth)
			s.rule(leftEdge+(leftWidth-short)/2, y+height(bodies)+0.8, short)
		}
		s.put(x, y, right, state, stateFace, "C")
		s.put(x, y+stateFace.high(), right, motto, mottoFace, "C")
		long := s.wide(motto, mottoFace)
		s.rule(x+(right-long)/2, y+stateFace.high()+mottoFace.high()+0.8, long)
		s.stack(leftEdge, y+second, leftWidth, below)
		s.stack(x, y+second, right, dated)
	})
}

// dated writes place and date. Days below 10 and the months January and
// February get a leading zero, so that nothing can be added before them.
func (s *sheet) dated(h Head) string {
	day, month, year := "…", "…", "…"
	if !h.Date.IsZero() {
		day, month, year = fmt.Sprintf("%02d", h.Date.Day), fmt.Sprint(int(h.Date.Month)), fmt.Sprint(h.Date.Year)
		if h.Date.Month <= time.February {
			month = "0" + month
		}
	}
	return s.say("documents.letter.dated", "place", h.Place, "day", day, "month", month, "year", year)
}

// broken breaks a centred line of a column into as many as it needs.
func (s *sheet) broken(t styled, width float64) []styled {
	var all []styled
	for _, l := range s.balanced(s.fit(t.text), t.face, width) {
		all = append(all, styled{l.text, t.face})
	}
	return all
}

func height(lines []styled) float64 {
	h := 0.0
	for _, l := range lines {
		h += l.face.high()
	}
	return h
}

// stack draws centred lines under each other.
func (s *sheet) stack(x, y, w float64, lines []styled) {
	for _, l := range lines {
		s.put(x, y, w, l.text, l.face, "C")
		y += l.face.high()
	}
}

func (s *sheet) title(l Letter) {
	if l.Kind == "" {
		return
	}
	s.paragraph(strings.ToUpper(l.Kind), paragraph{face: face{"B", 14}, align: "C", gap: 7, keepAll: true})
	if l.Subject == "" {
		return
	}
	bold := face{"B", 14}
	lines := s.balanced(s.fit(l.Subject), bold, textWidth-20)
	s.paragraph(l.Subject, paragraph{face: bold, align: "C", left: 10, width: textWidth - 20, gap: 0.5, keepAll: true})
	if len(lines) > 0 {
		short := s.wide(lines[len(lines)-1].text, bold) * 0.4
		s.block(0, 2, true, func(y float64) { s.rule(leftEdge+(textWidth-short)/2, y+0.8, short) })
	}
}

// addressees sets "Kính gửi:": one in the middle of the page, several as a list.
func (s *sheet) addressees(to []string) {
	f := face{"", bodySize}
	label := s.say("documents.letter.to")
	if len(to) == 1 && s.wide(label+" "+s.fit(to[0])+".", f) <= textWidth {
		s.paragraph(label+" "+to[0], paragraph{face: f, align: "C", gap: 5})
		return
	}
	if len(to) == 0 {
		return
	}
	indent := firstLine * 2
	offset := indent + s.wide(label, f) + 2
	for i, t := range to {
		if len(to) > 1 {
			t = "- " + t + endSign(i, len(to))
		}
		from := len(s.rows)
		gap := 0.0
		if i == 0 {
			gap = 5
		}
		s.paragraph(t, paragraph{face: f, align: "L", left: offset, gap: gap, keepAll: i < 2})
		if i == 0 && len(s.rows) > from {
			draw := s.rows[from].draw
			s.rows[from].draw = func(y float64) {
				s.put(leftEdge+indent, y, offset, label, f, "L")
				draw(y)
			}
		}
	}
}

// endSign closes a list as the forms do: a semicolon, at last a full stop.
func endSign(i, n int) string {
	if i == n-1 {
		return "."
	}
	return ";"
}

func (p Paragraph) set(s *sheet) {
	for part := range strings.SplitSeq(p.Text, "\n") {
		s.paragraph(part, paragraph{face: face{"", bodySize}, align: "J", indent: firstLine, gap: paraGap})
	}
}

// letters order what stands under a point as laws do: with đ, without f, j, w, z.
const letters = "abcdđeghiklmnopqrstuvxy"

func (p Points) set(s *sheet) {
	f := face{"", bodySize}
	marks := []rune(letters)
	for i, point := range p {
		s.paragraph(fmt.Sprintf("%d. %s", i+1, point.Text), paragraph{face: f, align: "J", indent: firstLine, gap: paraGap})
		for j, under := range point.Under {
			mark := string(marks[j%len(marks)])
			s.paragraph(mark+") "+under, paragraph{face: f, align: "J", indent: firstLine, gap: paraGap})
		}
	}
}

// foot sets the recipients on the left and the signature on the right, and
// keeps the last lines of the body with them: a signature alone on a page
// could be put under any letter.
func (s *sheet) foot(l Letter) {
	s.keepLast(2)
	signWidth := 85.0
	listWidth := textWidth - signWidth - 5
	x := leftEdge + textWidth - signWidth
	bold := face{"B", bodySize}
	var above []styled
	for _, t := range append(append([]string{}, l.Sign.Authority...), l.Sign.Title) {
		above = append(above, s.broken(styled{strings.ToUpper(t), bold}, signWidth)...)
	}
	name := s.broken(styled{l.Sign.Name, bold}, signWidth)
	list := s.recipients(l.Recipients, listWidth)
	signHigh := height(above) + signSpace + height(name)
	beside, rest := list, []styled(nil)
	for i, h := 0, 0.0; i < len(list); i++ {
		if h += list[i].face.high(); h > signHigh {
			beside, rest = list[:i], list[i:]
			break
		}
	}
	s.block(4, signHigh, false, func(y float64) {
		s.stack(x, y, signWidth, above)
		s.stack(x, y+height(above)+signSpace, signWidth, name)
		s.listed(leftEdge, y, listWidth, beside)
	})
	for _, r := range rest {
		s.block(0, r.face.high(), false, func(y float64) { s.listed(leftEdge, y, listWidth, []styled{r}) })
	}
}

func (s *sheet) recipients(to []string, width float64) []styled {
	if len(to) == 0 {
		return nil
	}
	all := []styled{{s.say("documents.letter.recipients"), face{"BI", 12}}}
	for i, t := range to {
		for _, l := range s.wrap(s.fit("- "+t+endSign(i, len(to))), face{"", 11}, width, 0) {
			all = append(all, styled{l.text, face{"", 11}})
		}
	}
	return all
}

func (s *sheet) listed(x, y, w float64, lines []styled) {
	for _, l := range lines {
		s.put(x, y, w, l.text, l.face, "L")
		y += l.face.high()
	}
}

func (s *sheet) keepLast(n int) {
	for i := max(0, len(s.rows)-n); i < len(s.rows); i++ {
		s.rows[i].keep = true
	}
}

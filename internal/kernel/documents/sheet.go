package documents

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"github.com/skip2/go-qrcode"
	"golang.org/x/image/font/sfnt"

	"example.vn/hdnd/internal/kernel/text"
)

// Page measures in millimetres, within what NĐ 30/2020, Phụ lục I allows:
// top and bottom 20 to 25, left 30 to 35, right 15 to 20.
const (
	pageWidth  = 210.0
	pageHeight = 297.0
	topEdge    = 20.0
	bottomEdge = pageHeight - 20.0
	leftEdge   = 30.0
	textWidth  = pageWidth - leftEdge - 15.0

	pointMM  = 25.4 / 72
	leading  = 1.18 // line height against type size; single to one and a half is allowed
	monoWide = 0.6  // Courier: every character is 0.6 of the size wide
)

// face is a style and a size in points.
type face struct {
	style string // "", "B", "I", "BI"; "mono"
	size  float64
}

func (f face) high() float64 { return f.size * pointMM * leading }

// row is what is never broken by a page's end.
type row struct {
	gap  float64 // space above, dropped at the top of a page
	high float64
	keep bool // stays on one page with the next row
	head *row // drawn again when the row begins a page: the head of a table
	draw func(y float64)
}

// sheet collects rows and sets them on pages.
type sheet struct {
	pdf    *fpdf.Fpdf
	say    func(key string, args ...any) string
	latin  func(string) string
	font   *sfnt.Font
	glyphs sfnt.Buffer
	known  map[rune]bool
	rows   []row
}

func newSheet(fonts Fonts, title string, lang text.Lang, at time.Time) (*sheet, error) {
	if err := fonts.whole(); err != nil {
		return nil, err
	}
	words, err := text.Load(Files)
	if err != nil {
		return nil, err
	}
	font, err := sfnt.Parse(fonts.Regular)
	if err != nil {
		return nil, fmt.Errorf("documents: %w", err)
	}
	s := &sheet{pdf: fpdf.New("P", "mm", "A4", ""), font: font, known: map[rune]bool{}}
	s.say = func(key string, args ...any) string { return words.Say(lang, key, args...) }
	s.latin = s.pdf.UnicodeTranslatorFromDescriptor("cp1252")
	s.pdf.SetCellMargin(0)
	s.pdf.SetAutoPageBreak(false, 0)
	s.pdf.AddUTF8FontFromBytes("tinos", "", fonts.Regular)
	s.pdf.AddUTF8FontFromBytes("tinos", "B", fonts.Bold)
	s.pdf.AddUTF8FontFromBytes("tinos", "I", fonts.Italic)
	s.pdf.AddUTF8FontFromBytes("tinos", "BI", fonts.BoldItalic)
	// The same letter gives the same bytes, so that drawing it again gives the
	// hash that the log knows.
	s.pdf.SetCatalogSort(true)
	s.pdf.SetCreationDate(at)
	s.pdf.SetModificationDate(at)
	s.pdf.SetProducer("HĐND Số", true)
	s.pdf.SetTitle(title, true)
	s.pdf.SetLang("vi-VN")
	return s, s.pdf.Error()
}

// fit makes text fit for the type: composed, on one line, and without
// characters the type does not have (a box stands for each).
func (s *sheet) fit(t string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf, unicode.Variation_Selector) {
			return -1
		}
		ok, seen := s.known[r]
		if !seen {
			i, err := s.font.GlyphIndex(&s.glyphs, r)
			ok = err == nil && i != 0 && r <= 0xFFFF
			s.known[r] = ok
		}
		if !ok {
			return '□'
		}
		return r
	}, text.Line(t))
}

func (s *sheet) set(f face) {
	if f.style == "mono" {
		s.pdf.SetFont("Courier", "", f.size)
		return
	}
	s.pdf.SetFont("tinos", f.style, f.size)
}

func (s *sheet) wide(t string, f face) float64 {
	if f.style == "mono" {
		return float64(len([]rune(t))) * monoWide * f.size * pointMM
	}
	s.set(f)
	return s.pdf.GetStringWidth(t)
}

// put writes one line; align is L, C, R or J (filled to both edges).
func (s *sheet) put(x, y, w float64, t string, f face, align string) {
	s.set(f)
	if f.style == "mono" {
		t = s.latin(t)
	}
	s.pdf.SetXY(x, y)
	s.pdf.CellFormat(w, f.high(), t, "", 0, align, false, 0, "")
}

func (s *sheet) rule(x, y, w float64) {
	s.pdf.SetLineWidth(0.25)
	s.pdf.Line(x, y, x+w, y)
}

func (s *sheet) add(r row) { s.rows = append(s.rows, r) }

// line is a line of a paragraph. A loose one is not filled to both edges: the
// last, and one before a long word, where the gaps would be wider than words.
type line struct {
	text  string
	loose bool
}

// fullShare is how much of a line must be taken by type for it to be filled.
const fullShare = 0.75

// wrap breaks text into lines, between words only; the first line is shorter
// by indent. A word wider than a whole line (an address of a page) is the one
// thing that is broken inside.
func (s *sheet) wrap(t string, f face, width, indent float64) []line {
	space := s.wide(" ", f)
	room, used := width-indent, 0.0
	var lines []line
	var now []string
	end := func(last bool) {
		lines = append(lines, line{strings.Join(now, " "), last || used < fullShare*room})
		now, used, room = nil, 0, width
	}
	for _, word := range strings.Fields(t) {
		w := s.wide(word, f)
		if len(now) > 0 && used+space+w > room {
			end(false)
		}
		for w > room {
			piece := s.piece(word, f, room)
			now, used = append(now, piece), room
			end(false)
			word = word[len(piece):]
			w = s.wide(word, f)
		}
		if word == "" {
			continue
		}
		if len(now) > 0 {
			used += space
		}
		now, used = append(now, word), used+w
	}
	if len(now) > 0 {
		end(true)
	} else if len(lines) > 0 {
		lines[len(lines)-1].loose = true
	}
	return lines
}

// balanced wraps centred text into lines of about the same width, as few as
// needed, so that no single syllable stands alone in the last.
func (s *sheet) balanced(t string, f face, width float64) []line {
	lines := s.wrap(t, f, width, 0)
	if len(lines) < 2 || len(lines) > 5 {
		return lines
	}
	low, high := width/2, width
	for range 8 {
		mid := (low + high) / 2
		if got := s.wrap(t, f, mid, 0); len(got) == len(lines) {
			lines, high = got, mid
		} else {
			low = mid
		}
	}
	return lines
}

// piece is the beginning of a too long word that fits, cut after a sign such
// as / or - if there is one in its second half. It is at least one character.
func (s *sheet) piece(word string, f face, room float64) string {
	used, fits, good := 0.0, 0, 0
	for i, r := range word {
		used += s.wide(string(r), f)
		next := i + len(string(r))
		if used > room && i > 0 {
			break
		}
		fits = next
		if strings.ContainsRune("/?&=-_.,:;@+", r) {
			good = next
		}
	}
	if good > fits/2 {
		return word[:good]
	}
	return word[:fits]
}

// paragraph is how running text is set.
type paragraph struct {
	face         face
	align        string
	left, indent float64
	width        float64
	gap          float64
	keepAll      bool // stays with what follows
}

// paragraph adds the lines of a text as rows. Its first two and its last two
// lines stay together.
func (s *sheet) paragraph(t string, p paragraph) {
	if p.width == 0 {
		p.width = textWidth - p.left
	}
	lines := s.wrap(s.fit(t), p.face, p.width, p.indent)
	if p.align == "C" {
		lines = s.balanced(s.fit(t), p.face, p.width)
	}
	for i, l := range lines {
		x, w, align := leftEdge+p.left, p.width, p.align
		if i == 0 {
			x, w = x+p.indent, w-p.indent
		}
		if align == "J" && (l.loose || !strings.Contains(l.text, " ")) {
			align = "L"
		}
		r := row{high: p.face.high(), keep: p.keepAll || len(lines) > 1 && (i == 0 || i == len(lines)-2)}
		if i == 0 {
			r.gap = p.gap
		}
		r.draw = func(y float64) { s.put(x, y, w, l.text, p.face, align) }
		s.add(r)
	}
}

// block adds a row that is drawn as a whole.
func (s *sheet) block(gap, high float64, keep bool, draw func(y float64)) {
	s.add(row{gap: gap, high: high, keep: keep, draw: draw})
}

// flow sets all rows on pages. number draws a page's number, counted from 1.
func (s *sheet) flow(number func(page int)) {
	s.pdf.AddPage()
	y := topEdge
	turn := func() {
		s.pdf.AddPage()
		y = topEdge
	}
	for i := 0; i < len(s.rows); {
		j, high := i, s.rows[i].gap+s.rows[i].high
		for s.rows[j].keep && j+1 < len(s.rows) {
			j++
			high += s.rows[j].gap + s.rows[j].high
		}
		if y+high > bottomEdge && y > topEdge {
			turn()
		}
		for ; i <= j; i++ {
			r := s.rows[i]
			if y > topEdge && y+r.gap+r.high > bottomEdge {
				turn() // rows kept together that are higher than a page
			}
			if y > topEdge {
				y += r.gap
			} else if r.head != nil {
				r.head.draw(y)
				y += r.head.high
			}
			r.draw(y)
			y += r.high
		}
	}
	for page := 1; page <= s.pdf.PageCount(); page++ {
		s.pdf.SetPage(page)
		number(page)
	}
}

func (s *sheet) write(w io.Writer) error {
	if err := s.pdf.Error(); err != nil {
		return fmt.Errorf("documents: %w", err)
	}
	if err := s.pdf.Output(w); err != nil {
		return fmt.Errorf("documents: %w", err)
	}
	return nil
}

// qrMaxBytes is what one QR code holds at its lowest correction.
const qrMaxBytes = 2900

// qr draws a QR code as filled squares, which print sharper than a picture. It
// draws nothing if the content is too long for one.
func (s *sheet) qr(x, y, side float64, content string, level qrcode.RecoveryLevel) error {
	if len(content) > qrMaxBytes {
		return nil
	}
	q, err := qrcode.New(content, level)
	if err != nil {
		return fmt.Errorf("documents: %w", err)
	}
	q.DisableBorder = true
	squares := q.Bitmap()
	unit := side / float64(len(squares))
	s.pdf.SetFillColor(0, 0, 0)
	for j, across := range squares {
		for i := 0; i < len(across); i++ {
			from := i
			for i < len(across) && across[i] {
				i++
			}
			if i > from {
				s.pdf.Rect(x+float64(from)*unit, y+float64(j)*unit, float64(i-from)*unit, unit, "F")
			}
		}
	}
	return nil
}

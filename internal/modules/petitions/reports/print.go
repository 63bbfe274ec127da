package reports

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"codeberg.org/go-pdf/fpdf"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/text"
)

// Measures of a page across, in millimetres, within NĐ 30/2020, Phụ lục I.
const (
	printLeft, printTop   = 30.0, 20.0
	printWide, printFloor = 297.0 - 30 - 15, 210.0 - 20
	printLine             = 5.2 // of body type of 12 points
	printPad              = 1.2
)

// printout is a report as a PDF: the head of NĐ 30/2020, then tables across the
// page whose heads are repeated. The writer of letters in documents sets
// upright pages, on which the columns of an annex do not fit.
type printout struct {
	desk    *Desk
	pdf     *fpdf.Fpdf
	columns []column
	rows    [][]cell // of a report that is small enough to be printed
	y       float64
}

func (d *Desk) newPrintout(r Report) (*printout, error) {
	p := &printout{desk: d, columns: d.narrow(r.Kind), pdf: fpdf.New("L", "mm", "A4", "")}
	p.pdf.SetCellMargin(0)
	p.pdf.SetMargins(0, 0, 0)
	p.pdf.SetAutoPageBreak(false, 0)
	p.pdf.AddUTF8FontFromBytes("tinos", "", d.Fonts.Regular)
	p.pdf.AddUTF8FontFromBytes("tinos", "B", d.Fonts.Bold)
	p.pdf.AddUTF8FontFromBytes("tinos", "I", d.Fonts.Italic)
	// The same report printed again gives the same bytes.
	p.pdf.SetCatalogSort(true)
	p.pdf.SetCreationDate(r.MadeAt.Time)
	p.pdf.SetModificationDate(r.MadeAt.Time)
	p.pdf.SetProducer("HĐND Số", true)
	p.pdf.SetTitle(d.say("reports.kind."+string(r.Kind)), true)
	p.pdf.SetLang("vi-VN")
	return p, p.pdf.Error()
}

func (p *printout) row(r Row) error {
	line := make([]cell, len(p.columns))
	for i, c := range p.columns {
		line[i] = c.of(int64(len(p.rows)+1), r)
	}
	p.rows = append(p.rows, line)
	return nil
}

func (p *printout) write(w io.Writer, r Report) error {
	d, over := p.desk, p.desk.over(r)
	p.turn()
	p.head(r)
	p.words(over.title, "B", 14, "C")
	for _, a := range over.about {
		p.words(a, "I", 12, "C")
	}
	p.y += 3
	if r.Kind != Summary {
		widths, titles := make([]float64, len(p.columns)), make([]string, len(p.columns))
		for i, c := range p.columns {
			widths[i], titles[i] = c.width, d.say("reports.col."+c.key)
		}
		p.table(titles, shared(widths), p.rows)
	}
	for _, g := range d.grids(r.Figures.V, r.names) {
		p.keep(30)
		p.words(g.title, "B", 13, "L")
		widths := make([]float64, len(g.head))
		for i := range widths {
			widths[i] = 1
		}
		widths[0] = 4
		p.table(g.head, shared(widths), g.rows)
	}
	for _, note := range d.under(r) {
		p.words(note, "I", 11, "L")
	}
	for page := 2; page <= p.pdf.PageCount(); page++ { // the first bears no number
		p.pdf.SetPage(page)
		p.pdf.SetFont("tinos", "", 13)
		p.put(printLeft, printTop-9, printWide, fmt.Sprint(page), 6, "C")
	}
	if err := p.pdf.Error(); err != nil {
		return fmt.Errorf("reports: %w", err)
	}
	return p.pdf.Output(w)
}

// turn begins a page.
func (p *printout) turn() {
	p.pdf.AddPage()
	p.y = printTop
}

// keep turns the page when less than so much of it is left.
func (p *printout) keep(high float64) {
	if p.y+high > printFloor {
		p.turn()
	}
}

func (p *printout) put(x, y, w float64, t string, high float64, align string) {
	p.pdf.SetXY(x, y)
	p.pdf.CellFormat(w, high, t, "", 0, align, false, 0, "")
}

// head sets the body that reports on the left, the name of the state and its
// motto on the right, each with its rule.
func (p *printout) head(r Report) {
	d, half := p.desk, printWide/2
	day := clock.DateOf(r.MadeAt.Time)
	lines := []struct {
		left, right, style string
		size               float64
	}{
		{strings.ToUpper(r.council), d.say("documents.letter.state"), "B", 13},
		{"", d.say("documents.letter.motto"), "B", 14},
		{d.say("reports.paper_number"), d.say("documents.letter.dated", "place", r.place, "day", fmt.Sprintf("%02d", day.Day), "month", monthOf(day), "year", day.Year), "", 13},
	}
	for i, l := range lines {
		p.pdf.SetFont("tinos", l.style, l.size)
		p.put(printLeft, p.y, half, fit(l.left), 6, "C")
		p.put(printLeft+half, p.y, half, fit(l.right), 6, "C")
		p.y += 6
		p.pdf.SetLineWidth(0.25)
		switch i {
		case 0:
			short := p.pdf.GetStringWidth(fit(l.left)) * 0.4
			p.pdf.Line(printLeft+(half-short)/2, p.y+0.6, printLeft+(half+short)/2, p.y+0.6)
		case 1:
			long := p.pdf.GetStringWidth(fit(l.right))
			p.pdf.Line(printLeft+half+(half-long)/2, p.y+0.6, printLeft+half+(half+long)/2, p.y+0.6)
			p.y += 3
		}
	}
	p.y += 5
}

// words sets a paragraph.
func (p *printout) words(t, style string, size float64, align string) {
	p.pdf.SetFont("tinos", style, size)
	high := size * printLine / 12
	for _, l := range p.broken(t, printWide) {
		p.keep(high)
		p.pdf.SetFont("tinos", style, size)
		p.put(printLeft, p.y, printWide, l, high, align)
		p.y += high
	}
	p.y += 1.5
}

// broken breaks a text into lines between its words; only a word wider than the
// line is cut.
func (p *printout) broken(t string, wide float64) []string {
	var all []string
	for part := range strings.SplitSeq(t, "\n") {
		now := ""
		for word := range strings.FieldsSeq(fit(part)) {
			if joined := strings.TrimSpace(now + " " + word); p.pdf.GetStringWidth(joined) <= wide {
				now = joined
				continue
			}
			if now != "" {
				all = append(all, now)
			}
			for now = word; p.pdf.GetStringWidth(now) > wide; {
				n := p.fits(now, wide)
				all, now = append(all, now[:n]), now[n:]
			}
		}
		all = append(all, now)
	}
	return all
}

// fits is how many bytes of a word fit: at least one letter.
func (p *printout) fits(word string, wide float64) int {
	n := 0
	for i, r := range word {
		next := i + len(string(r))
		if i > 0 && p.pdf.GetStringWidth(word[:next]) > wide {
			break
		}
		n = next
	}
	return n
}

// fit makes a text fit for the type: letters beyond the first plane crash the
// writer of the font, and a box shows that one stood there.
func fit(t string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.In(r, unicode.Cf, unicode.Variation_Selector):
			return -1
		case r > 0xFFFF:
			return '□'
		}
		return r
	}, text.Line(t))
}

func shared(shares []float64) []float64 {
	sum := 0.0
	for _, s := range shares {
		sum += s
	}
	all := make([]float64, len(shares))
	for i, s := range shares {
		all[i] = s / sum * printWide
	}
	return all
}

// table draws a table; its head stands again on each page.
func (p *printout) table(titles []string, widths []float64, rows [][]cell) {
	head := make([]cell, len(titles))
	for i, t := range titles {
		head[i] = written(t)
	}
	p.pdf.SetFont("tinos", "B", 12)
	top := p.laid(head, widths)
	p.keep(top.high() + 3*printLine)
	p.draw(top, widths, "B")
	for _, cells := range rows {
		p.pdf.SetFont("tinos", "", 12)
		for _, part := range p.laid(cells, widths).parts() {
			if p.y+part.high() > printFloor {
				p.turn()
				p.draw(top, widths, "B")
			}
			p.draw(part, widths, "")
		}
	}
	p.y += 4
}

// laidRow is a row of a table as lines of type.
type laidRow struct {
	cells [][]string
	side  []string
	lines int
}

func (r laidRow) high() float64 { return float64(r.lines)*printLine + 2*printPad }

func (p *printout) laid(cells []cell, widths []float64) laidRow {
	r := laidRow{cells: make([][]string, len(widths)), side: make([]string, len(widths)), lines: 1}
	for i := range widths {
		r.side[i] = "L"
		if i >= len(cells) {
			continue
		}
		if cells[i].as == asNumber {
			r.side[i] = "R"
		}
		r.cells[i] = p.broken(cells[i].String(), widths[i]-2*printPad)
		r.lines = max(r.lines, len(r.cells[i]))
	}
	return r
}

// parts cuts a row that is higher than half a page.
func (r laidRow) parts() []laidRow {
	const most = 14
	var all []laidRow
	for from := 0; from < r.lines; from += most {
		part := laidRow{cells: make([][]string, len(r.cells)), side: r.side, lines: min(most, r.lines-from)}
		for i, c := range r.cells {
			part.cells[i] = c[min(from, len(c)):min(from+most, len(c))]
		}
		all = append(all, part)
	}
	return all
}

func (p *printout) draw(r laidRow, widths []float64, style string) {
	p.pdf.SetFont("tinos", style, 12)
	p.pdf.SetLineWidth(0.2)
	x := printLeft
	for i, w := range widths {
		p.pdf.Rect(x, p.y, w, r.high(), "D")
		side := r.side[i]
		if style == "B" {
			side = "C"
		}
		for j, l := range r.cells[i] {
			p.put(x+printPad, p.y+printPad+float64(j)*printLine, w-2*printPad, l, printLine, side)
		}
		x += w
	}
	p.y += r.high()
}

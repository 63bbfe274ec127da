package counter

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"example.vn/hdnd/internal/kernel/documents"
)

// printMost bounds the lines of a printed log: some hundred pages.
const printMost = 3_000

// Measures of a page across, in millimetres. The 13 columns do not fit on the
// upright pages that documents sets.
const (
	printLeft, printTop   = 15.0, 15.0
	printWide, printFloor = 297.0 - 2*15, 210.0 - 15
	printLine             = 4.0 // of body type of 9 points
	printPad              = 1.0
	printSize             = 9.0
)

// printout sets the log of a period on pages across.
type printout struct {
	pdf    *fpdf.Fpdf
	widths []float64
	y      float64
}

// print writes the log as a PDF. The same log printed at the same moment gives
// the same bytes.
func (b Book) print(w io.Writer, fonts documents.Fonts, now time.Time) error {
	p := &printout{pdf: fpdf.New("L", "mm", "A4", "")}
	p.pdf.SetCellMargin(0)
	p.pdf.SetMargins(0, 0, 0)
	p.pdf.SetAutoPageBreak(false, 0)
	p.pdf.AddUTF8FontFromBytes("tinos", "", fonts.Regular)
	p.pdf.AddUTF8FontFromBytes("tinos", "B", fonts.Bold)
	p.pdf.SetCatalogSort(true)
	p.pdf.SetCreationDate(now)
	p.pdf.SetModificationDate(now)
	p.pdf.SetTitle("Sổ tiếp công dân", true)
	p.pdf.SetLang("vi-VN")
	sum := 0.0
	for _, c := range logColumns() {
		sum += c.Share
	}
	for _, c := range logColumns() {
		p.widths = append(p.widths, c.Share/sum*printWide)
	}
	p.pdf.AddPage()
	p.y = printTop
	p.words(strings.ToUpper(b.Council.Name), "B", 11)
	p.words("SỔ TIẾP CÔNG DÂN", "B", 14)
	p.words("(Mẫu 03/TCD) Từ ngày "+b.From.VN()+" đến ngày "+b.Until.VN(), "", 11)
	p.y += 2
	p.head()
	for _, e := range b.Entries {
		p.row(e.Cells(), "")
	}
	pages := p.pdf.PageCount()
	for n := 1; n <= pages; n++ {
		p.pdf.SetPage(n)
		p.pdf.SetFont("tinos", "", 9)
		p.pdf.SetXY(printLeft, 210-10)
		p.pdf.CellFormat(printWide, 5, fmt.Sprintf("%d/%d", n, pages), "", 0, "C", false, 0, "")
	}
	if err := p.pdf.Error(); err != nil {
		return fmt.Errorf("counter: %w", err)
	}
	return p.pdf.Output(w)
}

func (p *printout) words(s, style string, size float64) {
	p.pdf.SetFont("tinos", style, size)
	p.pdf.SetXY(printLeft, p.y)
	p.pdf.CellFormat(printWide, 6, s, "", 0, "C", false, 0, "")
	p.y += 6.5
}

// head sets the head of the table; it is repeated on each page.
func (p *printout) head() {
	p.row(titles(), "B")
	numbers := make([]string, len(p.widths))
	for i := range numbers {
		numbers[i] = "(" + strconv.Itoa(i+1) + ")"
	}
	p.row(numbers, "B")
}

// row sets one line of the table, over several pages if it is that long.
func (p *printout) row(cells []string, style string) {
	p.pdf.SetFont("tinos", style, printSize)
	lines, rest := make([][]string, len(cells)), 1
	for i, c := range cells {
		for part := range strings.SplitSeq(c, "\n") {
			lines[i] = append(lines[i], p.pdf.SplitText(shortened(part), p.widths[i]-2*printPad)...)
		}
		rest = max(rest, len(lines[i]))
	}
	for rest > 0 {
		room := int((printFloor - p.y - 2*printPad) / printLine)
		if room < min(rest, 3) {
			p.turn(style == "")
			p.pdf.SetFont("tinos", style, printSize)
			continue
		}
		n := min(rest, room)
		p.band(lines, n)
		for i := range lines {
			lines[i] = lines[i][min(n, len(lines[i])):]
		}
		rest -= n
	}
}

// shortened keeps a word without spaces from running over its cell's edge for
// pages.
func shortened(s string) string {
	const most = 4_000
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// band sets n lines of type of each cell with their frames.
func (p *printout) band(lines [][]string, n int) {
	high, x := float64(n)*printLine+2*printPad, printLeft
	for i, w := range p.widths {
		p.pdf.Rect(x, p.y, w, high, "D")
		for k := 0; k < min(n, len(lines[i])); k++ {
			p.pdf.SetXY(x+printPad, p.y+printPad+float64(k)*printLine)
			p.pdf.CellFormat(w-2*printPad, printLine, lines[i][k], "", 0, "L", false, 0, "")
		}
		x += w
	}
	p.y += high
}

func (p *printout) turn(head bool) {
	p.pdf.AddPage()
	p.y = printTop
	if head {
		p.head()
	}
}

package documents

import (
	"io"

	"github.com/xuri/excelize/v2"
)

// Workbook is a small Excel file of one sheet, written cell by cell; columns and
// lines count from 1. It keeps the first error, which Write gives. A long list is
// streamed by its own package instead.
type Workbook struct {
	file  *excelize.File
	sheet string
	err   error
}

// NewWorkbook begins a file whose sheet has this name.
func NewWorkbook(sheet string) *Workbook {
	f := excelize.NewFile()
	return &Workbook{file: f, sheet: sheet, err: f.SetSheetName("Sheet1", sheet)}
}

func (b *Workbook) at(x, y int) string {
	name, err := excelize.CoordinatesToCellName(x, y)
	if err != nil && b.err == nil {
		b.err = err
	}
	return name
}

// Set writes words as words: what begins with "=" is no formula.
func (b *Workbook) Set(x, y int, words string) {
	if at := b.at(x, y); b.err == nil {
		b.err = b.file.SetCellStr(b.sheet, at, words)
	}
}

// Number writes a whole number, with which a spreadsheet can count.
func (b *Workbook) Number(x, y int, n int64) {
	if at := b.at(x, y); b.err == nil {
		b.err = b.file.SetCellInt(b.sheet, at, n)
	}
}

// Merge makes one cell of those from one corner to the other.
func (b *Workbook) Merge(x, y, toX, toY int) {
	if from, to := b.at(x, y), b.at(toX, toY); b.err == nil && (x != toX || y != toY) {
		b.err = b.file.MergeCell(b.sheet, from, to)
	}
}

// Dress gives the cells from one corner to the other the looks of a table's head
// or of its body: Times New Roman, as official papers have it, within thin lines.
func (b *Workbook) Dress(x, y, toX, toY int, head bool) {
	if b.err != nil {
		return
	}
	looks := excelize.Style{Font: &excelize.Font{Family: "Times New Roman", Size: 11, Bold: head}, Border: Lines(),
		Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}
	if head {
		looks.Alignment = &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	}
	var style int
	if style, b.err = b.file.NewStyle(&looks); b.err != nil {
		return
	}
	if from, to := b.at(x, y), b.at(toX, toY); b.err == nil {
		b.err = b.file.SetCellStyle(b.sheet, from, to, style)
	}
}

// Wide sets how wide the columns are, in characters.
func (b *Workbook) Wide(x, toX int, width float64) {
	from, err := excelize.ColumnNumberToName(x)
	if err != nil && b.err == nil {
		b.err = err
	}
	to, err := excelize.ColumnNumberToName(toX)
	if err != nil && b.err == nil {
		b.err = err
	}
	if b.err == nil {
		b.err = b.file.SetColWidth(b.sheet, from, to, width)
	}
}

// Write ends the file.
func (b *Workbook) Write(w io.Writer) error {
	if b.err != nil {
		return b.err
	}
	if err := b.file.Write(w); err != nil {
		return err
	}
	return b.file.Close()
}

// Lines are the thin lines around a cell of a table.
func Lines() []excelize.Border {
	var all []excelize.Border
	for _, side := range []string{"left", "right", "top", "bottom"} {
		all = append(all, excelize.Border{Type: side, Style: 1, Color: "999999"})
	}
	return all
}

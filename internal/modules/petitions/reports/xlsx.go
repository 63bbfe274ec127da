package reports

import (
	"fmt"
	"io"
	"time"

	"github.com/xuri/excelize/v2"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/documents"
)

// sheetMost is how many rows one sheet takes; a spreadsheet's own limit is 1,048,576.
const sheetMost = 1_000_000

// workbook writes a report row by row; what is written lies in a temporary
// file, not in memory.
type workbook struct {
	desk    *Desk
	file    *excelize.File
	sheet   *excelize.StreamWriter
	columns []column
	style   styles
	over    heading
	line    int // of the sheet, the last one written
	sheets  int
	n       int64
}

type styles struct{ title, about, head, text, number, date int }

func (d *Desk) newWorkbook(r Report) (*workbook, error) {
	b := &workbook{desk: d, file: excelize.NewFile(), columns: d.columns(r.Kind)}
	if err := b.dress(); err != nil {
		return nil, err
	}
	b.over = d.over(r)
	return b, nil
}

// dress makes the styles: Times New Roman, thin borders, text kept as text so
// that a citizen's "=…" is never a formula, not even once somebody edits it.
func (b *workbook) dress() error {
	thin := documents.Lines()
	font := func(size float64, bold bool) *excelize.Font {
		return &excelize.Font{Family: "Times New Roman", Size: size, Bold: bold}
	}
	day, whole := "dd/mm/yyyy", "#,##0"
	top := func(side string) *excelize.Alignment {
		return &excelize.Alignment{Horizontal: side, Vertical: "top", WrapText: true}
	}
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&b.style.title, excelize.Style{Font: font(14, true)}},
		{&b.style.about, excelize.Style{Font: font(12, false), NumFmt: 49}},
		{&b.style.head, excelize.Style{Font: font(12, true), Border: thin, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true},
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E7E6E6"}}}},
		{&b.style.text, excelize.Style{Font: font(12, false), Border: thin, Alignment: top("left"), NumFmt: 49}},
		{&b.style.number, excelize.Style{Font: font(12, false), Border: thin, Alignment: top("right"), CustomNumFmt: &whole}},
		{&b.style.date, excelize.Style{Font: font(12, false), Border: thin, Alignment: top("center"), CustomNumFmt: &day}},
	} {
		var err error
		if *s.id, err = b.file.NewStyle(&s.style); err != nil {
			return err
		}
	}
	return nil
}

// row takes one petition.
func (b *workbook) row(r Row) error {
	if b.sheet == nil || b.line >= sheetMost {
		if err := b.openList(); err != nil {
			return err
		}
	}
	b.n++
	cells := make([]cell, len(b.columns))
	for i, c := range b.columns {
		cells[i] = c.of(b.n, r)
	}
	return b.put(cells)
}

// openList begins a sheet of rows, with the table's head.
func (b *workbook) openList() error {
	if err := b.closeSheet(); err != nil {
		return err
	}
	widths, titles := make([]float64, len(b.columns)), make([]string, len(b.columns))
	for i, c := range b.columns {
		widths[i], titles[i] = c.width, b.desk.say("reports.col."+c.key)
	}
	name := b.desk.say("reports.sheet_list")
	if b.n > 0 {
		name = fmt.Sprintf("%s %d", name, b.sheets+1)
	}
	if err := b.openSheet(name, widths); err != nil {
		return err
	}
	if err := b.intro(); err != nil {
		return err
	}
	if err := b.head(titles); err != nil {
		return err
	}
	return b.repeat(name, len(titles))
}

func (b *workbook) intro() error {
	for i, t := range append([]string{b.over.title}, b.over.about...) {
		style := b.style.about
		if i == 0 {
			style = b.style.title
		}
		if err := b.plain(t, style); err != nil {
			return err
		}
	}
	b.line++ // an empty one
	return nil
}

// openSheet begins a sheet: A4 across, one page wide, its columns as wide as asked.
func (b *workbook) openSheet(name string, widths []float64) (err error) {
	if b.sheets == 0 {
		err = b.file.SetSheetName("Sheet1", name)
	} else {
		_, err = b.file.NewSheet(name)
	}
	if err != nil {
		return err
	}
	b.sheets++
	a4, fit, across, tall := 9, true, 1, 0
	land := "landscape"
	if err := b.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if err := b.file.SetPageLayout(name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &land, FitToWidth: &across, FitToHeight: &tall}); err != nil {
		return err
	}
	if b.sheet, err = b.file.NewStreamWriter(name); err != nil {
		return err
	}
	b.line = 0
	head := len(b.over.about) + 3 // title, what it is about, an empty line, the head
	frozen := excelize.Panes{Freeze: true, YSplit: head, TopLeftCell: fmt.Sprintf("A%d", head+1), ActivePane: "bottomLeft"}
	if err := b.sheet.SetPanes(&frozen); err != nil {
		return err
	}
	for i, w := range widths {
		if err := b.sheet.SetColWidth(i+1, i+1, w); err != nil {
			return err
		}
	}
	return nil
}

// repeat prints the head on each page.
func (b *workbook) repeat(sheet string, width int) error {
	return b.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$%d:$%d", sheet, b.line, b.line), Scope: sheet})
}

func (b *workbook) closeSheet() error {
	if b.sheet == nil {
		return nil
	}
	s := b.sheet
	b.sheet = nil
	return s.Flush()
}

func (b *workbook) at() (string, error) {
	b.line++
	return excelize.CoordinatesToCellName(1, b.line)
}

func (b *workbook) plain(t string, style int) error {
	at, err := b.at()
	if err != nil {
		return err
	}
	return b.sheet.SetRow(at, []any{excelize.Cell{StyleID: style, Value: t}})
}

func (b *workbook) head(titles []string) error {
	at, err := b.at()
	if err != nil {
		return err
	}
	cells := make([]any, len(titles))
	for i, t := range titles {
		cells[i] = excelize.Cell{StyleID: b.style.head, Value: t}
	}
	return b.sheet.SetRow(at, cells)
}

func (b *workbook) put(cells []cell) error {
	at, err := b.at()
	if err != nil {
		return err
	}
	values := make([]any, len(cells))
	for i, c := range cells {
		values[i] = b.value(c)
	}
	return b.sheet.SetRow(at, values)
}

func (b *workbook) value(c cell) excelize.Cell {
	switch {
	case c.as == asNumber:
		return excelize.Cell{StyleID: b.style.number, Value: c.number}
	case c.as == asDate && !c.day.IsZero():
		return excelize.Cell{StyleID: b.style.date, Value: utcDay(c.day)}
	}
	return excelize.Cell{StyleID: b.style.text, Value: c.String()}
}

// utcDay is a date as spreadsheets count days: without a zone.
func utcDay(d clock.Date) time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// write ends the workbook: rows, then a sheet of figures and notes.
func (b *workbook) write(w io.Writer, r Report) error {
	if b.n == 0 && r.Kind != Summary {
		if err := b.openList(); err != nil { // a report may find nothing
			return err
		}
	}
	if err := b.closeSheet(); err != nil {
		return err
	}
	if err := b.figures(r); err != nil {
		return err
	}
	if err := b.file.Write(w); err != nil {
		return err
	}
	return b.file.Close()
}

func (b *workbook) figures(r Report) error {
	name := b.desk.say("reports.sheet_figures")
	if err := b.openSheet(name, []float64{48, 12, 12, 12, 12, 12, 12, 14, 14}); err != nil {
		return err
	}
	if err := b.intro(); err != nil {
		return err
	}
	for _, g := range b.desk.grids(r.Figures.V, r.names) {
		if err := b.plain(g.title, b.style.title); err != nil {
			return err
		}
		if err := b.head(g.head); err != nil {
			return err
		}
		for _, row := range g.rows {
			if err := b.put(row); err != nil {
				return err
			}
		}
		b.line++
	}
	for _, note := range b.desk.under(r) {
		if err := b.plain(note, b.style.about); err != nil {
			return err
		}
	}
	return b.closeSheet()
}

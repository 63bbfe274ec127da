package intake

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"example.vn/hdnd/internal/kernel/text"
)

// templateColumns are the columns that offices use, in their order, with their
// widths in characters.
func templateColumns() []struct {
	to    Target
	width float64
} {
	return []struct {
		to    Target
		width float64
	}{{toNumber, 6}, {toSession, 18}, {toDay, 16}, {toOrigin, 20}, {toName, 26}, {toWard, 30}, {toPhone, 16}, {toText, 70}, {toField, 24}, {toBody, 30}, {toNote, 30}}
}

// WriteTemplate writes the workbook that clerks fill in: one sheet of empty
// columns and one that says how.
func WriteTemplate(ctx context.Context, w io.Writer) (err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	sheet, how := text.T(ctx, "intake.template_sheet"), text.T(ctx, "intake.template_how")
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return fmt.Errorf("intake: template: %w", err)
	}
	if _, err := f.NewSheet(how); err != nil {
		return fmt.Errorf("intake: template: %w", err)
	}
	if err := errors.Join(templateSheet(ctx, f, sheet), howSheet(ctx, f, how)); err != nil {
		return fmt.Errorf("intake: template: %w", err)
	}
	f.SetActiveSheet(0)
	_, err = f.WriteTo(w)
	return err
}

func templateSheet(ctx context.Context, f *excelize.File, sheet string) error {
	border := []excelize.Border{{Type: "left", Color: "B0B0B0", Style: 1}, {Type: "right", Color: "B0B0B0", Style: 1}, {Type: "top", Color: "B0B0B0", Style: 1}, {Type: "bottom", Color: "B0B0B0", Style: 1}}
	head, err1 := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Family: "Times New Roman", Size: 12}, Fill: excelize.Fill{Type: "pattern", Color: []string{"F3E3E3"}, Pattern: 1},
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}, Border: border})
	const asText, wrapped = 49, true // number format "@": keeps the first zero of telephone numbers, and dates as typed
	body, err2 := f.NewStyle(&excelize.Style{NumFmt: asText, Font: &excelize.Font{Family: "Times New Roman", Size: 12}, Alignment: &excelize.Alignment{Vertical: "top", WrapText: wrapped}})
	errs := []error{err1, err2}
	for i, c := range templateColumns() {
		name := columnName(i + 1)
		errs = append(errs, f.SetColWidth(sheet, name, name, c.width), f.SetColStyle(sheet, name, body), f.SetCellValue(sheet, name+"1", text.T(ctx, "intake.column."+string(c.to))))
	}
	last := columnName(len(templateColumns()))
	errs = append(errs, f.SetCellStyle(sheet, "A1", last+"1", head), f.SetRowHeight(sheet, 1, 36),
		f.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	return errors.Join(errs...)
}

// howSheet explains each column.
func howSheet(ctx context.Context, f *excelize.File, sheet string) error {
	bold, err1 := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Family: "Times New Roman", Size: 12}, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	plain, err2 := f.NewStyle(&excelize.Style{Font: &excelize.Font{Family: "Times New Roman", Size: 12}, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	errs := []error{err1, err2, f.SetColWidth(sheet, "A", "A", 28), f.SetColWidth(sheet, "B", "B", 100), f.SetColStyle(sheet, "A", bold), f.SetColStyle(sheet, "B", plain)}
	row := 1
	say := func(name, words string) {
		errs = append(errs, f.SetCellValue(sheet, fmt.Sprintf("A%d", row), name), f.SetCellValue(sheet, fmt.Sprintf("B%d", row), words))
		row++
	}
	say(text.T(ctx, "intake.how_title"), text.T(ctx, "intake.how_lead"))
	for _, c := range templateColumns() {
		say(text.T(ctx, "intake.column."+string(c.to)), text.T(ctx, "intake.how."+string(c.to)))
	}
	say(text.T(ctx, "intake.how_limits_title"), text.T(ctx, "intake.how_limits", "rows", text.Number(text.LangOf(ctx), rowsMax), "size", fileBytesMax>>20))
	return errors.Join(errs...)
}

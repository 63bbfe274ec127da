package intake

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

// Limits of a workbook. The rows are those of issue 3; the rest keeps one file
// from taking the machine.
const (
	fileBytesMax   = 40 << 20
	rowsMax        = 50_000
	columnsMax     = 100
	cellRunesMax   = 32_767 // Excel's own
	unzippedMax    = 400 << 20
	unzippedXMLMax = 64 << 20 // larger sheets are read from disk
	entriesMax     = 2_000
	sheetsMax      = 20
	mergesMax      = 50_000
	textBytesMax   = 200 << 20 // of all cells together: one text may be shared by many
	headRows       = 30        // rows in which the header is looked for
)

// sheetRow is a row of a workbook that holds something.
type sheetRow struct {
	Number int64 // as Excel counts
	Cells  []string
}

// workbook is an opened workbook.
type workbook struct {
	file     *excelize.File
	merges   map[string][]merge // by sheet
	Days1904 bool
}

// openWorkbook opens what claims to be a workbook. Everything that it is not is
// told in a sentence of its own.
func openWorkbook(content []byte) (w *workbook, err error) {
	defer func() {
		if p := recover(); p != nil { // a malformed file may panic the library
			w, err = nil, fault.New(fault.Invalid, "intake.file_broken").At("files").Because(fmt.Errorf("panic: %v", p))
		}
	}()
	if err := kindOfFile(content); err != nil {
		return nil, err
	}
	packed, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, fault.New(fault.Invalid, "intake.file_broken").At("files").Because(err)
	}
	merges, err := lookInside(packed)
	if err != nil {
		return nil, err
	}
	f, err := excelize.OpenReader(bytes.NewReader(content), excelize.Options{UnzipSizeLimit: unzippedMax, UnzipXMLSizeLimit: unzippedXMLMax, RawCellValue: true})
	if err != nil {
		return nil, fault.New(fault.Invalid, "intake.file_broken").At("files").Because(err)
	}
	w = &workbook{file: f, merges: merges}
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		w.Days1904 = *props.Date1904
	}
	if len(f.GetSheetList()) == 0 {
		return nil, errors.Join(fault.New(fault.Invalid, "intake.file_broken").At("files"), f.Close())
	}
	return w, nil
}

// Close lets go of the workbook's temporary files.
func (w *workbook) Close() error { return w.file.Close() }

// kindOfFile looks at the first bytes: people rename files, and the name of the
// program that wrote one says how to mend it.
func kindOfFile(content []byte) error {
	refuse := func(key string) error { return fault.New(fault.Invalid, key).At("files") }
	switch {
	case len(content) == 0:
		return fault.New(fault.Invalid, "intake.file_empty").At("files")
	case len(content) > fileBytesMax:
		return fault.New(fault.TooLarge, "intake.file_large", "max", fileBytesMax>>20).At("files")
	case bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0")):
		return refuse("intake.file_xls")
	case bytes.HasPrefix(content, []byte("%PDF")):
		return refuse("intake.file_pdf")
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		return nil
	}
	head := content[:min(len(content), 4096)]
	if bytes.IndexByte(head, 0) < 0 {
		return refuse("intake.file_text")
	}
	return refuse("intake.file_other")
}

// rows gives every row that holds something, in order, to each; merged cells
// are filled. It stops at the first error of each.
func (w *workbook) rows(sheet string, each func(sheetRow) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.New(fault.Invalid, "intake.file_broken").At("files").Because(fmt.Errorf("panic: %v", p))
		}
	}()
	rows, err := w.file.Rows(sheet)
	if err != nil {
		return fault.New(fault.Invalid, "intake.file_broken").At("files").Because(err)
	}
	merged := filler{merges: w.merges[sheet]}
	var number int64
	for rows.Next() {
		number++
		cells, err := rows.Columns()
		if err != nil {
			return errors.Join(fault.New(fault.Invalid, "intake.file_broken").At("files").Because(err), rows.Close())
		}
		cells = merged.fill(int(number), trimCells(cells))
		if len(cells) == 0 {
			continue
		}
		if len(cells) > columnsMax {
			return errors.Join(fault.New(fault.Invalid, "intake.columns_many", "row", number, "max", columnsMax).At("files"), rows.Close())
		}
		if err := each(sheetRow{Number: number, Cells: cells}); err != nil {
			return errors.Join(err, rows.Close())
		}
	}
	if err := errors.Join(rows.Error(), rows.Close()); err != nil {
		return fault.New(fault.Invalid, "intake.file_broken").At("files").Because(err)
	}
	return nil
}

// trimCells makes the cells of a row fit to keep and drops the empty ones at
// its end: composed letters, old fonts turned into Unicode.
func trimCells(cells []string) []string {
	for i, c := range cells {
		if c == "" {
			continue
		}
		if utf8.RuneCountInString(c) > cellRunesMax {
			c = string([]rune(c)[:cellRunesMax])
		}
		if modern, was := text.FromLegacy(c); was {
			c = modern
		}
		cells[i] = text.Clean(c)
	}
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

// table is one sheet read: its rows, and where its header seems to stand.
type table struct {
	Sheet  string
	Header int64 // 0 when none was recognised
	Rows   []sheetRow
}

var errEnough = errors.New("enough rows read")

// read chooses the sheet with the best header, or the named one, and reads it.
func (w *workbook) read(wanted string) (t table, err error) {
	best := -2 // headerOf gives -1 for a sheet whose header it does not know
	for i, sheet := range w.file.GetSheetList() {
		if i == sheetsMax {
			break
		}
		if wanted != "" && text.Fold(text.Line(sheet)) != text.Fold(text.Line(wanted)) {
			continue
		}
		var head []sheetRow
		err := w.rows(sheet, func(r sheetRow) error {
			head = append(head, r)
			if len(head) == headRows {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			return t, err
		}
		if row, score := headerOf(head); len(head) > 0 && score > best {
			best, t.Sheet, t.Header = score, sheet, row
		}
	}
	if t.Sheet == "" && wanted != "" {
		return t, fault.New(fault.Invalid, "intake.no_sheet", "name", wanted, "names", strings.Join(w.file.GetSheetList(), ", ")).At("sheet")
	}
	if t.Sheet == "" {
		return t, fault.New(fault.Invalid, "intake.file_no_rows").At("files")
	}
	room := textBytesMax
	err = w.rows(t.Sheet, func(r sheetRow) error {
		if len(t.Rows) > rowsMax+headRows {
			return fault.New(fault.TooLarge, "intake.rows_many", "max", text.Number(text.Vi, rowsMax)).At("files")
		}
		for _, cell := range r.Cells {
			room -= len(cell)
		}
		if room < 0 {
			return fault.New(fault.Invalid, "intake.file_bomb").At("files")
		}
		t.Rows = append(t.Rows, r)
		return nil
	})
	return t, err
}

// readAll reads an upload to its end, and no further than a workbook may be.
func readAll(r io.Reader) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(r, fileBytesMax+1))
	if err != nil {
		return nil, fmt.Errorf("intake: reading a workbook: %w", err)
	}
	return content, nil
}

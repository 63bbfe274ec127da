package intake

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"example.vn/hdnd/internal/kernel/fault"
)

// merge is a block of merged cells, counted from 1.
type merge struct{ row, col, lastRow, lastCol int }

// lookInside unpacks every entry once, without keeping it: what the entries
// claim of their size is not believed. On the way it finds the merged cells,
// which the library gives only with the whole sheet in memory.
func lookInside(z *zip.Reader) (map[string][]merge, error) {
	if len(z.File) > entriesMax {
		return nil, fault.New(fault.Invalid, "intake.file_bomb").At("files")
	}
	names := make([]string, 0, len(z.File))
	for _, f := range z.File {
		names = append(names, strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/")))
	}
	switch {
	case slices.Contains(names, "xl/workbook.bin"):
		return nil, fault.New(fault.Invalid, "intake.file_xlsb").At("files")
	case !slices.Contains(names, "xl/workbook.xml"):
		return nil, fault.New(fault.Invalid, "intake.file_no_workbook").At("files")
	}
	parts := map[string][]byte{} // what names the sheets
	merges := map[string][]merge{}
	room := int64(unzippedMax)
	for i, f := range z.File {
		seen := &scanner{}
		var to io.Writer = io.Discard
		var kept bytes.Buffer
		switch name := names[i]; {
		case name == "xl/workbook.xml" || name == "xl/_rels/workbook.xml.rels":
			to = &kept
		case strings.HasPrefix(name, "xl/worksheets/") && strings.HasSuffix(name, ".xml"):
			to = seen
		}
		n, err := unpack(f, to, room)
		if err != nil {
			return nil, err
		}
		if room -= n; room <= 0 {
			return nil, fault.New(fault.Invalid, "intake.file_bomb").At("files")
		}
		if kept.Len() > 0 {
			parts[names[i]] = kept.Bytes()
		}
		if len(seen.found) > 0 {
			merges[names[i]] = seen.merges()
		}
	}
	byName := map[string][]merge{}
	for sheet, part := range sheetParts(parts["xl/workbook.xml"], parts["xl/_rels/workbook.xml.rels"]) {
		byName[sheet] = merges[part]
	}
	return byName, nil
}

func unpack(f *zip.File, to io.Writer, most int64) (int64, error) {
	broken := func(err error) error {
		return fault.New(fault.Invalid, "intake.file_broken").At("files").Because(err)
	}
	r, err := f.Open()
	if err != nil {
		return 0, broken(err)
	}
	n, err := io.Copy(to, io.LimitReader(r, most+1))
	if err := errors.Join(err, r.Close()); err != nil && n <= most {
		return n, broken(err)
	}
	return n, nil
}

var mergeRef = regexp.MustCompile(`<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"`)

// scanner finds mergeCell elements in a sheet that flows by.
type scanner struct {
	tail  []byte
	found []string
}

// Write implements io.Writer.
func (s *scanner) Write(b []byte) (int, error) {
	const elementMax = 200
	if len(s.found) > mergesMax {
		return len(b), nil
	}
	piece := append(s.tail, b...)
	if bytes.Contains(piece, []byte("mergeCell ")) {
		end := 0
		for _, m := range mergeRef.FindAllSubmatchIndex(piece, -1) {
			s.found = append(s.found, string(piece[m[2]:m[3]]))
			end = m[1]
		}
		piece = piece[end:]
	}
	s.tail = slices.Clone(piece[max(0, len(piece)-elementMax):])
	return len(b), nil
}

func (s *scanner) merges() []merge {
	var all []merge
	for _, ref := range s.found {
		from, to, _ := strings.Cut(ref, ":")
		col, row, err1 := excelize.CellNameToCoordinates(from)
		lastCol, lastRow, err2 := excelize.CellNameToCoordinates(to)
		if err1 == nil && err2 == nil && lastRow >= row && lastCol >= col && lastCol <= columnsMax {
			all = append(all, merge{row, col, lastRow, lastCol})
		}
	}
	slices.SortFunc(all, func(a, b merge) int { return a.row - b.row })
	return all
}

// sheetParts says which entry holds which sheet. What cannot be read has no
// merged cells; the library will tell what is wrong with it.
func sheetParts(book, relations []byte) map[string]string {
	var b struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var r struct {
		All []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if xml.Unmarshal(book, &b) != nil || xml.Unmarshal(relations, &r) != nil {
		return nil
	}
	target := map[string]string{}
	for _, one := range r.All {
		name := strings.TrimPrefix(one.Target, "/")
		if !strings.HasPrefix(name, "xl/") {
			name = path.Join("xl", name)
		}
		target[one.ID] = strings.ToLower(name)
	}
	parts := map[string]string{}
	for _, s := range b.Sheets {
		parts[s.Name] = target[s.ID]
	}
	return parts
}

// filler gives the cells of a merged block the value of its first one. A block
// that is wider than one column is a title: only its first column is filled
// downwards.
type filler struct {
	merges []merge // by first row; those before next are open or over
	next   int
	open   []openMerge
}

type openMerge struct {
	merge
	value string
}

func (f *filler) fill(row int, cells []string) []string {
	f.open = slices.DeleteFunc(f.open, func(m openMerge) bool { return m.lastRow < row })
	for f.next < len(f.merges) && f.merges[f.next].row <= row {
		m := f.merges[f.next]
		f.next++
		if m.row == row && m.lastRow > row && m.col <= len(cells) && cells[m.col-1] != "" && len(f.open) < columnsMax { // honest blocks do not overlap
			f.open = append(f.open, openMerge{m, cells[m.col-1]})
		}
	}
	if len(f.open) == 0 || len(cells) == 0 {
		return cells // an empty row stays empty: it is no petition
	}
	for _, m := range f.open {
		if m.row == row {
			continue
		}
		for len(cells) < m.col {
			cells = append(cells, "")
		}
		if cells[m.col-1] == "" {
			cells[m.col-1] = m.value
		}
	}
	return cells
}

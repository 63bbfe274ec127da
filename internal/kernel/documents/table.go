package documents

import "strings"

const (
	cellPad = 1.4 // mm
	// chunkMaxLines: a cell longer than this is broken over pages.
	chunkMaxLines = 24
)

// set draws the table with thin lines around every cell.
func (t Table) set(s *sheet) {
	if len(t.Columns) == 0 {
		return
	}
	widths := t.widths()
	titles := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		titles[i] = c.Title
	}
	head := s.tableRows(t, widths, titles, face{"B", 12}, true)
	s.block(paraGap, 0, true, func(float64) {})
	for _, h := range head {
		h.keep = true
		s.add(h)
	}
	for _, cells := range t.Rows {
		for _, r := range s.tableRows(t, widths, cells, face{"", 12}, false) {
			r.head = &head[0]
			s.add(r)
		}
	}
	s.block(0, 1, false, func(float64) {})
}

func (t Table) widths() []float64 {
	total := 0.0
	all := make([]float64, len(t.Columns))
	for i, c := range t.Columns {
		if all[i] = c.Share; all[i] <= 0 {
			all[i] = 1
		}
		total += all[i]
	}
	for i := range all {
		all[i] *= textWidth / total
	}
	return all
}

// tableRows makes one row, or several of a row with very long cells.
func (s *sheet) tableRows(t Table, widths []float64, cells []string, f face, head bool) []row {
	columns := make([][]line, len(widths))
	most := 1
	for i := range widths {
		if i < len(cells) {
			for part := range strings.SplitSeq(cells[i], "\n") {
				columns[i] = append(columns[i], s.wrap(s.fit(part), f, widths[i]-2*cellPad, 0)...)
			}
		}
		most = max(most, len(columns[i]))
	}
	var all []row
	for from := 0; from < most; from += chunkMaxLines {
		lines := min(chunkMaxLines, most-from)
		r := row{high: float64(lines)*f.high() + 2*cellPad}
		r.draw = func(y float64) {
			x := leftEdge
			for i, w := range widths {
				s.pdf.SetLineWidth(0.2)
				s.pdf.Rect(x, y, w, r.high, "D")
				s.cell(x+cellPad, y+cellPad, w-2*cellPad, columns[i], from, lines, f, align(t.Columns[i], head))
				x += w
			}
		}
		all = append(all, r)
	}
	return all
}

func align(c Column, head bool) string {
	switch {
	case head:
		return "C"
	case c.Right:
		return "R"
	}
	return "L"
}

func (s *sheet) cell(x, y, w float64, lines []line, from, count int, f face, align string) {
	for i := from; i < min(from+count, len(lines)); i++ {
		s.put(x, y, w, lines[i].text, f, align)
		y += f.high()
	}
}

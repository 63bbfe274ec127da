package reports

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
)

// document writes a report as WordprocessingML: A4 across, Times New Roman, the
// head of NĐ 30/2020, a table whose head is repeated on each page. The package
// has the five parts that every word processor asks for and no others.
type document struct {
	desk    *Desk
	columns []column
	body    bytes.Buffer // of the rows; a report of this size fits in memory
	n       int64
}

func (d *Desk) newDocument(r Report) *document {
	return &document{desk: d, columns: d.columns(r.Kind)}
}

func (w *document) row(r Row) error {
	w.n++
	cells := make([]cell, len(w.columns))
	for i, c := range w.columns {
		cells[i] = c.of(w.n, r)
	}
	return tableRow(&w.body, cells, false)
}

// The parts of the package that are the same for every report.
const (
	docxTypes = xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/header1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/></Types>`
	docxRels  = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`
	docxLinks = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/header" Target="header1.xml"/></Relationships>`

	docxStyles = xml.Header + `<w:styles xmlns:w="` + wordSpace + `"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman" w:eastAsia="Times New Roman"/><w:sz w:val="26"/><w:szCs w:val="26"/><w:lang w:val="vi-VN"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="60"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style><w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style></w:styles>`
	// The page number stands in the middle above, from the second page on.
	docxHeader = xml.Header + `<w:hdr xmlns:w="` + wordSpace + `"><w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:hdr>`
	wordSpace  = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	// A4 across; the margins of NĐ 30/2020 in twentieths of a point: 20 mm above
	// and below, 30 mm at the binding, 15 mm at the other side.
	docxPage = `<w:sectPr><w:headerReference w:type="default" r:id="rId2"/><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:pgMar w:top="1134" w:right="851" w:bottom="1134" w:left="1701" w:header="567" w:footer="567" w:gutter="0"/><w:titlePg/></w:sectPr>`
	textWide = 16838 - 1701 - 851
)

func (w *document) write(out io.Writer, r Report) error {
	z := zip.NewWriter(out)
	for _, part := range []struct{ name, content string }{
		{"[Content_Types].xml", docxTypes}, {"_rels/.rels", docxRels}, {"word/_rels/document.xml.rels", docxLinks}, {"word/styles.xml", docxStyles}, {"word/header1.xml", docxHeader}} {
		p, err := z.Create(part.name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(p, part.content); err != nil {
			return err
		}
	}
	p, err := z.Create("word/document.xml")
	if err != nil {
		return err
	}
	content, err := w.content(r)
	if err != nil {
		return err
	}
	if _, err := content.WriteTo(p); err != nil {
		return err
	}
	return z.Close()
}

// content is the document's own part.
func (w *document) content(r Report) (*bytes.Buffer, error) {
	d, b := w.desk, &bytes.Buffer{}
	b.WriteString(xml.Header + `<w:document xmlns:w="` + wordSpace + `" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>`)
	day := clock.DateOf(r.MadeAt.Time)
	left := []line{{strings.ToUpper(r.council), 26, true, "center"}, {d.say("reports.paper_number"), 26, false, "center"}}
	right := []line{{d.say("documents.letter.state"), 26, true, "center"}, {d.say("documents.letter.motto"), 28, true, "center"},
		{d.say("documents.letter.dated", "place", r.place, "day", fmt.Sprintf("%02d", day.Day), "month", monthOf(day), "year", day.Year), 26, false, "center"}}
	over := d.over(r)
	below := []line{{"", 26, false, "center"}, {over.title, 28, true, "center"}}
	for _, a := range over.about {
		below = append(below, line{a, 26, false, "center"})
	}
	err := twoColumns(b, left, right)
	if err == nil {
		err = paragraphs(b, below...)
	}
	if err == nil && r.Kind != Summary {
		err = w.list(b)
	}
	for _, g := range d.grids(r.Figures.V, r.names) {
		if err == nil {
			err = g.words(b)
		}
	}
	for _, note := range d.under(r) {
		if err == nil {
			err = paragraphs(b, line{note, 24, false, "both"})
		}
	}
	b.WriteString(docxPage + `</w:body></w:document>`)
	return b, err
}

func (w *document) list(b *bytes.Buffer) error {
	widths, titles := make([]float64, len(w.columns)), make([]cell, len(w.columns))
	for i, c := range w.columns {
		widths[i], titles[i] = c.width, written(w.desk.say("reports.col."+c.key))
	}
	openTable(b, widths)
	if err := tableRow(b, titles, true); err != nil {
		return err
	}
	b.Write(w.body.Bytes())
	b.WriteString(`</w:tbl>`)
	return paragraphs(b, line{})
}

func (g grid) words(b *bytes.Buffer) error {
	if err := paragraphs(b, line{g.title, 26, true, "left"}); err != nil {
		return err
	}
	widths, titles := make([]float64, len(g.head)), make([]cell, len(g.head))
	for i, h := range g.head {
		widths[i], titles[i] = 1, written(h)
	}
	widths[0] = 4
	openTable(b, widths)
	if err := tableRow(b, titles, true); err != nil {
		return err
	}
	for _, row := range g.rows {
		for len(row) < len(g.head) {
			row = append(row, written(""))
		}
		if err := tableRow(b, row, false); err != nil {
			return err
		}
	}
	b.WriteString(`</w:tbl>`)
	return paragraphs(b, line{})
}

// line is a paragraph; its size is in half points.
type line struct {
	text string
	size int
	bold bool
	side string
}

func paragraphs(b *bytes.Buffer, all ...line) error {
	for _, l := range all {
		b.WriteString(`<w:p><w:pPr>`)
		if l.side != "" {
			fmt.Fprintf(b, `<w:jc w:val="%s"/>`, l.side)
		}
		b.WriteString(`</w:pPr>`)
		for i, part := range strings.Split(l.text, "\n") {
			b.WriteString(`<w:r><w:rPr>`)
			if l.bold {
				b.WriteString(`<w:b/>`)
			}
			if l.size > 0 {
				fmt.Fprintf(b, `<w:sz w:val="%d"/><w:szCs w:val="%d"/>`, l.size, l.size)
			}
			b.WriteString(`</w:rPr>`)
			if i > 0 {
				b.WriteString(`<w:br/>`)
			}
			b.WriteString(`<w:t xml:space="preserve">`)
			if err := xml.EscapeText(b, []byte(part)); err != nil {
				return err
			}
			b.WriteString(`</w:t></w:r>`)
		}
		b.WriteString(`</w:p>`)
	}
	return nil
}

// twoColumns sets the head of a paper: the body on the left, the state on the right.
func twoColumns(b *bytes.Buffer, left, right []line) error {
	b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`)
	fmt.Fprintf(b, `<w:gridCol w:w="%d"/><w:gridCol w:w="%d"/></w:tblGrid><w:tr>`, textWide/2, textWide/2)
	for _, side := range [][]line{left, right} {
		fmt.Fprintf(b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>`, textWide/2)
		if err := paragraphs(b, side...); err != nil {
			return err
		}
		b.WriteString(`</w:tc>`)
	}
	b.WriteString(`</w:tr></w:tbl>`)
	return nil
}

func openTable(b *bytes.Buffer, shares []float64) {
	sum := 0.0
	for _, s := range shares {
		sum += s
	}
	b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		fmt.Fprintf(b, `<w:%s w:val="single" w:sz="4" w:space="0" w:color="000000"/>`, side)
	}
	b.WriteString(`</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`)
	for _, s := range shares {
		fmt.Fprintf(b, `<w:gridCol w:w="%d"/>`, int(s/sum*textWide))
	}
	b.WriteString(`</w:tblGrid>`)
}

// tableRow writes one row. A head is repeated on each page; no row is broken
// by a page's end.
func tableRow(b *bytes.Buffer, cells []cell, head bool) error {
	b.WriteString(`<w:tr><w:trPr><w:cantSplit/>`)
	if head {
		b.WriteString(`<w:tblHeader/>`)
	}
	b.WriteString(`</w:trPr>`)
	for _, c := range cells {
		l := line{text: c.String(), size: 24, bold: head, side: "left"}
		switch {
		case head:
			l.side = "center"
		case c.as == asNumber:
			l.side = "right"
		}
		b.WriteString(`<w:tc><w:tcPr/>`)
		if err := paragraphs(b, l); err != nil {
			return err
		}
		b.WriteString(`</w:tc>`)
	}
	b.WriteString(`</w:tr>`)
	return nil
}

// monthOf is a month as papers write it: January and February with a zero, so
// that nothing can be put before them.
func monthOf(d clock.Date) string {
	if d.Month <= 2 {
		return fmt.Sprintf("%02d", int(d.Month))
	}
	return fmt.Sprint(int(d.Month))
}

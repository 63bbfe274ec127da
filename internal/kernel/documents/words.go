package documents

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"example.vn/hdnd/internal/kernel/text"
)

// WordMedia is the media type of what WriteWords writes.
const WordMedia = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// Title names a letter for lists: its kind, symbol and subject.
func (l Letter) Title() string {
	return text.Line(strings.Join([]string{l.Kind, l.Symbol, l.Subject}, " "))
}

// The parts of the package that are the same for every letter.
const (
	wordSpace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	wordTypes = xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
	wordRels  = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`
	// A4 upright with the margins of NĐ 30/2020, in twentieths of a point: 20 mm
	// above and below, 30 mm at the binding, 15 mm at the other side.
	wordPage = `<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="851" w:bottom="1134" w:left="1701" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>`
	wordWide = 11906 - 1701 - 851
)

// WriteWords writes a letter for word processors, to be finished there: the same
// words as WriteLetter draws, in the same order.
func WriteWords(w io.Writer, l Letter) error {
	z := zip.NewWriter(w)
	for _, part := range []struct{ name, content string }{{"[Content_Types].xml", wordTypes}, {"_rels/.rels", wordRels}, {"word/document.xml", l.words()}} {
		p, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate}) // no time: the same letter gives the same bytes
		if err != nil {
			return err
		}
		if _, err := io.WriteString(p, part.content); err != nil {
			return err
		}
	}
	return z.Close()
}

// word is the document's own part while it is written.
type word struct{ bytes.Buffer }

// wordLine is one paragraph; its size is in half points.
type wordLine struct {
	words      string
	size       int
	bold, lean bool
	side       string // center, both, left
	indent     bool
}

func (b *word) put(all ...wordLine) {
	for _, l := range all {
		fmt.Fprintf(b, `<w:p><w:pPr><w:spacing w:before="0" w:after="120"/>`)
		if l.indent {
			b.WriteString(`<w:ind w:firstLine="567"/>`)
		}
		fmt.Fprintf(b, `<w:jc w:val="%s"/></w:pPr><w:r><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman" w:eastAsia="Times New Roman"/>`, l.side)
		if l.bold {
			b.WriteString(`<w:b/>`)
		}
		if l.lean {
			b.WriteString(`<w:i/>`)
		}
		fmt.Fprintf(b, `<w:sz w:val="%d"/><w:szCs w:val="%d"/><w:lang w:val="vi-VN"/></w:rPr><w:t xml:space="preserve">`, l.size, l.size)
		_ = xml.EscapeText(b, []byte(l.words)) // a buffer takes everything
		b.WriteString(`</w:t></w:r></w:p>`)
	}
}

// beside sets two columns: the head of a paper, and its foot.
func (b *word) beside(left, right []wordLine) {
	fmt.Fprintf(b, `<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid><w:gridCol w:w="%d"/><w:gridCol w:w="%d"/></w:tblGrid><w:tr>`, wordWide/2, wordWide/2)
	for _, side := range [][]wordLine{left, right} {
		fmt.Fprintf(b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>`, wordWide/2)
		b.put(side...)
		b.WriteString(`</w:tc>`)
	}
	b.WriteString(`</w:tr></w:tbl>`)
}

func (l Letter) words() string {
	b := &word{}
	b.WriteString(xml.Header + `<w:document xmlns:w="` + wordSpace + `"><w:body>`)
	symbol := l.Symbol
	if symbol == "" {
		symbol = "…"
	}
	left := []wordLine{{words: l.Superior, size: 26, side: "center"}, {words: l.Issuer, size: 26, bold: true, side: "center"}, {words: "Số: " + symbol, size: 26, side: "center"}}
	if l.Kind == "" && l.Subject != "" {
		left = append(left, wordLine{words: l.Subject, size: 24, side: "center"})
	}
	month := fmt.Sprintf("%d", l.Date.Month)
	if l.Date.Month <= 2 {
		month = "0" + month
	}
	b.beside(left, []wordLine{{words: "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size: 26, bold: true, side: "center"}, {words: "Độc lập - Tự do - Hạnh phúc", size: 28, bold: true, side: "center"},
		{words: fmt.Sprintf("%s, ngày %02d tháng %s năm %d", l.Place, l.Date.Day, month, l.Date.Year), size: 28, lean: true, side: "center"}})
	if l.Kind != "" {
		b.put(wordLine{size: 28, side: "center"}, wordLine{words: l.Kind, size: 28, bold: true, side: "center"}, wordLine{words: l.Subject, size: 28, bold: true, side: "center"})
	}
	b.put(wordLine{size: 28, side: "center"})
	if len(l.To) > 0 {
		b.put(wordLine{words: "Kính gửi: " + strings.Join(l.To, "; "), size: 28, side: "center"})
	}
	for _, block := range l.Body {
		b.block(block)
	}
	receivers := []wordLine{{words: "Nơi nhận:", size: 24, bold: true, lean: true, side: "left"}}
	for i, r := range l.Recipients {
		receivers = append(receivers, wordLine{words: "- " + r + endSign(i, len(l.Recipients)), size: 22, side: "left"})
	}
	var sign []wordLine
	for _, a := range append(append([]string{}, l.Sign.Authority...), l.Sign.Title) {
		sign = append(sign, wordLine{words: a, size: 28, bold: true, side: "center"})
	}
	sign = append(sign, wordLine{size: 28, side: "center"}, wordLine{size: 28, side: "center"}, wordLine{words: l.Sign.Name, size: 28, bold: true, side: "center"})
	b.beside(receivers, sign)
	b.WriteString(`<w:p/>` + wordPage + `</w:body></w:document>`)
	return b.String()
}

// block writes a part of the body.
func (b *word) block(block Block) {
	running := func(words string) { b.put(wordLine{words: words, size: 28, side: "both", indent: true}) }
	switch v := block.(type) {
	case Paragraph:
		running(v.Text)
	case Points:
		for i, p := range v {
			running(fmt.Sprintf("%d. %s", i+1, p.Text))
			for j, under := range p.Under {
				running(fmt.Sprintf("%c) %s", 'a'+j, under))
			}
		}
	case Table:
		for _, row := range v.Rows {
			running(strings.Join(row, " – "))
		}
	}
}

package scans

import (
	"bytes"

	"codeberg.org/go-pdf/fpdf"

	"example.vn/hdnd/internal/kernel/documents"
)

// wordsMost bounds what is read of a file of words, in bytes: some hundred pages.
const wordsMost = 300_000

// drawWords turns a file of words, which came with a letter, into pages, so that it
// is looked at like every other scan and its copy is made of pictures too. Any
// other file comes back as it is.
func (d *Desk) drawWords(original []byte) ([]byte, error) {
	words, is := documents.Words(original, wordsMost)
	if !is || len(d.Fonts.Regular) == 0 {
		return original, nil
	}
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetMargins(25, 20, 20)
	pdf.SetAutoPageBreak(true, 20)
	pdf.AddUTF8FontFromBytes("words", "", d.Fonts.Regular)
	pdf.SetFont("words", "", 12)
	pdf.AddPage()
	pdf.MultiCell(0, 6, words, "", "L", false)
	var out bytes.Buffer
	err := pdf.Output(&out)
	return out.Bytes(), err
}

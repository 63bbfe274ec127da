package ui

import (
	"strconv"
	"strings"

	"github.com/skip2/go-qrcode"
)

// Square is a QR code as one path of an SVG drawing: a picture inside the page
// needs no address that would have to carry what it says.
type Square struct {
	Box  string // viewBox
	Path string // of the dark fields
}

// NewSquare draws the QR code of a text.
func NewSquare(content string) (Square, error) {
	code, err := qrcode.New(content, qrcode.Medium)
	if err != nil {
		return Square{}, err
	}
	rows := code.Bitmap()
	var path strings.Builder
	for y, row := range rows {
		for x := 0; x < len(row); x++ {
			from := x
			for x < len(row) && row[x] {
				x++
			}
			if x > from {
				path.WriteString("M" + strconv.Itoa(from) + " " + strconv.Itoa(y) + "h" + strconv.Itoa(x-from) + "v1H" + strconv.Itoa(from) + "z")
			}
		}
	}
	return Square{Box: "0 0 " + strconv.Itoa(len(rows)) + " " + strconv.Itoa(len(rows)), Path: path.String()}, nil
}

package extract

import (
	"bytes"
	"io"
	"os"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"example.vn/hdnd/internal/kernel/text"
)

const plainMaxBytes = 32 << 20

// readPlain reads a text; form feeds part its pages.
func (w *work) readPlain() error {
	b, err := w.whole()
	if err != nil {
		return err
	}
	s, warnings, ok := Decode(b)
	if !ok {
		return refuse("extract.encoding", w.name)
	}
	return w.giveText(strings.Split(s, "\f"), warnings)
}

// readHTML reads a web page.
func (w *work) readHTML() error {
	b, err := w.whole()
	if err != nil {
		return err
	}
	s, warnings, ok := Decode(b)
	if !ok {
		return refuse("extract.encoding", w.name)
	}
	s = HTMLText(s)
	if old, changed := text.FromLegacy(s); changed { // letters that were written as &#181;
		s, warnings = old, append(warnings, warn("extract.legacy", 1, "page", 1))
	}
	return w.giveText([]string{s}, warnings)
}

func (w *work) giveText(parts []string, warnings []Warning) error {
	pages := make([]Page, len(parts))
	for i, s := range parts {
		p := Page{Number: i + 1, How: Plain, Confidence: 1, Text: clean(s)}
		p.Blank = strings.TrimSpace(p.Text) == ""
		if judge(p.Text).foreign != "" {
			p.Warnings = append(p.Warnings, warn("extract.foreign", p.Number, "page", p.Number))
		}
		pages[i] = p
	}
	w.result.Warnings = append(w.result.Warnings, warnings...)
	return w.giveAll(pages)
}

// whole reads a file that is text.
func (w *work) whole() ([]byte, error) {
	info, err := os.Stat(w.path)
	if err != nil {
		return nil, err
	}
	if info.Size() > plainMaxBytes {
		return nil, refuse("extract.text_large", w.name, "max", plainMaxBytes>>20)
	}
	return os.ReadFile(w.path)
}

// Decode turns the bytes of a text into Unicode: UTF-8, UTF-16, TCVN3, VNI,
// VISCII, Windows-1258. It is false for bytes that are no text in any of these.
func Decode(b []byte) (s string, warnings []Warning, ok bool) {
	b = bytes.TrimPrefix(b, []byte("\xEF\xBB\xBF"))
	if wide, is := wideText(b); is {
		return wide, nil, true
	}
	if utf8.Valid(b) {
		if bytes.IndexByte(b, 0) >= 0 {
			return "", nil, false
		}
		if old, changed := text.FromLegacy(string(b)); changed {
			return old, []Warning{warn("extract.legacy", 1, "page", 1)}, true
		}
		return string(b), nil, true
	}
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	if old, changed := text.FromLegacy(string(runes)); changed {
		return old, []Warning{warn("extract.legacy", 1, "page", 1)}, true
	}
	out, err := io.ReadAll(charmap.Windows1258.NewDecoder().Reader(bytes.NewReader(b)))
	if err != nil {
		return "", nil, false
	}
	s = text.NFC(string(out))
	if j := judge(s); j.rubbish == 0 && j.words > 0 && (j.share() > 0.85 || j.foreign != "") {
		return s, nil, true
	}
	return "", nil, false
}

// wideText reads UTF-16, with its mark or without.
func wideText(b []byte) (string, bool) {
	big := false
	switch {
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		b = b[2:]
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		b, big = b[2:], true
	default:
		odd, even := 0, 0
		for i, c := range b[:min(len(b), headBytes)] {
			if c == 0 && i%2 == 0 {
				even++
			} else if c == 0 {
				odd++
			}
		}
		most := min(len(b), headBytes) / 4
		if most == 0 || max(odd, even) < most || min(odd, even)*20 > max(odd, even) {
			return "", false
		}
		big = even > odd
	}
	units := make([]uint16, 0, len(b)/2)
	for i := 0; i+1 < len(b); i += 2 {
		if big {
			units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
		} else {
			units = append(units, uint16(b[i])|uint16(b[i+1])<<8)
		}
	}
	return string(utf16.Decode(units)), true
}

package extract

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"

	"example.vn/hdnd/internal/kernel/text"
)

const (
	partMaxBytes  = 64 << 20 // of one part of an office file, unpacked
	officeTextMax = 16 << 20
	nestedMost    = 2000 // elements inside each other; Word writes some fifty
)

var (
	errNested  = errors.New("elements nested too deep")
	errTooLong = errors.New("more text than a document has")
)

// readDOCX reads a Word file: what stands in it as it would be printed with every
// tracked change accepted.
func (w *work) readDOCX(path string) (err error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return refuse("extract.damaged_office", w.name).Because(err)
	}
	defer func() { err = errors.Join(err, z.Close()) }()
	pages, warnings, err := docxPages(&z.Reader)
	if err != nil {
		return refuse("extract.damaged_office", w.name).Because(err)
	}
	w.result.Warnings = append(w.result.Warnings, warnings...)
	return w.giveAll(pages)
}

// docx is a Word file being read.
type docx struct {
	styles   docxStyles
	numbers  docxNumbers
	counters map[string]*[9]int
	pages    []string
	page     strings.Builder
	written  int
	breaks   bool // a new page begins with the next paragraph
	changes  int
	legacy   bool
	stack    []container
	para     []*paragraph
}

// container is what paragraphs gather in: a table's row and cell.
type container struct {
	cells   [][]string // of a row
	in      bool       // inside a cell
	dropped bool       // the row was deleted
}

// paragraph is one paragraph as it is read.
type paragraph struct {
	runs      []run
	style     string
	numID     string
	level     int
	unmarked  bool // its end was deleted: the next one goes on in it
	breakNext bool
	carried   []run // of a paragraph before whose end was deleted
}

// run is a piece of text in one font.
type run struct {
	text string
	font string
	caps bool
}

// docxPages reads the pages of a Word file, parted where Word last parted them.
func docxPages(z *zip.Reader) ([]Page, []Warning, error) {
	d := &docx{counters: map[string]*[9]int{}}
	if err := eachPart(z, "word/styles.xml", d.styles.read); err != nil {
		return nil, nil, err
	}
	if err := eachPart(z, "word/numbering.xml", d.numbers.read); err != nil {
		return nil, nil, err
	}
	head, err := d.heads(z)
	if err != nil {
		return nil, nil, err
	}
	if head != "" {
		d.line(head)
	}
	found := false
	err = eachPart(z, "word/document.xml", func(x *xml.Decoder) error { found = true; return d.read(x) })
	if err == nil && !found {
		err = errors.New("no document in it")
	}
	if err == nil {
		err = eachPart(z, "word/footnotes.xml", d.read)
	}
	if err != nil {
		return nil, nil, err
	}
	d.pages = append(d.pages, d.page.String())
	return d.result()
}

func (d *docx) result() (pages []Page, warnings []Warning, err error) {
	if d.changes > 0 {
		warnings = append(warnings, warn("extract.changes", 0, "n", d.changes))
	}
	if d.legacy {
		warnings = append(warnings, warn("extract.old_font", 0))
	}
	for i, s := range d.pages {
		p := Page{Number: i + 1, How: Office, Confidence: 1}
		s = clean(s)
		if old, changed := text.FromLegacy(s); changed {
			s = clean(old)
			p.Warnings = append(p.Warnings, warn("extract.legacy", p.Number, "page", p.Number))
		}
		p.Text, p.Blank = s, strings.TrimSpace(s) == ""
		if judge(s).foreign != "" {
			p.Warnings = append(p.Warnings, warn("extract.foreign", p.Number, "page", p.Number))
		}
		pages = append(pages, p)
	}
	return pages, warnings, nil
}

// eachPart reads a part by its name; one that is not there is none.
func eachPart(z *zip.Reader, name string, read func(*xml.Decoder) error) (err error) {
	for _, f := range z.File {
		if f.Name != name {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return err
		}
		x := xml.NewDecoder(io.LimitReader(r, partMaxBytes))
		x.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
		return errors.Join(read(x), r.Close())
	}
	return nil
}

// heads is what stands in the page headers, each text once, without page numbers.
func (d *docx) heads(z *zip.Reader) (string, error) {
	var all []string
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, "word/header") || !strings.HasSuffix(f.Name, ".xml") {
			continue
		}
		h := &docx{styles: d.styles, numbers: d.numbers, counters: map[string]*[9]int{}}
		if err := eachPart(z, f.Name, h.read); err != nil {
			return "", err
		}
		s := clean(strings.Join(append(h.pages, h.page.String()), "\n"))
		if strings.ContainsFunc(s, unicode.IsLetter) && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return strings.Join(all, "\n"), nil
}

// tokens walks a part and bounds how deep it nests.
func tokens(x *xml.Decoder, start func(xml.StartElement) error, end func(string) error, chars func(string)) error {
	depth := 0
	for {
		t, err := x.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if depth++; depth > nestedMost {
				return errNested
			}
			err = start(t)
		case xml.EndElement:
			depth--
			err = end(t.Name.Local)
		case xml.CharData:
			chars(string(t))
		}
		if err != nil {
			return err
		}
	}
}

// attr is an attribute by its local name.
func attr(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// on tells whether a switch such as <w:caps/> is on.
func on(t xml.StartElement) bool {
	v := attr(t, "val")
	return v != "0" && v != "false" && v != "off" && v != "none"
}

// body is where the reader of a part's body stands.
type body struct {
	*docx
	now      run
	inRun    bool
	inRPr    bool
	inPPr    bool
	inTrPr   bool
	inText   bool
	hidden   bool
	deleted  int // elements of deleted text that are open
	skipping int // elements that are passed over
}

// read reads a part made of paragraphs and tables.
func (d *docx) read(x *xml.Decoder) error {
	b := &body{docx: d}
	return tokens(x, b.start, b.end, func(s string) {
		if b.inText && b.deleted == 0 && b.skipping == 0 && !b.hidden {
			b.now.text += s
		}
	})
}

func (b *body) start(t xml.StartElement) error {
	name := t.Name.Local
	if b.skipping > 0 {
		b.skipping++
		return nil
	}
	switch name {
	case "Fallback", "instrText", "delText", "delInstrText":
		b.skipping = 1
	case "del", "moveFrom":
		switch {
		case b.inTrPr:
			if n := len(b.stack); n > 0 {
				b.stack[n-1].dropped = true
			}
			b.changes++
		case b.inPPr:
			if p := b.current(); p != nil {
				p.unmarked = true
			}
		case !b.inRPr:
			b.deleted++
			b.changes++
		}
	case "ins", "moveTo":
		if !b.inPPr && !b.inRPr {
			b.changes++
		}
	case "p":
		b.para = append(b.para, &paragraph{})
	case "pPr":
		b.inPPr = true
	case "trPr":
		b.inTrPr = true
	case "tr":
		b.stack = append(b.stack, container{})
	case "tc":
		if n := len(b.stack); n > 0 {
			b.stack[n-1].cells, b.stack[n-1].in = append(b.stack[n-1].cells, nil), true
		}
	case "r":
		b.inRun, b.now, b.hidden = true, run{}, false
	case "rPr":
		b.inRPr = true
	default:
		b.property(name, t)
	}
	return nil
}

// property takes in what describes the paragraph or the run, and signs that are elements.
func (b *body) property(name string, t xml.StartElement) {
	p := b.current()
	if p == nil {
		return
	}
	switch {
	case b.inPPr && !b.inRPr:
		switch name {
		case "pStyle":
			p.style = attr(t, "val")
		case "numId":
			p.numID = attr(t, "val")
		case "ilvl":
			p.level = max(0, min(8, atoi(attr(t, "val"))))
		case "pageBreakBefore":
			b.breaks = b.breaks || on(t)
		}
	case b.inRPr && b.inRun:
		switch name {
		case "rFonts":
			b.now.font = firstOf(attr(t, "ascii"), attr(t, "hAnsi"), attr(t, "cs"))
		case "rStyle":
			if b.now.font == "" {
				b.now.font = b.styles.font(attr(t, "val"))
			}
		case "caps":
			b.now.caps = on(t)
		case "vanish":
			b.hidden = on(t)
		}
	case b.inRun && b.deleted == 0:
		b.sign(p, name, t)
	}
}

// sign takes in what is no letter.
func (b *body) sign(p *paragraph, name string, t xml.StartElement) {
	switch name {
	case "t":
		b.inText = true
	case "tab":
		b.now.text += "\t"
	case "br":
		if attr(t, "type") == "page" {
			p.breakNext = true
		} else {
			b.now.text += "\n"
		}
	case "cr":
		b.now.text += "\n"
	case "noBreakHyphen":
		b.now.text += "-"
	case "lastRenderedPageBreak":
		if b.now.text == "" && len(p.runs) == 0 {
			b.breaks = true
		} else {
			p.breakNext = true // a paragraph stays whole
		}
	}
}

func (b *body) end(name string) error {
	if b.skipping > 0 {
		b.skipping--
		return nil
	}
	switch name {
	case "del", "moveFrom":
		if !b.inTrPr && !b.inPPr && !b.inRPr && b.deleted > 0 {
			b.deleted--
		}
	case "pPr":
		b.inPPr = false
	case "trPr":
		b.inTrPr = false
	case "rPr":
		b.inRPr = false
	case "t":
		b.inText = false
	case "r":
		if p := b.current(); p != nil && b.now.text != "" {
			p.runs = append(p.runs, b.now)
		}
		b.inRun, b.now, b.hidden = false, run{}, false
	case "p":
		return b.closeParagraph()
	case "tc":
		if n := len(b.stack); n > 0 {
			b.stack[n-1].in = false
		}
	case "tr":
		return b.closeRow()
	}
	return nil
}

func (d *docx) current() *paragraph {
	if len(d.para) == 0 {
		return nil
	}
	return d.para[len(d.para)-1]
}

func (d *docx) closeParagraph() error {
	p := d.current()
	if p == nil {
		return nil
	}
	d.para = d.para[:len(d.para)-1]
	if p.unmarked && len(d.para) == 0 && len(p.runs) > 0 {
		// Its end is gone: what it holds begins the paragraph after it.
		d.para = append(d.para, &paragraph{})
		d.para[0].carried = append(p.carried, p.runs...)
		return nil
	}
	if n := len(d.para); n > 0 && len(d.para[n-1].carried) > 0 {
		p.carried = d.para[n-1].carried
		d.para = d.para[:n-1]
	}
	s := d.words(p)
	if label := d.label(p); label != "" && strings.TrimSpace(s) != "" {
		s = label + " " + strings.TrimLeft(s, " \t")
	}
	if err := d.put(s); err != nil {
		return err
	}
	d.breaks = d.breaks || p.breakNext
	return nil
}

// put writes a paragraph where it belongs.
func (d *docx) put(s string) error {
	if d.written += len(s); d.written > officeTextMax {
		return errTooLong
	}
	for i := len(d.stack) - 1; i >= 0; i-- {
		if c := &d.stack[i]; c.in {
			if last := len(c.cells) - 1; strings.TrimSpace(s) != "" {
				c.cells[last] = append(c.cells[last], s)
			}
			return nil
		}
	}
	d.line(s)
	return nil
}

func (d *docx) line(s string) {
	if d.breaks && strings.TrimSpace(d.page.String()) != "" {
		d.pages = append(d.pages, d.page.String())
		d.page.Reset()
	}
	d.breaks = false
	d.page.WriteString(s)
	d.page.WriteByte('\n')
}

// closeRow writes a table's row: on one line when each cell holds one paragraph at
// most, else cell by cell, as the two halves of a letterhead are read.
func (d *docx) closeRow() error {
	n := len(d.stack)
	if n == 0 {
		return nil
	}
	c := d.stack[n-1]
	d.stack = d.stack[:n-1]
	if c.dropped {
		return nil
	}
	if !slices.ContainsFunc(c.cells, func(cell []string) bool { return len(cell) > 1 }) {
		var flat []string
		for _, cell := range c.cells {
			flat = append(flat, strings.ReplaceAll(strings.Join(cell, " "), "\n", " "))
		}
		return d.put(strings.TrimRight(strings.Join(flat, "\t"), "\t"))
	}
	for _, cell := range c.cells {
		for _, s := range cell {
			d.written -= len(s)
			if err := d.put(s); err != nil {
				return err
			}
		}
	}
	return nil
}

func firstOf(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

func atoi(s string) (n int) {
	for _, c := range s {
		if c < '0' || c > '9' || n > 1<<20 {
			return n
		}
		n = n*10 + int(c-'0')
	}
	return n
}

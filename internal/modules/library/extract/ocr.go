package extract

import (
	"context"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

const (
	pageTimeMax   = 3 * time.Minute // a page of a newspaper takes one
	pageMemoryMax = 3 << 30
	pageTextMax   = 8 << 20 // of what tesseract tells of one page
	// skewLeast is from when on a page is set level before reading: what lies below,
	// tesseract sets right itself and faster.
	skewLeast = 2.0
	// specksLeast is from when on dust is taken away. Clean scans have 0.2 %, prints
	// drawn at a low resolution 2 %.
	specksLeast = 0.08
	// gapHeights is the gap between words, in heights of the words, that parts columns.
	gapHeights = 2
	// A page read worse than this is tried standing otherwise.
	poor = 0.55
)

// ready reports what is missing for recognising letters.
func (r *Reader) ready() error {
	if r.Tools.Tesseract == "" {
		return fault.New(fault.Refused, "extract.no_tesseract")
	}
	if !r.Tools.Vie {
		return fault.New(fault.Refused, "extract.no_vie")
	}
	return nil
}

// recognised is a page's picture after reading.
type recognised struct {
	text       string
	confidence float64 // of the words, weighted by their length
	syllables  float64 // share of Vietnamese syllables
	words      int
}

// quality is how much a reading looks like language.
func (r recognised) quality() float64 { return r.confidence * (0.25 + 0.75*r.syllables) }

// scan is a page's picture before reading.
type scan struct {
	number int
	dpi    int    // 0: not known
	path   string // its file, which tesseract can read as it is
	page   int    // its place in the file, from 0
	decoded
}

// recognise reads the letters of a page's picture.
func (w *work) recognise(ctx context.Context, s scan) (p Page, err error) {
	p = Page{Number: s.number, How: Recognised, DPI: s.dpi, Confidence: 1}
	if s.grey == nil { // in a form only tesseract knows
		got, err := w.letters(ctx, s.path, s.page, s.dpi, true)
		return pageOf(p, got), err
	}
	v := look(s.grey)
	p.Width, p.Height = s.grey.Rect.Dx(), s.grey.Rect.Dy()
	p.DPI = dpiOf(s.dpi, p.Width, p.Height)
	if v.blank() {
		p.Blank = true
		return p, nil
	}
	if !v.sure {
		v.turned = 0
	}
	got, err := w.standing(ctx, s, v, &p)
	if err != nil {
		return p, err
	}
	if got.quality() < poor && (!v.sure || v.acrossV < 2 && v.acrossV > 0.5) {
		if got, err = w.otherwise(ctx, s, v, got, &p); err != nil {
			return p, err
		}
	}
	return pageOf(p, got), nil
}

// otherwise tries the other ways a page can lie, and keeps the one that reads best.
func (w *work) otherwise(ctx context.Context, s scan, v glance, best recognised, p *Page) (recognised, error) {
	first := v.turned
	for _, more := range []int{180, 90, 270} {
		other, q := v, *p
		other.turned = (first + more) % 360
		if more != 180 {
			other.skew = 0
		}
		got, err := w.standing(ctx, s, other, &q)
		if err != nil {
			return best, err
		}
		if got.quality() > best.quality()+0.05 {
			best, *p = got, q
		}
		if best.quality() >= poor {
			break
		}
	}
	return best, nil
}

// standing sets a page upright, level and clean as far as it needs it, and reads it.
func (w *work) standing(ctx context.Context, s scan, v glance, p *Page) (recognised, error) {
	bits := isBits(s.grey)
	g := turn(s.grey, v.turned)
	p.Turned, p.Skew = v.turned, 0
	if v.specks >= specksLeast {
		g = despeckle(g, v.level)
	}
	if math.Abs(v.skew) >= skewLeast {
		g = level(g, v.skew)
		p.Skew = math.Round(v.skew*10) / 10
	}
	p.Width, p.Height = g.Rect.Dx(), g.Rect.Dy()
	path := w.file("page-" + strconv.Itoa(s.number) + ".pnm")
	defer w.forget(path)
	if err := writePNM(path, g, bits); err != nil {
		return recognised{}, err
	}
	return w.letters(ctx, path, 0, p.DPI, v.mixed())
}

// letters runs tesseract. Each process keeps to one core: two pages side by side
// are read faster than one page by two cores. Most pages are one block of lines,
// which need not be searched for columns and figures: that reads faster, keeps the
// rows of tables and misreads less. mixed says that the page is none of these.
func (r *Reader) letters(ctx context.Context, path string, page, dpi int, mixed bool) (got recognised, err error) {
	args := []string{path, "stdout", "-l", "vie", "-c", "tessedit_create_tsv=1", "-c", "tessedit_page_number=" + strconv.Itoa(page)}
	if dpi > 0 {
		args = append(args, "--dpi", strconv.Itoa(dpi))
	}
	if !mixed {
		args = append(args, "--psm", "6", "-c", "tessedit_do_invert=0")
	}
	out, err := r.Tools.Run(ctx, documents.Call{Program: r.Tools.Tesseract, Args: args, OutMaxBytes: pageTextMax, TimeMax: pageTimeMax, MemoryMaxBytes: pageMemoryMax, Env: []string{"OMP_THREAD_LIMIT=1"}})
	if errors.Is(err, documents.ErrTooMuch) {
		err = nil
	}
	if err != nil {
		return got, err
	}
	return parseTSV(string(out)), nil
}

// tsvWord is a word as tesseract tells it.
type tsvWord struct {
	place                    [3]string // block, paragraph, line
	left, top, width, height int
	sure                     float64
	word                     string
}

func tsvWords(tsv string) (all []tsvWord) {
	for row := range strings.Lines(tsv) {
		f := strings.SplitN(strings.TrimRight(row, "\r\n"), "\t", 12)
		if len(f) < 12 || f[0] != "5" {
			continue
		}
		w := tsvWord{place: [3]string{f[2], f[3], f[4]}, word: strings.TrimSpace(f[11]), sure: -1}
		for i, to := range []*int{&w.left, &w.top, &w.width, &w.height} {
			if n, err := strconv.Atoi(f[6+i]); err == nil {
				*to = n
			}
		}
		if c, err := strconv.ParseFloat(f[10], 64); err == nil {
			w.sure = min(c, 100) / 100
		}
		if w.word != "" {
			all = append(all, w)
		}
	}
	return all
}

// parseTSV makes text of what tesseract tells word by word: a line for a line, an
// empty line between paragraphs, and where a line has a gap, such as between the
// two halves of a letterhead, several spaces, as the text of a PDF has.
func parseTSV(tsv string) (r recognised) {
	var b strings.Builder
	var sure, weight float64
	var last tsvWord
	for _, w := range tsvWords(tsv) {
		switch {
		case r.words == 0:
		case w.place == last.place && w.left-last.left-last.width > gapHeights*max(w.height, last.height):
			b.WriteString("    ")
		case w.place == last.place:
			b.WriteByte(' ')
		case w.place[0] != last.place[0] || w.place[1] != last.place[1]:
			b.WriteString("\n\n")
		default:
			b.WriteByte('\n')
		}
		last = w
		b.WriteString(w.word)
		if w.sure >= 0 {
			n := float64(utf8.RuneCountInString(w.word))
			sure, weight = sure+n*w.sure, weight+n
		}
		r.words++
	}
	r.text = text.Clean(b.String())
	if weight > 0 {
		r.confidence = sure / weight
	}
	r.syllables = judge(r.text).share()
	return r
}

// pageOf completes a page by what was read.
func pageOf(p Page, got recognised) Page {
	p.Text, p.Confidence = got.text, math.Round(got.confidence*1000)/1000
	j := judge(got.text)
	switch {
	case j.letters == 0:
		p.Blank, p.Confidence = true, 1
	case j.foreign != "":
		p.Warnings = append(p.Warnings, warn("extract.foreign", p.Number, "page", p.Number))
	case j.words >= wordsLeast && got.syllables < 1-invalidMost:
		// Sure of letters that make no words.
		p.Confidence = math.Round(got.confidence*got.syllables*1000) / 1000
	}
	if p.Confidence < 0.8 {
		p.Warnings = append(p.Warnings, warn("extract.unsure", p.Number, "page", p.Number))
	}
	if p.Turned != 0 {
		p.Warnings = append(p.Warnings, warn("extract.turned", p.Number, "page", p.Number, "degrees", p.Turned))
	}
	return p
}

// dpiOf is the resolution stated, or that of an A4 sheet.
func dpiOf(stated, w, h int) int {
	const a4Inches = 11.69
	if stated >= 70 && stated <= 1200 {
		return stated
	}
	return max(70, min(1200, int(math.Round(float64(max(w, h))/a4Inches))))
}

package extract

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

const (
	// chunkPages are asked for at once: memory stays bounded, however long a scan is.
	chunkPages    = 32
	chunkTextMax  = 32 << 20
	pdfPagesMost  = 20_000
	pdfTimeMax    = 2 * time.Minute
	drawnDPI      = 300 // of pages that hold no picture
	drawnLeast    = 150
	pagePixelsMax = 40_000_000
)

// pdf is one PDF being read.
type pdf struct {
	*work
	pages map[int]pdfPage
}

// pdfPage is what the tools tell of a page before it is read.
type pdfPage struct {
	wide, high float64 // points
	rotated    bool
	pictures   []pdfPicture
}

type pdfPicture struct {
	width, height int
	dpi           int
	jpeg          bool
}

func (w *work) tool(max int, program string, args ...string) ([]byte, error) {
	return w.Tools.Run(w.ctx, documents.Call{Program: program, Args: args, OutMaxBytes: max, TimeMax: pdfTimeMax})
}

func (w *work) readPDF() error {
	if w.Tools.PDFInfo == "" || w.Tools.PDFToText == "" {
		return fault.New(fault.Refused, "extract.no_poppler")
	}
	count, err := w.pdfCount()
	if err != nil {
		return err
	}
	from, to, err := w.wanted(count)
	if err != nil {
		return err
	}
	for a := from; a <= to; a += chunkPages {
		p := pdf{work: w}
		if err := p.chunk(a, min(to, a+chunkPages-1)); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) pdfCount() (int, error) {
	out, err := w.tool(64<<10, w.Tools.PDFInfo, "-enc", "UTF-8", w.path)
	if err != nil {
		return 0, w.pdfFault(err)
	}
	for line := range strings.Lines(string(out)) {
		k, v, _ := strings.Cut(line, ":")
		v = strings.TrimSpace(v)
		switch k {
		case "Title", "Subject", "Keywords":
			if err := documents.RefuseMark(v); err != nil {
				return 0, err
			}
		case "Encrypted":
			if strings.HasPrefix(v, "yes") {
				w.result.Warnings = append(w.result.Warnings, warn("extract.protected", 0))
			}
		case "Pages":
			n, err := strconv.Atoi(v)
			if err != nil || n < 1 {
				return 0, refuse("extract.damaged_pdf", w.name)
			}
			if n > pdfPagesMost {
				return 0, refuse("extract.pages_many", w.name, "pages", n, "max", pdfPagesMost)
			}
			return n, nil
		}
	}
	return 0, refuse("extract.damaged_pdf", w.name)
}

// pdfFault is the sentence for what a tool refuses. No time left is our trouble.
func (w *work) pdfFault(err error) error {
	switch {
	case w.ctx.Err() != nil:
		return w.ctx.Err()
	case fault.KindOf(err) != fault.Internal:
		return err
	case strings.Contains(strings.ToLower(err.Error()), "password"):
		return refuse("extract.locked", w.name).Because(err)
	}
	return refuse("extract.damaged_pdf", w.name).Because(err)
}

// chunk reads pages a to b: the text layer of all at once, then the letters of
// those whose layer is no good, several side by side, given out in their order.
func (p *pdf) chunk(a, b int) error {
	layers, err := p.layers(a, b)
	if err != nil {
		return err
	}
	bad := 0
	for _, l := range layers {
		if !l.fit {
			bad++
		}
	}
	if bad > 0 {
		if p.pages, err = p.describe(a, b); err != nil {
			return err
		}
	}
	ctx, stop := context.WithCancel(p.ctx)
	var all sync.WaitGroup
	defer all.Wait() // after stop: nobody works on in a folder that is being removed
	defer stop()
	out := make([]chan read, len(layers))
	for i, l := range layers {
		out[i] = make(chan read, 1)
		if l.fit {
			out[i] <- read{page: l.page}
		}
	}
	all.Go(func() { p.hand(ctx, layers, out, &all) })
	for i := range out {
		got := <-out[i]
		if got.err != nil {
			return got.err
		}
		if err := p.give(got.page); err != nil {
			return err
		}
	}
	return nil
}

// read is a page that was read, or why it was not.
type read struct {
	page Page
	err  error
}

// hand gives the bad pages to the hands of the process, in their order.
func (p *pdf) hand(ctx context.Context, layers []layer, out []chan read, all *sync.WaitGroup) {
	for i, l := range layers {
		if l.fit {
			continue
		}
		if err := p.take(ctx); err != nil {
			out[i] <- read{err: err}
			continue
		}
		all.Go(func() {
			defer p.leave()
			page, err := p.better(ctx, l)
			out[i] <- read{page, err}
		})
	}
}

// take waits for a free hand.
func (r *Reader) take(ctx context.Context) error {
	select {
	case r.hands <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *Reader) leave() { <-r.hands }

// layer is the text layer of a page.
type layer struct {
	page Page
	judgement
	fit bool
}

func (p *pdf) layers(a, b int) ([]layer, error) {
	out, err := p.tool(chunkTextMax, p.Tools.PDFToText, "-q", "-layout", "-enc", "UTF-8", "-f", strconv.Itoa(a), "-l", strconv.Itoa(b), p.path, "-")
	if err != nil && !errors.Is(err, documents.ErrTooMuch) {
		return nil, p.pdfFault(err)
	}
	parts := strings.Split(string(out), "\f")
	all := make([]layer, b-a+1)
	for i := range all {
		var s string
		if i < len(parts) {
			s = parts[i]
		}
		all[i] = layerOf(a+i, s)
	}
	return all, nil
}

// layerOf judges the text layer of a page, after mending what can be mended.
func layerOf(number int, s string) layer {
	s = clean(s)
	l := layer{page: Page{Number: number, How: TextLayer, Confidence: 1}}
	if old, changed := text.FromLegacy(s); changed {
		s = clean(old)
		l.page.Warnings = append(l.page.Warnings, warn("extract.legacy", number, "page", number))
	}
	if whole, torn := Rejoin(s); torn {
		s = whole
		l.page.Confidence = 0.9
		l.page.Warnings = append(l.page.Warnings, warn("extract.rejoined", number, "page", number))
	}
	l.page.Text = s
	l.judgement = judge(s)
	l.fit = l.judgement.fit()
	if l.foreign != "" {
		l.page.Warnings = append(l.page.Warnings, warn("extract.foreign", number, "page", number))
	}
	return l
}

// better reads a page whose text layer is no good, and keeps the better of both.
func (p *pdf) better(ctx context.Context, l layer) (Page, error) {
	about := p.pages[l.page.Number]
	if l.letters > 0 && len(about.pictures) == 0 && l.rubbish == 0 && l.share() >= 1-invalidMost {
		return l.page, nil // a short page, such as the last with its signature
	}
	if err := p.ready(); err != nil {
		if l.letters == 0 {
			return Page{}, err
		}
		return withWarning(l.page, "extract.not_recognised", 0.3), nil
	}
	got, err := p.pictureOf(ctx, l.page.Number, about)
	if err != nil {
		return Page{}, p.pdfFault(err)
	}
	if mine := judge(got.Text); l.letters >= lettersLeast && l.rubbish == 0 && l.share() > mine.share() && l.good > mine.good {
		return l.page, nil
	}
	if got.Blank && l.letters > 0 {
		return l.page, nil // white letters, or a layer over nothing
	}
	return got, nil
}

func withWarning(p Page, key string, confidence float64) Page {
	p.Confidence = min(p.Confidence, confidence)
	p.Warnings = append(p.Warnings, warn(key, p.Number, "page", p.Number))
	return p
}

// pictureOf recognises a page by its picture: that of the scanner as it is, where
// the page is nothing else; else the page is drawn.
func (p *pdf) pictureOf(ctx context.Context, n int, about pdfPage) (Page, error) {
	if about.plainScan() && p.Tools.PDFImages != "" {
		got, err := p.scanned(ctx, n, about)
		if err == nil && (got.Blank || got.Confidence >= poor) {
			return got, nil
		}
		if ctx.Err() != nil || fault.KindOf(err) == fault.Unavailable {
			return got, err
		}
		// Mirrored, masked or packed in a way of its own: see what a reader would see.
	}
	return p.drawn(ctx, n, about)
}

// plainScan reports a page that is one photograph from edge to edge.
func (a pdfPage) plainScan() bool {
	if len(a.pictures) != 1 || a.rotated || !a.pictures[0].jpeg || a.pictures[0].dpi == 0 {
		return false
	}
	s := a.pictures[0]
	covers := func(pixels int, points float64) bool {
		return math.Abs(float64(pixels)*72/float64(s.dpi)-points) < 0.1*points
	}
	return covers(s.width, a.wide) && covers(s.height, a.high) && s.width <= pixelsMax/max(1, s.height)
}

func (p *pdf) scanned(ctx context.Context, n int, about pdfPage) (Page, error) {
	root := p.file("scan-" + strconv.Itoa(n))
	at := strconv.Itoa(n)
	if _, err := p.Tools.Run(ctx, documents.Call{Program: p.Tools.PDFImages, Args: []string{"-q", "-j", "-f", at, "-l", at, p.path, root}, OutMaxBytes: 4096, TimeMax: pdfTimeMax}); err != nil {
		return Page{}, err
	}
	path := root + "-000.jpg"
	defer p.forget(path)
	d, err := p.openPicture(ctx, JPEG, path, p.name)
	if err != nil {
		return Page{}, err
	}
	return p.recognise(ctx, scan{number: n, dpi: about.pictures[0].dpi, path: path, decoded: d})
}

// forget removes a file that is no longer needed; the folder goes at the end anyway.
func (w *work) forget(path string) {
	_ = os.Remove(path) // it may never have been made
}

// drawn draws the page at the resolution of its pictures.
func (p *pdf) drawn(ctx context.Context, n int, about pdfPage) (Page, error) {
	if p.Tools.PDFToPPM == "" {
		return Page{}, fault.New(fault.Refused, "extract.no_poppler")
	}
	dpi := about.resolution()
	root, at := p.file("drawn-"+strconv.Itoa(n)), strconv.Itoa(n)
	if _, err := p.Tools.Run(ctx, documents.Call{Program: p.Tools.PDFToPPM, Args: []string{"-q", "-gray", "-r", strconv.Itoa(dpi), "-f", at, "-l", at, "-singlefile", p.path, root}, OutMaxBytes: 4096, TimeMax: pdfTimeMax}); err != nil {
		return Page{}, err
	}
	defer p.forget(root + ".pgm")
	b, err := os.ReadFile(root + ".pgm")
	if err != nil {
		return Page{}, err
	}
	g, err := readPGM(b)
	if err != nil {
		return Page{}, err
	}
	return p.recognise(ctx, scan{number: n, dpi: dpi, path: root + ".pgm", decoded: decoded{grey: g}})
}

func (a pdfPage) resolution() int {
	dpi := 0
	for _, s := range a.pictures {
		if s.width*s.height > 200*200 {
			dpi = max(dpi, s.dpi)
		}
	}
	if dpi == 0 {
		dpi = drawnDPI
	}
	dpi = max(drawnLeast, min(dpi, drawnDPI))
	if inches := a.wide * a.high / 72 / 72; inches > 0 {
		dpi = min(dpi, int(math.Sqrt(pagePixelsMax/inches)))
	}
	return max(10, dpi)
}

var (
	sizeLine = regexp.MustCompile(`^Page +(\d+) size: +([\d.]+) x ([\d.]+) pts`)
	rotLine  = regexp.MustCompile(`^Page +(\d+) rot: +(-?\d+)`)
)

// describe asks for the sizes of pages and the pictures on them.
func (p *pdf) describe(a, b int) (map[int]pdfPage, error) {
	f, l := strconv.Itoa(a), strconv.Itoa(b)
	out, err := p.tool(1<<20, p.Tools.PDFInfo, "-f", f, "-l", l, p.path)
	if err != nil {
		return nil, p.pdfFault(err)
	}
	pages := map[int]pdfPage{}
	for line := range strings.Lines(string(out)) {
		if m := sizeLine.FindStringSubmatch(line); m != nil {
			var q pdfPage
			var n int
			if _, err := fmt.Sscan(m[1]+" "+m[2]+" "+m[3], &n, &q.wide, &q.high); err == nil {
				pages[n] = q
			}
		}
		if m := rotLine.FindStringSubmatch(line); m != nil && m[2] != "0" {
			if n, err := strconv.Atoi(m[1]); err == nil {
				q := pages[n]
				q.rotated = true
				pages[n] = q
			}
		}
	}
	if p.Tools.PDFImages == "" {
		return pages, nil
	}
	out, err = p.tool(4<<20, p.Tools.PDFImages, "-list", "-f", f, "-l", l, p.path)
	if err != nil && !errors.Is(err, documents.ErrTooMuch) {
		return nil, p.pdfFault(err)
	}
	for line := range strings.Lines(string(out)) {
		n, s, ok := listed(line)
		if ok {
			q := pages[n]
			q.pictures = append(q.pictures, s)
			pages[n] = q
		}
	}
	return pages, nil
}

// listed reads a line of pdfimages: page num type width height color comp bpc enc
// interp object ID x-ppi y-ppi size ratio.
func listed(line string) (page int, s pdfPicture, ok bool) {
	f := strings.Fields(line)
	if len(f) < 14 || f[2] != "image" {
		return 0, s, false
	}
	var y int
	if _, err := fmt.Sscan(f[0]+" "+f[3]+" "+f[4]+" "+f[12]+" "+f[13], &page, &s.width, &s.height, &s.dpi, &y); err != nil {
		return 0, s, false
	}
	s.dpi = max(s.dpi, y)
	s.jpeg = f[8] == "jpeg" && (f[6] == "1" || f[6] == "3")
	return page, s, true
}

// clean makes text fit to keep without losing where columns stand: it may begin
// with spaces.
func clean(s string) string {
	const mark = "\u2060"
	return strings.TrimRight(strings.TrimPrefix(text.Clean(mark+strings.TrimLeft(s, "\n\r\f")), mark), " \n\t")
}

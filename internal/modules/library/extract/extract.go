package extract

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
)

// How is the way by which the text of a page was got.
//
// vi: cách lấy văn bản
type How string

// The ways.
const (
	TextLayer  How = "text"   // of a PDF
	Recognised How = "ocr"    // from a picture
	Office     How = "office" // from a word processor's file
	Plain      How = "plain"  // from text or a web page
)

// Warning is something a person should know of a page or of the whole file.
//
// vi: lưu ý khi đọc tệp
type Warning struct {
	Key  string         `json:"key"`
	Args map[string]any `json:"args,omitempty"`
	Page int            `json:"page,omitempty"` // 0: the whole file
}

// Fault is the warning as something that has a sentence.
func (w Warning) Fault() *fault.Fault {
	return &fault.Fault{Kind: fault.Invalid, Key: w.Key, Args: w.Args}
}

func warn(key string, page int, args ...any) Warning {
	return Warning{Key: key, Page: page, Args: fault.New(fault.Invalid, key, args...).Args}
}

// Page is one page of a file. Text is composed Unicode (NFC) with line ends as \n;
// cells of a table's row are parted by tabs, columns of a PDF by several spaces.
//
// vi: trang văn bản đã đọc
type Page struct {
	Number     int       `json:"number"` // from 1
	Text       string    `json:"text"`
	How        How       `json:"how"`
	Confidence float64   `json:"confidence"` // 0…1: below 0.8 a person should look
	Width      int       `json:"width,omitempty"`
	Height     int       `json:"height,omitempty"` // pixels of its picture at DPI; 0 when it has none
	DPI        int       `json:"dpi,omitempty"`
	Turned     int       `json:"turned,omitempty"` // degrees by which it was turned clockwise before reading
	Skew       float64   `json:"skew,omitempty"`   // degrees by which its lines fell to the right
	Blank      bool      `json:"blank,omitempty"`
	Warnings   []Warning `json:"warnings,omitempty"`
}

// Result is what a file held.
//
// vi: kết quả đọc tệp
type Result struct {
	Kind      Kind
	PageCount int    // of the whole file
	Pages     []Page // those asked for, in order; empty when Request.Each took them
	Warnings  []Warning
}

// Text is all pages, with a form feed between them.
func (r Result) Text() string {
	all := make([]string, len(r.Pages))
	for i, p := range r.Pages {
		all[i] = p.Text
	}
	return strings.Join(all, "\f")
}

// Confidence is that of the pages, weighted by their length.
func (r Result) Confidence() float64 { return Confidence(r.Pages) }

// Confidence is how far the text of pages can be trusted, each weighted by its
// length; of blank pages it is 1.
func Confidence(pages []Page) float64 {
	var sum, all float64
	for _, p := range pages {
		n := float64(utf8.RuneCountInString(p.Text))
		sum, all = sum+n*p.Confidence, all+n
	}
	if all == 0 {
		return 1
	}
	return sum / all
}

// Request says which pages are wanted and who takes them.
//
// vi: -
type Request struct {
	From, To int // from 1, both included; zero: from the first, to the last
	// Each takes every page as soon as it and those before it are read. Its error ends
	// the reading and is given back.
	Each func(Page) error
	// Counted hears how many pages the file has, before the first is read.
	Counted func(pages int) error
	// Progress hears how many of the wanted pages are read.
	Progress func(done, all int)
}

// Deps is what reading stands on.
//
// vi: -
type Deps struct {
	Tools documents.Tools
	// Scratch is a private folder for files under work; empty means the system's
	// temporary folder.
	Scratch string
	// Hands is how many pages are recognised side by side in this process; 2 when zero.
	Hands int
}

// Reader reads files. One serves the whole process, so that several files at once
// do not take more than the hands it was given.
//
// vi: bộ đọc tệp
type Reader struct {
	Deps
	hands  chan struct{}
	office chan struct{} // LibreOffice takes 300 MB: one at a time
}

const handsUsual = 2

// New makes a Reader.
func New(d Deps) *Reader {
	if d.Hands == 0 {
		d.Hands = handsUsual
	}
	return &Reader{Deps: d, hands: make(chan struct{}, d.Hands), office: make(chan struct{}, 1)}
}

// errEnough ends a reading whose wanted pages are all there.
var errEnough = errors.New("all wanted pages are read")

// work is one file being read.
type work struct {
	*Reader
	ctx    context.Context
	path   string
	name   string // as its sender calls it; shown only
	dir    string // private folder, removed at the end
	req    Request
	result Result
	done   int
}

// Read reads the pages of a file. name is what people call it. What cannot be
// read is a fault with a sentence.
func (r *Reader) Read(ctx context.Context, path, name string, q Request) (res Result, err error) {
	if q.From < 0 || q.To < 0 || q.To > 0 && q.From > q.To {
		return res, fault.New(fault.Invalid, "extract.no_pages", "from", q.From, "to", q.To)
	}
	kind, err := KindOf(path, name)
	if err != nil {
		return res, err
	}
	w := &work{Reader: r, ctx: ctx, path: path, name: name, req: q, result: Result{Kind: kind}}
	w.req.From = max(1, q.From)
	if w.dir, err = os.MkdirTemp(r.Scratch, "hdnd-extract-*"); err != nil {
		return res, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(w.dir)) }()
	switch kind {
	case PDF:
		err = w.readPDF()
	case DOCX:
		err = w.readDOCX(w.path)
	case DOC, ODT, RTF:
		err = w.readOffice()
	case HTML:
		err = w.readHTML()
	case TXT:
		err = w.readPlain()
	case TIFF, JPEG, PNG, WEBP:
		err = w.readPicture()
	case ZIP:
		err = fault.New(fault.Invalid, "extract.is_zip", "name", name)
	}
	if err != nil && !errors.Is(err, errEnough) {
		return w.result, err
	}
	return w.result, nil
}

// ReadFrom is Read of bytes that lie in no file.
func (r *Reader) ReadFrom(ctx context.Context, from io.Reader, name string, q Request) (res Result, err error) {
	f, err := os.CreateTemp(r.Scratch, "hdnd-extract-*")
	if err != nil {
		return res, err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	if _, err := io.Copy(f, from); err != nil {
		return res, errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return res, err
	}
	return r.Read(ctx, f.Name(), name, q)
}

// file names a file in the private folder.
func (w *work) file(name string) string { return filepath.Join(w.dir, name) }

// wanted is which of so many pages are wanted.
func (w *work) wanted(count int) (from, to int, err error) {
	w.result.PageCount = count
	from, to = w.req.From, count
	if w.req.To > 0 {
		to = min(w.req.To, count)
	}
	if from > count {
		return 0, 0, fault.New(fault.Invalid, "extract.no_pages", "from", from, "to", count)
	}
	if w.req.Counted != nil {
		if err := w.req.Counted(count); err != nil {
			return 0, 0, err
		}
	}
	return from, to, nil
}

// give hands a page out. The first page of a file tells whether it may be kept
// here at all.
func (w *work) give(p Page) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if p.Number == 1 {
		if err := documents.RefuseMark(p.Text); err != nil {
			return err
		}
	}
	if w.req.Each == nil {
		w.result.Pages = append(w.result.Pages, p)
	} else if err := w.req.Each(p); err != nil {
		return err
	}
	w.done++
	if w.req.Progress != nil {
		to := w.result.PageCount
		if w.req.To > 0 {
			to = min(to, w.req.To)
		}
		w.req.Progress(w.done, to-w.req.From+1)
	}
	return nil
}

// giveAll hands out what was read as a whole.
func (w *work) giveAll(pages []Page) error {
	from, to, err := w.wanted(len(pages))
	if err != nil {
		return err
	}
	for _, p := range pages[from-1 : to] {
		if err := w.give(p); err != nil {
			return err
		}
	}
	return nil
}

// refuse is a fault about a file.
func refuse(key, name string, args ...any) *fault.Fault {
	return fault.New(fault.Invalid, key, append([]any{"name", name}, args...)...).At("files")
}

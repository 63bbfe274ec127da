package extract

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
)

const (
	searchableTimeMax = 9 * time.Minute // within what a job may take
	searchablePages   = 120             // what can be done in that time on two cores
)

// Searchable is what became of a scan.
//
// vi: bản PDF tìm kiếm được
type Searchable struct {
	Pages   int
	Archive bool // PDF/A
}

// MakeSearchable writes a scan as a PDF whose words can be searched and copied:
// PDF/A where ocrmypdf is installed, else a plain PDF made by tesseract. It says why
// when neither can be done.
func (r *Reader) MakeSearchable(ctx context.Context, path, name, to string) (made Searchable, err error) {
	if err := r.ready(); err != nil {
		return made, err
	}
	kind, err := KindOf(path, name)
	if err != nil {
		return made, err
	}
	if kind != PDF && !kind.Picture() {
		return made, refuse("extract.not_a_scan", name)
	}
	w := &work{Reader: r, ctx: ctx, path: path, name: name, result: Result{Kind: kind}}
	if w.dir, err = os.MkdirTemp(r.Scratch, "hdnd-searchable-*"); err != nil {
		return made, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(w.dir)) }()
	if kind == PDF {
		if made.Pages, err = w.pdfCount(); err != nil {
			return made, err
		}
		if made.Pages > searchablePages {
			return made, fault.New(fault.Refused, "extract.searchable_long", "pages", made.Pages, "max", searchablePages)
		}
	}
	if r.Tools.OCRMyPDF != "" {
		made.Archive = true
		return made, w.archive(to)
	}
	if kind == PDF {
		if err := w.drawForPDF(made.Pages); err != nil {
			return made, err
		}
		return made, w.unite(made.Pages, to)
	}
	return made, w.pagePDF(path, to)
}

// archive runs ocrmypdf; pages with a text layer of their own keep it.
func (w *work) archive(to string) error {
	args := []string{"-l", "vie", "--skip-text", "--rotate-pages", "--deskew", "--output-type", "pdfa", "--jobs", strconv.Itoa(cap(w.hands)), "--quiet"}
	if w.result.Kind != PDF {
		args = append(args, "--image-dpi", "200")
	}
	_, err := w.Tools.Run(w.ctx, documents.Call{Program: w.Tools.OCRMyPDF, Args: append(args, w.path, to), OutMaxBytes: 64 << 10, TimeMax: searchableTimeMax,
		MemoryMaxBytes: officeMemoryMax, FilesMax: 1024, Env: []string{"OMP_THREAD_LIMIT=1", "HOME=" + w.dir}})
	return w.searchableFault(err)
}

func (w *work) searchableFault(err error) error {
	if err == nil || w.ctx.Err() != nil || fault.KindOf(err) != fault.Internal {
		return err
	}
	return refuse("extract.not_searchable", w.name).Because(err)
}

// drawForPDF draws each page and has tesseract write it with its words behind it.
func (w *work) drawForPDF(count int) error {
	if w.Tools.PDFToPPM == "" || w.Tools.PDFUnite == "" {
		return fault.New(fault.Refused, "extract.no_poppler")
	}
	for n := 1; n <= count; n++ {
		at, root := strconv.Itoa(n), w.file("drawn")
		if _, err := w.tool(4096, w.Tools.PDFToPPM, "-q", "-jpeg", "-r", "200", "-f", at, "-l", at, "-singlefile", w.path, root); err != nil {
			return w.pdfFault(err)
		}
		if err := w.pagePDF(root+".jpg", w.file("page-"+at+".pdf")); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) pagePDF(picture, to string) error {
	if err := w.take(w.ctx); err != nil {
		return err
	}
	defer w.leave()
	root := to[:len(to)-len(filepath.Ext(to))] + ".made"
	_, err := w.Tools.Run(w.ctx, documents.Call{Program: w.Tools.Tesseract, Args: []string{picture, root, "-l", "vie", "-c", "tessedit_create_pdf=1"}, OutMaxBytes: 4096,
		TimeMax: pageTimeMax, MemoryMaxBytes: pageMemoryMax, Env: []string{"OMP_THREAD_LIMIT=1"}})
	if err != nil {
		return w.searchableFault(err)
	}
	return os.Rename(root+".pdf", to)
}

func (w *work) unite(count int, to string) error {
	args := make([]string, 0, count+1)
	for n := 1; n <= count; n++ {
		args = append(args, w.file("page-"+strconv.Itoa(n)+".pdf"))
	}
	if count == 1 {
		return copyFile(args[0], to)
	}
	_, err := w.tool(4096, w.Tools.PDFUnite, append(args, to)...)
	return w.searchableFault(err)
}

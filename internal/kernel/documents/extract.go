package documents

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

const (
	textMaxBytes    = 2 << 20
	previewMaxBytes = 8 << 20
	previewSide     = "1240" // pixels: an A4 page at 150 dpi is 1240 wide
)

// ExtractText reads the text out of a paper's blob and keeps it for search. It
// is made to be a job: it may run again. A PDF without text (a scan) leaves an
// empty text. If the text bears a mark of secrecy after all, nothing is kept
// and the fault "documents.secret_level" says so; whoever runs the job tells
// the desk.
func (r *Registry) ExtractText(ctx context.Context, hash string) error {
	p, err := r.anyPaperOf(ctx, hash)
	if err != nil {
		return err
	}
	content, err := r.read(ctx, p)
	if err != nil {
		return err
	}
	if mark := FindMark(content); mark != "" {
		return secret(mark)
	}
	now := r.Clock.Now()
	return r.DB.Tx(ctx, func(tx *db.Tx) error {
		if held, err := hasPaper(ctx, tx, hash); err != nil || !held {
			return err // removed while it was read: see Remove
		}
		return saveText(ctx, tx, hash, content, now)
	})
}

// TextOfDraft reads the text out of a file that was taken in and is no paper
// yet. A scan gives an empty text; a text with a mark of secrecy gives the fault
// "documents.secret_level".
func (r *Registry) TextOfDraft(ctx context.Context, d Draft) (string, error) {
	content, err := r.read(ctx, Paper{Hash: d.Hash, MediaType: d.MediaType})
	if mark := FindMark(content); err == nil && mark != "" {
		return "", secret(mark)
	}
	return content, err
}

// read gives the text of a paper's blob.
func (r *Registry) read(ctx context.Context, p Paper) (content string, err error) {
	if f, ok := formatOf(p.MediaType); !ok || f.picture() {
		return "", nil
	}
	path, done, err := r.copyOut(ctx, p.Hash)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, done()) }()
	switch p.MediaType {
	case mediaPDF:
		out, err := r.heavily(ctx, textMaxBytes, r.Tools.PDFToText, "-q", "-layout", "-enc", "UTF-8", path, "-")
		if err != nil && !errors.Is(err, ErrTooMuch) {
			return "", err
		}
		return text.Clean(string(out)), nil
	case mediaTXT:
		b, err := os.ReadFile(path)
		return text.Clean(string(b[:min(len(b), textMaxBytes)])), err
	}
	z, err := zip.OpenReader(path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, z.Close()) }()
	return OfficeText(&z.Reader, p.MediaType, textMaxBytes)
}

// heavily runs a tool when few others run.
func (r *Registry) heavily(ctx context.Context, max int, program string, args ...string) ([]byte, error) {
	select {
	case r.heavy <- struct{}{}:
		defer func() { <-r.heavy }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return r.Tools.run(ctx, max, program, args...)
}

// copyOut puts a blob into the scratch folder, for tools that want a path.
func (r *Registry) copyOut(ctx context.Context, hash string) (path string, done func() error, err error) {
	dir, err := os.MkdirTemp(r.Scratch, "hdnd-read-*")
	if err != nil {
		return "", nil, diskFault(err)
	}
	done = func() error { return os.RemoveAll(dir) }
	path = filepath.Join(dir, "paper")
	if err := r.copyTo(ctx, hash, path); err != nil {
		return "", nil, errors.Join(err, done())
	}
	return path, done, nil
}

func (r *Registry) copyTo(ctx context.Context, hash, path string) (err error) {
	from, err := r.Blobs.Open(ctx, hash)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return diskFault(err)
	}
	_, err = io.Copy(to, &patient{ctx, from})
	return diskFault(errors.Join(err, to.Close()))
}

// Preview gives the picture (PNG) of a PDF's page, counted from 1. It is drawn
// once and kept. Pictures are their own preview; other files have none, which
// is the fault "documents.no_preview".
func (r *Registry) Preview(ctx context.Context, hash string, page int) (Blob, error) {
	p, err := r.anyPaperOf(ctx, hash)
	if err != nil {
		return Blob{}, err
	}
	if f, ok := formatOf(p.MediaType); ok && f.picture() && page == 1 {
		return Blob{Hash: p.Hash, Size: p.Size}, nil
	}
	if p.MediaType != mediaPDF || page < 1 || p.Pages > 0 && page > p.Pages {
		return Blob{}, fault.New(fault.Missing, "documents.no_preview")
	}
	var kept []Blob
	err = r.DB.Read(ctx, func(tx *db.Tx) (err error) {
		kept, err = findPreview(ctx, tx, hash, page)
		return err
	})
	if err != nil || len(kept) > 0 {
		return first(kept), err
	}
	b, err := r.drawPage(ctx, hash, page)
	if err != nil {
		return Blob{}, err
	}
	now := r.Clock.Now()
	return b, r.DB.Tx(ctx, func(tx *db.Tx) error { return savePreview(ctx, tx, hash, page, b, now) })
}

func first(all []Blob) Blob {
	if len(all) == 0 {
		return Blob{}
	}
	return all[0]
}

func (r *Registry) drawPage(ctx context.Context, hash string, page int) (b Blob, err error) {
	path, done, err := r.copyOut(ctx, hash)
	if err != nil {
		return Blob{}, err
	}
	defer func() { err = errors.Join(err, done()) }()
	n := strconv.Itoa(page)
	if _, err := r.heavily(ctx, 4096, r.Tools.PDFToPPM, "-q", "-png", "-f", n, "-l", n, "-singlefile",
		"-scale-to-x", previewSide, "-scale-to-y", "-1", path, path); err != nil {
		return Blob{}, err
	}
	png, err := os.Open(path + ".png")
	if errors.Is(err, os.ErrNotExist) {
		return Blob{}, fault.New(fault.Missing, "documents.no_preview").Because(err)
	}
	if err != nil {
		return Blob{}, err
	}
	defer func() { err = errors.Join(err, png.Close()) }()
	info, err := png.Stat()
	if err != nil {
		return Blob{}, err
	}
	if info.Size() > previewMaxBytes {
		return Blob{}, fault.New(fault.Missing, "documents.no_preview")
	}
	return r.Blobs.Put(ctx, png)
}

package extract

import (
	"archive/zip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
)

const (
	officeTimeMax   = 3 * time.Minute
	officeMemoryMax = 6 << 30 // of addresses: LibreOffice reserves far more than it uses
)

// readOffice has LibreOffice turn an old file into DOCX, whose fonts then tell old
// code pages. Without it, ODT is read for its words alone.
func (w *work) readOffice() error {
	if w.Tools.Soffice == "" {
		if w.result.Kind == ODT {
			return w.readODT()
		}
		return fault.New(fault.Refused, "extract.no_soffice", "name", w.name)
	}
	made, err := w.convert()
	if err != nil {
		return err
	}
	if _, err := os.Stat(made); err != nil {
		return refuse("extract.not_converted", w.name).Because(err)
	}
	return w.readDOCX(made)
}

// convert runs LibreOffice with a profile of its own that is thrown away: two runs
// must not meet in one, and nothing set by hand may be in it. It reaches no network:
// what a file wants to load from elsewhere is not loaded. The filter is named, or a
// broken file would be read as if it were text.
func (w *work) convert() (made string, err error) {
	select {
	case w.office <- struct{}{}:
		defer func() { <-w.office }()
	case <-w.ctx.Done():
		return "", w.ctx.Err()
	}
	in := w.file("paper." + string(w.result.Kind))
	if err := copyFile(w.path, in); err != nil {
		return "", err
	}
	_, err = w.Tools.Run(w.ctx, documents.Call{Program: w.Tools.Soffice, OutMaxBytes: 64 << 10, TimeMax: officeTimeMax, MemoryMaxBytes: officeMemoryMax, FilesMax: 1024,
		Args: []string{"--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard", "-env:UserInstallation=file://" + w.file("profile"),
			"--infilter=" + map[Kind]string{DOC: "MS Word 97", RTF: "Rich Text Format", ODT: "writer8"}[w.result.Kind], "--convert-to", "docx", "--outdir", w.dir, in},
		Env: []string{"HOME=" + w.dir, "http_proxy=http://127.0.0.1:9", "https_proxy=http://127.0.0.1:9"}})
	if err != nil {
		if w.ctx.Err() != nil || fault.KindOf(err) == fault.Unavailable {
			return "", err
		}
		return "", refuse("extract.not_converted", w.name).Because(err)
	}
	return filepath.Join(w.dir, "paper.docx"), nil
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

func (w *work) readODT() (err error) {
	z, err := zip.OpenReader(w.path)
	if err != nil {
		return refuse("extract.damaged_office", w.name).Because(err)
	}
	defer func() { err = errors.Join(err, z.Close()) }()
	s, err := documents.OfficeText(&z.Reader, ODT.Media(), officeTextMax)
	if err != nil {
		return refuse("extract.damaged_office", w.name).Because(err)
	}
	w.result.Warnings = append(w.result.Warnings, warn("extract.words_only", 0))
	return w.giveAll([]Page{{Number: 1, How: Office, Confidence: 0.9, Text: clean(s), Blank: s == ""}})
}

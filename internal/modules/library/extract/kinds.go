package extract

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// Kind is what a file is, by its bytes.
//
// vi: loại tệp
type Kind string

// The kinds that can be read.
const (
	PDF  Kind = "pdf"
	DOCX Kind = "docx"
	DOC  Kind = "doc"
	ODT  Kind = "odt"
	RTF  Kind = "rtf"
	HTML Kind = "html"
	TXT  Kind = "txt"
	TIFF Kind = "tiff"
	JPEG Kind = "jpeg"
	PNG  Kind = "png"
	WEBP Kind = "webp"
	ZIP  Kind = "zip"
)

// Accepted lists the endings of files that can be read, for a form's chooser.
func Accepted() []string {
	return []string{".pdf", ".docx", ".doc", ".odt", ".rtf", ".html", ".htm", ".txt", ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".webp", ".zip"}
}

// Media is the media type of a kind.
func (k Kind) Media() string {
	return map[Kind]string{
		PDF: "application/pdf", DOC: "application/msword", RTF: "application/rtf", HTML: "text/html", TXT: "text/plain; charset=utf-8",
		DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ODT: "application/vnd.oasis.opendocument.text",
		TIFF: "image/tiff", JPEG: "image/jpeg", PNG: "image/png", WEBP: "image/webp", ZIP: "application/zip",
	}[k]
}

// Picture reports whether a kind is read by recognising letters alone.
func (k Kind) Picture() bool { return slices.Contains([]Kind{TIFF, JPEG, PNG, WEBP}, k) }

// headBytes is how much of a file's beginning is looked at.
const headBytes = 4096

// KindOf tells what a file is. What cannot be read is refused with the sentence
// that helps most.
func KindOf(file, name string) (k Kind, err error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	return kindOf(f, info.Size(), name)
}

func kindOf(f io.ReaderAt, size int64, name string) (Kind, error) {
	if size == 0 {
		return "", refuse("extract.empty", name)
	}
	head := make([]byte, min(headBytes, size))
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	head = head[:n]
	for _, m := range []struct {
		mark string
		kind Kind
	}{{"II*\x00", TIFF}, {"MM\x00*", TIFF}, {"\xFF\xD8\xFF", JPEG}, {"\x89PNG\r\n\x1a\n", PNG}, {`{\rtf`, RTF}} {
		if bytes.HasPrefix(head, []byte(m.mark)) {
			return m.kind, nil
		}
	}
	switch {
	case bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")):
		return PDF, nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return zipKind(f, size, name)
	case bytes.HasPrefix(head, []byte("RIFF")) && len(head) > 12 && string(head[8:12]) == "WEBP":
		return WEBP, nil
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return oleKind(f, size, name)
	case len(head) > 12 && string(head[4:8]) == "ftyp":
		return "", refuse("extract.heic", name)
	case bytes.HasPrefix(head, []byte("Rar!")), bytes.HasPrefix(head, []byte("7z\xBC\xAF\x27\x1C")):
		return "", refuse("extract.archive", name)
	case isHTML(head):
		return HTML, nil
	case isText(head):
		return TXT, nil
	}
	return "", refuse("extract.type", name)
}

// oleKind looks into the container of old office files for the names of its parts,
// which are written in UTF-16.
func oleKind(f io.ReaderAt, size int64, name string) (Kind, error) {
	const lookMax = 64 << 20
	all, err := io.ReadAll(io.NewSectionReader(f, 0, min(size, lookMax)))
	if err != nil {
		return "", err
	}
	has := func(s string) bool {
		var wide []byte
		for _, c := range []byte(s) {
			wide = append(wide, c, 0)
		}
		return bytes.Contains(all, wide)
	}
	switch {
	case has("EncryptedPackage"):
		return "", refuse("extract.locked", name)
	case has("WordDocument"):
		return DOC, nil
	}
	return "", refuse("extract.type", name)
}

// zipKind tells an office file from a folder of files.
func zipKind(f io.ReaderAt, size int64, name string) (Kind, error) {
	z, err := zip.NewReader(f, size)
	if err != nil {
		return "", refuse("extract.damaged_zip", name).Because(err)
	}
	for i, e := range z.File {
		switch {
		case e.Name == "word/document.xml":
			return DOCX, nil
		case i == 0 && e.Name == "mimetype":
			if m, err := readPart(e, 128); err == nil && strings.HasPrefix(string(m), "application/vnd.oasis.opendocument.text") {
				return ODT, nil
			}
		case e.Name == "xl/workbook.xml", e.Name == "ppt/presentation.xml":
			return "", refuse("extract.type", name)
		}
	}
	return ZIP, nil
}

// readPart reads a member of a zip, at most max bytes of it.
func readPart(f *zip.File, max int64) (b []byte, err error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return io.ReadAll(io.LimitReader(r, max))
}

// isHTML looks for the beginning of a web page, also in UTF-16 as Word saves it.
func isHTML(head []byte) bool {
	for _, mark := range []string{"\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF"} {
		head = bytes.TrimPrefix(head, []byte(mark))
	}
	s := strings.ToLower(strings.TrimLeft(string(bytes.ReplaceAll(head, []byte{0}, nil)), " \t\r\n"))
	for _, begin := range []string{"<!doctype html", "<html", "<head", "<body", "<meta", "<title", "<div", "<p>", "<table"} {
		if strings.HasPrefix(s, begin) {
			return true
		}
	}
	return (strings.HasPrefix(s, "<?xml") || strings.HasPrefix(s, "<!--")) && strings.Contains(s, "<html")
}

// isText reports whether the head is no program's own data: few control
// characters, though VISCII has six letters there.
func isText(head []byte) bool {
	if bytes.HasPrefix(head, []byte{0xFF, 0xFE}) || bytes.HasPrefix(head, []byte{0xFE, 0xFF}) {
		return true
	}
	odd := 0
	for _, c := range head {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' {
			odd++
		}
	}
	if utf8.Valid(head) && odd == 0 {
		return true
	}
	zeros := bytes.Count(head, []byte{0})
	return odd*20 < len(head) && zeros == 0 || zeros*3 > len(head) && zeros*2 <= len(head)+2 // UTF-16 without its mark
}

// ending is the ending of a file's name, small.
func ending(name string) string { return strings.ToLower(path.Ext(name)) }

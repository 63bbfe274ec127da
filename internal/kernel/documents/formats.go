package documents

import (
	"archive/zip"
	"bytes"
	"io"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"example.vn/hdnd/internal/kernel/fault"
)

// format is a kind of file we take in.
type format struct {
	media   string
	endings []string // the first is the one we give
	check   func(c *check) error
}

// The media types of what we take in and make.
const (
	mediaPDF  = "application/pdf"
	mediaJPEG = "image/jpeg"
	mediaPNG  = "image/png"
	mediaWEBP = "image/webp"
	mediaTIFF = "image/tiff"
	mediaDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	mediaXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	mediaODT  = "application/vnd.oasis.opendocument.text"
	mediaTXT  = "text/plain; charset=utf-8"
)

// formats is the whole list of what is allowed; everything else is refused.
func formats() []format {
	return []format{
		{mediaPDF, []string{".pdf"}, checkPDF},
		{mediaJPEG, []string{".jpg", ".jpeg", ".jpe", ".jfif"}, redraw},
		{mediaPNG, []string{".png"}, redraw},
		{mediaWEBP, []string{".webp"}, redraw},
		{mediaTIFF, []string{".tif", ".tiff"}, redraw},
		{mediaDOCX, []string{".docx"}, checkOffice},
		{mediaODT, []string{".odt"}, checkOffice},
		{mediaXLSX, []string{".xlsx"}, checkOffice},
		{mediaTXT, []string{".txt"}, checkText},
	}
}

func formatOf(media string) (format, bool) {
	all := formats()
	i := slices.IndexFunc(all, func(f format) bool { return f.media == media })
	if i < 0 {
		return format{}, false
	}
	return all[i], true
}

// giving is the file ending we give to a media type.
func giving(media string) string {
	if f, ok := formatOf(media); ok {
		return f.endings[0]
	}
	return ""
}

func (f format) picture() bool { return strings.HasPrefix(f.media, "image/") }

// Accepted lists the file endings for a form's file chooser.
func Accepted() []string {
	var all []string
	for _, f := range formats() {
		all = append(all, f.endings...)
	}
	return all
}

// sniffBytes is how much of a file's beginning tells what it is.
const sniffBytes = 3072

// sniff tells a file's media type from its bytes; the name has no say. The
// result is one of formats, or whatever else the file is.
func sniff(r io.ReaderAt, size int64) string {
	head := make([]byte, min(sniffBytes, size))
	n, err := r.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return ""
	}
	head = head[:n]
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")) {
		return sniffZip(r, size)
	}
	found := mimetype.Detect(head)
	for _, risky := range []string{"text/html", "text/rtf", "text/xml", "image/svg+xml"} {
		if found.Is(risky) {
			return risky
		}
	}
	for m := found; m != nil; m = m.Parent() {
		if m.Is("text/plain") {
			return mediaTXT
		}
	}
	return found.String()
}

// sniffZip looks into a zip for what marks an office file as such.
func sniffZip(r io.ReaderAt, size int64) string {
	const plainZip = "application/zip"
	z, err := zip.NewReader(r, size)
	if err != nil {
		return plainZip
	}
	for _, f := range z.File {
		switch f.Name {
		case "mimetype":
			if part(f, 128) == mediaODT {
				return mediaODT
			}
		case "[Content_Types].xml":
			types := part(f, 1<<20)
			switch {
			case strings.Contains(types, "wordprocessingml.document.main+xml"), strings.Contains(types, "word.document.macroEnabled.main+xml"):
				return mediaDOCX
			case strings.Contains(types, "spreadsheetml.sheet.main+xml"), strings.Contains(types, "excel.sheet.macroEnabled.main+xml"):
				return mediaXLSX
			}
		}
	}
	return plainZip
}

// part reads at most max bytes of a zip's entry; what cannot be read is empty.
func part(f *zip.File, max int64) string {
	r, err := f.Open()
	if err != nil {
		return ""
	}
	b, err := io.ReadAll(io.LimitReader(r, max))
	if cerr := r.Close(); err != nil || cerr != nil {
		return ""
	}
	return string(b)
}

// judge finds the format of a file and refuses what we do not take, each with
// the sentence that helps most.
func judge(name, media string) (format, error) {
	f, ok := formatOf(media)
	_, end := splitEnding(name)
	end = strings.ToLower(end)
	if !ok {
		switch {
		case strings.HasPrefix(media, "image/hei"), media == "image/avif":
			return format{}, refuse("documents.heic", name)
		case media == "application/x-ole-storage", media == "application/msword",
			media == "application/vnd.ms-excel", media == "application/vnd.ms-powerpoint":
			return format{}, refuse("documents.old_office", name)
		case slices.Contains(Accepted(), end):
			return format{}, refuse("documents.mismatch", name, "ending", end)
		}
		return format{}, refuse("documents.type", name)
	}
	if end == "" || slices.Contains(f.endings, end) {
		return f, nil
	}
	if g := endingFormat(end); f.picture() && g.picture() {
		// Phones and chat programs often give pictures the ending of another
		// kind of picture; we draw them anew and name them rightly anyway.
		return f, nil
	}
	if !slices.Contains(Accepted(), end) {
		return format{}, refuse("documents.type", name)
	}
	return format{}, refuse("documents.mismatch", name, "ending", end)
}

func endingFormat(end string) format {
	for _, f := range formats() {
		if slices.Contains(f.endings, end) {
			return f
		}
	}
	return format{}
}

// refuse is a fault about one file of the form.
func refuse(key, name string, args ...any) *fault.Fault {
	return fault.New(fault.Invalid, key, append([]any{"name", name}, args...)...).At("files")
}

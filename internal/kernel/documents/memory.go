package documents

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/text"
)

// Judge tells by what name a file in memory is kept and refuses what is not
// taken, without writing any of it down: it may have to be sealed. It looks at
// less than Take does, which has the last word when the file comes to the store.
func Judge(name string, b []byte) (clean string, err error) {
	clean = CleanName(name)
	if len(b) == 0 {
		return "", refuse("documents.empty", clean)
	}
	f, err := judge(clean, sniff(bytes.NewReader(b), int64(len(b))))
	if err != nil {
		return "", err
	}
	stem, end := splitEnding(clean)
	if mark := FindMark(stem); mark != "" {
		return "", secret(mark).At("files")
	}
	if end == "" {
		clean = withEnding(clean, giving(f.media))
	}
	return clean, nil
}

// ServeBytes is how a file in memory goes to a browser, by the rule of papers.
func ServeBytes(b []byte) (media, disposition string) {
	f, ok := formatOf(sniff(bytes.NewReader(b), int64(len(b))))
	if !ok {
		return "application/octet-stream", "attachment"
	}
	return Paper{MediaType: f.media}.ServeAs()
}

// Words reads the text of a file in memory that is one of words and not of pages,
// up to max bytes; false for any other file.
func Words(b []byte, max int) (string, bool) {
	switch media := sniff(bytes.NewReader(b), int64(len(b))); media {
	case mediaTXT:
		s, wide := fromUTF16(b)
		if !wide {
			s = string(b)
		}
		return text.NFC(s[:min(len(s), max)]), utf8.ValidString(s)
	case mediaDOCX, mediaODT, mediaXLSX:
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return "", false
		}
		s, err := OfficeText(z, media, max)
		return s, err == nil
	}
	return "", false
}

// Bytes reads a whole paper into memory.
func (r *Registry) Bytes(ctx context.Context, p Paper) ([]byte, error) {
	from, err := r.Open(ctx, p)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(from)
	return b, errors.Join(err, from.Close())
}

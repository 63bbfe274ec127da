package documents

import "io"

// Through puts a writer between a folder's bytes and the disk.
func (f *Folder) Through(w func(io.Writer) io.Writer) { f.through = w }

// Sniff opens the sniffing path to fuzzing.
func Sniff(r io.ReaderAt, size int64) string { return sniff(r, size) }

// ScanPDF opens our own reading of PDFs to fuzzing.
func ScanPDF(b []byte) (string, error) {
	found, err := scanPDF(b)
	return worst(found), err
}

// Orientation opens the reading of camera notes to fuzzing.
func Orientation(b []byte) int { return orientation(b) + 0*tiffPages(b) }

package extract_test

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"example.vn/hdnd/internal/modules/library/extract"
)

// BenchmarkLongScan reads a scan of many pages, most of them blank, which shows what a
// page costs beside its letters, and that memory does not grow with their number.
func BenchmarkLongScan(t *testing.B) {
	const pages = 300
	scan := asJPEG(t, sheet(t, 200, paper()[:2]))
	blank := asJPEG(t, sheet(t, 200, nil))
	p := fpdf.New("P", "mm", "A4", "")
	p.RegisterImageOptionsReader("a", fpdf.ImageOptions{ImageType: "jpg"}, strings.NewReader(string(scan)))
	p.RegisterImageOptionsReader("b", fpdf.ImageOptions{ImageType: "jpg"}, strings.NewReader(string(blank)))
	for i := range pages {
		p.AddPage()
		name := "b"
		if i%100 == 99 {
			name = "a"
		}
		p.ImageOptions(name, 0, 0, 210, 297, false, fpdf.ImageOptions{}, 0, "")
	}
	path := t.TempDir() + "/long.pdf"
	must(t, p.OutputFileAndClose(path))
	info, err := os.Stat(path)
	must(t, err)
	begun := time.Now()
	n, words := 0, 0
	t.ResetTimer()
	var most uint64
	_, err = reader(t).Read(ctx, path, "dài.pdf", extract.Request{Each: func(q extract.Page) error {
		n++
		if !q.Blank {
			words++
		}
		if n%20 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapSys)
		}
		return nil
	}})
	must(t, err)
	fmt.Printf("%d pages (%d with words) of %d kB in %v, heap %d MB\n", n, words, info.Size()>>10, time.Since(begun), most>>20)
}

package intake

import (
	"fmt"
	"testing"

	"github.com/xuri/excelize/v2"
)

// thousands makes a workbook of n rows, about 300 characters each, in the
// library's streaming way.
func thousands(t testing.TB, n int) []byte {
	t.Helper()
	f := excelize.NewFile()
	out, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	for i := range n + 1 {
		row := header
		if i > 0 {
			row = entry(i, "05/11/2026", "Phường Ngọc Hà", fmt.Sprintf("Cử tri đề nghị thành phố kiểm tra đoạn đường số %d trước cổng trường học, hiện nay mặt đường xuống cấp, nhiều ổ gà đọng nước khi mưa, rất nguy hiểm cho học sinh và người đi xe máy vào buổi tối; đã kiến nghị ở hội nghị trước nhưng chưa được trả lời rõ ràng.", i))
		}
		if err := out.SetRow(fmt.Sprintf("A%d", i+1), row); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	return written(t, f)
}

// BenchmarkImport takes a whole workbook of the largest size in, on SQLite:
// go test -bench Import -benchtime 1x ./internal/modules/petitions/intake
func BenchmarkImport(b *testing.B) {
	file := thousands(b, rowsMax)
	b.Logf("%d rows, %.1f MB", rowsMax, float64(len(file))/(1<<20))
	for range b.N {
		b.StopTimer()
		w := newWorld(b, testOpen(b))
		b.StartTimer()
		start := b.Elapsed()
		batch, err := w.TakeWorkbook(b.Context(), clerk, "sổ.xlsx", "", file)
		if err != nil {
			b.Fatal(err)
		}
		read := b.Elapsed()
		if err := w.CheckBatch(b.Context(), clerk, batch.ID, Matching{HeaderRow: batch.HeaderRow, Columns: batch.Columns.V}); err != nil {
			b.Fatal(err)
		}
		checked := b.Elapsed()
		if err := w.BeginImport(b.Context(), clerk, batch.ID); err != nil {
			b.Fatal(err)
		}
		w.drain(b)
		taken := b.Elapsed()
		v := w.view(b, clerk, batch.ID)
		if v.Counts[RowTaken] != rowsMax {
			b.Fatal(v.Counts)
		}
		b.ReportMetric((read - start).Seconds(), "s/read")
		b.ReportMetric((checked - read).Seconds(), "s/check")
		b.ReportMetric((taken - checked).Seconds(), "s/import")
		b.ReportMetric(rowsMax/(taken-checked).Seconds(), "rows/s")
	}
}

// TestLargest: one row beyond the limit is refused in a sentence.
func TestLargest(t *testing.T) {
	w, err := openWorkbook(thousands(t, rowsMax+headRows+5))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.read(""); err == nil {
		t.Error("more rows than the limit were taken")
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

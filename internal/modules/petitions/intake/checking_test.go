package intake

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
)

// TestCheckJob: the dry run of a large workbook is a job, which can be stopped,
// overtaken by another mapping and repeated, and tells each row's problem.
func TestCheckJob(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		rows := lines(checkedAtOnce)
		rows = append(rows, entry(9, "hôm qua", "Ngọc Hà", "Đề nghị lắp thêm đèn đường ở khu tập thể"))
		v := w.batch(t, clerk, sheet(t, rows...))
		if v.Batch.State != BatchChecking || len(v.Counts) != 1 || v.Last != checkedAtOnce+2 {
			t.Fatalf("%s %v %d: the dry run did not wait for its job", v.Batch.State, v.Counts, v.Last)
		}
		if err := w.BeginImport(t.Context(), clerk, v.Batch.ID); !fault.Is(err, "intake.batch_not_checked") {
			t.Errorf("an unchecked batch began: %v", err)
		}
		for range 2 {
			if err := w.CancelImport(t.Context(), clerk, v.Batch.ID); err != nil && !fault.Is(err, "intake.batch_not_running") {
				t.Fatal(err)
			}
		}
		w.drain(t)
		if v = w.view(t, clerk, v.Batch.ID); v.Batch.State != BatchRead || v.Batch.Checked != 0 {
			t.Errorf("stopped: %s, row %d", v.Batch.State, v.Batch.Checked)
		}
		m := Matching{HeaderRow: v.Batch.HeaderRow, Columns: v.Batch.Columns.V}
		if err := w.CheckBatch(t.Context(), clerk, v.Batch.ID, m); err != nil {
			t.Fatal(err)
		}
		old := w.view(t, clerk, v.Batch.ID).Batch
		m.Defaults.Session = "Kỳ họp thứ 9"
		if err := w.CheckBatch(t.Context(), clerk, v.Batch.ID, m); err != nil {
			t.Fatal(err)
		}
		err := w.db.Tx(t.Context(), func(tx *db.Tx) error { return advanceCheck(t.Context(), tx, old, BatchChecked, 5) })
		if !fault.Is(err, "db.stale") {
			t.Errorf("an overtaken dry run went on: %v", err)
		}
		for range 2 { // a job may come twice
			if err := w.checkJob(t.Context(), jobs.Work{JSON: fmt.Sprintf(`{"batch":%q}`, v.Batch.ID)}); err != nil {
				t.Fatal(err)
			}
		}
		w.drain(t)
		v = w.view(t, clerk, v.Batch.ID)
		if v.Batch.State != BatchChecked || v.Counts[RowReady] != checkedAtOnce || v.Counts[RowWrong] != 1 || len(v.Rows) != 1 || w.petitions(t) != 0 {
			t.Errorf("%s %v", v.Batch.State, v.Counts)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM audit_entries WHERE verb = 'intake.check_workbook'`); n != 3 {
			t.Errorf("%d entries in the log, want one of each dry run", n)
		}
		if err := w.BeginImport(t.Context(), clerk, v.Batch.ID); err != nil {
			t.Fatal(err)
		}
		if err := w.CheckBatch(t.Context(), clerk, v.Batch.ID, m); !fault.Is(err, "intake.batch_begun") {
			t.Errorf("the rows of a running import are looked at anew: %v", err)
		}
	})
}

// TestCheckPages shows the progress of a dry run, and then what it found.
func TestCheckPages(t *testing.T) {
	w := newWorld(t, testOpen(t))
	b := w.browse(t, "clerk")
	rows := append(lines(checkedAtOnce), entry(9, "hôm qua", "Ngọc Hà", "Đề nghị lắp thêm đèn đường ở khu tập thể"))
	b.upload("/intake/imports", "sổ.xlsx", sheet(t, rows...))
	at := "/intake/imports/" + w.idOf(t, `SELECT id FROM petitions_batches`)
	says := func(what string, p page, words ...string) {
		t.Helper()
		for _, word := range words {
			if p.status != http.StatusOK || !strings.Contains(p.body, word) {
				t.Errorf("%s: %d, does not say %q\n%.2000s", what, p.status, word, p.body)
			}
		}
	}
	form := url.Values{"header_row": {"1"}, "column.text": {"8"}, "column.ward": {"6"}, "column.day": {"3"}, "column.name": {"5"}}
	p := b.post(at+"/columns", form)
	says("under way", p, "Đang kiểm tra", "0 trên 2.002 dòng", "Dừng kiểm tra", `hx-trigger="every 2s"`)
	if strings.Contains(p.body, "Nhập ") && strings.Contains(p.body, "dòng hợp lệ") {
		t.Error("rows may be imported that nobody has looked at")
	}
	w.drain(t)
	p = b.fragment(at + "?fragment=progress")
	says("over", p, "2.002 trên 2.002 dòng", "Xem kết quả từng dòng")
	if strings.Contains(p.body, "hx-trigger") {
		t.Error("the bar goes on asking")
	}
	says("found", b.get(at), "Cột C (Ngày tiếp nhận): “hôm qua” không phải là ngày", "Nhập 2.000 dòng hợp lệ")
}

// TestBrokenOff: a workbook of which only some rows were written down cannot be
// mapped or taken in, and goes away.
func TestBrokenOff(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		v := w.batch(t, clerk, sheet(t, lines(3)...))
		err := w.db.Tx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE petitions_batches SET state = 'reading'`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.CheckBatch(t.Context(), clerk, v.Batch.ID, Matching{HeaderRow: 1, Columns: v.Batch.Columns.V}); !fault.Is(err, "intake.batch_begun") {
			t.Errorf("it was mapped: %v", err)
		}
		if p := w.browse(t, "clerk").get("/intake/imports/" + v.Batch.ID); p.status != http.StatusOK || !strings.Contains(p.body, "Đang đọc tệp") {
			t.Errorf("%d\n%.1500s", p.status, p.body)
		}
		w.clock.Set(w.clock.Now().AddDate(0, 0, abandonedAge+1))
		if err := w.purge(t.Context(), jobs.Work{}); err != nil {
			t.Fatal(err)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM petitions_batch_rows`); n != 0 {
			t.Errorf("%d rows stayed", n)
		}
	})
}

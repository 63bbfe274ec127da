package intake

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
)

var header = []any{"STT", "Kỳ họp", "Ngày tiếp nhận", "Nguồn", "Họ tên cử tri", "Địa chỉ, xã/phường", "Số điện thoại", "Nội dung kiến nghị", "Lĩnh vực", "Cơ quan giải quyết", "Ghi chú"}

func entry(n int, day, ward, words string) []any {
	return []any{n, "Kỳ họp thứ 5", day, "MTTQ phường", "Lê Văn " + string(rune('A'+n%26)), ward, "912345678", words, "Giao thông", "Sở Xây dựng", ""}
}

func lines(n int) [][]any {
	all := [][]any{header}
	for i := range n {
		all = append(all, entry(i, "05/11/2026", "Phường Ngọc Hà", fmt.Sprintf("Đề nghị sửa đoạn đường số %d trước cổng trường học", i)))
	}
	return all
}

// TestDryRun: every row's problem is told where it is, in a sentence, and
// nothing is taken in.
func TestDryRun(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		long := "Đề nghị sửa đoạn đường trước cổng trường học"
		file := sheet(t, header,
			entry(1, "05/11/2026", "Phường Ngọc Hà", long),
			entry(2, "31/02/2026", "Phường Ngọc Hà", long+" hai"),
			entry(3, "05-11-26", "phường Không Có", long+" ba"),
			nil,
			entry(4, "2026-11-05", "Phường Liễu Giai, quận Ba Đình", long+" bốn"),
			entry(5, "46331", "P. Trúc Bạch, Q. Ba Đình", long+" năm"),
			entry(6, "05/11/2026", "Phường Ngọc Hà", "ngắn"),
			entry(7, "05/11/2027", "Phường Ngọc Hà", long+" bảy"),
			entry(8, "05/11/2026", "#REF!", long+" tám"),
			entry(1+26, "05/11/2026", "phường ngọc hà", strings.ToUpper(long)+"."),
			entry(9, "05/11/2026", "", long+" chín"))
		v := w.batch(t, clerk, file)
		if v.Counts[RowReady] != 2 || v.Counts[RowWrong] != 7 || v.Counts[RowDouble] != 1 || v.Total() != 10 || w.petitions(t) != 0 {
			t.Errorf("%v, %d petitions", v.Counts, w.petitions(t))
		}
		got := map[int64]string{}
		for _, state := range []RowState{RowWrong, RowDouble} {
			page, err := w.View(t.Context(), clerk, v.Batch.ID, state, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range page.Rows {
				for _, p := range r.Problems.V {
					got[r.Number] += p.Letter() + ": " + w.say(p.Fault()) + "\n"
				}
			}
		}
		for row, want := range map[int64]string{
			3: "C: “31/02/2026” không phải là ngày.", 4: "F: Không tìm thấy phường, xã “phường Không Có”", 6: "F: ", 8: "H: Nội dung quá ngắn", 9: "C: Ngày 05/11/2027 chưa đến", 10: "F: Ô này chứa lỗi công thức #REF!",
			11: "H: Trùng với dòng 2 của tệp này", 12: "F: Chưa ghi phường, xã.",
		} {
			if !strings.HasPrefix(got[row], want) {
				t.Errorf("row %d says %q, want %q…", row, got[row], want)
			}
		}
		if !strings.Contains(got[6], "Phường Ngọc Hà") || !strings.Contains(got[6], "Phường Giảng Võ") {
			t.Errorf("a divided ward does not name today's: %q", got[6])
		}
		// A ward for all rows mends the row without one; the rest stays.
		m := Matching{HeaderRow: v.Batch.HeaderRow, Columns: v.Batch.Columns.V, Defaults: Defaults{Ward: "Giảng Võ"}}
		if err := w.CheckBatch(t.Context(), clerk, v.Batch.ID, m); err != nil {
			t.Fatal(err)
		}
		if v := w.view(t, clerk, v.Batch.ID); v.Counts[RowReady] != 3 {
			t.Errorf("with a ward for all: %v", v.Counts)
		}
		for name, m := range map[string]Matching{
			"intake.text_unmapped": {HeaderRow: 1, Columns: Mapping{toWard: 1}},
			"intake.column_twice":  {HeaderRow: 1, Columns: Mapping{toText: 1, toWard: 1}},
			"org.no_such_unit":     {HeaderRow: 1, Columns: Mapping{toText: 8}, Defaults: Defaults{Ward: "Không Có"}},
			"intake.header_row":    {HeaderRow: -1, Columns: Mapping{toText: 8}},
		} {
			if err := w.CheckBatch(t.Context(), clerk, v.Batch.ID, m); !fault.Is(err, name) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// TestImport takes a workbook in, again, in another form, undone and anew.
func TestImport(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		const n = 40
		v := w.batch(t, clerk, sheet(t, lines(n)...))
		for range 2 { // a double press
			if err := w.BeginImport(t.Context(), clerk, v.Batch.ID); err != nil {
				t.Fatal(err)
			}
		}
		w.drain(t)
		if v = w.view(t, clerk, v.Batch.ID); v.Batch.State != BatchDone || v.Counts[RowTaken] != n || w.petitions(t) != n {
			t.Fatalf("%s %v, %d petitions", v.Batch.State, v.Counts, w.petitions(t))
		}
		taken := w.rowsOf(t, v.Batch.ID, RowTaken)
		var s Source
		if err := w.db.Read(t.Context(), func(tx *db.Tx) (err error) { s, err = SourceOf(t.Context(), tx, taken[0].PetitionID); return err }); err != nil {
			t.Fatal(err)
		}
		if s.Channel != Front || s.Line != taken[0].Number || s.BatchID != v.Batch.ID || s.Origin != "MTTQ phường" || s.Body != "Sở Xây dựng" || s.RaisedOn.VN() != "05/11/2026" {
			t.Errorf("source %+v", s)
		}
		if w.count(t, `SELECT COUNT(*) FROM petitions_petitions WHERE phone = '0912345678'`) != n {
			t.Error("telephone numbers lost their zero")
		}

		// The same rows in another file, with one new: only that one is ready.
		more := append(lines(n), entry(99, "05/11/2026", "Giảng Võ", "Đề nghị lắp thêm đèn đường ở khu tập thể"))
		again := w.batch(t, clerk, sheet(t, more...))
		if again.Counts[RowReady] != 1 || again.Counts[RowAgain] != n {
			t.Errorf("again: %v", again.Counts)
		}

		// Undoing: one petition was worked on and stays.
		w.touched[taken[3].PetitionID] = true
		if err := w.UndoImport(t.Context(), clerk, v.Batch.ID, ""); !fault.Is(err, "intake.reason_needed") {
			t.Errorf("without a reason: %v", err)
		}
		if err := w.UndoImport(t.Context(), clerk, v.Batch.ID, "Ghép nhầm cột"); err != nil {
			t.Fatal(err)
		}
		w.drain(t)
		v = w.view(t, clerk, v.Batch.ID)
		if v.Batch.State != BatchUndone || v.Counts[RowUndone] != n-1 || v.Counts[RowKept] != 1 || w.petitions(t) != 1 || len(v.Rows) != 1 || v.Rows[0].Code != taken[3].Code {
			t.Errorf("undone: %s %v %d", v.Batch.State, v.Counts, w.petitions(t))
		}

		// After that the same file may come in anew, but for the one that stayed.
		anew := w.batch(t, clerk, sheet(t, lines(n)...))
		if anew.Counts[RowReady] != n-1 || anew.Counts[RowAgain] != 1 {
			t.Errorf("anew: %v", anew.Counts)
		}
		if err := w.BeginImport(t.Context(), clerk, anew.Batch.ID); err != nil {
			t.Fatal(err)
		}
		w.drain(t)
		if got := w.petitions(t); got != n {
			t.Errorf("%d petitions, want %d", got, n)
		}
		for _, verb := range []string{"intake.read_workbook", "intake.begin_import", "intake.undo_import"} {
			if w.count(t, `SELECT COUNT(*) FROM audit_entries WHERE verb = $1`, verb) == 0 {
				t.Errorf("%s is not in the log", verb)
			}
		}
		if err := w.BeginImport(t.Context(), wardClerk, anew.Batch.ID); fault.KindOf(err) != fault.Missing {
			t.Errorf("another council begins it: %v", err)
		}
	})
}

func (w *world) rowsOf(t testing.TB, id string, state RowState) []Row {
	t.Helper()
	v, err := w.View(t.Context(), clerk, id, state, 0)
	if err != nil {
		t.Fatal(err)
	}
	return v.Rows
}

// TestTwoFilesAtOnce: the same rows in two batches checked before either is
// taken in make one petition each.
func TestTwoFilesAtOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		a, b := w.batch(t, clerk, sheet(t, lines(20)...)), w.batch(t, clerk, sheet(t, lines(20)...))
		for _, v := range []BatchView{a, b} {
			if err := w.BeginImport(t.Context(), clerk, v.Batch.ID); err != nil {
				t.Fatal(err)
			}
		}
		w.drain(t)
		b = w.view(t, clerk, b.Batch.ID)
		if w.petitions(t) != 20 || b.Counts[RowAgain] != 20 || b.Counts[RowTaken] != 0 {
			t.Errorf("%d petitions; second file %v", w.petitions(t), b.Counts)
		}
	})
}

// TestCancel stops an import on its way and lets it go on.
func TestCancel(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		const n = chunkRows + 100
		v := w.batch(t, clerk, sheet(t, lines(n)...))
		if err := w.BeginImport(t.Context(), clerk, v.Batch.ID); err != nil {
			t.Fatal(err)
		}
		w.failAt.Store(5)
		w.stop = func() {
			if err := w.CancelImport(context.Background(), clerk, v.Batch.ID); err != nil {
				t.Error(err)
			}
		}
		w.drain(t)
		v = w.view(t, clerk, v.Batch.ID)
		if v.Batch.State != BatchCancelled || v.Counts[RowTaken] != chunkRows || v.Counts[RowReady] != 100 {
			t.Errorf("cancelled: %s %v", v.Batch.State, v.Counts)
		}
		if err := w.BeginImport(t.Context(), clerk, v.Batch.ID); err != nil {
			t.Fatal(err)
		}
		w.drain(t)
		if v = w.view(t, clerk, v.Batch.ID); v.Batch.State != BatchDone || v.Counts[RowTaken] != n || w.petitions(t) != n {
			t.Errorf("resumed: %s %v", v.Batch.State, v.Counts)
		}
	})
}

// TestCrash: the database goes away amid the rows, and once between a petition
// and the note that it was taken; the next turn takes the rest, nothing twice.
func TestCrash(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		const n = 60
		v := w.batch(t, clerk, sheet(t, lines(n)...))
		if err := w.BeginImport(t.Context(), clerk, v.Batch.ID); err != nil {
			t.Fatal(err)
		}
		job := jobs.Work{JSON: fmt.Sprintf(`{"batch":%q}`, v.Batch.ID)}
		w.failAt.Store(30)
		if err := w.importJob(t.Context(), job); fault.KindOf(err) != fault.Unavailable {
			t.Fatalf("the crash passed unnoticed: %v", err)
		}
		if got := w.view(t, clerk, v.Batch.ID); got.Batch.State != BatchRunning || got.Counts[RowReady] == 0 {
			t.Errorf("after the crash: %s %v", got.Batch.State, got.Counts)
		}
		// Petitions whose rows were never marked: as after a kill between the two commits.
		err := w.db.Tx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE petitions_batch_rows SET state = 'ready', petition_id = '', code = '' WHERE batch_id = $1 AND state = 'taken'`, v.Batch.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.importJob(t.Context(), job); err != nil {
			t.Fatal(err)
		}
		v = w.view(t, clerk, v.Batch.ID)
		if v.Batch.State != BatchDone || v.Counts[RowTaken] != n || w.petitions(t) != n || w.count(t, `SELECT COUNT(*) FROM petitions_sources`) != n {
			t.Errorf("resumed: %s %v, %d petitions", v.Batch.State, v.Counts, w.petitions(t))
		}
	})
}

// TestPurge drops what was never imported and keeps what a batch made.
func TestPurge(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		left, done := w.batch(t, clerk, sheet(t, lines(3)...)), w.batch(t, clerk, sheet(t, lines(3)...))
		if err := w.BeginImport(t.Context(), clerk, done.Batch.ID); err != nil {
			t.Fatal(err)
		}
		w.drain(t)
		w.clock.Set(w.clock.Now().AddDate(0, 0, cellsAge+1))
		if err := w.purge(t.Context(), jobs.Work{}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.View(t.Context(), clerk, left.Batch.ID, "", 0); !fault.Is(err, "intake.no_batch") {
			t.Errorf("abandoned: %v", err)
		}
		if rows := w.rowsOf(t, done.Batch.ID, RowTaken); len(rows) != 3 || len(rows[0].Cells.V) != 0 || rows[0].PetitionID == "" {
			t.Errorf("imported: %+v", rows)
		}
	})
}

// TestCommand runs "hdnd petitions import".
func TestCommand(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		name := filepath.Join(t.TempDir(), "sổ.xlsx")
		rows := append(lines(3), entry(9, "hôm qua", "Ngọc Hà", "Đề nghị lắp thêm đèn đường ở khu tập thể"))
		if err := os.WriteFile(name, sheet(t, rows...), 0o600); err != nil {
			t.Fatal(err)
		}
		run := func(args ...string) (p printed, err error) {
			var out bytes.Buffer
			err = w.ImportFile(t.Context(), &out, args)
			if jerr := json.Unmarshal(out.Bytes(), &p); jerr != nil {
				t.Fatalf("%v\n%s", jerr, out.String())
			}
			return p, err
		}
		dry, err := run(name, "--dry-run", "--json")
		if err != nil || dry.Rows != 4 || dry.Taken != 3 || len(dry.Errors) != 1 || dry.Errors[0].Row != 5 || dry.Errors[0].Column != "C" || !strings.Contains(dry.Errors[0].Sentence, "không phải là ngày") {
			t.Errorf("%+v %v", dry, err)
		}
		if w.petitions(t) != 0 || w.count(t, `SELECT COUNT(*) FROM petitions_batches`) != 0 || w.count(t, `SELECT COUNT(*) FROM petitions_batch_rows`) != 0 {
			t.Error("a dry run left something behind")
		}
		for turn, want := range []struct{ taken, skipped int64 }{{3, 0}, {0, 3}} {
			got, err := run("--json", name)
			if err != nil || got.Taken != want.taken || got.Skipped != want.skipped || w.petitions(t) != 3 {
				t.Errorf("turn %d: %+v %v", turn, got, err)
			}
		}
		if got, err := run(filepath.Join(t.TempDir(), "không có.xlsx"), "--json"); err == nil || len(got.Errors) != 1 || !strings.Contains(got.Errors[0].Sentence, "Không mở được tệp") {
			t.Errorf("%+v %v", got, err)
		}
	})
}

// upload sends a workbook as a browser does.
func (b *browser) upload(path, name string, file []byte) page {
	b.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part, err := m.CreateFormFile("files", name)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := part.Write(file); err != nil {
		b.t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, b.at+path, &body)
	if err == nil {
		r.Header.Set("Content-Type", m.FormDataContentType())
	}
	return b.do(r, err)
}

// fragment asks as the script of the page does.
func (b *browser) fragment(path string) page {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.at+path, nil)
	if err == nil {
		r.Header.Set("HX-Request", "true")
	}
	return b.do(r, err)
}

// TestImportPages walks the import in a browser without script.
func TestImportPages(t *testing.T) {
	w := newWorld(t, testOpen(t))
	b := w.browse(t, "clerk")
	says := func(what string, p page, status int, words ...string) {
		t.Helper()
		if p.status != status {
			t.Fatalf("%s: %d, want %d\n%.1500s", what, p.status, status, p.body)
		}
		for _, word := range words {
			if !strings.Contains(p.body, word) {
				t.Errorf("%s does not say %q\n%.3000s", what, word, p.body)
			}
		}
	}
	says("csv", b.upload("/intake/imports", "x.xlsx", []byte("STT,Nội dung")), http.StatusUnprocessableEntity, "Đây là tệp văn bản hoặc CSV")
	tpl := b.get("/intake/imports/template.xlsx")
	if _, err := openWorkbook([]byte(tpl.body)); err != nil || !strings.Contains(tpl.header.Get("Content-Disposition"), ".xlsx") {
		t.Errorf("template: %v", err)
	}
	rows := append(lines(5), entry(9, "hôm qua", "Ngọc Hà", "Đề nghị lắp thêm đèn đường ở khu tập thể"))
	says("mapping", b.upload("/intake/imports", "sổ.xlsx", sheet(t, rows...)), http.StatusOK, "Ghép cột", `<option value="8" selected>`, "sổ.xlsx")
	at := "/intake/imports/" + w.idOf(t, `SELECT id FROM petitions_batches`)
	says("straight to the rows", b.get(at), http.StatusOK, "Ghép cột")
	form := url.Values{"header_row": {"1"}, "column.text": {""}, "column.ward": {"6"}}
	says("no content", b.post(at+"/columns", form), http.StatusUnprocessableEntity, "Hãy chọn cột chứa nội dung kiến nghị")
	form = url.Values{"header_row": {"1"}, "column.text": {"8"}, "column.ward": {"6"}, "column.day": {"3"}, "column.name": {"5"}, "channel": {"mttq"}}
	says("dry run", b.post(at+"/columns", form), http.StatusOK, "Cột C (Ngày tiếp nhận): “hôm qua” không phải là ngày", "Nhập 5 dòng hợp lệ", "Có lỗi")
	says("running", b.post(at+"/beginning", url.Values{}), http.StatusOK, "Đang nhập", "0 trên 5 dòng", "Dừng nhập", `hx-trigger="every 2s"`)
	says("fragment", b.fragment(at+"?fragment=progress"), http.StatusOK, "0 trên 5 dòng")
	w.drain(t)
	if p := b.fragment(at + "?fragment=progress"); strings.Contains(p.body, "hx-trigger") || strings.Contains(p.body, "<html") {
		t.Errorf("the bar goes on asking\n%s", p.body)
	}
	says("done", b.get(at), http.StatusOK, "Đã nhập xong", "5 trên 5 dòng", "Hoàn tác")
	says("taken rows", b.get(at+"?state=taken"), http.StatusOK, "KN26-")
	says("undo without a reason", b.post(at+"/undoing", url.Values{"reason": {""}}), http.StatusUnprocessableEntity, "Hãy ghi lý do hoàn tác")
	says("undoing", b.post(at+"/undoing", url.Values{"reason": {"Ghép nhầm cột"}}), http.StatusOK, "Đang hoàn tác")
	w.drain(t)
	says("undone", b.get(at), http.StatusOK, "Đã hoàn tác", "Đã rút")
	says("list", b.get("/intake/imports?lang=en"), http.StatusOK, "sổ.xlsx", "Undone")
	says("start after that", b.post(at+"/beginning", url.Values{}), http.StatusConflict)
	for _, who := range []string{"ward", "agency", "nobody"} {
		if p := w.browse(t, who).get(at); p.status == http.StatusOK {
			t.Errorf("%s sees the batch", who)
		}
	}
}

package counter_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/reception/counter"
	"example.vn/hdnd/internal/testkit"

	"github.com/xuri/excelize/v2"
)

var noWork = jobs.Work{}

func TestLogInThirteenColumns(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		evil := matter()
		evil.Summary, evil.Note = "=HYPERLINK(\"http://evil\")", "@SUM(A1)"
		w.done(t, "", evil)
		guided := matter()
		guided.Class, guided.Outcome, guided.ToBody, guided.Symbol, guided.SettledBy, guided.People = counter.Proposal, counter.Guided, "Sở Xây dựng", "+9/HD-VP", "-UBND phường", 7
		w.done(t, "", guided)
		name, content, err := w.File(ctx, w.as(t, "lan"), counter.Period{From: day(1, 11), Until: day(30, 11)}, "xlsx")
		if err != nil || name != "so-tiep-cong-dan-hn-2026-11-01-2026-11-30.xlsx" {
			t.Fatal(name, err)
		}
		f := must(excelize.OpenReader(bytes.NewReader(content)))(t)
		rows := must(f.GetRows(f.GetSheetName(0)))(t)
		if len(rows) != 8 || len(rows[4]) != 13 || rows[5][12] != "(13)" {
			t.Fatalf("%q", rows)
		}
		first, second := rows[6], rows[7]
		if first[0] != "1" || first[1] != "16/11/2026" || !strings.Contains(first[2], "Trần Thị Hoa, 12 phố Huế") || first[3] != "********3456" || first[5] != "KN" || first[10] != "UBND phường Ba Đình\n12/PC-VP" {
			t.Errorf("%q", first)
		}
		if second[5] != "KN-PA" || second[6] != "7" || second[9] != "Sở Xây dựng\n+9/HD-VP" || second[7] != "-UBND phường" {
			t.Errorf("%q", second)
		}
		for line := 7; line <= 8; line++ {
			for column := 1; column <= 13; column++ {
				at := must(excelize.CoordinatesToCellName(column, line))(t)
				if formula := must(f.GetCellFormula(f.GetSheetName(0), at))(t); formula != "" {
					t.Errorf("%s is the formula %s", at, formula)
				}
				if kind := must(f.GetCellType(f.GetSheetName(0), at))(t); kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString && kind != excelize.CellTypeUnset {
					t.Errorf("%s is no text: %v", at, kind)
				}
			}
		}
		words := w.pdf(t, counter.Period{})
		for _, want := range []string{"SỔ TIẾP CÔNG DÂN", "Mẫu 03/TCD", "(13)", "Trần Thị Hoa", "********3456", "KN-PA"} {
			if !strings.Contains(words, want) {
				t.Errorf("the paper lacks %q:\n%s", want, words)
			}
		}
		if strings.Contains(words, citizenNumber) {
			t.Error("the paper has the number")
		}
	})
}

// pdf gives the words of the printed log, which lies across.
func (w *world) pdf(t testing.TB, p counter.Period) string {
	t.Helper()
	_, content, err := w.File(ctx, w.as(t, "lan"), p, "pdf")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "log.pdf")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	size := must(exec.Command("pdfinfo", path).Output())(t)
	if !strings.Contains(string(size), "841.89 x 595.28") {
		t.Errorf("not A4 across: %s", size)
	}
	out := must(exec.Command("pdftotext", "-layout", "-enc", "UTF-8", path, "-").Output())(t)
	return text.NFC(string(out))
}

func TestLogByPages(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.fill(t, 130)
		p := counter.Period{From: day(1, 1), Until: day(31, 12)}
		seen, after, pages := map[string]bool{}, "", 0
		for {
			b := must(w.Log(ctx, w.as(t, "lan"), p, after))(t)
			pages++
			for _, e := range b.Entries {
				if seen[e.ID] {
					t.Fatal("a line twice")
				}
				seen[e.ID] = true
			}
			if after = b.Next; after == "" {
				break
			}
		}
		if len(seen) != 130 || pages != 3 {
			t.Errorf("%d lines on %d pages", len(seen), pages)
		}
		if b := must(w.Log(ctx, w.as(t, "lan"), p, "rubbish.x'--"))(t); len(b.Entries) != 50 {
			t.Error("a strange place is not the beginning")
		}
		if words := w.pdf(t, p); strings.Count(words, "(13)") < 3 {
			t.Error("the head is not repeated on each page")
		}
	})
}

// fill writes lines of the log straight into the tables.
func (w *world) fill(t testing.TB, n int) {
	t.Helper()
	w.called(t, "")
	err := w.db.Tx(ctx, func(tx *db.Tx) error {
		visit := must(w.visitRow(tx))(t)
		for i := range n {
			id := fmt.Sprintf("l%08d", i)
			if _, err := tx.Exec(ctx, `INSERT INTO reception_lines (id, visit_id, council_id, on_day, position, year, log_no, class, times, sealed, summary, earlier, request, people, settled_by, outcome, to_body, symbol, follow, note, tell_due, told_on, case_id, revision)
				VALUES ($1, $2, 'hn', $3, $4, 2026, $4, 'proposal', '', $5, $6, '', '', 1, '', 'settled', '', '', '', '', '', '', '', 1)`, id, visit, day(1, 3).AddDays(i/2), i+1, false, strings.Repeat("Nội dung dài. ", 1+i%9)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) visitRow(tx *db.Tx) (string, error) {
	all, err := db.All[string](ctx, tx, `SELECT id FROM reception_visits LIMIT 1`)
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0], nil
}

func TestPages(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		h := w.house(t)
		d := w.receive(t, "sơn")
		_, page := h.Ask(t, "lan", "/reception/desk?day="+d, nil)
		testkit.Has(t, page, "Gọi người tiếp theo", "Trụ sở Tiếp công dân", "data-live=\"council:hn\"")
		if status, _ := h.Ask(t, "lan", "/reception/desk/calls", testkit.Form("day", d)); status != 409 {
			t.Errorf("an empty queue: %d", status)
		}
		if status, _ := h.Ask(t, "lan", "/reception/desk/arrivals", testkit.Form("day", d, "people", "rất đông")); status != 422 {
			t.Error(status)
		}
		_, at := h.Ask(t, "lan", "/reception/desk/arrivals", testkit.Form("day", d, "people", "1", "once", "x"))
		if !strings.HasSuffix(at, "/slip") {
			t.Error(at)
		}
		_, page = h.Ask(t, "lan", at, nil)
		testkit.Has(t, page, "001", "Phiếu không ghi tên")
		h.Ask(t, "lan", "/reception/desk/arrivals", testkit.Form("day", d, "people", "1", "once", "x"))
		_, page = h.Ask(t, "sơn", "/reception/desk", nil)
		if testkit.Has(t, page, "001", "Đang chờ"); strings.Contains(page, ">002<") {
			t.Error("a double click gives two numbers")
		}
		_, at = h.Ask(t, "sơn", "/reception/desk/calls", testkit.Form("day", d, "desk", "Bàn 2"))
		status, page := h.Ask(t, "lan", at+"/people", testkit.Form("name", "<b>Lê Ánh</b>", "address", "", "role", "self", "paper_kind", "citizen", "paper_number", "0010"))
		if status != 422 {
			t.Error(status)
		}
		testkit.Has(t, page, "&lt;b&gt;Lê Ánh", "đúng 12 chữ số", "không được để trống")
		h.Ask(t, "lan", at+"/people", testkit.Form("name", "Lê Ánh", "address", "Số 1", "role", "self", "paper_kind", "citizen", "paper_number", "003085123456"))
		_, page = h.Ask(t, "lan", at, nil)
		testkit.Has(t, page, "********3456")
		testkit.Hides(t, page, "003085123456")
		h.Ask(t, "lan", at+"/matters", testkit.Form("class", "complaint", "summary", "Thu hồi đất", "outcome", "forwarded", "to_body", "UBND phường"))
		status, page = h.Ask(t, "lan", at+"/matters", testkit.Form("class", "denunciation", "summary", "Tố cáo"))
		if status != 422 {
			t.Error(status)
		}
		testkit.Has(t, page, "Hãy dùng mục niêm phong")
		h.Ask(t, "lan", at+"/minutes", testkit.Form("minutes", "Tôi nói", "read", "1", "sign", "signed"))
		if status, _ = h.Ask(t, "lan", at+"/end", testkit.Form()); status != 303 {
			t.Error(status)
		}
		_, page = h.Ask(t, "sơn", at, nil)
		testkit.Has(t, page, "Thông báo kết luận chưa gửi", "1/2026", "01/12/2026")
		testkit.Hides(t, page, "Xem đủ số")
		r := must(w.Record(ctx, w.as(t, "lan"), strings.TrimPrefix(at, "/reception/visits/")))(t)
		number := at + "/people/" + r.Present[0].ID + "/number"
		if status, _ = h.Ask(t, "sơn", number, testkit.Form("reason", "Muốn xem cho biết")); status != 404 {
			t.Errorf("the chair sees a number: %d", status)
		}
		status, page = h.Ask(t, "lan", number, testkit.Form("reason", "Đối chiếu với đơn"))
		if testkit.Has(t, page, "003085123456"); status != 200 {
			t.Error(status)
		}
		_, page = h.Ask(t, "lan", "/reception/visit-matters/"+r.Lines[0].ID, nil)
		testkit.Has(t, page, "Chuyển vào sổ đơn thư", "Thu hồi đất")
		if status, _ = h.Ask(t, "lan", "/reception/visit-matters/"+r.Lines[0].ID+"/letter", testkit.Form()); status != 303 {
			t.Error(status)
		}
		_, page = h.Ask(t, "lan", "/reception/log?from=01/11/2026&until=30/11/2026", nil)
		testkit.Has(t, page, "Lê Ánh", "Mẫu 03/TCD", "Cơ quan thụ lý, số văn bản chuyển đơn")
		if status, _ = h.Ask(t, "lan", "/reception/log?from=hôm+qua", nil); status != 422 {
			t.Error(status)
		}
		if status, _ = h.Ask(t, "lan", "/reception/log/so.xlsx?from=30/11/2026&until=01/11/2026", nil); status != 422 {
			t.Error(status)
		}
		_, page = h.Ask(t, "lan", "/reception/owed", nil)
		testkit.Has(t, page, "Thông báo kết luận chưa gửi", "Báo kết quả cho công dân")
		for _, who := range []string{"tâm", "phúc", "giang", "quân", "thắng"} {
			for _, target := range []string{at, "/reception/visit-matters/" + r.Lines[0].ID, at + "/papers/minutes"} {
				if status, page := h.Ask(t, who, target, nil); status != 404 || strings.Contains(page, "Lê Ánh") {
					t.Errorf("%s: %s gives %d", who, target, status)
				}
			}
		}
	})
}

func TestSealedPages(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		h := w.house(t)
		id := w.called(t, "")
		at := "/reception/visits/" + id + "/denunciation"
		status, page := h.Ask(t, "lan", at, testkit.Form("sealed_name", "Phạm Bí Mật", "sealed_kind", "citizen", "sealed_number", "12", "sealed_content", "x", "once", "s"))
		if testkit.Has(t, page, "đúng 12 chữ số"); status != 422 {
			t.Error(status)
		}
		sent := testkit.Form("sealed_name", "Pha\u0323m Bi\u0301 Mật", "sealed_address", "9 ngõ Kín", "sealed_contact", "bimat@example.vn", "sealed_kind", "citizen", "sealed_number", "036199000777", "sealed_content", "Ông X giám đốc nhận tiền", "once", "s")
		status, to := h.Ask(t, "lan", at, sent)
		if status != 303 {
			t.Fatal(status)
		}
		if _, again := h.Ask(t, "lan", at, sent); again != to {
			t.Error("a second click goes elsewhere")
		}
		var seen strings.Builder
		for _, target := range []string{to, "/reception/log", "/reception/owed", "/reception/desk", "/reception/visits/" + id} {
			for _, who := range []string{"lan", "hùng"} {
				status, page := h.Ask(t, who, target, nil)
				if status != 200 {
					t.Errorf("%s: %d", target, status)
				}
				seen.WriteString(page)
			}
		}
		testkit.Has(t, seen.String(), "Tố cáo – thông tin được niêm phong")
		testkit.Hides(t, seen.String(), sealedAway...)
		testkit.Hides(t, w.pdf(t, counter.Period{}), sealedAway...)
		_, book, err := w.File(ctx, w.as(t, "lan"), counter.Period{}, "xlsx")
		w.must(t, err)
		f := must(excelize.OpenReader(bytes.NewReader(book)))(t)
		testkit.Hides(t, fmt.Sprint(must(f.GetRows(f.GetSheetName(0)))(t)), sealedAway...)
	})
}

// Each form sent twice does its act once and leads on.
func TestDoubleClicks(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		h := w.house(t)
		d := w.receive(t, "sơn")
		id := w.called(t, d)
		at := "/reception/visits/" + id
		for _, sent := range []struct {
			to   string
			form []string
		}{
			{at + "/group", []string{"people", "6", "appointment", "Giấy cử đại diện"}},
			{at + "/people", []string{"name", "Lê Ánh", "address", "Số 1", "role", "representative", "paper_kind", "none"}},
			{at + "/matters", []string{"class", "proposal", "times", "first", "summary", "Đèn đường", "outcome", "noted"}},
			{at + "/minutes", []string{"minutes", "Tôi nói", "read", "1", "sign", "signed"}},
			{at + "/receipts", []string{"items", "Đơn\nẢnh", "once", "r"}},
			{at + "/end", nil},
			{at + "/conclusion", []string{"conclusion", "Giao theo dõi", "conclusion_symbol", "1/TB", "conclusion_on", "16/11/2026"}},
		} {
			r := must(w.Record(ctx, w.as(t, "lan"), id))(t)
			f := testkit.Form(append(sent.form, "revision", fmt.Sprint(r.Revision))...)
			for click := range 2 {
				if status, page := h.Ask(t, "lan", sent.to, f); status != 303 {
					t.Errorf("click %d on %s: %d %.200s", click+1, sent.to, status, page)
				}
			}
		}
		r := must(w.Record(ctx, w.as(t, "lan"), id))(t)
		if len(r.Present) != 1 || len(r.Lines) != 1 || len(r.Receipts) != 1 || r.Lines[0].No != 1 {
			t.Errorf("%+v", r)
		}
	})
}

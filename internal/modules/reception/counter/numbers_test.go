package counter_test

import (
	"bytes"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/modules/reception/counter"
	"example.vn/hdnd/internal/testkit"

	"github.com/xuri/excelize/v2"
)

// The log with full numbers is for a reason, and the log of acts has it.
func TestFullLog(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.done(t, "", matter())
		must(w.Denounce(ctx, w.as(t, "lan"), w.called(t, ""), counter.Accusation{Name: "Phạm Bí Mật", Content: "giám đốc nhận tiền"}))(t)
		_, _, err := w.FullLog(ctx, w.as(t, "lan"), counter.Period{}, "xem")
		testkit.Refused(t, err, "counter.reason_short")
		for _, who := range []string{"sơn", "phúc", "giang"} {
			_, _, err = w.FullLog(ctx, w.as(t, who), counter.Period{}, "Đoàn thanh tra yêu cầu")
			testkit.Refused(t, err, "counter.not_yours")
		}
		_, content, err := w.FullLog(ctx, w.as(t, "hùng"), counter.Period{}, "Đoàn thanh tra yêu cầu")
		w.must(t, err)
		f := must(excelize.OpenReader(bytes.NewReader(content)))(t)
		rows := must(f.GetRows(f.GetSheetName(0)))(t)
		if rows[6][3] != citizenNumber || strings.Contains(strings.Join(rows[7], "|"), "Bí Mật") {
			t.Errorf("%q", rows)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM audit_entries WHERE verb = 'reception.reveal_log' AND details LIKE '%thanh tra%'`); n != 1 {
			t.Errorf("%d entries", n)
		}
		h := w.house(t)
		if status, _ := h.Ask(t, "lan", "/reception/log/full", testkit.Form("reason", "", "from", "01/11/2026", "until", "30/11/2026")); status != 422 {
			t.Error(status)
		}
		if status, page := h.Ask(t, "lan", "/reception/log/full", testkit.Form("reason", "Đoàn thanh tra yêu cầu", "from", "01/11/2026", "until", "30/11/2026")); status != 200 || !strings.HasPrefix(page, "PK") {
			t.Error(status)
		}
		if status, _ := h.Ask(t, "phúc", "/reception/log/full", testkit.Form("reason", "Đoàn thanh tra yêu cầu")); status != 404 {
			t.Error(status)
		}
	})
}

func TestReseal(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		id := w.done(t, "", matter())
		box := func() string {
			return read(t, w, func(tx *db.Tx) (string, error) {
				return db.One[string](ctx, tx, `SELECT paper_box FROM reception_visitors`)
			})
		}
		was := box()
		if n := must(w.Reseal(ctx, func([]byte) bool { return false }))(t); n != 0 || box() != was {
			t.Error("sealed what was not stale")
		}
		if n := must(w.Reseal(ctx, func([]byte) bool { return true }))(t); n != 1 || box() == was {
			t.Error("not sealed anew")
		}
		p := must(w.Record(ctx, w.as(t, "lan"), id))(t).Present[0]
		if got := must(w.Number(ctx, w.as(t, "lan"), id, p.ID, "Đối chiếu giấy tờ"))(t); got != citizenNumber {
			t.Error(got)
		}
	})
}

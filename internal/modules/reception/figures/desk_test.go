package figures_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/text"
	kweb "example.vn/hdnd/internal/kernel/web"
	"example.vn/hdnd/internal/modules/reception/figures"
	"example.vn/hdnd/internal/testkit"
	"example.vn/hdnd/internal/testkit/council"
	"example.vn/hdnd/web"
)

var ctx = context.Background()

// house is the standard council with reports over registers that lie in memory:
// this part is told what was received and owns none of it.
type house struct {
	*council.World
	*figures.Desk
	*testkit.Pages
	queue   *jobs.Queue
	letters map[string][]figures.Letter // by council
	visits  map[string][]figures.Visit
	looks   func(a figures.Ask) // while letters are read; nil: nobody
}

func eachHouse(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	council.Each(t, func(t *testing.T, w *council.World) {
		if err := w.App.DB.Migrate(ctx, figures.Migrations); err != nil {
			t.Fatal(err)
		}
		fonts, err := documents.ReadFonts(web.Files)
		if err != nil {
			t.Fatal(err)
		}
		words, err := text.Load(kweb.Files, figures.Files)
		if err != nil {
			t.Fatal(err)
		}
		h := &house{World: w, queue: jobs.New(w.App.DB, w.Clock), letters: map[string][]figures.Letter{}, visits: map[string][]figures.Visit{}}
		h.Desk, err = figures.New(figures.Deps{DB: w.App.DB, Clock: w.Clock, Audit: w.App.Audit, Queue: h.queue, Fonts: fonts, Text: words,
			LettersMany: func(_ context.Context, _ *db.Tx, a figures.Ask) (int, error) { return len(h.letters[a.CouncilID]), nil },
			Letters: func(_ context.Context, _ *db.Tx, a figures.Ask) ([]figures.Letter, error) {
				if h.looks != nil {
					h.looks(a)
				}
				return page(h.letters[a.CouncilID], a, func(l figures.Letter) (string, bool) { return l.ID, !l.Received.After(clock.DateOf(a.Moment)) }), nil
			},
			Visits: func(_ context.Context, _ *db.Tx, a figures.Ask) ([]figures.Visit, error) {
				return page(h.visits[a.CouncilID], a, func(v figures.Visit) (string, bool) { return v.ID, true }), nil
			}})
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range h.Jobs() {
			h.queue.Handle(j.Kind, j.Handle)
		}
		h.Pages = w.Pages(t, h.Menu(), h.Routes(), figures.Files)
		fn(t, h)
	})
}

// page is what a register in memory answers.
func page[F any](all []F, a figures.Ask, of func(F) (id string, known bool)) (some []F) {
	for _, f := range all {
		if id, known := of(f); known && id > a.After && len(some) < a.Limit {
			some = append(some, f)
		}
	}
	return some
}

func (h *house) drain(t testing.TB) {
	t.Helper()
	if _, err := h.queue.Drain(ctx); err != nil {
		t.Fatal(err)
	}
}

func (h *house) fill(n int) {
	on := clock.NewDate(2026, 10, 5)
	for i := range n {
		h.letters["hn"] = append(h.letters["hn"], figures.Letter{ID: fmt.Sprintf("%06d", i), Ref: fmt.Sprint("ĐT26-", i), Received: on, Handled: on, Eligible: true, Matter: fmt.Sprint(i),
			Kind: "complaint", Standing: "open", Result: "forwarded"})
	}
	h.letters["bd"] = []figures.Letter{{ID: "1", Ref: "BĐ-1", Received: on, Kind: "denunciation"}}
}

func post(form string, more ...string) url.Values {
	v := url.Values{"form": {form}, "from": {"01/10/2026"}, "until": {"31/12/2026"}}
	for i := 0; i < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

func TestReportIsMadeReadAndCountedAgain(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.fill(2_345) // more than one reading takes
		status, at := h.Ask(t, "văn-thư", "/reception/figures", post("01/XLD 2024", "wards", "1"))
		if status != 303 {
			t.Fatalf("%d %s", status, at)
		}
		_, waiting := h.Ask(t, "văn-thư", at, nil)
		testkit.Has(t, waiting, "Đang đếm số liệu")
		if status, _ := h.Ask(t, "văn-thư", at+"/file?as=xlsx", nil); status != 404 {
			t.Errorf("a file of what is not counted yet: %d", status)
		}
		h.drain(t)
		_, made := h.Ask(t, "văn-thư", at, nil)
		testkit.Has(t, made, "2.346", "2.345", "Cả 7 đẳng thức", "phường Ba Đình", "chưa đối chiếu văn bản gốc", "Tổng cộng")

		if status, _ := h.Ask(t, "lãnh-đạo-văn-phòng", at+"/again", url.Values{}); status != 303 {
			t.Error(status)
		}
		h.drain(t)
		_, same := h.Ask(t, "văn-thư", at, nil)
		testkit.Has(t, same, "số liệu giống hệt")
		h.letters["hn"][7].Kind = "mixed" // somebody changed the register backwards
		h.Ask(t, "văn-thư", at+"/again", url.Values{})
		h.drain(t)
		_, other := h.Ask(t, "văn-thư", at, nil)
		testkit.Has(t, other, "số liệu khác")
		if strings.Contains(other, "ĐT26-7") {
			t.Error("the made report changed with the register")
		}
		_, at = h.Ask(t, "văn-thư", "/reception/figures", post("01/XLD 2024"))
		h.drain(t)
		_, breached := h.Ask(t, "văn-thư", at, nil)
		testkit.Has(t, breached, "6 = 8 + 9 + 10", "ĐT26-7", "Hãy sửa các dòng sổ")
	})
}

func TestFilesOfAReport(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.visits["hn"] = []figures.Visit{{ID: "1", Ref: "TD-1", On: clock.NewDate(2026, 10, 5), By: "leader", Session: "s", People: 7, First: 1, Group: true}}
		_, at := h.Ask(t, "thường-trực", "/reception/figures", post("01/TCD 2024"))
		h.drain(t)
		_, sheet := h.Ask(t, "thường-trực", at+"/file?as=xlsx", nil)
		f, err := excelize.OpenReader(strings.NewReader(sheet))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := f.GetRows("01-TCD")
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(rows, func(r []string) bool { return len(r) > 28 && r[1] == "1" && r[29] == "29" })
		if i < 0 || len(rows) < i+2 || strings.Join(rows[i+1][1:4], " ") != "1 7 1" || rows[i+1][12] != "1" || rows[i+1][17] != "1" || rows[i+1][18] != "7" {
			t.Errorf("%q", rows)
		}
		merged, err := f.GetMergeCells("01-TCD")
		if err != nil || !slices.ContainsFunc(merged, func(m excelize.MergeCell) bool {
			return m.GetCellValue() == "Thủ trưởng tiếp định kỳ và đột xuất" && m.GetStartAxis() == "M5" && m.GetEndAxis() == "U5"
		}) {
			t.Errorf("headings %v, %v", merged, err)
		}
		_, pdf := h.Ask(t, "thường-trực", at+"/file?as=pdf", nil)
		_, again := h.Ask(t, "chủ-tịch", at+"/file?as=pdf", nil)
		if !strings.HasPrefix(pdf, "%PDF-") || pdf != again {
			t.Errorf("the PDF is no PDF or another each time: %d, %d bytes", len(pdf), len(again))
		}
		_, out := h.Ask(t, "thường-trực", at+"/file?as=json", nil)
		var export struct {
			Format  string
			Columns []struct{ N int }
			Total   []int64
		}
		if err := json.NewDecoder(bytes.NewReader([]byte(out))).Decode(&export); err != nil || export.Format != "hdnd.reception.figures/1" || len(export.Columns) != 29 || export.Total[1] != 7 {
			t.Errorf("%v %s", err, out)
		}
		if status, _ := h.Ask(t, "thường-trực", at+"/file?as=exe", nil); status != 404 {
			t.Error(status)
		}
	})
}

func TestWhoReadsReports(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		_, at := h.Ask(t, "văn-thư", "/reception/figures", post("01/XLD 2024", "wards", "1"))
		h.drain(t)
		for _, who := range []string{"văn-thư-phường", "lãnh-đạo-phường", "chủ-tịch-phường", "đầu-mối-xây-dựng", "đại-biểu", "ban-đô-thị", "quản-trị", ""} {
			for _, path := range []string{at, at + "/file?as=xlsx"} {
				if status, page := h.Ask(t, who, path, nil); status == 200 || strings.Contains(page, "phường Ba Đình") {
					t.Errorf("%q reads %s: %d", who, path, status)
				}
			}
		}
		r, err := h.Make(ctx, h.People["văn-thư-phường"], figures.Query{Form: "01/XLD 2024", Wards: true, Period: figures.Period{From: clock.NewDate(2026, 10, 1), Until: clock.NewDate(2026, 12, 31)}})
		if err != nil || !slices.Equal(r.Councils.V, []string{"bd"}) {
			t.Errorf("a ward counts %v, %v", r.Councils.V, err)
		}
		_, list := h.Ask(t, "văn-thư-phường", "/reception/figures", nil)
		if strings.Contains(list, at) {
			t.Error("the ward lists the city's report")
		}
	})
}

func TestBadQuestions(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		for _, c := range []struct{ name, value, says string }{
			{"form", "01/TCD 1999", "Không có biểu này"}, {"form", "", "Không có biểu này"},
			{"from", "", "Hãy nhập ngày"}, {"from", "31/02/2026", "31/02/2026"}, {"until", "30/09/2026", "từ ngày đầu kỳ"},
			{"until", "31/12/2099", "nhiều kỳ"}, {"moment", "01/01/2030", "tương lai"}, {"from", "' OR 1=1 --", "OR 1=1"},
		} {
			status, page := h.Ask(t, "văn-thư", "/reception/figures", post("01/XLD 2024", c.name, c.value))
			if status != 422 || !strings.Contains(page, c.says) {
				t.Errorf("%s = %q: %d, without %q", c.name, c.value, status, c.says)
			}
		}
		_, err := h.Make(ctx, h.People["văn-thư"], figures.Query{Form: "01/XLD 2024", Moment: h.Clock.Now().Add(time.Hour),
			Period: figures.Period{From: clock.NewDate(2026, 10, 1), Until: clock.NewDate(2026, 12, 31)}})
		if !fault.Is(err, "figures.moment_ahead") && !strings.Contains(fmt.Sprint(err), "moment_ahead") {
			t.Error(err)
		}
		if err := h.Again(ctx, h.People["văn-thư"], "nothing"); !fault.Is(err, "figures.no_such_report") {
			t.Error(err)
		}
	})
}

package constituencies_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/modules/petitions/constituencies"
	"example.vn/hdnd/internal/testkit/council"
)

func desk(w *council.World) *constituencies.Desk {
	return constituencies.New(constituencies.Deps{DB: w.App.DB, Clock: w.Clock, Audit: w.App.Audit})
}

func on(t *testing.T, w *council.World, day clock.Date, unit string) (n int) {
	t.Helper()
	err := w.App.DB.Read(t.Context(), func(tx *db.Tx) error {
		c, _, err := constituencies.OfUnit(t.Context(), tx, "hn", unit, day)
		n = c.Number
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A new list replaces the whole old one from its day on; for the days before,
// the old one is still told.
func TestEnter(t *testing.T) {
	council.Each(t, func(t *testing.T, w *council.World) {
		d, clerk := desk(w), w.People["văn-thư"]
		first, later := clock.NewDate(2026, 3, 15), clock.NewDate(2026, 12, 1)
		enter := func(lines string, from clock.Date) {
			t.Helper()
			if err := d.Enter(t.Context(), clerk, constituencies.Entry{Lines: lines, Basis: "Nghị quyết 12/NQ-UBBC ngày 01/02/2026", From: from}); err != nil {
				t.Fatal(err)
			}
		}
		enter("1: ba dinh\n2\tPhường Ngọc Hà", first)
		enter("Đơn vị số 3: Phường Ba Đình", later)
		for day, want := range map[clock.Date]int{first.AddDays(-1): 0, first: 1, later.AddDays(-1): 1, later: 3} {
			if got := on(t, w, day, "00004"); got != want {
				t.Errorf("on %s Ba Đình elects in %d, not %d", day, got, want)
			}
		}
		if got := on(t, w, first, "00008"); got != 2 {
			t.Errorf("Ngọc Hà elects in %d, not 2", got)
		}
		if got := on(t, w, later, "00008"); got != 0 {
			t.Errorf("a ward left out of the new list elects in %d", got)
		}
		enter("4: Phường Ba Đình", later) // the decision of that day was mended before it held
		if got := on(t, w, later, "00004"); got != 4 {
			t.Errorf("the mended list is not in force: %d", got)
		}
	})
}

func TestEnterRefuses(t *testing.T) {
	council.Each(t, func(t *testing.T, w *council.World) {
		d := desk(w)
		good := constituencies.Entry{Lines: "1: Phường Ba Đình", Basis: "12/NQ", From: clock.NewDate(2026, 12, 1)}
		with := func(change func(*constituencies.Entry)) constituencies.Entry { e := good; change(&e); return e }
		for name, c := range map[string]struct {
			who   string
			entry constituencies.Entry
			key   string
		}{
			"nothing":          {"văn-thư", with(func(e *constituencies.Entry) { e.Lines = " \n" }), "constituencies.empty"},
			"no number":        {"văn-thư", with(func(e *constituencies.Entry) { e.Lines = "Phường Ba Đình" }), "constituencies.line"},
			"a number of none": {"văn-thư", with(func(e *constituencies.Entry) { e.Lines = "1:" }), "constituencies.line"},
			"twice":            {"văn-thư", with(func(e *constituencies.Entry) { e.Lines = "1: Phường Ba Đình\n1: Phường Ngọc Hà" }), "constituencies.number_twice"},
			"one ward twice":   {"văn-thư", with(func(e *constituencies.Entry) { e.Lines = "1: Phường Ba Đình\n2: ba dinh" }), "constituencies.unit_twice"},
			"an unknown ward":  {"văn-thư", with(func(e *constituencies.Entry) { e.Lines = "1: Phường Không Có" }), "constituencies.unit"},
			"no basis":         {"văn-thư", with(func(e *constituencies.Entry) { e.Basis = "" }), "constituencies.basis"},
			"no day":           {"văn-thư", with(func(e *constituencies.Entry) { e.From = clock.Date{} }), "constituencies.from"},
			"too many":         {"văn-thư", with(func(e *constituencies.Entry) { e.Lines = strings.Repeat("7: x\n", 200) }), "constituencies.many"},
			"a deputy":         {"đại-biểu", good, "constituencies.not_yours"},
			"an agency":        {"đầu-mối-xây-dựng", good, "constituencies.not_yours"},
			"another's area":   {"văn-thư-phường", with(func(e *constituencies.Entry) { e.Lines = "1: Phường Ngọc Hà" }), "constituencies.unit"},
		} {
			if err := d.Enter(t.Context(), w.People[c.who], c.entry); !fault.Is(err, c.key) {
				t.Errorf("%s: %v, not %s", name, err, c.key)
			}
		}
		if got := on(t, w, good.From, "00004"); got != 0 {
			t.Errorf("something was kept: %d", got)
		}
	})
}

// The clerk enters the list on its page; petitions show it and are found by it.
func TestPage(t *testing.T) {
	council.Each(t, func(t *testing.T, w *council.World) {
		clerk := w.Browse(t, "văn-thư")
		form := clerk.Get(t, "/petitions/constituencies").Hidden()
		form.Set("lines", "không đọc được")
		form.Set("basis", "12/NQ-UBBC ngày 01/02/2026")
		form.Set("from", "15/03/2026")
		if p := clerk.Post(t, "/petitions/constituencies", form); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Body, "không đọc được") {
			t.Errorf("a list that cannot be read: %d", p.Status)
		}
		form.Set("lines", "11: Phường Ba Đình")
		if p := clerk.Post(t, "/petitions/constituencies", form); p.Status != http.StatusOK || !strings.Contains(p.Text(), "Đã ghi danh sách đơn vị bầu cử") {
			t.Fatalf("%d %s", p.Status, p.Text())
		}
		hand := w.HandInForm(t)
		for k, v := range map[string]string{"to": "city", "ward": "00004", "act": "send", "text": "Đường Đội Cấn hỏng nặng, đề nghị thành phố sửa chữa sớm."} {
			hand.Set(k, v)
		}
		if p := w.Browse(t, "").Post(t, "/kien-nghi/gui", hand); p.Status != http.StatusOK {
			t.Fatal(p.Text())
		}
		w.Work(t)
		for query, found := range map[string]bool{"constituency=11": true, "constituency=12": false, "constituency=11&q=" + url.QueryEscape("doi can"): true, "constituency=11&sort=due": true} {
			if p := clerk.Get(t, "/petitions?"+query); strings.Contains(p.Body, `id="petitions-0`) != found {
				t.Errorf("%s: found %v, want %v", query, !found, found)
			}
		}
		list := clerk.Get(t, "/petitions").Body
		at := strings.Index(list, `href="/petitions/0`)
		if p := clerk.Get(t, list[at+6:at+6+len("/petitions/")+26]); !strings.Contains(p.Text(), "Đơn vị bầu cử số 11") {
			t.Error("the petition does not show its constituency")
		}
	})
}

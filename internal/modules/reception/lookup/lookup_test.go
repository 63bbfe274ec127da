package lookup_test

import (
	"context"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/reception/lookup"
	"example.vn/hdnd/internal/testkit"
	"example.vn/hdnd/internal/testkit/council"
)

// register is three letters: an ordinary one and a denunciation in two states.
func register() map[string]lookup.Found {
	one := lookup.Found{Code: "DT26-7F3K", State: "Đã chuyển Sở Xây dựng", Received: clock.NewDate(2026, 11, 2), Due: clock.NewDate(2026, 11, 30), Reason: "30 ngày kể từ ngày nhận",
		Tentative: true, Letters: []lookup.Issued{{ID: "p1", Title: "Phiếu chuyển", Symbol: "12/PC-VP", On: clock.NewDate(2026, 11, 5)}}}
	sealed := one
	sealed.Code, sealed.Sealed = "DT26-AAAA", true
	closed := lookup.Found{Code: "DT26-BBBB", Sealed: true, State: "Đã kết luận"}
	return map[string]lookup.Found{one.Code: one, sealed.Code: sealed, closed.Code: closed}
}

func open(t *testing.T) *testkit.Pages {
	t.Helper()
	all := register()
	w := council.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "hdnd.db"))
	d := lookup.New(lookup.Deps{DB: w.App.DB,
		Find: func(_ context.Context, _ *db.Tx, code, key string) (lookup.Found, error) {
			f, ok := all[code]
			if !ok || key != "QXDP-8WWM" {
				return f, fault.New(fault.Missing, "db.no_row")
			}
			return f, nil
		},
		Open: func(_ context.Context, id string) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("%PDF-1.7 " + id)), nil
		}})
	return w.Pages(t, nil, d.Routes(), lookup.Files)
}

func post(code, key string) url.Values { return url.Values{"code": {code}, "key": {key}} }

func TestLookUp(t *testing.T) {
	p := open(t)
	for _, typed := range []string{"DT26-7F3K", "  DT26-7F3K "} {
		status, page := p.Ask(t, "", "/tra-cuu-don", post(typed, "QXDP-8WWM"))
		if status != 200 || !strings.Contains(page, "Đã chuyển Sở Xây dựng") || !strings.Contains(page, "30/11/2026") || !strings.Contains(page, "12/PC-VP") || !strings.Contains(page, "tạm tính") {
			t.Errorf("%q: %d", typed, status)
		}
	}
	form := post("DT26-7F3K", "QXDP-8WWM")
	form.Set("letter", "p1")
	if status, paper := p.Ask(t, "", "/tra-cuu-don/van-ban", form); status != 200 || paper != "%PDF-1.7 p1" {
		t.Errorf("%d %s", status, paper)
	}
	for _, other := range []string{"p2", "", "../p1"} {
		form.Set("letter", other)
		if status, _ := p.Ask(t, "", "/tra-cuu-don/van-ban", form); status != 404 {
			t.Errorf("letter %q: %d", other, status)
		}
	}
}

// What does not exist and what has another key is the same page; the code and
// key that were typed stay in the form.
func TestNobodyLearnsWhatThereIs(t *testing.T) {
	p := open(t)
	var pages []string
	for _, c := range [][2]string{{"DT26-7F3K", "wrong-key"}, {"DT26-ZZZZ", "wrong-key"}, {"DT26-AAAA", "wrong-key"}} {
		status, page := p.Ask(t, "", "/tra-cuu-don", post(c[0], c[1]))
		if status != 404 || !strings.Contains(page, c[0]) {
			t.Errorf("%v: %d", c, status)
		}
		pages = append(pages, strings.ReplaceAll(page, c[0], "CODE"))
	}
	if len(slices.Compact(pages)) != 1 {
		t.Error("the pages differ")
	}
	for _, c := range [][2]string{{"", "x"}, {"x", ""}, {"DT26-AAAA", "---"}, {"–", "–"}} {
		if status, _ := p.Ask(t, "", "/tra-cuu-don", post(c[0], c[1])); status != 422 {
			t.Errorf("%q: %d", c, status)
		}
	}
	if status, page := p.Ask(t, "", "/tra-cuu-don", post(strings.Repeat("A", 5_000), "x")); status == 200 || status >= 500 {
		t.Errorf("a huge code: %d %.80s", status, page)
	}
}

// A denunciation says one thing in every state, and gives no papers.
func TestDenunciationIsNeutral(t *testing.T) {
	p := open(t)
	var pages []string
	for _, code := range []string{"DT26-AAAA", "DT26-BBBB"} {
		status, page := p.Ask(t, "", "/tra-cuu-don", post(code, "QXDP-8WWM"))
		if status != 200 {
			t.Fatal(status)
		}
		for _, told := range []string{"30/11/2026", "12/PC-VP", "Sở Xây dựng", "kết luận", "tố cáo", "02/11/2026"} {
			if strings.Contains(page, told) {
				t.Errorf("%s tells %q", code, told)
			}
		}
		pages = append(pages, strings.ReplaceAll(page, code, "CODE"))
		form := post(code, "QXDP-8WWM")
		form.Set("letter", "p1")
		if status, _ := p.Ask(t, "", "/tra-cuu-don/van-ban", form); status != 404 {
			t.Errorf("a letter of %s: %d", code, status)
		}
	}
	if pages[0] != pages[1] {
		t.Error("the states of a denunciation can be told apart")
	}
}

// TestRenew: the form names what was looked at, the key is shown once and in no address.
func TestRenew(t *testing.T) {
	w := council.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "hdnd.db"))
	given := ""
	d := lookup.New(lookup.Deps{DB: w.App.DB,
		Reaches: func(_ context.Context, _ *db.Tx, _ org.Actor, id string) error {
			if id != "one" {
				return fault.New(fault.Missing, "cases.no_such_case")
			}
			return nil
		},
		NewKey: func() (string, lookup.PutKey) {
			return "ABCDEFGHJKMN", func(_ context.Context, _ *db.Tx, _ org.Actor, id, checked string) (string, error) {
				given = id + " " + checked
				return "DT26-7F3K-9QXD", nil
			}
		}})
	p := w.Pages(t, nil, d.Routes(), lookup.Files)
	if status, page := p.Ask(t, "văn-thư", lookup.RenewPath("one"), nil); status != 200 {
		t.Errorf("the form: %d %.200s", status, page)
	}
	if status, _ := p.Ask(t, "văn-thư", lookup.RenewPath("another"), nil); status != 404 {
		t.Errorf("another's letter: %d", status)
	}
	if status, page := p.Ask(t, "văn-thư", lookup.RenewPath("one"), testkit.Form("checked", "nothing")); status != 422 || given != "" {
		t.Errorf("nothing was looked at: %d, given %q, %.100s", status, given, page)
	}
	if status, to := p.Ask(t, "văn-thư", lookup.RenewPath("one"), testkit.Form("checked", "citizen")); status != 303 || to != "/reception/letters/one" || given != "one citizen" {
		t.Errorf("given %q, %d to %s", given, status, to)
	}
	if status, _ := p.Ask(t, "đại-biểu", lookup.RenewPath("one"), testkit.Form("checked", "citizen")); status != 404 && status != 403 {
		t.Errorf("a deputy gives keys: %d", status)
	}
}

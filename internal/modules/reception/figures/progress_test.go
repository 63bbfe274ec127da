package figures_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"example.vn/hdnd/internal/modules/reception/figures"
	"example.vn/hdnd/internal/testkit"
)

// While a report over many rows is counted its page tells how far that is, and so
// does the list; the part of the page that follows leads to the numbers at the end.
// It only ever grows, and a report that is counted again tells it too.
func TestProgress(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.fill(25_000)
		_, at := h.Ask(t, "văn-thư", "/reception/figures", post("01/XLD 2024"))
		var seen []string
		h.looks = func(a figures.Ask) {
			if a.After == "" || a.CouncilID != "hn" {
				return
			}
			_, page := h.Ask(t, "văn-thư", at, nil)
			i := strings.Index(page, "<progress")
			if i < 0 {
				t.Fatalf("no progress at %s", a.After)
			}
			if bar := page[i : i+strings.Index(page[i:], ">")]; len(seen) == 0 || seen[len(seen)-1] != bar {
				seen = append(seen, bar)
			}
			if a.After == "015999" && strings.Contains(page, "50000") {
				testkit.Has(t, page, "Đã đọc", "trong khoảng 50.000 dòng sổ", "Xem lại")
				_, list := h.Ask(t, "văn-thư", "/reception/figures", nil)
				testkit.Has(t, list, "Đang đếm, ")
				_, english := h.Ask(t, "văn-thư", at+"?lang=en", nil)
				testkit.Has(t, english, "of about 50,000 rows")
			}
		}
		h.drain(t)
		if len(seen) != 5 || !strings.Contains(seen[0], `value="0"`) || !strings.Contains(seen[4], `value="41000"`) || !strings.Contains(seen[4], `max="50000"`) {
			t.Errorf("%q", seen)
		}
		_, made := h.Ask(t, "văn-thư", at, nil)
		testkit.Has(t, made, "25.000", "Đếm lại")
		testkit.Hides(t, made, "<progress", "Đã đếm xong")
		r := httptest.NewRequest(http.MethodGet, at+"?fragment=counting", nil)
		r.Header.Set("HX-Request", "true")
		part := h.Answer("văn-thư", r).Body.String()
		testkit.Has(t, part, "Đã đếm xong", "Xem biểu")
		testkit.Hides(t, part, "<progress", "<html")
		seen = nil
		if status, _ := h.Ask(t, "văn-thư", at+"/again", url.Values{}); status != 303 {
			t.Fatal(status)
		}
		h.drain(t)
		if len(seen) != 3 || !strings.Contains(seen[2], `max="25000"`) {
			t.Errorf("again: %q", seen)
		}
		_, again := h.Ask(t, "văn-thư", at, nil)
		testkit.Has(t, again, "số liệu giống hệt")
		testkit.Hides(t, again, "<progress")
	})
}

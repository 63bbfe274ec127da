package desk_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/testkit"
	"example.vn/hdnd/internal/testkit/council"
)

// TestEveryPageOpens walks every address of the desk as each kind of person
// and looks for a sentence that is missing, or a page that is not theirs.
func TestEveryPageOpens(t *testing.T) {
	everybody := []string{"/desk", "/inbox", "/search", "/search?q=duong", "/search?q=duong&in=public", "/administration/delegations", "/tinh-han", "/so-bien-nhan"}
	administrators := []string{"/administration/jobs", "/administration/jobs?state=dead", "/administration/mails", "/administration/calendar", "/administration/calendar?year=2027",
		"/administration/people", "/administration/mergers", "/administration/accounts"}
	rules := []string{"/administration/procedures", "/administration/procedures/petition/1", "/administration/permissions"}
	council.Each(t, func(t *testing.T, w *council.World) {
		for who, pages := range map[string]struct{ open, shut []string }{
			"văn-thư":          {everybody, append(append([]string{"/log"}, administrators...), rules...)},
			"quản-trị":         {append(append(append([]string{"/log", "/log?verb=auth.&from=01/01/2026"}, everybody...), administrators...), rules...), nil},
			"kiểm-tra":         {append(append([]string{"/log"}, everybody...), rules...), administrators},
			"đầu-mối-xây-dựng": {everybody, append([]string{"/log"}, administrators...)},
		} {
			b := w.Browse(t, who)
			for _, p := range pages.open {
				for _, lang := range []string{"vi", "en"} {
					sign := "?"
					if strings.Contains(p, "?") {
						sign = "&"
					}
					got := b.Get(t, p+sign+"lang="+lang)
					if got.Status != http.StatusOK {
						t.Errorf("%s %s: %d", who, p, got.Status)
					}
					if i := strings.Index(got.Body, "⟦"); i >= 0 {
						t.Errorf("%s %s (%s): no sentence for %.60s", who, p, lang, got.Body[i:])
					}
				}
			}
			for _, p := range pages.shut {
				if got := b.Get(t, p); got.Status != http.StatusNotFound {
					t.Errorf("%s %s: %d, want 404", who, p, got.Status)
				}
			}
		}
	})
}

func TestCalculator(t *testing.T) {
	w := openWorld(t)
	b := w.Browse(t, "")
	got := b.Get(t, "/tinh-han?"+url.Values{"start": {"13/02/2026"}, "count": {"5"}, "unit": {"working-day"}}.Encode())
	// Tết Bính Ngọ: nghỉ từ 14/2 đến hết 22/2/2026.
	if got.Status != http.StatusOK || !strings.Contains(got.Body, "27/02/2026") || !strings.Contains(got.Body, "17/02/2026") {
		t.Errorf("%d\n%s", got.Status, got.Text())
	}
	for name, q := range map[string]url.Values{
		"no date":        {"start": {""}, "count": {"5"}, "unit": {"day"}},
		"nonsense":       {"start": {"hôm nay"}, "count": {"nhiều"}, "unit": {"day"}},
		"zero":           {"start": {"16/11/2026"}, "count": {"0"}, "unit": {"day"}},
		"huge":           {"start": {"16/11/2026"}, "count": {"999999999"}, "unit": {"day"}},
		"other unit":     {"start": {"16/11/2026"}, "count": {"5"}, "unit": {"fortnight"}},
		"before records": {"start": {"01/01/1900"}, "count": {"5"}, "unit": {"day"}},
	} {
		got := b.Get(t, "/tinh-han?"+q.Encode())
		if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "error-summary") || !strings.Contains(got.Body, "field-error") {
			t.Errorf("%s: %d\n%s", name, got.Status, got.Text())
		}
	}
}

func openWorld(t *testing.T) *council.World {
	t.Helper()
	return council.Open(t, testkit.SQLiteAddress(t, app.Migrations()...))
}

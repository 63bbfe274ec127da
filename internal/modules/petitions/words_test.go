package petitions

import (
	"net/url"
	"strings"
	"testing"
)

func TestMasked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, name, out string }{
		{"Gọi tôi 0912 345 678 nhé", "", "Gọi tôi […] nhé"},
		{"Gọi +84 912.345.678", "", "Gọi […]"},
		{"Thư a.b@vi-du.vn, căn cước 001199012345.", "", "Thư […], căn cước […]."},
		{"Tôi là Lê Thị Thử ở số 10 đường 30/4", "Lê Thị Thử", "Tôi là […] ở số 10 đường 30/4"},
		{"Đường 179 hỏng từ 2024, dài 12.500 m", "Thử", "Đường 179 hỏng từ 2024, dài 12.500 m"},
	} {
		if got := masked(c.in, c.name); got != c.out {
			t.Errorf("masked(%q) = %q, want %q", c.in, got, c.out)
		}
	}
}

func TestNoCellIsAFormula(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"=HYPERLINK(\"http://x\")": "'=HYPERLINK(\"http://x\")", "+84": "'+84", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "Đường hỏng": "Đường hỏng", "": "",
	} {
		if got := harmless(in); got != want {
			t.Errorf("harmless(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCodesAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"KN26-7F3K-9QXD", "kn267f3k9qxd", " kn26 7f3k 9qxd ", "KN26–7F3K–9QXD"} {
		if got := tidyCode(in); got != "KN26-7F3K-9QXD" {
			t.Errorf("tidyCode(%q) = %q", in, got)
		}
	}
}

// A filter is written into addresses and saved under names, so it must come
// back as it was; and an address typed by hand must do no harm.
func TestFilterInAddress(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"", "tab=late", "state=closed&ward=00004", "field=urban.roads&sort=due", "body=b&from=2026-01-01&until=2026-02-01", "q=%C4%91%C6%B0%E1%BB%9Dng"} {
		q, err := url.ParseQuery(in)
		if err != nil {
			t.Fatal(err)
		}
		once := filterOf(q).Query()
		again, err := url.ParseQuery(once)
		if err != nil {
			t.Fatal(err)
		}
		if got := filterOf(again).Query(); got != once {
			t.Errorf("%q became %q, then %q", in, once, got)
		}
	}
	q, err := url.ParseQuery("tab=drop&field=nonsense&from=yesterday&until=%00&after=%27%3B--&q=kn267f3k9qxd")
	if err != nil {
		t.Fatal(err)
	}
	f := filterOf(q)
	if f.Tab != "" || f.Field != "" || !f.From.IsZero() || !f.Until.IsZero() || f.Code != "KN26-7F3K-9QXD" {
		t.Errorf("nonsense was taken for a filter: %+v", f)
	}
}

func TestTitleIsCutBetweenWords(t *testing.T) {
	t.Parallel()
	whole := strings.Repeat("đường hỏng ", 30)
	got := title(whole)
	if len([]rune(got)) > titleMax+1 || !strings.HasSuffix(got, "…") || strings.Contains(got, " …") {
		t.Errorf("title = %q", got)
	}
}

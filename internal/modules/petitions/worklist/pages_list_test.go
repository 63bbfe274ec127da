package worklist

import (
	"net/url"
	"testing"
)

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

// A filter is written into addresses and saved under names, so it must come
// back as it was; and an address typed by hand must do no harm.
func TestFilterInAddress(t *testing.T) {
	t.Parallel()
	d := &Desk{
		Fields: func() []string { return []string{"urban.roads"} },
		Under:  func(branch string) []string { return nil },
	}
	for _, in := range []string{"", "tab=late", "state=closed&ward=00004", "constituency=12", "field=urban.roads&sort=due", "body=b&from=2026-01-01&until=2026-02-01", "q=%C4%91%C6%B0%E1%BB%9Dng"} {
		q, err := url.ParseQuery(in)
		if err != nil {
			t.Fatal(err)
		}
		once := d.filterOf(q).Query()
		again, err := url.ParseQuery(once)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.filterOf(again).Query(); got != once {
			t.Errorf("%q became %q, then %q", in, once, got)
		}
	}
	q, err := url.ParseQuery("tab=drop&field=nonsense&from=yesterday&until=%00&after=%27%3B--&q=kn267f3k9qxd")
	if err != nil {
		t.Fatal(err)
	}
	f := d.filterOf(q)
	if f.Tab != "" || f.Field != "" || !f.From.IsZero() || !f.Until.IsZero() || f.Code != "KN26-7F3K-9QXD" {
		t.Errorf("nonsense was taken for a filter: %+v", f)
	}
}

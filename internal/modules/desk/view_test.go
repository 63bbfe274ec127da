package desk

import (
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/search"
)

func TestMarked(t *testing.T) {
	p := search.Passage{Text: "Đường <b>hỏng</b>, rất xấu", Cut: true}
	at := strings.Index(p.Text, "hỏng")
	p.Marks = []search.Mark{{From: at, To: at + len("hỏng")}, {From: 0, To: 3}, {From: 5, To: 900}}
	var b strings.Builder
	if err := marked(p).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	if want := "Đường &lt;b&gt;<mark>hỏng</mark>&lt;/b&gt;, rất xấu…"; b.String() != want {
		t.Errorf("got %s, want %s", b.String(), want)
	}
}

func TestWording(t *testing.T) {
	for want, v := range map[string]any{"": nil, "x": "x", "a, 2": []any{"a", 2}, `{"a":1}`: map[string]any{"a": 1}, "true": true} {
		if got := wording(v); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
	}
}

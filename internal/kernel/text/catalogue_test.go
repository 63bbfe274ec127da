package text_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"example.vn/hdnd/internal/kernel/text"
)

func files(vi, en string) fstest.MapFS {
	return fstest.MapFS{"text/vi.toml": {Data: []byte(vi)}, "text/en.toml": {Data: []byte(en)}}
}

func TestSay(t *testing.T) {
	c, err := text.Load(files("[a]\nhello = \"Chào {name}\"", "[a]\nhello = \"Hello {name}\""))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		lang text.Lang
		key  string
		want string
	}{
		{text.Vi, "a.hello", "Chào Hường"},
		{text.En, "a.hello", "Hello Hường"},
		{text.Lang("fr"), "a.hello", "Chào Hường"},
		{text.Vi, "a.gone", "⟦a.gone⟧"},
	} {
		if got := c.Say(tc.lang, tc.key, "name", "Hường"); got != tc.want {
			t.Errorf("%s %s = %q, want %q", tc.lang, tc.key, got, tc.want)
		}
	}
	ctx := text.With(context.Background(), c, text.En)
	if got := text.T(ctx, "a.hello", "name", "An"); got != "Hello An" {
		t.Errorf("T = %q", got)
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, tc := range map[string]struct {
		f    []fstest.MapFS
		want string
	}{
		"one language": {[]fstest.MapFS{files("a = \"x\"", "")}, "no English"},
		"twice":        {[]fstest.MapFS{files("a = \"x\"", "a = \"x\""), files("a = \"y\"", "a = \"y\"")}, "twice"},
		"number":       {[]fstest.MapFS{files("a = 1", "a = 1")}, "not a sentence"},
	} {
		var err error
		if len(tc.f) == 1 {
			_, err = text.Load(tc.f[0])
		} else {
			_, err = text.Load(tc.f[0], tc.f[1])
		}
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Đường Trường Chinh": "duong truong chinh",
		"Đường":              "duong", // decomposed
		"Ðất đai":            "dat dai",
		"ASCII Only":         "ascii only",
		"Thủy, Thuỷ":         "thuy, thuy",
	} {
		if got := text.Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"  a\r\nb  \rc\x00\x07 ": "a\nb\nc",
		"trái\u202Ephải":         "tráiphải",
		"Hường":                  "Hường",
		"mot\u00A0hai\xff":       "mot hai",
		"\uFEFFđầu tệp":          "đầu tệp",
	} {
		if got := text.Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestVietnameseOrder(t *testing.T) {
	words := []string{"An", "Ánh", "Ăn", "Ân", "Da", "Đa", "Em", "Ê", "O", "Ô", "Ơ", "U", "Ư"}
	for i := 1; i < len(words); i++ {
		if text.SortKey(words[i-1]) >= text.SortKey(words[i]) {
			t.Errorf("%q does not sort before %q", words[i-1], words[i])
		}
	}
	if text.NameKey("Nguyễn Văn An") >= text.NameKey("Bùi Thị Bình") {
		t.Error("names sort by given name first")
	}
	if got := text.Number(text.Vi, 1234567); got != "1.234.567" {
		t.Errorf("Number = %q", got)
	}
}

func TestRename(t *testing.T) {
	c, err := text.Load(fstest.MapFS{
		"text/vi.toml": {Data: []byte("[field]\nroads = \"Giao thông\"\n")},
		"text/en.toml": {Data: []byte("[field]\nroads = \"Roads\"\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	c.Rename(map[text.Lang]map[string]string{
		text.Vi: {"field.parks": "Công viên {n}", "field.roads": "Đường phố"},
		text.En: {"field.roads": "Streets"},
	})
	for _, v := range []struct {
		lang      text.Lang
		key, want string
	}{
		{text.Vi, "field.parks", "Công viên {n}"}, {text.En, "field.parks", "Công viên {n}"},
		{text.Vi, "field.roads", "Đường phố"}, {text.En, "field.roads", "Streets"},
	} {
		if got := c.Say(v.lang, v.key, "n", 1); got != v.want {
			t.Errorf("%s in %s: %q, not %q", v.key, v.lang, got, v.want)
		}
	}
	if !c.Has("field.parks") || c.Has("field.rivers") {
		t.Error("the catalogue does not know what was named")
	}
	c.Rename(nil)
	if got := c.Say(text.Vi, "field.roads"); got != "Giao thông" || c.Has("field.parks") {
		t.Errorf("names taken back still stand: %q", got)
	}
}

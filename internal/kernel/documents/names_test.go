package documents_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"example.vn/hdnd/internal/kernel/documents"
)

func TestCleanName(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"đơn kiến nghị.pdf":               "đơn kiến nghị.pdf",
		"../../etc/passwd":                "passwd",
		`C:\Users\Đức\ảnh.JPG`:            "ảnh.JPG",
		"C:ảnh.jpg":                       "C ảnh.jpg",
		"a\x00b.pdf":                      "ab.pdf",
		"ảnh\u202Egnp.exe":                "ảnhgnp.exe",
		norm.NFD.String("Đường hỏng.pdf"): "Đường hỏng.pdf",
		"":                                "van-ban",
		"...":                             "van-ban",
		".pdf":                            "pdf",
		"/":                               "van-ban",
		"a.pdf. ":                         "a.pdf",
		"dòng\r\nmới.txt":                 "dòngmới.txt",
		"\xff\xfe.pdf":                    "pdf",
		"Báo cáo 1.2 tháng nay":           "Báo cáo 1.2 tháng nay",
		strings.Repeat("ă", 300) + ".pdf": strings.Repeat("ă", 116) + ".pdf",
	} {
		if got := documents.CleanName(given); got != want {
			t.Errorf("%q became %q, not %q", given, got, want)
		}
	}
}

func FuzzCleanName(f *testing.F) {
	for _, s := range []string{"../x", "C:\\x", "a\u202eb", "e\u0301.pdf", "x.", strings.Repeat("a.", 200)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := documents.CleanName(s)
		if got == "" || utf8.RuneCountInString(got) > 120 || !utf8.ValidString(got) || !norm.NFC.IsNormalString(got) {
			t.Fatalf("%q became %q", s, got)
		}
		if strings.ContainsAny(got, "/\\\x00\n\r<>:\"|?*") || strings.HasPrefix(got, ".") {
			t.Fatalf("%q became %q", s, got)
		}
		if again := documents.CleanName(got); again != got {
			t.Fatalf("%q became %q and then %q", s, got, again)
		}
	})
}

package worklist

import "testing"

func TestCodesAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"KN26-7F3K-9QXD", "kn267f3k9qxd", " kn26 7f3k 9qxd ", "KN26–7F3K–9QXD"} {
		if got := TidyCode(in); got != "KN26-7F3K-9QXD" {
			t.Errorf("TidyCode(%q) = %q", in, got)
		}
	}
}

func TestCodeInASearch(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{"kn267f3k9qxd": "KN26-7F3K-9QXD", "đường Đội Cấn": "", "KN26": "", "": "", "XX26-7F3K-9QXD": ""} {
		if got := codeIn(typed); got != want {
			t.Errorf("codeIn(%q) = %q, want %q", typed, got, want)
		}
	}
}

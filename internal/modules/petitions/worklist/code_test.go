package worklist

import "testing"

func TestCodeInASearch(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{"kn267f3k9qxd": "KN26-7F3K-9QXD", "đường Đội Cấn": "", "KN26": "", "": "", "XX26-7F3K-9QXD": ""} {
		if got := codeIn(typed); got != want {
			t.Errorf("codeIn(%q) = %q, want %q", typed, got, want)
		}
	}
}

package cases_test

import (
	"regexp"
	"testing"

	"example.vn/hdnd/internal/kernel/cases"
)

func TestCodesAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"KN26-7F3K-9QXD", "kn267f3k9qxd", " kn26 7f3k 9qxd ", "KN26–7F3K–9QXD"} {
		if got := cases.TidyCode(in); got != "KN26-7F3K-9QXD" {
			t.Errorf("TidyCode(%q) = %q", in, got)
		}
	}
	for _, in := range []string{"", "KN26", "KN26-7F3K-9QXD-2", "đơn"} {
		if got := cases.TidyCode(in); len(got) == cases.CodeLen {
			t.Errorf("TidyCode(%q) = %q, which looks like a code", in, got)
		}
	}
}

func TestNewCodesAreReadAsTheyWereMade(t *testing.T) {
	t.Parallel()
	form, seen := regexp.MustCompile(`^DT26-[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$`), map[string]bool{}
	for range 1000 {
		code := cases.NewCode("DT", 2026)
		if !form.MatchString(code) || cases.TidyCode(code) != code || seen[code] {
			t.Fatalf("the code %q is malformed or was there before", code)
		}
		seen[code] = true
	}
}

package redaction

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What is looked for first must never hide a match of an expression.
func TestNoMatchIsPassedOver(t *testing.T) {
	t.Parallel()
	words := []string{"stk", "cccd", "sổ đỏ", "gọi", "zalo ", "29A", "AB", "+84", "0", "84", "12", "345", "6789", "1.234", "-", ".", " ", ",", "\n", "@", "a.b", "vn", "K"}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 12).Draw(t, "words"), "")
		for _, p := range patterns {
			if found := p.expr.FindString(s); found != "" && !p.possible(s, longNumber(s)) {
				t.Fatalf("%q of kind %s in %q is passed over", found, p.kind, s)
			}
		}
	})
}

func TestSurePatternsStandFirst(t *testing.T) {
	t.Parallel()
	for i, p := range patterns {
		if p.sure != (i < len(surePatterns)) {
			t.Errorf("the pattern %d, of kind %s, stands on the wrong side", i, p.kind)
		}
	}
}

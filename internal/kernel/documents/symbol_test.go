package documents_test

import (
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/documents"
)

func TestSymbolKey(t *testing.T) {
	for _, c := range []struct{ symbol, key string }{
		{"08/2025/NQ-HĐND", "8/2025/nq-hdnd"},
		{"8/2025/nq-hdnd", "8/2025/nq-hdnd"},
		{" 08 / 2025 / NQ–HÐND ", "8/2025/nq-hdnd"},
		{"08⁄2025⁄NQ-HĐND.", "8/2025/nq-hdnd"},
		{"1656/NQ-UBTVQH15", "1656/nq-ubtvqh15"},
		{"42/CP", "42/cp"},
		{"66.17/2026/NQ-CP", "6617/2026/nq-cp"},
		{"000/TB", "0/tb"},
		{"NQ-HĐND", ""},
		{"", ""},
	} {
		if got := documents.SymbolKey(c.symbol); got != c.key {
			t.Errorf("SymbolKey(%q) = %q, want %q", c.symbol, got, c.key)
		}
	}
}

// TestSymbolKeyOfKey: a key is its own key, composed or not.
func TestSymbolKeyOfKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "symbol")
		key := documents.SymbolKey(s)
		if again := documents.SymbolKey(key); again != key {
			t.Fatalf("the key of %q is %q, whose key is %q", s, key, again)
		}
		if d := documents.SymbolKey(norm.NFD.String(s)); d != key {
			t.Fatalf("decomposed, %q has the key %q, not %q", s, d, key)
		}
	})
}

package vault_test

import (
	"fmt"
	"testing"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/testkit"
)

// BenchmarkBox: sealing and opening a megabyte without a database.
func BenchmarkBox(b *testing.B) {
	h := newHouse(b, testkit.OpenSQLite(b, schemas...))
	plain := make([]byte, 1<<20)
	b.SetBytes(1 << 20)
	for b.Loop() {
		if _, err := h.key.Open(h.key.Seal(plain, "scan"), "scan"); err != nil {
			b.Fatal(err)
		}
	}
}

func eachBench(b *testing.B, fn func(b *testing.B, h *house)) {
	b.Run("sqlite", func(b *testing.B) { fn(b, newHouse(b, testkit.OpenSQLite(b, schemas...))) })
	b.Run("postgres", func(b *testing.B) { fn(b, newHouse(b, testkit.OpenPostgres(b, schemas...))) })
}

// BenchmarkPut: a scan of one megabyte, sealed and durable.
func BenchmarkPut(b *testing.B) {
	eachBench(b, func(b *testing.B, h *house) {
		plain, n := make([]byte, 1<<20), 0
		b.SetBytes(1 << 20)
		for b.Loop() {
			if n%150 == 0 {
				h.seal(fmt.Sprintf("b%d", n/150), nil)
			}
			must(b, h.tx(func(tx *db.Tx) error {
				return h.Put(b.Context(), tx, fmt.Sprintf("b%d", n/150), fmt.Sprintf("scan/%d", n), plain)
			}))
			n++
		}
	})
}

// BenchmarkReveal: a scan of one megabyte and a name, with the entry in the log.
func BenchmarkReveal(b *testing.B) {
	eachBench(b, func(b *testing.B, h *house) {
		h.seal("c1", map[string][]byte{"name": []byte("Trần Văn Tố"), "scan/1": make([]byte, 1<<20)})
		b.SetBytes(1 << 20)
		for b.Loop() {
			_, err := h.reveal(h.as("reader"), "c1", "name", "scan/1")
			must(b, err)
		}
	})
}

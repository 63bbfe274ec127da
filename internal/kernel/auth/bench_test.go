package auth_test

import (
	"testing"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/testkit"
)

// BenchmarkActor is what every request of somebody signed in pays.
func BenchmarkActor(b *testing.B) {
	for name, open := range map[string]func(testing.TB, ...db.Migrations) *db.DB{"sqlite": testkit.OpenSQLite, "postgres": testkit.OpenPostgres} {
		b.Run(name, func(b *testing.B) {
			h := newHouse(b, open(b, schemas...)).people()
			h.account("clerk")
			token := h.in("clerk")
			b.ReportAllocs()
			for b.Loop() {
				if _, err := h.Actor(b.Context(), token); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

package audit_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/testkit"
)

func eachBench(b *testing.B, fn func(b *testing.B, log *bench)) {
	b.Run("sqlite", func(b *testing.B) { fn(b, newBench(b, testkit.OpenSQLite(b, audit.Migrations))) })
	b.Run("postgres", func(b *testing.B) { fn(b, newBench(b, testkit.OpenPostgres(b, audit.Migrations))) })
}

// fill appends n entries, a thousand in a transaction, and gives the last leaf.
func (b *bench) fill(t testing.TB, n int) (last audit.Leaf) {
	for done := 0; done < n; done += 1000 {
		entries := make([]audit.Entry, min(1000, n-done))
		for i := range entries {
			entries[i] = b.entry(fmt.Sprint(done + i))
		}
		leaves := b.append(t, entries...)
		last = leaves[len(leaves)-1]
	}
	return last
}

func (b *bench) drain(t testing.TB) {
	for b.sequence(t) > 0 {
	}
}

// BenchmarkAppend: acts of one entry each, durable, from 16 callers at once.
func BenchmarkAppend(b *testing.B) {
	eachBench(b, func(b *testing.B, log *bench) {
		e := log.entry("1")
		var failed atomic.Value
		b.SetParallelism(8)
		b.ResetTimer()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if err := log.db.Tx(b.Context(), func(tx *db.Tx) error {
					_, err := log.Append(b.Context(), tx, e)
					return err
				}); err != nil {
					failed.Store(err)
				}
			}
		})
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acts/s")
		if err := failed.Load(); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkSequence: placing, hashing and signing 20,000 waiting entries.
func BenchmarkSequence(b *testing.B) {
	const n = 20_000
	eachBench(b, func(b *testing.B, log *bench) {
		for b.Loop() {
			b.StopTimer()
			log.fill(b, n)
			b.StartTimer()
			log.drain(b)
		}
		b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "entries/s")
	})
}

// BenchmarkProof: one proof from a log of 100,000, its size, and its checking.
func BenchmarkProof(b *testing.B) {
	eachBench(b, func(b *testing.B, log *bench) {
		leaf := log.fill(b, 100_000)
		log.drain(b)
		proof, err := log.Proof(b.Context(), leaf.ID)
		if err != nil {
			b.Fatal(err)
		}
		b.Run("prove", func(b *testing.B) {
			for b.Loop() {
				if _, err := log.Proof(b.Context(), leaf.ID); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(proof)), "bytes")
		})
		b.Run("check", func(b *testing.B) {
			keys := []string{log.PublicKey()}
			for b.Loop() {
				if _, err := audit.VerifyReceipt(keys, leaf.JSON, proof); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("verify100k", func(b *testing.B) {
			for b.Loop() {
				log.whole(b)
			}
			b.ReportMetric(100_000*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
		})
	})
}

package jobs_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/testkit"
)

// BenchmarkQueue measures queueing (one transaction each, 16 callers) and
// working (transactional jobs, one node) apart.
func BenchmarkQueue(b *testing.B) {
	for name, open := range map[string]func(testing.TB, ...db.Migrations) *db.DB{"sqlite": testkit.OpenSQLite, "postgres": testkit.OpenPostgres} {
		b.Run(name, func(b *testing.B) {
			d := open(b, jobs.Migrations, marks)
			q := quiet(d, clock.System{})
			var done atomic.Int64
			all := make(chan struct{})
			q.HandleTx("test.mark", func(ctx context.Context, tx *db.Tx, w jobs.Work) error {
				tx.AfterCommit(func() {
					if done.Add(1) == int64(b.N) {
						close(all)
					}
				})
				return mark(ctx, tx, w.ID, "")
			})
			b.ResetTimer()
			start := time.Now()
			var wg sync.WaitGroup
			for caller := range 16 {
				wg.Go(func() {
					for i := caller; i < b.N; i += 16 {
						enqueue(b, d, q, jobs.Job{Kind: "test.mark", Args: fmt.Sprint(i)})
					}
				})
			}
			wg.Wait()
			queued := time.Since(start)
			stop := running(q)
			<-all
			worked := time.Since(start) - queued
			b.StopTimer()
			stop()
			b.ReportMetric(float64(b.N)/queued.Seconds(), "queued/s")
			b.ReportMetric(float64(b.N)/worked.Seconds(), "worked/s")
		})
	}
}

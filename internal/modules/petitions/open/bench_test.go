package open_test

import (
	"net/http"
	"os"
	"strconv"
	"testing"
	"time"
)

// BenchmarkPublicPages measures the public's pages over as many petitions as
// HDND_BENCH_PETITIONS says, ten thousand otherwise.
func BenchmarkPublicPages(b *testing.B) {
	many := 10_000
	if asked := os.Getenv("HDND_BENCH_PETITIONS"); asked != "" {
		many = must(strconv.Atoi(asked))(b)
	}
	h := oneHouse(b)
	h.fill(b, many)
	begun := time.Now()
	check(b, h.Recount(ctx))
	b.Logf("%d petitions counted from nothing in %s", many, time.Since(begun).Round(time.Millisecond))
	for _, address := range []string{"/kien-nghi/thong-ke", "/kien-nghi/thong-ke?nam=2026", "/kien-nghi/thong-ke?hoi-dong=hn", "/kien-nghi/thong-ke.json", "/kien-nghi/du-lieu", "/kien-nghi/du-lieu.csv?nam=2026&thang=10",
		"/open311/v2/requests.json", "/open311/v2/requests.xml?service_code=legal.staff"} {
		b.Run(address, func(b *testing.B) {
			for b.Loop() {
				if w := h.ask(http.MethodGet, address, nil); w.Code != http.StatusOK {
					b.Fatalf("%s: %d", address, w.Code)
				}
			}
		})
	}
	b.Run("unchanged file", func(b *testing.B) {
		const address = "/kien-nghi/du-lieu.csv?nam=2026&thang=10"
		tag := h.ask(http.MethodGet, address, nil).Header().Get("ETag")
		for b.Loop() {
			if w := h.ask(http.MethodGet, address, nil, "If-None-Match", tag); w.Code != http.StatusNotModified {
				b.Fatal(w.Code)
			}
		}
	})
}

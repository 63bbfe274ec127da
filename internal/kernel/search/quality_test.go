package search

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The quality of the ranking, measured on citizens' questions against the
// codified law. It needs the data folder (HDND_DATA, default ../shared/data
// from the root) and about a minute, so it runs only when HDND_QUALITY=1:
//
//	HDND_QUALITY=1 go test -run '^$' -bench Quality -benchtime 1x ./internal/kernel/search
func BenchmarkQuality(b *testing.B) {
	if os.Getenv("HDND_QUALITY") != "1" {
		return
	}
	dir := os.Getenv("HDND_DATA")
	if dir == "" {
		dir = "../../../../shared/data"
	}
	for _, set := range []struct{ name, articles, queries, baseline string }{
		{"zalo", "phapdien/phapdien_articles.jsonl.gz", "search/zalo_phapdien%s_queries.jsonl", "BM25 uni+bi .852/.688, without accents .849/.684"},
		{"alqac", "search/alqac24_articles.jsonl.gz", "search/alqac%s_queries.jsonl", ""},
	} {
		v := lawView(b, filepath.Join(dir, set.articles))
		for _, variant := range []string{"", "_noaccent", "_halfaccent", "_nfd", "_newtone", "_oldtone", "_upper"} {
			name := filepath.Join(dir, fmt.Sprintf(set.queries, variant))
			if _, err := os.Stat(name); err != nil {
				continue
			}
			b.Run(set.name+variant, func(b *testing.B) {
				recall, rank, each := measure(b, v, name)
				fmt.Printf("%s%s: recall@10 %.3f  MRR@10 %.3f  %v a query   baseline: %s\n", set.name, variant, recall, rank, each, set.baseline)
				b.ReportMetric(recall, "recall@10")
				b.ReportMetric(rank, "MRR@10")
			})
		}
	}
}

func lawView(b *testing.B, name string) *view {
	f, err := os.Open(name)
	if err != nil {
		b.Fatalf("data is missing: %v", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	in := bufio.NewScanner(z)
	in.Buffer(nil, 1<<24)
	bl := newBuilder(newLexer())
	for in.Scan() {
		var a struct{ ID, Title, Src, Text string }
		if err := json.Unmarshal(in.Bytes(), &a); err != nil {
			b.Fatal(err)
		}
		bl.add(Doc{Kind: "article", ID: a.ID, Fields: []Field{{Name: "title", Text: a.Title, Weight: titleWeight}, {Name: "src", Text: a.Src}, {Name: "text", Text: a.Text}}})
	}
	seg, err := bl.segment()
	if err != nil {
		b.Fatal(err)
	}
	return newView([]*slot{{seg: seg}})
}

const titleWeight = 3

func measure(b *testing.B, v *view, name string) (recall, rank float64, each time.Duration) {
	f, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<22)
	sc := &scratch{lex: newLexer()}
	n, start := 0.0, time.Now()
	for in.Scan() {
		var q struct {
			Text     string
			Relevant []string
		}
		if err := json.Unmarshal(in.Bytes(), &q); err != nil {
			b.Fatal(err)
		}
		res, err := v.search(context.Background(), sc, Query{Text: strings.ReplaceAll(q.Text, `"`, " "), Filter: Filter{Everything: true}, Limit: 10})
		if err != nil {
			b.Fatal(err)
		}
		n++
		hit, first := 0, 0.0
		for i, h := range res.Hits {
			if contains(q.Relevant, h.ID) {
				hit++
				if first == 0 {
					first = 1 / float64(i+1)
				}
			}
		}
		recall += float64(hit) / float64(len(q.Relevant))
		rank += first
	}
	return recall / n, rank / n, time.Since(start) / time.Duration(n)
}

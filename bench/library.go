package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// The library's search: how good it is and how fast, on the codified law, and
// how fast among a million passages. The index does not know which database
// stands behind it, so this is measured once.
const (
	articlesFile  = "phapdien/phapdien_articles.jsonl.gz"
	questionsFile = "search/zalo_phapdien_queries.jsonl"
	copies        = 20 // of 49,128 articles: a million passages
)

// library measures the search by the command that everybody has.
func (b *bench) library(ctx context.Context, s store) error {
	if s.name != "sqlite" {
		return nil
	}
	data := os.Getenv("HDND_DATA")
	if data == "" {
		data = "../shared/data"
	}
	articles, questions := filepath.Join(data, articlesFile), filepath.Join(data, questionsFile)
	if _, err := os.Stat(articles); err != nil {
		fmt.Fprintln(os.Stderr, "bench: the library is not measured, HDND_DATA has no articles:", err)
		return nil
	}
	f, err := b.evaluate(ctx, articles, questions, "--plain")
	if err != nil {
		return err
	}
	n := int(f["questions"])
	for _, m := range []struct {
		key, unit string
		goal      goal
	}{{"recall@10", "", goal{least: 0.87}}, {"MRR@10", "", goal{least: 0.71}}, {"p50_ms", "ms", goal{}}, {"p99_ms", "ms", goal{most: 30}}} {
		b.out.against(figure{Name: "library.search." + m.key, Value: f[m.key], Unit: m.unit, Baseline: f["plain "+m.key], N: n}, m.goal)
	}
	b.out.against(figure{Name: "library.search.index", Value: f["index_mb"], Unit: "MB", N: int(f["articles"])}, goal{most: 200})
	b.out.add(figure{Name: "library.search.build", Value: f["build_s"], Unit: "s", N: int(f["articles"])})
	if b.quick {
		return nil
	}
	million := filepath.Join(b.place, "million.jsonl")
	if err := multiply(million, articles); err != nil {
		return err
	}
	if f, err = b.evaluate(ctx, million, questions); err != nil {
		return err
	}
	n = int(f["articles"])
	b.out.against(figure{Name: "library.million.p99_ms", Value: f["p99_ms"], Unit: "ms", N: n}, goal{most: 60})
	b.out.add(figure{Name: "library.million.index", Value: f["index_mb"], Unit: "MB", N: n})
	b.out.add(figure{Name: "library.million.build", Value: f["build_s"], Unit: "s", N: n})
	return os.Remove(million)
}

func (b *bench) evaluate(ctx context.Context, articles, questions string, more ...string) (map[string]float64, error) {
	cmd := exec.CommandContext(ctx, b.program, append([]string{"library", "eval", "--corpus", articles, "--queries", questions, "--json"}, more...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	f := map[string]float64{}
	return f, json.Unmarshal(out, &f)
}

// multiply writes the articles several times, each time as other documents.
func multiply(to, from string) (err error) {
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	w := bufio.NewWriterSize(out, 1<<20)
	for n := range copies {
		if err := again(w, from, n); err != nil {
			return err
		}
	}
	return w.Flush()
}

func again(w io.Writer, from string, n int) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	z, err := gzip.NewReader(in)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(make([]byte, 1<<20), 32<<20)
	for lines.Scan() {
		line := lines.Bytes()
		if n > 0 {
			mark := fmt.Sprintf(`~%d"`, n)
			line = marked(marked(line, `"id": "`, mark), `"law": "`, mark)
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return lines.Err()
}

// marked puts mark at the end of a field's value.
func marked(line []byte, field, mark string) []byte {
	at := bytes.Index(line, []byte(field))
	if at < 0 {
		return line
	}
	at += len(field)
	end := bytes.IndexByte(line[at:], '"')
	if end < 0 {
		return line
	}
	return bytes.Join([][]byte{line[:at+end], line[at+end+1:]}, []byte(mark))
}

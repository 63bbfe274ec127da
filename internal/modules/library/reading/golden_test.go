package reading_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"example.vn/hdnd/internal/modules/library/reading"
)

var rewrite = flag.Bool("rewrite", false, "write the golden outlines anew")

// outline is the structure of a paper without its words: anchors, the lengths
// of headings, and of each điều how many khoản and điểm it holds.
func outline(p reading.Paper) string {
	var b strings.Builder
	clauses, points := map[int]int{}, map[int]int{}
	for _, u := range p.Provisions {
		at := u.Parent
		for at >= 0 && p.Provisions[at].Level != reading.Article {
			at = p.Provisions[at].Parent
		}
		switch u.Level {
		case reading.Clause:
			clauses[at]++
		case reading.Point:
			points[at]++
		}
	}
	for i, u := range p.Provisions {
		switch u.Level {
		case reading.Clause, reading.Point:
		case reading.Article:
			fmt.Fprintf(&b, "%s %d %d/%d\n", u.Anchor, utf8.RuneCountInString(u.Heading), clauses[i], points[i])
		default:
			fmt.Fprintf(&b, "%s %d\n", u.Anchor, utf8.RuneCountInString(u.Heading))
		}
	}
	for _, q := range p.Quotes {
		fmt.Fprintf(&b, "quote %s %s\n", q.In, strings.Join(q.Provisions, ","))
	}
	return b.String()
}

// TestGolden holds the outlines of 20 of the given documents, looked through by
// a person when they were written.
func TestGolden(t *testing.T) {
	dir := given(t)
	if dir == "" {
		return
	}
	files, err := filepath.Glob(filepath.Join("testdata", "golden", "*.txt"))
	if err != nil || len(files) != 20 {
		t.Fatalf("%d golden outlines, %v", len(files), err)
	}
	for _, golden := range files {
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		name, _, _ := strings.Cut(string(want), "\n")
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		got := name + "\n" + outline(reading.Read(string(text), nil))
		if *rewrite {
			if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		} else if got != string(want) {
			t.Errorf("%s changed: run with -rewrite and look at the difference", golden)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	dir := given(b)
	if dir == "" {
		return
	}
	files, err := filepath.Glob(filepath.Join(dir, "decrees-2025-2026", "*.md"))
	if err != nil {
		b.Fatal(err)
	}
	var texts []string
	size := 0
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		texts, size = append(texts, string(text)), size+len(text)
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		for _, text := range texts {
			reading.Read(text, nil)
		}
	}
}

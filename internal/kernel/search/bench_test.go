package search

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkPetitions measures an index of many petitions of about 60 words.
// HDND_SEARCH_DOCS says how many; 20,000 by default, 1,000,000 for the figures
// in docs.
func BenchmarkPetitions(b *testing.B) {
	count := 20_000
	if n, err := strconv.Atoi(os.Getenv("HDND_SEARCH_DOCS")); err == nil && n > 0 {
		count = n
	}
	dir := &folder{path: b.TempDir()}
	sh := &shelf{dir: dir, lex: newLexer(), place: place{identity: 1}}
	gen := newWriterOfPetitions()
	slots := buildPetitions(b, dir, sh, gen, count)
	v := newView(slots)
	public := Filter{All: map[string][]string{"kind": {"petition"}, "public": {"1"}}}
	ward := Filter{All: map[string][]string{"kind": {"petition"}, "council": {"c7"}}}
	for _, c := range []struct {
		name string
		f    Filter
		q    func() Query
	}{
		{"three words, public", public, func() Query { return Query{Text: gen.words(3)} }},
		{"three words, one ward", ward, func() Query { return Query{Text: gen.words(3)} }},
		{"one common word", public, func() Query { return Query{Text: gen.lexicon[gen.r.IntN(30)]} }},
		{"a sentence of 12", public, func() Query { return Query{Text: gen.words(12)} }},
		{"a code", public, func() Query { return Query{Text: fmt.Sprintf("KN-2026-%06d", gen.r.IntN(count))} }},
		{"while typing", public, func() Query { s := gen.words(2); return Query{Text: s[:len(s)-1], Typing: true} }},
	} {
		b.Run(c.name, func(b *testing.B) {
			quantiles(b, func(sc *scratch) error {
				q := c.q()
				q.Filter = c.f
				_, err := v.search(context.Background(), sc, q)
				return err
			})
		})
	}
	b.Run("similar to 60 words", func(b *testing.B) {
		quantiles(b, func(sc *scratch) error {
			_, err := v.similar(context.Background(), sc, gen.words(60), public, 5)
			return err
		})
	})
	b.Run("add one", func(b *testing.B) {
		sh := &shelf{dir: dir, lex: newLexer(), slots: slots}
		i := 0
		quantiles(b, func(*scratch) error {
			i++
			d := gen.petition(i * 37 % count)
			return sh.apply(batch{keys: [][2]string{{d.Kind, d.ID}}, docs: []Doc{d}}, time.UnixMicro(0))
		})
	})
	fmt.Printf("heap after: %d MB\n", heapMB())
}

// buildPetitions builds the index, opens it again and prints the figures.
func buildPetitions(b *testing.B, dir *folder, sh *shelf, gen *writerOfPetitions, count int) []*slot {
	start := time.Now()
	bl := newBuilder(sh.lex)
	for i := range count {
		if bl.add(gen.petition(i)); bl.docs == builderMax || i == count-1 {
			if err := sh.shelve(bl); err != nil {
				b.Fatal(err)
			}
			bl = newBuilder(sh.lex)
		}
	}
	built := time.Since(start)
	if err := sh.save(); err != nil {
		b.Fatal(err)
	}
	sh.close2()
	start = time.Now()
	slots, _, err := dir.load()
	if err != nil {
		b.Fatal(err)
	}
	opened := time.Since(start)
	fmt.Printf("%d petitions: built in %v (%.0f a second), %d segments, %.0f MB, opened in %v, heap %d MB\n",
		count, built.Round(time.Millisecond), float64(count)/built.Seconds(), len(slots), float64(folderSize(b, dir.path))/1e6, opened, heapMB())
	return slots
}

// close2 lets the segments go but leaves the files.
func (sh *shelf) close2() {
	for _, s := range sh.slots {
		s.seg.release()
	}
}

func quantiles(b *testing.B, fn func(*scratch) error) {
	sc := &scratch{lex: newLexer()}
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		if err := fn(sc); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	sort.Slice(took, func(i, j int) bool { return took[i] < took[j] })
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

func heapMB() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc / 1e6
}

func folderSize(b *testing.B, dir string) (n int64) {
	err := filepath.Walk(dir, func(_ string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			n += info.Size()
		}
		return err
	})
	if err != nil && err != io.EOF {
		b.Fatal(err)
	}
	return n
}

// writerOfPetitions makes text whose words are as unevenly common as real ones.
type writerOfPetitions struct {
	r       *rand.Rand
	z       *rand.Zipf
	lexicon []string
}

func newWriterOfPetitions() *writerOfPetitions {
	w := &writerOfPetitions{r: rand.New(rand.NewPCG(1, 2))}
	common := strings.Fields("đề nghị cử tri phản ánh đường các của và xã phường thành phố không được có nước người dân việc nhà trường đèn cống ngập sửa chữa hỏng")
	w.lexicon = append(w.lexicon, common...)
	for _, onset := range strings.Fields("b c ch d đ g gh gi h kh l m n ng nh ph qu r s t th tr v x") {
		for _, rime := range strings.Fields("à án ảng ăm ần è ện êu í inh iên ò ọc ồng ơi ương u úc uyên ư ừng") {
			w.lexicon = append(w.lexicon, onset+rime)
		}
	}
	w.r.Shuffle(len(w.lexicon)-len(common), func(i, j int) {
		i, j = i+len(common), j+len(common)
		w.lexicon[i], w.lexicon[j] = w.lexicon[j], w.lexicon[i]
	})
	for i := range 20_000 { // names, numbers of houses, foreign words
		w.lexicon = append(w.lexicon, fmt.Sprintf("t%dx", i))
	}
	w.z = rand.NewZipf(w.r, 1.15, 12, uint64(len(w.lexicon)-1))
	return w
}

func (w *writerOfPetitions) words(n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(w.lexicon[w.z.Uint64()])
		b.WriteByte(' ')
	}
	return b.String()
}

func (w *writerOfPetitions) petition(i int) Doc {
	d := Doc{Kind: "petition", ID: fmt.Sprintf("01jd%022d", i), At: time.UnixMicro(int64(i) * 1e6),
		Fields: []Field{{Name: "code", Text: fmt.Sprintf("KN-2026-%06d", i)}, {Name: "text", Text: w.words(60)}},
		Facets: map[string][]string{"council": {fmt.Sprintf("c%d", i%127)}, "state": {fmt.Sprintf("s%d", i%7)}, "ward": {fmt.Sprintf("w%d", i%126)}}}
	if i%3 != 0 {
		d.Facets["public"] = []string{"1"}
	}
	return d
}

package finding

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/search"
)

// Evaluation is how well and how fast a set of questions was answered.
//
// vi: kết quả đánh giá tìm kiếm
type Evaluation struct {
	Articles  int
	Questions int
	Recall    map[int]float64 // share of the right articles among the first 1, 5, 10, 20, 100
	MRR       float64         // mean of 1/place of the first right article, within the first ten
	P50, P99  float64         // milliseconds to the first ten hits with their highlighted text
	IndexMB   float64         // 10⁶ bytes on the disk
	BuildS    float64         // seconds from the file to an index that answers
	Plain     *Evaluation     // the same questions by the first look alone; nil when not asked for
}

// cuts are the places at which recall is counted.
var cuts = []int{1, 5, 10, 20, 100}

// question is a line of a query file: {"id","text","relevant":[…]}.
type question struct {
	ID       string   `json:"id"`
	Text     string   `json:"text"`
	Relevant []string `json:"relevant"`
}

// Evaluate builds an index of the corpus in a folder of its own, as a node
// builds its index of the library, and asks it every question; with plain, by
// the first look alone too.
func Evaluate(ctx context.Context, corpusFile, queryFile string, plain bool) (e Evaluation, err error) {
	questions, err := readQuestions(queryFile)
	if err != nil {
		return e, err
	}
	dir, err := os.MkdirTemp("", "hdnd-eval-*")
	if err != nil {
		return e, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	system := clock.System{}
	began := system.Now()
	c, err := openCorpus(corpusFile, dir)
	if err != nil {
		return e, err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	d, err := db.Open(ctx, "sqlite:"+filepath.Join(dir, "changes.db"))
	if err != nil {
		return e, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.Migrate(ctx, db.Migrations{Name: "search", Files: search.Files}); err != nil {
		return e, err
	}
	folder := filepath.Join(dir, "index")
	ix, err := search.Open(folder, d, system)
	if err != nil {
		return e, err
	}
	defer func() { err = errors.Join(err, ix.Close()) }()
	ix.Serve(c)
	if err := ix.Rebuild(ctx); err != nil {
		return e, err
	}
	e.Articles, e.BuildS = ix.Docs(), system.Now().Sub(began).Seconds()
	if e.IndexMB, err = megabytes(folder); err != nil {
		return e, err
	}
	if plain {
		e.Plain = &Evaluation{}
		if err := e.Plain.ask(ctx, ix, system, questions, false); err != nil {
			return e, err
		}
	}
	return e, e.ask(ctx, ix, system, questions, true)
}

// ask puts the questions one after the other.
func (e *Evaluation) ask(ctx context.Context, ix *search.Index, c clock.Clock, questions []question, closely bool) error {
	e.Questions, e.Recall = len(questions), map[int]float64{}
	var took []time.Duration
	for _, q := range questions {
		query := Query(q.Text)
		query.Filter, query.Limit, query.Closely = search.Filter{Everything: true}, 10, closely
		began := c.Now()
		if _, err := ix.Search(ctx, query); err != nil {
			return err
		}
		took = append(took, c.Now().Sub(began))
		query.Limit = cuts[len(cuts)-1]
		res, err := ix.Search(ctx, query)
		if err != nil {
			return err
		}
		e.count(q, res.Hits)
	}
	if len(took) == 0 {
		return nil
	}
	slices.Sort(took)
	e.P50, e.P99 = milliseconds(took[(len(took)-1)/2]), milliseconds(took[(len(took)*99+99)/100-1])
	for _, k := range cuts {
		e.Recall[k] /= float64(len(questions))
	}
	e.MRR /= float64(len(questions))
	return nil
}

// count adds one question's hits.
func (e *Evaluation) count(q question, hits []search.Hit) {
	first, right := 0, 0
	for i, h := range hits {
		if slices.Contains(q.Relevant, h.ID) {
			right++
			if first == 0 {
				first = i + 1
			}
		}
		if slices.Contains(cuts, i+1) {
			e.Recall[i+1] += float64(right) / float64(len(q.Relevant))
		}
	}
	for _, k := range cuts {
		if k > len(hits) { // fewer hits than places: what was found is all there is
			e.Recall[k] += float64(right) / float64(len(q.Relevant))
		}
	}
	if first > 0 && first <= 10 {
		e.MRR += 1 / float64(first)
	}
}

// Query is how a person's words become a search of the library: the whole is a
// question, so quotation marks of cited words are none.
func Query(words string) search.Query {
	return search.Query{Text: words, Closely: true}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func megabytes(folder string) (float64, error) {
	var sum int64
	err := filepath.WalkDir(folder, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			sum += info.Size()
		}
		return err
	})
	return float64(sum) / 1e6, err
}

// readQuestions reads a query file; a question without a right article cannot
// be judged and is an error.
func readQuestions(name string) (all []question, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	in := bufio.NewScanner(f)
	in.Buffer(make([]byte, 1<<16), lineMax)
	for n := 1; in.Scan(); n++ {
		if strings.TrimSpace(in.Text()) == "" {
			continue
		}
		var q question
		if err := json.Unmarshal(in.Bytes(), &q); err != nil {
			return nil, fmt.Errorf("%s, dòng %d: %w", name, n, err)
		}
		if len(q.Relevant) == 0 {
			return nil, fmt.Errorf("%s, dòng %d: câu hỏi không có điều đúng / no relevant article", name, n)
		}
		all = append(all, q)
	}
	return all, in.Err()
}

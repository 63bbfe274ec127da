package finding

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
)

// EvalCommand is "hdnd library eval --corpus FILE.jsonl.gz --queries FILE.jsonl
// [--plain] [--json]": it prints how well the library's search answers the questions.
func EvalCommand(ctx context.Context, out io.Writer, args []string) error {
	set := flag.NewFlagSet("eval", flag.ContinueOnError)
	set.SetOutput(io.Discard) // its errors are returned
	corpusFile := set.String("corpus", "", "các điều luật / articles")
	queryFile := set.String("queries", "", "các câu hỏi / questions")
	plain := set.Bool("plain", false, "đo cả khi chỉ xếp hạng bằng BM25 / measure BM25 alone too")
	asJSON := set.Bool("json", false, "in một dòng JSON / print one line of JSON")
	if err := set.Parse(args); err != nil {
		return err
	}
	if *corpusFile == "" || *queryFile == "" || set.NArg() > 0 {
		return errors.New("cách dùng / usage: hdnd library eval --corpus TỆP.jsonl.gz --queries TỆP.jsonl [--plain] [--json]")
	}
	e, err := Evaluate(ctx, *corpusFile, *queryFile, *plain)
	if err != nil {
		return err
	}
	if *asJSON {
		return json.NewEncoder(out).Encode(e.figures())
	}
	return e.print(out)
}

// figures are the evaluation by the names that the command prints.
func (e Evaluation) figures() map[string]float64 {
	f := map[string]float64{"articles": float64(e.Articles), "questions": float64(e.Questions), "MRR@10": e.MRR,
		"p50_ms": e.P50, "p99_ms": e.P99, "index_mb": e.IndexMB, "build_s": e.BuildS}
	for _, k := range cuts {
		f["recall@"+strconv.Itoa(k)] = e.Recall[k]
	}
	if e.Plain != nil {
		for name, x := range e.Plain.figures() {
			f["plain "+name] = x
		}
	}
	return f
}

// print writes the table that people read.
func (e Evaluation) print(out io.Writer) error {
	_, err := fmt.Fprintf(out, "articles   %d\nquestions  %d\n", e.Articles, e.Questions)
	for _, k := range cuts {
		if err == nil {
			_, err = fmt.Fprintf(out, "recall@%-4d%.3f\n", k, e.Recall[k])
		}
	}
	if err == nil {
		_, err = fmt.Fprintf(out, "MRR@10     %.3f\np50        %.1f ms\np99        %.1f ms\nindex      %.1f MB\nbuild      %.1f s\n", e.MRR, e.P50, e.P99, e.IndexMB, e.BuildS)
	}
	if err == nil && e.Plain != nil {
		_, err = fmt.Fprintf(out, "BM25 alone recall@10 %.3f, MRR@10 %.3f, p99 %.1f ms\n", e.Plain.Recall[10], e.Plain.MRR, e.Plain.P99)
	}
	return err
}

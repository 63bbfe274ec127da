package finding_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.vn/hdnd/internal/modules/library/finding"
)

const articles = `{"id":"a1","title":"Phạm vi điều chỉnh","law":"01/2026/NQ-HĐND","article":"1","src":"Điều 1 Nghị quyết 01/2026/NQ-HĐND","topic":"cho-dan-sinh","text":"Nghị quyết này quy định việc quản lý chợ dân sinh."}
{"id":"a2","title":"Mức thu","law":"01/2026/NQ-HĐND","article":"2","text":"Mức thu phí chợ là 5.000 đồng một ngày cho một điểm bán hàng."}

{"id":"b1","title":"Phạm vi điều chỉnh","law":"02/2026/NQ-HĐND","article":"1","text":"Nghị quyết này quy định việc trông giữ xe đạp, xe máy."}
{"id":"b2","title":"Mức thu","law":"02/2026/NQ-HĐND","article":"2","text":"Mức thu là 3.000 đồng một lượt."}
`

const questions = `{"id":"q1","text":"Mức thu phí chợ dân sinh là bao nhiêu?","relevant":["a2"]}
{"id":"q2","text":"Mức thu tiền trông giữ xe máy được quy định như thế nào?","relevant":["b2"]}
{"id":"q3","text":"Học phí mầm non?","relevant":["c9"]}
`

func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	var b bytes.Buffer
	if strings.HasSuffix(name, ".gz") {
		z := gzip.NewWriter(&b)
		if _, err := z.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
	} else {
		b.WriteString(content)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestEval: two of three questions have their article first, the third has none.
func TestEval(t *testing.T) {
	for _, name := range []string{"corpus.jsonl", "corpus.jsonl.gz"} {
		var out bytes.Buffer
		args := []string{"--corpus", file(t, name, articles), "--queries", file(t, "queries.jsonl", questions), "--json"}
		if err := finding.EvalCommand(t.Context(), &out, args); err != nil {
			t.Fatal(err)
		}
		got := map[string]float64{}
		if err := json.Unmarshal(out.Bytes(), &got); err != nil {
			t.Fatalf("%v: %s", err, out.String())
		}
		for key, want := range map[string]float64{"articles": 4, "questions": 3, "recall@1": 2. / 3, "recall@100": 2. / 3, "MRR@10": 2. / 3} {
			if d := got[key] - want; d > 1e-9 || d < -1e-9 {
				t.Errorf("%s: %s is %v, want %v", name, key, got[key], want)
			}
		}
		for _, key := range []string{"p50_ms", "p99_ms", "index_mb", "build_s"} {
			if got[key] <= 0 {
				t.Errorf("%s is %v", key, got[key])
			}
		}
	}
}

// TestEvalRefuses: a file that cannot be judged is refused with its line.
func TestEvalRefuses(t *testing.T) {
	for why, c := range map[string]struct{ articles, questions, says string }{
		"no id":           {`{"title":"x"}`, questions, "dòng 1"},
		"no JSON":         {articles + "{", questions, "dòng 6"},
		"twice":           {articles + `{"id":"a1"}`, questions, "hai lần"},
		"no right answer": {articles, questions + `{"id":"q4","text":"?"}`, "dòng 4"},
	} {
		args := []string{"--corpus", file(t, "c.jsonl", c.articles), "--queries", file(t, "q.jsonl", c.questions)}
		if err := finding.EvalCommand(t.Context(), &bytes.Buffer{}, args); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", why, err)
		}
	}
	if err := finding.EvalCommand(t.Context(), &bytes.Buffer{}, []string{"--corpus", "x"}); err == nil || !strings.Contains(err.Error(), "hdnd library eval") {
		t.Errorf("no usage: %v", err)
	}
}
